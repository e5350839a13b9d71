use std::borrow::Cow;
use std::ops::Range;

use super::SurvivalError;
use crate::blocked::first_that_is_not;
use crate::order;

/// R's tolerance of near-ties, the square root of the machine epsilon.
const DEFAULT_TOLERANCE: f64 = 1.490_116_119_384_765_6e-8;

/// Survival data as they come, one entry per row, missing values left out before.
///
/// `prepare` checks them, merges near-ties of times and sorts once; every method of this room takes what it returns.
///
/// ## Input
///
/// Times in one unit, finite and not negative; rows with a missing value left out before. A row is at risk at the time
/// t when entry < t ≤ time; without entry, from the start. Strata are any numbers, equal for rows of one stratum.
/// Weights count a row as so many observations.
///
/// ## Near-ties
///
/// Times that differ only by the rounding of an arithmetic (1.1 + 2.2 and 3.3) are one time to the patient and would be
/// two to the estimator. [`NearTies::Merge`] goes through the distinct times (entries too) in order; one that lies
/// within the tolerance of its predecessor, absolutely or relative to the mean of all distinct times, is joined to it,
/// and a run so joined takes its first time. This is the rule of R's `aeqSurv`, which `survfit`, `survdiff`, `coxph` and
/// `concordance` apply first (`timefix = TRUE`), with its tolerance of 1.5e-8; other packages do nothing of the kind.
///
/// ## Example
///
/// ```
/// use restudy_stats::survival::SurvivalData;
///
/// let times = SurvivalData::new(&[1.1 + 2.2, 3.3, 5.0], &[true, true, false]).prepare()?;
/// assert_eq!((times.len(), times.events(), times.merged()), (3, 2, 1));
/// # Ok::<(), restudy_stats::survival::SurvivalError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurvivalData<'a> {
    /// The time of the event, or of the end of observation.
    pub time: &'a [f64],
    /// Whether the event happened then; otherwise the row is censored.
    pub event: &'a [bool],
    /// The time from which a row is under observation (left truncation), if it is not 0.
    pub entry: Option<&'a [f64]>,
    /// The stratum of a row, for methods that compare within strata.
    pub strata: Option<&'a [usize]>,
    /// How many observations a row stands for, if not one.
    pub weights: Option<&'a [f64]>,
    /// What becomes of near-ties.
    pub near_ties: NearTies,
}

/// What becomes of times that differ by next to nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum NearTies {
    /// They are one time.
    Merge {
        /// The largest difference, absolute or relative to the mean distinct time, that is none.
        tolerance: f64,
    },
    /// Every difference counts.
    Distinct,
}

impl Default for NearTies {
    fn default() -> Self {
        Self::Merge { tolerance: DEFAULT_TOLERANCE }
    }
}

impl<'a> SurvivalData<'a> {
    /// Times and events, from the start, in one stratum, each row once.
    #[must_use]
    pub fn new(time: &'a [f64], event: &'a [bool]) -> Self {
        Self { time, event, entry: None, strata: None, weights: None, near_ties: NearTies::default() }
    }

    /// Checks, merges near-ties, sorts.
    ///
    /// # Errors
    ///
    /// [`SurvivalError::Empty`], [`SurvivalError::Length`], [`SurvivalError::NotATime`], [`SurvivalError::NotAWeight`],
    /// [`SurvivalError::NeverAtRisk`], [`SurvivalError::NotATolerance`], [`SurvivalError::TooMany`].
    pub fn prepare(&self) -> Result<SurvivalTimes, SurvivalError> {
        let n = self.time.len();
        if n == 0 {
            return Err(SurvivalError::Empty);
        }
        for (column, found) in [
            ("the event indicator", self.event.len()),
            ("the entry time", self.entry.map_or(n, <[f64]>::len)),
            ("the stratum", self.strata.map_or(n, <[usize]>::len)),
            ("the weight", self.weights.map_or(n, <[f64]>::len)),
        ] {
            if found != n {
                return Err(SurvivalError::Length { column, found, needed: n });
            }
        }
        for (column, times) in [("the time", Some(self.time)), ("the entry time", self.entry)] {
            if let Some(row) = times.and_then(|times| first_that_is_not(times, |t| (0.0..=f64::MAX).contains(&t))) {
                return Err(SurvivalError::NotATime { column, row });
            }
        }
        let is_weight = |w: f64| w > 0.0 && w <= f64::MAX;
        if let Some(row) = self.weights.and_then(|weights| first_that_is_not(weights, is_weight)) {
            return Err(SurvivalError::NotAWeight { row });
        }

        // One sort for all: by time, within a time those with an event first, either as they were given.
        let (mut moments, mut start) = (Vec::new(), 0);
        let lay = |rows: &[u32], events: usize| {
            moments.push(Moment { time: self.time[rows[0] as usize], start, events: events as u32 });
            start += rows.len() as u32;
        };
        let mut row = order::for_each_divided_run(self.time, |row| !self.event[row], lay)
            .map_err(|_| SurvivalError::TooMany { found: n })?;
        let mut entry = self.entry.map(Cow::Borrowed);
        let merged = match self.near_ties {
            NearTies::Distinct => 0,
            NearTies::Merge { tolerance } if tolerance.is_finite() && tolerance >= 0.0 => {
                merge(&mut moments, &mut row, entry.as_mut(), tolerance)
            }
            NearTies::Merge { tolerance } => return Err(SurvivalError::NotATolerance { tolerance }),
        };
        if let Some(entry) = &entry {
            let late = |ties: Ties| row[ties.rows()].iter().filter(move |&&row| entry[row as usize] >= ties.time);
            if let Some(&row) = ties_of(&moments, 0, n).flat_map(late).min() {
                return Err(SurvivalError::NeverAtRisk { row: row as usize });
            }
        }
        let strata = match self.strata {
            None => std::iter::once(StratumRange { rows: 0..n, moments: 0..moments.len() }).collect(),
            Some(strata) => divide(&mut moments, &mut row, strata, self.event),
        };
        let gather = |column: &[f64]| row.iter().map(|&row| column[row as usize]).collect::<Vec<f64>>();
        Ok(SurvivalTimes {
            entry: entry.as_deref().map(gather),
            weight: self.weights.map(gather),
            row,
            moments,
            strata,
            merged,
        })
    }
}

/// The only one of what was made of each stratum.
pub(super) fn of_one_stratum<T>(mut of_each: Vec<T>) -> Result<T, SurvivalError> {
    match (of_each.pop(), of_each.len()) {
        (Some(one), 0) => Ok(one),
        (_, before) => Err(SurvivalError::Stratified { strata: before + 1 }),
    }
}

/// A distinct time of a stratum.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Moment {
    time: f64,
    /// The place of its first row among all rows.
    start: u32,
    /// Rows with the event, which come first.
    events: u32,
}

/// Lays rows out that come in order of time, events first within one.
fn lay_out(moments: &mut Vec<Moment>, begins: bool, place: usize, time: f64, event: bool) {
    match moments.last_mut() {
        Some(moment) if !begins && moment.time == time => moment.events += u32::from(event),
        _ => moments.push(Moment { time, start: place as u32, events: u32::from(event) }),
    }
}

/// The rows of one time of a stratum, by their places in it.
#[derive(Clone, Debug)]
pub(super) struct Ties {
    pub(super) time: f64,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Rows with the event.
    pub(super) events: usize,
}

impl Ties {
    /// All rows.
    pub(super) fn rows(&self) -> Range<usize> {
        self.start..self.end
    }

    /// Those with the event.
    pub(super) fn with_event(&self) -> Range<usize> {
        self.start..self.start + self.events
    }

    /// Those without.
    pub(super) fn censored(&self) -> Range<usize> {
        self.start + self.events..self.end
    }

    pub(super) fn len(&self) -> usize {
        self.end - self.start
    }
}

/// Moments with the places of their rows from `first` on, the last of them ending at `end`.
fn ties_of(
    moments: &[Moment],
    first: usize,
    end: usize,
) -> impl DoubleEndedIterator<Item = Ties> + ExactSizeIterator + use<'_> {
    (0..moments.len()).map(move |k| {
        let Moment { time, start, events } = moments[k];
        let end = moments.get(k + 1).map_or(end, |next| next.start as usize);
        Ties { time, start: start as usize - first, end: end - first, events: events as usize }
    })
}

/// Joins near-ties; how many distinct times went. The entry times are copied only where there are any.
fn merge(moments: &mut Vec<Moment>, row: &mut [u32], entry: Option<&mut Cow<'_, [f64]>>, tolerance: f64) -> usize {
    let mut distinct: Vec<f64> = moments.iter().map(|moment| moment.time).collect();
    if let Some(entry) = &entry {
        distinct.extend(entry.iter());
        distinct.sort_unstable_by(f64::total_cmp);
        distinct.dedup();
    }
    let n = distinct.len() as f64;
    // Divided before the sum, so that no sum of large times overflows.
    let mean = distinct.iter().map(|t| t / n).sum::<f64>();
    let near = |before: f64, t: f64| t - before <= tolerance || t - before <= tolerance * mean;
    let joined = distinct.windows(2).filter(|pair| near(pair[0], pair[1])).count();
    if joined == 0 {
        return 0;
    }
    // Of every run of near-ties, its first time.
    let first = |&(i, &t): &(usize, &f64)| i == 0 || !near(distinct[i - 1], t);
    let kept: Vec<f64> = distinct.iter().enumerate().filter(first).map(|(_, &t)| t).collect();
    let time = |t: f64| kept[kept.partition_point(|kept| *kept <= t).max(1) - 1];
    if let Some(entry) = entry {
        entry.to_mut().iter_mut().for_each(|t| *t = time(*t));
    }
    let apart = std::mem::take(moments);
    let ties: Vec<Ties> = ties_of(&apart, 0, row.len()).map(|ties| Ties { time: time(ties.time), ..ties }).collect();
    for one in ties.chunk_by(|a, b| a.time == b.time) {
        let rows = one[0].start..one[one.len() - 1].end;
        let events: usize = one.iter().map(|ties| ties.events).sum();
        if one.len() > 1 {
            let of = |part: fn(&Ties) -> Range<usize>| one.iter().flat_map(part).map(|i| row[i]).collect::<Vec<u32>>();
            let (mut with_event, mut censored) = (of(Ties::with_event), of(Ties::censored));
            with_event.sort_unstable();
            censored.sort_unstable();
            with_event.append(&mut censored);
            row[rows.clone()].copy_from_slice(&with_event);
        }
        moments.push(Moment { time: one[0].time, start: rows.start as u32, events: events as u32 });
    }
    joined
}

/// Sorts rows that are in order of time by stratum.
fn divide(moments: &mut Vec<Moment>, row: &mut [u32], strata: &[usize], event: &[bool]) -> Vec<StratumRange> {
    let apart = std::mem::take(moments);
    let mut sorted: Vec<(usize, f64, u32)> = ties_of(&apart, 0, row.len())
        .flat_map(|ties| ties.rows().map(move |i| (i, ties.time)))
        .map(|(i, time)| (strata[row[i] as usize], time, row[i]))
        .collect();
    sorted.sort_by_key(|(stratum, ..)| *stratum);
    let (mut ranges, mut place) = (Vec::new(), 0);
    for rows in sorted.chunk_by(|a, b| a.0 == b.0) {
        let (start, first) = (place, moments.len());
        for &(_, time, of) in rows {
            lay_out(moments, place == start, place, time, event[of as usize]);
            row[place] = of;
            place += 1;
        }
        ranges.push(StratumRange { rows: start..place, moments: first..moments.len() });
    }
    ranges
}

/// Survival data that were checked and sorted by stratum and time, by [`SurvivalData::prepare`]: the rows in their order,
/// four bytes each, and the distinct times. The data are copied where there are entry times or weights, no others.
#[derive(Clone, Debug, PartialEq)]
pub struct SurvivalTimes {
    /// The row that stands at each place: by stratum, time, events first, as given.
    row: Vec<u32>,
    moments: Vec<Moment>,
    strata: Vec<StratumRange>,
    /// By place.
    entry: Option<Vec<f64>>,
    weight: Option<Vec<f64>>,
    merged: usize,
}

/// The places of a stratum, and its distinct times.
#[derive(Clone, Debug, PartialEq)]
struct StratumRange {
    rows: Range<usize>,
    moments: Range<usize>,
}

impl SurvivalTimes {
    /// The number of rows.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.row.len()
    }

    /// The number of rows with an event.
    #[must_use]
    pub fn events(&self) -> usize {
        self.moments.iter().map(|moment| moment.events as usize).sum()
    }

    /// The weight of these.
    pub(crate) fn weight_of_events(&self) -> f64 {
        let of = |stratum: Stratum<'_>| stratum.ties().map(|ties| stratum.weight_of(ties.with_event())).sum::<f64>();
        self.each_stratum().map(of).sum()
    }

    /// The number of strata.
    #[must_use]
    pub fn strata(&self) -> usize {
        self.strata.len()
    }

    /// How many distinct times were joined to another as near-ties.
    #[must_use]
    pub fn merged(&self) -> usize {
        self.merged
    }

    /// The same rows with events and censorings exchanged: what a reverse Kaplan–Meier curve is of.
    #[must_use]
    pub fn reversed(&self) -> Self {
        let mut reversed = self.clone();
        // Censored rows came last within a time; as events they come first.
        for (ties, moment) in ties_of(&self.moments, 0, self.len()).zip(&mut reversed.moments) {
            moment.events = (ties.len() - ties.events) as u32;
            reversed.row[ties.rows()].rotate_left(ties.events);
            for column in [&mut reversed.entry, &mut reversed.weight].into_iter().flatten() {
                column[ties.rows()].rotate_left(ties.events);
            }
        }
        reversed
    }

    /// The places of some rows in a new order, in strata that begin where told, as data of their own.
    fn taken(&self, strata: impl Iterator<Item = Vec<(f64, bool, usize)>>) -> Self {
        let pick = |column: &Option<Vec<f64>>| column.as_ref().map(|_| Vec::new());
        let mut taken = Self {
            row: Vec::new(),
            moments: Vec::new(),
            strata: Vec::new(),
            entry: pick(&self.entry),
            weight: pick(&self.weight),
            merged: self.merged,
        };
        for places in strata {
            let (start, first) = (taken.row.len(), taken.moments.len());
            for (time, event, place) in places {
                lay_out(&mut taken.moments, taken.row.len() == start, taken.row.len(), time, event);
                taken.row.push(self.row[place]);
                for (to, from) in [(&mut taken.entry, &self.entry), (&mut taken.weight, &self.weight)] {
                    if let (Some(to), Some(from)) = (to, from) {
                        to.push(from[place]);
                    }
                }
            }
            let (rows, moments) = (start..taken.row.len(), first..taken.moments.len());
            taken.strata.push(StratumRange { rows, moments });
        }
        taken
    }

    /// Time, event and place of each row of a stratum.
    fn places(&self, stratum: &StratumRange) -> impl Iterator<Item = (f64, bool, usize)> {
        ties_of(&self.moments[stratum.moments.clone()], 0, stratum.rows.end).flat_map(|ties| {
            let events = ties.with_event().end;
            ties.rows().map(move |place| (ties.time, place < events, place))
        })
    }

    /// The same rows in one stratum.
    pub(super) fn pooled(&self) -> Self {
        let mut places: Vec<_> = self.strata.iter().flat_map(|stratum| self.places(stratum)).collect();
        places.sort_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        self.taken(std::iter::once(places))
    }

    /// Every so many-th row of those in order; each with its place among them in place of its row.
    pub(super) fn thinned(&self, stride: usize) -> Self {
        let some = |stratum: &StratumRange| self.places(stratum).step_by(stride).collect::<Vec<_>>();
        let mut thinned = self.taken(self.strata.iter().map(some));
        let places = self.strata.iter().flat_map(|stratum| stratum.rows.clone().step_by(stride));
        thinned.row = places.map(|place| place as u32).collect();
        thinned
    }

    /// The same, as if the rows had been given in their order.
    pub(super) fn renumbered(self) -> Self {
        Self { row: (0..self.row.len() as u32).collect(), ..self }
    }

    /// The rows in the order of stratum and time.
    pub(super) fn rows(&self) -> &[u32] {
        &self.row
    }

    /// Whether the row at each place has an event.
    pub(super) fn is_event(&self) -> Vec<bool> {
        let mut event = vec![false; self.len()];
        for ties in ties_of(&self.moments, 0, self.len()) {
            event[ties.with_event()].fill(true);
        }
        event
    }

    /// The weight at each place, if the rows do not all count once.
    pub(super) fn weights(&self) -> Option<&[f64]> {
        self.weight.as_deref()
    }

    /// The entry time at each place, if there are any.
    pub(super) fn entries(&self) -> Option<&[f64]> {
        self.entry.as_deref()
    }

    /// The strata in order.
    pub(super) fn each_stratum(&self) -> impl Iterator<Item = Stratum<'_>> {
        self.strata.iter().map(|StratumRange { rows, moments }| Stratum {
            first: rows.start,
            moments: &self.moments[moments.clone()],
            entry: self.entry.as_ref().map(|entry| &entry[rows.clone()]),
            weight: self.weight.as_ref().map(|weight| &weight[rows.clone()]),
            row: &self.row[rows.clone()],
        })
    }
}

/// The rows of one stratum by time, events first within a time.
#[derive(Clone, Copy)]
pub(super) struct Stratum<'a> {
    /// The place of its first row among all rows.
    first: usize,
    moments: &'a [Moment],
    pub(super) entry: Option<&'a [f64]>,
    weight: Option<&'a [f64]>,
    /// The row that each came from.
    pub(super) row: &'a [u32],
}

impl<'a> Stratum<'a> {
    /// The number of rows.
    pub(super) fn len(&self) -> usize {
        self.row.len()
    }

    pub(super) fn weight(&self, i: usize) -> f64 {
        self.weight.map_or(1.0, |weight| weight[i])
    }

    /// The weights, if the rows do not all count once.
    pub(super) fn weights(&self) -> Option<&'a [f64]> {
        self.weight
    }

    /// The weight of some rows together.
    pub(super) fn weight_of(&self, rows: Range<usize>) -> f64 {
        self.weight.map_or(rows.len() as f64, |weight| weight[rows].iter().sum())
    }

    /// The rows of each distinct time, ascending.
    pub(super) fn ties(&self) -> impl DoubleEndedIterator<Item = Ties> + ExactSizeIterator + use<'a> {
        ties_of(self.moments, self.first, self.first + self.row.len())
    }

    /// Whether rows count more or less than once.
    pub(super) fn is_weighted(&self) -> bool {
        self.weight.is_some()
    }

    /// The places in the order in which they enter, latest first; none when all are there from the start.
    pub(super) fn by_entry_descending(&self) -> Vec<usize> {
        let Some(entry) = self.entry else { return Vec::new() };
        let mut places: Vec<usize> = (0..entry.len()).collect();
        places.sort_unstable_by(|&a, &b| entry[b].total_cmp(&entry[a]).then(a.cmp(&b)));
        places
    }
}
