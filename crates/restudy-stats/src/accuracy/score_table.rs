use super::placements::MAX_MEMBERS;
use crate::TestError;
use crate::hypothesis::ranked_blocks;

/// Cases and controls at each value of an ordinal score, as a paper prints them; also what a marker comes down to.
///
/// ## Input
///
/// Columns of equal length: the scores, finite and ascending, and at each of them the number of cases and of controls.
/// At least two scores that occur, one case and one control; 2³² − 1 members in all. Scores at which nobody is are left
/// out, because no cut-off lies between them that another does not stand for.
///
/// ## Errors
///
/// [`TestError::UnequalLengths`], [`TestError::NotFinite`] (group 0, by position), [`TestError::NotSorted`] for scores
/// that do not ascend, [`TestError::TooFew`] without a case (group 0) or a control (group 1), [`TestError::NoSpread`]
/// when all have the same score, [`TestError::TooManyCounts`].
///
/// ## Example
///
/// ```
/// use restudy_stats::accuracy::{Auc, Direction, Roc, ScoreTable};
///
/// let table = ScoreTable::new(&[0.0, 1.0, 2.0, 3.0], &[0, 3, 9, 9], &[15, 18, 7, 0])?;
/// let curve = Roc { direction: Direction::Higher }.run_on_counts(&table);
/// assert_eq!(format!("{:.3}", Auc::default().run(&curve).value), "0.905");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct ScoreTable {
    scores: Vec<f64>,
    cases: Vec<u64>,
    controls: Vec<u64>,
}

impl ScoreTable {
    /// A table from its columns.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn new(scores: &[f64], cases: &[u64], controls: &[u64]) -> Result<Self, TestError> {
        for column in [cases.len(), controls.len()] {
            if column != scores.len() {
                return Err(TestError::UnequalLengths { first: scores.len(), second: column });
            }
        }
        if let Some(position) = scores.iter().position(|score| !score.is_finite()) {
            return Err(TestError::NotFinite { group: 0, position });
        }
        if let Some(position) = scores.windows(2).position(|pair| pair[0] >= pair[1]) {
            return Err(TestError::NotSorted { position: position + 1 });
        }
        let total = |counts: &[u64]| counts.iter().try_fold(0_u64, |total, &count| total.checked_add(count));
        let (Some(all_cases), Some(all_controls)) = (total(cases), total(controls)) else {
            return Err(TestError::TooManyCounts { limit: MAX_MEMBERS });
        };
        super::placements::check_size(all_cases, all_controls)?;
        for (group, all) in [all_cases, all_controls].into_iter().enumerate() {
            if all == 0 {
                return Err(TestError::TooFew { group, found: 0, needed: 1 });
            }
        }
        let mut table = Self { scores: Vec::new(), cases: Vec::new(), controls: Vec::new() };
        for ((&score, &cases), &controls) in scores.iter().zip(cases).zip(controls) {
            if cases + controls > 0 {
                table.scores.push(score);
                table.cases.push(cases);
                table.controls.push(controls);
            }
        }
        if table.scores.len() == 1 { Err(TestError::NoSpread) } else { Ok(table) }
    }

    /// The table of a marker: the cases and the controls at each of its distinct values.
    ///
    /// # Errors
    ///
    /// As the type's page says, with the position of a value that is not finite in its own group.
    pub fn of_samples(cases: &[f64], controls: &[f64]) -> Result<Self, TestError> {
        super::placements::check_size(cases.len() as u64, controls.len() as u64)?;
        let blocks = ranked_blocks(cases, controls)?;
        Ok(Self {
            scores: blocks.iter().map(|block| block.value).collect(),
            cases: blocks.iter().map(|block| block.first).collect(),
            controls: blocks.iter().map(|block| block.second).collect(),
        })
    }

    /// The scores that occur, ascending.
    #[must_use]
    pub fn scores(&self) -> &[f64] {
        &self.scores
    }

    /// The cases at each score.
    #[must_use]
    pub fn cases(&self) -> &[u64] {
        &self.cases
    }

    /// The controls at each score.
    #[must_use]
    pub fn controls(&self) -> &[u64] {
        &self.controls
    }
}
