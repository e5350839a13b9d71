//! A published record made from a ledger: what a paper would print of a cohort.

use restudy_ledger::{Analysis, AnalysisKind, Ledger, Stat, SummaryKind, TableRow};

/// Decimals of a p-value.
const P_DECIMALS: usize = 3;

/// The record of a comparison of a ledger as a paper would print it: the text of a `published.toml`. None when the
/// ledger has no such comparison, or it has no groups.
///
/// Means and standard deviations get one decimal more than the values have, medians and quartiles two more; p-values
/// three, or `< 0.001`. Rows are named by their variables, a dot in a name becoming `_`.
#[must_use]
pub fn published_record(ledger: &Ledger, analysis: &str) -> Option<String> {
    let analysis = ledger.analysis(analysis).filter(|analysis| analysis.kind == AnalysisKind::Comparison)?;
    if analysis.groups.is_empty() {
        return None;
    }
    let mut text = format!(
        "[paper]\nid = {}\ntitle = {}\ncitation = {}\n",
        quoted(&identifier(&ledger.study.id)),
        quoted(&ledger.study.title),
        quoted(ledger.study.source.as_deref().unwrap_or("a ledger"))
    );
    let ids: Vec<String> = (1..=analysis.groups.len()).map(|place| format!("g{place}")).collect();
    for (id, group) in ids.iter().zip(&analysis.groups) {
        text.push_str(&format!("\n[[group]]\nid = \"{id}\"\nlabel = {}\nn = {}\n", quoted(&group.label), group.n));
    }
    let list: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
    text.push_str(&format!(
        "\n[[table]]\nid = \"t1\"\nlabel = \"Table 1\"\nanalysis = {}\ngroups = [{}]\n\
         tests = {{ mean-sd = [\"t-test\"], median-quartiles = [\"mann-whitney\"], counts = [\"chi-square\", \"fisher-exact\"] }}\n",
        quoted(&analysis.id),
        list.join(", ")
    ));
    for row in &analysis.rows {
        if let Some(row) = published_row(ledger, analysis, row, &ids) {
            text.push_str(&row);
        }
    }
    for row in &analysis.rows {
        let numeric = matches!(row.summary, SummaryKind::MeanSd | SummaryKind::MedianQuartiles);
        if let Some(decimals) = decimals(ledger, &row.variable).filter(|_| numeric) {
            let id = quoted(&identifier(&row.variable));
            text.push_str(&format!("\n[[variable]]\nid = {id}\ndecimals = {decimals}\n"));
            let least = number(ledger, analysis, &row.variable, None, Stat::Min);
            if least.is_some_and(|least| least >= 0.0) {
                text.push_str("min = 0\n");
            }
        }
    }
    Some(text)
}

fn published_row(ledger: &Ledger, analysis: &Analysis, row: &TableRow, ids: &[String]) -> Option<String> {
    let label = ledger.variables.iter().find(|known| known.name == row.variable).map(|known| known.label.clone());
    let own = decimals(ledger, &row.variable).unwrap_or(1) as usize;
    let mut text = format!(
        "\n[[table.row]]\nid = {}\nlabel = {}\n",
        quoted(&identifier(&row.variable)),
        quoted(&label.unwrap_or_else(|| row.variable.clone()))
    );
    let kind = match row.summary {
        SummaryKind::MeanSd => "mean-sd",
        SummaryKind::MedianQuartiles => "median-quartiles",
        SummaryKind::Count => "count-percent",
        SummaryKind::Counts => "counts",
    };
    text.push_str(&format!("kind = \"{kind}\"\n"));
    let levels = ledger.variables.iter().find(|known| known.name == row.variable).map(|known| &known.levels);
    if let (SummaryKind::Counts, Some(levels)) = (row.summary, levels) {
        let levels: Vec<String> = levels.iter().map(|level| quoted(level)).collect();
        text.push_str(&format!("levels = [{}]\n", levels.join(", ")));
    }
    for (id, group) in ids.iter().zip(&analysis.groups) {
        let of = |stat: Stat| number(ledger, analysis, &row.variable, Some(&group.label), stat);
        let cell = match row.summary {
            SummaryKind::MeanSd => {
                let decimals = own + 1;
                format!("{:.decimals$} ± {:.decimals$}", of(Stat::Mean)?, of(Stat::Sd)?)
            }
            SummaryKind::MedianQuartiles => {
                let decimals = own + 2;
                format!("{:.decimals$} ({:.decimals$}, {:.decimals$})", of(Stat::Median)?, of(Stat::Q1)?, of(Stat::Q3)?)
            }
            SummaryKind::Count => {
                let level = row.level.as_deref();
                let count = counted(ledger, analysis, &row.variable, level, &group.label)?;
                format!("{count} ({:.1}%)", 100.0 * count as f64 / group.n as f64)
            }
            SummaryKind::Counts => levels?
                .iter()
                .map(|level| {
                    counted(ledger, analysis, &row.variable, Some(level), &group.label).map(|count| count.to_string())
                })
                .collect::<Option<Vec<_>>>()?
                .join("/"),
        };
        text.push_str(&format!("{id} = {}\n", quoted(&cell)));
    }
    if let Some(p) = number(ledger, analysis, &row.variable, None, Stat::PValue) {
        let least = 0.1_f64.powi(P_DECIMALS as i32);
        let p = if p < least { format!("< {least:.P_DECIMALS$}") } else { format!("{p:.P_DECIMALS$}") };
        text.push_str(&format!("p = {}\n", quoted(&p)));
    }
    Some(text)
}

fn number(ledger: &Ledger, analysis: &Analysis, variable: &str, group: Option<&str>, stat: Stat) -> Option<f64> {
    let row = ledger.rows_of(&analysis.id).find(|row| {
        row.variable == variable
            && row.stat == stat
            && row.group.as_deref() == group
            && row.of.is_none()
            && row.context != restudy_ledger::Context::Alternative
    });
    row.and_then(|row| row.value.number())
}

fn counted(ledger: &Ledger, analysis: &Analysis, variable: &str, level: Option<&str>, group: &str) -> Option<u64> {
    let row = ledger.rows_of(&analysis.id).find(|row| {
        row.variable == variable
            && row.stat == Stat::Count
            && row.group.as_deref() == Some(group)
            && (level.is_none() || row.level.as_deref() == level)
    });
    row.and_then(|row| row.value.number()).map(|count| count.round() as u64)
}

fn decimals(ledger: &Ledger, variable: &str) -> Option<u8> {
    ledger.variables.iter().find(|known| known.name == variable).and_then(|known| known.decimals)
}

/// A name as the ids of a record are written.
fn identifier(name: &str) -> String {
    name.chars().map(|letter| if letter.is_alphanumeric() || letter == '-' { letter } else { '_' }).collect()
}

/// A text in quotes as TOML has them.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            letter if letter.is_control() => quoted.push(' '),
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}
