//! The inverse of a tail.

use crate::special::Tails;

/// Which way a tail goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tail {
    /// The probability below: it grows with x.
    Lower,
    /// The probability above: it falls with x.
    Upper,
}

/// The tail in which a probability is at most one half, and the probability there. Exact: 1 − p has no rounding for p
/// of one half or more.
pub(super) fn smaller(tail: Tail, p: f64) -> (Tail, f64) {
    match tail {
        _ if p <= 0.5 => (tail, p),
        Tail::Lower => (Tail::Upper, 1.0 - p),
        Tail::Upper => (Tail::Lower, 1.0 - p),
    }
}

/// The quantile of a positive variate; NaN for a p outside [0, 1], and the ends of the range at 0 and 1.
///
/// `start` is a first guess in the tail it is told, `evaluate` the tails at x and x times the density.
pub(super) fn quantile(
    tail: Tail,
    p: f64,
    start: impl Fn(Tail, f64) -> f64,
    evaluate: impl Fn(f64) -> (Tails, f64),
) -> f64 {
    if !(0.0..=1.0).contains(&p) {
        return f64::NAN;
    }
    match smaller(tail, p) {
        (Tail::Lower, 0.0) => 0.0,
        (Tail::Upper, 0.0) => f64::INFINITY,
        (tail, p) => invert(tail, p, start(tail, p), |x| {
            let (tails, slope) = evaluate(x);
            (if tail == Tail::Lower { tails.lower } else { tails.upper }, slope)
        }),
    }
}

/// The positive x whose tail is p, for 0 < p < 1.
///
/// `evaluate` gives the tail at x and x times the density. Newton's step on the logarithm of the tail in ln x; a step
/// that leaves the bracket, or too many of them, is replaced by halving the bracket in the order of the doubles, so
/// that the search ends after at most 64 of those. 0 or infinity when the answer is outside the range of a double.
pub(super) fn invert(tail: Tail, p: f64, start: f64, evaluate: impl Fn(f64) -> (f64, f64)) -> f64 {
    const NEWTON_STEPS: u32 = 60;
    let (mut low, mut high) = (0.0_f64, f64::INFINITY);
    let mut x = start.clamp(f64::MIN_POSITIVE, f64::MAX);
    let mut steps = 0;
    loop {
        steps += 1;
        let (value, slope) = evaluate(x);
        if value == p {
            return x;
        }
        if (value < p) == (tail == Tail::Lower) {
            low = x;
        } else {
            high = x;
        }
        let excess = libm::log(value / p);
        let step = if tail == Tail::Lower { -excess } else { excess } * value / slope;
        let newton = x * libm::exp(step);
        if excess.abs() < 1e-9 && step.abs() < 1e-6 {
            return newton;
        }
        x = if newton > low && newton < high && steps < NEWTON_STEPS {
            newton
        } else {
            let middle = f64::from_bits(low.to_bits().midpoint(high.to_bits()));
            if middle == low || middle == high {
                return if low == 0.0 { low } else { high };
            }
            middle
        };
    }
}
