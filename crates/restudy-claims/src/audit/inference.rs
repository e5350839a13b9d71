//! Which of several candidates a paper must have used.

use restudy_ledger::{Excluded, Finding};

use super::say;

/// One answer to a question, and which of the claims that bear on it it explains.
pub(super) struct Candidate {
    pub(super) name: String,
    pub(super) explains: Vec<bool>,
}

impl Candidate {
    fn explained(&self) -> usize {
        self.explains.iter().filter(|explained| **explained).count()
    }
}

/// Holds every candidate against every claim.
///
/// Returns the finding and the place of the candidate that explains most, the first of them where several do: list the
/// candidates from the plainest to the most contrived. `what` says what the claims are, one and several.
pub(super) fn infer(
    question: &str,
    claims: &[String],
    candidates: &[Candidate],
    what: (&str, &str),
) -> (Finding, usize) {
    // `max_by_key` returns the last maximum, so the search runs backwards to find the first.
    let best = candidates.iter().enumerate().rev().max_by_key(|(_, candidate)| candidate.explained());
    let (best, most) = best.map_or((0, 0), |(index, candidate)| (index, candidate.explained()));
    let explaining: Vec<&Candidate> =
        candidates.iter().filter(|candidate| candidate.explained() == claims.len()).collect();
    let names: Vec<String> = explaining.iter().map(|candidate| candidate.name.clone()).collect();
    let total = claims.len();
    let all = if total == 1 { format!("the one {}", what.0) } else { format!("all {total} {}", what.1) };
    let finding = match names.as_slice() {
        [] => {
            let name = candidates.get(best).map_or("none", |candidate| candidate.name.as_str());
            format!("no candidate explains {all}; the nearest explains {most}: {name}")
        }
        [only] => format!("{only}: it alone explains {all}"),
        several => {
            format!("{} candidates explain {all}, which cannot tell them apart: {}", several.len(), several.join("; "))
        }
    };
    let of = |candidate: &Candidate, wanted: bool| -> Vec<String> {
        let pairs = claims.iter().zip(&candidate.explains);
        pairs.filter(|(_, explained)| **explained == wanted).map(|(claim, _)| claim.clone()).collect()
    };
    let finding = Finding {
        question: say::sentence(question),
        finding: format!("{}.", say::sentence(&finding)),
        explained_by: names,
        explains: candidates.get(best).map(|candidate| of(candidate, true)).unwrap_or_default(),
        excludes: candidates
            .iter()
            .filter(|candidate| candidate.explained() < total)
            .map(|candidate| Excluded {
                candidate: candidate.name.clone(),
                explained: candidate.explained(),
                by: of(candidate, false),
            })
            .collect(),
    };
    (finding, best)
}
