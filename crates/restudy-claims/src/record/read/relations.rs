//! The blocks that relate claims to each other.

use super::super::relations::{
    Contrast, ContrastTest, Correlation, CorrelationMethod, Distribution, Landmark, Model, ModelKind, ModelMode,
    Outcome, Panel, Score, ScoreItem, Side, Survival, Term, TestStatistic, Variable,
};
use super::super::{ClaimIndex, GroupIndex};
use super::{Fields, Problem, Reader, RecordError, Text};
use crate::printed::Kind;

const VARIABLE_KEYS: [&str; 10] = ["id", "ids", "label", "unit", "decimals", "step", "min", "max", "within", "at_most"];
const PANEL_KEYS: [&str; 6] = ["id", "label", "table", "rows", "exclusive", "size"];
const LANDMARK_KEYS: [&str; 6] = ["id", "label", "time", "event", "within", "counts"];
const CORRELATION_KEYS: [&str; 6] = ["method", "x", "y", "r", "p", "of"];
const CONTRAST_KEYS: [&str; 6] = ["variable", "by", "test", "within", "higher", "p"];
const MODEL_KEYS: [&str; 9] = ["id", "kind", "mode", "outcome", "time", "event", "terms", "p", "estimate"];
const SURVIVAL_KEYS: [&str; 12] = [
    "time",
    "event",
    "by",
    "of",
    "log_rank",
    "follow_up",
    "follow_up_unit_days",
    "events",
    "first_included",
    "last_included",
    "closed",
    "complete_until",
];
const SCORE_KEYS: [&str; 6] = ["id", "label", "table", "items", "minimum", "maximum"];
const ITEM_KEYS: [&str; 3] = ["variable", "threshold", "points"];
const STATISTIC_KEYS: [&str; 4] = ["distribution", "df", "statistic", "p"];

const COUNTS: [Kind; 3] = [Kind::Count, Kind::CountPercent, Kind::PercentCount];
const P_VALUES: [Kind; 2] = [Kind::PValue, Kind::PAdjusted];

impl<'i> Reader<'i> {
    pub(super) fn relations(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        self.panels(file)?;
        self.landmarks(file)?;
        self.scores(file)?;
        self.correlations(file)?;
        self.contrasts(file)?;
        self.models(file)?;
        self.survivals(file)?;
        self.statistics(file)
    }

    /// What is measured of every patient; before the blocks that name it.
    pub(super) fn variables(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        let mut links = Vec::new();
        for block in file.blocks("variable", "a variable", &VARIABLE_KEYS)? {
            let ids: Vec<Text> = block.text("id")?.into_iter().chain(block.texts("ids")?).collect();
            if ids.is_empty() {
                return Err(block.error(Problem::MissingKey { key: "id".to_owned(), block: block.block }));
            }
            let text = |key: &str| Ok::<_, RecordError>(block.text(key)?.map(|text| text.text));
            let decimals = block.size("decimals")?;
            if decimals.is_some_and(|decimals| decimals > MOST_DECIMALS) {
                let message = format!("a value is recorded with at most {MOST_DECIMALS} decimals");
                return Err(block.error(Problem::Inconsistent { message }));
            }
            let step = block.decimal("step")?;
            if step.is_some_and(|step| step.signum() <= 0) {
                return Err(block.error(Problem::Inconsistent { message: "a step is above 0".to_owned() }));
            }
            let (min, max) = (block.decimal("min")?, block.decimal("max")?);
            if min.zip(max).is_some_and(|(min, max)| min.fraction() > max.fraction()) {
                return Err(block.error(Problem::Inconsistent { message: "`min` is above `max`".to_owned() }));
            }
            for id in ids {
                self.check_id(&id, false)?;
                if self.record.variable(&id.text).is_some() {
                    return Err(self.inconsistent(id.offset, format!("the variable `{}` is described twice", id.text)));
                }
                links.extend([block.text("within")?, block.text("at_most")?].into_iter().flatten());
                self.record.variables.push(Variable {
                    id: id.text,
                    label: text("label")?,
                    unit: text("unit")?,
                    decimals: decimals.and_then(|decimals| u32::try_from(decimals).ok()),
                    step,
                    min,
                    max,
                    within: text("within")?,
                    at_most: text("at_most")?,
                });
            }
        }
        for name in links {
            self.variable_name(name)?;
        }
        Ok(())
    }

    /// The name of something that every patient has a value of.
    pub(super) fn variable_name(&self, name: Text) -> Result<String, RecordError> {
        let record = &self.record;
        let names = (record.tables.iter().flat_map(|table| &table.rows).map(|row| &row.id))
            .chain(record.variables.iter().map(|variable| &variable.id))
            .chain(record.landmarks.iter().map(|landmark| &landmark.id))
            .chain(record.scores.iter().map(|score| &score.id))
            .chain(record.groups.iter().map(|group| &group.id));
        self.position(&name, "a row, variable, landmark, score or group", names.map(String::as_str))?;
        Ok(name.text)
    }

    fn needed_variable(&self, block: &Fields<'_, 'i>, key: &str) -> Result<String, RecordError> {
        self.variable_name(block.needed_text(key)?)
    }

    /// The claim of an id, which must be of one of those kinds.
    fn claim_of_kind(&self, name: &Text, kinds: &[Kind]) -> Result<ClaimIndex, RecordError> {
        let claim = self.claim_named(name)?;
        let found = self.record.claims[claim].kind;
        if kinds.contains(&found) {
            return Ok(claim);
        }
        let wanted: Vec<&str> = kinds.iter().map(|kind| kind.name()).collect();
        let message = format!("`{}` is a claim of the kind {}, not {}", name.text, found.name(), wanted.join(" or "));
        Err(self.inconsistent(name.offset, message))
    }

    fn linked(&self, block: &Fields<'_, 'i>, key: &str, kinds: &[Kind]) -> Result<Option<ClaimIndex>, RecordError> {
        block.text(key)?.map(|name| self.claim_of_kind(&name, kinds)).transpose()
    }

    fn needed_link(&self, block: &Fields<'_, 'i>, key: &str, kinds: &[Kind]) -> Result<ClaimIndex, RecordError> {
        self.claim_of_kind(&block.needed_text(key)?, kinds)
    }

    /// The group of a key; without it, the one group that is made of others.
    fn group_or_whole(&self, block: &Fields<'_, 'i>, key: &str) -> Result<GroupIndex, RecordError> {
        if let Some(name) = block.text(key)? {
            return self.group(&name);
        }
        let groups = &self.record.groups;
        let wholes: Vec<GroupIndex> = (0..groups.len()).filter(|group| !groups[*group].parts.is_empty()).collect();
        match wholes.as_slice() {
            [only] => Ok(*only),
            _ => Err(block.error(Problem::MissingKey { key: key.to_owned(), block: block.block })),
        }
    }

    fn panels(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        for block in file.blocks("panel", "a panel", &PANEL_KEYS)? {
            let id = block.needed_text("id")?;
            self.check_id(&id, false)?;
            self.register(&id.text, id.offset)?;
            let name = block.needed_text("table")?;
            let table = self.position(&name, "a table", self.record.tables.iter().map(|table| table.id.as_str()))?;
            let rows = block
                .texts("rows")?
                .iter()
                .map(|name| {
                    let rows = &self.record.tables[table].rows;
                    let row = self.position(name, "a row of that table", rows.iter().map(|row| row.id.as_str()))?;
                    if COUNTS.contains(&rows[row].kind) {
                        Ok(row)
                    } else {
                        Err(self.inconsistent(name.offset, "a panel is made of rows of counts"))
                    }
                })
                .collect::<Result<_, _>>()?;
            self.record.panels.push(Panel {
                label: block.needed_text("label")?.text,
                table,
                rows,
                exclusive: block.flag("exclusive")?,
                size: self.linked(&block, "size", &COUNTS)?,
                id: id.text,
            });
        }
        Ok(())
    }

    fn landmarks(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        for block in file.blocks("landmark", "a landmark", &LANDMARK_KEYS)? {
            let id = block.needed_text("id")?;
            self.check_id(&id, false)?;
            self.register(&id.text, id.offset)?;
            let counts = block
                .named_texts("counts")?
                .into_iter()
                .map(|(group, claim)| Ok((self.group(&group)?, self.claim_of_kind(&claim, &COUNTS)?)))
                .collect::<Result<_, RecordError>>()?;
            self.record.landmarks.push(Landmark {
                label: block.needed_text("label")?.text,
                time: self.needed_variable(&block, "time")?,
                event: self.needed_variable(&block, "event")?,
                within: block.needed_size("within")?,
                counts,
                id: id.text,
            });
        }
        Ok(())
    }

    fn scores(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        for block in file.blocks("score", "a score", &SCORE_KEYS)? {
            let id = block.needed_text("id")?;
            self.check_id(&id, false)?;
            self.register(&id.text, id.offset)?;
            let tables = self.record.score_tables.iter().map(|table| table.id.as_str());
            let table = block.text("table")?.map(|name| self.position(&name, "a score table", tables)).transpose()?;
            let mut items = Vec::new();
            for item in block.blocks("items", "an item of a score", &ITEM_KEYS)? {
                items.push(ScoreItem {
                    variable: self.needed_variable(&item, "variable")?,
                    threshold: self.linked(&item, "threshold", &[Kind::Cutoff])?,
                    points: item.size("points")?.unwrap_or(1),
                });
            }
            if items.is_empty() {
                return Err(block.error(Problem::MissingKey { key: "items".to_owned(), block: block.block }));
            }
            self.record.scores.push(Score {
                label: block.needed_text("label")?.text,
                items,
                table,
                minimum: self.linked(&block, "minimum", &COUNTS)?,
                maximum: self.linked(&block, "maximum", &COUNTS)?,
                id: id.text,
            });
        }
        Ok(())
    }

    fn correlations(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        for block in file.blocks("correlation", "a correlation", &CORRELATION_KEYS)? {
            let method = block.needed_text("method")?;
            let correlation = Correlation {
                method: self.named(&method, "a method of correlation", &CorrelationMethod::NAMES)?,
                x: self.needed_variable(&block, "x")?,
                y: self.needed_variable(&block, "y")?,
                r: self.needed_link(&block, "r", &[Kind::Correlation])?,
                p: self.linked(&block, "p", &P_VALUES)?,
                of: self.group_or_whole(&block, "of")?,
            };
            self.record.correlations.push(correlation);
        }
        Ok(())
    }

    fn contrasts(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        for block in file.blocks("contrast", "a contrast", &CONTRAST_KEYS)? {
            let (test, higher) = (block.text("test")?, block.text("higher")?);
            let contrast = Contrast {
                variable: self.needed_variable(&block, "variable")?,
                by: self.needed_variable(&block, "by")?,
                test: test.map(|name| self.named(&name, "a test", &ContrastTest::NAMES)).transpose()?,
                within: block.text("within")?.map(|name| self.group(&name)).transpose()?,
                higher: higher.map(|name| self.named(&name, "a side", &Side::NAMES)).transpose()?,
                p: self.needed_link(&block, "p", &P_VALUES)?,
            };
            self.record.contrasts.push(contrast);
        }
        Ok(())
    }

    fn models(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        for block in file.blocks("model", "a model", &MODEL_KEYS)? {
            let (kind, mode) = (block.needed_text("kind")?, block.needed_text("mode")?);
            let kind = self.named(&kind, "a kind of model", &ModelKind::NAMES)?;
            let outcome = match kind {
                ModelKind::Logistic => Outcome::Group(self.group(&block.needed_text("outcome")?)?),
                ModelKind::Cox => Outcome::Survival {
                    time: self.needed_variable(&block, "time")?,
                    event: self.needed_variable(&block, "event")?,
                },
            };
            let ratio = match kind {
                ModelKind::Logistic => Kind::OddsRatio,
                ModelKind::Cox => Kind::HazardRatio,
            };
            let mut terms: Vec<Term> = Vec::new();
            let mut term = |reader: &Self, name: Text| -> Result<usize, RecordError> {
                let variable = reader.variable_name(name)?;
                Ok(terms.iter().position(|term| term.variable == variable).unwrap_or_else(|| {
                    terms.push(Term { variable, p: None, estimate: None });
                    terms.len() - 1
                }))
            };
            for name in block.texts("terms")? {
                term(self, name)?;
            }
            let mut claims = Vec::new();
            for (name, claim) in block.named_texts("p")? {
                claims.push((term(self, name)?, self.claim_of_kind(&claim, &P_VALUES)?, true));
            }
            for (name, claim) in block.named_texts("estimate")? {
                claims.push((term(self, name)?, self.claim_of_kind(&claim, &[ratio])?, false));
            }
            for (term, claim, is_p) in claims {
                let term = &mut terms[term];
                *(if is_p { &mut term.p } else { &mut term.estimate }) = Some(claim);
            }
            if terms.is_empty() {
                return Err(block.error(Problem::MissingKey { key: "terms".to_owned(), block: block.block }));
            }
            let id = block.text("id")?;
            if let Some(id) = &id {
                self.check_id(id, false)?;
                self.register(&id.text, id.offset)?;
            }
            let mode = self.named(&mode, "a mode of a model", &ModelMode::NAMES)?;
            self.record.models.push(Model { id: id.map(|id| id.text), kind, mode, outcome, terms });
        }
        Ok(())
    }

    fn survivals(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        const MONTH: u64 = 30;
        for block in file.blocks("survival", "a survival block", &SURVIVAL_KEYS)? {
            let follow_up_unit_days = block.size("follow_up_unit_days")?.unwrap_or(MONTH);
            if follow_up_unit_days == 0 {
                let message = "a unit of time has at least one day".to_owned();
                return Err(block.error(Problem::Inconsistent { message }));
            }
            let survival = Survival {
                time: self.needed_variable(&block, "time")?,
                event: self.needed_variable(&block, "event")?,
                by: block.texts("by")?.iter().map(|name| self.group(name)).collect::<Result<_, _>>()?,
                of: self.group_or_whole(&block, "of")?,
                log_rank: self.linked(&block, "log_rank", &P_VALUES)?,
                follow_up: self.linked(&block, "follow_up", &[Kind::MedianQuartiles])?,
                follow_up_unit_days,
                events: self.linked(&block, "events", &COUNTS)?,
                first_included: self.linked(&block, "first_included", &[Kind::Date])?,
                last_included: self.linked(&block, "last_included", &[Kind::Date])?,
                closed: self.linked(&block, "closed", &[Kind::Date])?,
                complete_until: block.size("complete_until")?,
            };
            self.record.survivals.push(survival);
        }
        Ok(())
    }

    fn statistics(&mut self, file: &Fields<'_, 'i>) -> Result<(), RecordError> {
        for block in file.blocks("statistic", "a test statistic", &STATISTIC_KEYS)? {
            let distribution = block.needed_text("distribution")?;
            let distribution = self.named(&distribution, "a distribution", &Distribution::NAMES)?;
            let df = block.sizes("df")?;
            if df.len() != distribution.parameters() || df.contains(&0) {
                let message = format!("this distribution has {} degrees of freedom above 0", distribution.parameters());
                return Err(block.error(Problem::Inconsistent { message }));
            }
            let statistic = self.needed_link(&block, "statistic", &[Kind::Statistic])?;
            let p = self.needed_link(&block, "p", &P_VALUES)?;
            self.record.statistics.push(TestStatistic { distribution, df, statistic, p });
        }
        Ok(())
    }
}

/// More decimals than any instrument records.
const MOST_DECIMALS: u64 = 9;
