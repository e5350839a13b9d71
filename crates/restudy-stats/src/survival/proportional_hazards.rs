use std::ops::Range;

use super::cholesky::Cholesky;
use super::cox::{CoxFit, CoxTies, ModelTest, SINGULAR};
use super::{KaplanMeier, SurvivalError, SurvivalTimes};

/// Does a hazard ratio change with time? The score test of Grambsch and Therneau.
///
/// ## Hypotheses
///
/// H₀: θ = 0 in h(t | x) = h₀(t) exp(Σ (βⱼ + θⱼ g(t)) xⱼ). Alternative: θ is not 0 for the coefficients of a term, or for any.
///
/// ## Formula
///
/// ```text
/// χ² = uᵀ (I₂₂ − I₂₁ I₁₁⁻¹ I₁₂)⁻¹ u,   u = Σ g (x − x̄),   I₁₁ = Σ V,  I₁₂ = Σ g V,  I₂₂ = Σ g² V
/// ```
///
/// over the events, x̄ and V the mean and covariance of the covariates in the risk set, weighted by exp(β·x), tied events as
/// in the fit. It is the score test of θ = 0 with the coefficients β estimated. A constant added to g changes nothing.
///
/// ## Input
///
/// A fitted model and the coefficients of each term, a range of several for a category.
///
/// ## Conventions
///
/// R: `cox.zph(fit, transform = "km", terms = TRUE)` since survival 3.0. Before, and in lifelines and Stata still, scaled
/// Schoenfeld residuals were correlated with time by an average V: the numbers differ, at times several-fold.
///
/// ## Errors
///
/// [`SurvivalError::Coefficients`] for a term that is empty or beyond the coefficients, [`SurvivalError::EventAtZero`],
/// [`SurvivalError::NothingToCompare`] when time and a covariate leave nothing to test, such as with a single event time.
///
/// ## Source
///
/// Grambsch and Therneau, Proportional hazards tests and diagnostics based on weighted residuals, Biometrika 81 (1994)
/// 515–526.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProportionalHazards {
    /// The function of time along which the hazard ratios may drift.
    pub transform: TimeTransform,
}

/// A function of time along which a hazard ratio may drift.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TimeTransform {
    /// 1 − S(t−) of the Kaplan–Meier curve of all rows (R's default): early and late events count alike.
    #[default]
    KaplanMeier,
    /// The time itself.
    Identity,
    /// Its rank among the times of all rows, censored ones included.
    Rank,
    /// Its logarithm.
    Log,
}

/// The test of each term and of all together.
#[derive(Clone, Debug, PartialEq)]
pub struct ProportionalHazardsResult {
    /// The function of time.
    pub transform: TimeTransform,
    /// The test of each term, in the order in which they were given.
    pub terms: Vec<ModelTest>,
    /// The test of all coefficients.
    pub global: ModelTest,
}

impl ProportionalHazards {
    /// The test of terms, each a range of coefficients of the fit.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, fit: &CoxFit<'_>, terms: &[Range<usize>]) -> Result<ProportionalHazardsResult, SurvivalError> {
        let p = fit.names.len();
        if let Some(term) = terms.iter().find(|term| term.is_empty() || term.end > p) {
            return Err(SurvivalError::Coefficients { found: term.end, needed: p });
        }
        if fit.ties == CoxTies::Exact {
            return Err(SurvivalError::NotWithExactTies { what: "tests of proportional hazards" });
        }
        let sets = &fit.sets;
        let transformed = Transformed::new(sets.times, self.transform)?;
        let g: Vec<f64> = sets.deaths().iter().map(|death| transformed.at(death.time)).collect();
        let squares: Vec<f64> = g.iter().map(|g| g * g).collect();
        let sums = sets.at(&fit.scaled);
        // The matrices are symmetric: by columns or by rows is one.
        let [(_, first), (u, mixed), (_, second)] =
            [None, Some(&g), Some(&squares)].map(|g| sets.derivatives(&sums, g.map(Vec::as_slice)));
        let [first, mixed, second] = [&first, &mixed, &second].map(|matrix| matrix.as_slice());
        let factor = Cholesky::new(first, p, SINGULAR * SINGULAR).map_err(|_| SurvivalError::NothingToCompare)?;
        let mut left = second.to_vec();
        for k in 0..p {
            let column = factor.solve(&mixed[k * p..(k + 1) * p]);
            for j in k..p {
                left[j * p + k] -= (0..p).map(|i| mixed[j * p + i] * column[i]).sum::<f64>();
            }
        }
        let test = |term: &Range<usize>| {
            let size = term.len();
            let mut block = Vec::with_capacity(size * size);
            for j in term.clone() {
                // Against the information before it was reduced: what is left of none is rounding.
                if left[j * (p + 1)] <= SINGULAR * second[j * (p + 1)] {
                    return Err(SurvivalError::NothingToCompare);
                }
                block.extend_from_slice(&left[j * p + term.start..j * p + term.end]);
            }
            let factor = Cholesky::new(&block, size, SINGULAR).map_err(|_| SurvivalError::NothingToCompare)?;
            ModelTest::new(factor.inverse_form(&u[term.clone()]), size)
        };
        Ok(ProportionalHazardsResult {
            transform: self.transform,
            terms: terms.iter().map(test).collect::<Result<_, _>>()?,
            global: test(&(0..p))?,
        })
    }
}

/// g at the distinct times, centred about its middle: a constant in g changes nothing but rounding.
struct Transformed {
    time: Vec<f64>,
    g: Vec<f64>,
}

impl Transformed {
    fn new(times: &SurvivalTimes, transform: TimeTransform) -> Result<Self, SurvivalError> {
        let curve = KaplanMeier::default().fit(&times.pooled())?;
        let mut g: Vec<f64> = match transform {
            TimeTransform::KaplanMeier => {
                (0..curve.time.len()).map(|i| 1.0 - if i > 0 { curve.survival[i - 1] } else { 1.0 }).collect()
            }
            TimeTransform::Identity => curve.time.clone(),
            TimeTransform::Rank => {
                let mut before = 0.0;
                (curve.n_event.iter().zip(&curve.n_censored))
                    .map(|(d, c)| {
                        let rows = d + c;
                        let rank = before + f64::midpoint(1.0, rows);
                        before += rows;
                        rank
                    })
                    .collect()
            }
            TimeTransform::Log => {
                if curve.time.first() == Some(&0.0) && curve.n_event[0] > 0.0 {
                    return Err(SurvivalError::EventAtZero);
                }
                // A censored time of 0 is never asked for.
                curve.time.iter().map(|t| if *t > 0.0 { t.ln() } else { 0.0 }).collect()
            }
        };
        let events: f64 = curve.n_event.iter().sum();
        let mean: f64 = g.iter().zip(&curve.n_event).map(|(g, d)| g * d).sum::<f64>() / events;
        g.iter_mut().for_each(|g| *g -= mean);
        Ok(Self { time: curve.time, g })
    }

    fn at(&self, time: f64) -> f64 {
        self.time.partition_point(|t| *t <= time).checked_sub(1).map_or(0.0, |i| self.g[i])
    }
}
