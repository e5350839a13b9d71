use super::RocCurve;

/// How many of those called positive are cases, as more of the cases are found? The precision–recall curve.
///
/// ## Formula
///
/// ```text
/// recall = TP / (TP + FN) = sensitivity        precision = TP / (TP + FP) = PPV
/// average precision = Σ (recallₖ − recallₖ₋₁) precisionₖ,   thresholds from the one that most means a case
/// ```
///
/// ## Input
///
/// A [`RocCurve`].
///
/// ## Result
///
/// [`PrecisionRecallCurve`]: a row for each distinct value, called positive together with all that mean a case more. By
/// chance the average precision is near the prevalence of the data, which stands beside it; it is that of the design in
/// a case–control study.
///
/// ## Conventions
///
/// scikit-learn: `precision_recall_curve(y, x)` (which adds a point of recall 0 and precision 1), `average_precision_score`.
/// The area by trapezoids, and that of R's PRROC (Davis and Goadrich's interpolation), are other numbers: the first is too
/// optimistic.
///
/// ## Errors
///
/// None: what could be wrong, the curve has refused.
///
/// ## Source
///
/// Davis and Goadrich, Proceedings of the 23rd International Conference on Machine Learning (2006) 233–240; Saito and
/// Rehmsmeier, `PLoS` One 10 (2015) e0118432.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PrecisionRecall;

/// A precision–recall curve: columns of one length, recall ascending.
#[derive(Clone, Debug, PartialEq)]
pub struct PrecisionRecallCurve {
    /// The value that least means a case among the positive ones.
    pub value: Vec<f64>,
    /// Cases found, of all cases.
    pub recall: Vec<f64>,
    /// Cases among the positives.
    pub precision: Vec<f64>,
    /// The average precision.
    pub average_precision: f64,
    /// Cases among all: what chance would have.
    pub prevalence: f64,
}

impl PrecisionRecall {
    /// The curve of a marker.
    #[must_use]
    pub fn run(&self, curve: &RocCurve) -> PrecisionRecallCurve {
        let (cases, controls) = (curve.n_cases() as f64, curve.n_controls() as f64);
        let positives = || curve.true_positives().iter().zip(curve.false_positives()).rev().skip(1);
        PrecisionRecallCurve {
            value: curve.values.iter().rev().copied().collect(),
            recall: positives().map(|(&tp, _)| tp as f64 / cases).collect(),
            precision: positives().map(|(&tp, &fp)| tp as f64 / (tp + fp) as f64).collect(),
            average_precision: average_precision(curve.true_positives(), curve.false_positives()),
            prevalence: cases / (cases + controls),
        }
    }
}

/// From the positives at each point of a ROC curve.
pub(super) fn average_precision(true_positives: &[u64], false_positives: &[u64]) -> f64 {
    let mut sum = 0.0;
    let mut found = 0;
    for (&tp, &fp) in true_positives.iter().zip(false_positives).rev().skip(1) {
        // Without a new case nothing is added, however many controls come.
        if tp > found {
            sum += (tp - found) as f64 * (tp as f64 / (tp + fp) as f64);
            found = tp;
        }
    }
    sum / true_positives[0] as f64
}
