# One model on data in files, with its answer, times and peak memory: R's side of models.py.
# Rscript models.R TASK REPEATS FILE...     files of little-endian doubles, in the order of examples/models.rs
suppressPackageStartupMessages(library(survival))
arguments <- commandArgs(TRUE)
task <- arguments[1]
columns <- lapply(arguments[-(1:2)], function(file) readBin(file, "double", file.size(file) / 8, endian = "little"))
named <- function(columns) as.data.frame(setNames(columns, paste0("x", seq_along(columns))))
if (task == "logistic") {
  data <- cbind(y = columns[[1]], named(columns[-1]))
  fit <- function() {
    f <- glm(y ~ ., binomial, data, epsilon = 1e-15, maxit = 50)
    c(coef(f), sqrt(diag(vcov(f))), as.numeric(logLik(f)))
  }
} else {
  data <- cbind(time = columns[[1]], event = columns[[2]], named(columns[-(1:2)]))
  fit <- function() {
    f <- coxph(Surv(time, event) ~ ., data, control = coxph.control(eps = 1e-11, iter.max = 50))
    c(coef(f), sqrt(diag(vcov(f))), f$loglik[2], f$concordance[["concordance"]], f$concordance[["std"]])
  }
}
seconds <- cpu <- numeric(0)
for (k in seq_len(as.integer(arguments[2]))) {
  start <- proc.time()
  answer <- fit()
  taken <- proc.time() - start
  seconds[k] <- taken[["elapsed"]]
  cpu[k] <- taken[["user.self"]]
}
peak <- grep("^VmHWM:", readLines("/proc/self/status"), value = TRUE)
megabytes <- as.numeric(gsub("[^0-9]", "", peak)) / 1024
numbers <- function(x) paste(sprintf("%.17g", x), collapse = ", ")
cat(sprintf("{\"answer\": [%s], \"seconds\": [%s], \"cpu\": [%s], \"megabytes\": %.0f}\n",
  numbers(answer), numbers(seconds), numbers(cpu), megabytes))
