//! How good a score is on some patients: discrimination, classification, calibration.

use nalgebra::{Matrix2, Vector2};

/// How good a score is on some patients.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Performance {
    /// The area under the ROC curve of the total.
    pub auc: f64,
    /// Positive among events.
    pub sensitivity: f64,
    /// Negative among non-events.
    pub specificity: f64,
    /// Sensitivity + specificity − 1.
    pub youden_j: f64,
    /// The mean squared distance of the risk from the outcome.
    pub brier: f64,
    /// The intercept of the logistic regression of the outcome on the linear predictor; 0 is right. None where the linear
    /// predictor separates the outcome, or does not vary.
    pub calibration_intercept: Option<f64>,
    /// Its slope; 1 is right.
    pub calibration_slope: Option<f64>,
}

/// One patient as a score sees them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Judged {
    pub(super) linear_predictor: f64,
    pub(super) positive: bool,
    pub(super) event: bool,
    pub(super) count: u32,
}

impl Judged {
    pub(super) fn risk(&self) -> f64 {
        risk(self.linear_predictor)
    }
}

pub(super) fn risk(linear_predictor: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-linear_predictor))
}

impl Performance {
    /// On patients that are each met `count` times; `None` without an event, or without a person who had none.
    ///
    /// The area is that of the linear predictor, whose order is the total's where the slope is positive.
    pub(super) fn of(patients: &mut Vec<Judged>) -> Option<Self> {
        patients.retain(|patient| patient.count > 0);
        patients.sort_by(|a, b| a.linear_predictor.total_cmp(&b.linear_predictor));
        let (mut events, mut others) = (0_u64, 0_u64);
        let (mut true_positives, mut true_negatives, mut squares, mut twice_won) = (0, 0, 0.0, 0);
        for tied in patients.chunk_by(|a, b| a.linear_predictor == b.linear_predictor) {
            let (mut here_events, mut here_others) = (0_u64, 0_u64);
            for patient in tied {
                let count = u64::from(patient.count);
                let observed = f64::from(u8::from(patient.event));
                squares += f64::from(patient.count) * (patient.risk() - observed).powi(2);
                if patient.event {
                    here_events += count;
                    true_positives += if patient.positive { count } else { 0 };
                } else {
                    here_others += count;
                    true_negatives += if patient.positive { 0 } else { count };
                }
            }
            twice_won += here_events * (2 * others + here_others);
            events += here_events;
            others += here_others;
        }
        if events == 0 || others == 0 {
            return None;
        }
        let sensitivity = true_positives as f64 / events as f64;
        let specificity = true_negatives as f64 / others as f64;
        let line = calibration_line(patients);
        Some(Self {
            auc: twice_won as f64 / (2 * events * others) as f64,
            sensitivity,
            specificity,
            youden_j: sensitivity + specificity - 1.0,
            brier: squares / (events + others) as f64,
            calibration_intercept: line.map(|line| line.intercept),
            calibration_slope: line.map(|line| line.slope),
        })
    }

    /// What patients would show whose outcomes had nothing to do with the score: the no-information figures of the .632+
    /// estimator, over all pairs of a patient's outcome and a patient's prediction.
    pub(super) fn without_information(patients: &[Judged]) -> Self {
        let n: f64 = patients.iter().map(|patient| f64::from(patient.count)).sum();
        let mean = |f: &dyn Fn(&Judged) -> f64| {
            patients.iter().map(|patient| f64::from(patient.count) * f(patient)).sum::<f64>() / n
        };
        let prevalence = mean(&|patient| f64::from(u8::from(patient.event)));
        let positive = mean(&|patient| f64::from(u8::from(patient.positive)));
        let brier = mean(&|patient| {
            let risk = patient.risk();
            prevalence * (1.0 - risk).powi(2) + (1.0 - prevalence) * risk * risk
        });
        Self {
            auc: 0.5,
            sensitivity: positive,
            specificity: 1.0 - positive,
            youden_j: 0.0,
            brier,
            calibration_intercept: None,
            calibration_slope: None,
        }
    }
}

/// A logistic line.
#[derive(Clone, Copy, Debug)]
pub(super) struct Risk {
    pub(super) intercept: f64,
    pub(super) slope: f64,
}

/// Steps of Newton's method, which takes fewer than ten where there is a maximum.
const MAX_STEPS: u32 = 100;

/// The logistic regression of the outcome on the linear predictor, patients in its ascending order; `None` where the
/// likelihood has no maximum.
fn calibration_line(patients: &[Judged]) -> Option<Risk> {
    let side =
        |event| patients.iter().filter(move |patient| patient.event == event).map(|patient| patient.linear_predictor);
    let [events, others] = [true, false].map(|event| Some((side(event).next()?, side(event).next_back()?)));
    let ((least_event, greatest_event), (least_other, greatest_other)) = (events?, others?);
    if least_event >= greatest_other || least_other >= greatest_event {
        return None;
    }
    // About their mean the predictors are nearly uncorrelated with the constant.
    let n: f64 = patients.iter().map(|patient| f64::from(patient.count)).sum();
    let mean = patients.iter().map(|p| f64::from(p.count) * p.linear_predictor).sum::<f64>() / n;
    let rows =
        || patients.iter().map(|p| (p.linear_predictor - mean, f64::from(p.count), f64::from(u8::from(p.event))));
    let line = maximise(
        |[a, b]| {
            let (mut score, mut information) = (Vector2::zeros(), Matrix2::zeros());
            for (x, count, y) in rows() {
                let (p, at) = (risk(a + b * x), Vector2::new(1.0, x));
                score += at * (count * (y - p));
                information += at * at.transpose() * (count * p * (1.0 - p));
            }
            (score, information)
        },
        |[a, b]| rows().map(|(x, count, y)| count * log_likelihood(a + b * x, y)).sum(),
    )?;
    Some(Risk { intercept: line.intercept - line.slope * mean, slope: line.slope })
}

/// Firth's logistic regression of the outcome on a total, from the cases and controls at each total.
///
/// Of a total that does not vary the slope is 0.
pub(super) fn firth_line(cases: &[u32], controls: &[u32]) -> Risk {
    let rows = || {
        let totals = (0..).map(f64::from);
        totals
            .zip(cases)
            .zip(controls)
            .map(|((x, &cases), &controls)| (x, f64::from(cases), f64::from(cases + controls)))
    };
    let (events, n) = rows().fold((0.0, 0.0), |(events, n), (_, cases, size)| (events + cases, n + size));
    let varies = rows().filter(|(_, _, size)| *size > 0.0).count() > 1;
    // Firth's estimate of a proportion.
    let constant = Risk { intercept: libm::log((events + 0.5) / (n - events + 0.5)), slope: 0.0 };
    if !varies {
        return constant;
    }
    let information_at = |[a, b]: [f64; 2]| {
        rows().fold(Matrix2::zeros(), |sum, (x, _, size)| {
            let (p, at) = (risk(a + b * x), Vector2::new(1.0, x));
            sum + at * at.transpose() * (size * p * (1.0 - p))
        })
    };
    maximise(
        |[a, b]| {
            let information = information_at([a, b]);
            let inverse = information.try_inverse().unwrap_or_else(Matrix2::zeros);
            let score = rows().fold(Vector2::zeros(), |sum, (x, cases, size)| {
                let (p, at) = (risk(a + b * x), Vector2::new(1.0, x));
                let leverage = size * p * (1.0 - p) * (at.transpose() * inverse * at)[0];
                sum + at * (cases - size * p + leverage * (0.5 - p))
            });
            (score, information)
        },
        |[a, b]| {
            let likelihood: f64 = rows()
                .map(|(x, cases, size)| {
                    let eta = a + b * x;
                    cases * log_likelihood(eta, 1.0) + (size - cases) * log_likelihood(eta, 0.0)
                })
                .sum();
            likelihood + libm::log(information_at([a, b]).determinant()) / 2.0
        },
    )
    .unwrap_or(constant)
}

/// ln p of an event, ln(1 − p) of none.
fn log_likelihood(eta: f64, y: f64) -> f64 {
    let eta = if y == 1.0 { -eta } else { eta };
    -(eta.max(0.0) + libm::log1p(libm::exp(-eta.abs())))
}

/// Newton's method with step halving, from (0, 0).
fn maximise(
    derivatives: impl Fn([f64; 2]) -> (Vector2<f64>, Matrix2<f64>),
    objective: impl Fn([f64; 2]) -> f64,
) -> Option<Risk> {
    let mut at = [0.0, 0.0];
    let mut value = objective(at);
    for _ in 0..MAX_STEPS {
        let (score, information) = derivatives(at);
        let step = information.try_inverse()? * score;
        let mut factor = 1.0;
        let next = loop {
            let candidate = [at[0] + factor * step[0], at[1] + factor * step[1]];
            let reached = objective(candidate);
            if reached >= value - 1e-12 * value.abs() {
                value = reached;
                break candidate;
            }
            factor /= 2.0;
            if factor < 1e-10 {
                return None;
            }
        };
        let moved = (next[0] - at[0]).abs().max((next[1] - at[1]).abs());
        at = next;
        if moved <= 1e-11 * (1.0 + at[0].abs() + at[1].abs()) {
            return Some(Risk { intercept: at[0], slope: at[1] });
        }
    }
    None
}
