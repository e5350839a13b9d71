# Writes hodges_lehmann.json: Rscript hodges_lehmann.R
# Hodges-Lehmann shift and pseudomedian, by sorting every pairwise difference or average.
#   exact_*: stats::wilcox.test(exact = TRUE, conf.int = TRUE); null where values are tied, as R gives none.
#   asymptotic_*: the jump of R's asymptotic criterion, wilcox.test(exact = FALSE, conf.int = TRUE, tol.root = 1e-13),
#   with and without continuity correction, snapped to the nearest pairwise difference or average (R's root-finder ends
#   within its tolerance of the jump).
options(warn = -1)
snap <- function(limit, all) { near <- all[which.min(abs(all - limit))]; stopifnot(abs(near - limit) < 1e-9 * max(1, abs(limit))); near }
limits <- function(test, all) if (is.null(all)) test$conf.int[1:2] else c(snap(test$conf.int[1], all), snap(test$conf.int[2], all))
intervals <- function(run, all, tied, level, below) {
  out <- list()
  if (!tied) {
    w <- run(exact = TRUE, conf.level = level, correct = FALSE); out$exact <- limits(w, all)
    # R's own attribute keeps two digits of 1 - level
    out$exact_coverage <- 1 - 2 * below(which(all == out$exact[1])[1] - 1)
  }
  out$asymptotic_continuity <- limits(run(exact = FALSE, conf.level = level, correct = TRUE), all)
  out$asymptotic <- limits(run(exact = FALSE, conf.level = level, correct = FALSE), all)
  out
}
shift <- function(id, x, y, level = .95) {
  all <- sort(outer(x, y, "-")); tied <- anyDuplicated(c(x, y)) > 0
  run <- function(...) wilcox.test(x, y, conf.int = TRUE, tol.root = 1e-13, ...)
  c(list(id = id, first = x, second = y, level = level, estimate = median(all)), intervals(run, all, tied, level, function(q) pwilcox(q, length(x), length(y))))
}
pseudomedian <- function(id, d, level = .95) {
  walsh <- outer(d, d, "+") / 2; all <- sort(walsh[lower.tri(walsh, diag = TRUE)]); tied <- anyDuplicated(abs(d)) > 0
  run <- function(...) wilcox.test(d, conf.int = TRUE, tol.root = 1e-13, ...)
  c(list(id = id, values = d, level = level, estimate = median(all)), intervals(run, all, tied, level, function(q) psignrank(q, length(d))))
}
set.seed(7)
normal <- function(n, m = 0, s = 1) round(rnorm(n, m, s), 6)
shifts <- list(
  # Hollander and Wolfe (1973), page 69: permeability of the chorioamnion
  shift("permeability", c(0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46), c(1.15, 0.88, 0.90, 0.74, 1.21)),
  shift("small", c(1.1, 3.2, 4.5, 9.7), c(0.3, 2.2, 2.9, 5.1, 6.4)),
  shift("ninety", normal(21, 1), normal(17), .9),
  shift("ninety_nine", normal(30, 0.4, 2), normal(34), .99),
  shift("tied", c(3, 5, 5, 7, 8, 8, 9, 12), c(1, 2, 2, 3, 5, 6, 6, 6, 7)),
  shift("sixty", normal(60, 0.3), normal(61)))
medians <- list(
  # Hollander and Wolfe (1973), page 29, in thousandths
  pseudomedian("depression", c(878, 647, 598, 2050, 1060, 1290, 1060, 3140, 1290) - c(1830, 500, 1620, 2480, 1680, 1880, 1550, 3060, 1300)),
  pseudomedian("ten", normal(10, 0.5)),
  pseudomedian("ninety", normal(25, 0.2), .9),
  pseudomedian("tied", c(-3, 1, 1, 2, 4, 4, 4, 7, 9, 11)),
  pseudomedian("sixty", normal(60, 0.3)))

number <- function(x) if (is.character(x)) paste0('"', x, '"') else {
  s <- ifelse(is.infinite(x), sprintf('"%s"', ifelse(x > 0, "Inf", "-Inf")), sprintf("%.17g", x)); if (length(x) == 1) s else paste0("[", paste(s, collapse = ", "), "]") }
json <- function(x, pad = "") if (!is.list(x)) number(x) else if (is.null(names(x))) paste0("[\n", paste0(pad, "  ", vapply(x, json, "", pad = paste0(pad, "  ")), collapse = ",\n"), "\n", pad, "]") else
  paste0("{\n", paste0(pad, '  "', names(x), '": ', vapply(x, json, "", pad = paste0(pad, "  ")), collapse = ",\n"), "\n", pad, "}")
writeLines(json(list(generated_with = paste0("R ", getRversion()), precision = "1e-15", shifts = shifts, pseudomedians = medians)), "hodges_lehmann.json")
