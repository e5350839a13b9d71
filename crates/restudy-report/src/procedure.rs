//! Words for people from the stable keys of procedures. Nothing else turns a key into words.

/// What is said of a procedure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Procedure {
    /// The stable key, as the ledger holds it.
    pub key: &'static str,
    /// A name for a narrow column.
    pub short: &'static str,
    /// A name that says every choice on which packages differ.
    pub full: &'static str,
    /// The symbol of its test statistic.
    pub statistic: Option<&'static str>,
    /// What its estimate is of.
    pub estimate: Option<Estimate>,
}

/// What an estimate is of, and how it is scaled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Estimate {
    /// Its name.
    pub words: &'static str,
    /// Whether it is in the unit of the variable; else it has none.
    pub in_unit: bool,
}

const MEAN_DIFFERENCE: Option<Estimate> = Some(Estimate { words: "difference of means", in_unit: true });
const SUPERIORITY: Option<Estimate> = Some(Estimate { words: "probability of superiority", in_unit: false });
const ODDS_RATIO: Option<Estimate> = Some(Estimate { words: "odds ratio (conditional)", in_unit: false });

const fn test(
    key: &'static str,
    short: &'static str,
    full: &'static str,
    statistic: Option<&'static str>,
    estimate: Option<Estimate>,
) -> Procedure {
    Procedure { key, short, full, statistic, estimate }
}

const fn method(key: &'static str, short: &'static str, full: &'static str) -> Procedure {
    Procedure { key, short, full, statistic: None, estimate: None }
}

/// One line a procedure, in the order of its key.
#[rustfmt::skip]
pub(crate) const PROCEDURES: &[Procedure] = &[
    test("anova", "ANOVA", "One-way analysis of variance", Some("F"), None),
    method("benjamini_hochberg", "Benjamini–Hochberg", "Benjamini–Hochberg false discovery rate"),
    method("benjamini_yekutieli", "Benjamini–Yekutieli", "Benjamini–Yekutieli false discovery rate"),
    method("bonferroni", "Bonferroni", "Bonferroni"),
    test("chi_square/no_correction", "χ²", "Pearson’s chi-square test without continuity correction", Some("χ²"), None),
    test("chi_square/yates", "χ² with Yates", "Chi-square test with Yates’s continuity correction", Some("χ²"), None),
    method("clopper_pearson", "Clopper–Pearson", "Clopper–Pearson interval"),
    test("fisher_exact/doubled", "Fisher (doubled)", "Fisher’s exact test, twice the smaller tail", None, ODDS_RATIO),
    test("fisher_exact/no_likelier", "Fisher", "Fisher’s exact test, two-sided over the tables no likelier than the one observed", None, ODDS_RATIO),
    test("fisher_freeman_halton", "Fisher–Freeman–Halton", "Fisher–Freeman–Halton exact test", None, None),
    method("hochberg", "Hochberg", "Hochberg"),
    method("holm", "Holm", "Holm"),
    test("kruskal_wallis", "Kruskal–Wallis", "Kruskal–Wallis test, chi-square approximation", Some("H"), None),
    test("kruskal_wallis/exact", "Kruskal–Wallis (exact)", "Kruskal–Wallis test, exact", Some("H"), None),
    test("mann_whitney/exact", "Mann–Whitney (exact)", "Mann–Whitney U test, exact", Some("U"), SUPERIORITY),
    test("mann_whitney/exact_given_ties", "Mann–Whitney (exact, ties)", "Mann–Whitney U test, exact given the ties", Some("U"), SUPERIORITY),
    test("mann_whitney/exact_given_ties/doubled", "Mann–Whitney (exact, ties, doubled)", "Mann–Whitney U test, exact given the ties, twice the smaller tail", Some("U"), SUPERIORITY),
    test("mann_whitney/normal/continuity", "Mann–Whitney (normal, corrected)", "Mann–Whitney U test, normal approximation with continuity correction", Some("U"), SUPERIORITY),
    test("mann_whitney/normal/no_continuity", "Mann–Whitney (normal)", "Mann–Whitney U test, normal approximation without continuity correction", Some("U"), SUPERIORITY),
    method("quantile/type_1", "type 1", "Hyndman and Fan’s type 1"),
    method("quantile/type_2", "type 2", "Hyndman and Fan’s type 2, the default of SAS and Stata"),
    method("quantile/type_3", "type 3", "Hyndman and Fan’s type 3"),
    method("quantile/type_4", "type 4", "Hyndman and Fan’s type 4"),
    method("quantile/type_5", "type 5", "Hyndman and Fan’s type 5"),
    method("quantile/type_6", "type 6", "Hyndman and Fan’s type 6, the default of SPSS and Prism"),
    method("quantile/type_7", "type 7", "Hyndman and Fan’s type 7, the default of R"),
    method("quantile/type_8", "type 8", "Hyndman and Fan’s type 8"),
    method("quantile/type_9", "type 9", "Hyndman and Fan’s type 9"),
    test("student_t", "Student t", "Student’s t-test (pooled variance)", Some("t"), MEAN_DIFFERENCE),
    test("welch_anova", "Welch ANOVA", "Welch’s analysis of variance (unequal variances)", Some("F"), None),
    test("welch_t", "Welch t", "Welch’s t-test (unequal variances)", Some("t"), MEAN_DIFFERENCE),
    method("wilson", "Wilson", "Wilson score interval"),
];

/// What is said of the procedure with that key, if the table knows it.
#[must_use]
pub fn procedure(key: &str) -> Option<&'static Procedure> {
    PROCEDURES.iter().find(|procedure| procedure.key == key)
}

/// The full name of a procedure; a key that the table does not know is its own name.
#[must_use]
pub fn full_name(key: &str) -> &str {
    procedure(key).map_or(key, |procedure| procedure.full)
}

/// The short name of a procedure; a key that the table does not know is its own name.
#[must_use]
pub fn short_name(key: &str) -> &str {
    procedure(key).map_or(key, |procedure| procedure.short)
}
