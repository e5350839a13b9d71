use super::{GOLDEN, assert_coefficient, assert_interval, pairs};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, number, numbers, parse};
use proptest::{collection::vec, prelude::*};
use restudy_stats::TestError;
use restudy_stats::correlation::{Partial, PartialOf, Pearson, Spearman, SpearmanNullChoice};

#[test]
fn by_hand() {
    // x = z + u and y = z − u / 2 + v with z, u, v orthogonal, of sums of squares 4, 4, 3: beside z remain u and
    // −u/2 + v, and r = −2 / √(4 · (1 + 3)) = −1/2.
    let z = [1.0, 1.0, -1.0, -1.0];
    let u = [1.0, -1.0, 1.0, -1.0];
    let v = [1.0, -1.0, -1.0, 1.0].map(|v: f64| v * 3.0_f64.sqrt() / 2.0);
    let x: Vec<f64> = (0..4).map(|i| z[i] + u[i]).collect();
    let y: Vec<f64> = (0..4).map(|i| z[i] - u[i] / 2.0 + v[i]).collect();
    let result = Partial::default().run(&x, &y, &[&z]).unwrap();
    assert_close(result.estimate.unwrap().value, -0.5, CLOSED_FORM, "r");
    // t = −0.5 √(1 / 0.75); with one degree of freedom p = 1 − 2 arctan(|t|) / π = 1 − 2/6.
    assert_close(result.p_value, 2.0 / 3.0, CLOSED_FORM, "p");
    assert_eq!(result.counts, [4]);
}

#[test]
fn agrees_with_r() {
    for case in parse(GOLDEN)["partial"].as_array().unwrap() {
        let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
        let z: Vec<Vec<f64>> = case["z"].as_array().unwrap().iter().map(numbers).collect();
        let z: Vec<&[f64]> = z.iter().map(Vec::as_slice).collect();
        for (of, name) in [(PartialOf::Values, "values"), (PartialOf::Ranks, "ranks")] {
            let golden = &case[name];
            let result = Partial { of, ..Partial::default() }.run(&x, &y, &z).unwrap();
            assert_close(result.estimate.unwrap().value, number(&golden["r"]), 1e-11, name);
            assert_close(result.statistic.unwrap().value(), number(&golden["t"]), 1e-11, name);
            assert_eq!(result.statistic.unwrap().df(), golden["df"].as_f64());
            assert_close(result.p_value, number(&golden["p"]), REFERENCE, name);
            if golden["ci95"].is_array() {
                assert_interval(&result, &golden["ci95"], name);
            }
        }
    }
}

#[test]
fn refuses_what_has_no_answer() {
    let (x, y): (&[f64], &[f64]) = (&[1.0, 5.0, 2.0, 4.0, 3.0, 6.0], &[2.0, 2.0, 1.0, 7.0, 3.0, 1.0]);
    let z: &[f64] = &[0.1, 0.7, 0.2, 0.2, 0.9, 0.4];
    let twice: Vec<f64> = z.iter().map(|z| 2.0 * z + 3.0).collect();
    let run = |x: &[f64], y: &[f64], z: &[&[f64]]| Partial::default().run(x, y, z);
    assert_eq!(run(x, y, &[&[1.0; 6]]), Err(TestError::Collinear { covariate: 0 }));
    assert_eq!(run(x, y, &[z, &twice]), Err(TestError::Collinear { covariate: 1 }));
    assert_eq!(run(x, &twice, &[z]), Err(TestError::NoSpread));
    assert_eq!(run(&[1.0; 6], y, &[z]), Err(TestError::NoSpread));
    assert_eq!(run(x, y, &[&z[..5]]), Err(TestError::UnequalLengths { first: 6, second: 5 }));
    assert_eq!(run(x, y, &[z, x, y, z]), Err(TestError::TooFew { group: 0, found: 6, needed: 7 }));
    assert_eq!(run(x, y, &[&[f64::NAN; 6]]), Err(TestError::NotFinite { group: 2, position: 0 }));
    let ranks = Partial { of: PartialOf::Ranks, ..Partial::default() };
    assert_eq!(ranks.run(x, y, &[&[1.0; 6]]), Err(TestError::Collinear { covariate: 0 }));
    assert_eq!(ranks.run_on_r(2.0, 9, 1), Err(TestError::NotACorrelation { r: 2.0 }));
    assert_eq!(ranks.run_on_r(0.2, 3, 1), Err(TestError::TooFew { group: 0, found: 3, needed: 4 }));
}

proptest! {
    #[test]
    fn is_a_coefficient((x, y) in pairs()) {
        let z: Vec<f64> = (0..x.len()).map(|at| (at * at % 7) as f64).collect();
        assert_coefficient(|x, y, alternative| Partial { alternative, ..Partial::default() }.run(x, y, &[&z]), &x, &y);
    }

    /// Without covariates it is the plain coefficient.
    #[test]
    fn without_covariates((x, y) in pairs()) {
        let Ok(pearson) = Pearson::default().run(&x, &y) else { return Ok(()) };
        let partial = Partial::default().run(&x, &y, &[]).unwrap();
        prop_assert!((partial.estimate.unwrap().value - pearson.estimate.unwrap().value).abs() < 1e-13);
        let spearman = Spearman { null: SpearmanNullChoice::StudentT, ..Spearman::default() }.run(&x, &y).unwrap();
        let partial = Partial { of: PartialOf::Ranks, ..Partial::default() }.run(&x, &y, &[]).unwrap();
        prop_assert!((partial.estimate.unwrap().value - spearman.estimate.unwrap().value).abs() < 1e-13);
    }

    /// With one covariate it is Yule's formula of the three plain coefficients.
    #[test]
    fn with_one_covariate(data in vec((-9.0..9.0_f64, -9.0..9.0_f64, -9.0..9.0_f64), 6..30)) {
        let column = |of: fn(&(f64, f64, f64)) -> f64| data.iter().map(of).collect::<Vec<f64>>();
        let (x, y, z) = (column(|row| row.0), column(|row| row.1), column(|row| row.2));
        let r = |a: &[f64], b: &[f64]| Pearson::default().run(a, b).unwrap().estimate.unwrap().value;
        let (xy, xz, yz) = (r(&x, &y), r(&x, &z), r(&y, &z));
        prop_assume!(xz.abs() < 0.99 && yz.abs() < 0.99);
        let expected = (xy - xz * yz) / ((1.0 - xz * xz) * (1.0 - yz * yz)).sqrt();
        let result = Partial::default().run(&x, &y, &[&z]).unwrap();
        prop_assert!((result.estimate.unwrap().value - expected).abs() < 1e-11);
        // The covariate's unit does not matter, nor does adding a multiple of it to x.
        let moved: Vec<f64> = x.iter().zip(&z).map(|(x, z)| x + 3.0 * z).collect();
        let scaled: Vec<f64> = z.iter().map(|z| 7.0 - 0.5 * z).collect();
        let again = Partial::default().run(&moved, &y, &[&scaled]).unwrap();
        prop_assert!((again.estimate.unwrap().value - expected).abs() < 1e-10);
    }
}
