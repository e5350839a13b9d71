use super::placements::{MAX_MEMBERS, check_size};
use crate::descriptive::{clopper_pearson, wilson};
use crate::{Interval, Level, TestError, dist};

/// A diagnostic 2×2 table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DiagnosticTable {
    /// Cases called positive.
    pub true_positives: u64,
    /// Controls called positive.
    pub false_positives: u64,
    /// Cases called negative.
    pub false_negatives: u64,
    /// Controls called negative.
    pub true_negatives: u64,
}

/// How well does a test with two outcomes tell cases from controls?
///
/// ## Formula
///
/// ```text
/// sensitivity = TP / (TP + FN)        specificity = TN / (TN + FP)        prevalence = (TP + FN) / N
/// PPV = TP / (TP + FP)                NPV = TN / (TN + FN)                accuracy = (TP + TN) / N
/// LR+ = sensitivity / (1 − specificity)        se² of ln LR+ = 1/TP − 1/(TP + FN) + 1/FP − 1/(FP + TN)
/// LR− = (1 − sensitivity) / specificity        se² of ln LR− = 1/FN − 1/(TP + FN) + 1/TN − 1/(FP + TN)
/// ```
///
/// Each proportion has a Wilson or Clopper–Pearson interval; a likelihood ratio LR e^(± z se).
///
/// ## Input
///
/// Counts with at least one case and one control, 2³² − 1 people in all.
///
/// ## Result
///
/// [`AccuracyMeasures`]. Without a positive (negative) there is no PPV (NPV). A likelihood ratio of 0 or infinity has no
/// standard error and no interval; 0/0 is no ratio at all. Nothing is added to a cell.
///
/// ## Conventions
///
/// PPV and NPV are those at the prevalence of the table: in a case–control study that prevalence is the design's. R:
/// `epiR::epi.tests(table, method = "wilson" | "exact")`.
///
/// ## Errors
///
/// [`TestError::TooFew`] without a case (group 0) or a control (group 1), [`TestError::TooManyCounts`].
///
/// ## Example
///
/// ```
/// use restudy_stats::accuracy::{Accuracy, DiagnosticTable};
///
/// let table = DiagnosticTable { true_positives: 18, false_positives: 7, false_negatives: 3, true_negatives: 33 };
/// let measures = Accuracy::default().run_on_counts(table)?;
/// assert_eq!(format!("{:.3}", measures.sensitivity.value), "0.857");
/// assert_eq!(measures.ppv.map(|ppv| ppv.value), Some(0.72));
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Altman and Bland, BMJ 308 (1994) 1552 and 309 (1994) 102; likelihood ratios: Simel, Samsa and Matchar, Journal of
/// Clinical Epidemiology 44 (1991) 763–770.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Accuracy {
    /// The interval of the proportions.
    pub interval: ProportionInterval,
    /// The level of every interval.
    pub level: Level,
}

/// The interval of a proportion.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ProportionInterval {
    /// Wilson's score interval.
    #[default]
    Wilson,
    /// Clopper and Pearson's exact interval.
    ClopperPearson,
}

/// A proportion with its counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proportion {
    /// How many have the property.
    pub count: u64,
    /// Of how many.
    pub n: u64,
    /// The proportion, from 0 to 1.
    pub value: f64,
    /// Its interval.
    pub interval: Interval,
}

/// How many times likelier a result is in a case than in a control.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LikelihoodRatio {
    /// The ratio, from 0 to infinity.
    pub value: f64,
    /// The standard error of its logarithm.
    pub log_std_error: Option<f64>,
    /// Its interval.
    pub interval: Option<Interval>,
}

/// What a diagnostic table says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AccuracyMeasures {
    /// The table.
    pub table: DiagnosticTable,
    /// How the intervals of the proportions were made.
    pub interval: ProportionInterval,
    /// Positives among the cases.
    pub sensitivity: Proportion,
    /// Negatives among the controls.
    pub specificity: Proportion,
    /// Cases among the positives.
    pub ppv: Option<Proportion>,
    /// Controls among the negatives.
    pub npv: Option<Proportion>,
    /// Right results among all.
    pub accuracy: Proportion,
    /// Cases among all.
    pub prevalence: Proportion,
    /// The likelihood ratio of a positive result.
    pub positive_ratio: Option<LikelihoodRatio>,
    /// The likelihood ratio of a negative result.
    pub negative_ratio: Option<LikelihoodRatio>,
}

/// Of tables whose counts a curve or [`Accuracy`] has found to fit.
impl DiagnosticTable {
    pub(super) fn n_cases(self) -> u64 {
        self.true_positives + self.false_negatives
    }

    pub(super) fn n_controls(self) -> u64 {
        self.false_positives + self.true_negatives
    }

    /// Sensitivity + specificity − 1, in whole numbers up to the division.
    pub(super) fn youden(self) -> f64 {
        let [tp, tn, cases, controls] =
            [self.true_positives, self.true_negatives, self.n_cases(), self.n_controls()].map(i128::from);
        (tp * controls + tn * cases - cases * controls) as f64 / (cases as f64 * controls as f64)
    }
}

impl Accuracy {
    /// The measures of a table.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_counts(&self, table: DiagnosticTable) -> Result<AccuracyMeasures, TestError> {
        let DiagnosticTable { true_positives, false_positives, false_negatives, true_negatives } = table;
        let too_many = TestError::TooManyCounts { limit: MAX_MEMBERS };
        let cases = true_positives.checked_add(false_negatives).ok_or(too_many)?;
        let controls = false_positives.checked_add(true_negatives).ok_or(too_many)?;
        check_size(cases, controls)?;
        for (group, n) in [cases, controls].into_iter().enumerate() {
            if n == 0 {
                return Err(TestError::TooFew { group, found: 0, needed: 1 });
            }
        }
        let any = |count, n| if n == 0 { Ok(None) } else { self.proportion(count, n).map(Some) };
        let all = cases + controls;
        Ok(AccuracyMeasures {
            table,
            interval: self.interval,
            sensitivity: self.proportion(true_positives, cases)?,
            specificity: self.proportion(true_negatives, controls)?,
            ppv: any(true_positives, true_positives + false_positives)?,
            npv: any(true_negatives, true_negatives + false_negatives)?,
            accuracy: self.proportion(true_positives + true_negatives, all)?,
            prevalence: self.proportion(cases, all)?,
            positive_ratio: self.ratio([true_positives, cases], [false_positives, controls]),
            negative_ratio: self.ratio([false_negatives, cases], [true_negatives, controls]),
        })
    }

    fn proportion(&self, count: u64, n: u64) -> Result<Proportion, TestError> {
        let interval = match self.interval {
            ProportionInterval::Wilson => wilson(count, n, self.level)?,
            ProportionInterval::ClopperPearson => clopper_pearson(count, n, self.level)?,
        };
        Ok(Proportion { count, n, value: count as f64 / n as f64, interval })
    }

    /// The ratio of two proportions, each a count and its n.
    fn ratio(&self, [x1, n1]: [u64; 2], [x2, n2]: [u64; 2]) -> Option<LikelihoodRatio> {
        if x1 == 0 && x2 == 0 {
            return None;
        }
        // 1/x − 1/n = (n − x)/(x n), which does not subtract.
        let relative_variance = |x: u64, n: u64| (n - x) as f64 / (x as f64 * n as f64);
        let value = x1 as f64 * n2 as f64 / (x2 as f64 * n1 as f64);
        let log_std_error = (x1 > 0 && x2 > 0).then(|| (relative_variance(x1, n1) + relative_variance(x2, n2)).sqrt());
        let interval = log_std_error.map(|std_error| {
            let factor = libm::exp(dist::Normal.upper_quantile(self.level.tail()) * std_error);
            Interval { low: value / factor, high: value * factor, level: self.level }
        });
        Some(LikelihoodRatio { value, log_std_error, interval })
    }
}
