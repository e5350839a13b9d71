//! Numbers of twice the precision, for the few steps where a rounding would grow.
//!
//! A density far in the tail is the exponential of a number near −690. One rounding of that number is already 6e-14 of
//! the density, and a mean such as n·p, rounded once, moves the deviance of 10⁹ trials by 1e-10. The exponent and what
//! enters it are therefore kept as an unevaluated sum of two doubles.
//!
//! Sources: Dekker (1971) "A floating-point technique for extending the available precision", Numerische Mathematik
//! 18, 224–242; Knuth, The Art of Computer Programming, volume 2, section 4.2.2, for the exact sum.

use std::ops::{Add, Div, Mul, Neg, Sub};

/// A number `hi + lo`, where `lo` is what rounding the sum to `hi` leaves over: about 106 bits.
///
/// Valid for finite values whose products neither overflow nor fall below about 1e-290.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Wide {
    pub(crate) hi: f64,
    pub(crate) lo: f64,
}

/// ln(i / 16) for i = 11, …, 23.
const LN_SIXTEENTHS: [Wide; 13] = [
    Wide { hi: -0.3746934494414107, lo: 3.9243112288632396e-18 },
    Wide { hi: -0.2876820724517809, lo: -2.607160616442564e-17 },
    Wide { hi: -0.2076393647782445, lo: -1.2053243216686129e-17 },
    Wide { hi: -0.13353139262452263, lo: 3.664457663660085e-18 },
    Wide { hi: -0.06453852113757118, lo: 6.470486661692933e-18 },
    Wide { hi: 0.0, lo: 0.0 },
    Wide { hi: 0.06062462181643484, lo: 2.6424025938726934e-18 },
    Wide { hi: 0.11778303565638346, lo: -1.1971685747593677e-18 },
    Wide { hi: 0.17185025692665923, lo: -6.0224538210113705e-18 },
    Wide { hi: 0.22314355131420976, lo: -9.091270597324799e-18 },
    Wide { hi: 0.27193371548364176, lo: 7.83319637697442e-19 },
    Wide { hi: 0.3184537311185346, lo: 2.7114779367326236e-17 },
    Wide { hi: 0.3629054936893685, lo: -2.1492361455310972e-17 },
];

impl Wide {
    /// ln 2.
    pub(crate) const LN_2: Self = Self { hi: std::f64::consts::LN_2, lo: 2.3190468138462996e-17 };

    /// The exact sum of two doubles.
    pub(crate) fn sum(a: f64, b: f64) -> Self {
        let hi = a + b;
        let shadow = hi - a;
        Self { hi, lo: (a - (hi - shadow)) + (b - shadow) }
    }

    /// The exact product of two doubles.
    pub(crate) fn product(a: f64, b: f64) -> Self {
        let hi = a * b;
        Self { hi, lo: a.mul_add(b, -hi) }
    }

    /// The exact sum of two doubles, the first no smaller in size than the second.
    fn normalised(large: f64, small: f64) -> Self {
        let hi = large + small;
        Self { hi, lo: small - (hi - large) }
    }

    /// The nearest double.
    pub(crate) fn value(self) -> f64 {
        self.hi
    }

    /// The natural logarithm of a positive double, to about 1e-21 absolutely.
    ///
    /// x = 2^k · z with z near 1, c the nearest sixteenth to z, and ln(z / c) = 2 artanh((z − c) / (z + c)).
    pub(crate) fn ln(x: f64) -> Self {
        let (mut z, mut exponent) = libm::frexp(x);
        if z < std::f64::consts::FRAC_1_SQRT_2 {
            z *= 2.0;
            exponent -= 1;
        }
        let sixteenths = (z * 16.0).round();
        let c = sixteenths / 16.0;
        let v = Self::from(z - c) / Self::sum(z, c);
        let s = v.hi * v.hi;
        let rest = 1.0 / 3.0 + s * (1.0 / 5.0 + s * (1.0 / 7.0 + s * (1.0 / 9.0 + s * (1.0 / 11.0 + s / 13.0))));
        let near = v + Self::from(v.hi * s * rest);
        Self::LN_2 * f64::from(exponent) + LN_SIXTEENTHS[sixteenths as usize - 11] + near + near
    }

    /// The exponential, rounded to a double.
    pub(crate) fn exp(self) -> f64 {
        let exp = libm::exp(self.hi);
        // The low part is below 1e-13 wherever the exponential is neither 0 nor infinite.
        if exp > 0.0 && exp.is_finite() { exp + exp * self.lo } else { exp }
    }
}

impl From<f64> for Wide {
    fn from(value: f64) -> Self {
        Self { hi: value, lo: 0.0 }
    }
}

impl Neg for Wide {
    type Output = Self;
    fn neg(self) -> Self {
        Self { hi: -self.hi, lo: -self.lo }
    }
}

impl Add for Wide {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        let high = Self::sum(self.hi, other.hi);
        let low = Self::sum(self.lo, other.lo);
        let first = Self::normalised(high.hi, high.lo + low.hi);
        Self::normalised(first.hi, first.lo + low.lo)
    }
}

impl Add<f64> for Wide {
    type Output = Self;
    fn add(self, other: f64) -> Self {
        let high = Self::sum(self.hi, other);
        Self::normalised(high.hi, high.lo + self.lo)
    }
}

impl Sub for Wide {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        self + -other
    }
}

impl Sub<f64> for Wide {
    type Output = Self;
    fn sub(self, other: f64) -> Self {
        self + -other
    }
}

impl Mul for Wide {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        let high = Self::product(self.hi, other.hi);
        Self::normalised(high.hi, high.lo + (self.hi * other.lo + self.lo * other.hi))
    }
}

impl Mul<f64> for Wide {
    type Output = Self;
    fn mul(self, other: f64) -> Self {
        let high = Self::product(self.hi, other);
        Self::normalised(high.hi, high.lo + self.lo * other)
    }
}

impl Div for Wide {
    type Output = Self;
    fn div(self, other: Self) -> Self {
        let first = self.hi / other.hi;
        let rest = self - other * first;
        Self::normalised(first, rest.hi / other.hi)
    }
}
