use super::{Adjusted, family::Family};
use crate::TestError;

/// Hommel's adjustment: the closed test of all intersections by Simes's inequality.
///
/// ## Hypotheses
///
/// Rejecting where the adjusted p ≤ α keeps the probability of even one false rejection at α or below when the tests
/// are independent or positively dependent (Simes's inequality holds). It rejects all that Hochberg rejects, and more.
///
/// ## Formula
///
/// ```text
/// Simes's p of the i greatest p-values      sᵢ = min over j = 1 … i of i p₍ₘ₋ᵢ₊ⱼ₎ / j
/// no larger intersection stands at α if     α ≥ tᵢ = max(sᵢ₊₁, …, sₘ)
/// adjusted p                                = min over i = 0 … m of max(tᵢ, i p)
/// ```
///
/// An individual hypothesis is rejected at α when p ≤ α / h(α), with h(α) the size of the largest intersection of the
/// greatest p-values that Simes's test retains; solved for α, that is the last line.
///
/// ## Input
///
/// p-values in [0, 1] in any order, `None` where there is none. Equal p-values get equal adjusted ones. After sorting
/// the time is proportional to m: a million p-values are adjusted in a moment, where the usual algorithm takes m² steps.
///
/// ## Conventions
///
/// Missing p-values are not counted in m. R: `p.adjust(p, "hommel")`, and with `n = m` for
/// [`adjust_in_family`](Self::adjust_in_family); statsmodels:
/// `multipletests(p, method="hommel")`.
///
/// ## Errors
///
/// [`TestError::NotAProbability`] for a p outside [0, 1] or NaN, [`TestError::FamilyTooSmall`] when the declared family
/// has fewer tests than there are p-values.
///
/// ## Example
///
/// ```
/// use restudy_stats::multiplicity::Hommel;
///
/// let adjusted = Hommel.adjust(&[Some(0.25), Some(0.1875), Some(0.125), None])?;
/// assert_eq!((adjusted.values, adjusted.size), (vec![Some(0.25), Some(0.25), Some(0.25), None], 3));
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Hommel, A stagewise rejective multiple test procedure based on a modified Bonferroni test, Biometrika 75 (1988)
/// 383–386; the solution for α in linear time follows Meijer, Krebs and Goeman, Hommel's procedure in linear time,
/// Biometrical Journal 61 (2019) 73–82.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hommel;

impl Hommel {
    /// Adjusts within the family of the p-values that are present.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn adjust(&self, p_values: &[Option<f64>]) -> Result<Adjusted, TestError> {
        self.adjust_in_family(p_values, p_values.iter().flatten().count())
    }

    /// Adjusts within a family of `size` tests, of which those not given count as not rejected.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn adjust_in_family(&self, p_values: &[Option<f64>], size: usize) -> Result<Adjusted, TestError> {
        let mut family = Family::of(p_values, size)?;
        let present = family.ascending.len();
        // A test that gave no p-value has 1, and comes last.
        family.ascending.resize(size, 1.0);
        // t₀ … tₘ; tₘ = 0, because no intersection is larger than the family.
        let mut thresholds = simes_of_the_greatest(&family.ascending);
        thresholds.push(0.0);
        for i in (0..size).rev() {
            thresholds[i] = thresholds[i].max(thresholds[i + 1]);
        }
        // tᵢ falls and i p rises with i: the least of their maximum is where they cross. Greater p cross sooner.
        let mut i = size;
        family.ascending.truncate(present);
        for p in &mut family.ascending {
            while i > 0 && thresholds[i - 1].max((i - 1) as f64 * *p) <= thresholds[i].max(i as f64 * *p) {
                i -= 1;
            }
            *p = thresholds[i].max(i as f64 * *p).min(1.0);
        }
        Ok(family.answer())
    }
}

/// s₁ … sₘ.
///
/// sᵢ / i is the least slope of a line from (m − i, 0) to one of the points (l, p₍ₗ₎) right of it: a tangent to their
/// lower convex hull. Going left, the point that it touches only moves left as well, so that each point enters the
/// hull, leaves it, and is passed by the tangent at most once.
fn simes_of_the_greatest(ascending: &[f64]) -> Vec<f64> {
    let m = ascending.len();
    let point = |l: usize| (l as f64, ascending[l - 1]);
    let mut hull: Vec<usize> = Vec::new();
    let mut touched = 0;
    let mut simes = Vec::with_capacity(m + 1);
    for i in 1..=m {
        let entering = m - i + 1;
        let (x, y) = point(entering);
        while let [.., before, last] = hull[..] {
            let ((x1, y1), (x2, y2)) = (point(last), point(before));
            // The last point is above the line from the entering one to the one before it.
            if (y1 - y) * (x2 - x) >= (y2 - y) * (x1 - x) {
                hull.pop();
            } else {
                break;
            }
        }
        hull.push(entering);
        touched = touched.min(hull.len() - 1);
        let origin = (m - i) as f64;
        let slope = |l: usize| point(l).1 / (point(l).0 - origin);
        while touched + 1 < hull.len() && slope(hull[touched + 1]) <= slope(hull[touched]) {
            touched += 1;
        }
        let (x, y) = point(hull[touched]);
        simes.push(i as f64 * y / (x - origin));
    }
    simes
}
