//! How numbers look: the only place where anything is rounded.
//!
//! A house style says how p-values, percentages and summaries are written; the rounding rule comes from the study's
//! conventions. Both are decided on exact values, once, and never on text that was rounded before.

use std::cmp::Ordering;

use restudy_ledger::Ledger;

use crate::decimal::{Expansion, Rounding};

/// U+2212, as wide as a plus and never broken from its number.
const MINUS: char = '\u{2212}';

/// U+00B7, the decimal mark of *The Lancet*.
pub(crate) const RAISED_POINT: char = '\u{b7}';

/// What stands where there is no number.
pub(crate) const NONE: &str = "—";

/// The most places that a summary is written with.
const MOST_PLACES: usize = 8;

/// The most places that a p-value below the threshold gets so that it prints below the threshold.
const MOST_P_PLACES: usize = 6;

/// A house style with the rounding rule of a study.
///
/// | | `three-decimals` | `two-significant` | `ama`, `jama` | `nejm` | `lancet` |
/// |---|---|---|---|---|---|
/// | p | 3 places | 2 significant digits, at most 4 places | 2 places; 3 below .01 | 2 places; 3 below 0.01 | 2 significant digits, at most 4 places |
/// | smallest p | `< 0.001` | `< 0.0001` | `<.001` | `<0.001` | `<0·0001` |
/// | largest p | `1.000` | `> 0.99` | `>.99` | `>0.99` | `>0·99` |
/// | its letter in a sentence | `P = 0.354` | `P = 0.35` | `P=.35` | `P=0.35` | `p=0·35` |
/// | quartiles | `2.00 (1.00, 2.75)` | `2.00 (1.00, 2.75)` | `2.00 (1.00–2.75)` | `2.00 (1.00–2.75)` | `2·00 (1·00–2·75)` |
/// | interval | `(95% CI 0.84–0.97)` | `(95% CI 0.84–0.97)` | `(95% CI, 0.84-0.97)` | `(95% CI, 0.84 to 0.97)` | `(95% CI 0·84–0·97)` |
/// | percent | 1 place | 1 place | by patients: < 100 none, < 1000 one, else two | 1 place | 1 place |
/// | places of an area, a correlation | 3 | 2 | 2 | 2 | 2 |
/// | places of a mean or quartile, unless the codebook says | 2, more for a small spread | by spread | by spread | by spread | by spread |
///
/// `default` is another name of `three-decimals`.
///
/// In each of them a p-value below the threshold of significance never prints as the threshold or above: it is given
/// more places, up to six, and past that it is written `< 0.05`.
///
/// "By spread" means that the smallest standard deviation (or interquartile range) of the line is written with three
/// significant digits: 57.7 ± 11.1, 0.446 ± 0.142. `three-decimals` gives two places, and as many more as that spread
/// needs for two significant digits: 57.70 ± 11.06, 0.0312 ± 0.0021.
///
/// ```
/// use restudy_report::{Rounding, Style};
///
/// let paper = Style::default();
/// assert_eq!(paper.p_value(0.35386, 0.05), "0.354");
/// assert_eq!(paper.p_value(0.0496, 0.05), "0.0496");
/// assert_eq!(paper.number(0.125, 2), "0.13");
/// assert_eq!(paper.rounding(Rounding::HalfToEven).number(0.125, 2), "0.12");
/// assert_eq!(Style::named("ama").map(|ama| ama.p_value(0.35386, 0.05)), Some(".35".to_owned()));
/// ```
///
/// Sources: `three-decimals` is how SPSS prints and how many clinical papers follow it; `two-significant` is the
/// guidance of *The Lancet* for p-values; `ama` follows the *AMA Manual of Style*, 11th edition (2020), and JMIR's
/// guide built on it; `nejm` follows what the *New England Journal of Medicine* asks of
/// authors and prints (P to two places above 0.01, three above 0.001); `lancet` adds to `two-significant` the raised point
/// and the dash of that journal's own pages.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    house: &'static House,
    rounding: Rounding,
}

#[derive(Debug)]
struct House {
    name: &'static str,
    /// Below this a p-value is only said to be below it.
    smallest_p: f64,
    /// Above this a p-value is only said to be above it.
    largest_p: f64,
    p_places: PPlaces,
    leading_zero: bool,
    /// Between `<` and the bound.
    space: &'static str,
    percent_places: fn(usize) -> usize,
    quartiles: Quartiles,
    least_places: usize,
    spread_digits: usize,
    /// The mark before the places.
    point: char,
    /// The letter of a p-value in a sentence.
    p_letter: &'static str,
    interval: Interval,
    /// Between `95% CI` and the limits.
    after_ci: &'static str,
    /// Of an area under a curve, a correlation.
    coefficient_places: usize,
}

/// What stands between the limits of an interval. A mark that looks like a minus gives way to `to` beside a negative
/// limit.
#[derive(Clone, Copy, Debug)]
enum Interval {
    Dash,
    Hyphen,
    To,
}

#[derive(Clone, Copy, Debug)]
enum PPlaces {
    /// So many, always.
    Fixed(usize),
    /// So many significant digits, but no more than so many places.
    Significant { digits: usize, most: usize },
    /// Two, and three below .01.
    Ama,
}

#[derive(Clone, Copy, Debug)]
enum Quartiles {
    /// `(1.00, 2.75)`
    Comma,
    /// `(1.00–2.75)`, and `(−1.00 to 2.75)` where a dash would meet a minus.
    Dash,
}

const THREE_DECIMALS: House = House {
    name: "three-decimals",
    smallest_p: 0.001,
    largest_p: f64::INFINITY,
    p_places: PPlaces::Fixed(3),
    leading_zero: true,
    space: " ",
    percent_places: |_| 1,
    quartiles: Quartiles::Comma,
    least_places: 2,
    spread_digits: 2,
    point: '.',
    p_letter: "P",
    interval: Interval::Dash,
    after_ci: " ",
    coefficient_places: 3,
};

const TWO_SIGNIFICANT: House = House {
    name: "two-significant",
    smallest_p: 0.0001,
    largest_p: 0.99,
    p_places: PPlaces::Significant { digits: 2, most: 4 },
    least_places: 0,
    spread_digits: 3,
    coefficient_places: 2,
    ..THREE_DECIMALS
};

const AMA: House = House {
    name: "ama",
    smallest_p: 0.001,
    largest_p: 0.99,
    p_places: PPlaces::Ama,
    leading_zero: false,
    space: "",
    percent_places: |patients| match patients {
        0..100 => 0,
        100..1000 => 1,
        _ => 2,
    },
    quartiles: Quartiles::Dash,
    interval: Interval::Hyphen,
    after_ci: ", ",
    ..TWO_SIGNIFICANT
};

const HOUSES: [House; 6] = [
    THREE_DECIMALS,
    TWO_SIGNIFICANT,
    AMA,
    House { name: "jama", ..AMA },
    House { name: "nejm", leading_zero: true, percent_places: |_| 1, interval: Interval::To, ..AMA },
    House {
        name: "lancet",
        space: "",
        quartiles: Quartiles::Dash,
        point: RAISED_POINT,
        p_letter: "p",
        ..TWO_SIGNIFICANT
    },
];

impl Default for Style {
    /// `three-decimals`, halves away from zero.
    fn default() -> Self {
        let [house, ..] = &HOUSES;
        Self { house, rounding: Rounding::default() }
    }
}

impl PartialEq for Style {
    fn eq(&self, other: &Self) -> bool {
        self.house.name == other.house.name && self.rounding == other.rounding
    }
}

impl Style {
    /// The names that [`Style::named`] knows.
    pub const NAMES: &'static [&'static str] = &["three-decimals", "two-significant", "ama", "jama", "nejm", "lancet"];

    /// The house style of that name, halves rounded away from zero.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let name = if name == "default" { THREE_DECIMALS.name } else { name };
        HOUSES.iter().find(|house| house.name == name).map(|house| Self { house, rounding: Rounding::default() })
    }

    /// The style that a ledger asks for: its house style and its convention `rounding`.
    ///
    /// A name that is not known is read as the default; the pages say so.
    #[must_use]
    pub fn of(ledger: &Ledger) -> Self {
        let rounding = ledger.convention("rounding").and_then(Rounding::named).unwrap_or_default();
        Self::named(&ledger.study.style).unwrap_or_default().rounding(rounding)
    }

    /// The same house style with that rounding rule.
    #[must_use]
    pub fn rounding(self, rounding: Rounding) -> Self {
        Self { rounding, ..self }
    }

    /// The rule for numbers halfway between two printable ones.
    #[must_use]
    pub fn rounding_rule(&self) -> Rounding {
        self.rounding
    }

    /// What stands between `95% CI` and the limits.
    pub(crate) fn after_ci(&self) -> &'static str {
        self.house.after_ci
    }

    /// The name of the house style.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.house.name
    }

    /// A number with that many places, its minus a typographic one; −0.001 with two places is `0.00`.
    #[must_use]
    pub fn number(&self, x: f64, places: usize) -> String {
        match Expansion::of(x) {
            // Nobody reads three hundred digits.
            Some(_) if x.abs() >= 1e15 => self.pointed(format!("{x:e}").replace('-', &MINUS.to_string())),
            Some(exact) => self.pointed(signed(x, &exact.round(places, self.rounding))),
            None => not_finite(x),
        }
    }

    /// A number with so many significant digits, at least one; whole digits are never dropped: 12345 to three digits
    /// is `12345`.
    #[must_use]
    pub fn significant(&self, x: f64, digits: usize) -> String {
        let places = Expansion::of(x).map_or(0, |exact| significant_places(&exact, digits, self.rounding));
        self.number(x, places)
    }

    /// A number that is usually whole or a half, such as a count, a rank sum, degrees of freedom: all its digits if
    /// they are at most one place, else two places.
    #[must_use]
    pub fn tidy(&self, x: f64) -> String {
        let places = match (x.fract() == 0.0, (2.0 * x).fract() == 0.0) {
            (true, _) => 0,
            (_, true) => 1,
            _ => 2,
        };
        self.number(x, places)
    }

    /// `At 12 months`, `At 1 month`
    pub(crate) fn at_time(&self, time: f64, unit: Option<&str>) -> String {
        const SEVERAL: [&str; 6] = ["seconds", "hours", "days", "weeks", "months", "years"];
        match unit {
            Some(unit) if time == 1.0 && SEVERAL.contains(&unit) => format!("At 1 {}", unit.trim_end_matches('s')),
            Some(unit) => format!("At {} {unit}", self.tidy(time)),
            None => format!("At {}", self.tidy(time)),
        }
    }

    /// A number with the fewest digits that read back to it, such as a threshold: 0.45, 49, at most six places.
    #[must_use]
    pub fn short(&self, x: f64) -> String {
        let rounded = self.number(x, 6);
        match rounded.contains(self.house.point) && !rounded.contains('e') {
            true => rounded.trim_end_matches('0').trim_end_matches(self.house.point).to_owned(),
            false => rounded,
        }
    }

    /// A p-value, where `threshold` is the level of significance that rounding must not cross.
    #[must_use]
    pub fn p_value(&self, p: f64, threshold: f64) -> String {
        let house = self.house;
        let Some(exact) = Expansion::of(p).filter(|_| p >= 0.0) else {
            return self.number(p, 3);
        };
        if p < house.smallest_p {
            return self.bound('<', house.smallest_p);
        }
        if p > house.largest_p && p <= 1.0 {
            return self.bound('>', house.largest_p);
        }
        let places = match house.p_places {
            PPlaces::Fixed(places) => places,
            PPlaces::Significant { digits, most } => significant_places(&exact, digits, self.rounding).min(most),
            PPlaces::Ama if p < 0.01 => 3,
            PPlaces::Ama => 2,
        };
        if p.partial_cmp(&threshold) != Some(Ordering::Less) {
            return self.bare(exact.round(places, self.rounding).text());
        }
        let below = |text: &String| text.parse::<f64>().is_ok_and(|printed| printed < threshold);
        (places..=MOST_P_PLACES.max(places))
            .map(|places| exact.round(places, self.rounding).text())
            .find(below)
            .map_or_else(|| self.bound('<', threshold), |text| self.bare(text))
    }

    /// The threshold of significance itself, in its shortest form.
    pub(crate) fn threshold(&self, alpha: f64) -> String {
        self.bare(alpha.to_string())
    }

    /// A percentage, without its sign, of `count` out of `of` patients, decided on that fraction itself and not on the
    /// double nearest to it: 143 of 2000 is exactly 7.15 %. `patients` is the size of the study, which rules the
    /// places in some styles.
    #[must_use]
    pub fn percent(&self, count: u64, of: u64, patients: usize) -> String {
        if of == 0 {
            return NONE.to_owned();
        }
        let places = (self.house.percent_places)(patients);
        let scale = 10_u128.pow(places as u32);
        let numerator = u128::from(count) * 100 * scale;
        let (mut whole, rest) = (numerator / u128::from(of), numerator % u128::from(of));
        if self.rounding.up(whole % 2 == 1, (2 * rest).cmp(&u128::from(of))) {
            whole += 1;
        }
        if places == 0 {
            whole.to_string()
        } else {
            self.pointed(format!("{}.{:0places$}", whole / scale, whole % scale))
        }
    }

    /// A percentage, without its sign, of a proportion that is not a plain fraction, such as a confidence limit.
    #[must_use]
    pub fn percent_of(&self, proportion: f64, patients: usize) -> String {
        let places = (self.house.percent_places)(patients);
        Expansion::of(proportion).map_or_else(
            || not_finite(proportion),
            |exact| self.pointed(signed(proportion, &exact.percent().round(places, self.rounding))),
        )
    }

    /// `54.86 ± 11.72`; a dash for what does not exist.
    #[must_use]
    pub fn mean_sd(&self, mean: Option<f64>, sd: Option<f64>, places: usize) -> String {
        match mean {
            None => NONE.to_owned(),
            Some(_) => format!("{} ± {}", self.or_none(mean, places), self.or_none(sd, places)),
        }
    }

    /// `2.00 (1.00, 2.75)`, or with a dash between the quartiles, as the house has it.
    #[must_use]
    pub fn median_quartiles(&self, median: Option<f64>, q1: Option<f64>, q3: Option<f64>, places: usize) -> String {
        if median.is_none() {
            return NONE.to_owned();
        }
        let between = match self.house.quartiles {
            Quartiles::Comma => ", ",
            Quartiles::Dash if [q1, q3].into_iter().flatten().any(|quartile| quartile < 0.0) => " to ",
            Quartiles::Dash => "–",
        };
        let [median, q1, q3] = [median, q1, q3].map(|value| self.or_none(value, places));
        format!("{median} ({q1}{between}{q3})")
    }

    /// How the label of a line of quartiles says so.
    pub(crate) fn quartile_words(&self) -> &'static str {
        match self.house.quartiles {
            Quartiles::Comma => "median (Q1, Q3)",
            Quartiles::Dash => "median (IQR)",
        }
    }

    /// What those words mean.
    pub(crate) fn quartile_note(&self) -> &'static str {
        match self.house.quartiles {
            Quartiles::Comma => "Q1 and Q3, lower and upper quartile",
            Quartiles::Dash => "IQR, interquartile range, from the lower to the upper quartile",
        }
    }

    /// An interval: `−8.99 to 3.31`.
    #[must_use]
    pub fn interval(&self, low: f64, high: f64, places: usize) -> String {
        format!("{} to {}", self.number(low, places), self.number(high, places))
    }

    /// The limits of an interval as the house joins them: `0.84–0.97`, `0.84 to 0.97`; `to` wherever a limit is negative.
    #[must_use]
    pub fn limits(&self, low: f64, high: f64, places: usize) -> String {
        self.joined(&self.number(low, places), &self.number(high, places), low < 0.0 || high < 0.0)
    }

    /// Two limits, written already.
    pub(crate) fn joined(&self, low: &str, high: &str, negative: bool) -> String {
        let between = match self.house.interval {
            _ if negative => " to ",
            Interval::To => " to ",
            Interval::Dash => "–",
            Interval::Hyphen => "-",
        };
        format!("{low}{between}{high}")
    }

    /// A number with its interval in a sentence: `0.905 (95% CI 0.836–0.975)`. `confidence` is how the level is called,
    /// such as `95% CI`.
    #[must_use]
    pub fn with_interval(&self, x: f64, low: f64, high: f64, places: usize, confidence: &str) -> String {
        let (x, limits) = (self.number(x, places), self.limits(low, high, places));
        format!("{x} ({confidence}{}{limits})", self.house.after_ci)
    }

    /// A p-value in a sentence: `P = 0.354`, `p<0·0001`.
    #[must_use]
    pub fn p_in_words(&self, p: f64, threshold: f64) -> String {
        let House { p_letter, space, .. } = self.house;
        let text = self.p_value(p, threshold);
        if text.starts_with(['<', '>']) {
            format!("{p_letter}{space}{text}")
        } else {
            format!("{p_letter}{space}={space}{text}")
        }
    }

    /// The places of an area under a curve or a correlation.
    #[must_use]
    pub fn coefficient_places(&self) -> usize {
        self.house.coefficient_places
    }

    /// The places of a ratio and its limits: two, and as many more, up to four, as the smallest needs for two significant
    /// digits.
    #[must_use]
    pub fn ratio_places(&self, numbers: impl IntoIterator<Item = f64>) -> usize {
        let smallest = numbers.into_iter().filter(|number| *number > 0.0).min_by(f64::total_cmp);
        let exact = smallest.and_then(Expansion::of);
        exact.map_or(2, |exact| significant_places(&exact, 2, self.rounding)).clamp(2, 4)
    }

    /// The places of a line whose groups have these spreads (standard deviations or interquartile ranges), by the
    /// house's rule; `places` wins where the values themselves say.
    #[must_use]
    pub fn places(&self, places: Option<u8>, spreads: impl IntoIterator<Item = f64>) -> usize {
        if let Some(places) = places {
            return usize::from(places);
        }
        let smallest = spreads.into_iter().filter(|spread| *spread > 0.0).min_by(f64::total_cmp);
        let exponent = smallest.and_then(Expansion::of).and_then(|exact| exact.exponent());
        let needed = exponent.map_or(0, |exponent| self.house.spread_digits as i32 - 1 - exponent);
        usize::try_from(needed).unwrap_or(0).max(self.house.least_places).min(MOST_PLACES)
    }

    fn or_none(&self, x: Option<f64>, places: usize) -> String {
        x.map_or_else(|| NONE.to_owned(), |x| self.number(x, places))
    }

    /// `< 0.001`: the bound in its shortest form.
    fn bound(&self, sign: char, bound: f64) -> String {
        format!("{sign}{}{}", self.house.space, self.bare(bound.to_string()))
    }

    /// Without the zero before the point, in houses that leave it out.
    fn bare(&self, text: String) -> String {
        match text.strip_prefix("0.") {
            Some(places) if !self.house.leading_zero => format!(".{places}"),
            _ => self.pointed(text),
        }
    }

    /// With the house's decimal mark.
    fn pointed(&self, text: String) -> String {
        match self.house.point {
            '.' => text,
            point => text.replacen('.', &point.to_string(), 1),
        }
    }
}

fn signed(x: f64, rounded: &Expansion) -> String {
    let sign = if x < 0.0 && !rounded.is_zero() { MINUS.to_string() } else { String::new() };
    sign + &rounded.text()
}

fn not_finite(x: f64) -> String {
    match x.partial_cmp(&0.0) {
        Some(Ordering::Less) => format!("{MINUS}∞"),
        Some(_) => "∞".to_owned(),
        None => NONE.to_owned(),
    }
}

/// The places that give so many significant digits. A number that rounds up to the next power of ten (0.0996 to two
/// digits: 0.10) needs one place less than its own first digit says.
fn significant_places(exact: &Expansion, digits: usize, rounding: Rounding) -> usize {
    let places = |exponent: i32| usize::try_from(digits.max(1) as i32 - 1 - exponent).unwrap_or(0);
    let Some(exponent) = exact.exponent() else {
        return digits.saturating_sub(1);
    };
    match exact.round(places(exponent), rounding).exponent() {
        Some(carried) if carried > exponent => places(carried),
        _ => places(exponent),
    }
}
