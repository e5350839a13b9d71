use proptest::prelude::*;
use restudy_stats::imputation::{ChainedEquations, ImputationError, MissingPattern, Scale, Variable};

use crate::golden::{numbers, options, parse};

const NOMINAL: Scale = Scale::Nominal { levels: 3 };
const ORDERED: Scale = Scale::Ordered { levels: 3 };

fn of(scale: Scale, values: &[Option<f64>]) -> Variable<'_> {
    Variable { scale, values }
}

// By hand.

#[test]
fn one_donor_of_a_perfect_predictor() {
    // x = 3 y, and each y is there twice: the nearest row to a gap is the one with its y.
    let y: Vec<Option<f64>> = (0..40).map(|i| Some(f64::from(i / 2))).collect();
    let x: Vec<Option<f64>> = (0..40).map(|i| (i % 8 != 5).then_some(3.0 * f64::from(i / 2))).collect();
    let settings = ChainedEquations { imputations: 3, iterations: 2, donors: 1, seed: 4 };
    let variables = [of(Scale::Continuous, &x), of(Scale::Continuous, &y)];
    let imputations = settings.run(&variables).unwrap();
    let [imputed] = imputations.imputed.as_slice() else { panic!("one variable is incomplete") };
    assert_eq!((imputed.variable, &imputed.rows[..]), (0, &[5, 13, 21, 29, 37][..]));
    assert_eq!(imputed.values, vec![vec![6.0, 18.0, 30.0, 42.0, 54.0]; 3]);
    // Mean 30; Σ (x − 30)² = 2 (24² + 12²) = 1440, over 4.
    assert_eq!(imputed.trace.mean, vec![vec![30.0; 2]; 3]);
    assert_eq!(imputed.trace.sd, vec![vec![360.0_f64.sqrt(); 2]; 3]);
    let [complete, without] =
        [(true, 35), (false, 5)].map(|(x, rows)| MissingPattern { observed: vec![x, true], rows });
    assert_eq!(imputations.patterns, [complete, without]);
    assert_eq!(imputations.complete(&variables, 2)[0], (0..40).map(|i| f64::from(i / 2) * 3.0).collect::<Vec<_>>());
}

// Golden reference: in distribution, over seeds, on one data set.

/// Of runs with several seeds, the mean and standard deviation of each number.
fn over_runs(runs: &[Vec<f64>]) -> Vec<(f64, f64)> {
    let n = runs.len() as f64;
    (0..runs[0].len())
        .map(|at| {
            let mean = runs.iter().map(|run| run[at]).sum::<f64>() / n;
            let squares: f64 = runs.iter().map(|run| run[at] - mean).map(|x| x * x).sum();
            (mean, (squares / (n - 1.0)).sqrt())
        })
        .collect()
}

/// The mean of each column of the completed table, and its covariance with y.
fn measure(table: &[Vec<f64>]) -> Vec<f64> {
    let n = table[0].len() as f64;
    let is = |level: f64| table[3].iter().map(|code| f64::from(u8::from(*code == level))).collect();
    let columns: [Vec<f64>; 5] = [table[1].clone(), table[2].clone(), is(1.0), is(2.0), table[4].clone()];
    let mean = |column: &[f64]| column.iter().sum::<f64>() / n;
    let y = mean(&table[0]);
    let covariance = |column: &Vec<f64>| {
        let centre = mean(column);
        column.iter().zip(&table[0]).map(|(a, b)| (a - centre) * (b - y)).sum::<f64>() / (n - 1.0)
    };
    columns.iter().map(|column| mean(column)).chain(columns.iter().map(covariance)).collect()
}

#[test]
fn mice_has_the_same_distribution() {
    const RUNS: u32 = 25;
    let golden = parse(include_str!("../../golden/imputation.json"));
    let values = ["y", "x", "b", "c", "o"].map(|name| options(&golden[name]));
    let scales = [Scale::Continuous, Scale::Continuous, Scale::Binary, NOMINAL, ORDERED];
    let variables: Vec<Variable<'_>> = scales.iter().zip(&values).map(|(scale, values)| of(*scale, values)).collect();
    let (mut pooled, mut between) = (Vec::new(), Vec::new());
    for seed in 0..u64::from(RUNS) {
        let settings = ChainedEquations { imputations: 5, iterations: 5, donors: 5, seed };
        let imputations = settings.run(&variables).unwrap();
        let each: Vec<Vec<f64>> = (0..5).map(|i| measure(&imputations.complete(&variables, i))).collect();
        let of_run = over_runs(&each);
        pooled.push(of_run.iter().map(|of| of.0).collect());
        between.push(of_run.iter().map(|of| of.1 * of.1).collect());
    }
    let runs = golden["runs"].as_f64().unwrap();
    for (what, ours) in [("pooled", over_runs(&pooled)), ("between", over_runs(&between))] {
        let (mean, sd) = (numbers(&golden[what]["mean"]), numbers(&golden[what]["sd"]));
        for (at, (our_mean, our_sd)) in ours.iter().enumerate() {
            let error = (our_sd * our_sd / f64::from(RUNS) + sd[at] * sd[at] / runs).sqrt();
            let z = (our_mean - mean[at]) / error;
            // mice does not draw the coefficients of categories of several levels, so that its imputations vary less.
            let drawn = what == "pooled" || matches!(at % 5, 0 | 1);
            assert!(z > -4.0 && (z < 4.0 || !drawn), "{what} {at}: {our_mean} and {}, z = {z}", mean[at]);
        }
    }
}

// Definition: what is known stays, and what is imputed has been seen.

#[test]
fn levels_that_are_told_apart_perfectly_have_a_model() {
    let y: Vec<Option<f64>> = (0..30).map(|i| Some(f64::from(i))).collect();
    for (scale, levels) in [(Scale::Binary, 2), (NOMINAL, 3), (ORDERED, 3)] {
        let codes: Vec<Option<f64>> = (0..30).map(|i| (i % 7 != 1).then_some(f64::from(i * levels / 30))).collect();
        let variables = [of(scale, &codes), of(Scale::Continuous, &y)];
        let imputations = ChainedEquations::default().run(&variables).unwrap();
        let right: usize = (imputations.imputed[0].values.iter())
            .map(|values| imputations.imputed[0].rows.iter().zip(values))
            .map(|pairs| pairs.filter(|(row, code)| (**row as i32 * levels / 30) == **code as i32).count())
            .sum();
        // 20 imputations of 5 gaps, hardly any of them at a border.
        assert!(right > 75, "{scale:?}: {right} of 100");
    }
}

#[test]
fn a_predictor_that_says_nothing_new_is_left_out_and_named() {
    let x: Vec<Option<f64>> = (0..30).map(|i| (i % 4 != 1).then_some(f64::from(i * i % 13))).collect();
    let y: Vec<Option<f64>> = (0..30).map(|i| Some(f64::from(i))).collect();
    let twice: Vec<Option<f64>> = (0..30).map(|i| Some(f64::from(2 * i))).collect();
    let constant = vec![Some(1.0); 30];
    let variables = [&x, &y, &twice, &constant].map(|values| of(Scale::Continuous, values));
    assert_eq!(ChainedEquations::default().run(&variables).unwrap().left_out, [(0, 2), (0, 3)]);
}

#[test]
fn what_cannot_be_imputed_is_refused() {
    let (x, y) = ([Some(1.0), None, Some(0.0), Some(2.0)], [Some(1.0), Some(2.0), Some(4.0), None]);
    let few = ChainedEquations { donors: 2, ..ChainedEquations::default() };
    let refused =
        |settings: ChainedEquations, x: Variable<'_>| settings.run(&[x, of(Scale::Continuous, &y)]).unwrap_err();
    let none = ChainedEquations { iterations: 0, ..few };
    assert_eq!(refused(none, of(Scale::Continuous, &x)), ImputationError::Setting { setting: "iterations" });
    let short = ImputationError::Length { position: 1, found: 4, needed: 3 };
    assert_eq!(refused(few, of(Scale::Continuous, &x[..3])), short);
    let unknown = ImputationError::UnknownLevel { variable: 0, position: 3, levels: 2 };
    assert_eq!(refused(few, of(Scale::Binary, &x)), unknown);
    let one = ImputationError::TooFewLevels { variable: 0, levels: 1 };
    assert_eq!(refused(few, of(Scale::Nominal { levels: 1 }, &x)), one);
    let infinite = [Some(1.0), Some(f64::INFINITY), None, None];
    assert_eq!(refused(few, of(Scale::Continuous, &infinite)), ImputationError::NotFinite { variable: 0, position: 1 });
    let unseen = ImputationError::TooFewObserved { variable: 0, found: 0, needed: 2 };
    assert_eq!(refused(few, of(ORDERED, &[None; 4])), unseen);
    let alone = few.run(&[of(Scale::Continuous, &x)]).unwrap_err();
    assert_eq!(alone, ImputationError::TooFewVariables { found: 1 });
}

// Properties.

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn known_values_stay_and_more_imputations_begin_with_the_fewer(
        rows in prop::collection::vec(
            (prop::option::weighted(0.7, -5.0_f64..5.0), prop::option::weighted(0.7, 0_u8..3), 0_u8..2),
            12..40,
        ),
        seed in any::<u64>(),
        ordered in any::<bool>(),
    ) {
        let x: Vec<Option<f64>> = rows.iter().map(|row| row.0).collect();
        let c: Vec<Option<f64>> = rows.iter().map(|row| row.1.map(f64::from)).collect();
        let b: Vec<Option<f64>> = rows.iter().map(|row| Some(f64::from(row.2))).collect();
        let variables = [
            of(Scale::Continuous, &x),
            of(if ordered { ORDERED } else { NOMINAL }, &c),
            of(Scale::Binary, &b),
        ];
        let settings = |imputations| ChainedEquations { imputations, iterations: 2, donors: 3, seed };
        let Ok(two) = settings(2).run(&variables) else { return Ok(()) };
        let three = settings(3).run(&variables).unwrap();
        for (few, more) in two.imputed.iter().zip(&three.imputed) {
            prop_assert_eq!(&few.values[..], &more.values[..2]);
        }
        for imputation in 0..2 {
            let table = two.complete(&variables, imputation);
            for (column, variable) in table.iter().zip(&variables) {
                for (completed, known) in column.iter().zip(variable.values) {
                    prop_assert!(known.is_none_or(|known| known == *completed));
                }
            }
            prop_assert!(table[0].iter().all(|value| x.contains(&Some(*value))));
            prop_assert!(table[1].iter().all(|code| [0.0, 1.0, 2.0].contains(code)));
        }
        prop_assert_eq!(two.patterns.iter().map(|pattern| pattern.rows).sum::<usize>(), rows.len());
    }
}
