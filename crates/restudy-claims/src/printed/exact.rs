//! Exact decimals and fractions, and the two rules by which papers round.

use std::cmp::Ordering;
use std::fmt;

/// Most decimals a [`Decimal`] may have: 10³⁷, half a unit further, still fits the integers that carry it.
pub(crate) const MAX_DECIMALS: u32 = 36;
/// Most digits a [`Decimal`] may have, its decimals included.
pub(crate) const MAX_DIGITS: u32 = 18;

/// What becomes of a value that lies exactly between two decimals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// 56.25 prints as 56.3, −56.25 as −56.3 (SPSS, SAS, Excel, paper and pencil).
    HalfAwayFromZero,
    /// 56.25 prints as 56.2, 56.35 as 56.4 (IEEE 754 and, for values that doubles hold exactly, R and C).
    HalfToEven,
}

impl Rounding {
    /// Both rules.
    pub const ALL: [Self; 2] = [Self::HalfAwayFromZero, Self::HalfToEven];

    /// The rule in words.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::HalfAwayFromZero => "half away from zero",
            Self::HalfToEven => "half to even",
        }
    }
}

/// An exact fraction with a positive denominator. Equality and order are by value: 700/16 equals 4375/100.
#[derive(Clone, Copy, Debug)]
pub struct Fraction {
    numerator: i128,
    denominator: i128,
}

impl Fraction {
    /// `scale` × `count` / `of`: a percentage for a scale of 100, a proportion for 1. None when `of` is 0.
    #[must_use]
    pub fn share(count: u64, of: u64, scale: u32) -> Option<Self> {
        (of > 0).then(|| Self { numerator: i128::from(count) * i128::from(scale), denominator: i128::from(of) })
    }

    /// The value times a whole number.
    pub(crate) fn scaled(self, factor: u32) -> Self {
        Self { numerator: self.numerator * i128::from(factor), denominator: self.denominator }
    }

    /// The value as a double: numerator and denominator rounded, then their quotient.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.numerator as f64 / self.denominator as f64
    }

    /// This value printed with so many decimals; none when that takes more digits than are kept exact.
    #[must_use]
    pub fn rounded(self, decimals: u32, rule: Rounding) -> Option<Decimal> {
        let (below, rest) = self.split(decimals)?;
        let up = match rest.cmp(&(self.denominator - rest)) {
            Ordering::Less => false,
            Ordering::Greater => true,
            Ordering::Equal => match rule {
                Rounding::HalfAwayFromZero => below >= 0,
                Rounding::HalfToEven => below % 2 != 0,
            },
        };
        Decimal::new(below + i128::from(up), decimals)
    }

    /// Whether doubles hold the value divided by `scale`, the share that a percentage is of.
    ///
    /// Then a program's percentage is the value itself. Of any other share a program holds a neighbour, and where the
    /// value lies between two prints the neighbour may fall on either side.
    #[must_use]
    pub fn is_binary_share(self, scale: u32) -> bool {
        let Some(denominator) = self.denominator.checked_mul(i128::from(scale)) else { return false };
        (denominator / greatest_common_divisor(self.numerator.abs(), denominator)).count_ones() == 1
    }

    /// Whether the value lies exactly between two decimals of so many digits, so that the rules may differ.
    #[must_use]
    pub fn is_tie(self, decimals: u32) -> bool {
        self.split(decimals).is_some_and(|(_, rest)| rest == self.denominator - rest)
    }

    /// Units of the last decimal in this value, and what is left over, in units of one over the denominator.
    fn split(self, decimals: u32) -> Option<(i128, i128)> {
        if decimals > MAX_DECIMALS {
            return None;
        }
        let scaled = self.numerator.checked_mul(power_of_ten(decimals))?;
        Some((scaled.div_euclid(self.denominator), scaled.rem_euclid(self.denominator)))
    }
}

impl PartialEq for Fraction {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Fraction {}

impl PartialOrd for Fraction {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Fraction {
    fn cmp(&self, other: &Self) -> Ordering {
        // Denominators are positive, so cross-multiplying keeps the order; the products take up to 256 bits.
        match (self.numerator.signum()).cmp(&other.numerator.signum()) {
            Ordering::Equal => {}
            different => return different,
        }
        let left = wide_product(self.numerator.unsigned_abs(), other.denominator.unsigned_abs());
        let right = wide_product(other.numerator.unsigned_abs(), self.denominator.unsigned_abs());
        if self.numerator < 0 { right.cmp(&left) } else { left.cmp(&right) }
    }
}

/// The product of two 128-bit numbers, as its upper and lower half.
fn wide_product(first: u128, second: u128) -> (u128, u128) {
    const HALF: u32 = 64;
    const LOW: u128 = (1 << HALF) - 1;
    let (a, b, c, d) = (first >> HALF, first & LOW, second >> HALF, second & LOW);
    // ad and the upper half of bd together stay below 2^128, and so does bc with the lower half of their sum.
    let middle = a * d + ((b * d) >> HALF);
    let other = b * c + (middle & LOW);
    (a * c + (middle >> HALF) + (other >> HALF), (other << HALF) | ((b * d) & LOW))
}

/// A decimal number with the decimals it was written with: 1.30 and 1.3 are the same value and different prints.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    unscaled: i128,
    decimals: u32,
}

impl Decimal {
    /// The decimal `unscaled` / 10^`decimals`; none when it has more than 18 digits or 36 decimals.
    #[must_use]
    pub fn new(unscaled: i128, decimals: u32) -> Option<Self> {
        let kept_exact = decimals <= MAX_DECIMALS && unscaled.unsigned_abs() < 10_u128.pow(MAX_DIGITS);
        kept_exact.then_some(Self { unscaled, decimals })
    }

    /// How many digits stand after the point.
    #[must_use]
    pub fn decimals(self) -> u32 {
        self.decimals
    }

    /// The value as a fraction.
    #[must_use]
    pub fn fraction(self) -> Fraction {
        Fraction { numerator: self.unscaled, denominator: power_of_ten(self.decimals) }
    }

    /// The values half a unit of the last decimal below and above.
    pub(crate) fn half_unit_around(self) -> (Fraction, Fraction) {
        let edge =
            |half| Fraction { numerator: self.unscaled * 10 + half, denominator: power_of_ten(self.decimals + 1) };
        (edge(-5), edge(5))
    }

    /// Whether the two, printed with the same decimals, add up to a whole number.
    pub(crate) fn completes(self, other: Self, whole: u32) -> bool {
        self.decimals == other.decimals
            && power_of_ten(self.decimals).checked_mul(i128::from(whole)) == Some(self.unscaled + other.unscaled)
    }

    /// −1, 0 or 1.
    pub(crate) fn signum(self) -> i128 {
        self.unscaled.signum()
    }

    /// Whether the last digit is even.
    pub(crate) fn ends_even(self) -> bool {
        self.unscaled % 2 == 0
    }

    /// The value as a double.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        self.fraction().to_f64()
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = self.decimals as usize;
        let digits = format!("{:0>width$}", self.unscaled.unsigned_abs(), width = decimals + 1);
        let (whole, part) = digits.split_at(digits.len() - decimals);
        let sign = if self.unscaled < 0 { "-" } else { "" };
        let point = if part.is_empty() { "" } else { "." };
        write!(f, "{sign}{whole}{point}{part}")
    }
}

fn greatest_common_divisor(first: i128, second: i128) -> i128 {
    if second == 0 { first } else { greatest_common_divisor(second, first % second) }
}

fn power_of_ten(exponent: u32) -> i128 {
    10_i128.pow(exponent)
}
