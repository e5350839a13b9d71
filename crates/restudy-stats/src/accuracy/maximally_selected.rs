use super::{DiagnosticTable, Roc, RocCurve, ValidationError};
use crate::resample::{Permutation, PermutationTest, Units};
use crate::{TestError, dist};

/// Is a marker related to the condition at all, when its cut-off was chosen to make it look so? The p-value of a maximally
/// selected statistic.
///
/// ## Hypotheses
///
/// H₀: the marker says nothing of the condition. Alternative: at some cut-off it does, the best of which was picked.
///
/// ## Formula
///
/// ```text
/// χ²:      max over cut-offs of N (a n₀ − b n₁)² / (n₁ n₀ m (N − m)),   a cases and b controls among the m positives
/// Youden:  max over cut-offs of J = a/n₁ − b/n₀,   one-sided; or of |J|, two-sided
/// exact:   over all orders of the labels, how many reach the statistic: counted as paths from cut-off to cut-off
/// Miller and Siegmund (χ² only):  p = φ(b) [ (b − 1/b) ln( (1 − ε)² / ε² ) + 4/b ],   b² the greatest χ²
/// Smirnov (J only):  p = exp(−2 z²),   two-sided 2 Σ (−1)ᵏ⁻¹ exp(−2 k² z²),   z² = J² n₁ n₀ / N
/// ```
///
/// ## Input
///
/// A [`RocCurve`]. Only cut-offs that leave at least a share ε of the people on either side are looked at; the asymptotic
/// p-value needs ε > 0, and 0.1 is usual.
///
/// ## Result
///
/// [`MaximallySelectedTest`], with the p-value that the chosen 2×2 table would have by itself: the one that a paper
/// prints, and that is too small. [`run_on_table`](Self::run_on_table) is the same of a cut-off chosen by any other rule: how
/// often the greatest statistic of all cut-offs would reach the one of that cut-off, so that no way of choosing it is
/// missed.
///
/// ## Conventions
///
/// R: `maxstat::pLausen92(b, minprop, maxprop)` is Miller and Siegmund's p-value; `maxstat.test` takes the statistic with
/// N − 1 for N, and `coin::maxstat_test` too. The exact test of J is the exact test of Smirnov, `ks.test(exact = TRUE)`, ties
/// included; two-sided by default there. [`MaximallySelectedNull::Automatic`] counts all orders up to 4 · 10⁶ steps (patients
/// times cases), and takes Smirnov's or Miller and Siegmund's formula beyond; the result says which.
///
/// ## Errors
///
/// [`TestError::NotAProbability`] for an ε outside [0, ½), or 0 with Miller and Siegmund's p-value; [`TestError::NoSpread`]
/// when no cut-off is left; [`TestError::TooLargeForExact`] beyond 10⁹ steps; [`TestError::NotAProportion`] for a table that
/// has more positives than the curve has people.
///
/// ## Source
///
/// Miller and Siegmund, Biometrics 38 (1982) 1011–1016; Lausen and Schumacher, Biometrics 48 (1992) 73–85; Altman, Lausen,
/// Sauerbrei and Schumacher, Journal of the National Cancer Institute 86 (1994) 829–835; Hothorn and Lausen, Computational
/// Statistics and Data Analysis 43 (2003) 121–137 (exact); Smirnov, Annals of Mathematical Statistics 19 (1948) 279–281.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MaximallySelected {
    /// What is maximised over the cut-offs.
    pub statistic: SelectedStatistic,
    /// The least share of people on either side of a cut-off, ε.
    pub least_share: f64,
    /// Where the p-value comes from.
    pub null: MaximallySelectedNull,
}

impl Default for MaximallySelected {
    fn default() -> Self {
        let (statistic, null) = (SelectedStatistic::ChiSquare, MaximallySelectedNull::Exact);
        Self { statistic, least_share: 0.1, null }
    }
}

/// What is maximised over the cut-offs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SelectedStatistic {
    /// Pearson's chi-square of the 2×2 table, whichever side has more cases.
    ChiSquare,
    /// Youden's J, in the direction of the curve: one-sided.
    Youden,
    /// Youden's J in either direction: two-sided, as the p-value of a table by itself is.
    EitherYouden,
}

/// Where the p-value of a maximally selected statistic comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MaximallySelectedNull {
    /// Miller and Siegmund's formula for chi-square, Smirnov's for J.
    Asymptotic,
    /// All orders of the labels.
    Exact,
    /// Random orders of the labels.
    Permutation(Permutation),
    /// All orders where that is soon done, else the formula.
    Automatic,
}

/// A maximally selected statistic with its p-value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MaximallySelectedTest {
    /// The greatest χ², or the greatest J.
    pub statistic: f64,
    /// Where the p-value comes from, never [`MaximallySelectedNull::Automatic`].
    pub null: MaximallySelectedNull,
    /// The p-value that takes the selection into account.
    pub p_value: f64,
    /// The chi-square p-value of the chosen table by itself.
    pub unadjusted_p_value: f64,
    /// The random orders, where the p-value comes from them.
    pub permutation: Option<PermutationTest>,
    /// Cut-offs looked at.
    pub cutoffs: usize,
}

/// Steps of an exact distribution that are still worth waiting for.
const EXACT_STEPS: u64 = 1_000_000_000;

/// Steps that nobody waits for.
const SOON: u64 = 4_000_000;

/// Two statistics nearer than this are one.
const ROUNDING: f64 = 1e-12;

impl MaximallySelected {
    /// The test of a curve.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, curve: &RocCurve) -> Result<MaximallySelectedTest, ValidationError> {
        let searched = self.searched(curve)?;
        let best = (searched.cutoffs.iter())
            .max_by(|a, b| searched.value(**a).total_cmp(&searched.value(**b)))
            .ok_or(TestError::NoSpread)?;
        self.test(&searched, *best)
    }

    /// The same of a cut-off that was chosen in whatever way: its table, and how often the greatest statistic of all cut-offs
    /// would be as great as its own.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run_on_table(
        &self,
        curve: &RocCurve,
        table: DiagnosticTable,
    ) -> Result<MaximallySelectedTest, ValidationError> {
        let searched = self.searched(curve)?;
        let (n1, n0) = (curve.n_cases(), curve.n_controls());
        for (count, n) in [(table.true_positives, n1), (table.false_positives, n0)] {
            if count > n {
                return Err(TestError::NotAProportion { count, n }.into());
            }
        }
        if searched.cutoffs.is_empty() {
            return Err(TestError::NoSpread.into());
        }
        self.test(&searched, [table.true_positives as f64, table.false_positives as f64])
    }

    /// The cut-offs that are looked at, with how many cases and controls are positive.
    fn searched(&self, curve: &RocCurve) -> Result<Searched, TestError> {
        let least = self.least_share;
        let groups = Groups { cases: curve.n_cases() as f64, controls: curve.n_controls() as f64 };
        let null = match self.null {
            MaximallySelectedNull::Automatic if groups.steps() <= SOON => MaximallySelectedNull::Exact,
            MaximallySelectedNull::Automatic => MaximallySelectedNull::Asymptotic,
            null => null,
        };
        let needs_ends = null == MaximallySelectedNull::Asymptotic && self.statistic == SelectedStatistic::ChiSquare;
        if !(0.0..0.5).contains(&least) || (needs_ends && least == 0.0) {
            return Err(TestError::NotAProbability { position: 0, p: least });
        }
        // Cases and controls at each distinct value, from the one that most means a case.
        let blocks: Vec<[u64; 2]> =
            curve.cases.iter().zip(&curve.controls).rev().map(|(&cases, &controls)| [cases, controls]).collect();
        let cutoffs = (blocks[..blocks.len() - 1].iter())
            .scan([0.0, 0.0], |sum, &[cases, controls]| {
                *sum = [sum[0] + cases as f64, sum[1] + controls as f64];
                Some(*sum)
            })
            .filter(|[cases, controls]| groups.admits(cases + controls, least))
            .collect();
        Ok(Searched { statistic: self.statistic, null, groups, blocks, cutoffs })
    }

    fn test(&self, searched: &Searched, [cases, controls]: [f64; 2]) -> Result<MaximallySelectedTest, ValidationError> {
        let &Searched { null, groups, ref blocks, ref cutoffs, .. } = searched;
        let statistic = searched.value([cases, controls]);
        let (p_value, permutation) = match null {
            MaximallySelectedNull::Asymptotic => (self.asymptotic(statistic, groups), None),
            MaximallySelectedNull::Exact | MaximallySelectedNull::Automatic => {
                (self.exact(blocks, statistic, groups)?, None)
            }
            MaximallySelectedNull::Permutation(permutation) => {
                let test = self.permuted(blocks, permutation, groups, statistic)?;
                (test.p_value, Some(test))
            }
        };
        let chi_square = groups.value(SelectedStatistic::ChiSquare, cases, controls);
        Ok(MaximallySelectedTest {
            statistic,
            null,
            p_value,
            unadjusted_p_value: dist::Normal.two_sided(chi_square.sqrt()),
            permutation,
            cutoffs: cutoffs.len(),
        })
    }

    /// The same from the values of a marker.
    ///
    /// # Errors
    ///
    /// As the type's page says, and those of [`Roc`].
    pub fn run_on_samples(
        &self,
        roc: Roc,
        cases: &[f64],
        controls: &[f64],
    ) -> Result<MaximallySelectedTest, ValidationError> {
        self.run(&roc.run(cases, controls)?)
    }

    fn asymptotic(&self, statistic: f64, groups: Groups) -> f64 {
        match self.statistic {
            SelectedStatistic::Youden => {
                if statistic > 0.0 {
                    libm::exp(-2.0 * groups.squared_distance(statistic))
                } else {
                    1.0
                }
            }
            SelectedStatistic::EitherYouden => kolmogorov(groups.squared_distance(statistic)),
            SelectedStatistic::ChiSquare => {
                let b = statistic.sqrt();
                if b < 1.0 {
                    return 1.0;
                }
                let ends = 2.0 * libm::log((1.0 - self.least_share) / self.least_share);
                (dist::Normal.density(b) * ((b - 1.0 / b) * ends + 4.0 / b)).min(1.0)
            }
        }
    }

    /// Labels are dealt one by one; at a cut-off, the orders that reach the statistic are taken out.
    fn exact(&self, blocks: &[[u64; 2]], statistic: f64, groups: Groups) -> Result<f64, TestError> {
        let (n1, n) = (groups.cases as usize, (groups.cases + groups.controls) as usize);
        if (n as u64).saturating_mul(n1 as u64) > EXACT_STEPS {
            return Err(TestError::TooLargeForExact { n });
        }
        let enough = statistic - ROUNDING * statistic.abs();
        // The share of orders that have so many cases among those dealt, and have not reached the statistic yet.
        let mut share = vec![0.0; n1 + 1];
        share[0] = 1.0;
        let (mut dealt, mut reached) = (0_usize, 0.0);
        for (block, &[cases, controls]) in blocks.iter().enumerate() {
            for _ in 0..cases + controls {
                let left = (n - dealt) as f64;
                for i in (0..=n1.min(dealt + 1)).rev() {
                    let stays = share[i] * ((n - dealt) as f64 - (n1 - i) as f64) / left;
                    let comes = if i > 0 { share[i - 1] * (n1 - i + 1) as f64 / left } else { 0.0 };
                    share[i] = stays.max(0.0) + comes;
                }
                dealt += 1;
            }
            if block + 1 == blocks.len() || !groups.admits(dealt as f64, self.least_share) {
                continue;
            }
            for (i, share) in share.iter_mut().enumerate().take(dealt + 1) {
                let (cases, controls) = (i as f64, dealt as f64 - i as f64);
                if *share > 0.0 && groups.value(self.statistic, cases, controls) >= enough {
                    reached += *share;
                    *share = 0.0;
                }
            }
        }
        Ok(reached.min(1.0))
    }

    fn permuted(
        &self,
        blocks: &[[u64; 2]],
        permutation: Permutation,
        groups: Groups,
        statistic: f64,
    ) -> Result<PermutationTest, ValidationError> {
        // The first rows to be dealt are the cases of the first block, and so on: whether each row is a case.
        let labels: Vec<bool> = (blocks.iter())
            .flat_map(|&[cases, controls]| (0..cases).map(|_| true).chain((0..controls).map(|_| false)))
            .collect();
        let greatest = |order: &[u32]| {
            let (mut cases, mut dealt, mut greatest) = (0_u64, 0, f64::NEG_INFINITY);
            for block in &blocks[..blocks.len() - 1] {
                let size = (block[0] + block[1]) as usize;
                cases += order[dealt..dealt + size].iter().filter(|&&row| labels[row as usize]).count() as u64;
                dealt += size;
                if groups.admits(dealt as f64, self.least_share) {
                    let (cases, controls) = (cases as f64, dealt as f64 - cases as f64);
                    greatest = greatest.max(groups.value(self.statistic, cases, controls));
                }
            }
            // No more is asked than whether the statistic is reached, which is then that of the data's own order.
            greatest.min(statistic)
        };
        Ok(permutation.run(&Units::ordinary(labels.len())?, || (), |(), order| greatest(order))?)
    }
}

/// The cut-offs that are looked at.
struct Searched {
    statistic: SelectedStatistic,
    null: MaximallySelectedNull,
    groups: Groups,
    /// Cases and controls at each distinct value, from the one that most means a case.
    blocks: Vec<[u64; 2]>,
    /// Of each, how many cases and controls are positive.
    cutoffs: Vec<[f64; 2]>,
}

impl Searched {
    fn value(&self, [cases, controls]: [f64; 2]) -> f64 {
        self.groups.value(self.statistic, cases, controls)
    }
}

/// The probability that a Brownian bridge leaves ±z, from z²: two-sided.
fn kolmogorov(squared: f64) -> f64 {
    if squared < 0.03 {
        // 1 to sixteen digits, where the alternating series needs many terms.
        return 1.0;
    }
    let term = |k: i32| libm::exp(-2.0 * f64::from(k * k) * squared);
    let sum: f64 = (1..=40).map(|k| if k % 2 == 1 { term(k) } else { -term(k) }).sum();
    (2.0 * sum).min(1.0)
}

/// How many cases and controls there are.
#[derive(Clone, Copy)]
struct Groups {
    cases: f64,
    controls: f64,
}

impl Groups {
    /// Whether so many positives leave enough people on either side.
    fn admits(self, positives: f64, least_share: f64) -> bool {
        let all = self.cases + self.controls;
        // A share such as 0.1 of 30 is meant to admit 3.
        let least = least_share * all - 1e-9;
        positives >= least && all - positives >= least
    }

    /// The steps of the exact distribution.
    fn steps(self) -> u64 {
        ((self.cases + self.controls) * self.cases) as u64
    }

    /// The square of Smirnov's distance, on the scale of its limit.
    fn squared_distance(self, youden: f64) -> f64 {
        youden * youden * self.cases * self.controls / (self.cases + self.controls)
    }

    /// The statistic of a table with so many cases and controls positive; 0 where it does not divide them.
    fn value(self, statistic: SelectedStatistic, cases: f64, controls: f64) -> f64 {
        let Self { cases: n1, controls: n0 } = self;
        let difference = cases * n0 - controls * n1;
        match statistic {
            SelectedStatistic::Youden => difference / (n1 * n0),
            SelectedStatistic::EitherYouden => difference.abs() / (n1 * n0),
            SelectedStatistic::ChiSquare => {
                let (all, positives) = (n1 + n0, cases + controls);
                let sides = positives * (all - positives);
                if sides > 0.0 { all * difference * difference / (n1 * n0 * sides) } else { 0.0 }
            }
        }
    }
}
