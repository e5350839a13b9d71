use crate::{Interval, Level, TestError, dist};

/// The area under the ROC curve of a score with few values, from the events and non-events counted at each.
///
/// ## Formula
///
/// With eᵢ events of E and nᵢ non-events of N at the i-th value of the score, smallest first:
///
/// ```text
/// AUC = Σ eᵢ vᵢ / E           vᵢ = (n₁ + … + nᵢ₋₁ + nᵢ/2) / N          (share of non-events that an event outranks)
///     = Σ nᵢ wᵢ / N           wᵢ = (eᵢ₊₁ + … + eₖ + eᵢ/2) / E          (share of events that outrank a non-event)
/// var = Σ eᵢ (vᵢ − AUC)² / (E − 1) / E  +  Σ nᵢ (wᵢ − AUC)² / (N − 1) / N
/// ```
///
/// ## Input
///
/// Two slices of equal length, one element a value of the score, in ascending order of the score. Higher scores stand
/// for the event; for a score of which low values do, 1 − AUC is the area, with the same variance.
///
/// ## Result
///
/// The area is a proportion. The interval is AUC ± z · √var, cut off at 0 and 1; where the score parts the groups
/// without a tie the variance is 0 and the interval a point, which says more of the method than of the score.
///
/// ## Conventions
///
/// R: `pROC::ci.auc(pROC::roc(event, score, direction = "<"), method = "delong")`.
///
/// ## Errors
///
/// [`TestError::Shape`] for slices of unequal length, [`TestError::TooFew`] without events (group 0) or non-events
/// (group 1) and, for the variance, with fewer than two, [`TestError::TooManyCounts`] beyond 2³¹ in either group.
///
/// ## Example
///
/// ```
/// use restudy_stats::accuracy::ScoreCounts;
///
/// // One event at the higher value, one tied with the only non-event at the lower: 1 and a half of 2 pairs.
/// let score = ScoreCounts::new(&[1, 1], &[1, 0])?;
/// assert_eq!(score.auc(), 0.75);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// DeLong, DeLong and Clarke-Pearson, Comparing the areas under two or more correlated receiver operating
/// characteristic curves, Biometrics 44 (1988) 837–845; Hanley and McNeil, Radiology 143 (1982) 29–36 (area as the
/// share of pairs ranked right).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScoreCounts {
    events: Vec<u64>,
    non_events: Vec<u64>,
}

/// The pairs of one event and one non-event, by how the score ranks them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pairs {
    /// The event has the higher score.
    pub concordant: u64,
    /// Both have the same.
    pub tied: u64,
    /// The non-event has the higher score.
    pub discordant: u64,
}

impl Pairs {
    /// All pairs.
    #[must_use]
    pub fn all(self) -> u64 {
        self.concordant + self.tied + self.discordant
    }
}

/// With so many in each group the number of pairs still fits 64 bits.
const LIMIT: u64 = 1 << 31;

impl ScoreCounts {
    /// Events and non-events at each value of a score, from the lowest value to the highest.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn new(events: &[u64], non_events: &[u64]) -> Result<Self, TestError> {
        if events.len() != non_events.len() {
            let cells = events.len() + non_events.len();
            return Err(TestError::Shape { cells, rows: events.len(), columns: 2 });
        }
        for (group, counts) in [events, non_events].into_iter().enumerate() {
            let total = counts.iter().try_fold(0_u64, |sum, &count| sum.checked_add(count));
            match total {
                Some(0) => return Err(TestError::TooFew { group, found: 0, needed: 1 }),
                Some(total) if total <= LIMIT => {}
                _ => return Err(TestError::TooManyCounts { limit: LIMIT }),
            }
        }
        Ok(Self { events: events.to_vec(), non_events: non_events.to_vec() })
    }

    /// The pairs of an event and a non-event.
    #[must_use]
    pub fn pairs(&self) -> Pairs {
        let mut pairs = Pairs { concordant: 0, tied: 0, discordant: 0 };
        let (mut events_below, mut non_events_below) = (0, 0);
        for (&events, &non_events) in self.events.iter().zip(&self.non_events) {
            pairs.concordant += events * non_events_below;
            pairs.tied += events * non_events;
            pairs.discordant += non_events * events_below;
            events_below += events;
            non_events_below += non_events;
        }
        pairs
    }

    /// The area under the ROC curve, in [0, 1].
    #[must_use]
    pub fn auc(&self) -> f64 {
        let pairs = self.pairs();
        (pairs.concordant as f64 + pairs.tied as f64 / 2.0) / pairs.all() as f64
    }

    /// `DeLong`'s variance of the area.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn auc_variance(&self) -> Result<f64, TestError> {
        let auc = self.auc();
        // A non-event is outranked by the events above it: the same count, seen from the top.
        let reversed = |counts: &[u64]| counts.iter().rev().copied().collect::<Vec<_>>();
        Ok(placement_variance(0, &self.events, &self.non_events, auc)?
            + placement_variance(1, &reversed(&self.non_events), &reversed(&self.events), auc)?)
    }

    /// `DeLong`'s interval of the area.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn auc_interval(&self, level: Level) -> Result<Interval, TestError> {
        let half_width = dist::Normal.upper_quantile(level.tail()) * self.auc_variance()?.sqrt();
        let auc = self.auc();
        Ok(Interval { low: (auc - half_width).max(0.0), high: (auc + half_width).min(1.0), level })
    }
}

/// The variance of the mean placement of one group among the other: Σ own (v − mean)² / (n − 1) / n, with v the share
/// of the others that come before, ties counting one half.
fn placement_variance(group: usize, own: &[u64], others: &[u64], mean: f64) -> Result<f64, TestError> {
    let (n, n_others): (u64, u64) = (own.iter().sum(), others.iter().sum());
    if n < 2 {
        return Err(TestError::TooFew { group, found: usize::try_from(n).unwrap_or(usize::MAX), needed: 2 });
    }
    let mut before = 0;
    let mut squares = 0.0;
    for (&own, &others) in own.iter().zip(others) {
        let placement = (before as f64 + others as f64 / 2.0) / n_others as f64;
        squares += own as f64 * (placement - mean) * (placement - mean);
        before += others;
    }
    Ok(squares / (n - 1) as f64 / n as f64)
}
