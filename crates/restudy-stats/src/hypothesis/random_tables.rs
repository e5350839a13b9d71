//! Random tables of counts with given margins, for p-values that no exact sum reaches.
//!
//! Patefield, Algorithm AS 159: An efficient method of generating random r × c tables with given row and column totals,
//! Applied Statistics 30 (1981) 91–97: row by row, each cell from its hypergeometric distribution given the cells before
//! it. Random bits come from the `ChaCha` stream cipher with 8 rounds, whose output for a seed is specified and the same on
//! every machine.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};

use crate::dist;

/// A source of random tables with given margins.
pub(super) struct RandomTables {
    rows: Vec<u64>,
    columns: Vec<u64>,
    generator: ChaCha8Rng,
}

impl RandomTables {
    pub(super) fn new(rows: &[u64], columns: &[u64], seed: u64) -> Self {
        Self { rows: rows.to_vec(), columns: columns.to_vec(), generator: ChaCha8Rng::seed_from_u64(seed) }
    }

    /// Draws a table, its cells row by row.
    pub(super) fn draw(&mut self, cells: &mut Vec<u64>) -> Result<(), crate::DistributionError> {
        cells.clear();
        let mut room = self.columns.clone();
        for row in 0..self.rows.len() {
            let mut left = self.rows[row];
            let mut population: u64 = room.iter().sum();
            for column in &mut room {
                let count = hypergeometric(population, *column, left, self.uniform())?;
                cells.push(count);
                population -= *column;
                *column -= count;
                left -= count;
            }
        }
        Ok(())
    }

    /// Uniform in [0, 1), a multiple of 2⁻⁵³.
    fn uniform(&mut self) -> f64 {
        (self.generator.next_u64() >> 11) as f64 * (1.0 / 9_007_199_254_740_992.0)
    }
}

/// The hypergeometric count that a uniform number stands for: masses are taken off it from the mode outwards, so that
/// about as many are needed as the standard deviation.
fn hypergeometric(population: u64, successes: u64, draws: u64, uniform: f64) -> Result<u64, crate::DistributionError> {
    let distribution = dist::Hypergeometric::new(population, successes, draws)?;
    let (least, most) = distribution.support();
    if least == most {
        return Ok(least);
    }
    let [n, k, d] = [population, successes, draws].map(|count| count as f64);
    let mode = (((d + 1.0) * (k + 1.0) / (n + 2.0)) as u64).clamp(least, most);
    let at_mode = distribution.mass(mode);
    let (mut below, mut above) = (mode, mode);
    let (mut mass_below, mut mass_above) = (at_mode, at_mode);
    let mut left = uniform - at_mode;
    while left >= 0.0 && (below > least || above < most) {
        if above < most {
            let x = above as f64;
            mass_above *= (k - x) * (d - x) / ((x + 1.0) * (n - k - d + x + 1.0));
            above += 1;
            left -= mass_above;
            if left < 0.0 {
                return Ok(above);
            }
        }
        if below > least {
            let x = below as f64;
            mass_below *= x * (n - k - d + x) / ((k - x + 1.0) * (d - x + 1.0));
            below -= 1;
            left -= mass_below;
            if left < 0.0 {
                return Ok(below);
            }
        }
    }
    // Either the mode itself, or a uniform number in the 1e-15 that rounding left of the masses.
    Ok(mode)
}
