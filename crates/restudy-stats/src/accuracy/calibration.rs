use crate::descriptive::{Double, wilson};
use crate::root::root;
use crate::{Interval, Level, TestError, dist};

/// How far are predicted risks from what happened? The Brier score, the mean squared difference.
///
/// ## Formula
///
/// ```text
/// Brier = Σ (p − y)² / n        scaled = 1 − Brier / (ȳ (1 − ȳ))
/// Brier = reliability − resolution + uncertainty        over the groups k of equal predictions:
///     reliability Σ nₖ (pₖ − ȳₖ)² / n,  resolution Σ nₖ (ȳₖ − ȳ)² / n,  uncertainty ȳ (1 − ȳ)
/// log loss = − Σ (y ln p + (1 − y) ln(1 − p)) / n
/// ```
///
/// ## Input
///
/// A predicted risk in [0, 1] and what happened, for each person; at least one event and one without.
///
/// ## Result
///
/// [`BrierScore`]. The log loss is infinite when an event had a predicted risk of 0, or a person without one a risk of 1.
///
/// ## Conventions
///
/// R: `mean((p - y)^2)`, `rms::val.prob(p, y)["Brier"]`; scikit-learn `brier_score_loss`, `log_loss` (which moves 0 and 1
/// inwards). A score of 0 is perfect; a scaled one of 1 is, and of 0 is no better than predicting the prevalence.
///
/// ## Errors
///
/// [`TestError::UnequalLengths`], [`TestError::PredictedProbability`], [`TestError::TooFew`] without an event (group 0) or
/// without a person who had none (group 1).
///
/// ## Source
///
/// Brier, Monthly Weather Review 78 (1950) 1–3; Murphy, Journal of Applied Meteorology 12 (1973) 595–600 (decomposition);
/// Steyerberg, Clinical Prediction Models, 2nd edition (2019), chapter 15.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Brier;

/// A Brier score and what it is made of.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct BrierScore {
    /// The score, from 0 (perfect) to 1.
    pub value: f64,
    /// 1 less the score over that of predicting the prevalence for everyone.
    pub scaled: f64,
    /// How far the predictions are from the frequencies among people of equal prediction.
    pub reliability: f64,
    /// How far those frequencies are from the prevalence.
    pub resolution: f64,
    /// The variance of the outcome.
    pub uncertainty: f64,
    /// The mean negative log-likelihood of a person.
    pub log_loss: f64,
    /// People.
    pub n: u64,
    /// Events.
    pub events: u64,
}

impl Brier {
    /// The score of predictions.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, predicted: &[f64], events: &[bool]) -> Result<BrierScore, TestError> {
        let people = Predictions::new(predicted, events)?;
        let n = people.n() as f64;
        let prevalence = people.events as f64 / n;
        let uncertainty = people.events as f64 * (people.n() - people.events) as f64 / (n * n);
        let value = people.sum(|p, y| if y { (1.0 - p) * (1.0 - p) } else { p * p }) / n;
        let log_loss = -people.sum(|p, y| if y { libm::log(p) } else { libm::log1p(-p) }) / n;
        let (mut reliability, mut resolution) = (Double::default(), Double::default());
        for group in people.ascending().chunk_by(|a, b| a.0 == b.0) {
            let size = group.len() as f64;
            let frequency = group.iter().filter(|&&(_, y)| y).count() as f64 / size;
            let squared = |x: f64| x * x;
            reliability = reliability.plus(size * squared(group[0].0 - frequency));
            resolution = resolution.plus(size * squared(frequency - prevalence));
        }
        Ok(BrierScore {
            value,
            scaled: 1.0 - value / uncertainty,
            reliability: reliability.value() / n,
            resolution: resolution.value() / n,
            uncertainty,
            log_loss,
            n: people.n(),
            events: people.events,
        })
    }
}

/// Do predicted risks agree with the number of events on the whole? Observed over expected, and the calibration intercept.
///
/// ## Hypotheses
///
/// H0: the intercept is 0; two-sided, Wald.
///
/// ## Formula
///
/// ```text
/// O/E = Σ y / Σ p        se of ln(O/E) = √((1 − O/n) / O);  O/E e^(± z se)
/// intercept a:  Σ (y − logit⁻¹(logit p + a)) = 0        se = 1/√(Σ π (1 − π)),  π = logit⁻¹(logit p + a);  a ± z se
/// ```
///
/// ## Input
///
/// As [`Brier`]; predicted risks strictly between 0 and 1, for the others have no logit.
///
/// ## Conventions
///
/// R: `glm(y ~ offset(qlogis(p)), family = binomial)`; the intercept is 0, and O/E is 1, for predictions that are right on
/// average. The standard error takes the predictions as known, and that of ln(O/E) the expected number too.
///
/// ## Errors
///
/// As [`Brier`], and [`TestError::PredictedProbability`] for a risk of exactly 0 or 1.
///
/// ## Source
///
/// Cox, Biometrika 45 (1958) 562–565; Van Calster et al., Journal of Clinical Epidemiology 74 (2016) 167–176; Debray et al.,
/// BMJ 356 (2017) i6460 (O/E).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct CalibrationInTheLarge {
    /// The level of both intervals.
    pub level: Level,
}

/// Calibration on the whole.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationIntercept {
    /// Events.
    pub observed: u64,
    /// The sum of the predicted risks.
    pub expected: f64,
    /// Observed over expected.
    pub ratio: f64,
    /// Its interval.
    pub ratio_interval: Interval,
    /// The intercept: the log odds that the predictions lack.
    pub intercept: f64,
    /// Its standard error.
    pub std_error: f64,
    /// Its interval.
    pub interval: Interval,
    /// The two-sided p-value of an intercept of 0.
    pub p_value: f64,
}

impl CalibrationInTheLarge {
    /// Calibration of predictions on the whole.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, predicted: &[f64], events: &[bool]) -> Result<CalibrationIntercept, TestError> {
        let people = Predictions::new(predicted, events)?;
        let (observed, n) = (people.events as f64, people.n() as f64);
        let expected = people.sum(|p, _| p);
        let logits = logits(predicted)?;
        let risk = |logit: f64| 1.0 / (1.0 + libm::exp(-logit));
        let sum =
            |f: &dyn Fn(f64) -> f64| logits.iter().fold(Double::default(), |sum, &logit| sum.plus(f(logit))).value();
        // The sum of the risks rises with the intercept. It is at most n/(1 + e^−(greatest logit + a)), and the same with
        // the least: the intercept lies between the prevalence's logit less either.
        let centre = libm::log(observed / (n - observed));
        let least = logits.iter().copied().fold(f64::INFINITY, f64::min);
        let greatest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let excess = |intercept: f64| sum(&|logit| risk(logit + intercept)) - observed;
        // A little wider, so that rounding cannot put both ends on one side.
        let slack = 1e-6 * (1.0 + centre.abs());
        let intercept = root(excess, centre - greatest - slack, centre - least + slack)?;
        let information = sum(&|logit| risk(logit + intercept) * risk(-logit - intercept));
        let std_error = 1.0 / information.sqrt();
        let z = dist::Normal.upper_quantile(self.level.tail());
        let interval = |value: f64, reach: f64| Interval { low: value - reach, high: value + reach, level: self.level };
        let factor = libm::exp(z * ((n - observed) / (n * observed)).sqrt());
        let ratio = observed / expected;
        Ok(CalibrationIntercept {
            observed: people.events,
            expected,
            ratio,
            ratio_interval: Interval { low: ratio / factor, high: ratio * factor, level: self.level },
            intercept,
            std_error,
            interval: interval(intercept, z * std_error),
            p_value: dist::Normal.two_sided(intercept / std_error),
        })
    }
}

/// Do predicted risks agree with what happened at every height? The calibration curve in groups of predicted risk.
///
/// ## Formula
///
/// People in ascending order of predicted risk are cut into groups as equal in size as they can be, people of equal risk
/// staying together; in each group the mean predicted risk, and the frequency of the event with its Wilson interval.
///
/// ## Input
///
/// As [`Brier`]; at least one group.
///
/// ## Result
///
/// Columns of equal length. Ties can leave fewer groups than were asked for.
///
/// ## Conventions
///
/// Group k of g ends with person ⌈kn/g⌉, and those who tie with that one. scikit-learn's
/// `calibration_curve(strategy = "quantile")` cuts at interpolated quantiles, and moves single people.
///
/// ## Errors
///
/// As [`Brier`], and [`TestError::TooFewGroups`] for none.
///
/// ## Source
///
/// Steyerberg, Clinical Prediction Models, 2nd edition (2019), section 15.3.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationBins {
    /// Groups asked for.
    pub groups: usize,
    /// The level of the intervals.
    pub level: Level,
}

impl Default for CalibrationBins {
    fn default() -> Self {
        Self { groups: 10, level: Level::default() }
    }
}

/// A calibration curve, one row a group in ascending order of predicted risk.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CalibrationCurve {
    /// People.
    pub n: Vec<u64>,
    /// Events.
    pub events: Vec<u64>,
    /// The mean predicted risk.
    pub predicted: Vec<f64>,
    /// The frequency of the event.
    pub observed: Vec<f64>,
    /// Its Wilson interval.
    pub interval: Vec<Interval>,
}

impl CalibrationBins {
    /// The calibration curve of predictions.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, predicted: &[f64], events: &[bool]) -> Result<CalibrationCurve, TestError> {
        if self.groups == 0 {
            return Err(TestError::TooFewGroups { found: 0, needed: 1 });
        }
        let people = Predictions::new(predicted, events)?.ascending();
        let mut curve = CalibrationCurve::default();
        let mut start = 0;
        // More groups than people are one for each.
        let groups = self.groups.min(people.len());
        for group in 1..=groups {
            // In 128 bits, so that the product has room.
            let end = (group as u128 * people.len() as u128).div_ceil(groups as u128) as usize;
            if end <= start {
                continue;
            }
            let last = people[end - 1].0;
            let end = end + people[end..].iter().take_while(|&&(p, _)| p == last).count();
            let members = &people[start..end];
            let n = members.len() as u64;
            let events = members.iter().filter(|&&(_, y)| y).count() as u64;
            let sum = members.iter().fold(Double::default(), |sum, &(p, _)| sum.plus(p)).value();
            curve.n.push(n);
            curve.events.push(events);
            curve.predicted.push(sum / n as f64);
            curve.observed.push(events as f64 / n as f64);
            curve.interval.push(wilson(events, n, self.level)?);
            start = end;
            if start == people.len() {
                break;
            }
        }
        Ok(curve)
    }
}

/// ln (p / (1 − p)) of each risk; 0 and 1 have none.
pub(super) fn logits(predicted: &[f64]) -> Result<Vec<f64>, TestError> {
    match predicted.iter().position(|&p| p == 0.0 || p == 1.0) {
        Some(position) => Err(TestError::PredictedProbability { position, value: predicted[position] }),
        None => Ok(predicted.iter().map(|&p| libm::log(p) - libm::log1p(-p)).collect()),
    }
}

/// Predicted risks with their outcomes, found to belong together, to be risks, and to have both outcomes.
pub(super) struct Predictions<'a> {
    predicted: &'a [f64],
    outcome: &'a [bool],
    pub(super) events: u64,
}

impl<'a> Predictions<'a> {
    pub(super) fn new(predicted: &'a [f64], outcome: &'a [bool]) -> Result<Self, TestError> {
        if predicted.len() != outcome.len() {
            return Err(TestError::UnequalLengths { first: predicted.len(), second: outcome.len() });
        }
        if let Some(position) = predicted.iter().position(|p| !(0.0..=1.0).contains(p)) {
            return Err(TestError::PredictedProbability { position, value: predicted[position] });
        }
        let events = outcome.iter().filter(|&&y| y).count();
        for (group, n) in [events, outcome.len() - events].into_iter().enumerate() {
            if n == 0 {
                return Err(TestError::TooFew { group, found: 0, needed: 1 });
            }
        }
        Ok(Self { predicted, outcome, events: events as u64 })
    }

    pub(super) fn n(&self) -> u64 {
        self.predicted.len() as u64
    }

    pub(super) fn pairs(&self) -> impl Iterator<Item = (f64, bool)> + '_ {
        self.predicted.iter().copied().zip(self.outcome.iter().copied())
    }

    /// Σ f(p, y), its rounding errors kept.
    fn sum(&self, f: impl Fn(f64, bool) -> f64) -> f64 {
        let sum = self.pairs().fold(Double::default(), |sum, (p, y)| sum.plus(f(p, y))).value();
        // An infinite term leaves NaN among the rounding errors.
        if sum.is_nan() { self.pairs().map(|(p, y)| f(p, y)).sum() } else { sum }
    }

    /// In ascending order of predicted risk; those of equal risk in the order of the data.
    pub(super) fn ascending(&self) -> Vec<(f64, bool)> {
        let mut pairs: Vec<_> = self.pairs().collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        pairs
    }
}
