use super::pairwise_sums::PairwiseSums;
use super::ranks::untied_lower_tails;
use super::signed_ranks::SignSums;
use super::{Estimate, Quantity, RankInterval, Remark};
use crate::effect::{Effect, EffectProcedure};
use crate::{Interval, Level, TestError, dist};

/// By how much is the first group greater? The Hodges–Lehmann shift, the estimate that belongs to the Mann–Whitney test.
///
/// ## Formula
///
/// ```text
/// Δ = median of the n₁n₂ differences firstᵢ − secondⱼ        D₍₁₎ ≤ … ≤ D₍ₘ₎ the differences, m = n₁n₂
/// interval: D₍ₖ₎ to D₍ₘ₊₁₋ₖ₎
/// exact:    the largest k with P(U < k) ≤ (1 − level)/2, and 1 if there is none
/// normal:   k = ⌈m/2 − c − z σ⌉        σ² = n₁n₂/12 · ( N + 1 − Σ (t³ − t) / (N (N − 1)) )
/// ```
///
/// N = n₁ + n₂; t: the number of values in each group of ties within a sample; c: 0, or ½ for continuity.
///
/// ## Input
///
/// Two independent samples in the same unit, one value or more in each. Large ones are no trouble: the differences are
/// selected from, not made (about N log N steps).
///
/// ## Result
///
/// Estimate: Δ in the unit of the data, positive when the first group tends to be greater. The interval holds the shifts
/// that the Mann–Whitney test does not reject; a limit is infinite where k falls below 1. `coverage`: what the exact
/// interval covers without ties, 1 − 2 P(U < k), which for tiny samples can be less than the level. A remark names ties
/// between any two values.
///
/// ## Conventions
///
/// R: `wilcox.test(first, second, conf.int = TRUE, exact = …, correct = …)`. R's asymptotic estimate and limits are found
/// by a root-finder to 1e-4 (`tol.root`); its limits are steps of a staircase, which the limits here are exactly, and its
/// estimate is the shift at which z is zero rather than the median. Without a choice of the interval R takes the exact
/// one for groups below 50 without ties.
///
/// ## Errors
///
/// [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::TooLargeForExact`] beyond about 250 against 250 when the
/// exact interval is asked for.
///
/// ## Example
///
/// Permeability constants of the human chorioamnion (Hollander and Wolfe 1973, pages 69 and 75):
///
/// ```
/// use restudy_stats::hypothesis::HodgesLehmannShift;
///
/// let term = [0.80, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
/// let early = [1.15, 0.88, 0.90, 0.74, 1.21];
/// let effect = HodgesLehmannShift::default().run(&term, &early)?;
/// assert_eq!(format!("{:.3}", effect.estimate.value), "0.305");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Hodges and Lehmann, Annals of Mathematical Statistics 34 (1963) 598–611; Hollander and Wolfe, Nonparametric
/// Statistical Methods (1973), sections 4.2 and 4.3; Johnson and Mizoguchi, SIAM Journal on Computing 7 (1978) 147–153
/// (selection).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HodgesLehmannShift {
    /// The interval.
    pub interval: RankIntervalChoice,
    /// Its level.
    pub level: Level,
}

/// Around which value does a sample lie? The Hodges–Lehmann pseudomedian, the estimate that belongs to Wilcoxon's
/// signed-rank test.
///
/// ## Formula
///
/// ```text
/// θ = median of the n(n + 1)/2 averages (dᵢ + dⱼ)/2, i ≤ j        W₍₁₎ ≤ … ≤ W₍ₘ₎ the averages, m = n(n + 1)/2
/// interval: W₍ₖ₎ to W₍ₘ₊₁₋ₖ₎
/// exact:    the largest k with P(V < k) ≤ (1 − level)/2, and 1 if there is none
/// normal:   k = ⌈m/2 − c − z σ⌉        σ² = n(n + 1)(2n + 1)/24 − Σ (t³ − t)/48
/// ```
///
/// t: the number of values in each group of equal values; c: 0, or ½ for continuity.
///
/// ## Input
///
/// One sample, such as the differences of pairs; one value or more. The averages are selected from, not made.
///
/// ## Result
///
/// Estimate: θ in the unit of the data. The interval holds the centres that the signed-rank test does not reject; a
/// limit is infinite where k falls below 1. `coverage`: what the exact interval covers without ties. A remark names ties
/// among the values.
///
/// ## Conventions
///
/// R: `wilcox.test(d, conf.int = TRUE, exact = …, correct = …)`; what is said of the [shift](HodgesLehmannShift) holds
/// here too. R leaves values of zero out of the asymptotic estimate and interval; here every value counts, since a value
/// of zero is as good a witness of the centre as any. Without a choice of the interval R takes the exact one below 50
/// values without ties and zeros.
///
/// ## Errors
///
/// [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::TooLargeForExact`] beyond 1,000 values when the exact
/// interval is asked for.
///
/// ## Example
///
/// Hamilton depression scores, the change under a tranquilliser (Hollander and Wolfe 1973, page 36), in thousandths:
///
/// ```
/// use restudy_stats::hypothesis::HodgesLehmannPseudomedian;
///
/// let change = [-952.0, 147.0, -1022.0, -430.0, -620.0, -590.0, -490.0, 80.0, -10.0];
/// let effect = HodgesLehmannPseudomedian::default().run(&change)?;
/// assert_eq!(effect.estimate.value, -460.0);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Hodges and Lehmann, Annals of Mathematical Statistics 34 (1963) 598–611; Tukey, Princeton Memorandum 17 (1949)
/// (interval); Hollander and Wolfe, Nonparametric Statistical Methods (1973), sections 3.2 and 3.3.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct HodgesLehmannPseudomedian {
    /// The interval.
    pub interval: RankIntervalChoice,
    /// Its level.
    pub level: Level,
}

/// Which interval of a Hodges–Lehmann estimate to make.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RankIntervalChoice {
    /// [`RankInterval::Exact`] below 50 values (in each group) without ties, otherwise [`RankInterval::Normal`] with
    /// continuity correction.
    #[default]
    Auto,
    /// Exact.
    Exact,
    /// The normal approximation.
    Normal {
        /// Whether half a rank is taken off the deviation.
        continuity: bool,
    },
}

impl RankIntervalChoice {
    fn resolve(self, small: bool, tied: bool) -> RankInterval {
        match self {
            Self::Auto if small && !tied => RankInterval::Exact,
            Self::Auto => RankInterval::Normal { continuity: true },
            Self::Exact => RankInterval::Exact,
            Self::Normal { continuity } => RankInterval::Normal { continuity },
        }
    }
}

impl HodgesLehmannShift {
    /// The shift between two samples.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, first: &[f64], second: &[f64]) -> Result<Effect, TestError> {
        let first = sorted(first, 0)?;
        // firstᵢ − secondⱼ is the sum of firstᵢ and −secondⱼ, to the last bit.
        let mirrored: Vec<f64> = sorted(second, 1)?.iter().rev().map(|x| -x).collect();
        let differences = PairwiseSums::all(&first, &mirrored);
        let mut together: Vec<f64> = first.iter().copied().chain(mirrored.iter().map(|x| -x)).collect();
        together.sort_unstable_by(f64::total_cmp);
        let tied = tied_cubes(&together) > 0.0;
        let (n1, n2) = (first.len(), second.len());
        let interval = self.interval.resolve(n1 < 50 && n2 < 50, tied);
        let (depth, coverage) = match interval {
            RankInterval::Exact => exact_depth(&untied_lower_tails(n1, n2)?, self.level),
            RankInterval::Normal { continuity } => {
                let (n, pairs) = ((n1 + n2) as f64, n1 as f64 * n2 as f64);
                let within = tied_cubes(&first) + tied_cubes(&mirrored);
                let variance = pairs / 12.0 * (n + 1.0 - if within > 0.0 { within / (n * (n - 1.0)) } else { 0.0 });
                (normal_depth(differences.count(), variance.sqrt(), continuity, self.level), None)
            }
        };
        Ok(Effect {
            procedure: EffectProcedure::HodgesLehmannShift { interval },
            estimate: Estimate {
                quantity: Quantity::Shift,
                value: differences.median(),
                std_error: None,
                interval: Some(limits(&differences, depth, self.level)),
            },
            coverage,
            counts: vec![n1, n2],
            remarks: tied.then_some(Remark::Ties).into_iter().collect(),
        })
    }
}

impl HodgesLehmannPseudomedian {
    /// The pseudomedian of a sample.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, values: &[f64]) -> Result<Effect, TestError> {
        let sorted = sorted(values, 0)?;
        // Halves first, so that no sum overflows; halving changes no digit above 1e-307.
        let halves: Vec<f64> = sorted.iter().map(|x| x / 2.0).collect();
        let averages = PairwiseSums::of_pairs(&halves);
        let n = sorted.len();
        let tied_cubes = tied_cubes(&sorted);
        let interval = self.interval.resolve(n < 50, tied_cubes > 0.0);
        let (depth, coverage) = match interval {
            RankInterval::Exact => {
                let scores: Vec<usize> = (1..=n).collect();
                // Half of the distribution holds every depth that is sought.
                exact_depth(&SignSums::new(&scores, n * (n + 1) / 4)?.lower_tails(), self.level)
            }
            RankInterval::Normal { continuity } => {
                let n = n as f64;
                let variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - tied_cubes / 48.0;
                (normal_depth(averages.count(), variance.sqrt(), continuity, self.level), None)
            }
        };
        Ok(Effect {
            procedure: EffectProcedure::HodgesLehmannPseudomedian { interval },
            estimate: Estimate {
                quantity: Quantity::Pseudomedian,
                value: averages.median(),
                std_error: None,
                interval: Some(limits(&averages, depth, self.level)),
            },
            coverage,
            counts: vec![n],
            remarks: (tied_cubes > 0.0).then_some(Remark::Ties).into_iter().collect(),
        })
    }
}

fn sorted(values: &[f64], group: usize) -> Result<Vec<f64>, TestError> {
    if values.is_empty() {
        return Err(TestError::TooFew { group, found: 0, needed: 1 });
    }
    if let Some(position) = values.iter().position(|x| !x.is_finite()) {
        return Err(TestError::NotFinite { group, position });
    }
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    Ok(sorted)
}

/// Σ (t³ − t) over the groups of t equal values.
fn tied_cubes(sorted: &[f64]) -> f64 {
    let cube_less_itself = |t: f64| t * (t * t - 1.0);
    sorted.chunk_by(|a, b| a == b).map(|same| cube_less_itself(same.len() as f64)).sum()
}

/// The depth of the exact limits, from P(≤ 0), P(≤ 1), …, and what they cover.
fn exact_depth(lower_tails: &[f64], level: Level) -> (u64, Option<f64>) {
    // P(< k) ≤ tail for k up to the number of lower tails that are no greater; equal but for rounding counts as equal.
    let bound = level.tail() * (1.0 + 1e-12);
    let depth = lower_tails.partition_point(|&tail| tail <= bound).max(1);
    (depth as u64, Some(1.0 - 2.0 * lower_tails[depth - 1]))
}

/// The depth of the normal limits; 0 when a limit is infinite.
fn normal_depth(count: u64, sd: f64, continuity: bool, level: Level) -> u64 {
    let correction = if continuity { 0.5 } else { 0.0 };
    let depth = (count as f64 / 2.0 - correction - dist::Normal.upper_quantile(level.tail()) * sd).ceil();
    depth.max(0.0) as u64
}

/// The depth-th smallest and greatest.
fn limits(sums: &PairwiseSums<'_>, depth: u64, level: Level) -> Interval {
    let (low, high) = match depth {
        0 => (f64::NEG_INFINITY, f64::INFINITY),
        _ => (sums.select(depth), sums.select(sums.count() + 1 - depth)),
    };
    Interval { low, high, level }
}
