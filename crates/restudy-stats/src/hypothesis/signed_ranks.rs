//! Differences ranked by their size, and the exact distribution of the rank sum of the positive ones.

use super::ZeroRule;
use crate::TestError;

/// The differences of one size other than zero.
#[derive(Clone, Copy)]
struct Block {
    positive: u64,
    negative: u64,
    /// Twice the mid-rank, a whole number.
    doubled_rank: u64,
}

impl Block {
    fn size(self) -> u64 {
        self.positive + self.negative
    }
}

/// Differences ranked by their size: how many of each sign there are at each size, in ascending order.
pub(super) struct SignedRanks {
    blocks: Vec<Block>,
    pub(super) zeros: u64,
    /// Differences other than zero.
    pub(super) n: u64,
}

impl SignedRanks {
    /// The ranks of finite differences, not all of them zero.
    pub(super) fn new(differences: &[f64], rule: ZeroRule) -> Result<Self, TestError> {
        let mut sorted: Vec<f64> = differences.iter().copied().filter(|&d| d != 0.0).collect();
        if sorted.is_empty() {
            return Err(TestError::NothingDiffers);
        }
        sorted.sort_unstable_by(|a, b| a.abs().total_cmp(&b.abs()));
        let n = sorted.len() as u64;
        let zeros = differences.len() as u64 - n;
        let mut below = match rule {
            ZeroRule::Wilcoxon => 0,
            ZeroRule::Pratt => zeros,
        };
        let blocks = sorted
            .chunk_by(|a, b| a.abs() == b.abs())
            .map(|same| {
                let positive = same.iter().filter(|&&d| d > 0.0).count() as u64;
                let size = same.len() as u64;
                let doubled_rank = 2 * below + size + 1;
                below += size;
                Block { positive, negative: size - positive, doubled_rank }
            })
            .collect();
        Ok(Self { blocks, zeros, n })
    }

    pub(super) fn is_tied(&self) -> bool {
        (self.blocks.len() as u64) < self.n
    }

    /// Whether the ranks are 1, 2, …, n.
    pub(super) fn are_plain(&self) -> bool {
        !self.is_tied() && self.blocks[0].doubled_rank == 2
    }

    /// Twice the rank sum of the positive differences.
    pub(super) fn doubled_positive(&self) -> u128 {
        self.blocks.iter().map(|block| u128::from(block.positive) * u128::from(block.doubled_rank)).sum()
    }

    /// Twice the rank sum of all differences.
    pub(super) fn doubled_total(&self) -> u128 {
        self.blocks.iter().map(|block| u128::from(block.size()) * u128::from(block.doubled_rank)).sum()
    }

    /// The variance of the positive rank sum when every sign is a fair coin: Σ r² / 4.
    pub(super) fn variance(&self) -> f64 {
        let square = |rank: u64| u128::from(rank) * u128::from(rank);
        let doubled: u128 = self.blocks.iter().map(|block| u128::from(block.size()) * square(block.doubled_rank)).sum();
        doubled as f64 / 16.0
    }

    /// The exact tails (P(V ≤ v), P(V ≥ v)) of the positive rank sum, every sign being a fair coin.
    pub(super) fn exact_tails(&self) -> Result<(f64, f64), TestError> {
        let divisor = self.blocks.iter().fold(0, |divisor, block| greatest_common_divisor(divisor, block.doubled_rank));
        let scores: Vec<usize> = self
            .blocks
            .iter()
            .flat_map(|block| std::iter::repeat_n((block.doubled_rank / divisor) as usize, block.size() as usize))
            .collect();
        let observed = (self.doubled_positive() / u128::from(divisor)) as usize;
        let total = (self.doubled_total() / u128::from(divisor)) as usize;
        // The distribution is symmetric: count the shorter tail, and take the longer one from what it leaves.
        let short = observed.min(total - observed);
        let sums = SignSums::new(&scores, short)?;
        let to_end = sums.at_most(short);
        // At the centre both tails hold the same.
        let longer = if 2 * short == total { to_end } else { 1.0 - sums.below(short) };
        Ok(if observed == short { (to_end, longer) } else { (longer, to_end) })
    }
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// How many of the 2ⁿ choices of signs give the positive scores each sum, up to a sum.
///
/// The shift algorithm of Streitberg and Röhmel: `c(s) ← c(s) + c(s − a)` for each score a in turn. Counts are doubles,
/// sums of positive terms alone, so that the relative error of a count, and of a tail of any size, is below n · 2⁻⁵³.
pub(super) struct SignSums {
    counts: Vec<f64>,
    n: usize,
}

/// The most differences whose 2ⁿ choices of signs a double can count.
const LIMIT: usize = 1000;

impl SignSums {
    /// The counts for ascending scores, from the sum 0 to `highest`.
    pub(super) fn new(scores: &[usize], highest: usize) -> Result<Self, TestError> {
        let n = scores.len();
        if n > LIMIT {
            return Err(TestError::TooLargeForExact { n });
        }
        let mut counts = vec![0.0; highest + 1];
        counts[0] = 1.0;
        let mut reached = 0;
        for &score in scores {
            reached = (reached + score).min(highest);
            // From the top down in strips of one score's width, so that no strip reads what this round has written.
            let mut end = reached + 1;
            while end > score {
                let from = (end - score).max(score);
                let (before, strip) = counts[..end].split_at_mut(from);
                strip.iter_mut().zip(&before[from - score..]).for_each(|(count, more)| *count += more);
                end = from;
            }
        }
        Ok(Self { counts, n })
    }

    fn share(&self, counts: &[f64]) -> f64 {
        libm::scalbn(counts.iter().sum(), -(self.n as i32))
    }

    /// P(S ≤ sum), for a sum that was counted.
    pub(super) fn at_most(&self, sum: usize) -> f64 {
        self.share(&self.counts[..=sum])
    }

    /// P(S ≤ 0), P(S ≤ 1), … for every sum that was counted.
    pub(super) fn lower_tails(&self) -> Vec<f64> {
        let cumulate = |below: &mut f64, count: &f64| {
            *below += count;
            Some(self.share(&[*below]))
        };
        self.counts.iter().scan(0.0, cumulate).collect()
    }

    /// P(S < sum), for a sum that was counted.
    pub(super) fn below(&self, sum: usize) -> f64 {
        self.share(&self.counts[..sum])
    }
}
