use nalgebra::{Cholesky, DMatrix, DVector};

use super::Moments;
use crate::TestError;

/// What a difference of means is measured by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum StandardizedBy {
    /// The pooled standard deviation: Cohen's d.
    #[default]
    PooledSd,
    /// The root of the average of the two variances: the standardised difference of tables on balance.
    AverageVariance,
}

/// The difference of two means in standard deviations.
///
/// ## Formula
///
/// ```text
/// pooled:   (m₁ − m₂) / √( ((n₁ − 1) s₁² + (n₂ − 1) s₂²) / (n₁ + n₂ − 2) )
/// average:  (m₁ − m₂) / √( (s₁² + s₂²) / 2 )
/// ```
///
/// ## Input
///
/// The moments of the two groups, in the same unit; at least two values in each.
///
/// ## Result
///
/// A pure number, positive when the first group has the greater mean. No small-sample correction (Hedges' g).
///
/// ## Conventions
///
/// R: `effsize::cohen.d(a, b)` for the pooled one; `tableone` and `cobalt` use the average variance.
///
/// ## Errors
///
/// [`TestError::TooFew`], [`TestError::NotFinite`], [`TestError::NotADeviation`], [`TestError::NoSpread`].
///
/// ## Example
///
/// ```
/// use restudy_stats::descriptive::{Moments, StandardizedBy, standardized_difference};
///
/// let first = Moments { n: 20, mean: 12.0, sd: 3.0 };
/// let second = Moments { n: 80, mean: 10.0, sd: 3.0 };
/// assert!((standardized_difference(first, second, StandardizedBy::PooledSd)? - 2.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Cohen, Statistical Power Analysis for the Behavioral Sciences, 2nd edition (1988), section 2.5; Austin, Balance
/// diagnostics for comparing the distribution of baseline covariates, Statistics in Medicine 28 (2009) 3083–3107.
pub fn standardized_difference(first: Moments, second: Moments, by: StandardizedBy) -> Result<f64, TestError> {
    for (group, moments) in [first, second].iter().enumerate() {
        if moments.n < 2 {
            return Err(TestError::TooFew { group, found: moments.n, needed: 2 });
        }
        moments.check(group)?;
    }
    let sd = match by {
        StandardizedBy::PooledSd => pooled_sd(first, second),
        StandardizedBy::AverageVariance => libm::hypot(first.sd, second.sd) / std::f64::consts::SQRT_2,
    };
    if sd > 0.0 { Ok((first.mean - second.mean) / sd) } else { Err(TestError::NoSpread) }
}

/// The difference of two distributions over categories in standard deviations.
///
/// ## Formula
///
/// ```text
/// √( (p − q)' S⁻¹ (p − q) )      S = (Σp + Σq) / 2, Σ the multinomial covariance; one category is left out
/// ```
///
/// p and q are the shares of the categories in the two groups: Mahalanobis's distance of the indicators. With two
/// categories it is the absolute value of the standardised difference of proportions.
///
/// ## Input
///
/// The counts of each category in the first group and in the second; categories that nobody has are left out.
///
/// ## Result
///
/// A pure number, 0 or more.
///
/// ## Conventions
///
/// R: `tableone::ExtractSmd`, `smd::smd` for factors.
///
/// ## Errors
///
/// [`TestError::UnequalLengths`], [`TestError::TooFew`] for an empty group, [`TestError::NoSpread`] where fewer than two
/// categories occur, or where the groups have no category in common.
///
/// ## Example
///
/// ```
/// use restudy_stats::descriptive::standardized_difference_of_counts;
///
/// // 0.5 and 0.2 of two categories: 0.3 / √( (0.25 + 0.16) / 2 )
/// let difference = standardized_difference_of_counts(&[5, 5], &[2, 8])?;
/// assert!((difference - 0.3 / 0.205_f64.sqrt()).abs() < 1e-15);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Yang and Dalton, A unified approach to measuring the effect size between two groups using SAS, SAS Global Forum
/// (2012) 335.
pub fn standardized_difference_of_counts(first: &[u64], second: &[u64]) -> Result<f64, TestError> {
    if first.len() != second.len() {
        return Err(TestError::UnequalLengths { first: first.len(), second: second.len() });
    }
    let totals = [first, second].map(|counts| counts.iter().sum::<u64>());
    if let Some(group) = totals.iter().position(|total| *total == 0) {
        return Err(TestError::TooFew { group, found: 0, needed: 1 });
    }
    let shares: Vec<[f64; 2]> = (first.iter().zip(second))
        .filter(|(a, b)| **a + **b > 0)
        .map(|(a, b)| [*a as f64 / totals[0] as f64, *b as f64 / totals[1] as f64])
        .collect();
    let used = shares.len().saturating_sub(1);
    // Without a category in common S is singular, which rounding may hide from its factor.
    if used == 0 || shares.iter().all(|[first, second]| first * second == 0.0) {
        return Err(TestError::NoSpread);
    }
    let covariance = DMatrix::from_fn(used, used, |j, k| {
        let of = |group: usize| {
            let product = shares[j][group] * shares[k][group];
            if j == k { shares[j][group] - product } else { -product }
        };
        f64::midpoint(of(0), of(1))
    });
    let difference = DVector::from_fn(used, |j, _| shares[j][0] - shares[j][1]);
    let factor = Cholesky::new(covariance).ok_or(TestError::NoSpread)?;
    Ok(factor.solve(&difference).dot(&difference).sqrt())
}

/// The pooled standard deviation of two groups with three values or more in all; a group of one adds nothing to it.
pub(crate) fn pooled_sd(first: Moments, second: Moments) -> f64 {
    let df = first.n as f64 + second.n as f64 - 2.0;
    let part = |group: Moments| if group.n > 1 { group.sd * ((group.n - 1) as f64 / df).sqrt() } else { 0.0 };
    // Not √(a² + b²): the squares of large or small deviations leave the range of a double.
    libm::hypot(part(first), part(second))
}
