use super::ScoreError;

/// A cut-off as a clinician remembers it: rounded to the nearest multiple of a step, half away from zero.
///
/// ## Formula
///
/// `round(cut-off / step) · step`. A step that is one over a whole number, as 0.05 and every power of ten below 1 are, divides
/// by that number instead, so that 0.45 is the double that is written so, and what prints as a half is one: 0.475, whose
/// double is a little less, becomes 0.5 by steps of 0.05. A multiple beyond the largest number leaves the cut-off alone.
///
/// ## Example
///
/// ```
/// use restudy_stats::score::CutoffRounding;
///
/// let steps = [CutoffRounding::multiples_of(5.0)?, CutoffRounding::multiples_of(0.05)?, CutoffRounding::decimals(1)];
/// assert_eq!([49.0, 0.454, 2.25].iter().zip(&steps).map(|(x, step)| step.round(*x)).collect::<Vec<_>>(), [50.0, 0.45, 2.3]);
/// # Ok::<(), restudy_stats::score::ScoreError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CutoffRounding {
    step: f64,
    /// 1 / step, where that is a whole number.
    per_unit: Option<f64>,
}

impl CutoffRounding {
    /// To so many decimals.
    #[must_use]
    pub fn decimals(decimals: u8) -> Self {
        let per_unit = 10.0_f64.powi(decimals.into());
        Self { step: 1.0 / per_unit, per_unit: Some(per_unit) }
    }

    /// To multiples of a step.
    ///
    /// # Errors
    ///
    /// [`ScoreError::Setting`] for a step that is no number above 0.
    pub fn multiples_of(step: f64) -> Result<Self, ScoreError> {
        if !(step.is_finite() && step > 0.0) {
            return Err(ScoreError::Setting { setting: "step of the rounding", must_be: "a number above 0" });
        }
        let per_unit = (1.0 / step).round();
        Ok(Self { step, per_unit: ((per_unit * step - 1.0).abs() < 1e-12).then_some(per_unit) })
    }

    /// The cut-off that is used.
    #[must_use]
    pub fn round(&self, cutoff: f64) -> f64 {
        const HALF: f64 = 1e-9;
        let rounded = match self.per_unit {
            Some(per_unit) => {
                let scaled = cutoff * per_unit;
                (scaled + scaled.signum() * HALF).round() / per_unit
            }
            None => (cutoff / self.step).round() * self.step,
        };
        if rounded.is_finite() { rounded } else { cutoff }
    }
}
