//! Several groups ranked together, and the exact distributions of their rank statistics.

use super::groups::at_least_two;
use crate::TestError;

/// Several groups ranked together: how many of each lie at each distinct value, in ascending order of the values.
pub(super) struct RankedTogether {
    /// One row a distinct value, one column a group.
    blocks: Vec<Vec<u32>>,
    pub(super) sizes: Vec<usize>,
}

/// The largest number of states, and of steps between them, that an exact distribution may have.
const STATE_LIMIT: usize = 1 << 20;
const STEP_LIMIT: usize = 1 << 26;

impl RankedTogether {
    pub(super) fn new(groups: &[&[f64]]) -> Result<Self, TestError> {
        at_least_two(groups.len())?;
        let mut values: Vec<(f64, usize)> = Vec::with_capacity(groups.iter().map(|group| group.len()).sum());
        for (group, members) in groups.iter().enumerate() {
            if members.is_empty() {
                return Err(TestError::TooFew { group, found: 0, needed: 1 });
            }
            if let Some(position) = members.iter().position(|x| !x.is_finite()) {
                return Err(TestError::NotFinite { group, position });
            }
            values.extend(members.iter().map(|&x| (x, group)));
        }
        values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut blocks = Vec::new();
        for run in values.chunk_by(|a, b| a.0 == b.0) {
            let mut block = vec![0; groups.len()];
            for &(_, group) in run {
                block[group] += 1;
            }
            blocks.push(block);
        }
        if blocks.len() == 1 {
            return Err(TestError::NoSpread);
        }
        Ok(Self { blocks, sizes: groups.iter().map(|group| group.len()).collect() })
    }

    pub(super) fn n(&self) -> usize {
        self.sizes.iter().sum()
    }

    pub(super) fn is_tied(&self) -> bool {
        self.blocks.len() < self.n()
    }

    /// Σ f(t) over the numbers t of equal values.
    pub(super) fn over_ties(&self, f: impl Fn(f64) -> f64) -> f64 {
        self.tied().map(|t| f(t as f64)).sum()
    }

    /// How many values are equal to each distinct one.
    fn tied(&self) -> impl Iterator<Item = u64> {
        self.blocks.iter().map(|block| block.iter().map(|&x| u64::from(x)).sum())
    }

    /// For each block, the mid-rank of its members less the mean rank, doubled: a whole number.
    fn centred_scores(&self) -> Vec<i64> {
        let n = self.n() as i64;
        let mut below = 0;
        self.tied()
            .map(|t| {
                let t = t as i64;
                // Twice the mid-rank is 2 below + t + 1, twice the mean rank n + 1.
                let score = 2 * below + t - n;
                below += t;
                score
            })
            .collect()
    }

    /// For each group, twice the deviation of its rank sum from what is expected.
    fn doubled_deviations(&self) -> Vec<i64> {
        let mut sums = vec![0; self.sizes.len()];
        for (block, score) in self.blocks.iter().zip(self.centred_scores()) {
            for (sum, &members) in sums.iter_mut().zip(block) {
                *sum += score * i64::from(members);
            }
        }
        sums
    }

    /// The Kruskal–Wallis H, corrected for ties: (N − 1) times the share of the sum of squares of the ranks that lies
    /// between groups. Whole numbers up to the last divisions.
    pub(super) fn h(&self) -> f64 {
        let between: f64 = (self.doubled_deviations().iter().zip(&self.sizes))
            .map(|(&deviation, &size)| (i128::from(deviation) * i128::from(deviation)) as f64 / size as f64)
            .sum();
        let cube_less_itself = |t: u64| u128::from(t) * (u128::from(t) * u128::from(t) - 1);
        let free = cube_less_itself(self.n() as u64) - self.tied().map(cube_less_itself).sum::<u128>();
        3.0 * (self.n() as f64 - 1.0) * between / free as f64
    }

    /// P(H ≥ observed), every assignment of the ranks to the groups being equally likely.
    ///
    /// The ranks are given out one distinct value after another; what counts is how many each group has got and their
    /// sums. Comparison is in whole numbers: Σ deviation² (common multiple / size).
    pub(super) fn exact_upper_tail_of_h(&self) -> Result<f64, TestError> {
        let too_large = TestError::TooLargeForExact { n: self.n() };
        let common = self.sizes.iter().try_fold(1_u64, |common, &size| {
            let size = size as u64;
            (common / greatest_common_divisor(common, size)).checked_mul(size)
        });
        let common = common.ok_or(too_large)?;
        let h = |deviations: &mut dyn Iterator<Item = i64>| -> Option<u128> {
            deviations.zip(&self.sizes).try_fold(0_u128, |sum, (deviation, &size)| {
                let square = u128::from(deviation.unsigned_abs()).checked_pow(2)?;
                sum.checked_add(square.checked_mul(u128::from(common / size as u64))?)
            })
        };
        let observed = h(&mut self.doubled_deviations().into_iter()).ok_or(too_large)?;
        // Beside the counts, a state holds the doubled rank sum of each group but the last.
        let n = self.n() as u64;
        let counted = self.counted();
        let layout = Layout::new(counted, counted.iter().map(|&size| 2 * n * size as u64)).ok_or(too_large)?;
        let scores: Vec<i64> = self.centred_scores().iter().map(|score| score + n as i64 + 1).collect();
        let states = self.states(&layout, |_, block, taken| {
            let sums = taken.iter().zip(counted).map(|(&taken, _)| scores[block] as u64 * u64::from(taken));
            sums.enumerate().map(|(group, sum)| layout.in_extra(group, sum)).sum()
        })?;
        let total: i64 = scores.iter().zip(self.tied()).map(|(score, t)| score * t as i64).sum();
        let (mut all, mut as_far) = (0.0, 0.0);
        for (state, ways) in states {
            all += ways;
            let mut last = total;
            let mut deviations = Vec::with_capacity(self.sizes.len());
            for group in 0..counted.len() {
                let sum = layout.extra(state, group) as i64;
                last -= sum;
                deviations.push(sum);
            }
            deviations.push(last);
            let deviations =
                &mut deviations.iter().zip(&self.sizes).map(|(sum, &size)| sum - (size as u64 * (n + 1)) as i64);
            if h(deviations).ok_or(too_large)? >= observed {
                as_far += ways;
            }
        }
        Ok(as_far / all)
    }

    /// Twice the Jonckheere–Terpstra statistic: 2 for each pair in ascending order between groups in order, 1 for ties.
    pub(super) fn doubled_j(&self) -> i64 {
        let mut below = vec![0_u32; self.sizes.len()];
        let mut j = 0;
        for block in &self.blocks {
            j += pairs_in_order(&below, block);
            for (below, &members) in below.iter_mut().zip(block) {
                *below += members;
            }
        }
        j
    }

    /// Four times the deviation of J from its mean, (N² − Σ nᵢ²) / 4.
    pub(super) fn quadrupled_deviation_of_j(&self) -> i64 {
        2 * self.doubled_j() - self.quadrupled_mean_of_j()
    }

    fn quadrupled_mean_of_j(&self) -> i64 {
        let square = |n: usize| (n as i64) * (n as i64);
        square(self.n()) - self.sizes.iter().map(|&size| square(size)).sum::<i64>()
    }

    /// P(J ≤ observed), P(J ≥ observed) and P(|J − E| ≥ |observed − E|), every assignment being equally likely.
    pub(super) fn exact_tails_of_j(&self) -> Result<[f64; 3], TestError> {
        let too_large = TestError::TooLargeForExact { n: self.n() };
        let observed = self.doubled_j();
        // Beside the counts, a state holds twice J, at most twice the number of pairs.
        let most = (self.n() as u64).pow(2);
        let layout = Layout::new(self.counted(), std::iter::once(most)).ok_or(too_large)?;
        let states = self.states(&layout, |below, _, taken| layout.in_extra(0, pairs_in_order(below, taken) as u64))?;
        let mean = self.quadrupled_mean_of_j();
        let far = |doubled: i64| (2 * doubled - mean).abs();
        let mut all = 0.0;
        let mut tails = [0.0; 3];
        for (state, ways) in states {
            let j = layout.extra(state, 0) as i64;
            all += ways;
            let in_tail = [j <= observed, j >= observed, far(j) >= far(observed)];
            for (tail, _) in tails.iter_mut().zip(in_tail).filter(|(_, counts)| *counts) {
                *tail += ways;
            }
        }
        Ok(tails.map(|tail| tail / all))
    }

    /// The sizes of the groups that a state counts: all but the last, which has got the rest.
    fn counted(&self) -> &[usize] {
        &self.sizes[..self.sizes.len() - 1]
    }

    /// Gives out the values block by block in every way, and returns the final states, each with the number of
    /// assignments that lead to it. `add(below, block, taken)` is what a block adds to the extra fields of a state when
    /// the groups have got `below` before.
    ///
    /// Numbers of assignments are doubles: sums of positive terms, exact up to 2⁵³ and right to N roundings beyond.
    fn states(
        &self,
        layout: &Layout,
        add: impl Fn(&[u32], usize, &[u32]) -> u128,
    ) -> Result<Vec<(u128, f64)>, TestError> {
        let too_large = TestError::TooLargeForExact { n: self.n() };
        let last = self.sizes.len() - 1;
        let mut left_steps = STEP_LIMIT;
        let mut given: u32 = 0;
        let mut states = vec![(0, 1.0)];
        for (block, t) in self.tied().enumerate() {
            let t = t as u32;
            let mut after: Vec<(u128, f64)> = Vec::new();
            let sizes: Vec<u32> = self.sizes.iter().map(|&size| size as u32).collect();
            let mut taken = vec![0; sizes.len()];
            let mut below = vec![0; sizes.len()];
            each_share(&sizes, 0, t, 1.0, &mut taken, &mut |taken, shares| {
                left_steps = left_steps.checked_sub(states.len()).ok_or(too_large)?;
                for &(state, ways) in &states {
                    layout.counts(state, &mut below[..last]);
                    below[last] = given - below[..last].iter().sum::<u32>();
                    if below.iter().zip(taken).zip(&sizes).all(|((below, taken), size)| below + taken <= *size) {
                        after.push((
                            state + layout.in_counts(&taken[..last]) + add(&below, block, taken),
                            ways * shares,
                        ));
                    }
                }
                if after.len() > 8 * STATE_LIMIT { Err(too_large) } else { Ok(()) }
            })?;
            // What each share makes is in ascending order already, since it adds the same to all states of the same counts,
            // which are the leading fields: a stable sort merges such runs.
            after.sort_by_key(|&(state, _)| state);
            after.dedup_by(|later, first| {
                let same = later.0 == first.0;
                if same {
                    first.1 += later.1;
                }
                same
            });
            if after.len() > STATE_LIMIT {
                return Err(too_large);
            }
            given += t;
            states = after;
        }
        Ok(states)
    }
}

/// How a state is packed into one number: the counts of the groups, then the extra fields. Adding packed numbers adds the
/// fields, none of which can overflow into the next.
struct Layout {
    /// The lowest bit and the width of each field.
    counts: Vec<(u32, u32)>,
    extra: Vec<(u32, u32)>,
}

impl Layout {
    /// For the largest count of each group, and the largest value of each extra field; `None` beyond 128 bits.
    fn new(counts: &[usize], extra: impl Iterator<Item = u64>) -> Option<Self> {
        let bits = |largest: u64| u64::BITS - largest.leading_zeros();
        let mut free = u128::BITS;
        let mut field = |largest: u64| {
            let width = bits(largest);
            free = free.checked_sub(width)?;
            Some((free, width))
        };
        Some(Self {
            counts: counts.iter().map(|&count| field(count as u64)).collect::<Option<_>>()?,
            extra: extra.map(&mut field).collect::<Option<_>>()?,
        })
    }

    fn field(state: u128, (low, width): (u32, u32)) -> u64 {
        (state >> low) as u64 & ((1 << width) - 1)
    }

    fn counts(&self, state: u128, counts: &mut [u32]) {
        for (count, &field) in counts.iter_mut().zip(&self.counts) {
            *count = Self::field(state, field) as u32;
        }
    }

    fn extra(&self, state: u128, field: usize) -> u64 {
        Self::field(state, self.extra[field])
    }

    fn in_counts(&self, counts: &[u32]) -> u128 {
        counts.iter().zip(&self.counts).map(|(&count, &(low, _))| u128::from(count) << low).sum()
    }

    fn in_extra(&self, field: usize, value: u64) -> u128 {
        u128::from(value) << self.extra[field].0
    }
}

/// Calls `see(taken, ways)` for each way to share `t` equal values between the groups from `group` on; `ways` is the
/// number of assignments of the members, t! / ∏ takenᵢ!.
fn each_share<E>(
    sizes: &[u32],
    group: usize,
    t: u32,
    ways: f64,
    taken: &mut [u32],
    see: &mut impl FnMut(&[u32], f64) -> Result<(), E>,
) -> Result<(), E> {
    if group + 1 == sizes.len() {
        if t > sizes[group] {
            return Ok(());
        }
        taken[group] = t;
        return see(taken, ways);
    }
    let mut choose = 1.0;
    for here in 0..=t.min(sizes[group]) {
        taken[group] = here;
        each_share(sizes, group + 1, t - here, ways * choose, taken, see)?;
        choose = choose * f64::from(t - here) / f64::from(here + 1);
    }
    Ok(())
}

/// What members at one value add to twice J when `below` are how many of each group lie below it.
fn pairs_in_order(below: &[u32], here: &[u32]) -> i64 {
    let (mut earlier_below, mut earlier_here, mut pairs) = (0, 0, 0);
    for (&below, &here) in below.iter().zip(here) {
        let here = i64::from(here);
        pairs += here * (2 * earlier_below + earlier_here);
        earlier_below += i64::from(below);
        earlier_here += here;
    }
    pairs
}

fn greatest_common_divisor(a: u64, b: u64) -> u64 {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}
