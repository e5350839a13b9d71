use super::two_by_two::{TwoRisks, log_limit, wald_of_log};
use super::{Effect, EffectProcedure};
use crate::hypothesis::{CountTable, Estimate, FisherExact, Quantity};
use crate::{Interval, Level, TestError, dist};

/// How many times greater are the odds in the first group? The odds ratio of a 2×2 table.
///
/// ## Formula
///
/// ```text
/// ψ = ad / (bc)        se² = 1/a + 1/b + 1/c + 1/d  (of ln ψ)
/// Wald (Woolf):  ψ e^(± z se)
/// Miettinen–Nurminen:  the ψ at which |a − n₁p̃₁| = z / √( (1/(n₁p̃₁(1 − p̃₁)) + 1/(n₂p̃₂(1 − p̃₂))) (N − 1)/N ),
///     p̃₁ and p̃₂ the likeliest risks of that odds ratio,  N = n₁ + n₂
/// exact:  the limits of Fisher's exact test, given both margins
/// ```
///
/// a, b: first group with and without the event; c, d: second group.
///
/// ## Input
///
/// A 2×2 table: rows are groups, the first column counts the event. No row or column of zeros.
///
/// ## Result
///
/// Estimate: ψ, 0 or infinite with a zero cell; the standard error is that of ln ψ. With a zero cell the Wald interval
/// and the standard error do not exist and are `None`; the others have one limit at 0 or infinity. A remark names zero
/// cells. Nothing is added to a cell. The exact interval belongs to the conditional maximum-likelihood odds ratio, which
/// is then the estimate, and has no standard error.
///
/// ## Conventions
///
/// | interval | same number |
/// |---|---|
/// | Wald | R `epitools::oddsratio.wald`, statsmodels `Table2x2(t).oddsratio_confint()`, SPSS and SAS "odds ratio" |
/// | Miettinen–Nurminen | R `ratesci::scoreci(x1, n1, x2, n2, contrast = "OR", skew = FALSE)` |
/// | exact | R `fisher.test(table)`, which is right to four digits |
///
/// ## Errors
///
/// [`TestError::Shape`] for a table that is not 2×2, [`TestError::TooFew`] for an empty group,
/// [`TestError::EmptyMargin`] without an event or without its absence.
///
/// ## Example
///
/// ```
/// use restudy_stats::effect::{OddsRatio, OddsRatioInterval};
/// use restudy_stats::hypothesis::CountTable;
///
/// let measure = OddsRatio { interval: OddsRatioInterval::Wald, ..OddsRatio::default() };
/// let effect = measure.run_on_counts(&CountTable::two_by_two(2, 12, 15, 18)?)?;
/// assert!((effect.estimate.value - 0.04).abs() < 1e-15);
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Woolf, Annals of Human Genetics 19 (1955) 251–253; Miettinen and Nurminen, Statistics in Medicine 4 (1985) 213–226;
/// Cornfield, Proceedings of the Third Berkeley Symposium 4 (1956) 135–148 (exact).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct OddsRatio {
    /// The interval.
    pub interval: OddsRatioInterval,
    /// Its level.
    pub level: Level,
}

/// The interval of an odds ratio.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OddsRatioInterval {
    /// Normal on the logarithm (Woolf).
    Wald,
    /// Inversion of the score test.
    #[default]
    MiettinenNurminen,
    /// Fisher's, given both margins.
    Exact,
}

impl OddsRatio {
    /// The odds ratio of a table.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_counts(&self, table: &CountTable) -> Result<Effect, TestError> {
        let risks = TwoRisks::of(table)?;
        if risks.events() == 0 || risks.complement().events() == 0 {
            return Err(TestError::EmptyMargin);
        }
        let ((a, b, _), (c, d, _)) = (risks.first.numbers(), risks.second.numbers());
        let value = a / b * (d / c);
        let value = if value.is_nan() { a * d / (b * c) } else { value };
        let std_error = (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt();
        let interval = match self.interval {
            OddsRatioInterval::Wald => wald_of_log(value, std_error, self.level),
            OddsRatioInterval::MiettinenNurminen => {
                let low = score_limit(risks, self.level)?;
                let high = 1.0 / score_limit(risks.swapped(), self.level)?;
                Some(Interval { low, high, level: self.level })
            }
            OddsRatioInterval::Exact => None,
        };
        let sample = Estimate {
            quantity: Quantity::OddsRatio,
            value,
            std_error: std_error.is_finite().then_some(std_error),
            interval,
        };
        let estimate = match self.interval {
            OddsRatioInterval::Exact => {
                let test = FisherExact { level: self.level, ..FisherExact::default() };
                test.run_on_counts(table)?.estimate.unwrap_or(sample)
            }
            _ => sample,
        };
        Ok(risks.effect(EffectProcedure::OddsRatio { interval: self.interval }, estimate))
    }
}

/// The lower score limit.
fn score_limit(risks: TwoRisks, level: Level) -> Result<f64, TestError> {
    let ((a, b, n1), (c, d, n2)) = (risks.first.numbers(), risks.second.numbers());
    if a == 0.0 || d == 0.0 {
        return Ok(0.0);
    }
    let z = dist::Normal.upper_quantile(level.tail());
    let excess = |log: f64| {
        // An odds ratio above 1 is sought in the mirror, where the sums below have no negative term.
        let (fit, deviation) = if log <= 0.0 {
            let fit = Restricted::new(libm::exp(log), (a + c, b + d), (n1, n2));
            (fit, fit.excess(a, b))
        } else {
            let fit = Restricted::new(libm::exp(-log), (a + c, b + d), (n2, n1));
            (fit, -fit.excess(c, d))
        };
        deviation - z * (fit.weight * risks.variance_factor()).sqrt()
    };
    let centre = if b > 0.0 && c > 0.0 { libm::log(a / b) + libm::log(d / c) } else { 0.0 };
    Ok(libm::exp(log_limit(excess, centre, 1e-3 / risks.total())?))
}

/// The likeliest risks of a given odds ratio.
#[derive(Clone, Copy)]
struct Restricted {
    p1: f64,
    /// 1 − p₁, to its own digits.
    q1: f64,
    /// 1 / (1/(n₁p₁q₁) + 1/(n₂p₂q₂)).
    weight: f64,
}

impl Restricted {
    /// For an odds ratio ψ up to 1, the events and their absences in all, and the sizes of the groups.
    fn new(psi: f64, (events, absences): (f64, f64), (n1, n2): (f64, f64)) -> Self {
        let lift = 1.0 - psi;
        // The smaller root of n₂(1 − ψ) p² − (n₁ψ + n₂ + s(1 − ψ)) p + s = 0 is the risk of the group of size n₂, s the
        // events; with the absences and the groups exchanged, it is 1 − p of the group of size n₁.
        let smaller_root = |s: f64, n1: f64, n2: f64| {
            let (first, both) = (n1 * psi, n2 + s * lift);
            let gap = n2 - s * lift;
            2.0 * s / (first + both + (first * first + 2.0 * first * both + gap * gap).sqrt())
        };
        let (p2, q1) = (smaller_root(events, n1, n2), smaller_root(absences, n2, n1));
        // p₁/q₁ = ψ p₂/q₂ gives the small ones of the other two.
        let p1 = if p2 < 0.5 { psi * p2 * q1 / (1.0 - p2) } else { 1.0 - q1 };
        let q2 = if p2 < 0.5 || p1 == 0.0 { 1.0 - p2 } else { psi * p2 * q1 / p1 };
        Self { p1, q1, weight: 1.0 / (1.0 / (n1 * p1 * q1) + 1.0 / (n2 * p2 * q2)) }
    }

    /// How many more of the first group have the event than is likely, from the rarer of the event and its absence.
    fn excess(self, with: f64, without: f64) -> f64 {
        let n = with + without;
        if self.p1 < self.q1 { with - n * self.p1 } else { n * self.q1 - without }
    }
}
