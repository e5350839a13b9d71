//! The values that print as a given text.

use super::exact::Fraction;

/// One end of [`Bounds`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// Where it lies.
    pub at: Fraction,
    /// Whether the value there belongs to the bounds.
    pub included: bool,
}

/// An interval of values, each end open, closed or absent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// The lower end; none when there is no limit below.
    pub low: Option<Edge>,
    /// The upper end; none when there is no limit above.
    pub high: Option<Edge>,
}

impl Bounds {
    /// Whether that value lies within.
    #[must_use]
    pub fn contains(&self, value: Fraction) -> bool {
        let above = self.low.is_none_or(|edge| value > edge.at || (edge.included && value == edge.at));
        let below = self.high.is_none_or(|edge| value < edge.at || (edge.included && value == edge.at));
        above && below
    }

    /// Whether some value lies within both.
    #[must_use]
    pub fn overlaps(&self, other: &Self) -> bool {
        // Two intervals are apart when one ends before the other begins, or where they meet without sharing the point.
        let apart = |high: Option<Edge>, low: Option<Edge>| match (high, low) {
            (Some(high), Some(low)) => high.at < low.at || (high.at == low.at && !(high.included && low.included)),
            _ => false,
        };
        !apart(self.high, other.low) && !apart(other.high, self.low)
    }

    /// Whether every value within `self` lies within `other`.
    #[must_use]
    pub fn within(&self, other: &Self) -> bool {
        let inside =
            |inner: Option<Edge>, outer: Option<Edge>, beyond: fn(&Fraction, &Fraction) -> bool| match (inner, outer) {
                (_, None) => true,
                (None, Some(_)) => false,
                (Some(inner), Some(outer)) => {
                    beyond(&inner.at, &outer.at) || (inner.at == outer.at && (outer.included || !inner.included))
                }
            };
        inside(self.low, other.low, |inner, outer| inner > outer)
            && inside(self.high, other.high, |inner, outer| inner < outer)
    }

    /// The ends as doubles, infinite where there is no limit.
    #[must_use]
    pub fn to_f64(&self) -> (f64, f64) {
        (
            self.low.map_or(f64::NEG_INFINITY, |edge| edge.at.to_f64()),
            self.high.map_or(f64::INFINITY, |edge| edge.at.to_f64()),
        )
    }
}
