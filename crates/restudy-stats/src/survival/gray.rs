use super::cumulative_incidence::check_causes;
use super::log_rank::{count_groups, statistic};
use super::times::Stratum;
use super::{SurvivalError, SurvivalTimes};
use crate::dist;

/// Does the cumulative incidence of one kind of event differ between groups, when other kinds compete? Gray's test.
///
/// ## Hypotheses
///
/// H₀: the subdistribution hazards of the kind of interest are equal in all groups at all times, within each stratum.
///
/// ## Formula
///
/// At each time, with Yᵣ at risk, d₁ᵣ events of interest and d₂ᵣ of other kinds in group r, Sᵣ the Kaplan–Meier estimate of
/// any event and F₁ᵣ the cumulative incidence of interest:
///
/// ```text
/// Rᵣ = Yᵣ (1 − F₁ᵣ(t−)) / Sᵣ(t−)        hᵣ = Yᵣ / Sᵣ(t−)        W = (1 − F₀(t−))^ρ,   dF₀ = Σ d₁ᵣ / Σ hᵣ
/// z_k = Σ W ( d₁ₖ − Rₖ / Σ Rᵣ · Σ d₁ᵣ )
/// V_kl = Σ Σᵣ A_kr A_lr hᵣ dF₀ + Σ Σᵣ B_kr B_lr d₂ᵣ
///     A_kr = W (δ_kr − hₖ/h) + C_kr (1 − (1 − F₀)/Sᵣ) / hᵣ,   B_kr = C_kr (1 − F₀)/(Sᵣ hᵣ)
///     C_kr(t) = Σ over later times of W hᵣ (δ_kr − hₖ/h) dF₀ / (1 − F₀(t−))
/// χ² = zᵀ V⁻ z,   df = groups − 1
/// ```
///
/// Tied events take hᵣ dF₀ times 1 − (d − 1)/(h Sᵣ(t−) − 1), d of interest in all, and d₂ᵣ times
/// 1 − (d₂ᵣ − 1)/(Yᵣ − 1).
///
/// ## Input
///
/// Survival data whose events are those of any kind; causes as [`CumulativeIncidence`](super::CumulativeIncidence) takes them;
/// groups as [`LogRank`](super::LogRank).
///
/// ## Conventions
///
/// R: `cmprsk::cuminc(time, cause, group, strata, rho)$Tests`, all digits. With one kind of event it is nearly, but not exactly,
/// the log-rank test.
///
/// ## Errors
///
/// Those of the causes and of the groups; [`SurvivalError::NoEvents`] without an event of the cause,
/// [`SurvivalError::NotAnExponent`], [`SurvivalError::NothingToCompare`], [`SurvivalError::NotDefinedFor`] late entry or case
/// weights.
///
/// ## Source
///
/// Gray, A class of K-sample tests for comparing the cumulative incidence of a competing risk, Annals of Statistics 16
/// (1988) 1141–1154.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gray {
    /// The exponent of 1 − F in the weight; 0 weighs all times alike.
    pub rho: f64,
}

/// The answer of Gray's test.
#[derive(Clone, Debug, PartialEq)]
pub struct GrayResult {
    /// The exponent of the weight.
    pub rho: f64,
    /// The cause of interest.
    pub cause: usize,
    /// The statistic.
    pub chi_square: f64,
    /// Groups at risk at an event, less one.
    pub df: f64,
    /// The p-value.
    pub p_value: f64,
    /// Observations by group.
    pub counts: Vec<usize>,
    /// Weighted events of interest by group.
    pub observed: Vec<f64>,
    /// Those expected.
    pub expected: Vec<f64>,
    /// The variance of observed less expected, groups × groups, row by row.
    pub variance: Vec<f64>,
}

impl Gray {
    /// The test of the groups of the rows, for one cause (from 1).
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(
        &self,
        times: &SurvivalTimes,
        causes: &[usize],
        groups: &[usize],
        cause: usize,
    ) -> Result<GrayResult, SurvivalError> {
        check_causes(times, causes)?;
        let counts = count_groups(times, groups)?;
        if !(self.rho.is_finite() && self.rho >= 0.0) {
            return Err(SurvivalError::NotAnExponent { rho: self.rho, gamma: 0.0 });
        }
        if cause == 0 || !causes.contains(&cause) {
            return Err(SurvivalError::NoEvents);
        }
        let k = counts.len();
        let mut sums = Sums { observed: vec![0.0; k], expected: vec![0.0; k], variance: vec![0.0; k * k] };
        for stratum in times.each_stratum() {
            if stratum.entry.is_some() || stratum.is_weighted() {
                let data = if stratum.entry.is_some() { "late entry" } else { "case weights" };
                return Err(SurvivalError::NotDefinedFor { method: "Gray's test", data });
            }
            let table = Table::new(stratum, causes, groups, cause, k);
            sums.add(&table, self.rho);
        }
        let Sums { observed, expected, variance } = sums;
        let (chi_square, df) = statistic(&observed, &expected, &variance)?;
        let p_value = dist::ChiSquare::new(df)?.upper_tail(chi_square);
        Ok(GrayResult { rho: self.rho, cause, chi_square, df, p_value, counts, observed, expected, variance })
    }
}

/// Counts at each time with an event, ascending; groups side by side.
struct Table {
    groups: usize,
    at_risk: Vec<f64>,
    of_interest: Vec<f64>,
    of_others: Vec<f64>,
}

impl Table {
    fn new(stratum: Stratum<'_>, causes: &[usize], groups: &[usize], cause: usize, k: usize) -> Self {
        let mut table = Self { groups: k, at_risk: vec![], of_interest: vec![], of_others: vec![] };
        let mut left = vec![0.0; k];
        for &row in stratum.row {
            left[groups[row as usize]] += 1.0;
        }
        for ties in stratum.ties() {
            if ties.events > 0 {
                let start = table.at_risk.len();
                table.at_risk.extend(&left);
                table.of_interest.resize(start + k, 0.0);
                table.of_others.resize(start + k, 0.0);
                for row in stratum.row[ties.with_event()].iter().map(|&row| row as usize) {
                    let column = if causes[row] == cause { &mut table.of_interest } else { &mut table.of_others };
                    column[start + groups[row]] += 1.0;
                }
            }
            for &row in &stratum.row[ties.rows()] {
                left[groups[row as usize]] -= 1.0;
            }
        }
        table
    }

    fn len(&self) -> usize {
        self.at_risk.len() / self.groups
    }
}

/// What is known at a time before later ones are looked at.
struct Moment {
    /// W.
    weight: f64,
    /// F₀ just before.
    before: f64,
    /// dF₀.
    step: f64,
    /// hᵣ.
    h: Vec<f64>,
    /// Sᵣ just before, and at the time.
    survival: Vec<[f64; 2]>,
}

struct Sums {
    observed: Vec<f64>,
    expected: Vec<f64>,
    variance: Vec<f64>,
}

impl Sums {
    fn add(&mut self, table: &Table, rho: f64) {
        let k = table.groups;
        let moments = self.forward(table, rho);
        // C_kr, of the times after the one that is looked at.
        let mut later = vec![0.0; k * k];
        let (mut a, mut b) = (vec![0.0; k * k], vec![0.0; k * k]);
        for (time, moment) in moments.iter().enumerate().rev() {
            let at = time * k;
            let h: f64 = moment.h.iter().sum();
            let all: f64 = table.of_interest[at..at + k].iter().sum();
            let part = |q: usize, r: usize| if q == r { 1.0 } else { 0.0 } - moment.h[q] / h;
            for r in 0..k {
                let [before, after] = moment.survival[r];
                let there = table.at_risk[at + r];
                // Without survivors nothing is left that a later time could move.
                let free = if there > 0.0 && after > 0.0 { (1.0 - moment.before - moment.step) / after } else { 1.0 };
                for q in 0..k {
                    let moved = if there > 0.0 && after > 0.0 { later[q * k + r] / moment.h[r] } else { 0.0 };
                    a[q * k + r] = moment.weight * part(q, r) + moved * (1.0 - free);
                    b[q * k + r] = moved * free;
                }
                let effective = before * h - 1.0;
                let tied = if all > 1.0 && effective > 0.0 { 1.0 - (all - 1.0) / effective } else { 1.0 };
                let others = table.of_others[at + r];
                let tied_others = if others > 1.0 && there > 1.0 { 1.0 - (others - 1.0) / (there - 1.0) } else { 1.0 };
                let (of_interest, of_others) = (moment.h[r] * moment.step * tied, others * tied_others);
                for q in 0..k {
                    for l in 0..k {
                        self.variance[q * k + l] +=
                            a[q * k + r] * a[l * k + r] * of_interest + b[q * k + r] * b[l * k + r] * of_others;
                    }
                }
            }
            let rate = if moment.before < 1.0 { moment.weight * moment.step / (1.0 - moment.before) } else { 0.0 };
            for q in 0..k {
                for r in 0..k {
                    later[q * k + r] += moment.h[r] * part(q, r) * rate;
                }
            }
        }
    }

    /// Observed and expected events, and what the variance needs of each time.
    fn forward(&mut self, table: &Table, rho: f64) -> Vec<Moment> {
        let k = table.groups;
        let (mut survival, mut incidence, mut pooled) = (vec![1.0; k], vec![0.0; k], 0.0);
        let mut moments = Vec::with_capacity(table.len());
        for at in (0..table.len()).map(|time| time * k) {
            let at_risk = &table.at_risk[at..at + k];
            let (of_interest, of_others) = (&table.of_interest[at..at + k], &table.of_others[at..at + k]);
            let h: Vec<f64> = (0..k).map(|r| if at_risk[r] > 0.0 { at_risk[r] / survival[r] } else { 0.0 }).collect();
            let r: Vec<f64> = h.iter().zip(&incidence).map(|(h, f)| h * (1.0 - f)).collect();
            let (all_h, all_r) = (h.iter().sum::<f64>(), r.iter().sum::<f64>());
            let all: f64 = of_interest.iter().sum();
            let weight = libm::pow(1.0 - pooled, rho);
            let step = all / all_h;
            let mut both = Vec::with_capacity(k);
            for (g, (&there, (&own, &others))) in at_risk.iter().zip(of_interest.iter().zip(of_others)).enumerate() {
                self.observed[g] += weight * own;
                if all > 0.0 {
                    self.expected[g] += weight * all * r[g] / all_r;
                }
                let before = survival[g];
                if there > 0.0 {
                    incidence[g] += before * own / there;
                    survival[g] *= (there - own - others) / there;
                }
                both.push([before, survival[g]]);
            }
            moments.push(Moment { weight, before: pooled, step, h, survival: both });
            pooled += step;
        }
        moments
    }
}
