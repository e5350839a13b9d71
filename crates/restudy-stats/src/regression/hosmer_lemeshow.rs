use super::FitError;
use crate::descriptive::{QuantileType, quantile};
use crate::dist::ChiSquare;

/// Are predicted probabilities calibrated? The Hosmer–Lemeshow test.
///
/// ## Formula
///
/// ```text
/// χ² = Σ (O − E)² / E + (O − E)² / (n − E)
/// ```
///
/// over groups by quantiles of the probability: O events observed, E the sum of the probabilities, n observations. The
/// cuts are type-7 quantiles, equal cuts are one, and a probability on a cut belongs to the group below. Degrees of
/// freedom: groups − 2 on the data that the model was fitted to, groups on others.
///
/// ## Input
///
/// A probability strictly between 0 and 1 and an outcome for each observation; three groups must remain.
///
/// ## Conventions
///
/// This is R's `ResourceSelection::hoslem.test(y, p, g = 10)`. SAS and Stata make groups of equal size by rank, which
/// gives another value where probabilities are tied at a cut.
///
/// ## Errors
///
/// [`FitError::Empty`], [`FitError::Length`], [`FitError::NotFinite`] for what is no such probability,
/// [`FitError::TooFewGroups`].
///
/// ## Source
///
/// Hosmer and Lemeshow, Communications in Statistics A9 (1980) 1043–1069.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HosmerLemeshow {
    /// Groups asked for; ties can leave fewer.
    pub groups: usize,
    /// Whether the probabilities come from a model fitted to other data.
    pub external: bool,
}

impl Default for HosmerLemeshow {
    fn default() -> Self {
        Self { groups: 10, external: false }
    }
}

/// The result of [`HosmerLemeshow`].
#[derive(Clone, Debug, PartialEq)]
pub struct HosmerLemeshowTest {
    /// The statistic.
    pub chi_square: f64,
    /// Degrees of freedom.
    pub df: usize,
    /// The upper tail of chi-square.
    pub p_value: f64,
    /// The groups, from the lowest probabilities to the highest.
    pub groups: Vec<CalibrationGroup>,
}

/// Observations of similar probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CalibrationGroup {
    /// Observations.
    pub n: usize,
    /// Events among them.
    pub observed: usize,
    /// Sum of their probabilities.
    pub expected: f64,
}

impl HosmerLemeshow {
    /// The test.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, probabilities: &[f64], events: &[bool]) -> Result<HosmerLemeshowTest, FitError> {
        if events.len() != probabilities.len() {
            let (rows, found) = (probabilities.len(), events.len());
            return Err(FitError::Length { name: "outcome".to_owned(), rows, found });
        }
        if let Some(position) = probabilities.iter().position(|&p| !(p > 0.0 && p < 1.0)) {
            return Err(FitError::NotFinite { name: "probabilities".to_owned(), position });
        }
        let sorted = crate::order::sorted(probabilities);
        let mut cuts = Vec::with_capacity(self.groups);
        for cut in 1..self.groups {
            let share = cut as f64 / self.groups as f64;
            cuts.push(quantile(&sorted, share, QuantileType::Type7).map_err(|_| FitError::Empty)?);
        }
        cuts.dedup();
        let empty = CalibrationGroup { n: 0, observed: 0, expected: 0.0 };
        let mut groups = vec![empty; cuts.len() + 1];
        for (&p, &event) in probabilities.iter().zip(events) {
            let group = &mut groups[cuts.partition_point(|&cut| cut < p)];
            group.n += 1;
            group.observed += usize::from(event);
            group.expected += p;
        }
        groups.retain(|group| group.n > 0);
        if groups.len() < 3 {
            return Err(FitError::TooFewGroups { groups: groups.len() });
        }
        let term = |group: &CalibrationGroup| {
            let square = (group.observed as f64 - group.expected).powi(2);
            square / group.expected + square / (group.n as f64 - group.expected)
        };
        let chi_square = groups.iter().map(term).sum();
        let df = if self.external { groups.len() } else { groups.len() - 2 };
        let p_value = ChiSquare::new(df as f64)?.upper_tail(chi_square);
        Ok(HosmerLemeshowTest { chi_square, df, p_value, groups })
    }
}
