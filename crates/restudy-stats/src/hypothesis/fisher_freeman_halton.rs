use super::exact_tables::{Budget, LogFactorials, mass_up_to};
use super::random_tables::RandomTables;
use super::{CountTable, Procedure, Remark, TableNull, TestResult};
use crate::descriptive::clopper_pearson;
use crate::{Alternative, Level, TestError};

/// Are rows and columns of a table independent? Fisher's exact test for tables of any size (Fisher–Freeman–Halton).
///
/// ## Hypotheses
///
/// H₀: rows and columns are independent. Alternative: they are not.
///
/// ## Formula
///
/// ```text
/// P(T) = ∏ rowᵢ! ∏ columnⱼ! / (n! ∏ xᵢⱼ!)        for each table T with the margins observed
/// p    = Σ P(T) over the T with P(T) ≤ (1 + 10⁻⁷) P(observed)
/// ```
///
/// Beyond the reach of the exact sum, p = (k + 1)/(samples + 1), where k of the tables drawn at random are no likelier
/// than the one observed.
///
/// ## Input
///
/// A [`CountTable`] with two rows and two columns at least, none of them empty, at most 4,000,000 counts in all. Neither
/// the order of rows and columns nor which is which matters.
///
/// ## Result
///
/// No statistic and no estimate. The procedure says whether p is exact; if it is not, [`Remark::MonteCarlo`] holds the
/// seed, the counts, and the Clopper–Pearson interval of the exact p.
///
/// ## Conventions
///
/// R: `fisher.test(table)`, which stops with an error (`LDSTP`, `LDKEY`, `FEXACT error`) or runs for minutes on skewed
/// tables such as 4×5 with 200 counts, and merges probabilities that differ by less than a relative 3.5e-7, which moves p
/// by up to 1e-9. SPSS: "Fisher–Freeman–Halton exact test". SciPy from 1.15 on: `fisher_exact(table)`, always by
/// simulation. For 2×2 this is [`FisherExact`](super::FisherExact) with its default rule.
///
/// Simulated: R's `simulate.p.value = TRUE` is (k + 1)/(samples + 1) too, SPSS prints k/samples.
///
/// ## Errors
///
/// [`TestError::EmptyMargin`]; [`TestError::TooManyCounts`]; [`TestError::TooLargeForExact`] when
/// [`TableNullChoice::Exact`] is asked for and the sum would cost more than `steps`.
///
/// ## Example
///
/// Job satisfaction by income (Agresti 2002, page 57), p = 0.7827:
///
/// ```
/// use restudy_stats::hypothesis::{CountTable, FisherFreemanHalton};
///
/// let table = CountTable::new(4, 4, vec![1, 3, 10, 6, 2, 3, 10, 7, 1, 6, 14, 12, 0, 1, 9, 11])?;
/// let result = FisherFreemanHalton::default().run_on_counts(&table)?;
/// assert_eq!(format!("{:.4}", result.p_value), "0.7827");
/// # Ok::<(), restudy_stats::TestError>(())
/// ```
///
/// ## Source
///
/// Freeman and Halton, Biometrika 38 (1951) 141–149; Mehta and Patel, A network algorithm for performing Fisher's exact
/// test in r × c contingency tables, Journal of the American Statistical Association 78 (1983) 427–434; Patefield,
/// Algorithm AS 159, Applied Statistics 30 (1981) 91–97.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FisherFreemanHalton {
    /// Whether p may be simulated.
    pub null: TableNullChoice,
    /// What the exact sum may cost, in steps of a few nanoseconds. It decides on any machine alike whether p is exact.
    pub steps: u64,
    /// Tables to draw for a simulated p.
    pub samples: u64,
    /// What the random tables start from.
    pub seed: u64,
    /// The level of the interval of a simulated p.
    pub level: Level,
}

/// Whether a p-value of a table may be simulated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum TableNullChoice {
    /// Exact within the cost allowed, otherwise simulated.
    #[default]
    Auto,
    /// Exact or refused.
    Exact,
    /// Simulated.
    MonteCarlo,
}

impl Default for FisherFreemanHalton {
    /// Exact where it takes some five seconds at most, otherwise 100,000 tables from seed 1 and a 95 % interval.
    fn default() -> Self {
        Self { null: TableNullChoice::Auto, steps: 1 << 29, samples: 100_000, seed: 1, level: Level::NINETY_FIVE }
    }
}

/// The largest table: the factorials up to it take 64 MB.
const LIMIT: u64 = 4_000_000;

/// Entries of lists that the exact sum may hold, 48 MB.
const ENTRIES: usize = 1 << 21;

impl FisherFreemanHalton {
    /// The test on a table of counts.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_counts(&self, table: &CountTable) -> Result<TestResult, TestError> {
        let margins = table.margins()?;
        if margins.total > LIMIT {
            return Err(TestError::TooManyCounts { limit: LIMIT });
        }
        // None is greater than the limit.
        let small = |counts: &[u64]| -> Vec<u32> { counts.iter().map(|&count| count as u32).collect() };
        let (rows, columns, cells) = (small(&margins.rows), small(&margins.columns), small(table.cells()));
        let factorials = LogFactorials::up_to(margins.total as u32);
        // Tables that are equally likely in exact arithmetic must not be told apart by rounding.
        let ln_probability = |cells: &[u32]| factorials.ln_probability(&rows, &columns, cells);
        let ln_bound = ln_probability(&cells) + libm::log1p(1e-7);

        let exact = match self.null {
            TableNullChoice::MonteCarlo => None,
            TableNullChoice::Auto | TableNullChoice::Exact => {
                let budget = Budget { steps: self.steps, entries: ENTRIES };
                mass_up_to(&rows, &columns, ln_bound, &factorials, budget).ok()
            }
        };
        let (null, p_value, remark) = match exact {
            Some(p) => (TableNull::Exact, p.min(1.0), None),
            None if self.null == TableNullChoice::Exact => {
                return Err(TestError::TooLargeForExact { n: margins.total as usize });
            }
            None => {
                let mut tables = RandomTables::new(&margins.rows, &margins.columns, self.seed);
                let mut as_unlikely = 0;
                let mut drawn = Vec::with_capacity(cells.len());
                for _ in 0..self.samples {
                    tables.draw(&mut drawn)?;
                    as_unlikely += u64::from(ln_probability(&small(&drawn)) <= ln_bound);
                }
                let interval = clopper_pearson(as_unlikely, self.samples, self.level)?;
                let p = (as_unlikely as f64 + 1.0) / (self.samples as f64 + 1.0);
                let remark =
                    Remark::MonteCarlo { seed: self.seed, samples: self.samples, as_extreme: as_unlikely, interval };
                (TableNull::MonteCarlo, p, Some(remark))
            }
        };
        Ok(TestResult {
            procedure: Procedure::FisherFreemanHalton { null },
            alternative: Alternative::TwoSided,
            statistic: None,
            p_value,
            estimate: None,
            counts: margins.row_counts(),
            remarks: remark.into_iter().collect(),
        })
    }
}
