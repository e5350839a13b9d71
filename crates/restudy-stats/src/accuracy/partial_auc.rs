use super::RocCurve;
use crate::TestError;

/// How large is the area under the part of the ROC curve that matters?
///
/// ## Formula
///
/// ```text
/// pAUC = ∫ sensitivity d specificity, from `low` to `high`     (or the other way round; trapezoids, as the AUC)
/// McClish: ½ (1 + (pAUC − min) / (max − min)),   max = high − low,   min = (high − low)(1 − (low + high)/2)
/// ```
///
/// min is the area of chance in that range and max that of a perfect marker, so that the corrected area is ½ by chance and 1
/// at best, whatever the range.
///
/// ## Input
///
/// A [`RocCurve`], and a range of specificity (or sensitivity) within [0, 1].
///
/// ## Result
///
/// [`PartialArea`]. Below the diagonal McClish's correction is not defined, and missing.
///
/// ## Conventions
///
/// R: `pROC::auc(roc, partial.auc = c(high, low), partial.auc.focus = "specificity", partial.auc.correct = TRUE)`; its
/// default range is in specificity. scikit-learn's `roc_auc_score(max_fpr = f)` is the corrected area of specificity 1 − f
/// to 1. Its interval is the bootstrap's, [`RocBootstrap`](super::RocBootstrap).
///
/// ## Errors
///
/// [`TestError::NotAProbability`] for a limit outside [0, 1] (position 0: low, 1: high), [`TestError::NotSorted`] unless
/// low < high.
///
/// ## Source
///
/// McClish, Medical Decision Making 9 (1989) 190–195; Robin et al., BMC Bioinformatics 12 (2011) 77 (pROC).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartialAuc {
    /// What the range is of.
    pub focus: RocFocus,
    /// The lower end of the range.
    pub low: f64,
    /// The upper end of the range.
    pub high: f64,
}

/// The axis of a ROC curve.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RocFocus {
    /// Specificity.
    #[default]
    Specificity,
    /// Sensitivity.
    Sensitivity,
}

/// A part of the area under a ROC curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PartialArea {
    /// The area, at most high − low.
    pub value: f64,
    /// McClish's correction of it; none below the diagonal.
    pub corrected: Option<f64>,
}

impl PartialAuc {
    /// The partial area of a curve.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, curve: &RocCurve) -> Result<PartialArea, TestError> {
        self.check()?;
        Ok(self.area(curve.true_positives(), curve.false_positives()))
    }

    pub(super) fn check(&self) -> Result<(), TestError> {
        for (position, p) in [self.low, self.high].into_iter().enumerate() {
            if !(0.0..=1.0).contains(&p) {
                return Err(TestError::NotAProbability { position, p });
            }
        }
        if self.low < self.high { Ok(()) } else { Err(TestError::NotSorted { position: 1 }) }
    }

    /// The area from the positives at each point.
    pub(super) fn area(&self, true_positives: &[u64], false_positives: &[u64]) -> PartialArea {
        let share = |counts: &[u64], point: usize| counts[point] as f64 / counts[0] as f64;
        // Along the curve: the axis of the range ascends in the first member.
        let points = 0..true_positives.len();
        let point = |k: usize| match self.focus {
            RocFocus::Specificity => (1.0 - share(false_positives, k), share(true_positives, k)),
            // Sensitivity falls along the points, and specificity is what is integrated.
            RocFocus::Sensitivity => {
                let k = true_positives.len() - 1 - k;
                (share(true_positives, k), 1.0 - share(false_positives, k))
            }
        };
        let mut value = 0.0;
        for k in points.skip(1) {
            let ((x0, y0), (x1, y1)) = (point(k - 1), point(k));
            let (from, to) = (x0.max(self.low), x1.min(self.high));
            if to > from {
                let at = |x: f64| y0 + (y1 - y0) * (x - x0) / (x1 - x0);
                value += (to - from) * f64::midpoint(at(from), at(to));
            }
        }
        let greatest = self.high - self.low;
        let chance = greatest * (1.0 - f64::midpoint(self.low, self.high));
        let corrected = f64::midpoint(1.0, (value - chance) / (greatest - chance));
        // An area of chance itself is not below the diagonal, whatever the rounding.
        PartialArea { value, corrected: (corrected > 0.5 - 1e-12 && corrected.is_finite()).then_some(corrected) }
    }
}
