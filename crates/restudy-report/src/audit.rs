//! An audit for people: in the terminal, as a page, in Markdown.
//!
//! The tone is that of a colleague who checks a sum: the numbers are named, the arithmetic is shown, and no motive is
//! guessed. What conflicts comes first, then how the paper must have computed, then every claim.

use maud::{Markup, html};
use restudy_ledger::{Audit, Bound, Claim, Conflict, Derived, Finding, Verdict};

use crate::analysis::{counted, sentence};
use crate::render::{document, escape_markdown, indented, wrapped};
use crate::style::Style;
use crate::table::{Cell, Column, ColumnKind, Line, Table};

/// The verdicts in the order in which a reader wants them.
const VERDICTS: [Verdict; 4] =
    [Verdict::Impossible, Verdict::Reproduced, Verdict::Consistent, Verdict::NotRecomputable];

const CONFLICT: &str = "These numbers cannot all be true";

fn words(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reproduced => "reproduced",
        Verdict::Consistent => "consistent",
        Verdict::Impossible => "impossible",
        Verdict::NotRecomputable => "not recomputable",
    }
}

fn meaning(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Reproduced => "The paper’s other numbers determine it, and it prints as published.",
        Verdict::Consistent => {
            "The paper’s other numbers are rounded; the published value lies within what they allow."
        }
        Verdict::Impossible => "No values that print as the paper’s other numbers give this one.",
        Verdict::NotRecomputable => "The paper does not print what it would take.",
    }
}

/// `12 claims: 1 impossible, 8 reproduced, 3 consistent.`
fn headline(audit: &Audit) -> String {
    let parts: Vec<String> = VERDICTS
        .into_iter()
        .map(|verdict| (audit.count(verdict), words(verdict)))
        .filter(|(count, _)| *count > 0)
        .map(|(count, words)| format!("{count} {words}"))
        .collect();
    let claims = counted(audit.claims.len(), "claim", "claims");
    if parts.is_empty() { format!("{claims}.") } else { format!("{claims}: {}.", parts.join(", ")) }
}

/// The impossible claims that no conflict speaks of.
fn unexplained(audit: &Audit) -> Vec<&Claim> {
    let spoken_of = |claim: &Claim| audit.conflicts.iter().any(|conflict| conflict.claims.contains(&claim.id));
    audit.claims.iter().filter(|claim| claim.verdict == Verdict::Impossible && !spoken_of(claim)).collect()
}

fn claim<'a>(audit: &'a Audit, id: &str) -> Option<&'a Claim> {
    audit.claims.iter().find(|claim| claim.id == id)
}

/// What the other numbers give: the audit's own words, or the ends of the interval.
fn recomputed(claim: &Claim) -> String {
    let style = Style::default();
    let ends = || match (claim.low, claim.high) {
        (Some(low), Some(high)) if low == high => style.significant(low, 4),
        (Some(low), Some(high)) => format!("{} to {}", style.significant(low, 4), style.significant(high, 4)),
        (Some(low), None) => format!("at least {}", style.significant(low, 4)),
        (None, Some(high)) => format!("at most {}", style.significant(high, 4)),
        (None, None) => String::new(),
    };
    claim.recomputed.clone().unwrap_or_else(ends)
}

/// `0.9054 (0.826 to 0.985)`
fn derived_value(derived: &Derived) -> String {
    let style = Style::default();
    // A number of patients or of tests is whole and stays so.
    let number = |x: f64| if x.fract() == 0.0 { style.number(x, 0) } else { style.significant(x, 4) };
    let interval = derived.conf_low.zip(derived.conf_high);
    let interval = interval.map(|(low, high)| format!(" ({} to {})", number(low), number(high)));
    let bound = match derived.bound {
        Bound::Exact => "",
        Bound::AtLeast => "at least ",
        Bound::AtMost => "at most ",
    };
    format!("{bound}{}{}", number(derived.value), interval.unwrap_or_default())
}

/// `Welch t throughout: explains 21 claims, not t1.fvc.p, t1.tlc.p and 3 more`
fn excluded(finding: &Finding, shown: usize) -> impl Iterator<Item = String> {
    finding.excludes.iter().map(move |excluded| {
        let by: Vec<&str> = excluded.by.iter().take(shown).map(String::as_str).collect();
        let more = match excluded.by.len() - by.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let explained = format!("explains {}", counted(excluded.explained, "claim", "claims"));
        if by.is_empty() {
            format!("{}: {explained}", excluded.candidate)
        } else {
            format!("{}: {explained}, not {}{more}", excluded.candidate, by.join(", "))
        }
    })
}

/// Every claim, one line each. Under headings of its places where width is dear, else with a column for them and one
/// for the arithmetic.
fn claims_table(audit: &Audit, narrow: bool) -> Table {
    let mut columns = vec![
        Column::new(ColumnKind::Label, "Claim"),
        Column::new(ColumnKind::Summary, "Printed"),
        Column::new(ColumnKind::Text, "Recomputed"),
    ];
    let verdict = Column::new(ColumnKind::Summary, "Verdict");
    if narrow {
        columns.insert(0, verdict);
    } else {
        columns.push(verdict);
        columns.push(Column::new(ColumnKind::Text, "How"));
    }
    let mut lines = Vec::new();
    let mut place = None;
    for claim in &audit.claims {
        let mut cells = vec![Cell::from(claim.id.as_str()), claim.printed.as_str().into(), recomputed(claim).into()];
        let verdict = Cell::from(words(claim.verdict));
        if narrow {
            if place != Some(&claim.place) {
                lines.push(Line::heading(claim.place.as_str()));
                place = Some(&claim.place);
            }
            cells.insert(0, verdict);
        } else {
            // The id is for machines and for the other sections to point at; the place is for people.
            cells.splice(0..1, [Cell::from(claim.place.as_str()).detail(claim.id.as_str())]);
            cells.push(verdict);
            cells.push(capital(&claim.how).into());
        }
        lines.push(Line::item(cells).tagged(claim.verdict.name()));
    }
    Table { title: String::new(), columns, lines, footnotes: Vec::new() }
}

fn derived_table(audit: &Audit) -> Table {
    let columns = vec![
        Column::new(ColumnKind::Label, "Quantity"),
        Column::new(ColumnKind::Summary, "Value"),
        Column::new(ColumnKind::Text, "How"),
    ];
    let line = |derived: &Derived| {
        Line::item(vec![derived.label.as_str().into(), derived_value(derived).into(), capital(&derived.how).into()])
    };
    Table { columns, lines: audit.derived.iter().map(line).collect(), ..Table::default() }
}

// ---- terminal

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Columns.
    pub width: usize,
    /// Whether ANSI colours are understood and wanted.
    pub colour: bool,
}

impl Default for Terminal {
    /// Eighty columns without colour: right for a file or a pipe.
    fn default() -> Self {
        Self { width: 80, colour: false }
    }
}

impl From<usize> for Terminal {
    /// So many columns, without colour.
    fn from(width: usize) -> Self {
        Self { width, ..Self::default() }
    }
}

/// The audit for a terminal (or a width, for one without colour): the verdicts counted, then what conflicts and how it could be repaired, then the methods
/// inferred, then facts nobody printed, then every claim.
#[must_use]
pub fn audit_text(audit: &Audit, terminal: impl Into<Terminal>) -> String {
    let terminal = terminal.into();
    let width = terminal.width;
    let mut text = wrapped(&audit.paper.title, width);
    text += &wrapped(&audit.paper.citation, width);
    text.push('\n');
    text += &wrapped(&headline(audit), width);

    if audit.conflicts.is_empty() && unexplained(audit).is_empty() {
        text += "No conflict found.\n";
    } else {
        text += &format!("\n{}\n", title(&CONFLICT.to_uppercase(), terminal));
        for (number, conflict) in (1_usize..).zip(&audit.conflicts) {
            let lead = format!("{number:>3}. ");
            text += &indented(&lead, &sentence(&conflict.sentence), width);
            let depth = " ".repeat(lead.len());
            for claim in conflict.claims.iter().filter_map(|id| claim(audit, id)) {
                text += &indented(&depth, &format!("{}: {} [{}]", claim.place, claim.printed, claim.id), width);
            }
            if let Some(repair) = &conflict.repair {
                text += &indented(&depth, &format!("Repair: {}", sentence(repair)), width);
            }
        }
        for claim in unexplained(audit) {
            let found = format!("{}: {} cannot hold. {}", claim.place, claim.printed, sentence(&claim.how));
            text += &indented("   - ", &found, width);
        }
    }
    if !audit.methods.is_empty() {
        text += &format!("\n{}\n", title("METHODS INFERRED", terminal));
        for finding in &audit.methods {
            text +=
                &indented("   - ", &format!("{}: {}", capital(&finding.question), sentence(&finding.finding)), width);
            for excluded in excluded(finding, 4) {
                text += &indented("       ruled out: ", &excluded, width);
            }
        }
    }
    if !audit.derived.is_empty() {
        text += &format!("\n{}\n", title("WHAT FOLLOWS THOUGH NOT PRINTED", terminal));
        for derived in &audit.derived {
            text += &indented("   - ", &format!("{}: {}", derived.label, derived_value(derived)), width);
        }
    }
    if !audit.claims.is_empty() {
        text += &format!("\n{}\n", title("EVERY CLAIM", terminal));
        for line in claims_table(audit, true).to_text(width).lines() {
            text += &coloured(line, terminal);
            text.push('\n');
        }
        for verdict in VERDICTS.into_iter().filter(|&verdict| audit.count(verdict) > 0) {
            text += &indented(&format!("{:<18}", words(verdict)), meaning(verdict), width);
        }
        // Once more where a long list ends.
        text += &format!("\n{}", wrapped(&headline(audit), width));
    }
    text
}

fn title(words: &str, terminal: Terminal) -> String {
    if terminal.colour { format!("\u{1b}[1m{words}\u{1b}[0m") } else { words.to_owned() }
}

/// A line of the table of claims begins with its verdict, and with nothing but blanks where a cell runs on.
fn coloured(line: &str, terminal: Terminal) -> String {
    let verdict = VERDICTS.into_iter().find(|&verdict| line.starts_with(words(verdict)));
    match verdict.filter(|_| terminal.colour) {
        None => line.to_owned(),
        Some(verdict) => {
            let code = match verdict {
                Verdict::Impossible => 31,
                Verdict::Reproduced => 32,
                Verdict::Consistent => 36,
                Verdict::NotRecomputable => 2,
            };
            let words = words(verdict);
            line.replacen(words, &format!("\u{1b}[{code}m{words}\u{1b}[0m"), 1)
        }
    }
}

/// With a capital first letter, without a full stop.
fn capital(text: &str) -> String {
    let text = sentence(text);
    text.strip_suffix('.').map_or_else(|| text.clone(), str::to_owned)
}

// ---- page

/// The audit as one self-contained HTML page: no script, nothing fetched; the table of claims can be narrowed to one
/// verdict. All text is escaped.
#[must_use]
pub fn audit_html(audit: &Audit) -> String {
    let body = html! {
        header {
            p.kicker { "Audit of the published numbers" }
            h1 { (audit.paper.title) }
            p.source { (audit.paper.citation) }
        }
        section {
            ul.tally {
                @for verdict in VERDICTS {
                    li class=(verdict.name()) {
                        strong { (audit.count(verdict)) } " " span { (words(verdict)) }
                        p { (meaning(verdict)) }
                    }
                }
            }
        }
        (conflicts(audit))
        @if !audit.methods.is_empty() {
            section {
                h2 { "Methods inferred" }
                p { "Each candidate was tried on every claim that bears on the question." }
                @for finding in &audit.methods { (method(finding)) }
            }
        }
        @if !audit.derived.is_empty() {
            section {
                h2 { "What follows though it was not printed" }
                (derived_table(audit).markup("plain"))
            }
        }
        @if !audit.claims.is_empty() {
            section {
                h2 { "Every claim" }
                div.filter {
                    // The choice comes before the table and beside it, so that the style sheet alone can act on it.
                    input type="radio" name="verdict" id="show-all" checked;
                    label for="show-all" { "all " (audit.claims.len()) }
                    @for verdict in VERDICTS.into_iter().filter(|&verdict| audit.count(verdict) > 0) {
                        @let id = format!("show-{}", verdict.name());
                        input type="radio" name="verdict" id=(id);
                        label for=(id) { (words(verdict)) " " (audit.count(verdict)) }
                    }
                    (claims_markup(audit))
                }
            }
        }
    };
    document(&format!("Audit: {}", audit.paper.title), &body)
}

/// Every claim, each to be opened to its arithmetic and to the claims that it was made from.
fn claims_markup(audit: &Audit) -> Markup {
    html! {
        div.table-box {
            table.claims style="--columns: 2" {
                thead { tr {
                    th scope="col" class="label" { "Claim" }
                    th scope="col" class="summary" { "Printed" }
                    th scope="col" class="text" { "Recomputed" }
                    th scope="col" class="summary" { "Verdict" }
                    th scope="col" class="text" { "Arithmetic" }
                } }
                tbody {
                    @for claim in &audit.claims {
                        tr class=(format!("item {}", claim.verdict.name())) id=(anchor(&claim.id)) {
                            th scope="row" class="label" {
                                (claim.place) span.detail { (claim.id) }
                            }
                            td.summary { (claim.printed) }
                            td.text { (recomputed(claim)) }
                            td.summary { (words(claim.verdict)) }
                            td.text { (arithmetic(audit, claim)) }
                        }
                    }
                }
            }
        }
    }
}

/// The arithmetic behind a claim: closed, because a reader looks at few of many.
fn arithmetic(audit: &Audit, claim: &Claim) -> Markup {
    html! {
        details {
            summary { "show" }
            p { (sentence(&claim.how)) }
            @if !claim.uses.is_empty() {
                p.small { "Made from:" }
                ul.evidence {
                    @for id in &claim.uses { li { a href=(format!("#{}", anchor(id))) { (evidence(audit, id)) } } }
                }
            }
        }
    }
}

/// An anchor of a claim; ids are letters, digits, dots, hyphens and underscores, and anything else is left out.
fn anchor(id: &str) -> String {
    let plain = |letter: &char| letter.is_alphanumeric() || matches!(letter, '.' | '_' | '-');
    format!("claim-{}", id.chars().filter(plain).collect::<String>())
}

/// `Table 1, Age, RP-ILD: 54.86 ± 11.72 [t1.age.rp]`
fn evidence(audit: &Audit, id: &str) -> String {
    claim(audit, id).map_or_else(|| id.to_owned(), |claim| format!("{}: {} [{id}]", claim.place, claim.printed))
}

// ---- one claim

/// One claim with all that the audit says of it: its verdict and arithmetic, the claims that it was made from, the
/// conflicts it is in, the methods it tells of, and what follows from it; none when there is no such claim.
#[must_use]
pub fn audit_explanation(audit: &Audit, id: &str, width: usize) -> Option<String> {
    let claim = claim(audit, id)?;
    let mut text = wrapped(&format!("{}: {}", claim.place, claim.printed), width);
    text += &indented("  ", &format!("{} [{}]", claim.kind.replace('_', " "), claim.id), width);
    text += &format!("\n{}: {}\n", words(claim.verdict), meaning(claim.verdict));
    let value = recomputed(claim);
    if !value.is_empty() {
        text += &indented("recomputed: ", &value, width);
    }
    text += &indented("arithmetic: ", &sentence(&claim.how), width);
    if !claim.uses.is_empty() {
        text += "\nmade from\n";
        for used in &claim.uses {
            text += &indented("   - ", &evidence(audit, used), width);
        }
    }
    let users: Vec<&Claim> = audit.claims.iter().filter(|other| other.uses.iter().any(|used| used == id)).collect();
    if !users.is_empty() {
        text += "\nused by\n";
        for user in users {
            text += &indented("   - ", &evidence(audit, &user.id), width);
        }
    }
    for conflict in audit.conflicts.iter().filter(|conflict| conflict.claims.iter().any(|claim| claim == id)) {
        text += "\nin conflict\n";
        text += &indented("   - ", &sentence(&conflict.sentence), width);
        if let Some(repair) = &conflict.repair {
            text += &indented("     Repair: ", &sentence(repair), width);
        }
    }
    let mentions = |ids: &[String]| ids.iter().any(|other| other == id);
    for finding in &audit.methods {
        let excluded: Vec<&str> = finding
            .excludes
            .iter()
            .filter(|excluded| mentions(&excluded.by))
            .map(|excluded| excluded.candidate.as_str())
            .collect();
        if !mentions(&finding.explains) && excluded.is_empty() {
            continue;
        }
        text += &format!("\n{}", wrapped(&finding.question, width));
        text += &indented("   - ", &sentence(&finding.finding), width);
        for candidate in excluded {
            text += &indented("   - this claim rules out: ", candidate, width);
        }
    }
    Some(text)
}

fn conflicts(audit: &Audit) -> Markup {
    let unexplained = unexplained(audit);
    html! {
        section {
            @if audit.conflicts.is_empty() && unexplained.is_empty() {
                h2 { "Conflicts" }
                p { "No conflict found." }
            } @else {
                h2 { (CONFLICT) }
                ol.conflicts {
                    @for conflict in &audit.conflicts { (self::conflict(audit, conflict)) }
                    @for claim in unexplained {
                        li {
                            p { (claim.place) ": " b { (claim.printed) } " cannot hold. " (sentence(&claim.how)) }
                        }
                    }
                }
            }
        }
    }
}

fn conflict(audit: &Audit, conflict: &Conflict) -> Markup {
    html! {
        li {
            p { (sentence(&conflict.sentence)) }
            ul.evidence {
                @for id in &conflict.claims {
                    li {
                        @match claim(audit, id) {
                            Some(claim) => { (claim.place) ": " b { (claim.printed) } " " code { (claim.id) } }
                            None => { code { (id) } }
                        }
                    }
                }
            }
            @if let Some(repair) = &conflict.repair { p.repair { b { "Repair: " } (sentence(repair)) } }
        }
    }
}

fn method(finding: &Finding) -> Markup {
    html! {
        div.finding {
            h3 { (capital(&finding.question)) }
            p { (sentence(&finding.finding)) }
            @if !finding.explained_by.is_empty() {
                p.small {
                    (counted(finding.explains.len(), "claim", "claims")) " explained by: " (finding.explained_by.join("; ")) "."
                }
            }
            @if !finding.excludes.is_empty() {
                details {
                    summary { (counted(finding.excludes.len(), "candidate", "candidates")) " ruled out" }
                    ul { @for excluded in excluded(finding, usize::MAX) { li { (excluded) } } }
                }
            }
        }
    }
}

// ---- Markdown

/// The audit in Markdown, in the order of [`audit_html`].
#[must_use]
pub fn audit_markdown(audit: &Audit) -> String {
    let escape = escape_markdown;
    let mut text = format!("# Audit: {}\n\n{}\n\n", escape(&audit.paper.title), escape(&audit.paper.citation));
    text += &format!("{}\n", headline(audit));
    let unexplained = unexplained(audit);
    if audit.conflicts.is_empty() && unexplained.is_empty() {
        text += "\nNo conflict found.\n";
    } else {
        text += &format!("\n## {CONFLICT}\n\n");
        for (number, conflict) in (1_usize..).zip(&audit.conflicts) {
            text += &format!("{number}. {}\n", escape(&sentence(&conflict.sentence)));
            for id in &conflict.claims {
                text += &match claim(audit, id) {
                    Some(claim) => {
                        format!("   - {}: **{}** ({})\n", escape(&claim.place), escape(&claim.printed), escape(id))
                    }
                    None => format!("   - {}\n", escape(id)),
                };
            }
            if let Some(repair) = &conflict.repair {
                text += &format!("   - Repair: {}\n", escape(&sentence(repair)));
            }
        }
        for claim in unexplained {
            text += &format!(
                "- {}: **{}** cannot hold. {}\n",
                escape(&claim.place),
                escape(&claim.printed),
                escape(&sentence(&claim.how))
            );
        }
    }
    if !audit.methods.is_empty() {
        text += "\n## Methods inferred\n\n";
        for finding in &audit.methods {
            text +=
                &format!("- **{}**: {}\n", escape(&capital(&finding.question)), escape(&sentence(&finding.finding)));
            for excluded in excluded(finding, usize::MAX) {
                text += &format!("  - Ruled out: {}\n", escape(&excluded));
            }
        }
    }
    if !audit.derived.is_empty() {
        text += &format!("\n## What follows though it was not printed\n\n{}", derived_table(audit).to_markdown());
    }
    if !audit.claims.is_empty() {
        text += &format!("\n## Every claim\n\n{}", claims_table(audit, false).to_markdown());
    }
    text
}
