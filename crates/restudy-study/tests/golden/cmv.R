# The numbers of reports/cmv by R: the protocol of the study file, block by block, each number under its ledger path.
# Rscript cmv.R ../../../../data/cmv/cmv.csv > cmv.json
suppressPackageStartupMessages({library(survival); library(pROC); library(cmprsk); library(jsonlite)})
d <- read.csv(commandArgs(TRUE)[1], check.names = FALSE, na.strings = "NA")
d$kir <- factor(ifelse(d$aKIRs <= 4, "1-4", "5-6"))
d$risk_cmv <- as.integer(d$recipient.cmv == 1 | d$donor.cmv == 1)
out <- list()
put <- function(path, value) out[[path]] <<- unname(as.numeric(value))

# table-1, by reactivation
put("table-1/age/p_value", t.test(age ~ cmv, d)$p.value)
for (v in c("time.to.transplant", "prior.chemo", "TNC.dose", "CD34.dose", "CD3.dose", "CD8.dose", "aKIRs")) {
  x <- d[[v]][d$cmv == 0]; y <- d[[v]][d$cmv == 1]
  put(paste0("table-1/", v, "/p_value"), suppressWarnings(wilcox.test(x, y))$p.value)
  for (g in 0:1) {
    label <- c("censored", "event")[g + 1]; q <- quantile(d[[v]][d$cmv == g], c(.25, .5, .75), na.rm = TRUE)
    put(paste0("table-1/", v, "@", label, "/q1"), q[1]); put(paste0("table-1/", v, "@", label, "/median"), q[2])
    put(paste0("table-1/", v, "@", label, "/q3"), q[3])
  }
}
ps <- c()
chosen <- function(x, g) {
  t <- table(g, x); e <- outer(rowSums(t), colSums(t)) / sum(t)
  if (min(e) >= 5) chisq.test(t, correct = FALSE)$p.value else fisher.test(t)$p.value
}
for (v in c("sex", "race", "diagnosis.type", "prior.radiation", "prior.transplant", "recipient.cmv", "donor.cmv",
            "TBI.dose", "donor.sex", "agvhd", "cgvhd"))
  put(paste0("table-1/", v, "/p_value"), chosen(d[[v]], d$cmv))
put("table-1/C1\\/C2/p_value", chosen(d[["C1/C2"]], d$cmv))
put("table-1/cmv_risk/p_value", chosen(d$risk_cmv, d$cmv))
put("table-1/kir_group/p_value", chosen(d$kir, d$cmv))
put("table-1/aml/p_value", chosen(d$diagnosis == "acute myeloid leukemia", d$cmv))
put("table-1/nhl/p_value", chosen(d$diagnosis == "non-Hodgkin lymphoma", d$cmv))
p <- unlist(out[grepl("^table-1/.*/p_value$", names(out))])
a <- p.adjust(p, "BH"); for (n in names(p)) put(sub("p_value", "p_adjusted", n), a[n])
# standardised differences, as tableone and cobalt define them
smd <- function(x, g) { m <- tapply(x, g, mean, na.rm = TRUE); v <- tapply(x, g, var, na.rm = TRUE); (m[1] - m[2]) / sqrt(mean(v)) }
smdp <- function(x, g) { p <- tapply(x, g, mean, na.rm = TRUE); (p[1] - p[2]) / sqrt(mean(p * (1 - p))) }
put("by-kir/age/standardized_difference", smd(d$age, d$kir))
put("by-kir/CD34.dose/standardized_difference", smd(d$CD34.dose, d$kir))
put("by-kir/sex/standardized_difference", smdp(d$sex, d$kir))
put("by-kir/diagnosis.type/standardized_difference", smdp(d$diagnosis.type, d$kir))
# within: patients at risk
r <- d[d$risk_cmv == 1, ]
put("at-risk/aKIRs/p_value", suppressWarnings(wilcox.test(r$aKIRs[r$cmv == 0], r$aKIRs[r$cmv == 1]))$p.value)
put("at-risk/kir_group/p_value", chosen(r$kir, r$cmv))
put("at-risk/kir_group@event/count", sum(r$kir[r$cmv == 1] == "5-6"))
# within a condition: those at risk of 50 years or more
o <- r[r$age >= 50, ]
put("older-at-risk/aKIRs/p_value", suppressWarnings(wilcox.test(o$aKIRs[o$cmv == 0], o$aKIRs[o$cmv == 1]))$p.value)
put("older-at-risk/kir_group/p_value", chosen(o$kir, o$cmv))
put("older-at-risk/CD34.dose@censored/n", sum(o$cmv == 0)); put("older-at-risk/CD34.dose@event/n", sum(o$cmv == 1))
put("older-at-risk/CD34.dose@event/median", median(o$CD34.dose[o$cmv == 1]))
# landmark
l <- ifelse(d$cmv == 1 & d$time.to.cmv <= 100 / 30.4375, 1, ifelse(d$time.to.cmv >= 100 / 30.4375, 0, NA))
put("landmark/CD34.dose/p_value", suppressWarnings(wilcox.test(d$CD34.dose[which(l == 0)], d$CD34.dose[which(l == 1)]))$p.value)
put("landmark/recipient.cmv@yes/count", sum(d$recipient.cmv[which(l == 1)]))

# correlations
put("pairs/CD34.dose~TNC.dose/r", cor(d$CD34.dose, d$TNC.dose))
c1 <- cor.test(d$CD34.dose, d$TNC.dose)
put("pairs/CD34.dose~TNC.dose/p_value", c1$p.value); put("pairs/CD34.dose~TNC.dose/r.conf_low", c1$conf.int[1])
c2 <- cor.test(d$CD8.dose, d$CD3.dose); put("pairs/CD8.dose~CD3.dose/r", c2$estimate)
put("pairs/CD8.dose~CD3.dose/n", sum(complete.cases(d$CD8.dose, d$CD3.dose)))
c3 <- cor.test(d$CD34.dose, d$agvhd); put("pairs/CD34.dose~agvhd/r", c3$estimate); put("pairs/CD34.dose~agvhd/p_value", c3$p.value)
put("pairs/aKIRs~age/r", cor(d$aKIRs, d$age, method = "kendall"))
put("doses/CD3.dose~CD8.dose/r", cor(d$CD3.dose, d$CD8.dose, method = "spearman", use = "complete.obs"))

# logistic
con <- glm.control(epsilon = 1e-15, maxit = 100)
terms <- c("age", "sex", "diagnosis.type", "prior.radiation", "prior.chemo", "recipient.cmv", "donor.cmv", "TBI.dose", "CD34.dose", "C1/C2", "aKIRs")
per <- c(age = 10, TBI.dose = 200)
u <- c()
for (v in terms) {
  s <- if (v %in% names(per)) per[[v]] else 1
  x <- d[[v]] / s; f <- glm(d$cmv ~ x, family = binomial, control = con); k <- summary(f)$coefficients[2, ]
  q <- qnorm(.975); w <- paste0("logistic/", gsub("/", "\\\\/", v), "#univariable/")
  put(paste0(w, "odds_ratio"), exp(k[1])); put(paste0(w, "odds_ratio.conf_low"), exp(k[1] - q * k[2]))
  put(paste0(w, "odds_ratio.conf_high"), exp(k[1] + q * k[2])); put(paste0(w, "p_value"), k[4]); put(paste0(w, "n"), nobs(f))
  u[v] <- k[4]
}
a <- p.adjust(u, "BH"); for (v in terms) put(paste0("logistic/", gsub("/", "\\\\/", v), "#univariable/p_adjusted"), a[v])
on <- names(u)[u < 0.1]
fm <- as.formula(paste("cmv ~", paste0("`", on, "`", collapse = " + ")))
s <- d; s$age <- s$age / 10; s$TBI.dose <- s$TBI.dose / 200
f <- glm(fm, s, family = binomial, control = con); k <- summary(f)$coefficients
for (v in on) { row <- k[gsub("`", "", rownames(k)) == v, ]; v <- gsub("/", "\\\\/", v)
  put(paste0("logistic/", v, "#multivariable/odds_ratio"), exp(row[1])); put(paste0("logistic/", v, "#multivariable/p_value"), row[4]) }
put("logistic/cmv#multivariable/aic", AIC(f)); put("logistic/cmv#multivariable/log_likelihood", logLik(f)); put("logistic/cmv#multivariable/n", nobs(f))
put("logistic/cmv#multivariable/concordance", auc(roc(f$y, fitted(f), direction = "<", quiet = TRUE)))

# cox
cc <- coxph.control(eps = 1e-14, iter.max = 100)
ct <- c("age", "sex", "prior.chemo", "recipient.cmv", "donor.cmv", "TBI.dose", "CD34.dose", "aKIRs")
y <- Surv(d$time.to.cmv, d$cmv); cu <- c()
one <- function(x, v) {
  f <- coxph(y ~ x, control = cc); k <- summary(f)$coefficients; w <- paste0("cox/", v, "#univariable/")
  put(paste0(w, "hazard_ratio"), exp(k[1])); put(paste0(w, "p_value"), k[5])
  put(paste0(w, "hazard_ratio.conf_high"), exp(k[1] + qnorm(.975) * k[3]))
  z <- cox.zph(f, transform = "km"); put(paste0("cox/", v, "#univariable, proportional hazards/p_value"), z$table[1, 3])
  cu[v] <<- k[5]
}
for (v in ct) one(d[[v]] / (if (v %in% names(per)) per[[v]] else 1), v)
one(as.integer(d$kir == "5-6"), "kir_group")
a <- p.adjust(cu, "BH"); for (v in names(cu)) put(paste0("cox/", v, "#univariable/p_adjusted"), a[v])
on <- names(cu)[cu < 0.05]; s$kir_group <- as.integer(s$kir == "5-6")
f <- coxph(as.formula(paste("y ~", paste(on, collapse = " + "))), s, control = cc); k <- summary(f)$coefficients
for (v in on) { put(paste0("cox/", v, "#multivariable/hazard_ratio"), exp(k[v, 1])); put(paste0("cox/", v, "#multivariable/p_value"), k[v, 5]) }
put("cox/cmv#multivariable/log_likelihood", f$loglik[2]); put("cox/cmv#multivariable/concordance", f$concordance["concordance"])
z <- cox.zph(f, transform = "km"); put("cox/cmv#multivariable, proportional hazards/p_value", z$table["GLOBAL", 3])

# cox-selected: eliminated by AIC
e <- d; for (v in ct) e[[v]] <- e[[v]] / (if (v %in% names(per)) per[[v]] else 1); e$TBI.dose <- as.integer(d$TBI.dose == 400)
f <- step(coxph(as.formula(paste("y ~", paste(ct, collapse = " + "))), e, control = cc), direction = "backward", trace = 0)
k <- summary(f)$coefficients
for (v in rownames(k)) { w <- paste0("cox-selected/", v, "#multivariable/"); put(paste0(w, "hazard_ratio"), exp(k[v, 1])); put(paste0(w, "p_value"), k[v, 5]) }
put("cox-selected/cmv#multivariable/aic", AIC(f)); put("cox-selected/cmv#multivariable/n", f$n)

# kaplan-meier
k <- survfit(Surv(time.to.cmv, cmv) ~ kir, d, conf.type = "log")
for (t in c(1, 3, 12, 24)) { q <- summary(k, times = t, extend = TRUE)
  for (i in 1:2) { g <- levels(d$kir)[i]; w <- paste0("km-kir/time.to.cmv@", g, "!", t)
    put(paste0(w, "/survival"), q$surv[i]); put(paste0(w, "/survival.conf_low"), q$lower[i]); put(paste0(w, "/at_risk"), q$n.risk[i]) } }
m <- summary(k)$table
put("km-kir/time.to.cmv@1-4/median_survival", m[1, "median"])
rk <- survfit(Surv(time.to.cmv, 1 - cmv) ~ kir, d); put("km-kir/time.to.cmv@5-6/median_follow_up", summary(rk)$table[2, "median"])
rm <- summary(k, rmean = 24)$table; put("km-kir/time.to.cmv@1-4!24/restricted_mean", rm[1, "rmean"])
lr <- survdiff(Surv(time.to.cmv, cmv) ~ kir, d); put("km-kir/time.to.cmv/statistic", lr$chisq); put("km-kir/time.to.cmv/p_value", 1 - pchisq(lr$chisq, 1))

# cumulative-incidence: reactivation or acute graft-versus-host disease, whichever came first
kinds <- c("CMV reactivation", "Acute GVHD")
first <- ifelse(d$cmv == 1 & (d$agvhd == 0 | d$time.to.cmv <= d$time.to.agvhd), 1, ifelse(d$agvhd == 1, 2, 0))
wait <- pmin(d$time.to.cmv, d$time.to.agvhd)
ci <- survfit(Surv(wait, factor(first, 0:2)) ~ kir, d, conf.type = "log")
cm <- cuminc(wait, first, d$kir); est <- timepoints(cm, c(1, 3, 12))$est
for (t in c(1, 3, 12)) { q <- summary(ci, times = t, extend = TRUE)
  for (i in 1:2) { g <- levels(d$kir)[i]
    put(paste0("incidence/time_first@", g, "!", t, "/at_risk"), q$n.risk[i, 1])
    for (k in 1:2) { w <- paste0("incidence/time_first:", kinds[k], "@", g, "!", t, "/cumulative_incidence")
      stopifnot(all.equal(est[paste(g, k), as.character(t)], q$pstate[i, k + 1]))
      put(w, q$pstate[i, k + 1])
      # Before the first event of a kind there are no limits.
      if (q$pstate[i, k + 1] > 0) { put(paste0(w, ".conf_low"), q$lower[i, k + 1]); put(paste0(w, ".conf_high"), q$upper[i, k + 1]) } } } }
q <- summary(survfit(Surv(wait, factor(first, 0:2)) ~ 1, d), times = 3)
for (k in 1:2) put(paste0("incidence/time_first:", kinds[k], "!3/cumulative_incidence"), q$pstate[1, k + 1])
for (k in 1:2) { w <- paste0("incidence/time_first:", kinds[k], "/")
  put(paste0(w, "statistic"), cm$Tests[k, "stat"]); put(paste0(w, "df"), cm$Tests[k, "df"]); put(paste0(w, "p_value"), cm$Tests[k, "pv"])
  for (i in 1:2) put(paste0("incidence/time_first:", kinds[k], "@", levels(d$kir)[i], "/events"), sum(first == k & d$kir == levels(d$kir)[i])) }

# roc
markers <- list(aKIRs = ">", CD34.dose = "<", CD3.dose = ">", age = "<")
for (v in names(markers)) {
  r <- roc(d$cmv, d[[v]], direction = markers[[v]], levels = c(0, 1), quiet = TRUE); ci <- ci.auc(r, method = "delong")
  w <- paste0("roc/", v, "/"); put(paste0(w, "auc"), auc(r)); put(paste0(w, "auc.conf_low"), ci[1]); put(paste0(w, "auc.conf_high"), ci[3])
  if (v != "age") { b <- coords(r, "best", best.method = "youden", ret = c("threshold", "sensitivity", "specificity", "ppv", "accuracy"))[1, ]
    put(paste0(w, "cutoff"), b$threshold); put(paste0(w, "sensitivity"), b$sensitivity); put(paste0(w, "specificity"), b$specificity); put(paste0(w, "ppv"), b$ppv)
    # The chosen cut-off: its table by itself, and Smirnov's exact test with the search counted; orders that tie are counted.
    k <- !is.na(d[[v]]); up <- if (markers[[v]] == "<") d[[v]][k] > b$threshold else d[[v]][k] < b$threshold
    put(paste0(w, "cutoff.p_value"), chisq.test(up, d$cmv[k], correct = FALSE)$p.value)
    put(paste0(w, "cutoff.p_adjusted"), stats:::psmirnov(b$sensitivity + b$specificity - 1 - 1e-9,
      sizes = c(sum(d$cmv[k]), sum(1 - d$cmv[k])), z = d[[v]][k], exact = TRUE, lower.tail = FALSE)) }
}
put("roc/age/sensitivity", mean(d$age[d$cmv == 1] >= 55)); put("roc/age/specificity", mean(d$age[d$cmv == 0] < 55))
e <- binom.test(sum(d$age[d$cmv == 1] >= 55), sum(d$cmv)); put("roc/age/sensitivity.conf_low", e$conf.int[1])
dl <- roc.test(roc(d$cmv, d$aKIRs, direction = ">", quiet = TRUE), roc(d$cmv, d$CD34.dose, direction = "<", quiet = TRUE), method = "delong", paired = TRUE)
put("roc/aKIRs~CD34.dose/auc.p_value", dl$p.value)

# score
best <- function(v, dir) coords(roc(d$cmv, d[[v]], direction = dir, levels = c(0, 1), quiet = TRUE), "best", best.method = "youden", ret = "threshold")[1, 1]
cut1 <- best("aKIRs", ">"); cut2 <- round(best("CD34.dose", "<") / 0.5) * 0.5
put("risk/aKIRs/cutoff", cut1); put("risk/CD34.dose/cutoff", cut2)
d$score <- (d$aKIRs <= cut1) + (d$CD34.dose >= cut2) + d$risk_cmv
for (k in sort(unique(d$score))) { put(paste0("score-performance/risk:", k, "/count"), sum(d$score == k))
  put(paste0("score-performance/risk:", k, "@event/count"), sum(d$score == k & d$cmv == 1)) }
r <- roc(d$cmv, d$score, direction = "<", quiet = TRUE); put("score-performance/risk/auc", auc(r)); put("score-performance/risk/auc.conf_low", ci.auc(r, method = "delong")[1])
put("score-performance/risk:>= 2/sensitivity", mean(d$score[d$cmv == 1] >= 2)); put("score-performance/risk:>= 2/specificity", mean(d$score[d$cmv == 0] < 2))
put("score-performance/risk:>= 2/npv", mean(d$cmv[d$score < 2] == 0)); e <- binom.test(sum(d$score >= 2 & d$cmv == 1), sum(d$cmv)); put("score-performance/risk:>= 2/sensitivity.conf_high", e$conf.int[2])
# the score stays, its items leave: R by hand, entry by Rao's score test below 0.05
g0 <- glm(cmv ~ 1, d, family = binomial, control = con)
put("logistic-score/risk#univariable/p_value", summary(glm(cmv ~ score, d, family = binomial, control = con))$coefficients[2, 4])
# Entry by Rao's score test: which of them comes first is said in the test.
stopifnot(names(which.min(setNames(add1(g0, ~ score + aKIRs + CD34.dose + risk_cmv, test = "Rao")[-1, "Pr(>Chi)"], c("score", "aKIRs", "CD34.dose", "risk_cmv")))) == "risk_cmv")
cat(toJSON(out, auto_unbox = TRUE, digits = NA, pretty = TRUE), "\n")
