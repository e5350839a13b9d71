# Chained equations on one incomplete data set under many seeds: what R's mice makes of it, in distribution.
# Rscript imputation.R > imputation.json   (R 4.2.2, mice 3.15.0, jsonlite; some minutes)
# Of each run: the pooled mean of each incomplete column, its pooled covariance with the complete outcome y, and the
# variance of both between the imputations. The file has their means and standard deviations over the runs.
suppressPackageStartupMessages({library(mice); library(jsonlite)})
set.seed(70)
n <- 120; runs <- 100
y <- round(rnorm(n), 3)
x <- round(2 + 0.8 * y + rnorm(n), 3)
b <- rbinom(n, 1, plogis(-0.4 + 0.7 * y + 0.5 * (x - 2)))
c <- apply(cbind(1, exp(0.3 + 0.8 * y), exp(-0.2 - 0.6 * y)), 1, function(p) sample(0:2, 1, prob = p))
o <- as.integer(cut(0.9 * y + 0.5 * b + rlogis(n), c(-Inf, -0.8, 0.9, Inf))) - 1
lost <- function(share, slope) runif(n) < plogis(qlogis(share) + slope * y)
x[lost(0.25, 0.7)] <- NA; b[lost(0.2, -0.6)] <- NA; c[lost(0.2, 0.5)] <- NA; o[lost(0.25, -0.5)] <- NA
d <- data.frame(y, x, b = factor(b), c = factor(c), o = factor(o, ordered = TRUE))
measure <- function(completed) {
  code <- function(f) as.integer(f) - 1
  columns <- cbind(x = completed$x, b = code(completed$b), c1 = code(completed$c) == 1, c2 = code(completed$c) == 2,
    o = code(completed$o))
  c(colMeans(columns), cov(columns, completed$y))
}
made <- sapply(seq_len(runs), function(seed) {
  imputed <- mice(d, m = 5, maxit = 5, seed = seed, printFlag = FALSE,
    method = c("", "pmm", "logreg", "polyreg", "polr"))
  each <- sapply(1:5, function(i) measure(complete(imputed, i)))
  c(rowMeans(each), apply(each, 1, var))
})
rows <- function(from, f) apply(made[from + 1:10, ], 1, f)
cat(toJSON(list(runs = runs, y = y, x = x, b = b, c = c, o = o,
  pooled = list(mean = unname(rows(0, mean)), sd = unname(rows(0, sd))),
  between = list(mean = unname(rows(10, mean)), sd = unname(rows(10, sd)))), digits = I(17), na = "null",
  auto_unbox = TRUE), "\n", sep = "")
