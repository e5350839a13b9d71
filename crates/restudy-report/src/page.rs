//! The page of a study, in HTML and in Markdown, from the same parts in the same order.

use maud::{Markup, PreEscaped, html};
use restudy_ledger::{AnalysisKind, Ledger};

use crate::analysis::{analysis_table, claims_table};
use crate::checklist::checklists;
use crate::methods::methods;
use crate::render::{document, escape_latex, escape_markdown};
use crate::report::{
    CHOICES, Picture, Report, SYNTHETIC, SYNTHETIC_MEANING, Section, appendix, conventions_table, flow_table, patients,
    record, standing_alone,
};
use crate::table::Table;

/// The study as one self-contained HTML page: who was analysed, each analysis with its table, figures, warnings and
/// footnotes, how each p of a comparison was chosen, what is missing, the claims of a paper, the methods in words, where
/// the items of STROBE and TRIPOD stand, the conventions with their origins, and the record of the data and the program.
///
/// It needs nothing but itself: no script, font or file is fetched. On a narrow screen every line of a table stands
/// under its label; on paper it is set on A4, and made-up data say so on every sheet. All text from the study and the
/// data is escaped; figures are taken as they are, because whoever drew them escaped theirs.
#[must_use]
pub fn html_page<'a>(report: impl Into<Report<'a>>) -> String {
    let report = report.into();
    let ledger = report.ledger;
    let study = &ledger.study;
    let sections = report.sections();
    let claims = report.claims.map(claims_table);
    let flow = report.figures_of("");
    let faces = faces(report.figures);
    let body = html! {
        @if !faces.is_empty() { style { (PreEscaped(faces)) } }
        header id="top" {
            h1 { (study.title) }
            @if let Some(source) = &study.source { p.source { (source) } }
            @if study.synthetic { p.banner role="note" { strong { (SYNTHETIC) } " " (SYNTHETIC_MEANING) } }
        }
        (navigation(&sections, claims.is_some()))
        section id="patients" {
            h2 { "Patients" }
            p { (patients(ledger)) }
            @if !ledger.flow.is_empty() { (flow_table(ledger).markup("flow")) }
            @for picture in flow { (figure(&report, picture)) }
        }
        @for (index, section) in sections.iter().enumerate() { (analysis_section(&report, index, section)) }
        @if let Some(table) = claims {
            section id="claims" {
                h2 { (table.title) }
                (Table { title: String::new(), ..table }.markup("claims checked"))
            }
        }
        section id="methods" {
            h2 { "Methods" }
            @for paragraph in methods(ledger) { p { (paragraph) } }
            @let abbreviations = report.abbreviations();
            @if !abbreviations.is_empty() {
                p.small { strong { "Abbreviations." } " " (spelled(&abbreviations)) }
            }
        }
        section id="checklists" {
            h2 { "Reporting checklists" }
            @for (name, table) in checklists(&report, &sections) {
                details {
                    summary { (name) ": where each item stands" }
                    (table.markup("plain checklist"))
                }
            }
        }
        section id="record" {
            h2 { "Conventions and record" }
            @if !ledger.conventions.is_empty() {
                details {
                    summary { "Conventions, each with its origin" }
                    (conventions_table(ledger).markup("plain"))
                }
            }
            dl.record {
                @for (term, value) in record(ledger) { div { dt { (term) } dd { (value) } } }
            }
        }
        @if study.synthetic { p.sheet aria-hidden="true" { (SYNTHETIC) } }
    };
    document(&study.title, &body)
}

/// Links within the page. Names of places are numbers, so that no word of a study stands in one.
fn navigation(sections: &[Section<'_>], claims: bool) -> Markup {
    html! {
        nav aria-label="Contents" {
            ol {
                li { a href="#patients" { "Patients" } }
                @for (index, section) in sections.iter().enumerate() {
                    li {
                        a href=(format!("#analysis-{}", index + 1)) { (section.title) }
                        @if !section.warnings.is_empty() { " " span.count { (section.warnings.len()) " to note" } }
                    }
                }
                @if claims { li { a href="#claims" { "Claims" } } }
                li { a href="#methods" { "Methods" } }
                li { a href="#checklists" { "Reporting checklists" } }
                li { a href="#record" { "Conventions and record" } }
            }
        }
    }
}

fn analysis_section(report: &Report<'_>, index: usize, section: &Section<'_>) -> Markup {
    html! {
        section id=(format!("analysis-{}", index + 1)) {
            h2 { (section.title) }
            @if !section.warnings.is_empty() {
                div.warnings role="note" {
                    p { strong { "To note" } }
                    ul { @for warning in &section.warnings { li { (warning) } } }
                }
            }
            @if !(section.main.lines.is_empty() && section.main.footnotes.is_empty()) {
                (section.main.markup(if section.analysis.kind == AnalysisKind::Comparison { "comparison" } else { "numbers" }))
            }
            @for picture in &section.figures { (figure(report, picture)) }
            @if let Some(table) = &section.choices {
                details {
                    summary { "How each " i { "p" } " was chosen, and what the other admissible tests say" }
                    p.paper { "On paper, another admissible test stands only where its verdict differs; the page and the record hold them all." }
                    (table.markup("choices"))
                }
            }
            @for detail in &section.details {
                @let table = Table { title: String::new(), ..detail.table.clone() };
                @match detail.id {
                    "missing" => details {
                        summary { "Missing values, by variable and group" }
                        (table.markup("plain"))
                    },
                    _ => {
                        h3 { (detail.table.title) }
                        (table.markup(if detail.id == "matrix" { "numbers matrix" } else { "numbers" }))
                    },
                }
            }
        }
    }
}

fn figure(report: &Report<'_>, picture: &Picture) -> Markup {
    html! {
        figure {
            div.drawing { (PreEscaped(without_faces(&picture.figure.svg))) }
            figcaption { (report.figure_title(picture)) }
        }
    }
}

/// The faces that drawings are set in, once for the page, and the drawings without them.
fn faces(pictures: &[Picture]) -> String {
    let mut faces: Vec<&str> = Vec::new();
    for rules in pictures.iter().filter_map(|picture| parted(&picture.figure.svg)).map(|(_, rules, _)| rules) {
        for rule in rules.split_inclusive('}').filter(|rule| !faces.contains(rule)).collect::<Vec<_>>() {
            faces.push(rule);
        }
    }
    faces.concat()
}

fn without_faces(svg: &str) -> String {
    parted(svg).map_or_else(|| svg.to_owned(), |(before, _, after)| format!("{before}{after}"))
}

/// A drawing before its style, the rules of the style, and what comes after.
fn parted(svg: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = svg.split_once("<style>")?;
    let (rules, after) = rest.split_once("</style>")?;
    Some((before, rules, after))
}

/// `CI, confidence interval; SD, standard deviation.`
pub(crate) fn spelled(abbreviations: &[(&str, &str)]) -> String {
    let all: Vec<String> = abbreviations.iter().map(|(short, long)| format!("{short}, {long}")).collect();
    format!("{}.", all.join("; "))
}

/// The study in Markdown: the same tables in the same order as [`html_page`]; figures are named, not drawn.
#[must_use]
pub fn markdown_page<'a>(report: impl Into<Report<'a>>) -> String {
    let report = report.into();
    let ledger = report.ledger;
    let study = &ledger.study;
    let mut text = format!("# {}\n\n", escape_markdown(&study.title));
    if let Some(source) = &study.source {
        text += &format!("{}\n\n", escape_markdown(source));
    }
    if study.synthetic {
        text += &format!("> **{SYNTHETIC}.** {SYNTHETIC_MEANING}\n\n");
    }
    text += &format!("## Patients\n\n{}\n", escape_markdown(&patients(ledger)));
    if !ledger.flow.is_empty() {
        text += &format!("\n{}", flow_table(ledger).to_markdown());
    }
    let sections = report.sections();
    for section in &sections {
        text += &format!("\n## {}\n", escape_markdown(&section.title));
        for warning in &section.warnings {
            text += &format!("\n> **To note.** {}\n", escape_markdown(warning));
        }
        let main = (None, section.main.clone());
        let details = section.details.iter().map(|detail| {
            (Some(escape_markdown(&detail.table.title)), Table { title: String::new(), ..detail.table.clone() })
        });
        for (title, table) in std::iter::once(main).chain(details) {
            if table.lines.is_empty() && table.footnotes.is_empty() {
                continue;
            }
            text += &title.map(|title| format!("\n### {title}\n")).unwrap_or_default();
            text += &format!("\n{}", table.to_markdown());
        }
        for picture in &section.figures {
            text += &format!("\n*{}*\n", escape_markdown(&report.figure_title(picture)));
        }
    }
    if let Some(checks) = report.claims {
        let table = claims_table(checks);
        text += &format!("\n## {}\n\n", escape_markdown(&table.title));
        text += &Table { title: String::new(), ..table }.to_markdown();
    }
    text += "\n## Methods\n";
    for paragraph in methods(ledger) {
        text += &format!("\n{}\n", escape_markdown(&paragraph));
    }
    let abbreviations = report.abbreviations();
    if !abbreviations.is_empty() {
        text += &format!("\nAbbreviations: {}\n", escape_markdown(&spelled(&abbreviations)));
    }
    text += "\n## Reporting checklists\n";
    for (name, table) in checklists(&report, &sections) {
        text += &format!("\n### {name}\n\n{}", table.to_markdown());
    }
    text += "\n## Conventions and record\n\n";
    if !ledger.conventions.is_empty() {
        text += &format!("{}\n", conventions_table(ledger).to_markdown());
    }
    for (term, value) in record(ledger) {
        text += &format!("- {term}: {}\n", escape_markdown(&value));
    }
    for (index, (title, table)) in appendix(&sections).into_iter().enumerate() {
        if index == 0 {
            text += &format!("\n## {CHOICES}\n");
        }
        text += &format!("\n### {}\n\n{}", escape_markdown(title), table.to_markdown());
    }
    text
}

/// The main table of one analysis in LaTeX; see [`Table::to_latex`]. None when the ledger has no such analysis. Made-up
/// data say so in the first note.
#[must_use]
pub fn latex_table(ledger: &Ledger, analysis: &str) -> Option<String> {
    analysis_table(ledger, analysis).map(|table| standing_alone(ledger, table).to_latex())
}

/// The study as one LaTeX document: its tables, the methods and the record, with every package that they need.
#[must_use]
pub fn latex_page<'a>(report: impl Into<Report<'a>>) -> String {
    let report = report.into();
    let ledger = report.ledger;
    let mut text = String::from(LATEX_PREAMBLE);
    text += &format!("\\title{{{}}}\\author{{}}\\date{{}}\n", escape_latex(&ledger.study.title));
    if ledger.study.synthetic {
        text += &format!("\\markright{{{}}}\n", escape_latex(&SYNTHETIC.to_uppercase()));
    }
    text += "\\begin{document}\n\\maketitle\\thispagestyle{myheadings}\n";
    if ledger.study.synthetic {
        text += &format!("\\noindent\\textbf{{{SYNTHETIC}.}} {SYNTHETIC_MEANING}\n\n");
    }
    text += &format!("\\section*{{Patients}}\n{}\n", escape_latex(&patients(ledger)));
    if !ledger.flow.is_empty() {
        text += &flow_table(ledger).to_latex();
    }
    let sections = report.sections();
    for section in &sections {
        text += &format!("\\section*{{{}}}\n", escape_latex(&section.title));
        for warning in &section.warnings {
            text += &format!("\\noindent\\textbf{{To note.}} {}\n\n", escape_latex(warning));
        }
        let tables = std::iter::once(&section.main).chain(section.details.iter().map(|detail| &detail.table));
        for table in tables.filter(|table| !table.columns.is_empty() && !table.lines.is_empty()) {
            text += &upright(table);
        }
    }
    if let Some(checks) = report.claims {
        text += &claims_table(checks).to_latex();
    }
    text += "\\section*{Methods}\n";
    for paragraph in methods(ledger) {
        text += &format!("{}\n\n", escape_latex(&paragraph));
    }
    text += "\\section*{Record}\n\\begin{description}\n";
    for (term, value) in record(ledger) {
        text += &format!("\\item[{term}] {}\n", escape_latex(&value));
    }
    text += "\\end{description}\n";
    for (index, (title, table)) in appendix(&sections).into_iter().enumerate() {
        if index == 0 {
            text += &format!("\\clearpage\n\\section*{{{CHOICES}}}\n");
        }
        text += &format!("\\subsection*{{{}}}\n{}", escape_latex(title), upright(table));
    }
    text + "\\end{document}\n"
}

/// A table on landscape paper where it has many columns.
fn upright(table: &Table) -> String {
    let latex = table.to_latex();
    if table.columns.len() > 7 { format!("\\begin{{landscape}}\n{latex}\\end{{landscape}}\n") } else { latex }
}

const LATEX_PREAMBLE: &str = r"\documentclass[11pt,a4paper]{article}
\usepackage{iftex}
\ifPDFTeX
  \usepackage[utf8]{inputenc}
  \usepackage[T1]{fontenc}
\else
  \usepackage{fontspec}
\fi
\usepackage{textcomp}
\usepackage[margin=2cm]{geometry}
\usepackage{array,booktabs,longtable,threeparttable,threeparttablex,pdflscape}
\pagestyle{myheadings}
\setlength{\parindent}{0pt}\setlength{\parskip}{4pt}
";

/// The main table of one analysis as CSV for a spreadsheet; see [`Table::to_csv`]. None when the ledger has no such
/// analysis. Made-up data say so in the first note.
#[must_use]
pub fn csv_table(ledger: &Ledger, analysis: &str) -> Option<String> {
    analysis_table(ledger, analysis).map(|table| standing_alone(ledger, table).to_csv())
}
