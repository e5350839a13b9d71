//! `ledger.csv`: the record in the shape of analysis results data, as R's cards package holds it.

use crate::{Ledger, Row, Stat, Value};

const HEADER: &str = "group1,group1_level,variable,variable_level,context,stat_name,stat_label,stat,analysis,with,model,time,of,procedure,why,reason,remarks";

impl Ledger {
    /// The rows as CSV (RFC 4180, LF line ends): cards' columns first, ours after them.
    ///
    /// Numbers are written with the fewest digits that read back to the same double; a missing number is an empty
    /// cell. Text cells that a spreadsheet would take for a formula are neutralised with [`neutral_cell`].
    #[must_use]
    pub fn to_csv(&self) -> String {
        let mut text = String::from(HEADER);
        text.push('\n');
        for row in &self.rows {
            let by = self.analyses.iter().find(|analysis| analysis.id == row.analysis).and_then(|a| a.by.as_deref());
            write_row(&mut text, row, by);
        }
        text
    }
}

fn write_row(text: &mut String, row: &Row, by: Option<&str>) {
    let stat = match row.value {
        Value::Number(number) if number.is_infinite() => if number > 0.0 { "Inf" } else { "-Inf" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Missing => String::new(),
    };
    let time = row.time.map(|time| time.to_string()).unwrap_or_default();
    let remarks = row.remarks.join("; ");
    let cells = [
        quoted(row.group.as_ref().and(by).unwrap_or_default()),
        quoted(row.group.as_deref().unwrap_or_default()),
        quoted(&row.variable),
        quoted(row.level.as_deref().unwrap_or_default()),
        quoted(row.context.name()),
        quoted(row.stat.name()),
        quoted(row.stat.label()),
        stat,
        quoted(&row.analysis),
        quoted(row.with.as_deref().unwrap_or_default()),
        quoted(row.model.as_deref().unwrap_or_default()),
        time,
        quoted(row.of.map(Stat::name).unwrap_or_default()),
        quoted(row.procedure.as_deref().unwrap_or_default()),
        quoted(row.why.as_deref().unwrap_or_default()),
        quoted(row.reason.as_deref().unwrap_or_default()),
        quoted(&remarks),
    ];
    text.push_str(&cells.join(","));
    text.push('\n');
}

fn quoted(cell: &str) -> String {
    let cell = neutral_cell(cell);
    if cell.contains([',', '"', '\n', '\r']) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
}

/// A text cell that no spreadsheet takes for a formula: one that begins with `=`, `+`, `-`, `@`, a tab or a carriage
/// return gets an apostrophe in front. Source: OWASP, *CSV Injection*.
#[must_use]
pub fn neutral_cell(cell: &str) -> String {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) { format!("'{cell}") } else { cell.to_owned() }
}
