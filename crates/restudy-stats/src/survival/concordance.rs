use std::ops::Range;

use super::times::Stratum;
use super::{SurvivalError, SurvivalTimes};
use crate::{Interval, Level, dist};

/// How well does a marker tell who has the event first? Harrell's concordance index.
///
/// ## Formula
///
/// ```text
/// C = (concordant + tied / 2) / (concordant + discordant + tied)
/// ```
///
/// over the pairs, within a stratum, of which it is known who had the event first: one has the event at a time at which the
/// other is still under observation, or is censored at that very time. Concordant: the marker of the one with the earlier
/// event points to the shorter time. Pairs tied in the marker count one half; pairs tied in time (both have the event then)
/// do not count and are told apart.
///
/// The standard error is that of the infinitesimal jackknife, the root of Σ wᵢ² (∂C / ∂wᵢ)² over the rows.
///
/// ## Input
///
/// Survival data and the finite marker of each row, in the order in which the rows were given.
///
/// ## Conventions
///
/// R: `concordance(Surv(time, event) ~ marker, reverse = TRUE)` for a marker of risk. A pair of rows counts as the
/// product of their weights. Time O(n log n).
///
/// ## Errors
///
/// [`SurvivalError::Length`], [`SurvivalError::NotFinite`], [`SurvivalError::NoEvents`],
/// [`SurvivalError::NoComparablePairs`].
///
/// ## Example
///
/// ```
/// use restudy_stats::survival::{Concordance, SurvivalData};
///
/// let times = SurvivalData::new(&[1.0, 2.0, 3.0], &[true, true, false]).prepare()?;
/// let result = Concordance::default().run(&times, &[2.0, 3.0, 1.0])?;
/// assert_eq!((result.concordant, result.discordant, result.value), (2.0, 1.0, 2.0 / 3.0));
/// # Ok::<(), restudy_stats::survival::SurvivalError>(())
/// ```
///
/// ## Source
///
/// Harrell, Lee and Mark, Multivariable prognostic models, Statistics in Medicine 15 (1996) 361–387; Therneau and Atkinson,
/// Concordance (vignette of R's survival) for the standard error.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Concordance {
    /// What a greater marker means.
    pub orientation: Orientation,
    /// The level of the interval.
    pub level: Level,
}

/// What a greater value of a marker means.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Orientation {
    /// A higher risk: the event comes sooner.
    #[default]
    HigherIsSooner,
    /// A longer time to the event.
    HigherIsLater,
}

/// The concordance of a marker with survival.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ConcordanceResult {
    /// What a greater marker means.
    pub orientation: Orientation,
    /// C, in [0, 1]; below one half the marker points the other way.
    pub value: f64,
    /// Its standard error.
    pub std_error: f64,
    /// C ± z se, cut to [0, 1].
    pub interval: Interval,
    /// Pairs in which the marker points the right way.
    pub concordant: f64,
    /// Pairs in which it points the wrong way.
    pub discordant: f64,
    /// Comparable pairs tied in the marker.
    pub tied_marker: f64,
    /// Pairs of two events at one time with different markers, which are not comparable.
    pub tied_time: f64,
    /// Pairs tied in both.
    pub tied_both: f64,
}

impl Concordance {
    /// The concordance of a marker.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, times: &SurvivalTimes, marker: &[f64]) -> Result<ConcordanceResult, SurvivalError> {
        if marker.len() != times.len() {
            return Err(SurvivalError::Length { column: "the marker", found: marker.len(), needed: times.len() });
        }
        if let Some(row) = marker.iter().position(|x| !x.is_finite()) {
            return Err(SurvivalError::NotFinite { name: "the marker".to_owned(), row });
        }
        if times.events() == 0 {
            return Err(SurvivalError::NoEvents);
        }
        // Each pair is seen from its event: `above` counts partners with a greater marker.
        let (mut total, mut tied_time, mut tied_both) = (Pairs::default(), 0.0, 0.0);
        let mut of_rows = vec![(0.0, Pairs::default()); times.len()];
        for stratum in times.each_stratum() {
            let ranks = Ranks::new(stratum, marker);
            let mut pairs = vec![Pairs::default(); stratum.time.len()];
            seen_from_events(stratum, &ranks, &mut pairs);
            for (i, pair) in pairs.iter().enumerate() {
                total.add(*pair, stratum.weight(i));
            }
            seen_from_partners(stratum, &ranks, &mut pairs);
            for (i, pair) in pairs.into_iter().enumerate() {
                of_rows[stratum.row[i]] = (stratum.weight(i), pair);
            }
            let (different, same) = tied_events(stratum, &ranks);
            tied_time += different;
            tied_both += same;
        }
        let all = total.all();
        if all <= 0.0 {
            return Err(SurvivalError::NoComparablePairs);
        }
        let right = |pairs: Pairs| match self.orientation {
            Orientation::HigherIsSooner => pairs.below,
            Orientation::HigherIsLater => pairs.above,
        };
        let score = |pairs: Pairs| right(pairs) + pairs.tied / 2.0;
        let value = score(total) / all;
        let variance: f64 = (of_rows.into_iter())
            .map(|(weight, pairs)| {
                let influence = weight * (score(pairs) - value * pairs.all()) / all;
                influence * influence
            })
            .sum();
        let std_error = variance.sqrt();
        let reach = dist::Normal.upper_quantile(self.level.tail()) * std_error;
        Ok(ConcordanceResult {
            orientation: self.orientation,
            value,
            std_error,
            interval: Interval { low: (value - reach).max(0.0), high: (value + reach).min(1.0), level: self.level },
            concordant: right(total),
            discordant: total.above + total.below - right(total),
            tied_marker: total.tied,
            tied_time,
            tied_both,
        })
    }
}

/// Comparable pairs by whether the partner's marker is below, tied with or above that of the one with the event.
#[derive(Clone, Copy, Default)]
struct Pairs {
    below: f64,
    tied: f64,
    above: f64,
}

impl Pairs {
    fn all(self) -> f64 {
        self.below + self.tied + self.above
    }

    fn add(&mut self, other: Self, weight: f64) {
        self.below += weight * other.below;
        self.tied += weight * other.tied;
        self.above += weight * other.above;
    }
}

/// The rank of each place's marker among the distinct ones of the stratum, from 0.
struct Ranks {
    of: Vec<usize>,
    distinct: usize,
}

impl Ranks {
    fn new(stratum: Stratum<'_>, marker: &[f64]) -> Self {
        // Adding 0 makes one zero of the two.
        let value = |i: usize| marker[stratum.row[i]] + 0.0;
        let mut order: Vec<usize> = (0..stratum.row.len()).collect();
        order.sort_unstable_by(|&a, &b| value(a).total_cmp(&value(b)));
        let mut of = vec![0; order.len()];
        let mut rank = 0;
        for (position, &i) in order.iter().enumerate() {
            if position > 0 && value(i) > value(order[position - 1]) {
                rank += 1;
            }
            of[i] = rank;
        }
        Self { of, distinct: rank + 1 }
    }
}

/// Sums of weights by rank in logarithmic time (Fenwick 1994).
struct Tree {
    sums: Vec<f64>,
    total: f64,
}

impl Tree {
    fn new(size: usize) -> Self {
        Self { sums: vec![0.0; size + 1], total: 0.0 }
    }

    fn add(&mut self, rank: usize, weight: f64) {
        self.total += weight;
        let mut i = rank + 1;
        while i < self.sums.len() {
            self.sums[i] += weight;
            i += i & i.wrapping_neg();
        }
    }

    /// The sum over the ranks below.
    fn below(&self, rank: usize) -> f64 {
        let (mut i, mut sum) = (rank, 0.0);
        while i > 0 {
            sum += self.sums[i];
            i &= i - 1;
        }
        sum
    }

    fn split(&self, rank: usize) -> Pairs {
        let (below, up_to) = (self.below(rank), self.below(rank + 1));
        Pairs { below, tied: up_to - below, above: self.total - up_to }
    }
}

/// For each event, those who are under observation beyond it.
fn seen_from_events(stratum: Stratum<'_>, ranks: &Ranks, pairs: &mut [Pairs]) {
    let mut tree = Tree::new(ranks.distinct);
    let entering = stratum.by_entry_descending();
    let mut entering = entering.iter().peekable();
    for ties in stratum.ties().rev() {
        let events = ties.start..ties.start + stratum.events_in(&ties);
        let insert = |tree: &mut Tree, places: Range<usize>| {
            for i in places {
                tree.add(ranks.of[i], stratum.weight(i));
            }
        };
        insert(&mut tree, events.end..ties.end);
        let time = stratum.time[ties.start];
        while let Some(&i) = entering.next_if(|&&i| stratum.entry.is_some_and(|entry| entry[i] >= time)) {
            tree.add(ranks.of[i], -stratum.weight(i));
        }
        for i in events.clone() {
            pairs[i] = tree.split(ranks.of[i]);
        }
        insert(&mut tree, events);
    }
}

/// For each row, the events that happened while it was under observation and went on to be, added to its pairs with the
/// sides exchanged.
fn seen_from_partners(stratum: Stratum<'_>, ranks: &Ranks, pairs: &mut [Pairs]) {
    let mut tree = Tree::new(ranks.distinct);
    let mut entering = stratum.by_entry_descending();
    for ties in stratum.ties() {
        let time = stratum.time[ties.start];
        // Events up to the entry are not the row's: taken off again.
        while let Some(i) = entering.pop_if(|i| stratum.entry.is_some_and(|entry| entry[*i] < time)) {
            let early = tree.split(ranks.of[i]);
            pairs[i].add(Pairs { below: early.above, tied: early.tied, above: early.below }, -1.0);
        }
        let events = ties.start..ties.start + stratum.events_in(&ties);
        let mut see = |tree: &Tree, places: Range<usize>| {
            for i in places {
                let seen = tree.split(ranks.of[i]);
                pairs[i].add(Pairs { below: seen.above, tied: seen.tied, above: seen.below }, 1.0);
            }
        };
        see(&tree, events.clone());
        for i in events.clone() {
            tree.add(ranks.of[i], stratum.weight(i));
        }
        see(&tree, events.end..ties.end);
    }
}

/// Pairs of events at one time, with different and with equal markers.
fn tied_events(stratum: Stratum<'_>, ranks: &Ranks) -> (f64, f64) {
    let (mut different, mut same) = (0.0, 0.0);
    for ties in stratum.ties() {
        let mut events: Vec<usize> = (ties.start..ties.start + stratum.events_in(&ties)).collect();
        events.sort_unstable_by_key(|&i| (ranks.of[i], i));
        // Of each row with those before it in order.
        let (mut before, mut before_of_rank) = (0.0, 0.0);
        for (position, &i) in events.iter().enumerate() {
            if position > 0 && ranks.of[events[position - 1]] != ranks.of[i] {
                before_of_rank = 0.0;
            }
            let weight = stratum.weight(i);
            same += weight * before_of_rank;
            different += weight * (before - before_of_rank);
            before += weight;
            before_of_rank += weight;
        }
    }
    (different, same)
}
