//! Two records of the same study, compared number by number.

use std::collections::BTreeMap;
use std::fmt;

use crate::{Ledger, Row, Stat, Value};

/// A number that is not what it was.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// Where it stands: analysis, variable, level, group, what it is, and by which procedure.
    pub place: String,
    /// What it was; none where it is new.
    pub before: Option<Value>,
    /// What it is; none where it is gone.
    pub after: Option<Value>,
}

impl fmt::Display for Moved {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |value: Option<Value>| match value {
            None => "absent".to_owned(),
            Some(Value::Missing) => "missing".to_owned(),
            Some(Value::Number(number)) => number.to_string(),
        };
        write!(formatter, "{}: {} -> {}", self.place, text(self.before), text(self.after))
    }
}

impl Ledger {
    /// The numbers that differ from an earlier record, in the order of this one; those that are gone come last.
    ///
    /// Numbers are compared to the last bit: a result that depends on the run is a finding.
    #[must_use]
    pub fn moved_from(&self, earlier: &Self) -> Vec<Moved> {
        let before: BTreeMap<String, Value> = earlier.rows.iter().map(|row| (place(row), row.value)).collect();
        let after: BTreeMap<String, Value> = self.rows.iter().map(|row| (place(row), row.value)).collect();
        let changed = self.rows.iter().filter_map(|row| {
            let place = place(row);
            let was = before.get(&place).copied();
            (was != Some(row.value)).then_some(Moved { place, before: was, after: Some(row.value) })
        });
        let gone = earlier.rows.iter().filter_map(|row| {
            let place = place(row);
            (!after.contains_key(&place)).then_some(Moved { place, before: Some(row.value), after: None })
        });
        changed.chain(gone).collect()
    }
}

fn place(row: &Row) -> String {
    let parts = [
        Some(row.analysis.as_str()),
        Some(row.variable.as_str()),
        row.level.as_deref(),
        row.group.as_deref(),
        row.with.as_deref(),
        row.model.as_deref(),
        Some(row.context.name()),
        row.of.map(Stat::name),
        Some(row.stat.name()),
        row.procedure.as_deref(),
    ];
    let mut place = parts.into_iter().flatten().collect::<Vec<_>>().join("/");
    if let Some(time) = row.time {
        place.push_str(&format!("/{time}"));
    }
    place
}
