//! How long the tests take. Data are made by a fixed recurrence, so that every run times the same numbers.

#![allow(clippy::unwrap_used, reason = "a benchmark stops where its data are wrong")]

use divan::{Bencher, black_box};
use restudy_stats::correlation::{Kendall, Spearman};
use restudy_stats::hypothesis::{MannWhitney, RankNullChoice, StudentT};
use restudy_stats::multiplicity::{BenjaminiHochberg, Hommel};
use restudy_stats::score::{Adjustment, Candidate, CandidateValues, CutoffRounding, Derivation, PipelineValidation};

fn main() {
    divan::main();
}

const SIZES: [usize; 3] = [61, 10_000, 1_000_000];

/// Numbers between 0 and 1 that look random: the splitmix64 sequence (Steele, Lea and Flood 2014).
fn uniform(n: usize, seed: u64) -> Vec<f64> {
    (1..=n as u64)
        .map(|i| {
            let mut z = (seed + i).wrapping_mul(0x9e37_79b9_7f4a_7c15);
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
        })
        .collect()
}

/// About bell-shaped.
fn bell(n: usize, seed: u64) -> Vec<f64> {
    let [a, b, c] = [0, 1, 2].map(|part| uniform(n, seed + part * (1 << 40)));
    a.iter().zip(&b).zip(&c).map(|((a, b), c)| 2.0 * (a + b + c) - 3.0).collect()
}

fn rounded(values: &[f64]) -> Vec<f64> {
    values.iter().map(|x| (x * 20.0).round()).collect()
}

#[divan::bench(args = SIZES)]
fn student_t(bencher: Bencher<'_, '_>, n: usize) {
    let (a, b) = (bell(n, 1), bell(n, 2));
    bencher.bench_local(|| StudentT::default().run(black_box(&a), black_box(&b)).unwrap());
}

#[divan::bench(args = SIZES)]
fn mann_whitney_with_ties(bencher: Bencher<'_, '_>, n: usize) {
    let (a, b) = (rounded(&bell(n, 1)), rounded(&bell(n, 2)));
    let test = MannWhitney { null: RankNullChoice::Normal { continuity: true }, ..MannWhitney::default() };
    bencher.bench_local(|| test.run(black_box(&a), black_box(&b)).unwrap());
}

#[divan::bench(args = [30, 100, 500, 10_000])]
fn mann_whitney_exact_without_ties(bencher: Bencher<'_, '_>, n: usize) {
    let (a, b) = (bell(n, 1), bell(n, 2));
    let test = MannWhitney { null: RankNullChoice::Exact, ..MannWhitney::default() };
    bencher.bench_local(|| test.run(black_box(&a), black_box(&b)).unwrap());
}

#[divan::bench(args = [30, 100])]
fn mann_whitney_exact_with_ties(bencher: Bencher<'_, '_>, n: usize) {
    let (a, b) = (rounded(&bell(n, 1)), rounded(&bell(n, 2)));
    let test = MannWhitney { null: RankNullChoice::ExactGivenTies, ..MannWhitney::default() };
    bencher.bench_local(|| test.run(black_box(&a), black_box(&b)).unwrap());
}

#[divan::bench(args = SIZES)]
fn benjamini_hochberg(bencher: Bencher<'_, '_>, n: usize) {
    let p: Vec<Option<f64>> = uniform(n, 1).into_iter().map(Some).collect();
    bencher.bench_local(|| BenjaminiHochberg.adjust(black_box(&p)).unwrap());
}

#[divan::bench(args = SIZES)]
fn hommel(bencher: Bencher<'_, '_>, n: usize) {
    let p: Vec<Option<f64>> = uniform(n, 1).into_iter().map(Some).collect();
    bencher.bench_local(|| Hommel.adjust(black_box(&p)).unwrap());
}

#[divan::bench(args = SIZES)]
fn spearman_8_by_8(bencher: Bencher<'_, '_>, n: usize) {
    let columns: Vec<Vec<f64>> = (0..8).map(|seed| bell(n, seed)).collect();
    let columns: Vec<&[f64]> = columns.iter().map(Vec::as_slice).collect();
    bencher.bench_local(|| Spearman::default().run_on_all_pairs(black_box(&columns)).unwrap());
}

#[divan::bench(args = SIZES)]
fn kendall(bencher: Bencher<'_, '_>, n: usize) {
    let x = bell(n, 1);
    let y: Vec<f64> = x.iter().zip(bell(n, 2)).map(|(x, e)| x + 2.0 * e).collect();
    bencher.bench_local(|| Kendall::default().run(black_box(&x), black_box(&y)).unwrap());
}

/// The protocol of the paper of 2021: 68 candidates of 61 patients, screened, adjusted, cut and scored again on every one of
/// 2,000 resamples.
#[divan::bench]
fn whole_derivation_2000_times(bencher: Bencher<'_, '_>) {
    let outcome: Vec<bool> = (0..61).map(|row| row < 21).collect();
    let columns: Vec<Vec<f64>> = (0..35).map(|seed| rounded(&bell(61, seed))).collect();
    let signs: Vec<Vec<bool>> =
        (0..33).map(|seed| uniform(61, 100 + seed).iter().map(|x| *x < 0.3).collect()).collect();
    let continuous = columns.iter().map(|values| CandidateValues::Continuous(values));
    let binary = signs.iter().map(|values| CandidateValues::Binary(values));
    let candidates: Vec<Candidate<'_>> = continuous
        .chain(binary)
        .map(|values| Candidate { values, rounding: Some(CutoffRounding::decimals(1)) })
        .collect();
    let derivation = Derivation { adjustment: Adjustment::None, level: 1.0, ..Derivation::default() };
    let validation = PipelineValidation { derivation, folds: 0, ..PipelineValidation::default() };
    bencher.bench_local(|| validation.run(black_box(&candidates), &outcome).unwrap());
}
