//! p-values of the text that compare one variable between two kinds of patient.

use restudy_ledger::{Bound, Derived};
use restudy_stats::dist::StudentT;

use super::desk::{Desk, Ruling};
use super::moments::Spread;
use super::range::Range;
use super::{say, table as rows};
use crate::printed::Content;
use crate::record::{Contrast, ContrastTest, GroupIndex, Side};

pub(super) fn audit(desk: &mut Desk<'_>) {
    for contrast in &desk.record.contrasts {
        if desk.is_ruled(contrast.p) {
            continue;
        }
        let Content::PValue(Some(printed)) = *desk.content(contrast.p) else { continue };
        let Some(p) = Range::printing(printed).within(0.0, 1.0) else { continue };
        let mut how = "what it compares is not printed by these two kinds of patient".to_owned();
        if let Some((difference, derived)) = difference(desk, contrast, p) {
            how = format!("{how}; by Student's t the means are {difference} apart");
            desk.derive(derived);
        }
        desk.rule(contrast.p, Ruling::not_recomputable(how));
    }
}

/// How far apart the two means must be: t is known from p, and with it how much of the variable's whole spread lies
/// between the means.
///
/// With SS the whole sum of squares of n patients, of whom n₁ have what parts them and n₂ have not, the part between
/// the means is SS·t²/(t² + n − 2) = n₁n₂/n · d².
fn difference(desk: &Desk<'_>, contrast: &Contrast, p: Range) -> Option<(String, Derived)> {
    if contrast.test.is_some_and(|test| test != ContrastTest::StudentT) {
        return None;
    }
    let (_, row) = desk.record.row(&contrast.variable)?;
    let (_, by) = desk.record.row(&contrast.by)?;
    let wanted = |group: GroupIndex| contrast.within.is_none_or(|within| within == group);
    let cells: Vec<_> = rows::compared(desk, row).into_iter().filter(|cell| wanted(cell.group)).collect();
    let counts: Vec<_> = rows::compared(desk, by).into_iter().filter(|cell| wanted(cell.group)).collect();
    let whole = cells
        .iter()
        .map(|cell| Spread::of(desk, cell))
        .collect::<Option<Vec<_>>>()?
        .into_iter()
        .reduce(Spread::together)?;
    let (n, all) = (whole.n(), counts.iter().map(|cell| cell.n).sum::<u64>());
    let with: u64 = counts.iter().map(|cell| desk.count(cell.claim)).sum::<Option<u64>>()?;
    let without = n.checked_sub(with)?;
    if n != all || with == 0 || without == 0 || n < 3 {
        return None;
    }
    let df = n as f64 - 2.0;
    let student = StudentT::new(df).ok()?;
    let distance = |p: f64, sd: f64| {
        let t = student.upper_quantile(p / 2.0);
        let between = (n as f64 - 1.0) * sd * sd * t * t / (t * t + df);
        (between * n as f64 / (with as f64 * without as f64)).sqrt()
    };
    let range = Range { low: distance(p.high, whole.sd.low), high: distance(p.low, whole.sd.high) };
    let middle = f64::midpoint(range.low, range.high);
    let text = say::range(range);
    let which = match contrast.higher {
        Some(Side::Yes) => "higher with it",
        Some(Side::No) => "lower with it",
        None => "in one direction or the other",
    };
    let derived = Derived {
        id: format!("{}.difference", desk.id(contrast.p)),
        label: format!(
            "{}: distance of the means of {} and {} patients ({which})",
            desk.place(contrast.p),
            with,
            without
        ),
        value: middle,
        bound: Bound::Exact,
        conf_low: None,
        conf_high: None,
        how: format!(
            "{text} over all prints: t from the p-value on {df} degrees of freedom, the spread from all {n} patients, \
             d² = (n − 1)s²·t²/(t² + n − 2)·n/(n₁n₂)"
        ),
    };
    Some((text, derived))
}
