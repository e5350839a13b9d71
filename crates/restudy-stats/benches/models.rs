//! How long regressions take, ten covariates each. Data are made by a fixed recurrence, so that every run times the same
//! numbers.

#![allow(clippy::unwrap_used, reason = "a benchmark stops where its data are wrong")]

use divan::{Bencher, black_box};
use restudy_stats::regression::{Design, Logistic, Outcome};
use restudy_stats::resample::Resampling;
use restudy_stats::survival::{Covariates, Cox, SurvivalData};

fn main() {
    divan::main();
}

const SIZES: [usize; 3] = [61, 10_000, 1_000_000];
const COVARIATES: u32 = 10;

/// Numbers between 0 and 1, by the draws of the bootstrap itself.
fn uniform(n: usize, stream: u32) -> Vec<f64> {
    let mut stream = Resampling::default().stream(stream);
    (0..n).map(|_| stream.uniform()).collect()
}

/// Covariates, and their sum about its mean.
fn covariates(n: usize) -> (Vec<Vec<f64>>, Vec<f64>) {
    let columns: Vec<Vec<f64>> = (0..COVARIATES).map(|j| uniform(n, j)).collect();
    let sum = (0..n).map(|i| columns.iter().map(|x| x[i] - 0.5).sum()).collect();
    (columns, sum)
}

fn names() -> Vec<String> {
    (1..=COVARIATES).map(|j| format!("x{j}")).collect()
}

/// From columns to the fit. A tenth of the sum is predicted, so that sixty-one patients are not separated.
#[divan::bench(args = SIZES)]
fn logistic(bencher: Bencher<'_, '_>, n: usize) {
    let (columns, sum) = covariates(n);
    let events: Vec<bool> = uniform(n, COVARIATES).iter().zip(&sum).map(|(u, x)| *u < 0.4 + 0.1 * x).collect();
    let names = names();
    bencher.bench_local(|| {
        let start = Design::build(n).intercept();
        let design = names.iter().zip(&columns).fold(start, |design, (name, x)| design.continuous(name, x, 1.0));
        let design = design.finish().unwrap();
        Logistic::default().fit(&design, Outcome::new(black_box(&events))).unwrap().log_likelihood()
    });
}

/// Efron's ties at some thousands of times, with concordance, sorting included.
#[divan::bench(args = SIZES)]
fn cox(bencher: Bencher<'_, '_>, n: usize) {
    let (columns, sum) = covariates(n);
    let time: Vec<f64> =
        uniform(n, COVARIATES).iter().zip(&sum).map(|(u, x)| (-u.ln() * 1000.0 * (-0.5 * x).exp()).ceil()).collect();
    let events: Vec<bool> = uniform(n, COVARIATES + 1).iter().map(|u| *u < 0.67).collect();
    let (names, values) = (names(), columns.concat());
    bencher.bench_local(|| {
        let times = SurvivalData::new(black_box(&time), &events).prepare().unwrap();
        Cox::default().fit(&times, Covariates { names: &names, values: &values }).unwrap().log_likelihood
    });
}
