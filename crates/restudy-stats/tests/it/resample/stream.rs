use proptest::prelude::*;
use restudy_stats::dist::ChiSquare;
use restudy_stats::resample::{ResampleError, Resampling, Units};

use crate::golden::{cases, numbers, parse};

// Golden reference: the published algorithms in Python.

#[test]
fn draws_and_shuffles_are_those_of_the_published_algorithms() {
    for case in cases(&parse(include_str!("../../golden/resample.json"))) {
        let whole = |name: &str| numbers(&case[name]).into_iter().map(|x| x as u32).collect::<Vec<_>>();
        let labels: Vec<usize> = whole("labels").into_iter().map(|label| label as usize).collect();
        let units = if labels.iter().all(|&label| label == 0) {
            Units::ordinary(labels.len()).unwrap()
        } else {
            Units::stratified(&labels).unwrap()
        };
        let resampling = Resampling { replicates: 1, seed: case["seed"].as_str().unwrap().parse().unwrap() };
        let replicate = case["replicate"].as_u64().unwrap() as u32;
        let mut room = vec![9; labels.len()];
        units.draw(&mut resampling.stream(replicate), &mut room);
        assert_eq!(room, whole("counts"));
        units.shuffle(&mut resampling.stream(replicate), &mut room);
        assert_eq!(room, whole("order"));
    }
}

// Definition.

#[test]
fn whole_numbers_are_equally_likely() {
    let n = 7;
    let mut counts = [0_u32; 7];
    let draws = 70_000;
    let mut stream = Resampling { replicates: 1, seed: 20 }.stream(0);
    for _ in 0..draws {
        counts[stream.below(n) as usize] += 1;
    }
    let expected = f64::from(draws / n);
    let chi_square: f64 = counts.iter().map(|&count| (f64::from(count) - expected).powi(2) / expected).sum();
    // The seed is fixed, so that this cannot fail by chance.
    assert!(ChiSquare::new(6.0).unwrap().upper_tail(chi_square) > 0.001, "{counts:?}");
}

#[test]
fn every_order_of_four_is_equally_likely() {
    let units = Units::ordinary(4).unwrap();
    let mut seen = std::collections::BTreeMap::new();
    for order in (Resampling { replicates: 24_000, seed: 8 }).each(
        || [0; 4],
        |order, stream| {
            units.shuffle(stream, order);
            *order
        },
    ) {
        *seen.entry(order).or_insert(0.0) += 1.0;
    }
    let chi_square: f64 = seen.values().map(|count: &f64| (count - 1000.0).powi(2) / 1000.0).sum();
    assert_eq!(seen.len(), 24);
    assert!(ChiSquare::new(23.0).unwrap().upper_tail(chi_square) > 0.001, "{chi_square}");
}

#[test]
fn replicates_are_in_order_and_those_of_their_streams() {
    let resampling = Resampling { replicates: 200, seed: 11 };
    let all = resampling.each(|| (), |(), stream| stream.below(1_000_000));
    let one_by_one: Vec<u32> = (0..200).map(|replicate| resampling.stream(replicate).below(1_000_000)).collect();
    assert_eq!(all, one_by_one);
    let shorter = Resampling { replicates: 33, ..resampling }.each(|| (), |(), stream| stream.below(1_000_000));
    assert_eq!(all[..33], shorter);
}

#[cfg(feature = "threads")]
#[test]
fn the_number_of_threads_changes_nothing() {
    let resampling = Resampling { replicates: 1000, seed: 3 };
    let on = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| resampling.each(|| (), |(), stream| stream.uniform().to_bits()))
    };
    assert_eq!(on(1), on(5));
}

#[test]
fn no_rows_are_refused() {
    assert_eq!(Units::ordinary(0).unwrap_err(), ResampleError::Empty);
    assert_eq!(Units::stratified(&[]).unwrap_err(), ResampleError::Empty);
    let limit = u32::MAX as usize;
    assert_eq!(Units::ordinary(limit + 1).unwrap_err(), ResampleError::TooMany { found: limit + 1, limit });
}

// Properties.

proptest! {
    #[test]
    fn strata_keep_their_sizes(labels in prop::collection::vec(0_usize..4, 1..40), seed: u64) {
        let units = Units::stratified(&labels).unwrap();
        let mut room = vec![0; labels.len()];
        let mut stream = Resampling { replicates: 1, seed }.stream(0);
        units.draw(&mut stream, &mut room);
        for label in 0..4 {
            let drawn: u32 = labels.iter().zip(&room).filter(|&(&of, _)| of == label).map(|(_, &count)| count).sum();
            prop_assert_eq!(drawn as usize, labels.iter().filter(|&&of| of == label).count());
        }
        units.shuffle(&mut stream, &mut room);
        prop_assert!(room.iter().zip(&labels).all(|(&row, &label)| labels[row as usize] == label));
        let mut rows = room.clone();
        rows.sort_unstable();
        prop_assert!(rows.iter().zip(0..).all(|(&row, place)| row == place));
    }
}
