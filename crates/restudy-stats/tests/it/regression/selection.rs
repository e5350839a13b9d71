use restudy_stats::hypothesis::ChiSquare;
use restudy_stats::hypothesis::{Correction, CountTable};
use restudy_stats::regression::{
    Change, Criterion, Design, DesignBuilder, Direction, EntryTest, FitError, Logistic, Outcome, RemovalTest, Selection,
};

use super::{EVENTS, EXPOSED, line, simulated};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, number, numbers};

#[test]
fn aic_takes_the_steps_of_r() {
    let (golden, design, events) = simulated();
    for (direction, key) in [(Direction::Forward, "forward"), (Direction::Backward, "backward")] {
        let selected = Selection::aic(direction).run(&design, Outcome::new(&events)).unwrap();
        let terms: Vec<&str> = golden[key]["terms"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
        assert_eq!(selected.path.iter().map(|step| step.term.as_str()).collect::<Vec<_>>(), terms);
        for (step, aic) in selected.path.iter().zip(numbers(&golden[key]["aic"])) {
            assert_close(step.aic, aic, REFERENCE, "AIC");
        }
        assert_eq!(selected.terms, ["a", "b", "g"]);
    }
}

#[test]
fn aic_both_ways_takes_the_steps_of_r() {
    let (golden, design, events) = simulated();
    let data = &golden["returning_data"];
    let column = |name: &str| numbers(&data[name]);
    let [u, v, z] = ["u", "v", "z"].map(column);
    let of = |builder: DesignBuilder, name: &str, x: &[f64]| builder.continuous(name, x, 1.0);
    let builder = of(of(of(Design::build(u.len()).intercept(), "u", &u), "v", &v), "z", &z);
    let (returning, returning_events) = (builder.finish().unwrap(), column("y").iter().map(|y| *y == 1.0).collect());
    let cases: [(&str, Direction, &Design, &Vec<bool>); 3] = [
        ("both_from_none", Direction::Forward, &design, &events),
        ("both_from_full", Direction::Backward, &design, &events),
        ("returning", Direction::Forward, &returning, &returning_events),
    ];
    for (key, start, design, events) in cases {
        let selected = Selection::aic_both_ways(start).run(design, Outcome::new(events)).unwrap();
        let terms: Vec<&str> = golden[key]["terms"].as_array().unwrap().iter().map(|t| t.as_str().unwrap()).collect();
        assert_eq!(selected.path.iter().map(|step| step.term.as_str()).collect::<Vec<_>>(), terms, "{key}");
        for (step, aic) in selected.path.iter().zip(numbers(&golden[key]["aic"])) {
            assert_close(step.aic, aic, REFERENCE, "AIC");
        }
    }
    // What entered first has left.
    let last = Selection::aic_both_ways(Direction::Forward).run(&returning, Outcome::new(&returning_events)).unwrap();
    assert_eq!((last.path[0].term.as_str(), last.path.last().unwrap().change), ("z", Change::Left));
    assert_eq!(last.terms, ["u", "v"]);
}

#[test]
fn the_first_steps_by_p_values_have_the_tests_of_r() {
    let (golden, design, events) = simulated();
    let names = ["a", "b", "c", "e", "g"];
    // Which term comes first, and its test, for any threshold.
    let by = |direction, enter, remove| Selection {
        direction,
        criterion: Criterion::PValue { entry: EntryTest::Score, removal: RemovalTest::LikelihoodRatio, enter, remove },
        keep: Vec::new(),
        fit: Logistic::default(),
    };
    let forward = by(Direction::Forward, 0.05, 0.1).run(&design, Outcome::new(&events)).unwrap();
    let (rao, p) = (numbers(&golden["rao"]), numbers(&golden["rao_p"]));
    let first = (0..5).min_by(|&a, &b| p[a].total_cmp(&p[b])).unwrap();
    assert_eq!((forward.path[0].change, forward.path[0].term.as_str()), (Change::Entered, names[first]));
    assert_close(forward.path[0].test.chi_square, rao[first], REFERENCE, "score test");
    assert_close(forward.path[0].test.p_value, p[first], REFERENCE, "its p");
    let backward = by(Direction::Backward, 0.05, 0.1).run(&design, Outcome::new(&events)).unwrap();
    let (lrt, p) = (numbers(&golden["lrt"]), numbers(&golden["lrt_p"]));
    let first = (0..5).max_by(|&a, &b| p[a].total_cmp(&p[b])).unwrap();
    assert_eq!((backward.path[0].change, backward.path[0].term.as_str()), (Change::Left, names[first]));
    assert_close(backward.path[0].test.chi_square, lrt[first], REFERENCE, "likelihood ratio");
    // Nothing inside is above the threshold to leave, nothing outside below the one to enter.
    for test in backward.fit.term_tests().unwrap() {
        assert!(test.test.p_value <= 0.1);
    }
}

#[test]
fn the_score_test_of_a_table_is_pearsons_chi_square_and_wald_is_z_squared() {
    let counts = [18.0, 7.0, 11.0, 23.0];
    let design = line(&EXPOSED);
    let outcome = Outcome::new(&EVENTS).with_weights(&counts);
    let forward = Selection::forward(RemovalTest::Wald).run(&design, outcome).unwrap();
    let table = CountTable::new(2, 2, vec![18, 7, 11, 23]).unwrap();
    let pearson = ChiSquare { correction: Correction::None }.run_on_counts(&table).unwrap();
    assert_close(forward.path[0].test.chi_square, pearson.statistic.unwrap().value(), CLOSED_FORM, "Pearson");
    // Backward with a threshold that everything is above.
    let selection = Selection {
        direction: Direction::Backward,
        criterion: Criterion::PValue { entry: EntryTest::Score, removal: RemovalTest::Wald, enter: 0.0, remove: 0.0 },
        keep: Vec::new(),
        fit: Logistic::default(),
    };
    let backward = selection.run(&design, outcome).unwrap();
    let z = (18.0_f64 * 23.0 / (7.0 * 11.0)).ln() / (1.0 / 18.0 + 1.0 / 7.0 + 1.0 / 11.0 + 1.0_f64 / 23.0).sqrt();
    assert_close(backward.path[0].test.chi_square, z * z, CLOSED_FORM, "Wald");
    assert!(backward.terms.is_empty());
}

#[test]
fn kept_terms_stay_and_unknown_ones_are_named() {
    let (_, design, events) = simulated();
    let keep =
        |name: &str| Selection { keep: vec![name.to_owned()], ..Selection::backward(RemovalTest::LikelihoodRatio) };
    let selected = keep("c").run(&design, Outcome::new(&events)).unwrap();
    assert!(selected.terms.contains(&"c".to_owned()));
    let unknown = keep("d").run(&design, Outcome::new(&events)).unwrap_err();
    assert_eq!(unknown, FitError::UnknownTerm { name: "d".to_owned() });
}

#[test]
fn a_screen_fits_each_term_by_itself() {
    let (golden, design, events) = simulated();
    let screen = Logistic::default().univariable(&design, Outcome::new(&events)).unwrap();
    assert_eq!(screen.iter().map(|term| term.term.as_str()).collect::<Vec<_>>(), ["a", "b", "c", "e", "g"]);
    // The first forward step's AIC is that of the best of them.
    let aic = screen.iter().map(|term| term.fit.as_ref().unwrap().aic()).fold(f64::INFINITY, f64::min);
    assert_close(aic, number(&golden["forward"]["aic"][0]), REFERENCE, "AIC");
}
