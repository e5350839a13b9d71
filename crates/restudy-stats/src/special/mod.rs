//! The functions that every distribution stands on.
//!
//! | function | by |
//! |---|---|
//! | [`erf`], [`erfc`], [`ln_gamma`] | `libm`, right to the last digits |
//! | [`stirling_error`], [`deviance`] | Loader's two halves of a density |
//! | [`incomplete_gamma`], [`incomplete_beta`] | both functions at once, each to its own relative precision |
//! | [`ln_factorial`], [`ln_choose`] | the same two halves |
//!
//! Every elementary function is `libm`'s, in pure Rust, so that a result has the same bits on every machine.

mod beta;
mod deviance;
mod gamma;
mod quadrature;
mod remainder;
mod stirling;
mod wide;

pub use beta::incomplete_beta;
pub use deviance::deviance;
pub use gamma::incomplete_gamma;
pub use stirling::stirling_error;

pub(crate) use beta::beta_tails;
pub(crate) use deviance::wide_deviance;
pub(crate) use gamma::gamma_tails;
pub(crate) use quadrature::tail_integral;
pub(crate) use remainder::ln_1p_less_linear;
pub(crate) use wide::Wide;

/// The two regularised halves of an integral: they add to 1, and each is right to its own relative precision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tails {
    /// The part below.
    pub lower: f64,
    /// The part above.
    pub upper: f64,
}

impl Tails {
    pub(crate) const NAN: Self = Self { lower: f64::NAN, upper: f64::NAN };

    pub(crate) fn from_lower(lower: f64) -> Self {
        let lower = lower.clamp(0.0, 1.0);
        Self { lower, upper: 1.0 - lower }
    }

    pub(crate) fn from_upper(upper: f64) -> Self {
        Self::from_lower(upper).swapped()
    }

    pub(crate) fn swapped(self) -> Self {
        Self { lower: self.upper, upper: self.lower }
    }
}

/// The error function, 2/√π ∫₀ˣ e^(−t²) dt. NaN for NaN.
#[must_use]
pub fn erf(x: f64) -> f64 {
    libm::erf(x)
}

/// The complementary error function, 1 − erf(x), to its own relative precision. NaN for NaN.
#[must_use]
pub fn erfc(x: f64) -> f64 {
    libm::erfc(x)
}

/// ln |Γ(x)|; infinite at 0 and the negative integers. NaN for NaN.
#[must_use]
pub fn ln_gamma(x: f64) -> f64 {
    libm::lgamma(x)
}

/// ln n!
#[must_use]
pub fn ln_factorial(n: u64) -> f64 {
    libm::lgamma(n as f64 + 1.0)
}

/// The logarithm of the number of ways to choose k of n; −∞ when k is greater than n.
///
/// With Loader's halves, so that the large factorials never meet: n ln n − k ln k − (n − k) ln(n − k) as two deviances.
#[must_use]
pub fn ln_choose(n: u64, k: u64) -> f64 {
    let Some(rest) = n.checked_sub(k) else { return f64::NEG_INFINITY };
    let few = k.min(rest);
    let (n, k) = (n as f64, few as f64);
    match few {
        0 => 0.0,
        1 => libm::log(n),
        _ => {
            let rest = n - k;
            let main = Wide::ln(n / k) * k - Wide::from(rest * libm::log1p(-k / n));
            (main
                + (0.5 * libm::log(n / (std::f64::consts::TAU * k * rest)) + stirling_error(n)
                    - stirling_error(k)
                    - stirling_error(rest)))
            .value()
        }
    }
}
