//! A table as a value: what its cells say, apart from how any format writes them.

/// A table with its title and footnotes, ready for any of the renderers: [`Table::to_html`], [`Table::to_markdown`],
/// [`Table::to_csv`], [`Table::to_text`].
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Table {
    /// The title above it.
    pub title: String,
    /// The columns, the first one holding the labels of the lines.
    pub columns: Vec<Column>,
    /// The lines, in order.
    pub lines: Vec<Line>,
    /// The notes below it, in order.
    pub footnotes: Vec<Footnote>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its heading.
    pub heading: Cell,
    /// What it holds.
    pub kind: ColumnKind,
    /// The heading that it shares with the columns beside it that name the same one: the model of an odds ratio.
    pub group: Option<String>,
}

/// What a column holds, for alignment and type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// The label of the line.
    Label,
    /// A summary of a group.
    Summary,
    /// How many patients the line rests on.
    Patients,
    /// A plain number.
    Number,
    /// An estimate with its interval.
    Estimate,
    /// A p-value; headings of such columns begin with P.
    PValue,
    /// Words, broken where they have to be.
    Text,
}

/// A line of a table.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// What the line is.
    pub kind: LineKind,
    /// One cell a column; a heading has one cell, which spans them all.
    pub cells: Vec<Cell>,
    /// A short name by which a page may pick the line out, such as a verdict.
    pub tag: Option<&'static str>,
}

/// What a line of a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// A heading above the lines that follow.
    Heading,
    /// A line of its own.
    Item,
    /// A line that belongs to the item above it.
    Part,
}

/// The text of a cell, with what hangs on it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// What it says.
    pub text: String,
    /// What it says besides, in smaller type: the statistic after a label, the `n` under a summary.
    pub detail: Option<String>,
    /// The marks of its footnotes.
    pub marks: Vec<String>,
    /// The numbers that the text shows, at full precision and in the order of the text; empty for words.
    pub values: Vec<f64>,
}

/// A note below a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Footnote {
    /// The mark that cells refer to it by; none for a note on the whole table.
    pub mark: Option<String>,
    /// What it says.
    pub text: String,
}

/// A cell that says one thing in one table and another in the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The label of the line.
    pub line: String,
    /// The heading of the column.
    pub column: String,
    /// What the cell says in the first table.
    pub before: String,
    /// What it says in the second.
    pub after: String,
}

impl Table {
    /// The cells that differ from another table of the same lines: the same analysis under other conventions.
    ///
    /// Lines and columns are matched by place; what one table has more than the other is compared with nothing. Marks
    /// of footnotes do not count, the notes themselves do.
    #[must_use]
    pub fn changes(&self, other: &Self) -> Vec<Change> {
        let plain = |column: usize, line: Option<&Line>| {
            let kind = self.columns.get(column).map_or(ColumnKind::Text, |column| column.kind);
            line.and_then(|line| line.cells.get(column)).map(|cell| cell.plain(kind)).unwrap_or_default()
        };
        let mut changes = Vec::new();
        let mut item = String::new();
        for (place, line) in self.lines.iter().enumerate() {
            let after = other.lines.get(place);
            let label = line.cells.first().map(|cell| cell.text.trim().to_owned()).unwrap_or_default();
            let name = match line.kind {
                LineKind::Part => format!("{item}: {label}"),
                LineKind::Item | LineKind::Heading => label.clone(),
            };
            if line.kind == LineKind::Item {
                item = label;
            }
            for column in 0..self.columns.len() {
                let (before, after) = (plain(column, Some(line)), plain(column, after));
                if before != after {
                    let Column { heading, group, .. } = &self.columns[column];
                    let heading = match group {
                        Some(group) => format!("{group}: {}", heading.text),
                        None => heading.text.clone(),
                    };
                    changes.push(Change { line: name.clone(), column: heading, before, after });
                }
            }
        }
        changes
    }

    /// The headings that columns share, each with how many it spans; none where a column shares none. Empty where no
    /// column does.
    pub(crate) fn groups(&self) -> Vec<(Option<&str>, usize)> {
        let mut groups: Vec<(Option<&str>, usize)> = Vec::new();
        for column in &self.columns {
            let group = column.group.as_deref();
            match groups.last_mut() {
                Some((last, span)) if *last == group => *span += 1,
                _ => groups.push((group, 1)),
            }
        }
        if groups.iter().any(|(group, _)| group.is_some()) { groups } else { Vec::new() }
    }

    /// Whether any cell of the body of that column bears a mark.
    pub(crate) fn has_marks(&self, column: usize) -> bool {
        self.lines.iter().any(|line| line.cells.get(column).is_some_and(|cell| !cell.marks.is_empty()))
    }
}

impl Column {
    pub(crate) fn new(kind: ColumnKind, heading: impl Into<Cell>) -> Self {
        Self { heading: heading.into(), kind, group: None }
    }

    /// The same column below a heading that it shares with its neighbours.
    pub(crate) fn below(self, group: Option<&str>) -> Self {
        Self { group: group.map(str::to_owned), ..self }
    }

    /// The heading on one line, with the one that it shares in front.
    pub(crate) fn plain_heading(&self) -> String {
        let heading = self.heading.plain(self.kind);
        self.group.as_ref().map_or_else(|| heading.clone(), |group| format!("{group}: {heading}"))
    }
}

impl Line {
    /// A heading that spans the table.
    pub(crate) fn heading(text: impl Into<Cell>) -> Self {
        Self { kind: LineKind::Heading, cells: vec![text.into()], tag: None }
    }

    pub(crate) fn item(cells: Vec<Cell>) -> Self {
        Self { kind: LineKind::Item, cells, tag: None }
    }

    pub(crate) fn part(cells: Vec<Cell>) -> Self {
        Self { kind: LineKind::Part, cells, tag: None }
    }

    pub(crate) fn tagged(self, tag: &'static str) -> Self {
        Self { tag: Some(tag), ..self }
    }
}

impl Cell {
    pub(crate) fn detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// The text with blanks that do not break, but for the one before a bracket: `2.00 (1.00, 2.75)` may stand on two
    /// lines, `54.86 ± 11.72` may not.
    pub(crate) fn unbroken(text: &str) -> String {
        text.replace(' ', "\u{a0}").replace("\u{a0}(", " (").replace("\u{a0}[", " [")
    }

    /// The same cell with the numbers that it shows.
    pub(crate) fn values(self, values: impl IntoIterator<Item = f64>) -> Self {
        Self { values: values.into_iter().collect(), ..self }
    }

    pub(crate) fn mark(mut self, mark: impl Into<String>) -> Self {
        self.marks.push(mark.into());
        self
    }

    /// On one line, for formats without small type: a detail of a label follows a comma, any other stands in brackets.
    pub(crate) fn plain(&self, kind: ColumnKind) -> String {
        match (&self.detail, kind) {
            (None, _) => self.text.clone(),
            (Some(detail), _) if self.text.is_empty() => detail.clone(),
            (Some(detail), ColumnKind::Label) => format!("{}, {detail}", self.text),
            (Some(detail), _) => format!("{} [{detail}]", self.text),
        }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self { text, ..Self::default() }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        text.to_owned().into()
    }
}

/// The footnotes of a table while it is written: the same note gets the same mark, in the order of first use.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    notes: Vec<String>,
}

impl Marks {
    /// The mark of that note: a, b, …, z, aa, ab, …
    pub(crate) fn of(&mut self, note: &str) -> String {
        let index = self.notes.iter().position(|known| known == note).unwrap_or_else(|| {
            self.notes.push(note.to_owned());
            self.notes.len() - 1
        });
        letters(index)
    }

    /// Whether a cell refers to that note.
    pub(crate) fn has(&self, note: &str) -> bool {
        self.notes.iter().any(|known| known == note)
    }

    pub(crate) fn into_footnotes(self) -> impl Iterator<Item = Footnote> {
        self.notes.into_iter().enumerate().map(|(index, text)| Footnote { mark: Some(letters(index)), text })
    }
}

fn letters(index: usize) -> String {
    let last = char::from(b'a' + (index % 26) as u8);
    match (index / 26).checked_sub(1) {
        Some(front) => letters(front) + &last.to_string(),
        None => last.to_string(),
    }
}
