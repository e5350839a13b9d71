use super::calibration::Predictions;
use crate::descriptive::Moments;
use crate::{Interval, Level, TestError, dist};

/// Does a new model move the predicted risks of cases up and those of controls down? NRI and IDI.
///
/// ## Hypotheses
///
/// H0: the index is 0; two-sided, Wald.
///
/// ## Formula
///
/// ```text
/// NRI = (up₁ − down₁) / n₁ + (down₀ − up₀) / n₀        up, down: people in a higher, lower category (or of any higher,
///     lower risk) under the new model, among the events (1) and the others (0)
///     se² = (up₁ + down₁ − (up₁ − down₁)²/n₁) / n₁² + the same of the others
///     z = NRI / √( (up₁ + down₁)/n₁² + (up₀ + down₀)/n₀² ), the standard error under H0
/// IDI = mean change of risk among events − mean change among the others        se² = s²₁/n₁ + s²₀/n₀
/// ```
///
/// ## Input
///
/// The risks predicted by the old and the new model, and what happened, for each person; at least two events and two
/// without. Category limits ascend strictly within (0, 1); a risk equal to a limit is in the category above it. No limits:
/// the category-free (continuous) index, for which any change counts.
///
/// ## Result
///
/// [`ReclassificationResult`]. An index without a variance, such as that of models that never differ, has no z, p-value and
/// interval.
///
/// ## Conventions
///
/// Pencina's first paper tests with the variance under H0, as here; the interval takes the multinomial variance of the later one.
///
/// The category-free index is known to be positive for useless markers: it is not evidence of a better model by itself.
///
/// ## Errors
///
/// [`TestError::UnequalLengths`], [`TestError::PredictedProbability`], [`TestError::TooFew`] for fewer than two events (group
/// 0) or others (group 1), [`TestError::NotAProbability`] for a limit outside (0, 1), [`TestError::NotSorted`].
///
/// ## Source
///
/// Pencina, D'Agostino, D'Agostino and Vasan, Statistics in Medicine 27 (2008) 157–172; Pencina, D'Agostino and Steyerberg,
/// Statistics in Medicine 30 (2011) 11–21 (variance, category-free).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Reclassification {
    /// The limits between categories of risk, ascending; none for the category-free index.
    pub limits: Vec<f64>,
    /// The level of the intervals.
    pub level: Level,
}

/// An index of reclassification.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReclassificationIndex {
    /// The index.
    pub value: f64,
    /// The part of the events.
    pub of_events: f64,
    /// The part of the others.
    pub of_others: f64,
    /// The standard error of the index.
    pub std_error: f64,
    /// Its interval.
    pub interval: Option<Interval>,
    /// The index in standard errors under the null hypothesis.
    pub z: Option<f64>,
    /// The two-sided p-value.
    pub p_value: Option<f64>,
}

/// How the risks moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ReclassificationResult {
    /// Events and others (rows) who moved up, and down (columns).
    pub moved: [[u64; 2]; 2],
    /// Events, and others.
    pub n: [u64; 2],
    /// The net reclassification improvement.
    pub nri: ReclassificationIndex,
    /// The integrated discrimination improvement.
    pub idi: ReclassificationIndex,
}

impl Reclassification {
    /// The indices of a new model against an old one.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, old: &[f64], new: &[f64], events: &[bool]) -> Result<ReclassificationResult, TestError> {
        let old = Predictions::new(old, events)?;
        let new = Predictions::new(new, events)?;
        let n = [old.events, old.n() - old.events];
        for (group, &n) in n.iter().enumerate() {
            if n < 2 {
                return Err(TestError::TooFew { group, found: n as usize, needed: 2 });
            }
        }
        if let Some(position) = self.limits.iter().position(|&limit| !(limit > 0.0 && limit < 1.0)) {
            return Err(TestError::NotAProbability { position, p: self.limits[position] });
        }
        if let Some(position) = self.limits.windows(2).position(|pair| pair[0] >= pair[1]) {
            return Err(TestError::NotSorted { position: position + 1 });
        }
        let category = |risk: f64| self.limits.partition_point(|&limit| limit <= risk);
        let mut moved = [[0, 0]; 2];
        let mut changes = [Vec::new(), Vec::new()];
        for ((old, event), (new, _)) in old.pairs().zip(new.pairs()) {
            let group = usize::from(!event);
            changes[group].push(new - old);
            let (up, down) = if self.limits.is_empty() {
                (new > old, new < old)
            } else {
                (category(new) > category(old), category(new) < category(old))
            };
            moved[group][0] += u64::from(up);
            moved[group][1] += u64::from(down);
        }
        Ok(ReclassificationResult { moved, n, nri: self.nri(moved, n), idi: self.idi(&changes)? })
    }

    fn nri(&self, moved: [[u64; 2]; 2], n: [u64; 2]) -> ReclassificationIndex {
        // The net share that moved up, its variance, and that under the null hypothesis.
        let net = |group: usize| {
            let ([up, down], n) = (moved[group].map(|count| count as f64), n[group] as f64);
            let variance = (up + down - (up - down) * (up - down) / n) / (n * n);
            ((up - down) / n, variance, (up + down) / (n * n))
        };
        let ((of_events, variance1, null1), (up_in_others, variance0, null0)) = (net(0), net(1));
        self.index([of_events, -up_in_others], (variance1 + variance0).sqrt(), (null1 + null0).sqrt())
    }

    fn idi(&self, changes: &[Vec<f64>; 2]) -> Result<ReclassificationIndex, TestError> {
        let [events, others] = [Moments::of(&changes[0])?, Moments::of(&changes[1])?];
        let variance = |moments: &Moments| moments.sd * moments.sd / moments.n as f64;
        let std_error = (variance(&events) + variance(&others)).sqrt();
        Ok(self.index([events.mean, -others.mean], std_error, std_error))
    }

    fn index(&self, [of_events, of_others]: [f64; 2], std_error: f64, under_null: f64) -> ReclassificationIndex {
        let value = of_events + of_others;
        let z = (under_null > 0.0).then(|| value / under_null);
        let reach = dist::Normal.upper_quantile(self.level.tail()) * std_error;
        let interval = Interval { low: value - reach, high: value + reach, level: self.level };
        ReclassificationIndex {
            value,
            of_events,
            of_others,
            std_error,
            interval: (std_error > 0.0).then_some(interval),
            z,
            p_value: z.map(|z| dist::Normal.two_sided(z)),
        }
    }
}
