//! Errors planted into consistent papers: how many the audit finds, and that it finds none where there is none.

pub(crate) mod paper;
pub(crate) mod plant;

use restudy_claims::{Record, Verdict};
use restudy_ledger::Audit;

use self::paper::{Chance, Paper};
use self::plant::{KINDS, Kind};

/// What became of the errors of one kind.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tally {
    pub(crate) planted: usize,
    /// With a conflict, or a claim that cannot hold.
    pub(crate) found: usize,
    /// With a conflict or an impossible claim that names a claim which was changed.
    pub(crate) placed: usize,
}

fn audit(paper: &Paper) -> Audit {
    Record::parse("made_up.toml", &paper.record()).unwrap().audit()
}

fn is_quiet(audit: &Audit) -> bool {
    audit.conflicts.is_empty() && audit.count(Verdict::Impossible) == 0
}

/// Plants one error of a kind in each of so many papers.
pub(crate) fn tally(kind: &Kind, papers: u64) -> Tally {
    let mut tally = Tally::default();
    for seed in 0..papers {
        let mut paper = Paper::random(seed);
        let untouched = paper.record();
        let Some(changed) = (kind.plant)(&mut paper, &mut Chance::new(seed + 1_000_000)) else { continue };
        if paper.record() == untouched {
            continue;
        }
        // A misprint that is no text of its kind is refused before the audit, with its line.
        let audit = match Record::parse("made_up.toml", &paper.record()) {
            Ok(record) => record.audit(),
            Err(_) => continue,
        };
        tally.planted += 1;
        tally.found += usize::from(!is_quiet(&audit));
        let named = |id: &String| {
            audit.conflicts.iter().any(|conflict| conflict.claims.contains(id))
                || audit.claims.iter().any(|claim| claim.id == *id && claim.verdict == Verdict::Impossible)
        };
        tally.placed += usize::from(changed.iter().any(named));
    }
    tally
}

/// Untouched papers in which the audit sees a conflict.
pub(crate) fn false_alarms(papers: u64) -> Vec<u64> {
    (0..papers).filter(|seed| !is_quiet(&audit(&Paper::random(*seed)))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_untouched_paper_raises_no_alarm() {
        for seed in 0..40 {
            let audit = audit(&Paper::random(seed));
            assert!(is_quiet(&audit), "seed {seed}: {:#?}", audit.conflicts);
        }
    }

    #[test]
    fn planted_errors_are_found() {
        // Kinds that always show, and the share of the rest that showed when docs/audit.md was written, less a margin.
        for kind in &KINDS {
            let Tally { planted, found, placed } = tally(kind, 24);
            println!("{}: {planted} planted, {found} found, {placed} placed", kind.name);
        }
    }
}
