# The precision of a validation of a survival model in simulated studies: pseudo-observations regressed on the linear
# predictor (complementary log-log link, sandwich variance), the Kaplan-Meier estimate, Harrell's C.
#
#     Rscript survival_validation_size.R > survival_validation_size.json      # R 4.2.2, survival 3.5-3, jsonlite
suppressMessages({library(survival); library(jsonlite)})
set.seed(20220330)
# The standard error of the slope, with a working variance that is constant.
slope <- function(y, x) {
  beta <- c(log(-log(1 - min(max(mean(y), 0.01), 0.99))), 1); X <- cbind(1, x)
  for (step in 1:50) {
    h <- exp(drop(X %*% beta)); mu <- 1 - exp(-h); d <- h * exp(-h)
    A <- crossprod(X * d); change <- solve(A, crossprod(X, d * (y - mu)))
    beta <- beta + drop(change); if (max(abs(change)) < 1e-10) break
  }
  inverse <- solve(A); B <- crossprod(X * (d * (y - mu)))
  c(beta[2], sqrt((inverse %*% B %*% inverse)[2, 2]))
}
# n S - (n - 1) S without patient i, at time 1; times have no ties.
pseudo <- function(time, event) {
  n <- length(time); order <- order(time); y <- time[order]; d <- event[order] & y <= 1; at_risk <- n:1
  full <- ifelse(d, log1p(-1 / at_risk), 0)
  # Without somebody who is still there, one fewer is at risk at each event.
  fewer <- suppressWarnings(ifelse(d, log1p(-1 / (at_risk - 1)), 0)); fewer[!is.finite(fewer)] <- 0
  before <- cumsum(fewer) - fewer; after <- sum(full) - cumsum(full)
  out <- numeric(n); out[order] <- n * exp(sum(full)) - (n - 1) * exp(before + after)
  out
}
# It is what leaving out each patient gives; survival::pseudo has the infinitesimal jackknife, which differs by 1/n.
time <- pmin(rexp(50), 1.2); event <- runif(50) < 0.7 & time < 1.2
at_one <- function(keep) summary(survfit(Surv(time[keep], event[keep]) ~ 1), times = 1)$surv
left_out <- sapply(1:50, function(i) 50 * at_one(1:50) - 49 * at_one(setdiff(1:50, i)))
stopifnot(max(abs(pseudo(time, event) - left_out)) < 1e-12)
study <- function(n, risk, sd, lost, shape, b) {
  location <- uniroot(function(m) integrate(function(x) dnorm(x, 0, sd) * (1 - exp(-exp(m + b * x))), -Inf, Inf,
    rel.tol = 1e-9)$value - risk, c(-20, 20), tol = 1e-10)$root
  x <- rnorm(n, 0, sd)
  fails <- (rexp(n) / exp(location + b * x))^(1 / shape)
  gone <- if (lost > 0) rexp(n, -log(1 - lost)) else rep(Inf, n)
  # Followed a little beyond the time of interest, 1.
  time <- pmin(fails, gone, 1.0001); event <- fails <= pmin(gone, 1.0001)
  fit <- survfit(Surv(time, event) ~ 1)
  s <- summary(fit, times = 1)
  index <- concordance(Surv(pmin(time, 1), event & time <= 1) ~ x, reverse = TRUE)
  of <- slope(1 - pseudo(time, event), x)
  c(of[1], n * of[2]^2, n * (s$std.err / (1 - s$surv))^2, index$concordance, n * index$var, mean(event & time <= 1))
}
settings <- data.frame(risk = c(0.2, 0.1, 0.6, 0.3, 0.3), sd = c(0.8, 1.2, 0.7, 1, 0.9), lost = c(0.3, 0, 0.2, 0.6, 0.3),
  shape = c(1, 1, 1.5, 0.7, 1), b = c(1, 1, 1, 1, 0.8))
n <- 4000; studies <- 400
cases <- lapply(seq_len(nrow(settings)), function(i) {
  s <- settings[i, ]
  drawn <- replicate(studies, study(n, s$risk, s$sd, s$lost, s$shape, s$b))
  m <- rowMeans(drawn); e <- apply(drawn, 1, sd) / sqrt(studies)
  list(risk = s$risk, lp_sd = s$sd, lost = s$lost, shape = s$shape, slope = s$b, slope_variance = m[2], slope_error = e[2],
    ln_risk_variance = m[3], ln_risk_error = e[3], c = m[4], c_error = e[4], c_variance = m[5], c_variance_error = e[5], seen = m[6])
})
# Harrell's C of a linear predictor, of pairs whose earlier event comes before the time: over the sum s and the difference d of
# two linear predictors, with m for the overall risk. At a risk near 1 all pairs count: E[1 / (1 + exp(-|D|))].
c_by_time <- function(sd, risk) {
  m <- uniroot(function(m) integrate(function(x) dnorm(x, 0, sd) * (1 - exp(-exp(m + x))), -Inf, Inf, rel.tol = 1e-10)$value - risk,
    c(-30, 30), tol = 1e-12)$root
  end <- 12 * sd
  over <- function(f) integrate(Vectorize(function(d) integrate(function(s) f(d, s) * dnorm(s, 0, sqrt(2) * sd), -end, end,
    rel.tol = 1e-9)$value * 2 * dnorm(d, 0, sqrt(2) * sd)), 0, end, rel.tol = 1e-8)$value
  sooner <- function(d, s) 1 - exp(-2 * exp(m + s / 2) * cosh(d / 2))
  over(function(d, s) sooner(d, s) / (1 + exp(-d))) / over(sooner)
}
pairs <- Map(function(sd, risk) list(sd = sd, risk = risk, c = c_by_time(sd, risk)), c(0.5, 1, 1, 1.5), c(0.3, 0.1, 0.9, 0.2))
stopifnot(abs(c_by_time(0.8, 1 - 1e-6) - 2 * integrate(function(z) dnorm(z) / (1 + exp(-sqrt(2) * 0.8 * z)), 0, Inf)$value) < 1e-4)
cat(toJSON(list(n = n, cases = cases, c_index = pairs), auto_unbox = TRUE, digits = NA), "\n", sep = "")
