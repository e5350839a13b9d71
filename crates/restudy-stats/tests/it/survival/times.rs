use restudy_stats::survival::{KaplanMeier, NearTies, SurvivalData, SurvivalError};

#[test]
fn near_ties_are_one_time() {
    let (time, event) = ([0.1 + 0.2, 0.3, 0.7, 0.7 - 1e-12], [true, true, false, true]);
    assert_ne!(time[0], time[1]);
    let data = SurvivalData::new(&time, &event);
    let merged = data.prepare().unwrap();
    assert_eq!((merged.len(), merged.events(), merged.strata(), merged.merged()), (4, 3, 1, 2));
    let curve = KaplanMeier::default().fit(&merged).unwrap();
    assert_eq!((curve.n_risk, curve.n_event), (vec![4.0, 2.0], vec![2.0, 1.0]));

    let distinct = SurvivalData { near_ties: NearTies::Distinct, ..data }.prepare().unwrap();
    assert_eq!((distinct.merged(), KaplanMeier::default().fit(&distinct).unwrap().time.len()), (0, 4));
}

#[test]
fn the_tolerance_is_relative_to_the_mean_of_the_distinct_times() {
    // The mean is 1e6 but for a hair: 0.01 apart is within 1e-8 of it, 0.02 is not.
    let prepared = |apart: f64| {
        let time = [1e6, 1e6 + apart];
        let near_ties = NearTies::Merge { tolerance: 1e-8 };
        SurvivalData { near_ties, ..SurvivalData::new(&time, &[true; 2]) }.prepare().unwrap().merged()
    };
    assert_eq!((prepared(0.009), prepared(0.02)), (1, 0));
}

#[test]
fn reversing_twice_changes_nothing() {
    let time = [3.0, 1.0, 3.0, 2.0, 3.0, 1.0];
    let data = SurvivalData {
        entry: Some(&[0.5, 0.0, 1.5, 0.0, 2.5, 0.25]),
        weights: Some(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]),
        ..SurvivalData::new(&time, &[true, false, false, true, true, true])
    };
    let times = data.prepare().unwrap();
    assert_eq!(times.reversed().reversed(), times);
    let event = data.event.iter().map(|event| !event).collect::<Vec<_>>();
    assert_eq!(times.reversed(), SurvivalData { event: &event, ..data }.prepare().unwrap());
}

#[test]
fn bad_input_is_named() {
    let data = SurvivalData::new(&[1.0, 2.0], &[true, false]);
    let error = |data: SurvivalData<'_>| data.prepare().unwrap_err();
    assert_eq!(error(SurvivalData::new(&[], &[])), SurvivalError::Empty);
    let length = |column, found| SurvivalError::Length { column, found, needed: 2 };
    assert_eq!(error(SurvivalData { event: &[true], ..data }), length("the event indicator", 1));
    assert_eq!(error(SurvivalData { entry: Some(&[0.0; 3]), ..data }), length("the entry time", 3));
    assert_eq!(error(SurvivalData { strata: Some(&[]), ..data }), length("the stratum", 0));
    assert_eq!(error(SurvivalData { weights: Some(&[1.0]), ..data }), length("the weight", 1));
    for time in [f64::NAN, f64::INFINITY, -1.0] {
        let column = "the time";
        assert_eq!(error(SurvivalData { time: &[0.0, time], ..data }), SurvivalError::NotATime { column, row: 1 });
    }
    let entry = [0.0, 2.0 - 1e-12];
    assert_eq!(error(SurvivalData { entry: Some(&entry), ..data }), SurvivalError::NeverAtRisk { row: 1 });
    assert_eq!(error(SurvivalData { weights: Some(&[0.0, 1.0]), ..data }), SurvivalError::NotAWeight { row: 0 });
    let near_ties = NearTies::Merge { tolerance: -1.0 };
    assert_eq!(error(SurvivalData { near_ties, ..data }), SurvivalError::NotATolerance { tolerance: -1.0 });
}
