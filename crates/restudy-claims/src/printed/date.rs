//! Days of the calendar, as far as papers need them: read, and counted between.

use std::fmt;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day {
    year: i32,
    /// From 1.
    month: u32,
    /// From 1.
    day: u32,
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

impl Day {
    /// Reads `31 March 2021`, `March 31, 2021` or `2021-03-31`; none when the text is anything else, or no such day
    /// exists.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let parts: Vec<&str> = text
            .split(|letter: char| letter.is_whitespace() || matches!(letter, ',' | '-'))
            .filter(|part| !part.is_empty())
            .collect();
        let [first, second, third] = parts.as_slice() else { return None };
        let named = |word: &str| {
            let long_enough = word.len() >= 3 && word.is_ascii();
            let month = MONTHS.iter().position(|name| {
                long_enough && name.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
            })?;
            u32::try_from(month + 1).ok()
        };
        let (year, month, day) = match (named(first), named(second)) {
            (Some(month), _) => (*third, month, *second),
            (None, Some(month)) => (*third, month, *first),
            (None, None) => (*first, second.parse().ok()?, *third),
        };
        if year.len() != 4 {
            return None;
        }
        let day = Self { year: year.parse().ok()?, month, day: day.parse().ok()? };
        let exists = (1..=12).contains(&day.month) && (1..=days_in(day.year, day.month)).contains(&day.day);
        exists.then_some(day)
    }

    /// How many days from `self` to `later`; negative when `later` is earlier.
    #[must_use]
    pub fn days_until(self, later: Self) -> i64 {
        later.number() - self.number()
    }

    /// Days since a fixed one long ago.
    fn number(self) -> i64 {
        let years = i64::from(self.year - 1);
        let leap_days = years.div_euclid(4) - years.div_euclid(100) + years.div_euclid(400);
        let months: u32 = (1..self.month).map(|month| days_in(self.year, month)).sum();
        years * 365 + leap_days + i64::from(months) + i64::from(self.day)
    }
}

fn days_in(year: i32, month: u32) -> u32 {
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}
