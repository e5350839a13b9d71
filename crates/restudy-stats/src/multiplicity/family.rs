//! The family of tests that is adjusted together.

use super::Adjusted;
use crate::{TestError, order};

/// The p-values that are there, in ascending order.
pub(super) struct Family<'a> {
    given: &'a [Option<f64>],
    /// The p-values as given, with a number where one is missing; in the end the adjusted ones.
    filled: Vec<f64>,
    /// The p-values in ascending order.
    pub(super) ascending: Vec<f64>,
    /// Their places among those given.
    places: Vec<u32>,
    size: usize,
}

/// Refuses what is not a probability, and a family of fewer tests than there are p-values.
pub(super) fn check(given: &[Option<f64>], size: usize) -> Result<(), TestError> {
    let mut found = 0;
    for (position, &p) in given.iter().enumerate() {
        if let Some(p) = p {
            if !(0.0..=1.0).contains(&p) {
                return Err(TestError::NotAProbability { position, p });
            }
            found += 1;
        }
    }
    if size < found { Err(TestError::FamilyTooSmall { size, found }) } else { Ok(()) }
}

impl<'a> Family<'a> {
    /// The p-values of a family of `size` tests, or of a part of one.
    pub(super) fn of(given: &'a [Option<f64>], size: usize) -> Result<Self, TestError> {
        check(given, size)?;
        // Above every probability, so that what is missing comes last and is cut off.
        const MISSING: f64 = 2.0;
        let filled: Vec<f64> = given.iter().map(|p| p.unwrap_or(MISSING)).collect();
        let mut places = order::ascending(&filled)?;
        places.truncate(given.iter().flatten().count());
        let ascending = places.iter().map(|&place| filled[place as usize]).collect();
        Ok(Self { given, filled, ascending, places, size })
    }

    /// From the greatest p down: the least of what `factor` times p has been so far, at most 1. `factor` takes the
    /// rank of a p-value, counted from 1.
    pub(super) fn step_up(mut self, factor: impl Fn(usize) -> f64) -> Adjusted {
        let mut least = 1.0_f64;
        for (index, p) in self.ascending.iter_mut().enumerate().rev() {
            least = least.min(factor(index + 1) * *p);
            *p = least;
        }
        self.answer()
    }

    /// From the smallest p up: the greatest of what `factor` times p has been so far, at most 1.
    pub(super) fn step_down(mut self, factor: impl Fn(usize) -> f64) -> Adjusted {
        let mut greatest = 0.0_f64;
        for (index, p) in self.ascending.iter_mut().enumerate() {
            greatest = greatest.max(factor(index + 1) * *p).min(1.0);
            *p = greatest;
        }
        self.answer()
    }

    /// The answer, when `ascending` holds the adjusted values.
    pub(super) fn answer(mut self) -> Adjusted {
        for (&place, &p) in self.places.iter().zip(&self.ascending) {
            self.filled[place as usize] = p;
        }
        let values = self.given.iter().zip(self.filled).map(|(given, adjusted)| given.map(|_| adjusted)).collect();
        Adjusted { values, size: self.size }
    }
}
