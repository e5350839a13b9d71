# Intervals of given replicates by R's boot.
# Rscript bootstrap_intervals.R > bootstrap_intervals.json   (R 4.2.2, boot 1.3-28, jsonlite)
suppressPackageStartupMessages({library(boot); library(jsonlite)})
x <- c(2.1137, 3.4291, 1.9083, 8.8172, 4.2319, 5.5408, 2.7623, 9.1034, 3.3749, 4.9516, 6.2855)
# R's jackknife takes deviations from the estimate, Efron's from the mean. Means of no two resamples are equal here, so that z0 has no ties.
cases <- list()
for (R in c(999, 200)) for (level in c(0.95, 0.9)) {
  set.seed(R)
  b <- boot(x, function(d, i) log(mean(d[i])), R = R)
  jack <- empinf(data = x, statistic = function(d, i) log(mean(d[i])), type = "jack", stype = "i")
  ci <- function(type, ...) tail(as.numeric(boot.ci(b, conf = level, type = type, ...)[[4]]), 2)
  cases[[length(cases) + 1]] <- list(level = level, value = b$t0, replicates = as.numeric(b$t), without = sapply(seq_along(x), function(i) log(mean(x[-i]))),
    percentile = ci("perc"), basic = ci("basic"), bca = ci("bca", L = jack - mean(jack)))
}
cat(toJSON(list(x = x, cases = cases), digits = I(17), auto_unbox = TRUE), "\n", sep = "")
