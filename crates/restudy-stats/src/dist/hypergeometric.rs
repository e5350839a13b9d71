use crate::DistributionError;
use crate::special::{Wide, stirling_error, wide_deviance};

/// The hypergeometric distribution: successes among draws without replacement.
///
/// Mass C(K, k) C(N − K, n − k) / C(N, n) for N in the population, K successes among them and n draws, as a product of
/// three binomial masses in Loader's form (2000); tails as the mass times a sum of ratios, outwards from k, so that
/// the cost grows with the number of terms that matter, some ten standard deviations. Counts are exact to 2⁵³.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Hypergeometric {
    population: u64,
    successes: u64,
    draws: u64,
}

impl Hypergeometric {
    /// The distribution of the successes among so many draws.
    ///
    /// # Errors
    ///
    /// When there are more successes or more draws than the population has members.
    pub fn new(population: u64, successes: u64, draws: u64) -> Result<Self, DistributionError> {
        for (parameter, value) in [("successes", successes), ("draws", draws)] {
            if value > population {
                return Err(DistributionError::Parameter {
                    parameter,
                    value: value as f64,
                    must_be: "at most the population",
                });
            }
        }
        Ok(Self { population, successes, draws })
    }

    /// The smallest and the greatest count possible.
    #[must_use]
    pub fn support(self) -> (u64, u64) {
        let failures = self.population - self.successes;
        (self.draws.saturating_sub(failures), self.draws.min(self.successes))
    }

    /// P(X = k); 0 outside the support.
    #[must_use]
    pub fn mass(self, k: u64) -> f64 {
        self.wide_ln_mass(k).exp()
    }

    /// ln P(X = k); −∞ outside the support.
    #[must_use]
    pub fn ln_mass(self, k: u64) -> f64 {
        let ln = self.wide_ln_mass(k).value();
        if ln < -0.5 {
            return ln;
        }
        // Near 1, what is missing has the digits.
        let below = if k > 0 { self.lower_tail(k - 1) } else { 0.0 };
        libm::log1p(-(below + self.upper_tail(k + 1)))
    }

    /// P(X ≤ k).
    #[must_use]
    pub fn lower_tail(self, k: u64) -> f64 {
        let (least, most) = self.support();
        if k < least {
            0.0
        } else if k >= most {
            1.0
        } else if k <= self.middle() {
            self.sum_down(k)
        } else {
            1.0 - self.sum_up(k + 1)
        }
    }

    /// P(X ≥ k).
    #[must_use]
    pub fn upper_tail(self, k: u64) -> f64 {
        let (least, most) = self.support();
        if k > most {
            0.0
        } else if k <= least {
            1.0
        } else if k > self.middle() {
            self.sum_up(k)
        } else {
            1.0 - self.sum_down(k - 1)
        }
    }

    /// The whole part of the mean.
    fn middle(self) -> u64 {
        (u128::from(self.draws) * u128::from(self.successes)).checked_div(u128::from(self.population)).unwrap_or(0)
            as u64
    }

    /// P(X ≤ k) for k in the support, at or below the mean.
    fn sum_down(self, k: u64) -> f64 {
        let least = self.support().0;
        let mut sum = 1.0;
        let mut term = 1.0;
        let mut j = k;
        while j > least && term > 1e-18 * sum {
            // The mass at j − 1 over the mass at j.
            let other = (self.population - self.successes + j - self.draws) as f64;
            let j_real = j as f64;
            term *= (j_real / (self.successes - j + 1) as f64) * (other / (self.draws - j + 1) as f64);
            sum += term;
            j -= 1;
        }
        (self.mass(k) * sum).min(1.0)
    }

    /// P(X ≥ k) for k in the support, above the mean.
    fn sum_up(self, k: u64) -> f64 {
        let most = self.support().1;
        let mut sum = 1.0;
        let mut term = 1.0;
        let mut j = k;
        while j < most && term > 1e-18 * sum {
            // The mass at j + 1 over the mass at j.
            let other = (self.population - self.successes + j + 1 - self.draws) as f64;
            term *= ((self.successes - j) as f64 / (j + 1) as f64) * ((self.draws - j) as f64 / other);
            sum += term;
            j += 1;
        }
        (self.mass(k) * sum).min(1.0)
    }

    fn wide_ln_mass(self, k: u64) -> Wide {
        let (least, most) = self.support();
        if k < least || k > most {
            return Wide::from(f64::NEG_INFINITY);
        }
        if least == most {
            return Wide::from(0.0);
        }
        let total = self.population as f64;
        let rows = [self.successes as f64, (self.population - self.successes) as f64];
        let columns = [self.draws as f64, (self.population - self.draws) as f64];
        let missed = self.successes - k;
        let cells =
            [[k as f64, missed as f64], [(self.draws - k) as f64, (self.population - self.draws - missed) as f64]];
        // ln of the product of the factorials of the margins, over those of the cells and of the total.
        let mut ln = Wide::from(0.0);
        let mut scale = 1.0;
        for (row, cells) in rows.iter().zip(cells) {
            for (column, cell) in columns.iter().zip(cells) {
                ln = ln - wide_deviance(cell, Wide::product(*row, *column) / Wide::from(total));
                if cell > 0.0 {
                    ln = ln - stirling_error(cell);
                    scale *= std::f64::consts::TAU * cell;
                }
            }
            ln = ln + stirling_error(*row);
        }
        for column in columns {
            ln = ln + stirling_error(column);
        }
        let margins = (std::f64::consts::TAU * rows[0] / total)
            * (std::f64::consts::TAU * rows[1])
            * (std::f64::consts::TAU * columns[0])
            * columns[1];
        ln - stirling_error(total) + 0.5 * libm::log(margins / scale)
    }
}
