use proptest::prelude::*;
use restudy_stats::Level;
use restudy_stats::resample::{Bootstrap, BootstrapInterval, ResampleError, Resampling, Units};

use crate::golden::{assert_close, cases, number, numbers, parse};

/// R prints 15 digits.
const R: f64 = 1e-12;

fn with(interval: BootstrapInterval, replicates: u32) -> Bootstrap {
    Bootstrap { interval, resampling: Resampling { replicates, seed: 5 }, ..Bootstrap::default() }
}

fn mean_of<'a>(values: &'a [f64]) -> impl Fn(&[u32]) -> Option<f64> + Sync + 'a {
    |counts| {
        let n: u32 = counts.iter().sum();
        let sum: f64 = values.iter().zip(counts).map(|(x, &count)| x * f64::from(count)).sum();
        (n > 0).then(|| sum / f64::from(n))
    }
}

// By hand.

#[test]
fn nineteen_replicates() {
    // (19 + 1) · 0.05 = 1 and (19 + 1) · 0.95 = 19: the least and the greatest of 90 % are replicates 1 and 19.
    let bootstrap = Bootstrap { level: Level::new(0.9).unwrap(), ..with(BootstrapInterval::Percentile, 19) };
    let replicates: Vec<f64> = (1..=19).rev().map(f64::from).collect();
    let estimate = bootstrap.run_on_replicates(9.0, replicates.clone(), &[]).unwrap();
    let limits = estimate.interval.unwrap();
    assert_eq!((limits.low, limits.high), (1.0, 19.0));
    // The mean is 10, the variance of 1 … 19 is 19 · 20/12.
    assert_close(estimate.bias.unwrap(), 1.0, 1e-14, "nineteen");
    assert_close(estimate.std_error.unwrap(), (19.0_f64 * 20.0 / 12.0).sqrt(), 1e-14, "nineteen");
    let basic = Bootstrap { interval: BootstrapInterval::Basic, ..bootstrap };
    let limits = basic.run_on_replicates(9.0, replicates, &[]).unwrap().interval.unwrap();
    assert_eq!((limits.low, limits.high), (-1.0, 17.0));
}

// Golden reference.

#[test]
fn intervals_of_the_same_replicates_in_r() {
    let golden = parse(include_str!("../../golden/bootstrap_intervals.json"));
    for case in cases(&golden) {
        let replicates = numbers(&case["replicates"]);
        let without = numbers(&case["without"]);
        for (name, interval) in [
            ("percentile", BootstrapInterval::Percentile),
            ("basic", BootstrapInterval::Basic),
            ("bca", BootstrapInterval::Bca),
        ] {
            let bootstrap =
                Bootstrap { interval, level: Level::new(number(&case["level"])).unwrap(), ..Bootstrap::default() };
            let estimate = bootstrap.run_on_replicates(number(&case["value"]), replicates.clone(), &without).unwrap();
            let (limits, expected) = (estimate.interval.unwrap(), numbers(&case[name]));
            assert_close(limits.low, expected[0], R, name);
            assert_close(limits.high, expected[1], R, name);
        }
    }
}

// Definition.

#[test]
fn the_standard_error_of_a_mean_is_that_of_theory() {
    // Of the resampled mean, √(Σ(x − x̄)²/n²), which 20,000 replicates meet to 1 % (twice their own error of 0.5 %).
    let values = [3.0, 5.0, 8.0, 13.0, 21.0, 34.0];
    let estimate = with(BootstrapInterval::Percentile, 20_000).run(&Units::ordinary(6).unwrap(), mean_of(&values));
    let std_error = estimate.unwrap().std_error.unwrap();
    let squares: f64 = values.iter().map(|x| (x - 14.0) * (x - 14.0)).sum();
    assert!((std_error / (squares / 36.0).sqrt() - 1.0).abs() < 0.01, "{std_error}");
}

#[test]
fn several_estimates_share_their_resamples() {
    let values = [2.0, 3.0, 7.0, 1.0];
    let units = Units::ordinary(4).unwrap();
    let bootstrap = with(BootstrapInterval::Bca, 500);
    let mean = mean_of(&values);
    let [first, second] = bootstrap
        .run_all(&units, || (), |(), counts| [mean(counts), mean(counts).map(|mean| -mean)])
        .unwrap()
        .map(Result::unwrap);
    assert_eq!(first, bootstrap.run(&units, &mean).unwrap());
    let (one, other) = (first.interval.unwrap(), second.interval.unwrap());
    assert!((one.low + other.high).abs() < 1e-12 && (one.high + other.low).abs() < 1e-12);
}

#[test]
fn what_has_no_distribution_is_refused() {
    let units = Units::ordinary(3).unwrap();
    let bootstrap = with(BootstrapInterval::Percentile, 100);
    assert_eq!(bootstrap.run(&units, |_| None).unwrap_err(), ResampleError::Undefined);
    let only_of_data = |counts: &[u32]| (counts == [1, 1, 1] && !counts.is_empty()).then_some(1.0);
    let estimate = bootstrap.run(&units, only_of_data).unwrap();
    assert_eq!(estimate.undefined as usize + estimate.replicates.len(), 100);
    let never_again = |counts: &[u32]| counts.iter().all(|&count| count == 1).then_some(1.0);
    let refused = with(BootstrapInterval::Percentile, 2).run(&Units::ordinary(30).unwrap(), never_again).unwrap_err();
    assert_eq!(refused, ResampleError::MostlyUndefined { undefined: 2, replicates: 2 });
    let refused = with(BootstrapInterval::Basic, 1).run(&units, |_| Some(1.0)).unwrap_err();
    assert_eq!(refused, ResampleError::TooFewReplicates { found: 1, needed: 2 });
}

#[test]
fn a_statistic_that_never_moves_has_a_point_for_an_interval() {
    let units = Units::ordinary(3).unwrap();
    for interval in [BootstrapInterval::Percentile, BootstrapInterval::Basic, BootstrapInterval::Bca] {
        let estimate = with(interval, 50).run(&units, |_| Some(4.0)).unwrap();
        let limits = estimate.interval.unwrap();
        assert_eq!((limits.low, limits.high, estimate.std_error), (4.0, 4.0, Some(0.0)));
    }
}

// Properties.

proptest! {
    #[test]
    fn percentile_limits_follow_a_rising_transform(
        values in prop::collection::vec(0.5_f64..20.0, 2..15), seed: u64,
    ) {
        let units = Units::ordinary(values.len()).unwrap();
        let bootstrap = Bootstrap { resampling: Resampling { replicates: 199, seed }, ..Bootstrap::default() };
        let mean = mean_of(&values);
        // 199 replicates: both limits are order statistics, and none is interpolated.
        let plain = bootstrap.run(&units, &mean).unwrap().interval.unwrap();
        let cubed = bootstrap.run(&units, |counts| mean(counts).map(|x| x * x * x)).unwrap().interval.unwrap();
        prop_assert_eq!(plain.low * plain.low * plain.low, cubed.low);
        prop_assert_eq!(plain.high * plain.high * plain.high, cubed.high);
    }

    #[test]
    fn equal_rows_of_a_stratum_never_move(labels in prop::collection::vec(0_usize..3, 2..20), seed: u64) {
        let values: Vec<f64> = labels.iter().map(|&label| label as f64).collect();
        let units = Units::stratified(&labels).unwrap();
        let bootstrap = Bootstrap { resampling: Resampling { replicates: 20, seed }, ..Bootstrap::default() };
        let estimate = bootstrap.run(&units, mean_of(&values)).unwrap();
        prop_assert!(estimate.replicates.iter().all(|&replicate| replicate == estimate.value));
    }
}
