//! Sums and means that do not lose the digits of the data.
//!
//! A running sum in doubles loses digits when the mean is large against the spread (NIST's NumAcc sets) and depends on
//! the order in which a machine adds. Here every addition keeps its rounding error (Knuth's two-sum, 1969), eight
//! lanes wide in a fixed order and without fused multiply-add, so that the sum has about twice the digits of a double
//! and the same bits everywhere.

use crate::TestError;

const LANES: usize = 8;

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
    pub(super) fn unscaled(&self, value: f64) -> f64 {
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
