//! How long survival curves, areas and resamples take. Data are made by a fixed recurrence, so that every run times the
//! same numbers.

#![allow(clippy::unwrap_used, reason = "a benchmark stops where its data are wrong")]

use divan::{Bencher, black_box};
use restudy_stats::accuracy::{Auc, Cutoff, Direction, OptimismBootstrap, Roc, RocBootstrap};
use restudy_stats::regression::Design;
use restudy_stats::resample::{Bootstrap, Resampling};
use restudy_stats::survival::{KaplanMeier, LogRank, SurvivalData};

fn main() {
    divan::main();
}

const SIZES: [usize; 3] = [61, 10_000, 1_000_000];

/// Numbers between 0 and 1, by the draws of the bootstrap itself.
fn uniform(n: usize, stream: u32) -> Vec<f64> {
    let mut stream = Resampling::default().stream(stream);
    (0..n).map(|_| stream.uniform()).collect()
}

/// Times with ties, about a third censored, and two groups.
fn survival(n: usize) -> (Vec<f64>, Vec<bool>, Vec<usize>) {
    let time = uniform(n, 0).iter().map(|u| (-u.ln() * 7000.0).ceil()).collect();
    let event = uniform(n, 1).iter().map(|u| *u < 0.67).collect();
    (time, event, uniform(n, 2).iter().map(|u| usize::from(*u < 0.5)).collect())
}

/// A marker in cases and controls.
fn marker(n: usize) -> (Vec<f64>, Vec<f64>) {
    let cases = n / 3;
    (uniform(cases, 0).iter().map(|u| u.sqrt()).collect(), uniform(n - cases, 1))
}

#[divan::bench(args = SIZES)]
fn kaplan_meier(bencher: Bencher<'_, '_>, n: usize) {
    let (time, event, _) = survival(n);
    bencher.bench_local(|| {
        KaplanMeier::default().fit(&SurvivalData::new(black_box(&time), &event).prepare().unwrap()).unwrap()
    });
}

#[divan::bench(args = SIZES)]
fn log_rank(bencher: Bencher<'_, '_>, n: usize) {
    let (time, event, groups) = survival(n);
    bencher.bench_local(|| {
        LogRank::default().run(&SurvivalData::new(black_box(&time), &event).prepare().unwrap(), &groups).unwrap()
    });
}

#[divan::bench(args = SIZES)]
fn auc_delong(bencher: Bencher<'_, '_>, n: usize) {
    let (cases, controls) = marker(n);
    let roc = Roc { direction: Direction::Higher };
    bencher.bench_local(|| Auc::default().run(&roc.run(black_box(&cases), &controls).unwrap()));
}

#[divan::bench(args = [61, 10_000])]
fn youden_1000_bootstraps(bencher: Bencher<'_, '_>, n: usize) {
    let (cases, controls) = marker(n);
    let curve = Roc { direction: Direction::Higher }.run(&cases, &controls).unwrap();
    let resampling = Resampling { replicates: 1000, ..Resampling::default() };
    let bootstrap = Bootstrap { resampling, ..Bootstrap::default() };
    let settings = RocBootstrap { bootstrap, ..RocBootstrap::default() };
    bencher.bench_local(|| settings.cutoff(black_box(&curve), &Cutoff::default()).unwrap());
}

#[divan::bench(args = [61, 10_000])]
fn optimism_200_bootstraps(bencher: Bencher<'_, '_>, n: usize) {
    let (a, b, c, u) = (uniform(n, 0), uniform(n, 1), uniform(n, 2), uniform(n, 3));
    let design = Design::build(n).intercept().continuous("a", &a, 1.0).continuous("b", &b, 1.0);
    let design = design.continuous("c", &c, 1.0).finish().unwrap();
    let events: Vec<bool> = u.iter().zip(&a).map(|(u, a)| *u < 0.2 + 0.4 * a).collect();
    bencher.bench_local(|| OptimismBootstrap::default().run(black_box(&design), &events).unwrap());
}
