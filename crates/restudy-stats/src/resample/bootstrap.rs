use super::{ResampleError, Resampling, Units};
use crate::descriptive::Moments;
use crate::dist::Normal;
use crate::{Interval, Level};

/// How far would an estimate move from sample to sample? The nonparametric bootstrap.
///
/// ## Formula
///
/// B resamples of the data's size, drawn with replacement (within strata, where there are any), give θ*₁ … θ*ᴮ. With t(α)
/// their α quantile:
///
/// ```text
/// percentile:  [ t(α), t(1 − α) ],   α = (1 − level) / 2
/// basic:       [ 2θ − t(1 − α), 2θ − t(α) ]
/// BCa:         [ t(α₁), t(α₂) ],   α₁ = Φ( z₀ + (z₀ + z_α) / (1 − a (z₀ + z_α)) ),  α₂ with z_{1−α}
///     z₀ = Φ⁻¹( #{θ* < θ} / B + ½ #{θ* = θ} / B )
///     a  = Σ lᵢ³/mᵢ³ / ( 6 (Σ lᵢ²/mᵢ²)^{3/2} ),   lᵢ = (mᵢ − 1)(θ̄₍.₎ − θ₍ᵢ₎)
/// bias = mean θ* − θ,   se = standard deviation of θ*
/// ```
///
/// θ₍ᵢ₎: the estimate without row i, θ̄₍.₎ their mean in the row's stratum, mᵢ the size of that stratum (one stratum: the
/// jackknife's acceleration of Efron).
///
/// ## Input
///
/// [`Units`], and the estimate as a function of how often each row was drawn; `None` where a resample has none (no case was
/// drawn, a model did not fit). The data themselves are the counts of 1.
///
/// ## Result
///
/// [`BootstrapEstimate`], the replicates included. Replicates without an estimate are counted and left out. The BCa
/// interval is missing where all replicates lie on one side of the estimate, or the jackknife has no value: z₀ or a do not
/// exist then.
///
/// ## Conventions
///
/// t(α) is that of R's `boot::boot.ci`: the order statistic (B + 1)α, between two of them interpolated on the scale of the
/// normal quantile; beyond the least and the greatest replicate, those. pROC's `ci.auc(method = "bootstrap")` takes
/// `quantile(type = 7)`; the difference is one of simulation error. R's z₀ counts θ* < θ alone, SciPy's `bootstrap` half of
/// the equal ones, as here: a discrete estimate such as a cut-off needs it.
///
/// BCa calls the estimate once for each row beside the replicates.
///
/// ## Errors
///
/// [`ResampleError::TooFewReplicates`] for fewer than 2, [`ResampleError::Undefined`], [`ResampleError::MostlyUndefined`]
/// when fewer than 2 replicates have an estimate.
///
/// ## Example
///
/// ```
/// use restudy_stats::resample::{Bootstrap, Units};
///
/// let values = [3.0, 5.0, 8.0, 13.0, 21.0];
/// let mean = |counts: &[u32]| {
///     Some(values.iter().zip(counts).map(|(x, &count)| x * f64::from(count)).sum::<f64>() / values.len() as f64)
/// };
/// let estimate = Bootstrap::default().run(&Units::ordinary(values.len())?, mean)?;
/// assert_eq!((estimate.value, estimate.replicates.len()), (10.0, 2000));
/// # Ok::<(), restudy_stats::resample::ResampleError>(())
/// ```
///
/// ## Source
///
/// Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapters 12–14; Efron, Journal of the American
/// Statistical Association 82 (1987) 171–185 (BCa); Davison and Hinkley, Bootstrap Methods and their Application (1997),
/// sections 5.2–5.3 (quantiles, strata).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bootstrap {
    /// How many replicates, and from which seed.
    pub resampling: Resampling,
    /// The kind of interval.
    pub interval: BootstrapInterval,
    /// Its level.
    pub level: Level,
}

/// A kind of bootstrap interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum BootstrapInterval {
    /// The quantiles of the replicates.
    #[default]
    Percentile,
    /// The quantiles mirrored at the estimate.
    Basic,
    /// Bias-corrected and accelerated: the quantiles moved for bias and skewness.
    Bca,
}

/// An estimate with what its resamples say of it.
#[derive(Clone, Debug, PartialEq)]
pub struct BootstrapEstimate {
    /// The estimate of the data.
    pub value: f64,
    /// The mean of the replicates less the estimate; none when a replicate is infinite.
    pub bias: Option<f64>,
    /// The standard deviation of the replicates; none when a replicate is infinite.
    pub std_error: Option<f64>,
    /// The kind of interval.
    pub kind: BootstrapInterval,
    /// The interval.
    pub interval: Option<Interval>,
    /// The estimates of the resamples that have one, in the order of the replicates.
    pub replicates: Vec<f64>,
    /// Resamples without an estimate.
    pub undefined: u32,
    /// How many replicates were made, and from which seed.
    pub resampling: Resampling,
}

impl Bootstrap {
    /// The bootstrap of one estimate.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(
        &self,
        units: &Units,
        estimate: impl Fn(&[u32]) -> Option<f64> + Sync,
    ) -> Result<BootstrapEstimate, ResampleError> {
        let [only] = self.run_all(units, || (), |(), counts| [estimate(counts)])?;
        only
    }

    /// The bootstrap of several estimates on the same resamples, with room to work in that `scratch` makes (as in
    /// [`Resampling::each`]).
    ///
    /// # Errors
    ///
    /// [`ResampleError::TooFewReplicates`]; for each estimate by itself, the others of the type's page.
    pub fn run_all<S, const K: usize>(
        &self,
        units: &Units,
        scratch: impl Fn() -> S + Sync,
        estimates: impl Fn(&mut S, &[u32]) -> [Option<f64>; K] + Sync,
    ) -> Result<[Result<BootstrapEstimate, ResampleError>; K], ResampleError> {
        let needed = 2;
        if self.resampling.replicates < needed {
            return Err(ResampleError::TooFewReplicates { found: self.resampling.replicates, needed });
        }
        let mut counts = vec![1; units.len()];
        let mut room = scratch();
        let original = estimates(&mut room, &counts);
        let replicates = self.resampling.each(
            || (scratch(), vec![0; units.len()]),
            |(room, counts), stream| {
                units.draw(stream, counts);
                estimates(room, counts)
            },
        );
        let without: Vec<[Option<f64>; K]> = match self.interval {
            BootstrapInterval::Percentile | BootstrapInterval::Basic => Vec::new(),
            BootstrapInterval::Bca => (0..units.len())
                .map(|row| {
                    counts[row] = 0;
                    let estimate = estimates(&mut room, &counts);
                    counts[row] = 1;
                    estimate
                })
                .collect(),
        };
        Ok(std::array::from_fn(|k| {
            let value = original[k].ok_or(ResampleError::Undefined)?;
            let defined: Vec<f64> = replicates.iter().filter_map(|replicate| replicate[k]).collect();
            let acceleration = || {
                let without: Option<Vec<f64>> = without.iter().map(|estimates| estimates[k]).collect();
                acceleration(&without?, &units.by_stratum())
            };
            self.summary(value, defined, acceleration)
        }))
    }

    /// The interval from replicates made elsewhere, each of them defined, and for BCa the estimates without each row.
    ///
    /// # Errors
    ///
    /// [`ResampleError::TooFewReplicates`].
    pub fn run_on_replicates(
        &self,
        value: f64,
        replicates: Vec<f64>,
        without: &[f64],
    ) -> Result<BootstrapEstimate, ResampleError> {
        let found = u32::try_from(replicates.len()).unwrap_or(u32::MAX);
        if found < 2 {
            return Err(ResampleError::TooFewReplicates { found, needed: 2 });
        }
        let resampling = Resampling { replicates: found, ..self.resampling };
        let rows = (0..without.len() as u32).collect();
        Self { resampling, ..*self }.summary(value, replicates, || acceleration(without, &[rows]))
    }

    fn summary(
        &self,
        value: f64,
        replicates: Vec<f64>,
        acceleration: impl FnOnce() -> Option<f64>,
    ) -> Result<BootstrapEstimate, ResampleError> {
        let undefined = self.resampling.replicates - replicates.len() as u32;
        if replicates.len() < 2 {
            return Err(ResampleError::MostlyUndefined { undefined, replicates: self.resampling.replicates });
        }
        let sorted = crate::order::sorted(&replicates);
        let at = |z: f64| quantile(&sorted, z);
        let z = Normal.upper_quantile(self.level.tail());
        let limits = match self.interval {
            BootstrapInterval::Percentile => Some((at(-z), at(z))),
            BootstrapInterval::Basic => Some((2.0 * value - at(z), 2.0 * value - at(-z))),
            BootstrapInterval::Bca => bias_correction(&sorted, value).zip(acceleration()).map(|(z0, a)| {
                let moved = |z: f64| z0 + (z0 + z) / (1.0 - a * (z0 + z));
                (at(moved(-z)), at(moved(z)))
            }),
        };
        let moments = Moments::of(&replicates).ok();
        Ok(BootstrapEstimate {
            value,
            bias: moments.map(|moments| moments.mean - value),
            std_error: moments.map(|moments| moments.sd),
            kind: self.interval,
            interval: limits.map(|(low, high)| Interval { low, high, level: self.level }),
            replicates,
            undefined,
            resampling: self.resampling,
        })
    }
}

/// The quantile of the sorted replicates at Φ(z).
fn quantile(sorted: &[f64], z: f64) -> f64 {
    let places = sorted.len() as f64 + 1.0;
    let rank = places * Normal.lower_tail(z);
    // The 25th of 999 is meant by 0.025 even if rounding has it a little beside.
    let rank = if (rank - rank.round()).abs() < 1e-9 * places { rank.round() } else { rank };
    let below = rank.floor();
    if below < 1.0 {
        return sorted[0];
    }
    if below >= places - 1.0 {
        return sorted[sorted.len() - 1];
    }
    let (low, high) = (sorted[below as usize - 1], sorted[below as usize]);
    if rank <= below || low == high {
        return low;
    }
    let at = |rank: f64| Normal.lower_quantile(rank / places);
    let share = (z - at(below)) / (at(below + 1.0) - at(below));
    (low + share * (high - low)).clamp(low, high)
}

/// z₀; none when all replicates lie on one side.
fn bias_correction(sorted: &[f64], value: f64) -> Option<f64> {
    let below = sorted.partition_point(|x| *x < value);
    let not_above = sorted.partition_point(|x| *x <= value);
    let share = (below + not_above) as f64 / (2 * sorted.len()) as f64;
    (share > 0.0 && share < 1.0).then(|| Normal.lower_quantile(share))
}

/// The acceleration from the estimates without each row; 0 when no row matters.
fn acceleration(without: &[f64], strata: &[Vec<u32>]) -> Option<f64> {
    if without.iter().any(|estimate| !estimate.is_finite()) {
        return None;
    }
    let (mut squares, mut cubes) = (0.0, 0.0);
    for stratum in strata {
        let members = || stratum.iter().map(|&row| without[row as usize]);
        let m = stratum.len() as f64;
        let mean = members().sum::<f64>() / m;
        for estimate in members() {
            let influence = (m - 1.0) / m * (mean - estimate);
            squares += influence * influence;
            cubes += influence * influence * influence;
        }
    }
    Some(if squares > 0.0 { cubes / (6.0 * squares * squares.sqrt()) } else { 0.0 })
}
