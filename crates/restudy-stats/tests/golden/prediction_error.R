# Time-dependent AUC and Brier scores by riskRegression, with ties between events and censorings.
# Rscript prediction_error.R > prediction_error_ties.json   (R 4.2.2, riskRegression 2022.11.28, jsonlite)
suppressPackageStartupMessages({library(riskRegression); library(survival); library(prodlim); library(jsonlite)})
set.seed(2013)
n <- 80
marker <- round(rnorm(n), 1)
x <- rexp(n, exp(0.6 * marker)); c <- rexp(n, 0.5)
time <- ceiling(pmin(x, c) * 8)
event <- as.numeric(x <= c)
d <- data.frame(time, event)
at <- c(3, 5, 8)
risk <- round(1 - exp(-outer(exp(0.6 * marker), at / 8)), 6)
s <- Score(list(m = risk), formula = Surv(time, event) ~ 1, data = d, times = at, metrics = c("auc", "brier"),
  cens.model = "marginal", se.fit = FALSE, null.model = TRUE, conf.int = FALSE)
auc <- sapply(at, function(t) s$AUC$score$AUC[s$AUC$score$times == t & s$AUC$score$model == "m"])
brier <- function(m) sapply(at, function(t) s$Brier$score$Brier[s$Brier$score$times == t & s$Brier$score$model == m])
cat(toJSON(list(time = time, event = event, risk = t(risk), at = at, auc = auc, brier = brier("m"),
  null = brier("Null model")), digits = I(17)), "\n", sep = "")
