use super::{DiagnosticTable, Direction, RocCurve};
use crate::TestError;

/// Which cut-off of a marker is best, by a criterion that is chosen and said?
///
/// ## Formula
///
/// Over all points of the curve:
///
/// ```text
/// Youden:  J = sensitivity + specificity − 1, greatest
/// closest to the top left:  (1 − sensitivity)² + (1 − specificity)², least
/// sensitivity at least s:  specificity, greatest among the points with sensitivity ≥ s (then sensitivity, greatest)
/// specificity at least s:  sensitivity, greatest among the points with specificity ≥ s (then specificity, greatest)
/// cost:  C_FN π (1 − sensitivity) + C_FP (1 − π) (1 − specificity), least;  π the prevalence
/// ```
///
/// ## Input
///
/// A [`RocCurve`].
///
/// ## Result
///
/// Every point at which the criterion is best, in ascending order of the cut-off: whether two are equally good is decided
/// on whole numbers, never on rounded ones. Each has its rule, its 2×2 table and the value of the criterion. A rule of an
/// infinite cut-off calls everyone, or nobody, positive.
///
/// ## Conventions
///
/// Between two adjacent values every cut-off makes the same table, and packages print different ones:
///
/// | [`Placing`] | rule | same number |
/// |---|---|---|
/// | between | either | R `pROC::coords(roc, "best", best.method = "youden")`, `"closest.topleft"` |
/// | at observed values | inclusive (`>=`, `<=`) | R `cutpointr`, scikit-learn `roc_curve` |
/// | at observed values | exclusive (`>`, `<`) | MedCalc |
///
/// Where no double lies between two values, a cut-off between them is the observed value that the operator needs.
///
/// ## Errors
///
/// [`TestError::NotAProbability`] (position 0) for a sensitivity or specificity outside [0, 1],
/// [`TestError::NotAProportion`] for a prevalence that is none.
///
/// ## Example
///
/// ```
/// use restudy_stats::accuracy::{Cutoff, Direction, Placing, Roc, ScoreTable};
///
/// let table = ScoreTable::new(&[0.0, 1.0, 2.0, 3.0], &[0, 3, 9, 9], &[15, 18, 7, 0])?;
/// let curve = Roc { direction: Direction::Higher }.run_on_counts(&table);
/// let best = Cutoff { placing: Placing::Observed, ..Cutoff::default() }.run(&curve)?;
/// assert_eq!((best.len(), best[0].rule.to_string()), (1, ">= 2".to_owned()));
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Youden, Cancer 3 (1950) 32–35; Perkins and Schisterman, American Journal of Epidemiology 163 (2006) 670–675; Metz,
/// Seminars in Nuclear Medicine 8 (1978) 283–298 (cost).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cutoff {
    /// What makes a cut-off best.
    pub criterion: Criterion,
    /// Where between two values it is put.
    pub placing: Placing,
    /// Whether the cut-off itself is positive: `>=` or `<=` rather than `>` or `<`.
    pub inclusive: bool,
}

impl Default for Cutoff {
    fn default() -> Self {
        Self { criterion: Criterion::Youden, placing: Placing::Between, inclusive: true }
    }
}

/// What makes a cut-off best.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum Criterion {
    /// The greatest sensitivity + specificity − 1.
    #[default]
    Youden,
    /// The least distance from sensitivity 1, specificity 1.
    ClosestTopLeft,
    /// The greatest specificity among those with at least this sensitivity.
    Sensitivity(f64),
    /// The greatest sensitivity among those with at least this specificity.
    Specificity(f64),
    /// The least expected cost. Costs are whole numbers, so that ties can be told exactly.
    Cost {
        /// The cost of a missed case.
        false_negative: u32,
        /// The cost of a control called positive.
        false_positive: u32,
        /// So many with the condition of so many in all; `None` for the data's own.
        prevalence: Option<[u32; 2]>,
    },
}

/// Where a cut-off between two adjacent values is put.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Placing {
    /// Half way between them.
    #[default]
    Between,
    /// At the one of them that makes the rule true.
    Observed,
}

/// How a value is compared with the cut-off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// Above it.
    Greater,
    /// At or above it.
    GreaterOrEqual,
    /// Below it.
    Less,
    /// At or below it.
    LessOrEqual,
}

impl Operator {
    /// The operator of a direction.
    #[must_use]
    pub fn new(direction: Direction, inclusive: bool) -> Self {
        match (direction, inclusive) {
            (Direction::Higher, false) => Self::Greater,
            (Direction::Higher, true) => Self::GreaterOrEqual,
            (Direction::Lower, false) => Self::Less,
            (Direction::Lower, true) => Self::LessOrEqual,
        }
    }

    /// `>`, `>=`, `<` or `<=`.
    #[must_use]
    pub fn symbol(self) -> &'static str {
        match self {
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
        }
    }
}

/// A rule that calls a value positive.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CutoffRule {
    /// How a value is compared.
    pub operator: Operator,
    /// With what.
    pub cutoff: f64,
}

impl CutoffRule {
    /// Whether the rule calls a value positive.
    #[must_use]
    pub fn is_positive(self, value: f64) -> bool {
        match self.operator {
            Operator::Greater => value > self.cutoff,
            Operator::GreaterOrEqual => value >= self.cutoff,
            Operator::Less => value < self.cutoff,
            Operator::LessOrEqual => value <= self.cutoff,
        }
    }
}

/// As `>= 2`, every digit of the cut-off.
impl std::fmt::Display for CutoffRule {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {}", self.operator.symbol(), self.cutoff)
    }
}

/// A cut-off at which a criterion is best.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OptimalCutoff {
    /// The rule.
    pub rule: CutoffRule,
    /// The table that it makes of the data.
    pub table: DiagnosticTable,
    /// The value of the criterion: J, the squared distance, the sensitivity or specificity that was made great, or the
    /// expected cost per person.
    pub objective: f64,
}

impl Cutoff {
    /// The best cut-offs of a curve, at least one.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, curve: &RocCurve) -> Result<Vec<OptimalCutoff>, TestError> {
        self.criterion.check()?;
        let points = self.criterion.best_points(curve.true_positives(), curve.false_positives());
        let mut optima: Vec<OptimalCutoff> = (points.into_iter())
            .map(|point| OptimalCutoff {
                rule: self.rule(curve, point),
                table: curve.table(point),
                objective: self.criterion.objective(curve.table(point)),
            })
            .collect();
        if curve.direction() == Direction::Lower {
            optima.reverse();
        }
        Ok(optima)
    }

    /// The rule of every point of a curve, in the order of its points.
    #[must_use]
    pub fn rules(&self, curve: &RocCurve) -> Vec<CutoffRule> {
        (0..curve.true_positives().len()).map(|point| self.rule(curve, point)).collect()
    }

    pub(super) fn rule(&self, curve: &RocCurve, point: usize) -> CutoffRule {
        let below = point.checked_sub(1).map(|below| curve.values[below]);
        self.rule_between(curve.direction(), below, curve.values.get(point).copied())
    }

    /// The rule that parts two adjacent values, the one that less means a case first; none where everyone or nobody is
    /// positive.
    pub(super) fn rule_between(
        &self,
        direction: Direction,
        negative: Option<f64>,
        positive: Option<f64>,
    ) -> CutoffRule {
        let least = match direction {
            Direction::Higher => f64::NEG_INFINITY,
            Direction::Lower => f64::INFINITY,
        };
        let (negative, positive) = (negative.unwrap_or(least), positive.unwrap_or(-least));
        let observed = if self.inclusive { positive } else { negative };
        let cutoff = match self.placing {
            Placing::Observed => observed,
            Placing::Between => {
                // Halved first: the sum of two large values may not be finite.
                let middle = negative / 2.0 + positive / 2.0;
                let (low, high) = (negative.min(positive), negative.max(positive));
                if (low < middle && middle < high) || middle.is_infinite() { middle } else { observed }
            }
        };
        CutoffRule { operator: Operator::new(direction, self.inclusive), cutoff }
    }
}

impl Criterion {
    pub(super) fn check(self) -> Result<(), TestError> {
        match self {
            Self::Sensitivity(p) | Self::Specificity(p) if !(0.0..=1.0).contains(&p) => {
                Err(TestError::NotAProbability { position: 0, p })
            }
            Self::Cost { prevalence: Some([count, n]), .. } if n == 0 || count > n => {
                Err(TestError::NotAProportion { count: count.into(), n: n.into() })
            }
            _ => Ok(()),
        }
    }

    /// The points at which the criterion is best, from their positives.
    pub(super) fn best_points(self, true_positives: &[u64], false_positives: &[u64]) -> Vec<usize> {
        self.best_points_where(true_positives, false_positives, |_| true)
    }

    /// The same among some of the points.
    pub(super) fn best_points_where(
        self,
        true_positives: &[u64],
        false_positives: &[u64],
        admitted: impl Fn(usize) -> bool,
    ) -> Vec<usize> {
        let (cases, controls) = (u128::from(true_positives[0]), u128::from(false_positives[0]));
        let mut best: Option<[u128; 2]> = None;
        let mut points = Vec::new();
        for (point, (&tp, &fp)) in true_positives.iter().zip(false_positives).enumerate() {
            if !admitted(point) {
                continue;
            }
            let Some(rank) = self.rank([tp.into(), fp.into()], [cases, controls]) else { continue };
            if best.is_none_or(|best| rank > best) {
                best = Some(rank);
                points.clear();
            }
            if best == Some(rank) {
                points.push(point);
            }
        }
        points
    }

    /// What is to be greatest, in whole numbers; `None` for a point that does not qualify.
    fn rank(self, [tp, fp]: [u128; 2], [cases, controls]: [u128; 2]) -> Option<[u128; 2]> {
        let (missed, tn) = (cases - tp, controls - fp);
        // A quotient of counts and a decimal such as 0.9 are rounded to the same double when they are equal.
        let reaches = |count: u128, n: u128, least: f64| count as f64 / n as f64 >= least;
        match self {
            Self::Youden => Some([tp * controls + tn * cases, 0]),
            Self::ClosestTopLeft => {
                let squared = |a: u128| a * a;
                Some([u128::MAX - squared(missed * controls) - squared(fp * cases), 0])
            }
            Self::Sensitivity(least) => reaches(tp, cases, least).then_some([tn, tp]),
            Self::Specificity(least) => reaches(tn, controls, least).then_some([tp, tn]),
            Self::Cost { false_negative, false_positive, prevalence } => {
                let [of_case, of_control] = match prevalence {
                    None => [1, 1],
                    Some([count, n]) => [u128::from(count) * controls, u128::from(n - count) * cases],
                };
                let cost = u128::from(false_negative) * of_case * missed + u128::from(false_positive) * of_control * fp;
                Some([u128::MAX - cost, 0])
            }
        }
    }

    fn objective(self, table: DiagnosticTable) -> f64 {
        let (cases, controls) = (table.n_cases() as f64, table.n_controls() as f64);
        let (missed, false_alarms) = (table.false_negatives as f64 / cases, table.false_positives as f64 / controls);
        match self {
            Self::Youden => table.youden(),
            Self::ClosestTopLeft => missed * missed + false_alarms * false_alarms,
            Self::Sensitivity(_) => table.true_negatives as f64 / controls,
            Self::Specificity(_) => table.true_positives as f64 / cases,
            Self::Cost { false_negative, false_positive, prevalence: None } => {
                let missed = f64::from(false_negative) * table.false_negatives as f64;
                (missed + f64::from(false_positive) * table.false_positives as f64) / (cases + controls)
            }
            Self::Cost { false_negative, false_positive, prevalence: Some([count, n]) } => {
                let missed = f64::from(false_negative) * f64::from(count) * missed;
                (missed + f64::from(false_positive) * f64::from(n - count) * false_alarms) / f64::from(n)
            }
        }
    }
}
