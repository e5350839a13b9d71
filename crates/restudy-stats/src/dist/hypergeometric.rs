use crate::DistributionError;
use crate::special::{Wide, ln_1p_less_linear, stirling_error, tail_integral, wide_deviance};

/// The hypergeometric distribution: successes among draws without replacement.
///
/// Mass C(K, k) C(N − K, n − k) / C(N, n) for N in the population, K successes among them and n draws, as a product of
/// three binomial masses in Loader's form (2000); tails as the mass times a sum of ratios, outwards from k. A sum that
/// spreads over many counts is an integral, so that a tail of a population of 10⁹ costs what one of 10³ does. Counts
/// are exact to 2⁵³.
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
        let [both, only_success, only_drawn, neither] = self.cells(k);
        (self.mass(k) * sum_outwards([only_success, only_drawn], [both, neither])).min(1.0)
    }

    /// P(X ≥ k) for k in the support, above the mean.
    fn sum_up(self, k: u64) -> f64 {
        let [both, only_success, only_drawn, neither] = self.cells(k);
        (self.mass(k) * sum_outwards([both, neither], [only_success, only_drawn])).min(1.0)
    }

    /// The 2×2 table that k makes: successes drawn, successes left, failures drawn, failures left.
    fn cells(self, k: u64) -> [f64; 4] {
        let missed = self.successes - k;
        [k, missed, self.draws - k, self.population - self.draws - missed].map(|cell| cell as f64)
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
        let [both, only_success, only_drawn, neither] = self.cells(k);
        let cells = [[both, only_success], [only_drawn, neither]];
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

/// The masses from a table on, outwards, over its own mass: each step adds one to the growing cells and takes one from
/// the shrinking ones, and the mass does not rise on the way.
fn sum_outwards(growing: [f64; 2], shrinking: [f64; 2]) -> f64 {
    /// A sum that spreads over fewer steps is made term by term.
    const SPREAD: f64 = 300.0;
    let [g, h] = growing;
    let [s, t] = shrinking;
    // The logarithm of a mass falls by slope·x + bend·x²/2 + …
    let slope = libm::log1p((Wide::product(g, h) - Wide::product(s, t)).value() / (s * t));
    let bend = 1.0 / g + 1.0 / h + 1.0 / s + 1.0 / t;
    if slope < 1.0 / SPREAD && bend < 1.0 / (SPREAD * SPREAD) {
        return integral_outwards(growing, shrinking, slope, bend);
    }
    let (mut term, mut sum, mut j) = (1.0, 1.0, 0.0);
    while term > 1e-18 * sum {
        term *= ((s - j) / (g + j + 1.0)) * ((t - j) / (h + j + 1.0));
        sum += term;
        j += 1.0;
    }
    sum
}

/// The same sum by Euler and Maclaurin's formula (NIST DLMF 2.10.1), the mass being taken at real counts.
fn integral_outwards(growing: [f64; 2], shrinking: [f64; 2], slope: f64, bend: f64) -> f64 {
    let fall = |x: f64| {
        // ln (c + x)! − ln c!, without the parts that cancel over the four cells.
        let cell = |c: f64, x: f64| {
            let ln = libm::log1p(x / c);
            let square = x * x / c;
            square + (c + x) * ln_1p_less_linear(x / c) + 0.5 * ln + stirling_error(c + x) - stirling_error(c)
        };
        slope * x
            + growing.iter().map(|&c| cell(c, x)).sum::<f64>()
            + shrinking.iter().map(|&c| cell(c, -x)).sum::<f64>()
    };
    let half_signs = growing.iter().map(|c| 0.5 / c).sum::<f64>() - shrinking.iter().map(|c| 0.5 / c).sum::<f64>();
    let first = slope + half_signs;
    // The derivatives of e^−fall at 0: −first, and 3 first·bend − first³ to what matters.
    tail_integral(first, bend, fall) + 0.5 + first / 12.0 + (3.0 * first * bend - first * first * first) / 720.0
}
