//! What the grid of the values allows: means, standard deviations and quartiles of values that are recorded to a unit.
//!
//! Ages in whole years have a whole sum, so that a mean of 21 of them is a multiple of 1/21 (GRIM: Brown and Heathers,
//! Social Psychological and Personality Science 8 (2017) 363–369). The sum of their squares is whole too, and even when
//! the sum is, which few standard deviations meet (GRIMMER: Anaya, PeerJ Preprints 4 (2016) e2400v1). A quartile lies
//! at a known part of the way between two values, by a rule that packages do not agree on.

use restudy_ledger::{Excluded, Finding};

use super::desk::{Desk, Ruling};
use super::inference::{self, Candidate};
use super::range::Range;
use super::say;
use crate::printed::{Content, Printed};
use crate::record::{Cell, ClaimIndex, Table};

/// How many sums, or sums of squares, are tried: with more the grid is finer than the print and says nothing.
const MOST_TRIED: f64 = 4096.0;

/// Judges the means and quartiles of a table's rows whose grid is declared.
pub(super) fn audit(desk: &mut Desk<'_>, table: &Table) {
    let mut quartiles = Vec::new();
    for row in &table.rows {
        let Some(unit) = desk.record.variable(&row.id).and_then(|variable| variable.grid()) else { continue };
        for cell in &row.cells {
            match *desk.content(cell.claim) {
                Content::MeanSd { mean, sd } => judge_mean(desk, cell, mean, sd, unit.to_f64()),
                Content::MedianQuartiles { median, q1, q3 } => {
                    let printed = [(0.25, q1), (0.5, median), (0.75, q3)];
                    quartiles.push(Quartiles { claim: cell.claim, n: cell.n, unit: unit.to_f64(), printed });
                }
                _ => {}
            }
        }
    }
    judge_quartiles(desk, table, &quartiles);
}

/// A mean and standard deviation of values on a grid.
fn judge_mean(desk: &mut Desk<'_>, cell: &Cell, mean: Printed, sd: Printed, unit: f64) {
    let n = cell.n as f64;
    if cell.n < 2 || desk.is_impossible(cell.claim) {
        return;
    }
    let (first, last) = Range::printing(mean).whole_units(unit / n);
    let step = unit_words(unit);
    if first > last {
        let nearest = [first - 1.0, first].map(|sum| say::decimals(sum * unit / n, mean.decimal().decimals() + 1));
        let how = format!(
            "{} values that are multiples of {step} have a mean that is a multiple of {step}/{}: the nearest are {}",
            cell.n,
            cell.n,
            say::list(&nearest)
        );
        let sentence = format!("{} is a mean of {mean}, but {how}.", desk.place(cell.claim));
        let prints = |sum: f64| say::decimals(sum * unit / n, mean.decimal().decimals());
        let repair = format!("print a mean of {} or {}", prints(first - 1.0), prints(first));
        desk.conflict(&[cell.claim], sentence, Some(repair));
        desk.rule(cell.claim, Ruling::impossible(how));
        return;
    }
    // As many sums as the print has room for, or more: any mean prints so.
    if last - first > MOST_TRIED || last > first {
        return;
    }
    let sum = first;
    let shown = format!(
        "{}/{} = {}",
        say::decimals(sum * unit, 0),
        cell.n,
        say::decimals(sum * unit / n, mean.decimal().decimals() + 1)
    );
    let Some(squares) = squares(sum, n, unit, sd) else { return };
    if squares {
        let how = format!(
            "of values that are multiples of {step} the mean is {shown}, and a sum of squares gives the deviation"
        );
        if desk.is_open(cell.claim) {
            desk.rule(cell.claim, Ruling::consistent(how));
        }
    } else {
        let how = format!(
            "values that are multiples of {step} with a mean of {shown} have no sum of squares, even or odd as their sum, \
             that gives a standard deviation of {sd}"
        );
        let sentence = format!("{}: {how}.", desk.place(cell.claim));
        desk.conflict(&[cell.claim], sentence, None);
        desk.rule(cell.claim, Ruling::impossible(how));
    }
}

/// Whether a sum of squares of the parity of the sum gives the deviation, with n − 1 or n as its divisor; none where so
/// many do that it says nothing.
fn squares(sum: f64, n: f64, unit: f64, sd: Printed) -> Option<bool> {
    let sd = Range::printing(sd).within(0.0, f64::INFINITY)?;
    let mut found = false;
    for divisor in [n - 1.0, n] {
        let square = |sd: f64| divisor * (sd / unit).powi(2) + sum * sum / n;
        let (first, last) = Range { low: square(sd.low), high: square(sd.high) }.whole_units(1.0);
        // Two whole numbers in a row have one of either parity.
        if last - first >= 1.0 {
            return if last - first > MOST_TRIED { None } else { Some(true) };
        }
        found |= first <= last && (first - sum).rem_euclid(2.0) == 0.0;
    }
    Some(found)
}

fn unit_words(unit: f64) -> String {
    say::number(unit).trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Median and quartiles of values on a grid.
struct Quartiles {
    claim: ClaimIndex,
    n: u64,
    unit: f64,
    printed: [(f64, Printed); 3],
}

/// A rule by which a quartile is taken from sorted values: its rank for n values is `(n + spread)·p + shift`.
struct QuartileRule {
    name: &'static str,
    spread: f64,
    shift: f64,
    between: Between,
}

/// What becomes of a rank that is no whole number.
#[derive(Clone, Copy)]
enum Between {
    /// The values on both sides are weighted.
    Weighted,
    /// The next value; of a whole rank, the mean of it and the next (type 2).
    NextOrMean,
    /// The next value (type 1).
    Next,
}

const QUARTILE_RULES: [QuartileRule; 8] = [
    QuartileRule {
        name: "rank (n + 1)p, type 6 (SPSS, Prism, Minitab)",
        spread: 1.0,
        shift: 0.0,
        between: Between::Weighted,
    },
    QuartileRule {
        name: "rank (n − 1)p + 1, type 7 (R, NumPy, Excel)",
        spread: -1.0,
        shift: 1.0,
        between: Between::Weighted,
    },
    QuartileRule {
        name: "the value at np, averaged where that is whole, type 2 (SAS, Stata)",
        spread: 0.0,
        shift: 0.0,
        between: Between::NextOrMean,
    },
    QuartileRule { name: "the value at np, type 1", spread: 0.0, shift: 0.0, between: Between::Next },
    QuartileRule { name: "rank np, type 4", spread: 0.0, shift: 0.0, between: Between::Weighted },
    QuartileRule { name: "rank np + 1/2, type 5", spread: 0.0, shift: 0.5, between: Between::Weighted },
    QuartileRule {
        name: "rank (n + 1/3)p + 1/3, type 8",
        spread: 1.0 / 3.0,
        shift: 1.0 / 3.0,
        between: Between::Weighted,
    },
    QuartileRule { name: "rank (n + 1/4)p + 3/8, type 9", spread: 0.25, shift: 0.375, between: Between::Weighted },
];

impl QuartileRule {
    /// The rank below the quartile, from 1, and the weight of the next value, in sixteenths and twenty-fourths at most.
    fn position(&self, p: f64, n: u64) -> (u64, f64) {
        let n_values = n as f64;
        let rank = (n_values + self.spread) * p + self.shift;
        // No rule has a finer fraction than this.
        let rank = (rank * 48.0).round() / 48.0;
        let (whole, part) = (rank.floor(), rank.fract());
        let weight = match self.between {
            Between::Weighted => part,
            Between::NextOrMean => {
                if part == 0.0 {
                    0.5
                } else {
                    1.0
                }
            }
            Between::Next => {
                if part == 0.0 {
                    0.0
                } else {
                    1.0
                }
            }
        };
        let (whole, weight) = if weight == 1.0 { (whole + 1.0, 0.0) } else { (whole, weight) };
        if whole < 1.0 {
            (1, 0.0)
        } else if whole >= n_values {
            (n, 0.0)
        } else {
            (whole as u64, weight)
        }
    }

    /// The grid of the quartile itself: a unit shared by the two values' weights.
    fn unit(&self, p: f64, n: u64, unit: f64) -> f64 {
        let (_, weight) = self.position(p, n);
        let parts = [1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0, 24.0, 48.0];
        let fits = |parts: &&f64| ((weight * **parts).round() - weight * **parts).abs() < 1e-9;
        unit / parts.iter().find(fits).copied().unwrap_or(48.0)
    }

    fn attains(&self, p: f64, n: u64, unit: f64, printed: Printed) -> bool {
        let (first, last) = Range::printing(printed).whole_units(self.unit(p, n, unit));
        first <= last
    }

    fn attains_all(&self, quartiles: &Quartiles) -> bool {
        quartiles.printed.iter().all(|(p, printed)| self.attains(*p, quartiles.n, quartiles.unit, *printed))
    }
}

/// The largest number of patients that can have a value of at most `limit`, when their lower quartile prints so: the
/// first patient above rank and weight must lie beyond it.
pub(super) fn most_at_most(limit: f64, p: f64, n: u64, printed: Printed) -> u64 {
    // Whatever the rule, the quartile is at most the value after its rank; were that at most the limit, so were the
    // quartile.
    if Range::printing(printed).low <= limit {
        return n;
    }
    let after = |rule: &QuartileRule| {
        let (rank, weight) = rule.position(p, n);
        if weight > 0.0 { rank } else { rank.saturating_sub(1) }
    };
    QUARTILE_RULES.iter().map(after).max().unwrap_or(n)
}

/// Which quartile rule gives quartiles of values on a grid; the candidates are the rules.
fn judge_quartiles(desk: &mut Desk<'_>, table: &Table, quartiles: &[Quartiles]) {
    let fits: Vec<Vec<bool>> =
        QUARTILE_RULES.iter().map(|rule| quartiles.iter().map(|cell| rule.attains_all(cell)).collect()).collect();
    // What every rule attains, or none, does not tell them apart.
    let telling: Vec<usize> = (0..quartiles.len())
        .filter(|cell| fits.iter().any(|rule| rule[*cell]) && fits.iter().any(|rule| !rule[*cell]))
        .collect();
    let candidates: Vec<Candidate> = QUARTILE_RULES
        .iter()
        .zip(&fits)
        .map(|(rule, fits)| Candidate {
            name: rule.name.to_owned(),
            explains: telling.iter().map(|cell| fits[*cell]).collect(),
        })
        .collect();
    let claims: Vec<String> = telling.iter().map(|cell| desk.id(quartiles[*cell].claim).to_owned()).collect();
    let mut best = 0;
    if !claims.is_empty() {
        let question = format!("{}: how the quartiles were taken", table.label);
        let (finding, chosen) = inference::infer(
            &question,
            &claims,
            &candidates,
            ("summary whose grid tells the rules apart", "summaries whose grid tells the rules apart"),
        );
        best = chosen;
        desk.find(finding);
    }
    for (cell, quartile) in quartiles.iter().enumerate() {
        if !desk.is_open(quartile.claim) {
            continue;
        }
        let rule = &QUARTILE_RULES[best];
        let any = fits.iter().position(|rule| rule[cell]);
        if fits[best][cell] {
            let how = ranks(rule, quartile);
            desk.rule(quartile.claim, Ruling::consistent(how));
        } else if let Some(other) = any {
            let how =
                format!("{}; most others are explained by {}", ranks(&QUARTILE_RULES[other], quartile), rule.name);
            desk.rule(quartile.claim, Ruling::consistent(how));
        } else {
            unattained(desk, quartile);
        }
    }
}

/// A cell that no rule gives.
fn unattained(desk: &mut Desk<'_>, quartiles: &Quartiles) {
    let names = ["lower quartile", "median", "upper quartile"];
    let missed = names.iter().zip(&quartiles.printed).find(|(_, (p, printed))| {
        !QUARTILE_RULES.iter().any(|rule| rule.attains(*p, quartiles.n, quartiles.unit, *printed))
    });
    let step = unit_words(quartiles.unit);
    let Some((name, (_, printed))) = missed else {
        // Each part is attained by some rule: a paper that mixes them is odd, not impossible.
        let how = format!("no one rule gives all three of values that are multiples of {step}");
        desk.rule(quartiles.claim, Ruling::not_recomputable(how));
        return;
    };
    let how =
        format!("no quartile rule gives {} values that are multiples of {step} a {name} of {printed}", quartiles.n);
    let sentence = format!("{}: {how}.", desk.place(quartiles.claim));
    desk.conflict(&[quartiles.claim], sentence, None);
    desk.rule(quartiles.claim, Ruling::impossible(how));
}

/// Which values of the sorted ones a rule takes.
fn ranks(rule: &QuartileRule, quartiles: &Quartiles) -> String {
    let places: Vec<String> = quartiles
        .printed
        .iter()
        .map(|(p, printed)| match rule.position(*p, quartiles.n) {
            (rank, 0.0) => format!("{printed} is value {rank}"),
            (rank, weight) => {
                format!("{printed} lies {} of the way from value {rank} to value {}", say::number(weight), rank + 1)
            }
        })
        .collect();
    format!(
        "of {} sorted values that are multiples of {}, by {}: {}",
        quartiles.n,
        unit_words(quartiles.unit),
        rule.name,
        say::list(&places)
    )
}

/// Median and quartiles of a time, printed in a larger unit: how many days that unit has.
///
/// Returns the finding; the claim is ruled by the caller, who knows its other constraints.
pub(super) fn days_of_a_unit(desk: &Desk<'_>, claim: ClaimIndex, n: u64, printed: [Printed; 3]) -> Option<Finding> {
    const UNITS: [(&str, f64); 5] = [
        ("days divided by 30", 1.0 / 30.0),
        ("days divided by 365/12 = 30.42", 12.0 / 365.0),
        ("days divided by 365.25/12 = 30.44", 12.0 / 365.25),
        ("days divided by 30.5", 1.0 / 30.5),
        ("months recorded with one decimal", 0.1),
    ];
    let parts = [0.25, 0.5, 0.75];
    let given = |unit: f64| {
        QUARTILE_RULES
            .iter()
            .filter(|rule| parts.iter().zip(printed).all(|(p, printed)| rule.attains(*p, n, unit, printed)))
            .count()
    };
    let id = desk.id(claim).to_owned();
    let rules: Vec<usize> = UNITS.iter().map(|(_, unit)| given(*unit)).collect();
    if rules.iter().all(|rules| *rules > 0) {
        return None;
    }
    let names = |wanted: bool| {
        UNITS
            .iter()
            .zip(&rules)
            .filter(move |(_, rules)| (**rules > 0) == wanted)
            .map(|((name, _), _)| (*name).to_owned())
    };
    let explained: Vec<String> = names(true).collect();
    let finding = match explained.as_slice() {
        [] => "no unit tried gives all three under any quartile rule".to_owned(),
        [only] => format!("{only}: it alone gives all three"),
        several => format!("{} of the units tried give all three: {}", several.len(), several.join("; ")),
    };
    Some(Finding {
        question: say::sentence(&format!("{}: what a month of follow-up is", desk.place(claim))),
        finding: format!("{}.", say::sentence(&finding)),
        explains: if explained.is_empty() { Vec::new() } else { vec![id.clone()] },
        explained_by: explained,
        excludes: names(false).map(|candidate| Excluded { candidate, explained: 0, by: vec![id.clone()] }).collect(),
    })
}
