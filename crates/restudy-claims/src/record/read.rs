//! From TOML to a [`Record`].

mod relations;

use std::collections::BTreeMap;

use restudy_ledger::Paper;
use toml::de::DeTable;

use super::error::{Problem, RecordError};
use super::fields::{Fields, Source, Text};
use super::{
    Accuracy, Adjustment, Cell, ClaimIndex, Group, GroupIndex, Link, NamedTest, NamedTests, Partition, PercentOf,
    PublishedClaim, Record, Row, ScoreRow, ScoreTable, Statement, Table,
};
use crate::printed::{Content, Kind, Printed, Relation};

const RECORD_KEYS: [&str; 15] = [
    "paper",
    "group",
    "table",
    "score_table",
    "accuracy",
    "passage",
    "variable",
    "panel",
    "landmark",
    "correlation",
    "contrast",
    "model",
    "survival",
    "score",
    "statistic",
];
const PAPER_KEYS: [&str; 3] = ["id", "title", "citation"];
const GROUP_KEYS: [&str; 4] = ["id", "label", "n", "parts"];
const TABLE_KEYS: [&str; 10] =
    ["id", "label", "groups", "n", "tests", "adjusted", "kind", "row", "section", "analysis"];
const TESTS_KEYS: [&str; 3] = ["mean-sd", "median-quartiles", "counts"];
const SECTION_KEYS: [&str; 4] = ["heading", "kind", "partition", "row"];
const ROW_KEYS: [&str; 8] = ["id", "label", "kind", "levels", "n", "test", "p", "p_adjusted"];
const SCORE_TABLE_KEYS: [&str; 9] =
    ["id", "label", "score", "events", "non_events", "kind", "percent_of", "row", "analysis"];
const SCORE_ROW_KEYS: [&str; 2] = ["score", "total"];
const ACCURACY_KEYS: [&str; 16] = [
    "id",
    "marker",
    "place",
    "label",
    "note",
    "events",
    "non_events",
    "score_table",
    "cutoff",
    "auc",
    "sensitivity",
    "specificity",
    "ppv",
    "npv",
    "accuracy",
    "analysis",
];
const PASSAGE_KEYS: [&str; 2] = ["place", "claim"];
const CLAIM_KEYS: [&str; 12] =
    ["id", "label", "kind", "printed", "restates", "combines", "level", "counts", "sums", "includes", "of", "obtained"];

/// The keys of an accuracy block that hold a claim: the kind, and the end of the claim's id.
const ACCURACY_CLAIMS: [(&str, Kind, &str); 7] = [
    ("cutoff", Kind::Cutoff, "cut"),
    ("auc", Kind::Auc, "auc"),
    ("sensitivity", Kind::Sensitivity, "sens"),
    ("specificity", Kind::Specificity, "spec"),
    ("ppv", Kind::Ppv, "ppv"),
    ("npv", Kind::Npv, "npv"),
    ("accuracy", Kind::Accuracy, "acc"),
];

pub(super) fn read(name: &str, text: &str) -> Result<Record, RecordError> {
    let source = Source { name, text };
    let document = DeTable::parse(text).map_err(|error| {
        let offset = error.span().map_or(0, |span| span.start);
        source.error(offset, Problem::Syntax { message: error.message().to_owned() })
    })?;
    let file = Fields::new(source, document.get_ref(), 0..0, "a published record", &RECORD_KEYS)?;
    let mut reader = Reader { source, ids: BTreeMap::new(), record: empty_record(read_paper(&file)?) };
    reader.groups(&file)?;
    reader.tables(&file)?;
    reader.variables(&file)?;
    reader.score_tables(&file)?;
    reader.accuracies(&file)?;
    reader.passages(&file)?;
    reader.relations(&file)?;
    Ok(reader.record)
}

fn empty_record(paper: Paper) -> Record {
    Record {
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

fn read_paper(file: &Fields<'_, '_>) -> Result<Paper, RecordError> {
    let paper = file
        .block("paper", "the paper", &PAPER_KEYS)?
        .ok_or_else(|| file.error(Problem::MissingKey { key: "paper".to_owned(), block: file.block }))?;
    Ok(Paper {
        id: paper.needed_text("id")?.text,
        title: paper.needed_text("title")?.text,
        citation: paper.needed_text("citation")?.text,
    })
}

struct Reader<'i> {
    source: Source<'i>,
    /// Every id of a group, table, score table or claim, with the line of its first use.
    ids: BTreeMap<String, usize>,
    record: Record,
}

impl<'i> Reader<'i> {
    fn error_at(&self, text: &Text, problem: Problem) -> RecordError {
        self.source.error(text.offset, problem)
    }

    fn inconsistent(&self, offset: usize, message: impl Into<String>) -> RecordError {
        self.source.error(offset, Problem::Inconsistent { message: message.into() })
    }

    /// Takes an id for good.
    fn register(&mut self, id: &str, offset: usize) -> Result<(), RecordError> {
        let line = self.source.line(offset);
        match self.ids.insert(id.to_owned(), line) {
            None => Ok(()),
            Some(first_line) => Err(self.source.error(offset, Problem::DuplicateId { id: id.to_owned(), first_line })),
        }
    }

    /// Checks that an id can be part of the ids built from it; `dots` where it is a whole id already.
    fn check_id(&self, id: &Text, dots: bool) -> Result<(), RecordError> {
        let fine = |letter: char| letter.is_alphanumeric() || matches!(letter, '_' | '-') || (dots && letter == '.');
        let reason = if id.text.is_empty() {
            "it is empty"
        } else if !id.text.chars().all(fine) {
            "it has a letter that ids do not have"
        } else {
            return Ok(());
        };
        Err(self.error_at(id, Problem::BadId { id: id.text.clone(), reason }))
    }

    /// Adds a printed text to the claims, under an id made from its place.
    fn claim(&mut self, id: String, place: String, kind: Kind, printed: Text) -> Result<ClaimIndex, RecordError> {
        self.register(&id, printed.offset)?;
        self.add(id, place, kind, printed)
    }

    /// Adds a printed text to the claims, under an id that is registered.
    fn add(&mut self, id: String, place: String, kind: Kind, printed: Text) -> Result<ClaimIndex, RecordError> {
        let content = kind.read(&printed.text).map_err(|unreadable| {
            let problem = Problem::Unreadable { printed: printed.text.clone(), expected: unreadable.expected };
            self.error_at(&printed, problem)
        })?;
        let Text { text, offset } = printed;
        self.record.claims.push(PublishedClaim { id, place, kind, printed: text, content, offset });
        Ok(self.record.claims.len() - 1)
    }

    fn named<T: Copy>(&self, name: &Text, what: &'static str, names: &[(&str, T)]) -> Result<T, RecordError> {
        names.iter().find(|(known, _)| *known == name.text).map(|(_, value)| *value).ok_or_else(|| {
            let known = names.iter().map(|(known, _)| (*known).to_owned()).collect();
            self.error_at(name, Problem::UnknownName { found: name.text.clone(), what, known })
        })
    }

    fn position<'a>(
        &self,
        name: &Text,
        what: &'static str,
        names: impl Iterator<Item = &'a str>,
    ) -> Result<usize, RecordError> {
        let names: Vec<(&str, usize)> = names.enumerate().map(|(index, name)| (name, index)).collect();
        self.named(name, what, &names)
    }

    fn group(&self, name: &Text) -> Result<GroupIndex, RecordError> {
        self.position(name, "a group", self.record.groups.iter().map(|group| group.id.as_str()))
    }

    fn groups(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        let blocks = file.blocks("group", "a group", &GROUP_KEYS)?;
        for block in &blocks {
            let id = block.needed_text("id")?;
            self.check_id(&id, false)?;
            if ROW_KEYS.contains(&id.text.as_str()) || SCORE_ROW_KEYS.contains(&id.text.as_str()) {
                let reason = "the rows of a table have a key of that name";
                return Err(self.error_at(&id, Problem::BadId { id: id.text.clone(), reason }));
            }
            self.register(&id.text, id.offset)?;
            let (label, n) = (block.needed_text("label")?.text, block.needed_size("n")?);
            self.record.groups.push(Group { id: id.text, label, n, parts: Vec::new() });
        }
        // Parts may be declared after their whole, and a part is never a whole itself: there is no loop to guard against.
        for (index, block) in blocks.iter().enumerate() {
            for part in block.texts("parts")? {
                let part_index = self.group(&part)?;
                let has_parts = blocks.get(part_index).map(|block| block.texts("parts")).transpose()?;
                if part_index == index || has_parts.is_some_and(|parts| !parts.is_empty()) {
                    return Err(self.inconsistent(part.offset, "a part must be a group without parts of its own"));
                }
                if self.record.groups[index].parts.contains(&part_index) {
                    return Err(self.inconsistent(part.offset, "a group cannot be part of another twice"));
                }
                self.record.groups[index].parts.push(part_index);
            }
        }
        Ok(())
    }

    fn tables(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        for block in file.blocks("table", "a table", &TABLE_KEYS)? {
            let id = block.needed_text("id")?;
            self.check_id(&id, false)?;
            self.register(&id.text, id.offset)?;
            let names = block.texts("groups")?;
            let groups = names.iter().map(|name| self.group(name)).collect::<Result<Vec<_>, _>>()?;
            if groups.is_empty() {
                return Err(block.error(Problem::MissingKey { key: "groups".to_owned(), block: block.block }));
            }
            for (position, name) in names.iter().enumerate() {
                if names[..position].iter().any(|earlier| earlier.text == name.text) {
                    return Err(self.inconsistent(name.offset, format!("`{}` is already a column", name.text)));
                }
            }
            let mut table = Table {
                label: block.needed_text("label")?.text,
                header: Vec::new(),
                tests: self.tests(&block)?,
                adjusted: block
                    .texts("adjusted")?
                    .iter()
                    .map(|name| self.named(name, "a method of adjustment", &Adjustment::NAMES))
                    .collect::<Result<_, _>>()?,
                rows: Vec::new(),
                partitions: Vec::new(),
                analysis: block.text("analysis")?.map(|analysis| analysis.text),
                id: id.text,
            };
            let group_ids: Vec<String> = groups.iter().map(|group| self.record.groups[*group].id.clone()).collect();
            if let Some(sizes) = block.block("n", "the sizes of a table's groups", &group_ids)? {
                for (group, group_id) in groups.iter().zip(&group_ids) {
                    let Some(printed) = sizes.text(group_id)? else { continue };
                    let place = format!("{}, number of patients, {}", table.label, self.record.groups[*group].label);
                    let claim = self.claim(format!("{}.n.{group_id}", table.id), place, Kind::Count, printed)?;
                    table.header.push((*group, claim));
                }
            }
            let kind = self.row_kind(&block)?;
            self.rows(&block, &mut table, &groups, kind)?;
            for section in block.blocks("section", "a section of a table", &SECTION_KEYS)? {
                let first = table.rows.len();
                let kind = self.row_kind(&section)?.or(kind);
                self.rows(&section, &mut table, &groups, kind)?;
                let heading = section.text("heading")?.map(|heading| heading.text);
                for row in &mut table.rows[first..] {
                    row.heading.clone_from(&heading);
                }
                if section.flag("partition")? {
                    let heading = section.text("heading")?.map_or_else(|| table.label.clone(), |text| text.text);
                    let rows = first..table.rows.len();
                    let countable =
                        |row: &Row| matches!(row.kind, Kind::CountPercent | Kind::PercentCount | Kind::Count);
                    if !table.rows[rows.clone()].iter().all(countable) {
                        let message = "only rows of counts can be a partition";
                        return Err(section.error(Problem::Inconsistent { message: message.to_owned() }));
                    }
                    table.partitions.push(Partition { heading, rows });
                }
            }
            self.record.tables.push(table);
        }
        Ok(())
    }

    fn tests(&self, table: &Fields<'_, 'i>) -> Result<NamedTests, RecordError> {
        let Some(block) = table.block("tests", "the tests of a table", &TESTS_KEYS)? else {
            return Ok(NamedTests::default());
        };
        let named = |key: &str| -> Result<Vec<NamedTest>, RecordError> {
            block.texts(key)?.iter().map(|name| self.named(name, "a test", &NamedTest::NAMES)).collect()
        };
        Ok(NamedTests {
            mean_sd: named("mean-sd")?,
            median_quartiles: named("median-quartiles")?,
            counts: named("counts")?,
        })
    }

    /// The kind that a block gives to rows.
    fn row_kind(&self, block: &Fields<'_, 'i>) -> Result<Option<Kind>, RecordError> {
        // The kinds that a group can have; the rest are of the text.
        const ROWS: usize = 6;
        block.text("kind")?.map(|name| self.named(&name, "a kind of row", &Kind::NAMES[..ROWS])).transpose()
    }

    fn rows(
        &mut self,
        block: &Fields<'_, 'i>,
        table: &mut Table,
        groups: &[GroupIndex],
        default_kind: Option<Kind>,
    ) -> Result<(), RecordError> {
        let group_ids: Vec<String> = groups.iter().map(|group| self.record.groups[*group].id.clone()).collect();
        let known: Vec<String> =
            ROW_KEYS.iter().map(|key| (*key).to_owned()).chain(group_ids.iter().cloned()).collect();
        for fields in block.blocks("row", "a row of a table", &known)? {
            let id = fields.needed_text("id")?;
            self.check_id(&id, false)?;
            let kind = self
                .row_kind(&fields)?
                .or(default_kind)
                .ok_or_else(|| fields.error(Problem::MissingKey { key: "kind".to_owned(), block: fields.block }))?;
            let mut row = Row {
                label: fields.needed_text("label")?.text,
                kind,
                heading: None,
                levels: fields.texts("levels")?.into_iter().map(|level| level.text).collect(),
                cells: Vec::new(),
                test: fields.text("test")?.map(|name| self.named(&name, "a test", &NamedTest::NAMES)).transpose()?,
                p: None,
                p_adjusted: None,
                id: id.text,
            };
            let row_id = format!("{}.{}", table.id, row.id);
            self.register(&row_id, id.offset)?;
            let place = format!("{}, {}", table.label, row.label);
            let own_sizes = fields.block("n", "the denominators of a row", &group_ids)?;
            for (group, group_id) in groups.iter().zip(&group_ids) {
                let printed = fields.needed_text(group_id)?;
                let offset = printed.offset;
                let cell_place = format!("{place}, {}", self.record.groups[*group].label);
                let claim = self.claim(format!("{row_id}.{group_id}"), cell_place, kind, printed)?;
                if let Content::Counts(counts) = &self.record.claims[claim].content {
                    // Without names the first cell says how many categories there are.
                    let first = row.cells.first().map(|cell| &self.record.claims[cell.claim].content);
                    let categories = match first {
                        _ if !row.levels.is_empty() => row.levels.len(),
                        Some(Content::Counts(first)) => first.len(),
                        _ => counts.len(),
                    };
                    if counts.len() != categories {
                        let message = format!("{} counts where the row has {categories} categories", counts.len());
                        return Err(self.inconsistent(offset, message));
                    }
                }
                let own = own_sizes.as_ref().map(|sizes| sizes.size(group_id)).transpose()?.flatten();
                row.cells.push(Cell { group: *group, claim, n: own.unwrap_or(self.record.groups[*group].n) });
            }
            row.p = self.p_claim(&fields, "p", Kind::PValue, &format!("{row_id}.p"), &format!("{place}, P"))?;
            row.p_adjusted = self.p_claim(
                &fields,
                "p_adjusted",
                Kind::PAdjusted,
                &format!("{row_id}.padj"),
                &format!("{place}, adjusted P"),
            )?;
            table.rows.push(row);
        }
        Ok(())
    }

    fn p_claim(
        &mut self,
        fields: &Fields<'_, 'i>,
        key: &str,
        kind: Kind,
        id: &str,
        place: &str,
    ) -> Result<Option<ClaimIndex>, RecordError> {
        let printed = fields.text(key)?;
        printed.map(|printed| self.claim(id.to_owned(), place.to_owned(), kind, printed)).transpose()
    }

    fn score_tables(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        for block in file.blocks("score_table", "a score table", &SCORE_TABLE_KEYS)? {
            let id = block.needed_text("id")?;
            self.check_id(&id, false)?;
            self.register(&id.text, id.offset)?;
            let (events, non_events) = self.outcome_groups(&block)?;
            let percent_of = block.text("percent_of")?;
            let kind = self.row_kind(&block)?.unwrap_or(Kind::Count);
            if !matches!(kind, Kind::Count | Kind::CountPercent | Kind::PercentCount) {
                return Err(self.inconsistent(block.offset, "the cells of a score table are counts"));
            }
            let mut table = ScoreTable {
                label: block.needed_text("label")?.text,
                score: block.text("score")?.map_or_else(|| "score".to_owned(), |text| text.text),
                events,
                non_events,
                percent_of: percent_of
                    .map(|name| self.named(&name, "what percentages are of", &PercentOf::NAMES))
                    .transpose()?
                    .unwrap_or(PercentOf::Row),
                analysis: block.text("analysis")?.map(|analysis| analysis.text),
                rows: Vec::new(),
                id: id.text,
            };
            let group_id = |group: GroupIndex| self.record.groups[group].id.clone();
            let columns = [(events, group_id(events)), (non_events, group_id(non_events))];
            let known: Vec<String> = SCORE_ROW_KEYS
                .iter()
                .map(|key| (*key).to_owned())
                .chain(columns.iter().map(|(_, id)| id.clone()))
                .collect();
            for fields in block.blocks("row", "a row of a score table", &known)? {
                let row = self.score_row(&fields, &table, kind, &columns)?;
                if table.rows.last().is_some_and(|last| last.score.fraction() >= row.score.fraction()) {
                    return Err(fields.error(Problem::Inconsistent {
                        message: "the rows of a score table go from the lowest score to the highest".to_owned(),
                    }));
                }
                table.rows.push(row);
            }
            self.record.score_tables.push(table);
        }
        Ok(())
    }

    fn score_row(
        &mut self,
        fields: &Fields<'_, 'i>,
        table: &ScoreTable,
        kind: Kind,
        columns: &[(GroupIndex, String); 2],
    ) -> Result<ScoreRow, RecordError> {
        let score = fields.needed_text("score")?;
        let value = Printed::parse(&score.text)
            .ok()
            .filter(|number| number.relation() == Relation::Rounded)
            .ok_or_else(|| {
                let expected = "a value of the score, such as 2";
                self.error_at(&score, Problem::Unreadable { printed: score.text.clone(), expected })
            })?
            .decimal();
        let place = format!("{}, {} {}", table.label, table.score, value);
        let row_id = format!("{}.{value}", table.id);
        self.register(&row_id, score.offset)?;
        let total = fields.text("total")?;
        let total = total
            .map(|printed| self.claim(format!("{row_id}.total"), format!("{place}, total"), Kind::Count, printed))
            .transpose()?;
        let mut cell = |(group, group_id): &(GroupIndex, String)| {
            let place = format!("{place}, {}", self.record.groups[*group].label);
            self.claim(format!("{row_id}.{group_id}"), place, kind, fields.needed_text(group_id)?)
        };
        let (events, non_events) = (cell(&columns[0])?, cell(&columns[1])?);
        Ok(ScoreRow { score: value, total, events, non_events })
    }

    /// The groups with and without the event.
    fn outcome_groups(&self, block: &Fields<'_, 'i>) -> Result<(GroupIndex, GroupIndex), RecordError> {
        let (events, non_events) = (block.needed_text("events")?, block.needed_text("non_events")?);
        if events.text == non_events.text {
            return Err(self.inconsistent(non_events.offset, "those without the event are not those with it"));
        }
        Ok((self.group(&events)?, self.group(&non_events)?))
    }

    fn accuracies(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        for block in file.blocks("accuracy", "an accuracy block", &ACCURACY_KEYS)? {
            let id = block.needed_text("id")?;
            self.check_id(&id, true)?;
            self.register(&id.text, id.offset)?;
            let score_table = block
                .text("score_table")?
                .map(|name| {
                    self.position(
                        &name,
                        "a score table",
                        self.record.score_tables.iter().map(|table| table.id.as_str()),
                    )
                })
                .transpose()?;
            let (events, non_events) = match score_table {
                Some(table) => (self.record.score_tables[table].events, self.record.score_tables[table].non_events),
                None => self.outcome_groups(&block)?,
            };
            let (place, label) = (block.needed_text("place")?.text, block.needed_text("label")?.text);
            let mut claims = Vec::new();
            for (key, kind, suffix) in ACCURACY_CLAIMS {
                let Some(printed) = block.text(key)? else { continue };
                let claim_place = format!("{place}, {label}, {}", figure_name(kind));
                claims.push(self.claim(format!("{}.{suffix}", id.text), claim_place, kind, printed)?);
            }
            let note = block.text("note")?.map(|note| note.text);
            let marker = block.text("marker")?.map(|name| self.variable_name(name)).transpose()?;
            self.record.accuracies.push(Accuracy {
                analysis: block.text("analysis")?.map(|analysis| analysis.text),
                label,
                place,
                marker,
                note,
                events,
                non_events,
                score_table,
                claims,
            });
        }
        Ok(())
    }

    fn passages(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        let mut drafts = Vec::new();
        for block in file.blocks("passage", "a passage", &PASSAGE_KEYS)? {
            let place = block.needed_text("place")?.text;
            for fields in block.blocks("claim", "a claim of a passage", &CLAIM_KEYS)? {
                let id = fields.needed_text("id")?;
                self.check_id(&id, true)?;
                let kind = fields.text("kind")?;
                let kind = kind.map(|name| self.named(&name, "a kind of claim", &Kind::NAMES)).transpose()?;
                let place = format!("{place}, {}", fields.needed_text("label")?.text);
                drafts.push((fields, id, kind, place));
            }
        }
        // A claim without a kind has that of the claim it restates, which may stand further down.
        let mut claims = vec![None; drafts.len()];
        for kind_is_written in [true, false] {
            for ((fields, id, kind, place), claim) in drafts.iter().zip(&mut claims) {
                if kind.is_some() != kind_is_written {
                    continue;
                }
                let kind = match (kind, fields.text("restates")?) {
                    (Some(kind), _) => *kind,
                    (None, Some(target)) => self.record.claims[self.claim_named(&target)?].kind,
                    (None, None) => {
                        return Err(fields.error(Problem::MissingKey { key: "kind".to_owned(), block: fields.block }));
                    }
                };
                let printed = fields.needed_text("printed")?;
                self.register(&id.text, id.offset)?;
                *claim = Some(self.add(id.text.clone(), place.clone(), kind, printed)?);
            }
        }
        for ((fields, ..), claim) in drafts.iter().zip(claims) {
            let Some(claim) = claim else { continue };
            if let Some(path) = fields.text("obtained")? {
                self.record.paths.push((claim, path.text));
            }
            let statement = self.statement(fields, claim)?;
            self.record.statements.push(statement);
        }
        Ok(())
    }

    fn claim_named(&self, name: &Text) -> Result<ClaimIndex, RecordError> {
        self.position(name, "a claim with a kind", self.record.claims.iter().map(|claim| claim.id.as_str()))
    }

    fn statement(&self, fields: &Fields<'_, 'i>, claim: ClaimIndex) -> Result<Statement, RecordError> {
        let kind = self.record.claims[claim].kind;
        let of = fields.text("of")?.map(|name| self.group(&name)).transpose()?;
        let links = ["restates", "combines", "counts", "includes"].map(|key| fields.text(key));
        let [restates, combines, counts, includes] = links;
        let (restates, combines, counts, includes) = (restates?, combines?, counts?, includes?);
        let sums = fields.texts("sums")?;
        let given = [&restates, &combines, &counts, &includes].into_iter().flatten().count();
        if given + usize::from(!sums.is_empty()) > 1 {
            return Err(fields.error(Problem::Inconsistent {
                message: "a claim has one of `restates`, `combines`, `counts`, `sums` and `includes`, not several"
                    .to_owned(),
            }));
        }
        let counted = matches!(kind, Kind::Count | Kind::CountPercent | Kind::PercentCount);
        let link = if let Some(target) = restates {
            let index = self.claim_named(&target)?;
            if index == claim || !comparable(&self.record.claims[claim].content, &self.record.claims[index].content) {
                return Err(self.inconsistent(target.offset, format!("this claim cannot restate `{}`", target.text)));
            }
            Link::Restates(index)
        } else if let Some(row) = combines {
            self.combination(fields, &row, kind)?
        } else if let Some(group) = counts {
            if !counted {
                return Err(self.inconsistent(group.offset, "only a count can be the size of a group"));
            }
            Link::Counts(self.group(&group)?)
        } else if let Some(part) = includes {
            if !counted {
                return Err(self.inconsistent(part.offset, "only a count can include another"));
            }
            Link::Includes(self.count_claim(&part, claim)?)
        } else if let Some(first) = sums.first() {
            if !counted {
                return Err(self.inconsistent(first.offset, "only a count can be the sum of others"));
            }
            Link::Sums(sums.iter().map(|name| self.count_claim(name, claim)).collect::<Result<_, _>>()?)
        } else {
            Link::None
        };
        let percentage = matches!(kind, Kind::CountPercent | Kind::PercentCount);
        if percentage && of.is_none() && !matches!(link, Link::Restates(_)) {
            return Err(fields.error(Problem::MissingKey { key: "of".to_owned(), block: fields.block }));
        }
        Ok(Statement { claim, of, link })
    }

    /// A claim that is a count and not the one that names it.
    fn count_claim(&self, name: &Text, from: ClaimIndex) -> Result<ClaimIndex, RecordError> {
        let index = self.claim_named(name)?;
        let counted = matches!(self.record.claims[index].content, Content::Count(_) | Content::CountPercent { .. });
        if index == from || !counted {
            return Err(self.inconsistent(name.offset, format!("`{}` is not another count", name.text)));
        }
        Ok(index)
    }

    /// The row that a statement combines, and the level of it.
    fn combination(&self, fields: &Fields<'_, 'i>, name: &Text, kind: Kind) -> Result<Link, RecordError> {
        let rows: Vec<(String, (usize, usize))> = self
            .record
            .tables
            .iter()
            .enumerate()
            .flat_map(|(table_index, table)| {
                let ids = table.rows.iter().map(|row| format!("{}.{}", table.id, row.id));
                ids.enumerate().map(move |(row_index, id)| (id, (table_index, row_index)))
            })
            .collect();
        let names: Vec<(&str, (usize, usize))> = rows.iter().map(|(id, place)| (id.as_str(), *place)).collect();
        let (table, row_index) = self.named(name, "a row of a table", &names)?;
        let row = &self.record.tables[table].rows[row_index];
        let level = fields
            .text("level")?
            .map(|level| self.position(&level, "a level of that row", row.levels.iter().map(String::as_str)))
            .transpose()?;
        let counted = matches!(kind, Kind::Count | Kind::CountPercent | Kind::PercentCount);
        let fits = match row.kind {
            Kind::MeanSd => kind == Kind::MeanSd,
            Kind::Counts => counted && level.is_some(),
            Kind::CountPercent | Kind::PercentCount | Kind::Count => counted,
            _ => false,
        };
        if !fits {
            let message = format!("this claim cannot say of all groups together what `{}` says of each", name.text);
            return Err(self.inconsistent(name.offset, message));
        }
        Ok(Link::Combines { table, row: row_index, level })
    }
}

/// Whether two printed texts have a number in common that can be compared.
fn comparable(first: &Content, second: &Content) -> bool {
    let counted = |content: &Content| matches!(content, Content::Count(_) | Content::CountPercent { .. });
    (counted(first) && counted(second)) || std::mem::discriminant(first) == std::mem::discriminant(second)
}

/// What an accuracy figure is called in a place.
fn figure_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Cutoff => "cut-off",
        Kind::Auc => "AUC",
        Kind::Ppv => "positive predictive value",
        Kind::Npv => "negative predictive value",
        other => other.name(),
    }
}
