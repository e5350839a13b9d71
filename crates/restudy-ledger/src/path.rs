//! Paths: one line that names one number of a ledger.
//!
//! ```text
//! ANALYSIS / VARIABLE [:LEVEL] [@GROUP] [~WITH] [#MODEL] [!TIME] / STAT [.QUALIFIER]
//! ```
//!
//! `table-1/age@RP-ILD/mean`, `table-1/age/p_value`, `cox/lung#univariable/p_value`, `pairs/lung~dlco/r`,
//! `score-performance/auc.conf_low`. The variable may be left out where the analysis has that number once. A mark that
//! belongs to a name is written after a backslash.

use std::fmt;

use crate::{Context, Ledger, Row, Stat};

/// Why a path names no number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathError {
    /// It is not of the form `analysis/variable/stat`.
    Malformed {
        /// The path.
        path: String,
    },
    /// No analysis has that id.
    Analysis {
        /// The id.
        id: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// No number has that name.
    Stat {
        /// The name.
        name: String,
    },
    /// The analysis has no such number.
    Nothing {
        /// The path.
        path: String,
        /// Numbers of that name in the analysis, as paths.
        near: Vec<String>,
    },
    /// It names several numbers.
    Several {
        /// The path.
        path: String,
        /// Those it names, as paths.
        rows: Vec<String>,
    },
}

impl fmt::Display for PathError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed { path } => write!(formatter, "`{path}` is not a path of the form analysis/variable/stat"),
            Self::Analysis { id, .. } => write!(formatter, "the ledger has no analysis `{id}`"),
            Self::Stat { name } => write!(formatter, "no number is called `{name}`"),
            Self::Nothing { path, .. } => write!(formatter, "`{path}` names no number of the ledger"),
            Self::Several { path, rows } => write!(formatter, "`{path}` names {} numbers", rows.len()),
        }
    }
}

impl std::error::Error for PathError {}

impl PathError {
    /// What to do about it.
    #[must_use]
    pub fn hint(&self) -> Option<String> {
        let list = |what: &str, names: &[String]| {
            let shown: Vec<&str> = names.iter().take(6).map(String::as_str).collect();
            let more = if names.len() > shown.len() { ", …" } else { "" };
            (!names.is_empty()).then(|| format!("{what}: {}{more}", shown.join(", ")))
        };
        match self {
            Self::Malformed { .. } => Some("such as `table-1/age/p_value` or `table-1/age@Treated/mean`".to_owned()),
            Self::Analysis { known, .. } => list("analyses", known),
            Self::Stat { .. } => Some("names of numbers stand in the column `stat_name` of ledger.csv".to_owned()),
            Self::Nothing { near, .. } => list("there is", near),
            Self::Several { rows, .. } => list("say which", rows),
        }
    }
}

/// What a path asks of a row.
#[derive(Default)]
struct Wanted {
    variable: Option<String>,
    level: Option<String>,
    group: Option<String>,
    with: Option<String>,
    model: Option<String>,
    time: Option<f64>,
}

impl Ledger {
    /// The one row that a path names.
    ///
    /// An answer by another admissible procedure ([`Context::Alternative`]) is never meant.
    ///
    /// # Errors
    ///
    /// [`PathError`], when the path names no number or several.
    pub fn find(&self, path: &str) -> Result<&Row, PathError> {
        let malformed = || PathError::Malformed { path: path.to_owned() };
        let parts = split(path, '/');
        let (analysis, place, stat) = match parts.as_slice() {
            [analysis, stat] => (plain(analysis), None, plain(stat)),
            [analysis, place, stat] => (plain(analysis), Some(place), plain(stat)),
            _ => return Err(malformed()),
        };
        let Some(analysis) = self.analysis(&analysis) else {
            let known = self.analyses.iter().map(|analysis| analysis.id.clone()).collect();
            return Err(PathError::Analysis { id: analysis, known });
        };
        let wanted = match place {
            Some(place) => Wanted::parse(place).ok_or_else(malformed)?,
            None => Wanted::default(),
        };
        let named = |name: &str| {
            let known = Stat::ALL.iter().copied().find(|stat| stat.name() == name);
            known.ok_or_else(|| PathError::Stat { name: name.to_owned() })
        };
        let (stat, of) = match stat.split_once('.') {
            Some((of, stat)) => (named(stat)?, Some(named(of)?)),
            None => (named(&stat)?, None),
        };
        let of_stat: Vec<&Row> = self
            .rows_of(&analysis.id)
            .filter(|row| row.stat == stat && row.context != Context::Alternative)
            .filter(|row| of.is_none() || row.of.is_none() || row.of == of)
            .collect();
        let mut found: Vec<&Row> = of_stat.iter().copied().filter(|row| wanted.admits(row)).collect();
        // A number of one variable goes before those of its pairs.
        if wanted.with.is_none() && found.iter().any(|row| row.with.is_none()) {
            found.retain(|row| row.with.is_none());
        }
        // One of no model goes before those of models.
        if wanted.model.is_none() && found.iter().any(|row| row.model.is_none()) {
            found.retain(|row| row.model.is_none());
        }
        // `p_value` alone is the one that qualifies nothing, where there is such a one.
        if of.is_none() && found.iter().any(|row| row.of.is_none()) {
            found.retain(|row| row.of.is_none());
        }
        // That of a cut-off is asked for by its name.
        if of.is_none() && found.iter().any(|row| row.of != Some(Stat::Cutoff)) {
            found.retain(|row| row.of != Some(Stat::Cutoff));
        }
        // The same number in two contexts, as patients with a value and patients summarised are, is one.
        let mut distinct: Vec<&Row> = Vec::new();
        for row in found {
            if !distinct.iter().any(|known| known.value == row.value && known.path() == row.path()) {
                distinct.push(row);
            }
        }
        match distinct.as_slice() {
            [row] => Ok(row),
            [] => {
                Err(PathError::Nothing { path: path.to_owned(), near: of_stat.iter().map(|row| row.path()).collect() })
            }
            rows => {
                Err(PathError::Several { path: path.to_owned(), rows: rows.iter().map(|row| row.path()).collect() })
            }
        }
    }
}

impl Row {
    /// The path that names this row.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = format!("{}/{}", escaped(&self.analysis), escaped(&self.variable));
        let marks = [(':', &self.level), ('@', &self.group), ('~', &self.with), ('#', &self.model)];
        for (mark, name) in marks {
            if let Some(name) = name {
                path.push(mark);
                path.push_str(&escaped(name));
            }
        }
        if let Some(time) = self.time {
            path.push_str(&format!("!{time}"));
        }
        match self.of {
            Some(of) => path + &format!("/{}.{}", of.name(), self.stat.name()),
            None => path + &format!("/{}", self.stat.name()),
        }
    }
}

/// What begins a level, a group, another variable, a model, a time.
const QUALIFIERS: [char; 5] = [':', '@', '~', '#', '!'];

fn escaped(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for character in name.chars() {
        if QUALIFIERS.contains(&character) || ['/', '\\'].contains(&character) {
            text.push('\\');
        }
        text.push(character);
    }
    text
}

fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        plain.push(if character == '\\' { characters.next().unwrap_or('\\') } else { character });
    }
    plain
}

/// The parts between marks that no backslash precedes.
fn split(text: &str, mark: char) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut escaped) = (0, false);
    for (place, character) in text.char_indices() {
        if character == mark && !escaped {
            parts.push(&text[start..place]);
            start = place + mark.len_utf8();
        }
        escaped = character == '\\' && !escaped;
    }
    parts.push(&text[start..]);
    parts
}

impl Wanted {
    fn parse(place: &str) -> Option<Self> {
        let mut wanted = Self::default();
        let (mut start, mut mark, mut escaped) = (0, None, false);
        let ends = place.char_indices().map(Some).chain(std::iter::once(None));
        for end in ends {
            let (at, next) = end.map_or((place.len(), None), |(at, character)| (at, Some(character)));
            let is_mark = next.is_none_or(|character| QUALIFIERS.contains(&character) && !escaped);
            escaped = next == Some('\\') && !escaped;
            if !is_mark {
                continue;
            }
            let name = plain(&place[start..at]);
            match mark {
                None => wanted.variable = (!name.is_empty()).then_some(name),
                Some(':') => wanted.level = Some(name),
                Some('@') => wanted.group = Some(name),
                Some('~') => wanted.with = Some(name),
                Some('#') => wanted.model = Some(name),
                Some(_) => wanted.time = Some(name.parse().ok()?),
            }
            mark = next;
            start = at + next.map_or(0, char::len_utf8);
        }
        Some(wanted)
    }

    /// What the path does not say of a group or a time, the row must not have; a level or a model may be left out
    /// where that leaves one row.
    fn admits(&self, row: &Row) -> bool {
        let loose = |wanted: &Option<String>, has: &Option<String>| wanted.is_none() || wanted == has;
        self.variable.as_ref().is_none_or(|variable| *variable == row.variable)
            && self.group == row.group
            && self.time == row.time
            && loose(&self.level, &row.level)
            && loose(&self.with, &row.with)
            && loose(&self.model, &row.model)
    }
}
