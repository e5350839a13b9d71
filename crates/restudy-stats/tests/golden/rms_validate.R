# rms::validate and rms::val.prob themselves: a logistic model of a real cohort of 64, of a real one of 623 (recurrence within
# two years, of those followed so long), and of the reconstructed one. validate draws its resamples by `sample`; here that is
# given those of restudy (rms_validate.py).
#
#     python3 rms_validate.py > draws.json && Rscript rms_validate.R draws.json > rms_validate.json
#     # R 4.2.2, rms 6.5-0, jsonlite
suppressPackageStartupMessages({library(rms); library(jsonlite)})
draws <- fromJSON(commandArgs(TRUE)[1])
root <- "../../../../data/"
cmv <- read.csv(paste0(root, "cmv/cmv.csv"))
gbsg2 <- read.csv(paste0(root, "gbsg2/gbsg2.csv"))
early <- ifelse(gbsg2$cens == 1 & gbsg2$time <= 2 * 365.25, 1, ifelse(gbsg2$time > 2 * 365.25, 0, NA))
known <- !is.na(early)
dlm <- read.csv(paste0(root, "dlm2021/cohort.csv"))
cohorts <- list(
  cmv = data.frame(y = cmv$cmv, a = cmv$aKIRs, b = cmv$CD34.dose, c = cmv$sex),
  gbsg2 = data.frame(y = early, a = gbsg2$tsize, b = log1p(gbsg2$pnodes), c = as.numeric(gbsg2$tgrade == "III"))[known, ],
  dlm2021 = data.frame(y = as.numeric(dlm$group == "RP-ILD"), a = dlm$age, b = dlm$fvc, c = dlm$node))
validated <- function(d) {
  counts <- lapply(strsplit(draws[[as.character(nrow(d))]], ""), as.integer)
  place <- 0
  # The functions of rms in a room where `sample` has these resamples.
  room <- new.env(parent = asNamespace("rms"))
  room$sample <- function(x, ...) { place <<- place + 1; rep(seq_along(counts[[place]]), counts[[place]]) }
  room$predab.resample <- rms::predab.resample; environment(room$predab.resample) <- room
  validate <- rms:::validate.lrm; environment(validate) <- room
  dd <<- datadist(d); options(datadist = "dd")
  fit <- lrm(y ~ a + b + c, data = d, x = TRUE, y = TRUE, tol = 1e-15, eps = 1e-12, maxit = 100)
  v <- validate(fit, B = length(counts), eps = 1e-12, maxit = 100, tol = 1e-15)
  stopifnot(place == length(counts))
  row <- function(name) unname(v[name, c("index.orig", "training", "test", "optimism", "index.corrected")])
  # The model made on the first half, on the second.
  half <- seq_len(nrow(d)) <= nrow(d) / 2
  made <- lrm(y ~ a + b + c, data = d[half, ], tol = 1e-15, eps = 1e-12, maxit = 100)
  p <- plogis(predict(made, d[!half, ])); y <- d$y[!half]
  prob <- suppressWarnings(val.prob(p, y, pl = FALSE))
  list(y = d$y, a = d$a, b = d$b, c = d$c, dxy = row("Dxy"), r2 = row("R2"), intercept = row("Intercept"), slope = row("Slope"),
    brier = row("B"), external = list(p = unname(p), y = y, area = unname(prob["C (ROC)"]), brier = unname(prob["Brier"]),
      intercept = unname(prob["Intercept"]), slope = unname(prob["Slope"]), r2 = unname(prob["R2"])))
}
cat(toJSON(lapply(cohorts, validated), digits = I(17), auto_unbox = TRUE), "\n", sep = "")
