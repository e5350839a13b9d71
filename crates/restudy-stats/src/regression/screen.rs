use super::coefficient::TermChiSquare;
use super::data::Outcome;
use super::logistic::{Logistic, LogisticFit};
use super::selection::{Candidates, EntryTest, Move, kept, main_terms, names, test};
use super::{Coding, Design, FitError};
use crate::multiplicity::BenjaminiHochberg;

/// Each term by itself, then those with a small p-value together: the univariable screen and the multivariable model of
/// many a clinical paper.
///
/// ## Procedure
///
/// Each term is tested alone against no term. The terms with a p-value below `below`, raw or adjusted over all of them,
/// and those kept, make one model. Interactions are not screened: name them in `keep`, with their terms.
///
/// The screen has seen the outcome, so that the p-values of the second model are too small; a term that matters only
/// beside another is lost by it.
///
/// ## Result
///
/// [`Screened`]: all tests, with those that did not pass and those that have no estimate, and the model.
///
/// ## Conventions
///
/// R: `summary(glm(y ~ x, binomial))` (Wald), `anova(fit, test = "LRT")` or `"Rao"` of each term, then `p.adjust(p, "BH")`.
/// SPSS prints the score tests as "variables not in the equation".
///
/// ## Errors
///
/// [`FitError::UnknownTerm`] for a kept term, and those of [`Logistic`] (or [`Cox`](crate::survival::Cox)) for the model
/// of the chosen terms. A term whose own model has no estimate keeps its error beside it and is not chosen; its score test
/// has no need of one.
///
/// ## Source
///
/// Sun, Shook and Kay, Inappropriate use of bivariable analysis to screen risk factors for use in multivariable analysis,
/// Journal of Clinical Epidemiology 49 (1996) 907–916, on what is lost; Benjamini and Hochberg, Journal of the Royal
/// Statistical Society B 57 (1995) 289–300.
#[derive(Clone, Debug, PartialEq)]
pub struct Screen {
    /// How each term is tested.
    pub test: EntryTest,
    /// A term is chosen with a p-value below this.
    pub below: f64,
    /// Whether p-values are adjusted for their number by Benjamini and Hochberg's false discovery rate first.
    pub adjusted: bool,
    /// Names of terms that are chosen whatever their p-value.
    pub keep: Vec<String>,
    /// The settings of each fit of a logistic model.
    pub fit: Logistic,
}

impl Default for Screen {
    /// Likelihood ratios with raw p-values below 0.05.
    fn default() -> Self {
        Self {
            test: EntryTest::LikelihoodRatio,
            below: 0.05,
            adjusted: false,
            keep: Vec::new(),
            fit: Logistic::default(),
        }
    }
}

/// A screen with the model of its terms.
#[derive(Clone, Debug)]
pub struct Screened<F, E> {
    /// Each term by itself, in the order of the design.
    pub tests: Vec<ScreenedTerm<E>>,
    /// Names of the terms chosen, in the order of the design.
    pub terms: Vec<String>,
    /// The model of these terms.
    pub fit: F,
}

/// A term in a screen.
#[derive(Clone, Debug, PartialEq)]
pub struct ScreenedTerm<E> {
    /// The term.
    pub term: String,
    /// Its test by itself, or why it has none.
    pub test: Result<TermChiSquare, E>,
    /// Its p-value adjusted over all terms, where asked for.
    pub adjusted_p_value: Option<f64>,
    /// Whether it is in the model.
    pub chosen: bool,
}

impl Screen {
    /// Screens the terms of a design for a logistic model.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run<'a>(
        &self,
        design: &'a Design,
        outcome: Outcome<'a>,
    ) -> Result<Screened<LogisticFit<'a>, FitError>, FitError> {
        let candidates = self.fit.candidates(design, outcome)?;
        let (tests, inside) = self.choose(&candidates)?;
        Ok(Screened { tests, terms: names(design, &inside), fit: candidates.fit(&inside)? })
    }

    /// The tests, and the terms chosen.
    #[expect(clippy::type_complexity, reason = "a pair, taken apart at once")]
    pub(crate) fn choose<C: Candidates>(&self, of: &C) -> Result<(Vec<ScreenedTerm<C::Error>>, Vec<bool>), C::Error> {
        let design = of.design();
        let mut inside = kept(design, &self.keep)?;
        let nothing: Vec<bool> = design.terms().iter().map(|term| term.coding == Coding::Intercept).collect();
        let null = of.fit(&nothing)?;
        let places: Vec<usize> = main_terms(design).collect();
        let mut tests = Vec::with_capacity(places.len());
        for &term in &places {
            let found = test(of, &nothing, &null, term, Move::In(self.test));
            match found {
                Err(error) if !C::has_no_estimate(&error) => return Err(error),
                found => tests.push(found),
            }
        }
        let raw: Vec<Option<f64>> = tests.iter().map(|test| test.as_ref().ok().map(|test| test.p_value)).collect();
        let adjusted = match BenjaminiHochberg.adjust(&raw) {
            Ok(adjusted) if self.adjusted => adjusted.values,
            _ => vec![None; raw.len()],
        };
        for ((&term, raw), adjusted) in places.iter().zip(&raw).zip(&adjusted) {
            inside[term] |= adjusted.or(*raw).is_some_and(|p| p < self.below);
        }
        let rows = (places.iter().zip(tests).zip(adjusted))
            .map(|((&term, test), adjusted_p_value)| ScreenedTerm {
                term: design.terms()[term].name.clone(),
                test,
                adjusted_p_value,
                chosen: inside[term],
            })
            .collect();
        Ok((rows, inside))
    }
}
