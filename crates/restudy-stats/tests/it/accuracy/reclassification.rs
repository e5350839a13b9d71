use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::accuracy::Reclassification;

use crate::exact::{STATISTIC, assert_close};

fn category_free() -> Reclassification {
    Reclassification::default()
}

#[test]
fn pencina_2008() {
    // Their Framingham example: of 183 with an event 29 moved up and 7 down, of 3081 others 173 up and 174 down:
    // NRI 0.121, z = 3.616.
    let people = [(29, 0.05, 0.3, true), (7, 0.3, 0.05, true), (147, 0.1, 0.1, true)].into_iter().chain([
        (173, 0.05, 0.3, false),
        (174, 0.3, 0.05, false),
        (2734, 0.1, 0.1, false),
    ]);
    let (mut old, mut new, mut events) = (Vec::new(), Vec::new(), Vec::new());
    for (times, before, after, event) in people {
        old.extend(vec![before; times]);
        new.extend(vec![after; times]);
        events.extend(vec![event; times]);
    }
    for limits in [vec![0.06, 0.2], Vec::new()] {
        let result = Reclassification { limits, ..Reclassification::default() }.run(&old, &new, &events).unwrap();
        assert_eq!((result.moved, result.n), ([[29, 7], [173, 174]], [183, 3081]));
        assert_eq!(format!("{:.3} {:.3}", result.nri.value, result.nri.z.unwrap()), "0.121 3.616");
        let variance: f64 = (36.0 - 22.0 * 22.0 / 183.0) / (183.0 * 183.0) + (347.0 - 1.0 / 3081.0) / (3081.0 * 3081.0);
        assert_close(result.nri.std_error, variance.sqrt(), STATISTIC);
    }
}

#[test]
fn the_integrated_improvement_by_hand() {
    // Changes 0.2 and 0.4 of the events, −0.1 and 0.1 of the others: means 0.3 and 0, variances 0.02 of two each.
    let result =
        category_free().run(&[0.5, 0.5, 0.5, 0.5], &[0.7, 0.9, 0.4, 0.6], &[true, true, false, false]).unwrap();
    assert_close(result.idi.value, 0.3, STATISTIC);
    assert_close(result.idi.std_error, 0.02_f64.sqrt(), STATISTIC);
    assert_close(result.idi.z.unwrap(), 0.3 / 0.02_f64.sqrt(), STATISTIC);
    assert_eq!((result.nri.value, result.nri.of_events, result.nri.of_others), (1.0, 1.0, 0.0));
}

#[test]
fn a_limit_belongs_to_the_category_above() {
    let test = Reclassification { limits: vec![0.2], ..Reclassification::default() };
    let result = test.run(&[0.1, 0.1, 0.2, 0.3], &[0.2, 0.19, 0.2, 0.1], &[true, true, false, false]).unwrap();
    assert_eq!(result.moved, [[1, 0], [0, 1]]);
}

#[test]
fn nothing_moved_and_nothing_to_move() {
    let same = category_free().run(&[0.1, 0.2, 0.3, 0.4], &[0.1, 0.2, 0.3, 0.4], &[true, true, false, false]).unwrap();
    assert_eq!((same.nri.value, same.nri.z, same.nri.interval), (0.0, None, None));
    assert_eq!((same.idi.value, same.idi.z, same.idi.p_value), (0.0, None, None));
    let refused = |limits: &[f64], new: &[f64], events: &[bool]| {
        let test = Reclassification { limits: limits.to_vec(), ..Reclassification::default() };
        test.run(&[0.1, 0.2, 0.3, 0.4], new, events).unwrap_err()
    };
    let (new, events) = ([0.5; 4], [true, true, false, false]);
    assert_eq!(refused(&[], &new, &[true; 4]), TestError::TooFew { group: 1, found: 0, needed: 1 });
    assert_eq!(refused(&[], &new, &[true, false, false, false]), TestError::TooFew { group: 0, found: 1, needed: 2 });
    assert_eq!(refused(&[], &[0.5; 3], &events), TestError::UnequalLengths { first: 3, second: 4 });
    assert_eq!(refused(&[0.0], &new, &events), TestError::NotAProbability { position: 0, p: 0.0 });
    assert_eq!(refused(&[0.2, 0.2], &new, &events), TestError::NotSorted { position: 1 });
}

proptest! {
    #[test]
    fn the_way_back_is_the_negative(
        people in prop::collection::vec((0.0..=1.0, 0.0..=1.0, any::<bool>()), 4..30),
        limits in prop_oneof![Just(vec![]), Just(vec![0.25, 0.6])],
    ) {
        let old: Vec<f64> = people.iter().map(|x| x.0).collect();
        let new: Vec<f64> = people.iter().map(|x| x.1).collect();
        let events: Vec<bool> = people.iter().map(|x| x.2).collect();
        let test = Reclassification { limits, ..Reclassification::default() };
        if let Ok(there) = test.run(&old, &new, &events) {
            let back = test.run(&new, &old, &events).unwrap();
            prop_assert_eq!(there.nri.value, -back.nri.value);
            prop_assert!((there.idi.value + back.idi.value).abs() < 1e-15);
            prop_assert!((there.idi.std_error - back.idi.std_error).abs() < 1e-14);
        }
    }
}
