//! Moments, quartiles and the interval of the mean.

use restudy_stats::Level;
use restudy_stats::descriptive::{Describe, Moments, QuantileType, Shape};
use restudy_stats::hypothesis::{ShapiroWilk, Statistic};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{EXACT, SHAPIRO_P, SHAPIRO_W, STATISTIC};

pub(super) const METHOD: Method = Method { name: "descriptives", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let column = case.column("x")?;
    let values: Vec<f64> = column.iter().flatten().copied().collect();
    let check = &mut case.check;
    check.number("n", values.len() as f64, EXACT);
    check.number("missing", (column.len() - values.len()) as f64, EXACT);

    let moments = Moments::of(&values)?;
    let interval = moments.mean_interval(Level::NINETY_FIVE)?;
    let largest = values.iter().fold(0.0, |largest: f64, x| largest.max(x.abs()));
    check.number("mean", moments.mean, STATISTIC.subtracted_from(largest));
    check.number("sd", moments.sd, STATISTIC);
    check.number("var", moments.sd * moments.sd, STATISTIC);
    check.number("se_mean", moments.std_error(), STATISTIC);
    check.number("mean_ci95_low", interval.low, STATISTIC.subtracted_from(largest));
    check.number("mean_ci95_high", interval.high, STATISTIC.subtracted_from(largest));

    for quartiles in [QuantileType::Type6, QuantileType::Type7] {
        let summary = Describe { quartiles }.run(&values)?;
        let number = quartiles.number();
        check.number("min", summary.min, EXACT);
        check.number("max", summary.max, EXACT);
        check.number("median", summary.median, STATISTIC);
        check.number(&format!("q1_type{number}"), summary.q1, STATISTIC);
        check.number(&format!("q3_type{number}"), summary.q3, STATISTIC);
        check.number(&format!("iqr_type{number}"), summary.q3 - summary.q1, STATISTIC.subtracted_from(summary.q3));
    }

    // A rounded mean moves the third moment of symmetric values away from 0.
    let size = 1.0 + 3.0 * moments.mean.abs() / moments.sd;
    let shapiro = ShapiroWilk.run(&values)?;
    check.optional("shapiro_w", shapiro.statistic.map(Statistic::value), SHAPIRO_W);
    check.number("shapiro_p", shapiro.p_value, SHAPIRO_P);

    let shape = Shape::of(&values)?;
    check.number("skewness_g1", shape.skewness, STATISTIC.subtracted_from(size));
    check.number("excess_kurtosis_g2", shape.excess_kurtosis, STATISTIC.subtracted_from(3.0 + size));
    Ok(())
}
