//! p-values of means: what Student's and Welch's t can give, over every mean and standard deviation that prints so.

use restudy_stats::descriptive::Moments;
use restudy_stats::{dist, hypothesis};

use super::adjusted::Recomputed;
use super::desk::{Desk, Ruling};
use super::inference::{self, Candidate};
use super::range::{Fit, Range};
use super::{say, table as rows};
use crate::printed::{Content, Printed};
use crate::record::{Cell, ClaimIndex, NamedTest, Row, Table};

/// Means and standard deviations that print as a cell: a box.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
    n: u64,
    pub(super) mean: Range,
    pub(super) sd: Range,
}

impl Spread {
    /// The box of a cell; none when it is not a mean and standard deviation of at least two patients.
    pub(super) fn of(desk: &Desk<'_>, cell: &Cell) -> Option<Self> {
        let Content::MeanSd { mean, sd } = desk.content(cell.claim) else { return None };
        let sd = Range::printing(*sd).within(0.0, f64::INFINITY)?;
        (cell.n >= 2).then_some(Self { n: cell.n, mean: Range::printing(*mean), sd })
    }

    pub(super) fn n(self) -> u64 {
        self.n
    }

    /// The moments of two groups taken together.
    ///
    /// With n = n₁ + n₂ the mean is (n₁m₁ + n₂m₂)/n and (n − 1)s² = (n₁ − 1)s₁² + (n₂ − 1)s₂² + n₁n₂/n · (m₁ − m₂)²:
    /// the mean grows with both means, the standard deviation with both deviations and the distance of the means, so
    /// that the ends of the boxes give the ends of the result.
    pub(super) fn together(self, other: Self) -> Self {
        let (first, second) = (self.n as f64, other.n as f64);
        let n = first + second;
        let mean = |one: f64, two: f64| (first * one + second * two) / n;
        let (nearest, farthest) = self.distance(other);
        let sd = |one: f64, two: f64, distance: f64| {
            let within = (first - 1.0) * one * one + (second - 1.0) * two * two;
            ((within + first * second / n * distance * distance) / (n - 1.0)).sqrt()
        };
        Self {
            n: self.n + other.n,
            mean: Range { low: mean(self.mean.low, other.mean.low), high: mean(self.mean.high, other.mean.high) },
            sd: Range { low: sd(self.sd.low, other.sd.low, nearest), high: sd(self.sd.high, other.sd.high, farthest) },
        }
    }

    /// The smallest and largest distance of the means; 0 where the boxes overlap.
    fn distance(self, other: Self) -> (f64, f64) {
        let (low, high) = (self.mean.low - other.mean.high, self.mean.high - other.mean.low);
        let nearest = if low <= 0.0 && high >= 0.0 { 0.0 } else { low.abs().min(high.abs()) };
        (nearest, low.abs().max(high.abs()))
    }
}

/// Which t.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Variant {
    Student,
    Welch,
}

impl Variant {
    const ALL: [Self; 2] = [Self::Student, Self::Welch];

    fn name(self) -> &'static str {
        match self {
            Self::Student => "Student's t with the pooled variance",
            Self::Welch => "Welch's t with unequal variances",
        }
    }
}

/// A comparison of two means with a printed p-value.
struct Comparison {
    claim: ClaimIndex,
    cells: [ClaimIndex; 2],
    printed: Printed,
    sizes: [u64; 2],
    /// What each variant can give, in the order of [`Variant::ALL`].
    p: [Range; 2],
}

/// Judges the p-values of the table's means; returns what they can be, unrounded.
pub(super) fn audit(desk: &mut Desk<'_>, table: &Table) -> Vec<Recomputed> {
    let comparisons: Vec<Comparison> = table.rows.iter().filter_map(|row| comparison(desk, row)).collect();
    let claims: Vec<String> = comparisons.iter().map(|comparison| desk.id(comparison.claim).to_owned()).collect();
    if claims.is_empty() {
        return Vec::new();
    }
    let candidates: Vec<Candidate> = Variant::ALL
        .iter()
        .enumerate()
        .map(|(index, variant)| Candidate {
            name: variant.name().to_owned(),
            explains: comparisons.iter().map(|row| row.p[index].fit(row.printed) != Fit::Never).collect(),
        })
        .collect();
    let question = format!("{}: which t test gave the p-values of the means", table.label);
    let (finding, best) = inference::infer(&question, &claims, &candidates, ("p-value of means", "p-values of means"));
    desk.find(finding);
    let declared = !table.tests.mean_sd.is_empty() && table.tests.mean_sd.iter().all(|test| *test == NamedTest::TTest);
    comparisons.iter().map(|comparison| judge(desk, comparison, best, declared)).collect()
}

fn comparison(desk: &Desk<'_>, row: &Row) -> Option<Comparison> {
    let claim = row.p?;
    let Content::PValue(Some(printed)) = desk.content(claim) else { return None };
    let cells = rows::compared(desk, row);
    let [first, second] = cells.as_slice() else { return None };
    let spreads = [Spread::of(desk, first)?, Spread::of(desk, second)?];
    let p = [student_p(spreads)?, welch_p(spreads)?];
    Some(Comparison { claim, cells: [first.claim, second.claim], printed: *printed, sizes: [first.n, second.n], p })
}

fn judge(desk: &mut Desk<'_>, comparison: &Comparison, best: usize, declared: bool) -> Recomputed {
    let Comparison { claim, cells, printed, sizes: [first, second], p } = comparison;
    let fits = p.map(|range| range.fit(*printed));
    let chosen = if fits[best] != Fit::Never { Some(best) } else { fits.iter().position(|fit| *fit != Fit::Never) };
    let shown = |index: usize| {
        format!(
            "{} on {first} and {second} patients gives {} over every mean and SD that print so",
            Variant::ALL[index].name(),
            say::range(p[index])
        )
    };
    let ruling = match chosen {
        Some(index) if index == best && fits[index] == Fit::Always => Ruling::reproduced(shown(index)),
        Some(index) if index == best => Ruling::consistent(shown(index)),
        Some(index) => Ruling::consistent(format!(
            "{}; the other rows are explained by {}",
            shown(index),
            Variant::ALL[best].name()
        )),
        None => {
            let how = format!("{}; {}", shown(0), shown(1));
            if declared {
                let sentence = format!(
                    "{} is {printed}, but no means and standard deviations that print as this row's give it: Student's t \
                     gives {}, Welch's {}.",
                    desk.place(*claim),
                    say::range(p[0]),
                    say::range(p[1])
                );
                desk.conflict(
                    &[cells.as_slice(), &[*claim]].concat(),
                    sentence,
                    Some(format!("print {}", p[best].middle_printed(*printed))),
                );
                Ruling::impossible(how)
            } else {
                Ruling::not_recomputable(format!("{how}; the paper may have used another test"))
            }
        }
    };
    let range = p[chosen.unwrap_or(best)];
    desk.rule(*claim, ruling.giving(say::range(range), range).using(cells));
    // Unless the printed p-value is one of those that the means allow, only its own box is known of it.
    let unrounded = chosen.and_then(|index| {
        let box_of_print = Range::printing(*printed);
        p[index].within(box_of_print.low, box_of_print.high)
    });
    Recomputed { claim: *claim, unrounded }
}

/// The p-values of Student's t over two boxes.
///
/// At fixed degrees of freedom p falls as |t| grows, and |t| = |m₁ − m₂| / (s·√(1/n₁ + 1/n₂)) grows with the distance
/// of the means and falls with both standard deviations: the ends are two corners of the box. Where the means may be
/// equal, p reaches 1.
fn student_p([first, second]: [Spread; 2]) -> Option<Range> {
    let p = |distance: f64, sds: [f64; 2]| {
        if distance == 0.0 {
            return Some(1.0);
        }
        if sds == [0.0; 2] {
            return Some(0.0);
        }
        let result = hypothesis::StudentT::default()
            .run_on_moments(moments(first.n, distance, sds[0]), moments(second.n, 0.0, sds[1]));
        result.ok().map(|result| result.p_value)
    };
    let (nearest, farthest) = first.distance(second);
    Some(Range { low: p(farthest, [first.sd.low, second.sd.low])?, high: p(nearest, [first.sd.high, second.sd.high])? })
}

/// An interval that holds every p-value of Welch's t over two boxes.
///
/// Its degrees of freedom move with the standard deviations, and p falls both as |t| grows and as they grow. The ends
/// are taken at the largest |t| with the most degrees of freedom and at the smallest |t| with the fewest, which need
/// not occur together: the interval may be a little too wide, never too narrow.
fn welch_p([first, second]: [Spread; 2]) -> Option<Range> {
    let p = |distance: f64, sds: [f64; 2], df: f64| {
        if distance == 0.0 {
            return Some(1.0);
        }
        let error = (sds[0] * sds[0] / first.n as f64 + sds[1] * sds[1] / second.n as f64).sqrt();
        if error == 0.0 { Some(0.0) } else { Some(dist::StudentT::new(df).ok()?.two_sided(distance / error)) }
    };
    let (nearest, farthest) = first.distance(second);
    let df = welch_df(first, second);
    Some(Range {
        low: p(farthest, [first.sd.low, second.sd.low], df.high)?,
        high: p(nearest, [first.sd.high, second.sd.high], df.low)?,
    })
}

/// Satterthwaite's degrees of freedom over two boxes.
///
/// With r = (s₁²/n₁) / (s₂²/n₂) they are (r + 1)² / (r²/(n₁ − 1) + 1/(n₂ − 1)): n₂ − 1 at r = 0, rising to
/// n₁ + n₂ − 2 at r = (n₁ − 1)/(n₂ − 1), and falling to n₁ − 1 from there.
fn welch_df(first: Spread, second: Spread) -> Range {
    let (most_first, most_second) = (first.n as f64 - 1.0, second.n as f64 - 1.0);
    let ratio = |one: f64, two: f64| one * one / first.n as f64 / (two * two / second.n as f64);
    let at = |r: f64| {
        if r.is_finite() { (r + 1.0).powi(2) / (r * r / most_first + 1.0 / most_second) } else { most_first }
    };
    let (low, high) = (ratio(first.sd.low, second.sd.high), ratio(first.sd.high, second.sd.low));
    // No spread in either group: any ratio is possible.
    let (low, high) = (if low.is_nan() { 0.0 } else { low }, if high.is_nan() { f64::INFINITY } else { high });
    let peak = most_first / most_second;
    let highest = if low <= peak && peak <= high { most_first + most_second } else { at(low).max(at(high)) };
    Range { low: at(low).min(at(high)), high: highest }
}

fn moments(n: u64, mean: f64, sd: f64) -> Moments {
    Moments { n: usize::try_from(n).unwrap_or(usize::MAX), mean, sd }
}
