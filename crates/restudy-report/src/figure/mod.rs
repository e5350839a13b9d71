//! Figures from the ledger alone: every point, curve, p and interval is one of its rows or series.
//!
//! A panel is drawn into a list of shapes and measured texts; panels are composed on a sheet of a journal's width and
//! written as SVG, in which text stays text. PNG and PDF are made from that same SVG. The same ledger gives the same
//! bytes.

mod axis;
mod font;
mod key;
mod palette;
mod panel;
mod pdf;
mod png;
mod scene;
mod source;
mod svg;
mod text;

use restudy_ledger::{Figure, Ledger, Panel, PanelKind};

pub use pdf::pdf;
pub use png::png;

use font::Face;
use panel::Drawn;
use scene::{Anchor, Fill, GREY, Item, Scene, Stroke};
use svg::MILLIMETRE;
use text::{Lines, TEXT, Words, line_height};

use crate::parallel;

/// A journal's column, in millimetres.
const SINGLE: f64 = 85.0;

/// A journal's page, in millimetres.
const DOUBLE: f64 = 174.0;

/// White around the drawing, in points.
const MARGIN: f64 = 4.0;

/// Between panels side by side and below each other, in points.
const BETWEEN: f64 = 14.0;

/// A figure, drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawnFigure {
    /// Short name; the figure's files are named by it.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it shows, in words, for those who cannot see it.
    pub alt_text: String,
    /// The drawing: a document of its own, 85 or 174 mm wide, with the fonts within it.
    pub svg: String,
}

/// The figures of a study, in the order of its report.
///
/// A panel whose numbers the ledger lacks says so in its place. Where the data were made and not observed, every figure
/// says so.
#[must_use]
pub fn figures(ledger: &Ledger) -> Vec<DrawnFigure> {
    parallel::each(ledger.figures.iter().collect(), |figure| draw(ledger, figure))
}

fn draw(ledger: &Ledger, figure: &Figure) -> DrawnFigure {
    let width = MILLIMETRE * if figure.panels.len() > 1 || figure.panels.iter().any(is_wide) { DOUBLE } else { SINGLE };
    let mut sheet = Scene::new(width);
    let mut top = MARGIN;
    if ledger.study.synthetic {
        top = synthetic(&mut sheet, top) + 5.0;
    }
    let (body, mut alt) = compose(ledger, figure, width - 2.0 * MARGIN);
    sheet.height = top + body.height + MARGIN;
    sheet.place(body, (MARGIN, top));
    if ledger.study.synthetic {
        alt.insert_str(0, "Synthetic data. ");
    }
    DrawnFigure {
        id: figure.id.clone(),
        title: figure.title.clone(),
        svg: sheet.to_svg(&figure.title, &alt),
        alt_text: alt,
    }
}

/// Panels that need the whole width: tables with plots, diagrams, and many plots of one kind.
fn is_wide(panel: &Panel) -> bool {
    match panel.kind {
        PanelKind::Forest | PanelKind::Flow => true,
        PanelKind::Box | PanelKind::Violin => panel.variables.len() > 2,
        PanelKind::CorrelationMatrix => panel.variables.len() > 7,
        _ => false,
    }
}

/// Panels that are still read when three stand side by side.
fn is_narrow(panel: &Panel) -> bool {
    match panel.kind {
        PanelKind::Box | PanelKind::Violin | PanelKind::Roc => panel.variables.len() == 1,
        PanelKind::Scatter => panel.variables.len() == 2,
        _ => false,
    }
}

/// How many panels stand in each row: a wide one by itself, the others two by two. Where that would leave a place empty
/// beside the last one, the last three share a row if they are narrow; narrow ones alone are spread over rows of three.
fn rows(panels: &[Panel]) -> Vec<usize> {
    let mut rows = Vec::new();
    for run in panels.chunk_by(|one, other| !is_wide(one) && !is_wide(other)) {
        let count = run.len();
        let narrow = |panels: &[Panel]| panels.iter().all(is_narrow);
        if count > 2 && count != 4 && narrow(run) {
            let deep = count.div_ceil(3);
            rows.extend((0..deep).map(|row| (count + row) / deep));
        } else if count > 2 && count % 2 == 1 && narrow(&run[count - 3..]) {
            rows.extend(std::iter::repeat_n(2, (count - 3) / 2).chain([3]));
        } else {
            rows.extend(run.chunks(2).map(<[Panel]>::len));
        }
    }
    rows
}

/// The panels in reading order, lettered if they are several.
fn compose(ledger: &Ledger, figure: &Figure, width: f64) -> (Scene, String) {
    let panels = &figure.panels;
    if panels.is_empty() {
        let drawn = lacking("The study names no panel for this figure.", width);
        return (drawn.scene, drawn.alt);
    }
    let lettered = panels.len() > 1;
    let mut scene = Scene::new(width);
    let (mut alt, mut top, mut first) = (Vec::new(), 0.0, 0);
    for count in rows(panels) {
        let row = &panels[first..first + count];
        // A panel that has a row to itself and does not need it keeps the width of its neighbours above.
        let columns = if lettered && !row.iter().any(is_wide) { count.max(2) } else { 1 };
        let each = (width - BETWEEN * (columns - 1) as f64) / columns as f64;
        let mut lowest = top;
        for (place, panel) in row.iter().enumerate() {
            let letter = lettered.then(|| letter(first + place));
            let drawn = headed(ledger, panel, letter.as_deref(), each);
            lowest = f64::max(lowest, top + drawn.scene.height);
            scene.place(drawn.scene, (place as f64 * (each + BETWEEN), top));
            alt.push(letter.map(|letter| format!("{letter}: ")).unwrap_or_default() + &drawn.alt);
        }
        scene.height = lowest;
        top = lowest + BETWEEN;
        first += count;
    }
    (scene, alt.join(" "))
}

/// A to Z, then AA, AB, …
fn letter(place: usize) -> String {
    let last = char::from(b'A' + (place % 26) as u8).to_string();
    if place < 26 { last } else { letter(place / 26 - 1) + &last }
}

/// A panel below its letter and title.
fn headed(ledger: &Ledger, panel: &Panel, letter: Option<&str>, width: f64) -> Drawn {
    const LETTER: f64 = 9.0;
    const INDENT: f64 = 14.0;
    let mut scene = Scene::new(width);
    let mut top = 0.0;
    let indent = if letter.is_some() { INDENT } else { 0.0 };
    let baseline = text::baseline(LETTER);
    if let Some(letter) = letter {
        scene.sized((0.0, baseline), Anchor::Start, LETTER, Words::bold(letter));
        top = line_height(LETTER) + 2.0;
    }
    if let Some(title) = &panel.title {
        let lines = Lines::wrapped(title, Face::Bold, TEXT, width - indent, 3);
        let first = if letter.is_some() { baseline - text::baseline(TEXT) } else { 0.0 };
        scene.lines((indent, first), Anchor::Start, &lines);
        top = top.max(first + lines.height() + 3.0);
    }
    let drawn = panel::draw(ledger, panel, width).unwrap_or_else(|lack| lacking(&lack, width));
    scene.height = top + drawn.scene.height;
    scene.place(drawn.scene, (0.0, top));
    Drawn { scene, alt: drawn.alt }
}

/// What stands in place of a panel that cannot be drawn.
fn lacking(why: &str, width: f64) -> Drawn {
    let mut scene = Scene::new(width);
    let said = format!("Not drawn. {why}");
    let lines = Lines::plain(&said, width - 16.0, 4);
    scene.colored_lines((8.0, 8.0), Anchor::Start, &lines, GREY);
    let height = lines.height() + 15.0;
    let stroke = Some(Stroke::new(GREY, 0.5).dashed(&[2.0, 2.0]));
    scene.items.push(Item::Box { corner: (0.5, 0.5), width: width - 1.0, height, fill: None, stroke, part: "lacking" });
    scene.height = height + 1.0;
    Drawn { scene, alt: said }
}

/// The mark that no cut of the figure should lose: a band over its whole width.
fn synthetic(sheet: &mut Scene, top: f64) -> f64 {
    let height = line_height(TEXT) + 2.0;
    let (corner, width) = ((MARGIN, top), sheet.width - 2.0 * MARGIN);
    let fill = Some(Fill::new("#ececec"));
    sheet.items.push(Item::Box { corner, width, height, fill, stroke: None, part: "synthetic" });
    let words = Words::bold("Synthetic data").then(": patients made, not observed");
    sheet.centred((sheet.width / 2.0, top + height / 2.0), Anchor::Middle, TEXT, words);
    top + height
}
