use super::family::Family;
use crate::TestError;

/// Storey's q-values: the false discovery rate with the share of true null hypotheses estimated from the p-values.
///
/// ## Hypotheses
///
/// The q-value of a test is the least false discovery rate at which it is among the rejected. Where many hypotheses are
/// false, it is smaller than the Benjamini–Hochberg p by the factor π₀.
///
/// ## Formula
///
/// ```text
/// q₍ᵢ₎  = min over j ≥ i of π₀ m / j · p₍ⱼ₎                p₍₁₎ ≤ … ≤ p₍ₘ₎
/// π₀(λ) = min(1, #{p ≥ λ} / (m (1 − λ)))                    true nulls have uniform p, and most p above λ are theirs
/// ```
///
/// [`NullShare::Bootstrap`] takes the λ out of 0.05, 0.10, …, 0.95 that makes
///
/// ```text
/// W (1 − W / m) / (m (1 − λ))² + (π₀(λ) − d)²              W = #{p ≥ λ}
/// ```
///
/// smallest, with d the first decile (type 7) of the nineteen π₀(λ), none of them cut off at 1: the mean squared error
/// that a bootstrap of the p-values would find, in closed form.
///
/// ## Input
///
/// p-values in [0, 1] in any order, `None` where there is none; enough of them to see how those near 1 are spread, say
/// a hundred. One-sided tests against the wrong side pile up p near 1 and make π₀ too large.
///
/// ## Result
///
/// The q-values in the order given, and the π₀ that they were made with.
///
/// ## Conventions
///
/// Missing p-values are not counted in m. R: `qvalue::qvalue(p, lambda = 0.5)` for [`NullShare::Above`],
/// `qvalue::qvalue(p, pi0.method = "bootstrap")` for [`NullShare::Bootstrap`], `qvalue::qvalue(p, pi0 = 1)` for
/// [`NullShare::Fixed`]. That package's own default fits a smoothing spline through the π₀(λ), and is not offered: its
/// answer depends on the stopping rule of the spline's search.
///
/// ## Errors
///
/// [`TestError::NotAProbability`] with the place of a value outside [0, 1]; [`TestError::NotALambda`] for a λ outside
/// [0, 1); [`TestError::NotANullShare`] for a π₀ outside (0, 1], and when the estimate is 0 because no p-value is at λ or
/// above.
///
/// ## Example
///
/// ```
/// use restudy_stats::multiplicity::{NullShare, Storey};
///
/// let p = [0.001, 0.004, 0.01, 0.02, 0.03, 0.2, 0.6, 0.9].map(Some);
/// let q = Storey { null_share: NullShare::Above { lambda: 0.5 } }.adjust(&p)?;
/// assert_eq!(q.null_share, 0.5);
/// assert_eq!(q.values[0], Some(0.004));
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Storey, A direct approach to false discovery rates, Journal of the Royal Statistical Society B 64 (2002) 479–498;
/// Storey, Taylor and Siegmund, Strong control, conservative point estimation and simultaneous conservative consistency
/// of false discovery rates, ibid. 66 (2004) 187–205; the closed form: Robinson, Storey and others, the documentation of
/// the qvalue package.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Storey {
    /// Where π₀ comes from.
    pub null_share: NullShare,
}

/// Where the share of true null hypotheses comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum NullShare {
    /// From the p-values at λ and above, for the λ of least estimated error.
    #[default]
    Bootstrap,
    /// From the p-values at λ and above.
    Above {
        /// λ, in [0, 1); 0.5 is usual.
        lambda: f64,
    },
    /// Given; 1 makes the q-values Benjamini and Hochberg's adjusted p-values.
    Fixed {
        /// π₀, in (0, 1].
        share: f64,
    },
}

/// q-values, in the order of the p-values they came from.
#[derive(Clone, Debug, PartialEq)]
pub struct QValues {
    /// The q-values, in [0, 1]; a missing p-value has none.
    pub values: Vec<Option<f64>>,
    /// How many tests the family has.
    pub size: usize,
    /// π₀, the share of true null hypotheses.
    pub null_share: f64,
}

impl Storey {
    /// The q-values of a family of p-values.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn adjust(&self, p_values: &[Option<f64>]) -> Result<QValues, TestError> {
        let m = p_values.iter().flatten().count();
        let family = Family::of(p_values, m)?;
        let null_share = match self.null_share {
            // A family without members has nothing to estimate from, and nothing to adjust.
            _ if m == 0 => 1.0,
            NullShare::Fixed { share } => share,
            NullShare::Above { lambda } if !(0.0..1.0).contains(&lambda) => {
                return Err(TestError::NotALambda { lambda });
            }
            NullShare::Above { lambda } => share_above(&family.ascending, lambda).min(1.0),
            NullShare::Bootstrap => bootstrap(&family.ascending),
        };
        if !(null_share > 0.0 && null_share <= 1.0) {
            return Err(TestError::NotANullShare { share: null_share });
        }
        let adjusted = family.step_up(|rank| null_share * m as f64 / rank as f64);
        Ok(QValues { values: adjusted.values, size: adjusted.size, null_share })
    }
}

fn at_or_above(ascending: &[f64], lambda: f64) -> f64 {
    (ascending.len() - ascending.partition_point(|&p| p < lambda)) as f64
}

fn share_above(ascending: &[f64], lambda: f64) -> f64 {
    at_or_above(ascending, lambda) / ascending.len() as f64 / (1.0 - lambda)
}

fn bootstrap(ascending: &[f64]) -> f64 {
    let m = ascending.len() as f64;
    let lambdas = (1..20).map(|step| f64::from(step) * 0.05);
    let mut shares: Vec<f64> = lambdas.clone().map(|lambda| share_above(ascending, lambda)).collect();
    shares.sort_by(f64::total_cmp);
    // The first decile of 19 values by type 7 is at position 1.8 from 0.
    let decile = shares[1] + 0.8 * (shares[2] - shares[1]);
    let mut best = (f64::INFINITY, f64::INFINITY);
    for lambda in lambdas {
        let (above, share) = (at_or_above(ascending, lambda), share_above(ascending, lambda));
        let scale = m * (1.0 - lambda);
        let error = above / (scale * scale) * (1.0 - above / m) + (share - decile) * (share - decile);
        // Of equally good ones the least share, as the package does.
        if error < best.0 || (error == best.0 && share < best.1) {
            best = (error, share);
        }
    }
    best.1.min(1.0)
}
