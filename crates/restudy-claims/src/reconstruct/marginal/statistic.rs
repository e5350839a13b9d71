//! The statistics of one variable on whole numbers: exact sums, ranks and counts.

/// Size, sum and sum of squares of a sample.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Sums {
    pub(super) n: i64,
    pub(super) sum: i64,
    pub(super) squares: i64,
}

impl Sums {
    pub(super) fn of(units: &[i64]) -> Self {
        let mut sums = Self { n: units.len() as i64, ..Self::default() };
        for unit in units {
            sums.sum += unit;
            sums.squares += unit * unit;
        }
        sums
    }

    pub(super) fn total(parts: &[Self]) -> Self {
        parts.iter().fold(Self::default(), |total, part| Self {
            n: total.n + part.n,
            sum: total.sum + part.sum,
            squares: total.squares + part.squares,
        })
    }

    pub(super) fn mean(&self) -> f64 {
        self.sum as f64 / self.n as f64
    }

    /// n Σx² − (Σx)², without rounding.
    fn spread(&self) -> f64 {
        (i128::from(self.n) * i128::from(self.squares) - i128::from(self.sum) * i128::from(self.sum)) as f64
    }

    /// The sum of squares about the mean.
    pub(super) fn about_mean(&self) -> f64 {
        self.spread() / self.n as f64
    }

    pub(super) fn sd(&self) -> f64 {
        (self.about_mean() / (self.n - 1) as f64).sqrt()
    }
}

/// Student's t with the pooled variance.
pub(super) fn student_t(first: &Sums, second: &Sums) -> f64 {
    let variance = (first.about_mean() + second.about_mean()) / (first.n + second.n - 2) as f64;
    let error = (variance * (1.0 / first.n as f64 + 1.0 / second.n as f64)).sqrt();
    (first.mean() - second.mean()) / error
}

/// z of the Mann–Whitney test, corrected for ties but not for continuity, of two sorted samples.
pub(super) fn mann_whitney_z(first: &[i64], second: &[i64]) -> f64 {
    let (n1, n2) = (first.len() as f64, second.len() as f64);
    let n = n1 + n2;
    // Twice the wins of the first sample, a tie counting one.
    let (mut twice_u, mut ties) = (0_u64, 0.0);
    let (mut i, mut j) = (0, 0);
    while i < first.len() || j < second.len() {
        let value = match (first.get(i), second.get(j)) {
            (Some(a), Some(b)) => *a.min(b),
            (Some(a), None) => *a,
            (None, Some(b)) => *b,
            (None, None) => break,
        };
        let equal = |sample: &[i64], from: usize| sample[from..].iter().take_while(|unit| **unit == value).count();
        let (in_first, in_second) = (equal(first, i), equal(second, j));
        twice_u += (in_first * (2 * j + in_second)) as u64;
        let tied = (in_first + in_second) as f64;
        ties += tied * (tied * tied - 1.0);
        i += in_first;
        j += in_second;
    }
    let variance = n1 * n2 / 12.0 * ((n + 1.0) - ties / (n * (n - 1.0)));
    (twice_u as f64 / 2.0 - n1 * n2 / 2.0) / variance.sqrt()
}

/// Where a quartile of a sorted sample lies: the place of the value below it, and the part of the way to the next.
pub(in crate::reconstruct) fn quartile_place(n: usize, share: f64, quartile_type: u8) -> (usize, f64) {
    let shift = match quartile_type {
        4 => 0.0,
        5 => 0.5,
        7 => 1.0 - share,
        8 => (share + 1.0) / 3.0,
        9 => share / 4.0 + 0.375,
        _ => share,
    };
    let place = (n as f64 * share + shift).clamp(1.0, n as f64);
    let below = place.floor();
    (below as usize - 1, place - below)
}

/// A ROC curve of two sorted samples.
pub(super) struct Curve {
    /// Twice the pairs in which the event has the more positive value, ties counting one.
    twice_wins: u64,
    pairs: u64,
    /// Between each two neighbouring values: the cut-off half way, and the events and non-events that are positive.
    points: Vec<(f64, usize, usize)>,
    n_events: usize,
    n_non_events: usize,
}

/// The cut-off with the greatest Youden index.
pub(super) struct Best {
    pub(super) cutoff: f64,
    pub(super) events: usize,
    pub(super) non_events: usize,
    /// Whether no other is as good.
    pub(super) unique: bool,
}

impl Curve {
    pub(super) fn of(events: &[i64], non_events: &[i64], higher: bool) -> Self {
        let (n_events, n_non_events) = (events.len(), non_events.len());
        let mut points = Vec::with_capacity(n_events + n_non_events);
        let (mut i, mut j, mut below) = (0, 0, 0_u64);
        let mut last = None;
        while i < n_events || j < n_non_events {
            let value = match (events.get(i), non_events.get(j)) {
                (Some(a), Some(b)) => *a.min(b),
                (Some(a), None) => *a,
                (None, Some(b)) => *b,
                (None, None) => break,
            };
            if let Some(last) = last {
                let positive = if higher { (n_events - i, n_non_events - j) } else { (i, j) };
                points.push(((last + value) as f64 / 2.0, positive.0, positive.1));
            }
            let equal = |sample: &[i64], from: usize| sample[from..].iter().take_while(|unit| **unit == value).count();
            let (in_events, in_non_events) = (equal(events, i), equal(non_events, j));
            below += (in_events * (2 * j + in_non_events)) as u64;
            i += in_events;
            j += in_non_events;
            last = Some(value);
        }
        let pairs = (n_events * n_non_events) as u64;
        let twice_wins = if higher { below } else { 2 * pairs - below };
        Self { twice_wins, pairs, points, n_events, n_non_events }
    }

    pub(super) fn auc(&self) -> f64 {
        self.twice_wins as f64 / (2 * self.pairs) as f64
    }

    /// Youden's index in whole numbers: J × events × non-events.
    pub(super) fn youden(&self, events: usize, non_events: usize) -> i64 {
        (events * self.n_non_events) as i64 - (non_events * self.n_events) as i64
    }

    pub(super) fn best(&self) -> Best {
        let mut best = Best { cutoff: f64::NAN, events: 0, non_events: 0, unique: false };
        let mut greatest = i64::MIN;
        for (cutoff, events, non_events) in &self.points {
            let youden = self.youden(*events, *non_events);
            if youden > greatest {
                greatest = youden;
                best = Best { cutoff: *cutoff, events: *events, non_events: *non_events, unique: true };
            } else if youden == greatest {
                best.unique = false;
            }
        }
        best
    }

    /// By how much other cut-offs reach Youden's index at the one with these positives, in all.
    pub(super) fn rivals(&self, events: usize, non_events: usize) -> f64 {
        let wanted = self.youden(events, non_events);
        let over = |point: &(f64, usize, usize)| (self.youden(point.1, point.2) - wanted + 1).max(0);
        let total: i64 = self.points.iter().filter(|point| (point.1, point.2) != (events, non_events)).map(over).sum();
        total as f64 / (self.n_events + self.n_non_events) as f64
    }
}
