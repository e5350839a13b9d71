//! How well a test tells events from non-events: figures of a score table, or figures that must be shares of groups.

use super::desk::{Desk, Ruling};
use super::range::Range;
use super::{say, table as rows};
use crate::printed::{Content, Fraction, Kind, Printed, Proportion, Relation};
use crate::record::{Accuracy, ClaimIndex, ScoreTable};

pub(super) fn audit(desk: &mut Desk<'_>, accuracy: &Accuracy) {
    match accuracy.score_table.and_then(|index| desk.record.score_tables.get(index)) {
        Some(table) => against_table(desk, accuracy, table),
        None => attainable(desk, accuracy),
    }
}

impl Accuracy {
    /// The cut-off that the paper gives.
    pub(super) fn cutoff(&self, desk: &Desk<'_>) -> Option<Printed> {
        self.claims.iter().find_map(|claim| match desk.content(*claim) {
            Content::Cutoff(cutoff) => Some(*cutoff),
            _ => None,
        })
    }
}

/// What a score table says of the score, and of a cut-off.
pub(super) struct Figures {
    /// The area under the ROC curve.
    pub(super) auc: Fraction,
    pub(super) auc_how: String,
    /// Whether low scores are the positive ones.
    pub(super) low_is_positive: bool,
    cells: Option<TwoByTwo>,
}

/// Positive and negative, with and without the event.
#[derive(Clone, Copy, Default)]
struct TwoByTwo {
    true_positive: u64,
    false_positive: u64,
    false_negative: u64,
    true_negative: u64,
}

/// With so many events, and non-events, twice their pairs still fit 64 bits.
const MOST_PATIENTS: u64 = 1 << 31;

impl Figures {
    /// The figures of a table; none when it has no events or no non-events.
    pub(super) fn new(desk: &Desk<'_>, table: &ScoreTable, cutoff: Option<Printed>) -> Option<Self> {
        let low_is_positive =
            cutoff.is_some_and(|cutoff| matches!(cutoff.relation(), Relation::Below | Relation::AtMost));
        let mut cells = TwoByTwo::default();
        let (mut events, mut non_events) = (0, 0);
        // Pairs of an event and a non-event, counted in halves: two for one that the score ranks right, one for a tie.
        let mut right = 0;
        for row in &table.rows {
            let (with, without) = (desk.count(row.events)?, desk.count(row.non_events)?);
            let outranked = if low_is_positive { without * events } else { with * non_events };
            right += 2 * outranked + with * without;
            events += with;
            non_events += without;
            if events.max(non_events) > MOST_PATIENTS {
                return None;
            }
            if cutoff.is_some_and(|cutoff| is_positive(cutoff, row.score.fraction())) {
                cells.true_positive += with;
                cells.false_positive += without;
            } else {
                cells.false_negative += with;
                cells.true_negative += without;
            }
        }
        let pairs = events * non_events;
        Some(Self {
            auc: Fraction::share(right, 2 * pairs, 1)?,
            auc_how: format!(
                "of {pairs} pairs of a patient with and one without the event the score ranks {} right (a tie counts \
                 one half)",
                halves(right)
            ),
            low_is_positive,
            cells: cutoff.map(|_| cells),
        })
    }

    /// Count and denominator of a figure at the cut-off.
    pub(super) fn share(&self, kind: Kind) -> Option<(u64, u64)> {
        let TwoByTwo { true_positive, false_positive, false_negative, true_negative } = self.cells?;
        let (count, of) = match kind {
            Kind::Sensitivity => (true_positive, true_positive + false_negative),
            Kind::Specificity => (true_negative, true_negative + false_positive),
            Kind::Ppv => (true_positive, true_positive + false_positive),
            Kind::Npv => (true_negative, true_negative + false_negative),
            Kind::Accuracy => {
                (true_positive + true_negative, true_positive + false_positive + false_negative + true_negative)
            }
            _ => return None,
        };
        (of > 0).then_some((count, of))
    }

    /// Youden's index at the cut-off, as an exact fraction of events × non-events.
    fn youden(&self) -> Option<i128> {
        let TwoByTwo { true_positive, false_positive, false_negative, true_negative } = self.cells?;
        // (TP/P + TN/N − 1) · P · N = TP · N − FP · P
        let (events, non_events) = (true_positive + false_negative, false_positive + true_negative);
        Some(i128::from(true_positive) * i128::from(non_events) - i128::from(false_positive) * i128::from(events))
    }
}

fn halves(doubled: u64) -> String {
    format!("{}{}", doubled / 2, if doubled % 2 == 1 { ".5" } else { "" })
}

fn is_positive(cutoff: Printed, score: Fraction) -> bool {
    let line = cutoff.decimal().fraction();
    match cutoff.relation() {
        Relation::Below => score < line,
        Relation::AtMost => score <= line,
        Relation::Above => score > line,
        Relation::AtLeast => score >= line,
        Relation::Rounded => score == line,
    }
}

fn against_table(desk: &mut Desk<'_>, accuracy: &Accuracy, table: &ScoreTable) {
    let figures = Figures::new(desk, table, accuracy.cutoff(desk));
    for claim in &accuracy.claims {
        let ruling = match (&figures, desk.content(*claim)) {
            (Some(figures), Content::Cutoff(cutoff)) => cutoff_ruling(desk, table, figures, *cutoff),
            (Some(figures), Content::Proportion(proportion)) => {
                figure_ruling(desk, *claim, table, figures, *proportion)
            }
            _ => Ruling::not_recomputable(format!("{} has no events, or no non-events", table.label)),
        };
        let cells: Vec<ClaimIndex> = table.rows.iter().flat_map(|row| [row.events, row.non_events]).collect();
        desk.rule(*claim, ruling.using(&cells));
    }
}

fn figure_ruling(
    desk: &mut Desk<'_>,
    claim: ClaimIndex,
    table: &ScoreTable,
    figures: &Figures,
    proportion: Proportion,
) -> Ruling {
    let Proportion { printed, scale } = proportion;
    let kind = desk.record.claims[claim].kind;
    let (value, how) = if kind == Kind::Auc {
        (Some(figures.auc.scaled(scale)), figures.auc_how.clone())
    } else {
        let Some((count, of)) = figures.share(kind) else {
            return Ruling::not_recomputable("there is no cut-off, or nobody on one side of it");
        };
        (Fraction::share(count, of, scale), format!("{count}/{of}"))
    };
    let Some(value) = value else { return Ruling::not_recomputable("nobody to take a share of") };
    let exact = say::share(value, printed, scale);
    let how = format!("{}: {how} = {exact}", table.label);
    let ruling = if printed.may_print(value, scale) {
        desk.note_tie(claim, value, printed, scale);
        Ruling::reproduced(how)
    } else {
        let right = say::prints(value, printed, scale);
        let sentence = format!("{} is {}, but {how}.", desk.place(claim), desk.printed(claim));
        desk.conflict(&[claim], sentence, Some(format!("print {right}")));
        Ruling::impossible(format!("{how}, which prints as {right}"))
    };
    ruling.giving(exact, Range::point(value.to_f64()))
}

/// A cut-off is the authors' choice; that it is the best by Youden's index reproduces it.
fn cutoff_ruling(desk: &Desk<'_>, table: &ScoreTable, figures: &Figures, cutoff: Printed) -> Ruling {
    let indices: Vec<Option<i128>> = table
        .rows
        .iter()
        .map(|row| Figures::new(desk, table, Some(Printed::new(cutoff.relation(), row.score)))?.youden())
        .collect();
    let (own, best) = (figures.youden(), indices.iter().flatten().max().copied());
    let alone = indices.iter().filter(|index| **index == best).count() == 1;
    if own.is_some() && own == best && alone {
        Ruling::reproduced(format!(
            "of every cut-off of {} it has the largest sensitivity + specificity − 1",
            table.label
        ))
    } else {
        Ruling::not_recomputable(
            "a cut-off is chosen, and this one is not alone the best by sensitivity + specificity − 1",
        )
    }
}

/// Figures without their table: each must be a share of its group at least.
fn attainable(desk: &mut Desk<'_>, accuracy: &Accuracy) {
    let (events, non_events) = (desk.group(accuracy.events), desk.group(accuracy.non_events));
    let mut missed = Vec::new();
    for claim in &accuracy.claims {
        let Content::Proportion(proportion) = desk.content(*claim) else {
            desk.rule(*claim, Ruling::not_recomputable("it follows from the patients' values, which are not printed"));
            continue;
        };
        let patients = |n: u64, label: &str| Whole { of: n, halves: false, what: format!("{n} patients{label}") };
        let whole = match desk.record.claims[*claim].kind {
            Kind::Sensitivity => patients(events.n, &format!(" ({})", events.label)),
            Kind::Specificity => patients(non_events.n, &format!(" ({})", non_events.label)),
            Kind::Accuracy => patients(events.n + non_events.n, ""),
            Kind::Auc => {
                let pairs = events.n * non_events.n;
                let what = format!("{pairs} pairs of a patient with and one without the event (a tie counts one half)");
                Whole { of: 2 * pairs, halves: true, what }
            }
            _ => {
                desk.rule(*claim, Ruling::not_recomputable("how many patients are positive is not printed"));
                continue;
            }
        };
        let attained = whole.nearest(*proportion);
        let ruling = match attained.count {
            Some(count) => Ruling::consistent(format!("of {}: {}", whole.what, whole.shown(count, *proportion))),
            None => {
                let how = format!("no number of {} gives it: {}", whole.what, attained.next);
                missed.push(Missed { claim: *claim, proportion: *proportion, what: whole.what, next: attained.next });
                Ruling::impossible(how)
            }
        };
        desk.rule(*claim, ruling);
    }
    explain(desk, accuracy, &missed);
    hold_area(desk, accuracy);
}

/// A share that no count gives.
struct Missed {
    claim: ClaimIndex,
    proportion: Proportion,
    what: String,
    next: String,
}

/// The conflicts of shares that no count gives; one for both when they are right with their names exchanged.
fn explain(desk: &mut Desk<'_>, accuracy: &Accuracy, missed: &[Missed]) {
    let note = accuracy.note.as_ref().map(|note| format!(" {note}")).unwrap_or_default();
    let of = |kind: Kind| missed.iter().find(|missed| desk.record.claims[missed.claim].kind == kind);
    let (events, non_events) = (desk.group(accuracy.events).n, desk.group(accuracy.non_events).n);
    let exchanged = of(Kind::Sensitivity).zip(of(Kind::Specificity)).and_then(|(sensitivity, specificity)| {
        let patients = |of| Whole { of, halves: false, what: String::new() };
        let as_specificity = patients(non_events).nearest(sensitivity.proportion).count?;
        let as_sensitivity = patients(events).nearest(specificity.proportion).count?;
        Some((sensitivity, specificity, as_sensitivity, as_specificity))
    });
    if let Some((sensitivity, specificity, as_sensitivity, as_specificity)) = exchanged {
        let (printed_sensitivity, printed_specificity) =
            (desk.printed(sensitivity.claim), desk.printed(specificity.claim));
        let sentence = format!(
            "{}, {}: no number of {} makes a sensitivity of {printed_sensitivity} ({}), and no number of {} makes a \
             specificity of {printed_specificity} ({}).{note}",
            accuracy.place, accuracy.label, sensitivity.what, sensitivity.next, specificity.what, specificity.next
        );
        let repair = format!(
            "exchange the two: a sensitivity of {printed_specificity} is {as_sensitivity}/{events}, a specificity of \
             {printed_sensitivity} is {as_specificity}/{non_events}"
        );
        desk.conflict(&[sensitivity.claim, specificity.claim], sentence, Some(repair));
    }
    for missed in missed {
        let is_exchanged =
            exchanged.as_ref().is_some_and(|(one, two, ..)| [one.claim, two.claim].contains(&missed.claim));
        if !is_exchanged {
            let (place, printed) = (desk.place(missed.claim), desk.printed(missed.claim));
            let sentence =
                format!("{place} is {printed}, but no number of {} gives it: {}.{note}", missed.what, missed.next);
            desk.conflict(&[missed.claim], sentence, None);
        }
    }
}

/// What a share is of: patients, or halves of pairs.
struct Whole {
    of: u64,
    halves: bool,
    what: String,
}

/// Which count prints as a share.
struct Attained {
    /// None where no count does.
    count: Option<u64>,
    /// The shares next to the print, in words.
    next: String,
}

impl Whole {
    fn nearest(&self, proportion: Proportion) -> Attained {
        let Proportion { printed, scale } = proportion;
        let value = printed.decimal().to_f64() / f64::from(scale) * self.of as f64;
        // The values that print as a number lie evenly about it, so that if any count prints so, one next to it does.
        let candidates = rows::around(value, self.of);
        let prints = |count: &&u64| {
            Fraction::share(**count, self.of, scale).is_some_and(|share| printed.may_print(share, scale))
        };
        let mut next: Vec<u64> = candidates.iter().copied().take(2).collect();
        next.sort_unstable();
        let next: Vec<String> = next.into_iter().map(|count| self.shown(count, proportion)).collect();
        Attained { count: candidates.iter().find(prints).copied(), next: say::list(&next) }
    }

    fn shown(&self, count: u64, proportion: Proportion) -> String {
        let Proportion { printed, scale } = proportion;
        let share =
            Fraction::share(count, self.of, scale).map_or_else(String::new, |share| say::prints(share, printed, scale));
        let (count, of) = if self.halves { (halves(count), self.of / 2) } else { (count.to_string(), self.of) };
        format!("{count}/{of} = {share}")
    }
}

/// A ROC curve rises through the point of its cut-off: the area is at least sensitivity × specificity, and at most
/// 1 − (1 − sensitivity)(1 − specificity).
fn hold_area(desk: &mut Desk<'_>, accuracy: &Accuracy) {
    let find = |kind: Kind| accuracy.claims.iter().copied().find(|claim| desk.record.claims[*claim].kind == kind);
    let (Some(sensitivity), Some(specificity), Some(auc)) =
        (find(Kind::Sensitivity), find(Kind::Specificity), find(Kind::Auc))
    else {
        return;
    };
    let range = |claim: ClaimIndex| match desk.content(claim) {
        Content::Proportion(Proportion { printed, scale }) => {
            let Range { low, high } = Range::printing(*printed);
            Range { low: low / f64::from(*scale), high: high / f64::from(*scale) }.within(0.0, 1.0)
        }
        _ => None,
    };
    let (Some(sens), Some(spec), Some(area)) = (range(sensitivity), range(specificity), range(auc)) else { return };
    let allowed = Range { low: sens.low * spec.low, high: 1.0 - (1.0 - sens.high) * (1.0 - spec.high) };
    // Far more than the sums above can be off by.
    const ROOM: f64 = 1e-9;
    if area.high < allowed.low - ROOM || area.low > allowed.high + ROOM {
        let sentence = format!(
            "{} is {}, but a curve through a sensitivity of {} and a specificity of {} has an area of {}.",
            desk.place(auc),
            desk.printed(auc),
            desk.printed(sensitivity),
            desk.printed(specificity),
            say::range(allowed)
        );
        desk.conflict(&[auc, sensitivity, specificity], sentence, None);
        let how = "an area is at least sensitivity × specificity and at most 1 − (1 − sensitivity)(1 − specificity)";
        desk.rule(auc, Ruling::impossible(how).giving(say::range(allowed), allowed));
    }
}
