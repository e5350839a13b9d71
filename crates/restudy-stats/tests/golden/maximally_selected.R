# Maximally selected statistics by other programs: the exact test of Smirnov, its limit, and coin's permutation test of
# the greatest chi-square.
#
#     Rscript maximally_selected.R > maximally_selected_r.json     # R 4.2.2, coin 1.4-2, maxstat 0.7-25, jsonlite
suppressPackageStartupMessages({library(jsonlite); library(coin); library(maxstat)})
given <- fromJSON("accuracy.json")
cohort <- read.csv("../../../../data/dlm2021/cohort.csv")
judge <- function(name, x, y, lower) {
  n1 <- sum(y); n0 <- sum(!y); n <- n1 + n0
  values <- sort(unique(x))
  positive <- sapply(values[-1], function(v) x >= v)
  a <- colSums(positive & y); b <- colSums(positive & !y)
  j <- a / n1 - b / n0
  d <- max(abs(j))
  m <- a + b
  chi <- n * (a * n0 - b * n1)^2 / (n1 * n0 * m * (n - m))
  inside <- m >= 0.1 * n - 1e-9 & n - m >= 0.1 * n - 1e-9
  # psmirnov's upper tail is P(D > q): a little less than the distance, so that orders that tie with it are counted.
  exact <- stats:::psmirnov(d - 1e-9, sizes = c(n1, n0), z = x, exact = TRUE, lower.tail = FALSE)
  # psmirnov ends this series, Kolmogorov's, at terms of 1e-6.
  k <- 1:100
  limit <- 2 * sum((-1)^(k - 1) * exp(-2 * k^2 * d^2 * n1 * n0 / n))
  stopifnot(abs(limit - stats:::psmirnov(d, sizes = c(n1, n0), exact = FALSE, lower.tail = FALSE)) < 1e-4)
  best <- which.max(abs(j))
  table <- chisq.test(positive[, best], y, correct = FALSE)$p.value
  set.seed(1)
  orders <- 200000
  drawn <- maxstat_test(as.numeric(y) ~ x, distribution = approximate(nresample = orders), minprob = 0.1, maxprob = 0.9)
  root <- sqrt(max(chi[inside]))
  list(name = name, cases = I(x[y]), controls = I(x[!y]), either = d, exact = exact, limit = limit, unadjusted = table,
       # coin's statistic has N - 1 for N.
       coin_root = as.numeric(statistic(drawn)) * sqrt(n / (n - 1)), root = root, coin_p = as.numeric(pvalue(drawn)),
       coin_orders = orders, lausen = pLausen92(root, minprop = 0.1, maxprop = 0.9))
}
y <- cohort$group == "RP-ILD"
some <- function(name) { known <- !is.na(cohort[[name]]); judge(name, cohort[[name]][known], y[known]) }
aside <- c(2.5, 3.1, 0.2, 8.8, 9.4, 1.7, 4.9, 6.6, 5.2, 7.3)
cat(toJSON(list(judge("accuracy", given$x, given$y == 1), some("lung"), some("dlco"), some("age"),
  judge("untied", aside, c(TRUE, FALSE, FALSE, TRUE, TRUE, FALSE, FALSE, TRUE, TRUE, FALSE))), digits = I(17), auto_unbox = TRUE), "\n", sep = "")
