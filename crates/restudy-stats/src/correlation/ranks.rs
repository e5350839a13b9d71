//! Mid-ranks as whole numbers.

use crate::{TestError, order};

/// The ranks of a sample, equal values sharing the mean of theirs.
pub(super) struct Ranks {
    /// Twice the rank less n + 1: whole numbers that sum to 0, in the order of the values.
    pub(super) centred: Vec<i32>,
    /// How many values share each rank, in ascending order.
    pub(super) ties: Vec<u32>,
    /// Σ of the squares of the centred ranks, (n³ − n − Σ(t³ − t)) / 3.
    pub(super) sum_of_squares: i128,
}

impl Ranks {
    /// Ranks finite values that are not all equal; the error names `group`.
    pub(super) fn of(values: &[f64], group: usize) -> Result<Self, TestError> {
        if let Some(position) = values.iter().position(|x| !x.is_finite()) {
            return Err(TestError::NotFinite { group, position });
        }
        const LIMIT: usize = 1 << 30;
        if values.len() > LIMIT {
            return Err(TestError::TooMany { found: values.len(), limit: LIMIT });
        }
        let n = values.len() as i32;
        let mut centred = vec![0; values.len()];
        let mut ties = Vec::new();
        let mut below = 0;
        order::for_each_run(values, |run| {
            let size = run.len() as i32;
            for &place in run {
                centred[place as usize] = 2 * below + size - n;
            }
            ties.push(run.len() as u32);
            below += size;
        })?;
        if ties.len() < 2 {
            return Err(TestError::NoSpread);
        }
        let cube_less_itself = |t: u32| i128::from(t) * (i128::from(t) * i128::from(t) - 1);
        let tied: i128 = ties.iter().filter(|&&t| t > 1).map(|&t| cube_less_itself(t)).sum();
        let sum_of_squares = (cube_less_itself(values.len() as u32) - tied) / 3;
        Ok(Self { centred, ties, sum_of_squares })
    }

    /// The ranks of the values with their signs turned.
    pub(super) fn turned(&self) -> Self {
        Self {
            centred: self.centred.iter().map(|c| -c).collect(),
            ties: self.ties.iter().rev().copied().collect(),
            sum_of_squares: self.sum_of_squares,
        }
    }

    pub(super) fn is_tied(&self) -> bool {
        self.ties.len() < self.centred.len()
    }
}

/// Σ of the products of the centred ranks of every pair of samples of one length: first with second, first with third
/// and so on, then second with third. Rows are taken by blocks, so that each rank comes from memory once.
pub(super) fn sums_of_products(samples: &[&Ranks]) -> Vec<i128> {
    const BLOCK: usize = 2048;
    let n = samples.first().map_or(0, |sample| sample.centred.len());
    // Centred ranks are below n: 2048 of their products stay below 2⁶³ up to n = 2²⁵.
    let narrow = n <= 1 << 25;
    let mut sums = vec![0_i128; samples.len() * samples.len().saturating_sub(1) / 2];
    for start in (0..n).step_by(BLOCK) {
        let rows = start..n.min(start + BLOCK);
        let pairs = (0..samples.len()).flat_map(|first| (first + 1..samples.len()).map(move |second| (first, second)));
        for ((first, second), sum) in pairs.zip(&mut sums) {
            let (a, b) = (&samples[first].centred[rows.clone()], &samples[second].centred[rows.clone()]);
            *sum += if narrow {
                i128::from(a.iter().zip(b).map(|(&a, &b)| i64::from(a) * i64::from(b)).sum::<i64>())
            } else {
                a.iter().zip(b).map(|(&a, &b)| i128::from(a) * i128::from(b)).sum()
            };
        }
    }
    sums
}
