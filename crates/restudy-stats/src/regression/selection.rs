use super::coefficient::TermChiSquare;
use super::data::{Model, Outcome};
use super::logistic::{Logistic, LogisticFit};
use super::{Coding, Design, FitError};

/// Which terms of a design go into a logistic model? Stepwise selection as statistics packages know it, with its path.
///
/// ## Procedure
///
/// Forward begins with the terms that are kept, backward with all. At each step, with [`Criterion::PValue`], the term
/// inside with the largest p-value leaves if that is above `remove`; otherwise the term outside with the smallest
/// p-value enters if that is below `enter`. Forward looks for terms to remove only after an entry, and backward for
/// terms to enter only after a removal. With [`Criterion::Aic`], the step in the direction that lowers AIC most is taken,
/// while there is one. A term moves with all its columns. Interactions enter after both of their terms and leave before
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
///
/// ## Errors
///
/// [`FitError::UnknownTerm`] for a kept term, and those of [`Logistic`] for a model that is gone through. A candidate to
/// enter whose own model has no estimate is passed over.
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
    /// The settings of each fit.
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
    /// The lowest AIC.
    Aic,
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
}

/// How a term inside the model is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RemovalTest {
    /// The likelihood ratio of the models with and without it.
    LikelihoodRatio,
    /// Its coefficients against their covariance.
    Wald,
}

/// A selected model with the way to it.
#[derive(Clone, Debug)]
pub struct Selected<'a> {
    /// The steps, in their order.
    pub path: Vec<Step>,
    /// Names of the terms selected, the intercept not among them, in the order of the design.
    pub terms: Vec<String>,
    /// The model of these terms.
    pub fit: LogisticFit<'a>,
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
pub struct Univariable<'a> {
    /// The term.
    pub term: String,
    /// The model of the intercept and this term, or why it has no estimate.
    pub fit: Result<LogisticFit<'a>, FitError>,
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

    fn by_p_values(direction: Direction, removal: RemovalTest) -> Self {
        let criterion = Criterion::PValue { entry: EntryTest::Score, removal, enter: 0.05, remove: 0.1 };
        Self { direction, criterion, keep: Vec::new(), fit: Logistic::default() }
    }

    /// Selects among the terms of a design.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run<'a>(&self, design: &'a Design, outcome: Outcome<'a>) -> Result<Selected<'a>, FitError> {
        for name in &self.keep {
            design.term(name)?;
        }
        let whole = Model::new(design, outcome)?;
        let kept = |term: usize| {
            let term = &design.terms()[term];
            term.coding == Coding::Intercept || self.keep.contains(&term.name)
        };
        let mut inside: Vec<bool> =
            (0..design.terms().len()).map(|term| self.direction == Direction::Backward || kept(term)).collect();
        let mut seen = vec![inside.clone()];
        let mut path: Vec<Step> = Vec::new();
        let mut fit = self.fit.fit_model(of_terms(&whole, &inside))?;
        loop {
            let removable = |term: &usize| inside[*term] && !kept(*term) && !is_needed(design, *term, &inside);
            let enterable = |term: &usize| !inside[*term] && has_its_parts(design, *term, &inside);
            let last = path.last().map(|step| step.change);
            let step = match self.criterion {
                Criterion::Aic => self.step_by_aic(&whole, &inside, &fit, &removable, &enterable)?,
                Criterion::PValue { entry, removal, enter, remove } => {
                    let may_leave = self.direction == Direction::Backward || last.is_some();
                    let may_enter = self.direction == Direction::Forward || last.is_some();
                    let mut step = None;
                    if may_leave {
                        let tested = self.removals(&whole, &inside, &fit, removal, &removable)?;
                        step = tested.into_iter().reduce(|a, b| if b.test.p_value > a.test.p_value { b } else { a });
                        step = step.filter(|step| step.test.p_value > remove);
                    }
                    if step.is_none() && may_enter {
                        let tested = self.entries(&whole, &inside, &fit, entry, &enterable)?;
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
            fit = self.fit.fit_model(of_terms(&whole, &next))?;
            path.push(Step {
                change: if next[term] { Change::Entered } else { Change::Left },
                term: design.terms()[term].name.clone(),
                test,
                aic: fit.aic(),
                log_likelihood: fit.log_likelihood(),
            });
            seen.push(next.clone());
            inside = next;
        }
        let terms = design.terms().iter().zip(&inside).filter(|&(term, &is)| is && term.coding != Coding::Intercept);
        Ok(Selected { path, terms: terms.map(|(term, _)| term.name.clone()).collect(), fit })
    }

    fn step_by_aic(
        &self,
        whole: &Model<'_>,
        inside: &[bool],
        fit: &LogisticFit<'_>,
        removable: &impl Fn(&usize) -> bool,
        enterable: &impl Fn(&usize) -> bool,
    ) -> Result<Option<Candidate>, FitError> {
        let tested = match self.direction {
            Direction::Forward => self.entries(whole, inside, fit, EntryTest::LikelihoodRatio, enterable)?,
            Direction::Backward => self.removals(whole, inside, fit, RemovalTest::LikelihoodRatio, removable)?,
        };
        // AIC changes by chi-square less twice the degrees of freedom, one way or the other.
        let sign = if self.direction == Direction::Forward { 1.0 } else { -1.0 };
        let gain = |candidate: &Candidate| sign * (candidate.test.chi_square - 2.0 * candidate.test.df as f64);
        let best = tested.into_iter().reduce(|a, b| if gain(&b) > gain(&a) { b } else { a });
        Ok(best.filter(|best| gain(best) > 0.0))
    }

    fn entries(
        &self,
        whole: &Model<'_>,
        inside: &[bool],
        fit: &LogisticFit<'_>,
        entry: EntryTest,
        enterable: &impl Fn(&usize) -> bool,
    ) -> Result<Vec<Candidate>, FitError> {
        let mut tested = Vec::new();
        for term in (0..inside.len()).filter(enterable) {
            let df = whole.design.terms()[term].columns.len();
            let mut with = inside.to_vec();
            with[term] = true;
            let model = of_terms(whole, &with);
            let test = match entry {
                EntryTest::Score => {
                    let chi_square = model.score_test(fit.names(), fit.coefficients())?;
                    TermChiSquare::of_chi_square(chi_square, df)?
                }
                EntryTest::LikelihoodRatio => match self.fit.fit_model(model) {
                    Ok(larger) => TermChiSquare::new(larger.log_likelihood(), fit.log_likelihood(), df)?,
                    Err(FitError::Separated(_) | FitError::Singular | FitError::NotConverged { .. }) => continue,
                    Err(error) => return Err(error),
                },
            };
            tested.push(Candidate { term, test });
        }
        Ok(tested)
    }

    fn removals(
        &self,
        whole: &Model<'_>,
        inside: &[bool],
        fit: &LogisticFit<'_>,
        removal: RemovalTest,
        removable: &impl Fn(&usize) -> bool,
    ) -> Result<Vec<Candidate>, FitError> {
        let mut tested = Vec::new();
        for term in (0..inside.len()).filter(removable) {
            let columns = whole.design.terms()[term].columns.clone();
            let test = match removal {
                RemovalTest::LikelihoodRatio => {
                    let mut without = inside.to_vec();
                    without[term] = false;
                    let smaller = self.fit.fit_model(of_terms(whole, &without))?;
                    TermChiSquare::new(fit.log_likelihood(), smaller.log_likelihood(), columns.len())?
                }
                RemovalTest::Wald => {
                    let df = columns.len();
                    let names: Vec<&str> = columns.map(|column| whole.design.column_names()[column].as_str()).collect();
                    TermChiSquare::of_chi_square(fit.wald_chi_square(&names)?, df)?
                }
            };
            tested.push(Candidate { term, test });
        }
        Ok(tested)
    }
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
        for name in terms {
            design.term(name)?;
        }
        let whole = Model::new(design, outcome)?;
        let inside: Vec<bool> = (design.terms().iter())
            .map(|term| term.coding == Coding::Intercept || terms.contains(&term.name.as_str()))
            .collect();
        self.fit_model(of_terms(&whole, &inside))
    }

    /// Fits each term but the intercept by itself. A term without an estimate says why and stops no other. Interactions
    /// are left out: they mean nothing without their terms.
    ///
    /// # Errors
    ///
    /// Those of the outcome.
    pub fn univariable<'a>(&self, design: &'a Design, outcome: Outcome<'a>) -> Result<Vec<Univariable<'a>>, FitError> {
        Model::new(design, outcome)?;
        let alone = |coding: &Coding| !matches!(coding, Coding::Intercept | Coding::Interaction { .. });
        let terms = design.terms().iter().filter(|term| alone(&term.coding));
        let fits = terms
            .map(|term| Univariable { term: term.name.clone(), fit: self.fit_terms(design, outcome, &[&term.name]) });
        Ok(fits.collect())
    }
}

/// The columns of the terms inside.
fn of_terms<'a>(whole: &Model<'a>, inside: &[bool]) -> Model<'a> {
    let terms = whole.design.terms().iter().zip(inside).filter(|&(_, &inside)| inside);
    whole.with_columns(terms.flat_map(|(term, _)| term.columns.clone()).collect())
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
