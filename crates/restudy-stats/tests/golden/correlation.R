# Writes correlation.json: R's cor.test on made data, and partial correlations from the residuals of lm.
# Run: Rscript correlation.R > correlation.json
set.seed(20240612)
sides <- c("two.sided", "less", "greater")
p_values <- function(test) setNames(lapply(sides, function(side) suppressWarnings(test(side))$p.value), sides)
case <- function(name, x, y) {
  # As many digits as toJSON writes, so that the file holds the data that were tested.
  x <- signif(x, 12); y <- signif(y, 12)
  rank_test <- function(method, ...) function(side) cor.test(x, y, method = method, alternative = side, ...)
  pearson <- function(side) cor.test(x, y, alternative = side)
  two <- pearson("two.sided")
  intervals <- function(level) lapply(setNames(sides, sides), function(side) {
    cor.test(x, y, alternative = side, conf.level = level)$conf.int[1:2]
  })
  untied <- !anyDuplicated(x) && !anyDuplicated(y)
  spearman <- suppressWarnings(cor.test(x, y, method = "spearman", exact = FALSE))
  kendall <- function(continuity) suppressWarnings(
    cor.test(x, y, method = "kendall", exact = FALSE, continuity = continuity)
  )
  list(
    name = name, x = x, y = y, untied = untied,
    pearson = list(r = two$estimate[[1]], t = two$statistic[[1]], p = p_values(pearson),
                   ci95 = if (length(x) > 3) intervals(0.95), ci80 = if (length(x) > 3) intervals(0.8)),
    spearman = list(rho = spearman$estimate[[1]], s = spearman$statistic[[1]],
                    p_t = p_values(rank_test("spearman", exact = FALSE)), p_default = p_values(rank_test("spearman"))),
    kendall = list(tau = kendall(FALSE)$estimate[[1]], z = kendall(FALSE)$statistic[[1]],
                   z_continuity = kendall(TRUE)$statistic[[1]],
                   p = p_values(rank_test("kendall", exact = FALSE)),
                   p_continuity = p_values(rank_test("kendall", exact = FALSE, continuity = TRUE)),
                   p_default = p_values(rank_test("kendall")),
                   p_exact = if (untied) p_values(rank_test("kendall", exact = TRUE)))
  )
}
cases <- list()
for (n in c(4:12, 20, 35, 49, 50, 61)) for (slope in c(0, 0.7, -2)) {
  x <- rnorm(n)
  cases[[length(cases) + 1]] <- case(sprintf("untied %d %g", n, slope), x, slope * x + rnorm(n))
}
for (n in c(6, 15, 40, 120)) for (slope in c(0, 1, -3)) {
  x <- round(rnorm(n) * 2)
  while (length(unique(x)) < 2) x <- round(rnorm(n) * 2)
  cases[[length(cases) + 1]] <- case(sprintf("ties %d %g", n, slope), x, round(slope * x + 2 * rnorm(n)))
}
x <- 1e6 + runif(30)
cases[[length(cases) + 1]] <- case("far from zero", x, 3e4 - x + runif(30))

partial <- function(n, k) {
  z <- matrix(signif(rnorm(n * k), 12), n)
  x <- signif(rnorm(n) + rowSums(z), 12)
  y <- signif(0.5 * x + rnorm(n) - rowSums(z) / 2, 12)
  of <- function(x, y, z) {
    r <- cor(resid(lm(x ~ z)), resid(lm(y ~ z)))
    df <- n - 2 - k
    t <- r * sqrt(df / (1 - r^2))
    list(r = r, t = t, df = df, p = 2 * pt(-abs(t), df),
         ci95 = if (n - 3 - k > 0) tanh(atanh(r) + c(-1, 1) * qnorm(0.975) / sqrt(n - 3 - k)))
  }
  c(list(x = x, y = y, z = lapply(seq_len(k), function(j) z[, j]), values = of(x, y, z)),
    list(ranks = of(rank(x), rank(y), apply(z, 2, rank))))
}
grouped <- function(n1, n0) {
  with <- signif(rnorm(n1, 0.8), 12); without <- signif(rnorm(n0), 12)
  test <- function(side) cor.test(c(with, without), rep(1:0, c(n1, n0)), alternative = side)
  two <- test("two.sided")
  list(with = with, without = without, r = two$estimate[[1]], t = two$statistic[[1]], p = p_values(test),
       ci95 = two$conf.int[1:2])
}
line <- function(x, y, level) {
  x <- signif(x, 12); y <- signif(y, 12)
  fit <- lm(y ~ x)
  at <- signif(c(min(x) - 1, median(x), mean(x), max(x) * 2), 12)
  band <- predict(fit, data.frame(x = at), interval = "confidence", level = level)
  list(x = x, y = y, level = level, intercept = coef(fit)[[1]], slope = coef(fit)[[2]], residual_sd = sigma(fit),
       at = at, mean = band[, "fit"], low = band[, "lwr"], high = band[, "upr"])
}
x <- rnorm(40, 12, 3)
lines <- list(line(c(1, 2, 4), c(3, 3.5, 9), 0.95), line(x, 30 - 2 * x + rnorm(40), 0.95),
              line(round(x), 0.1 * x + rnorm(40), 0.9), line(1e-9 * x, 1e7 * rnorm(40), 0.99),
              line(x, rep(1:2, 20), 0.95))
cat(jsonlite::toJSON(
  list(generated_with = paste("R", getRversion()), cases = cases,
       partial = list(partial(8, 1), partial(20, 2), partial(60, 5), partial(12, 8)),
       point_biserial = list(grouped(2, 3), grouped(10, 14), grouped(40, 6), grouped(150, 150)),
       lines = lapply(lines, lapply, unname)),
  auto_unbox = TRUE, digits = NA, null = "null"
), "\n")
