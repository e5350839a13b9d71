use proptest::prelude::*;
use restudy_stats::descriptive::clopper_pearson;
use restudy_stats::hypothesis::{BinomialExact, FisherRule, Procedure, Quantity};
use restudy_stats::{Alternative, DistributionError, Level, TestError};

use crate::exact::{P_VALUE, assert_close, count, number, rows};

fn p_value(count: u64, n: u64, null_proportion: f64, two_sided: FisherRule, alternative: Alternative) -> f64 {
    BinomialExact { null_proportion, two_sided, alternative, ..BinomialExact::default() }.run(count, n).unwrap().p_value
}

// By hand.

#[test]
fn ten_coins() {
    // 1, 10, 45, … of 1024: as rare as 8 heads are 0, 1, 2, 8, 9 and 10.
    let result = BinomialExact::default().run(8, 10).unwrap();
    assert_close(result.p_value, 112.0 / 1024.0, P_VALUE);
    assert_eq!(result.procedure, Procedure::BinomialExact { two_sided: FisherRule::NoLikelier });
    let estimate = result.estimate.unwrap();
    assert_eq!((estimate.quantity, estimate.value), (Quantity::Proportion, 0.8));
    assert_eq!(estimate.interval.unwrap(), clopper_pearson(8, 10, Level::NINETY_FIVE).unwrap());
    assert_close(p_value(8, 10, 0.5, FisherRule::default(), Alternative::Greater), 56.0 / 1024.0, P_VALUE);
    assert_close(p_value(8, 10, 0.5, FisherRule::default(), Alternative::Less), 1013.0 / 1024.0, P_VALUE);
}

#[test]
fn a_certain_proportion() {
    assert_eq!(p_value(0, 5, 0.0, FisherRule::default(), Alternative::TwoSided), 1.0);
    assert_eq!(p_value(1, 5, 0.0, FisherRule::default(), Alternative::TwoSided), 0.0);
    assert_eq!(p_value(5, 5, 1.0, FisherRule::default(), Alternative::TwoSided), 1.0);
}

#[test]
fn bad_input_is_named() {
    let run = |null_proportion, count, n| BinomialExact { null_proportion, ..BinomialExact::default() }.run(count, n);
    assert_eq!(run(0.5, 3, 2), Err(TestError::NotAProportion { count: 3, n: 2 }));
    assert!(matches!(
        run(1.5, 1, 2),
        Err(TestError::Distribution(DistributionError::Parameter { parameter: "p", .. }))
    ));
}

// Reference.

#[test]
fn agrees_with_exact_arithmetic() {
    for row in rows("binomial") {
        let p =
            |rule, alternative| p_value(count(&row["count"]), count(&row["n"]), number(&row["p"]), rule, alternative);
        assert_close(p(FisherRule::NoLikelier, Alternative::TwoSided), number(&row["no_likelier"]), P_VALUE);
        assert_close(p(FisherRule::Doubled, Alternative::TwoSided), number(&row["doubled"]), P_VALUE);
        assert_close(p(FisherRule::NoLikelier, Alternative::Less), number(&row["less"]), P_VALUE);
        assert_close(p(FisherRule::NoLikelier, Alternative::Greater), number(&row["greater"]), P_VALUE);
    }
}

// Definition and properties.

proptest! {
    #[test]
    fn one_sided_limits_are_the_proportions_just_not_rejected(n in 1..5000_u64, share in 0.0..=1.0) {
        let count = (share * n as f64) as u64;
        for alternative in [Alternative::Less, Alternative::Greater] {
            let test = BinomialExact { alternative, ..BinomialExact::default() };
            let interval = test.run(count, n)?.estimate.unwrap().interval.unwrap();
            let limit = if alternative == Alternative::Less { interval.high } else { interval.low };
            if limit > 0.0 && limit < 1.0 {
                let p = BinomialExact { null_proportion: limit, ..test }.run(count, n)?.p_value;
                prop_assert!((p / 0.05 - 1.0).abs() < 1e-10);
            }
        }
    }

    #[test]
    fn mirrored(n in 1..2000_u64, share in 0.0..=1.0, eighths in 1..8_u32) {
        let (count, null) = ((share * n as f64) as u64, f64::from(eighths) / 8.0);
        for rule in [FisherRule::NoLikelier, FisherRule::Doubled] {
            let here = p_value(count, n, null, rule, Alternative::TwoSided);
            let there = p_value(n - count, n, 1.0 - null, rule, Alternative::TwoSided);
            prop_assert!((here - there).abs() <= 1e-11 * here);
        }
    }

    #[test]
    fn any_count_gives_a_p_value_or_a_refusal(count in any::<u64>(), n in any::<u64>(), null in prop::num::f64::ANY) {
        let test = BinomialExact { null_proportion: null, ..BinomialExact::default() };
        if let Ok(result) = test.run(count, n) {
            prop_assert!((0.0..=1.0).contains(&result.p_value));
        }
    }
}
