//! What the measures of a 2×2 table share: the counts by name, and the search for a limit.

use super::{Effect, EffectProcedure};
use crate::hypothesis::{CountTable, Estimate, Remark};
use crate::root::root;
use crate::{Interval, Level, TestError, dist};

/// Two groups, in each of which some have the event.
#[derive(Clone, Copy)]
pub(super) struct TwoRisks {
    pub(super) first: Risk,
    pub(super) second: Risk,
}

/// How many of a group have the event, and how many have not.
#[derive(Clone, Copy)]
pub(super) struct Risk {
    pub(super) with: u64,
    pub(super) without: u64,
}

impl Risk {
    pub(super) fn n(self) -> u64 {
        self.with + self.without
    }

    pub(super) fn proportion(self) -> f64 {
        self.with as f64 / self.n() as f64
    }

    /// (with, without, n) as numbers.
    pub(super) fn numbers(self) -> (f64, f64, f64) {
        (self.with as f64, self.without as f64, self.n() as f64)
    }

    pub(super) fn complement(self) -> Self {
        Self { with: self.without, without: self.with }
    }
}

impl TwoRisks {
    /// The groups of a 2×2 table, rows, neither of them empty; the first column counts the event.
    pub(super) fn of(table: &CountTable) -> Result<Self, TestError> {
        let shape = TestError::Shape { cells: table.cells().len(), rows: 2, columns: 2 };
        let &[a, b, c, d] = table.cells() else { return Err(shape) };
        if table.rows() != 2 {
            return Err(shape);
        }
        let risks = Self { first: Risk { with: a, without: b }, second: Risk { with: c, without: d } };
        for (group, risk) in [risks.first, risks.second].iter().enumerate() {
            if risk.n() == 0 {
                return Err(TestError::TooFew { group, found: 0, needed: 1 });
            }
        }
        Ok(risks)
    }

    pub(super) fn swapped(self) -> Self {
        Self { first: self.second, second: self.first }
    }

    pub(super) fn complement(self) -> Self {
        Self { first: self.first.complement(), second: self.second.complement() }
    }

    pub(super) fn events(self) -> u64 {
        self.first.with + self.second.with
    }

    pub(super) fn total(self) -> f64 {
        (self.first.n() + self.second.n()) as f64
    }

    /// N / (N − 1), by which Miettinen and Nurminen multiply the variance.
    pub(super) fn variance_factor(self) -> f64 {
        self.total() / (self.total() - 1.0)
    }

    pub(super) fn has_zero(self) -> bool {
        [self.first.with, self.first.without, self.second.with, self.second.without].contains(&0)
    }

    pub(super) fn effect(self, procedure: EffectProcedure, estimate: Estimate) -> Effect {
        let n = |risk: Risk| usize::try_from(risk.n()).unwrap_or(usize::MAX);
        Effect {
            procedure,
            estimate,
            coverage: None,
            counts: vec![n(self.first), n(self.second)],
            remarks: self.has_zero().then_some(Remark::ZeroCell).into_iter().collect(),
        }
    }
}

/// The interval ratio · e^(± z se), and the standard error of ln ratio; `None` where a zero cell leaves it without one.
pub(super) fn wald_of_log(ratio: f64, log_std_error: f64, level: Level) -> Option<Interval> {
    let reach = libm::exp(dist::Normal.upper_quantile(level.tail()) * log_std_error);
    log_std_error.is_finite().then(|| Interval { low: ratio / reach, high: ratio * reach, level })
}

/// ln of the lower limit of a ratio: where a falling function of ln ratio, positive below the limit, is zero.
///
/// The search starts at the estimate, `centre`, where the function is negative, or zero because nothing varies there;
/// just below, at `centre − nudge`, it is then negative.
pub(super) fn log_limit(function: impl Fn(f64) -> f64, centre: f64, nudge: f64) -> Result<f64, TestError> {
    /// In ln ratio: e^700 is about as far as doubles go.
    const FARTHEST: f64 = 700.0;
    let is_below_limit = |log: f64| function(log) > 0.0;
    let is_above_limit = |log: f64| function(log) < 0.0;
    let not_found = TestError::NotConverged { iterations: 0 };
    let steps = || (0..).map(|k| libm::exp2(f64::from(k))).take_while(|&step| step < FARTHEST);
    let above = [centre, centre - nudge]
        .into_iter()
        .chain(steps().map(|step| centre + step))
        .find(|&log| is_above_limit(log))
        .ok_or(not_found)?;
    let below = steps().map(|step| above - step).find(|&log| is_below_limit(log)).ok_or(not_found)?;
    root(function, below, above)
}
