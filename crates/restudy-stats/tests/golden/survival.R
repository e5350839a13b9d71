# Late entry, case weights and strata, which the conformance folder has none of.
# Rscript survival.R > survival.json   (R 4.2.2, survival 3.5-3, jsonlite)
suppressPackageStartupMessages({library(survival); library(jsonlite)})
set.seed(20250101)
n <- 60
entry <- sample(0:6, n, TRUE)
time <- entry + sample(1:12, n, TRUE)
event <- rbinom(n, 1, 0.7)
weight <- sample(1:3, n, TRUE)
stratum <- rep(0:1, length.out = n)
x1 <- sample(0:9, n, TRUE)
x2 <- round(rnorm(n), 2)
Y <- Surv(entry, time, event)
ctl <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
km <- survfit(Y ~ 1, weights = weight, robust = FALSE)
cc <- concordance(Y ~ x1 + strata(stratum), weights = weight, reverse = TRUE)
# Counts by stratum are added up.
counts <- if (is.matrix(cc$count)) colSums(cc$count) else cc$count
cox <- function(ties, formula) {
  f <- coxph(formula, ties = ties, weights = weight, robust = FALSE, control = ctl)
  s <- summary(f)
  out <- list(coef = unname(coef(f)), vcov = unname(vcov(f)), loglik = f$loglik, score = unname(f$score),
    wald = unname(f$wald.test), martingale = unname(residuals(f, "martingale")),
    deviance = unname(residuals(f, "deviance")), concordance = unname(s$concordance))
  bh <- basehaz(f, centered = FALSE)
  out$hazard_last <- if (is.null(bh$strata)) tail(bh$hazard, 1) else unname(tapply(bh$hazard, bh$strata, max))
  out
}
out <- list(
  entry = entry, time = time, event = event, weight = weight, stratum = stratum, x1 = x1, x2 = x2,
  kaplan_meier = list(time = km$time, n_risk = km$n.risk, n_event = km$n.event, n_censor = km$n.censor,
    surv = km$surv, se = km$surv * km$std.err, low = km$lower, high = km$upper, hazard = km$cumhaz),
  concordance = list(c = unname(cc$concordance), se = sqrt(cc$var), count = unname(counts)),
  cox_efron = cox("efron", Y ~ x1 + x2 + strata(stratum)),
  cox_breslow = cox("breslow", Y ~ x1 + x2 + strata(stratum)),
  cox_one_stratum = cox("efron", Y ~ x1 + x2))
cat(toJSON(out, digits = I(17), auto_unbox = TRUE, na = "null", pretty = 1), "\n", sep = "")
