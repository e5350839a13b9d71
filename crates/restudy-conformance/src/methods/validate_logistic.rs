//! A logistic model fitted to some rows and applied to others.

use restudy_stats::accuracy::{Auc, AucLimits, Brier, CalibrationInTheLarge, Direction, Roc};
use restudy_stats::regression::{Design, HosmerLemeshow, Logistic, Outcome};

use super::{Failure, Method};
use crate::case::Case;
use crate::model::{ModelData, by_name};
use crate::tolerance::{EXACT, MODEL, STATISTIC};

const VAL_PROB: &str = "information only: rms's val.prob, fitted to a looser tolerance";

pub(super) const METHOD: Method = Method {
    name: "validate_logistic",
    run,
    not_covered: &[("val_prob_brier", VAL_PROB), ("val_prob_slope", VAL_PROB), ("val_prob_intercept", VAL_PROB)],
};

/// Rows counted from 1, in the words of a case.
#[derive(Clone, Copy)]
enum Rows {
    Range { first: usize, last: usize },
    Remainder { of: usize, is: usize },
    Others,
}

impl Rows {
    fn parse(words: &str) -> Option<Self> {
        let words = words.trim();
        if words == "the others" {
            return Some(Self::Others);
        }
        if words == "rows with odd 1-based index" {
            return Some(Self::Remainder { of: 2, is: 1 });
        }
        if words == "rows with even index" || words == "rows with even 1-based index" {
            return Some(Self::Remainder { of: 2, is: 0 });
        }
        if let Some(of) = words.strip_prefix("rows whose 1-based index is a multiple of ") {
            return of.parse().ok().filter(|&of| of > 0).map(|of| Self::Remainder { of, is: 0 });
        }
        let (first, last) = words.strip_prefix("rows ")?.split_once('-')?;
        Some(Self::Range { first: first.parse().ok()?, last: last.parse().ok()? })
    }

    fn contains(self, row: usize, others: bool) -> bool {
        match self {
            Self::Range { first, last } => (first..=last).contains(&row),
            Self::Remainder { of, is } => row % of == is,
            Self::Others => others,
        }
    }
}

/// The rows for development and those for validation.
fn split(words: &str) -> Option<[Rows; 2]> {
    let part = |name: &str| {
        let clause = words.split(';').find_map(|clause| clause.trim().strip_prefix(name))?;
        Rows::parse(clause.strip_prefix(':')?)
    };
    Some([part("development")?, part("validation")?])
}

fn run(case: &mut Case) -> Result<(), Failure> {
    let data = ModelData::read(case)?;
    let Some([development, validation]) = split(case.text("split")?) else {
        case.check.nothing_covered("the runner does not know the words of this split");
        return Ok(());
    };
    let rows = |ours: Rows, theirs: Rows| data.chosen(|row| ours.contains(row + 1, !theirs.contains(row + 1, false)));
    let (development, validation) = (rows(development, validation), rows(validation, development));
    let design = development.design()?;
    let fit = Logistic::default().fit(&design, Outcome::new(&development.events))?;
    let predictor = validation.design_for_prediction()?.linear_predictor(fit.coefficients())?;
    let outcome = Outcome::new(&validation.events);

    let line = Design::build(predictor.len()).intercept().continuous("predictor", &predictor, 1.0).finish()?;
    let line = Logistic::default().fit(&line, outcome)?;
    let intercept = Design::build(predictor.len()).intercept().finish()?;
    let in_the_large = Logistic::default().fit(&intercept, outcome.with_offset(&predictor))?;
    let probabilities: Vec<f64> = predictor.iter().map(|eta| 1.0 / (1.0 + (-eta).exp())).collect();
    let groups = |external| HosmerLemeshow { groups: 10, external }.run(&probabilities, &validation.events);
    let (internal, external) = (groups(false)?, groups(true)?);

    let of = |event: bool| -> Vec<f64> {
        predictor.iter().zip(&validation.events).filter(|&(_, &e)| e == event).map(|(eta, _)| *eta).collect()
    };
    let curve = Roc { direction: Direction::Higher }.run(&of(true), &of(false))?;
    let auc = Auc::default().run(&curve);
    let brier = Brier.run(&probabilities, &validation.events)?;
    let overall = CalibrationInTheLarge::default().run(&probabilities, &validation.events)?;

    let check = &mut case.check;
    check.number("auc", auc.value, STATISTIC);
    if let Some(AucLimits::TwoSided(_, limits)) = auc.limits {
        check.number("auc_delong_ci95_low", limits.low, STATISTIC);
        check.number("auc_delong_ci95_high", limits.high, STATISTIC);
    }
    check.number("brier", brier.value, MODEL);
    check.number("brier_scaled", brier.scaled, MODEL);
    check.number("mean_log_loss", brier.log_loss, MODEL);
    check.number("observed_to_expected", overall.ratio, MODEL);
    check.number("n_development", fit.observations(), EXACT);
    check.number("n_validation", line.observations(), EXACT);
    check.number("events_validation", line.events(), EXACT);
    by_name(check, "development_coef", fit.names(), fit.coefficients(), MODEL);
    for (row, &eta) in predictor.iter().take(5).enumerate() {
        check.number(&format!("linear_predictor_first5[{row}]"), eta, MODEL);
    }
    check.number("calibration_slope", line.coefficients()[1], MODEL);
    check.number("calibration_slope_se", line.std_errors()[1], MODEL);
    check.number("calibration_intercept_with_slope", line.coefficients()[0], MODEL);
    check.number("calibration_in_the_large", in_the_large.coefficients()[0], MODEL);
    check.number("calibration_in_the_large_se", in_the_large.std_errors()[0], MODEL);
    check.number("hosmer_lemeshow_chi2", internal.chi_square, MODEL);
    check.number("hosmer_lemeshow_p", internal.p_value, MODEL);
    check.number("hosmer_lemeshow_p_external", external.p_value, MODEL);
    Ok(())
}
