//! Order statistics of all pairwise sums, without making them.
//!
//! The sums aᵢ + bⱼ of two ascending sequences form a matrix that ascends along rows and columns. The selection keeps, in
//! every row, the columns that may still hold the value sought, and cuts them at pivots; a cut is one walk down a
//! staircase, n + m steps. Two pivots from a sample of what is left enclose the value with some room and leave a few
//! percent. Where a sample does not help, as with many ties, Johnson and Mizoguchi's pivot does, the weighted median of
//! the rows' medians, which always takes away a quarter or is the value itself. When little more is left than the data
//! themselves hold, it is collected and selected from. O((n + m) log(n + m)) at worst.
//!
//! The sample is systematic, so that every run does the same. The sum in doubles rises with both of its terms, as the
//! true one does, so that the matrix ascends as computed and the answer is exactly one of its elements.

/// The sums aᵢ + bⱼ of two ascending sequences, over all j or, with the triangle, over j ≥ i.
pub(super) struct PairwiseSums<'a> {
    rows: &'a [f64],
    columns: &'a [f64],
    triangle: bool,
}

/// So many sums are collected and selected from sooner than cut.
const FEW: u64 = 1 << 14;

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
        let lower = self.select(count.div_ceil(2));
        if count % 2 == 1 {
            return lower;
        }
        // The next in order: the same value again, or the first one above it in some row.
        let not_above = self.staircase(|sum| sum <= lower);
        let upper = if self.counted(&not_above) > count / 2 {
            lower
        } else {
            let first_above = |(i, &cut): (usize, &usize)| self.columns.get(cut).map(|b| self.rows[i] + b);
            not_above.iter().enumerate().filter_map(first_above).fold(f64::INFINITY, f64::min)
        };
        lower.midpoint(upper)
    }

    /// The sum of the given rank, 1 for the smallest.
    pub(super) fn select(&self, rank: u64) -> f64 {
        // In each row, the columns start[i]..end[i] may hold the answer; those before are too small.
        let mut start: Vec<usize> = (0..self.rows.len()).map(|i| self.first_column(i)).collect();
        let mut end = vec![self.columns.len(); self.rows.len()];
        let mut left = self.count();
        let few = FEW.max((self.rows.len() + self.columns.len()) as u64);
        while left > few {
            let before = left;
            let skipped = self.counted(&start);
            let [low, high] = self.enclosing(&start, &end, left, rank - skipped);
            if let Some(low) = low {
                let below = self.staircase(|sum| sum < low);
                if self.counted(&below) < rank {
                    raise(&mut start, &below);
                }
            }
            if let Some(high) = high {
                let not_above = self.staircase(|sum| sum <= high);
                if self.counted(&not_above) >= rank {
                    lower(&mut end, &not_above);
                }
            }
            left = self.counted(&end) - self.counted(&start);
            if left <= before / 2 {
                continue;
            }
            let pivot = self.weighted_median(&start, &end);
            let (below, not_above) = (self.staircase(|sum| sum < pivot), self.staircase(|sum| sum <= pivot));
            if rank <= self.counted(&below) {
                lower(&mut end, &below);
            } else if rank > self.counted(&not_above) {
                raise(&mut start, &not_above);
            } else {
                return pivot;
            }
            left = self.counted(&end) - self.counted(&start);
        }
        let skipped = self.counted(&start);
        let mut rest: Vec<f64> = (0..self.rows.len())
            .flat_map(|i| self.columns[start[i]..end[i]].iter().map(move |b| self.rows[i] + b))
            .collect();
        *rest.select_nth_unstable_by((rank - skipped - 1) as usize, f64::total_cmp).1
    }

    /// Two of the sums that are left, probably one on each side of the one of the given rank among them; `None` where
    /// that is near the end.
    fn enclosing(&self, start: &[usize], end: &[usize], left: u64, rank: u64) -> [Option<f64>; 2] {
        const SAMPLE: u64 = 1 << 12;
        // Twice the standard deviation that the rank of the median of a random sample has.
        const ROOM: u64 = 1 << 6;
        let mut sample = Vec::with_capacity(SAMPLE as usize);
        let mut before = 0;
        for (i, (&from, &to)) in start.iter().zip(end).enumerate() {
            let after = before + (to - from) as u64;
            // Every (left/SAMPLE)-th sum, row by row.
            while let position = at_share(left, sample.len() as u64, SAMPLE)
                && position < after
            {
                sample.push(self.rows[i] + self.columns[from + (position - before) as usize]);
            }
            before = after;
        }
        sample.sort_unstable_by(f64::total_cmp);
        let expected = at_share(SAMPLE, rank, left);
        let pick = |index: Option<u64>| index.and_then(|index| sample.get(index as usize).copied());
        [pick(expected.checked_sub(ROOM)), pick(Some(expected + ROOM))]
    }

    /// How many sums come before the columns of a cut.
    fn counted(&self, cut: &[usize]) -> u64 {
        cut.iter().enumerate().map(|(i, &to)| (to - self.first_column(i)) as u64).sum()
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

/// Moves the starts of the rows up to a cut.
fn raise(start: &mut [usize], cut: &[usize]) {
    start.iter_mut().zip(cut).for_each(|(start, &cut)| *start = cut.max(*start));
}

/// Moves the ends of the rows down to a cut.
fn lower(end: &mut [usize], cut: &[usize]) {
    end.iter_mut().zip(cut).for_each(|(end, &cut)| *end = cut.min(*end));
}

/// ⌊whole · part / of⌋.
fn at_share(whole: u64, part: u64, of: u64) -> u64 {
    (u128::from(whole) * u128::from(part) / u128::from(of)) as u64
}
