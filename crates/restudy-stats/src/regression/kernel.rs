//! The logistic log-likelihood with its derivatives, in one pass over the rows.
//!
//! Rows are taken in blocks that stay in the first-level cache: the block's columns are written once, seen from their
//! means, and the products X'WX are dot products of block columns in [`LANES`] lanes. Blocks are summed into chunks and
//! chunks into the total, in the order of the rows, without fused multiply-add: the sums have the same bits on every
//! machine, and with every number of threads (feature `threads`). Nothing of the size of the data is allocated.
//!
//! Seen from their means, columns and intercept are hardly correlated, so that the Cholesky factor of X'WX keeps digits
//! that it would lose on a column such as a year of birth. The change of basis has determinant 1: Jeffreys's penalty is
//! the same in both.

use std::ops::Range;

use nalgebra::DMatrix;

/// Rows in a block: ten columns of it fill 20 kB.
const BLOCK: usize = 256;
/// Rows in a chunk.
const CHUNK: usize = 32 * BLOCK;
/// Partial sums of a dot product.
const LANES: usize = 8;

/// The rows that a model is fitted to: some columns of a design, with the outcome.
#[derive(Clone)]
pub(super) struct Kernel<'a> {
    pub(super) columns: Vec<&'a [f64]>,
    /// What is taken off each column.
    pub(super) centre: Vec<f64>,
    pub(super) events: &'a [bool],
    pub(super) weights: Option<&'a [f64]>,
    pub(super) offset: Option<&'a [f64]>,
}

/// The log-likelihood at a point, with its derivatives.
pub(super) struct Evaluation {
    pub(super) log_likelihood: f64,
    pub(super) score: Vec<f64>,
    /// X'WX with W = μ(1 − μ).
    pub(super) information: DMatrix<f64>,
    /// The smallest |y − μ| of a row that counts.
    pub(super) least_residual: f64,
}

/// What Jeffreys's penalty adds.
pub(super) struct Penalty {
    /// Σ h (½ − μ) x.
    pub(super) score: Vec<f64>,
    /// X'WX with W = μ(1 − μ)(1 + h).
    pub(super) augmented: DMatrix<f64>,
}

/// One block of rows: columns from their centre, then what the coefficients make of them. Rows beyond the last have
/// weight 0.
struct Block {
    x: Vec<[f64; BLOCK]>,
    eta: [f64; BLOCK],
    /// μ.
    mean: [f64; BLOCK],
    /// Frequency × (y − μ).
    residual: [f64; BLOCK],
    /// μ(1 − μ).
    variance: [f64; BLOCK],
    /// Frequency × μ(1 − μ).
    weight: [f64; BLOCK],
    frequency: [f64; BLOCK],
    log_likelihood: f64,
    least_residual: f64,
}

impl<'a> Kernel<'a> {
    /// ℓ, score and information.
    pub(super) fn evaluate(&self, beta: &[f64]) -> Evaluation {
        let p = self.columns.len();
        let chunks = by_chunk(self.events.len(), |chunk| {
            let mut sums = vec![0.0; 1 + p + p * (p + 1) / 2];
            let mut least_residual = f64::INFINITY;
            let mut block = Block::new(p);
            let mut product = [0.0; BLOCK];
            for rows in ranges(chunk, BLOCK) {
                self.fill(&mut block, rows, beta);
                least_residual = least_residual.min(block.least_residual);
                sums[0] += block.log_likelihood;
                let mut place = 1 + p;
                for j in 0..p {
                    sums[1 + j] += dot(&block.x[j], &block.residual);
                    multiply(&mut product, &block.weight, &block.x[j]);
                    for k in 0..=j {
                        sums[place] += dot(&product, &block.x[k]);
                        place += 1;
                    }
                }
            }
            (sums, least_residual)
        });
        let total = in_order(chunks.iter().map(|(sums, _)| sums));
        Evaluation {
            log_likelihood: total[0],
            score: total[1..=p].to_vec(),
            information: symmetric(p, &total[1 + p..]),
            least_residual: chunks.iter().map(|(_, least)| *least).fold(f64::INFINITY, f64::min),
        }
    }

    /// The penalty's part of the score, given the inverse of the information at the same point.
    pub(super) fn penalty(&self, beta: &[f64], inverse: &DMatrix<f64>) -> Penalty {
        let p = self.columns.len();
        let chunks = by_chunk(self.events.len(), |chunk| {
            let mut sums = vec![0.0; p + p * (p + 1) / 2];
            let mut block = Block::new(p);
            for rows in ranges(chunk, BLOCK) {
                self.fill(&mut block, rows, beta);
                // h = μ(1 − μ) x'(X'WX)⁻¹x of one observation.
                let (mut hat, mut half) = ([0.0; BLOCK], [0.0; BLOCK]);
                for j in 0..p {
                    half.fill(0.0);
                    for k in 0..j {
                        let twice = 2.0 * inverse[(j, k)];
                        for (half, x) in half.iter_mut().zip(&block.x[k]) {
                            *half += twice * x;
                        }
                    }
                    for ((hat, half), x) in hat.iter_mut().zip(&half).zip(&block.x[j]) {
                        *hat += x * (half + inverse[(j, j)] * x);
                    }
                }
                let mut pull = [0.0; BLOCK];
                let mut weight = [0.0; BLOCK];
                for i in 0..BLOCK {
                    let hat = hat[i] * block.variance[i];
                    pull[i] = block.frequency[i] * hat * (0.5 - block.mean[i]);
                    weight[i] = block.weight[i] * (1.0 + hat);
                }
                let mut product = [0.0; BLOCK];
                let mut place = p;
                for j in 0..p {
                    sums[j] += dot(&block.x[j], &pull);
                    multiply(&mut product, &weight, &block.x[j]);
                    for k in 0..=j {
                        sums[place] += dot(&product, &block.x[k]);
                        place += 1;
                    }
                }
            }
            sums
        });
        let total = in_order(chunks.iter());
        Penalty { score: total[..p].to_vec(), augmented: symmetric(p, &total[p..]) }
    }

    /// The fitted probabilities, row by row.
    pub(super) fn probabilities(&self, beta: &[f64]) -> Vec<f64> {
        let mut block = Block::new(self.columns.len());
        let mut fitted = Vec::with_capacity(self.events.len());
        for rows in ranges(0..self.events.len(), BLOCK) {
            let count = rows.len();
            self.fill(&mut block, rows, beta);
            fitted.extend_from_slice(&block.mean[..count]);
        }
        fitted
    }

    fn fill(&self, block: &mut Block, rows: Range<usize>, beta: &[f64]) {
        let count = rows.len();
        match self.offset {
            Some(offset) => block.eta[..count].copy_from_slice(&offset[rows.clone()]),
            None => block.eta.fill(0.0),
        }
        block.eta[count..].fill(0.0);
        for (j, column) in self.columns.iter().enumerate() {
            seen_from(&mut block.x[j], &column[rows.clone()], self.centre[j]);
            for (eta, x) in block.eta.iter_mut().zip(&block.x[j]) {
                *eta += beta[j] * *x;
            }
        }
        block.frequency[..count].fill(1.0);
        if let Some(weights) = self.weights {
            block.frequency[..count].copy_from_slice(&weights[rows.clone()]);
        }
        block.frequency[count..].fill(0.0);

        // Both probabilities from e^-|η|, neither as 1 minus the other.
        let mut events = [false; BLOCK];
        events[..count].copy_from_slice(&self.events[rows]);
        let mut odds = [0.0; BLOCK];
        for (odds, eta) in odds.iter_mut().zip(&block.eta) {
            *odds = libm::exp(-eta.abs());
        }
        // How far on the wrong side a row is, 0 on the right one.
        let mut against = [0.0; BLOCK];
        let mut miss = [0.0; BLOCK];
        for i in 0..BLOCK {
            let (eta, frequency) = (block.eta[i], block.frequency[i]);
            let near = 1.0 / (1.0 + odds[i]);
            let far = odds[i] * near;
            let above = eta >= 0.0;
            let right = events[i] == above;
            block.variance[i] = near * far;
            block.weight[i] = frequency * near * far;
            block.mean[i] = if above { near } else { far };
            against[i] = if right { 0.0 } else { eta.abs() };
            miss[i] = if right { far } else { near };
            let signed = if events[i] { miss[i] } else { -miss[i] };
            block.residual[i] = frequency * signed;
        }
        block.least_residual = f64::INFINITY;
        for (miss, frequency) in miss.iter().zip(&block.frequency) {
            let counted = if *frequency > 0.0 { *miss } else { f64::INFINITY };
            block.least_residual = block.least_residual.min(counted);
        }
        block.log_likelihood = -dot(&block.frequency, &against);
        if self.weights.is_some() {
            for (odds, frequency) in odds.iter().zip(&block.frequency) {
                block.log_likelihood -= frequency * libm::log1p(*odds);
            }
        } else {
            // One logarithm for the block: its factors are at most 2, so that the product is at most 2^256. What an
            // addition of 1 rounds off is nothing to a log-likelihood, which is below ln ½ wherever outcomes overlap.
            let mut lanes = [1.0; LANES];
            for (place, odds) in odds[..count].iter().enumerate() {
                lanes[place % LANES] *= 1.0 + odds;
            }
            block.log_likelihood -= libm::log(lanes.iter().product());
        }
    }
}

impl Block {
    fn new(columns: usize) -> Self {
        Self {
            x: vec![[0.0; BLOCK]; columns],
            eta: [0.0; BLOCK],
            mean: [0.0; BLOCK],
            residual: [0.0; BLOCK],
            variance: [0.0; BLOCK],
            weight: [0.0; BLOCK],
            frequency: [0.0; BLOCK],
            log_likelihood: 0.0,
            least_residual: f64::INFINITY,
        }
    }
}

/// X'X of columns, each seen from its centre.
pub(super) fn gram(columns: &[&[f64]], centre: &[f64]) -> DMatrix<f64> {
    let (p, rows) = (columns.len(), columns.first().map_or(0, |column| column.len()));
    let chunks = by_chunk(rows, |chunk| {
        let mut sums = vec![0.0; p * (p + 1) / 2];
        let mut x = vec![[0.0; BLOCK]; p];
        for rows in ranges(chunk, BLOCK) {
            let mut place = 0;
            for j in 0..p {
                seen_from(&mut x[j], &columns[j][rows.clone()], centre[j]);
                for k in 0..=j {
                    sums[place] += dot(&x[j], &x[k]);
                    place += 1;
                }
            }
        }
        sums
    });
    symmetric(p, &in_order(chunks.iter()))
}

/// A block of a column from its centre; 0 beyond the last row.
fn seen_from(x: &mut [f64; BLOCK], column: &[f64], centre: f64) {
    for (to, from) in x.iter_mut().zip(column) {
        *to = from - centre;
    }
    x[column.len()..].fill(0.0);
}

/// A range in pieces of `size`.
fn ranges(whole: Range<usize>, size: usize) -> impl Iterator<Item = Range<usize>> {
    whole.clone().step_by(size).map(move |start| start..whole.end.min(start + size))
}

fn dot(a: &[f64; BLOCK], b: &[f64; BLOCK]) -> f64 {
    let mut lanes = [0.0; LANES];
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    lanes.iter().sum()
}

fn multiply(product: &mut [f64; BLOCK], a: &[f64; BLOCK], b: &[f64; BLOCK]) {
    for ((product, a), b) in product.iter_mut().zip(a).zip(b) {
        *product = a * b;
    }
}

/// What `part` makes of each chunk of rows, in their order; on all cores with the feature `threads`.
fn by_chunk<T: Send>(rows: usize, part: impl Fn(Range<usize>) -> T + Sync + Send) -> Vec<T> {
    #[cfg(feature = "threads")]
    {
        use rayon::prelude::*;
        let chunks: Vec<_> = ranges(0..rows, CHUNK).collect();
        // One chunk is done sooner than handed over.
        if chunks.len() > 1 {
            return chunks.into_par_iter().map(part).collect();
        }
    }
    ranges(0..rows, CHUNK).map(part).collect()
}

/// The sum of the chunks' sums, one after the other.
fn in_order<'s>(chunks: impl Iterator<Item = &'s Vec<f64>>) -> Vec<f64> {
    let mut total = Vec::new();
    for sums in chunks {
        total.resize(sums.len(), 0.0);
        for (total, sum) in total.iter_mut().zip(sums) {
            *total += sum;
        }
    }
    total
}

/// The matrix of a lower triangle, row after row.
fn symmetric(p: usize, lower: &[f64]) -> DMatrix<f64> {
    DMatrix::from_fn(p, p, |j, k| {
        let (row, column) = (j.max(k), j.min(k));
        lower[row * (row + 1) / 2 + column]
    })
}
