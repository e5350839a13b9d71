//! Categories from a logistic model whose coefficients are drawn about their estimate: of two or of several levels, or of
//! ordered ones by proportional odds.

use nalgebra::{Cholesky, DMatrix};

use super::ImputationError;
use super::design::{Design, dot};
use super::draw;
use crate::newton::{self, Objective};
use crate::resample::Stream;

const MAX_ITERATIONS: u32 = 100;

/// A level for each missing row of `target`, which the message of an error names.
pub(super) fn impute(
    target: usize,
    codes: &[f64],
    (levels, ordered): (usize, bool),
    design: &Design,
    (known, missing): (&[usize], &[usize]),
    stream: &mut Stream,
) -> Result<Vec<f64>, ImputationError> {
    let rows = Rows::new(codes, levels, design, known);
    let drawn = if ordered && levels > 2 {
        let model = ProportionalOdds(&rows);
        let start = (1..levels).map(|l| libm::log(l as f64 / (levels - l) as f64));
        let start = start.chain(std::iter::repeat_n(0.0, rows.width - 1)).collect();
        posterior(&model, start, stream).map(|beta| Drawn::Cumulative(beta, levels))
    } else {
        let model = Multinomial(&rows);
        posterior(&model, vec![0.0; (levels - 1) * rows.width], stream).map(Drawn::Baseline)
    };
    let drawn = drawn.ok_or(ImputationError::NoFit { variable: target })?;
    Ok(missing.iter().map(|&row| draw::index(&drawn.probabilities(design.row(row)), stream) as f64).collect())
}

/// Coefficients drawn from the normal distribution about the maximum with the inverse information as covariance.
fn posterior<O: Objective>(model: &O, start: Vec<f64>, stream: &mut Stream) -> Option<Vec<f64>> {
    let free: Vec<usize> = (0..start.len()).collect();
    let scale = vec![1.0; start.len()];
    let maximum = newton::maximum(model, start, &free, &scale, MAX_ITERATIONS).ok()?;
    draw::around(&maximum.beta, 1.0, &Cholesky::new(maximum.information)?, stream)
}

/// Coefficients of a row's probabilities.
enum Drawn {
    /// Of each level's log odds against level 0, one after the other.
    Baseline(Vec<f64>),
    /// The cumulative log odds of so many levels, then the slopes.
    Cumulative(Vec<f64>, usize),
}

impl Drawn {
    fn probabilities(&self, x: &[f64]) -> Vec<f64> {
        match self {
            Self::Baseline(beta) => softmax(beta, x).0,
            Self::Cumulative(beta, levels) => {
                let (thresholds, slopes) = beta.split_at(levels - 1);
                let eta = dot(&x[1..], slopes);
                // Drawn thresholds may cross: the level between them is then not drawn.
                let mut below = 0.0;
                let mut cumulative = thresholds.iter().map(|threshold| logistic(threshold - eta)).chain([1.0]);
                (0..*levels)
                    .map(|_| {
                        let upto = cumulative.next().unwrap_or(1.0).max(below);
                        let here = upto - below;
                        below = upto;
                        here
                    })
                    .collect()
            }
        }
    }
}

/// The rows that a model learns from.
///
/// Each known row counts once. Rows made up at one standard deviation to either side of the centre, one of each level for
/// each predictor, share a weight of one row per column (White, Daniel and Royston 2010): with them no level can be told
/// perfectly from the others, and every estimate is finite.
struct Rows {
    x: Vec<f64>,
    width: usize,
    levels: usize,
    codes: Vec<usize>,
    weights: Vec<f64>,
}

impl Rows {
    fn new(codes: &[f64], levels: usize, design: &Design, known: &[usize]) -> Self {
        let width = design.width;
        let mut rows = Self { x: Vec::new(), width, levels, codes: Vec::new(), weights: Vec::new() };
        for &row in known {
            rows.push(design.row(row), codes[row] as usize, 1.0);
        }
        let mut made_up = vec![0.0; width];
        made_up[0] = 1.0;
        // Without a predictor, the centre itself.
        let places: Vec<(usize, f64)> =
            if width == 1 { vec![(0, 1.0)] } else { (1..width).flat_map(|j| [(j, -1.0), (j, 1.0)]).collect() };
        let weight = width as f64 / (places.len() * levels) as f64;
        for (column, value) in places {
            let centre = std::mem::replace(&mut made_up[column], value);
            for level in 0..levels {
                rows.push(&made_up, level, weight);
            }
            made_up[column] = centre;
        }
        rows
    }

    fn push(&mut self, x: &[f64], code: usize, weight: f64) {
        self.x.extend_from_slice(x);
        self.codes.push(code);
        self.weights.push(weight);
    }

    fn iter(&self) -> impl Iterator<Item = (&[f64], usize, f64)> {
        self.x
            .chunks_exact(self.width)
            .zip(&self.codes)
            .zip(&self.weights)
            .map(|((x, code), weight)| (x, *code, *weight))
    }
}

/// Each level's probability, and the logarithm of what they were divided by; level 0 has the log odds 0.
fn softmax(beta: &[f64], x: &[f64]) -> (Vec<f64>, f64) {
    let eta = std::iter::once(0.0).chain(beta.chunks_exact(x.len()).map(|beta| dot(beta, x)));
    let mut odds: Vec<f64> = eta.collect();
    let highest = odds.iter().copied().fold(0.0, f64::max);
    for odds in &mut odds {
        *odds = libm::exp(*odds - highest);
    }
    let sum: f64 = odds.iter().sum();
    for odds in &mut odds {
        *odds /= sum;
    }
    (odds, highest + libm::log(sum))
}

fn logistic(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}

/// ln P(level) = x'β of the level less the logarithm of all levels' sum.
struct Multinomial<'r>(&'r Rows);

impl Objective for Multinomial<'_> {
    type State = (f64, Vec<Vec<f64>>);

    fn at(&self, beta: &[f64]) -> Option<Self::State> {
        let width = self.0.width;
        let mut value = 0.0;
        let mut probabilities = Vec::with_capacity(self.0.codes.len());
        for (x, code, weight) in self.0.iter() {
            let (of_levels, ln_sum) = softmax(beta, x);
            let eta = code.checked_sub(1).map_or(0.0, |place| dot(&beta[place * width..(place + 1) * width], x));
            value += weight * (eta - ln_sum);
            probabilities.push(of_levels);
        }
        value.is_finite().then_some((value, probabilities))
    }

    fn value(&self, state: &Self::State) -> f64 {
        state.0
    }

    fn derivatives(&self, beta: &[f64], (_, probabilities): &Self::State) -> (Vec<f64>, DMatrix<f64>) {
        let width = self.0.width;
        let mut score = vec![0.0; beta.len()];
        let mut information = DMatrix::zeros(beta.len(), beta.len());
        for ((x, code, weight), p) in self.0.iter().zip(probabilities) {
            for level in 1..self.0.levels {
                let from = (level - 1) * width;
                let residual = f64::from(u8::from(code == level)) - p[level];
                for j in 0..width {
                    score[from + j] += weight * residual * x[j];
                }
                for other in 1..self.0.levels {
                    let to = (other - 1) * width;
                    let same = f64::from(u8::from(level == other));
                    let curvature = weight * p[level] * (same - p[other]);
                    for j in 0..width {
                        for k in 0..width {
                            information[(from + j, to + k)] += curvature * x[j] * x[k];
                        }
                    }
                }
            }
        }
        (score, information)
    }

    fn tolerance(&self) -> f64 {
        newton::QUADRATIC
    }
}

/// P(level ≤ l) = logistic(θₗ − x'β), without a constant in x.
struct ProportionalOdds<'r>(&'r Rows);

/// A level's upper or lower end: F, its slope and its curvature.
#[derive(Clone, Copy)]
struct End {
    cumulative: f64,
    slope: f64,
    curvature: f64,
}

impl ProportionalOdds<'_> {
    /// The end at θ of a threshold; none below the first and above the last.
    fn end(threshold: Option<&f64>, eta: f64, beyond: f64) -> End {
        let Some(threshold) = threshold else { return End { cumulative: beyond, slope: 0.0, curvature: 0.0 } };
        let cumulative = logistic(threshold - eta);
        let slope = cumulative * (1.0 - cumulative);
        End { cumulative, slope, curvature: slope * (1.0 - 2.0 * cumulative) }
    }

    fn ends(&self, beta: &[f64], x: &[f64], code: usize) -> (End, End) {
        let (thresholds, slopes) = beta.split_at(self.0.levels - 1);
        let eta = dot(&x[1..], slopes);
        let lower = code.checked_sub(1).and_then(|place| thresholds.get(place));
        (Self::end(lower, eta, 0.0), Self::end(thresholds.get(code), eta, 1.0))
    }
}

impl Objective for ProportionalOdds<'_> {
    type State = f64;

    fn at(&self, beta: &[f64]) -> Option<f64> {
        let mut value = 0.0;
        for (x, code, weight) in self.0.iter() {
            let (lower, upper) = self.ends(beta, x, code);
            let probability = upper.cumulative - lower.cumulative;
            if probability <= 0.0 {
                return None;
            }
            value += weight * libm::log(probability);
        }
        value.is_finite().then_some(value)
    }

    fn value(&self, state: &f64) -> f64 {
        *state
    }

    fn derivatives(&self, beta: &[f64], _: &f64) -> (Vec<f64>, DMatrix<f64>) {
        let (size, thresholds) = (beta.len(), self.0.levels - 1);
        let mut score = vec![0.0; size];
        let mut information = DMatrix::zeros(size, size);
        for (x, code, weight) in self.0.iter() {
            let (lower, upper) = self.ends(beta, x, code);
            let probability = upper.cumulative - lower.cumulative;
            // The slopes of θ − x'β at either end.
            let of = |place: Option<usize>| {
                let mut direction = vec![0.0; size];
                if let Some(place) = place.filter(|place| *place < thresholds) {
                    direction[place] = 1.0;
                    for (slope, x) in direction[thresholds..].iter_mut().zip(&x[1..]) {
                        *slope = -x;
                    }
                }
                direction
            };
            let (below, above) = (of(code.checked_sub(1)), of(Some(code)));
            let slope: Vec<f64> =
                above.iter().zip(&below).map(|(a, b)| (upper.slope * a - lower.slope * b) / probability).collect();
            for j in 0..size {
                score[j] += weight * slope[j];
                for k in 0..size {
                    let bend = upper.curvature * above[j] * above[k] - lower.curvature * below[j] * below[k];
                    information[(j, k)] += weight * (slope[j] * slope[k] - bend / probability);
                }
            }
        }
        (score, information)
    }

    fn tolerance(&self) -> f64 {
        newton::QUADRATIC
    }
}
