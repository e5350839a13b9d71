//! One printed number: its digits, and the sign of comparison before them.

use std::fmt;

use thiserror::Error;

use super::bounds::{Bounds, Edge};
use super::exact::{Decimal, Fraction, MAX_DIGITS, Rounding};

/// A text that is not what its place in the record says it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("expected {expected}")]
pub struct Unreadable {
    /// What would be read here, with an example.
    pub expected: &'static str,
}

/// How a printed number stands to the value behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// `0.354`: the value rounds to it.
    Rounded,
    /// `< 0.001`.
    Below,
    /// `≤ 0.001`.
    AtMost,
    /// `> 0.99`.
    Above,
    /// `≥ 2`.
    AtLeast,
}

impl Relation {
    /// The sign before the number; nothing for a rounded one.
    #[must_use]
    pub fn sign(self) -> &'static str {
        match self {
            Self::Rounded => "",
            Self::Below => "<",
            Self::AtMost => "≤",
            Self::Above => ">",
            Self::AtLeast => "≥",
        }
    }
}

/// A number as printed.
///
/// It stands for every value that prints so. A rounded number of d decimals stands for the values within half a unit
/// of its last decimal; whether the two ends belong depends on the [`Rounding`] rule: the end farther from zero never
/// does under half-away-from-zero, both do or neither does under half-to-even, as the last digit is even or odd.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Printed {
    relation: Relation,
    decimal: Decimal,
}

impl Printed {
    /// A number after a sign of comparison.
    #[must_use]
    pub fn new(relation: Relation, decimal: Decimal) -> Self {
        Self { relation, decimal }
    }

    /// Reads a number such as `54.86`, `.05`, `< 0.001`, `≥ 2`, `−0.090`, `0·354`, `2.3e-5`, `2.3 × 10^-5`.
    ///
    /// # Errors
    ///
    /// When the text is anything else, or has more digits than are kept exact (18 in all, 36 decimals).
    pub fn parse(text: &str) -> Result<Self, Unreadable> {
        const EXPECTED: Unreadable = Unreadable { expected: "a number, such as 0.354 or < 0.001" };
        let text = text.trim();
        let (relation, digits) = [
            ("<=", Relation::AtMost),
            (">=", Relation::AtLeast),
            ("≤", Relation::AtMost),
            ("≥", Relation::AtLeast),
            ("<", Relation::Below),
            (">", Relation::Above),
        ]
        .into_iter()
        .find_map(|(sign, relation)| text.strip_prefix(sign).map(|rest| (relation, rest.trim_start())))
        .unwrap_or((Relation::Rounded, text));
        let decimal = read_decimal(digits).ok_or(EXPECTED)?;
        Ok(Self { relation, decimal })
    }

    /// The sign of comparison.
    #[must_use]
    pub fn relation(self) -> Relation {
        self.relation
    }

    /// The number itself.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        self.decimal
    }

    /// The values that print so under a rounding rule.
    #[must_use]
    pub fn bounds(self, rule: Rounding) -> Bounds {
        let value = self.decimal.fraction();
        let only = |included| Some(Edge { at: value, included });
        match self.relation {
            Relation::Below => Bounds { low: None, high: only(false) },
            Relation::AtMost => Bounds { low: None, high: only(true) },
            Relation::Above => Bounds { low: only(false), high: None },
            Relation::AtLeast => Bounds { low: only(true), high: None },
            Relation::Rounded => {
                let (low, high) = self.decimal.half_unit_around();
                let (low_included, high_included) = match rule {
                    Rounding::HalfAwayFromZero => (self.decimal.signum() > 0, self.decimal.signum() < 0),
                    Rounding::HalfToEven => (self.decimal.ends_even(), self.decimal.ends_even()),
                };
                Bounds {
                    low: Some(Edge { at: low, included: low_included }),
                    high: Some(Edge { at: high, included: high_included }),
                }
            }
        }
    }

    /// Whether that value prints so under a rounding rule.
    #[must_use]
    pub fn prints(self, value: Fraction, rule: Rounding) -> bool {
        self.bounds(rule).contains(value)
    }

    /// Whether a program may print that value so: `scale` times a share, by either rule.
    ///
    /// A value between two prints may go either way unless the share is one that doubles hold exactly, such as 7/16:
    /// otherwise what a program rounds is not the value but its neighbour.
    #[must_use]
    pub fn may_print(self, value: Fraction, scale: u32) -> bool {
        let on_edge = || {
            let (low, high) = self.decimal.half_unit_around();
            self.relation == Relation::Rounded && (value == low || value == high)
        };
        Rounding::ALL.into_iter().any(|rule| self.prints(value, rule)) || (!value.is_binary_share(scale) && on_edge())
    }

    /// The smallest and largest value that may print so, as doubles; infinite where there is no limit.
    #[must_use]
    pub fn span(self) -> (f64, f64) {
        self.bounds(Rounding::HalfToEven).to_f64()
    }
}

impl fmt::Display for Printed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.relation {
            Relation::Rounded => write!(f, "{}", self.decimal),
            relation => write!(f, "{} {}", relation.sign(), self.decimal),
        }
    }
}

/// Digits with an optional sign, one point and a power of ten below one; nothing else.
fn read_decimal(text: &str) -> Option<Decimal> {
    let (negative, text) = match text.strip_prefix(['-', '−', '–']) {
        Some(rest) => (true, rest.trim_start()),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (digits, exponent) = match split_exponent(text) {
        Some((digits, exponent)) => (digits, read_exponent(exponent)?),
        None => (text, 0),
    };
    let (whole, part) = match digits.split_once(['.', '·']) {
        Some((_, "")) => return None,
        Some((whole, part)) => (whole, part),
        None => (digits, ""),
    };
    let all = format!("{whole}{part}");
    let plain = !all.is_empty() && all.bytes().all(|byte| byte.is_ascii_digit());
    if !plain || all.trim_start_matches('0').len() > MAX_DIGITS as usize {
        return None;
    }
    let magnitude: i128 = all.parse().ok()?;
    let decimals = u32::try_from(part.len()).ok()?.checked_add(exponent)?;
    Decimal::new(if negative { -magnitude } else { magnitude }, decimals)
}

fn split_exponent(text: &str) -> Option<(&str, &str)> {
    ["e", "E", "×10^", "× 10^", "x10^", "x 10^"]
        .into_iter()
        .find_map(|sign| text.split_once(sign).map(|(digits, exponent)| (digits.trim_end(), exponent)))
}

/// How many places a power of ten moves the point to the left. A positive power would leave its digits without a
/// last decimal to round at, and none is printed in practice.
fn read_exponent(text: &str) -> Option<u32> {
    let places = text.strip_prefix(['-', '−', '–'])?;
    let plain = (1..=4).contains(&places.len()) && places.bytes().all(|byte| byte.is_ascii_digit());
    if plain { places.parse().ok() } else { None }
}
