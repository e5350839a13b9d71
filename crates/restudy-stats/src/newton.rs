//! Newton's method with step halving, for every likelihood here: logistic and Cox, plain and penalised, with some
//! coefficients held.

use nalgebra::{Cholesky, DMatrix, DVector};

/// What is maximised.
pub(crate) trait Objective {
    /// What an evaluation at a point keeps for its derivatives.
    type State;

    /// The state at a point; nothing where there is no finite value.
    fn at(&self, beta: &[f64]) -> Option<Self::State>;

    /// The objective's value.
    fn value(&self, state: &Self::State) -> f64;

    /// Slope and information (or what takes its place), all coefficients.
    fn derivatives(&self, beta: &[f64], state: &Self::State) -> (Vec<f64>, DMatrix<f64>);

    /// The decrement after which one more step is the last.
    fn tolerance(&self) -> f64;
}

/// The decrement of an objective whose information is its own curvature: convergence is quadratic, so that the step at
/// λ < 1e-8 leaves nothing. Where the last two decrements foretell, as λ³ / λ′², that the step leaves λ < 1e-13, it is the
/// last as well.
pub(crate) const QUADRATIC: f64 = 1e-16;
/// That of an objective whose information leaves out what its penalty bends: convergence is linear, and λ itself must
/// vanish.
pub(crate) const LINEAR: f64 = 1e-25;

/// The largest step of a coefficient, in its column's standard deviations: beyond it the quadratic is no guide.
const LONGEST_STEP: f64 = 5.0;
/// The decrement that is nothing where it is foretold.
const NOTHING: f64 = 1e-26;
/// A decrement from which quadratic convergence is under way.
const NEAR: f64 = 1e-6;
/// Below this a decrement that falls no more is rounding.
const STALLED: f64 = 1e-20;
const HALVINGS: u32 = 50;
/// A fall of the objective that is rounding.
const ROUNDING: f64 = 1e-13;

/// Why there is no maximum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The information of the free coefficients has no inverse.
    Singular,
    /// It took too many steps.
    NotConverged { iterations: u32 },
}

/// A maximum.
pub(crate) struct Maximum<S> {
    pub(crate) beta: Vec<f64>,
    pub(crate) state: S,
    pub(crate) value: f64,
    /// The information of all coefficients at this very point.
    pub(crate) information: DMatrix<f64>,
    pub(crate) iterations: u32,
    /// The longest change of a coefficient that the last step asked for, in its column's standard deviations.
    pub(crate) last_step: f64,
}

/// Maximises over the coefficients in `free`, the others staying as in `start`. `scale` is each column's standard
/// deviation.
///
/// A step is the solution of the free part of the information, halved until the objective does not fall. The end is
/// judged by Newton's decrement λ² = step · slope, twice the rise that the quadratic promises, so that λ is the
/// remaining error in standard errors.
pub(crate) fn maximum<O: Objective>(
    objective: &O,
    start: Vec<f64>,
    free: &[usize],
    scale: &[f64],
    max_iterations: u32,
) -> Result<Maximum<O::State>, Failure> {
    let state = objective.at(&start).ok_or(Failure::Singular)?;
    let (mut beta, mut value, mut state) = (start, objective.value(&state), state);
    let mut before: Option<f64> = None;
    let mut taken = DVector::zeros(free.len());
    for iterations in 0..=max_iterations {
        let (score, information) = objective.derivatives(&beta, &state);
        let mut step = newton_step(&information, &score, free)?;
        let decrement: f64 = step.iter().zip(free).map(|(step, &j)| step * score[j]).sum();
        let length = step.iter().zip(free).fold(0.0, |length: f64, (step, &j)| length.max(step.abs() * scale[j]));
        let last_step = length;
        if free.is_empty() || decrement <= 0.0 {
            return Ok(Maximum { beta, state, value, information, iterations, last_step });
        }
        if length > LONGEST_STEP {
            step *= LONGEST_STEP / length;
        }
        let foretold = before.map_or(f64::INFINITY, |before| decrement * (decrement / before) * (decrement / before));
        let stalled = decrement < STALLED && before.is_some_and(|before| decrement >= before);
        // Where the information is half the curvature, steps go back and forth about the maximum for ever: then half of one
        // leads there.
        let back: f64 = taken.iter().zip(free).map(|(taken, &j)| taken * score[j]).sum();
        let overshot = back < 0.0 && before.is_some_and(|before| decrement > 0.25 * before);
        let is_last = decrement <= objective.tolerance()
            || stalled
            || objective.tolerance() == QUADRATIC && decrement < NEAR && foretold < NOTHING;
        before = Some(decrement);
        let mut part = if overshot && objective.tolerance() == LINEAR { 0.5 } else { 1.0 };
        let mut next = None;
        for _ in 0..HALVINGS {
            let mut moved = beta.clone();
            for (step, &j) in step.iter().zip(free) {
                moved[j] += part * step;
            }
            next = objective
                .at(&moved)
                .map(|state| (moved, objective.value(&state), state))
                .filter(|(_, next, _)| *next >= value - ROUNDING * value.abs().max(1.0));
            if next.is_some() {
                break;
            }
            part /= 2.0;
        }
        match next {
            Some(next) => {
                (beta, value, state) = next;
                taken = step * part;
                if is_last {
                    // The last step: its point is the estimate, and the information is taken there.
                    let (_, information) = objective.derivatives(&beta, &state);
                    return Ok(Maximum { beta, state, value, information, iterations, last_step });
                }
            }
            // No step rises: this is the maximum as far as doubles tell, unless the quadratic still promises more.
            None if decrement < 1e-12 => {
                return Ok(Maximum { beta, state, value, information, iterations, last_step });
            }
            None => return Err(Failure::NotConverged { iterations }),
        }
    }
    Err(Failure::NotConverged { iterations: max_iterations })
}

fn newton_step(information: &DMatrix<f64>, score: &[f64], free: &[usize]) -> Result<DVector<f64>, Failure> {
    let matrix = DMatrix::from_fn(free.len(), free.len(), |j, k| information[(free[j], free[k])]);
    let slope = DVector::from_iterator(free.len(), free.iter().map(|&j| score[j]));
    Ok(Cholesky::new(matrix).ok_or(Failure::Singular)?.solve(&slope))
}
