use super::auc::separation_bound;
use super::optimism::OptimismIndex;
use super::precision_recall::average_precision;
use super::roc::doubled_u;
use super::{AucLimits, Cutoff, OptimalCutoff, PartialAuc, RocCurve, ValidationError};
use crate::TestError;
use crate::resample::{Bootstrap, BootstrapEstimate, ResampleError, Units};

/// How far would an area, a cut-off or its performance move from sample to sample? The bootstrap of a ROC curve.
///
/// ## Formula
///
/// Intervals are those of [`Bootstrap`]. The performance of a cut-off chosen on the data flatters itself; Harrell's
/// optimism is taken off it:
///
/// ```text
/// in each resample: the best cut-off by the same criterion; its sensitivity (specificity, J) there, and in the data
/// optimism = mean (there − in the data)        corrected = apparent − optimism
/// ```
///
/// ## Input
///
/// A [`RocCurve`]. Cases and controls are drawn each by themselves ([`RocSampling::Stratified`], pROC's default) or
/// together; a resample without cases or controls has no curve, is counted and left out.
///
/// ## Result
///
/// [`AucBootstrap`], [`CutoffBootstrap`], or the [`BootstrapEstimate`] itself. At complete separation every resample has an
/// area of 1, and "1 to 1" would claim certainty: the interval is missing, and the one-sided bound of
/// [`Auc`](super::Auc) stands in its place. Where a resample has several optima, the middle one is taken, of two the one
/// that calls more people positive; so it is in the data.
///
/// ## Conventions
///
/// R: `pROC::ci.auc(roc, method = "bootstrap", boot.n = 2000)`, `ci.coords(roc, "best")`; `cutpointr(boot_runs = 1000)`. Draws
/// differ, so that limits agree within the error of simulation. With [`Placing::Between`](super::Placing::Between) the
/// cut-off of a resample lies between two values that it has.
///
/// ## How it is fast
///
/// The data are sorted once, for the curve. A resample is counts at the distinct values in their order, so that area,
/// optimum and table are each a pass over whole numbers, and nothing is copied or sorted again.
///
/// ## Errors
///
/// Those of [`Bootstrap`], [`Cutoff`] and [`PartialAuc`], as [`ValidationError`].
///
/// ## Source
///
/// Carpenter and Bithell, Statistics in Medicine 19 (2000) 1141–1164; Harrell, Lee and Mark, Statistics in Medicine 15
/// (1996) 361–387 (optimism); Robin et al., BMC Bioinformatics 12 (2011) 77.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct RocBootstrap {
    /// Replicates, seed, kind and level of the intervals.
    pub bootstrap: Bootstrap,
    /// How cases and controls are drawn.
    pub sampling: RocSampling,
}

/// How the members of two groups are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum RocSampling {
    /// Cases and controls each by themselves, their numbers kept.
    #[default]
    Stratified,
    /// All together, so that the number of cases varies.
    Ordinary,
}

/// The bootstrap of an area.
#[derive(Clone, Debug, PartialEq)]
pub struct AucBootstrap {
    /// The area with its replicates; without interval at complete separation.
    pub estimate: BootstrapEstimate,
    /// The one-sided bound at complete separation.
    pub bound: Option<AucLimits>,
}

/// The bootstrap of a cut-off that was chosen on the data.
#[derive(Clone, Debug, PartialEq)]
pub struct CutoffBootstrap {
    /// The cut-off of the data; of tied ones the middle one.
    pub optimum: OptimalCutoff,
    /// How many cut-offs of the data are equally good.
    pub tied: usize,
    /// The cut-off with its replicates.
    pub cutoff: BootstrapEstimate,
    /// Its sensitivity, corrected for optimism.
    pub sensitivity: OptimismIndex,
    /// Its specificity.
    pub specificity: OptimismIndex,
    /// Its J.
    pub youden: OptimismIndex,
}

impl RocBootstrap {
    /// The area under a curve.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn auc(&self, curve: &RocCurve) -> Result<AucBootstrap, ValidationError> {
        let mut estimate = self.run(curve, |resample| {
            let pairs = 2.0 * resample.true_positives[0] as f64 * resample.false_positives[0] as f64;
            Some(doubled_u(&resample.cases, &resample.controls) as f64 / pairs)
        })?;
        let bound = separation_bound(curve, self.bootstrap.level);
        if bound.is_some() {
            estimate.interval = None;
        }
        Ok(AucBootstrap { estimate, bound })
    }

    /// A partial area; [`PartialArea::value`](super::PartialArea) or, where `corrected`, McClish's correction of it, which
    /// resamples below the diagonal do not have.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn partial_auc(
        &self,
        curve: &RocCurve,
        part: PartialAuc,
        corrected: bool,
    ) -> Result<BootstrapEstimate, ValidationError> {
        part.check()?;
        self.run(curve, |resample| {
            let area = part.area(&resample.true_positives, &resample.false_positives);
            if corrected { area.corrected } else { Some(area.value) }
        })
    }

    /// The average precision of [`PrecisionRecall`](super::PrecisionRecall).
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn average_precision(&self, curve: &RocCurve) -> Result<BootstrapEstimate, ValidationError> {
        self.run(curve, |resample| Some(average_precision(&resample.true_positives, &resample.false_positives)))
    }

    /// A cut-off, its interval, and its performance corrected for optimism.
    ///
    /// # Errors
    ///
    /// As the type's page says; [`ResampleError::MostlyUndefined`] when resamples have no point that qualifies.
    pub fn cutoff(&self, curve: &RocCurve, cutoff: &Cutoff) -> Result<CutoffBootstrap, ValidationError> {
        let optima = cutoff.run(curve)?;
        let (sampled, units) = (Sampled::new(curve), self.units(curve)?);
        let [chosen, there @ ..] = self.bootstrap.run_all(
            &units,
            || Resample::new(curve),
            |resample, counts| {
                let Some((rule, there)) = sampled.fill(resample, counts).and_then(|()| sampled.best(resample, cutoff))
                else {
                    return [None; 7];
                };
                let in_data = curve.values.partition_point(|&value| !rule.is_positive(value));
                let table = curve.table(in_data);
                let [tp, fp, cases, controls] = there.map(|count| count as f64);
                let performance = |sensitivity: f64, specificity: f64| {
                    [sensitivity, specificity, sensitivity + specificity - 1.0].map(Some)
                };
                let [a, b, c] = performance(tp / cases, (controls - fp) / controls);
                let [d, e, f] = performance(
                    table.true_positives as f64 / table.n_cases() as f64,
                    table.true_negatives as f64 / table.n_controls() as f64,
                );
                [Some(rule.cutoff), a, b, c, d, e, f]
            },
        )?;
        let there = there.into_iter().collect::<Result<Vec<_>, ResampleError>>()?;
        let index = |k: usize| OptimismIndex::new(there[k].value, &there[k].replicates, &there[k + 3].replicates);
        Ok(CutoffBootstrap {
            optimum: *middle(&optima, curve).ok_or(TestError::NoSpread)?,
            tied: optima.len(),
            cutoff: chosen?,
            sensitivity: index(0),
            specificity: index(1),
            youden: index(2),
        })
    }

    fn run(
        &self,
        curve: &RocCurve,
        estimate: impl Fn(&Resample) -> Option<f64> + Sync,
    ) -> Result<BootstrapEstimate, ValidationError> {
        let (sampled, units) = (Sampled::new(curve), self.units(curve)?);
        let [only] = self.bootstrap.run_all(
            &units,
            || Resample::new(curve),
            |resample, counts| [sampled.fill(resample, counts).and_then(|()| estimate(resample))],
        )?;
        Ok(only?)
    }

    /// Cases before controls, each in the order of the curve.
    fn units(&self, curve: &RocCurve) -> Result<Units, ResampleError> {
        let (cases, controls) = (curve.n_cases() as usize, curve.n_controls() as usize);
        match self.sampling {
            RocSampling::Ordinary => Units::ordinary(cases + controls),
            RocSampling::Stratified => {
                let labels: Vec<usize> = (0..cases + controls).map(|row| usize::from(row >= cases)).collect();
                Units::stratified(&labels)
            }
        }
    }
}

/// The middle one of tied optima, of two the one that calls more people positive.
fn middle<'a>(optima: &'a [OptimalCutoff], curve: &RocCurve) -> Option<&'a OptimalCutoff> {
    // Optima ascend by cut-off, points of a curve by who is negative.
    let of_two = match curve.direction() {
        super::Direction::Higher => optima.len().saturating_sub(1) / 2,
        super::Direction::Lower => optima.len() / 2,
    };
    optima.get(of_two)
}

/// The members of a curve, row by row.
struct Sampled<'a> {
    curve: &'a RocCurve,
    /// The place of each row's value among the distinct ones.
    places: Vec<u32>,
}

/// A curve of a resample, in room that is used again.
struct Resample {
    cases: Vec<u64>,
    controls: Vec<u64>,
    true_positives: Vec<u64>,
    false_positives: Vec<u64>,
}

impl Resample {
    fn new(curve: &RocCurve) -> Self {
        let distinct = curve.values.len();
        let column = |len| vec![0; len];
        Self {
            cases: column(distinct),
            controls: column(distinct),
            true_positives: column(distinct + 1),
            false_positives: column(distinct + 1),
        }
    }
}

impl<'a> Sampled<'a> {
    fn new(curve: &'a RocCurve) -> Self {
        let rows = |counts: &[u64]| {
            let places = counts.iter().zip(0..).flat_map(|(&count, place)| std::iter::repeat_n(place, count as usize));
            places.collect::<Vec<u32>>()
        };
        let mut places = rows(&curve.cases);
        places.extend(rows(&curve.controls));
        Self { curve, places }
    }

    /// The counts of a resample at the distinct values of the data; none without a case or a control.
    fn fill(&self, resample: &mut Resample, counts: &[u32]) -> Option<()> {
        resample.cases.fill(0);
        resample.controls.fill(0);
        let (of_cases, of_controls) = self.places.split_at(self.curve.n_cases() as usize);
        let (cases, controls) = counts.split_at(of_cases.len());
        for (&place, &count) in of_cases.iter().zip(cases) {
            resample.cases[place as usize] += u64::from(count);
        }
        for (&place, &count) in of_controls.iter().zip(controls) {
            resample.controls[place as usize] += u64::from(count);
        }
        let (mut tp, mut fp) = (0, 0);
        for place in (0..resample.cases.len()).rev() {
            tp += resample.cases[place];
            fp += resample.controls[place];
            resample.true_positives[place] = tp;
            resample.false_positives[place] = fp;
        }
        (tp > 0 && fp > 0).then_some(())
    }

    /// The best rule of a resample with its true and false positives, cases and controls.
    fn best(&self, resample: &Resample, cutoff: &Cutoff) -> Option<(super::CutoffRule, [u64; 4])> {
        let (tp, fp) = (&resample.true_positives, &resample.false_positives);
        // A value that the resample does not have parts nobody: its point is the same as the next, and is left out.
        let occurs = |point: usize| point == tp.len() - 1 || tp[point] != tp[point + 1] || fp[point] != fp[point + 1];
        let points = cutoff.criterion.best_points_where(tp, fp, occurs);
        let &point = points.get(points.len().saturating_sub(1) / 2)?;
        let values = &self.curve.values;
        let below = (0..point).rev().find(|&place| occurs(place)).map(|place| values[place]);
        let rule = cutoff.rule_between(self.curve.direction(), below, values.get(point).copied());
        Some((rule, [tp[point], fp[point], tp[0], fp[0]]))
    }
}
