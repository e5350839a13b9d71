use proptest::prelude::*;
use restudy_stats::survival::{Concordance, ConcordanceResult, Orientation, SurvivalData, SurvivalError};

use super::{GOLDEN, Golden, prepared, rows, unzip};
use crate::golden::{CLOSED_FORM, assert_close, number, numbers};

// By hand.

#[test]
fn four_patients() {
    // Pairs: (1, 2) tied in time; (1, 3), (1, 4), (2, 3), (2, 4) comparable; 3 is censored first.
    let times = prepared(&[1.0, 1.0, 2.0, 3.0], &[true, true, false, true]);
    let result = Concordance::default().run(&times, &[3.0, 2.0, 2.0, 5.0]).unwrap();
    assert_eq!((result.concordant, result.discordant, result.tied_marker), (1.0, 2.0, 1.0));
    assert_eq!((result.tied_time, result.tied_both, result.value), (1.0, 0.0, 1.5 / 4.0));
    // Influences on C = 3/8: (1 − 2C)/4, (1/2 − 2C)/4, (3/2 − 2C)/4, (0 − 2C)/4.
    let expected: f64 = [0.25, -0.25, 0.75, -0.75].iter().map(|u: &f64| u * u / 16.0).sum();
    assert_close(result.std_error, expected.sqrt(), CLOSED_FORM, "se");
}

#[test]
fn the_other_way_round_is_the_rest() {
    let times = prepared(&[1.0, 1.0, 2.0, 3.0], &[true, true, false, true]);
    let x = [3.0, 2.0, 2.0, 5.0];
    let sooner = Concordance::default().run(&times, &x).unwrap();
    let settings = Concordance { orientation: Orientation::HigherIsLater, ..Concordance::default() };
    let later = settings.run(&times, &x).unwrap();
    assert_close(sooner.value + later.value, 1.0, CLOSED_FORM, "C");
    assert_eq!((sooner.concordant, sooner.discordant), (later.discordant, later.concordant));
    assert_close(sooner.std_error, later.std_error, CLOSED_FORM, "se");
}

// Golden.

#[test]
fn late_entry_weights_and_strata_as_in_r() {
    let golden = Golden::read();
    let result = Concordance::default().run(&golden.prepared(true), &golden.column("x1")).unwrap();
    let expected = &golden.answers["concordance"];
    assert_close(result.value, number(&expected["c"]), GOLDEN, "C");
    assert_close(result.std_error, number(&expected["se"]), GOLDEN, "se");
    let counts = [result.concordant, result.discordant, result.tied_marker, result.tied_time, result.tied_both];
    assert_eq!(counts.as_slice(), numbers(&expected["count"]));
}

// Definition and properties.

/// Every pair, one by one.
fn by_pairs(time: &[f64], entry: &[f64], event: &[bool], x: &[f64]) -> [f64; 5] {
    let mut counts = [0.0; 5];
    for i in 0..time.len() {
        for j in 0..time.len() {
            if !event[i] || i == j || entry[j] >= time[i] {
                continue;
            }
            if time[j] > time[i] || (time[j] == time[i] && !event[j]) {
                counts[if x[i] > x[j] { 0 } else { 1 + usize::from(x[i] == x[j]) }] += 1.0;
            } else if time[j] == time[i] && i < j {
                counts[3 + usize::from(x[i] == x[j])] += 1.0;
            }
        }
    }
    counts
}

fn counts(result: &ConcordanceResult) -> [f64; 5] {
    [result.concordant, result.discordant, result.tied_marker, result.tied_time, result.tied_both]
}

proptest! {
    #[test]
    fn it_counts_every_pair(rows in rows(), late in prop::collection::vec(0_u8..14, 40)) {
        let (time, event, _, x) = unzip(&rows);
        let entry: Vec<f64> = late.iter().zip(&time).map(|(late, time)| f64::from(*late).min(time - 1.0)).collect();
        let data = SurvivalData { entry: Some(&entry), ..SurvivalData::new(&time, &event) };
        let expected = by_pairs(&time, &entry, &event, &x);
        if let Ok(result) = Concordance::default().run(&data.prepare().unwrap(), &x) {
            prop_assert_eq!(counts(&result), expected);
        } else {
            prop_assert_eq!(expected[..3].iter().sum::<f64>(), 0.0);
        }
    }

    #[test]
    fn it_sees_the_order_of_markers_only(rows in rows()) {
        let (time, event, _, x) = unzip(&rows);
        let cubed: Vec<f64> = x.iter().map(|x| x * x * x - 7.0).collect();
        let times = prepared(&time, &event);
        prop_assert_eq!(Concordance::default().run(&times, &x), Concordance::default().run(&times, &cubed));
    }
}

// Degenerate input.

#[test]
fn bad_input_is_named() {
    let run =
        |time: &[f64], event: &[bool], x: &[f64]| Concordance::default().run(&prepared(time, event), x).unwrap_err();
    let length = SurvivalError::Length { column: "the marker", found: 1, needed: 2 };
    assert_eq!(run(&[1.0, 2.0], &[true; 2], &[1.0]), length);
    let name = "the marker".to_owned();
    assert_eq!(run(&[1.0, 2.0], &[true; 2], &[1.0, f64::NAN]), SurvivalError::NotFinite { name, row: 1 });
    assert_eq!(run(&[1.0, 2.0], &[false; 2], &[1.0, 2.0]), SurvivalError::NoEvents);
    assert_eq!(run(&[1.0, 1.0], &[true; 2], &[1.0, 2.0]), SurvivalError::NoComparablePairs);
    let constant = Concordance::default().run(&prepared(&[1.0, 2.0], &[true; 2]), &[0.0, -0.0]).unwrap();
    assert_eq!((constant.value, constant.tied_marker, constant.std_error), (0.5, 1.0, 0.0));
}
