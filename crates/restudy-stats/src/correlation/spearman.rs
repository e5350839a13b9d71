use std::collections::BTreeMap;

use super::coefficient::{Coefficient, check_pairs, student_p};
use super::ranks::{Ranks, sums_of_products};
use crate::hypothesis::{Procedure, Quantity, Remark, SpearmanNull, Statistic, TestResult};
use crate::{Alternative, Level, TestError, dist};

/// Do two variables rise together, along any monotone curve? Spearman's rank correlation.
///
/// ## Hypotheses
///
/// H₀: the variables are independent. Alternatives: ρ ≠ 0, < 0, > 0.
///
/// ## Formula
///
/// ```text
/// ρ = Pearson's r of the mid-ranks
/// S = (n³ − n)(1 − ρ) / 6                           Σ (rank of x − rank of y)² where there are no ties
/// t = ρ √( (n − 2) / (1 − ρ²) )                     n − 2 degrees of freedom
/// interval: tanh( artanh ρ ± z · s )                s² = (1 + ρ²/2) / (n − 3), or 1.06 / (n − 3)
/// ```
///
/// The exact distributions count the pairings of the ranks at hand. The Edgeworth series, with X the standardised S − 1
/// and polynomials in 1/n and X², gives P(S ≥ s) for distinct ranks; P(S ≤ s) is taken as 1 − P(S ≥ s + 2).
///
/// ## Input
///
/// Two samples of one length, any ordered scale, n ≥ 3, neither of them constant; the interval takes n ≥ 4.
///
/// ## Result
///
/// Statistic: S, with t where the p-value is Student's. Estimate: ρ in [−1, 1] with an approximate interval. A remark
/// names ties.
///
/// ## Conventions
///
/// | null | R |
/// |---|---|
/// | [`Auto`](SpearmanNullChoice::Auto) | `cor.test(x, y, method = "spearman")` |
/// | [`Exact`](SpearmanNullChoice::Exact) | the same up to n = 9 |
/// | [`Edgeworth`](SpearmanNullChoice::Edgeworth) | the same from n = 10 to 1,289 |
/// | [`StudentT`](SpearmanNullChoice::StudentT) | `cor.test(x, y, method = "spearman", exact = FALSE)` |
///
/// SciPy (`spearmanr`) and SPSS have Student's t alone. Two-sided exact p: twice the smaller tail without ties, as R;
/// given ties the distribution need not be symmetric, and all values at least as far from the mean count, as in SAS's
/// `EXACT SCORR`. SPSS's interval is [`SpearmanInterval::Fieller`].
///
/// ## Errors
///
/// [`TestError::UnequalLengths`], [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NoSpread`] when a
/// variable is constant, [`TestError::NotACorrelation`] for a ρ outside [−1, 1], [`TestError::Tied`] when
/// [`Exact`](SpearmanNullChoice::Exact) or [`Edgeworth`](SpearmanNullChoice::Edgeworth) is asked for and there are ties,
/// [`TestError::TooLargeForExact`] above 2²⁸ additions: n ≤ 14 without ties, more with many.
///
/// ## Example
///
/// ```
/// use restudy_stats::correlation::Spearman;
///
/// let result = Spearman::default().run(&[1.0, 2.0, 3.0, 4.0, 5.0], &[1.0, 8.0, 4.0, 16.0, 90.0])?;
/// assert_eq!(result.estimate.unwrap().value, 0.9);
/// // 5 of the 120 orders have S ≤ 2: one with S = 0 and four with S = 2.
/// assert!((result.p_value - 10.0 / 120.0).abs() < 1e-15);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Kendall, Rank Correlation Methods, 4th edition (1970), sections 3.8 and 4.9; Best and Roberts, Algorithm AS 89: the
/// upper tail probabilities of Spearman's rho, Applied Statistics 24 (1975) 377–379; Fieller, Hartley and Pearson,
/// Tests for rank correlation coefficients I, Biometrika 44 (1957) 470–481; Bonett and Wright, Sample size requirements
/// for estimating Pearson, Kendall and Spearman correlations, Psychometrika 65 (2000) 23–28.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spearman {
    /// The null distribution.
    pub null: SpearmanNullChoice,
    /// The side of the test and of the interval.
    pub alternative: Alternative,
    /// The variance of the interval.
    pub interval: SpearmanInterval,
    /// The level of the interval.
    pub level: Level,
}

/// Which null distribution to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SpearmanNullChoice {
    /// Without ties [`SpearmanNull::Exact`] up to n = 9 and [`SpearmanNull::Edgeworth`] up to n = 1,289; otherwise
    /// [`SpearmanNull::StudentT`]: R's rule.
    #[default]
    Auto,
    /// Every pairing of distinct ranks; refuses ties.
    Exact,
    /// Every pairing of the mid-ranks at hand. Without ties this is [`SpearmanNull::Exact`], and the result says so.
    ExactGivenTies,
    /// The series; refuses ties.
    Edgeworth,
    /// Student's t.
    StudentT,
}

/// The variance of Fisher's z of ρ.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SpearmanInterval {
    /// (1 + ρ²/2) / (n − 3): covers where ρ is large.
    #[default]
    BonettWright,
    /// 1.06 / (n − 3).
    Fieller,
}

/// The test of two of several variables, counted from 0.
#[derive(Clone, Debug, PartialEq)]
pub struct SpearmanPair {
    /// The variable that comes first.
    pub first: usize,
    /// The variable that comes second.
    pub second: usize,
    /// Their test.
    pub result: TestResult,
}

impl Spearman {
    /// The test on pairs of values.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, x: &[f64], y: &[f64]) -> Result<TestResult, TestError> {
        check_pairs(x.len(), y.len(), 3)?;
        let (x, y) = (Ranks::of(x, 0)?, Ranks::of(y, 1)?);
        let xy = sums_of_products(&[&x, &y]).into_iter().sum();
        self.run_on_ranks(&x, &y, xy)
    }

    /// The test on all pairs of several variables without missing values, each of them ranked once. The first variable
    /// is paired with the second, the third and so on, then the second with the third.
    ///
    /// # Errors
    ///
    /// As the type's page says; a group is the number of the variable.
    pub fn run_on_all_pairs(&self, variables: &[&[f64]]) -> Result<Vec<SpearmanPair>, TestError> {
        let n = variables.first().map_or(0, |variable| variable.len());
        let mut ranked = Vec::with_capacity(variables.len());
        for (group, variable) in variables.iter().enumerate() {
            check_pairs(n, variable.len(), 3)?;
            ranked.push(Ranks::of(variable, group)?);
        }
        let mut sums = sums_of_products(&ranked.iter().collect::<Vec<_>>()).into_iter();
        let mut pairs = Vec::with_capacity(sums.len());
        for (first, x) in ranked.iter().enumerate() {
            for ((second, y), xy) in ranked.iter().enumerate().skip(first + 1).zip(&mut sums) {
                pairs.push(SpearmanPair { first, second, result: self.run_on_ranks(x, y, xy)? });
            }
        }
        Ok(pairs)
    }

    /// The test on what a paper prints, ρ and the number of pairs: Student's t, whatever [`null`](Self::null) is,
    /// because the digits of a printed ρ do not give S.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_rho(&self, rho: f64, n: usize) -> Result<TestResult, TestError> {
        check_pairs(n, n, 3)?;
        let rho = Coefficient::of_number(rho)?;
        let t = rho.t(n as f64 - 2.0);
        let statistic = Statistic::SpearmanS { value: sum_of_squared_differences(rho, n), t: Some(t) };
        let p = student_p(t, n as f64 - 2.0, self.alternative)?;
        Ok(self.result(SpearmanNull::StudentT, rho, n, statistic, p, Vec::new()))
    }

    fn run_on_ranks(&self, x: &Ranks, y: &Ranks, xy: i128) -> Result<TestResult, TestError> {
        let n = x.centred.len();
        let tied = x.is_tied() || y.is_tied();
        let null = match self.null {
            SpearmanNullChoice::Auto if tied || n >= 1290 => SpearmanNull::StudentT,
            SpearmanNullChoice::Auto if n > 9 => SpearmanNull::Edgeworth,
            SpearmanNullChoice::Auto => SpearmanNull::Exact,
            SpearmanNullChoice::Exact | SpearmanNullChoice::Edgeworth if tied => return Err(TestError::Tied),
            SpearmanNullChoice::ExactGivenTies if tied => SpearmanNull::ExactGivenTies,
            SpearmanNullChoice::Exact | SpearmanNullChoice::ExactGivenTies => SpearmanNull::Exact,
            SpearmanNullChoice::Edgeworth => SpearmanNull::Edgeworth,
            SpearmanNullChoice::StudentT => SpearmanNull::StudentT,
        };
        let (xx, yy) = (x.sum_of_squares, y.sum_of_squares);
        let rho = coefficient(xx, yy, xy);
        // 4 S is the sum of the squared differences of doubled ranks, which without ties is 2 (Σ c² − Σ c d).
        let s = if tied { sum_of_squared_differences(rho, n) } else { (xx - xy) as f64 / 2.0 };
        let (p, t) = match null {
            SpearmanNull::StudentT => {
                let t = rho.t(n as f64 - 2.0);
                (student_p(t, n as f64 - 2.0, self.alternative)?, Some(t))
            }
            SpearmanNull::Edgeworth => (edgeworth_p(s, n as f64, self.alternative), None),
            SpearmanNull::Exact | SpearmanNull::ExactGivenTies => (exact_p(x, y, xy, self.alternative)?, None),
        };
        let remarks = tied.then_some(Remark::Ties).into_iter().collect();
        Ok(self.result(null, rho, n, Statistic::SpearmanS { value: s, t }, p, remarks))
    }

    fn result(
        &self,
        null: SpearmanNull,
        rho: Coefficient,
        n: usize,
        statistic: Statistic,
        p_value: f64,
        remarks: Vec<Remark>,
    ) -> TestResult {
        let std_error = (n > 3).then(|| {
            let variance = match self.interval {
                SpearmanInterval::BonettWright => 1.0 + rho.r * rho.r / 2.0,
                SpearmanInterval::Fieller => 1.06,
            };
            (variance / (n as f64 - 3.0)).sqrt()
        });
        TestResult {
            procedure: Procedure::Spearman { null },
            alternative: self.alternative,
            statistic: Some(statistic),
            p_value,
            estimate: Some(rho.estimate(Quantity::SpearmanRho, std_error, self.alternative, self.level)),
            counts: vec![n],
            remarks,
        }
    }
}

fn coefficient(xx: i128, yy: i128, xy: i128) -> Coefficient {
    let product = xx as f64 * yy as f64;
    let r = if xx == yy { xy as f64 / xx as f64 } else { xy as f64 / product.sqrt() };
    // Whole numbers up to the division, where they fit, so that ρ near 1 keeps the digits of 1 − ρ².
    let one_less_square = match (xx.checked_mul(yy), xy.checked_mul(xy)) {
        (Some(whole), Some(explained)) => (whole - explained) as f64 / product,
        _ => (1.0 - r) * (1.0 + r),
    };
    Coefficient::new(r, one_less_square)
}

/// (n³ − n)(1 − ρ) / 6.
fn sum_of_squared_differences(rho: Coefficient, n: usize) -> f64 {
    let n = n as f64;
    n * (n - 1.0) * (n + 1.0) / 6.0 * rho.one_less()
}

/// The p-value of S by the series of AS 89; a positive ρ has a small S.
fn edgeworth_p(s: f64, n: f64, alternative: Alternative) -> f64 {
    let at_least = || edgeworth_tails(s, n).1;
    let at_most = || edgeworth_tails(s + 2.0, n).0;
    match alternative {
        Alternative::Less => at_least(),
        Alternative::Greater => at_most(),
        Alternative::TwoSided if s > n * (n * n - 1.0) / 6.0 => (2.0 * at_least()).min(1.0),
        Alternative::TwoSided => (2.0 * at_most()).min(1.0),
    }
}

/// P(S < s) and P(S ≥ s). The series can leave [0, 1] in the far tail, and is cut there.
fn edgeworth_tails(s: f64, n: f64) -> (f64, f64) {
    let b = 1.0 / n;
    let x = (6.0 * (s - 1.0) * b / (n * n - 1.0) - 1.0) * (n - 1.0).sqrt();
    let y = x * x;
    let inner = 0.0879 + 0.0151 * b - y * (0.0072 - 0.0831 * b + y * b * (0.0131 - 0.00046 * y));
    let outer = -0.0758 + b * (0.1033 + 0.3932 * b) - y * b * inner;
    let series = x * b * (0.2274 + b * (0.2531 + 0.1745 * b) + y * outer) / libm::exp(y / 2.0);
    let cut = |p: f64| p.clamp(0.0, 1.0);
    (cut(dist::Normal.lower_tail(x) - series), cut(dist::Normal.upper_tail(x) + series))
}

/// The largest number of additions of the exact distribution, about; a second at most.
const WORK_LIMIT: u128 = 1 << 28;

/// The exact p-value of Σ c d = `xy` over all pairings of the centred ranks at hand; the mean of the sums is 0.
fn exact_p(x: &Ranks, y: &Ranks, xy: i128, alternative: Alternative) -> Result<f64, TestError> {
    let states = |ranks: &Ranks| ranks.ties.iter().map(|&t| f64::from(t) + 1.0).product::<f64>();
    let (x, y) = if states(y) <= states(x) { (x, y) } else { (y, x) };
    let turned = y.turned();
    // The tails at or below the mean: what lies above it is below it when y is turned around.
    let below = || Tail::of(x, y, -xy.abs());
    let above = || Tail::of(x, &turned, -xy.abs());
    Ok(match alternative {
        Alternative::TwoSided => (below()?.at_most + above()?.at_most).min(1.0),
        Alternative::Less if xy <= 0 => below()?.at_most,
        Alternative::Greater if xy >= 0 => above()?.at_most,
        Alternative::Less => above()?.at_least(),
        Alternative::Greater => below()?.at_least(),
    })
}

/// The lower tail of Σ c d over all pairings.
struct Tail {
    /// P(Σ c d ≤ bound).
    at_most: f64,
    /// P(Σ c d = bound).
    mass: f64,
}

impl Tail {
    /// Goes through the members of x in turn and gives each a member of y. Equal members of y are not told apart, so
    /// that a state is how many of each distinct value are gone, and what it holds is how many ways lead to each sum.
    /// Counts are sums of positive doubles: n additions at most to each, whole numbers while they stay below 2⁵³.
    fn of(x: &Ranks, y: &Ranks, bound: i128) -> Result<Self, TestError> {
        let n = x.centred.len();
        let too_large = TestError::TooLargeForExact { n };
        let mut x_scores = Scores::of(&x.centred);
        x_scores.scores.sort_unstable_by(|a, b| b.cmp(a));
        let mut y_scores = Scores::of(&y.centred);
        y_scores.scores.sort_unstable();
        y_scores.scores.dedup();
        // Σ (c − c₀)(d − d₀) = Σ c d + n c₀ d₀, because centred ranks sum to 0.
        let in_ranks = bound + n as i128 * x_scores.smallest * y_scores.smallest;
        let Ok(most) = usize::try_from(in_ranks.div_euclid(x_scores.unit * y_scores.unit)) else {
            return Ok(Self { at_most: 0.0, mass: 0.0 });
        };
        let mut strides = Vec::with_capacity(y.ties.len());
        let mut states = 1_u128;
        for &ties in &y.ties {
            strides.push(states as u64);
            states = states.saturating_mul(u128::from(ties) + 1);
            if states.saturating_mul(y.ties.len() as u128).saturating_mul(most as u128 + 1) > WORK_LIMIT {
                return Err(too_large);
            }
        }
        let mut layer = BTreeMap::from([(0_u64, {
            let mut nothing_yet = vec![0.0; most + 1];
            nothing_yet[0] = 1.0;
            nothing_yet
        })]);
        for &score in &x_scores.scores {
            let mut next = BTreeMap::new();
            for (state, ways) in &layer {
                for ((&stride, &ties), &value) in strides.iter().zip(&y.ties).zip(&y_scores.scores) {
                    let shift = usize::try_from(score * value).unwrap_or(usize::MAX);
                    if state / stride % (u64::from(ties) + 1) < u64::from(ties) && shift <= most {
                        let to: &mut Vec<f64> = next.entry(state + stride).or_insert_with(|| vec![0.0; most + 1]);
                        for (to, ways) in to[shift..].iter_mut().zip(ways) {
                            *to += ways;
                        }
                    }
                }
            }
            layer = next;
        }
        // One state is left, unless no pairing is as low: all of y is gone.
        let ways = layer.into_values().next().unwrap_or_default();
        let all = arrangements(&y.ties);
        let attained = in_ranks.rem_euclid(x_scores.unit * y_scores.unit) == 0;
        let mass = if attained { ways.last().copied().unwrap_or(0.0) / all } else { 0.0 };
        Ok(Self { at_most: ways.iter().sum::<f64>() / all, mass })
    }

    /// P(Σ c d ≥ bound), at least about one half.
    fn at_least(&self) -> f64 {
        1.0 - self.at_most + self.mass
    }
}

/// Centred ranks as small whole numbers: less the smallest, over their common divisor.
struct Scores {
    scores: Vec<u64>,
    smallest: i128,
    unit: i128,
}

impl Scores {
    fn of(centred: &[i32]) -> Self {
        let smallest = centred.iter().min().copied().unwrap_or(0);
        let unit = centred.iter().fold(0, |unit, c| greatest_common_divisor(unit, u64::from(c.abs_diff(smallest))));
        let scores = centred.iter().map(|c| u64::from(c.abs_diff(smallest)) / unit.max(1)).collect();
        Self { scores, smallest: i128::from(smallest), unit: i128::from(unit.max(1)) }
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// n! / Π tᵢ!, the ways to arrange a sample with ties.
fn arrangements(ties: &[u32]) -> f64 {
    let (mut ways, mut placed) = (1.0, 0.0);
    for &t in ties {
        for member in 1..=t {
            placed += 1.0;
            // Exact while the product stays below 2⁵³: a binomial coefficient grows by whole factors.
            ways = ways * placed / f64::from(member);
        }
    }
    ways
}
