# Exact ties, residuals, robust standard errors, profile limits and selection of Cox models.
# Rscript cox.R > cox.json   (R 4.2.2, survival 3.5-3, jsonlite; data by R's generator, seed 20250317)
suppressPackageStartupMessages({library(survival); library(jsonlite)})
set.seed(20250317)
n <- 70
d <- data.frame(a = round(rnorm(n), 2), b = round(rnorm(n), 2), c = round(runif(n), 2), g = factor(sample(0:2, n, TRUE)))
d$entry <- sample(0:3, n, TRUE)
d$time <- d$entry + ceiling(8 * rexp(n) * exp(-0.6 * d$a - 0.5 * (d$g == 2)))
d$event <- rbinom(n, 1, 0.8)
d$weight <- round(runif(n, 0.5, 3), 2)
d$stratum <- rep(0:1, length.out = n)
d$cluster <- sample(0:24, n, TRUE)
d$row <- seq_len(n)
ctl <- coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100)
fit <- function(f) coxph(f, d, control = ctl)
d$late <- Surv(d$entry, d$time, d$event)
d$start <- Surv(d$time, d$event)

exact <- function(f) {
  list(coef = unname(f$coefficients), vcov = unname(f$var), loglik = f$loglik, score = unname(f$score),
    martingale = unname(f$residuals))
}
residuals_of <- function(ties) {
  f <- coxph(late ~ a + b + strata(stratum), d, control = ctl, ties = ties, weights = weight, robust = FALSE)
  of <- function(type) unname(residuals(f, type))
  r <- coxph(late ~ a + b + strata(stratum), d, control = ctl, ties = ties, weights = weight, cluster = cluster)
  own <- coxph(late ~ a + b + strata(stratum), d, control = ctl, ties = ties, weights = weight, cluster = row)
  list(schoenfeld = of("schoenfeld"), scaled = of("scaledsch"), score = of("score"), dfbeta = of("dfbeta"),
    coef = unname(coef(r)), cluster_vcov = unname(vcov(r)), cluster_wald = unname(r$wald.test), row_vcov = unname(vcov(own)))
}
full <- fit(start ~ a + b + g)
# The other coefficients follow a held one through an offset.
held <- function(name, value, ties = "efron") {
  others <- setdiff(c("a", "b", "g"), name)
  d$held <- value * d[[name]]
  coxph(reformulate(c(others, "offset(held)"), response = quote(start)), d, control = ctl, ties = ties)$loglik[2]
}
limits <- function(name) {
  root <- function(x) 2 * (full$loglik[2] - held(name, x)) - qchisq(0.95, 1)
  b <- coef(full)[[name]]; s <- sqrt(vcov(full)[name, name])
  c(uniroot(root, c(b - 4 * s, b), tol = 1e-13)$root, uniroot(root, c(b, b + 4 * s), tol = 1e-13)$root,
    2 * (full$loglik[2] - held(name, 0)))
}
drop <- drop1(full, test = "Chisq")
path <- function(s) { k <- s$anova; list(terms = sub("^[+-] ", "", k$Step[-1]), aic = k$AIC[-1]) }
none <- fit(start ~ 1)
all <- ~ a + b + c + g
forward <- step(none, scope = all, direction = "forward", trace = 0)
backward <- step(fit(start ~ a + b + c + g), direction = "backward", trace = 0)
alone <- list(a = fit(start ~ a), b = fit(start ~ b), c = fit(start ~ c), g = fit(start ~ g))
# Rao's score of b and of g in a model of a: no step from its estimate.
enters <- function(f, init) unname(coxph(f, d, init = init, control = coxph.control(iter.max = 0))$score)
a <- coef(alone$a)
out <- list(a = d$a, b = d$b, c = d$c, g = as.integer(as.character(d$g)), entry = d$entry, time = d$time, event = d$event,
  weight = d$weight, stratum = d$stratum, cluster = d$cluster,
  exact = exact(coxph(start ~ a + b, d, control = ctl, ties = "exact")),
  exact_late = exact(coxph(late ~ a + b, d, control = ctl, ties = "exact")), efron = residuals_of("efron"), breslow = residuals_of("breslow"),
  profile_a = limits("a"), profile_b = limits("b"),
  drop_chi2 = drop$LRT[-1], drop_p = drop$`Pr(>Chi)`[-1],
  wald_g = { i <- grep("^g", names(coef(full))); b <- coef(full)[i]; c(b %*% solve(vcov(full)[i, i], b)) },
  forward = path(forward), backward = path(backward),
  alone_lr = sapply(alone, function(f) 2 * diff(f$loglik)), alone_wald = sapply(alone, function(f) unname(f$wald.test)),
  alone_score = sapply(alone, function(f) unname(f$score)),
  enters_b = enters(start ~ a + b, c(a, 0)), enters_g = enters(start ~ a + g, c(a, 0, 0)))
cat(toJSON(out, digits = I(17), auto_unbox = TRUE, na = "null", pretty = 1), "\n", sep = "")
