//! One number of the ledger as a manuscript prints it.

use restudy_ledger::{Ledger, PathError, Row, Stat};

use crate::analysis::{Form, Place, Reader, is_qualifier};
use crate::style::{NONE, Style};

/// The number that a path names, as a sentence of a manuscript holds it, with what belongs to it: an estimate with its
/// interval, a mean with its SD, a median with its quartiles, a count with its percentage.
///
/// | named | printed, in the style `three-decimals` |
/// |---|---|
/// | `score-performance/auc` | `0.905 (95% CI 0.836–0.975)` |
/// | `table-1/age/p_value` | `P = 0.354` |
/// | `table-1/age@RP-ILD/mean` | `54.86 ± 11.72` |
/// | `table-1/course@RP-ILD/median` | `2.00 (1.00, 2.75)` |
/// | `table-1/bacterial@RP-ILD/count` | `7 (33.3%)` |
///
/// `style` takes the place of the study's own house style. A number that does not exist is a dash with the reason.
///
/// # Errors
///
/// When the path names no number, or several.
pub fn cite(ledger: &Ledger, path: &str, style: Option<Style>) -> Result<String, PathError> {
    let row = ledger.find(path)?;
    let Some(mut reader) = Reader::new(ledger, &row.analysis) else {
        return Err(PathError::Malformed { path: path.to_owned() });
    };
    if let Some(style) = style {
        reader.style = style.rounding(reader.style.rounding_rule());
    }
    Ok(reader.cited(row))
}

impl<'a> Reader<'a> {
    fn cited(&self, row: &'a Row) -> String {
        let Some(value) = row.value.number() else {
            return row.reason.as_deref().map_or_else(|| NONE.to_owned(), |reason| format!("{NONE} ({reason})"));
        };
        let place = Place::of(row);
        let number = |stat| self.number(place, stat);
        let places = |spread: Option<f64>| self.cited_places(row, spread);
        match row.stat {
            Stat::Cutoff | Stat::Points => self.style.short(value),
            Stat::PValue | Stat::PAdjusted => self.style.p_in_words(value, self.analysis.alpha),
            Stat::Mean => {
                let sd = number(Stat::Sd);
                self.style.mean_sd(Some(value), sd, places(sd))
            }
            Stat::Median => {
                let (q1, q3) = (number(Stat::Q1), number(Stat::Q3));
                self.style.median_quartiles(Some(value), q1, q3, places(q1.zip(q3).map(|(q1, q3)| q3 - q1)))
            }
            Stat::Sd | Stat::Q1 | Stat::Q3 | Stat::Min | Stat::Max => {
                self.style.number(value, places(number(Stat::Sd)))
            }
            Stat::Count => match number(Stat::Proportion) {
                Some(proportion) => {
                    let percent = self.percent(Some(value), number(Stat::Denominator), proportion);
                    format!("{} ({percent}%)", self.style.tidy(value))
                }
                None => self.style.tidy(value),
            },
            stat => {
                let of = row.of.filter(|_| is_qualifier(stat) || matches!(stat, Stat::Optimism | Stat::Corrected));
                let limits = if is_qualifier(stat) { None } else { self.limits(place, stat) };
                self.in_words(value, limits, of.unwrap_or(stat))
            }
        }
    }

    /// An estimate with the name of its interval's level.
    fn in_words(&self, value: f64, limits: Option<(f64, f64)>, stat: Stat) -> String {
        let whole = |x: f64| !x.is_finite() || x.fract() == 0.0;
        let whole = whole(value) && limits.is_none_or(|(low, high)| whole(low) && whole(high));
        let form = Form::of(stat, if whole { 0 } else { 2 });
        let Some((low, high)) = limits else { return self.written(value, None, form) };
        let ci = self.confidence();
        match form {
            Form::Percent => {
                let interval = self.written(value, limits, form);
                interval.replacen('(', &format!("({ci}{}", self.style.after_ci()), 1)
            }
            Form::Ratio => self.style.with_interval(value, low, high, self.style.ratio_places([value, low, high]), &ci),
            Form::Coefficient => self.style.with_interval(value, low, high, self.style.coefficient_places(), &ci),
            Form::Places(places) => self.style.with_interval(value, low, high, places, &ci),
        }
    }

    /// The places of a mean or a quartile: those of its line in the comparison, else by the codebook and the spread.
    fn cited_places(&self, row: &Row, spread: Option<f64>) -> usize {
        match self.analysis.rows.iter().find(|line| line.variable == row.variable) {
            Some(line) => self.places(line),
            None => {
                let recorded = self.variable(&row.variable).and_then(|variable| variable.decimals);
                self.style.places(recorded.map(|decimals| decimals.saturating_add(1)), spread)
            }
        }
    }
}
