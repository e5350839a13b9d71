//! Rounding and comparison, against long division and against the definition of a print.

use proptest::prelude::*;
use restudy_claims::{Decimal, Fraction, Printed, Rounding};

fn share(count: u64, of: u64) -> Fraction {
    Fraction::share(count, of, 100).unwrap()
}

fn rounded(count: u64, of: u64, decimals: u32) -> [String; 2] {
    Rounding::ALL.map(|rule| share(count, of).rounded(decimals, rule).unwrap().to_string())
}

#[test]
fn values_between_two_prints_go_where_the_rule_says() {
    // 9/16 = 56.25 %: the fifth after 56.2 goes up, or to the even 2. 7/16 = 43.75 %: up, and to the even 8.
    assert_eq!(rounded(9, 16, 1), ["56.3", "56.2"]);
    assert_eq!(rounded(7, 16, 1), ["43.8", "43.8"]);
    assert_eq!(rounded(1, 8, 0), ["13", "12"]); // 12.5
    assert_eq!(rounded(3, 8, 0), ["38", "38"]); // 37.5
    assert_eq!(rounded(1, 40, 1), ["2.5", "2.5"]); // exact
}

#[test]
fn negative_values_round_as_their_mirror_image() {
    let decimal = Decimal::new(-5625, 2).unwrap();
    let rounded = Rounding::ALL.map(|rule| decimal.fraction().rounded(1, rule).unwrap().to_string());
    assert_eq!(rounded, ["-56.3", "-56.2"]);
}

#[test]
fn order_is_exact_where_doubles_are_equal() {
    // 10^17 + 1 is not a double, and the two are the same one.
    let (one, two) = (Decimal::new(10_i128.pow(17), 18).unwrap(), Decimal::new(10_i128.pow(17) + 1, 18).unwrap());
    assert_eq!(one.to_f64(), two.to_f64());
    assert!(one.fraction() < two.fraction());
    // Products beyond 128 bits: 10^17 · 10^36 against itself and its neighbour.
    let (small, large) = (Decimal::new(1, 36).unwrap(), Decimal::new(10_i128.pow(17), 0).unwrap());
    assert!(small.fraction() < large.fraction() && large.fraction() > small.fraction());
    assert!(Decimal::new(-1, 36).unwrap().fraction() < small.fraction());
}

#[test]
fn a_decimal_keeps_its_decimals() {
    for text in ["1.30", "0.05", "-0.090", "0", "7", "0.000000000000000001"] {
        assert_eq!(Printed::parse(text).unwrap().to_string(), text);
    }
    assert_eq!(Decimal::new(10_i128.pow(18), 0), None);
    assert_eq!(Decimal::new(1, 37), None);
}

/// `count` / `of` with so many decimals by long division, digit by digit: no fraction, no shared code.
fn long_division(count: u64, of: u64, decimals: u32, rule: Rounding) -> String {
    let (whole, mut rest) = (count / of, count % of);
    let mut digits: Vec<u64> = whole.to_string().bytes().map(|byte| u64::from(byte - b'0')).collect();
    for _ in 0..decimals {
        rest *= 10;
        digits.push(rest / of);
        rest %= of;
    }
    let up = match (2 * rest).cmp(&of) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => rule == Rounding::HalfAwayFromZero || digits[digits.len() - 1] % 2 == 1,
    };
    if up {
        let mut place = digits.len();
        loop {
            if place == 0 {
                digits.insert(0, 1);
                break;
            }
            place -= 1;
            digits[place] += 1;
            if digits[place] < 10 {
                break;
            }
            digits[place] = 0;
        }
    }
    let text: String = digits.iter().map(u64::to_string).collect();
    let (whole, part) = text.split_at(text.len() - decimals as usize);
    if part.is_empty() { whole.to_owned() } else { format!("{whole}.{part}") }
}

fn any_share() -> impl Strategy<Value = (u64, u64)> {
    // Small denominators make ties common, and powers of two and five make them at every decimal.
    let denominator =
        prop_oneof![1_u64..100, prop::sample::select(vec![8, 16, 32, 40, 64, 125, 160, 625, 2000]), 1..1_000_000_u64];
    denominator.prop_flat_map(|of| (0..=of, Just(of)))
}

proptest! {
    #[test]
    fn rounding_agrees_with_long_division((count, of) in any_share(), decimals in 0_u32..6) {
        for rule in Rounding::ALL {
            let by_fraction = Fraction::share(count, of, 1).unwrap().rounded(decimals, rule).unwrap().to_string();
            prop_assert_eq!(by_fraction, long_division(count, of, decimals, rule));
        }
    }

    #[test]
    fn a_value_prints_as_its_rounding_and_as_nothing_else((count, of) in any_share(), decimals in 0_u32..4, step in -2_i128..=2) {
        let value = share(count, of);
        for rule in Rounding::ALL {
            let own = value.rounded(decimals, rule).unwrap();
            let unscaled: i128 = own.to_string().replace('.', "").parse().unwrap();
            let neighbour = Decimal::new(unscaled + step, decimals).unwrap();
            let printed = Printed::parse(&neighbour.to_string()).unwrap();
            prop_assert_eq!(printed.prints(value, rule), step == 0, "{} as {} by {:?}", count, neighbour, rule);
        }
    }

    #[test]
    fn every_double_near_a_print_lies_in_its_span(unscaled in -100_000_i128..100_000, offset in -0.499_f64..0.499) {
        let decimal = Decimal::new(unscaled, 2).unwrap();
        let printed = Printed::parse(&decimal.to_string()).unwrap();
        let (low, high) = printed.span();
        let value = decimal.to_f64() + offset / 100.0;
        prop_assert!(low < value && value < high);
        let shown = format!("{value:.2}").replace("-0.00", "0.00");
        prop_assert_eq!(shown, decimal.to_string());
    }

    #[test]
    fn order_of_fractions_is_that_of_their_cross_products(a in any_share(), b in any_share()) {
        let (one, two) = (share(a.0, a.1), share(b.0, b.1));
        prop_assert_eq!(one.cmp(&two), (u128::from(a.0) * u128::from(b.1)).cmp(&(u128::from(b.0) * u128::from(a.1))));
    }
}
