//! Two groups ranked together, and the exact distribution of their rank sum.
//!
//! Everything that the Mann–Whitney test needs follows from how many members of each group lie at each distinct value,
//! so that one pass over the sorted data serves every null distribution.

use super::untied_rank_sum;
use crate::accuracy::superiority_variance;
use crate::blocked::{BLOCK, dot, ranges, total, wide};
use crate::descriptive::Double;
use crate::{TestError, order};

/// The members of each group at one distinct value.
#[derive(Clone, Copy)]
pub(crate) struct Block {
    pub(crate) value: f64,
    pub(crate) first: u64,
    pub(crate) second: u64,
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
        let blocks = ranked_blocks(first, second)?;
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
        let counts = self.blocks.iter().map(|block| [block.first, block.second]);
        superiority_variance(counts, [self.n1, self.n2]).map(f64::sqrt)
    }

    /// The exact tails of the rank sum, every assignment of the ranks at hand to the groups being equally likely.
    ///
    /// The scores aₖ are the mid-ranks, doubled to whole numbers, less the smallest, over their common divisor. The
    /// members are cut into a lower and an upper half; in each the shift algorithm of Streitberg and Röhmel counts the
    /// ways c(i, s) to choose i members with the sum s, and every choice from the whole is a pair of such choices:
    ///
    /// ```text
    /// c(i, s) ← c(i, s) + c(i − 1, s − aₖ)        for each member k in turn
    /// ```
    ///
    /// Counts are doubles. They come from positive numbers by addition and multiplication alone, none overflows within
    /// the limits below, a count of one half went through N/2 roundings at most, and the long sums keep their rounding
    /// errors: the relative error of a tail of any size is below (N + 50) · 2⁻⁵³, 1.1e-13 for 900 values. Big integers
    /// would only say the same more slowly.
    pub(super) fn exact_tails(&self) -> Result<ExactTails, TestError> {
        if !self.is_tied() {
            let too_large = TestError::TooLargeForExact { n: self.n() as usize };
            return self.exact_tails_without_ties().ok_or(too_large);
        }
        // Counting the smaller group makes the smaller tables; the larger one's tails are its mirror image.
        let of_first = self.n1 <= self.n2;
        let members = if of_first { self.n1 } else { self.n2 } as usize;
        let block_scores = self.block_scores();
        let with_scores = || self.blocks.iter().zip(&block_scores);
        let scores: Vec<u64> =
            with_scores().flat_map(|(block, &score)| std::iter::repeat_n(score, block.size() as usize)).collect();
        let (lower, upper) = scores.split_at(scores.len() / 2);
        let choices = [lower, upper].map(|half| Choices::new(half, members));
        let [Some(lower), Some(upper)] = choices else {
            return Err(TestError::TooLargeForExact { n: scores.len() });
        };
        let observed: u64 =
            with_scores().map(|(block, score)| score * if of_first { block.first } else { block.second }).sum();
        // n·s − centre is n times the deviation of a sum from its mean, a whole number.
        let (n, centre) = (scores.len() as i128, members as i128 * i128::from(scores.iter().sum::<u64>()));
        let observed = i128::from(observed);
        let distance = (n * observed - centre).abs();
        let pairs = Pairs { lower, upper, members };
        // The tail on the observed side of the mean, and the one that begins as far on the other side.
        let is_below = n * observed <= centre;
        let (near, far) = if is_below {
            (pairs.at_most(observed), pairs.at_least(-(-centre - distance).div_euclid(n)))
        } else {
            (pairs.at_least(observed), pairs.at_most((centre - distance).div_euclid(n)))
        };
        let all = near.all.value();
        let share = |count: f64| (count / all).min(1.0);
        // The rest is not small, so that nothing is lost where it is taken from all.
        let beyond = share(all - near.within.value() + near.equal.value());
        let as_far = if distance == 0 { 1.0 } else { share(near.within.value() + far.within.value()) };
        let near = share(near.within.value());
        let (lower, upper) = if is_below == of_first { (near, beyond) } else { (beyond, near) };
        Ok(ExactTails { lower, upper, as_far })
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

/// The exact lower tails P(U ≤ 0), P(U ≤ 1), …, P(U ≤ n₁n₂) without ties.
pub(super) fn untied_lower_tails(n1: usize, n2: usize) -> Result<Vec<f64>, TestError> {
    let n = n1 + n2;
    let scores: Vec<u64> = (0..n as u64).collect();
    let row = Choices::new(&scores, n1.min(n2)).and_then(|mut choices| choices.by_number.pop());
    let Some(Row { counts: mut tails, .. }) = row else {
        return Err(TestError::TooLargeForExact { n });
    };
    let mut below = 0.0;
    for count in &mut tails {
        below += *count;
        *count = below;
    }
    tails.iter_mut().for_each(|tail| *tail /= below);
    Ok(tails)
}

/// Two groups at each distinct value, in ascending order of the values; refuses a single distinct value.
pub(crate) fn ranked_blocks(first: &[f64], second: &[f64]) -> Result<Vec<Block>, TestError> {
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
        blocks.push(Block { value, first: in_first as u64, second: in_second as u64 });
    }
    if blocks.len() == 1 { Err(TestError::NoSpread) } else { Ok(blocks) }
}

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

/// The tails of an exact rank distribution at the value observed.
pub(super) struct ExactTails {
    /// P(U ≤ u) of the first group.
    pub(super) lower: f64,
    /// P(U ≥ u) of the first group.
    pub(super) upper: f64,
    /// P(|U − E| ≥ |u − E|).
    pub(super) as_far: f64,
}

/// The most counts that are held for one half of the members, 32 MB: about 230 against 230 with ties, 290 against 290
/// without.
const CELL_LIMIT: u64 = 1 << 22;

/// The most additions, about, that are made for one half: about a second.
const WORK_LIMIT: u64 = 1 << 31;

/// How many choices of each number of members have each sum.
struct Choices {
    by_number: Vec<Row>,
}

/// The choices of one number of members, by their sum from the least on.
struct Row {
    least: u64,
    counts: Vec<f64>,
}

impl Choices {
    /// The choices of up to `members` out of ascending scores, if they are not too many to hold and to count.
    fn new(scores: &[u64], members: usize) -> Option<Self> {
        let most = members.min(scores.len());
        let mut ends = Vec::with_capacity(most + 1);
        let (mut least, mut greatest) = (0, 0);
        let (mut cells, mut work) = (0_u64, 0_u64);
        for i in 0..=most {
            ends.push((least, greatest));
            cells = cells.saturating_add(greatest - least + 1);
            if i < most {
                work = cells.saturating_mul(scores.len() as u64);
                least += scores[i];
                greatest += scores[scores.len() - 1 - i];
            }
            if cells > CELL_LIMIT || work > WORK_LIMIT {
                return None;
            }
        }
        let row = |&(least, greatest): &(u64, u64)| Row { least, counts: vec![0.0; (greatest - least + 1) as usize] };
        let mut by_number: Vec<Row> = ends.iter().map(row).collect();
        by_number[0].counts[0] = 1.0;
        count_choices(&mut by_number, scores);
        Some(Self { by_number })
    }
}

wide! {
    /// The shift algorithm: each score in turn, with each number of scores before it.
    fn count_choices(by_number: &mut [Row], scores: &[u64]) -> () {
        let (mut seen, mut seen_sum) = (Vec::with_capacity(scores.len() + 1), 0);
        for (k, &score) in scores.iter().enumerate() {
            seen.push(seen_sum);
            for i in (1..by_number.len().min(k + 2)).rev() {
                let (before, from_i) = by_number.split_at_mut(i);
                let (before, row) = (&before[i - 1], &mut from_i[0]);
                // The sums that i − 1 of the first k members can have, and how far one more moves them.
                let sums = (seen[k] - seen[k + 1 - i] - before.least + 1) as usize;
                let shift = (before.least + score - row.least) as usize;
                for (count, more) in row.counts[shift..][..sums].iter_mut().zip(&before.counts) {
                    *count += more;
                }
            }
            seen_sum += score;
        }
    }
}

/// The choices of `members` out of both halves.
struct Pairs {
    lower: Choices,
    upper: Choices,
    members: usize,
}

impl Pairs {
    fn rows(&self) -> impl Iterator<Item = (&Row, &Row)> {
        (self.lower.by_number.iter().enumerate()).filter_map(|(i, row)| {
            let others = self.upper.by_number.get(self.members.checked_sub(i)?)?;
            Some((row, others))
        })
    }

    /// How many choices there are, how many of them have a sum of at most `limit`, and how many this very sum.
    fn at_most(&self, limit: i128) -> Tail {
        let mut tail = Tail::default();
        for (lower, upper) in self.rows() {
            tail.add(&lower.counts, &upper.counts, limit - i128::from(lower.least + upper.least));
        }
        tail
    }

    /// The same for sums of at least `limit`: sums of at most so much, counted from the greatest down.
    fn at_least(&self, limit: i128) -> Tail {
        let mut tail = Tail::default();
        let (mut down, mut other_down) = (Vec::new(), Vec::new());
        for (lower, upper) in self.rows() {
            for (down, row) in [(&mut down, lower), (&mut other_down, upper)] {
                down.clear();
                down.extend(row.counts.iter().rev());
            }
            let greatest = i128::from(lower.least + upper.least) + (down.len() + other_down.len() - 2) as i128;
            tail.add(&down, &other_down, greatest - limit);
        }
        tail
    }
}

/// Numbers of choices.
#[derive(Default)]
struct Tail {
    all: Double,
    within: Double,
    equal: Double,
    /// Room for what is made of a row.
    beside: Vec<f64>,
    partners: Vec<f64>,
}

impl Tail {
    /// Adds the pairs of a choice of one half with one of the other; within are those whose offsets add up to at most
    /// `room`.
    fn add(&mut self, counts: &[f64], others: &[f64], room: i128) {
        // Σ of the others from the least on, the greatest sum first.
        let mut sum = Double::default();
        let running = others.iter().map(|&count| {
            sum = sum.plus(count);
            sum.value()
        });
        let Self { beside, partners, .. } = self;
        beside.clear();
        beside.extend(running);
        beside.reverse();
        let all = total_of(counts) * beside[0];
        self.all = self.all.plus(all);
        let Ok(room) = usize::try_from(room) else { return };
        if room >= counts.len() + others.len() - 1 {
            self.within = self.within.plus(all);
            return;
        }
        // What has room beside any of the others, and what has not: the more it is, the fewer are left.
        let (free, bound) = counts.split_at(counts.len().min((room + 1).saturating_sub(others.len())));
        let skipped = (others.len() - 1).saturating_sub(room);
        self.within = self.within.plus(total_of(free) * beside[0]).plus(product(bound, &beside[skipped..]));
        partners.clear();
        partners.extend(others[..others.len() - skipped].iter().rev());
        self.equal = self.equal.plus(product(bound, partners));
    }
}

/// Σ of counts, in pieces so that no rounding error grows.
fn total_of(counts: &[f64]) -> f64 {
    counts.chunks(BLOCK).fold(Double::default(), |sum, piece| sum.plus(total(piece))).value()
}

/// Σ of products as far as both go.
fn product(counts: &[f64], others: &[f64]) -> f64 {
    let end = counts.len().min(others.len());
    ranges(0..end, BLOCK)
        .fold(Double::default(), |sum, piece| sum.plus(dot(&counts[piece.clone()], &others[piece])))
        .value()
}
