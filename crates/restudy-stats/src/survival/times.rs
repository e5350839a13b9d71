use std::borrow::Cow;
use std::ops::Range;

use super::SurvivalError;
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
            let is_time = |t: &f64| t.is_finite() && *t >= 0.0;
            if let Some(row) = times.and_then(|times| times.iter().position(|t| !is_time(t))) {
                return Err(SurvivalError::NotATime { column, row });
            }
        }
        let is_weight = |w: &f64| w.is_finite() && *w > 0.0;
        if let Some(row) = self.weights.and_then(|weights| weights.iter().position(|w| !is_weight(w))) {
            return Err(SurvivalError::NotAWeight { row });
        }

        let (mut time, mut entry) = (Cow::Borrowed(self.time), self.entry.map(Cow::Borrowed));
        let mut row = by_time(self.time);
        let merged = match self.near_ties {
            NearTies::Distinct => 0,
            NearTies::Merge { tolerance } if tolerance.is_finite() && tolerance >= 0.0 => {
                merge(&mut time, &row, entry.as_mut(), tolerance)
            }
            NearTies::Merge { tolerance } => return Err(SurvivalError::NotATolerance { tolerance }),
        };
        let enters = entry.iter().flat_map(|entry| entry.iter());
        if let Some(row) = enters.zip(time.iter()).position(|(entry, time)| entry >= time) {
            return Err(SurvivalError::NeverAtRisk { row });
        }

        let stratum = |row: usize| self.strata.map_or(0, |strata| strata[row]);
        if self.strata.is_some() {
            row.sort_by_key(|&row| stratum(row));
        }
        let strata: Vec<Range<usize>> = (row.chunk_by(|&a, &b| stratum(a) == stratum(b)))
            .scan(0, |start, chunk| {
                let range = *start..*start + chunk.len();
                *start = range.end;
                Some(range)
            })
            .collect();
        let time: Vec<f64> = row.iter().map(|&row| time[row]).collect();
        // Events first within a time; the row last, so that the order is one whatever the algorithm.
        let mut censored = Vec::new();
        for range in &strata {
            let mut rest = &mut row[range.clone()];
            for ties in time[range.clone()].chunk_by(|a, b| a == b) {
                let (rows, later) = rest.split_at_mut(ties.len());
                rest = later;
                if merged > 0 {
                    // Of times that were joined the earlier stood first.
                    rows.sort_unstable();
                }
                events_first(rows, self.event, &mut censored);
            }
        }
        Ok(SurvivalTimes {
            time,
            event: row.iter().map(|&row| self.event[row]).collect(),
            entry: entry.map(|entry| row.iter().map(|&row| entry[row]).collect()),
            weight: self.weights.map(|weights| row.iter().map(|&row| weights[row]).collect()),
            row,
            strata,
            merged,
        })
    }
}

/// The rows in the order of their times, those of one time as they were given; by radix where their numbers fit.
fn by_time(time: &[f64]) -> Vec<usize> {
    match order::ascending(time) {
        Ok(rows) => rows.into_iter().map(|row| row as usize).collect(),
        Err(_) => {
            let mut rows: Vec<usize> = (0..time.len()).collect();
            rows.sort_by_key(|&row| order::key(time[row]));
            rows
        }
    }
}

/// Puts the rows with an event before those without, either in their order; `censored` is room for the latter.
fn events_first(rows: &mut [usize], event: &[bool], censored: &mut Vec<usize>) {
    censored.clear();
    let mut events = 0;
    for i in 0..rows.len() {
        if event[rows[i]] {
            rows[events] = rows[i];
            events += 1;
        } else {
            censored.push(rows[i]);
        }
    }
    rows[events..].copy_from_slice(censored);
}

/// Joins near-ties, the rows being known in the order of their times; how many distinct times went. The times are copied
/// only where there are any.
fn merge(time: &mut Cow<'_, [f64]>, rows: &[usize], mut entry: Option<&mut Cow<'_, [f64]>>, tolerance: f64) -> usize {
    let mut distinct: Vec<f64> = Vec::new();
    for &row in rows {
        if distinct.last() != Some(&time[row]) {
            distinct.push(time[row]);
        }
    }
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
    if joined > 0 {
        // Of every run of near-ties, its first time.
        let first = |&(i, &t): &(usize, &f64)| i == 0 || !near(distinct[i - 1], t);
        let kept: Vec<f64> = distinct.iter().enumerate().filter(first).map(|(_, &t)| t).collect();
        let entry = entry.iter_mut().flat_map(|entry| entry.to_mut().iter_mut());
        for t in time.to_mut().iter_mut().chain(entry) {
            *t = kept[kept.partition_point(|kept| kept <= t).max(1) - 1];
        }
    }
    joined
}

/// Survival data that were checked and sorted by stratum and time, by [`SurvivalData::prepare`].
#[derive(Clone, Debug, PartialEq)]
pub struct SurvivalTimes {
    time: Vec<f64>,
    event: Vec<bool>,
    entry: Option<Vec<f64>>,
    weight: Option<Vec<f64>>,
    /// The row that each came from.
    row: Vec<usize>,
    strata: Vec<Range<usize>>,
    merged: usize,
}

impl SurvivalTimes {
    /// The number of rows.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "never empty")]
    pub fn len(&self) -> usize {
        self.time.len()
    }

    /// The number of rows with an event.
    #[must_use]
    pub fn events(&self) -> usize {
        self.event.iter().filter(|event| **event).count()
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
        let mut reversed = Self { event: self.event.iter().map(|event| !event).collect(), ..self.clone() };
        // Censored rows came last within a time; as events they come first.
        let ties: Vec<Range<usize>> = (self.strata.iter().zip(self.each_stratum()))
            .flat_map(|(range, stratum)| stratum.ties().map(|ties| range.start + ties.start..range.start + ties.end))
            .collect();
        for ties in ties {
            let events = self.event[ties.clone()].partition_point(|event| *event);
            reversed.event[ties.clone()].rotate_left(events);
            reversed.row[ties.clone()].rotate_left(events);
            for column in [&mut reversed.entry, &mut reversed.weight].into_iter().flatten() {
                column[ties.clone()].rotate_left(events);
            }
        }
        reversed
    }

    /// The same rows in one stratum.
    pub(super) fn pooled(&self) -> Self {
        let mut place: Vec<usize> = (0..self.len()).collect();
        place.sort_by(|&a, &b| self.time[a].total_cmp(&self.time[b]).then(self.event[b].cmp(&self.event[a])));
        Self {
            time: place.iter().map(|&i| self.time[i]).collect(),
            event: place.iter().map(|&i| self.event[i]).collect(),
            entry: self.entry.as_ref().map(|entry| place.iter().map(|&i| entry[i]).collect()),
            weight: self.weight.as_ref().map(|weight| place.iter().map(|&i| weight[i]).collect()),
            row: place.iter().map(|&i| self.row[i]).collect(),
            strata: std::iter::once(0..self.len()).collect(),
            merged: self.merged,
        }
    }

    /// Every so many-th row of those in order; each with its place among them in place of its row.
    pub(super) fn thinned(&self, stride: usize) -> Self {
        let places: Vec<usize> = self.strata.iter().flat_map(|range| range.clone().step_by(stride)).collect();
        let pick = |column: &[f64]| places.iter().map(|&i| column[i]).collect::<Vec<f64>>();
        let strata = self.strata.iter().scan(0, |start, range| {
            let range = *start..*start + range.len().div_ceil(stride);
            *start = range.end;
            Some(range)
        });
        Self {
            time: pick(&self.time),
            event: places.iter().map(|&i| self.event[i]).collect(),
            entry: self.entry.as_deref().map(pick),
            weight: self.weight.as_deref().map(pick),
            row: places,
            strata: strata.collect(),
            merged: 0,
        }
    }

    /// The same, as if the rows had been given in their order.
    pub(super) fn renumbered(self) -> Self {
        Self { row: (0..self.time.len()).collect(), ..self }
    }

    /// All rows in the order of stratum and time.
    pub(super) fn all(&self) -> Stratum<'_> {
        Stratum {
            time: &self.time,
            event: &self.event,
            entry: self.entry.as_deref(),
            weight: self.weight.as_deref(),
            row: &self.row,
        }
    }

    /// The strata in order.
    pub(super) fn each_stratum(&self) -> impl Iterator<Item = Stratum<'_>> {
        self.strata.iter().map(|range| Stratum {
            time: &self.time[range.clone()],
            event: &self.event[range.clone()],
            entry: self.entry.as_ref().map(|entry| &entry[range.clone()]),
            weight: self.weight.as_ref().map(|weight| &weight[range.clone()]),
            row: &self.row[range.clone()],
        })
    }
}

/// The rows of one stratum by time, events first within a time.
#[derive(Clone, Copy)]
pub(super) struct Stratum<'a> {
    pub(super) time: &'a [f64],
    pub(super) event: &'a [bool],
    pub(super) entry: Option<&'a [f64]>,
    weight: Option<&'a [f64]>,
    /// The row that each came from.
    pub(super) row: &'a [usize],
}

impl<'a> Stratum<'a> {
    pub(super) fn weight(&self, i: usize) -> f64 {
        self.weight.map_or(1.0, |weight| weight[i])
    }

    /// The weights, if the rows do not all count once.
    pub(super) fn weights(&self) -> Option<&'a [f64]> {
        self.weight
    }

    /// The places of each distinct time, ascending.
    pub(super) fn ties(&self) -> impl DoubleEndedIterator<Item = Range<usize>> + use<'a> {
        let time = self.time;
        let mut starts: Vec<usize> = (0..time.len()).filter(|&i| i == 0 || time[i] > time[i - 1]).collect();
        starts.push(time.len());
        (1..starts.len()).map(move |i| starts[i - 1]..starts[i])
    }

    /// Whether rows count more or less than once.
    pub(super) fn is_weighted(&self) -> bool {
        self.weight.is_some()
    }

    /// How many of the places of one time are events; they come first.
    pub(super) fn events_in(&self, ties: &Range<usize>) -> usize {
        self.event[ties.clone()].partition_point(|event| *event)
    }

    /// The places in the order in which they enter, latest first; none when all are there from the start.
    pub(super) fn by_entry_descending(&self) -> Vec<usize> {
        let Some(entry) = self.entry else { return Vec::new() };
        let mut places: Vec<usize> = (0..entry.len()).collect();
        places.sort_unstable_by(|&a, &b| entry[b].total_cmp(&entry[a]).then(a.cmp(&b)));
        places
    }
}
