//! Two groups ranked together, and the exact distribution of their rank sum.
//!
//! Everything that the Mann–Whitney test needs follows from how many members of each group lie at each distinct value,
//! so that one pass over the sorted data serves every null distribution.

use super::untied_rank_sum;
use crate::{TestError, order};

/// The members of each group at one distinct value.
#[derive(Clone, Copy)]
struct Block {
    first: u64,
    second: u64,
}

impl Block {
    fn size(self) -> u64 {
        self.first + self.second
    }
}

/// Two groups ranked together: how many of each lie at each distinct value, in ascending order of the values.
pub(super) struct RankedGroups {
    blocks: Vec<Block>,
    pub(super) n1: u64,
    pub(super) n2: u64,
}

impl RankedGroups {
    pub(super) fn new(first: &[f64], second: &[f64]) -> Result<Self, TestError> {
        let first = sorted(first, 0)?;
        let second = sorted(second, 1)?;
        let (mut i, mut j) = (0, 0);
        let mut blocks = Vec::new();
        loop {
            let value = match (first.get(i), second.get(j)) {
                (Some(&a), Some(&b)) => a.min(b),
                (Some(&a), None) => a,
                (None, Some(&b)) => b,
                (None, None) => break,
            };
            let run = |group: &[f64], from: usize| group[from..].iter().take_while(|&&x| x == value).count();
            let (in_first, in_second) = (run(&first, i), run(&second, j));
            i += in_first;
            j += in_second;
            blocks.push(Block { first: in_first as u64, second: in_second as u64 });
        }
        if blocks.len() == 1 {
            return Err(TestError::NoSpread);
        }
        Ok(Self { blocks, n1: first.len() as u64, n2: second.len() as u64 })
    }

    pub(super) fn n(&self) -> u64 {
        self.n1 + self.n2
    }

    pub(super) fn is_tied(&self) -> bool {
        (self.blocks.len() as u64) < self.n()
    }

    /// Twice U of the first group: 2 for each pair in which its member is greater, 1 for each tied pair.
    pub(super) fn doubled_u(&self) -> u128 {
        let mut below = 0;
        let mut doubled = 0;
        for block in &self.blocks {
            doubled += u128::from(block.first) * u128::from(2 * below + block.second);
            below += block.second;
        }
        doubled
    }

    /// The variance of U under the null hypothesis given the ties, n₁n₂ (N³ − N − Σ(t³ − t)) / (12 N (N − 1)).
    pub(super) fn variance_of_u(&self) -> f64 {
        let cube_less_itself = |t: u64| u128::from(t) * (u128::from(t) * u128::from(t) - 1);
        let tied: u128 = self.blocks.iter().map(|block| cube_less_itself(block.size())).sum();
        // Whole numbers up to the one subtraction, so that nearly constant data keep their digits.
        let free = (cube_less_itself(self.n()) - tied) as f64;
        let n = self.n() as f64;
        self.n1 as f64 * self.n2 as f64 / 12.0 * free / (n * (n - 1.0))
    }

    /// DeLong's standard error of U / (n₁n₂); a group of one has no variance to take it from.
    pub(super) fn superiority_std_error(&self) -> Option<f64> {
        if self.n1 < 2 || self.n2 < 2 {
            return None;
        }
        let (n1, n2) = (self.n1 as f64, self.n2 as f64);
        let mean = self.doubled_u() as f64 / 2.0 / (n1 * n2);
        let (mut first_below, mut second_below) = (0, 0);
        let (mut first_squares, mut second_squares) = (0.0, 0.0);
        for block in &self.blocks {
            // For each member of one group, the share of the other group that it exceeds (or that exceeds it).
            let of_first = (2 * second_below + block.second) as f64 / 2.0 / n2;
            let of_second = (2 * (self.n1 - first_below) - block.first) as f64 / 2.0 / n1;
            first_squares += block.first as f64 * (of_first - mean) * (of_first - mean);
            second_squares += block.second as f64 * (of_second - mean) * (of_second - mean);
            first_below += block.first;
            second_below += block.second;
        }
        Some((first_squares / (n1 - 1.0) / n1 + second_squares / (n2 - 1.0) / n2).sqrt())
    }

    /// The exact tails of the rank sum, every assignment of the ranks at hand to the groups being equally likely.
    ///
    /// The shift algorithm of Streitberg and Röhmel: with scores aₖ (mid-ranks, doubled to whole numbers, less the
    /// smallest, over their common divisor), the number of ways to choose i members with the sum s obeys
    ///
    /// ```text
    /// c(i, s) ← c(i, s) + c(i − 1, s − aₖ)        for each member k in turn
    /// ```
    ///
    /// Counts are doubles. They are sums of positive terms alone, none overflows within the limits below, and each went
    /// through N additions at most: the relative error of every count, and so of a tail of any size, is below
    /// N · 2⁻⁵³, 1e-13 at the largest N for which the table has room. Big integers would only say the same more slowly.
    pub(super) fn exact_tails(&self) -> Result<ExactTails, TestError> {
        let too_large = TestError::TooLargeForExact { n: self.n() as usize };
        if !self.is_tied() {
            return self.exact_tails_without_ties().ok_or(too_large);
        }
        // Counting the smaller group makes the smaller table; the larger one's tails are its mirror image.
        let of_first = self.n1 <= self.n2;
        let members = if of_first { self.n1 } else { self.n2 } as usize;
        if self.n() > WORK_LIMIT {
            return Err(too_large);
        }
        let block_scores = self.block_scores();
        let with_scores = || self.blocks.iter().zip(&block_scores);
        let scores: Vec<u64> =
            with_scores().flat_map(|(block, &score)| std::iter::repeat_n(score, block.size() as usize)).collect();
        let width = scores.iter().rev().take(members).sum::<u64>() + 1;
        let cells = (members as u64 + 1).saturating_mul(width);
        if cells > CELL_LIMIT || cells.saturating_mul(self.n()) > WORK_LIMIT {
            return Err(too_large);
        }
        let observed =
            with_scores().map(|(block, score)| score * if of_first { block.first } else { block.second }).sum();
        let counts = subset_counts(&scores, members, width as usize);
        Ok(ExactTails::new(&counts, observed, members as u64, &scores, of_first))
    }

    /// The exact tails of U for distinct ranks; none when there are too many. The distribution is symmetric, so that the
    /// smaller tail says it all.
    fn exact_tails_without_ties(&self) -> Option<ExactTails> {
        let (fewer, more) = (self.n1.min(self.n2), self.n1.max(self.n2));
        let pairs = fewer.checked_mul(more)?;
        // Without ties U is whole.
        let u = (self.doubled_u() / 2) as u64;
        let nearer = u.min(pairs - u);
        let tail = untied_rank_sum::lower_tail(fewer, more, nearer)?;
        let beyond = if nearer == 0 { 1.0 } else { 1.0 - untied_rank_sum::lower_tail(fewer, more, nearer - 1)? };
        let (lower, upper) = if nearer == u { (tail, beyond) } else { (beyond, tail) };
        Some(ExactTails { lower, upper, as_far: (2.0 * tail).min(1.0) })
    }

    /// The score of each block: its mid-rank, doubled, less the smallest, over the common divisor.
    fn block_scores(&self) -> Vec<u64> {
        let mut below = 0;
        let mut scores: Vec<u64> = Vec::with_capacity(self.blocks.len());
        for block in &self.blocks {
            scores.push(2 * below + block.size() + 1);
            below += block.size();
        }
        let smallest = scores[0];
        let divisor = scores.iter().fold(0, |divisor, &score| greatest_common_divisor(divisor, score - smallest));
        scores.iter().map(|score| (score - smallest) / divisor).collect()
    }
}

/// The largest table of counts: 2²⁴ cells, 128 MB; about 200 against 200.
const CELL_LIMIT: u64 = 1 << 24;

/// The largest number of additions, about; seconds at most.
const WORK_LIMIT: u64 = 1 << 34;

fn sorted(values: &[f64], group: usize) -> Result<Vec<f64>, TestError> {
    if values.is_empty() {
        return Err(TestError::TooFew { group, found: 0, needed: 1 });
    }
    if let Some(position) = values.iter().position(|x| !x.is_finite()) {
        return Err(TestError::NotFinite { group, position });
    }
    Ok(order::sorted(values))
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// How many choices of `members` out of the ascending `scores` have each sum from 0 to `width` − 1.
fn subset_counts(scores: &[u64], members: usize, width: usize) -> Vec<f64> {
    let mut prefix = vec![0_usize];
    prefix.extend(scores.iter().scan(0, |sum, &score| {
        *sum += score as usize;
        Some(*sum)
    }));
    let mut table = vec![0.0; (members + 1) * width];
    table[0] = 1.0;
    for (k, &score) in scores.iter().enumerate() {
        let score = score as usize;
        // Fewer members than `fewest` cannot become `members` with the scores that are left.
        let fewest = (members + k + 1).saturating_sub(scores.len()).max(1);
        for i in (fewest..=members.min(k + 1)).rev() {
            // The sums that i − 1 of the first k members can have.
            let (low, high) = (prefix[i - 1], prefix[k] - prefix[k + 1 - i]);
            let (before, row) = table.split_at_mut(i * width);
            let from = &before[(i - 1) * width..][low..=high];
            let to = &mut row[low + score..=high + score];
            for (count, more) in to.iter_mut().zip(from) {
                *count += more;
            }
        }
    }
    table.split_off(members * width)
}

/// The tails of an exact rank distribution at the value observed.
pub(super) struct ExactTails {
    /// P(U ≤ u) of the first group.
    pub(super) lower: f64,
    /// P(U ≥ u) of the first group.
    pub(super) upper: f64,
    /// P(|U − E| ≥ |u − E|).
    pub(super) as_far: f64,
}

impl ExactTails {
    fn new(counts: &[f64], observed: u64, members: u64, scores: &[u64], of_first: bool) -> Self {
        // n·s − members·Σa is n times the deviation from the mean, a whole number.
        let n = scores.len() as i128;
        let centre = i128::from(members) * i128::from(scores.iter().sum::<u64>());
        let deviation = |sum: u64| (n * i128::from(sum) - centre).abs();
        let total: f64 = counts.iter().sum();
        let share = |chosen: &dyn Fn(u64) -> bool| {
            let sum: f64 = (0_u64..).zip(counts).filter(|&(sum, _)| chosen(sum)).map(|(_, count)| count).sum();
            sum / total
        };
        let lower = share(&|sum| sum <= observed);
        let upper = share(&|sum| sum >= observed);
        let as_far = share(&|sum| deviation(sum) >= deviation(observed));
        if of_first { Self { lower, upper, as_far } } else { Self { lower: upper, upper: lower, as_far } }
    }
}
