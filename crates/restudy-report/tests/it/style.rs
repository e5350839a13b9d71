//! Rounding against exact fractions, p-values against the guidance that each house style follows.

use proptest::prelude::*;
use restudy_report::{Rounding, Style};

const AWAY: Rounding = Rounding::HalfAwayFromZero;
const EVEN: Rounding = Rounding::HalfToEven;

fn style(name: &str) -> Style {
    Style::named(name).unwrap()
}

fn rounded(x: f64, places: usize, rounding: Rounding) -> String {
    Style::default().rounding(rounding).number(x, places)
}

/// Doubles whose exact values were read from their binary fractions, and what each rule makes of them.
#[test]
fn halves_are_decided_on_the_exact_double() {
    for (x, places, away, even) in [
        (0.125, 2, "0.13", "0.12"),
        (0.375, 2, "0.38", "0.38"),
        (-0.125, 2, "−0.13", "−0.12"),
        (0.5, 0, "1", "0"),
        (1.5, 0, "2", "2"),
        (2.5, 0, "3", "2"),
        (0.25, 1, "0.3", "0.2"),
        // Stored as 1.00499999999999989…, 2.67499999999999982…, 2061.22499999999990…: below the half.
        (1.005, 2, "1.00", "1.00"),
        (2.675, 2, "2.67", "2.67"),
        (2061.225, 2, "2061.22", "2061.22"),
        // Stored as 36.7250000000000014…: above it.
        (36.725, 2, "36.73", "36.73"),
        // Carries run through.
        (9.996, 2, "10.00", "10.00"),
        (999.5, 0, "1000", "1000"),
        (0.999_99, 3, "1.000", "1.000"),
        // No negative zero.
        (-0.001, 2, "0.00", "0.00"),
        (-0.0, 1, "0.0", "0.0"),
        (f64::MIN_POSITIVE, 3, "0.000", "0.000"),
        (5e-324, 2, "0.00", "0.00"),
        (1e15, 2, "1e15", "1e15"),
        (-2.5e300, 2, "−2.5e300", "−2.5e300"),
        (f64::INFINITY, 2, "∞", "∞"),
        (f64::NEG_INFINITY, 2, "−∞", "−∞"),
    ] {
        assert_eq!(rounded(x, places, AWAY), away, "{x:?} to {places} places");
        assert_eq!(rounded(x, places, EVEN), even, "{x:?} to {places} places");
    }
    assert_eq!(Rounding::named("half-away"), Some(AWAY));
    assert_eq!(Rounding::named("half-even"), Some(EVEN));
    assert_eq!(Rounding::named("half_up"), None);
}

/// The nearest whole number to numerator / denominator, both positive, by integers alone.
fn nearest(numerator: i128, denominator: i128, rounding: Rounding) -> i128 {
    let (whole, rest) = (numerator / denominator, numerator % denominator);
    let up = match (2 * rest).cmp(&denominator) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Greater => true,
        std::cmp::Ordering::Equal => rounding == AWAY || whole % 2 == 1,
    };
    whole + i128::from(up)
}

fn written(scaled: i128, places: usize) -> String {
    let scale = 10_i128.pow(places as u32);
    if places == 0 { scaled.to_string() } else { format!("{}.{:0places$}", scaled / scale, scaled % scale) }
}

proptest! {
    /// m / 2^k is a double exactly, and its rounding a sum in integers.
    #[test]
    fn rounding_agrees_with_exact_fractions(m in 0_i64..1 << 46, k in 0_u32..46, places in 0_usize..6) {
        let x = m as f64 / 2_f64.powi(k as i32);
        for rounding in [AWAY, EVEN] {
            let expected = written(nearest(i128::from(m) * 10_i128.pow(places as u32), 1 << k, rounding), places);
            prop_assert_eq!(rounded(x, places, rounding), expected);
        }
    }

    /// Few binary places make halves common.
    #[test]
    fn halves_agree_with_exact_fractions(m in 0_i64..100_000, k in 0_u32..6, places in 0_usize..4) {
        let x = m as f64 / f64::from(1 << k);
        for rounding in [AWAY, EVEN] {
            let expected = written(nearest(i128::from(m) * 10_i128.pow(places as u32), 1 << k, rounding), places);
            prop_assert_eq!(rounded(x, places, rounding), expected);
        }
    }

    /// Rust's own formatting rounds halves to even on the exact value: another implementation of one of the rules.
    #[test]
    fn halves_to_even_agree_with_the_standard_library(x in -1e15..1e15_f64, places in 0_usize..12) {
        let expected = format!("{x:.places$}");
        let expected = match expected.strip_prefix('-') {
            Some(zero) if zero.chars().all(|digit| "0.".contains(digit)) => zero.to_owned(),
            Some(digits) => format!("−{digits}"),
            None => expected,
        };
        prop_assert_eq!(rounded(x, places, EVEN), expected);
    }

    #[test]
    fn percent_agrees_with_the_fraction(of in 1_u64..3000, part in 0.0..=1.0_f64) {
        let count = (part * of as f64) as u64;
        for rounding in [AWAY, EVEN] {
            let expected = written(nearest(i128::from(count) * 1000, i128::from(of), rounding), 1);
            prop_assert_eq!(Style::default().rounding(rounding).percent(count, of, 61), expected);
        }
    }

    /// Whatever the style, a p below the threshold never reads as the threshold or above, nor as zero.
    #[test]
    fn no_p_crosses_the_threshold(p in prop_oneof![0.0..0.06_f64, 0.0499..0.05_f64, 0.0..1.0_f64, 0.05 - 1e-9..0.05]) {
        for name in Style::NAMES {
            for rounding in [AWAY, EVEN] {
                let text = style(name).rounding(rounding).p_value(p, 0.05);
                let bound = text.trim_start_matches(['<', '>', ' ']).replace('·', ".").parse::<f64>().unwrap();
                prop_assert!(bound > 0.0, "{name}: {p:?} prints as {text}");
                if text.starts_with('<') {
                    prop_assert!(p < bound, "{name}: {p:?} prints as {text}");
                } else if p < 0.05 {
                    prop_assert!(bound < 0.05, "{name}: {p:?} prints as {text}");
                } else {
                    prop_assert!(bound >= 0.05, "{name}: {p:?} prints as {text}");
                }
            }
        }
    }

    #[test]
    fn no_number_is_refused(x in any::<f64>(), digits in 0_usize..20, threshold in any::<f64>()) {
        for name in Style::NAMES {
            let style = style(name);
            prop_assert!(!style.number(x, digits).is_empty());
            prop_assert!(!style.significant(x, digits).is_empty());
            prop_assert!(!style.tidy(x).is_empty());
            prop_assert!(!style.p_value(x, threshold).is_empty());
            prop_assert!(!style.percent_of(x, digits).is_empty());
            prop_assert!(style.places(None, [x, threshold]) < 10);
        }
    }
}

/// The paper's own p-values (Table 1): three decimals, `< 0.001`, `1.000`.
#[test]
fn three_decimals() {
    let style = style("three-decimals");
    for (p, text) in [
        (0.353_86, "0.354"),
        (0.739_77, "0.740"),
        (1.0, "1.000"),
        (0.999_99, "1.000"),
        (0.049_48, "0.049"),
        (0.001, "0.001"),
        (0.001_498, "0.001"),
        (0.000_999_9, "< 0.001"),
        (0.000_402, "< 0.001"),
        (0.0, "< 0.001"),
        // Rounding must not cross 0.05, from below.
        (0.049_6, "0.0496"),
        (0.049_96, "0.04996"),
        (0.049_999_999, "< 0.05"),
        (0.05, "0.050"),
        (0.050_4, "0.050"),
    ] {
        assert_eq!(style.p_value(p, 0.05), text, "{p:?}");
    }
}

/// The Lancet's guidance: two significant figures, at most four decimals, `< 0.0001`.
#[test]
fn two_significant() {
    let style = style("two-significant");
    for (p, text) in [
        (0.353_86, "0.35"),
        (0.035_4, "0.035"),
        (0.003_54, "0.0035"),
        (0.000_354, "0.0004"),
        (0.000_12, "0.0001"),
        (0.000_099, "< 0.0001"),
        (1e-300, "< 0.0001"),
        // One digit more in front takes one place away: 0.10, not 0.100.
        (0.099_6, "0.10"),
        (0.099_4, "0.099"),
        (0.996, "> 0.99"),
        (1.0, "> 0.99"),
        (0.99, "0.99"),
        (0.049_6, "0.0496"),
        (0.049_96, "0.04996"),
        (0.05, "0.050"),
    ] {
        assert_eq!(style.p_value(p, 0.05), text, "{p:?}");
    }
}

/// The AMA's rules as JMIR quotes them: no zero before the point; two digits from .01 on, three below, `<.001` below
/// that; three digits if two would cross .05; never .000; at most `>.99`.
#[test]
fn ama() {
    let style = style("ama");
    for (p, text) in [
        (0.353_86, ".35"),
        (0.1, ".10"),
        (0.01, ".01"),
        (0.013_7, ".01"),
        (0.009_6, ".010"),
        (0.003_54, ".004"),
        (0.001, ".001"),
        (0.000_9, "<.001"),
        (0.0, "<.001"),
        (0.046, ".046"),
        (0.049, ".049"),
        (0.049_6, ".0496"),
        (0.05, ".05"),
        (0.054, ".05"),
        (0.99, ".99"),
        (0.996, ">.99"),
        (1.0, ">.99"),
    ] {
        assert_eq!(style.p_value(p, 0.05), text, "{p:?}");
    }
    // Another threshold is guarded as well.
    assert_eq!(style.p_value(0.096, 0.1), ".096");
    assert_eq!(style.p_value(0.096, 0.05), ".10");
}

/// The New England Journal's: two places above 0.01, three down to 0.001, a zero before the point.
#[test]
fn nejm() {
    let style = style("nejm");
    for (p, text) in [
        (0.353_86, "0.35"),
        (0.013_7, "0.01"),
        (0.009_6, "0.010"),
        (0.003_54, "0.004"),
        (0.000_9, "<0.001"),
        (0.049_6, "0.0496"),
        (0.05, "0.05"),
        (0.996, ">0.99"),
    ] {
        assert_eq!(style.p_value(p, 0.05), text, "{p:?}");
    }
    assert_eq!(style.number(0.905_36, 3), "0.905");
    assert_eq!(style.limits(0.836, 0.974_8, 2), "0.84 to 0.97");
}

/// The Lancet's own pages: the point raised, in p, percentages and numbers alike; the rest as `two-significant`.
#[test]
fn lancet() {
    let style = style("lancet");
    for (p, text) in [
        (0.353_86, "0·35"),
        (0.003_54, "0·0035"),
        (0.000_099, "<0·0001"),
        (0.099_6, "0·10"),
        (0.049_6, "0·0496"),
        (0.049_999_999, "<0·05"),
        (0.996, ">0·99"),
    ] {
        assert_eq!(style.p_value(p, 0.05), text, "{p:?}");
    }
    assert_eq!(style.number(-1234.5, 1), "−1234·5");
    assert_eq!(style.percent(7, 21, 61), "33·3");
    assert_eq!(style.percent_of(0.062_5, 61), "6·3");
    assert_eq!(style.median_quartiles(Some(2.0), Some(1.0), Some(2.75), 2), "2·00 (1·00–2·75)");
    assert_eq!(style.short(0.454), "0·454");
}

/// Intervals and p in a sentence, as each house joins them.
#[test]
fn sentences() {
    let interval = |name: &str| style(name).with_interval(0.905_36, 0.835_9, 0.974_8, 3, "95% CI");
    assert_eq!(interval("three-decimals"), "0.905 (95% CI 0.836–0.975)");
    assert_eq!(interval("lancet"), "0·905 (95% CI 0·836–0·975)");
    assert_eq!(interval("nejm"), "0.905 (95% CI, 0.836 to 0.975)");
    assert_eq!(interval("jama"), "0.905 (95% CI, 0.836-0.975)");
    // A dash beside a minus would be read as one.
    for name in Style::NAMES {
        assert!(style(name).limits(-0.35, 0.19, 2).contains(" to "), "{name}");
    }
    for (name, p, text) in [
        ("three-decimals", 0.353_86, "P = 0.354"),
        ("three-decimals", 0.000_4, "P < 0.001"),
        ("lancet", 0.000_04, "p<0·0001"),
        ("lancet", 0.353_86, "p=0·35"),
        ("nejm", 0.013, "P=0.01"),
        ("jama", 0.000_4, "P<.001"),
        ("ama", 0.353_86, "P=.35"),
    ] {
        assert_eq!(style(name).p_in_words(p, 0.05), text, "{name}");
    }
}

/// Two places; more where the smallest number would lose its second digit.
#[test]
fn ratios() {
    let style = Style::default();
    for (numbers, places) in [
        ([1.23, 1.02, 1.5], 2),
        ([21.7, 2.33, 202.0], 2),
        ([0.5, 0.094, 2.0], 3),
        ([0.01, 0.0013, 0.1], 4),
        ([0.01, 1e-9, 0.1], 4),
        ([0.0, 0.0, f64::INFINITY], 2),
    ] {
        assert_eq!(style.ratio_places(numbers), places, "{numbers:?}");
    }
    for (x, text) in
        [(0.45, "0.45"), (49.0, "49"), (0.454, "0.454"), (100.0, "100"), (0.1 + 0.2, "0.3"), (-1.5, "−1.5")]
    {
        assert_eq!(style.short(x), text);
    }
}

/// Counts and percentages of the paper's Table 1, and fractions that lie on a half.
#[test]
fn percent() {
    let [away, even] = [AWAY, EVEN].map(|rounding| Style::default().rounding(rounding));
    for (count, of, text) in [
        (7, 21, "33.3"),
        (4, 21, "19.0"),
        (1, 21, "4.8"),
        (14, 21, "66.7"),
        (5, 40, "12.5"),
        (1, 40, "2.5"),
        (0, 40, "0.0"),
        (21, 21, "100.0"),
        (7, 16, "43.8"),
        (9, 16, "56.3"),
    ] {
        assert_eq!(away.percent(count, of, 61), text, "{count} of {of}");
    }
    for (count, of, by_away, by_even) in [
        (9, 16, "56.3", "56.2"),
        (5, 16, "31.3", "31.2"),
        // 1.25 % and 7.15 % have no double: the nearest ones are above and below.
        (1, 80, "1.3", "1.2"),
        (143, 2000, "7.2", "7.2"),
        (141, 2000, "7.1", "7.0"),
    ] {
        assert_eq!(away.percent(count, of, 61), by_away, "{count} of {of}");
        assert_eq!(even.percent(count, of, 61), by_even, "{count} of {of}");
    }
    assert_eq!(away.percent(1, 0, 61), "—");
    assert_eq!(away.percent_of(0.062_5, 61), "6.3");
    assert_eq!(even.percent_of(0.062_5, 61), "6.2");
    assert_eq!(away.percent_of(0.009, 61), "0.9");
    assert_eq!(away.percent_of(1.0, 61), "100.0");
    // AMA: places by the number of patients.
    let ama = style("ama");
    assert_eq!(ama.percent(1, 3, 99), "33");
    assert_eq!(ama.percent(1, 3, 100), "33.3");
    assert_eq!(ama.percent(1, 3, 1000), "33.33");
}

#[test]
fn summaries() {
    let [paper, ama] = ["three-decimals", "ama"].map(style);
    assert_eq!(paper.mean_sd(Some(54.857_142), Some(11.7198), 2), "54.86 ± 11.72");
    assert_eq!(paper.mean_sd(Some(54.857_142), None, 2), "54.86 ± —");
    assert_eq!(paper.mean_sd(None, Some(1.0), 2), "—");
    assert_eq!(paper.mean_sd(Some(-0.5), Some(1.0), 1), "−0.5 ± 1.0");
    assert_eq!(paper.median_quartiles(Some(2.0), Some(1.0), Some(2.75), 2), "2.00 (1.00, 2.75)");
    assert_eq!(ama.median_quartiles(Some(2.0), Some(1.0), Some(2.75), 2), "2.00 (1.00–2.75)");
    assert_eq!(ama.median_quartiles(Some(0.0), Some(-1.0), Some(2.75), 1), "0.0 (−1.0 to 2.8)");
    assert_eq!(paper.median_quartiles(Some(2.0), None, None, 0), "2 (—, —)");
}

#[test]
fn significant_digits() {
    let style = Style::default();
    for (x, digits, text) in [
        (0.905_357, 4, "0.9054"),
        (12_345.678, 3, "12346"),
        (0.000_123_45, 2, "0.00012"),
        (99.96, 3, "100"),
        (9.996, 3, "10.0"),
        (-1.25, 2, "−1.3"),
        (0.0, 3, "0.00"),
        (7.0, 1, "7"),
    ] {
        assert_eq!(style.significant(x, digits), text, "{x:?} to {digits} digits");
    }
    for (x, text) in [(21.0, "21"), (346.5, "346.5"), (-0.9345, "−0.93"), (57.9, "57.90")] {
        assert_eq!(style.tidy(x), text);
    }
}

#[test]
fn places_follow_the_codebook_then_the_spread() {
    let [paper, ama] = ["three-decimals", "ama"].map(style);
    assert_eq!(paper.places(Some(1), [0.001]), 1);
    // Two places as in the paper, more where the spread is small.
    for (spreads, places) in [([11.72, 11.06], 2), ([0.15, 0.14], 2), ([0.05, 0.4], 3), ([0.0021, 0.01], 4)] {
        assert_eq!(paper.places(None, spreads), places, "{spreads:?}");
    }
    // Three significant digits of the smaller spread.
    for (spreads, places) in [([11.72, 9.99], 2), ([11.72, 11.06], 1), ([1810.0, 1750.0], 0), ([0.15, 0.14], 3)] {
        assert_eq!(ama.places(None, spreads), places, "{spreads:?}");
    }
    // Nothing to go by: no spread, or only impossible ones.
    assert_eq!(paper.places(None, []), 2);
    assert_eq!(ama.places(None, [0.0, f64::NAN, f64::INFINITY, -1.0]), 0);
    assert_eq!(ama.places(None, [1e-300]), 8);
}

#[test]
fn every_name_is_known_and_no_other() {
    for name in Style::NAMES {
        assert_eq!(style(name).name(), *name);
    }
    assert!(Style::named("house").is_none());
    assert_eq!(Style::default().name(), "three-decimals");
}
