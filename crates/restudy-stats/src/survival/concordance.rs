use std::ops::{AddAssign, Range, SubAssign};

use super::times::Stratum;
use super::{SurvivalError, SurvivalTimes};
use crate::blocked::{each_mut, pieces};
use crate::{Interval, Level, dist, order};

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
/// product of their weights. Time O(n log n), whatever is tied.
///
/// ## Errors
///
/// [`SurvivalError::Length`], [`SurvivalError::NotFinite`], [`SurvivalError::NoEvents`],
/// [`SurvivalError::NoComparablePairs`], [`SurvivalError::TooMany`].
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
        let mut counts = Vec::with_capacity(times.len());
        let (mut tied_time, mut tied_both) = (0.0, 0.0);
        for stratum in times.each_stratum() {
            let (different, same) = match stratum.weights() {
                None if stratum.entry.is_none() => count(stratum, marker, |_, _| (), &mut counts)?,
                _ => {
                    let mass = |i: usize, leaves: bool| if leaves { -stratum.weight(i) } else { stratum.weight(i) };
                    count(stratum, marker, mass, &mut counts)?
                }
            };
            tied_time += different;
            tied_both += same;
        }
        let weight = |i: usize| times.weights().map_or(1.0, |weights| weights[i]);
        let mut total = Counts::default();
        // Each pair is with both of its rows.
        for (i, of_row) in counts.iter().enumerate() {
            let half = weight(i) / 2.0;
            total.up_to += half * of_row.up_to;
            total.tied += half * of_row.tied;
            total.all += half * of_row.all;
        }
        let all = total.all;
        if all <= 0.0 {
            return Err(SurvivalError::NoComparablePairs);
        }
        let right = |counts: &Counts| match self.orientation {
            Orientation::HigherIsSooner => counts.up_to - counts.tied,
            Orientation::HigherIsLater => counts.all - counts.up_to,
        };
        let score = |counts: &Counts| right(counts) + counts.tied / 2.0;
        let value = score(&total) / all;
        let variance: f64 = (counts.iter().enumerate())
            .map(|(i, of_row)| {
                let influence = weight(i) * (score(of_row) - value * of_row.all) / all;
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
            concordant: right(&total),
            discordant: total.all - total.tied - right(&total),
            tied_marker: total.tied,
            tied_time,
            tied_both,
        })
    }
}

/// Comparable pairs of a row, with those who have the event later and with those who had it before.
#[derive(Clone, Copy, Default)]
struct Counts {
    /// Pairs in which the marker of the one with the later time is not above that of the one with the event.
    up_to: f64,
    /// Pairs tied in the marker.
    tied: f64,
    all: f64,
}

/// What a row counts: 1 without a field, so that a token is 12 bytes, or its weight.
trait Mass: Copy + Send + Sync {
    /// What such masses add up to.
    type Sum: Copy + Default + Send + Sync + AddAssign + SubAssign + Into<f64>;

    fn mass(self) -> f64;

    fn sum(self) -> Self::Sum;
}

impl Mass for () {
    type Sum = u32;

    fn mass(self) -> f64 {
        1.0
    }

    fn sum(self) -> u32 {
        1
    }
}

impl Mass for f64 {
    type Sum = f64;

    fn mass(self) -> f64 {
        self
    }

    fn sum(self) -> f64 {
        self
    }
}

/// A row at its time, or at its entry, from where on it is no partner of earlier events any more.
///
/// Moments count up: an even one is that of the events of a time, the odd one after it that of the censorings. The pairs
/// are those of an event and a partner at a later moment.
#[derive(Clone, Copy)]
struct Token<M: Mass> {
    moment: u32,
    /// The row's place in the stratum.
    place: u32,
    /// Pairs in which the marker of the partner is not above that of the event.
    up_to: M::Sum,
    mass: M,
}

impl<M: Mass> Token<M> {
    fn is_event(&self) -> bool {
        self.moment.is_multiple_of(2)
    }

    fn event_mass(&self) -> f64 {
        if self.is_event() { self.mass.mass() } else { 0.0 }
    }
}

/// The pairs of each row of a stratum, added to `counts` in their order; and the pairs of events at one time, with
/// different and with equal markers.
fn count<M: Mass>(
    stratum: Stratum<'_>,
    marker: &[f64],
    mass: impl Fn(usize, bool) -> M,
    counts: &mut Vec<Counts>,
) -> Result<(f64, f64), SurvivalError> {
    let n = stratum.len();
    let mut tokens = latest_first(stratum, mass);
    let moments = tokens.first().map_or(0, |token| token.moment + 1);

    // Of all partners at later moments, and of all events at earlier ones.
    let (mut partners, mut events) = (vec![0.0; moments as usize + 1], vec![0.0; moments as usize + 1]);
    let (mut pairs_at_once, mut same) = (0.0, 0.0);
    for at_once in tokens.chunk_by(|a, b| a.moment == b.moment) {
        let moment = at_once[0].moment as usize;
        let mut before = 0.0;
        for token in at_once {
            partners[moment] += token.mass.mass();
            events[moment + 1] += token.event_mass();
            pairs_at_once += before * token.event_mass();
            before += token.event_mass();
        }
    }
    for moment in (0..moments as usize).rev() {
        partners[moment] += partners[moment + 1];
    }
    for moment in 0..moments as usize {
        events[moment + 1] += events[moment];
    }

    // By marker; within equal markers the latest first, so that tied pairs count as not above and can be told apart.
    let values: Vec<f64> = tokens.iter().map(|token| marker[stratum.row[token.place as usize] as usize]).collect();
    let mut sorted = Vec::with_capacity(tokens.len());
    let first = counts.len();
    counts.resize(first + n, Counts::default());
    let of_rows = &mut counts[first..];
    order::for_each_run(&values, |run| {
        let start = sorted.len();
        sorted.extend(run.iter().map(|&at| tokens[at as usize]));
        if run.len() > 1 {
            same += tie(&sorted[start..], of_rows);
        }
    })
    .map_err(|_| SurvivalError::TooMany { found: n })?;
    drop(values);
    split(&mut sorted, &mut tokens, 0..moments, false);

    for token in &sorted {
        let (of_row, moment) = (&mut of_rows[token.place as usize], token.moment as usize);
        let is_entry = token.mass.mass() < 0.0;
        let up_to: f64 = token.up_to.into();
        of_row.up_to += if is_entry { -up_to } else { up_to };
        of_row.all += if is_entry { -events[moment] } else { events[moment] };
        if token.moment.is_multiple_of(2) {
            of_row.all += partners[moment + 1];
        }
    }
    Ok((pairs_at_once - same, same))
}

/// The rows of a stratum at their times, and at their entries, the latest first.
fn latest_first<M: Mass>(stratum: Stratum<'_>, mass: impl Fn(usize, bool) -> M) -> Vec<Token<M>> {
    let mut tokens = Vec::with_capacity(stratum.len());
    let mut times = Vec::new();
    for (k, ties) in stratum.ties().enumerate() {
        let events = ties.with_event().end;
        times.push(ties.time);
        for place in ties.rows() {
            let moment = 2 * k as u32 + u32::from(place >= events);
            tokens.push(Token { moment, place: place as u32, up_to: M::Sum::default(), mass: mass(place, false) });
        }
    }
    tokens.reverse();
    if let Some(entry) = stratum.entry {
        for (place, entry) in entry.iter().enumerate() {
            // After the events of the last time that is not after the entry.
            if let Some(k) = times.partition_point(|time| time <= entry).checked_sub(1) {
                let moment = 2 * k as u32 + 1;
                tokens.push(Token { moment, place: place as u32, up_to: M::Sum::default(), mass: mass(place, true) });
            }
        }
        tokens.sort_by_key(|token| std::cmp::Reverse(token.moment));
    }
    tokens
}

/// The comparable pairs among tokens with one marker, latest first, added to both rows of each; and the pairs of events at
/// one time.
fn tie<M: Mass>(run: &[Token<M>], of_rows: &mut [Counts]) -> f64 {
    let (mut later, mut same) = (0.0, 0.0);
    let mut events: f64 = run.iter().map(Token::event_mass).sum();
    for at_once in run.chunk_by(|a, b| a.moment == b.moment) {
        events -= at_once.iter().map(Token::event_mass).sum::<f64>();
        let mut before = 0.0;
        for token in at_once {
            let is_entry = token.mass.mass() < 0.0;
            let of_row = &mut of_rows[token.place as usize];
            of_row.tied += if is_entry { -events } else { events };
            of_row.tied += if token.is_event() { later } else { 0.0 };
            same += before * token.event_mass();
            before += token.event_mass();
        }
        later += at_once.iter().map(|token| token.mass.mass()).sum::<f64>();
    }
    same
}

/// Below this size all pairs are looked at.
const FEW: usize = 24;
/// From this size on the parts are worth threads.
const MANY: usize = 1 << 14;

/// Parts into which moments are split at once.
const WAYS: usize = 16;

/// Counts, for tokens in the order of the marker, the pairs of an event and a partner at a later moment that comes before
/// it in that order. The tokens change their order; they end in `tokens`, or in `other` when `swap` is set.
///
/// The moments are split into sixteen parts: of the pairs across the parts one pass counts, for each token, the events of
/// earlier parts after it, and for each event the tokens of later parts before it, and writes the parts one after the other,
/// each still in the order of the marker. No token is compared with another, none is looked up: two passes from front to
/// back for each sixteenfold of moments. Parts are threads' work. Counts are sums of whole numbers (or of weights, in an
/// order that the data alone decide), so that they have the same bits on any number of threads.
fn split<M: Mass>(tokens: &mut [Token<M>], other: &mut [Token<M>], moments: Range<u32>, swap: bool) {
    if tokens.len() <= FEW || moments.len() <= 1 {
        if moments.len() > 1 {
            each_pair(tokens);
        }
        if swap {
            other.copy_from_slice(tokens);
        }
        return;
    }
    let last = moments.len() as u32 - 1;
    let shift = (u32::BITS - last.leading_zeros()).saturating_sub(WAYS.ilog2());
    let way = |token: &Token<M>| ((token.moment - moments.start) >> shift) as usize % WAYS;
    let mut lengths = [0; WAYS];
    // Of each part: events of earlier parts that are still to come, tokens of later parts that have come.
    let (mut events_after, mut before) = ([M::Sum::default(); WAYS], [M::Sum::default(); WAYS]);
    for token in tokens.iter() {
        lengths[way(token)] += 1;
        if token.is_event() {
            events_after[way(token)] += token.mass.sum();
        }
    }
    let (mut next, mut place, mut sum) = ([0; WAYS], 0, M::Sum::default());
    for way in 0..WAYS {
        next[way] = place;
        place += lengths[way];
        let earlier = sum;
        sum += std::mem::replace(&mut events_after[way], earlier);
    }
    for token in tokens.iter() {
        let (way, nothing, mass) = (way(token), M::Sum::default(), token.mass.sum());
        let event = if token.is_event() { mass } else { nothing };
        let mut token = *token;
        token.up_to += events_after[way];
        token.up_to += if token.is_event() { before[way] } else { nothing };
        for k in 0..WAYS {
            before[k] += if k < way { mass } else { nothing };
            events_after[k] -= if k > way { event } else { nothing };
        }
        other[next[way]] = token;
        next[way] += 1;
    }
    let (tokens, other) = (pieces(tokens, lengths.into_iter()), pieces(other, lengths.into_iter()));
    let starts = (0..).map(|way: u32| moments.start + (way << shift));
    let parts = starts.zip(tokens.into_iter().zip(other)).map(|(start, (tokens, other))| Part { start, tokens, other });
    let mut parts: Vec<_> = parts.filter(|part| !part.tokens.is_empty()).collect();
    let go_on = |part: &mut Part<'_, M>| {
        let moments = part.start..moments.end.min(part.start + (1 << shift));
        split(part.other, part.tokens, moments, !swap);
    };
    if place >= MANY {
        each_mut(&mut parts, go_on);
    } else {
        parts.iter_mut().for_each(go_on);
    }
}

/// Some moments from one on, with the places of their tokens.
struct Part<'t, M: Mass> {
    start: u32,
    tokens: &'t mut [Token<M>],
    other: &'t mut [Token<M>],
}

/// The same by looking at each pair.
fn each_pair<M: Mass>(tokens: &mut [Token<M>]) {
    for after in 1..tokens.len() {
        let (before, rest) = tokens.split_at_mut(after);
        let event = &mut rest[0];
        if !event.is_event() {
            continue;
        }
        for partner in before.iter_mut().filter(|partner| partner.moment > event.moment) {
            partner.up_to += event.mass.sum();
            event.up_to += partner.mass.sum();
        }
    }
}
