use proptest::prelude::*;
use restudy_stats::hypothesis::{
    ChiSquare, CochranArmitage, Correction, CountTable, Procedure, Statistic, TrendVariance,
};
use restudy_stats::{Alternative, TestError};
use serde_json::Value;

use super::groups::{golden, value};
use super::table;
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, number, numbers};

fn rows(rows: &[[u64; 2]]) -> CountTable {
    CountTable::new(rows.len(), 2, rows.concat()).unwrap()
}

#[test]
fn by_hand() {
    // 1, 2 and 3 of 4: T = −1 + 3 = 2, p̄ = ½, σ² = ¼ · 4 · 2 = 2.
    let result = CochranArmitage::default().run_on_counts(&rows(&[[1, 3], [2, 2], [3, 1]])).unwrap();
    let Some(Statistic::Z { value }) = result.statistic else { panic!("no z") };
    assert_close(value, 2.0_f64.sqrt(), CLOSED_FORM, "z");
    assert_eq!(result.procedure, Procedure::CochranArmitage { variance: TrendVariance::N });
    assert_eq!(result.counts, [4, 4, 4]);
}

#[test]
fn agrees_with_r() {
    for case in golden()["trend"].as_array().unwrap() {
        let scores = match &case["scores"] {
            Value::Array(_) => Some(numbers(&case["scores"])),
            _ => None,
        };
        let result =
            CochranArmitage { scores, ..CochranArmitage::default() }.run_on_counts(&table(&case["table"])).unwrap();
        let id = case["id"].as_str().unwrap();
        assert_close(value(&result).powi(2), number(&case["chi2"]), REFERENCE, id);
        assert_close(result.p_value, number(&case["p"]), REFERENCE, id);
    }
}

#[test]
fn refuses() {
    let good = rows(&[[1, 3], [2, 2], [3, 1]]);
    let run = |scores: Option<Vec<f64>>| CochranArmitage { scores, ..CochranArmitage::default() }.run_on_counts(&good);
    assert_eq!(run(Some(vec![1.0, 2.0])), Err(TestError::Scores { found: 2, needed: 3 }));
    assert_eq!(run(Some(vec![1.0, f64::NAN, 2.0])), Err(TestError::NotFinite { group: 1, position: 0 }));
    assert_eq!(run(Some(vec![4.0; 3])), Err(TestError::NoSpread));
    let run = |table: &CountTable| CochranArmitage::default().run_on_counts(table);
    assert_eq!(run(&rows(&[[0, 3], [0, 2]])), Err(TestError::EmptyMargin));
    let wide = CountTable::new(2, 3, vec![1; 6]).unwrap();
    assert_eq!(run(&wide), Err(TestError::Shape { cells: 6, rows: 2, columns: 2 }));
}

fn tables() -> impl Strategy<Value = Vec<[u64; 2]>> {
    prop::collection::vec((1_u64..30, 1_u64..30).prop_map(|(a, b)| [a, b]), 2..6)
}

proptest! {
    #[test]
    fn two_groups_are_pearsons_chi_square(cells in tables()) {
        let two = rows(&cells[..2]);
        let pearson = ChiSquare { correction: Correction::None }.run_on_counts(&two).unwrap();
        let trend = CochranArmitage::default().run_on_counts(&two).unwrap();
        prop_assert!((value(&trend).powi(2) - value(&pearson)).abs() <= 1e-11 * value(&pearson).max(1.0));
    }

    #[test]
    fn z_is_the_correlation_of_score_and_property(cells in tables()) {
        // N r² with N, (N − 1) r² with N − 1.
        let n: f64 = cells.iter().flatten().map(|&x| x as f64).sum();
        let moments = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
            cells.iter().enumerate().map(|(i, &[with, without])| with as f64 * f(i as f64, 1.0) + without as f64 * f(i as f64, 0.0)).sum::<f64>() / n
        };
        let (mx, my) = (moments(&|x, _| x), moments(&|_, y| y));
        let r = moments(&|x, y| (x - mx) * (y - my)) / (moments(&|x, _| (x - mx).powi(2)) * moments(&|_, y| (y - my).powi(2))).sqrt();
        for (variance, size) in [(TrendVariance::N, n), (TrendVariance::NMinusOne, n - 1.0)] {
            let z = value(&CochranArmitage { variance, ..CochranArmitage::default() }.run_on_counts(&rows(&cells)).unwrap());
            prop_assert!((z - r * size.sqrt()).abs() <= 1e-11 * z.abs().max(1.0));
        }
    }

    #[test]
    fn scores_may_be_moved_and_stretched(cells in tables()) {
        let z = value(&CochranArmitage::default().run_on_counts(&rows(&cells)).unwrap());
        let scores = Some((0..cells.len()).map(|i| 2000.0 - 5.0 * i as f64).collect());
        let turned = CochranArmitage { scores, alternative: Alternative::Less, ..CochranArmitage::default() };
        prop_assert!((value(&turned.run_on_counts(&rows(&cells)).unwrap()) + z).abs() <= 1e-11 * z.abs().max(1.0));
    }
}
