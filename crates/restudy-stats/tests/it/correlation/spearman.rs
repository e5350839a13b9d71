use super::{FROM_ONE, GOLDEN, RANK_TAILS, assert_coefficient, assert_p, assert_refusals, pairs};
use crate::golden::{CLOSED_FORM, assert_close, cases, number, numbers, parse};
use proptest::prelude::*;
use restudy_stats::correlation::{Pearson, Spearman, SpearmanInterval, SpearmanNullChoice};
use restudy_stats::hypothesis::{Procedure, Remark, SpearmanNull, Statistic};
use restudy_stats::{Alternative, TestError};

fn by(null: SpearmanNullChoice, alternative: Alternative) -> Spearman {
    Spearman { null, alternative, ..Spearman::default() }
}

#[test]
fn by_hand() {
    // Ranks 1 2 3 4 and 2 1 4 3: S = 4, ρ = 1 − 6 · 4 / 60 = 0.6.
    let result = Spearman::default().run(&[0.1, 0.2, 7.0, 9.0], &[-3.0, -5.0, 12.0, 1.0]).unwrap();
    assert_eq!(result.estimate.unwrap().value, 0.6);
    assert_eq!(result.statistic, Some(Statistic::SpearmanS { value: 4.0, t: None }));
    // Of the 24 orders one has S = 0, three have S = 2 and one has S = 4.
    assert_close(result.p_value, 10.0 / 24.0, CLOSED_FORM, "p");
    // Mid-ranks 1.5 1.5 3 and 1 2.5 2.5, less 2: Σ c d = 0.25 + 0.5, Σ c² = Σ d² = 1.5.
    let tied = Spearman::default().run(&[1.0, 1.0, 2.0], &[1.0, 2.0, 2.0]).unwrap();
    assert_close(tied.estimate.unwrap().value, 0.5, CLOSED_FORM, "ρ with ties");
    assert_eq!(tied.remarks, [Remark::Ties]);
    assert_eq!(tied.procedure, Procedure::Spearman { null: SpearmanNull::StudentT });
}

#[test]
fn agrees_with_r() {
    for case in cases(&parse(GOLDEN)) {
        let (x, y, golden) = (numbers(&case["x"]), numbers(&case["y"]), &case["spearman"]);
        let what = case["name"].to_string();
        let result = Spearman::default().run(&x, &y).unwrap();
        assert_close(result.estimate.unwrap().value, number(&golden["rho"]), CLOSED_FORM, &what);
        assert_close(result.statistic.unwrap().value(), number(&golden["s"]), CLOSED_FORM, &what);
        assert_p(|side| by(SpearmanNullChoice::StudentT, side).run(&x, &y), &golden["p_t"], 0.0, &what);
        assert_p(|side| by(SpearmanNullChoice::Auto, side).run(&x, &y), &golden["p_default"], FROM_ONE, &what);
    }
}

#[test]
fn exact_tails_are_those_of_whole_numbers() {
    let golden = parse(RANK_TAILS);
    for case in golden["spearman"].as_array().unwrap() {
        let (x, y) = (numbers(&case["x"]), numbers(&case["y"]));
        let run = |side| by(SpearmanNullChoice::ExactGivenTies, side).run(&x, &y);
        assert_p(run, case, 0.0, &format!("{x:?} {y:?}"));
        let tied = case["tied"].as_bool().unwrap();
        let null = if tied { SpearmanNull::ExactGivenTies } else { SpearmanNull::Exact };
        assert_eq!(run(Alternative::Less).unwrap().procedure, Procedure::Spearman { null });
        if tied {
            assert_eq!(by(SpearmanNullChoice::Exact, Alternative::Less).run(&x, &y), Err(TestError::Tied));
            assert_eq!(by(SpearmanNullChoice::Edgeworth, Alternative::Less).run(&x, &y), Err(TestError::Tied));
        }
    }
}

#[test]
fn the_series_is_near_the_exact_tail() {
    // AS 89: its error is at most 0.0005 from n = 10 on or so.
    let x: Vec<f64> = (0..12).map(f64::from).collect();
    for step in [5, 7] {
        let y: Vec<f64> = (0..12).map(|i| f64::from(i * step % 12)).collect();
        let p = |null| by(null, Alternative::Greater).run(&x, &y).unwrap().p_value;
        assert!((p(SpearmanNullChoice::Edgeworth) - p(SpearmanNullChoice::Exact)).abs() < 5e-4);
    }
}

#[test]
fn too_large_is_said() {
    let x: Vec<f64> = (0..40).map(f64::from).collect();
    let exact = by(SpearmanNullChoice::Exact, Alternative::TwoSided);
    let y: Vec<f64> = (0..40).map(|i| f64::from(i * 7 % 40)).collect();
    assert_eq!(exact.run(&x, &y), Err(TestError::TooLargeForExact { n: 40 }));
}

#[test]
fn a_printed_rho_is_enough_for_student() {
    let (x, y) = ([1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0], [2.0, 1.0, 4.0, 3.0, 7.0, 5.0, 6.0]);
    let raw = by(SpearmanNullChoice::StudentT, Alternative::TwoSided).run(&x, &y).unwrap();
    let printed = Spearman::default().run_on_rho(raw.estimate.unwrap().value, 7).unwrap();
    assert_eq!(printed.procedure, raw.procedure);
    assert_close(printed.p_value, raw.p_value, CLOSED_FORM, "p");
    assert_close(printed.statistic.unwrap().value(), raw.statistic.unwrap().value(), CLOSED_FORM, "S");
    assert_eq!(Spearman::default().run_on_rho(-1.5, 7), Err(TestError::NotACorrelation { r: -1.5 }));
}

#[test]
fn intervals_by_hand() {
    // artanh 0.6 = ln 2; n = 4.
    let (x, y) = ([1.0, 2.0, 3.0, 4.0], [2.0, 1.0, 4.0, 3.0]);
    for (interval, variance) in [(SpearmanInterval::BonettWright, 1.18), (SpearmanInterval::Fieller, 1.06_f64)] {
        let result = Spearman { interval, ..Spearman::default() }.run(&x, &y).unwrap();
        let obtained = result.estimate.unwrap().interval.unwrap();
        let limit = |sign: f64| (2.0_f64.ln() + sign * 1.959_963_984_540_054 * variance.sqrt()).tanh();
        assert_close(obtained.low, limit(-1.0), CLOSED_FORM, "low");
        assert_close(obtained.high, limit(1.0), CLOSED_FORM, "high");
    }
}

#[test]
fn refuses_what_has_no_answer() {
    assert_refusals(|x, y| Spearman::default().run(x, y));
    assert_eq!(Spearman::default().run_on_all_pairs(&[]), Ok(vec![]));
    let x: &[f64] = &[1.0, 2.0, 3.0];
    assert_eq!(
        Spearman::default().run_on_all_pairs(&[x, x, &[1.0, f64::INFINITY, 2.0]]),
        Err(TestError::NotFinite { group: 2, position: 1 })
    );
}

fn mid_ranks(values: &[f64]) -> Vec<f64> {
    let rank = |x: f64| {
        values
            .iter()
            .map(|&v| {
                if v < x {
                    1.0
                } else if v == x {
                    0.5
                } else {
                    0.0
                }
            })
            .sum::<f64>()
            + 0.5
    };
    values.iter().map(|&x| rank(x)).collect()
}

/// Every order of the values.
fn permutations(values: &[f64]) -> Vec<Vec<f64>> {
    if values.is_empty() {
        return vec![vec![]];
    }
    (0..values.len())
        .flat_map(|at| {
            let mut rest = values.to_vec();
            let first = rest.remove(at);
            permutations(&rest).into_iter().map(move |mut order| {
                order.push(first);
                order
            })
        })
        .collect()
}

proptest! {
    #[test]
    fn is_a_coefficient((x, y) in pairs()) {
        for null in [SpearmanNullChoice::Auto, SpearmanNullChoice::StudentT] {
            assert_coefficient(|x, y, side| by(null, side).run(x, y), &x, &y);
        }
    }

    #[test]
    fn is_pearson_of_the_ranks((x, y) in pairs()) {
        let by_ranks = Pearson::default().run(&mid_ranks(&x), &mid_ranks(&y));
        let student = by(SpearmanNullChoice::StudentT, Alternative::TwoSided).run(&x, &y);
        let (Ok(by_ranks), Ok(student)) = (by_ranks, student) else { return Ok(()) };
        let (expected, obtained) = (by_ranks.estimate.unwrap().value, student.estimate.unwrap().value);
        prop_assert!((expected - obtained).abs() < 1e-14);
        assert_close(student.p_value, by_ranks.p_value, 1e-9, "p");
    }

    /// The exact p-value is the share of all orders that are as extreme.
    #[test]
    fn exact_is_the_share_of_orders(pairs in prop::collection::vec((0..4_i32, 0..6_i32), 4..7)) {
        let (x, y): (Vec<f64>, Vec<f64>) = pairs.into_iter().map(|(x, y)| (f64::from(x), f64::from(y))).unzip();
        let Ok(two_sided) = by(SpearmanNullChoice::ExactGivenTies, Alternative::TwoSided).run(&x, &y) else { return Ok(()) };
        let (a, b) = (mid_ranks(&x), mid_ranks(&y));
        let centre = (x.len() as f64 + 1.0).powi(2) * x.len() as f64 / 4.0;
        // Sums of quarters: exact.
        let sum = |b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() - centre;
        let observed = sum(&b);
        let sums: Vec<f64> = permutations(&b).iter().map(|order| sum(order)).collect();
        let share = |as_extreme: &dyn Fn(f64) -> bool| {
            sums.iter().filter(|&&sum| as_extreme(sum)).count() as f64 / sums.len() as f64
        };
        assert_close(two_sided.p_value, share(&|sum| sum.abs() >= observed.abs()), CLOSED_FORM, "two-sided");
        let p = |side| by(SpearmanNullChoice::ExactGivenTies, side).run(&x, &y).unwrap().p_value;
        assert_close(p(Alternative::Greater), share(&|sum| sum >= observed), CLOSED_FORM, "greater");
        assert_close(p(Alternative::Less), share(&|sum| sum <= observed), CLOSED_FORM, "less");
    }

    /// A monotone curve changes nothing.
    #[test]
    fn sees_only_the_order((x, y) in pairs()) {
        let bent: Vec<f64> = x.iter().map(|x| (x / 50.0).exp()).collect();
        let flat = x.iter().any(|a| x.iter().any(|b| a != b && (a / 50.0).exp() == (b / 50.0).exp()));
        prop_assume!(!flat);
        prop_assert_eq!(Spearman::default().run(&bent, &y), Spearman::default().run(&x, &y));
    }

    #[test]
    fn all_pairs_are_the_pairs((x, y) in pairs()) {
        let z: Vec<f64> = x.iter().zip(&y).map(|(x, y)| x + y).collect();
        let variables = [&x[..], &y, &z];
        let Ok(pairs) = Spearman::default().run_on_all_pairs(&variables) else { return Ok(()) };
        prop_assert_eq!(pairs.iter().map(|pair| (pair.first, pair.second)).collect::<Vec<_>>(), [(0, 1), (0, 2), (1, 2)]);
        for pair in pairs {
            prop_assert_eq!(Spearman::default().run(variables[pair.first], variables[pair.second]), Ok(pair.result));
        }
    }
}
