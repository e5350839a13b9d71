use crate::root::root;
use crate::{Interval, Level, TestError, dist};

fn check(count: u64, n: u64) -> Result<(), TestError> {
    if n == 0 || count > n { Err(TestError::NotAProportion { count, n }) } else { Ok(()) }
}

/// The Wilson score interval of a proportion.
///
/// ## Formula
///
/// The π for which the score test does not reject, that is, the two roots of
///
/// ```text
/// (p − π)² = z² π (1 − π) / n        p = count / n,  z the upper (1 − level)/2 quantile of the normal distribution
/// ```
///
/// ## Input
///
/// `count` of `n` have the property; n ≥ 1.
///
/// ## Result
///
/// Limits in [0, 1], exactly 0 for a count of 0 and exactly 1 for a count of n.
///
/// ## Conventions
///
/// R: `prop.test(count, n, correct = FALSE)$conf.int`. The lower limit is computed as p² over the other root, which
/// loses no digits for small counts, where the textbook form subtracts equals (R prints 2.8e-17 for 0 of 10).
///
/// ## Errors
///
/// [`TestError::NotAProportion`] when n = 0 or the count exceeds n.
///
/// ## Example
///
/// Newcombe's 81 of 263:
///
/// ```
/// use restudy_stats::{Level, descriptive::wilson};
///
/// let interval = wilson(81, 263, Level::NINETY_FIVE)?;
/// assert_eq!(format!("{:.4} {:.4}", interval.low, interval.high), "0.2553 0.3662");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Wilson, Journal of the American Statistical Association 22 (1927) 209–212; Newcombe, Two-sided confidence intervals
/// for the single proportion, Statistics in Medicine 17 (1998) 857–872, method 3.
pub fn wilson(count: u64, n: u64, level: Level) -> Result<Interval, TestError> {
    check(count, n)?;
    Ok(score_interval(count, n, 0.0, level))
}

/// The Wilson score interval with continuity correction.
///
/// ## Formula
///
/// As [`wilson`], with half a unit taken off the deviation: |p − π| − 1/(2n) in place of |p − π|.
///
/// ## Input
///
/// `count` of `n` have the property; n ≥ 1.
///
/// ## Result
///
/// Limits in [0, 1], exactly 0 for a count of 0 and exactly 1 for a count of n; never narrower than without correction.
///
/// ## Conventions
///
/// Always corrected (Newcombe's method 4, SciPy's `wilsoncc`). R's `prop.test(count, n)$conf.int` corrects by
/// min(½, |count − n/2|), and so gives the interval without correction when count = n/2, and this one otherwise.
///
/// ## Errors
///
/// [`TestError::NotAProportion`] when n = 0 or the count exceeds n.
///
/// ## Example
///
/// Newcombe's 81 of 263:
///
/// ```
/// use restudy_stats::{Level, descriptive::wilson_continuity};
///
/// let interval = wilson_continuity(81, 263, Level::NINETY_FIVE)?;
/// assert_eq!(format!("{:.4} {:.4}", interval.low, interval.high), "0.2535 0.3682");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Newcombe, Statistics in Medicine 17 (1998) 857–872, method 4; Fleiss, Statistical Methods for Rates and
/// Proportions, 2nd edition (1981), section 1.4.
pub fn wilson_continuity(count: u64, n: u64, level: Level) -> Result<Interval, TestError> {
    check(count, n)?;
    Ok(score_interval(count, n, 0.5, level))
}

/// The score interval with `correction` units taken off the deviation.
fn score_interval(count: u64, n: u64, correction: f64, level: Level) -> Interval {
    let (n_, z) = (n as f64, dist::Normal.upper_quantile(level.tail()));
    let z2 = z * z / n_;
    // The sum p + z²/2n + z√(p(1 − p)/n + z²/4n²), which is (1 + z²/n) times the upper root.
    let upper = |p: f64, q: f64| p + z2 / 2.0 + (z2 * p * q + z2 * z2 / 4.0).sqrt();
    let low = if count == 0 {
        0.0
    } else {
        let (p, q) = ((count as f64 - correction) / n_, ((n - count) as f64 + correction) / n_);
        p * p / upper(p, q)
    };
    let high = if count == n {
        1.0
    } else {
        let (p, q) = ((count as f64 + correction) / n_, ((n - count) as f64 - correction) / n_);
        (upper(p, q) / (1.0 + z2)).min(1.0)
    };
    Interval { low, high, level }
}

/// The exact interval of a proportion (Clopper–Pearson).
///
/// ## Formula
///
/// The limits are the π at which the count, or one more extreme, has probability (1 − level)/2:
///
/// ```text
/// P(X ≥ count; low) = (1 − level)/2        P(X ≤ count; high) = (1 − level)/2        X binomial (n, π)
/// ```
///
/// which are quantiles of the beta distributions (count, n − count + 1) and (count + 1, n − count).
///
/// ## Input
///
/// `count` of `n` have the property; n ≥ 1.
///
/// ## Result
///
/// Limits in [0, 1], exactly 0 for a count of 0 and exactly 1 for a count of n. Covers at least the level.
///
/// ## Conventions
///
/// R: `binom.test(count, n)$conf.int`. Both tails get (1 − level)/2 also where one of them is empty.
///
/// ## Errors
///
/// [`TestError::NotAProportion`] when n = 0 or the count exceeds n.
///
/// ## Example
///
/// Newcombe's 81 of 263:
///
/// ```
/// use restudy_stats::{Level, descriptive::clopper_pearson};
///
/// let interval = clopper_pearson(81, 263, Level::NINETY_FIVE)?;
/// assert_eq!(format!("{:.4} {:.4}", interval.low, interval.high), "0.2527 0.3676");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Clopper and Pearson, Biometrika 26 (1934) 404–413; Newcombe, Statistics in Medicine 17 (1998) 857–872, method 5.
pub fn clopper_pearson(count: u64, n: u64, level: Level) -> Result<Interval, TestError> {
    check(count, n)?;
    let (with, without) = (count as f64, (n - count) as f64);
    let low = if count == 0 { 0.0 } else { dist::Beta::new(with, without + 1.0)?.lower_quantile(level.tail()) };
    let high = if count == n { 1.0 } else { dist::Beta::new(with + 1.0, without)?.upper_quantile(level.tail()) };
    Ok(Interval { low, high, level })
}

/// The mid-p interval of a proportion: the exact one, with the count observed counted half.
///
/// ## Formula
///
/// ```text
/// P(X > count; low) + ½ P(X = count; low) = (1 − level)/2        P(X < count; high) + ½ P(X = count; high) = (1 − level)/2
/// ```
///
/// with X binomial (n, π).
///
/// ## Input
///
/// `count` of `n` have the property; n ≥ 1.
///
/// ## Result
///
/// Limits in [0, 1], exactly 0 for a count of 0 and exactly 1 for a count of n; inside the Clopper–Pearson interval.
///
/// ## Conventions
///
/// R: `exact2x2::binom.exact(count, n, midp = TRUE)$conf.int`, `PropCIs::midPci(count, n, level)`. Its coverage is near
/// the level on average, and not guaranteed.
///
/// ## Errors
///
/// [`TestError::NotAProportion`] when n = 0 or the count exceeds n.
///
/// ## Example
///
/// Newcombe's 81 of 263:
///
/// ```
/// use restudy_stats::{Level, descriptive::mid_p};
///
/// let interval = mid_p(81, 263, Level::NINETY_FIVE)?;
/// assert_eq!(format!("{:.4} {:.4}", interval.low, interval.high), "0.2544 0.3658");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Lancaster, Journal of the American Statistical Association 56 (1961) 223–234; Newcombe, Statistics in Medicine 17
/// (1998) 857–872, method 6.
pub fn mid_p(count: u64, n: u64, level: Level) -> Result<Interval, TestError> {
    let exact = clopper_pearson(count, n, level)?;
    let observed = count as f64 / n as f64;
    // On the logarithm, so that a steep tail is nearly a straight line.
    let excess = |p: f64, tail: fn(dist::Binomial, u64) -> f64| match dist::Binomial::new(n, p) {
        Ok(binomial) => libm::log((tail(binomial, count) - 0.5 * binomial.mass(count)) / level.tail()),
        Err(_) => f64::NAN,
    };
    let low = if count == 0 { 0.0 } else { root(|p| excess(p, dist::Binomial::upper_tail), exact.low, observed)? };
    let high = if count == n { 1.0 } else { root(|p| excess(p, dist::Binomial::lower_tail), observed, exact.high)? };
    Ok(Interval { low, high, level })
}
