//! A logistic model fitted to some rows and applied to others.

use restudy_stats::regression::{Design, HosmerLemeshow, Logistic, Outcome};

use super::{Failure, Method};
use crate::case::Case;
use crate::folder::InputError;
use crate::model::{ModelData, by_name};
use crate::tolerance::{EXACT, MODEL};

const ACCURACY: &str = "a question about scores, not about the model";
const VAL_PROB: &str = "information only: rms's val.prob, fitted to a looser tolerance";

pub(super) const METHOD: Method = Method {
    name: "validate_logistic",
    run,
    not_covered: &[
        ("auc", ACCURACY),
        ("auc_delong_ci95_low", ACCURACY),
        ("auc_delong_ci95_high", ACCURACY),
        ("brier", ACCURACY),
        ("brier_scaled", ACCURACY),
        ("mean_log_loss", ACCURACY),
        ("observed_to_expected", ACCURACY),
        ("val_prob_brier", VAL_PROB),
        ("val_prob_slope", VAL_PROB),
        ("val_prob_intercept", VAL_PROB),
    ],
};

/// Whether a row, counted from 1, is for development, for validation, or for neither.
type Split = fn(usize) -> (bool, bool);

/// The splits, by their words.
const SPLITS: &[(&str, Split)] = &[
    ("development: rows with odd 1-based index; validation: rows with even index", |row| {
        (!row.is_multiple_of(2), row.is_multiple_of(2))
    }),
    ("development: rows 1-216; validation: rows 217-432", |row| (row <= 216, (217..=432).contains(&row))),
    ("validation: rows whose 1-based index is a multiple of 3; development: the others", |row| {
        (!row.is_multiple_of(3), row.is_multiple_of(3))
    }),
];

fn run(case: &mut Case) -> Result<(), Failure> {
    let data = ModelData::read(case)?;
    let words = case.text("split")?;
    let (_, split) = (SPLITS.iter().find(|(split, _)| *split == words))
        .ok_or_else(|| InputError::new("`split`", format!("no split is known as `{words}`")))?;
    let development = data.chosen(|row| split(row + 1).0);
    let validation = data.chosen(|row| split(row + 1).1);
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

    let check = &mut case.check;
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
