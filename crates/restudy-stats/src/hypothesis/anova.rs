use super::groups::{at_least_two, between, moments_from_a_common_origin, sizes};
use super::{Estimate, Procedure, Quantity, Statistic, TestResult};
use crate::descriptive::Moments;
use crate::{Alternative, TestError, dist};

/// Do the means of several groups differ? One-way analysis of variance, with the variance pooled over the groups.
///
/// ## Hypotheses
///
/// H₀: all groups have one mean. Alternative: at least two differ.
///
/// ## Formula
///
/// ```text
/// SS_between = Σ nᵢ (x̄ᵢ − x̄)²        df₁ = k − 1
/// SS_within  = Σ (nᵢ − 1) sᵢ²          df₂ = N − k
/// F = (SS_between / df₁) / (SS_within / df₂)        η² = SS_between / (SS_between + SS_within)
/// ```
///
/// ## Input
///
/// k ≥ 2 independent groups in the same unit, one value or more in each and N > k, or their moments as a paper prints
/// them. Values are taken as normal with equal variances; [`WelchAnova`](super::WelchAnova) does without the second.
///
/// ## Result
///
/// Statistic: F with its degrees of freedom. Estimate: η² in [0, 1], without interval. [`Anova::table`] gives the sums of
/// squares.
///
/// ## Conventions
///
/// R: `anova(lm(x ~ group))`, `oneway.test(x ~ group, var.equal = TRUE)`; SciPy: `f_oneway(*groups)`; SPSS: One-Way
/// ANOVA. With two groups F is the square of Student's t. Sums keep their rounding errors and values are counted from one
/// of the data, so that NIST's sets come out to the digits that their doubles have.
///
/// ## Errors
///
/// [`TestError::TooFewGroups`], [`TestError::TooFew`] for an empty group or no group with two values,
/// [`TestError::NotFinite`], [`TestError::NotADeviation`], [`TestError::NoSpread`] when no value differs from its group's
/// mean.
///
/// ## Example
///
/// ```
/// use restudy_stats::hypothesis::Anova;
///
/// let result = Anova.run(&[&[6.0, 8.0, 4.0, 5.0, 3.0, 4.0], &[8.0, 12.0, 9.0, 11.0, 6.0, 8.0], &[13.0, 9.0, 11.0, 8.0, 7.0, 12.0]])?;
/// assert_eq!(format!("{:.4} {:.5}", result.statistic.unwrap().value(), result.p_value), "9.2647 0.00240");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Fisher, Statistical Methods for Research Workers (1925), chapter VII; NIST Statistical Reference Datasets, analysis of
/// variance.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Anova;

/// The table of a one-way analysis of variance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AnovaTable {
    /// Degrees of freedom between groups, k − 1.
    pub df_between: f64,
    /// Degrees of freedom within groups, N − k.
    pub df_within: f64,
    /// Sum of squares between groups, in the squared unit of the data.
    pub ss_between: f64,
    /// Sum of squares within groups.
    pub ss_within: f64,
}

impl AnovaTable {
    /// The ratio of the mean squares.
    #[must_use]
    pub fn f(&self) -> f64 {
        (self.ss_between / self.df_between) / (self.ss_within / self.df_within)
    }

    /// The standard deviation within groups, pooled.
    #[must_use]
    pub fn residual_sd(&self) -> f64 {
        (self.ss_within / self.df_within).sqrt()
    }

    /// η², R's `r.squared`.
    #[must_use]
    pub fn eta_squared(&self) -> f64 {
        self.ss_between / (self.ss_between + self.ss_within)
    }
}

impl Anova {
    /// The test on the values of each group.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, groups: &[&[f64]]) -> Result<TestResult, TestError> {
        self.run_on_moments(&moments_from_a_common_origin(groups)?)
    }

    /// The test on the moments of each group.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_moments(&self, groups: &[Moments]) -> Result<TestResult, TestError> {
        let table = self.table_on_moments(groups)?;
        let f = dist::FisherF::new(table.df_between, table.df_within)?;
        Ok(TestResult {
            procedure: Procedure::Anova,
            alternative: Alternative::TwoSided,
            statistic: Some(Statistic::F { value: table.f(), df1: table.df_between, df2: table.df_within }),
            p_value: f.upper_tail(table.f()),
            estimate: Some(Estimate {
                quantity: Quantity::EtaSquared,
                value: table.eta_squared(),
                std_error: None,
                interval: None,
            }),
            counts: sizes(groups),
            remarks: Vec::new(),
        })
    }

    /// The sums of squares of the values of each group.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn table(&self, groups: &[&[f64]]) -> Result<AnovaTable, TestError> {
        self.table_on_moments(&moments_from_a_common_origin(groups)?)
    }

    /// The sums of squares from the moments of each group.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn table_on_moments(&self, groups: &[Moments]) -> Result<AnovaTable, TestError> {
        at_least_two(groups.len())?;
        let mut n = 0;
        let mut ss_within = 0.0;
        for (group, moments) in groups.iter().enumerate() {
            if moments.n == 0 {
                return Err(TestError::TooFew { group, found: 0, needed: 1 });
            }
            moments.check(group)?;
            n += moments.n;
            if moments.n > 1 {
                ss_within += (moments.n as f64 - 1.0) * moments.sd * moments.sd;
            }
        }
        if n == groups.len() {
            return Err(TestError::TooFew { group: 0, found: 1, needed: 2 });
        }
        if ss_within == 0.0 {
            return Err(TestError::NoSpread);
        }
        let (_, ss_between) = between(groups, |group| group.n as f64);
        Ok(AnovaTable {
            df_between: groups.len() as f64 - 1.0,
            df_within: (n - groups.len()) as f64,
            ss_between: ss_between.max(0.0),
            ss_within,
        })
    }
}
