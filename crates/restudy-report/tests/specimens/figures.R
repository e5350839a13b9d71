# The ledger that figures are tried on: published data, every number from R.
#
#   Rscript figures.R FOLDER_OF_GOLDEN_DATA > figures.json
#
# lung (Loprinzi et al. 1994) and wdbc (Wolberg et al. 1995) as in restudy-conformance/golden/data; the score is that of
# "The lungs were on fire" (2021), Table 2.
suppressMessages({ library(survival); library(pROC); library(cmprsk); library(jsonlite) })
folder <- commandArgs(TRUE)[1]
rows <- list(); series <- list()
row <- function(analysis, variable, stat, value, context = "test", ...) {
  rows[[length(rows) + 1]] <<- c(list(analysis = analysis, context = context, variable = variable),
    list(...), list(stat = stat, value = if (is.na(value)) NA else if (is.infinite(value)) sprintf("%sInf", if (value < 0) "-" else "") else value))
}
curve <- function(analysis, kind, columns, ...) {
  columns <- Map(function(name, entries) list(name = name, entries = I(unname(entries))), names(columns), columns)
  series[[length(series) + 1]] <<- c(list(analysis = analysis, kind = kind), list(...), list(columns = unname(columns)))
}
analysis <- function(id, kind, title, ..., groups = list()) c(list(id = id, kind = kind, title = title, groups = groups,
  ungrouped = 0, overall = FALSE, rows = list(), denominator = "known", alpha = 0.05), list(...))
variable <- function(name, label, kind, unit = NULL, decimals = NULL) {
  v <- list(name = name, label = label, kind = kind)
  if (!is.null(unit)) v$unit <- unit
  if (!is.null(decimals)) v$decimals <- decimals
  v
}
group <- function(label, n) list(label = label, n = n)

# Survival by sex.
lung <- read.csv(file.path(folder, "lung.csv")); names(lung) <- gsub("_", ".", names(lung))
lung$death <- if (max(lung$status) == 2) lung$status - 1 else lung$status
lung$sex <- factor(lung$sex, 1:2, c("Male", "Female"))
fit <- survfit(Surv(time, death) ~ sex, lung, conf.type = "log-log")
times <- seq(0, 1000, 200)
for (k in 1:2) {
  s <- summary(fit[k], censored = TRUE); label <- levels(lung$sex)[k]
  curve("survival", "survival-curve", list(time = c(0, s$time), survival = c(1, s$surv), conf_low = c(1, s$lower),
    conf_high = c(1, s$upper), at_risk = c(s$n, s$n.risk), events = c(0, s$n.event), censored = c(0, s$n.censor)),
    variable = "time", group = label)
  own <- lung[lung$sex == label, ]
  curve("survival", "risk-table", list(time = times, at_risk = sapply(times, function(t) sum(own$time >= t)),
    events = sapply(times, function(t) sum(own$death[own$time <= t]))), variable = "time", group = label)
  table <- summary(fit)$table[k, ]
  row("survival", "time", "n", nrow(own), group = label); row("survival", "time", "events", sum(own$death), group = label)
  row("survival", "time", "median_survival", table[["median"]], group = label)
  row("survival", "time", "conf_low", table[["0.95LCL"]], group = label, of = "median_survival")
  row("survival", "time", "conf_high", table[["0.95UCL"]], group = label, of = "median_survival")
}
row("survival", "time", "p_value", survdiff(Surv(time, death) ~ sex, lung)$pvalue, procedure = "log_rank")

# Deaths of the fitter and of the sicker, which compete, by sex.
known <- lung[!is.na(lung$ph.ecog), ]; kinds <- c("Death of the fitter (ECOG 0 or 1)", "Death of the sicker (ECOG 2 or 3)")
known$cause <- known$death * ifelse(known$ph.ecog > 1, 2, 1)
fit <- survfit(Surv(time, factor(cause, 0:2)) ~ sex, known, conf.type = "log")
for (g in 1:2) {
  label <- levels(known$sex)[g]; own <- known[known$sex == label, ]; at <- summary(fit[g, ], times = 365)
  row("incidence", "time", "n", nrow(own), "missingness", group = label)
  for (k in 1:2) {
    s <- summary(fit[g, ], censored = TRUE); kept <- which(s$n.event[, k + 1] > 0 | seq_along(s$time) == length(s$time))
    curve("incidence", "incidence-curve", list(time = c(0, s$time[kept]), incidence = c(0, s$pstate[kept, k + 1]),
      conf_low = c(NA, s$lower[kept, k + 1]), conf_high = c(NA, s$upper[kept, k + 1]), events = c(0, s$n.event[kept, k + 1])),
      variable = "time", level = kinds[k], group = label)
    row("incidence", "time", "events", sum(own$cause == k), "summary", level = kinds[k], group = label)
    row("incidence", "time", "cumulative_incidence", at$pstate[, k + 1], "summary", level = kinds[k], group = label, time = 365)
    row("incidence", "time", "conf_low", at$lower[, k + 1], "summary", level = kinds[k], group = label, time = 365, of = "cumulative_incidence")
    row("incidence", "time", "conf_high", at$upper[, k + 1], "summary", level = kinds[k], group = label, time = 365, of = "cumulative_incidence")
  }
  curve("incidence", "risk-table", list(time = times, at_risk = sapply(times, function(t) sum(own$time >= t))), group = label)
}
gray <- cuminc(known$time, known$cause, known$sex)$Tests
for (k in 1:2) row("incidence", "time", "p_value", gray[k, "pv"], level = kinds[k], procedure = "gray")

# Comparison by sex.
compared <- c("age", "wt.loss", "meal.cal", "ph.karno")
for (v in compared) {
  for (g in levels(lung$sex)) {
    x <- sort(lung[lung$sex == g, v]); q <- quantile(x, c(.25, .5, .75))
    curve("table-1", "values", list(value = x), variable = v, group = g)
    row("table-1", v, "q1", q[[1]], "summary", group = g); row("table-1", v, "median", q[[2]], "summary", group = g)
    row("table-1", v, "q3", q[[3]], "summary", group = g); row("table-1", v, "mean", mean(x), "summary", group = g)
    row("table-1", v, "sd", sd(x), "summary", group = g)
  }
  a <- lung[lung$sex == "Male", v]; b <- lung[lung$sex == "Female", v]
  row("table-1", v, "p_value", suppressWarnings(wilcox.test(a, b, exact = FALSE))$p.value, procedure = "mann_whitney/normal/continuity")
  a <- a[!is.na(a)]; b <- b[!is.na(b)]
  d <- (mean(a) - mean(b)) / sqrt((var(a) + var(b)) / 2); se <- sqrt(1 / length(a) + 1 / length(b) + d^2 / (2 * (length(a) + length(b))))
  row("table-1", v, "standardized_difference", d)
  row("table-1", v, "conf_low", d - 1.96 * se, of = "standardized_difference")
  row("table-1", v, "conf_high", d + 1.96 * se, of = "standardized_difference")
}

# Markers of malignancy.
wdbc <- read.csv(file.path(folder, "wdbc.csv"))
for (v in c("mean_radius", "mean_texture", "mean_symmetry")) {
  r <- roc(wdbc$malignant, wdbc[[v]], direction = "<", quiet = TRUE); ci <- ci.auc(r)
  curve("markers", "roc-curve", list(threshold = r$thresholds, sensitivity = r$sensitivities, specificity = r$specificities), variable = v)
  best <- coords(r, "best", best.method = "youden")[1, ]
  row("markers", v, "auc", ci[[2]]); row("markers", v, "conf_low", ci[[1]], of = "auc"); row("markers", v, "conf_high", ci[[3]], of = "auc")
  row("markers", v, "cutoff", best$threshold); row("markers", v, "sensitivity", best$sensitivity); row("markers", v, "specificity", best$specificity)
}

# The score of the paper.
with <- c(0, 3, 9, 9); without <- c(15, 18, 7, 0)
for (k in 1:4) {
  row("score", "dlm", "count", with[k], "summary", level = as.character(k - 1), group = "RP-ILD")
  row("score", "dlm", "count", without[k], "summary", level = as.character(k - 1), group = "non-RP-ILD")
}
r <- roc(rep(c(1, 0), c(sum(with), sum(without))), c(rep(0:3, with), rep(0:3, without)), direction = "<", quiet = TRUE); ci <- ci.auc(r)
curve("score", "roc-curve", list(threshold = r$thresholds, sensitivity = r$sensitivities, specificity = r$specificities), variable = "dlm")
row("score", "dlm", "auc", ci[[2]]); row("score", "dlm", "conf_low", ci[[1]], of = "auc"); row("score", "dlm", "conf_high", ci[[3]], of = "auc")
row("score", "dlm", "cutoff", 2)
row("score", "dlm", "sensitivity", 18 / 21, level = ">= 2"); row("score", "dlm", "specificity", 33 / 40, level = ">= 2")

# Correlations.
measured <- c("mean_radius", "mean_texture", "mean_smoothness", "mean_symmetry", "worst_concave_points", "texture_error")
for (i in seq_along(measured)) for (j in seq_len(i - 1)) {
  one <- measured[i]; other <- measured[j]; test <- cor.test(wdbc[[one]], wdbc[[other]])
  row("correlation", one, "r", test$estimate[[1]], with = other, procedure = "pearson")
  row("correlation", one, "conf_low", test$conf.int[1], with = other, of = "r"); row("correlation", one, "conf_high", test$conf.int[2], with = other, of = "r")
  row("correlation", one, "p_value", test$p.value, with = other, procedure = "pearson")
}
few <- wdbc[1:61, ]
pair <- few[order(few$mean_radius), ]; line <- lm(worst_concave_points ~ mean_radius, pair)
at <- data.frame(mean_radius = seq(min(pair$mean_radius), max(pair$mean_radius), length.out = 41)); band <- predict(line, at, interval = "confidence")
curve("pairs", "scatter", list(x = pair$mean_radius, y = pair$worst_concave_points), variable = "worst_concave_points", with = "mean_radius")
curve("pairs", "fit", list(x = at$mean_radius, fit = band[, 1], conf_low = band[, 2], conf_high = band[, 3]), variable = "worst_concave_points", with = "mean_radius")
test <- cor.test(pair$worst_concave_points, pair$mean_radius)
row("pairs", "worst_concave_points", "r", test$estimate[[1]], with = "mean_radius", procedure = "pearson")
row("pairs", "worst_concave_points", "conf_low", test$conf.int[1], with = "mean_radius", of = "r"); row("pairs", "worst_concave_points", "conf_high", test$conf.int[2], with = "mean_radius", of = "r")
row("pairs", "worst_concave_points", "p_value", test$p.value, with = "mean_radius", procedure = "pearson")

binary <- lung[order(lung$sex, lung$age), ]; test <- cor.test(binary$age, as.numeric(binary$sex) - 1)
curve("pairs", "scatter", list(x = as.numeric(binary$sex) - 1, y = binary$age), variable = "age", with = "sex")
row("pairs", "age", "r", test$estimate[[1]], with = "sex", procedure = "point_biserial"); row("pairs", "age", "p_value", test$p.value, with = "sex")

# Proportional hazards.
lung$ecog <- factor(lung$ph.ecog); lung$age10 <- lung$age / 10
write_cox <- function(fit, model, names) {
  s <- summary(fit)
  for (k in seq_len(nrow(s$coefficients))) {
    place <- names[[rownames(s$coefficients)[k]]]; extra <- list(model = model)
    if (length(place) > 1) extra$level <- place[2]
    put <- function(stat, value, ...) do.call(row, c(list("cox", place[1], stat, value), extra, list(...)))
    put("hazard_ratio", s$conf.int[k, 1]); put("conf_low", s$conf.int[k, 3], of = "hazard_ratio")
    put("conf_high", s$conf.int[k, 4], of = "hazard_ratio"); put("p_value", s$coefficients[k, 5], of = "hazard_ratio")
  }
}
names <- list(sexFemale = c("sex", "Female"), age10 = "age", ecog1 = c("ph.ecog", "1"), ecog2 = c("ph.ecog", "2"), ecog3 = c("ph.ecog", "3"), wt.loss = "wt.loss")
for (f in c("sex", "age10", "ecog", "wt.loss")) write_cox(coxph(as.formula(paste("Surv(time, death) ~", f)), lung), "univariable", names)
multi <- coxph(Surv(time, death) ~ sex + age10 + ecog + wt.loss, lung); write_cox(multi, "multivariable", names)
row("cox", "death", "n", multi$n, model = "multivariable"); row("cox", "death", "events", multi$nevent, model = "multivariable")
for (l in levels(lung$ecog)) {
  own <- lung[which(lung$ecog == l), ]
  row("cox", "ph.ecog", "n", nrow(own), "summary", level = l); row("cox", "ph.ecog", "events", sum(own$death), "summary", level = l)
}

# A model of malignancy: calibration, decision curve, instability.
model <- malignant ~ mean_texture + mean_symmetry
fit <- glm(model, binomial, wdbc); risk <- fitted(fit); cut <- cut(rank(risk, ties.method = "first"), 10)
n <- tapply(risk, cut, length); events <- tapply(wdbc$malignant, cut, sum)
ci <- t(mapply(function(x, n) prop.test(x, n, correct = FALSE)$conf.int, events, n))
curve("validation", "calibration", list(predicted = tapply(risk, cut, mean), observed = events / n, conf_low = ci[, 1], conf_high = ci[, 2], n = n), variable = "malignant")
smooth <- loess(wdbc$malignant ~ risk, degree = 1); at <- seq(min(risk), max(risk), length.out = 60); s <- predict(smooth, at, se = TRUE)
bound <- function(x) pmin(pmax(x, 0), 1)
curve("validation", "calibration-curve", list(predicted = at, observed = bound(s$fit), conf_low = bound(s$fit - 1.96 * s$se.fit), conf_high = bound(s$fit + 1.96 * s$se.fit)), variable = "malignant")
bars <- seq(0, 1, 0.05); in_bars <- function(x) as.numeric(table(cut(x, bars, right = FALSE)))
curve("validation", "risk-histogram", list(low = bars[-21], high = bars[-1], events = in_bars(risk[wdbc$malignant == 1]), others = in_bars(risk[wdbc$malignant == 0])), variable = "malignant")
row("validation", "malignant", "calibration_intercept", 0); row("validation", "malignant", "calibration_slope", 1)
row("validation", "malignant", "brier", mean((risk - wdbc$malignant)^2))
threshold <- seq(0.01, 0.8, 0.01); odds <- threshold / (1 - threshold)
benefit <- sapply(threshold, function(t) mean(risk >= t & wdbc$malignant == 1) - mean(risk >= t & wdbc$malignant == 0) * t / (1 - t))
curve("validation", "decision-curve", list(threshold = threshold, model = benefit, treat_all = mean(wdbc$malignant) - (1 - mean(wdbc$malignant)) * odds), variable = "malignant")
set.seed(1); copies <- replicate(100, predict(glm(model, binomial, few[sample(nrow(few), replace = TRUE), ]), few, type = "response"))
own <- fitted(glm(model, binomial, few)); order <- order(own)
curve("validation", "instability", list(apparent = own[order], low = apply(copies, 1, quantile, .025)[order], high = apply(copies, 1, quantile, .975)[order]))

figure <- function(id, title, ...) list(id = id, title = title, panels = list(...))
panel <- function(kind, analysis = NULL, variables = NULL, title = NULL) {
  p <- list(kind = kind)
  if (!is.null(analysis)) p$analysis <- analysis
  if (!is.null(variables)) p$variables <- I(variables)
  if (!is.null(title)) p$title <- title
  p
}
sex <- list(group("Male", sum(lung$sex == "Male")), group("Female", sum(lung$sex == "Female")))
ledger <- list(
  schema = "restudy-ledger/1", tool = list(name = "restudy", version = "0.1.0"),
  study = list(id = "specimen", title = "Specimens of figures", synthetic = FALSE, style = "three-decimals"),
  data = list(file = "lung.csv", sha256 = strrep("0", 64), rows = 228, columns = 10, rows_kept = 214),
  conventions = list(list(key = "confidence", value = "0.95", origin = "default")), seed = NA,
  flow = list(list(label = "Weight loss known", before = 228, dropped = 14, undetermined = 14, after = 214)),
  variables = list(
    variable("time", "Time since enrolment", "time", "days", 0), variable("death", "Death", "event"), c(variable("sex", "Sex", "binary"), list(levels = list("Male", "Female"))),
    variable("age", "Age", "continuous", "years", 0), variable("wt.loss", "Weight loss", "continuous", "pounds", 0),
    variable("meal.cal", "Calories at meals", "continuous", "kcal", 0), variable("ph.karno", "Karnofsky score", "ordinal"),
    variable("ph.ecog", "ECOG performance status", "ordinal"), variable("dlm", "DLM score", "ordinal", NULL, 0),
    variable("mean_radius", "Mean radius", "continuous", "µm"), variable("mean_texture", "Mean texture", "continuous"),
    variable("mean_smoothness", "Mean smoothness", "continuous"), variable("mean_symmetry", "Mean symmetry", "continuous"),
    variable("worst_concave_points", "Worst concave points", "continuous"), variable("texture_error", "Error of texture", "continuous"),
    variable("malignant", "Malignant", "binary")),
  analyses = list(
    analysis("survival", "kaplan-meier", "Survival by sex", by = "sex", groups = sex, outcome = list(variable = "death", level = "1", time = "time")),
    analysis("incidence", "cumulative-incidence", "Deaths that compete", by = "sex", groups = sex,
      outcome = list(variable = "death", level = kinds[1], time = "time")),
    analysis("table-1", "comparison", "Patients by sex", by = "sex", groups = sex),
    analysis("markers", "roc", "Markers of malignancy", outcome = list(variable = "malignant", level = "yes"),
      markers = lapply(c("mean_radius", "mean_texture", "mean_symmetry"), function(v) list(variable = v, operator = ">="))),
    analysis("score", "score-table", "Outcome by DLM score", outcome = list(variable = "group", level = "RP-ILD")),
    analysis("correlation", "correlation", "Correlations"), analysis("pairs", "correlation", "Concave points and radius"),
    analysis("cox", "cox", "Hazard of death", outcome = list(variable = "death", level = "1", time = "time"), models = c("univariable", "multivariable"),
      terms = list(list(variable = "sex", level = "Female", reference = "Male"), list(variable = "age", per = 10),
        list(variable = "ph.ecog", level = "1", reference = "0"), list(variable = "ph.ecog", level = "2", reference = "0"),
        list(variable = "ph.ecog", level = "3", reference = "0"), list(variable = "wt.loss", per = 1))),
    analysis("validation", "validation", "A model of malignancy", outcome = list(variable = "malignant", level = "yes"))),
  figures = list(
    figure("survival", "Survival by sex", panel("kaplan-meier", "survival")),
    figure("incidence", "Deaths that compete", panel("cumulative-incidence", "incidence")),
    figure("incidence-one", "Deaths of the sicker", panel("cumulative-incidence", "incidence", kinds[2])),
    figure("box", "Age by sex", panel("box", "table-1", c("age", "wt.loss"))),
    figure("violin", "Four variables by sex", panel("violin", "table-1", compared)),
    figure("roc", "Markers of malignancy", panel("roc", "markers")),
    figure("score", "Outcome by DLM score", panel("score-bars", "score")),
    figure("scatter", "Concave points and radius", panel("scatter", "pairs", c("mean_radius", "worst_concave_points"))),
    figure("biserial", "Age by sex", panel("scatter", "pairs", "sex")),
    figure("forest", "Hazard of death", panel("forest", "cox")),
    figure("calibration", "Calibration", panel("calibration", "validation")),
    figure("decision", "Net benefit", panel("decision-curve", "validation")),
    figure("instability", "Instability", panel("instability", "validation")),
    figure("matrix", "Correlations", panel("correlation-matrix", "correlation")),
    figure("flow", "Flow of patients", panel("flow")),
    figure("love", "Balance", panel("love", "table-1")),
    figure("sheet", "Markers, score and survival",
      panel("kaplan-meier", "survival", title = "Survival by sex"), panel("roc", "score", title = "DLM score and RP-ILD"),
      panel("score-bars", "score", title = "Outcome by score"), panel("scatter", "pairs", "mean_radius", title = "Concave points against radius"),
      panel("love", "table-1", title = "Balance")),
    figure("boxes", "Four variables one by one", panel("box", "table-1", "age", "Age"), panel("box", "table-1", "wt.loss", "Weight loss"),
      panel("violin", "table-1", "meal.cal", "Calories"), panel("violin", "table-1", "ph.karno", "Karnofsky"), panel("box", "table-1", "age", "Age again")),
    figure("missing", "Nothing to draw", panel("roc", "nowhere"), panel("scatter", "table-1"))),
  rows = rows, series = series)
cat(toJSON(ledger, auto_unbox = TRUE, digits = NA, na = "null", null = "null"), "\n", sep = "")
