# Bootstrap validation of a logistic model on the resamples of resample.json, by the formulas of rms::validate.
# Rscript optimism.R > optimism.json   (R 4.2.2, rms 6.5-0, jsonlite)
suppressPackageStartupMessages({library(rms); library(jsonlite)})
set.seed(61)
n <- 60
a <- round(rnorm(n), 2); b <- round(rnorm(n, 50, 12)); c <- rbinom(n, 1, 0.4)
y <- rbinom(n, 1, plogis(-0.5 + 0.9 * a + 0.03 * (b - 50) + 0.8 * c))
d <- data.frame(y, a, b, c)
draws <- fromJSON("resample.json")$draws
fit <- function(formula, data) lrm(formula, data = data, tol = 1e-15, eps = 1e-12, maxit = 100)
auc <- function(x, y) unname(somers2(x, y)["C"])
of <- function(x, y, f, line) c(auc = auc(x, y), r2 = unname(f$stats["R2"]), intercept = unname(line[1]),
  slope = unname(line[2]), brier = mean((y - plogis(x))^2))
training <- function(f, data) of(predict(f, data), data$y, f, c(0, 1))
test <- function(f) { x <- predict(f, d); again <- fit(y ~ x, data.frame(y, x)); of(x, y, again, coef(again)) }
apparent <- training(fit(y ~ a + b + c, d), d)
made <- apply(draws, 1, function(counts) {
  data <- d[rep(seq_len(n), counts), ]
  f <- fit(y ~ a + b + c, data)
  c(training(f, data), test(f))
})
cat(toJSON(list(a = a, b = b, c = c, y = y, apparent = apparent, training = unname(rowMeans(made[1:5, ])),
  test = unname(rowMeans(made[6:10, ]))), digits = I(17), auto_unbox = TRUE), "\n", sep = "")
