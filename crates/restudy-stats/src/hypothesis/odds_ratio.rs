//! The odds ratio of a 2×2 table given its margins: Fisher's noncentral hypergeometric distribution, solved for ω.
//!
//! Given the margins, the first cell X has P(X = j; ω) ∝ w(j) ωʲ, w(j) the hypergeometric weight. With the sums taken
//! from the observed count k outwards, by the ratio of neighbouring terms, three equations decide the estimate and the
//! limits; each left side increases with θ = ln ω, and its slope falls out of the same sums:
//!
//! ```text
//! estimate:   ln Σ_{j>k} (j − k) pⱼ − ln Σ_{j<k} (k − j) pⱼ = 0            (the mean is k)
//! low limit:  ln P(X ≥ k) − ln P(X < k) = logit α
//! high limit: ln P(X > k) − ln P(X ≤ k) = −logit α
//! ```

use crate::TestError;

/// The first cell of a 2×2 table given the margins.
#[derive(Clone, Copy)]
pub(super) struct FirstCell {
    /// Its count.
    k: f64,
    /// The least it can be.
    least: f64,
    /// The most it can be.
    most: f64,
    row: f64,
    column: f64,
    /// Of the total, what is in neither the row nor the column; may be negative.
    rest: f64,
}

/// What the terms on one side of k add up to, relative to the term at k.
#[derive(Clone, Copy)]
struct Side {
    /// ln Σ pⱼ/pₖ.
    ln_sum: f64,
    /// The mean of |j − k|, weighted by pⱼ.
    mean: f64,
    /// The mean of (j − k)².
    mean_square: f64,
}

impl Side {
    /// ln Σ |j − k| pⱼ/pₖ.
    fn ln_first_moment(self) -> f64 {
        self.ln_sum + libm::log(self.mean)
    }

    /// The side with the term at k itself: ln of the sum, and the mean distance.
    fn with_k(self) -> (f64, f64) {
        let share = 1.0 / (1.0 + libm::exp(-self.ln_sum));
        (self.ln_sum.max(0.0) + libm::log1p(libm::exp(-self.ln_sum.abs())), self.mean * share)
    }
}

impl FirstCell {
    /// The cell with count `k` in the `row` and `column` of a table with `total` counts, all margins positive.
    pub(super) fn new(k: u64, row: u64, column: u64, total: u64) -> Self {
        let rest = total as f64 - row as f64 - column as f64;
        let (k, row, column) = (k as f64, row as f64, column as f64);
        Self { k, least: (-rest).max(0.0), most: row.min(column), row, column, rest }
    }

    /// p(j + 1)/p(j) at ω = 1.
    fn ratio(&self, j: f64) -> f64 {
        ((self.row - j) / (j + 1.0)) * ((self.column - j) / (self.rest + j + 1.0))
    }

    /// The terms above k.
    fn above(&self, theta: f64) -> Side {
        let omega = libm::exp(theta);
        accumulate(self.most - self.k, |step| omega * self.ratio(self.k + step - 1.0))
    }

    /// The terms below k.
    fn below(&self, theta: f64) -> Side {
        let omega = libm::exp(theta);
        accumulate(self.k - self.least, |step| 1.0 / (omega * self.ratio(self.k - step)))
    }

    /// The conditional maximum-likelihood odds ratio: the ω at which the mean of the cell is its count.
    pub(super) fn estimate(&self) -> Result<f64, TestError> {
        if self.k == self.least {
            return Ok(0.0);
        }
        if self.k == self.most {
            return Ok(f64::INFINITY);
        }
        self.solve(|theta| {
            let (above, below) = (self.above(theta), self.below(theta));
            let value = above.ln_first_moment() - below.ln_first_moment();
            (value, above.mean_square / above.mean + below.mean_square / below.mean)
        })
    }

    /// The ω at which P(X ≥ k) = `tail`, 0 when the cell is at its least.
    pub(super) fn lower_limit(&self, tail: f64) -> Result<f64, TestError> {
        if self.k == self.least {
            return Ok(0.0);
        }
        let logit = libm::log(tail) - libm::log1p(-tail);
        self.solve(|theta| {
            let ((ln_reached, mean), below) = (self.side_above_with_k(theta), self.below(theta));
            (ln_reached - below.ln_sum - logit, mean + below.mean)
        })
    }

    /// The ω at which P(X ≤ k) = `tail`, infinite when the cell is at its most.
    pub(super) fn upper_limit(&self, tail: f64) -> Result<f64, TestError> {
        if self.k == self.most {
            return Ok(f64::INFINITY);
        }
        let logit = libm::log(tail) - libm::log1p(-tail);
        self.solve(|theta| {
            let (above, (ln_reached, mean)) = (self.above(theta), self.side_below_with_k(theta));
            (above.ln_sum - ln_reached + logit, above.mean + mean)
        })
    }

    fn side_above_with_k(&self, theta: f64) -> (f64, f64) {
        if self.k == self.most { (0.0, 0.0) } else { self.above(theta).with_k() }
    }

    fn side_below_with_k(&self, theta: f64) -> (f64, f64) {
        if self.k == self.least { (0.0, 0.0) } else { self.below(theta).with_k() }
    }

    /// e^θ at the root of an increasing function given with its slope: Newton's steps, halved into the bracket when
    /// they leave it, from the sample odds ratio with ½ added to each cell.
    fn solve(&self, function: impl Fn(f64) -> (f64, f64)) -> Result<f64, TestError> {
        let cell = |count: f64| libm::log(count + 0.5);
        let start = cell(self.k) + cell(self.rest + self.k) - cell(self.row - self.k) - cell(self.column - self.k);
        let (mut low, mut high) = (f64::NEG_INFINITY, f64::INFINITY);
        let mut theta = start;
        for _ in 0..MAX_STEPS {
            let (value, slope) = function(theta);
            if value > 0.0 {
                high = theta;
            } else {
                low = theta;
            }
            let newton = theta + (-value / slope).clamp(-MAX_STEP, MAX_STEP);
            // In the noise of the last digits the bracket closes before the steps vanish.
            let close = 8.0 * f64::EPSILON * theta.abs().max(1.0);
            if (newton - theta).abs() <= close || high - low <= close {
                return Ok(libm::exp(newton));
            }
            theta = if newton > low && newton < high { newton } else { (low + high) / 2.0 };
            if !theta.is_finite() {
                break;
            }
        }
        Err(TestError::NotConverged { iterations: MAX_STEPS })
    }
}

/// Newton takes five to ten; halving alone gains all digits of ln ω within this many.
const MAX_STEPS: u32 = 100;

/// In ln ω: far enough to cross the whole range in a few steps, short enough that the sums stay cheap.
const MAX_STEP: f64 = 4.0;

/// Sums `count` terms that follow a first one of 1, each the one before times `ratio(step)`. The ratios fall with the
/// step, so that the terms rise at most once and then fall faster and faster; what is left out is below the last digit.
fn accumulate(count: f64, ratio: impl Fn(f64) -> f64) -> Side {
    const RESCALE: f64 = 1e200;
    let (mut term, mut ln_scale) = (1.0, 0.0);
    let (mut sum, mut first, mut second) = (0.0, 0.0, 0.0);
    let mut step = 1.0;
    while step <= count {
        let factor = ratio(step);
        term *= factor;
        if term > RESCALE {
            for value in [&mut term, &mut sum, &mut first, &mut second] {
                *value /= RESCALE;
            }
            ln_scale += libm::log(RESCALE);
        }
        sum += term;
        first += step * term;
        second += step * step * term;
        // The terms left fall at least as fast as a geometric series from here on.
        if factor < 1.0 && step * step * term < 1e-18 * (1.0 - factor) * second {
            break;
        }
        step += 1.0;
    }
    Side { ln_sum: libm::log(sum) + ln_scale, mean: first / sum, mean_square: second / sum }
}
