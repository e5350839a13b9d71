use super::FitError;

/// Which rows have a value of every variable of a model, and what each variable costs.
///
/// A model takes finite numbers only. Before its columns are made, this counts what is missing, so that the rows used and
/// those excluded, variable by variable, can be reported (STROBE, item 12c).
///
/// ## Input
///
/// For each variable, the outcome included, its name and whether it is known in each row.
///
/// ## Errors
///
/// [`FitError::Length`] for a variable of another length. That no row is complete is no error here: [`Design`](super::Design)
/// says so where it is built, and the counts say why.
///
/// ## Example
///
/// ```
/// use restudy_stats::regression::CompleteCases;
///
/// let (age, crp) = ([true, true, false, true], [true, false, false, true]);
/// let complete = CompleteCases::of(4, &[("age", &age), ("crp", &crp)])?;
/// assert_eq!((complete.rows(), complete.excluded()), (&[0, 3][..], 2));
/// // C-reactive protein is missing twice, once where nothing else is.
/// assert_eq!((complete.variables()[1].missing, complete.variables()[1].alone), (2, 1));
/// assert_eq!(complete.pick(&["a", "b", "c", "d"]), ["a", "d"]);
/// # Ok::<(), restudy_stats::regression::FitError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompleteCases {
    given: usize,
    rows: Vec<usize>,
    variables: Vec<MissingValues>,
}

/// How many rows a variable excludes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MissingValues {
    /// The variable.
    pub name: String,
    /// Rows in which it is missing.
    pub missing: usize,
    /// Rows in which nothing else is: what leaving it out would give back.
    pub alone: usize,
}

impl CompleteCases {
    /// Counts the rows by what is known in them.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn of(rows: usize, variables: &[(&str, &[bool])]) -> Result<Self, FitError> {
        for (name, known) in variables {
            if known.len() != rows {
                return Err(FitError::Length { name: (*name).to_owned(), rows, found: known.len() });
            }
        }
        let mut complete = Vec::new();
        let none = |&(name, _): &(&str, _)| MissingValues { name: name.to_owned(), missing: 0, alone: 0 };
        let mut counts: Vec<MissingValues> = variables.iter().map(none).collect();
        for row in 0..rows {
            let missing: Vec<usize> = (0..variables.len()).filter(|&k| !variables[k].1[row]).collect();
            for &k in &missing {
                counts[k].missing += 1;
                counts[k].alone += usize::from(missing.len() == 1);
            }
            if missing.is_empty() {
                complete.push(row);
            }
        }
        Ok(Self { given: rows, rows: complete, variables: counts })
    }

    /// The complete rows, ascending.
    #[must_use]
    pub fn rows(&self) -> &[usize] {
        &self.rows
    }

    /// How many rows are not.
    #[must_use]
    pub fn excluded(&self) -> usize {
        self.given - self.rows.len()
    }

    /// What each variable excludes, in the order in which they were given.
    #[must_use]
    pub fn variables(&self) -> &[MissingValues] {
        &self.variables
    }

    /// The values of a column in the complete rows.
    ///
    /// # Panics
    ///
    /// When the column is shorter than the rows that were counted.
    #[must_use]
    pub fn pick<T: Copy>(&self, column: &[T]) -> Vec<T> {
        self.rows.iter().map(|&row| column[row]).collect()
    }
}
