use super::groups::at_least_two;
use super::student_t::MeanComparison;
use super::{MannWhitney, Procedure, RankNullChoice, TestResult, WelchT};
use crate::descriptive::Moments;
use crate::multiplicity::{BenjaminiHochberg, BenjaminiYekutieli, Bonferroni, Holm};
use crate::{Alternative, Level, TestError};

/// Which of several groups differ? Every pair compared, with the p-values adjusted for the number of pairs.
///
/// ## Hypotheses
///
/// For each pair of groups those of its test, two-sided.
///
/// ## Formula
///
/// ```text
/// pooled:  t = (x̄ᵢ − x̄ⱼ) / ( s √(1/nᵢ + 1/nⱼ) )        s² = Σ (nₖ − 1) sₖ² / (N − k), N − k degrees of freedom
/// ```
///
/// with s pooled over all groups, not the two alone; or [`WelchT`] or [`MannWhitney`] of the two. The k (k − 1) / 2 p-values
/// are one family for the adjustment.
///
/// ## Input
///
/// k ≥ 2 independent groups in the same unit, each as large as its test needs.
///
/// ## Result
///
/// One [`PairComparison`] a pair, in the order (0, 1), (0, 2), …, (1, 2), …: the groups, counted from 0, the result of
/// its test, the first group minus the second, and the adjusted p. Intervals are for each pair alone.
///
/// ## Conventions
///
/// | test | R |
/// |---|---|
/// | [`PairTest::PooledT`] | `pairwise.t.test(x, group, p.adjust.method = …)` |
/// | [`PairTest::WelchT`] | `pairwise.t.test(x, group, pool.sd = FALSE, p.adjust.method = …)` |
/// | [`PairTest::MannWhitney`] | `pairwise.wilcox.test(x, group, p.adjust.method = …)` |
///
/// R adjusts by Holm unless told otherwise. SPSS's "LSD" is the pooled test without adjustment.
///
/// ## Errors
///
/// [`TestError::TooFewGroups`], and those of the pair's test; the error names the group by its place among all.
///
/// ## Example
///
/// ```
/// use restudy_stats::hypothesis::{Adjustment, PairTest, Pairwise};
///
/// let groups: [&[f64]; 3] = [&[6.0, 8.0, 4.0, 5.0, 3.0, 4.0], &[8.0, 12.0, 9.0, 11.0, 6.0, 8.0], &[13.0, 9.0, 11.0, 8.0, 7.0, 12.0]];
/// let pairs = Pairwise { test: PairTest::PooledT, adjustment: Adjustment::Bonferroni, ..Pairwise::default() }.run(&groups)?;
/// assert_eq!((pairs[1].first, pairs[1].second), (0, 2));
/// assert_eq!(format!("{:.4}", pairs[1].p_adjusted), "0.0030");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Fisher, The Design of Experiments (1935), section 24; Hochberg and Tamhane, Multiple Comparison Procedures (1987). The
/// adjustments have their own pages in [`multiplicity`](crate::multiplicity).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Pairwise {
    /// The test of a pair.
    pub test: PairTest,
    /// The adjustment of the p-values.
    pub adjustment: Adjustment,
    /// The level of the intervals, for each pair alone.
    pub level: Level,
}

/// The test of a pair of groups.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PairTest {
    /// Student's t with the variance pooled over all groups.
    #[default]
    PooledT,
    /// Welch's t of the two groups.
    WelchT,
    /// The Mann–Whitney test of the two groups.
    MannWhitney {
        /// Its null distribution.
        null: RankNullChoice,
    },
}

/// How the p-values of a family are adjusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Adjustment {
    /// Not at all.
    None,
    /// Times the number of pairs.
    Bonferroni,
    /// Holm's step-down method.
    #[default]
    Holm,
    /// Benjamini and Hochberg's false discovery rate.
    BenjaminiHochberg,
    /// Benjamini and Yekutieli's, under any dependence.
    BenjaminiYekutieli,
}

impl Adjustment {
    fn adjust(self, p_values: &[f64]) -> Result<Vec<f64>, TestError> {
        let family: Vec<Option<f64>> = p_values.iter().copied().map(Some).collect();
        let adjusted = match self {
            Self::None => return Ok(p_values.to_vec()),
            Self::Bonferroni => Bonferroni.adjust(&family)?,
            Self::Holm => Holm.adjust(&family)?,
            Self::BenjaminiHochberg => BenjaminiHochberg.adjust(&family)?,
            Self::BenjaminiYekutieli => BenjaminiYekutieli.adjust(&family)?,
        };
        Ok(adjusted.values.into_iter().flatten().collect())
    }
}

/// The comparison of two of several groups.
#[derive(Clone, Debug, PartialEq)]
pub struct PairComparison {
    /// The first group, counted from 0.
    pub first: usize,
    /// The second group.
    pub second: usize,
    /// The result of the pair's test, the first group minus the second.
    pub result: TestResult,
    /// Its p-value, adjusted for all pairs.
    pub p_adjusted: f64,
}

impl Pairwise {
    /// The comparisons of all pairs of groups.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, groups: &[&[f64]]) -> Result<Vec<PairComparison>, TestError> {
        let count = groups.len();
        match self.test {
            PairTest::PooledT => {
                let moments = moments(groups)?;
                let pooled = Pooled::of(&moments)?;
                self.pairs(count, |first, second| pooled.compare(moments[first], moments[second], self.level))
            }
            PairTest::WelchT => {
                let test = WelchT { level: self.level, ..WelchT::default() };
                self.pairs(count, |first, second| test.run(groups[first], groups[second]))
            }
            PairTest::MannWhitney { null } => {
                let test = MannWhitney { null, level: self.level, ..MannWhitney::default() };
                self.pairs(count, |first, second| test.run(groups[first], groups[second]))
            }
        }
    }

    fn pairs(
        &self,
        groups: usize,
        compare: impl Fn(usize, usize) -> Result<TestResult, TestError>,
    ) -> Result<Vec<PairComparison>, TestError> {
        at_least_two(groups)?;
        let mut pairs = Vec::with_capacity(groups * (groups - 1) / 2);
        for first in 0..groups {
            for second in first + 1..groups {
                let result = compare(first, second).map_err(|error| of_all(error, [first, second]))?;
                pairs.push(PairComparison { first, second, p_adjusted: result.p_value, result });
            }
        }
        let p_values: Vec<f64> = pairs.iter().map(|pair| pair.result.p_value).collect();
        for (pair, adjusted) in pairs.iter_mut().zip(self.adjustment.adjust(&p_values)?) {
            pair.p_adjusted = adjusted;
        }
        Ok(pairs)
    }
}

fn moments(groups: &[&[f64]]) -> Result<Vec<Moments>, TestError> {
    groups.iter().enumerate().map(|(group, values)| Moments::of_group(values, group)).collect()
}

/// The error of a test of two groups, naming the group by its place among all.
fn of_all(error: TestError, pair: [usize; 2]) -> TestError {
    match error {
        TestError::TooFew { group, found, needed } => TestError::TooFew { group: pair[group.min(1)], found, needed },
        TestError::NotFinite { group, position } => TestError::NotFinite { group: pair[group.min(1)], position },
        TestError::NotADeviation { group, sd } => TestError::NotADeviation { group: pair[group.min(1)], sd },
        other => other,
    }
}

/// The standard deviation within all groups.
struct Pooled {
    sd: f64,
    df: f64,
}

impl Pooled {
    fn of(groups: &[Moments]) -> Result<Self, TestError> {
        let table = super::Anova.table_on_moments(groups)?;
        Ok(Self { sd: table.residual_sd(), df: table.df_within })
    }

    fn compare(&self, first: Moments, second: Moments, level: Level) -> Result<TestResult, TestError> {
        MeanComparison {
            procedure: Procedure::PairwiseT,
            difference: first.mean - second.mean,
            std_error: self.sd * (1.0 / first.n as f64 + 1.0 / second.n as f64).sqrt(),
            df: self.df,
            counts: vec![first.n, second.n],
        }
        .test(Alternative::TwoSided, level, 0.0)
    }
}
