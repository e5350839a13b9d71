# Writes selection.json: Rscript selection.R
# Simulated observations (R's generator, seed 20240501) with
#   steps of stats::step by AIC forward, backward and both ways from the empty and from the full model: term and AIC after
#   the step, on these and, both ways, on data in which a term that entered first leaves again;
#   stats::add1(test = "Rao") and drop1(test = "LRT") of the first terms; car's generalised variance inflation by its
#   formula from the correlations of the columns.
set.seed(20240501)
n <- 90
d <- data.frame(a = round(rnorm(n), 2), b = round(rnorm(n), 2), c = round(runif(n), 2), e = round(rnorm(n), 2), g = factor(sample(0:2, n, TRUE)))
d$e <- round(d$e + 0.8 * d$a, 2)
d$y <- rbinom(n, 1, plogis(-0.3 + 0.9 * d$a + 1.2 * (d$c - 0.5) + 0.8 * (d$g == 2)))
tight <- glm.control(epsilon = 1e-15, maxit = 100)
fit <- function(f) glm(f, binomial, d, control = tight)
path <- function(s) { k <- s$anova; list(terms = sub("^[+-] ", "", k$Step[-1]), aic = k$AIC[-1]) }
all <- ~ a + b + c + e + g
none <- fit(y ~ 1); full <- fit(y ~ a + b + c + e + g)
forward <- step(none, scope = all, direction = "forward", trace = 0)
backward <- step(full, direction = "backward", trace = 0)
both_from_none <- step(none, scope = all, direction = "both", trace = 0)
both_from_full <- step(full, scope = all, direction = "both", trace = 0)
# z is nearly u + v: it enters first, and is not needed beside both.
w <- data.frame(u = round(rnorm(300), 2), v = round(rnorm(300), 2))
w$z <- round(w$u + w$v + rnorm(300, sd = 0.8), 2)
w$y <- rbinom(300, 1, plogis(1.5 * w$u + 1.1 * w$v))
returning <- step(glm(y ~ 1, binomial, w, control = tight), scope = ~ u + v + z, direction = "both", trace = 0)
rao <- add1(none, all, test = "Rao"); lrt <- drop1(full, test = "LRT")
X <- model.matrix(full)[, -1]; R <- cor(X); term <- attr(model.matrix(full), "assign")[-1]
gvif <- sapply(1:5, function(t) det(R[term == t, term == t, drop = FALSE]) * det(R[term != t, term != t, drop = FALSE]) / det(R))
out <- list(r = R.version.string, data = list(a = d$a, b = d$b, c = d$c, e = d$e, g = as.integer(as.character(d$g)), y = d$y),
  forward = path(forward), backward = path(backward), both_from_none = path(both_from_none),
  both_from_full = path(both_from_full), returning_data = list(u = w$u, v = w$v, z = w$z, y = w$y),
  returning = path(returning),
  rao = rao$`Rao score`[-1], rao_p = rao$`Pr(>Chi)`[-1], lrt = lrt$LRT[-1], lrt_p = lrt$`Pr(>Chi)`[-1],
  gvif = gvif, condition_number = sqrt(max(eigen(R)$values) / min(eigen(R)$values)))
writeLines(jsonlite::toJSON(out, digits = I(17), auto_unbox = TRUE), "selection.json")
