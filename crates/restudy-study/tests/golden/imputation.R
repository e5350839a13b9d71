# The lung cohort by mice: pooled models of 500 imputations, whose Monte Carlo error is small beside the standard errors.
#
#     Rscript imputation.R > imputation.json      # R 4.2.2, mice 3.15, survival 3.5, jsonlite
suppressPackageStartupMessages({library(mice); library(survival); library(jsonlite)})
d <- read.csv("../../../../data/lung/lung.csv")
dead <- as.numeric(d$status == 2)
na <- survfit(Surv(time, dead) ~ 1, data = d)
hazard <- cumsum(na$n.event / na$n.risk)[match(d$time, na$time)]
base <- data.frame(age = d$age, sex = factor(d$sex), karno = d$pat.karno, meal = d$meal.cal, weight = d$wt.loss,
  ecog = factor(d$ph.ecog, ordered = FALSE), dead = dead, hazard = hazard, time = d$time)
m <- 500
run <- function(data, seed) {
  method <- make.method(data); method[] <- ""
  for (v in names(data)) if (anyNA(data[[v]])) method[v] <- if (is.factor(data[[v]])) "polyreg" else "pmm"
  predictor <- make.predictorMatrix(data)
  if ("time" %in% names(data)) predictor[, "time"] <- 0
  mice(data, m = m, maxit = 10, method = method, predictorMatrix = predictor, seed = seed, printFlag = FALSE)
}
tell <- function(fits) {
  s <- pool(fits); p <- s$pooled
  list(term = as.character(p$term), estimate = p$estimate, std_error = sqrt(p$t), between = p$b, df = p$df, fmi = p$fmi)
}
cox_data <- base[, c("age", "sex", "karno", "meal", "weight", "dead", "hazard", "time")]
cox <- with(run(cox_data, 1), coxph(Surv(time, dead) ~ age + sex + karno + meal + weight))
logistic_data <- base[, c("age", "sex", "karno", "meal", "weight", "dead")]
logistic <- with(run(logistic_data, 2), glm(dead ~ age + sex + karno + meal + weight, family = binomial))
cat(toJSON(list(m = m, cox = tell(cox), logistic = tell(logistic)), auto_unbox = TRUE, digits = I(17)), "\n", sep = "")
