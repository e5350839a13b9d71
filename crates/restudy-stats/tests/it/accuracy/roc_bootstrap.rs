use proptest::prelude::*;
use restudy_stats::accuracy::{
    Auc, AucLimits, Criterion, Cutoff, Direction, PartialAuc, Placing, PrecisionRecall, Roc, RocBootstrap, RocCurve,
    RocFocus, RocSampling,
};
use restudy_stats::resample::{Bootstrap, BootstrapInterval, Resampling, Units};

use super::{Golden, HIGHER, LOWER, dlm_scores};

fn bootstrap(replicates: u32, seed: u64) -> RocBootstrap {
    let resampling = Resampling { replicates, seed };
    RocBootstrap { bootstrap: Bootstrap { resampling, ..Bootstrap::default() }, ..RocBootstrap::default() }
}

// By hand.

#[test]
fn complete_separation_keeps_its_one_sided_bound() {
    let curve = HIGHER.run(&[3.0, 4.0, 5.0], &[1.0, 2.0]).unwrap();
    let result = bootstrap(50, 1).auc(&curve).unwrap();
    assert_eq!((result.estimate.value, result.estimate.interval), (1.0, None));
    assert_eq!(result.bound, Auc::default().run(&curve).limits);
    assert!(matches!(result.bound, Some(AucLimits::SeparationLowerBound(_))));
}

#[test]
fn a_separating_cutoff_moves_and_its_table_does_not() {
    // Whoever is drawn, the best rule parts all cases from all controls; it lies between the greatest control drawn and the
    // least case.
    let curve = HIGHER.run(&[4.0, 5.0], &[1.0, 2.0]).unwrap();
    let result = bootstrap(200, 2).cutoff(&curve, &Cutoff::default()).unwrap();
    assert_eq!((result.optimum.rule.cutoff, result.tied, result.cutoff.value), (3.0, 1, 3.0));
    assert_eq!((result.youden.apparent, result.youden.training), (1.0, 1.0));
    // Only controls of 1 and cases of 5 move it to 3; only controls of 1 to 2.5: both part the data too.
    assert_eq!(result.youden.test, 1.0);
    assert!(result.cutoff.replicates.iter().all(|cutoff| [2.5, 3.0, 3.5].contains(cutoff)));
}

// Golden reference: pROC, 20,000 resamples of the same data, within the error of the simulation.

#[test]
fn proc_has_the_same_limits() {
    let golden = Golden::read();
    let expected = crate::golden::numbers(&golden.answers["bootstrap_auc"]);
    let result = bootstrap(20_000, 11).auc(&golden.curve()).unwrap().estimate;
    let limits = result.interval.unwrap();
    // The error of a limit from 20,000 resamples is near 0.0015; twice that of both.
    assert!((limits.low - expected[0]).abs() < 0.004, "{limits:?} {expected:?}");
    assert!((limits.high - expected[1]).abs() < 0.004, "{limits:?} {expected:?}");
}

// Definition: rows copied, and curves made anew.

/// Cases before controls, each in the order of the curve.
fn copies(
    curve: &RocCurve,
    cases: &[f64],
    controls: &[f64],
    sampling: RocSampling,
    replicate: u32,
    seed: u64,
) -> Option<RocCurve> {
    let mut rows = [cases.to_vec(), controls.to_vec()];
    for group in &mut rows {
        group.sort_by(f64::total_cmp);
        if curve.direction() == Direction::Lower {
            group.reverse();
        }
    }
    let labels: Vec<usize> = rows.iter().enumerate().flat_map(|(k, group)| vec![k; group.len()]).collect();
    let units = match sampling {
        RocSampling::Stratified => Units::stratified(&labels).unwrap(),
        RocSampling::Ordinary => Units::ordinary(labels.len()).unwrap(),
    };
    let mut counts = vec![0; labels.len()];
    units.draw(&mut Resampling { replicates: 1, seed }.stream(replicate), &mut counts);
    let values = rows.concat();
    let of = |group: usize| {
        let members = (0..values.len()).filter(|&row| labels[row] == group);
        members.flat_map(|row| vec![values[row]; counts[row] as usize]).collect::<Vec<_>>()
    };
    let roc = Roc { direction: curve.direction() };
    let (cases, controls) = (of(0), of(1));
    // A resample whose members all have one value has no curve of its own, but an area of one half.
    roc.run(&cases, &controls).ok()
}

proptest! {
    #[test]
    fn copied_rows_give_the_same_replicates(
        cases in prop::collection::vec(0_i32..9, 2..10),
        controls in prop::collection::vec(0_i32..9, 2..10),
        direction in prop::sample::select(vec![Direction::Higher, Direction::Lower]),
        sampling in prop::sample::select(vec![RocSampling::Stratified, RocSampling::Ordinary]),
        placing in prop::sample::select(vec![Placing::Between, Placing::Observed]),
        seed: u64,
    ) {
        let [cases, controls] = [cases, controls].map(|group| group.into_iter().map(f64::from).collect::<Vec<_>>());
        prop_assume!(cases.iter().chain(&controls).any(|x| *x != cases[0]));
        let curve = Roc { direction }.run(&cases, &controls).unwrap();
        let settings = RocBootstrap { sampling, ..bootstrap(12, seed) };
        let cutoff = Cutoff { placing, ..Cutoff::default() };
        let area = settings.auc(&curve).unwrap().estimate;
        let part = PartialAuc { focus: RocFocus::Specificity, low: 0.5, high: 1.0 };
        let partial = settings.partial_auc(&curve, part, false).unwrap();
        let precision = settings.average_precision(&curve).unwrap();
        let best = settings.cutoff(&curve, &cutoff).unwrap();
        let drawn: Vec<_> = (0..12)
            .map(|replicate| copies(&curve, &cases, &controls, sampling, replicate, seed))
            .collect();
        // Resamples of one value are rare; what they are left out of is not compared.
        prop_assume!(drawn.iter().all(Option::is_some));
        for (k, drawn) in drawn.iter().flatten().enumerate() {
            prop_assert_eq!(area.replicates[k], Auc::default().run(drawn).value);
            prop_assert!((partial.replicates[k] - part.run(drawn).unwrap().value).abs() < 1e-14);
            prop_assert!((precision.replicates[k] - PrecisionRecall.run(drawn).average_precision).abs() < 1e-14);
            let optima = cutoff.run(drawn).unwrap();
            let middle = if direction == Direction::Higher { (optima.len() - 1) / 2 } else { optima.len() / 2 };
            prop_assert_eq!(best.cutoff.replicates[k], optima[middle].rule.cutoff);
        }
    }

    #[test]
    fn every_criterion_ends(seed: u64) {
        let criteria = [
            Criterion::Youden,
            Criterion::ClosestTopLeft,
            Criterion::Sensitivity(0.9),
            Criterion::Specificity(0.9),
            Criterion::Cost { false_negative: 3, false_positive: 1, prevalence: None },
        ];
        for criterion in criteria {
            let result = bootstrap(30, seed).cutoff(&dlm_scores(), &Cutoff { criterion, ..Cutoff::default() }).unwrap();
            for index in [result.sensitivity, result.specificity, result.youden] {
                prop_assert!((index.apparent - index.optimism - index.corrected).abs() < 1e-12);
            }
        }
    }
}

#[test]
fn bca_has_a_jackknife_of_people() {
    let settings = RocBootstrap {
        bootstrap: Bootstrap { interval: BootstrapInterval::Bca, ..bootstrap(500, 3).bootstrap },
        ..RocBootstrap::default()
    };
    let limits = settings.auc(&dlm_scores()).unwrap().estimate.interval.unwrap();
    assert!(limits.low > 0.75 && limits.low < 0.905 && limits.high > 0.905 && limits.high < 1.0, "{limits:?}");
    let other = settings.auc(&LOWER.run(&[1.0, 2.0, 4.0], &[3.0, 5.0, 6.0]).unwrap()).unwrap();
    assert!(other.bound.is_none());
}
