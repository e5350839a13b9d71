//! The values that a statistic may have.

/// A closed interval; either end may be infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Span {
    /// The smallest value.
    pub low: f64,
    /// The largest value.
    pub high: f64,
}

/// The share of half a unit of the last decimal within which a statistic is aimed: what lies at the very edge would
/// print otherwise after the rounding of another program.
const AIM: f64 = 0.98;

impl Span {
    /// Every number.
    pub const ANY: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };

    /// From `low` to `high`.
    #[must_use]
    pub fn new(low: f64, high: f64) -> Self {
        Self { low, high }
    }

    /// How far a value is outside.
    #[must_use]
    pub fn distance(self, value: f64) -> f64 {
        // A statistic that could not be computed is as far as anything can be.
        if value.is_nan() { f64::INFINITY } else { (self.low - value).max(value - self.high).max(0.0) }
    }

    /// Whether a value is inside.
    #[must_use]
    pub fn contains(self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Half its length.
    pub(super) fn half(self) -> f64 {
        (self.high - self.low) / 2.0
    }

    /// The inner part that the search aims at.
    pub(super) fn aim(self) -> Self {
        let slack = (1.0 - AIM) * self.half();
        if slack.is_finite() { Self::new(self.low + slack, self.high - slack) } else { self }
    }

    /// What lies in both.
    pub(super) fn and(self, other: Self) -> Self {
        Self::new(self.low.max(other.low), self.high.min(other.high))
    }

    /// The same seen from the other side of zero.
    pub(super) fn negated(self) -> Self {
        Self::new(-self.high, -self.low)
    }

    pub(super) fn scaled(self, factor: f64) -> Self {
        Self::new(self.low * factor, self.high * factor)
    }

    /// The value at a share of the way from low to high.
    pub(super) fn at(self, share: f64) -> f64 {
        self.low + share * (self.high - self.low)
    }
}

/// The values of a statistic of which a p-value is printed: those of one sign, or of either.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Target {
    /// The values of the statistic, or of its size where the sign is open.
    pub span: Span,
    /// Whether only the size counts.
    pub either_sign: bool,
}

impl Target {
    /// A statistic with its sign.
    #[must_use]
    pub fn signed(span: Span) -> Self {
        Self { span, either_sign: false }
    }

    /// A statistic of either sign.
    #[must_use]
    pub fn sized(span: Span) -> Self {
        Self { span, either_sign: true }
    }

    /// How far a statistic is outside.
    #[must_use]
    pub fn distance(self, statistic: f64) -> f64 {
        self.span.distance(if self.either_sign { statistic.abs() } else { statistic })
    }
}
