//! The published record: the claims of a paper and how they relate.

mod error;
mod fields;
mod read;
mod relations;

pub use error::{Problem, RecordError};
pub(crate) use relations::{
    Contrast, ContrastTest, Correlation, CorrelationMethod, Distribution, Landmark, Model, ModelKind, ModelMode,
    Outcome, Panel, Score, Side, Survival, Term, TestStatistic, Variable,
};

use restudy_ledger::Paper;

use crate::printed::{Content, Decimal, Kind};

/// One printed text of a paper.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedClaim {
    /// Its id, such as `t1.age.p`.
    pub id: String,
    /// Where it stands in the paper.
    pub place: String,
    /// What it is.
    pub kind: Kind,
    /// The text as printed.
    pub printed: String,
    /// The numbers in it.
    pub content: Content,
    /// Where it stands in the record's file, in bytes: the order of the record.
    pub(crate) offset: usize,
}

/// The claims of a paper, and how they relate: what [`Record::audit`] reasons about.
///
/// # The file
///
/// ```
/// let record = restudy_claims::Record::parse("example.toml", r#"
/// [paper]
/// id = "example"
/// title = "An example"
/// citation = "Nobody, nowhere"
///
/// [[group]]                               # who the numbers are about
/// id = "treated"
/// label = "Treated"
/// n = 20
///
/// [[group]]
/// id = "control"
/// label = "Control"
/// n = 20
///
/// [[group]]
/// id = "all"
/// label = "all patients"
/// n = 40
/// parts = ["treated", "control"]          # it is exactly these together
///
/// [[table]]                               # groups compared, row by row
/// id = "t1"
/// label = "Table 1"
/// groups = ["treated", "control"]         # the columns; each row has a cell for each, under the group's id
/// n = { treated = "20", control = "20" }  # the sizes in the head of the table: claims `t1.n.treated`, …
/// tests = { counts = ["fisher-exact"] }   # what the paper says it used, by kind of row
/// adjusted = ["benjamini-hochberg"]       # how it says these p-values were adjusted, together
///
/// [[table.section]]
/// heading = "Smoking"
/// kind = "count-percent"                  # of its rows that name none
/// partition = true                        # each patient is counted in exactly one row
/// row = [
///     { id = "smoker", label = "Smoker", treated = "5 (25%)", control = "8 (40%)", p = "0.501", p_adjusted = "0.501" },
///     { id = "never", label = "Never", treated = "15 (75%)", control = "12 (60%)", p = "0.501", p_adjusted = "0.501" },
/// ]
///
/// [[passage]]                             # what the text says
/// place = "Results"
/// claim = [
///     { id = "res.smokers", label = "smokers", kind = "count", printed = "Thirteen", combines = "t1.smoker" },
/// ]
/// "#)?;
/// assert_eq!(record.audit().conflicts, []);
/// # Ok::<(), restudy_claims::RecordError>(())
/// ```
///
/// Beside these there are `[[score_table]]` (events and non-events at each value of a score) and `[[accuracy]]` (the
/// cut-off, AUC, sensitivity, … of a test), and rows may stand in a `[[table]]` itself. A row may give its own
/// denominators (`n = { treated = 19 }`) where values are missing. The claims of a passage relate to others by
/// `restates` (another claim's id), `combines` (a row's id, over all groups, with a `level` where the row counts
/// several categories), `counts` (a group's id: it is that group's size) and `of` (a group's id: the denominator).
///
/// Where a ledger holds the number behind a claim, for [`Record::claims_table`]: a table, score table or accuracy block
/// names the ledger's `analysis`, whose variables are its rows' ids and whose groups are its groups' labels; a claim of
/// a passage says `obtained`, a path such as `cox/lung#univariable/p_value`, or `table-1/age` alone for the numbers of a
/// mean ± SD.
#[derive(Clone, Debug)]
pub struct Record {
    pub(crate) paper: Paper,
    pub(crate) groups: Vec<Group>,
    pub(crate) claims: Vec<PublishedClaim>,
    pub(crate) tables: Vec<Table>,
    pub(crate) score_tables: Vec<ScoreTable>,
    pub(crate) accuracies: Vec<Accuracy>,
    pub(crate) statements: Vec<Statement>,
    /// Where a ledger holds what stands behind a claim of the text, as a path.
    pub(crate) paths: Vec<(ClaimIndex, String)>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) panels: Vec<Panel>,
    pub(crate) landmarks: Vec<Landmark>,
    pub(crate) correlations: Vec<Correlation>,
    pub(crate) contrasts: Vec<Contrast>,
    pub(crate) models: Vec<Model>,
    pub(crate) survivals: Vec<Survival>,
    pub(crate) scores: Vec<Score>,
    pub(crate) statistics: Vec<TestStatistic>,
}

impl Record {
    /// Reads a published record.
    ///
    /// `file` is the name that errors carry; nothing is opened.
    ///
    /// # Errors
    ///
    /// When the text is not TOML, has a key or name that is not known, an id twice, a link that leads nowhere, or a
    /// printed text that is not of its kind. The error names file, line and column.
    pub fn parse(file: &str, text: &str) -> Result<Self, RecordError> {
        read::read(file, text)
    }

    /// A record of a paper without claims.
    pub(crate) fn empty(paper: Paper) -> Self {
        Self {
            paper,
            groups: Vec::new(),
            claims: Vec::new(),
            tables: Vec::new(),
            score_tables: Vec::new(),
            accuracies: Vec::new(),
            statements: Vec::new(),
            paths: Vec::new(),
            variables: Vec::new(),
            panels: Vec::new(),
            landmarks: Vec::new(),
            correlations: Vec::new(),
            contrasts: Vec::new(),
            models: Vec::new(),
            survivals: Vec::new(),
            scores: Vec::new(),
            statistics: Vec::new(),
        }
    }

    /// The paper.
    #[must_use]
    pub fn paper(&self) -> &Paper {
        &self.paper
    }

    /// Every claim, in the order of the record.
    pub fn claims(&self) -> impl Iterator<Item = &PublishedClaim> {
        let mut claims: Vec<_> = self.claims.iter().collect();
        claims.sort_by_key(|claim| claim.offset);
        claims.into_iter()
    }

    /// The row of a table with that id, the first where several tables have one.
    pub(crate) fn row(&self, id: &str) -> Option<(&Table, &Row)> {
        self.tables.iter().find_map(|table| Some((table, table.rows.iter().find(|row| row.id == id)?)))
    }

    /// Takes over, of the claims of another record, those that the rows and statements of this one speak of, and puts
    /// their places right.
    ///
    /// For a record of tables and statements alone.
    pub(crate) fn keep_used(&mut self, claims: &[PublishedClaim]) {
        let mut places: Vec<&mut ClaimIndex> = Vec::new();
        for row in self.tables.iter_mut().flat_map(|table| &mut table.rows) {
            places.extend(row.cells.iter_mut().map(|cell| &mut cell.claim));
            places.extend(row.p.iter_mut());
            places.extend(row.p_adjusted.iter_mut());
        }
        for statement in &mut self.statements {
            places.push(&mut statement.claim);
            if let Link::Restates(original) = &mut statement.link {
                places.push(original);
            }
        }
        let used: std::collections::BTreeSet<ClaimIndex> = places.iter().map(|place| **place).collect();
        let order: Vec<ClaimIndex> = used.into_iter().collect();
        for place in places {
            // Every place is in the order, which was made from them.
            *place = order.binary_search(place).unwrap_or_default();
        }
        self.claims = order.iter().map(|claim| claims[*claim].clone()).collect();
    }

    /// What is said of the variable of that name.
    pub(crate) fn variable(&self, id: &str) -> Option<&Variable> {
        self.variables.iter().find(|variable| variable.id == id)
    }
}

/// The place of a claim in [`Record::claims`], before they are put in order.
pub(crate) type ClaimIndex = usize;
/// The place of a group in [`Record::groups`].
pub(crate) type GroupIndex = usize;

/// Patients that numbers are about.
#[derive(Clone, Debug)]
pub(crate) struct Group {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) n: u64,
    /// The groups that it is made of, if it is a whole.
    pub(crate) parts: Vec<GroupIndex>,
}

/// A family of tests that a paper names without saying which variant it used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NamedTest {
    TTest,
    MannWhitney,
    ChiSquare,
    FisherExact,
}

impl NamedTest {
    pub(crate) const NAMES: [(&'static str, Self); 4] = [
        ("t-test", Self::TTest),
        ("mann-whitney", Self::MannWhitney),
        ("chi-square", Self::ChiSquare),
        ("fisher-exact", Self::FisherExact),
    ];
}

/// A method by which p-values are adjusted together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Adjustment {
    BenjaminiHochberg,
    BenjaminiYekutieli,
    Holm,
    Bonferroni,
}

impl Adjustment {
    pub(crate) const NAMES: [(&'static str, Self); 4] = [
        ("benjamini-hochberg", Self::BenjaminiHochberg),
        ("benjamini-yekutieli", Self::BenjaminiYekutieli),
        ("holm", Self::Holm),
        ("bonferroni", Self::Bonferroni),
    ];
}

/// What the paper says it tested rows with, by kind of row; empty where it does not say.
#[derive(Clone, Debug, Default)]
pub(crate) struct NamedTests {
    pub(crate) mean_sd: Vec<NamedTest>,
    pub(crate) median_quartiles: Vec<NamedTest>,
    pub(crate) counts: Vec<NamedTest>,
}

/// Groups compared, row by row.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) id: String,
    pub(crate) label: String,
    /// The sizes in its head.
    pub(crate) header: Vec<(GroupIndex, ClaimIndex)>,
    pub(crate) tests: NamedTests,
    pub(crate) adjusted: Vec<Adjustment>,
    pub(crate) rows: Vec<Row>,
    pub(crate) partitions: Vec<Partition>,
    /// The analysis of a ledger that has the same rows.
    pub(crate) analysis: Option<String>,
}

/// Rows that count every patient exactly once.
#[derive(Clone, Debug)]
pub(crate) struct Partition {
    pub(crate) heading: String,
    /// Their places in [`Table::rows`].
    pub(crate) rows: std::ops::Range<usize>,
}

/// One row of a table.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) kind: Kind,
    /// The heading that it stands under.
    pub(crate) heading: Option<String>,
    /// The categories of a row of several counts.
    pub(crate) levels: Vec<String>,
    pub(crate) cells: Vec<Cell>,
    /// The test that the paper names for this row, where it does so row by row.
    pub(crate) test: Option<NamedTest>,
    pub(crate) p: Option<ClaimIndex>,
    pub(crate) p_adjusted: Option<ClaimIndex>,
}

/// What a row says of one group.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cell {
    pub(crate) group: GroupIndex,
    pub(crate) claim: ClaimIndex,
    /// The patients of the group that the row is about.
    pub(crate) n: u64,
}

/// Events and non-events at each value of a score.
#[derive(Clone, Debug)]
pub(crate) struct ScoreTable {
    pub(crate) id: String,
    pub(crate) label: String,
    /// What the score is called.
    pub(crate) score: String,
    pub(crate) events: GroupIndex,
    pub(crate) non_events: GroupIndex,
    pub(crate) percent_of: PercentOf,
    /// The analysis of a ledger that has the same rows.
    pub(crate) analysis: Option<String>,
    /// By ascending score.
    pub(crate) rows: Vec<ScoreRow>,
}

/// What the percentages of a score table are of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PercentOf {
    Row,
    Column,
}

impl PercentOf {
    pub(crate) const NAMES: [(&'static str, Self); 2] = [("row", Self::Row), ("column", Self::Column)];
}

/// The patients with one value of a score.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ScoreRow {
    pub(crate) score: Decimal,
    pub(crate) total: Option<ClaimIndex>,
    pub(crate) events: ClaimIndex,
    pub(crate) non_events: ClaimIndex,
}

/// How well a test tells events from non-events.
#[derive(Clone, Debug)]
pub(crate) struct Accuracy {
    pub(crate) label: String,
    pub(crate) place: String,
    /// The variable whose cut-off it is, where it has no score table.
    pub(crate) marker: Option<String>,
    /// Why the figures are of all patients of the groups, where a reader may doubt it.
    pub(crate) note: Option<String>,
    pub(crate) events: GroupIndex,
    pub(crate) non_events: GroupIndex,
    /// The score table that the figures are of, by its place in [`Record::score_tables`].
    pub(crate) score_table: Option<usize>,
    /// The analysis of a ledger that has them.
    pub(crate) analysis: Option<String>,
    pub(crate) claims: Vec<ClaimIndex>,
}

/// A number in the running text.
#[derive(Clone, Debug)]
pub(crate) struct Statement {
    pub(crate) claim: ClaimIndex,
    /// The denominator of its percentage.
    pub(crate) of: Option<GroupIndex>,
    pub(crate) link: Link,
}

/// How a statement relates to the rest of the record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Link {
    /// Not at all.
    None,
    /// It repeats another claim.
    Restates(ClaimIndex),
    /// It says of all groups together what a row says of each.
    Combines { table: usize, row: usize, level: Option<usize> },
    /// It is the size of a group.
    Counts(GroupIndex),
    /// It is the sum of other counts.
    Sums(Vec<ClaimIndex>),
    /// It is a count of which another is a part.
    Includes(ClaimIndex),
}
