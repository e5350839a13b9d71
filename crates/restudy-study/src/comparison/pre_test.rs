//! Mean or median by a test of normality. Many papers choose so, and a study that repeats one must be able to; it is
//! never the default, because a test that looks at the data first changes what the second one means.

use restudy_ledger::SummaryKind;
use restudy_stats::hypothesis::ShapiroWilk;

/// The summary of a measured variable: the mean while no group departs from normality by Shapiro and Wilk's test, else
/// the median; and the evidence, the smallest p among the groups.
///
/// A group that cannot be tested (fewer than 3 values or more than 5000, all of them equal) speaks for the median.
pub(crate) fn summary(values: &[Vec<f64>], groups: &[String], alpha: f64) -> (SummaryKind, String) {
    let mut smallest: Option<(f64, &str)> = None;
    for (values, group) in values.iter().zip(groups) {
        match ShapiroWilk.run(values) {
            Err(error) => return (SummaryKind::MedianQuartiles, format!("Shapiro-Wilk in {group}: {error}")),
            Ok(result) if smallest.is_none_or(|(p, _)| result.p_value < p) => {
                smallest = Some((result.p_value, group));
            }
            Ok(_) => {}
        }
    }
    match smallest {
        Some((p, group)) if p < alpha => {
            (SummaryKind::MedianQuartiles, format!("Shapiro-Wilk p {p:.2e} in {group}, below {alpha}"))
        }
        Some((p, group)) => {
            (SummaryKind::MeanSd, format!("Shapiro-Wilk p at least {p:.2e} (in {group}), not below {alpha}"))
        }
        None => (SummaryKind::MedianQuartiles, "no group to test".to_owned()),
    }
}
