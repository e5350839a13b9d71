//! Exact ties, residuals, robust standard errors, profile limits and selection of Cox models.

use proptest::prelude::*;
use restudy_stats::Level;
use restudy_stats::regression::{
    Design, Direction, EntryTest, FitError, RemovalTest, Screen, Selection, TermChiSquare,
};
use restudy_stats::survival::{
    Covariates, Cox, CoxFit, CoxTies, ProportionalHazards, SurvivalData, SurvivalError, SurvivalTimes,
};
use serde_json::Value;

use super::{prepared, rows, unzip};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, number, numbers, parse};

/// R's numbers were written with 15 digits and come from fits to eps = 1e-14.
const GOLDEN: f64 = 1e-10;
/// R's uniroot ends at 1e-13 of a coefficient that an iteration underneath makes uncertain.
const LIMIT: f64 = 1e-8;

struct Golden(Value);

impl Golden {
    fn read() -> Self {
        Self(parse(include_str!("../../golden/cox.json")))
    }

    fn column(&self, name: &str) -> Vec<f64> {
        numbers(&self.0[name])
    }

    fn codes(&self, name: &str) -> Vec<usize> {
        self.column(name).iter().map(|code| *code as usize).collect()
    }

    fn event(&self) -> Vec<bool> {
        self.column("event").iter().map(|event| *event == 1.0).collect()
    }

    fn times(&self, late: bool, weighted: bool) -> SurvivalTimes {
        let (time, entry, weights, strata) =
            (self.column("time"), self.column("entry"), self.column("weight"), self.codes("stratum"));
        SurvivalData {
            entry: late.then_some(&entry),
            weights: weighted.then_some(&weights),
            strata: weighted.then_some(&strata),
            ..SurvivalData::new(&time, &self.event())
        }
        .prepare()
        .unwrap()
    }

    /// Terms a, b, c and the category g, with the baseline in the place of an intercept.
    fn design(&self) -> Design {
        Design::build(self.column("a").len())
            .baseline()
            .continuous("a", &self.column("a"), 1.0)
            .continuous("b", &self.column("b"), 1.0)
            .continuous("c", &self.column("c"), 1.0)
            .categorical("g", &self.codes("g"), &["0", "1", "2"], 0)
            .finish()
            .unwrap()
    }
}

fn flat(value: &Value) -> Vec<f64> {
    match value.as_array() {
        Some(rows) if rows[0].is_array() => rows.iter().flat_map(numbers).collect(),
        Some(_) => numbers(value),
        None => vec![number(value)],
    }
}

/// Compares beside the size of the largest: residuals are differences.
#[track_caller]
fn close(obtained: &[f64], expected: &Value, what: &str) {
    let expected = flat(expected);
    assert_eq!(obtained.len(), expected.len(), "{what}");
    let size = expected.iter().fold(0.0, |size: f64, x| size.max(x.abs()));
    for (at, (obtained, expected)) in obtained.iter().zip(&expected).enumerate() {
        assert!((obtained - expected).abs() <= GOLDEN * size, "{what} {at}: {obtained:e} {expected:e}");
    }
}

fn two(golden: &Golden) -> ([String; 2], Vec<f64>) {
    (["a".to_owned(), "b".to_owned()], [golden.column("a"), golden.column("b")].concat())
}

// By hand.

#[test]
fn exactly_two_of_three() {
    // Two of three at once: L = u / (1 + 2u) for x = (1, 0, 0) with the events of the first two, so that β is infinite; with
    // x = (1, 0, 1) L = u / (u² + 2u), falling: of {1, 0}, {1, 1}, {0, 1}.
    let times = prepared(&[1.0, 1.0, 2.0, 3.0], &[true, true, true, false]);
    let fit = Cox { ties: CoxTies::Exact }
        .fit(&times, Covariates { names: &["x".to_owned()], values: &[1.0, 0.0, 0.0, 1.0] })
        .unwrap();
    // First time: the pairs of x = 1, 0, 0, 1 with sums 2 (1), 1 (4), 0 (1); then of 0 and 1 the 0.
    let u = fit.coefficients[0].exp();
    let expected = (u / (u * u + 4.0 * u + 1.0)).ln() - (1.0 + u).ln();
    assert_close(fit.log_likelihood, expected, CLOSED_FORM, "log L");
    assert_close(fit.log_likelihood_null, -(12.0_f64.ln()), CLOSED_FORM, "null");
    // Its slope is 0: 1 − (2u² + 4u) / (u² + 4u + 1) = u / (1 + u).
    let slope = 1.0 - (2.0 * u * u + 4.0 * u) / (u * u + 4.0 * u + 1.0) - u / (1.0 + u);
    assert!(slope.abs() < 1e-12);
}

#[test]
fn schoenfeld_and_score_residuals_of_three_patients() {
    // u = 1/√2 as in the test of the fit; means 2u / (2u + 1) and u / (u + 1), increments 1 / (2u + 1) and 1 / (u + 1).
    let times = prepared(&[1.0, 2.0, 3.0], &[true, true, false]);
    let fit = Cox::default().fit(&times, Covariates { names: &["x".to_owned()], values: &[1.0, 0.0, 1.0] }).unwrap();
    let u = 0.5_f64.sqrt();
    let (m1, m2, h1, h2) = (2.0 * u / (2.0 * u + 1.0), u / (u + 1.0), 1.0 / (2.0 * u + 1.0), 1.0 / (u + 1.0));
    let schoenfeld = fit.schoenfeld_residuals().unwrap();
    assert_eq!((schoenfeld.row, schoenfeld.time), (vec![0, 1], vec![1.0, 2.0]));
    for (obtained, expected) in schoenfeld.values.iter().zip([1.0 - m1, -m2]) {
        assert_close(*obtained, expected, CLOSED_FORM, "Schoenfeld");
    }
    let expected = [(1.0 - m1) * (1.0 - u * h1), -m2 - (-m1 * h1 - m2 * h2), -u * ((1.0 - m1) * h1 + (1.0 - m2) * h2)];
    for (obtained, expected) in fit.score_residuals().unwrap().iter().zip(expected) {
        assert!((obtained - expected).abs() < 1e-14, "{obtained} {expected}");
    }
}

// Golden.

#[test]
fn exact_ties_as_in_r() {
    let golden = Golden::read();
    let (names, values) = two(&golden);
    for (key, late) in [("exact", false), ("exact_late", true)] {
        let times = golden.times(late, false);
        let fit = Cox { ties: CoxTies::Exact }.fit(&times, Covariates { names: &names, values: &values }).unwrap();
        let expected = &golden.0[key];
        close(&fit.coefficients, &expected["coef"], "coef");
        close(&fit.covariance, &expected["vcov"], "vcov");
        close(&[fit.log_likelihood_null, fit.log_likelihood], &expected["loglik"], "loglik");
        close(&[fit.score.chi_square], &expected["score"], "score");
        close(&fit.martingale_residuals, &expected["martingale"], "martingale");
    }
}

#[test]
fn residuals_and_robust_errors_as_in_r() {
    let golden = Golden::read();
    let (names, values) = two(&golden);
    for (key, ties) in [("efron", CoxTies::Efron), ("breslow", CoxTies::Breslow)] {
        let times = golden.times(true, true);
        let fit = Cox { ties }.fit(&times, Covariates { names: &names, values: &values }).unwrap();
        let expected = &golden.0[key];
        close(&fit.coefficients, &expected["coef"], "coef");
        close(&fit.score_residuals().unwrap(), &expected["score"], "score");
        close(&fit.dfbeta().unwrap(), &expected["dfbeta"], "dfbeta");
        // Event by event, by stratum, time and row.
        close(&fit.schoenfeld_residuals().unwrap().values, &expected["schoenfeld"], "Schoenfeld");
        close(&fit.scaled_schoenfeld_residuals().unwrap().values, &expected["scaled"], "scaled Schoenfeld");
        let clusters = golden.codes("cluster");
        let robust = fit.robust(Some(&clusters)).unwrap();
        close(&robust.covariance, &expected["cluster_vcov"], "cluster");
        close(&[robust.wald.chi_square], &expected["cluster_wald"], "robust Wald");
        close(&fit.robust(None).unwrap().covariance, &expected["row_vcov"], "row");
        assert_close(robust.terms(Level::NINETY_FIVE)[0].std_error, robust.covariance[0].sqrt(), CLOSED_FORM, "se");
    }
}

fn full<'a>(golden: &Golden, times: &'a SurvivalTimes) -> CoxFit<'a> {
    Cox::default().fit_terms(times, &golden.design(), &["a", "b", "g"]).unwrap()
}

#[test]
fn profiles_and_terms_as_in_r() {
    let golden = Golden::read();
    let times = golden.times(false, false);
    let fit = full(&golden, &times);
    let profile = fit.profile(Level::NINETY_FIVE).unwrap();
    for (row, key) in profile.iter().zip(["profile_a", "profile_b"]) {
        let expected = numbers(&golden.0[key]);
        assert_close(row.interval.low, expected[0], LIMIT, "low");
        assert_close(row.interval.high, expected[1], LIMIT, "high");
        assert_close(row.statistic, expected[2], REFERENCE, "likelihood ratio");
        assert_close(row.hazard_ratio(), row.estimate.exp(), CLOSED_FORM, "ratio");
    }
    let (chi2, p) = (numbers(&golden.0["drop_chi2"]), numbers(&golden.0["drop_p"]));
    for (k, term) in [0..1, 1..2, 2..4].iter().enumerate() {
        let test = fit.likelihood_ratio_of(term).unwrap();
        assert_close(test.chi_square, chi2[k], 1e-9, "drop");
        assert_close(test.p_value, p[k], 1e-9, "drop");
    }
    assert_close(fit.wald_of(&(2..4)).unwrap().chi_square, number(&golden.0["wald_g"]), GOLDEN, "Wald");
    let beyond = 3..5;
    assert_eq!(fit.wald_of(&beyond), Err(SurvivalError::Coefficients { found: 5, needed: 4 }));
}

#[test]
fn selection_by_aic_takes_the_steps_of_r() {
    let golden = Golden::read();
    let (times, design) = (golden.times(false, false), golden.design());
    for (direction, key) in [(Direction::Forward, "forward"), (Direction::Backward, "backward")] {
        let selected = Cox::default().select(&times, &design, &Selection::aic(direction)).unwrap();
        let terms: Vec<&str> = golden.0[key]["terms"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
        assert_eq!(selected.path.iter().map(|step| step.term.as_str()).collect::<Vec<_>>(), terms);
        for (step, aic) in selected.path.iter().zip(flat(&golden.0[key]["aic"])) {
            assert_close(step.aic, aic, REFERENCE, "AIC");
        }
        assert_eq!(selected.terms, ["a"]);
        assert_eq!(selected.fit.unwrap().names, ["a"]);
    }
}

#[test]
fn screens_have_the_three_tests_of_r() {
    let golden = Golden::read();
    let (times, design) = (golden.times(false, false), golden.design());
    for (test, key) in
        [(EntryTest::LikelihoodRatio, "alone_lr"), (EntryTest::Wald, "alone_wald"), (EntryTest::Score, "alone_score")]
    {
        let screen = Screen { test, ..Screen::default() };
        let screened = Cox::default().screen(&times, &design, &screen).unwrap();
        for (row, expected) in screened.tests.iter().zip(numbers(&golden.0[key])) {
            let TermChiSquare { chi_square, .. } = row.test.as_ref().unwrap();
            // A statistic near 0 is a small difference of log-likelihoods.
            assert!((chi_square - expected).abs() < 1e-10 * expected.max(1.0), "{key} {}", row.term);
            assert_eq!(row.chosen, row.term == "a");
        }
        assert_eq!(screened.terms, ["a"]);
    }
    // What enters a model of a is tested by its score at that model.
    let settings = Selection { keep: vec!["a".to_owned()], ..Selection::forward(RemovalTest::LikelihoodRatio) };
    let one = |enter: f64| {
        let mut settings = settings.clone();
        if let restudy_stats::regression::Criterion::PValue { enter: below, remove, .. } = &mut settings.criterion {
            (*below, *remove) = (enter, 2.0);
        }
        Cox::default().select(&times, &design, &settings).unwrap()
    };
    let entered = one(1.1);
    let step = entered.path.iter().find(|step| step.term == "b").unwrap();
    if entered.path[0].term == "b" {
        assert_close(step.test.chi_square, number(&golden.0["enters_b"]), 1e-9, "score");
    }
    assert!(one(0.0).path.is_empty());
    // Nothing is chosen: there is no model.
    let none = Cox::default().screen(&times, &design, &Screen { below: 0.0, ..Screen::default() }).unwrap();
    assert!(none.terms.is_empty() && none.fit.is_none());
    let unknown = Screen { keep: vec!["d".to_owned()], ..Screen::default() };
    let error = Cox::default().screen(&times, &design, &unknown).err();
    assert_eq!(error, Some(SurvivalError::Design(FitError::UnknownTerm { name: "d".to_owned() })));
    let alone = Cox::default().univariable(&times, &design);
    assert_eq!(alone.iter().map(|one| one.term.as_str()).collect::<Vec<_>>(), ["a", "b", "c", "g"]);
}

// Definition and properties.

proptest! {
    #[test]
    fn without_ties_the_three_likelihoods_are_one(rows in rows()) {
        let (_, event, _, x) = unzip(&rows);
        let time: Vec<f64> = (1..=rows.len()).map(|t| t as f64).collect();
        let times = prepared(&time, &event);
        let names = ["x".to_owned()];
        let fit = |ties| Cox { ties }.fit(&times, Covariates { names: &names, values: &x });
        let all = [CoxTies::Efron, CoxTies::Breslow, CoxTies::Exact].map(fit);
        match &all {
            [Ok(a), Ok(b), Ok(c)] => {
                for other in [b, c] {
                    prop_assert!((a.log_likelihood - other.log_likelihood).abs() < 1e-10);
                    prop_assert!((a.coefficients[0] - other.coefficients[0]).abs() < 1e-8);
                }
            }
            [Err(a), Err(b), Err(c)] => prop_assert!(a == b && b == c),
            _ => prop_assert!(false),
        }
    }

    #[test]
    fn score_residuals_add_up_to_the_slope_and_weights_repeat(rows in rows(), efron in any::<bool>()) {
        let (time, event, _, x) = unzip(&rows);
        let times = prepared(&time, &event);
        let ties = if efron { CoxTies::Efron } else { CoxTies::Breslow };
        if let Ok(fit) = (Cox { ties }).fit(&times, Covariates { names: &["x".to_owned()], values: &x }) {
            let scores = fit.score_residuals().unwrap();
            prop_assert!(scores.iter().sum::<f64>().abs() < 1e-9);
            let schoenfeld = fit.schoenfeld_residuals().unwrap();
            prop_assert!(schoenfeld.values.iter().sum::<f64>().abs() < 1e-9);
            prop_assert_eq!(schoenfeld.row.len(), fit.events);
        }
    }

    #[test]
    fn a_monotone_likelihood_is_one_that_pairs_allow(rows in rows()) {
        // Of one covariate: everybody with the event is at the same end of those at risk, and not all are level.
        let (time, event, _, x) = unzip(&rows);
        let (mut up, mut down, mut strict) = (true, true, false);
        for i in (0..rows.len()).filter(|&i| event[i]) {
            for j in (0..rows.len()).filter(|&j| time[j] >= time[i]) {
                up &= x[i] >= x[j];
                down &= x[i] <= x[j];
                strict |= x[i] != x[j];
            }
        }
        let times = prepared(&time, &event);
        let fit = Cox::default().fit(&times, Covariates { names: &["x".to_owned()], values: &x });
        let is_monotone = matches!(fit, Err(SurvivalError::MonotoneLikelihood { .. }));
        prop_assert_eq!(is_monotone, strict && (up || down));
    }
}

// Degenerate input.

#[test]
fn what_does_not_go_with_exact_ties_is_named() {
    let golden = Golden::read();
    let (names, values) = two(&golden);
    let covariates = Covariates { names: &names, values: &values };
    let weighted = golden.times(true, true);
    let error = Cox { ties: CoxTies::Exact }.fit(&weighted, covariates).err();
    assert_eq!(error, Some(SurvivalError::NotWithExactTies { what: "case weights" }));
    let times = golden.times(false, false);
    let fit = Cox { ties: CoxTies::Exact }.fit(&times, covariates).unwrap();
    assert!(matches!(fit.score_residuals(), Err(SurvivalError::NotWithExactTies { .. })));
    let terms = std::slice::from_ref(&(0..2));
    let tested = ProportionalHazards::default().run(&fit, terms);
    assert!(matches!(tested, Err(SurvivalError::NotWithExactTies { .. })));
    let other = Cox::default().fit(&times, covariates).unwrap();
    let error = other.robust(Some(&[0, 1])).unwrap_err();
    assert_eq!(error, SurvivalError::Length { column: "the cluster", found: 2, needed: times.len() });
    assert_eq!(other.robust(Some(&vec![0; times.len()])), Err(SurvivalError::Singular));
}

#[test]
fn two_patients_and_a_group_without_events() {
    let names = ["x".to_owned()];
    let fit = |time: &[f64], event: &[bool], x: &[f64]| {
        Cox::default().fit(&prepared(time, event), Covariates { names: &names, values: x }).err()
    };
    let monotone = Some(SurvivalError::MonotoneLikelihood { terms: vec!["x".to_owned()] });
    assert_eq!(fit(&[1.0, 2.0], &[true, true], &[1.0, 0.0]), monotone);
    assert_eq!(fit(&[1.0, 2.0, 3.0, 4.0], &[true, false, true, false], &[0.0, 1.0, 0.0, 1.0]), monotone);
    let none = Some(SurvivalError::NoVariation { term: "x".to_owned() });
    assert_eq!(fit(&[1.0, 2.0], &[false, true], &[1.0, 0.0]), none);
}
