use proptest::prelude::*;
use restudy_stats::Level;
use restudy_stats::dist::ChiSquare;
use restudy_stats::regression::{Design, FitError, Inference, Logistic, LogisticFit, Outcome};

use super::{EVENTS, EXPOSED, columns, grid, line};
use crate::golden::{CLOSED_FORM, assert_close};

/// Where iteration ends: Newton's last step leaves a few roundings of the sums.
const CONVERGED: f64 = 1e-11;

fn fit<'a>(design: &'a Design, outcome: Outcome<'a>) -> Result<LogisticFit<'a>, FitError> {
    Logistic::default().fit(design, outcome)
}

/// x: overlapping outcomes, n = 12.
const X: [f64; 12] = [0.3, 0.7, 1.1, 1.4, 1.9, 2.2, 2.8, 3.1, 3.3, 3.9, 4.4, 5.0];
const Y: [bool; 12] = [false, false, true, false, false, true, false, true, false, true, true, true];

#[test]
fn a_table_has_closed_forms() {
    let (a, b, c, d) = (18.0_f64, 7.0, 11.0, 23.0);
    let counts = [a, b, c, d];
    let design = line(&EXPOSED);
    let fit = fit(&design, Outcome::new(&EVENTS).with_weights(&counts)).unwrap();
    assert_close(fit.coefficients()[0], (c / d).ln(), CLOSED_FORM, "log odds of those not exposed");
    assert_close(fit.coefficients()[1], (a * d / (b * c)).ln(), CLOSED_FORM, "log odds ratio");
    assert_close(fit.covariance(0, 0), 1.0 / c + 1.0 / d, CLOSED_FORM, "its variance");
    assert_close(fit.covariance(0, 1), -(1.0 / c + 1.0 / d), CLOSED_FORM, "covariance");
    assert_close(fit.covariance(1, 1), 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d, CLOSED_FORM, "Woolf's variance");
    let entropy = |x: f64, y: f64| x * (x / (x + y)).ln() + y * (y / (x + y)).ln();
    let (full, null) = (entropy(a, b) + entropy(c, d), entropy(a + c, b + d));
    assert_close(fit.log_likelihood(), full, CLOSED_FORM, "log-likelihood");
    assert_close(fit.null_log_likelihood(), null, CLOSED_FORM, "log-likelihood of the margin");
    // The likelihood-ratio test of the model is the G test of the table.
    let test = fit.likelihood_ratio().unwrap();
    assert_close(test.chi_square, 2.0 * (full - null), CONVERGED, "G");
    assert_eq!(test.df, 1);
    assert_close(test.p_value, ChiSquare::new(1.0).unwrap().upper_tail(test.chi_square), CLOSED_FORM, "p");
    assert_close(fit.aic(), 4.0 - 2.0 * full, CLOSED_FORM, "AIC");
    assert_close(fit.bic(), 2.0 * 59.0_f64.ln() - 2.0 * full, CLOSED_FORM, "BIC");
    assert_close(fit.r2_mcfadden(), 1.0 - full / null, CONVERGED, "McFadden");
    assert_close(fit.r2_cox_snell(), 1.0 - (2.0 * (null - full) / 59.0).exp(), CONVERGED, "Cox and Snell");
    let nagelkerke = fit.r2_cox_snell() / (1.0 - (2.0 * null / 59.0).exp());
    assert_close(fit.r2_nagelkerke(), nagelkerke, CLOSED_FORM, "Nagelkerke");
}

#[test]
fn many_rows_have_the_closed_form_of_their_table() {
    // Several chunks of rows and a part of one.
    let (a, b, c, d) = (9_000, 6_001, 3_500, 11_502);
    let counts = [(1.0, true, a), (1.0, false, b), (0.0, true, c), (0.0, false, d)];
    let x: Vec<f64> = counts.iter().flat_map(|&(x, _, count)| vec![x; count]).collect();
    let y: Vec<bool> = counts.iter().flat_map(|&(_, y, count)| vec![y; count]).collect();
    let design = line(&x);
    let fit = fit(&design, Outcome::new(&y)).unwrap();
    let [a, b, c, d] = [a, b, c, d].map(|count| count as f64);
    assert_close(fit.coefficients()[1], (a * d / (b * c)).ln(), CLOSED_FORM, "log odds ratio");
    assert_close(fit.covariance(1, 1), 1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d, CLOSED_FORM, "Woolf's variance");
    let entropy = |x: f64, y: f64| x * (x / (x + y)).ln() + y * (y / (x + y)).ln();
    assert_close(fit.log_likelihood(), entropy(a, b) + entropy(c, d), CLOSED_FORM, "log-likelihood");
}

#[test]
fn an_offset_is_a_known_part() {
    // With the whole predictor as offset nothing is left to add.
    let design = line(&X);
    let whole = fit(&design, Outcome::new(&Y)).unwrap();
    let predictor = design.linear_predictor(whole.coefficients()).unwrap();
    let again = fit(&design, Outcome::new(&Y).with_offset(&predictor)).unwrap();
    assert!(again.coefficients().iter().all(|coefficient| coefficient.abs() < 1e-12), "{:?}", again.coefficients());
    assert_close(again.log_likelihood(), whole.log_likelihood(), CLOSED_FORM, "log-likelihood");
}

#[test]
fn profile_limits_put_back_give_the_critical_value() {
    let design = line(&X);
    let fit = fit(&design, Outcome::new(&Y)).unwrap();
    let critical = ChiSquare::new(1.0).unwrap().upper_quantile(0.1);
    for (j, row) in fit.profile(Level::new(0.9).unwrap()).unwrap().iter().enumerate() {
        assert_eq!(row.inference, Inference::LikelihoodRatio);
        for limit in [row.interval.low, row.interval.high] {
            let fall = 2.0 * (fit.log_likelihood() - fit.profile_log_likelihood(j, limit).unwrap());
            assert_close(fall, critical, CONVERGED, "deviance at a limit");
        }
        // p and interval agree on whether 0 is excluded.
        assert_eq!(row.p_value < 0.1, row.interval.low > 0.0 || row.interval.high < 0.0);
    }
}

#[test]
fn dropping_the_only_term_is_the_test_of_the_model_and_of_its_coefficient() {
    let design = line(&X);
    let fit = fit(&design, Outcome::new(&Y)).unwrap();
    let terms = fit.term_tests().unwrap();
    let model = fit.likelihood_ratio().unwrap();
    assert_eq!(terms.len(), 1);
    assert_close(terms[0].test.chi_square, model.chi_square, CONVERGED, "term");
    assert_close(fit.profile(Level::NINETY_FIVE).unwrap()[1].statistic, model.chi_square, CONVERGED, "profile");
}

#[test]
fn degenerate_input_is_refused() {
    let design = line(&X);
    let refusal = |outcome: Outcome<'_>| Logistic::default().fit(&design, outcome).unwrap_err();
    assert_eq!(refusal(Outcome::new(&[false; 12])), FitError::OneOutcome { all_events: false });
    assert_eq!(refusal(Outcome::new(&[true; 12])), FitError::OneOutcome { all_events: true });
    assert_eq!(refusal(Outcome::new(&Y[..11])), FitError::Length { name: "outcome".to_owned(), rows: 12, found: 11 });
    let mut weights = [1.0; 12];
    weights[4] = -1.0;
    assert_eq!(
        refusal(Outcome::new(&Y).with_weights(&weights)),
        FitError::NegativeWeight { position: 4, weight: -1.0 }
    );
    assert_eq!(refusal(Outcome::new(&Y).with_weights(&[0.0; 12])), FitError::Empty);
    let mut broken = [1.0; 12];
    broken[4] = f64::NAN;
    let not_finite = |name: &str| FitError::NotFinite { name: name.to_owned(), position: 4 };
    assert_eq!(refusal(Outcome::new(&Y).with_weights(&broken)), not_finite("weights"));
    assert_eq!(refusal(Outcome::new(&Y).with_offset(&broken)), not_finite("offset"));
}

#[test]
fn columns_far_from_zero_lose_no_digits() {
    let design = line(&X);
    let near = fit(&design, Outcome::new(&Y)).unwrap();
    // An exact shift in doubles: X in quarters.
    let quarters: Vec<f64> = X.iter().map(|x| (x * 4.0).round() / 4.0).collect();
    let shifted: Vec<f64> = quarters.iter().map(|x| x + 1_000_000.0).collect();
    let (quarters, shifted) = (line(&quarters), line(&shifted));
    let (quarters, shifted) = (fit(&quarters, Outcome::new(&Y)).unwrap(), fit(&shifted, Outcome::new(&Y)).unwrap());
    assert_close(shifted.coefficients()[1], quarters.coefficients()[1], CLOSED_FORM, "coefficient");
    assert_close(shifted.std_errors()[1], quarters.std_errors()[1], CLOSED_FORM, "standard error");
    assert_close(shifted.log_likelihood(), quarters.log_likelihood(), CLOSED_FORM, "log-likelihood");
    assert!(near.iterations() < 10);
}

proptest! {
    #[test]
    fn the_score_is_zero_at_the_estimate(data in grid(8..40)) {
        let (a, b, y) = columns(&data);
        let design = Design::build(y.len()).intercept().continuous("a", &a, 1.0).continuous("b", &b, 1.0).finish();
        prop_assume!(design.is_ok());
        let design = design.unwrap();
        if let Ok(fit) = fit(&design, Outcome::new(&y)) {
            for score in fit.score() {
                prop_assert!(score.abs() < 1e-9, "{score}");
            }
            let sum: f64 = fit.probabilities().iter().sum();
            prop_assert!((sum - fit.events()).abs() < 1e-9);
        }
    }

    #[test]
    fn weights_are_replicates(data in grid(8..16), weights in prop::collection::vec(0_u8..4, 16)) {
        let (a, _, y) = columns(&data);
        let weights: Vec<f64> = weights[..y.len()].iter().map(|&weight| f64::from(weight)).collect();
        let copies: Vec<usize> = (0..y.len()).flat_map(|row| vec![row; weights[row] as usize]).collect();
        let copied: Vec<f64> = copies.iter().map(|&row| a[row]).collect();
        let events: Vec<bool> = copies.iter().map(|&row| y[row]).collect();
        let long = Design::build(copied.len()).intercept().continuous("x", &copied, 1.0).finish();
        let short = Design::build(a.len()).intercept().continuous("x", &a, 1.0).finish();
        prop_assume!(long.is_ok() && short.is_ok());
        let (long, short) = (long.unwrap(), short.unwrap());
        let (long, short) = (fit(&long, Outcome::new(&events)), fit(&short, Outcome::new(&y).with_weights(&weights)));
        match (long, short) {
            (Ok(long), Ok(short)) => for j in 0..2 {
                prop_assert!((long.coefficients()[j] - short.coefficients()[j]).abs() < 1e-9);
                prop_assert!((long.std_errors()[j] - short.std_errors()[j]).abs() < 1e-9);
            },
            (Err(long), Err(short)) => prop_assert_eq!(long, short),
            (long, short) => prop_assert!(false, "{:?} {:?}", long.err(), short.err()),
        }
    }

    #[test]
    fn exchanging_the_outcomes_changes_every_sign(data in grid(8..30)) {
        let (a, _, y) = columns(&data);
        let others: Vec<bool> = y.iter().map(|event| !event).collect();
        let design = Design::build(a.len()).intercept().continuous("x", &a, 1.0).finish();
        prop_assume!(design.is_ok());
        let design = design.unwrap();
        if let (Ok(events), Ok(others)) = (fit(&design, Outcome::new(&y)), fit(&design, Outcome::new(&others))) {
            for j in 0..2 {
                prop_assert!((events.coefficients()[j] + others.coefficients()[j]).abs() < 1e-9);
            }
        }
    }
}
