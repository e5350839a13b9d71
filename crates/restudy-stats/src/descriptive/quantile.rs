use crate::TestError;

/// The nine definitions of a sample quantile in use, numbered as Hyndman and Fan do.
///
/// ## Formula
///
/// ```text
/// Q(p) = (1 − γ) x₍ⱼ₎ + γ x₍ⱼ₊₁₎        j = ⌊h⌋,  g = h − j        x₍₀₎ = x₍₁₎,  x₍ₙ₊₁₎ = x₍ₙ₎
/// ```
///
/// | type | h | γ | default of |
/// |---|---|---|---|
/// | 1 | np | 0 if g = 0, else 1 | |
/// | 2 | np | ½ if g = 0, else 1 | SAS, Stata |
/// | 3 | np − ½ | 0 if g = 0 and j even, else 1 | |
/// | 4 | np | g | |
/// | 5 | np + ½ | g | |
/// | 6 | (n + 1)p | g | SPSS, Prism, Minitab |
/// | 7 | (n − 1)p + 1 | g | R, NumPy, Excel's `QUARTILE.INC` |
/// | 8 | (n + ⅓)p + ⅓ | g | |
/// | 9 | (n + ¼)p + ⅜ | g | |
///
/// ## Conventions
///
/// An h that rounding put within four units in the last place of a whole number is taken for that number, so that the
/// types that jump there do not jump by accident; R does the same.
///
/// ## Source
///
/// Hyndman and Fan, Sample quantiles in statistical packages, The American Statistician 50 (1996) 361–365.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum QuantileType {
    /// The inverse of the empirical distribution function.
    Type1,
    /// As type 1, averaged where the function is flat.
    Type2,
    /// The nearest observation, the even one of two.
    Type3,
    /// Linear interpolation of the empirical distribution function.
    Type4,
    /// Linear, through the midpoints of the steps.
    Type5,
    /// Linear, through the expected ranks of a uniform sample.
    Type6,
    /// Linear, through the modes; minimum and maximum are the quantiles of 0 and 1.
    #[default]
    Type7,
    /// Linear, through approximate medians; free of a distribution's shape.
    Type8,
    /// Linear, approximately unbiased for a normal sample.
    Type9,
}

impl QuantileType {
    /// The type of a number from 1 to 9.
    #[must_use]
    pub fn from_number(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Type1,
            2 => Self::Type2,
            3 => Self::Type3,
            4 => Self::Type4,
            5 => Self::Type5,
            6 => Self::Type6,
            7 => Self::Type7,
            8 => Self::Type8,
            9 => Self::Type9,
            _ => return None,
        })
    }

    /// Its number, 1 to 9.
    #[must_use]
    pub fn number(self) -> u8 {
        self as u8 + 1
    }

    /// The quantile of a sample known to be ascending, finite and not empty, for p in [0, 1].
    pub(super) fn of_sorted(self, sorted: &[f64], p: f64) -> f64 {
        let n = sorted.len() as f64;
        let h = match self {
            Self::Type1 | Self::Type2 | Self::Type4 => n * p,
            Self::Type3 => n * p - 0.5,
            Self::Type5 => n * p + 0.5,
            Self::Type6 => (n + 1.0) * p,
            Self::Type7 => (n - 1.0) * p + 1.0,
            Self::Type8 => (n + 1.0 / 3.0) * p + 1.0 / 3.0,
            Self::Type9 => (n + 0.25) * p + 0.375,
        };
        let nearest = h.round();
        let (j, g) = if (h - nearest).abs() <= 4.0 * f64::EPSILON * h.abs().max(1.0) {
            (nearest, 0.0)
        } else {
            (h.floor(), h - h.floor())
        };
        let gamma = match self {
            Self::Type1 if g == 0.0 => 0.0,
            Self::Type2 if g == 0.0 => 0.5,
            Self::Type3 if g == 0.0 && j % 2.0 == 0.0 => 0.0,
            Self::Type1 | Self::Type2 | Self::Type3 => 1.0,
            _ => g,
        };
        let at = |rank: f64| sorted[rank.clamp(1.0, n) as usize - 1];
        between(at(j), at(j + 1.0), gamma)
    }
}

/// (1 − γ)·low + γ·high, never outside the two, whatever the rounding.
fn between(low: f64, high: f64, gamma: f64) -> f64 {
    if gamma == 0.0 { low } else { ((1.0 - gamma) * low + gamma * high).clamp(low, high) }
}

/// The sample quantile below which a fraction `p` of the sample lies.
///
/// ## Formula
///
/// That of the [`QuantileType`].
///
/// ## Input
///
/// `sorted`: finite values in ascending order, in any unit, n ≥ 1. `p` in [0, 1].
///
/// ## Result
///
/// In the unit of the data, between the least and the greatest value.
///
/// ## Conventions
///
/// R: `quantile(x, p, type = 7)`.
///
/// ## Errors
///
/// [`TestError::TooFew`] without values, [`TestError::NotFinite`], [`TestError::NotSorted`], and
/// [`TestError::NotAProbability`] for p outside [0, 1].
///
/// ## Example
///
/// Quartiles of the same six values by three packages' defaults:
///
/// ```
/// use restudy_stats::descriptive::{QuantileType, quantile};
///
/// let values = [1.0, 2.0, 4.0, 7.0, 11.0, 16.0];
/// assert_eq!(quantile(&values, 0.25, QuantileType::Type7)?, 2.5); // R
/// assert_eq!(quantile(&values, 0.25, QuantileType::Type6)?, 1.75); // SPSS
/// assert_eq!(quantile(&values, 0.25, QuantileType::Type2)?, 2.0); // SAS
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Hyndman and Fan (1996), see [`QuantileType`].
pub fn quantile(sorted: &[f64], p: f64, quantile_type: QuantileType) -> Result<f64, TestError> {
    if sorted.is_empty() {
        return Err(TestError::TooFew { group: 0, found: 0, needed: 1 });
    }
    if let Some(position) = sorted.iter().position(|x| !x.is_finite()) {
        return Err(TestError::NotFinite { group: 0, position });
    }
    if let Some(position) = sorted.windows(2).position(|pair| pair[1] < pair[0]) {
        return Err(TestError::NotSorted { position: position + 1 });
    }
    if !(0.0..=1.0).contains(&p) {
        return Err(TestError::NotAProbability { position: 0, p });
    }
    Ok(quantile_type.of_sorted(sorted, p))
}
