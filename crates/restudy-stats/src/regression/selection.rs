use super::coefficient::TermChiSquare;
use super::data::Outcome;
use super::logistic::{Logistic, LogisticFit};
use super::{Coding, Design, FitError};
use crate::DistributionError;

/// A kind of model among whose terms can be selected.
pub(crate) trait Candidates {
    /// A fit of some of the terms, as far as a selection asks it.
    type Fit;
    /// Why there is none.
    type Error: From<FitError> + From<DistributionError>;

    /// The design of all terms.
    fn design(&self) -> &Design;

    /// The model of the terms inside.
    fn fit(&self, inside: &[bool]) -> Result<Self::Fit, Self::Error>;

    /// Its log-likelihood.
    fn log_likelihood(&self, fit: &Self::Fit) -> f64;

    /// Rao's score statistic, at a fit, of the model that has also the other terms inside.
    fn score_statistic(&self, fit: &Self::Fit, inside: &[bool]) -> Result<f64, Self::Error>;

    /// Wald's statistic of one of a fit's terms.
    fn wald_statistic(&self, fit: &Self::Fit, term: usize) -> Result<f64, Self::Error>;

    /// Whether a model has no estimate, which is no reason to stop.
    fn has_no_estimate(error: &Self::Error) -> bool;
}

/// Which terms of a design go into a logistic or a Cox model? Stepwise selection as statistics packages know it, with its path.
///
/// ## Procedure
///
/// Forward begins with the terms that are kept, backward with all. At each step, with [`Criterion::PValue`], the term
/// inside with the largest p-value leaves if that is above `remove`; otherwise the term outside with the smallest
/// p-value enters if that is below `enter`. Forward looks for terms to remove only after an entry, and backward for
/// terms to enter only after a removal. With [`Criterion::Aic`], the step in the direction that lowers AIC most is taken,
/// while there is one; with [`Criterion::AicBothWays`], of all terms that may enter or leave the one whose move does. A term moves with all its columns. Interactions enter after both of their terms and leave before
/// them. It ends when no step is left, or when the next one would bring back an earlier model.
///
/// p-values after selection are too small and intervals too narrow. The path is part of the result so that a reader can
/// see how often the data were asked.
///
/// ## Conventions
///
/// | package | settings |
/// |---|---|
/// | SPSS FORWARD (LR), FORWARD (WALD) | [`Selection::forward`] with that [`RemovalTest`] |
/// | SPSS BACKWARD (LR), BACKWARD (WALD) | [`Selection::backward`] with that [`RemovalTest`] |
/// | R `step(direction = "forward")`, `"backward"` | [`Selection::aic`] |
/// | R `step(direction = "both")`, from the kept terms or from all | [`Selection::aic_both_ways`] |
///
/// ## Errors
///
/// [`FitError::UnknownTerm`] for a kept term, and those of [`Logistic`] (or [`Cox`](crate::survival::Cox)) for a model that
/// is gone through. A candidate to enter whose own model has no estimate is passed over.
///
/// ## Source
///
/// Hosmer, Lemeshow and Sturdivant, Applied Logistic Regression (2013), section 4.2; Harrell, Regression Modeling
/// Strategies (2015), section 4.3, on what it costs.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// Where it begins.
    pub direction: Direction,
    /// What decides on a step.
    pub criterion: Criterion,
    /// Names of terms that are always in the model.
    pub keep: Vec<String>,
    /// The settings of each fit of a logistic model.
    pub fit: Logistic,
}

/// Where a selection begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// With the kept terms.
    Forward,
    /// With all terms.
    Backward,
}

/// What decides on a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Criterion {
    /// The lowest AIC, terms only entering or only leaving.
    Aic,
    /// The lowest AIC, terms entering and leaving at every step.
    AicBothWays,
    /// p-values of terms.
    PValue {
        /// How a term outside is tested.
        entry: EntryTest,
        /// How a term inside is tested.
        removal: RemovalTest,
        /// A term enters with a p-value below this.
        enter: f64,
        /// A term leaves with a p-value above this.
        remove: f64,
    },
}

/// How a term outside the model is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryTest {
    /// Rao's score test at the model without it, which needs no further fit (SPSS).
    Score,
    /// The likelihood ratio of the models with and without it.
    LikelihoodRatio,
    /// Its coefficients in the model with it, against their covariance.
    Wald,
}

/// How a term inside the model is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RemovalTest {
    /// The likelihood ratio of the models with and without it.
    LikelihoodRatio,
    /// Its coefficients against their covariance.
    Wald,
    /// Rao's score test at the model without it.
    Score,
}

/// A selected model with the way to it.
#[derive(Clone, Debug)]
pub struct Selected<F> {
    /// The steps, in their order.
    pub path: Vec<Step>,
    /// Names of the terms selected, the intercept not among them, in the order of the design.
    pub terms: Vec<String>,
    /// The model of these terms.
    pub fit: F,
}

/// One step of a selection.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// Whether the term entered or left.
    pub change: Change,
    /// The term.
    pub term: String,
    /// Its test; the likelihood ratio where AIC decided.
    pub test: TermChiSquare,
    /// AIC of the model after the step.
    pub aic: f64,
    /// Log-likelihood of the model after the step.
    pub log_likelihood: f64,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Change {
    /// The term came in.
    Entered,
    /// The term went out.
    Left,
}

/// A term by itself.
#[derive(Clone, Debug)]
pub struct Univariable<F, E> {
    /// The term.
    pub term: String,
    /// The model of this term alone (with an intercept where the design has one), or why it has no estimate.
    pub fit: Result<F, E>,
}

/// A term that may move, with the test of its move.
struct Candidate {
    term: usize,
    test: TermChiSquare,
}

impl Selection {
    /// SPSS's FORWARD: entry by the score test below 0.05, removal above 0.1.
    #[must_use]
    pub fn forward(removal: RemovalTest) -> Self {
        Self::by_p_values(Direction::Forward, removal)
    }

    /// SPSS's BACKWARD: removal above 0.1, entry by the score test below 0.05.
    #[must_use]
    pub fn backward(removal: RemovalTest) -> Self {
        Self::by_p_values(Direction::Backward, removal)
    }

    /// By AIC.
    #[must_use]
    pub fn aic(direction: Direction) -> Self {
        Self { direction, criterion: Criterion::Aic, keep: Vec::new(), fit: Logistic::default() }
    }

    /// By AIC, terms entering and leaving at every step, whatever it begins with.
    #[must_use]
    pub fn aic_both_ways(start: Direction) -> Self {
        Self { criterion: Criterion::AicBothWays, ..Self::aic(start) }
    }

    fn by_p_values(direction: Direction, removal: RemovalTest) -> Self {
        let criterion = Criterion::PValue { entry: EntryTest::Score, removal, enter: 0.05, remove: 0.1 };
        Self { direction, criterion, keep: Vec::new(), fit: Logistic::default() }
    }

    /// Selects among the terms of a design for a logistic model.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run<'a>(&self, design: &'a Design, outcome: Outcome<'a>) -> Result<Selected<LogisticFit<'a>>, FitError> {
        let (path, inside, fit) = self.select(&self.fit.candidates(design, outcome)?)?;
        Ok(Selected { path, terms: names(design, &inside), fit })
    }

    /// The path, the terms inside at its end, and their fit.
    #[expect(clippy::type_complexity, reason = "a triple, taken apart at once")]
    pub(crate) fn select<C: Candidates>(&self, of: &C) -> Result<(Vec<Step>, Vec<bool>, C::Fit), C::Error> {
        let design = of.design();
        let kept = kept(design, &self.keep)?;
        let mut inside: Vec<bool> = match self.direction {
            Direction::Forward => kept.clone(),
            Direction::Backward => vec![true; kept.len()],
        };
        let mut seen = vec![inside.clone()];
        let mut path: Vec<Step> = Vec::new();
        let mut fit = of.fit(&inside)?;
        loop {
            let removable = |term: &usize| inside[*term] && !kept[*term] && !is_needed(design, *term, &inside);
            let enterable = |term: &usize| !inside[*term] && has_its_parts(design, *term, &inside);
            let removals = |test| tests(of, &inside, &fit, (0..kept.len()).filter(removable), Move::Out(test));
            let entries = |test| tests(of, &inside, &fit, (0..kept.len()).filter(enterable), Move::In(test));
            let step = match self.criterion {
                Criterion::Aic | Criterion::AicBothWays => {
                    let both = self.criterion == Criterion::AicBothWays;
                    let mut tested = Vec::new();
                    if both || self.direction == Direction::Backward {
                        tested.extend(removals(RemovalTest::LikelihoodRatio)?);
                    }
                    if both || self.direction == Direction::Forward {
                        tested.extend(entries(EntryTest::LikelihoodRatio)?);
                    }
                    // AIC changes by chi-square less twice the degrees of freedom, one way or the other.
                    let gain = |candidate: &Candidate| {
                        let fall = candidate.test.chi_square - 2.0 * candidate.test.df as f64;
                        if inside[candidate.term] { -fall } else { fall }
                    };
                    let best = tested.into_iter().reduce(|a, b| if gain(&b) > gain(&a) { b } else { a });
                    best.filter(|best| gain(best) > 0.0)
                }
                Criterion::PValue { entry, removal, enter, remove } => {
                    let mut step = None;
                    if self.direction == Direction::Backward || !path.is_empty() {
                        let tested = removals(removal)?;
                        step = tested.into_iter().reduce(|a, b| if b.test.p_value > a.test.p_value { b } else { a });
                        step = step.filter(|step| step.test.p_value > remove);
                    }
                    if step.is_none() && (self.direction == Direction::Forward || !path.is_empty()) {
                        let tested = entries(entry)?;
                        step = tested.into_iter().reduce(|a, b| if b.test.p_value < a.test.p_value { b } else { a });
                        step = step.filter(|step| step.test.p_value < enter);
                    }
                    step
                }
            };
            let Some(Candidate { term, test }) = step else { break };
            let mut next = inside.clone();
            next[term] = !next[term];
            if seen.contains(&next) {
                break;
            }
            fit = of.fit(&next)?;
            let log_likelihood = of.log_likelihood(&fit);
            path.push(Step {
                change: if next[term] { Change::Entered } else { Change::Left },
                term: design.terms()[term].name.clone(),
                test,
                aic: 2.0 * (columns(design, &next) as f64 - log_likelihood),
                log_likelihood,
            });
            seen.push(next.clone());
            inside = next;
        }
        Ok((path, inside, fit))
    }
}

/// A move of a term, and how it is tested.
#[derive(Clone, Copy)]
pub(crate) enum Move {
    In(EntryTest),
    Out(RemovalTest),
}

/// The tests of some terms' moves. One that would enter a model without an estimate is left out.
fn tests<C: Candidates>(
    of: &C,
    inside: &[bool],
    fit: &C::Fit,
    terms: impl Iterator<Item = usize>,
    by: Move,
) -> Result<Vec<Candidate>, C::Error> {
    let mut tested = Vec::new();
    for term in terms {
        match (test(of, inside, fit, term, by), by) {
            (Ok(test), _) => tested.push(Candidate { term, test }),
            (Err(error), Move::In(_)) if C::has_no_estimate(&error) => {}
            (Err(error), _) => return Err(error),
        }
    }
    Ok(tested)
}

/// The test of a term's move, given the model that it would leave or enter.
pub(crate) fn test<C: Candidates>(
    of: &C,
    inside: &[bool],
    fit: &C::Fit,
    term: usize,
    by: Move,
) -> Result<TermChiSquare, C::Error> {
    let df = of.design().terms()[term].columns.len();
    let mut other = inside.to_vec();
    other[term] = !other[term];
    let rise = |larger: &C::Fit, smaller: &C::Fit| {
        // Below 0 only by rounding.
        (2.0 * (of.log_likelihood(larger) - of.log_likelihood(smaller))).max(0.0)
    };
    let chi_square = match by {
        Move::In(EntryTest::Score) => of.score_statistic(fit, &other)?,
        Move::In(EntryTest::LikelihoodRatio) => rise(&of.fit(&other)?, fit),
        Move::In(EntryTest::Wald) => of.wald_statistic(&of.fit(&other)?, term)?,
        Move::Out(RemovalTest::Score) => of.score_statistic(&of.fit(&other)?, inside)?,
        Move::Out(RemovalTest::LikelihoodRatio) => rise(fit, &of.fit(&other)?),
        Move::Out(RemovalTest::Wald) => of.wald_statistic(fit, term)?,
    };
    Ok(TermChiSquare::of_chi_square(chi_square, df)?)
}

impl Logistic {
    /// Fits some terms of a design, by name, with its intercept if it has one. No column is copied.
    ///
    /// # Errors
    ///
    /// [`FitError::UnknownTerm`], and those of [`Logistic`].
    pub fn fit_terms<'a>(
        &self,
        design: &'a Design,
        outcome: Outcome<'a>,
        terms: &[&str],
    ) -> Result<LogisticFit<'a>, FitError> {
        let names: Vec<String> = terms.iter().map(|&name| name.to_owned()).collect();
        self.candidates(design, outcome)?.fit(&kept(design, &names)?)
    }

    /// Fits each term but the intercept by itself. A term without an estimate says why and stops no other. Interactions
    /// are left out: they mean nothing without their terms.
    ///
    /// # Errors
    ///
    /// Those of the outcome.
    pub fn univariable<'a>(
        &self,
        design: &'a Design,
        outcome: Outcome<'a>,
    ) -> Result<Vec<Univariable<LogisticFit<'a>, FitError>>, FitError> {
        let candidates = self.candidates(design, outcome)?;
        let alone = |term: usize| Univariable {
            term: design.terms()[term].name.clone(),
            fit: candidates.fit(&of_one(design, term)),
        };
        Ok(main_terms(design).map(alone).collect())
    }
}

/// The terms that are always inside: the intercept and those named.
pub(crate) fn kept(design: &Design, names: &[String]) -> Result<Vec<bool>, FitError> {
    for name in names {
        design.term(name)?;
    }
    let is_kept = |term: &super::Term| term.coding == Coding::Intercept || names.contains(&term.name);
    Ok(design.terms().iter().map(is_kept).collect())
}

/// The intercept and one term.
pub(crate) fn of_one(design: &Design, one: usize) -> Vec<bool> {
    let terms = design.terms().iter().enumerate();
    terms.map(|(term, of)| term == one || of.coding == Coding::Intercept).collect()
}

/// The terms that mean something by themselves.
pub(crate) fn main_terms(design: &Design) -> impl Iterator<Item = usize> {
    let alone = |coding: &Coding| !matches!(coding, Coding::Intercept | Coding::Interaction { .. });
    (0..design.terms().len()).filter(move |&term| alone(&design.terms()[term].coding))
}

/// The names of the terms inside, the intercept not among them.
pub(crate) fn names(design: &Design, inside: &[bool]) -> Vec<String> {
    let terms = design.terms().iter().zip(inside).filter(|&(term, &is)| is && term.coding != Coding::Intercept);
    terms.map(|(term, _)| term.name.clone()).collect()
}

/// How many columns the terms inside have.
fn columns(design: &Design, inside: &[bool]) -> usize {
    design.terms().iter().zip(inside).filter(|&(_, &is)| is).map(|(term, _)| term.columns.len()).sum()
}

/// Whether an interaction inside is made of the term.
fn is_needed(design: &Design, term: usize, inside: &[bool]) -> bool {
    let name = &design.terms()[term].name;
    design.terms().iter().zip(inside).any(|(other, &inside)| match &other.coding {
        Coding::Interaction { first, second } => inside && (first == name || second == name),
        _ => false,
    })
}

/// Whether an interaction's terms are inside; true for what is no interaction.
fn has_its_parts(design: &Design, term: usize, inside: &[bool]) -> bool {
    let is_inside =
        |name: &String| design.terms().iter().zip(inside).any(|(other, &inside)| inside && other.name == *name);
    match &design.terms()[term].coding {
        Coding::Interaction { first, second } => is_inside(first) && is_inside(second),
        _ => true,
    }
}
