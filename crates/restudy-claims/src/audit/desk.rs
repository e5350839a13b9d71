//! Where verdicts, findings and conflicts come together.

use restudy_ledger::{Audit, Claim, Conflict, Derived, Finding, Verdict};

use super::inference::{self, Candidate};
use super::range::Range;
use super::say;
use crate::printed::{Content, Fraction, Kind, Printed, Relation, Rounding};
use crate::record::{ClaimIndex, Group, GroupIndex, Record};

/// What became of one claim.
pub(super) struct Ruling {
    verdict: Verdict,
    recomputed: Option<String>,
    low: Option<f64>,
    high: Option<f64>,
    how: String,
    uses: Vec<ClaimIndex>,
}

impl Ruling {
    fn without_value(verdict: Verdict, how: String) -> Self {
        Self { verdict, recomputed: None, low: None, high: None, how, uses: Vec::new() }
    }

    pub(super) fn reproduced(how: impl Into<String>) -> Self {
        Self::without_value(Verdict::Reproduced, how.into())
    }

    pub(super) fn consistent(how: impl Into<String>) -> Self {
        Self::without_value(Verdict::Consistent, how.into())
    }

    pub(super) fn impossible(how: impl Into<String>) -> Self {
        Self::without_value(Verdict::Impossible, how.into())
    }

    pub(super) fn not_recomputable(how: impl Into<String>) -> Self {
        Self::without_value(Verdict::NotRecomputable, how.into())
    }

    /// One ruling on two parts of a claim: what cannot be true decides, then what is only consistent.
    pub(super) fn and(self, other: Self) -> Self {
        let weight = |verdict| match verdict {
            Verdict::NotRecomputable => 0,
            Verdict::Reproduced => 1,
            Verdict::Consistent => 2,
            Verdict::Impossible => 3,
        };
        let how = format!("{}; {}", self.how, other.how);
        let recomputed = match (&self.recomputed, &other.recomputed) {
            (Some(first), Some(second)) => Some(format!("{first}, {second}")),
            (first, second) => first.clone().or_else(|| second.clone()),
        };
        let uses = [self.uses.as_slice(), &other.uses].concat();
        // Two parts have two intervals; the record has room for the one of the part that decides.
        let deciding = if weight(other.verdict) > weight(self.verdict) { other } else { self };
        Self { recomputed, how, uses, ..deciding }
    }

    /// The same with the value, or the values, that the other numbers give, in the unit of the print.
    pub(super) fn giving(mut self, text: impl Into<String>, range: Range) -> Self {
        self.recomputed = Some(text.into());
        // JSON has no infinity: an absent end is one without limit.
        self.low = Some(range.low).filter(|low| low.is_finite());
        self.high = Some(range.high).filter(|high| high.is_finite());
        self
    }
}

impl Ruling {
    /// The same, made from those claims.
    pub(super) fn using(mut self, claims: &[ClaimIndex]) -> Self {
        for claim in claims {
            if !self.uses.contains(claim) {
                self.uses.push(*claim);
            }
        }
        self
    }
}

/// A percentage that lies exactly between two prints, and the rules under which it prints as published.
struct Tie {
    claim: ClaimIndex,
    prints: [bool; 2],
}

/// The audit in the making.
pub(super) struct Desk<'r> {
    pub(super) record: &'r Record,
    rulings: Vec<Option<Ruling>>,
    ties: Vec<Tie>,
    methods: Vec<Finding>,
    conflicts: Vec<Conflict>,
    derived: Vec<Derived>,
}

impl<'r> Desk<'r> {
    pub(super) fn new(record: &'r Record) -> Self {
        Self {
            record,
            rulings: record.claims.iter().map(|_| None).collect(),
            ties: Vec::new(),
            methods: Vec::new(),
            conflicts: Vec::new(),
            derived: Vec::new(),
        }
    }

    pub(super) fn group(&self, group: GroupIndex) -> &'r Group {
        &self.record.groups[group]
    }

    pub(super) fn id(&self, claim: ClaimIndex) -> &'r str {
        &self.record.claims[claim].id
    }

    pub(super) fn printed(&self, claim: ClaimIndex) -> &'r str {
        &self.record.claims[claim].printed
    }

    pub(super) fn place(&self, claim: ClaimIndex) -> &'r str {
        &self.record.claims[claim].place
    }

    pub(super) fn content(&self, claim: ClaimIndex) -> &'r Content {
        &self.record.claims[claim].content
    }

    /// The count in a claim, alone or beside a percentage.
    pub(super) fn count(&self, claim: ClaimIndex) -> Option<u64> {
        match self.content(claim) {
            Content::Count(count) | Content::CountPercent { count, .. } => Some(*count),
            _ => None,
        }
    }

    pub(super) fn is_ruled(&self, claim: ClaimIndex) -> bool {
        self.rulings[claim].is_some()
    }

    /// Whether nothing was said of a claim yet but that it cannot be recomputed.
    pub(super) fn is_open(&self, claim: ClaimIndex) -> bool {
        self.rulings[claim].as_ref().is_none_or(|ruling| ruling.verdict == Verdict::NotRecomputable)
    }

    pub(super) fn is_impossible(&self, claim: ClaimIndex) -> bool {
        self.rulings[claim].as_ref().is_some_and(|ruling| ruling.verdict == Verdict::Impossible)
    }

    pub(super) fn rule(&mut self, claim: ClaimIndex, ruling: Ruling) {
        self.rulings[claim] = Some(ruling);
    }

    pub(super) fn find(&mut self, finding: Finding) {
        self.methods.push(finding);
    }

    pub(super) fn derive(&mut self, derived: Derived) {
        // The record holds numbers: an infinite odds ratio, or an interval without end, has no place in it.
        let finite =
            [Some(derived.value), derived.conf_low, derived.conf_high].into_iter().flatten().all(f64::is_finite);
        if finite {
            self.derived.push(derived);
        }
    }

    pub(super) fn conflict(&mut self, claims: &[ClaimIndex], sentence: impl Into<String>, repair: Option<String>) {
        let claims = claims.iter().map(|claim| self.id(*claim).to_owned()).collect();
        self.conflicts.push(Conflict { claims, sentence: sentence.into(), repair });
    }

    /// The claims of the conflicts so far.
    pub(super) fn in_conflict(&self) -> std::collections::BTreeSet<ClaimIndex> {
        let ids: std::collections::BTreeSet<&str> =
            self.conflicts.iter().flat_map(|conflict| conflict.claims.iter().map(String::as_str)).collect();
        (0..self.record.claims.len()).filter(|claim| ids.contains(self.id(*claim))).collect()
    }

    pub(super) fn conflict_count(&self) -> usize {
        self.conflicts.len()
    }

    /// The claims of a conflict.
    pub(super) fn conflict_claims(&self, index: usize) -> Vec<ClaimIndex> {
        let ids = &self.conflicts[index].claims;
        ids.iter().filter_map(|id| self.record.claims.iter().position(|claim| claim.id == *id)).collect()
    }

    /// Puts a repair before those that a conflict has, and an observation behind them.
    pub(super) fn add_repair(&mut self, index: usize, words: &str, observation: Option<String>) {
        let conflict = &mut self.conflicts[index];
        let known = conflict.repair.take();
        let repair = match (words.is_empty(), known) {
            (true, known) => known,
            (false, None) => Some(words.to_owned()),
            (false, Some(known)) => Some(format!("{words}; else {known}")),
        };
        conflict.repair = match (repair, observation) {
            (Some(repair), Some(observation)) => Some(format!("{repair} ({observation})")),
            (repair, observation) => repair.or(observation),
        };
    }

    /// Adds to what is said of a claim.
    pub(super) fn remark(&mut self, claim: ClaimIndex, words: &str) {
        if let Some(ruling) = &mut self.rulings[claim] {
            ruling.how = format!("{}; {words}", ruling.how);
        }
    }

    /// Notes a printed share that lies exactly between two prints: it tells how the paper rounds.
    pub(super) fn note_tie(&mut self, claim: ClaimIndex, value: Fraction, printed: Printed, scale: u32) {
        let tied = printed.relation() == Relation::Rounded && value.is_tie(printed.decimal().decimals());
        let prints = Rounding::ALL.map(|rule| printed.prints(value, rule));
        // Of a share that doubles do not hold, a program rounds a neighbour: the tie says nothing of its rule.
        if tied && value.is_binary_share(scale) && prints.contains(&true) {
            self.ties.push(Tie { claim, prints });
        }
    }

    fn find_rounding(&mut self) {
        let claims: Vec<String> = self.ties.iter().map(|tie| self.id(tie.claim).to_owned()).collect();
        if claims.is_empty() {
            return;
        }
        let candidates: Vec<Candidate> = Rounding::ALL
            .iter()
            .enumerate()
            .map(|(index, rule)| Candidate {
                name: rule.name().to_owned(),
                explains: self.ties.iter().map(|tie| tie.prints[index]).collect(),
            })
            .collect();
        let (finding, _) = inference::infer(
            "how a value exactly between two prints was rounded",
            &claims,
            &candidates,
            ("share that lies exactly between two prints", "shares that lie exactly between two prints"),
        );
        self.methods.insert(0, finding);
    }

    pub(super) fn finish(mut self) -> Audit {
        self.find_rounding();
        let mut claims: Vec<(usize, Claim)> = self
            .record
            .claims
            .iter()
            .zip(self.rulings)
            .map(|(claim, ruling)| {
                let ruling = ruling.unwrap_or_else(|| {
                    Ruling::not_recomputable(match claim.kind {
                        Kind::Quantity | Kind::Date => "it is a condition of the study, on which no other number bears",
                        _ => "no other number of the record bears on it",
                    })
                });
                let claim_out = Claim {
                    id: claim.id.clone(),
                    place: claim.place.clone(),
                    kind: claim.kind.name().to_owned(),
                    printed: claim.printed.clone(),
                    verdict: ruling.verdict,
                    recomputed: ruling.recomputed,
                    low: ruling.low,
                    high: ruling.high,
                    how: say::sentence(&ruling.how),
                    uses: ruling.uses.iter().map(|used| self.record.claims[*used].id.clone()).collect(),
                };
                (claim.offset, claim_out)
            })
            .collect();
        claims.sort_by_key(|(offset, _)| *offset);
        Audit {
            paper: self.record.paper.clone(),
            claims: claims.into_iter().map(|(_, claim)| claim).collect(),
            methods: self.methods,
            conflicts: self.conflicts,
            derived: self.derived,
        }
    }
}
