//! Words for people from the stable keys of procedures and quantities. Nothing else turns a key into words.

/// What is said of a procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// The stable key, as the ledger holds it.
    pub key: &'static str,
    /// A name for a list or a narrow column.
    pub short: &'static str,
    /// A name that says every choice on which packages differ.
    pub full: &'static str,
    /// The symbol of its test statistic.
    pub statistic: Option<&'static str>,
}

/// What is said of the quantity that an estimate is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quantity {
    /// The stable key, as the ledger holds it.
    pub key: &'static str,
    /// Its name, with `{first}` and `{second}` for the groups.
    words: &'static str,
    /// Whether it is in the unit of the variable; else it has none.
    pub in_unit: bool,
}

impl Quantity {
    /// Its name, where `groups` are the two that are compared.
    #[must_use]
    pub fn name(&self, groups: Option<[&str; 2]>) -> String {
        let [first, second] = groups.unwrap_or(["the first group", "the second"]);
        let mut name = String::new();
        for (index, part) in self.words.split(['{', '}']).enumerate() {
            // What stands between braces has an odd place.
            name += match (index % 2, part) {
                (1, "first") => first,
                (1, _) => second,
                _ => part,
            };
        }
        name
    }
}

const fn test(
    key: &'static str,
    short: &'static str,
    full: &'static str,
    statistic: Option<&'static str>,
) -> Procedure {
    Procedure { key, short, full, statistic }
}

const fn method(key: &'static str, short: &'static str, full: &'static str) -> Procedure {
    Procedure { key, short, full, statistic: None }
}

const fn free(key: &'static str, words: &'static str) -> Quantity {
    Quantity { key, words, in_unit: false }
}

const fn in_unit(key: &'static str, words: &'static str) -> Quantity {
    Quantity { key, words, in_unit: true }
}

/// One line a procedure, in the order of the keys.
#[rustfmt::skip]
const PROCEDURES: &[Procedure] = &[
    method("aalen_johansen/log", "Aalen–Johansen", "Aalen–Johansen estimate, limits on the logarithmic scale"),
    method("aalen_johansen/log_log", "Aalen–Johansen", "Aalen–Johansen estimate, limits on the log-log scale"),
    method("aalen_johansen/plain", "Aalen–Johansen", "Aalen–Johansen estimate, limits on the plain scale"),
    test("anderson_darling", "Anderson–Darling", "Anderson–Darling test of normality, mean and variance estimated", Some("A²")),
    test("anova", "ANOVA", "One-way analysis of variance", Some("F")),
    method("auc/bootstrap_percentile", "bootstrap", "percentile intervals of bootstrap resamples within events and within the others"),
    method("auc/delong", "DeLong", "Mann–Whitney area, interval and test by DeLong’s variance"),
    method("auc/hanley_mcneil", "Hanley–McNeil", "Mann–Whitney area, interval by Hanley and McNeil"),
    method("auc/logit_delong", "DeLong (logit)", "Mann–Whitney area, DeLong’s interval on the logit scale"),
    method("auc/separation_bound", "separation bound", "Mann–Whitney area, bound where the groups are separated"),
    test("bartlett", "Bartlett", "Bartlett’s test of equal variances", Some("χ²")),
    method("benjamini_hochberg", "Benjamini–Hochberg", "Benjamini–Hochberg false discovery rate"),
    method("benjamini_yekutieli", "Benjamini–Yekutieli", "Benjamini–Yekutieli false discovery rate"),
    test("binomial_exact/doubled", "binomial (doubled)", "Exact binomial test, twice the smaller tail", None),
    test("binomial_exact/no_likelier", "binomial", "Exact binomial test, two-sided over the counts no likelier than the one observed", None),
    method("bonferroni", "Bonferroni", "Bonferroni"),
    method("bootstrap/632_plus", ".632+ bootstrap", "Efron and Tibshirani’s .632+ bootstrap"),
    method("bootstrap/harrell", "Harrell’s bootstrap", "Harrell’s bootstrap of the optimism"),
    method("bootstrap/percentile", "bootstrap", "percentiles of the bootstrap"),
    method("brier", "Brier score", "the Brier score"),
    test("calibration/in_the_large", "calibration in the large", "Calibration in the large: logistic regression on the predicted logit as an offset, Wald interval and test", Some("z")),
    method("calibration/logistic", "calibration slope", "logistic regression on the log odds of the predicted risk"),
    method("calibration/refitted", "refitted", "logistic regression on the total"),
    method("censored_accuracy", "weighted accuracy", "sensitivity, specificity and predictive values by a time, weighted against censoring"),
    method("censored_brier", "Brier score (censored)", "the Brier score weighted by the inverse probability of censoring"),
    method("censored_brier/scaled", "scaled Brier score", "the Brier score over that of the Kaplan–Meier estimate"),
    method("censored_calibration/cox", "calibration slope (Cox)", "Cox regression on the complementary log-log of the predicted risk"),
    method("censored_calibration/cox_spline", "smoothed calibration (Cox)", "Cox regression on a restricted cubic spline of the complementary log-log of the predicted risk"),
    method("censored_calibration/observed_expected", "observed/expected", "the Kaplan–Meier risk over the mean predicted risk"),
    test("chi_square/no_correction", "χ²", "Pearson’s chi-square test without continuity correction", Some("χ²")),
    test("chi_square/yates", "χ² with Yates", "Chi-square test with Yates’s continuity correction", Some("χ²")),
    method("clopper_pearson", "Clopper–Pearson", "Clopper–Pearson interval"),
    test("cochran_armitage/n", "Cochran–Armitage", "Cochran–Armitage test of trend, variance over N", Some("z")),
    test("cochran_armitage/n_minus_1", "Cochran–Armitage (N − 1)", "Cochran–Armitage test of trend, variance over N − 1", Some("z")),
    method("concordance", "Harrell’s C", "Harrell’s concordance index"),
    test("cox/breslow/wald", "Cox (Breslow)", "Cox proportional hazards regression, Breslow’s handling of ties, Wald intervals and tests", Some("z")),
    test("cox/breslow/wald/multiple_imputation", "Cox (Breslow), pooled", "Cox proportional hazards regression, Breslow’s handling of ties, pooled over imputations by Rubin’s rules", Some("t")),
    test("cox/efron/wald", "Cox (Efron)", "Cox proportional hazards regression, Efron’s handling of ties, Wald intervals and tests", Some("z")),
    test("cox/efron/wald/multiple_imputation", "Cox (Efron), pooled", "Cox proportional hazards regression, Efron’s handling of ties, pooled over imputations by Rubin’s rules", Some("t")),
    test("cox/firth/penalized_likelihood_ratio", "Cox (Firth)", "Cox proportional hazards regression by Firth’s penalised likelihood, profile intervals and penalised likelihood-ratio tests", Some("χ²")),
    method("cross_validation", "cross-validation", "repeated cross-validation"),
    method("cutoff/before_rounding", "before rounding", "the cut-off before it was rounded"),
    method("cutoff/derived", "derived", "derived from the data"),
    method("cutoff/given", "given", "given by the study file"),
    method("cutoff/published", "published", "the published cut-off"),
    method("cutoff/youden", "Youden", "the largest Youden index"),
    test("delong", "DeLong", "DeLong’s method", Some("z")),
    test("f_ratio", "F ratio", "F test of the ratio of two variances", Some("F")),
    method("firth", "Firth", "Firth’s penalised likelihood"),
    test("firth/penalized_likelihood_ratio", "Firth", "Logistic regression by Firth’s penalised likelihood, profile intervals and penalised likelihood-ratio tests", Some("χ²")),
    test("fisher_exact/doubled", "Fisher (doubled)", "Fisher’s exact test, twice the smaller tail", None),
    test("fisher_exact/no_likelier", "Fisher", "Fisher’s exact test, two-sided over the tables no likelier than the one observed", None),
    test("fisher_freeman_halton/exact", "Fisher–Freeman–Halton", "Fisher–Freeman–Halton exact test", None),
    test("fisher_freeman_halton/monte_carlo", "Fisher–Freeman–Halton (Monte Carlo)", "Fisher–Freeman–Halton test, p estimated by Monte Carlo", None),
    test("gray", "Gray", "Gray’s test", Some("χ²")),
    method("hochberg", "Hochberg", "Hochberg"),
    method("holm", "Holm", "Holm"),
    method("hommel", "Hommel", "Hommel"),
    test("jonckheere_terpstra/exact", "Jonckheere–Terpstra (exact)", "Jonckheere–Terpstra test of trend, exact", Some("J")),
    test("jonckheere_terpstra/exact_given_ties", "Jonckheere–Terpstra (exact, ties)", "Jonckheere–Terpstra test of trend, exact given the ties", Some("J")),
    test("jonckheere_terpstra/normal/continuity", "Jonckheere–Terpstra (normal, corrected)", "Jonckheere–Terpstra test of trend, normal approximation with continuity correction", Some("J")),
    test("jonckheere_terpstra/normal/no_continuity", "Jonckheere–Terpstra (normal)", "Jonckheere–Terpstra test of trend, normal approximation without continuity correction", Some("J")),
    method("kaplan_meier", "Kaplan–Meier", "Kaplan–Meier estimate"),
    method("kaplan_meier/log", "Kaplan–Meier", "Kaplan–Meier estimate, limits on the logarithmic scale"),
    method("kaplan_meier/log_log", "Kaplan–Meier", "Kaplan–Meier estimate, limits on the log-log scale"),
    method("kaplan_meier/plain", "Kaplan–Meier", "Kaplan–Meier estimate, limits on the plain scale"),
    test("kendall/exact", "Kendall (exact)", "Kendall’s rank correlation, exact", None),
    test("kendall/normal/continuity", "Kendall (normal, corrected)", "Kendall’s rank correlation, normal approximation with continuity correction", None),
    test("kendall/normal/no_continuity", "Kendall (normal)", "Kendall’s rank correlation, normal approximation without continuity correction", None),
    test("kruskal_wallis/chi_square", "Kruskal–Wallis", "Kruskal–Wallis test, chi-square approximation", Some("H")),
    test("kruskal_wallis/exact", "Kruskal–Wallis (exact)", "Kruskal–Wallis test, exact", Some("H")),
    test("kruskal_wallis/exact_given_ties", "Kruskal–Wallis (exact, ties)", "Kruskal–Wallis test, exact given the ties", Some("H")),
    test("levene/mean", "Levene", "Levene’s test of equal variances, about the means", Some("F")),
    test("levene/median", "Brown–Forsythe", "Brown–Forsythe test of equal variances, about the medians", Some("F")),
    test("likelihood_ratio", "likelihood ratio", "likelihood-ratio test", None),
    test("likelihood_ratio_chi_square", "G²", "Likelihood-ratio chi-square test", Some("G²")),
    test("lilliefors", "Lilliefors", "Lilliefors test of normality, mean and variance estimated", Some("D")),
    method("log_normal", "log-normal", "interval on the logarithmic scale"),
    test("log_rank", "log-rank", "log-rank test", Some("χ²")),
    test("log_rank/gehan_breslow", "Gehan–Breslow", "Gehan–Breslow test", Some("χ²")),
    test("log_rank/peto_peto", "Peto–Peto", "Peto–Peto test", Some("χ²")),
    test("log_rank/tarone_ware", "Tarone–Ware", "Tarone–Ware test", Some("χ²")),
    test("logistic/likelihood_ratio", "logistic (likelihood ratio)", "Logistic regression, profile-likelihood intervals and likelihood-ratio tests", Some("χ²")),
    test("logistic/wald", "logistic (Wald)", "Logistic regression, Wald intervals and tests", Some("z")),
    test("logistic/wald/multiple_imputation", "logistic (Wald), pooled", "Logistic regression, Wald intervals and tests, pooled over imputations by Rubin’s rules", Some("t")),
    test("mann_whitney/exact", "Mann–Whitney (exact)", "Mann–Whitney U test, exact", Some("U")),
    test("mann_whitney/exact_given_ties", "Mann–Whitney (exact, ties)", "Mann–Whitney U test, exact given the ties", Some("U")),
    test("mann_whitney/exact_given_ties/doubled", "Mann–Whitney (exact, ties, doubled)", "Mann–Whitney U test, exact given the ties, twice the smaller tail", Some("U")),
    test("mann_whitney/normal/continuity", "Mann–Whitney (normal, corrected)", "Mann–Whitney U test, normal approximation with continuity correction", Some("U")),
    test("mann_whitney/normal/no_continuity", "Mann–Whitney (normal)", "Mann–Whitney U test, normal approximation without continuity correction", Some("U")),
    test("maximally_selected/chi_square/exact", "maximally selected χ²", "Maximally selected chi-square over the cut-offs that leave a tenth of the patients on either side, exact over all orders of the labels", Some("χ²")),
    test("maximally_selected/chi_square/miller_siegmund", "Miller–Siegmund", "Maximally selected chi-square over the cut-offs that leave a tenth of the patients on either side, by the formula of Miller and Siegmund (1982)", Some("χ²")),
    test("maximally_selected/youden/exact", "maximally selected J", "Maximally selected Youden’s J over all cut-offs, two-sided, exact over all orders of the labels (Smirnov’s test)", Some("J")),
    test("maximally_selected/youden/smirnov", "maximally selected J (Smirnov)", "Maximally selected Youden’s J over all cut-offs, two-sided, by Smirnov’s limiting distribution", Some("J")),
    test("mcnemar/chi_square/continuity", "McNemar (corrected)", "McNemar’s test with continuity correction", Some("χ²")),
    test("mcnemar/chi_square/no_continuity", "McNemar", "McNemar’s test without continuity correction", Some("χ²")),
    test("mcnemar/exact", "McNemar (exact)", "McNemar’s test, exact", None),
    test("mcnemar/mid_p", "McNemar (mid-p)", "McNemar’s test, mid-p", None),
    method("net_benefit", "net benefit", "net benefit at thresholds of risk"),
    method("net_benefit/censored", "net benefit", "net benefit by Kaplan and Meier among those who would be treated"),
    method("observed_expected", "O/E", "the ratio of observed to expected events"),
    test("paired_t", "paired t", "Paired t-test", Some("t")),
    test("pairwise_t", "pairwise t", "t-test of a pair of groups, the variance pooled over all groups", Some("t")),
    test("partial/ranks", "partial rank correlation", "Partial correlation of ranks", None),
    test("partial/values", "partial correlation", "Partial correlation", None),
    test("pearson", "Pearson", "Pearson’s correlation", None),
    test("penalized_likelihood_ratio", "penalised likelihood ratio", "penalised likelihood-ratio test", None),
    test("point_biserial", "point-biserial", "Point-biserial correlation", None),
    test("pooled_wald", "pooled Wald", "Wald’s test pooled over imputations (Li, Raghunathan and Rubin’s D1)", Some("F")),
    test("proportional_hazards/kaplan_meier", "Grambsch–Therneau", "Grambsch and Therneau’s test of proportional hazards, on the Kaplan–Meier scale of time", Some("χ²")),
    test("proportional_hazards/kaplan_meier/pooled_chi_square", "Grambsch–Therneau, pooled", "Grambsch and Therneau’s test of proportional hazards, pooled over imputations (Li, Meng, Raghunathan and Rubin’s D2)", Some("F")),
    method("quantile/type_1", "type 1", "Hyndman and Fan’s type 1"),
    method("quantile/type_2", "type 2", "Hyndman and Fan’s type 2, the default of SAS and Stata"),
    method("quantile/type_3", "type 3", "Hyndman and Fan’s type 3"),
    method("quantile/type_4", "type 4", "Hyndman and Fan’s type 4"),
    method("quantile/type_5", "type 5", "Hyndman and Fan’s type 5"),
    method("quantile/type_6", "type 6", "Hyndman and Fan’s type 6, the default of SPSS and Prism"),
    method("quantile/type_7", "type 7", "Hyndman and Fan’s type 7, the default of R"),
    method("quantile/type_8", "type 8", "Hyndman and Fan’s type 8"),
    method("quantile/type_9", "type 9", "Hyndman and Fan’s type 9"),
    test("reclassification/idi", "IDI", "Integrated discrimination improvement, Pencina’s test", Some("z")),
    test("reclassification/nri", "NRI", "Category-free net reclassification improvement, Pencina’s test", Some("z")),
    test("reclassification/nri_groups", "NRI by group", "Net reclassification improvement by the scores’ groups, Pencina’s test", Some("z")),
    test("shapiro_wilk", "Shapiro–Wilk", "Shapiro–Wilk test of normality", Some("W")),
    test("sign_test/exact", "sign test (exact)", "Sign test, exact", Some("S")),
    test("sign_test/mid_p", "sign test (mid-p)", "Sign test, mid-p", Some("S")),
    test("sign_test/normal/continuity", "sign test (normal, corrected)", "Sign test, normal approximation with continuity correction", Some("S")),
    test("sign_test/normal/no_continuity", "sign test (normal)", "Sign test, normal approximation without continuity correction", Some("S")),
    method("smooth_calibration/logistic_spline", "smoothed calibration", "logistic regression on a restricted cubic spline of the log odds of the predicted risk"),
    test("spearman/edgeworth", "Spearman (Edgeworth)", "Spearman’s rank correlation, Edgeworth series", None),
    test("spearman/exact", "Spearman (exact)", "Spearman’s rank correlation, exact", None),
    test("spearman/exact_given_ties", "Spearman (exact, ties)", "Spearman’s rank correlation, exact given the ties", None),
    test("spearman/student_t", "Spearman", "Spearman’s rank correlation, t approximation", None),
    test("student_t", "Student t", "Student’s t-test (pooled variance)", Some("t")),
    method("time_dependent_auc", "AUC at a time", "the area under the time-dependent receiver operating characteristic curve, weighted by the inverse probability of censoring"),
    test("wald", "Wald", "Wald test", None),
    test("welch_anova", "Welch ANOVA", "Welch’s analysis of variance (unequal variances)", Some("F")),
    test("welch_t", "Welch t", "Welch’s t-test (unequal variances)", Some("t")),
    test("wilcoxon_signed_rank/exact", "Wilcoxon (exact)", "Wilcoxon signed-rank test, exact", Some("V")),
    test("wilcoxon_signed_rank/exact_given_ties", "Wilcoxon (exact, ties)", "Wilcoxon signed-rank test, exact given the ties", Some("V")),
    test("wilcoxon_signed_rank/normal/continuity", "Wilcoxon (normal, corrected)", "Wilcoxon signed-rank test, normal approximation with continuity correction", Some("V")),
    test("wilcoxon_signed_rank/normal/no_continuity", "Wilcoxon (normal)", "Wilcoxon signed-rank test, normal approximation without continuity correction", Some("V")),
    test("wilcoxon_signed_rank/pratt/exact", "Wilcoxon–Pratt (exact)", "Wilcoxon signed-rank test, zeros ranked as Pratt does, exact", Some("V")),
    test("wilcoxon_signed_rank/pratt/exact_given_ties", "Wilcoxon–Pratt (exact, ties)", "Wilcoxon signed-rank test, zeros ranked as Pratt does, exact given the ties", Some("V")),
    test("wilcoxon_signed_rank/pratt/normal/continuity", "Wilcoxon–Pratt (normal, corrected)", "Wilcoxon signed-rank test, zeros ranked as Pratt does, normal approximation with continuity correction", Some("V")),
    test("wilcoxon_signed_rank/pratt/normal/no_continuity", "Wilcoxon–Pratt (normal)", "Wilcoxon signed-rank test, zeros ranked as Pratt does, normal approximation without continuity correction", Some("V")),
    method("wilson", "Wilson", "Wilson score interval"),
];

/// One line a quantity, in the order of the keys.
#[rustfmt::skip]
const QUANTITIES: &[Quantity] = &[
    free("cohens_d", "Cohen’s d"),
    free("cohens_h", "Cohen’s h"),
    free("conditional_odds_ratio", "conditional odds ratio"),
    free("cramers_v", "Cramér’s V"),
    free("eta_squared", "η²"),
    free("hedges_g", "Hedges’ g"),
    free("kendall_tau_b", "Kendall’s τ-b"),
    free("matched_odds_ratio", "odds ratio of the pairs"),
    free("matched_rank_biserial", "matched rank-biserial correlation"),
    in_unit("mean_difference", "mean of {first} minus mean of {second}"),
    in_unit("median_difference", "median of the differences"),
    free("odds_ratio", "odds ratio"),
    free("partial_r", "partial correlation"),
    free("pearson_r", "Pearson’s r"),
    free("point_biserial_r", "point-biserial correlation"),
    free("probability_of_superiority", "probability that a value of {first} exceeds one of {second}"),
    free("proportion", "proportion"),
    in_unit("pseudomedian", "pseudomedian"),
    free("rank_epsilon_squared", "ε² of the ranks"),
    free("risk_difference", "risk difference"),
    free("risk_ratio", "risk ratio"),
    in_unit("shift", "Hodges–Lehmann shift of {first} against {second}"),
    free("spearman_rho", "Spearman’s ρ"),
    free("standardized_difference", "standardised difference"),
    free("standardized_proportion_difference", "standardised difference of proportions"),
    free("variance_ratio", "variance of {first} over variance of {second}"),
];

/// What is said of the procedure with that key, if it has words.
#[must_use]
pub fn procedure(key: &str) -> Option<&'static Procedure> {
    PROCEDURES.iter().find(|procedure| procedure.key == key)
}

/// The full name of a procedure; a key without words is its own name.
#[must_use]
pub fn full_name(key: &str) -> &str {
    procedure(key).map_or(key, |procedure| procedure.full)
}

/// The short name of a procedure; a key without words is its own name.
#[must_use]
pub fn short_name(key: &str) -> &str {
    procedure(key).map_or(key, |procedure| procedure.short)
}

/// What is said of the quantity with that key, if it has words.
#[must_use]
pub fn quantity(key: &str) -> Option<&'static Quantity> {
    QUANTITIES.iter().find(|quantity| quantity.key == key)
}

/// A sentence in which every key stands as the short name of its procedure. Only keys that no one could take for a
/// word, those with an underscore or a slash, are replaced.
pub(crate) fn without_keys(sentence: &str) -> String {
    let word = |part: &str| {
        let key = part.trim_end_matches([',', '.', ';', ')']);
        let tail = part.get(key.len()..).unwrap_or_default();
        if key.contains(['_', '/']) { format!("{}{tail}", short_name(key)) } else { part.to_owned() }
    };
    sentence.split(' ').map(word).collect::<Vec<_>>().join(" ")
}
