//! Mid-ranks as whole numbers.

use crate::{TestError, order};

/// The ranks of a sample, equal values sharing the mean of theirs.
pub(super) struct Ranks {
    /// Twice the rank less n + 1: whole numbers that sum to 0, in the order of the values.
    pub(super) centred: Vec<i64>,
    /// How many values share each rank, in ascending order.
    pub(super) ties: Vec<u64>,
}

impl Ranks {
    /// Ranks finite values that are not all equal; the error names `group`.
    pub(super) fn of(values: &[f64], group: usize) -> Result<Self, TestError> {
        if let Some(position) = values.iter().position(|x| !x.is_finite()) {
            return Err(TestError::NotFinite { group, position });
        }
        let places = order::ascending(values)?;
        let n = values.len() as i64;
        let mut centred = vec![0; values.len()];
        let mut ties = Vec::new();
        let mut below = 0_i64;
        for run in places.chunk_by(|&a, &b| values[a as usize] == values[b as usize]) {
            let size = run.len() as i64;
            for &place in run {
                centred[place as usize] = 2 * below + size - n;
            }
            ties.push(size as u64);
            below += size;
        }
        if ties.len() < 2 {
            return Err(TestError::NoSpread);
        }
        Ok(Self { centred, ties })
    }

    pub(super) fn is_tied(&self) -> bool {
        self.ties.len() < self.centred.len()
    }

    /// Σ of the squares of the centred ranks, (n³ − n − Σ(t³ − t)) / 3.
    pub(super) fn sum_of_squares(&self) -> i128 {
        let cube_less_itself = |t: u64| i128::from(t) * (i128::from(t) * i128::from(t) - 1);
        (cube_less_itself(self.centred.len() as u64) - self.ties.iter().map(|&t| cube_less_itself(t)).sum::<i128>()) / 3
    }

    /// Σ of the products of two samples' centred ranks.
    pub(super) fn sum_of_products(&self, other: &Self) -> i128 {
        sum_of_products(&self.centred, &other.centred)
    }
}

/// Values that are summed in 64 bits before the sum is carried on in 128.
const BLOCK: usize = 4096;

/// Σ a b of numbers below the length of the slices, or of a part of longer ones.
pub(super) fn sum_of_products(a: &[i64], b: &[i64]) -> i128 {
    // |a b| < n² ≤ 2⁵⁰ up to n = 2²⁵, and 4096 of those stay below 2⁶².
    let narrow = a.iter().chain(b).all(|x| x.unsigned_abs() <= 1 << 25);
    let blocks = a.chunks(BLOCK).zip(b.chunks(BLOCK));
    if narrow {
        blocks.map(|(a, b)| i128::from(a.iter().zip(b).map(|(a, b)| a * b).sum::<i64>())).sum()
    } else {
        a.iter().zip(b).map(|(&a, &b)| i128::from(a) * i128::from(b)).sum()
    }
}
