//! What a printed text is, and the numbers in it.

use super::date::Day;
use super::number::{Printed, Relation, Unreadable};
use super::words::count_from_word;

/// What a claim is: how its text is to be read, and what is asked of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// `54.86 ± 11.72`: mean and standard deviation.
    MeanSd,
    /// `2.00 (1.00, 2.75)`: median and quartiles.
    MedianQuartiles,
    /// `7 (33.3%)`: count and percentage.
    CountPercent,
    /// `33.3% (7)`: percentage and count.
    PercentCount,
    /// `8/13`: a count for each of several categories.
    Counts,
    /// `61`, `nine`: a count.
    Count,
    /// `0.354`, `< 0.001`, `NA`: a p-value.
    PValue,
    /// The same, adjusted within a family.
    PAdjusted,
    /// `≥ 2`: the cut-off of a test.
    Cutoff,
    /// `0.905`: the area under a ROC curve.
    Auc,
    /// `85.7%`: of those with the event, the share that is positive.
    Sensitivity,
    /// Of those without the event, the share that is negative.
    Specificity,
    /// Positive predictive value: of the positive, the share that has the event.
    Ppv,
    /// Negative predictive value: of the negative, the share that has not.
    Npv,
    /// The share that is told right.
    Accuracy,
    /// `-0.090`: a coefficient of correlation.
    Correlation,
    /// `2.31 (1.10, 4.85)`: an odds ratio, with its 95% interval where one is printed.
    OddsRatio,
    /// The same of a hazard ratio.
    HazardRatio,
    /// `2.54`: the statistic of a test.
    Statistic,
    /// `31 March 2021`.
    Date,
    /// `≥ 1 mg/kg/day`, `within 3 months`, `20 mm`: a measured amount and its unit.
    Quantity,
}

impl Kind {
    /// Every kind, with its name in a published record.
    pub(crate) const NAMES: [(&'static str, Self); 21] = [
        ("mean-sd", Self::MeanSd),
        ("median-quartiles", Self::MedianQuartiles),
        ("count-percent", Self::CountPercent),
        ("percent-count", Self::PercentCount),
        ("counts", Self::Counts),
        ("count", Self::Count),
        ("p-value", Self::PValue),
        ("p-adjusted", Self::PAdjusted),
        ("cutoff", Self::Cutoff),
        ("auc", Self::Auc),
        ("sensitivity", Self::Sensitivity),
        ("specificity", Self::Specificity),
        ("ppv", Self::Ppv),
        ("npv", Self::Npv),
        ("accuracy", Self::Accuracy),
        ("correlation", Self::Correlation),
        ("odds-ratio", Self::OddsRatio),
        ("hazard-ratio", Self::HazardRatio),
        ("statistic", Self::Statistic),
        ("date", Self::Date),
        ("quantity", Self::Quantity),
    ];

    /// The name in an audit, such as `mean_sd`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::MeanSd => "mean_sd",
            Self::MedianQuartiles => "median_quartiles",
            Self::CountPercent => "count_percent",
            Self::PercentCount => "percent_count",
            Self::Counts => "counts",
            Self::Count => "count",
            Self::PValue => "p_value",
            Self::PAdjusted => "p_adjusted",
            Self::Cutoff => "cutoff",
            Self::Auc => "auc",
            Self::Sensitivity => "sensitivity",
            Self::Specificity => "specificity",
            Self::Ppv => "ppv",
            Self::Npv => "npv",
            Self::Accuracy => "accuracy",
            Self::Correlation => "correlation",
            Self::OddsRatio => "odds_ratio",
            Self::HazardRatio => "hazard_ratio",
            Self::Statistic => "statistic",
            Self::Date => "date",
            Self::Quantity => "quantity",
        }
    }

    /// The numbers in a text of this kind.
    ///
    /// # Errors
    ///
    /// When the text is not of this kind; the error says what would be.
    pub fn read(self, text: &str) -> Result<Content, Unreadable> {
        let text = text.trim();
        match self {
            Self::MeanSd => mean_sd(text),
            Self::MedianQuartiles => median_quartiles(text),
            Self::CountPercent => count_percent(text),
            Self::PercentCount => percent_count(text),
            Self::Counts => counts(text),
            Self::Count => count(text).map(Content::Count),
            Self::PValue | Self::PAdjusted => p_value(text),
            Self::Cutoff => cutoff(text),
            Self::Auc | Self::Sensitivity | Self::Specificity | Self::Ppv | Self::Npv | Self::Accuracy => {
                proportion(text).map(Content::Proportion)
            }
            Self::Correlation => correlation(text),
            Self::OddsRatio | Self::HazardRatio => ratio(text),
            Self::Statistic => statistic(text),
            Self::Date => date(text),
            Self::Quantity => quantity(text),
        }
    }
}

/// A share, printed as a percentage or as a proportion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proportion {
    /// The number.
    pub printed: Printed,
    /// 100 for a percentage, 1 for a proportion.
    pub scale: u32,
}

/// The numbers in a printed text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// Mean and standard deviation.
    MeanSd {
        /// The mean.
        mean: Printed,
        /// The standard deviation, not negative.
        sd: Printed,
    },
    /// Median and quartiles.
    MedianQuartiles {
        /// The median.
        median: Printed,
        /// The lower quartile.
        q1: Printed,
        /// The upper quartile.
        q3: Printed,
    },
    /// Count and percentage, in either order.
    CountPercent {
        /// The count.
        count: u64,
        /// The percentage.
        percent: Printed,
    },
    /// A count for each category.
    Counts(Vec<u64>),
    /// One count.
    Count(u64),
    /// A p-value; none where the paper says that there is none.
    PValue(Option<Printed>),
    /// The cut-off of a test.
    Cutoff(Printed),
    /// A share.
    Proportion(Proportion),
    /// A coefficient of correlation, between −1 and 1.
    Correlation(Printed),
    /// A ratio of odds or hazards, with the limits of its interval where they are printed.
    Ratio {
        /// The estimate, positive.
        estimate: Printed,
        /// The lower and upper limit.
        interval: Option<(Printed, Printed)>,
    },
    /// The statistic of a test.
    Statistic(Printed),
    /// A day.
    Date(Day),
    /// An amount, such as a dose or a span of time.
    Quantity {
        /// The number.
        number: Printed,
        /// Its unit, in the paper's words; empty where none is printed.
        unit: String,
    },
}

/// Counts are of patients: a larger one is a slip of the keyboard, and would only make exact tests slow.
const MAX_COUNT: u64 = 1_000_000;

fn mean_sd(text: &str) -> Result<Content, Unreadable> {
    const EXPECTED: Unreadable =
        Unreadable { expected: "a mean and a standard deviation, such as 54.86 ± 11.72 or 54.86 (11.72)" };
    let (mean, sd) = ["±", "+/-", "+-"]
        .into_iter()
        .find_map(|sign| text.split_once(sign))
        .or_else(|| split_bracketed(text))
        .ok_or(EXPECTED)?;
    let (mean, sd) = (rounded(mean).ok_or(EXPECTED)?, rounded(sd).ok_or(EXPECTED)?);
    if sd.decimal().signum() < 0 {
        return Err(EXPECTED);
    }
    Ok(Content::MeanSd { mean, sd })
}

fn median_quartiles(text: &str) -> Result<Content, Unreadable> {
    const EXPECTED: Unreadable = Unreadable { expected: "a median and quartiles, such as 2.00 (1.00, 2.75)" };
    let (median, quartiles) = split_bracketed(text).ok_or(EXPECTED)?;
    let (q1, q3) = parted(quartiles).ok_or(EXPECTED)?;
    match (rounded(median), rounded(q1), rounded(q3)) {
        (Some(median), Some(q1), Some(q3)) => Ok(Content::MedianQuartiles { median, q1, q3 }),
        _ => Err(EXPECTED),
    }
}

fn count_percent(text: &str) -> Result<Content, Unreadable> {
    const EXPECTED: Unreadable = Unreadable { expected: "a count and a percentage, such as 7 (33.3%)" };
    let (whole, part) = split_bracketed(text).ok_or(EXPECTED)?;
    let count = count(whole).map_err(|_| EXPECTED)?;
    Ok(Content::CountPercent { count, percent: percentage(part).ok_or(EXPECTED)? })
}

fn percent_count(text: &str) -> Result<Content, Unreadable> {
    const EXPECTED: Unreadable = Unreadable { expected: "a percentage and a count, such as 33.3% (7)" };
    let (whole, part) = split_bracketed(text).ok_or(EXPECTED)?;
    let count = count(part).map_err(|_| EXPECTED)?;
    Ok(Content::CountPercent { count, percent: percentage(whole).ok_or(EXPECTED)? })
}

fn counts(text: &str) -> Result<Content, Unreadable> {
    const EXPECTED: Unreadable = Unreadable { expected: "a count for each category, such as 8/13" };
    let counts: Vec<u64> = text.split('/').map(|part| count(part).map_err(|_| EXPECTED)).collect::<Result<_, _>>()?;
    if counts.len() < 2 { Err(EXPECTED) } else { Ok(Content::Counts(counts)) }
}

fn count(text: &str) -> Result<u64, Unreadable> {
    const EXPECTED: Unreadable = Unreadable { expected: "a count of at most a million, such as 61 or nine" };
    let text = text.trim();
    let digits = without_thousands_commas(text).unwrap_or_else(|| text.to_owned());
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    let number = if plain { digits.parse().ok() } else { count_from_word(text) };
    number.filter(|count| *count <= MAX_COUNT).ok_or(EXPECTED)
}

fn p_value(text: &str) -> Result<Content, Unreadable> {
    const EXPECTED: Unreadable = Unreadable { expected: "a p-value, such as 0.354, < 0.001 or NA" };
    if matches!(text.to_lowercase().as_str(), "na" | "n/a" | "n.a." | "-" | "–" | "—") {
        return Ok(Content::PValue(None));
    }
    let text = text.strip_prefix(['p', 'P']).unwrap_or(text).trim_start();
    let text = text.strip_prefix('=').unwrap_or(text);
    Printed::parse(text).map(|printed| Content::PValue(Some(printed))).map_err(|_| EXPECTED)
}

fn cutoff(text: &str) -> Result<Content, Unreadable> {
    const EXPECTED: Unreadable = Unreadable { expected: "a cut-off with its sign, such as ≥ 2 or < 49.0%" };
    let number = Printed::parse(text.strip_suffix('%').unwrap_or(text)).map_err(|_| EXPECTED)?;
    if number.relation() == Relation::Rounded { Err(EXPECTED) } else { Ok(Content::Cutoff(number)) }
}

fn proportion(text: &str) -> Result<Proportion, Unreadable> {
    const EXPECTED: Unreadable = Unreadable { expected: "a percentage or a proportion, such as 85.7% or 0.857" };
    let (number, scale) = match text.strip_suffix('%') {
        Some(number) => (number, 100),
        None => (text, 1),
    };
    let printed = Printed::parse(number).map_err(|_| EXPECTED)?;
    Ok(Proportion { printed, scale })
}

fn correlation(text: &str) -> Result<Content, Unreadable> {
    const EXPECTED: Unreadable = Unreadable { expected: "a correlation between -1 and 1, such as -0.090" };
    let text = without_name(text, &["r", "R", "rho", "ρ"]);
    let number = rounded(text).ok_or(EXPECTED)?;
    if number.decimal().to_f64().abs() > 1.0 { Err(EXPECTED) } else { Ok(Content::Correlation(number)) }
}

fn ratio(text: &str) -> Result<Content, Unreadable> {
    const EXPECTED: Unreadable =
        Unreadable { expected: "a ratio, with its interval or alone, such as 2.31 (1.10, 4.85)" };
    let (estimate, interval) = match split_bracketed(text) {
        Some((estimate, limits)) => {
            let limits = limits.trim_start().trim_start_matches("95% CI").trim_start_matches([':', ',', ' ']);
            let (low, high) = parted(limits).ok_or(EXPECTED)?;
            (estimate, Some((rounded(low).ok_or(EXPECTED)?, rounded(high).ok_or(EXPECTED)?)))
        }
        None => (text, None),
    };
    let estimate = rounded(estimate).filter(|estimate| estimate.decimal().signum() >= 0).ok_or(EXPECTED)?;
    Ok(Content::Ratio { estimate, interval })
}

fn statistic(text: &str) -> Result<Content, Unreadable> {
    const EXPECTED: Unreadable = Unreadable { expected: "the statistic of a test, such as 2.54" };
    rounded(text).map(Content::Statistic).ok_or(EXPECTED)
}

fn date(text: &str) -> Result<Content, Unreadable> {
    const EXPECTED: Unreadable = Unreadable { expected: "a day, such as 31 March 2021 or 2021-03-31" };
    Day::parse(text).map(Content::Date).ok_or(EXPECTED)
}

fn quantity(text: &str) -> Result<Content, Unreadable> {
    const EXPECTED: Unreadable =
        Unreadable { expected: "an amount, such as ≥ 1 mg/kg/day, within 3 months or 20 mm" };
    // Words of comparison before an amount, for the sign that they stand for.
    const WORDS: [(&str, &str); 7] = [
        ("over ", "> "),
        ("more than ", "> "),
        ("at least ", "≥ "),
        ("under ", "< "),
        ("less than ", "< "),
        ("within ", "≤ "),
        ("up to ", "≤ "),
    ];
    let text = without_name(text, &["P", "p"]);
    let lower = text.to_lowercase();
    let (sign, rest) = WORDS
        .into_iter()
        .find(|(word, _)| lower.starts_with(word))
        .map_or(("", text), |(word, sign)| (sign, text.get(word.len()..).unwrap_or_default()));
    let (sign, rest) = match rest.char_indices().find(|(_, letter)| !"<>≤≥= ".contains(*letter)) {
        Some((start, _)) if sign.is_empty() => rest.split_at(start),
        _ => (sign, rest.trim_start()),
    };
    let end =
        rest.char_indices().find(|(_, letter)| !(letter.is_ascii_digit() || matches!(letter, '.' | '·' | '-' | '−')));
    let (digits, unit) = match rest.split_once(' ') {
        Some((word, unit)) if count_from_word(word).is_some() => {
            (count_from_word(word).unwrap_or_default().to_string(), unit)
        }
        _ => {
            let (digits, unit) = rest.split_at(end.map_or(rest.len(), |(end, _)| end));
            (digits.to_owned(), unit)
        }
    };
    let number = Printed::parse(&format!("{sign}{digits}")).map_err(|_| EXPECTED)?;
    Ok(Content::Quantity { number, unit: unit.trim().to_owned() })
}

/// The text without a name and an equals sign before it, as in `r = 0.36` and `P < 0.05`.
fn without_name<'t>(text: &'t str, names: &[&str]) -> &'t str {
    let named = names.iter().find_map(|name| {
        let rest = text.strip_prefix(name)?.trim_start();
        rest.starts_with(['=', '<', '>', '≤', '≥']).then_some(rest)
    });
    let rest = named.unwrap_or(text);
    rest.strip_prefix('=').unwrap_or(rest).trim_start()
}

fn percentage(text: &str) -> Option<Printed> {
    let text = text.trim();
    Printed::parse(text.strip_suffix('%').unwrap_or(text)).ok()
}

/// The two numbers of an interval or a pair of quartiles.
fn parted(text: &str) -> Option<(&str, &str)> {
    // Of the signs that part two numbers, the hyphen comes last: before a digit it may be a minus.
    [",", ";", " to ", "–", "—"].into_iter().find_map(|sign| text.split_once(sign)).or_else(|| {
        let hyphen = text.char_indices().skip(1).find(|(_, letter)| *letter == '-')?.0;
        Some((&text[..hyphen], &text[hyphen + 1..]))
    })
}

/// A number without a sign of comparison.
fn rounded(text: &str) -> Option<Printed> {
    Printed::parse(text).ok().filter(|number| number.relation() == Relation::Rounded)
}

/// The parts of `whole (part)` or `whole [part]`.
fn split_bracketed(text: &str) -> Option<(&str, &str)> {
    [('(', ')'), ('[', ']')].into_iter().find_map(|(open, close)| text.strip_suffix(close)?.split_once(open))
}

/// `1,234` as `1234`; none when the commas do not part groups of three digits.
fn without_thousands_commas(text: &str) -> Option<String> {
    let mut groups = text.split(',');
    let first = groups.next()?;
    let grouped = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
    grouped.then(|| text.replace(',', ""))
}
