use super::coefficient::{Coefficient, check_pairs};
use crate::hypothesis::{KendallNull, Procedure, Quantity, Remark, Statistic, TestResult};
use crate::{Alternative, Level, TestError, dist, order};

/// Do two variables rise together? Kendall's τ-b, from concordant and discordant pairs.
///
/// ## Hypotheses
///
/// H₀: the variables are independent. Alternatives: τ ≠ 0, < 0, > 0.
///
/// ## Formula
///
/// ```text
/// S   = C − D                                   pairs of observations in the same order in both variables, less those
///                                               in opposite order; a pair tied in either is neither
/// τ_b = S / √( (n₀ − Σ t(t−1)/2) (n₀ − Σ u(u−1)/2) )        n₀ = n (n − 1) / 2
/// z   = (S − c) / σ
/// σ²  = (v₀ − Σ t(t−1)(2t+5) − Σ u(u−1)(2u+5)) / 18 + Σ t(t−1) Σ u(u−1) / (2 n (n−1))
///       + Σ t(t−1)(t−2) Σ u(u−1)(u−2) / (9 n (n−1) (n−2))      v₀ = n (n − 1) (2n + 5)
/// interval: tanh( artanh τ_b ± z √(0.437 / (n − 4)) )
/// ```
///
/// t, u: the sizes of the groups of ties in x and in y; c: 0, or the continuity correction of 1 towards 0. The exact
/// distribution counts the orders of n distinct values by their inversions.
///
/// ## Input
///
/// Two samples of one length, any ordered scale, n ≥ 2, neither of them constant; the interval takes n ≥ 5. Inversions
/// are counted while merging, in n log n steps.
///
/// ## Result
///
/// Statistic: S, with z for the normal null distribution. Estimate: τ-b in [−1, 1] with an approximate interval. A
/// remark names ties.
///
/// ## Conventions
///
/// | null | R | SciPy |
/// |---|---|---|
/// | [`Auto`](KendallNullChoice::Auto) | `cor.test(x, y, method = "kendall")` | |
/// | [`Exact`](KendallNullChoice::Exact) | `exact = TRUE` | `kendalltau(x, y, method="exact")` |
/// | [`Normal`](KendallNullChoice::Normal) | `exact = FALSE, continuity = continuity` | `kendalltau(x, y, method="asymptotic")` |
///
/// R prints T = C for the exact test. SPSS prints the normal p without continuity correction. R and SciPy have no
/// interval.
///
/// ## Errors
///
/// [`TestError::UnequalLengths`], [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NoSpread`] when a
/// variable is constant, [`TestError::Tied`] when [`Exact`](KendallNullChoice::Exact) is asked for and there are ties,
/// [`TestError::TooLargeForExact`] above 2³¹ additions (from n = 2,000 on, more where |τ| is large).
///
/// ## Example
///
/// Hunter L values of canned tuna and their quality as consumers saw it (Hollander and Wolfe 1973, page 185), one-sided
/// exact p = 0.060:
///
/// ```
/// use restudy_stats::{Alternative, correlation::Kendall};
///
/// let lightness = [44.4, 45.9, 41.9, 53.3, 44.7, 44.1, 50.7, 45.2, 60.1];
/// let quality = [2.6, 3.1, 2.5, 5.0, 3.6, 4.0, 5.2, 2.8, 3.8];
/// let test = Kendall { alternative: Alternative::Greater, ..Kendall::default() };
/// let result = test.run(&lightness, &quality)?;
/// assert_eq!(result.statistic.unwrap().value(), 16.0);
/// assert_eq!(format!("{:.4}", result.p_value), "0.0597");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Kendall, Rank Correlation Methods, 4th edition (1970), sections 3.3 and 4.3; Knight, A computer method for
/// calculating Kendall's tau with ungrouped data, Journal of the American Statistical Association 61 (1966) 436–439;
/// Fieller, Hartley and Pearson, Tests for rank correlation coefficients I, Biometrika 44 (1957) 470–481 (interval).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Kendall {
    /// The null distribution.
    pub null: KendallNullChoice,
    /// The side of the test and of the interval.
    pub alternative: Alternative,
    /// The level of the interval.
    pub level: Level,
}

/// Which null distribution to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum KendallNullChoice {
    /// [`KendallNull::Exact`] below 50 pairs without ties, otherwise [`KendallNull::Normal`] without continuity
    /// correction: R's rule.
    #[default]
    Auto,
    /// Every order of distinct values; refuses ties.
    Exact,
    /// The normal approximation.
    Normal {
        /// Whether one is taken off |S|.
        continuity: bool,
    },
}

impl Kendall {
    /// The test on pairs of values.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, x: &[f64], y: &[f64]) -> Result<TestResult, TestError> {
        check_pairs(x.len(), y.len(), 2)?;
        let pairs = Pairs::of(x, y)?;
        let null = match self.null {
            KendallNullChoice::Auto if pairs.n < 50 && !pairs.is_tied() => KendallNull::Exact,
            KendallNullChoice::Auto => KendallNull::Normal { continuity: false },
            KendallNullChoice::Exact if pairs.is_tied() => return Err(TestError::Tied),
            KendallNullChoice::Exact => KendallNull::Exact,
            KendallNullChoice::Normal { continuity } => KendallNull::Normal { continuity },
        };
        let s = pairs.s() as f64;
        let (p_value, z) = match null {
            KendallNull::Exact => (pairs.exact_p(self.alternative)?, None),
            KendallNull::Normal { continuity } => {
                let correction = if continuity && s != 0.0 { 1.0_f64.copysign(s) } else { 0.0 };
                let z = (s - correction) / pairs.variance_of_s().sqrt();
                let p = match self.alternative {
                    Alternative::TwoSided => dist::Normal.two_sided(z),
                    Alternative::Less => dist::Normal.lower_tail(z),
                    Alternative::Greater => dist::Normal.upper_tail(z),
                };
                (p, Some(z))
            }
        };
        let std_error = (pairs.n > 4).then(|| (0.437 / (pairs.n as f64 - 4.0)).sqrt());
        Ok(TestResult {
            procedure: Procedure::Kendall { null },
            alternative: self.alternative,
            statistic: Some(Statistic::KendallS { value: s, z }),
            p_value,
            estimate: Some(pairs.tau_b().estimate(Quantity::KendallTauB, std_error, self.alternative, self.level)),
            counts: vec![x.len()],
            remarks: pairs.is_tied().then_some(Remark::Ties).into_iter().collect(),
        })
    }
}

/// The pairs of observations by their order in both variables.
struct Pairs {
    n: u64,
    x: Ties,
    y: Ties,
    /// Pairs tied in both variables.
    tied_in_both: u128,
    discordant: u128,
}

/// Sums over the groups of ties of one variable.
#[derive(Default)]
struct Ties {
    /// Σ t (t − 1).
    pairs: u128,
    /// Σ t (t − 1) (t − 2).
    triples: u128,
    /// Σ t (t − 1) (2t + 5).
    weighted: u128,
}

impl Ties {
    fn add(&mut self, size: usize) {
        let t = size as u128;
        if t > 1 {
            self.pairs += t * (t - 1);
            self.triples += t * (t - 1) * (t - 2);
            self.weighted += t * (t - 1) * (2 * t + 5);
        }
    }
}

impl Pairs {
    fn of(x: &[f64], y: &[f64]) -> Result<Self, TestError> {
        for (group, values) in [x, y].into_iter().enumerate() {
            if let Some(position) = values.iter().position(|x| !x.is_finite()) {
                return Err(TestError::NotFinite { group, position });
            }
        }
        let (mut x_ties, mut y_ties) = (Ties::default(), Ties::default());
        // The rank of each observation among the distinct values of y.
        let mut y_ranks = vec![0_u32; y.len()];
        let mut rank = 0;
        order::for_each_run(y, |run| {
            y_ties.add(run.len());
            for &place in run {
                y_ranks[place as usize] = rank;
            }
            rank += 1;
        })?;
        // Those ranks in the order of x, and ascending where x is tied.
        let mut ranks = Vec::with_capacity(x.len());
        let mut tied_in_both = 0;
        order::for_each_run(x, |run| {
            x_ties.add(run.len());
            let start = ranks.len();
            ranks.extend(run.iter().map(|&place| y_ranks[place as usize]));
            if run.len() > 1 {
                ranks[start..].sort_unstable();
                for both in ranks[start..].chunk_by(|a, b| a == b) {
                    tied_in_both += both.len() as u128 * (both.len() as u128 - 1) / 2;
                }
            }
        })?;
        let n = x.len() as u64;
        let all = u128::from(n) * (u128::from(n) - 1);
        if x_ties.pairs == all || y_ties.pairs == all {
            return Err(TestError::NoSpread);
        }
        Ok(Self { n, x: x_ties, y: y_ties, tied_in_both, discordant: inversions(ranks) })
    }

    fn is_tied(&self) -> bool {
        self.x.pairs > 0 || self.y.pairs > 0
    }

    /// n (n − 1) / 2.
    fn all(&self) -> u128 {
        u128::from(self.n) * (u128::from(self.n) - 1) / 2
    }

    /// Concordant less discordant pairs.
    fn s(&self) -> i128 {
        let untied = self.all() + self.tied_in_both - self.x.pairs / 2 - self.y.pairs / 2;
        untied as i128 - 2 * self.discordant as i128
    }

    fn tau_b(&self) -> Coefficient {
        let (x, y) = (self.all() - self.x.pairs / 2, self.all() - self.y.pairs / 2);
        let s = self.s();
        let product = x as f64 * y as f64;
        let r = if x == y { s as f64 / x as f64 } else { s as f64 / product.sqrt() };
        // Whole numbers up to the division, where they fit, so that τ near 1 keeps the digits of 1 − τ².
        let one_less_square = match x.checked_mul(y) {
            Some(exact) if exact < i128::MAX as u128 => (exact as i128 - s * s) as f64 / product,
            _ => (1.0 - r) * (1.0 + r),
        };
        Coefficient::new(r, one_less_square)
    }

    fn variance_of_s(&self) -> f64 {
        let n = u128::from(self.n);
        let (pairs, triples) = (n * (n - 1), n * (n - 1) * n.saturating_sub(2));
        let free = (pairs * (2 * n + 5) - self.x.weighted - self.y.weighted) as f64 / 18.0;
        let of_pairs = self.x.pairs as f64 * self.y.pairs as f64 / (2.0 * pairs as f64);
        let of_triples = self.x.triples as f64 * self.y.triples as f64 / (9.0 * triples.max(1) as f64);
        free + of_pairs + of_triples
    }

    /// The exact p-value without ties. The distribution of discordant pairs is symmetric, so that the smaller tail and
    /// the mass at its edge give all three.
    fn exact_p(&self, alternative: Alternative) -> Result<f64, TestError> {
        let concordant = self.all() - self.discordant;
        let fewer = self.discordant.min(concordant);
        let (tail, mass) = inversion_tail(self.n, fewer)?;
        let greater_side = concordant >= self.discordant;
        Ok(match alternative {
            Alternative::TwoSided => (2.0 * tail).min(1.0),
            Alternative::Greater if greater_side => tail,
            Alternative::Less if !greater_side => tail,
            _ => 1.0 - tail + mass,
        })
    }
}

/// Inversions, pairs in descending order, counted while the sequence is merged into ascending order.
fn inversions(mut sequence: Vec<u32>) -> u128 {
    const RUN: usize = 16;
    let mut inversions = 0_u128;
    for run in sequence.chunks_mut(RUN) {
        for end in 1..run.len() {
            let item = run[end];
            let mut at = end;
            while at > 0 && run[at - 1] > item {
                run[at] = run[at - 1];
                at -= 1;
            }
            run[at] = item;
            inversions += (end - at) as u128;
        }
    }
    let mut merged = vec![0; sequence.len()];
    let mut width = RUN;
    while width < sequence.len() {
        for (from, to) in sequence.chunks(2 * width).zip(merged.chunks_mut(2 * width)) {
            let (left, right) = from.split_at(width.min(from.len()));
            inversions += u128::from(merge(left, right, to));
        }
        std::mem::swap(&mut sequence, &mut merged);
        width *= 2;
    }
    inversions
}

/// Merges two ascending runs and counts the pairs of which the right one is smaller. The choice is made without a
/// branch, because no processor can foresee it.
fn merge(left: &[u32], right: &[u32], to: &mut [u32]) -> u64 {
    let (mut i, mut j, mut inversions) = (0, 0, 0);
    for to in to.iter_mut() {
        let (Some(&a), Some(&b)) = (left.get(i), right.get(j)) else { break };
        let from_right = b < a;
        *to = if from_right { b } else { a };
        inversions += if from_right { (left.len() - i) as u64 } else { 0 };
        j += usize::from(from_right);
        i += usize::from(!from_right);
    }
    let (rest_left, rest_right) = (&left[i..], &right[j..]);
    to[i + j..][..rest_left.len()].copy_from_slice(rest_left);
    to[i + j + rest_left.len()..].copy_from_slice(rest_right);
    inversions
}

/// The largest number of additions of the exact distribution, about; seconds at most.
const WORK_LIMIT: u128 = 1 << 31;

/// P(D ≤ d) and P(D = d) for the inversions D of a random order of n values, d at most half of n (n − 1) / 2.
///
/// The i-th value adds 0 to i − 1 inversions, each with probability 1/i: the distribution is a moving mean of i terms of
/// the one before. Every sum is one of positive terms (a moving sum that subtracts what it leaves behind would lose the
/// far tail), each count goes through 2n additions, and the relative error stays below 2n · 2⁻⁵³.
fn inversion_tail(n: u64, d: u128) -> Result<(f64, f64), TestError> {
    let too_large = TestError::TooLargeForExact { n: n as usize };
    if u128::from(n).saturating_mul(d + 1) > WORK_LIMIT {
        return Err(too_large);
    }
    let d = d as usize;
    // 2⁹⁰⁰ in place of 1: probabilities down to 1e-300 keep all their digits on the way.
    let unit = libm::scalbn(1.0, 900);
    let mut mass = vec![0.0; d + 1];
    mass[0] = unit;
    let mut backward = vec![0.0; d + 1];
    let mut last = 0;
    for i in 2..=n as usize {
        last = (last + i - 1).min(d);
        // Σ of the i terms up to k: from its start to the end of a block of i, and from there on to k.
        for block in 0..=last / i {
            let (start, end) = (block * i, ((block + 1) * i - 1).min(last));
            let mut sum = 0.0;
            for k in (start..=end).rev() {
                sum += mass[k];
                backward[k] = sum;
            }
        }
        let mut forward = 0.0;
        for k in 0..=last {
            let begins = k % i == 0;
            forward = if begins { mass[k] } else { forward + mass[k] };
            // A whole block ends at k, or the window reaches into the block before.
            let before = if k % i + 1 == i || k < i { 0.0 } else { backward[k + 1 - i] };
            mass[k] = (forward + before) / i as f64;
        }
    }
    Ok((mass.iter().sum::<f64>() / unit, mass[d] / unit))
}
