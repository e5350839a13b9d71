# A points score derived again on 25 resamples, in R: wilcox.test, chisq.test and fisher.test, p.adjust, cut-offs by Youden's
# index over all cuts, Firth's regression by maximising its penalised likelihood, glm for the calibration.
#
#     Rscript pipeline_validation.R > pipeline_validation.json      # R 4.2, jsonlite
library(jsonlite)
set.seed(20210705)
n <- 45
outcome <- c(rep(TRUE, 16), rep(FALSE, 29))
shift <- function(by, sd = 1, digits = 1) round(rnorm(n, ifelse(outcome, by, 0), sd), digits)
x <- data.frame(a = shift(1.2), b = shift(-1), c = shift(0), d = shift(0.9, digits = 0))
yes <- function(p, q) runif(n) < ifelse(outcome, p, q)
z <- data.frame(e = yes(0.7, 0.25), f = yes(0.3, 0.3), g = yes(0.35, 0.03))
decimals <- list(a = 1, b = NA, c = NA, d = NA, e = NA, f = NA, g = NA)
data <- cbind(x, z)
items <- 3

screen <- function(values, y) {
  if (length(unique(values)) < 2) return(1)
  if (is.logical(values)) {
    table <- table(factor(values, c(FALSE, TRUE)), factor(y, c(FALSE, TRUE)))
    expected <- outer(rowSums(table), colSums(table)) / sum(table)
    if (min(expected) < 5) fisher.test(table)$p.value else chisq.test(table, correct = FALSE)$p.value
  } else suppressWarnings(wilcox.test(values[y], values[!y], exact = FALSE, correct = FALSE)$p.value)
}
best_cut <- function(values, y) {
  values <- as.numeric(values)
  higher <- mean(outer(values[y], values[!y], ">") + outer(values[y], values[!y], "==") / 2) >= 0.5
  levels <- sort(unique(values))
  cuts <- (head(levels, -1) + tail(levels, -1)) / 2
  index <- sapply(cuts, function(cut) {
    positive <- if (higher) values > cut else values < cut
    sum(positive & y) * sum(!y) + sum(!positive & !y) * sum(y)
  })
  list(cut = cuts[which.max(index)], higher = higher)
}
firth <- function(total, y) {
  if (length(unique(total)) < 2) return(c(log((sum(y) + 0.5) / (sum(!y) + 0.5)), 0))
  X <- cbind(1, total)
  penalised <- function(beta) {
    eta <- drop(X %*% beta); p <- plogis(eta)
    sum(plogis(ifelse(y, eta, -eta), log.p = TRUE)) + as.numeric(determinant(t(X) %*% (X * (p * (1 - p))))$modulus) / 2
  }
  beta <- c(0, 0)
  for (i in 1:200) {                                  # Firth's modified score
    p <- plogis(drop(X %*% beta)); W <- p * (1 - p); info <- t(X) %*% (X * W)
    h <- W * rowSums((X %*% solve(info)) * X)
    step <- drop(solve(info, t(X) %*% (y - p + h * (0.5 - p))))
    while (penalised(beta + step) < penalised(beta) - 1e-13) step <- step / 2
    beta <- beta + step
    if (max(abs(step)) < 1e-13) break
  }
  beta
}
derive <- function(rows) {
  y <- outcome[rows]
  p <- sapply(data[rows, ], screen, y = y)
  adjusted <- p.adjust(p, "BH")
  chosen <- names(sort(p[adjusted < 0.05]))           # stable: ties stay in the order of the columns
  chosen <- head(chosen, items)
  rules <- lapply(chosen, function(name) {
    best <- best_cut(data[rows, name], y)
    scaled <- best$cut * 10^decimals[[name]]            # half away from zero, where round() goes to the even digit
    if (!is.na(scaled)) best$cut <- sign(scaled) * floor(abs(scaled) + 0.5) / 10^decimals[[name]]
    c(list(name = name), best)
  })
  total <- rep(0, n)
  for (rule in rules) {
    v <- as.numeric(data[[rule$name]])
    total <- total + (if (rule$higher) v > rule$cut else v < rule$cut)
  }
  threshold <- if (length(unique(total[rows])) > 1) ceiling(best_cut(total[rows], y)$cut) else length(rules) + 1
  line <- firth(total[rows], y)
  list(p = p, rules = rules, total = total, threshold = threshold, line = line)
}
judge <- function(score, rows) {
  y <- outcome[rows]
  if (all(y) || !any(y)) return(NULL)
  total <- score$total[rows]; lp <- score$line[1] + score$line[2] * total; risk <- plogis(lp)
  auc <- mean(outer(lp[y], lp[!y], ">") + outer(lp[y], lp[!y], "==") / 2)
  positive <- total >= score$threshold
  overlap <- min(lp[y]) < max(lp[!y]) && min(lp[!y]) < max(lp[y])
  line <- if (overlap) unname(coef(glm(y ~ lp, binomial, control = list(epsilon = 1e-15, maxit = 200)))) else NULL
  list(auc = auc, sensitivity = mean(positive[y]), specificity = mean(!positive[!y]), brier = mean((risk - y)^2),
       line = line)
}
resamples <- lapply(1:25, function(b) sample(n, n, TRUE))
whole <- derive(1:n)
replicates <- lapply(resamples, function(rows) {
  score <- derive(rows)
  list(items = lapply(score$rules, function(rule) list(name = rule$name, cut = rule$cut, higher = rule$higher)),
       threshold = score$threshold, line = score$line,
       resample = judge(score, rows), original = judge(score, 1:n), left_out = judge(score, setdiff(1:n, rows)))
})
counts <- lapply(resamples, tabulate, nbins = n)
cat(toJSON(list(outcome = outcome, data = as.list(data), counts = counts, p = whole$p,
                items = lapply(whole$rules, function(rule) rule), total = whole$total, threshold = whole$threshold,
                line = whole$line, apparent = judge(whole, 1:n), replicates = replicates),
           auto_unbox = TRUE, digits = NA, null = "null"))
