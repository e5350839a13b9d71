//! Newton's method on a few coefficients, from a warm start, in fixed room.

/// Coefficients at most.
pub(super) const MOST: usize = 12;
/// Steps at most; from a warm start two or three are usual.
const STEPS: usize = 25;
/// The squared length of a step, in standard errors, below which the next step is far below what prints.
const SHORT: f64 = 1e-9;
/// The squared length above which a step is cut: far from the maximum, the whole step may lead farther away.
const LONG: f64 = 4.0;

/// Score and information of a likelihood, lower triangle.
pub(super) struct Derivatives {
    pub(super) score: [f64; MOST],
    pub(super) information: [[f64; MOST]; MOST],
}

impl Derivatives {
    pub(super) fn zero() -> Self {
        Self { score: [0.0; MOST], information: [[0.0; MOST]; MOST] }
    }
}

/// The maximum from `beta`, which is moved there, and Wald's z of each coefficient; not a number where there is none.
pub(super) fn wald(beta: &mut [f64], derivatives: impl Fn(&[f64], &mut Derivatives)) -> [f64; MOST] {
    let p = beta.len();
    let mut at = Derivatives::zero();
    for _ in 0..STEPS {
        derivatives(beta, &mut at);
        let Some(factor) = factor(&at.information, p) else { break };
        let step = solve(&factor, &at.score, p);
        let length: f64 = step[..p].iter().zip(&at.score).map(|(step, score)| step * score).sum();
        let part = if length > LONG { (LONG / length).sqrt() } else { 1.0 };
        for (beta, step) in beta.iter_mut().zip(&step) {
            *beta += part * step;
        }
        if length < SHORT {
            return ratios(beta, &factor);
        }
    }
    // No maximum in sight: the next try starts afresh.
    beta.fill(0.0);
    [f64::NAN; MOST]
}

/// Cholesky's factor.
fn factor(matrix: &[[f64; MOST]; MOST], p: usize) -> Option<[[f64; MOST]; MOST]> {
    let mut factor = [[0.0; MOST]; MOST];
    for i in 0..p {
        for j in 0..=i {
            let dot: f64 = (0..j).map(|k| factor[i][k] * factor[j][k]).sum();
            let left = matrix[i][j] - dot;
            if i == j {
                if left <= 1e-10 * matrix[i][i].abs() || left.is_nan() {
                    return None;
                }
                factor[i][i] = left.sqrt();
            } else {
                factor[i][j] = left / factor[j][j];
            }
        }
    }
    Some(factor)
}

fn solve(factor: &[[f64; MOST]; MOST], score: &[f64; MOST], p: usize) -> [f64; MOST] {
    let mut x = *score;
    for i in 0..p {
        let dot: f64 = (0..i).map(|k| factor[i][k] * x[k]).sum();
        x[i] = (x[i] - dot) / factor[i][i];
    }
    for i in (0..p).rev() {
        let dot: f64 = (i + 1..p).map(|k| factor[k][i] * x[k]).sum();
        x[i] = (x[i] - dot) / factor[i][i];
    }
    x
}

/// Each coefficient over its standard error: the square root of the inverse's diagonal.
fn ratios(beta: &[f64], factor: &[[f64; MOST]; MOST]) -> [f64; MOST] {
    let p = beta.len();
    let mut ratios = [f64::NAN; MOST];
    for (place, beta) in beta.iter().enumerate() {
        // The variance is the squared length of the unit vector solved against the factor.
        let mut column = [0.0; MOST];
        let mut variance = 0.0;
        for i in place..p {
            let unit = if i == place { 1.0 } else { 0.0 };
            let dot: f64 = (place..i).map(|k| factor[i][k] * column[k]).sum();
            column[i] = (unit - dot) / factor[i][i];
            variance += column[i] * column[i];
        }
        ratios[place] = beta / variance.sqrt();
    }
    ratios
}
