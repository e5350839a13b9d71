//! LaTeX: booktabs rules, threeparttable notes; long tables break across pages.

use crate::table::{Cell, Column, ColumnKind, Footnote, LineKind, Table};

/// More lines than this are set as a `longtable`.
const LONG: usize = 40;

/// The width in characters from which words are broken within their column.
const WRAPPED: usize = 34;

impl Table {
    /// The table in LaTeX, to be `\input` where it shall stand. It needs the packages booktabs, threeparttable,
    /// threeparttablex, longtable, array and textcomp. Text from the data is escaped; what pdfLaTeX has no letters for
    /// (Chinese, emoji) needs XeLaTeX or LuaLaTeX and a font that has them.
    #[must_use]
    pub fn to_latex(&self) -> String {
        let long = self.lines.len() > LONG;
        let caption =
            if self.title.is_empty() { String::new() } else { format!("\\caption{{{}}}", escape(&self.title)) };
        let columns: String = (0..self.columns.len()).map(|index| self.specification(index)).collect();
        let (head, body, notes) = (self.head(), self.body(), notes(&self.footnotes));
        if long {
            let caption = if caption.is_empty() { String::new() } else { format!("{caption}\\\\\n") };
            let insert = if notes.is_empty() { "" } else { "\\insertTableNotes\n" };
            return format!(
                "\\begin{{ThreePartTable}}\n\\footnotesize\\setlength{{\\tabcolsep}}{{4pt}}\n\
                 \\begin{{TableNotes}}\n{notes}\\end{{TableNotes}}\n\\begin{{longtable}}{{@{{}}{columns}@{{}}}}\n\
                 {caption}\\toprule\n{head}\\midrule\n\\endfirsthead\n\\toprule\n{head}\\midrule\n\\endhead\n\
                 \\bottomrule\n\\endfoot\n\\bottomrule\n{insert}\\endlastfoot\n{body}\\end{{longtable}}\n\
                 \\end{{ThreePartTable}}\n"
            );
        }
        let notes =
            if notes.is_empty() { notes } else { format!("\\begin{{tablenotes}}\n{notes}\\end{{tablenotes}}\n") };
        let caption = if caption.is_empty() { caption } else { format!("{caption}\n") };
        format!(
            "\\begin{{table}}[htbp]\n\\centering\\footnotesize\\setlength{{\\tabcolsep}}{{4pt}}\n\\begin{{threeparttable}}\n\
             {caption}\\begin{{tabular}}{{@{{}}{columns}@{{}}}}\n\\toprule\n{head}\\midrule\n{body}\\bottomrule\n\
             \\end{{tabular}}\n{notes}\\end{{threeparttable}}\n\\end{{table}}\n"
        )
    }

    fn specification(&self, index: usize) -> String {
        let column = &self.columns[index];
        let cells =
            self.lines.iter().filter(|line| line.kind != LineKind::Heading).filter_map(|line| line.cells.get(index));
        let longest = cells.map(|cell| cell.plain(column.kind).chars().count()).max().unwrap_or(0);
        match column.kind {
            ColumnKind::Label | ColumnKind::Text if longest > WRAPPED => {
                ">{\\raggedright\\arraybackslash}p{5.2cm}".to_owned()
            }
            ColumnKind::Label | ColumnKind::Text | ColumnKind::Summary | ColumnKind::Estimate => "l".to_owned(),
            ColumnKind::Patients | ColumnKind::Number | ColumnKind::PValue => "r".to_owned(),
        }
    }

    fn head(&self) -> String {
        let mut text = String::new();
        let groups = self.groups();
        if !groups.is_empty() {
            let mut rules = String::new();
            let mut first = 1;
            let cells: Vec<String> = groups
                .iter()
                .map(|(group, span)| {
                    let last = first + span - 1;
                    let cell = group.map_or_else(
                        || "&".repeat(span - 1),
                        |group| {
                            rules += &format!("\\cmidrule(lr){{{first}-{last}}}");
                            format!("\\multicolumn{{{span}}}{{c}}{{{}}}", escape(group))
                        },
                    );
                    first = last + 1;
                    cell
                })
                .collect();
            text += &format!("{} \\\\\n{rules}\n", cells.join(" & "));
        }
        text + &row(self.columns.iter().map(heading))
    }

    fn body(&self) -> String {
        let mut text = String::new();
        for line in &self.lines {
            if line.kind == LineKind::Heading {
                let heading = line.cells.first().map(|cell| content(cell, ColumnKind::Label)).unwrap_or_default();
                let span = self.columns.len();
                text += &format!("\\multicolumn{{{span}}}{{@{{}}l@{{}}}}{{\\textbf{{{heading}}}}} \\\\\n");
                continue;
            }
            text += &row(self.columns.iter().enumerate().map(|(index, column)| {
                let written = line.cells.get(index).map(|cell| content(cell, column.kind)).unwrap_or_default();
                match (line.kind, column.kind) {
                    (LineKind::Part, ColumnKind::Label) => format!("\\quad {written}"),
                    _ => written,
                }
            }));
        }
        text
    }
}

/// One line. It begins with a group, so that no bracket or star after `\\` is taken for an argument of it.
fn row(cells: impl Iterator<Item = String>) -> String {
    format!("{{}}{} \\\\\n", cells.collect::<Vec<_>>().join(" & "))
}

fn heading(column: &Column) -> String {
    let written = content(&column.heading, ColumnKind::Summary);
    match written.strip_prefix("P ").filter(|_| column.kind == ColumnKind::PValue) {
        Some(rest) => format!("\\textit{{P}} {rest}"),
        None => written,
    }
}

fn content(cell: &Cell, kind: ColumnKind) -> String {
    let text = escape(&cell.plain(kind));
    if cell.marks.is_empty() { text } else { format!("{text}\\tnote{{{}}}", escape(&cell.marks.join(","))) }
}

fn notes(footnotes: &[Footnote]) -> String {
    let mut text = String::new();
    let general: Vec<&str> =
        footnotes.iter().filter(|note| note.mark.is_none()).map(|note| note.text.as_str()).collect();
    if !general.is_empty() {
        text += &format!("\\item {}\n", escape(&general.join(" ")));
    }
    for note in footnotes {
        if let Some(mark) = &note.mark {
            text += &format!("\\item[{{{}}}] {}\n", escape(mark), escape(&note.text));
        }
    }
    text
}

/// Text that LaTeX sets as it is, on one line. Signs that pdfLaTeX knows by a command are written so.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.trim().chars() {
        let command = match character {
            '\\' => "\\textbackslash{}",
            '{' => "\\{",
            '}' => "\\}",
            '$' => "\\$",
            '&' => "\\&",
            '#' => "\\#",
            '%' => "\\%",
            '_' => "\\_",
            '^' => "\\textasciicircum{}",
            '~' => "\\textasciitilde{}",
            '<' => "\\textless{}",
            '>' => "\\textgreater{}",
            '|' => "\\textbar{}",
            '"' => "\\textquotedbl{}",
            '`' => "\\textasciigrave{}",
            '\'' => "\\textquotesingle{}",
            // Two would be one dash, or begin an argument.
            '-' => "-{}",
            '[' => "{[}",
            ']' => "{]}",
            '*' => "{*}",
            '\u{a0}' => "~",
            '\u{2212}' => "$-$",
            '±' => "$\\pm$",
            '≥' => "$\\geq$",
            '≤' => "$\\leq$",
            '∞' => "$\\infty$",
            'χ' => "$\\chi$",
            'ρ' => "$\\rho$",
            'τ' => "$\\tau$",
            'η' => "$\\eta$",
            'ε' => "$\\varepsilon$",
            'φ' => "$\\varphi$",
            '²' => "\\textsuperscript{2}",
            '¹' => "\\textsuperscript{1}",
            '⁸' => "\\textsuperscript{8}",
            '·' => "\\textperiodcentered{}",
            '†' => "\\textdagger{}",
            '–' => "\\textendash{}",
            '—' => "\\textemdash{}",
            '’' => "\\textquoteright{}",
            '‘' => "\\textquoteleft{}",
            '“' => "\\textquotedblleft{}",
            '”' => "\\textquotedblright{}",
            '…' => "\\textellipsis{}",
            other => {
                escaped.push(if other.is_control() { ' ' } else { other });
                continue;
            }
        };
        escaped.push_str(command);
    }
    escaped
}
