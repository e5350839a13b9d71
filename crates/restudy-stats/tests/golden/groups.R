# Tests of several groups and of normality by R: Rscript groups.R > groups.json
# Written with R 4.2.2, car 3.1-1, nortest not used; Anderson-Darling and Lilliefors: see normality.py.
suppressMessages(library(jsonlite))
set.seed(20)
sets <- list(
  three_normal = list(round(rnorm(8, 10, 2), 2), round(rnorm(11, 12, 2), 2), round(rnorm(9, 11, 3), 2)),
  four_tied = list(rpois(12, 3), rpois(9, 5), rpois(15, 3), rpois(7, 6)),
  two_skewed = list(round(rexp(25), 3), round(2 * rexp(19), 3)),
  far_from_zero = list(1e6 + round(rnorm(6), 2), 1e6 + round(rnorm(6, 1), 2), 1e6 + round(rnorm(6, 2), 2)),
  far_tail = list(round(rnorm(40), 2), round(rnorm(40, 5), 2), round(rnorm(40, 10), 2)),
  five_small = list(c(1.2, 3.4), c(2.2, 2.9, 4.4), c(6.1, 5.0), c(3.3, 3.9, 4.0), c(7.7, 8.1, 6.6))
)
out <- lapply(names(sets), function(id) {
  g <- sets[[id]]
  x <- unlist(g)
  f <- factor(rep(seq_along(g), lengths(g)))
  a <- anova(lm(x ~ f))
  w <- oneway.test(x ~ f)
  k <- kruskal.test(x, f)
  lm1 <- suppressWarnings(car::leveneTest(x, f, center = mean))
  lm2 <- suppressWarnings(car::leveneTest(x, f, center = median))
  b <- bartlett.test(x, f)
  v <- var.test(g[[1]], g[[2]])
  vl <- var.test(g[[1]], g[[2]], alternative = "less")
  vg <- var.test(g[[1]], g[[2]], alternative = "greater", conf.level = 0.9)
  pair <- function(m) { m <- m$p.value; t(m)[!is.na(t(m))] }
  ptt <- function(method, pool) pair(pairwise.t.test(x, f, p.adjust.method = method, pool.sd = pool))
  pw <- function(method) pair(suppressWarnings(pairwise.wilcox.test(x, f, p.adjust.method = method)))
  list(id = id, groups = g,
    anova = c(a$Df[1], a$Df[2], a$`Sum Sq`[1], a$`Sum Sq`[2], a$`F value`[1], a$`Pr(>F)`[1]),
    welch = unname(c(w$statistic, w$parameter, w$p.value)),
    kruskal = unname(c(k$statistic, k$parameter, k$p.value)),
    levene_mean = c(lm1$`F value`[1], lm1$`Pr(>F)`[1]),
    levene_median = c(lm2$`F value`[1], lm2$`Pr(>F)`[1]),
    bartlett = unname(c(b$statistic, b$p.value)),
    f_ratio = unname(c(v$statistic, v$p.value, v$conf.int)),
    f_ratio_less = unname(c(vl$p.value, vl$conf.int[2])),
    f_ratio_greater_90 = unname(c(vg$p.value, vg$conf.int[1])),
    pairs_pooled_none = ptt("none", TRUE), pairs_pooled_holm = ptt("holm", TRUE),
    pairs_welch_bh = ptt("BH", FALSE), pairs_mann_whitney_bonferroni = pw("bonferroni"),
    shapiro = if (length(g[[1]]) > 2) unname(c(shapiro.test(g[[1]])$statistic, shapiro.test(g[[1]])$p.value)) else NULL,
    shapiro_all = unname(c(shapiro.test(x)$statistic, shapiro.test(x)$p.value)))
})
tables <- list(
  smokers = list(table = rbind(c(83, 3), c(90, 3), c(129, 7), c(70, 12)), scores = NULL),
  doses = list(table = rbind(c(2, 48), c(5, 45), c(9, 41), c(16, 34)), scores = c(0, 1, 4, 10)),
  years = list(table = rbind(c(30, 70), c(22, 78), c(9, 91)), scores = c(2001, 2005, 2010))
)
trend <- lapply(names(tables), function(id) {
  m <- tables[[id]]$table
  s <- tables[[id]]$scores
  p <- prop.trend.test(m[, 1], rowSums(m), if (is.null(s)) seq_len(nrow(m)) else s)
  list(id = id, table = m, scores = s, chi2 = unname(p$statistic), p = p$p.value)
})
cat(toJSON(list(cases = out, trend = trend), digits = 17, auto_unbox = TRUE, null = "null"), "\n")
