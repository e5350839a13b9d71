//! Colours that the colour-blind tell apart and that differ in grey; every one has its own dash and marker besides.
//!
//! The colours are those of Okabe and Ito, *Color Universal Design* (2008), the blue darker, in an order in which
//! neighbours differ in lightness.

use super::scene::{Color, Fill, Marker, Stroke};

/// How a curve or a group looks.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Look {
    pub(super) color: Color,
    pub(super) dash: &'static [f64],
    pub(super) marker: Option<Marker>,
}

impl Look {
    pub(super) fn stroke(&self) -> Stroke {
        Stroke::new(self.color, 1.1).dashed(self.dash)
    }

    pub(super) fn band(&self) -> Fill {
        Fill::new(self.color).opacity(0.14)
    }

    pub(super) fn without_marker(self) -> Self {
        Self { marker: None, ..self }
    }
}

const COLORS: [Color; 6] = ["#0b5394", "#d55e00", "#009e73", "#7a3e9d", "#56b4e9", "#333333"];
const DASHES: [&[f64]; 6] = [&[], &[4.0, 1.6], &[1.2, 1.2], &[6.0, 1.5, 1.2, 1.5], &[2.4, 1.4], &[8.0, 2.0]];
const MARKERS: [Marker; 5] = [Marker::Circle, Marker::Triangle, Marker::Square, Marker::Diamond, Marker::TriangleDown];

/// The look of the group or curve at that place of its order.
pub(super) fn look(place: usize) -> Look {
    Look {
        color: COLORS[place % COLORS.len()],
        dash: DASHES[(place + place / COLORS.len()) % DASHES.len()],
        marker: Some(MARKERS[place % MARKERS.len()]),
    }
}

/// Areas that are stacked: from dark to light, so that they differ in grey.
pub(super) const STACK: [Color; 5] = ["#0b5394", "#f0c987", "#6fa8a0", "#e6e6e6", "#a05a8c"];

/// The colour of text on a stacked area.
pub(super) fn ink_on(color: Color) -> Color {
    if matches!(color, "#0b5394" | "#a05a8c") { "#ffffff" } else { super::scene::INK }
}

/// Blue for negative, white, orange for positive coefficients, the stronger the further from 0.
pub(super) fn diverging(coefficient: f64) -> (Color, f64) {
    (if coefficient < 0.0 { "#0b5394" } else { "#d55e00" }, coefficient.abs().min(1.0) * 0.75)
}
