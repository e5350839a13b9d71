use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::hypothesis::{ChiSquare, CountTable, LikelihoodRatioChiSquare, Remark, Statistic};

use super::{table, transposed};
use crate::exact::{P_VALUE, STATISTIC, assert_close, number, rows};

// By hand.

#[test]
fn a_table_of_ones_and_twos() {
    // E = 3/2: G² = 2 (2 · 2 ln(4/3) + 2 · ln(2/3)).
    let table = CountTable::new(2, 2, vec![2, 1, 1, 2]).unwrap();
    let result = LikelihoodRatioChiSquare.run_on_counts(&table).unwrap();
    let Some(Statistic::ChiSquare { value, df }) = result.statistic else { panic!("no chi-square") };
    assert_close(value, 2.0 * (4.0 * (4.0_f64 / 3.0).ln() + 2.0 * (2.0_f64 / 3.0).ln()), STATISTIC);
    assert_eq!(df, 1.0);
    assert_eq!(result.remarks, [Remark::SmallExpected { smallest: 1.5, cells: 4 }]);
}

#[test]
fn an_empty_cell_adds_only_its_expectation() {
    // Σ O ln(O/E) with E = 2 · 3/5 and so on, the empty cell adding nothing.
    let table = CountTable::new(2, 2, vec![0, 2, 1, 2]).unwrap();
    let result = LikelihoodRatioChiSquare.run_on_counts(&table).unwrap();
    let g = 2.0 * (2.0 * (2.0_f64 / 1.6).ln() + (1.0_f64 / 0.6).ln() + 2.0 * (2.0_f64 / 2.4).ln());
    assert_close(result.statistic.unwrap().value(), g, STATISTIC);
}

#[test]
fn an_empty_margin_is_refused() {
    let table = CountTable::new(2, 2, vec![0, 0, 3, 4]).unwrap();
    assert_eq!(LikelihoodRatioChiSquare.run_on_counts(&table), Err(TestError::EmptyMargin));
}

// Reference.

#[test]
fn agrees_with_50_digits() {
    for row in rows("chi_square") {
        let result = LikelihoodRatioChiSquare.run_on_counts(&table(&row["table"])).unwrap();
        assert_close(result.statistic.unwrap().value(), number(&row["g_square"]), STATISTIC);
        assert_close(result.p_value, number(&row["g_p"]), P_VALUE);
    }
}

// Properties.

proptest! {
    #[test]
    fn nears_pearsons_for_small_deviations(half in 1000..100_000_u64, off in 1..10_u64) {
        let table = CountTable::new(2, 2, vec![half + off, half, half, half + off])?;
        let result = LikelihoodRatioChiSquare.run_on_counts(&table)?;
        let pearson = ChiSquare::default().run_on_counts(&table)?.statistic.unwrap().value();
        // They differ by the square of the relative deviation.
        let ratio = result.statistic.unwrap().value() / pearson;
        prop_assert!((ratio - 1.0).abs() < 1e-4);
        let swapped = LikelihoodRatioChiSquare.run_on_counts(&transposed(&table))?;
        prop_assert!((swapped.p_value - result.p_value).abs() <= 1e-12 * result.p_value);
    }

    #[test]
    fn any_counts_give_a_p_value_or_a_refusal(cells in prop::collection::vec(prop_oneof![0..5_u64, any::<u64>()], 6)) {
        let table = CountTable::new(3, 2, cells);
        if let Ok(result) = table.and_then(|table| LikelihoodRatioChiSquare.run_on_counts(&table)) {
            prop_assert!((0.0..=1.0).contains(&result.p_value));
        }
    }
}
