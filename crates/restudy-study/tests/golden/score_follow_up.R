# The DLM score and death on the synthetic cohort of its paper: concordance, and at one year the area and the Brier score
# weighted against censoring; and what its risks add to other ones (Pencina's indices written out).
#
#     Rscript score_follow_up.R > score_follow_up.json      # R 4.2, survival, riskRegression, jsonlite
suppressMessages({library(jsonlite); library(survival); library(riskRegression)})
cohort <- read.csv("../../../../data/dlm2021/cohort.csv")
total <- (cohort$dlco < 50) + (cohort$lung > 0.45) + (cohort$node == 1)
risk <- c(0.5 / 16, 3.5 / 22, 9.5 / 17, 9.5 / 10)[total + 1]
index <- concordance(Surv(followup_days, death) ~ total, data = cohort, reverse = TRUE)
score <- Score(list(dlm = matrix(risk)), Surv(followup_days, death) ~ 1, data = cohort, times = 365, metrics = c("auc", "brier"),
  null.model = FALSE, conf.int = FALSE, cens.model = "km")
y <- cohort$group == "RP-ILD"
old <- c(2.5 / 16, 3.5 / 22, 7.5 / 17, 8.5 / 10)[total + 1]
up <- risk > old; down <- risk < old
nri <- (mean(up[y]) - mean(down[y])) - (mean(up[!y]) - mean(down[!y]))
gain <- risk - old
idi <- mean(gain[y]) - mean(gain[!y])
p <- function(value, variance) 2 * pnorm(-abs(value) / sqrt(variance))
cat(toJSON(list(concordance = unname(index$concordance), std_error = sqrt(as.numeric(index$var)),
  auc = score$AUC$score$AUC, brier = score$Brier$score$Brier, nri = nri,
  nri_p = p(nri, mean(up[y] | down[y]) / sum(y) + mean(up[!y] | down[!y]) / sum(!y)), idi = idi,
  idi_p = p(idi, var(gain[y]) / sum(y) + var(gain[!y]) / sum(!y))), auto_unbox = TRUE, digits = NA))
