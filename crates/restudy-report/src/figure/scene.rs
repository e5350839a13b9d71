//! A drawing as a list of shapes and texts, in points, before any format writes it.

use super::text::{Lines, TEXT, Words, half_capital, line_height};

/// A colour as `#rrggbb`.
pub(super) type Color = &'static str;

/// How an area is filled.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Fill {
    pub(super) color: Color,
    pub(super) opacity: f64,
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Stroke {
    pub(super) color: Color,
    pub(super) width: f64,
    pub(super) dash: &'static [f64],
    pub(super) opacity: f64,
}

impl Stroke {
    pub(super) const fn new(color: Color, width: f64) -> Self {
        Self { color, width, dash: &[], opacity: 1.0 }
    }

    pub(super) const fn dashed(self, dash: &'static [f64]) -> Self {
        Self { dash, ..self }
    }

    pub(super) const fn opacity(self, opacity: f64) -> Self {
        Self { opacity, ..self }
    }
}

impl Fill {
    pub(super) const fn new(color: Color) -> Self {
        Self { color, opacity: 1.0 }
    }

    pub(super) const fn opacity(self, opacity: f64) -> Self {
        Self { opacity, ..self }
    }
}

/// The form of a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Marker {
    Circle,
    Square,
    Diamond,
    Triangle,
    TriangleDown,
    /// An upright stroke, as censoring is marked.
    Tick,
}

/// On which side of its place a text stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// Two numbers, from the left and from the top.
pub(super) type Point = (f64, f64);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Item {
    /// A line through points, closed if it is filled.
    Line {
        points: Vec<Point>,
        fill: Option<Fill>,
        stroke: Option<Stroke>,
        part: &'static str,
    },
    /// The same mark at every place.
    Marks {
        marker: Marker,
        at: Vec<Point>,
        radius: f64,
        fill: Option<Fill>,
        stroke: Option<Stroke>,
        part: &'static str,
    },
    /// A rectangle from its upper left corner.
    Box {
        corner: Point,
        width: f64,
        height: f64,
        fill: Option<Fill>,
        stroke: Option<Stroke>,
        part: &'static str,
    },
    Text(Text),
}

/// A line of text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Text {
    /// Where its baseline begins, ends or has its middle.
    pub(super) at: Point,
    pub(super) anchor: Anchor,
    pub(super) size: f64,
    pub(super) color: Color,
    /// Read from below to above.
    pub(super) upright: bool,
    pub(super) words: Words,
    /// The whole text, where the words are not.
    pub(super) full: Option<String>,
}

/// A drawing.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Scene {
    pub(super) width: f64,
    pub(super) height: f64,
    pub(super) items: Vec<Item>,
}

/// The colour of text.
pub(super) const INK: Color = "#1a1a1a";

/// The colour of what stands second.
pub(super) const GREY: Color = "#595959";

/// The colour of lines that guide the eye.
pub(super) const FAINT: Color = "#b3b3b3";

impl Scene {
    pub(super) fn new(width: f64) -> Self {
        Self { width, height: 0.0, items: Vec::new() }
    }

    /// Takes another drawing in, moved.
    pub(super) fn place(&mut self, other: Self, (dx, dy): Point) {
        let moved = |(x, y): Point| (x + dx, y + dy);
        self.items.extend(other.items.into_iter().map(|item| match item {
            Item::Line { points, fill, stroke, part } => {
                Item::Line { points: points.into_iter().map(moved).collect(), fill, stroke, part }
            }
            Item::Marks { marker, at, radius, fill, stroke, part } => {
                Item::Marks { marker, at: at.into_iter().map(moved).collect(), radius, fill, stroke, part }
            }
            Item::Box { corner, width, height, fill, stroke, part } => {
                Item::Box { corner: moved(corner), width, height, fill, stroke, part }
            }
            Item::Text(text) => Item::Text(Text { at: moved(text.at), ..text }),
        }));
    }

    pub(super) fn line(&mut self, part: &'static str, points: Vec<Point>, stroke: Stroke) {
        if points.len() > 1 {
            self.items.push(Item::Line { points, fill: None, stroke: Some(stroke), part });
        }
    }

    pub(super) fn area(&mut self, part: &'static str, points: Vec<Point>, fill: Fill) {
        if points.len() > 2 {
            self.items.push(Item::Line { points, fill: Some(fill), stroke: None, part });
        }
    }

    pub(super) fn rule(&mut self, from: Point, to: Point, stroke: Stroke) {
        self.line("rule", vec![from, to], stroke);
    }

    pub(super) fn text(&mut self, at: Point, anchor: Anchor, words: impl Into<Words>) {
        self.sized(at, anchor, TEXT, words);
    }

    pub(super) fn sized(&mut self, at: Point, anchor: Anchor, size: f64, words: impl Into<Words>) {
        let words = words.into();
        if !words.is_empty() {
            self.items.push(Item::Text(Text { at, anchor, size, color: INK, upright: false, words, full: None }));
        }
    }

    /// A text whose digits are centred on a height.
    pub(super) fn centred(&mut self, (x, middle): Point, anchor: Anchor, size: f64, words: impl Into<Words>) {
        self.sized((x, middle + half_capital(size)), anchor, size, words);
    }

    /// Lines below each other, from the top of the first.
    pub(super) fn lines(&mut self, (x, top): Point, anchor: Anchor, lines: &Lines) {
        self.colored_lines((x, top), anchor, lines, INK);
    }

    pub(super) fn colored_lines(&mut self, (x, top): Point, anchor: Anchor, lines: &Lines, color: Color) {
        for (below, words) in lines.baselines().filter(|(_, words)| !words.is_empty()) {
            let (words, full) = (words.clone(), lines.full.clone());
            let at = (x, top + below);
            self.items.push(Item::Text(Text { at, anchor, size: lines.size, color, upright: false, words, full }));
        }
    }

    /// Lines read from below to above, side by side from `left`, centred on a height.
    pub(super) fn upright(&mut self, (left, middle): Point, anchor: Anchor, lines: &Lines) {
        for (right, words) in lines.baselines().filter(|(_, words)| !words.is_empty()) {
            let (words, full) = (words.clone(), lines.full.clone());
            let at = (left + right, middle);
            self.items.push(Item::Text(Text { at, anchor, size: lines.size, color: INK, upright: true, words, full }));
        }
    }

    /// Lines whose middle lies on a height.
    pub(super) fn middle_lines(&mut self, (x, middle): Point, anchor: Anchor, lines: &Lines) {
        // The first line's digits and the last one's are as far from the middle.
        let between = (lines.lines.len().max(1) - 1) as f64 * line_height(lines.size);
        let first = middle - between / 2.0 + half_capital(lines.size);
        let top = first - super::text::baseline(lines.size);
        self.lines((x, top), anchor, lines);
    }
}
