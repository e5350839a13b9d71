# Partial areas, recalibration, smoothed calibration, maximally selected statistics.
# Rscript accuracy.R > accuracy.json   (R 4.2.2, pROC 1.18.0, rms 6.5-0, maxstat 0.7-25, jsonlite)
suppressPackageStartupMessages({library(pROC); library(rms); library(maxstat); library(jsonlite)})
set.seed(20210611)
n <- 80
y <- rbinom(n, 1, 0.4)
x <- round(rnorm(n) + 0.9 * y, 1)
p <- round(plogis(-0.7 + 1.1 * x + rnorm(n, sd = 0.4)), 3)
r <- roc(y, x, direction = "<", quiet = TRUE)
part <- function(low, high, focus) list(low = low, high = high, focus = focus,
  value = as.numeric(auc(r, partial.auc = c(high, low), partial.auc.focus = focus)),
  corrected = as.numeric(auc(r, partial.auc = c(high, low), partial.auc.focus = focus, partial.auc.correct = TRUE)))
partial <- list(part(0.8, 1, "specificity"), part(0.33, 0.71, "specificity"), part(0.9, 1, "sensitivity"),
  part(0.25, 0.6, "sensitivity"))
line <- glm(y ~ qlogis(p), family = binomial, control = glm.control(epsilon = 1e-15, maxit = 100))
line <- glm(y ~ qlogis(p), family = binomial, start = coef(line), control = glm.control(epsilon = 1e-15, maxit = 100))
lp <- qlogis(p)
unreliability <- 2 * (as.numeric(logLik(line)) - sum(y * lp - log1p(exp(lp))))
indices <- function(s) { d <- abs(s - p); c(mean(d), median(d), quantile(d, 0.9), max(d)) }
smooth <- function(s) list(fitted = unname(s), indices = unname(indices(s)))
local <- function(span, degree) c(list(span = span, degree = degree),
  smooth(fitted(loess(y ~ p, span = span, degree = degree, control = loess.control(surface = "direct")))))
limits <- function(fit, ...) { s <- predict(fit, se.fit = TRUE, ...); z <- qnorm(0.975)
  list(fit = unname(plogis(s$fit)), low = unname(plogis(s$fit - z * s$se.fit)), high = unname(plogis(s$fit + z * s$se.fit))) }
spline <- function(k) { fit <- glm(y ~ rcs(lp, k), family = binomial, control = glm.control(epsilon = 1e-15, maxit = 100))
  # Once more from there: the covariance is that of the last step.
  fit <- glm(y ~ rcs(lp, k), family = binomial, start = coef(fit), control = glm.control(epsilon = 1e-15, maxit = 100))
  c(list(knots = k), smooth(fitted(fit)), limits(fit)[c("low", "high")]) }
grid <- c(0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98)
band <- c(list(predicted = grid), limits(line, newdata = data.frame(p = grid)))
# The greatest Pearson chi-square over cut-offs that leave a tenth of the people on either side.
cuts <- sort(unique(x))
share <- sapply(cuts, function(cut) mean(x >= cut))
cuts <- cuts[share >= 0.1 & share <= 0.9]
root <- max(sapply(cuts, function(cut) sqrt(suppressWarnings(chisq.test(x >= cut, y, correct = FALSE)$statistic))))
set.seed(3)
auc_limits <- as.numeric(ci.auc(r, method = "bootstrap", boot.n = 20000, progress = "none"))[c(1, 3)]
# More knots want more people.
set.seed(7)
more <- list(p = round(plogis(rnorm(400)), 3))
more$y <- rbinom(400, 1, more$p)
more$cases <- lapply(3:6, function(k) {
  s <- fitted(glm(more$y ~ rcs(qlogis(more$p), k), family = binomial, control = glm.control(epsilon = 1e-15, maxit = 100)))
  list(knots = k, fitted = unname(s))
})
out <- list(y = y, x = x, p = p, bootstrap_auc = auc_limits, partial = partial,
  recalibration = list(coef = unname(coef(line)), se = unname(sqrt(diag(vcov(line)))), chi_square = unreliability,
    band = band),
  loess = list(local(0.75, 2), local(0.5, 1), local(1, 2)), spline = list(spline(3), spline(4)), more_spline = more,
  greatest_root = root, miller_siegmund = pLausen92(root, minprop = 0.1, maxprop = 0.9))
cat(toJSON(out, digits = I(17), auto_unbox = TRUE, na = "null"), "\n", sep = "")
