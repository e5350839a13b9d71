# Rubin's rules and the pooled tests D1 and D2 of a logistic and a Cox model on fixed completed data sets.
# Rscript pooling.R > pooling.json   (R 4.2.2, mice 3.15.0, mitml 0.4-4, survival, jsonlite)
suppressPackageStartupMessages({library(mice); library(survival); library(jsonlite)})
set.seed(71)
n <- 90; m <- 6
a <- rnorm(n); b <- rnorm(n); c <- rbinom(n, 1, 0.4)
y <- rbinom(n, 1, plogis(-0.3 + 0.6 * a - 0.4 * b + 0.5 * c)); time <- rexp(n, exp(0.4 * a + 0.3 * c))
b[runif(n) < 0.3] <- NA; a[runif(n) < 0.2] <- NA; c[runif(n) < 0.2] <- NA
d <- data.frame(y, time, a, b, c = factor(c))
imputed <- mice(d, m = m, maxit = 5, seed = 5, printFlag = FALSE)
fits <- list(logistic = list(full = with(imputed, glm(y ~ a + b + c, binomial)), null = with(imputed, glm(y ~ c, binomial))),
  cox = list(full = with(imputed, coxph(Surv(time, y) ~ a + b + c)), null = with(imputed, coxph(Surv(time, y) ~ c))))
pooled <- function(full, dfcom) {
  p <- pool(full, dfcom = dfcom)
  s <- summary(p, conf.int = TRUE)
  list(estimate = p$pooled$estimate, within = p$pooled$ubar, between = p$pooled$b, total = p$pooled$t, df = p$pooled$df,
    relative_increase = p$pooled$riv, lambda = p$pooled$lambda, fmi = p$pooled$fmi, std_error = s$std.error,
    statistic = s$statistic, p_value = s$p.value, conf_low = s[["2.5 %"]], conf_high = s[["97.5 %"]])
}
test <- function(t) as.list(setNames(as.numeric(t$result)[1:5], c("statistic", "df1", "df2", "p_value", "relative_increase")))
# What D1 calls, without degrees of freedom of the complete data: mice's own argument does not take infinite ones.
large <- function(fit) {
  result <- function(fits) structure(getfit(fits), class = c("mitml.result", "list"))
  mitml::testModels(result(fit$full), result(fit$null), method = "D1")$test
}
one <- function(fit, dfcom) {
  each <- getfit(fit$full)
  keep <- function(f) names(coef(f)) %in% c("a", "b")
  wald <- function(f) { k <- keep(f); drop(coef(f)[k] %*% solve(vcov(f)[k, k], coef(f)[k])) }
  list(dfcom = dfcom, coef = lapply(each, function(f) unname(coef(f))), vcov = lapply(each, function(f) unname(vcov(f))),
    tested = which(keep(each[[1]])) - 1, chi_square = sapply(each, wald), pool = pooled(fit$full, dfcom),
    pool_large = pooled(fit$full, Inf), d1 = test(D1(fit$full, fit$null, dfcom = dfcom)),
    d1_large = test(list(result = large(fit))), d2 = test(D2(fit$full, fit$null)))
}
cat(toJSON(list(logistic = one(fits$logistic, n - 4), cox = one(fits$cox, sum(y) - 3)), digits = I(17),
  auto_unbox = TRUE), "\n", sep = "")
