//! The search's own statistics against the library's, on random cohorts.

use restudy_stats::correlation::Pearson;
use restudy_stats::hypothesis::{Statistic, StudentT};
use restudy_stats::regression::{Design, Logistic, Outcome};
use restudy_stats::survival::{Covariates, Cox, LogRank, SurvivalData};

use super::state::State;
use super::statistic::{cox_z, log_rank_root, logistic_z, pearson_t, student_t};
use crate::reconstruct::exponential::exp;
use crate::reconstruct::problem::{Numbers, Problem, Summary, Values, Variable};
use crate::reconstruct::random::Random;

/// What a step of Newton's method left out, and what scaling moves.
const CLOSE: f64 = 1e-6;

fn close(found: f64, reference: f64) {
    assert!((found - reference).abs() <= CLOSE * reference.abs().max(1.0), "{found} is not {reference}");
}

/// Two groups of 14 and 17, three variables of numbers and one of codes, with distinct times.
fn cohort(seed: u64) -> (Problem, State) {
    let mut random = Random::new(seed, 0);
    let open =
        || Values::Numbers(Numbers { cells: vec![Summary::Open; 2], whole: None, comparison: None, marker: None });
    let variable =
        |id: &str, values| Variable { id: id.to_owned(), decimals: 1, step: 1, min: None, max: None, values };
    let problem = Problem {
        groups: vec![14, 17],
        variables: vec![variable("a", open()), variable("b", open()), variable("c", open())],
        ..Problem::default()
    };
    let n = problem.patients();
    let mut units: Vec<Vec<i64>> = (0..2).map(|_| (0..n).map(|_| random.between(100, 400)).collect()).collect();
    units.push((0..n).map(|_| random.between(0, 1)).collect());
    let mut state = State::new(&problem, units);
    let mut slots: Vec<usize> = (0..n).collect();
    random.shuffle(&mut slots);
    for (patient, slot) in slots.into_iter().enumerate() {
        state.slot_of[patient] = slot;
        state.patient_at[slot] = patient;
        state.event_at[slot] = random.below(3) > 0;
    }
    (problem, state)
}

fn column(state: &State, variable: usize) -> Vec<f64> {
    state.units[variable].iter().map(|unit| *unit as f64 / 10.0).collect()
}

#[test]
fn the_exponential_is_the_librarys() {
    for step in -7000..=7000 {
        let x = f64::from(step) / 10.0;
        // By the defining identity, since the platform's own is not the reference: e^x e^-x = 1 and e^(x/2)² = e^x.
        assert!((exp(x) * exp(-x) - 1.0).abs() < 1e-13 && (exp(x / 2.0) * exp(x / 2.0) / exp(x) - 1.0).abs() < 1e-13);
    }
    assert!((exp(1.0) - std::f64::consts::E).abs() < 1e-15 && exp(0.0) == 1.0);
}

#[test]
fn correlations_and_contrasts_agree() {
    for seed in 0..20 {
        let (_, state) = cohort(seed);
        let (a, b) = (column(&state, 0), column(&state, 1));
        let reference = Pearson::default().run(&a, &b).expect("a correlation");
        let Some(Statistic::T { value: t, .. }) = reference.statistic else { panic!("a t statistic") };
        close(pearson_t(&state.x[0], &state.x[1]), t);
        let side = |wanted: i64| -> Vec<f64> {
            a.iter().zip(&state.units[2]).filter(|(_, code)| **code == wanted).map(|(value, _)| *value).collect()
        };
        let reference = StudentT::default().run(&side(1), &side(0)).expect("a test");
        let Some(Statistic::T { value: t, .. }) = reference.statistic else { panic!("a t statistic") };
        close(student_t(state.x[0].iter().zip(&state.units[2]).map(|(x, code)| (*x, *code == 1))), t);
    }
}

#[test]
fn logistic_models_agree() {
    for seed in 0..20 {
        let (problem, state) = cohort(seed);
        let events: Vec<bool> = (0..problem.patients()).map(|patient| problem.members(0).contains(&patient)).collect();
        let columns: Vec<Vec<f64>> = (0..3).map(|variable| column(&state, variable)).collect();
        let design = Design::build(events.len())
            .intercept()
            .continuous("a", &columns[0], 1.0)
            .continuous("b", &columns[1], 1.0)
            .continuous("c", &columns[2], 1.0)
            .finish()
            .expect("a design");
        let fit = Logistic::default().fit(&design, Outcome::new(&events)).expect("a fit");
        let fast = logistic_z(&[&state.x[0], &state.x[1], &state.x[2]], &state.member[0], &mut [0.0; 4]);
        let z = fit.coefficients().iter().zip(fit.std_errors()).map(|(estimate, std_error)| estimate / std_error);
        for (fast, z) in fast.iter().zip(z.skip(1)) {
            close(*fast, z);
        }
    }
}

#[test]
fn survival_agrees() {
    for seed in 0..20 {
        let (problem, state) = cohort(seed);
        let n = problem.patients();
        let times: Vec<f64> = (0..n).map(|patient| state.slot_of[patient] as f64 + 1.0).collect();
        let events: Vec<bool> = (0..n).map(|patient| state.has_event(patient)).collect();
        let data = SurvivalData::new(&times, &events).prepare().expect("survival data");
        let names = ["a".to_owned(), "b".to_owned(), "group".to_owned()];
        let values = [column(&state, 0), column(&state, 1), state.member[0].clone()];
        let all = Cox::default().fit(&data, Covariates { names: &names, values: &values.concat() }).expect("a fit");
        let fast = cox_z(&state, &[&state.x[0], &state.x[1], &state.member[0]], &mut [0.0; 3]);
        for (fast, term) in fast.iter().zip(all.terms(restudy_stats::Level::default())) {
            close(*fast, term.z);
        }
        let one = Cox::default().fit(&data, Covariates { names: &names[..1], values: &values[0] }).expect("a fit");
        let fast = cox_z(&state, &[&state.x[0]], &mut [0.0]);
        close(fast[0], one.terms(restudy_stats::Level::default())[0].z);
        let groups: Vec<usize> = state.group_of.clone();
        let reference = LogRank::default().run(&data, &groups).expect("a test");
        let root = log_rank_root(&state, &state.member[0]);
        close(root * root, reference.chi_square);
        assert_eq!(root > 0.0, reference.observed[0] > reference.expected[0]);
    }
}
