use super::{ResampleError, Stream};

/// What resamples are drawn from: rows, each stratum by itself.
///
/// With one stratum a bootstrap is the ordinary one and a permutation moves every row; with several, each stratum keeps
/// its size, and rows change places only within their stratum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Units {
    rows: u32,
    /// The rows of each stratum, ascending, where there are several.
    strata: Vec<Vec<u32>>,
}

impl Units {
    /// Rows of one stratum.
    ///
    /// # Errors
    ///
    /// [`ResampleError::Empty`], [`ResampleError::TooMany`] beyond 2³² − 1 rows.
    pub fn ordinary(rows: usize) -> Result<Self, ResampleError> {
        let limit = u32::MAX as usize;
        match u32::try_from(rows) {
            Ok(0) => Err(ResampleError::Empty),
            Ok(rows) => Ok(Self { rows, strata: Vec::new() }),
            Err(_) => Err(ResampleError::TooMany { found: rows, limit }),
        }
    }

    /// Rows in strata: equal labels are one stratum.
    ///
    /// # Errors
    ///
    /// As [`ordinary`](Self::ordinary).
    pub fn stratified(labels: &[usize]) -> Result<Self, ResampleError> {
        let Self { rows, .. } = Self::ordinary(labels.len())?;
        let mut order: Vec<u32> = (0..rows).collect();
        order.sort_by_key(|&row| labels[row as usize]);
        let strata = order.chunk_by(|&a, &b| labels[a as usize] == labels[b as usize]).map(<[u32]>::to_vec).collect();
        Ok(Self { rows, strata })
    }

    /// The number of rows.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows as usize
    }

    /// Never: there is at least one row.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// The rows of each stratum.
    pub(super) fn by_stratum(&self) -> Vec<Vec<u32>> {
        if self.strata.is_empty() { vec![(0..self.rows).collect()] } else { self.strata.clone() }
    }

    /// Draws as many rows as there are, with replacement: how often each was drawn.
    ///
    /// # Panics
    ///
    /// When there are fewer counts than rows.
    pub fn draw(&self, stream: &mut Stream, counts: &mut [u32]) {
        counts.fill(0);
        if self.strata.is_empty() {
            for _ in 0..self.rows {
                counts[stream.below(self.rows) as usize] += 1;
            }
        }
        for stratum in &self.strata {
            for _ in 0..stratum.len() {
                counts[stratum[stream.below(stratum.len() as u32) as usize] as usize] += 1;
            }
        }
    }

    /// Puts the rows in a random order: at each place, the row that takes it. Fisher and Yates's shuffle.
    ///
    /// # Panics
    ///
    /// When there are fewer places than rows.
    pub fn shuffle(&self, stream: &mut Stream, order: &mut [u32]) {
        order.iter_mut().zip(0..).for_each(|(place, row)| *place = row);
        if self.strata.is_empty() {
            for last in (1..self.rows).rev() {
                order.swap(last as usize, stream.below(last + 1) as usize);
            }
        }
        for stratum in &self.strata {
            for last in (1..stratum.len()).rev() {
                let other = stream.below(last as u32 + 1) as usize;
                order.swap(stratum[last] as usize, stratum[other] as usize);
            }
        }
    }
}
