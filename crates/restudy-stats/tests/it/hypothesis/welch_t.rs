use proptest::prelude::*;
use restudy_stats::descriptive::Moments;
use restudy_stats::hypothesis::{Procedure, Quantity, Statistic, StudentT, WelchT};
use restudy_stats::{Alternative, Level, TestError};

use super::moments;
use crate::exact::{P_VALUE, STATISTIC, assert_close, assert_close_at, number, rows};

// By hand.

#[test]
fn two_small_groups() {
    // Variances 1 and 4 of three values each: v = 1/3 and 4/3, se = √(5/3), df = (5/3)² / ((1/9 + 16/9) / 2) = 50/17.
    let result = WelchT::default().run(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]).unwrap();
    let Some(Statistic::T { value, df }) = result.statistic else { panic!("no t") };
    assert_close(value, -2.0 / (5.0_f64 / 3.0).sqrt(), STATISTIC);
    assert_close(df, 50.0 / 17.0, STATISTIC);
    assert_eq!((result.procedure, result.counts, result.remarks), (Procedure::WelchT, vec![3, 3], vec![]));
    let estimate = result.estimate.unwrap();
    assert_eq!((estimate.quantity, estimate.value), (Quantity::MeanDifference, -2.0));
    assert_close(estimate.std_error.unwrap(), (5.0_f64 / 3.0).sqrt(), STATISTIC);
}

#[test]
fn equal_deviations_and_sizes_are_students_test() {
    let (first, second) = (Moments { n: 20, mean: 1.0, sd: 2.0 }, Moments { n: 20, mean: 2.5, sd: 2.0 });
    let welch = WelchT::default().run_on_moments(first, second).unwrap();
    let student = StudentT::default().run_on_moments(first, second).unwrap();
    assert_close(welch.p_value, student.p_value, P_VALUE);
}

#[test]
fn a_constant_group_leaves_the_other_ones_degrees_of_freedom() {
    let result = WelchT::default().run(&[5.0; 4], &[1.0, 2.0, 3.0]).unwrap();
    assert_eq!(result.statistic.unwrap().df(), Some(2.0));
}

#[test]
fn published_by_student() {
    // The sleep data as two groups: R's help page for t.test prints df = 17.776, p = 0.07939.
    let first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0];
    let second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    let result = WelchT::default().run(&first, &second).unwrap();
    assert_eq!(format!("{:.3}", result.statistic.unwrap().df().unwrap()), "17.776");
    assert_eq!(format!("{:.5}", result.p_value), "0.07939");
    let interval = result.estimate.unwrap().interval.unwrap();
    assert_eq!(format!("{:.7} {:.7}", interval.low, interval.high), "-3.3654832 0.2054832");
}

#[test]
fn bad_input_is_named() {
    let run = |first: &[f64], second: &[f64]| WelchT::default().run(first, second).map(|result| result.p_value);
    assert_eq!(run(&[1.0], &[1.0, 2.0]), Err(TestError::TooFew { group: 0, found: 1, needed: 2 }));
    assert_eq!(run(&[1.0, 2.0], &[f64::NAN]), Err(TestError::NotFinite { group: 1, position: 0 }));
    assert_eq!(run(&[0.1; 3], &[0.1; 7]), Err(TestError::NoSpread));
    let good = Moments { n: 9, mean: 1.0, sd: 1.0 };
    let printed = |second| WelchT::default().run_on_moments(good, second).map(|result| result.p_value);
    assert_eq!(printed(Moments { sd: -1.0, ..good }), Err(TestError::NotADeviation { group: 1, sd: -1.0 }));
    assert_eq!(printed(Moments { mean: f64::INFINITY, ..good }), Err(TestError::NotFinite { group: 1, position: 0 }));
}

// Reference.

#[test]
fn agrees_with_50_digits() {
    for row in rows("t_tests").into_iter().filter(|row| row.get("welch").is_some()) {
        let (first, second, expected) = (moments(&row["first"]), moments(&row["second"]), &row["welch"]);
        let size = first.mean.abs().max(second.mean.abs());
        let run = |alternative| WelchT { alternative, ..WelchT::default() }.run_on_moments(first, second).unwrap();
        let (two_sided, less, greater) =
            (run(Alternative::TwoSided), run(Alternative::Less), run(Alternative::Greater));
        let Some(Statistic::T { value, df }) = two_sided.statistic else { panic!("no t") };
        assert_close(value, number(&expected["t"]), STATISTIC);
        assert_close(df, number(&expected["df"]), STATISTIC);
        assert_close(two_sided.p_value, number(&expected["two_sided"]), P_VALUE);
        assert_close(less.p_value, number(&expected["less"]), P_VALUE);
        assert_close(greater.p_value, number(&expected["greater"]), P_VALUE);
        let [two_sided, less, greater] = [two_sided, less, greater].map(|result| result.estimate.unwrap());
        assert_close(two_sided.std_error.unwrap(), number(&expected["std_error"]), STATISTIC);
        let [two_sided, less, greater] = [two_sided, less, greater].map(|estimate| estimate.interval.unwrap());
        assert_close_at(size, two_sided.low, number(&expected["conf_low"]), STATISTIC);
        assert_close_at(size, two_sided.high, number(&expected["conf_high"]), STATISTIC);
        assert_close_at(size, less.high, number(&expected["less_high"]), STATISTIC);
        assert_close_at(size, greater.low, number(&expected["greater_low"]), STATISTIC);
        assert_eq!((less.low, greater.high), (f64::NEG_INFINITY, f64::INFINITY));
    }
}

// Definition and properties.

fn group() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-100.0..100.0, 2..40)
}

fn alternative() -> impl Strategy<Value = Alternative> {
    prop_oneof![Just(Alternative::TwoSided), Just(Alternative::Less), Just(Alternative::Greater)]
}

proptest! {
    #[test]
    fn a_limit_is_the_difference_just_not_rejected(first in group(), second in group(), level in 0.51..0.999) {
        let test = WelchT { level: Level::new(level)?, ..WelchT::default() };
        let interval = test.run(&first, &second)?.estimate.unwrap().interval.unwrap();
        for limit in [interval.low, interval.high] {
            let p = WelchT { null_difference: limit, ..test }.run(&first, &second)?.p_value;
            // t at the limit is a difference of numbers up to 100.
            prop_assert!((p / (1.0 - level) - 1.0).abs() < 1e-10);
        }
        let one_sided = WelchT { alternative: Alternative::Less, ..test };
        let high = one_sided.run(&first, &second)?.estimate.unwrap().interval.unwrap().high;
        let p = WelchT { null_difference: high, ..one_sided }.run(&first, &second)?.p_value;
        prop_assert!((p / (1.0 - level) - 1.0).abs() < 1e-10);
    }

    #[test]
    fn swapped_groups_mirror(first in group(), second in group()) {
        let run = |alternative, first, second| WelchT { alternative, ..WelchT::default() }.run(first, second);
        let here = run(Alternative::TwoSided, &first, &second)?;
        let there = run(Alternative::TwoSided, &second, &first)?;
        prop_assert_eq!(here.p_value, there.p_value);
        prop_assert_eq!(here.statistic.unwrap().value(), -there.statistic.unwrap().value());
        let (less, greater) = (run(Alternative::Less, &first, &second)?, run(Alternative::Greater, &first, &second)?);
        prop_assert_eq!(less.p_value, run(Alternative::Greater, &second, &first)?.p_value);
        prop_assert!((less.p_value + greater.p_value - 1.0).abs() < 1e-14);
        prop_assert!((2.0 * less.p_value.min(greater.p_value) - here.p_value).abs() <= 1e-14 * here.p_value);
    }

    #[test]
    fn shift_and_scale_change_nothing(first in group(), second in group(), power in -30..30_i32) {
        let scale = 2.0_f64.powi(power);
        let changed = |group: &[f64]| group.iter().map(|x| x * scale).collect::<Vec<_>>();
        let (here, there) = (
            WelchT::default().run(&first, &second)?,
            WelchT::default().run(&changed(&first), &changed(&second))?,
        );
        prop_assert!((here.p_value - there.p_value).abs() <= 1e-12 * here.p_value);
    }

    #[test]
    fn both_doors_lead_to_one_room(first in group(), second in group(), alternative in alternative()) {
        let test = WelchT { alternative, ..WelchT::default() };
        let printed = test.run_on_moments(Moments::of(&first)?, Moments::of(&second)?);
        prop_assert_eq!(test.run(&first, &second), printed);
    }

    #[test]
    fn any_finite_input_gives_a_p_value_or_a_refusal(
        n in prop::array::uniform2(any::<usize>()),
        mean in prop::array::uniform2(prop::num::f64::ANY),
        sd in prop::array::uniform2(prop::num::f64::ANY),
        null_difference in prop::num::f64::NORMAL,
        alternative in alternative(),
    ) {
        let test = WelchT { alternative, null_difference, ..WelchT::default() };
        let [first, second] = [0, 1].map(|i| Moments { n: n[i], mean: mean[i], sd: sd[i].abs() });
        if let Ok(result) = test.run_on_moments(first, second) {
            prop_assert!((0.0..=1.0).contains(&result.p_value));
        }
    }
}
