//! What becomes of planted errors.

use restudy_claims::{Printed, Record, Verdict};
use restudy_ledger::Audit;
use restudy_stats::descriptive::Moments;
use restudy_stats::hypothesis::{StudentT, WelchT};

use super::paper::{Chance, Paper, Row};
use super::plant::Kind;

/// What became of the errors of one kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) planted: usize,
    /// With a conflict, or a claim that cannot hold.
    pub(crate) found: usize,
    /// Found, in a conflict or an impossible claim that names what was changed.
    pub(crate) placed: usize,
    /// Errors that move the printed p-value of a t test out of what its row allows.
    pub(crate) telling: usize,
    /// Found among those.
    pub(crate) telling_found: usize,
}

pub(crate) fn audit(paper: &Paper) -> Audit {
    Record::parse("made_up.toml", &paper.record()).unwrap().audit()
}

pub(crate) fn is_quiet(audit: &Audit) -> bool {
    audit.conflicts.is_empty() && audit.count(Verdict::Impossible) == 0
}

/// Plants one error of a kind in each of so many papers, where they have a place for it.
pub(crate) fn tally(kind: &Kind, papers: u64) -> Tally {
    const OTHER_SEEDS: u64 = 1_000_000;
    let mut tally = Tally::default();
    for seed in 0..papers {
        let mut paper = Paper::random(seed);
        let untouched = paper.record();
        let changed = (kind.plant)(&mut paper, &mut Chance::new(OTHER_SEEDS + seed));
        let record = paper.record();
        let Some(changed) = changed.filter(|_| record != untouched) else { continue };
        // A misprint that is no text of its kind is refused before the audit, with its line.
        let Ok(record) = Record::parse("made_up.toml", &record) else { continue };
        let audit = record.audit();
        let found = !is_quiet(&audit);
        let named = |id: &String| {
            audit.conflicts.iter().any(|conflict| conflict.claims.contains(id))
                || audit.claims.iter().any(|claim| claim.id == *id && claim.verdict == Verdict::Impossible)
        };
        let of_changed = |row: &&Row| changed.iter().any(|id| id.split('.').nth(1) == Some(row.id.as_str()));
        let telling = paper.rows.iter().filter(of_changed).any(|row| t_test_tells(row, paper.sizes));
        tally.planted += 1;
        tally.found += usize::from(found);
        tally.placed += usize::from(changed.iter().any(named));
        tally.telling += usize::from(telling);
        tally.telling_found += usize::from(telling && found);
    }
    tally
}

/// Whether neither t test gives the printed p-value at any corner of the box of means and deviations that print so, or
/// between them.
fn t_test_tells(row: &Row, sizes: [u64; 2]) -> bool {
    let ends = |text: &str| Printed::parse(text).map(Printed::span).ok();
    let cells: Option<Vec<_>> = row
        .cells
        .iter()
        .map(|cell| {
            let (mean, sd) = cell.split_once(" ± ")?;
            Some((ends(mean)?, ends(sd)?))
        })
        .collect();
    let (Some(cells), Some((p_low, p_high))) = (cells, ends(&row.p)) else { return false };
    let either = |(low, high): (f64, f64), bit: usize| if bit == 0 { low } else { high.max(0.0) };
    let mut corners = [(f64::INFINITY, f64::NEG_INFINITY); 2];
    for corner in 0..16_usize {
        let moments = [0, 1].map(|group| {
            let (mean, sd) = cells[group];
            let bits = corner >> (2 * group);
            Moments { n: sizes[group] as usize, mean: either(mean, bits & 1), sd: either(sd, bits >> 1 & 1) }
        });
        let [first, second] = moments;
        let results =
            [StudentT::default().run_on_moments(first, second), WelchT::default().run_on_moments(first, second)];
        for (range, result) in corners.iter_mut().zip(results) {
            let Ok(result) = result else { return false };
            *range = (range.0.min(result.p_value), range.1.max(result.p_value));
        }
    }
    // Where the boxes of the means overlap, p reaches 1 between the corners.
    let [(first, _), (second, _)] = [cells[0], cells[1]];
    let overlap = first.0 <= second.1 && second.0 <= first.1;
    corners.iter().all(|(low, high)| p_high < *low || (p_low > *high && !overlap))
}
