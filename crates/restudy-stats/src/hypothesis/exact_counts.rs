//! The two-sided p-value of a count whose distribution has one mode.

use super::FisherRule;
use crate::dist;

/// A distribution of counts whose mass rises to one mode and falls after it.
pub(super) trait Counts {
    /// The least and the greatest possible count.
    fn support(&self) -> (u64, u64);
    /// The likeliest count.
    fn mode(&self) -> u64;
    fn ln_mass(&self, count: u64) -> f64;
    /// P(X ≤ count).
    fn lower_tail(&self, count: u64) -> f64;
    /// P(X ≥ count).
    fn upper_tail(&self, count: u64) -> f64;
}

impl FisherRule {
    /// The two-sided p-value of a count under this rule.
    pub(super) fn p_value(self, null: &impl Counts, observed: u64) -> f64 {
        match self {
            Self::Doubled => (2.0 * null.lower_tail(observed).min(null.upper_tail(observed))).min(1.0),
            Self::NoLikelier => no_likelier(null, observed).min(1.0),
        }
    }
}

/// P(mass of X ≤ (1 + 10⁻⁷) mass of observed).
fn no_likelier(null: &impl Counts, observed: u64) -> f64 {
    // Counts that are equally likely in exact arithmetic must not be told apart by rounding.
    let bound = null.ln_mass(observed) + libm::log1p(1e-7);
    let likelier = |count: u64| null.ln_mass(count) > bound;
    let mode = null.mode();
    let (least, most) = null.support();
    if !likelier(mode) {
        1.0
    } else if observed < mode {
        let last_likelier = last(mode, most, likelier);
        null.lower_tail(observed) + if last_likelier < most { null.upper_tail(last_likelier + 1) } else { 0.0 }
    } else {
        let reach = last(0, mode - least, |down| likelier(mode - down));
        let last_likelier = mode - reach;
        null.upper_tail(observed) + if last_likelier > least { null.lower_tail(last_likelier - 1) } else { 0.0 }
    }
}

/// The last of `from..=to` for which the condition holds, when it holds for `from` and, once false, stays false.
fn last(from: u64, to: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut held, mut beyond) = (from, to + 1);
    while beyond - held > 1 {
        let middle = held + (beyond - held) / 2;
        if holds(middle) {
            held = middle;
        } else {
            beyond = middle;
        }
    }
    held
}

/// The hypergeometric distribution of the first cell of a 2×2 table, with the margins that decide its mode.
pub(super) struct FirstCellCounts {
    pub(super) distribution: dist::Hypergeometric,
    pub(super) row: u64,
    pub(super) column: u64,
    pub(super) total: u64,
}

impl Counts for FirstCellCounts {
    fn support(&self) -> (u64, u64) {
        self.distribution.support()
    }
    fn mode(&self) -> u64 {
        ((u128::from(self.row) + 1) * (u128::from(self.column) + 1) / (u128::from(self.total) + 2)) as u64
    }
    fn ln_mass(&self, count: u64) -> f64 {
        self.distribution.ln_mass(count)
    }
    fn lower_tail(&self, count: u64) -> f64 {
        self.distribution.lower_tail(count)
    }
    fn upper_tail(&self, count: u64) -> f64 {
        self.distribution.upper_tail(count)
    }
}

/// The binomial distribution, with the parameters that decide its mode.
pub(super) struct BinomialCounts {
    pub(super) distribution: dist::Binomial,
    pub(super) n: u64,
    pub(super) p: f64,
}

impl Counts for BinomialCounts {
    fn support(&self) -> (u64, u64) {
        (0, self.n)
    }
    fn mode(&self) -> u64 {
        (((self.n as f64 + 1.0) * self.p) as u64).min(self.n)
    }
    fn ln_mass(&self, count: u64) -> f64 {
        self.distribution.ln_mass(count)
    }
    fn lower_tail(&self, count: u64) -> f64 {
        self.distribution.lower_tail(count)
    }
    fn upper_tail(&self, count: u64) -> f64 {
        self.distribution.upper_tail(count)
    }
}
