use crate::DistributionError;
use crate::special::{Tails, Wide, beta_tails, stirling_error, wide_deviance};

/// The binomial distribution: successes in n trials of probability p.
///
/// Mass by Loader's saddle-point expansion (2000); P(X ≥ k) = Iₓ(k, n − k + 1) at x = p. Counts are exact to 2⁵³.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Binomial {
    n: u64,
    p: f64,
}

impl Binomial {
    /// The distribution of n trials of probability p.
    ///
    /// # Errors
    ///
    /// When p is not in [0, 1].
    pub fn new(n: u64, p: f64) -> Result<Self, DistributionError> {
        if (0.0..=1.0).contains(&p) {
            Ok(Self { n, p })
        } else {
            Err(DistributionError::Parameter { parameter: "p", value: p, must_be: "between 0 and 1" })
        }
    }

    /// P(X = k); 0 when k is greater than n.
    #[must_use]
    pub fn mass(self, k: u64) -> f64 {
        self.wide_ln_mass(k).exp()
    }

    /// ln P(X = k); −∞ where the mass is 0.
    #[must_use]
    pub fn ln_mass(self, k: u64) -> f64 {
        self.wide_ln_mass(k).value()
    }

    /// P(X ≤ k).
    #[must_use]
    pub fn lower_tail(self, k: u64) -> f64 {
        if k >= self.n { 1.0 } else { self.tails_below(k + 1).lower }
    }

    /// P(X ≥ k).
    #[must_use]
    pub fn upper_tail(self, k: u64) -> f64 {
        match k {
            0 => 1.0,
            _ if k > self.n => 0.0,
            _ => self.tails_below(k).upper,
        }
    }

    /// P(X < k) and P(X ≥ k), for 1 ≤ k ≤ n.
    fn tails_below(self, k: u64) -> Tails {
        let successes = k as f64;
        let others = (self.n - k + 1) as f64;
        let (p, q) = (Wide::from(self.p), Wide::sum(1.0, -self.p));
        // P(X ≥ k) is the probability that the k-th smallest of n uniform numbers is at most p.
        beta_tails(successes, others, p, q).0.swapped()
    }

    fn wide_ln_mass(self, k: u64) -> Wide {
        let Some(failures) = self.n.checked_sub(k) else { return Wide::from(f64::NEG_INFINITY) };
        let (n, k, failures) = (self.n as f64, k as f64, failures as f64);
        let (p, q) = (Wide::from(self.p), Wide::sum(1.0, -self.p));
        if self.p == 0.0 || self.p == 1.0 {
            let certain = if self.p == 0.0 { k == 0.0 } else { failures == 0.0 };
            return Wide::from(if certain { 0.0 } else { f64::NEG_INFINITY });
        }
        if k == 0.0 {
            return power(q, n);
        }
        if failures == 0.0 {
            return power(p, n);
        }
        let deviance = wide_deviance(k, p * n) + wide_deviance(failures, q * n);
        let errors = stirling_error(n) - stirling_error(k) - stirling_error(failures);
        let scale = 0.5 * libm::log(std::f64::consts::TAU * k * (failures / n));
        -deviance + errors - scale
    }
}

/// n ln(probability), to full relative precision near 1 too.
fn power(probability: Wide, n: f64) -> Wide {
    (Wide::ln(probability.hi) + probability.lo / probability.hi) * n
}
