//! What the coefficients share: Student's t on r, and the interval by Fisher's z.

use crate::hypothesis::{Estimate, Quantity};
use crate::{Alternative, Interval, Level, TestError, dist};

/// A correlation coefficient with 1 − r², which the digits of r do not hold when r is near 1.
#[derive(Clone, Copy)]
pub(super) struct Coefficient {
    pub(super) r: f64,
    one_less_square: f64,
}

impl Coefficient {
    /// A coefficient that is known as a number.
    pub(super) fn of_number(r: f64) -> Result<Self, TestError> {
        if (-1.0..=1.0).contains(&r) {
            Ok(Self { r, one_less_square: (1.0 - r) * (1.0 + r) })
        } else {
            Err(TestError::NotACorrelation { r })
        }
    }

    /// A coefficient whose 1 − r² is known apart.
    pub(super) fn new(r: f64, one_less_square: f64) -> Self {
        Self { r: r.clamp(-1.0, 1.0), one_less_square: one_less_square.clamp(0.0, 1.0) }
    }

    /// From the sums of squares and products; `apart` gives Σ(x/√Σx² − s·y/√Σy²)² for a sign s, and is asked for only
    /// where 1 − r² needs it.
    pub(super) fn of_sums(xx: f64, yy: f64, xy: f64, apart: impl Fn(f64) -> f64) -> Result<Self, TestError> {
        if xx == 0.0 || yy == 0.0 {
            return Err(TestError::NoSpread);
        }
        let r = xy / (xx.sqrt() * yy.sqrt());
        if r.abs() <= 0.7 {
            return Self::of_number(r);
        }
        // Half the squared distance of the standardised variables is 1 − |r|, without subtracting equals.
        let one_less = apart(r.signum()) / 2.0;
        // What is left of a straight line is the rounding of each value, some 4 ε² in all.
        let one_less = if one_less < 16.0 * f64::EPSILON * f64::EPSILON { 0.0 } else { one_less };
        let r = r.signum() * (1.0 - one_less);
        Ok(Self::new(r, one_less * (1.0 + r.abs())))
    }

    /// 1 − r.
    pub(super) fn one_less(self) -> f64 {
        if self.r > 0.5 { self.one_less_square / (1.0 + self.r) } else { 1.0 - self.r }
    }

    /// t = r √(df / (1 − r²)).
    pub(super) fn t(self, df: f64) -> f64 {
        // A sign without a size: 0 / 0 is no t.
        if self.r == 0.0 { 0.0 } else { self.r * (df / self.one_less_square).sqrt() }
    }

    /// The estimate with its interval by Fisher's z, tanh(artanh r ± z · standard error).
    pub(super) fn estimate(
        self,
        quantity: Quantity,
        std_error_of_z: Option<f64>,
        alternative: Alternative,
        level: Level,
    ) -> Estimate {
        let interval = std_error_of_z.map(|std_error| {
            let reach = |tail: f64| dist::Normal.upper_quantile(tail) * std_error;
            let (below, above) = match alternative {
                Alternative::TwoSided => (reach(level.tail()), reach(level.tail())),
                // 2 × tail: the whole of 1 − level on one side.
                Alternative::Less => (f64::INFINITY, reach(2.0 * level.tail())),
                Alternative::Greater => (reach(2.0 * level.tail()), f64::INFINITY),
            };
            let z = self.fisher_z();
            // artanh ±1 is infinite, and the interval that point.
            let limit = |z: f64, otherwise: f64| if z.is_nan() { otherwise } else { libm::tanh(z) };
            Interval { low: limit(z - below, -1.0), high: limit(z + above, 1.0), level }
        });
        Estimate { quantity, value: self.r, std_error: None, interval }
    }

    fn fisher_z(self) -> f64 {
        if self.r.abs() < 0.5 {
            libm::atanh(self.r)
        } else {
            (libm::log1p(self.r.abs()) - 0.5 * libm::log(self.one_less_square)).copysign(self.r)
        }
    }
}

/// The p-value of Student's t.
pub(super) fn student_p(t: f64, df: f64, alternative: Alternative) -> Result<f64, TestError> {
    let student = dist::StudentT::new(df)?;
    Ok(match alternative {
        Alternative::TwoSided => student.two_sided(t),
        Alternative::Less => student.lower_tail(t),
        Alternative::Greater => student.upper_tail(t),
    })
}

/// Refuses samples that are not pairs, or too few of them.
pub(super) fn check_pairs(first: usize, second: usize, needed: usize) -> Result<(), TestError> {
    if first != second {
        return Err(TestError::UnequalLengths { first, second });
    }
    if first < needed {
        return Err(TestError::TooFew { group: 0, found: first, needed });
    }
    Ok(())
}

/// 1 / √(n − 3 − covariates), the standard error of Fisher's z; none for too few observations.
pub(super) fn fisher_std_error(n: usize, covariates: usize) -> Option<f64> {
    let df = n as f64 - 3.0 - covariates as f64;
    (df > 0.0).then(|| 1.0 / df.sqrt())
}
