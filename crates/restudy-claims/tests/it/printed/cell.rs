//! Texts of every kind: what is read from them, and what is refused.

use proptest::prelude::*;
use restudy_claims::{Content, Kind, Printed};

const KINDS: [Kind; 15] = [
    Kind::MeanSd,
    Kind::MedianQuartiles,
    Kind::CountPercent,
    Kind::PercentCount,
    Kind::Counts,
    Kind::Count,
    Kind::PValue,
    Kind::PAdjusted,
    Kind::Cutoff,
    Kind::Auc,
    Kind::Sensitivity,
    Kind::Specificity,
    Kind::Ppv,
    Kind::Npv,
    Kind::Accuracy,
];

fn number(text: &str) -> Printed {
    Printed::parse(text).unwrap()
}

fn count(text: &str) -> Option<u64> {
    match Kind::Count.read(text) {
        Ok(Content::Count(count)) => Some(count),
        _ => None,
    }
}

#[test]
fn means_and_medians() {
    let mean_sd = Content::MeanSd { mean: number("54.86"), sd: number("11.72") };
    for text in ["54.86 ± 11.72", "54.86±11.72", "54.86 +/- 11.72", "54.86 (11.72)", " 54.86 [11.72] "] {
        assert_eq!(Kind::MeanSd.read(text), Ok(mean_sd.clone()), "{text}");
    }
    let quartiles = Content::MedianQuartiles { median: number("0.81"), q1: number("0.77"), q3: number("0.85") };
    for text in [
        "0.81 (0.77, 0.85)",
        "0.81 (0.77,0.85)",
        "0.81 [0.77; 0.85]",
        "0.81 (0.77–0.85)",
        "0.81 (0.77 to 0.85)",
        "0.81 (0.77-0.85)",
    ] {
        assert_eq!(Kind::MedianQuartiles.read(text), Ok(quartiles.clone()), "{text}");
    }
    let negative = Content::MedianQuartiles { median: number("-1"), q1: number("-2"), q3: number("-0.5") };
    assert_eq!(Kind::MedianQuartiles.read("-1 (-2--0.5)"), Ok(negative));
}

#[test]
fn counts_in_digits_and_words() {
    for (text, value) in [
        ("61", 61),
        ("0", 0),
        ("1,234", 1234),
        ("None", 0),
        ("no", 0),
        ("nine", 9),
        ("Twelve", 12),
        ("twenty", 20),
        ("Twenty-one", 21),
        ("ninety nine", 99),
        ("1000000", 1_000_000),
    ] {
        assert_eq!(count(text), Some(value), "{text}");
    }
    for text in
        ["", "-1", "1.0", "12,34", "1000001", "99999999999999999999", "twenty-ten", "twenty-zero", "score", "1/2"]
    {
        assert_eq!(count(text), None, "{text}");
    }
    assert_eq!(Kind::Counts.read("8/13"), Ok(Content::Counts(vec![8, 13])));
    assert_eq!(Kind::Counts.read("8 / 13 / 0"), Ok(Content::Counts(vec![8, 13, 0])));
    assert!(Kind::Counts.read("8").is_err());
}

#[test]
fn counts_with_percentages() {
    let content = |count, percent| Ok(Content::CountPercent { count, percent: number(percent) });
    assert_eq!(Kind::CountPercent.read("7 (33.3%)"), content(7, "33.3"));
    assert_eq!(Kind::CountPercent.read("Twenty-one (34.4)"), content(21, "34.4"));
    assert_eq!(Kind::CountPercent.read("1,234 [< 1%]"), content(1234, "< 1"));
    assert_eq!(Kind::PercentCount.read("56.3% (9)"), content(9, "56.3"));
    for text in ["7", "7 33.3%", "(33.3%)", "7 (33.3%", "7.5 (33.3%)", "33.3% (7)"] {
        assert!(Kind::CountPercent.read(text).is_err(), "{text}");
    }
}

#[test]
fn p_values_and_their_absence() {
    for text in ["NA", "n/a", "–", "-"] {
        assert_eq!(Kind::PValue.read(text), Ok(Content::PValue(None)), "{text}");
    }
    for text in ["0.036", "P = 0.036", "p=0.036"] {
        assert_eq!(Kind::PValue.read(text), Ok(Content::PValue(Some(number("0.036")))), "{text}");
    }
    assert_eq!(Kind::PAdjusted.read("P < 0.001"), Ok(Content::PValue(Some(number("< 0.001")))));
    assert!(Kind::PValue.read("ns").is_err());
}

#[test]
fn cutoffs_and_shares() {
    assert_eq!(Kind::Cutoff.read("< 49.0%"), Ok(Content::Cutoff(number("< 49.0"))));
    assert!(Kind::Cutoff.read("2").is_err(), "a cut-off without its sign says nothing");
    let Ok(Content::Proportion(percent)) = Kind::Sensitivity.read("85.7%") else { panic!("a percentage") };
    let Ok(Content::Proportion(proportion)) = Kind::Auc.read("0.905") else { panic!("a proportion") };
    assert_eq!((percent.scale, proportion.scale), (100, 1));
}

proptest! {
    #[test]
    fn no_text_makes_any_kind_panic(text in any::<String>()) {
        for kind in KINDS {
            let _ = kind.read(&text);
        }
    }

    #[test]
    fn no_text_of_printed_letters_makes_any_kind_panic(text in "[-0-9.,;:/()\\[\\]%±<>≤≥−–—×^eEpPNA ]{0,16}") {
        for kind in KINDS {
            let _ = kind.read(&text);
        }
    }
}
