use super::{FROM_ONE, GOLDEN, RANK_TAILS, assert_coefficient, assert_p, assert_refusals, pairs};
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, cases, number, numbers, parse};
use proptest::prelude::*;
use restudy_stats::correlation::{Kendall, KendallNullChoice};
use restudy_stats::hypothesis::{KendallNull, Procedure, Remark, Statistic};
use restudy_stats::{Alternative, TestError};

const PLAIN: KendallNullChoice = KendallNullChoice::Normal { continuity: false };
const CORRECTED: KendallNullChoice = KendallNullChoice::Normal { continuity: true };

fn by(null: KendallNullChoice, alternative: Alternative) -> Kendall {
    Kendall { null, alternative, ..Kendall::default() }
}

#[test]
fn by_hand() {
    // 2 1 4 3 has two inversions of six pairs: S = 4 − 2. Of the 24 orders 1 has none, 3 have one and 5 have two.
    let result = Kendall::default().run(&[1.0, 2.0, 3.0, 4.0], &[2.0, 1.0, 4.0, 3.0]).unwrap();
    assert_eq!(result.statistic, Some(Statistic::KendallS { value: 2.0, z: None }));
    assert_close(result.estimate.unwrap().value, 1.0 / 3.0, CLOSED_FORM, "τ");
    assert_close(result.p_value, 18.0 / 24.0, CLOSED_FORM, "p");
    // Three pairs, one tied in x, one in y, one concordant: τ_b = 1 / √(2 · 2).
    let tied = Kendall::default().run(&[1.0, 1.0, 2.0], &[1.0, 2.0, 2.0]).unwrap();
    assert_eq!(tied.estimate.unwrap().value, 0.5);
    assert_eq!(
        (tied.remarks, tied.procedure),
        (vec![Remark::Ties], Procedure::Kendall { null: KendallNull::Normal { continuity: false } })
    );
    // σ² = (3 · 2 · 11 − 2 · 9 − 2 · 9) / 18 + 2 · 2 / (2 · 3 · 2) = 2.
    let Some(Statistic::KendallS { value, z: Some(z) }) = tied.statistic else { panic!("the normal one has a z") };
    assert_eq!(value, 1.0);
    assert_close(z, 0.5_f64.sqrt(), CLOSED_FORM, "z");
}

#[test]
fn agrees_with_r() {
    for case in cases(&parse(GOLDEN)) {
        let (x, y, golden) = (numbers(&case["x"]), numbers(&case["y"]), &case["kendall"]);
        let what = case["name"].to_string();
        let plain = by(PLAIN, Alternative::TwoSided).run(&x, &y).unwrap();
        assert_close(plain.estimate.unwrap().value, number(&golden["tau"]), CLOSED_FORM, &what);
        for (null, name) in [(PLAIN, "z"), (CORRECTED, "z_continuity")] {
            let Some(Statistic::KendallS { z: Some(z), .. }) =
                by(null, Alternative::TwoSided).run(&x, &y).unwrap().statistic
            else {
                panic!("the normal approximation has a z");
            };
            assert_close(z, number(&golden[name]), 1e-11, &what);
        }
        assert_p(|side| by(PLAIN, side).run(&x, &y), &golden["p"], 0.0, &what);
        assert_p(|side| by(CORRECTED, side).run(&x, &y), &golden["p_continuity"], 0.0, &what);
        assert_p(|side| by(KendallNullChoice::Auto, side).run(&x, &y), &golden["p_default"], FROM_ONE, &what);
        if case["untied"].as_bool().unwrap() {
            assert_p(|side| by(KendallNullChoice::Exact, side).run(&x, &y), &golden["p_exact"], FROM_ONE, &what);
        } else {
            assert_eq!(by(KendallNullChoice::Exact, Alternative::Less).run(&x, &y), Err(TestError::Tied));
        }
    }
}

/// An order of 0 … n − 1 with so many inversions.
fn order_with(n: usize, mut inversions: usize) -> Vec<f64> {
    let mut left: Vec<f64> = (0..n).map(|rank| rank as f64).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let skipped = inversions.min(left.len() - 1);
        inversions -= skipped;
        order.push(left.remove(skipped));
    }
    order
}

#[test]
fn exact_tails_are_those_of_whole_numbers() {
    for case in parse(RANK_TAILS)["kendall"].as_array().unwrap() {
        let (n, inversions) = (number(&case["n"]) as usize, number(&case["inversions"]) as usize);
        let (x, y) = (order_with(n, 0), order_with(n, inversions));
        let expected = number(&case["p"]);
        let run = |side, y: &[f64]| by(KendallNullChoice::Exact, side).run(&x, y).unwrap().p_value;
        assert_close(run(Alternative::Greater, &y), expected, REFERENCE, &format!("{inversions} inversions of {n}"));
        let turned: Vec<f64> = y.iter().map(|y| -y).collect();
        assert_close(run(Alternative::Less, &turned), expected, REFERENCE, "turned around");
        assert_close(run(Alternative::TwoSided, &y), (2.0 * expected).min(1.0), REFERENCE, "two-sided");
    }
}

#[test]
fn large_samples_are_counted_right() {
    // 0 k 2k … modulo n: the inversions of each length of run, by the plain count.
    let n = 3001_usize;
    let x: Vec<f64> = (0..n).map(|i| i as f64).collect();
    for (step, modulus) in [(1234, n), (77, 50), (5, n)] {
        let y: Vec<f64> = (0..n).map(|i| (i * step % n % modulus) as f64).collect();
        let mut s = 0.0;
        for j in 0..n {
            for i in 0..j {
                s += f64::from(y[j].partial_cmp(&y[i]).unwrap() as i8);
            }
        }
        assert_eq!(by(PLAIN, Alternative::TwoSided).run(&x, &y).unwrap().statistic.unwrap().value(), s);
    }
    let y: Vec<f64> = (0..n).map(|i| (i * 1234 % n) as f64).collect();
    assert_eq!(by(KendallNullChoice::Exact, Alternative::Less).run(&x, &y), Err(TestError::TooLargeForExact { n }));
}

#[test]
fn refuses_what_has_no_answer() {
    assert_refusals(|x, y| Kendall::default().run(x, y));
}

proptest! {
    #[test]
    fn is_a_coefficient((x, y) in pairs()) {
        for null in [KendallNullChoice::Auto, PLAIN] {
            assert_coefficient(|x, y, side| by(null, side).run(x, y), &x, &y);
        }
    }

    #[test]
    fn counts_pairs((x, y) in pairs()) {
        let Ok(result) = Kendall::default().run(&x, &y) else { return Ok(()) };
        let (mut s, mut in_x, mut in_y) = (0.0, 0.0, 0.0);
        for j in 0..x.len() {
            for i in 0..j {
                let sign = |v: &[f64]| f64::from(v[j].partial_cmp(&v[i]).unwrap() as i8);
                s += sign(&x) * sign(&y);
                in_x += sign(&x).abs();
                in_y += sign(&y).abs();
            }
        }
        prop_assert_eq!(result.statistic.unwrap().value(), s);
        assert_close(result.estimate.unwrap().value, s / f64::sqrt(in_x * in_y), CLOSED_FORM, "τ");
    }

    /// The exact distribution adds to 1: what is at most d, and what is more, which is the mirror image.
    #[test]
    fn exact_tails_add_up(n in 3..40_usize, share in 0.0..1.0_f64) {
        let most = n * (n - 1) / 2;
        let inversions = (share * most as f64) as usize;
        let x = order_with(n, 0);
        let p = |side, inversions| by(KendallNullChoice::Exact, side).run(&x, &order_with(n, inversions)).unwrap().p_value;
        if inversions < most {
            assert_close(p(Alternative::Greater, inversions) + p(Alternative::Less, inversions + 1), 1.0, CLOSED_FORM, "sum");
        }
    }
}
