//! What was computed where a claim stands, and whether it prints as the claim does.

use crate::printed::{Content, Fraction, Kind, Printed, Proportion, Relation};

/// What doubles make of an edge between two prints: a value so near to one may print either way.
const EDGE: f64 = 1e-9;

/// The numbers obtained for one claim, at full precision.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Obtained {
    /// The numbers in the order in which the claim prints them: mean and standard deviation; median and quartiles; a
    /// ratio and its limits; one number.
    Numbers(Vec<f64>),
    /// A count, and of how many.
    Share(u64, u64),
    /// Counts of categories.
    Counts(Vec<u64>),
    /// No p-value, because there is nothing to test.
    NoTest,
}

/// The claim's own print of what was obtained, and whether it is the published one. None where the two are not of one
/// kind.
pub(crate) fn judge(kind: Kind, content: &Content, obtained: &Obtained) -> Option<(String, bool)> {
    match (content, obtained) {
        (Content::MeanSd { mean, sd }, Obtained::Numbers(numbers)) => {
            let [first, second] = numbers.as_slice() else { return None };
            let (mean, sd) = (number(*mean, *first), number(*sd, *second));
            Some((format!("{} ± {}", mean.0, sd.0), mean.1 && sd.1))
        }
        (Content::MedianQuartiles { median, q1, q3 }, Obtained::Numbers(numbers)) => {
            let [a, b, c] = numbers.as_slice() else { return None };
            let (median, q1, q3) = (number(*median, *a), number(*q1, *b), number(*q3, *c));
            Some((format!("{} ({}, {})", median.0, q1.0, q3.0), median.1 && q1.1 && q3.1))
        }
        (Content::CountPercent { count, percent }, Obtained::Share(found, of)) => {
            let (text, held) = share(*percent, *found, *of, 100);
            let text =
                if kind == Kind::PercentCount { format!("{text}% ({found})") } else { format!("{found} ({text}%)") };
            Some((text, held && count == found))
        }
        (Content::Count(count), Obtained::Share(found, _)) => Some((found.to_string(), count == found)),
        (Content::Counts(counts), Obtained::Counts(found)) => {
            let text: Vec<String> = found.iter().map(u64::to_string).collect();
            Some((text.join("/"), counts == found))
        }
        (Content::Proportion(Proportion { printed, scale }), Obtained::Share(found, of)) => {
            let (text, held) = share(*printed, *found, *of, *scale);
            Some((if *scale == 100 { format!("{text}%") } else { text }, held))
        }
        (Content::Proportion(Proportion { printed, scale }), Obtained::Numbers(numbers)) => {
            let (text, held) = number(*printed, numbers.first()? * f64::from(*scale));
            Some((if *scale == 100 { format!("{text}%") } else { text }, held))
        }
        (Content::PValue(None), Obtained::NoTest) => Some(("NA".to_owned(), true)),
        (Content::PValue(None), Obtained::Numbers(numbers)) => Some((format!("{:.3}", numbers.first()?), false)),
        (Content::PValue(Some(_)), Obtained::NoTest) => Some(("NA".to_owned(), false)),
        (Content::PValue(Some(printed)), Obtained::Numbers(numbers)) => Some(number(*printed, *numbers.first()?)),
        (Content::Correlation(printed) | Content::Statistic(printed), Obtained::Numbers(numbers)) => {
            Some(number(*printed, *numbers.first()?))
        }
        (Content::Cutoff(printed), Obtained::Numbers(numbers)) => {
            let (text, held) = number(Printed::new(Relation::Rounded, printed.decimal()), *numbers.first()?);
            Some((format!("{} {text}", printed.relation().sign()), held))
        }
        (Content::Ratio { estimate, interval }, Obtained::Numbers(numbers)) => {
            let (first, mut held) = number(*estimate, *numbers.first()?);
            let Some((low, high)) = interval else { return Some((first, held)) };
            let (low, high) = (number(*low, *numbers.get(1)?), number(*high, *numbers.get(2)?));
            held &= low.1 && high.1;
            Some((format!("{first} ({}, {})", low.0, high.0), held))
        }
        _ => None,
    }
}

/// A number with the decimals of a printed one, and whether it prints so.
fn number(printed: Printed, value: f64) -> (String, bool) {
    let (low, high) = printed.span();
    let slack = EDGE * value.abs().max(1.0);
    let held = match printed.relation() {
        Relation::Below => value < high,
        Relation::AtMost => value <= high,
        Relation::Above => value > low,
        Relation::AtLeast => value >= low,
        Relation::Rounded => low - slack <= value && value <= high + slack,
    };
    if held {
        return (printed.to_string(), true);
    }
    let decimals = printed.decimal().decimals() as usize;
    let text = format!("{value:.decimals$}");
    // A negative zero says nothing.
    let zero = text.trim_start_matches('-').chars().all(|digit| matches!(digit, '0' | '.'));
    (if zero { text.trim_start_matches('-').to_owned() } else { text }, false)
}

/// A share with the decimals of a printed one, and whether a program may print it so.
fn share(printed: Printed, count: u64, of: u64, scale: u32) -> (String, bool) {
    let Some(value) = Fraction::share(count, of, scale) else { return ("–".to_owned(), false) };
    if printed.may_print(value, scale) {
        return (printed.decimal().to_string(), true);
    }
    let decimals = printed.decimal().decimals();
    let text = value
        .rounded(decimals, crate::printed::Rounding::HalfAwayFromZero)
        .map_or_else(|| value.to_f64().to_string(), |decimal| decimal.to_string());
    (text, false)
}
