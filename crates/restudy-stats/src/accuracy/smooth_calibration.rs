use super::ValidationError;
use super::calibration::{Predictions, logits};
use super::recalibration::frequency;
use crate::descriptive::{QuantileType, quantile};
use crate::regression::{Design, Logistic, Outcome, RestrictedCubicSpline};
use crate::{Interval, Level, TestError};

/// Do predicted risks agree with what happened at every height, without groups? The smoothed calibration curve, and how
/// far it is from the diagonal.
///
/// ## Formula
///
/// ```text
/// loess:   at each risk p₀ the q = ⌊n span⌋ nearest people, weights (1 − (|p − p₀|/h)³)³, h the distance of the furthest
///          of them; a weighted polynomial of the outcome on the risk, at p₀
/// spline:  logit P(y) = restricted cubic spline of logit p, by maximum likelihood
/// ICI = mean |smoothed − p| over the people,   E50 and E90 the median and the 90th percentile,   Emax the greatest
/// ```
///
/// ## Input
///
/// As [`Brier`](super::Brier). The spline needs risks strictly between 0 and 1 and more distinct ones than knots. Loess takes
/// n² span steps, and at most 50,000 people; the spline takes a million.
///
/// ## Result
///
/// [`SmoothCalibrationCurve`], a row for each distinct risk. Loess is a straight local fit and can leave [0, 1] at the ends;
/// it is not cut. The spline has a band, Wald's on the logit scale; loess has none. Where a neighbourhood has too few distinct risks for its polynomial, the degree is lowered there.
///
/// ## Conventions
///
/// R: `loess(y ~ p, span = 0.75, degree = 2, control = loess.control(surface = "direct"))`, whose default interpolates
/// between vertices and differs in the third digit; `lowess`, which `rms::val.prob` draws, is degree 1 and span ⅔. The
/// spline: `glm(y ~ rms::rcs(qlogis(p), 5), family = binomial)`, knots at Harrell's quantiles (type 7), the outer ones at the
/// fifth risk from either end where there are fewer than 100 people; its band `predict(fit, se.fit = TRUE)`.
///
/// ## Errors
///
/// [`ValidationError::Input`]: those of [`Brier`](super::Brier), [`TestError::NotAProbability`] for a span outside (0, 1],
/// [`TestError::TooFewGroups`] for fewer than 3 or more than 7 knots, [`TestError::TooMany`]. [`ValidationError::Fit`] of the
/// spline.
///
/// ## Source
///
/// Cleveland, Journal of the American Statistical Association 74 (1979) 829–836 (loess); Harrell, Regression Modeling
/// Strategies, 2nd edition (2015), section 2.4 (spline); Austin and Steyerberg, Statistics in Medicine 38 (2019) 4051–4065
/// (ICI, E50, E90).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SmoothCalibration {
    /// How the curve is made smooth.
    pub smoother: Smoother,
    /// The level of the band.
    pub level: Level,
}

/// How a calibration curve is made smooth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Smoother {
    /// Local regression.
    Loess {
        /// The share of people in a neighbourhood.
        span: f64,
        /// 1: a line, otherwise a parabola.
        degree: u8,
    },
    /// A restricted cubic spline in a logistic model.
    RestrictedCubicSpline {
        /// Knots, 3 to 7.
        knots: usize,
    },
}

impl Default for Smoother {
    fn default() -> Self {
        Self::Loess { span: 0.75, degree: 2 }
    }
}

/// A smoothed calibration curve: columns of one length, predicted risks ascending.
#[derive(Clone, Debug, PartialEq)]
pub struct SmoothCalibrationCurve {
    /// The distinct predicted risks.
    pub predicted: Vec<f64>,
    /// The smoothed frequency of the event there.
    pub observed: Vec<f64>,
    /// The limits there, pointwise, of the spline.
    pub band: Option<Vec<Interval>>,
    /// The integrated calibration index: the mean distance over the people.
    pub ici: f64,
    /// The median distance.
    pub e50: f64,
    /// The 90th percentile of the distance.
    pub e90: f64,
    /// The greatest distance.
    pub e_max: f64,
}

/// People that local regression is made for.
const LOESS_PEOPLE: usize = 50_000;

impl SmoothCalibration {
    /// The curve of predictions.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, predicted: &[f64], events: &[bool]) -> Result<SmoothCalibrationCurve, ValidationError> {
        let people = Predictions::new(predicted, events)?.ascending();
        let (observed, band): (Vec<f64>, Option<Vec<Interval>>) = match self.smoother {
            Smoother::Loess { span, degree } => (loess(&people, span, degree)?, None),
            Smoother::RestrictedCubicSpline { knots } => {
                let (observed, band) = spline(&people, knots, self.level)?.into_iter().unzip();
                (observed, Some(band))
            }
        };
        let mut distances: Vec<f64> = people.iter().zip(&observed).map(|((p, _), smooth)| (smooth - p).abs()).collect();
        let ici = distances.iter().sum::<f64>() / distances.len() as f64;
        distances.sort_unstable_by(f64::total_cmp);
        let at = |p: f64| quantile(&distances, p, QuantileType::Type7);
        let (e50, e90, e_max) = (at(0.5)?, at(0.9)?, at(1.0)?);
        let first = |&i: &usize| i == 0 || people[i].0 > people[i - 1].0;
        let rows: Vec<usize> = (0..people.len()).filter(first).collect();
        Ok(SmoothCalibrationCurve {
            predicted: rows.iter().map(|&i| people[i].0).collect(),
            observed: rows.iter().map(|&i| observed[i]).collect(),
            band: band.map(|band| rows.iter().map(|&i| band[i]).collect()),
            ici,
            e50,
            e90,
            e_max,
        })
    }
}

/// The smoothed outcome of each person, in ascending order of risk.
fn loess(people: &[(f64, bool)], span: f64, degree: u8) -> Result<Vec<f64>, TestError> {
    let n = people.len();
    if !(span > 0.0 && span <= 1.0) {
        return Err(TestError::NotAProbability { position: 0, p: span });
    }
    if n > LOESS_PEOPLE {
        return Err(TestError::TooMany { found: n, limit: LOESS_PEOPLE });
    }
    // As R counts them, so that 0.75 · 4 is 3 whatever the rounding.
    let nearest = ((n as f64 * span + 1e-5) as usize).clamp(1, n);
    let mut smoothed: Vec<f64> = Vec::with_capacity(n);
    let mut start = 0;
    for (i, &(centre, _)) in people.iter().enumerate() {
        if i > 0 && people[i - 1].0 == centre {
            smoothed.push(smoothed[i - 1]);
            continue;
        }
        // The window moves up while the next person is nearer than the first of it.
        while start + nearest < n && people[start + nearest].0 - centre < centre - people[start].0 {
            start += 1;
        }
        let (low, high) = (people[start].0, people[start + nearest - 1].0);
        smoothed.push(local_fit(people, centre, (centre - low).max(high - centre), degree));
    }
    Ok(smoothed)
}

/// The weighted polynomial of everyone within `reach` of a risk, at that risk.
fn local_fit(people: &[(f64, bool)], centre: f64, reach: f64, degree: u8) -> f64 {
    let from = people.partition_point(|&(p, _)| p < centre - reach);
    let within = people[from..].iter().take_while(|&&(p, _)| p <= centre + reach);
    // Sums of w dᵏ and w y dᵏ, distances in units of the reach.
    let (mut powers, mut products) = ([0.0; 5], [0.0; 3]);
    for &(p, event) in within {
        let d = if reach > 0.0 { (p - centre) / reach } else { 0.0 };
        let far = d.abs() * d.abs() * d.abs();
        let weight = (1.0 - far) * (1.0 - far) * (1.0 - far);
        let mut term = weight;
        for (k, power) in powers.iter_mut().enumerate() {
            *power += term;
            if event && k < 3 {
                products[k] += term;
            }
            term *= d;
        }
    }
    let [s0, s1, s2, s3, s4] = powers;
    let [t0, t1, t2] = products;
    // Gram–Schmidt on 1, d, d²: the value at 0 of each degree that the neighbourhood has room for.
    let mut value = t0 / s0;
    let mean = s1 / s0;
    let spread = s2 - s1 * mean;
    if spread <= 1e-10 * s0 {
        return value;
    }
    let slope = (t1 - t0 * mean) / spread;
    value -= slope * mean;
    if degree == 1 {
        return value;
    }
    // d² less its own line a + b d.
    let b = (s3 - s2 * mean) / spread;
    let a = s2 / s0 - b * mean;
    let squares = s4 - a * s2 - b * s3;
    if squares <= 1e-10 * s0 {
        return value;
    }
    value - (t2 - a * t0 - b * t1) / squares * a
}

/// Harrell's quantiles for the knots of a restricted cubic spline.
fn knot_quantiles(knots: usize) -> Option<&'static [f64]> {
    Some(match knots {
        3 => &[0.1, 0.5, 0.9],
        4 => &[0.05, 0.35, 0.65, 0.95],
        5 => &[0.05, 0.275, 0.5, 0.725, 0.95],
        6 => &[0.05, 0.23, 0.41, 0.59, 0.77, 0.95],
        7 => &[0.025, 0.183_333_33, 0.341_666_67, 0.5, 0.658_333_33, 0.816_666_67, 0.975],
        _ => return None,
    })
}

/// The fitted risk of each person by a spline of the logit, with its limits, in ascending order of risk.
fn spline(people: &[(f64, bool)], knots: usize, level: Level) -> Result<Vec<(f64, Interval)>, ValidationError> {
    let quantiles = knot_quantiles(knots).ok_or(TestError::TooFewGroups { found: knots, needed: 3 })?;
    let (predicted, events): (Vec<f64>, Vec<bool>) = people.iter().copied().unzip();
    let x = logits(&predicted)?;
    let mut knots = quantiles.iter().map(|&p| quantile(&x, p, QuantileType::Type7)).collect::<Result<Vec<_>, _>>()?;
    // Harrell's rule for small samples: nothing is known beyond the fifth from either end.
    if (10..100).contains(&x.len()) {
        let end = knots.len() - 1;
        (knots[0], knots[end]) = (x[4], x[x.len() - 5]);
    }
    let mut columns = RestrictedCubicSpline::new(&knots)?.columns(&x);
    apart(&mut columns);
    let mut design = Design::build(x.len()).intercept();
    for (k, column) in columns.iter().enumerate() {
        design = design.continuous(&format!("spline {}", k + 1), column, 1.0);
    }
    let design = design.finish()?;
    let fit = Logistic::default().fit(&design, Outcome::new(&events))?;
    let person = |row: usize| {
        // The intercept stands first.
        let x = |k: usize| if k == 0 { 1.0 } else { columns[k - 1][row] };
        let all = 0..=columns.len();
        let logit = all.clone().map(|k| fit.coefficients()[k] * x(k)).sum();
        let variance = all
            .clone()
            .flat_map(|j| all.clone().map(move |k| (j, k)))
            .map(|(j, k)| x(j) * x(k) * fit.covariance(j, k))
            .sum();
        frequency(logit, variance, level)
    };
    Ok((0..people.len()).map(person).collect())
}

/// Makes columns orthogonal to the mean and to each other, which changes no fitted value: truncated cubes are nearly
/// combinations of each other, and a fit would lose their digits. Twice, so that rounding leaves nothing behind.
fn apart(columns: &mut [Vec<f64>]) {
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    for k in 0..columns.len() {
        let (before, rest) = columns.split_at_mut(k);
        let column = &mut rest[0];
        for _ in 0..2 {
            let mean = column.iter().sum::<f64>() / column.len() as f64;
            column.iter_mut().for_each(|x| *x -= mean);
            for other in before.iter() {
                let share = dot(column, other) / dot(other, other);
                column.iter_mut().zip(other).for_each(|(x, other)| *x -= share * other);
            }
            let length = (dot(column, column) / column.len() as f64).sqrt();
            if length > 0.0 {
                column.iter_mut().for_each(|x| *x /= length);
            }
        }
    }
}
