use super::{DiagnosticTable, ScoreTable};
use crate::TestError;

/// Which end of a marker means the condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// Higher values mean a case (pROC's `direction = "<"`).
    Higher,
    /// Lower values mean a case (pROC's `direction = ">"`).
    Lower,
}

/// How do sensitivity and specificity trade against each other along a marker? The empirical ROC curve.
///
/// ## Formula
///
/// With a higher marker meaning a case, the point that belongs to a cut between adjacent distinct values c is
///
/// ```text
/// sensitivity = #{cases > c} / n₁        specificity = #{controls < c} / n₀
/// ```
///
/// ## Input
///
/// Finite values of the marker in the cases and in the controls, at least one of each and two distinct values in all; or
/// a [`ScoreTable`] (`run_on_counts`). Values that tie are cut together.
///
/// ## Conventions
///
/// The direction is declared: nothing is flipped when the area falls below one half. R:
/// `pROC::roc(controls = y, cases = x, direction = "<")`; `direction` there names the sign between controls and cases,
/// so that `"<"` is [`Direction::Higher`].
///
/// ## Errors
///
/// [`TestError::TooFew`] without cases (group 0) or controls (group 1), [`TestError::NotFinite`],
/// [`TestError::NoSpread`] for a marker with one value.
///
/// ## Source
///
/// Pepe, The Statistical Evaluation of Medical Tests for Classification and Prediction (2003), chapter 4.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Roc {
    /// Which end of the marker means a case.
    pub direction: Direction,
}

impl Roc {
    /// The curve of a marker.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, cases: &[f64], controls: &[f64]) -> Result<RocCurve, TestError> {
        Ok(self.run_on_counts(&ScoreTable::of_samples(cases, controls)?))
    }

    /// The curve of an ordinal score. What could be wrong with it, the table has refused.
    #[must_use]
    pub fn run_on_counts(&self, table: &ScoreTable) -> RocCurve {
        let (mut values, mut cases, mut controls) =
            (table.scores().to_vec(), table.cases().to_vec(), table.controls().to_vec());
        if self.direction == Direction::Lower {
            values.reverse();
            cases.reverse();
            controls.reverse();
        }
        RocCurve::new(self.direction, values, cases, controls)
    }
}

/// An empirical ROC curve: one point more than the marker has distinct values.
///
/// Point 0 calls everyone positive, the last one nobody; from each to the next the value that least means a case among
/// the positive ones turns negative. Columns of points have equal length.
#[derive(Clone, Debug, PartialEq)]
pub struct RocCurve {
    direction: Direction,
    /// Distinct values, from the one that least means a case to the one that most does.
    pub(super) values: Vec<f64>,
    pub(super) cases: Vec<u64>,
    pub(super) controls: Vec<u64>,
    true_positives: Vec<u64>,
    false_positives: Vec<u64>,
}

impl RocCurve {
    fn new(direction: Direction, values: Vec<f64>, cases: Vec<u64>, controls: Vec<u64>) -> Self {
        let (true_positives, false_positives) = (positives(&cases), positives(&controls));
        Self { direction, values, cases, controls, true_positives, false_positives }
    }

    /// Which end of the marker means a case.
    #[must_use]
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The number of cases.
    #[must_use]
    pub fn n_cases(&self) -> u64 {
        self.true_positives[0]
    }

    /// The number of controls.
    #[must_use]
    pub fn n_controls(&self) -> u64 {
        self.false_positives[0]
    }

    /// Cases called positive at each point.
    #[must_use]
    pub fn true_positives(&self) -> &[u64] {
        &self.true_positives
    }

    /// Controls called positive at each point.
    #[must_use]
    pub fn false_positives(&self) -> &[u64] {
        &self.false_positives
    }

    /// The sensitivity at each point, from 1 down to 0.
    #[must_use]
    pub fn sensitivity(&self) -> Vec<f64> {
        let n = self.n_cases() as f64;
        self.true_positives.iter().map(|&count| count as f64 / n).collect()
    }

    /// The specificity at each point, from 0 up to 1.
    #[must_use]
    pub fn specificity(&self) -> Vec<f64> {
        let n = self.n_controls();
        self.false_positives.iter().map(|&count| (n - count) as f64 / n as f64).collect()
    }

    /// The 2×2 table of each point.
    pub fn tables(&self) -> impl ExactSizeIterator<Item = DiagnosticTable> + '_ {
        (0..self.true_positives.len()).map(|point| self.table(point))
    }

    /// The 2×2 table of a point of the curve.
    pub(super) fn table(&self, point: usize) -> DiagnosticTable {
        let (true_positives, false_positives) = (self.true_positives[point], self.false_positives[point]);
        DiagnosticTable {
            true_positives,
            false_positives,
            false_negatives: self.n_cases() - true_positives,
            true_negatives: self.n_controls() - false_positives,
        }
    }

    /// Twice U: 2 for each pair that the marker puts in the right order, 1 for each tied pair.
    pub(super) fn doubled_u(&self) -> u128 {
        doubled_u(&self.cases, &self.controls)
    }
}

/// Members at or beyond each value, and none at the end.
pub(super) fn positives(counts: &[u64]) -> Vec<u64> {
    let mut left = counts.iter().sum();
    let mut column = Vec::with_capacity(counts.len() + 1);
    column.push(left);
    for count in counts {
        left -= count;
        column.push(left);
    }
    column
}

/// Twice U of the cases over the controls, by their counts at the values in order.
pub(super) fn doubled_u(cases: &[u64], controls: &[u64]) -> u128 {
    let mut below = 0;
    let mut doubled = 0;
    for (&cases, &controls) in cases.iter().zip(controls) {
        doubled += u128::from(cases) * u128::from(2 * below + controls);
        below += controls;
    }
    doubled
}
