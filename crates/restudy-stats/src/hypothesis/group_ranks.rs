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
        let scores = self.centred_scores();
        let weigh = |state: &[i32], block: usize, taken: &[u32], next: &mut Vec<i32>| {
            // Counts come first, then sums.
            let k = taken.len();
            next.clear();
            next.extend(state[..k].iter().zip(taken).map(|(count, &more)| count + more as i32));
            next.extend(state[k..].iter().zip(taken).map(|(sum, &more)| sum + scores[block] as i32 * more as i32));
        };
        let states = self.states(2 * self.sizes.len(), weigh)?;
        let (mut all, mut as_far) = (0.0, 0.0);
        for (state, ways) in states {
            all += ways;
            let deviations = &mut state[self.sizes.len()..].iter().map(|&sum| i64::from(sum));
            if h(deviations).ok_or(too_large)? >= observed {
                as_far += ways;
            }
        }
        Ok(as_far / all)
    }

    /// Twice the Jonckheere–Terpstra statistic: 2 for each pair in ascending order between groups in order, 1 for ties.
    pub(super) fn doubled_j(&self) -> i64 {
        let mut below = vec![0; self.sizes.len()];
        let mut j = 0;
        for block in &self.blocks {
            j += pairs_in_order(&below, block);
            for (below, &members) in below.iter_mut().zip(block) {
                *below += members as i32;
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
        let observed = self.doubled_j();
        let k = self.sizes.len();
        let weigh = |state: &[i32], _: usize, taken: &[u32], next: &mut Vec<i32>| {
            next.clear();
            next.extend(state[..k].iter().zip(taken).map(|(count, &more)| count + more as i32));
            next.push(state[k] + pairs_in_order(&state[..k], taken) as i32);
        };
        let states = self.states(k + 1, weigh)?;
        let mean = self.quadrupled_mean_of_j();
        let far = |doubled: i64| (2 * doubled - mean).abs();
        let mut all = 0.0;
        let mut tails = [0.0; 3];
        for (state, ways) in states {
            let j = i64::from(state[k]);
            all += ways;
            let in_tail = [j <= observed, j >= observed, far(j) >= far(observed)];
            for (tail, _) in tails.iter_mut().zip(in_tail).filter(|(_, counts)| *counts) {
                *tail += ways;
            }
        }
        Ok(tails.map(|tail| tail / all))
    }

    /// Gives out the values block by block in every way, and returns the final states, each with the number of
    /// assignments that lead to it. The first numbers of a state are how many values each group has got.
    ///
    /// Numbers of assignments are doubles: sums of positive terms, exact up to 2⁵³ and right to N roundings beyond.
    fn states(
        &self,
        width: usize,
        weigh: impl Fn(&[i32], usize, &[u32], &mut Vec<i32>),
    ) -> Result<Vec<(Vec<i32>, f64)>, TestError> {
        let too_large = TestError::TooLargeForExact { n: self.n() };
        if self.n() > 1000 {
            return Err(too_large);
        }
        let mut steps = 0;
        let mut states = vec![(vec![0; width], 1.0)];
        for (block, t) in self.tied().enumerate() {
            let mut after: Vec<(Vec<i32>, f64)> = Vec::new();
            let mut next = Vec::with_capacity(width);
            for (state, ways) in &states {
                let room: Vec<u32> =
                    self.sizes.iter().zip(state).map(|(&size, &count)| size as u32 - count as u32).collect();
                let mut taken = vec![0; room.len()];
                each_share(&room, 0, t as u32, 1.0, &mut taken, &mut |taken, shares| {
                    steps += 1;
                    weigh(state, block, taken, &mut next);
                    after.push((next.clone(), ways * shares));
                });
                // Merged early, so that the list stays near the number of states.
                if after.len() > 4 * STATE_LIMIT {
                    merge(&mut after);
                }
                if after.len() > 4 * STATE_LIMIT || steps > STEP_LIMIT {
                    return Err(too_large);
                }
            }
            merge(&mut after);
            if after.len() > STATE_LIMIT {
                return Err(too_large);
            }
            states = after;
        }
        Ok(states)
    }
}

/// Makes one entry of equal states, in ascending order.
fn merge(states: &mut Vec<(Vec<i32>, f64)>) {
    states.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    states.dedup_by(|later, first| {
        let same = later.0 == first.0;
        if same {
            first.1 += later.1;
        }
        same
    });
}

/// Calls `see(taken, ways)` for each way to share `t` equal values between the groups from `group` on; `ways` is the
/// number of assignments of the members, t! / ∏ takenᵢ!.
fn each_share(room: &[u32], group: usize, t: u32, ways: f64, taken: &mut [u32], see: &mut impl FnMut(&[u32], f64)) {
    if group + 1 == room.len() {
        if t <= room[group] {
            taken[group] = t;
            see(taken, ways);
        }
        return;
    }
    let mut choose = 1.0;
    for here in 0..=t.min(room[group]) {
        taken[group] = here;
        each_share(room, group + 1, t - here, ways * choose, taken, see);
        choose = choose * f64::from(t - here) / f64::from(here + 1);
    }
}

/// What members at one value add to twice J when `below` are how many of each group lie below it.
fn pairs_in_order(below: &[i32], here: &[u32]) -> i64 {
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
