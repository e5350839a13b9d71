//! Single numbers: how they may be written, and the ends of what they stand for.

use proptest::prelude::*;
use restudy_claims::{Bounds, Decimal, Fraction, Printed, Relation, Rounding};

fn printed(text: &str) -> Printed {
    Printed::parse(text).unwrap()
}

/// A bound such as `[43.65, 43.75)`.
fn shown(bounds: Bounds) -> String {
    let low = bounds
        .low
        .map_or("(-inf".to_owned(), |edge| format!("{}{}", if edge.included { "[" } else { "(" }, edge.at.to_f64()));
    let high = bounds
        .high
        .map_or("inf)".to_owned(), |edge| format!("{}{}", edge.at.to_f64(), if edge.included { "]" } else { ")" }));
    format!("{low}, {high}")
}

#[test]
fn the_ends_belong_as_the_rule_and_the_last_digit_say() {
    let both = |text: &str| Rounding::ALL.map(|rule| shown(printed(text).bounds(rule)));
    assert_eq!(both("43.7"), ["[43.65, 43.75)", "(43.65, 43.75)"]);
    assert_eq!(both("43.8"), ["[43.75, 43.85)", "[43.75, 43.85]"]);
    assert_eq!(both("-0.5"), ["(-0.55, -0.45]", "(-0.55, -0.45)"]);
    assert_eq!(both("0.0"), ["(-0.05, 0.05)", "[-0.05, 0.05]"]);
    assert_eq!(both("2"), ["[1.5, 2.5)", "[1.5, 2.5]"]);
    assert_eq!(both("< 0.001"), ["(-inf, 0.001)"; 2]);
    assert_eq!(both("≤ 0.05"), ["(-inf, 0.05]"; 2]);
    assert_eq!(both("> 0.99"), ["(0.99, inf)"; 2]);
    assert_eq!(both("≥ 2"), ["[2, inf)"; 2]);
}

#[test]
fn numbers_may_be_written_in_many_ways() {
    let same = |texts: &[&str], value: &str| {
        for text in texts {
            assert_eq!(printed(text).to_string(), value, "{text}");
        }
    };
    same(&["0.354", " 0.354 ", "0·354", ".354", "+0.354"], "0.354");
    same(&["-0.090", "−0.090", "− 0.090", "–0.090"], "-0.090");
    same(&["<0.001", "< 0.001", "<  .001"], "< 0.001");
    same(&["<=0.05", "≤0.05"], "≤ 0.05");
    same(&["2.3e-5", "2.3E−5", "2.3 × 10^-5", "2.3×10^−5", "0.000023"], "0.000023");
    assert_eq!(printed("≥ 2").relation(), Relation::AtLeast);
}

#[test]
fn what_is_not_a_number_is_refused() {
    for text in [
        "",
        " ",
        "-",
        ".",
        "1.",
        "1.2.3",
        "1,5",
        "1 2",
        "0x10",
        "nan",
        "inf",
        "1e5",
        "1e",
        "e-5",
        "1e-",
        "1e--5",
        "< ",
        "<< 1",
        "12345678901234567890",
        "1e-99999",
        "٣",
        "1_000",
        "1e-37",
    ] {
        assert!(Printed::parse(text).is_err(), "{text:?}");
    }
}

#[test]
fn prints_share_their_values_where_their_boxes_meet() {
    let bounds = |text: &str| printed(text).bounds(Rounding::HalfAwayFromZero);
    assert!(bounds("0.05").overlaps(&bounds("0.045")));
    assert!(!bounds("0.05").overlaps(&bounds("0.044")));
    assert!(bounds("< 0.05").overlaps(&bounds("0.05")));
    assert!(bounds("0.045").within(&bounds("< 0.05")) && !bounds("0.05").within(&bounds("< 0.05")));
    // [0.35, 0.45) and [0.45, 0.55) meet in a point that only one of them has.
    assert!(!bounds("0.4").overlaps(&bounds("0.5")) && !bounds("0.5").overlaps(&bounds("0.4")));
    assert!(bounds("≤ 1").overlaps(&bounds("≥ 1")) && !bounds("< 1").overlaps(&bounds("≥ 1")));
}

proptest! {
    #[test]
    fn no_text_makes_reading_panic(text in any::<String>()) {
        let _ = Printed::parse(&text);
    }

    #[test]
    fn a_number_that_is_read_is_written_alike(text in "[<>≤≥]? ?-?[0-9]{1,6}(\\.[0-9]{1,6})?") {
        let number = printed(&text);
        prop_assert_eq!(printed(&number.to_string()), number);
    }
}

proptest! {
    // Each case looks at 8,001 points.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn overlap_and_inclusion_are_what_points_say(one in -9_i128..=9, two in -9_i128..=9, coarse in 0_u32..3, fine in 0_u32..3) {
        let decimal = |unscaled, decimals| Decimal::new(unscaled, decimals).unwrap();
        let boxes = [decimal(one, coarse), decimal(two, fine)].map(|decimal| printed(&decimal.to_string()));
        for rule in Rounding::ALL {
            let [first, second] = boxes.map(|number| number.bounds(rule));
            // Every end is a multiple of 0.005, so that these points hold every end and one between any two.
            let points = || (-4_000_i128..=4_000).map(|point| decimal(point * 25, 4).fraction());
            let meets = points().any(|point: Fraction| first.contains(point) && second.contains(point));
            prop_assert_eq!(first.overlaps(&second), meets);
            let inside = points().all(|point| !first.contains(point) || second.contains(point));
            prop_assert_eq!(first.within(&second), inside);
        }
    }
}
