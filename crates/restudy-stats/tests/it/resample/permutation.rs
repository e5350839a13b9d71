use proptest::prelude::*;
use restudy_stats::descriptive::clopper_pearson;
use restudy_stats::hypothesis::{MannWhitney, RankNullChoice};
use restudy_stats::resample::{Permutation, PermutationTest, ResampleError, Resampling, Units};

fn test(units: &Units, replicates: u32, statistic: impl Fn(&[u32]) -> f64 + Sync) -> PermutationTest {
    let permutation = Permutation { resampling: Resampling { replicates, seed: 17 }, ..Permutation::default() };
    permutation.run(units, || (), |(), order| statistic(order)).unwrap()
}

/// How far the sum of the first `k` labels is from its mean.
fn distance<'a>(values: &'a [f64], k: usize) -> impl Fn(&[u32]) -> f64 + Sync + 'a {
    let centre = values.iter().sum::<f64>() * k as f64 / values.len() as f64;
    move |order| (order[..k].iter().map(|&row| values[row as usize]).sum::<f64>() - centre).abs()
}

// By hand.

#[test]
fn an_order_among_two() {
    // Both orders of two rows are as far from the middle: b = m.
    let result = test(&Units::ordinary(2).unwrap(), 99, distance(&[1.0, 2.0], 1));
    assert_eq!((result.statistic, result.as_great, result.p_value), (0.5, 99, 1.0));
    assert_eq!(result.interval.high, 1.0);
}

// Golden reference: the exact distribution.

#[test]
fn it_finds_the_exact_p_value() {
    let (cases, controls) = ([1.0, 2.0, 3.0, 5.0, 7.0], [4.0, 6.0, 8.0, 9.0, 10.0, 11.0]);
    let exact = MannWhitney { null: RankNullChoice::Exact, ..MannWhitney::default() };
    let expected = exact.run(&cases, &controls).unwrap().p_value;
    let values = [cases.as_slice(), &controls].concat();
    let result = test(&Units::ordinary(11).unwrap(), 20_000, distance(&values, 5));
    assert!(result.interval.low < expected && expected < result.interval.high, "{expected} {result:?}");
    let limits = clopper_pearson(u64::from(result.as_great), 20_000, result.interval.level).unwrap();
    assert_eq!(result.interval, limits);
    assert_eq!(result.p_value, (f64::from(result.as_great) + 1.0) / 20_001.0);
}

#[test]
fn what_has_no_statistic_is_refused() {
    let units = Units::ordinary(2).unwrap();
    let permutation = Permutation { resampling: Resampling { replicates: 0, seed: 1 }, ..Permutation::default() };
    let refused = permutation.run(&units, || (), |(), _| 1.0).unwrap_err();
    assert_eq!(refused, ResampleError::TooFewReplicates { found: 0, needed: 1 });
    let refused = Permutation::default().run(&units, || (), |(), _| f64::NAN).unwrap_err();
    assert_eq!(refused, ResampleError::Undefined);
}

// Properties.

proptest! {
    #[test]
    fn strata_of_one_leave_nothing_to_chance(values in prop::collection::vec(-5.0_f64..5.0, 2..12)) {
        let labels: Vec<usize> = (0..values.len()).collect();
        let result = test(&Units::stratified(&labels).unwrap(), 50, distance(&values, 1));
        prop_assert_eq!(result.p_value, 1.0);
    }

    #[test]
    fn a_scale_changes_nothing(values in prop::collection::vec(1_i32..10, 4..12), scale in 0.1_f64..10.0) {
        let values: Vec<f64> = values.into_iter().map(f64::from).collect();
        let scaled: Vec<f64> = values.iter().map(|x| x * scale).collect();
        let units = Units::ordinary(values.len()).unwrap();
        let [one, other] = [&values, &scaled].map(|values| {
            test(&units, 200, |order| order[..3].iter().map(|&row| values[row as usize]).sum())
        });
        prop_assert_eq!((one.as_great, one.p_value), (other.as_great, other.p_value));
    }
}
