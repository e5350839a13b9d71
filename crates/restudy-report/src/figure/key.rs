//! The key of a plot: what its lines and marks are, with the numbers that belong to each of them.

use super::font::Face;
use super::palette::Look;
use super::scene::{Anchor, Fill, GREY, Item, Marker, Point, Scene, Stroke};
use super::text::{Lines, SMALL, TEXT, Words, line_height};

/// A line of the key.
pub(super) struct Key {
    /// How its line and mark look.
    pub(super) look: Look,
    pub(super) name: String,
    pub(super) cells: Vec<Words>,
}

const SWATCH: f64 = 16.0;
const GAP: f64 = 8.0;
const LEAST_NAME: f64 = 48.0;

impl Scene {
    /// Draws the key in that width with headings above the numbers; where it ends below.
    pub(super) fn key(&mut self, top: f64, width: f64, headings: &[&str], keys: &[Key]) -> f64 {
        if headings.is_empty() {
            return self.names(top, width, keys);
        }
        let columns = headings.len();
        let cell = |key: &Key, column: usize| key.cells.get(column).map_or(0.0, |words| words.width(TEXT));
        let widths: Vec<f64> = (0..columns)
            .map(|column| {
                keys.iter().map(|key| cell(key, column)).fold(Face::Regular.width(headings[column], SMALL), f64::max)
            })
            .collect();
        let numbers: f64 = widths.iter().map(|width| width + GAP).sum();
        let room = width - SWATCH - 4.0;
        let below = room - numbers < LEAST_NAME;
        let room = if below { room } else { room - numbers };
        let names: Vec<Lines> = keys.iter().map(|key| Lines::plain(&key.name, room, 2)).collect();
        let name_width = names.iter().map(Lines::width).fold(0.0, f64::max);
        let mut y = top;
        if !below && headings.iter().any(|heading| !heading.is_empty()) {
            let mut x = SWATCH + 4.0 + name_width;
            for (heading, width) in headings.iter().zip(&widths) {
                x += GAP + width;
                self.colored_lines((x, y), Anchor::End, &Lines::one((*heading).into(), SMALL), GREY);
            }
            y += line_height(SMALL) + 0.5;
        }
        for (key, name) in keys.iter().zip(&names) {
            let middle = y + line_height(TEXT) / 2.0;
            self.swatch(&key.look, (0.0, middle));
            self.lines((SWATCH + 4.0, y), Anchor::Start, name);
            if below {
                y += name.height();
                for (heading, words) in headings.iter().zip(&key.cells).filter(|(_, words)| !words.is_empty()) {
                    let text = format!("{heading} {}", words.text());
                    let lines = Lines::wrapped(text.trim(), Face::Regular, SMALL, width - SWATCH - 4.0, 2);
                    self.colored_lines((SWATCH + 4.0, y), Anchor::Start, &lines, GREY);
                    y += lines.height();
                }
                y += 1.0;
                continue;
            }
            let mut x = SWATCH + 4.0 + name_width;
            for (words, width) in key.cells.iter().zip(&widths) {
                x += GAP + width;
                self.lines((x, y), Anchor::End, &Lines::one(words.clone(), TEXT));
            }
            y += name.height();
        }
        y
    }

    /// Names alone, one after the other while there is room.
    fn names(&mut self, top: f64, width: f64, keys: &[Key]) -> f64 {
        let (mut x, mut y, mut deepest) = (0.0, top, 0.0_f64);
        for key in keys {
            let name = Lines::plain(&key.name, width - SWATCH - 4.0, 2);
            let wide = SWATCH + 4.0 + name.width();
            if x > 0.0 && x + wide > width {
                (x, y, deepest) = (0.0, y + deepest, 0.0);
            }
            self.swatch(&key.look, (x, y + line_height(TEXT) / 2.0));
            self.lines((x + SWATCH + 4.0, y), Anchor::Start, &name);
            deepest = deepest.max(name.height());
            x += wide + 1.5 * GAP;
        }
        y + deepest
    }

    fn swatch(&mut self, look: &Look, (left, middle): Point) {
        self.line("key", vec![(left + 0.5, middle), (left + SWATCH - 0.5, middle)], look.stroke());
        if let Some(marker) = look.marker {
            self.mark("key", marker, (left + SWATCH / 2.0, middle), 2.0, look);
        }
    }

    /// One mark in the colour of its curve, with a white rim.
    pub(super) fn mark(&mut self, part: &'static str, marker: Marker, at: Point, radius: f64, look: &Look) {
        self.items.push(Item::Marks {
            marker,
            at: vec![at],
            radius,
            fill: Some(Fill::new(look.color)),
            stroke: Some(Stroke::new("#ffffff", 0.5)),
            part,
        });
    }
}
