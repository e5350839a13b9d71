//! The logistic log-likelihood with its derivatives, in one pass over the rows.
//!
//! Each block of rows ([`blocked`](crate::blocked)) is seen from the columns' means, and score and information are taken
//! from it while it is in the cache.
//!
//! Seen from their means, columns and intercept are hardly correlated, so that the Cholesky factor of X'WX keeps digits
//! that it would lose on a column such as a year of birth. The change of basis has determinant 1: Jeffreys's penalty is
//! the same in both.

use std::ops::Range;

use nalgebra::DMatrix;

use crate::blocked::{
    BLOCK, Column, LANES, add_dots, add_products, by_chunk, centre_and_predict, exp, in_order, ranges, symmetric,
    triangle, wide,
};

/// The rows that a model is fitted to: some columns of a design, with the outcome.
#[derive(Clone)]
pub(super) struct Kernel<'a> {
    pub(super) columns: Vec<&'a [f64]>,
    /// What is taken off each column.
    pub(super) centre: Vec<f64>,
    pub(super) events: &'a [bool],
    pub(super) weights: Option<&'a [f64]>,
    pub(super) offset: Option<&'a [f64]>,
    /// Every how many blocks of rows one is taken: 1 for all.
    pub(super) stride: usize,
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
    /// Rows in use, a multiple of eight.
    used: usize,
    x: Vec<Column>,
    /// x'β + offset, its sign turned where the row is no event: how far the row is on the right side.
    margin: Column,
    /// 1 for an event, −1 otherwise.
    side: Column,
    /// Frequency × (y − μ).
    residual: Column,
    /// μ(1 − μ).
    variance: Column,
    /// Frequency × μ(1 − μ).
    weight: Column,
    frequency: Column,
    log_likelihood: f64,
    least_residual: f64,
}

impl<'a> Kernel<'a> {
    /// ℓ, score and information.
    pub(super) fn evaluate(&self, beta: &[f64]) -> Evaluation {
        let p = self.columns.len();
        let chunks = self.by_chunk(|blocks| {
            let mut sums = vec![0.0; 1 + p + triangle(p)];
            let mut least_residual = f64::INFINITY;
            let mut block = Block::new(p);
            for rows in blocks {
                self.fill(&mut block, rows, beta);
                least_residual = least_residual.min(block.least_residual);
                sums[0] += block.log_likelihood;
                let columns = block.columns();
                add_dots(&mut sums[1..=p], &block.residual[..block.used], &columns);
                add_products(&mut sums[1 + p..], &block.weight[..block.used], &columns);
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
        let chunks = self.by_chunk(|blocks| {
            let mut sums = vec![0.0; p + triangle(p)];
            let mut block = Block::new(p);
            for rows in blocks {
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
                for i in 0..block.used {
                    let hat = hat[i] * block.variance[i];
                    pull[i] = block.frequency[i] * hat * (0.5 - block.mean(i));
                    weight[i] = block.weight[i] * (1.0 + hat);
                }
                let columns = block.columns();
                add_dots(&mut sums[..p], &pull[..block.used], &columns);
                add_products(&mut sums[p..], &weight[..block.used], &columns);
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
            fitted.extend((0..count).map(|i| block.mean(i)));
        }
        fitted
    }

    /// What `part` makes of the blocks of each chunk of rows that are taken.
    fn by_chunk<T: Send>(&self, part: impl Fn(&mut dyn Iterator<Item = Range<usize>>) -> T + Sync + Send) -> Vec<T> {
        let stride = self.stride;
        by_chunk(self.events.len(), |chunk| part(&mut ranges(chunk, BLOCK).step_by(stride)))
    }

    fn fill(&self, block: &mut Block, rows: Range<usize>, beta: &[f64]) {
        let count = rows.len();
        // Rows are taken eight at a time; those that fill up the last eight have frequency 0.
        block.used = count.next_multiple_of(LANES);
        match self.offset {
            Some(offset) => block.margin[..count].copy_from_slice(&offset[rows.clone()]),
            None => block.margin.fill(0.0),
        }
        block.margin[count..].fill(0.0);
        let columns: Vec<&[f64]> = self.columns.iter().map(|column| &column[rows.clone()]).collect();
        centre_and_predict(&mut block.x, &mut block.margin[..count], &columns, &self.centre, beta);
        block.frequency[..count].fill(1.0);
        if let Some(weights) = self.weights {
            block.frequency[..count].copy_from_slice(&weights[rows.clone()]);
        }
        block.frequency[count..].fill(0.0);
        block.side.fill(-1.0);
        for (side, &event) in block.side.iter_mut().zip(&self.events[rows]) {
            *side = f64::from(u8::from(event)) * 2.0 - 1.0;
        }

        let mut odds = [0.0; BLOCK];
        let odds = &mut odds[..block.used];
        for ((odds, margin), side) in odds.iter_mut().zip(&mut block.margin).zip(&block.side) {
            *margin *= side;
            *odds = -margin.abs();
        }
        exp(odds);
        let factors = link(block, odds);
        if self.weights.is_some() {
            for (odds, frequency) in odds.iter().zip(&block.frequency) {
                block.log_likelihood -= frequency * libm::log1p(*odds);
            }
        } else {
            // One logarithm for the block: its factors are at most 2, so that the product is at most 2^256. What an
            // addition of 1 rounds off is nothing to a log-likelihood, which is below ln ½ wherever outcomes overlap.
            block.log_likelihood -= libm::log(factors);
        }
    }
}

wide! {
    /// What e^-|η| makes of the rows of a block, but for the logarithms of 1 + e^-|η|, whose product over the rows that count
    /// is the answer. Both probabilities are from e^-|η|, neither is 1 minus the other.
    fn link(block: &mut Block, odds: &[f64]) -> f64 {
        let used = odds.len().min(BLOCK);
        let [mut near, mut miss, mut wrong, mut counted, mut factor] = [[0.0; BLOCK]; 5];
        // One column after the other, of which the compiler makes vectors.
        for (near, odds) in near.iter_mut().zip(odds) {
            *near = 1.0 / (1.0 + odds);
        }
        for i in 0..used {
            let far = odds[i] * near[i];
            miss[i] = if block.margin[i] >= 0.0 { far } else { near[i] };
            block.variance[i] = near[i] * far;
        }
        for i in 0..used {
            block.weight[i] = block.frequency[i] * block.variance[i];
        }
        for (i, miss) in miss[..used].iter().enumerate() {
            block.residual[i] = block.frequency[i] * (block.side[i] * miss);
        }
        // How far on the wrong side a row is, 0 on the right one.
        for (i, wrong) in wrong[..used].iter_mut().enumerate() {
            *wrong = block.frequency[i] * if block.margin[i] < 0.0 { -block.margin[i] } else { 0.0 };
        }
        for i in 0..used {
            counted[i] = if block.frequency[i] > 0.0 { miss[i] } else { f64::INFINITY };
        }
        for i in 0..used {
            factor[i] = 1.0 + if block.frequency[i] > 0.0 { odds[i] } else { 0.0 };
        }
        let (mut against, mut least, mut factors) = ([0.0; LANES], [f64::INFINITY; LANES], [1.0; LANES]);
        for wrong in wrong[..used].as_chunks::<LANES>().0 {
            for lane in 0..LANES {
                against[lane] += wrong[lane];
            }
        }
        for counted in counted[..used].as_chunks::<LANES>().0 {
            for lane in 0..LANES {
                least[lane] = if counted[lane] < least[lane] { counted[lane] } else { least[lane] };
            }
        }
        for factor in factor[..used].as_chunks::<LANES>().0 {
            for lane in 0..LANES {
                factors[lane] *= factor[lane];
            }
        }
        block.log_likelihood = -against.iter().sum::<f64>();
        block.least_residual = least.into_iter().fold(f64::INFINITY, f64::min);
        factors.iter().product()
    }
}

impl Block {
    fn new(columns: usize) -> Self {
        Self {
            used: 0,
            x: vec![[0.0; BLOCK]; columns],
            margin: [0.0; BLOCK],
            side: [0.0; BLOCK],
            residual: [0.0; BLOCK],
            variance: [0.0; BLOCK],
            weight: [0.0; BLOCK],
            frequency: [0.0; BLOCK],
            log_likelihood: 0.0,
            least_residual: f64::INFINITY,
        }
    }

    /// The columns as far as they are used.
    fn columns(&self) -> Vec<&[f64]> {
        self.x.iter().map(|column| &column[..self.used]).collect()
    }

    /// μ of a row.
    fn mean(&self, row: usize) -> f64 {
        let eta = self.margin[row] * self.side[row];
        let odds = libm::exp(-eta.abs());
        let near = 1.0 / (1.0 + odds);
        if eta >= 0.0 { near } else { odds * near }
    }
}

/// X'X of columns, each seen from its centre.
pub(super) fn gram(columns: &[&[f64]], centre: &[f64]) -> DMatrix<f64> {
    let (p, rows) = (columns.len(), columns.first().map_or(0, |column| column.len()));
    let chunks = by_chunk(rows, |chunk| {
        let mut sums = vec![0.0; triangle(p)];
        let mut x = vec![[0.0; BLOCK]; p];
        let (mut unused, zero) = ([0.0; BLOCK], vec![0.0; p]);
        for rows in ranges(chunk, BLOCK) {
            let count = rows.len();
            let of: Vec<&[f64]> = columns.iter().map(|column| &column[rows.clone()]).collect();
            centre_and_predict(&mut x, &mut unused[..count], &of, centre, &zero);
            let x: Vec<&[f64]> = x.iter().map(|x| &x[..count]).collect();
            add_products(&mut sums, &[1.0; BLOCK][..count], &x);
        }
        sums
    });
    symmetric(p, &in_order(chunks.iter()))
}
