//! Sums and means that do not lose the digits of the data.
//!
//! A running sum in doubles loses digits when the mean is large against the spread (NIST's NumAcc sets) and depends on
//! the order in which a machine adds. Here every addition keeps its rounding error (Knuth's two-sum, 1969), eight
//! lanes wide in a fixed order and without fused multiply-add, so that the sum has about twice the digits of a double
//! and the same bits everywhere.

use crate::TestError;

const LANES: usize = 8;
/// Values that are summed in plain doubles.
const BLOCK: usize = 4096;

/// A sum of two parts, `low` about as large as the rounding errors of `high`.
#[derive(Clone, Copy, Default)]
pub(crate) struct Double {
    pub(super) high: f64,
    pub(super) low: f64,
}

impl Double {
    /// The sum and one more number.
    pub(crate) fn plus(self, x: f64) -> Self {
        let Self { high, low } = two_sum(self.high, x);
        Self { high, low: self.low + low }
    }

    /// The sum as one number.
    pub(crate) fn value(self) -> f64 {
        self.high + self.low
    }
}

fn two_sum(a: f64, b: f64) -> Double {
    let high = a + b;
    let b_part = high - a;
    Double { high, low: (a - (high - b_part)) + (b - b_part) }
}

/// Σ f(x) over the values, to about twice the precision of a double.
pub(super) fn sum(values: &[f64], f: impl Fn(f64) -> f64) -> Double {
    let chunks = values.chunks_exact(LANES);
    let rest = chunks.remainder().iter().map(|&x| f(x));
    sum_of_terms(chunks.map(|chunk| std::array::from_fn(|lane| f(chunk[lane]))), rest)
}

fn sum_of_terms(chunks: impl Iterator<Item = [f64; LANES]>, rest: impl Iterator<Item = f64>) -> Double {
    let mut lanes = [Double::default(); LANES];
    for chunk in chunks {
        for (lane, term) in lanes.iter_mut().zip(chunk) {
            *lane = lane.plus(term);
        }
    }
    for (lane, term) in lanes.iter_mut().zip(rest) {
        *lane = lane.plus(term);
    }
    let total = lanes.into_iter().fold(Double::default(), |total, lane| total.plus(lane.high).plus(lane.low));
    two_sum(total.high, total.low)
}

/// Mean and Σ (x − mean)² of a large sample in one quick pass of plain sums; none where that would not do.
///
/// Deviations are taken from the mean of the first block, and their own mean corrects both answers; where that lies far
/// from it, as in sorted data, a second pass starts from the better mean. Blocks of 4,096 are summed in plain doubles,
/// eight lanes wide, and the sums of the blocks with their rounding errors: a term is rounded 512 times at most, and the
/// relative error stays near 1e-15.
pub(super) fn quick_moments(values: &[f64]) -> Option<(f64, f64)> {
    let n = values.len() as f64;
    let first = values.chunks(BLOCK).next()?;
    let [total] = sum_by_blocks(first, |x| [x]);
    let mut near = total / first.len() as f64;
    for _ in 0..2 {
        let [deviations, squares] = sum_by_blocks(values, |x| {
            let d = x - near;
            [d, d * d]
        });
        let correction = deviations / n;
        let explained = deviations * correction;
        // Left to the careful way: squares that overflow or vanish, values that are not finite, and a spread so small
        // against the mean that what the mean has lost by rounding counts.
        let lost = near * 1e-9;
        if !(1e-250..1e250).contains(&squares) || squares < n * lost * lost {
            return None;
        }
        if explained <= 0.75 * squares {
            return Some((near + correction, squares - explained));
        }
        near += correction;
    }
    None
}

fn sum_by_blocks<const K: usize>(values: &[f64], f: impl Fn(f64) -> [f64; K]) -> [f64; K] {
    let mut totals = [Double::default(); K];
    for block in values.chunks(BLOCK) {
        let mut lanes = [[0.0; LANES]; K];
        let chunks = block.chunks_exact(LANES);
        let rest = chunks.remainder();
        for chunk in chunks {
            for lane in 0..LANES {
                let terms = f(chunk[lane]);
                for k in 0..K {
                    lanes[k][lane] += terms[k];
                }
            }
        }
        for (lane, &x) in rest.iter().enumerate() {
            let terms = f(x);
            for k in 0..K {
                lanes[k][lane] += terms[k];
            }
        }
        for (total, lanes) in totals.iter_mut().zip(lanes) {
            *total = total.plus(lanes.iter().sum());
        }
    }
    totals.map(Double::value)
}

/// Values seen from their mean, in a scale in which neither a sum nor a square can overflow or vanish.
pub(crate) struct Centred<'a> {
    values: &'a [f64],
    /// A power of two, so that scaling changes no digit.
    scale: f64,
    mean: Double,
}

impl<'a> Centred<'a> {
    /// The values of a group, found finite and not empty; the error names `group`.
    pub(crate) fn new(values: &'a [f64], group: usize) -> Result<Self, TestError> {
        if values.is_empty() {
            return Err(TestError::TooFew { group, found: 0, needed: 1 });
        }
        // Without the sign the bits of doubles are in the order of their sizes, infinities and NaN last.
        let largest = values.iter().fold(0, |largest, x| x.abs().to_bits().max(largest));
        if largest >= f64::INFINITY.to_bits() {
            let position = values.iter().position(|x| !x.is_finite()).unwrap_or(0);
            return Err(TestError::NotFinite { group, position });
        }
        let largest = f64::from_bits(largest);
        // The bound keeps 2^-exponent and its inverse representable; within it values as small as 5e-324 or as large
        // as 1.8e308 come near 1.
        let exponent = if largest > 0.0 { libm::ilogb(largest).clamp(-1000, 1000) } else { 0 };
        let scale = libm::scalbn(1.0, -exponent);
        let n = values.len() as f64;
        let total = sum(values, |x| x * scale);
        let high = total.high / n;
        // What the division left over, exact because it is one rounding of the true remainder.
        let low = ((-high).mul_add(n, total.high) + total.low) / n;
        Ok(Self { values, scale, mean: two_sum(high, low) })
    }

    pub(super) fn n(&self) -> f64 {
        self.values.len() as f64
    }

    /// A value in the scale, back in the unit of the data.
    pub(crate) fn unscaled(&self, value: f64) -> f64 {
        value / self.scale
    }

    pub(super) fn mean(&self) -> f64 {
        self.unscaled(self.mean.high)
    }

    /// Σ f(x − mean), in the scale.
    pub(crate) fn sum_of_deviations(&self, f: impl Fn(f64) -> f64) -> f64 {
        sum(self.values, |x| f((x * self.scale - self.mean.high) - self.mean.low)).high
    }

    /// Σ f(x − mean, y − mean) over pairs of values, each in its scale.
    pub(crate) fn sum_of_pairs(&self, other: &Centred<'_>, f: impl Fn(f64, f64) -> f64) -> f64 {
        let term = |x: f64, y: f64| {
            f((x * self.scale - self.mean.high) - self.mean.low, (y * other.scale - other.mean.high) - other.mean.low)
        };
        let (xs, ys) = (self.values.chunks_exact(LANES), other.values.chunks_exact(LANES));
        let rest = xs.remainder().iter().zip(ys.remainder()).map(|(&x, &y)| term(x, y));
        sum_of_terms(xs.zip(ys).map(|(x, y)| std::array::from_fn(|lane| term(x[lane], y[lane]))), rest).high
    }
}
