use super::design::Design;
use super::{ImputationError, categories, matching};
use crate::resample::{Resampling, Stream};

/// Missing values filled several times over, each variable from all others in turn: multiple imputation by chained
/// equations (fully conditional specification).
///
/// ## Formula
///
/// Each imputation is a chain of its own. Gaps are first filled with observed values at random; then, in each iteration and
/// for each incomplete variable in the order given, a model of it on all others is fitted to the rows that have it,
/// coefficients are drawn from their approximate posterior, and the gaps are filled anew:
///
/// | scale | model |
/// |---|---|
/// | [`Continuous`](Scale::Continuous) | predictive mean matching: σ² = RSS/χ², β ~ N(β̂, σ²(X'X)⁻¹) |
/// | [`Binary`](Scale::Binary) | logistic, β drawn as N(β̂, I⁻¹) |
/// | [`Nominal`](Scale::Nominal) | multinomial logistic, likewise |
/// | [`Ordered`](Scale::Ordered) | proportional odds, likewise |
///
/// By predictive mean matching a gap gets the value of one of the donors, the rows whose x'β̂ is nearest to its x'β.
///
/// ## Input
///
/// Every variable of the later analysis, its outcome too, and what helps to predict what is missing or that it is; of a
/// time to an event, the indicator and the Nelson–Aalen cumulative hazard at the time (White and Royston 2009). What is
/// missing is taken to be so at random, given the others.
///
/// ## Result
///
/// [`Imputations`]: the values, the patterns of what is missing, and the course of each variable's mean and standard
/// deviation, by which convergence is judged: the chains should mingle, without a trend.
///
/// ## Conventions
///
/// R: `mice(data, m, maxit, method = c("pmm", "logreg", "polyreg", "polr"), donors = 5)`, with which it agrees in
/// distribution; the values differ, as they do between two seeds of mice. The diagonal of X'X is raised by 1e-5, as in
/// mice. Categories are kept from separating by the rows that White, Daniel and Royston (2010) add. mice's `polyreg` and
/// `polr` do not draw their coefficients; here they are drawn, which Rubin's rules assume. A predictor that is constant or
/// determined by those before it is left out of a model, and the result says so.
///
/// ## Errors
///
/// [`ImputationError`]: fewer than two variables, columns of different lengths, values that are not finite or no level, a
/// variable hardly ever observed, a model without a fit, a setting of 0.
///
/// ## Example
///
/// ```
/// use restudy_stats::imputation::{ChainedEquations, Scale, Variable};
///
/// let x: Vec<Option<f64>> = (0..30).map(|i| (i % 7 != 3).then_some(f64::from(i))).collect();
/// let y: Vec<Option<f64>> = (0..30).map(|i| Some(f64::from(i * i % 11))).collect();
/// let variables = [
///     Variable { scale: Scale::Continuous, values: &x },
///     Variable { scale: Scale::Continuous, values: &y },
/// ];
/// let imputations = ChainedEquations { imputations: 5, ..ChainedEquations::default() }.run(&variables)?;
/// assert_eq!(imputations.imputed[0].rows, [3, 10, 17, 24]);
/// assert_eq!(imputations.complete(&variables, 0)[0].len(), 30);
/// # Ok::<(), restudy_stats::imputation::ImputationError>(())
/// ```
///
/// ## Source
///
/// van Buuren, Flexible Imputation of Missing Data, 2nd edition, CRC 2018, chapters 3 and 4; White, Royston and Wood,
/// Statistics in Medicine 30 (2011) 377–399; White, Daniel and Royston, Computational Statistics and Data Analysis 54
/// (2010) 2267–2275.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChainedEquations {
    /// m, the completed data sets; as many as per cent of the rows are incomplete is a usual rule.
    pub imputations: u32,
    /// Rounds of each chain.
    pub iterations: u32,
    /// Donors of a continuous value.
    pub donors: u32,
    /// The seed; imputation i draws from stream i of [`Resampling`].
    pub seed: u64,
}

impl Default for ChainedEquations {
    fn default() -> Self {
        Self { imputations: 20, iterations: 10, donors: 5, seed: 1 }
    }
}

/// What a variable measures, and so the model of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scale {
    /// Numbers.
    Continuous,
    /// 0 and 1.
    Binary,
    /// Codes 0, 1, … of levels without an order.
    Nominal {
        /// How many.
        levels: usize,
    },
    /// Codes 0, 1, … of levels in their order.
    Ordered {
        /// How many.
        levels: usize,
    },
}

impl Scale {
    fn levels(self) -> Option<usize> {
        match self {
            Self::Continuous => None,
            Self::Binary => Some(2),
            Self::Nominal { levels } | Self::Ordered { levels } => Some(levels),
        }
    }
}

/// A variable of the table.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Variable<'a> {
    /// What it measures.
    pub scale: Scale,
    /// Its values, row by row; codes of levels counted from 0.
    pub values: &'a [Option<f64>],
}

/// Rows in which the same variables are missing.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct MissingPattern {
    /// Whether each variable is known.
    pub observed: Vec<bool>,
    /// How many rows.
    pub rows: usize,
}

/// The course of the imputed values of a variable: by imputation, then by iteration.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Trace {
    /// Their mean; that of the codes of levels.
    pub mean: Vec<Vec<f64>>,
    /// Their standard deviation; 0 of a single value.
    pub sd: Vec<Vec<f64>>,
}

/// The imputed values of a variable.
#[derive(Clone, Debug, PartialEq)]
pub struct Imputed {
    /// The variable.
    pub variable: usize,
    /// The rows in which it is missing.
    pub rows: Vec<usize>,
    /// By imputation, a value for each of the rows.
    pub values: Vec<Vec<f64>>,
    /// Their course.
    pub trace: Trace,
}

/// Several completions of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Imputations {
    /// The settings, the seed among them.
    pub settings: ChainedEquations,
    /// Each incomplete variable.
    pub imputed: Vec<Imputed>,
    /// What is missing together, the most frequent pattern first.
    pub patterns: Vec<MissingPattern>,
    /// Pairs of a variable and a predictor of which something was left out of its model, at least once.
    pub left_out: Vec<(usize, usize)>,
}

impl Imputations {
    /// The columns of a completed table; those of the variables as given where the imputation does not exist, gaps NaN.
    #[must_use]
    pub fn complete(&self, variables: &[Variable<'_>], imputation: usize) -> Vec<Vec<f64>> {
        let mut columns: Vec<Vec<f64>> = variables
            .iter()
            .map(|variable| variable.values.iter().map(|value| value.unwrap_or(f64::NAN)).collect())
            .collect();
        for imputed in &self.imputed {
            if let (Some(column), Some(values)) = (columns.get_mut(imputed.variable), imputed.values.get(imputation)) {
                for (&row, &value) in imputed.rows.iter().zip(values) {
                    column[row] = value;
                }
            }
        }
        columns
    }
}

impl ChainedEquations {
    /// Fills the gaps.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, variables: &[Variable<'_>]) -> Result<Imputations, ImputationError> {
        self.check(variables)?;
        let gaps: Vec<Gap> = (0..variables.len()).map(|place| Gap::of(place, variables[place].values)).collect();
        let gaps: Vec<Gap> = gaps.into_iter().filter(|gap| !gap.missing.is_empty()).collect();
        let resampling = Resampling { replicates: self.imputations, seed: self.seed };
        let chains = resampling.each(|| (), |(), stream| self.chain(variables, &gaps, stream));
        let chains = chains.into_iter().collect::<Result<Vec<Chain>, ImputationError>>()?;
        let mut left_out: Vec<(usize, usize)> =
            chains.iter().flat_map(|chain| chain.left_out.iter().copied()).collect();
        left_out.sort_unstable();
        left_out.dedup();
        let imputed = gaps
            .iter()
            .enumerate()
            .map(|(place, gap)| Imputed {
                variable: gap.variable,
                rows: gap.missing.clone(),
                values: chains
                    .iter()
                    .map(|chain| gap.missing.iter().map(|&row| chain.table[gap.variable][row]).collect())
                    .collect(),
                trace: Trace {
                    mean: chains.iter().map(|chain| chain.moments[place].iter().map(|at| at.0).collect()).collect(),
                    sd: chains.iter().map(|chain| chain.moments[place].iter().map(|at| at.1).collect()).collect(),
                },
            })
            .collect();
        Ok(Imputations { settings: *self, imputed, patterns: patterns(variables), left_out })
    }

    fn check(&self, variables: &[Variable<'_>]) -> Result<(), ImputationError> {
        for (setting, value) in
            [("imputations", self.imputations), ("iterations", self.iterations), ("donors", self.donors)]
        {
            if value == 0 {
                return Err(ImputationError::Setting { setting });
            }
        }
        if variables.len() < 2 {
            return Err(ImputationError::TooFewVariables { found: variables.len() });
        }
        let needed = variables[0].values.len();
        for (place, variable) in variables.iter().enumerate() {
            if variable.values.len() != needed {
                return Err(ImputationError::Length { position: place, found: variable.values.len(), needed });
            }
            variable.check(place, self.donors)?;
        }
        Ok(())
    }

    /// One imputation.
    fn chain(&self, variables: &[Variable<'_>], gaps: &[Gap], stream: &mut Stream) -> Result<Chain, ImputationError> {
        let mut table: Vec<Vec<f64>> = variables
            .iter()
            .map(|variable| variable.values.iter().map(|value| value.unwrap_or(0.0)).collect())
            .collect();
        for gap in gaps {
            for &row in &gap.missing {
                table[gap.variable][row] =
                    table[gap.variable][gap.known[stream.below(gap.known.len() as u32) as usize]];
            }
        }
        let mut moments = vec![Vec::with_capacity(self.iterations as usize); gaps.len()];
        let mut left_out = Vec::new();
        for _ in 0..self.iterations {
            for (gap, moments) in gaps.iter().zip(&mut moments) {
                let target = gap.variable;
                let design = Design::of(target, variables, &table, &gap.known);
                let rows = (gap.known.as_slice(), gap.missing.as_slice());
                let scale = variables[target].scale;
                let filled = match scale.levels() {
                    None => matching::impute(target, &table[target], &design, rows, self.donors, stream)?,
                    Some(levels) => {
                        let ordered = matches!(scale, Scale::Ordered { .. });
                        categories::impute(target, &table[target], (levels, ordered), &design, rows, stream)?
                    }
                };
                moments.push(mean_and_sd(&filled));
                for (&row, value) in gap.missing.iter().zip(filled) {
                    table[target][row] = value;
                }
                left_out.extend(design.left_out.iter().map(|&predictor| (target, predictor)));
            }
            left_out.sort_unstable();
            left_out.dedup();
        }
        Ok(Chain { table, moments, left_out })
    }
}

impl Variable<'_> {
    fn check(&self, place: usize, donors: u32) -> Result<(), ImputationError> {
        let levels = self.scale.levels();
        if let Some(levels) = levels.filter(|levels| *levels < 2) {
            return Err(ImputationError::TooFewLevels { variable: place, levels });
        }
        let mut found = 0;
        for (position, value) in self.values.iter().enumerate() {
            let Some(value) = *value else { continue };
            if !value.is_finite() {
                return Err(ImputationError::NotFinite { variable: place, position });
            }
            if let Some(levels) = levels.filter(|levels| !(0..*levels).any(|code| code as f64 == value)) {
                return Err(ImputationError::UnknownLevel { variable: place, position, levels });
            }
            found += 1;
        }
        let needed = if levels.is_none() { donors as usize } else { 2 };
        if found < needed && found < self.values.len() {
            return Err(ImputationError::TooFewObserved { variable: place, found, needed });
        }
        Ok(())
    }
}

/// An incomplete variable: the rows that have it, and those that do not.
struct Gap {
    variable: usize,
    known: Vec<usize>,
    missing: Vec<usize>,
}

impl Gap {
    fn of(variable: usize, values: &[Option<f64>]) -> Self {
        let (known, missing) = (0..values.len()).partition(|&row| values[row].is_some());
        Self { variable, known, missing }
    }
}

/// One imputation, and its course: mean and standard deviation of what was filled in, by gap and iteration.
struct Chain {
    table: Vec<Vec<f64>>,
    moments: Vec<Vec<(f64, f64)>>,
    left_out: Vec<(usize, usize)>,
}

fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| value - mean).map(|x| x * x).sum();
    (mean, if values.len() > 1 { (squares / (n - 1.0)).sqrt() } else { 0.0 })
}

fn patterns(variables: &[Variable<'_>]) -> Vec<MissingPattern> {
    let rows = variables.first().map_or(0, |variable| variable.values.len());
    let mut seen: std::collections::BTreeMap<Vec<bool>, usize> = std::collections::BTreeMap::new();
    for row in 0..rows {
        *seen.entry(variables.iter().map(|variable| variable.values[row].is_some()).collect()).or_default() += 1;
    }
    let mut patterns: Vec<MissingPattern> =
        seen.into_iter().map(|(observed, rows)| MissingPattern { observed, rows }).collect();
    // Complete rows first among patterns as frequent as each other.
    patterns.sort_by(|a, b| b.rows.cmp(&a.rows).then_with(|| b.observed.cmp(&a.observed)));
    patterns
}
