//! What the other numbers allow a number to be.

use crate::printed::Printed;

/// Relative room at the edges of a print, for values computed in doubles.
///
/// Kernels agree with reference implementations to 1e-10 at any size; ten times that lies far below half a unit of
/// any printed decimal, and errs on the side of the paper.
const SLACK: f64 = 1e-9;

/// An interval of values, ends included.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Range {
    pub(super) low: f64,
    pub(super) high: f64,
}

/// How a range lies to the values that print as a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    /// Whatever the value, it prints so.
    Always,
    /// It may print so.
    Possible,
    /// It cannot.
    Never,
}

impl Range {
    pub(super) fn point(value: f64) -> Self {
        Self { low: value, high: value }
    }

    /// The values that may print as that text.
    pub(super) fn printing(printed: Printed) -> Self {
        let (low, high) = printed.span();
        Self { low, high }
    }

    /// The part of this range between two values; none when there is none.
    pub(super) fn within(self, low: f64, high: f64) -> Option<Self> {
        let clipped = Self { low: self.low.max(low), high: self.high.min(high) };
        (clipped.low <= clipped.high).then_some(clipped)
    }

    /// The sizes of its values, without their signs.
    pub(super) fn size(self) -> Self {
        let (low, high) = (self.low.abs(), self.high.abs());
        let nearest = if self.low <= 0.0 && self.high >= 0.0 { 0.0 } else { low.min(high) };
        Self { low: nearest, high: low.max(high) }
    }

    /// The whole numbers in this range after division by `unit`, with room for rounding at its ends.
    pub(super) fn whole_units(self, unit: f64) -> (f64, f64) {
        let room = |value: f64| SLACK * value.abs().max(1.0);
        let (low, high) = (self.low / unit, self.high / unit);
        ((low - room(low)).ceil(), (high + room(high)).floor())
    }

    /// How this range lies to the print.
    pub(super) fn fit(self, printed: Printed) -> Fit {
        let (low, high) = printed.span();
        let (low, high) = (low - SLACK * low.abs(), high + SLACK * high.abs());
        if self.high < low || self.low > high {
            Fit::Never
        } else if self.low >= low && self.high <= high {
            Fit::Always
        } else {
            Fit::Possible
        }
    }

    /// The middle of the range with the decimals of a print: what could be printed instead.
    pub(super) fn middle_printed(self, like: Printed) -> String {
        let decimals = like.decimal().decimals() as usize;
        let middle = f64::midpoint(self.low, self.high);
        format!("{middle:.decimals$}")
    }
}
