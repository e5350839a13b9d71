//! What a test returns: plain numbers at full precision, and what was really done.

use crate::{Alternative, Interval};

/// The answer of a hypothesis test.
#[derive(Clone, Debug, PartialEq)]
pub struct TestResult {
    /// What was really done, after every automatic choice was made.
    pub procedure: Procedure,
    /// The alternative hypothesis that the p-value is for.
    pub alternative: Alternative,
    /// The test statistic; an exact conditional test of counts has none.
    pub statistic: Option<Statistic>,
    /// The p-value, in [0, 1].
    pub p_value: f64,
    /// The quantity that the test is about, with its interval.
    pub estimate: Option<Estimate>,
    /// Observations used, by group.
    pub counts: Vec<usize>,
    /// What a reader of the numbers should know.
    pub remarks: Vec<Remark>,
}

/// A procedure, with every choice on which packages differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Procedure {
    /// Student's t with the pooled variance.
    StudentT,
    /// Welch's t with Satterthwaite's degrees of freedom.
    WelchT,
    /// The Mann–Whitney (Wilcoxon rank-sum) test.
    MannWhitney {
        /// The null distribution that the p-value came from.
        null: RankNull,
        /// The two-sided rule; it matters only for an asymmetric exact distribution.
        two_sided: TwoSided,
    },
    /// Student's t on the differences of pairs.
    PairedT,
    /// Wilcoxon's signed-rank test.
    WilcoxonSignedRank {
        /// The null distribution that the p-value came from.
        null: RankNull,
        /// What became of differences of zero.
        zeros: ZeroRule,
    },
    /// The sign test.
    SignTest {
        /// The null distribution that the p-value came from.
        null: SignNull,
    },
    /// McNemar's test of paired yes-or-no answers.
    McNemar {
        /// The null distribution that the p-value came from.
        null: McNemarNull,
    },
    /// Pearson's chi-square on counts.
    ChiSquare {
        /// The continuity correction.
        correction: Correction,
    },
    /// The likelihood-ratio chi-square (G²) on counts.
    LikelihoodRatioChiSquare,
    /// Fisher's exact test of a 2×2 table.
    FisherExact {
        /// Which tables count as no less extreme.
        two_sided: FisherRule,
    },
    /// The exact binomial test of one proportion.
    BinomialExact {
        /// Which counts are no less extreme.
        two_sided: FisherRule,
    },
    /// Pearson's correlation, tested by Student's t.
    Pearson,
    /// Spearman's rank correlation.
    Spearman {
        /// The null distribution that the p-value came from.
        null: SpearmanNull,
    },
    /// Kendall's τ-b.
    Kendall {
        /// The null distribution that the p-value came from.
        null: KendallNull,
    },
    /// The correlation of a yes-or-no variable with a quantity.
    PointBiserial,
    /// A partial correlation.
    Partial {
        /// Whether the ranks were correlated, in place of the values.
        ranks: bool,
    },
    /// Fisher's exact test of a table of any size (Fisher–Freeman–Halton).
    FisherFreemanHalton {
        /// Where the p-value came from.
        null: TableNull,
    },
    /// One-way analysis of variance.
    Anova,
    /// Student's t of two of several groups with the variance pooled over all of them.
    PairwiseT,
    /// Welch's analysis of variance, for groups of unequal variances.
    WelchAnova,
    /// The Kruskal–Wallis test.
    KruskalWallis {
        /// Where the p-value came from.
        null: GroupRankNull,
    },
    /// The Jonckheere–Terpstra test of a trend over ordered groups.
    JonckheereTerpstra {
        /// The null distribution that the p-value came from.
        null: RankNull,
    },
    /// The Cochran–Armitage test of a trend of proportions.
    CochranArmitage {
        /// What the variance of the trend is divided by.
        variance: TrendVariance,
    },
    /// The ratio of two variances against the F distribution.
    FRatio,
    /// Levene's test of equal variances, and its robust forms.
    Levene {
        /// What deviations are taken from.
        centre: Centre,
    },
    /// Bartlett's test of equal variances.
    Bartlett,
    /// The Shapiro–Wilk test of normality.
    ShapiroWilk,
    /// The Anderson–Darling test of normality, mean and variance estimated.
    AndersonDarling,
    /// The Lilliefors (Kolmogorov–Smirnov) test of normality, mean and variance estimated.
    Lilliefors,
}

impl Procedure {
    /// The stable key of the procedure, such as `mann_whitney/normal/no_continuity`.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::StudentT => "student_t",
            Self::WelchT => "welch_t",
            Self::MannWhitney { null, two_sided } => match (null, two_sided) {
                (RankNull::Exact, _) => "mann_whitney/exact",
                (RankNull::ExactGivenTies, TwoSided::AbsoluteDeviation) => "mann_whitney/exact_given_ties",
                (RankNull::ExactGivenTies, TwoSided::Doubled) => "mann_whitney/exact_given_ties/doubled",
                (RankNull::Normal { continuity: true }, _) => "mann_whitney/normal/continuity",
                (RankNull::Normal { continuity: false }, _) => "mann_whitney/normal/no_continuity",
            },
            Self::PairedT => "paired_t",
            Self::WilcoxonSignedRank { null, zeros: ZeroRule::Wilcoxon } => match null {
                RankNull::Exact => "wilcoxon_signed_rank/exact",
                RankNull::ExactGivenTies => "wilcoxon_signed_rank/exact_given_ties",
                RankNull::Normal { continuity: true } => "wilcoxon_signed_rank/normal/continuity",
                RankNull::Normal { continuity: false } => "wilcoxon_signed_rank/normal/no_continuity",
            },
            Self::WilcoxonSignedRank { null, zeros: ZeroRule::Pratt } => match null {
                RankNull::Exact => "wilcoxon_signed_rank/pratt/exact",
                RankNull::ExactGivenTies => "wilcoxon_signed_rank/pratt/exact_given_ties",
                RankNull::Normal { continuity: true } => "wilcoxon_signed_rank/pratt/normal/continuity",
                RankNull::Normal { continuity: false } => "wilcoxon_signed_rank/pratt/normal/no_continuity",
            },
            Self::SignTest { null } => match null {
                SignNull::Exact => "sign_test/exact",
                SignNull::MidP => "sign_test/mid_p",
                SignNull::Normal { continuity: true } => "sign_test/normal/continuity",
                SignNull::Normal { continuity: false } => "sign_test/normal/no_continuity",
            },
            Self::McNemar { null } => match null {
                McNemarNull::Exact => "mcnemar/exact",
                McNemarNull::MidP => "mcnemar/mid_p",
                McNemarNull::ChiSquare { continuity: true } => "mcnemar/chi_square/continuity",
                McNemarNull::ChiSquare { continuity: false } => "mcnemar/chi_square/no_continuity",
            },
            Self::ChiSquare { correction } => match correction {
                Correction::None => "chi_square/no_correction",
                Correction::Yates => "chi_square/yates",
            },
            Self::LikelihoodRatioChiSquare => "likelihood_ratio_chi_square",
            Self::FisherExact { two_sided } => match two_sided {
                FisherRule::NoLikelier => "fisher_exact/no_likelier",
                FisherRule::Doubled => "fisher_exact/doubled",
            },
            Self::BinomialExact { two_sided } => match two_sided {
                FisherRule::NoLikelier => "binomial_exact/no_likelier",
                FisherRule::Doubled => "binomial_exact/doubled",
            },
            Self::Pearson => "pearson",
            Self::Spearman { null } => match null {
                SpearmanNull::Exact => "spearman/exact",
                SpearmanNull::ExactGivenTies => "spearman/exact_given_ties",
                SpearmanNull::Edgeworth => "spearman/edgeworth",
                SpearmanNull::StudentT => "spearman/student_t",
            },
            Self::Kendall { null } => match null {
                KendallNull::Exact => "kendall/exact",
                KendallNull::Normal { continuity: true } => "kendall/normal/continuity",
                KendallNull::Normal { continuity: false } => "kendall/normal/no_continuity",
            },
            Self::PointBiserial => "point_biserial",
            Self::Partial { ranks: false } => "partial/values",
            Self::Partial { ranks: true } => "partial/ranks",
            Self::FisherFreemanHalton { null } => match null {
                TableNull::Exact => "fisher_freeman_halton/exact",
                TableNull::MonteCarlo => "fisher_freeman_halton/monte_carlo",
            },
            Self::Anova => "anova",
            Self::PairwiseT => "pairwise_t",
            Self::WelchAnova => "welch_anova",
            Self::KruskalWallis { null } => match null {
                GroupRankNull::Exact => "kruskal_wallis/exact",
                GroupRankNull::ExactGivenTies => "kruskal_wallis/exact_given_ties",
                GroupRankNull::ChiSquare => "kruskal_wallis/chi_square",
            },
            Self::JonckheereTerpstra { null } => match null {
                RankNull::Exact => "jonckheere_terpstra/exact",
                RankNull::ExactGivenTies => "jonckheere_terpstra/exact_given_ties",
                RankNull::Normal { continuity: true } => "jonckheere_terpstra/normal/continuity",
                RankNull::Normal { continuity: false } => "jonckheere_terpstra/normal/no_continuity",
            },
            Self::CochranArmitage { variance } => match variance {
                TrendVariance::N => "cochran_armitage/n",
                TrendVariance::NMinusOne => "cochran_armitage/n_minus_1",
            },
            Self::FRatio => "f_ratio",
            Self::Levene { centre } => match centre {
                Centre::Mean => "levene/mean",
                Centre::Median => "levene/median",
            },
            Self::Bartlett => "bartlett",
            Self::ShapiroWilk => "shapiro_wilk",
            Self::AndersonDarling => "anderson_darling",
            Self::Lilliefors => "lilliefors",
        }
    }
}

/// The null distribution of a rank statistic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RankNull {
    /// Every assignment of distinct ranks, counted.
    Exact,
    /// Every assignment of the mid-ranks at hand, counted.
    ExactGivenTies,
    /// The normal approximation with the variance corrected for ties.
    Normal {
        /// Whether half a rank is taken off the deviation.
        continuity: bool,
    },
}

/// The null distribution of Spearman's ρ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SpearmanNull {
    /// Every pairing of distinct ranks, counted.
    Exact,
    /// Every pairing of the mid-ranks at hand, counted.
    ExactGivenTies,
    /// The Edgeworth series of Best and Roberts (AS 89), for distinct ranks.
    Edgeworth,
    /// Student's t with n − 2 degrees of freedom.
    StudentT,
}

/// The null distribution of Kendall's τ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KendallNull {
    /// Every order of distinct values, counted.
    Exact,
    /// The normal approximation with the variance corrected for ties.
    Normal {
        /// Whether one is taken off the difference of concordant and discordant pairs.
        continuity: bool,
    },
}

/// The interval of a Hodges–Lehmann estimate, by the null distribution of its rank test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RankInterval {
    /// Every assignment of distinct ranks or signs, counted. With ties it covers at least its level still.
    Exact,
    /// The normal approximation with the variance corrected for ties within the groups.
    Normal {
        /// Whether half a rank is taken off the deviation.
        continuity: bool,
    },
}

/// Where the p-value of a table with given margins came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TableNull {
    /// A sum over all tables with the margins observed.
    Exact,
    /// Tables drawn at random; [`Remark::MonteCarlo`] says how many.
    MonteCarlo,
}

/// The null distribution of a rank statistic of several groups.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum GroupRankNull {
    /// Every assignment of distinct ranks, counted.
    Exact,
    /// Every assignment of the mid-ranks at hand, counted.
    ExactGivenTies,
    /// The chi-square approximation of the statistic corrected for ties.
    ChiSquare,
}

/// The denominator in the variance of a trend of proportions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TrendVariance {
    /// The number of observations (R's `prop.trend.test`, SAS).
    #[default]
    N,
    /// One less, the variance given the margins (R's coin, SPSS's linear-by-linear association, statsmodels).
    NMinusOne,
}

/// The centre of a group.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Centre {
    /// The mean: Levene's own test (SPSS).
    #[default]
    Mean,
    /// The median: the Brown–Forsythe test (R's car).
    Median,
}

/// What "at least as extreme, on either side" means for an exact distribution that is not symmetric.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TwoSided {
    /// Values no nearer to the mean than the one observed (R's coin).
    #[default]
    AbsoluteDeviation,
    /// Twice the smaller tail, at most 1.
    Doubled,
}

/// What becomes of differences of zero in a signed-rank test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ZeroRule {
    /// They are dropped before ranking (R, SPSS, SciPy's `wilcox`).
    #[default]
    Wilcoxon,
    /// They are ranked with the others, below them all, and then dropped with their ranks (coin, SciPy's `pratt`).
    Pratt,
}

/// The null distribution of the sign test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SignNull {
    /// The binomial distribution of the positive differences.
    #[default]
    Exact,
    /// The same, of the count observed only half.
    MidP,
    /// The normal approximation.
    Normal {
        /// Whether one half is taken off the deviation.
        continuity: bool,
    },
}

/// The null distribution of McNemar's test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum McNemarNull {
    /// The binomial distribution of the discordant pairs.
    #[default]
    Exact,
    /// The same, of the count observed only half.
    MidP,
    /// The chi-square approximation.
    ChiSquare {
        /// Whether 1 is taken off |b − c|, at most |b − c| itself (Edwards's correction).
        continuity: bool,
    },
}

/// Which outcomes of an exact test of counts (tables of Fisher's, counts of the binomial) count against the null
/// hypothesis on both sides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum FisherRule {
    /// Outcomes no likelier than the one observed, within a relative 1e-7 (R, SciPy, SPSS, SAS).
    #[default]
    NoLikelier,
    /// Twice the smaller tail, at most 1.
    Doubled,
}

/// The continuity correction of a chi-square test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Correction {
    /// None (SPSS's "Pearson chi-square").
    #[default]
    None,
    /// Yates's, at most |O − E| (R's default for 2×2 tables).
    Yates,
}

/// A test statistic, with the degrees of freedom that its name implies.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Statistic {
    /// Student's or Welch's t.
    T {
        /// The statistic.
        value: f64,
        /// Degrees of freedom, a fraction for Welch's.
        df: f64,
    },
    /// The Mann–Whitney U of the first group: pairs in which its member is greater, ties counting one half.
    U {
        /// The statistic; R's W.
        value: f64,
        /// The standardised deviate that the normal approximation uses, with its continuity correction if it has one.
        z: Option<f64>,
    },
    /// The rank sum of the positive differences.
    V {
        /// The statistic; R's V.
        value: f64,
        /// The standardised deviate that the normal approximation uses, with its continuity correction if it has one.
        z: Option<f64>,
    },
    /// The number of positive differences.
    S {
        /// The statistic.
        value: f64,
        /// The standardised deviate that the normal approximation uses, with its continuity correction if it has one.
        z: Option<f64>,
    },
    /// A chi-square.
    ChiSquare {
        /// The statistic.
        value: f64,
        /// Degrees of freedom.
        df: f64,
    },
    /// Spearman's S, the sum of squared rank differences; with ties (n³ − n)(1 − ρ) / 6, which it is without.
    SpearmanS {
        /// The statistic.
        value: f64,
        /// The t, with n − 2 degrees of freedom, of the approximation by Student's distribution.
        t: Option<f64>,
    },
    /// Kendall's S: concordant less discordant pairs.
    KendallS {
        /// The statistic.
        value: f64,
        /// The standardised deviate of the normal approximation, with its continuity correction if it has one.
        z: Option<f64>,
    },
    /// An F ratio.
    F {
        /// The statistic.
        value: f64,
        /// Degrees of freedom of the numerator.
        df1: f64,
        /// Degrees of freedom of the denominator, a fraction for Welch's.
        df2: f64,
    },
    /// The Kruskal–Wallis H, corrected for ties.
    H {
        /// The statistic.
        value: f64,
        /// Degrees of freedom of its approximation.
        df: f64,
    },
    /// The Jonckheere–Terpstra J: pairs in ascending order between groups in order, ties counting one half.
    J {
        /// The statistic.
        value: f64,
        /// The standardised deviate that the normal approximation uses, with its continuity correction if it has one.
        z: Option<f64>,
    },
    /// A standard normal deviate.
    Z {
        /// The statistic.
        value: f64,
    },
    /// The Shapiro–Wilk W, in (0, 1].
    W {
        /// The statistic.
        value: f64,
    },
    /// The Anderson–Darling A².
    ASquared {
        /// The statistic.
        value: f64,
    },
    /// The Kolmogorov–Smirnov distance D, in (0, 1).
    D {
        /// The statistic.
        value: f64,
    },
}

impl Statistic {
    /// The statistic's value.
    #[must_use]
    pub fn value(self) -> f64 {
        match self {
            Self::T { value, .. }
            | Self::U { value, .. }
            | Self::V { value, .. }
            | Self::S { value, .. }
            | Self::ChiSquare { value, .. }
            | Self::SpearmanS { value, .. }
            | Self::KendallS { value, .. }
            | Self::F { value, .. }
            | Self::H { value, .. }
            | Self::J { value, .. }
            | Self::Z { value }
            | Self::W { value }
            | Self::ASquared { value }
            | Self::D { value } => value,
        }
    }

    /// Its degrees of freedom, if its distribution has them; those of the numerator of an F.
    #[must_use]
    pub fn df(self) -> Option<f64> {
        match self {
            Self::T { df, .. } | Self::ChiSquare { df, .. } | Self::H { df, .. } | Self::F { df1: df, .. } => Some(df),
            Self::U { .. }
            | Self::SpearmanS { .. }
            | Self::KendallS { .. }
            | Self::V { .. }
            | Self::S { .. }
            | Self::J { .. }
            | Self::Z { .. }
            | Self::W { .. }
            | Self::ASquared { .. }
            | Self::D { .. } => None,
        }
    }

    /// The degrees of freedom of the denominator of an F.
    #[must_use]
    pub fn df2(self) -> Option<f64> {
        match self {
            Self::F { df2, .. } => Some(df2),
            _ => None,
        }
    }
}

/// What an estimate is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Quantity {
    /// Mean of the first group minus mean of the second, in the data's unit.
    MeanDifference,
    /// The conditional maximum-likelihood odds ratio of a 2×2 table.
    ConditionalOddsRatio,
    /// The probability that a member of the first group is greater than one of the second, ties counting one half.
    ProbabilityOfSuperiority,
    /// The rank sum of the positive differences less that of the negative ones, over both together.
    MatchedRankBiserial,
    /// The difference of two means in pooled standard deviations.
    CohensD,
    /// Cohen's d with its bias taken out.
    HedgesG,
    /// The difference of two means in roots of the average of the two variances.
    StandardizedDifference,
    /// The difference of two proportions in roots of the average of the two variances.
    StandardizedProportionDifference,
    /// The difference of two proportions on the arcsine scale, 2 asin √p₁ − 2 asin √p₂.
    CohensH,
    /// The difference of two risks.
    RiskDifference,
    /// The ratio of two risks; its standard error is that of its logarithm.
    RiskRatio,
    /// The sample odds ratio of a 2×2 table; its standard error is that of its logarithm.
    OddsRatio,
    /// The median of the differences, in the data's unit.
    MedianDifference,
    /// The odds ratio of pairs: those with the property in the first member only, over those in the second only.
    MatchedOddsRatio,
    /// The median of all differences of a member of the first group and one of the second, in the data's unit.
    Shift,
    /// The median of all averages of two values, each with itself too, in the data's unit.
    Pseudomedian,
    /// Cramér's V, √(χ² / (n · (min(rows, columns) − 1))), from the statistic without correction.
    CramersV,
    /// The proportion with the property.
    Proportion,
    /// Pearson's r.
    PearsonR,
    /// Spearman's ρ.
    SpearmanRho,
    /// Kendall's τ-b.
    KendallTauB,
    /// The point-biserial r: positive when those with the property have the greater values.
    PointBiserialR,
    /// A partial correlation.
    PartialR,
    /// The share of the sum of squares that lies between groups, η².
    EtaSquared,
    /// ε² = H / (N − 1) of the Kruskal–Wallis test, the share of the sum of squares of the ranks that lies between groups.
    RankEpsilonSquared,
    /// Variance of the first group over variance of the second.
    VarianceRatio,
}

impl Quantity {
    /// The stable key of the quantity.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::MeanDifference => "mean_difference",
            Self::ConditionalOddsRatio => "conditional_odds_ratio",
            Self::ProbabilityOfSuperiority => "probability_of_superiority",
            Self::MatchedRankBiserial => "matched_rank_biserial",
            Self::CohensD => "cohens_d",
            Self::HedgesG => "hedges_g",
            Self::StandardizedDifference => "standardized_difference",
            Self::StandardizedProportionDifference => "standardized_proportion_difference",
            Self::CohensH => "cohens_h",
            Self::RiskDifference => "risk_difference",
            Self::RiskRatio => "risk_ratio",
            Self::OddsRatio => "odds_ratio",
            Self::MedianDifference => "median_difference",
            Self::MatchedOddsRatio => "matched_odds_ratio",
            Self::Shift => "shift",
            Self::Pseudomedian => "pseudomedian",
            Self::CramersV => "cramers_v",
            Self::Proportion => "proportion",
            Self::PearsonR => "pearson_r",
            Self::SpearmanRho => "spearman_rho",
            Self::KendallTauB => "kendall_tau_b",
            Self::PointBiserialR => "point_biserial_r",
            Self::PartialR => "partial_r",
            Self::EtaSquared => "eta_squared",
            Self::RankEpsilonSquared => "rank_epsilon_squared",
            Self::VarianceRatio => "variance_ratio",
        }
    }
}

/// An estimate, with its standard error and interval where the procedure has them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    /// What it is of.
    pub quantity: Quantity,
    /// Its value; may be 0 or infinite for an odds ratio.
    pub value: f64,
    /// Its standard error.
    pub std_error: Option<f64>,
    /// The lower and upper limit, with their level; a limit may be 0 or infinite.
    pub interval: Option<Interval>,
}

/// Something a reader should know of a result that stands.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Remark {
    /// Values are tied within or between the groups; in a signed-rank test, differences other than zero by their size.
    Ties,
    /// A cell of a 2×2 table is zero.
    ZeroCell,
    /// Differences of zero.
    Zeros {
        /// How many.
        count: usize,
    },
    /// An expected count below 5.
    SmallExpected {
        /// The smallest expected count.
        smallest: f64,
        /// How many cells are below 5.
        cells: usize,
    },
    /// The p-value was simulated.
    MonteCarlo {
        /// What the random numbers started from.
        seed: u64,
        /// How many samples were drawn.
        samples: u64,
        /// How many of them were as extreme as what was observed.
        as_extreme: u64,
        /// The Clopper–Pearson interval of the exact p-value.
        interval: Interval,
    },
}
