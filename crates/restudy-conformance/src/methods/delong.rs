//! `pROC::roc.test(roc1, roc2, method = "delong")`, paired and not.

use restudy_stats::accuracy::{AucComparison, DeLong, DeLongNull, Direction, Marker};

use super::{Failure, Method};
use crate::case::Case;
use crate::check::Check;
use crate::folder::InputError;
use crate::tolerance::{EXACT, P_VALUE, STATISTIC};

pub(super) const PAIRED: Method = Method { name: "delong_paired", run: paired, not_covered: &[] };

pub(super) const UNPAIRED: Method = Method { name: "delong_unpaired", run: unpaired, not_covered: &[] };

fn direction(case: &Case, setting: &str) -> Result<Direction, InputError> {
    match case.setting(setting)? {
        "<" => Ok(Direction::Higher),
        ">" => Ok(Direction::Lower),
        _ => Err(InputError::new(setting, "neither `<` nor `>`")),
    }
}

fn paired(case: &mut Case) -> Result<(), Failure> {
    let directions = [direction(case, "direction1")?, direction(case, "direction2")?];
    let [[cases1, controls1], [cases2, controls2]] = case.two_markers()?;
    let first = Marker { cases: &cases1, controls: &controls1, direction: directions[0] };
    let second = Marker { cases: &cases2, controls: &controls2, direction: directions[1] };
    let result = DeLong::default().run_paired(first, second)?;
    let check = &mut case.check;
    check.number("n_cases", cases1.len() as f64, EXACT);
    check.number("n_controls", controls1.len() as f64, EXACT);
    areas(check, &result);
    let size = result.variance[0].max(result.variance[1]);
    check.optional("covariance", result.covariance, STATISTIC.subtracted_from(size));
    // The reference subtracts the areas, which are good to the last digits of 1.
    check.number("auc_diff", result.difference, STATISTIC.subtracted_from(1.0));
    check.number("diff_se", result.std_error, STATISTIC);
    // A difference near 0 has as few digits in z and the limits as it has itself.
    let of_difference = STATISTIC.subtracted_from(1.0 / result.std_error);
    check.number("z", result.statistic, of_difference);
    check.number("p", result.p_value, P_VALUE);
    check.number("diff_ci95_low", result.interval.low, STATISTIC.subtracted_from(1.0));
    check.number("diff_ci95_high", result.interval.high, STATISTIC.subtracted_from(1.0));
    Ok(())
}

fn unpaired(case: &mut Case) -> Result<(), Failure> {
    let direction = direction(case, "direction")?;
    let [[cases1, controls1], [cases2, controls2]] = case.cases_and_controls_of_two_groups()?;
    let first = Marker { cases: &cases1, controls: &controls1, direction };
    let second = Marker { cases: &cases2, controls: &controls2, direction };
    let normal = DeLong::default().run_unpaired(first, second)?;
    let with_t = DeLong { null: DeLongNull::SatterthwaiteT, ..DeLong::default() }.run_unpaired(first, second)?;
    let check = &mut case.check;
    for (name, group) in
        [("n1_cases", &cases1), ("n1_controls", &controls1), ("n2_cases", &cases2), ("n2_controls", &controls2)]
    {
        check.number(name, group.len() as f64, EXACT);
    }
    areas(check, &normal);
    let of_difference = STATISTIC.subtracted_from(1.0 / normal.std_error);
    check.number("z", normal.statistic, of_difference);
    check.number("p_normal", normal.p_value, P_VALUE);
    check.number("statistic", with_t.statistic, of_difference);
    check.optional("proc_df", with_t.df, STATISTIC);
    check.number("p_proc_t", with_t.p_value, P_VALUE);
    Ok(())
}

fn areas(check: &mut Check, result: &AucComparison) {
    for (index, (auc, variance)) in result.auc.into_iter().zip(result.variance).enumerate() {
        check.number(&format!("auc{}", index + 1), auc, STATISTIC);
        check.number(&format!("var{}", index + 1), variance, STATISTIC);
    }
}
