use super::FitError;

/// A curve made of cubic pieces that meet smoothly at knots and go on as straight lines beyond the outer ones.
///
/// ## Formula
///
/// With knots t₁ < … < `t_k` and (x)₊ = max(x, 0), the terms of x are x itself and, for j = 1 … k − 2,
///
/// ```text
/// [ (x − tⱼ)₊³ − (x − t_{k−1})₊³ (t_k − tⱼ)/(t_k − t_{k−1}) + (x − t_k)₊³ (t_{k−1} − tⱼ)/(t_k − t_{k−1}) ] / (t_k − t₁)²
/// ```
///
/// ## Conventions
///
/// Divided by the square of the span, so that all terms are in the unit of x: `Hmisc::rcspline.eval(norm = 2)`, which
/// `rms::rcs` takes.
///
/// ## Errors
///
/// [`FitError::Knots`] unless there are three or more, finite and ascending.
///
/// ## Source
///
/// Devlin and Weeks, Proceedings of the 11th SAS Users Group (1986) 643–649; Harrell, Regression Modeling Strategies, 2nd
/// edition (2015), section 2.4.5.
#[derive(Clone, Debug, PartialEq)]
pub struct RestrictedCubicSpline {
    knots: Vec<f64>,
}

impl RestrictedCubicSpline {
    /// The curves with these knots.
    ///
    /// # Errors
    ///
    /// [`FitError::Knots`].
    pub fn new(knots: &[f64]) -> Result<Self, FitError> {
        let ascending = knots.windows(2).all(|pair| pair[0] < pair[1]);
        if knots.len() < 3 || !ascending || knots.iter().any(|knot| !knot.is_finite()) {
            return Err(FitError::Knots { found: knots.len() });
        }
        Ok(Self { knots: knots.to_vec() })
    }

    /// The terms beyond x itself: one for each knot but the last two.
    #[must_use]
    pub fn terms(&self) -> usize {
        self.knots.len() - 2
    }

    /// The term `j` beyond x itself, counted from 0.
    ///
    /// # Panics
    ///
    /// Never for `j` below [`terms`](Self::terms).
    #[must_use]
    pub fn term(&self, j: usize, x: f64) -> f64 {
        let k = self.knots.len();
        let (first, before, last, knot) = (self.knots[0], self.knots[k - 2], self.knots[k - 1], self.knots[j]);
        let cube = |x: f64| x.max(0.0) * x.max(0.0) * x.max(0.0);
        let tail = (cube(x - before) * (last - knot) - cube(x - last) * (before - knot)) / (last - before);
        (cube(x - knot) - tail) / ((last - first) * (last - first))
    }

    /// The columns of a design: x, then each term.
    #[must_use]
    pub fn columns(&self, x: &[f64]) -> Vec<Vec<f64>> {
        let terms = (0..self.terms()).map(|j| x.iter().map(|&x| self.term(j, x)).collect());
        std::iter::once(x.to_vec()).chain(terms).collect()
    }
}
