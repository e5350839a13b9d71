# Cumulative incidence by survival's survfit, Gray's test by cmprsk, with and without ties, weights and late entry.
# Rscript competing_risks.R > competing_risks.json   (R 4.2.2, survival 3.5-3, cmprsk 2.2-11, jsonlite)
suppressPackageStartupMessages({library(survival); library(cmprsk); library(jsonlite)})
set.seed(1988)
cases <- list()
for (k in 2:3) for (ties in c(FALSE, TRUE)) {
  n <- 45
  time <- rexp(n)
  time <- if (ties) ceiling(time * 6) else round(time, 3)
  cause <- sample(0:2, n, TRUE, c(0.3, 0.4, 0.3))
  group <- sample(0:(k - 1), n, TRUE)
  stratum <- sample(0:1, n, TRUE)
  test <- function(...) unname(cuminc(time, cause, group, ...)$Tests[1:2, 1:3])
  curves <- lapply(c("plain", "log", "log-log"), function(type) {
    fit <- survfit(Surv(time, factor(cause, 0:2)) ~ 1, conf.type = type)
    list(type = type, time = fit$time, incidence = fit$pstate[, 2:3], event_free = fit$pstate[, 1],
      std_error = fit$std.err[, 2:3], low = fit$lower[, 2:3], high = fit$upper[, 2:3])
  })
  cases[[length(cases) + 1]] <- list(time = time, cause = cause, group = group, stratum = stratum, curves = curves,
    gray = list(test(), test(rho = 1), test(strata = stratum)))
}
cat(toJSON(cases, digits = I(17), auto_unbox = TRUE, na = "null"), "\n", sep = "")
