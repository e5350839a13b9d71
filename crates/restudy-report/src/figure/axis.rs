//! Axes: ranges, ticks and where a value lies. The ranges are plotters'; text is measured before it is placed.

use plotters::coord::combinators::{IntoLogRange as _, LogCoord};
use plotters::coord::ranged1d::Ranged as _;
use plotters::coord::types::RangedCoordf64;

use super::font::Face;
use super::scene::{Anchor, INK, Point, Scene, Stroke};
use super::text::{Lines, TEXT, half_capital, line_height};
use crate::style::Style;

/// The line of an axis.
pub(super) const AXIS: Stroke = Stroke::new(INK, 0.6);

/// How far ticks stand out.
const TICK: f64 = 2.5;

/// Between a tick and its label, and between a label and the title.
const GAP: f64 = 2.0;

/// plotters places on a grid of whole numbers; this many to a point is finer than any printer.
const GRID: f64 = 1000.0;

#[derive(Clone, Debug)]
pub(super) struct Tick {
    pub(super) value: f64,
    pub(super) label: String,
}

/// A range of values with its ticks.
#[derive(Clone, Debug)]
pub(super) struct Axis {
    pub(super) low: f64,
    pub(super) high: f64,
    pub(super) logarithmic: bool,
    pub(super) ticks: Vec<Tick>,
    pub(super) title: String,
}

impl Axis {
    /// A range from tick to tick that holds all the values, with about so many ticks.
    pub(super) fn around(style: &Style, values: impl IntoIterator<Item = f64>, ticks: usize, title: &str) -> Self {
        let (low, high) = extent(values);
        let step = step(low, high, ticks);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        let places = places(step);
        let ticks = (0..=(last - first).min(100.0) as usize).map(|tick| (first + tick as f64) * step);
        let ticks = ticks.map(|value| Tick { value, label: label(style, value, places) }).collect();
        Self { low: first * step, high: last * step, logarithmic: false, ticks, title: title.to_owned() }
    }

    /// A range as it is, with ticks within it.
    pub(super) fn from_to(style: &Style, low: f64, high: f64, ticks: usize, title: &str) -> Self {
        let mut axis = Self::around(style, [low, high], ticks, title);
        let slack = 1e-9 * (high - low);
        axis.ticks.retain(|tick| tick.value >= low - slack && tick.value <= high + slack);
        Self { low, high, ..axis }
    }

    /// From 0 to 1 in fifths or quarters.
    pub(super) fn unit(style: &Style, title: &str) -> Self {
        let ticks = (0..=5).map(|tick| f64::from(tick) / 5.0);
        let ticks = ticks.map(|value| Tick { value, label: style.number(value, 1) }).collect();
        Self { low: 0.0, high: 1.0, logarithmic: false, ticks, title: title.to_owned() }
    }

    /// A logarithmic range on so long an axis, with ticks at 1, 2 and 5 times the powers of ten, at 1 and 3 times, or at
    /// the powers alone: the most that there is room for.
    pub(super) fn logarithmic(low: f64, high: f64, length: f64, title: &str) -> Self {
        let (first, last) = (low.log10().floor() as i32, high.log10().ceil() as i32);
        let within = |value: &f64| *value >= low * (1.0 - 1e-9) && *value <= high * (1.0 + 1e-9);
        let ticks = |steps: &[f64], every: i32| -> Vec<Tick> {
            let powers = (first..=last).filter(|power| power % every == 0);
            let values = powers.flat_map(|power| steps.iter().map(move |step| step * 10_f64.powi(power)));
            values.filter(within).map(|value| Tick { value, label: ratio_label(value) }).collect()
        };
        let choices: [(&[f64], i32); 6] =
            [(&[1.0, 2.0, 5.0], 1), (&[1.0, 3.0], 1), (&[1.0], 1), (&[1.0], 2), (&[1.0], 4), (&[1.0], 8)];
        let mut axis = Self { low, high, logarithmic: true, ticks: Vec::new(), title: title.to_owned() };
        for (steps, every) in choices {
            axis.ticks = ticks(steps, every);
            if axis.fits(length, 1, &|tick| Face::Regular.width(&tick.label, TEXT) + 4.0) {
                break;
            }
        }
        axis
    }

    /// Where the value lies between two places.
    pub(super) fn place(&self, value: f64, from: f64, to: f64) -> f64 {
        let limits = ((from * GRID).round() as i32, (to * GRID).round() as i32);
        let value = value.clamp(self.low, self.high);
        let place = if self.logarithmic {
            LogCoord::from((self.low..self.high).log_scale()).map(&value, limits)
        } else {
            RangedCoordf64::from(self.low..self.high).map(&value, limits)
        };
        f64::from(place) / GRID
    }

    fn label_width(&self) -> f64 {
        self.ticks.iter().map(|tick| Face::Regular.width(&tick.label, TEXT)).fold(0.0, f64::max)
    }

    /// Whether each tick of so many has its room on an axis of that length.
    fn fits(&self, length: f64, every: usize, room: &impl Fn(&Tick) -> f64) -> bool {
        let ticks: Vec<&Tick> = self.ticks.iter().step_by(every).collect();
        ticks.windows(2).all(|pair| {
            let apart = self.place(pair[1].value, 0.0, length) - self.place(pair[0].value, 0.0, length);
            apart >= (room(pair[0]) + room(pair[1])) / 2.0
        })
    }

    /// Leaves out ticks until each has so much room on an axis of that length.
    pub(super) fn thinned(mut self, length: f64, room: impl Fn(&Tick) -> f64) -> Self {
        let mut every = 1;
        while every < self.ticks.len() && !self.fits(length, every, &room) {
            every += 1;
        }
        self.ticks = self.ticks.into_iter().step_by(every).collect();
        self
    }
}

/// The smallest and the largest, a little apart where they are the same.
fn extent(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let finite = values.into_iter().filter(|value| value.is_finite());
    let (low, high) =
        finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
    if low > high {
        return (0.0, 1.0);
    }
    let least = (low.abs().max(high.abs()) * 1e-9).max(f64::MIN_POSITIVE * 1e16);
    if high - low > least {
        return (low, high);
    }
    let around = if low == 0.0 { 1.0 } else { low.abs() * 0.1 };
    (low - around, high + around)
}

/// The step of plotters' ticks, asked on a range near 1, where its steps are exact.
fn step(low: f64, high: f64, ticks: usize) -> f64 {
    let scale = 10_f64.powi((high / 2.0 - low / 2.0).log10().floor() as i32);
    let width = (high / scale - low / scale).min(1e3);
    let points = RangedCoordf64::from(0.0..width).key_points(ticks.max(2));
    match points.as_slice() {
        [first, second, ..] => (second - first) * scale,
        _ => high - low,
    }
}

/// The decimals that tell one step from the next.
fn places(step: f64) -> usize {
    let mut places = 0;
    let mut scaled = step;
    while places < 12 && (scaled - scaled.round()).abs() > 1e-6 * scaled {
        scaled *= 10.0;
        places += 1;
    }
    places
}

fn label(style: &Style, value: f64, places: usize) -> String {
    if value == 0.0 || (value.abs() < 1e6 && places <= 5) {
        return style.number(value, places);
    }
    let power = value.abs().log10().floor() as i32;
    let (before, after) = (style.significant(value / 10_f64.powi(power), 3), superscript(power));
    let before = if before.contains('.') { before.trim_end_matches('0').trim_end_matches('.') } else { &before };
    format!("{before} × 10{after}")
}

/// The label of a ratio: 0.01, 0.5, 1, 20; powers of ten far from 1.
fn ratio_label(value: f64) -> String {
    let power = value.log10().round() as i32;
    match power {
        -3..=4 => format!("{}", (value * 1e4).round() / 1e4),
        _ if (value / 10_f64.powi(power) - 1.0).abs() < 1e-6 => format!("10{}", superscript(power)),
        _ => {
            let power = value.log10().floor() as i32;
            format!("{} × 10{}", (value / 10_f64.powi(power)).round(), superscript(power))
        }
    }
}

fn superscript(power: i32) -> String {
    let raised = |character| match character {
        '-' => '⁻',
        '1' => '¹',
        '2' => '²',
        '3' => '³',
        '0' | '4'..='9' => char::from_u32('⁰' as u32 + character as u32 - '0' as u32).unwrap_or(character),
        other => other,
    };
    power.to_string().chars().map(raised).collect()
}

/// The rectangle between two axes.
#[derive(Clone, Debug)]
pub(super) struct Frame {
    pub(super) left: f64,
    pub(super) top: f64,
    pub(super) right: f64,
    pub(super) bottom: f64,
    pub(super) x: Axis,
    pub(super) y: Axis,
    x_title: Lines,
    y_title: Lines,
}

/// What a frame is asked to be.
pub(super) struct Wanted {
    /// The room from the left edge to the right one.
    pub(super) width: f64,
    pub(super) top: f64,
    /// Height of the rectangle; none for a square.
    pub(super) height: Option<f64>,
    /// The least room left of the rectangle.
    pub(super) left: f64,
}

impl Frame {
    /// Axes in the room that there is, their text measured.
    pub(super) fn new(wanted: &Wanted, x: Axis, y: Axis) -> Self {
        let estimate = wanted.height.unwrap_or(wanted.width - 40.0);
        let y_title = Lines::plain(&y.title, estimate, 2);
        let beside = if y.title.is_empty() { 0.0 } else { y_title.height() + GAP };
        let left = (beside + y.label_width() + GAP + TICK + 0.5).max(wanted.left);
        let half_label = x.ticks.last().map_or(0.0, |tick| Face::Regular.width(&tick.label, TEXT) / 2.0);
        let right = wanted.width - half_label.max(2.0) - 0.5;
        let width = (right - left).max(20.0);
        let (height, right) = match wanted.height {
            Some(height) => (height, left + width),
            None => (width, left + width),
        };
        let x = x.thinned(width, |tick| Face::Regular.width(&tick.label, TEXT) + 4.0);
        let y = y.thinned(height, |_| line_height(TEXT));
        let x_title = Lines::plain(&x.title, width, 2);
        let y_title = Lines::plain(&y.title, height, 2);
        Self { left, top: wanted.top, right, bottom: wanted.top + height, x, y, x_title, y_title }
    }

    pub(super) fn at(&self, x: f64, y: f64) -> Point {
        (self.across(x), self.up(y))
    }

    pub(super) fn across(&self, x: f64) -> f64 {
        self.x.place(x, self.left, self.right)
    }

    pub(super) fn up(&self, y: f64) -> f64 {
        self.y.place(y, self.bottom, self.top)
    }

    pub(super) fn width(&self) -> f64 {
        self.right - self.left
    }

    /// The upright axis with its ticks and title.
    pub(super) fn draw_y(&self, scene: &mut Scene) {
        scene.rule((self.left, self.top), (self.left, self.bottom), AXIS);
        for tick in &self.y.ticks {
            let y = self.up(tick.value);
            scene.rule((self.left - TICK, y), (self.left, y), AXIS);
            scene.text((self.left - TICK - GAP, y + half_capital(TEXT)), Anchor::End, tick.label.as_str());
        }
        if !self.y.title.is_empty() {
            let labels = self.y.label_width() + GAP + TICK;
            let left = self.left - labels - GAP - self.y_title.height();
            scene.upright((left, (self.top + self.bottom) / 2.0), Anchor::Middle, &self.y_title);
        }
    }

    /// The level axis with its ticks and title; where it ends below.
    pub(super) fn draw_x(&self, scene: &mut Scene) -> f64 {
        scene.rule((self.left, self.bottom), (self.right, self.bottom), AXIS);
        let labels = self.bottom + TICK + 0.75 * GAP;
        for tick in &self.x.ticks {
            let x = self.across(tick.value);
            scene.rule((x, self.bottom), (x, self.bottom + TICK), AXIS);
            scene.text((x, labels + super::text::baseline(TEXT)), Anchor::Middle, tick.label.as_str());
        }
        let below = labels + if self.x.ticks.is_empty() { 0.0 } else { line_height(TEXT) };
        if self.x.title.is_empty() {
            return below;
        }
        let middle = (self.left + self.right) / 2.0;
        scene.lines((middle, below), Anchor::Middle, &self.x_title);
        below + self.x_title.height()
    }

    /// The corner of the rectangle in which a box of that size meets none of the points: its upper left end.
    pub(super) fn free_corner(&self, width: f64, height: f64, taken: &[Point]) -> Option<Point> {
        const INSET: f64 = 4.0;
        let (left, right) = (self.left + INSET, self.right - INSET - width);
        let (top, bottom) = (self.top + 1.0, self.bottom - INSET - height);
        if right < left || bottom < top {
            return None;
        }
        let corners = [(left, bottom), (right, top), (right, bottom), (left, top)];
        corners.into_iter().find(|(x, y)| {
            let met = |point: &&Point| {
                (x - 3.0..=x + width + 3.0).contains(&point.0) && (y - 3.0..=y + height + 3.0).contains(&point.1)
            };
            !taken.iter().any(|point| met(&point))
        })
    }
}

/// Points so dense on a line that no text slips between two of them.
pub(super) fn dense(points: &[Point]) -> Vec<Point> {
    let mut dense = Vec::with_capacity(points.len());
    for pair in points.windows(2) {
        let [(x, y), (next_x, next_y)] = [pair[0], pair[1]];
        let steps = ((next_x - x).abs().max((next_y - y).abs()) / 2.0).ceil().clamp(1.0, 1000.0);
        dense.extend((0..steps as usize).map(|step| {
            let share = step as f64 / steps;
            (x + share * (next_x - x), y + share * (next_y - y))
        }));
    }
    dense.extend(points.last());
    dense
}
