# Writes multiplicity.json: families of p-values with their adjustments by R's p.adjust, and Storey's pi0 and q-values
# by a direct, unsorted reading of their definitions. Run: Rscript multiplicity.R > multiplicity.json
set.seed(20240611)
q_values <- function(p, pi0) {
  m <- length(p)
  sapply(p, function(x) min(sapply(p[p >= x], function(t) pi0 * m * t / sum(p <= t))))
}
pi0_at <- function(p, lambda) sum(p >= lambda) / (length(p) * (1 - lambda))
pi0_bootstrap <- function(p) {
  lambda <- (1:19) * 0.05
  m <- length(p)
  pi0 <- sapply(lambda, function(l) pi0_at(p, l))
  w <- sapply(lambda, function(l) sum(p >= l))
  error <- w / (m * (1 - lambda))^2 * (1 - w / m) + (pi0 - quantile(pi0, 0.1, type = 7))^2
  min(min(pi0[error == min(error)]), 1)
}
family <- function(name, p) {
  p <- signif(p, 15) # as many digits as toJSON writes, so that the file holds the p-values that were adjusted
  present <- p[!is.na(p)]
  case <- list(name = name, p = p)
  for (method in c("bonferroni", "holm", "hochberg", "hommel", "BY", "BH")) {
    case[[method]] <- p.adjust(p, method)
    case[[paste0(method, "_in_larger")]] <- p.adjust(p, method, n = length(present) + 5)
  }
  for (kind in c("half", "bootstrap")) {
    pi0 <- if (kind == "half") min(1, pi0_at(present, 0.5)) else pi0_bootstrap(present)
    q <- rep(NA_real_, length(p))
    if (pi0 > 0) q[!is.na(p)] <- q_values(present, pi0)
    case[[paste0("pi0_", kind)]] <- pi0
    case[[paste0("q_", kind)]] <- q
  }
  case
}
mixed <- function(n) ifelse(runif(n) < 0.4, rbeta(n, 0.2, 8), runif(n))
cases <- list(
  family("two", c(0.04, 0.03)),
  family("uniform", runif(40)),
  family("mixed", mixed(120)),
  family("ties", round(mixed(80), 2)),
  family("missing", ifelse(runif(60) < 0.3, NA, mixed(60))),
  family("tiny", c(10^-c(300, 250, 200, 100, 50, 20, 10, 5, 3, 2), runif(10))),
  family("zero and one", c(0, 0, 1e-12, 0.5, 1, 1, 0.05, 0.0499999)),
  family("close to a line", (1:50) / 50 * 0.2 + runif(50) * 1e-9)
)
for (k in 1:40) cases[[length(cases) + 1]] <- family(paste("random", k), mixed(sample(3:30, 1))^sample(1:4, 1))
cat(jsonlite::toJSON(
  list(generated_with = paste("R", getRversion()), cases = cases),
  auto_unbox = TRUE, digits = NA, na = "null", null = "null"
), "\n")
