use super::normal_approximation::normal_approximation;
use super::ranks::RankedGroups;
use super::{Estimate, Procedure, Quantity, RankNull, Remark, Statistic, TestResult, TwoSided};
use crate::{Alternative, Interval, Level, TestError, dist};

/// Does one group tend to have greater values? The Mann–Whitney test, also called the Wilcoxon rank-sum test.
///
/// ## Hypotheses
///
/// H₀: both groups come from one distribution. Alternatives: P(first > second) + ½ P(tie) ≠ ½, < ½, > ½.
///
/// ## Formula
///
/// ```text
/// U = number of pairs with first > second, a tied pair counting ½
/// z = (U − n₁n₂/2 − c) / σ        σ² = n₁n₂/12 · ( N + 1 − Σ (t³ − t) / (N (N − 1)) )
/// ```
///
/// N = n₁ + n₂; t: the number of values in each group of ties; c: 0, or the continuity correction of ½ towards 0. The
/// exact distributions count the assignments of the ranks to the groups: with ties by the shift algorithm, without by
/// their generating function, in a millisecond at 500 against 500.
///
/// ## Input
///
/// Two independent samples in the same unit, one value or more in each, not all equal.
///
/// ## Result
///
/// Statistic: U of the first group, with z for the normal null distribution. Estimate: the probability of superiority
/// U / (n₁n₂) in [0, 1], which is the area under the ROC curve, with DeLong's standard error and its normal interval
/// cut to [0, 1]; a group of one value has neither. A one-sided alternative has a one-sided interval. A remark names
/// ties.
///
/// ## Conventions
///
/// | null | R |
/// |---|---|
/// | [`Auto`](RankNullChoice::Auto) | `wilcox.test(first, second)` up to R 4.5 |
/// | [`Exact`](RankNullChoice::Exact) | `wilcox.test(first, second, exact = TRUE)` |
/// | [`ExactGivenTies`](RankNullChoice::ExactGivenTies) | `coin::wilcox_test(y ~ g, distribution = "exact")` |
/// | [`Normal`](RankNullChoice::Normal) | `wilcox.test(first, second, exact = FALSE, correct = continuity)` |
///
/// SPSS prints the normal approximation without correction, Prism and R 4.6 the exact distribution also with ties. The
/// two-sided exact p with ties depends on [`TwoSided`]; the normal one always uses the variance corrected for ties. U
/// of the first group is R's W; SPSS prints the smaller of both U.
///
/// ## Errors
///
/// [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NoSpread`] when all values are equal,
/// [`TestError::Tied`] when [`Exact`](RankNullChoice::Exact) is asked for and there are ties,
/// [`TestError::TooLargeForExact`] beyond about 230 against 230 with ties, more when one group is small (2²² counts held,
/// or 2³¹ additions made, for one half of the values) and, without ties, some hundred thousand against as many.
///
/// ## Example
///
/// Permeability constants of the human chorioamnion at term and at 12 to 26 weeks (Hollander and Wolfe 1973, page 69),
/// one-sided exact p = 0.127:
///
/// ```
/// use restudy_stats::{Alternative, hypothesis::MannWhitney};
///
/// let term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
/// let early = [1.15, 0.88, 0.90, 0.74, 1.21];
/// let test = MannWhitney { alternative: Alternative::Greater, ..MannWhitney::default() };
/// let result = test.run(&term, &early)?;
/// assert_eq!(result.statistic.unwrap().value(), 35.0);
/// assert_eq!(format!("{:.4}", result.p_value), "0.1272");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Mann and Whitney, Annals of Mathematical Statistics 18 (1947) 50–60; Lehmann, Nonparametrics (1975), section 1.4
/// (variance with ties); Streitberg and Röhmel, Statistical Software Newsletter 12 (1986) 10–17 (shift algorithm);
/// DeLong, DeLong and Clarke-Pearson, Biometrics 44 (1988) 837–845.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct MannWhitney {
    /// The null distribution.
    pub null: RankNullChoice,
    /// The two-sided rule of the exact distribution given ties.
    pub two_sided: TwoSided,
    /// The side of the test and of the interval.
    pub alternative: Alternative,
    /// The level of the interval of the probability of superiority.
    pub level: Level,
}

/// Which null distribution to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RankNullChoice {
    /// [`RankNull::Exact`] when both groups have fewer than 50 values and there are no ties, otherwise
    /// [`RankNull::Normal`] with continuity correction: the rule of R up to 4.5.
    #[default]
    Auto,
    /// Every assignment of distinct ranks; refuses ties.
    Exact,
    /// Every assignment of the mid-ranks at hand. Without ties this is [`RankNull::Exact`], and the result says so.
    ExactGivenTies,
    /// The normal approximation.
    Normal {
        /// Whether half a rank is taken off the deviation.
        continuity: bool,
    },
}

impl MannWhitney {
    /// The test on two samples.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, first: &[f64], second: &[f64]) -> Result<TestResult, TestError> {
        let ranked = RankedGroups::new(first, second)?;
        let null = match self.null {
            RankNullChoice::Auto if !ranked.is_tied() && ranked.n1 < 50 && ranked.n2 < 50 => RankNull::Exact,
            RankNullChoice::Auto => RankNull::Normal { continuity: true },
            RankNullChoice::Exact if ranked.is_tied() => return Err(TestError::Tied),
            RankNullChoice::ExactGivenTies if ranked.is_tied() => RankNull::ExactGivenTies,
            RankNullChoice::Exact | RankNullChoice::ExactGivenTies => RankNull::Exact,
            RankNullChoice::Normal { continuity } => RankNull::Normal { continuity },
        };
        self.test(&ranked, null)
    }

    /// The test under every null distribution that these data admit, ranked once: the exact one that fits the data
    /// (with ties under this two-sided rule), where it is not too large, and the normal ones with and without
    /// continuity correction. The choice in [`null`](Self::null) is not looked at.
    ///
    /// # Errors
    ///
    /// As the type's page says, except that an exact distribution beyond the limit is left out.
    pub fn run_under_every_null(&self, first: &[f64], second: &[f64]) -> Result<Vec<TestResult>, TestError> {
        let ranked = RankedGroups::new(first, second)?;
        let exact = if ranked.is_tied() { RankNull::ExactGivenTies } else { RankNull::Exact };
        let mut results = Vec::with_capacity(3);
        match self.test(&ranked, exact) {
            Ok(result) => results.push(result),
            Err(TestError::TooLargeForExact { .. }) => {}
            Err(error) => return Err(error),
        }
        for continuity in [true, false] {
            results.push(self.test(&ranked, RankNull::Normal { continuity })?);
        }
        Ok(results)
    }

    fn test(&self, ranked: &RankedGroups, null: RankNull) -> Result<TestResult, TestError> {
        let u = ranked.doubled_u() as f64 / 2.0;
        let (p_value, z) = match null {
            RankNull::Exact | RankNull::ExactGivenTies => {
                let tails = ranked.exact_tails()?;
                let p = match (self.alternative, self.two_sided) {
                    (Alternative::Less, _) => tails.lower,
                    (Alternative::Greater, _) => tails.upper,
                    (Alternative::TwoSided, TwoSided::AbsoluteDeviation) => tails.as_far,
                    (Alternative::TwoSided, TwoSided::Doubled) => 2.0 * tails.lower.min(tails.upper),
                };
                (p.min(1.0), None)
            }
            RankNull::Normal { continuity } => {
                let deviation = u - ranked.n1 as f64 * ranked.n2 as f64 / 2.0;
                let sd = ranked.variance_of_u().sqrt();
                let (p, z) = normal_approximation(deviation, sd, continuity, self.alternative);
                (p, Some(z))
            }
        };
        Ok(TestResult {
            procedure: Procedure::MannWhitney { null, two_sided: self.two_sided },
            alternative: self.alternative,
            statistic: Some(Statistic::U { value: u, z }),
            p_value,
            estimate: Some(self.superiority(ranked, u)),
            counts: vec![ranked.n1 as usize, ranked.n2 as usize],
            remarks: ranked.is_tied().then_some(Remark::Ties).into_iter().collect(),
        })
    }

    fn superiority(&self, ranked: &RankedGroups, u: f64) -> Estimate {
        let value = u / (ranked.n1 as f64 * ranked.n2 as f64);
        let std_error = ranked.superiority_std_error();
        let interval = std_error.map(|std_error| {
            let reach = |tail: f64| dist::Normal.upper_quantile(tail) * std_error;
            let (below, above) = match self.alternative {
                Alternative::TwoSided => (reach(self.level.tail()), reach(self.level.tail())),
                // 2 × tail: the whole of 1 − level on one side.
                Alternative::Less => (f64::INFINITY, reach(2.0 * self.level.tail())),
                Alternative::Greater => (reach(2.0 * self.level.tail()), f64::INFINITY),
            };
            Interval { low: (value - below).max(0.0), high: (value + above).min(1.0), level: self.level }
        });
        Estimate { quantity: Quantity::ProbabilityOfSuperiority, value, std_error, interval }
    }
}
