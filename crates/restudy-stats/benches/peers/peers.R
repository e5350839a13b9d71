# One computation on data in files, with its answer and times: R's side of run.py.
# Rscript peers.R TASK REPEATS FILE...     files of little-endian doubles
arguments <- commandArgs(TRUE)
task <- arguments[1]
columns <- lapply(arguments[-(1:2)], function(file) readBin(file, "double", file.size(file) / 8, endian = "little"))
test <- list(
  student_t = function(a, b) unlist(t.test(a, b, var.equal = TRUE)[c("statistic", "p.value")]),
  mann_whitney = function(a, b) unlist(wilcox.test(a, b, exact = FALSE)[c("statistic", "p.value")]),
  mann_whitney_exact = function(a, b) unlist(wilcox.test(a, b, exact = TRUE)[c("statistic", "p.value")]),
  benjamini_hochberg = function(p) {
    adjusted <- p.adjust(p, "BH")
    c(adjusted[1], adjusted[length(p) %/% 2 + 1], sum(adjusted))
  },
  spearman = function(...) {
    rho <- cor(cbind(...), method = "spearman")
    t(rho)[lower.tri(rho)]
  }
)[[task]]
seconds <- numeric(0)
for (k in seq_len(as.integer(arguments[2]))) {
  start <- proc.time()[["elapsed"]]
  answer <- do.call(test, columns)
  seconds[k] <- proc.time()[["elapsed"]] - start
}
list <- function(numbers) paste(sprintf("%.17g", numbers), collapse = ", ")
cat(sprintf("{\"answer\": [%s], \"seconds\": [%s]}\n", list(answer), list(seconds)))
