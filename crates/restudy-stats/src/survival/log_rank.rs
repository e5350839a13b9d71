use super::cholesky::Cholesky;
use super::kaplan_meier::RiskTable;
use super::times::Stratum;
use super::{SurvivalError, SurvivalTimes};
use crate::dist;

/// Below this share of its diagonal element a pivot of the variance is rounding: the groups are not compared.
const SINGULAR: f64 = 1e-10;

/// Does survival differ between groups? The log-rank test and its weighted relatives.
///
/// ## Hypotheses
///
/// H₀: the hazards of all groups are equal at all times, within each stratum. Alternative: they differ.
///
/// ## Formula
///
/// ```text
/// Oₐ − Eₐ = Σ w (dₐ − d nₐ / n)
/// Vₐᵦ     = Σ w² d (n − d) / (n − 1) · nₐ / n · (δₐᵦ − nᵦ / n)
/// χ²      = (O − E)ᵀ V⁻ (O − E),   df = groups − 1
/// trend   : (Σ sₐ (Oₐ − Eₐ))² / Σ sₐ sᵦ Vₐᵦ,   df = 1
/// ```
///
/// over the event times of every stratum; d of n at risk (dₐ of nₐ in group a) have the event.
///
/// | weight | w |
/// |---|---|
/// | log-rank (Mantel–Cox) | 1 |
/// | Gehan–Breslow (Wilcoxon) | n |
/// | Tarone–Ware | √n |
/// | Peto–Peto | S̃(t) = Π (1 − d / (n + 1)) |
/// | Fleming–Harrington | S(t−)^ρ (1 − S(t−))^γ, S the Kaplan–Meier estimate of the stratum |
///
/// ## Input
///
/// Survival data and the group of each row, in the order in which the rows were given, numbered from 0 without gaps. Strata
/// are those of the data.
///
/// ## Conventions
///
/// R: `survdiff(Surv(time, event) ~ group + strata(s), rho = 0)`; its `rho = 1`, there called Peto and Peto's, is
/// Fleming–Harrington with ρ = 1 and γ = 0. SPSS: KM, log rank, Breslow, Tarone–Ware. lifelines: `logrank_test` with
/// `weightings` `"wilcoxon"`, `"tarone-ware"`, `"peto"`. A group that is never at risk at an event does not count in the
/// degrees of freedom, as in R. The ratio of hazards that some programs print beside the test, exp((O₂ − E₂) / V₂₂), is
/// Peto's and no Cox estimate.
///
/// ## Errors
///
/// [`SurvivalError::Length`], [`SurvivalError::TooFewGroups`], [`SurvivalError::EmptyGroup`],
/// [`SurvivalError::NoEvents`], [`SurvivalError::NothingToCompare`], [`SurvivalError::NotAnExponent`],
/// [`SurvivalError::Scores`].
///
/// ## Example
///
/// ```
/// use restudy_stats::survival::{LogRank, SurvivalData};
///
/// let times = SurvivalData::new(&[1.0, 2.0, 3.0, 4.0], &[true; 4]).prepare()?;
/// let result = LogRank::default().run(&times, &[0, 1, 0, 1])?;
/// // E₁ = 2/4 + 1/3 + 1/2 + 0, V = 1/4 + 2/9 + 1/4
/// assert!((result.expected[0] - 4.0 / 3.0).abs() < 1e-15);
/// assert!((result.chi_square - (2.0_f64 / 3.0).powi(2) / (13.0 / 18.0)).abs() < 1e-15);
/// # Ok::<(), restudy_stats::survival::SurvivalError>(())
/// ```
///
/// ## Source
///
/// Mantel, Cancer Chemotherapy Reports 50 (1966) 163–170; Gehan, Biometrika 52 (1965) 203–223; Breslow, Biometrika 57
/// (1970) 579–594; Peto and Peto, Journal of the Royal Statistical Society A 135 (1972) 185–207; Tarone and Ware,
/// Biometrika 64 (1977) 156–160; Harrington and Fleming, Biometrika 69 (1982) 553–566; Klein and Moeschberger, Survival
/// analysis (2003), sections 7.3–7.5.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct LogRank {
    /// How event times are weighted.
    pub weight: LogRankWeight,
}

/// How the event times of a log-rank test are weighted.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum LogRankWeight {
    /// All alike: most powerful against proportional hazards.
    #[default]
    LogRank,
    /// By the number at risk: early differences count most.
    GehanBreslow,
    /// By its root.
    TaroneWare,
    /// By a survival estimate of all groups together, at the event time itself.
    PetoPeto,
    /// By the Kaplan–Meier estimate of all groups together just before the event time.
    FlemingHarrington {
        /// The exponent of S(t−), for early differences.
        rho: f64,
        /// The exponent of 1 − S(t−), for late differences.
        gamma: f64,
    },
}

/// The answer of a log-rank test.
#[derive(Clone, Debug, PartialEq)]
pub struct LogRankResult {
    /// How event times were weighted.
    pub weight: LogRankWeight,
    /// The statistic.
    pub chi_square: f64,
    /// Groups at risk at an event, less one.
    pub df: f64,
    /// The p-value.
    pub p_value: f64,
    /// Observations by group.
    pub counts: Vec<usize>,
    /// Weighted events by group, over all strata.
    pub observed: Vec<f64>,
    /// Weighted events expected by group.
    pub expected: Vec<f64>,
    /// The variance of observed less expected, groups × groups, row by row.
    pub variance: Vec<f64>,
}

/// The answer of a test of trend over groups.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrendTest {
    /// The standardised deviate: positive when groups of greater scores have more events than expected.
    pub z: f64,
    /// Its square.
    pub chi_square: f64,
    /// The two-sided p-value.
    pub p_value: f64,
}

impl LogRank {
    /// The test of the groups of the rows.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, times: &SurvivalTimes, groups: &[usize]) -> Result<LogRankResult, SurvivalError> {
        let counts = count_groups(times, groups)?;
        if let LogRankWeight::FlemingHarrington { rho, gamma } = self.weight
            && !(rho.is_finite() && gamma.is_finite() && rho >= 0.0 && gamma >= 0.0)
        {
            return Err(SurvivalError::NotAnExponent { rho, gamma });
        }
        if times.events() == 0 {
            return Err(SurvivalError::NoEvents);
        }
        let mut sums = Sums::new(counts.len());
        // The rows are looked up out of order: what is small stays in the cache.
        let codes: Option<Vec<u8>> =
            (counts.len() <= 1 << 8).then(|| groups.iter().map(|&group| group as u8).collect());
        for stratum in times.each_stratum() {
            match &codes {
                Some(codes) => sums.add(stratum, |row| usize::from(codes[row]), self.weight),
                None => sums.add(stratum, |row| groups[row], self.weight),
            }
        }
        let Sums { observed, expected, variance } = sums;
        let (chi_square, df) = statistic(&observed, &expected, &variance)?;
        let p_value = dist::ChiSquare::new(df)?.upper_tail(chi_square);
        Ok(LogRankResult { weight: self.weight, chi_square, df, p_value, counts, observed, expected, variance })
    }
}

impl LogRankResult {
    /// The test of a trend over the groups by their scores, such as 1, 2, 3, from the same sums.
    ///
    /// # Errors
    ///
    /// [`SurvivalError::Length`], [`SurvivalError::Scores`], [`SurvivalError::NothingToCompare`].
    pub fn trend(&self, scores: &[f64]) -> Result<TrendTest, SurvivalError> {
        let k = self.counts.len();
        if scores.len() != k {
            return Err(SurvivalError::Length { column: "the score of a group", found: scores.len(), needed: k });
        }
        if scores.iter().any(|score| !score.is_finite()) || scores.windows(2).all(|pair| pair[0] == pair[1]) {
            return Err(SurvivalError::Scores);
        }
        let deviation: f64 = (0..k).map(|a| scores[a] * (self.observed[a] - self.expected[a])).sum();
        // From the first score, which the variance does not see and rounding would.
        let centred = |a: usize| scores[a] - scores[0];
        let variance: f64 = (0..k * k).map(|cell| centred(cell / k) * centred(cell % k) * self.variance[cell]).sum();
        if variance <= 0.0 {
            return Err(SurvivalError::NothingToCompare);
        }
        let z = deviation / variance.sqrt();
        Ok(TrendTest { z, chi_square: z * z, p_value: dist::Normal.two_sided(z) })
    }

    /// Peto's estimate of the logarithm of the hazard ratio of a group against all together, (O − E) / V, with its
    /// standard error 1 / √V; `None` for a group that is not there or has no variance.
    ///
    /// Of two groups the second's is that of second against first. It is near the Cox estimate only where that is near 0.
    #[must_use]
    pub fn peto_log_hazard_ratio(&self, group: usize) -> Option<(f64, f64)> {
        let (observed, expected) = (self.observed.get(group)?, self.expected.get(group)?);
        let variance = *self.variance.get(group * (self.counts.len() + 1))?;
        (variance > 0.0).then(|| ((observed - expected) / variance, 1.0 / variance.sqrt()))
    }
}

/// Rows by group: two groups or more, without gaps.
pub(super) fn count_groups(times: &SurvivalTimes, groups: &[usize]) -> Result<Vec<usize>, SurvivalError> {
    if groups.len() != times.len() {
        return Err(SurvivalError::Length { column: "the group", found: groups.len(), needed: times.len() });
    }
    let last = groups.iter().copied().max().unwrap_or(0);
    // A gap is certain, and so large a number is no reason to reserve memory.
    if last >= groups.len() {
        let group = (0..last).find(|group| !groups.contains(group)).unwrap_or(last);
        return Err(SurvivalError::EmptyGroup { group });
    }
    let mut counts = vec![0; last + 1];
    for &group in groups {
        counts[group] += 1;
    }
    if let Some(group) = counts.iter().position(|count| *count == 0) {
        return Err(SurvivalError::EmptyGroup { group });
    }
    if counts.len() < 2 { Err(SurvivalError::TooFewGroups { found: counts.len(), needed: 2 }) } else { Ok(counts) }
}

struct Sums {
    observed: Vec<f64>,
    expected: Vec<f64>,
    variance: Vec<f64>,
}

impl Sums {
    fn new(k: usize) -> Self {
        Self { observed: vec![0.0; k], expected: vec![0.0; k], variance: vec![0.0; k * k] }
    }

    fn add(&mut self, stratum: Stratum<'_>, group: impl Fn(usize) -> usize, weight: LogRankWeight) {
        let k = self.observed.len();
        let group = |i: usize| group(stratum.row[i] as usize);
        let weights = weights(&RiskTable::new(stratum), weight);
        let entering = stratum.by_entry_descending();
        let mut entering = entering.iter().peekable();
        let mut at_risk = vec![0.0; k];
        let mut events = vec![0.0; k];
        // Backwards in time the risk set grows by those who leave and shrinks by those who have not entered yet.
        for (ties, w) in stratum.ties().rev().zip(weights.into_iter().rev()) {
            for i in ties.rows() {
                at_risk[group(i)] += stratum.weight(i);
            }
            while let Some(&i) = entering.next_if(|&&i| stratum.entry.is_some_and(|entry| entry[i] >= ties.time)) {
                at_risk[group(i)] -= stratum.weight(i);
            }
            if ties.events == 0 {
                continue;
            }
            events.fill(0.0);
            for i in ties.with_event() {
                events[group(i)] += stratum.weight(i);
            }
            let (n, d) = (at_risk.iter().sum::<f64>(), events.iter().sum::<f64>());
            let spread = if n > 1.0 { w * w * d * (n - d) / (n - 1.0) } else { 0.0 };
            for a in 0..k {
                let share = at_risk[a] / n;
                self.observed[a] += w * events[a];
                self.expected[a] += w * d * share;
                for (b, (cell, at_risk)) in self.variance[a * k..(a + 1) * k].iter_mut().zip(&at_risk).enumerate() {
                    let same = if a == b { 1.0 } else { 0.0 };
                    *cell += spread * share * (same - at_risk / n);
                }
            }
        }
    }
}

/// The weight of each distinct time of a stratum.
fn weights(risk: &RiskTable, weight: LogRankWeight) -> Vec<f64> {
    let (mut before, mut peto) = (1.0, 1.0);
    (risk.n_risk.iter().zip(&risk.n_event))
        .map(|(&n, &d): (&f64, &f64)| {
            peto *= 1.0 - d / (n + 1.0);
            let w = match weight {
                LogRankWeight::LogRank => 1.0,
                LogRankWeight::GehanBreslow => n,
                LogRankWeight::TaroneWare => n.sqrt(),
                LogRankWeight::PetoPeto => peto,
                LogRankWeight::FlemingHarrington { rho, gamma } => {
                    libm::pow(before, rho) * libm::pow(1.0 - before, gamma)
                }
            };
            before *= (n - d) / n;
            w
        })
        .collect()
}

/// The chi-square and its degrees of freedom, over the groups that are at risk at an event.
pub(super) fn statistic(observed: &[f64], expected: &[f64], variance: &[f64]) -> Result<(f64, f64), SurvivalError> {
    let k = observed.len();
    let mut compared: Vec<usize> = (0..k).filter(|&a| expected[a] > 0.0).collect();
    // The deviations add up to 0, so that one group says nothing new.
    compared.pop();
    if compared.is_empty() {
        return Err(SurvivalError::NothingToCompare);
    }
    let deviation: Vec<f64> = compared.iter().map(|&a| observed[a] - expected[a]).collect();
    let block: Vec<f64> = compared.iter().flat_map(|&a| compared.iter().map(move |&b| variance[a * k + b])).collect();
    let factor = Cholesky::new(&block, compared.len(), SINGULAR).map_err(|_| SurvivalError::NothingToCompare)?;
    Ok((factor.inverse_form(&deviation), compared.len() as f64))
}
