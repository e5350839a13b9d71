# Writes wilcoxon_signed_rank.json: Rscript wilcoxon_signed_rank.R
# Signed-rank tests of differences with and without ties and zeros.
#   wilcoxon_*: zeros dropped before ranking.  pratt_*: zeros ranked, then dropped.
#   exact_*: every assignment of signs to the mid-ranks at hand, counted as integers of doubled ranks (here, by
#   convolution in R; agrees with coin and exactRankTests, which is checked below).
#   normal_*: stats::wilcox.test (Wilcoxon's rule) and coin::wilcoxsign_test (Pratt's, without continuity correction).
suppressMessages({ library(coin); library(exactRankTests) })

tails <- function(ranks, positive) {
  doubled <- as.integer(round(2 * ranks)); ways <- 1
  for (r in doubled) ways <- c(ways, rep(0, r)) / 2 + c(rep(0, r), ways) / 2
  at <- round(2 * positive); sums <- seq_along(ways) - 1
  list(less = sum(ways[sums <= at]), greater = sum(ways[sums >= at]))
}
rule <- function(d, zeros) {
  if (zeros == "wilcoxon") { d <- d[d != 0]; ranks <- rank(abs(d)); values <- d }
  else { ranks <- rank(abs(d))[d != 0]; values <- d[d != 0] }
  list(ranks = ranks, v = sum(ranks[values > 0]), values = values)
}
case <- function(id, d) {
  out <- list(id = id, differences = d)
  for (zeros in c("wilcoxon", "pratt")) {
    s <- rule(d, zeros); p <- tails(s$ranks, s$v); two <- min(1, 2 * min(p$less, p$greater))
    g <- coin::wilcoxsign_test(d ~ rep(0, length(d)), zero.method = if (zeros == "pratt") "Pratt" else "Wilcoxon")
    z <- unname(statistic(g, "standardized")[1])
    stopifnot(abs(z - (s$v - sum(s$ranks) / 2) / sqrt(sum(s$ranks^2) / 4)) < 1e-12)
    if (length(s$ranks) <= 60) {
      e <- coin::wilcoxsign_test(d ~ rep(0, length(d)), zero.method = if (zeros == "pratt") "Pratt" else "Wilcoxon", distribution = "exact")
      stopifnot(abs(as.numeric(pvalue(e)) / two - 1) < 1e-9)
    }
    out[[zeros]] <- list(n_used = length(s$ranks), v = s$v, exact_two_sided = two, exact_less = p$less,
      exact_greater = p$greater, z = z, normal_two_sided = 2 * pnorm(-abs(z)), normal_less = pnorm(z),
      normal_greater = pnorm(z, lower.tail = FALSE))
    if (zeros == "wilcoxon") {
      w <- function(alternative) suppressWarnings(wilcox.test(d, exact = FALSE, correct = TRUE, alternative = alternative)$p.value)
      stopifnot(abs(exactRankTests::wilcox.exact(d[d != 0], exact = TRUE)$p.value / two - 1) < 1e-8)
      out[[zeros]]$continuity_two_sided <- w("two.sided"); out[[zeros]]$continuity_less <- w("less")
      out[[zeros]]$continuity_greater <- w("greater")
    }
  }
  out
}

set.seed(20)
cases <- list(
  # Hollander and Wolfe (1973), page 29: Hamilton depression scale, second visit minus first, in thousandths
  case("depression", c(878, 647, 598, 2050, 1060, 1290, 1060, 3140, 1290) - c(1830, 500, 1620, 2480, 1680, 1880, 1550, 3060, 1300)),
  case("untied", c(11, -3, 7, 22, -5, 14, 31, -2, 9, 17, -12, 26)),
  case("ties", c(3, 3, -1, 2, 2, 2, -2, 5, 5, -3, 1, 4, 7, -1)),
  case("ties_and_zeros", c(0, 0, 3, -1, 2, 0, 2, -2, 5, 5, -3, 1, 0, 4, 6)),
  case("mostly_zeros", c(rep(0, 20), 1, 2, 2, -1, 3, 4)),
  case("all_positive", c(1, 2, 2, 3, 5, 8, 8, 8, 13)),
  case("forty", c(sample(-4:9, 40, TRUE))),
  case("one_hundred", c(sample(-9:14, 100, TRUE))),
  case("far_tail", c(seq(2, 120, 2), -1)))

number <- function(x) if (is.character(x)) paste0('"', x, '"') else {
  s <- sprintf("%.17g", x); if (length(x) == 1) s else paste0("[", paste(s, collapse = ", "), "]") }
json <- function(x, pad = "") if (!is.list(x)) number(x) else if (is.null(names(x))) paste0("[\n", paste0(pad, "  ", vapply(x, json, "", pad = paste0(pad, "  ")), collapse = ",\n"), "\n", pad, "]") else
  paste0("{\n", paste0(pad, '  "', names(x), '": ', vapply(x, json, "", pad = paste0(pad, "  ")), collapse = ",\n"), "\n", pad, "}")
writeLines(json(list(
  generated_with = paste0("R ", getRversion(), ", coin ", packageVersion("coin"), ", exactRankTests ", packageVersion("exactRankTests")),
  precision = "1e-13", cases = cases)), "wilcoxon_signed_rank.json")
