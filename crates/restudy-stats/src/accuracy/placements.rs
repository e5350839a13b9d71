//! DeLong's placements, in whole numbers.
//!
//! The placement of a case is the share of the controls below it, and that of a control the share of the cases above it,
//! a tie counting one half. Doubled and multiplied by the size of the other group they are whole numbers, and so are
//! the sums that the covariance is made of: the only roundings are those of its last division. Groups of up to 2³²
//! members in all keep every sum within 128 bits.

use crate::TestError;

/// The members of two groups in all that the sums have room for.
pub(super) const MAX_MEMBERS: u64 = u32::MAX as u64;

/// DeLong's variance of the probability that a member of the first group exceeds one of the second, from the counts of
/// both at each distinct value in ascending order; a group of one has no variance to take it from.
pub(crate) fn superiority_variance(counts: impl Iterator<Item = [u64; 2]>, [n1, n2]: [u64; 2]) -> Option<f64> {
    let (mut of_first, mut of_second) = (Sums::default(), Sums::default());
    let (mut first_below, mut second_below) = (0, 0);
    for [first, second] in counts {
        of_first.add(first, [2 * second_below + second; 2]);
        of_second.add(second, [2 * (n1 - first_below) - first; 2]);
        first_below += first;
        second_below += second;
    }
    Some(of_first.covariance_of_mean(n1, n2)? + of_second.covariance_of_mean(n2, n1)?)
}

/// The doubled placements of every case and every control, each in the order of the data.
#[derive(PartialEq)]
pub(super) struct Placements {
    cases: Vec<u64>,
    controls: Vec<u64>,
}

impl Placements {
    /// Of a marker whose higher values mean a case; both groups are finite and not empty.
    pub(super) fn of(cases: &[f64], controls: &[f64]) -> Self {
        let against = |group: &[f64], others: &[f64], doubled: fn(usize, usize, usize) -> usize| -> Vec<u64> {
            let mut others = others.to_vec();
            others.sort_unstable_by(f64::total_cmp);
            let place = |x: &f64| {
                let below = others.partition_point(|other| other < x);
                let not_above = others.partition_point(|other| other <= x);
                doubled(below, not_above, others.len()) as u64
            };
            group.iter().map(place).collect()
        };
        Self {
            cases: against(cases, controls, |below, not_above, _| below + not_above),
            controls: against(controls, cases, |below, not_above, n| 2 * n - below - not_above),
        }
    }

    /// The same with lower values meaning a case.
    pub(super) fn reversed(mut self) -> Self {
        let (n_cases, n_controls) = (self.cases.len() as u64, self.controls.len() as u64);
        self.cases.iter_mut().for_each(|place| *place = 2 * n_controls - *place);
        self.controls.iter_mut().for_each(|place| *place = 2 * n_cases - *place);
        self
    }

    /// Twice U: 2 for each pair in which the case exceeds the control, 1 for each tied pair.
    pub(super) fn doubled_u(&self) -> u128 {
        self.cases.iter().map(|&place| u128::from(place)).sum()
    }

    pub(super) fn auc(&self) -> f64 {
        self.doubled_u() as f64 / (2.0 * self.cases.len() as f64 * self.controls.len() as f64)
    }

    /// DeLong's covariance of the areas of two markers of the same people; `None` for a group of one.
    pub(super) fn covariance(&self, other: &Self) -> Option<f64> {
        let (n_cases, n_controls) = (self.cases.len() as u64, self.controls.len() as u64);
        let sums = |first: &[u64], second: &[u64]| {
            let mut sums = Sums::default();
            first.iter().zip(second).for_each(|(&a, &b)| sums.add(1, [a, b]));
            sums
        };
        let of_cases = sums(&self.cases, &other.cases).covariance_of_mean(n_cases, n_controls)?;
        let of_controls = sums(&self.controls, &other.controls).covariance_of_mean(n_controls, n_cases)?;
        Some(of_cases + of_controls)
    }
}

/// Σa, Σb and Σab of doubled placements.
#[derive(Default)]
struct Sums {
    first: i128,
    second: i128,
    products: i128,
}

impl Sums {
    fn add(&mut self, times: u64, [a, b]: [u64; 2]) {
        let [times, a, b] = [times, a, b].map(i128::from);
        self.first += times * a;
        self.second += times * b;
        self.products += times * a * b;
    }

    /// The covariance of the means of the n placements, each a count out of twice `others`.
    fn covariance_of_mean(&self, n: u64, others: u64) -> Option<f64> {
        if n < 2 {
            return None;
        }
        let centred = i128::from(n) * self.products - self.first * self.second;
        let (n, others) = (n as f64, 2.0 * others as f64);
        Some(centred as f64 / (n * n * (n - 1.0)) / (others * others))
    }
}

/// Refuses more members than the sums have room for.
pub(super) fn check_size(cases: u64, controls: u64) -> Result<(), TestError> {
    match cases.checked_add(controls) {
        Some(total) if total <= MAX_MEMBERS => Ok(()),
        _ => Err(TestError::TooManyCounts { limit: MAX_MEMBERS }),
    }
}
