//! Errors planted into consistent papers: how many the audit finds, and that it finds none where there is none.

mod paper;
mod plant;
mod tally;

use self::paper::Paper;
use self::plant::{KINDS, Shown};
use self::tally::{Tally, audit, is_quiet, tally};

#[test]
fn an_untouched_paper_raises_no_alarm() {
    for seed in 0..60 {
        let audit = audit(&Paper::random(seed));
        assert!(is_quiet(&audit), "seed {seed}: {:#?}", audit.conflicts);
    }
}

#[test]
fn planted_errors_are_found_where_they_show() {
    for kind in &KINDS {
        let Tally { planted, found, telling, telling_found, .. } = tally(kind, 14);
        assert!(planted >= 6, "{}: {planted} planted", kind.name);
        match kind.shown {
            Shown::Always => assert_eq!(found, planted, "{}", kind.name),
            Shown::WhereTheTTestTells => assert_eq!(telling_found, telling, "{}", kind.name),
            Shown::AtLeast(share) => {
                assert!(found as f64 >= share * planted as f64, "{}: {found} of {planted}", kind.name);
            }
        }
    }
}
