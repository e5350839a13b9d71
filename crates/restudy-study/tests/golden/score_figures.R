# What the report of the DLM score on the synthetic cohort of its paper draws: the calibration line with its band, net
# benefit, survival by total; and the best cut-off on these patients.
#
#     Rscript score_figures.R > score_figures.json      # R 4.2, survival, jsonlite
suppressMessages({library(jsonlite); library(survival)})
cohort <- read.csv("../../../../data/dlm2021/cohort.csv")
y <- cohort$group == "RP-ILD"
total <- (cohort$dlco < 50) + (cohort$lung > 0.45) + (cohort$node == 1)
risk <- c(0.5 / 16, 3.5 / 22, 9.5 / 17, 9.5 / 10)[total + 1]
lp <- qlogis(risk)
line <- glm(y ~ lp, family = binomial, control = list(epsilon = 1e-15, maxit = 100))
line <- glm(y ~ lp, family = binomial, start = coef(line), control = list(epsilon = 1e-15, maxit = 100))
# At the ends of the drawn line, and at its middle.
at <- c(min(risk), (min(risk) + max(risk)) / 2, max(risk))
s <- predict(line, newdata = data.frame(lp = qlogis(at)), se.fit = TRUE)
z <- qnorm(0.975)
thresholds <- c(0, 0.15, 0.33, 0.62, 0.95)
benefit <- sapply(thresholds, function(t) (sum(risk >= t & y) - sum(risk >= t & !y) * t / (1 - t)) / length(y))
all <- sapply(thresholds, function(t) mean(y) - mean(!y) * t / (1 - t))
test <- survdiff(Surv(followup_days, death) ~ total, data = cohort)
j <- sapply(1:3, function(k) mean(total[y] >= k) - mean(total[!y] >= k))
best <- which.max(j)
out <- list(band = list(predicted = at, observed = unname(plogis(s$fit)), conf_low = unname(plogis(s$fit - z * s$se.fit)),
    conf_high = unname(plogis(s$fit + z * s$se.fit))),
  decision = list(threshold = thresholds, model = benefit, treat_all = all),
  histogram = list(events = as.numeric(table(factor(floor(20 * risk[y]), 0:19))),
    others = as.numeric(table(factor(floor(20 * risk[!y]), 0:19)))),
  log_rank = test$chisq, at_risk = as.numeric(table(total)), cutoff = best, youden = max(j),
  # Orders of the labels that tie with the statistic are counted.
  cutoff_p = chisq.test(total >= best, y, correct = FALSE)$p.value,
  cutoff_counted = stats:::psmirnov(max(j) - 1e-9, sizes = c(sum(y), sum(!y)), z = total, exact = TRUE, lower.tail = FALSE))
cat(toJSON(out, auto_unbox = TRUE, digits = NA), "\n", sep = "")
