//! A drawing as SVG: text stays text, and the faces that it is set in come with it.

use std::fmt::Write as _;

use super::font::{FAMILIES, Face};
use super::scene::{Anchor, Fill, INK, Item, Marker, Point, Scene, Stroke, Text};
use super::text::TEXT;

/// Points of a millimetre.
pub(super) const MILLIMETRE: f64 = 72.0 / 25.4;

impl Scene {
    /// The drawing as a document of its own, with what it shows in words.
    pub(super) fn to_svg(&self, title: &str, description: &str) -> String {
        let mut svg = String::new();
        let (width, height) = (number(self.width), number(self.height));
        let millimetres = |points| number(points / MILLIMETRE);
        put(
            &mut svg,
            format_args!(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}mm\" height=\"{}mm\" \
                 viewBox=\"0 0 {width} {height}\" role=\"img\" aria-label=\"{}\" font-family=\"{FAMILIES}\" \
                 font-size=\"{TEXT}\" fill=\"{INK}\" style=\"font-kerning:none;font-variant-ligatures:none\">\n",
                millimetres(self.width),
                millimetres(self.height),
                escaped(description),
            ),
        );
        put(&mut svg, format_args!("<title>{}</title>\n<desc>{}</desc>\n", escaped(title), escaped(description)));
        svg.push_str("<style>");
        for face in Face::ALL.into_iter().filter(|face| self.uses(*face)) {
            svg.push_str(face.style_rule());
        }
        svg.push_str("</style>\n");
        put(&mut svg, format_args!("<rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n"));
        for item in &self.items {
            write_item(&mut svg, item);
        }
        svg.push_str("</svg>\n");
        svg
    }

    fn uses(&self, face: Face) -> bool {
        let texts = self.items.iter().filter_map(|item| match item {
            Item::Text(text) => Some(&text.words.0),
            _ => None,
        });
        texts.flatten().any(|(used, _)| *used == face)
    }
}

fn put(svg: &mut String, arguments: std::fmt::Arguments<'_>) {
    // Writing to a string does not fail.
    let _ = svg.write_fmt(arguments);
}

fn write_item(svg: &mut String, item: &Item) {
    match item {
        Item::Line { points, fill, stroke, part } => {
            let path = path(points, fill.is_some());
            put(svg, format_args!("<path data-part=\"{part}\" d=\"{path}\"{}/>\n", paint(*fill, *stroke)));
        }
        Item::Box { corner: (x, y), width, height, fill, stroke, part } => {
            let [x, y, width, height] = [*x, *y, *width, *height].map(number);
            let paint = paint(*fill, *stroke);
            put(
                svg,
                format_args!(
                    "<rect data-part=\"{part}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"{paint}/>\n"
                ),
            );
        }
        Item::Marks { marker, at, radius, fill, stroke, part } => {
            put(svg, format_args!("<g data-part=\"{part}\"{}>", paint(*fill, *stroke)));
            for point in at {
                write_mark(svg, *marker, *point, *radius);
            }
            svg.push_str("</g>\n");
        }
        Item::Text(text) => write_text(svg, text),
    }
}

fn write_mark(svg: &mut String, marker: Marker, (x, y): Point, radius: f64) {
    if marker == Marker::Circle {
        let [x, y, radius] = [x, y, radius].map(number);
        put(svg, format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\"/>"));
        return;
    }
    let path = path(&outline(marker, (x, y), radius), marker != Marker::Tick);
    put(svg, format_args!("<path d=\"{path}\"/>"));
}

/// The corners of a mark that looks as large as a circle of that radius.
fn outline(marker: Marker, (x, y): Point, radius: f64) -> Vec<Point> {
    let corners = |corners: &[Point]| corners.iter().map(|(dx, dy)| (x + dx * radius, y + dy * radius)).collect();
    match marker {
        Marker::Circle | Marker::Square => corners(&[(-0.88, -0.88), (0.88, -0.88), (0.88, 0.88), (-0.88, 0.88)]),
        Marker::Diamond => corners(&[(0.0, -1.25), (1.25, 0.0), (0.0, 1.25), (-1.25, 0.0)]),
        Marker::Triangle => corners(&[(0.0, -1.25), (1.12, 0.8), (-1.12, 0.8)]),
        Marker::TriangleDown => corners(&[(0.0, 1.25), (1.12, -0.8), (-1.12, -0.8)]),
        Marker::Tick => corners(&[(0.0, -1.0), (0.0, 1.0)]),
    }
}

fn path(points: &[Point], closed: bool) -> String {
    let mut path = String::new();
    let mut before: Option<(String, String)> = None;
    for (x, y) in points {
        let (x, y) = (number(*x), number(*y));
        match &before {
            None => put(&mut path, format_args!("M{x} {y}")),
            Some((old_x, old_y)) if *old_x == x && *old_y == y => {}
            Some((old_x, _)) if *old_x == x => put(&mut path, format_args!("V{y}")),
            Some((_, old_y)) if *old_y == y => put(&mut path, format_args!("H{x}")),
            Some(_) => put(&mut path, format_args!("L{x} {y}")),
        }
        before = Some((x, y));
    }
    if closed {
        path.push('Z');
    }
    path
}

fn paint(fill: Option<Fill>, stroke: Option<Stroke>) -> String {
    let mut paint = String::new();
    match fill {
        None => paint.push_str(" fill=\"none\""),
        Some(Fill { color, opacity }) => {
            put(&mut paint, format_args!(" fill=\"{color}\""));
            if opacity < 1.0 {
                put(&mut paint, format_args!(" fill-opacity=\"{}\"", number(opacity)));
            }
        }
    }
    if let Some(Stroke { color, width, dash, opacity }) = stroke {
        put(&mut paint, format_args!(" stroke=\"{color}\" stroke-width=\"{}\"", number(width)));
        if !dash.is_empty() {
            let dash: Vec<String> = dash.iter().map(|length| number(*length)).collect();
            put(&mut paint, format_args!(" stroke-dasharray=\"{}\"", dash.join(" ")));
        }
        if opacity < 1.0 {
            put(&mut paint, format_args!(" stroke-opacity=\"{}\"", number(opacity)));
        }
    }
    paint
}

fn write_text(svg: &mut String, text: &Text) {
    let (x, y) = (number(text.at.0), number(text.at.1));
    put(svg, format_args!("<text x=\"{x}\" y=\"{y}\""));
    match text.anchor {
        Anchor::Start => {}
        Anchor::Middle => svg.push_str(" text-anchor=\"middle\""),
        Anchor::End => svg.push_str(" text-anchor=\"end\""),
    }
    if text.size != TEXT {
        put(svg, format_args!(" font-size=\"{}\"", number(text.size)));
    }
    if text.color != INK {
        put(svg, format_args!(" fill=\"{}\"", text.color));
    }
    if text.upright {
        put(svg, format_args!(" transform=\"rotate(-90 {x} {y})\""));
    }
    // A reader's own font draws what ours lacks. Where every such character stands for itself the text keeps the width
    // that was measured; of marks that join, and over several faces, readers do not agree on what the length is of.
    if let [(face, run)] = text.words.0.as_slice() {
        let lacking = || run.chars().filter(|character| !face.has(*character));
        if lacking().next().is_some() && lacking().all(is_ideograph) {
            put(svg, format_args!(" textLength=\"{}\"", number(text.words.width(text.size))));
        }
    }
    svg.push_str(" xml:space=\"preserve\">");
    if let Some(full) = &text.full {
        put(svg, format_args!("<title>{}</title>", escaped(full)));
    }
    for (face, run) in &text.words.0 {
        let run = escaped(run);
        match face {
            Face::Regular => svg.push_str(&run),
            Face::Bold => put(svg, format_args!("<tspan font-weight=\"bold\">{run}</tspan>")),
            Face::Italic => put(svg, format_args!("<tspan font-style=\"italic\">{run}</tspan>")),
        }
    }
    svg.push_str("</text>\n");
}

/// Characters of Chinese, Japanese and Korean, each an em wide.
fn is_ideograph(character: char) -> bool {
    matches!(character,
        '\u{2E80}'..='\u{3029}' | '\u{3030}'..='\u{3098}' | '\u{309B}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}'
        | '\u{F900}'..='\u{FAFF}' | '\u{FF01}'..='\u{FF60}' | '\u{20000}'..='\u{3FFFD}')
}

/// A length with two decimals, without zeros that say nothing.
fn number(length: f64) -> String {
    let mut text = format!("{length:.2}");
    if text.contains('.') {
        text.truncate(text.trim_end_matches('0').trim_end_matches('.').len());
    }
    if text == "-0" { "0".to_owned() } else { text }
}

fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for character in super::text::cleaned(text).chars() {
        match character {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            _ => safe.push(character),
        }
    }
    safe
}
