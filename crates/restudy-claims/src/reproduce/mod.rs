//! Reproduction: claims beside the numbers obtained, from a cohort's ledger or from a reconstructed cohort.

mod adjusted;
mod ledger;
mod obtained;

use restudy_ledger::{Audit, ClaimCheck, ClaimChecks, Ledger, Verdict};

pub(crate) use adjusted::{adjusted, found};
pub(crate) use obtained::Obtained;
use obtained::judge;

use crate::printed::Kind;
use crate::record::Record;

impl Record {
    /// Every claim beside the number of a ledger that stands behind it: held where it prints as published.
    ///
    /// Where the ledger has the number is said by the record: a table, score table or accuracy block by its `analysis`,
    /// a claim of the text by `obtained`, a path ([`Ledger::find`]). Adjusted p-values are adjusted again from the
    /// ledger's p-values as the paper prints them, where that gives more of the published ones.
    #[must_use]
    pub fn claims_table(&self, ledger: &Ledger) -> ClaimChecks {
        let obtained = ledger::obtain(self, ledger);
        checks(self, &self.audit(), &obtained, (&ledger.study.id, ledger.study.synthetic))
    }
}

/// Why a claim has no number beside it.
fn nothing_obtained(kind: Kind) -> &'static str {
    match kind {
        Kind::Date | Kind::Quantity => "it says how the study was done, not what was found",
        _ => "nothing of the patients analysed bears on it",
    }
}

/// Every claim with what was obtained for it, in the order of the record. What the audit proves impossible keeps the
/// proof as its reason.
pub(crate) fn checks(
    record: &Record,
    audit: &Audit,
    obtained: &[Result<Obtained, Option<String>>],
    (study, synthetic): (&str, bool),
) -> ClaimChecks {
    let mut places: Vec<usize> = (0..record.claims.len()).collect();
    places.sort_by_key(|place| record.claims[*place].offset);
    let claims = places
        .into_iter()
        .map(|place| {
            let claim = &record.claims[place];
            let proof = audit
                .claims
                .iter()
                .find(|known| known.id == claim.id && known.verdict == Verdict::Impossible)
                .map(|known| format!("it cannot hold: {}", known.how));
            let judged = match &obtained[place] {
                Ok(found) => judge(claim.kind, &claim.content, found)
                    .ok_or_else(|| "what was obtained is of another kind".to_owned()),
                Err(reason) => Err(reason.clone().unwrap_or_else(|| nothing_obtained(claim.kind).to_owned())),
            };
            let (text, held, reason) = match judged {
                Ok((text, true)) => (Some(text), Some(true), None),
                Ok((text, false)) => {
                    let reason = proof.unwrap_or_else(|| format!("{text} was obtained"));
                    (Some(text), Some(false), Some(reason))
                }
                Err(reason) => (None, None, Some(reason)),
            };
            ClaimCheck {
                id: claim.id.clone(),
                place: claim.place.clone(),
                printed: claim.printed.clone(),
                obtained: text,
                held,
                reason,
            }
        })
        .collect();
    ClaimChecks { paper: record.paper.id.clone(), study: study.to_owned(), synthetic, claims }
}
