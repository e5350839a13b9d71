# The numbers of reports/gbsg2 by R, each under its ledger path: survival, riskRegression, pec, rms's splines, pROC.
#
#     Rscript gbsg2.R > gbsg2.json      # R 4.2.2, survival 3.5, riskRegression 2022.11.28, pec, Hmisc, pROC 1.18, jsonlite
suppressPackageStartupMessages({
  library(survival); library(riskRegression); library(prodlim); library(pec); library(Hmisc); library(pROC); library(jsonlite)
})
d <- read.csv("../../../../data/gbsg2/gbsg2.csv")
d$years <- d$time / 365.25
grade <- match(d$tgrade, c("I", "II", "III"))
# In hundredths, so that what is 3.4 on paper is 3.4.
d$npi <- (2 * d$tsize + 100 * (1 + (d$pnodes >= 1) + (d$pnodes >= 4)) + 100 * grade) / 100
nodes <- pmin(d$pnodes, 19)
bend <- function(x, knots) as.numeric(rcspline.eval(x, knots = knots, norm = 2))
size <- function(middle, large) ifelse(d$tsize > 50, large, ifelse(d$tsize > 20, middle, 0))
pgr <- pmin(d$progrec, 1360)
d$basic <- size(0.342, 0.574) + 0.304 * nodes - 0.811 * bend(nodes, c(0, 1, 9)) + 0.362 * (grade == 3)
d$extended <- size(0.320, 0.554) + 0.305 * nodes - 0.82 * bend(nodes, c(0, 1, 9)) + 0.305 * (grade == 3) - 0.003 * pgr +
  0.013 * bend(pgr, c(0, 41, 486))
risk <- list("mclernon-2023" = 1 - 0.80385^exp(d$basic), "mclernon-2023-pgr" = 1 - 0.76055^exp(d$extended))
total <- list("mclernon-2023" = d$basic, "mclernon-2023-pgr" = d$extended, npi = d$npi)
at <- 5
z <- qnorm(0.975)
out <- list()
put <- function(path, value) out[[path]] <<- unname(as.numeric(value))
wald <- function(path, estimate, se) {
  put(path, estimate); put(paste0(path, ".conf_low"), estimate - z * se); put(paste0(path, ".conf_high"), estimate + z * se)
}

# Discrimination over all of follow-up, and by five years.
for (score in names(total)) {
  d$x <- total[[score]]
  c <- concordance(Surv(years, cens) ~ x, data = d, reverse = TRUE)
  wald(paste0("validation/", score, "/concordance"), c$concordance, sqrt(c$var))
}
for (score in names(risk)) {
  s <- Score(list(m = risk[[score]]), formula = Surv(years, cens) ~ 1, data = d, times = at, metrics = c("auc", "brier"),
    cens.model = "km", null.model = TRUE, conf.int = FALSE, se.fit = FALSE)
  own <- s$Brier$score$model == "m"
  put(paste0("validation/", score, "!5/auc"), s$AUC$score$AUC)
  put(paste0("validation/", score, "!5/brier"), s$Brier$score$Brier[own])
  put(paste0("validation/", score, "!5/scaled_brier"), 1 - s$Brier$score$Brier[own] / s$Brier$score$Brier[!own])
  # The same Brier score by another package.
  p <- pec(list(m = matrix(rep(1 - risk[[score]], 2), ncol = 2)), formula = Surv(years, cens) ~ 1, data = d, times = c(1, at),
    exact = FALSE, start = NULL, cens.model = "marginal", reference = FALSE, verbose = FALSE)
  stopifnot(abs(p$AppErr$m[2] - s$Brier$score$Brier[own]) < 1e-10)
}
rank_score <- Score(list(m = plogis(d$npi - 4)), formula = Surv(years, cens) ~ 1, data = d, times = at, metrics = "auc",
  cens.model = "km", null.model = FALSE, conf.int = FALSE, se.fit = FALSE)
put("validation/npi!5/auc", rank_score$AUC$score$AUC)

# Sensitivity, specificity and predictive values of NPI > 5.4 by five years, weighted by 1 / G written out.
# G is that of prodlim, whose events come before censorings at a time.
G <- prodlim(Hist(years, cens) ~ 1, data = d, reverse = TRUE)
case <- d$cens == 1 & d$years <= at
control <- d$years > at
before <- sapply(d$years, function(t) c(1, G$surv)[1 + sum(G$time < t)])
w <- ifelse(case, 1 / before, ifelse(control, 1 / predict(G, times = at), 0))
positive <- d$npi > 5.4
put("validation/npi:> 5.4!5/sensitivity", sum(w[case & positive]) / sum(w[case]))
put("validation/npi:> 5.4!5/specificity", sum(w[control & !positive]) / sum(w[control]))
put("validation/npi:> 5.4!5/ppv", sum(w[case & positive]) / sum(w[positive]))
put("validation/npi:> 5.4!5/npv", sum(w[control & !positive]) / sum(w[!positive]))

# Calibration by five years. Follow-up is closed then.
closed <- transform(d, cens = cens * (years <= at), years = pmin(years, at))
everyone <- summary(survfit(Surv(years, cens) ~ 1, data = d), times = at)
for (score in names(risk)) {
  p <- risk[[score]]
  observed <- 1 - everyone$surv
  put(paste0("validation/", score, "!5/observed_risk"), observed)
  put(paste0("validation/", score, "!5/observed_risk.conf_low"), 1 - everyone$upper)
  put(paste0("validation/", score, "!5/observed_risk.conf_high"), 1 - everyone$lower)
  put(paste0("validation/", score, "!5/expected_risk"), mean(p))
  ratio <- observed / mean(p); reach <- z * everyone$std.err / observed
  put(paste0("validation/", score, "!5/observed_expected"), ratio)
  put(paste0("validation/", score, "!5/observed_expected.conf_low"), ratio * exp(-reach))
  put(paste0("validation/", score, "!5/observed_expected.conf_high"), ratio * exp(reach))
  closed$x <- log(-log(1 - p))
  control_of <- coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15)
  slope <- coxph(Surv(years, cens) ~ x, data = closed, control = control_of)
  wald(paste0("validation/", score, "!5/calibration_slope"), coef(slope), sqrt(vcov(slope)))
  put(paste0("validation/", score, "#update!5/calibration_slope"), coef(slope))
  base <- basehaz(slope, centered = FALSE)
  put(paste0("validation/", score, "#update!5/calibration_intercept"), log(tail(base$hazard[base$time <= at], 1)))
  basis <- rcspline.eval(closed$x, knots = quantile(closed$x, c(0.1, 0.5, 0.9)), inclx = TRUE, norm = 2)
  closed$x1 <- basis[, 1]; closed$x2 <- basis[, 2]
  smooth <- coxph(Surv(years, cens) ~ x1 + x2, data = closed, control = control_of)
  curve <- survfit(smooth, newdata = closed)
  smoothed <- 1 - as.numeric(summary(curve, times = at, extend = TRUE)$surv)
  distance <- abs(smoothed - p)
  put(paste0("validation/", score, "!5/calibration_index"), mean(distance))
  put(paste0("validation/", score, "!5/calibration_e50"), median(distance))
  put(paste0("validation/", score, "!5/calibration_e90"), quantile(distance, 0.9))
  for (threshold in c(0.1, 0.2, 0.3, 0.4, 0.5)) {
    treated <- p >= threshold
    s <- summary(survfit(Surv(years, cens) ~ 1, data = d[treated, ]), times = at)$surv
    odds <- threshold / (1 - threshold)
    level <- paste0(100 * threshold, " %")
    put(paste0("validation/", score, ":", level, "#score!5/net_benefit"), mean(treated) * ((1 - s) - s * odds))
    put(paste0("validation/", score, ":", level, "#treat all!5/net_benefit"), observed - everyone$surv * odds)
  }
}

# Within the parts of the patients.
parts <- list(premenopausal = d$menostat == "Pre", postmenopausal = d$menostat == "Post", no = d$horTh == "no", yes = d$horTh == "yes")
labels <- c(premenopausal = "Menopausal status\\: premenopausal", postmenopausal = "Menopausal status\\: postmenopausal",
  no = "Tamoxifen\\: no", yes = "Tamoxifen\\: yes")
for (part in names(parts)) {
  e <- d[parts[[part]], ]
  for (score in names(total)) {
    e$x <- total[[score]][parts[[part]]]
    c <- concordance(Surv(years, cens) ~ x, data = e, reverse = TRUE)
    wald(paste0("validation/", score, "@", labels[part], "/concordance"), c$concordance, sqrt(c$var))
    if (score %in% names(risk)) {
      p <- risk[[score]][parts[[part]]]
      s <- summary(survfit(Surv(years, cens) ~ 1, data = e), times = at)
      put(paste0("validation/", score, "@", labels[part], "!5/observed_expected"), (1 - s$surv) / mean(p))
      auc <- Score(list(m = p), formula = Surv(years, cens) ~ 1, data = e, times = at, metrics = c("auc", "brier"),
        cens.model = "km", null.model = FALSE, conf.int = FALSE, se.fit = FALSE)
      put(paste0("validation/", score, "@", labels[part], "!5/auc"), auc$AUC$score$AUC)
      put(paste0("validation/", score, "@", labels[part], "!5/brier"), auc$Brier$score$Brier)
    }
  }
}

# The groups of the Nottingham index. Score has made a data.table of the data, in which columns go before variables.
d$group <- cut(d$npi, c(0, 3.4, 5.4, 20), labels = c("Good prognosis", "Moderate prognosis", "Poor prognosis"))
for (name in levels(d$group)) {
  e <- d[which(d$group == name), ]
  s <- summary(survfit(Surv(years, cens) ~ 1, data = e), times = c(2, 5))
  put(paste0("groups/years@", name, "!2/survival"), s$surv[1])
  put(paste0("groups/years@", name, "!5/survival"), s$surv[2])
  put(paste0("groups/years@", name, "/n"), sum(d$group == name))
}
test <- survdiff(Surv(years, cens) ~ group, data = d)
put("groups/years/p_value", pchisq(test$chisq, 2, lower.tail = FALSE))
cox <- coxph(Surv(years, cens) ~ npi, data = d, control = coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15))
put("totals/npi#univariable/hazard_ratio", exp(coef(cox)))
put("totals/npi#univariable/p_value", 2 * pnorm(-abs(coef(cox) / sqrt(vcov(cox)))))

# Recurrence or death within two years, of those followed so long.
early <- ifelse(d$cens == 1 & d$time <= 2 * 365.25, 1, ifelse(d$time > 2 * 365.25, 0, NA))
known <- !is.na(early); y <- early[known]
areas <- lapply(total, function(x) roc(y, x[known], direction = "<", quiet = TRUE))
for (score in names(areas)) {
  ci <- as.numeric(ci.auc(areas[[score]], method = "delong"))
  put(paste0("early-recurrence/", score, "/auc"), ci[2])
  put(paste0("early-recurrence/", score, "/auc.conf_low"), ci[1])
  put(paste0("early-recurrence/", score, "/auc.conf_high"), ci[3])
}
for (other in names(areas)[-1]) {
  test <- roc.test(areas[[1]], areas[[other]], paired = TRUE, method = "delong")
  path <- paste0("early-recurrence/mclernon-2023~", other, "#difference in area")
  put(paste0(path, "/estimate"), auc(areas[[1]]) - auc(areas[[other]]))
  put(paste0(path, "/estimate.p_value"), test$p.value)
}
positive <- positive[known]
exact <- function(stat, x, n) {
  t <- binom.test(x, n)
  path <- paste0("early-recurrence/npi:> 5.4/", stat)
  put(path, t$estimate); put(paste0(path, ".conf_low"), t$conf.int[1]); put(paste0(path, ".conf_high"), t$conf.int[2])
}
exact("sensitivity", sum(positive & y == 1), sum(y == 1)); exact("specificity", sum(!positive & y == 0), sum(y == 0))
exact("ppv", sum(positive & y == 1), sum(positive)); exact("npv", sum(!positive & y == 0), sum(!positive))
# What gives the index risks on these women, where it has none.
refit <- glm(y ~ x, family = binomial, data = data.frame(y, x = d$npi[known]), control = list(epsilon = 1e-15, maxit = 100))
refit <- glm(y ~ x, family = binomial, data = data.frame(y, x = d$npi[known]), start = coef(refit), control = list(epsilon = 1e-15, maxit = 100))
se <- sqrt(diag(vcov(refit)))
wald("early-recurrence/npi#refitted on these patients/calibration_intercept", coef(refit)[1], se[1])
wald("early-recurrence/npi#refitted on these patients/calibration_slope", coef(refit)[2], se[2])
put("early-recurrence/npi/n", sum(known)); put("early-recurrence/npi/n_missing", sum(!known)); put("early-recurrence/npi/events", sum(y))
cat(toJSON(out, auto_unbox = TRUE, digits = I(17)), "\n", sep = "")
