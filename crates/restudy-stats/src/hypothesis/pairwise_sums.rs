//! Order statistics of all pairwise sums, without making them.
//!
//! The sums aᵢ + bⱼ of two ascending sequences form a matrix that ascends along rows and columns. Johnson and
//! Mizoguchi's selection keeps, in every row, the columns that may still hold the value sought, and in each round cuts
//! them at the weighted median of the rows' medians: at least a quarter of what is left goes, and a round costs one walk
//! down the staircase that the cut makes. When no more is left than the data themselves hold, it is collected and
//! selected from. O((n + m) log(n + m)) in all.
//!
//! The sum in doubles rises with both of its terms, as the true one does, so that the matrix ascends as computed and the
//! answer is exactly one of its elements.

/// The sums aᵢ + bⱼ of two ascending sequences, over all j or, with the triangle, over j ≥ i.
pub(super) struct PairwiseSums<'a> {
    rows: &'a [f64],
    columns: &'a [f64],
    triangle: bool,
}

impl<'a> PairwiseSums<'a> {
    /// All sums of a member of one with a member of the other, both ascending and not empty.
    pub(super) fn all(rows: &'a [f64], columns: &'a [f64]) -> Self {
        Self { rows, columns, triangle: false }
    }

    /// The sums of all pairs of members, each with itself too; ascending and not empty.
    pub(super) fn of_pairs(values: &'a [f64]) -> Self {
        Self { rows: values, columns: values, triangle: true }
    }

    /// How many sums there are.
    pub(super) fn count(&self) -> u64 {
        let (n, m) = (self.rows.len() as u64, self.columns.len() as u64);
        if self.triangle { n * (n + 1) / 2 } else { n * m }
    }

    /// The median; the mean of the middle two for an even count.
    pub(super) fn median(&self) -> f64 {
        let count = self.count();
        let upper = self.select(count / 2 + 1);
        if count % 2 == 1 {
            return upper;
        }
        let lower = self.select(count / 2);
        lower + (upper - lower) / 2.0
    }

    /// The sum of the given rank, 1 for the smallest.
    pub(super) fn select(&self, rank: u64) -> f64 {
        // In each row, the columns start[i]..end[i] may hold the answer; those before are too small.
        let mut start: Vec<usize> = (0..self.rows.len()).map(|i| self.first_column(i)).collect();
        let mut end = vec![self.columns.len(); self.rows.len()];
        loop {
            let left: u64 = start.iter().zip(&end).map(|(&from, &to)| (to - from) as u64).sum();
            if left <= (self.rows.len() + self.columns.len()) as u64 {
                break;
            }
            let pivot = self.weighted_median(&start, &end);
            let (below, not_above) = (self.staircase(|sum| sum < pivot), self.staircase(|sum| sum <= pivot));
            let counted = |cut: &[usize]| -> u64 {
                cut.iter().enumerate().map(|(i, &to)| (to - self.first_column(i)) as u64).sum()
            };
            if rank <= counted(&below) {
                end.iter_mut().zip(below).for_each(|(end, cut)| *end = cut.min(*end));
            } else if rank > counted(&not_above) {
                start.iter_mut().zip(not_above).for_each(|(start, cut)| *start = cut.max(*start));
            } else {
                return pivot;
            }
        }
        let skipped: u64 = start.iter().enumerate().map(|(i, &from)| (from - self.first_column(i)) as u64).sum();
        let mut rest: Vec<f64> = (0..self.rows.len())
            .flat_map(|i| self.columns[start[i]..end[i].max(start[i])].iter().map(move |b| self.rows[i] + b))
            .collect();
        *rest.select_nth_unstable_by((rank - skipped - 1) as usize, f64::total_cmp).1
    }

    fn first_column(&self, row: usize) -> usize {
        if self.triangle { row } else { 0 }
    }

    /// In each row, the first column whose sum fails a condition that holds below some value only.
    fn staircase(&self, holds: impl Fn(f64) -> bool) -> Vec<usize> {
        let mut to = self.columns.len();
        (0..self.rows.len())
            .map(|i| {
                while to > 0 && !holds(self.rows[i] + self.columns[to - 1]) {
                    to -= 1;
                }
                to.max(self.first_column(i))
            })
            .collect()
    }

    /// The median of the medians of what is left in each row, each counted as often as its row has members left.
    fn weighted_median(&self, start: &[usize], end: &[usize]) -> f64 {
        let mut medians: Vec<(f64, u64)> = (0..self.rows.len())
            .filter(|&i| start[i] < end[i])
            .map(|i| (self.rows[i] + self.columns[start[i] + (end[i] - start[i] - 1) / 2], (end[i] - start[i]) as u64))
            .collect();
        let mut wanted = medians.iter().map(|(_, weight)| weight).sum::<u64>().div_ceil(2);
        let mut medians = medians.as_mut_slice();
        // Quickselect by weight: halve the list, go on in the half that holds the middle of the weight.
        while medians.len() > 1 {
            let middle = medians.len() / 2;
            medians.select_nth_unstable_by(middle, |a, b| a.0.total_cmp(&b.0));
            let (low, high) = medians.split_at_mut(middle);
            let weight = low.iter().map(|(_, weight)| weight).sum::<u64>();
            medians = if wanted <= weight {
                low
            } else {
                wanted -= weight;
                high
            };
        }
        medians[0].0
    }
}
