# The DLM score, with the risks observed where it was made, on the synthetic cohort of its paper: pROC, binom.test, glm.
#
#     Rscript score_validation.R > score_validation.json      # R 4.2, pROC 1.18, jsonlite
library(jsonlite)
suppressMessages(library(pROC))
cohort <- read.csv("../../../../data/dlm2021/cohort.csv")
y <- cohort$group == "RP-ILD"
total <- (cohort$dlco < 50) + (cohort$lung > 0.45) + (cohort$node == 1)
risk <- c(0.5 / 16, 3.5 / 22, 9.5 / 17, 9.5 / 10)[total + 1]
area <- roc(y, total, direction = "<", quiet = TRUE)
limits <- as.numeric(ci.auc(area, method = "delong"))
exact <- function(x, n) { t <- binom.test(x, n); c(t$estimate, t$conf.int) }
positive <- total >= 2
lp <- qlogis(risk)
control <- list(epsilon = 1e-14, maxit = 100)
large <- glm(y ~ offset(lp), family = binomial, control = control)
slope <- glm(y ~ lp, family = binomial, control = control)
z <- qnorm(0.975)
wald <- function(fit, k) { s <- summary(fit)$coefficients[k, ]; c(s[1], s[1] - z * s[2], s[1] + z * s[2]) }
oe <- sum(y) / sum(risk)
se <- sqrt((1 - mean(y)) / sum(y))
benefit <- function(t) (sum(risk >= t & y) - sum(risk >= t & !y) * t / (1 - t)) / length(y)
gap <- (cohort$sex == "male") + (cohort$age > 60) + (cohort$age > 65) + (cohort$fvc <= 75) + (cohort$fvc < 50) +
  (cohort$dlco <= 55) + (cohort$dlco <= 35)
other <- roc(y, gap, direction = "<", quiet = TRUE)
test <- roc.test(area, other, paired = TRUE, method = "delong")
cat(toJSON(list(
  auc = limits[c(2, 1, 3)], sensitivity = exact(sum(positive & y), sum(y)),
  specificity = exact(sum(!positive & !y), sum(!y)), ppv = exact(sum(positive & y), sum(positive)),
  npv = exact(sum(!positive & !y), sum(!positive)), brier = mean((risk - y)^2),
  observed_expected = c(oe, oe * exp(-z * se), oe * exp(z * se)), calibration_intercept = wald(large, 1),
  calibration_slope = wald(slope, 2), update = unname(coef(slope)), net_benefit = sapply(c(0.1, 0.2, 0.3, 0.4, 0.5), benefit),
  gap_auc = as.numeric(auc(other)), difference = as.numeric(auc(area) - auc(other)), difference_p = test$p.value
), auto_unbox = TRUE, digits = NA))
