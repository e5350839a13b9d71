//! Numbers and lists in sentences.

use super::range::Range;
use crate::printed::{Fraction, Printed, Rounding};

/// A number with three significant digits, without a power of ten unless it would be unreadable otherwise.
pub(super) fn number(value: f64) -> String {
    const DIGITS: i32 = 3;
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let exponent = value.abs().log10().floor() as i32;
    if exponent < -6 {
        return format!("{value:.2e}");
    }
    format!("{value:.decimals$}", decimals = usize::try_from(DIGITS - 1 - exponent).unwrap_or(0))
}

/// A number with so many decimals.
pub(super) fn decimals(value: f64, decimals: u32) -> String {
    format!("{value:.decimals$}", decimals = decimals as usize)
}

/// A range: one number where its ends read alike.
pub(super) fn range(range: Range) -> String {
    let (low, high) = (number(range.low), number(range.high));
    if low == high { low } else { format!("{low} to {high}") }
}

/// A range with so many decimals at its ends: one number where they read alike.
pub(super) fn ends(range: Range, places: u32) -> String {
    let (low, high) = (decimals(range.low, places), decimals(range.high, places));
    if low == high { low } else { format!("{low} to {high}") }
}

/// A percentage or proportion with one decimal more than the print it is held against: enough to see a tie.
pub(super) fn share(value: Fraction, printed: Printed, scale: u32) -> String {
    let decimals = printed.decimal().decimals() + 1;
    let digits = value
        .rounded(decimals, Rounding::HalfAwayFromZero)
        .map_or_else(|| value.to_f64().to_string(), |decimal| decimal.to_string());
    format!("{digits}{}", percent_sign(scale))
}

/// `%` for a percentage.
pub(super) fn percent_sign(scale: u32) -> &'static str {
    if scale == 100 { "%" } else { "" }
}

/// How a value prints with the decimals of a text: once where the rounding rules agree, else both ways.
pub(super) fn prints(value: Fraction, like: Printed, scale: u32) -> String {
    let sign = percent_sign(scale);
    let printed = Rounding::ALL.map(|rule| value.rounded(like.decimal().decimals(), rule));
    match printed {
        [Some(away), Some(even)] if away == even => format!("{away}{sign}"),
        [Some(away), Some(even)] => format!("{away}{sign} or {even}{sign}"),
        _ => format!("{}{sign}", value.to_f64()),
    }
}

/// For a value on the edge between two prints: that the rounding rule makes no difference.
pub(super) fn either_way(value: Fraction, like: Printed) -> &'static str {
    let decimals = like.decimal().decimals();
    let [away, even] = Rounding::ALL.map(|rule| value.rounded(decimals, rule));
    if value.is_tie(decimals) && away == even { " whether a half goes up or to the even digit" } else { "" }
}

/// `a`, `a and b`, `a, b and c`.
pub(super) fn list<T: AsRef<str>>(items: &[T]) -> String {
    joined(items, "and")
}

/// `a`, `a or b`, `a, b or c`.
pub(super) fn alternatives<T: AsRef<str>>(items: &[T]) -> String {
    joined(items, "or")
}

fn joined<T: AsRef<str>>(items: &[T], last: &str) -> String {
    let items: Vec<&str> = items.iter().map(AsRef::as_ref).collect();
    match items.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., final_item] => format!("{} {last} {final_item}", first.join(", ")),
    }
}

/// `13 + 2 + 6`.
pub(super) fn sum(counts: &[u64]) -> String {
    counts.iter().map(u64::to_string).collect::<Vec<_>>().join(" + ")
}

/// The sentence with its first letter in upper case.
pub(super) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
