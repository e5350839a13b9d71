# One computation on data in files, with its answer and times: R's side of survival_accuracy.py.
# Rscript survival_accuracy.R TASK REPEATS FILE...     files of little-endian doubles
suppressPackageStartupMessages({library(survival); library(pROC); library(rms)})
arguments <- commandArgs(TRUE)
task <- arguments[1]
columns <- lapply(arguments[-(1:2)], function(file) readBin(file, "double", file.size(file) / 8, endian = "little"))
curve <- function(cases, controls) roc(controls = controls, cases = cases, direction = "<", quiet = TRUE)
run <- base::list(
  kaplan_meier = function(time, event) {
    fit <- survfit(Surv(time, event) ~ 1)
    c(sum(fit$surv), quantile(fit, 0.5)$quantile)
  },
  log_rank = function(time, event, group) survdiff(Surv(time, event) ~ group)$chisq,
  auc_delong = function(cases, controls) {
    r <- curve(cases, controls)
    c(as.numeric(auc(r)), sqrt(var(r, method = "delong")))
  },
  youden_bootstrap = function(cases, controls) {
    r <- curve(cases, controls)
    best <- coords(r, "best", best.method = "youden", ret = c("threshold", "youden"), transpose = FALSE)
    ci.coords(r, "best", best.method = "youden", best.policy = "random", boot.n = 1000, progress = "none",
      ret = c("threshold", "sensitivity", "specificity"))
    c(best$threshold[1], best$youden[1] - 1)
  },
  optimism = function(a, event, b, c) {
    fit <- lrm(event ~ a + b + c, x = TRUE, y = TRUE, tol = 1e-14, eps = 1e-12)
    v <- validate(fit, B = 200)
    v[c("Dxy", "R2", "B"), "index.orig"]
  }
)[[task]]
seconds <- cpu <- numeric(0)
set.seed(1)
for (k in seq_len(as.integer(arguments[2]))) {
  start <- proc.time()
  answer <- suppressWarnings(do.call(run, columns))
  taken <- proc.time() - start
  seconds[k] <- taken[["elapsed"]]
  cpu[k] <- taken[["user.self"]]
}
numbers <- function(x) paste(sprintf("%.17g", x), collapse = ", ")
cat(sprintf("{\"answer\": [%s], \"seconds\": [%s], \"cpu\": [%s]}\n", numbers(answer), numbers(seconds), numbers(cpu)))
