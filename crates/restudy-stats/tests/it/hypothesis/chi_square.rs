use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::dist::Normal;
use restudy_stats::hypothesis::{
    ChiSquare, Correction, CountTable, Procedure, Quantity, Remark, Statistic, TestResult, expected_counts,
    smallest_expected,
};

use super::{table, transposed};
use crate::exact::{P_VALUE, STATISTIC, assert_close, number, numbers, rows};

fn plain(table: &CountTable) -> TestResult {
    ChiSquare::default().run_on_counts(table).unwrap()
}

fn yates(table: &CountTable) -> TestResult {
    ChiSquare { correction: Correction::Yates }.run_on_counts(table).unwrap()
}

// By hand.

#[test]
fn tea_tasting() {
    // E = 2 everywhere, |O − E| = 1: χ² = 4 · 1/2 = 2, corrected 4 · (1/4)/2 = 1/2. With one degree of freedom p is
    // that of a normal deviate √χ².
    let table = CountTable::new(2, 2, vec![3, 1, 1, 3]).unwrap();
    let result = plain(&table);
    assert_eq!(result.statistic, Some(Statistic::ChiSquare { value: 2.0, df: 1.0 }));
    assert_close(result.p_value, Normal.two_sided(2.0_f64.sqrt()), P_VALUE);
    let estimate = result.estimate.unwrap();
    assert_eq!((estimate.quantity, estimate.value), (Quantity::CramersV, 0.5));
    assert_eq!(result.remarks, [Remark::SmallExpected { smallest: 2.0, cells: 4 }]);
    assert_eq!(result.counts, [4, 4]);
    assert_eq!(yates(&table).statistic, Some(Statistic::ChiSquare { value: 0.5, df: 1.0 }));
}

#[test]
fn the_correction_stops_at_the_deviation() {
    // E = 10.25, |O − E| = 0.25.
    let table = CountTable::new(2, 2, vec![10, 10, 11, 10]).unwrap();
    let result = yates(&table);
    assert_eq!(result.statistic.unwrap().value(), 0.0);
    assert_eq!(result.p_value, 1.0);
}

#[test]
fn only_two_by_two_tables_are_corrected() {
    let table = CountTable::new(2, 3, vec![5, 6, 7, 8, 9, 1]).unwrap();
    let result = yates(&table);
    assert_eq!(result.procedure, Procedure::ChiSquare { correction: Correction::None });
    assert_eq!(result, plain(&table));
}

#[test]
fn proportional_rows_have_no_deviation_at_any_size() {
    // 1/3 and 2/3 of 3 · 10¹⁷: E is not a double, O − E is 0 all the same.
    let table = CountTable::new(2, 2, vec![100_000_000_000_000_001, 200_000_000_000_000_002, 1, 2]).unwrap();
    let result = plain(&table);
    assert_eq!((result.statistic.unwrap().value(), result.p_value), (0.0, 1.0));
}

#[test]
fn empty_margins_are_refused() {
    for cells in [vec![0, 0, 3, 4], vec![0, 3, 0, 4], vec![0; 4]] {
        let table = CountTable::new(2, 2, cells).unwrap();
        assert_eq!(ChiSquare::default().run_on_counts(&table), Err(TestError::EmptyMargin));
        assert_eq!(expected_counts(&table), Err(TestError::EmptyMargin));
        assert_eq!(smallest_expected(&table), Err(TestError::EmptyMargin));
    }
    for (rows, columns) in [(0, 0), (1, 4), (4, 1)] {
        let table = CountTable::new(rows, columns, vec![1; rows * columns]).unwrap();
        assert_eq!(ChiSquare::default().run_on_counts(&table), Err(TestError::EmptyMargin));
    }
}

// Reference.

#[test]
fn agrees_with_50_digits() {
    for row in rows("chi_square") {
        let table = table(&row["table"]);
        let result = plain(&table);
        assert_close(result.statistic.unwrap().value(), number(&row["chi_square"]), STATISTIC);
        assert_close(result.p_value, number(&row["p"]), P_VALUE);
        assert_close(result.estimate.unwrap().value, number(&row["cramers_v"]), STATISTIC);
        for (obtained, expected) in expected_counts(&table).unwrap().into_iter().zip(numbers(&row["expected"])) {
            assert_close(obtained, expected, 1e-15);
        }
        if row.get("yates").is_some() {
            let result = yates(&table);
            assert_close(result.statistic.unwrap().value(), number(&row["yates"]), STATISTIC);
            assert_close(result.p_value, number(&row["yates_p"]), P_VALUE);
        }
    }
}

// Definition and properties.

fn counts() -> impl Strategy<Value = CountTable> {
    (2..5_usize, 2..5_usize).prop_flat_map(|(rows, columns)| {
        prop::collection::vec(1..1000_u64, rows * columns)
            .prop_map(move |cells| CountTable::new(rows, columns, cells).unwrap())
    })
}

proptest! {
    #[test]
    fn is_the_sum_over_the_cells(table in counts()) {
        let expected = expected_counts(&table)?;
        let terms = table.cells().iter().zip(&expected).map(|(&o, e)| (o as f64 - e) * (o as f64 - e) / e);
        let sum: f64 = terms.sum();
        prop_assert!((plain(&table).statistic.unwrap().value() - sum).abs() <= 1e-9 * sum.max(1e-3));
        prop_assert!((expected.iter().sum::<f64>() - table.total() as f64).abs() <= 1e-12 * table.total() as f64);
        prop_assert_eq!(smallest_expected(&table)?, expected.into_iter().fold(f64::INFINITY, f64::min));
    }

    #[test]
    fn rows_and_columns_are_alike(table in counts()) {
        let (here, there) = (plain(&table), plain(&transposed(&table)));
        prop_assert!((here.p_value - there.p_value).abs() <= 1e-11 * here.p_value);
        let v = here.estimate.unwrap().value;
        prop_assert!((0.0..=1.0).contains(&v));
        prop_assert!((v - there.estimate.unwrap().value).abs() <= 1e-13);
        prop_assert!(yates(&table).p_value >= here.p_value);
    }

    #[test]
    fn any_counts_give_a_p_value_or_a_refusal(
        cells in prop::collection::vec(prop_oneof![0..5_u64, any::<u64>()], 4..=6),
    ) {
        let columns = cells.len() / 2;
        let table = CountTable::new(2, columns, cells[..2 * columns].to_vec());
        for correction in [Correction::None, Correction::Yates] {
            let test = ChiSquare { correction };
            if let Ok(result) = table.as_ref().map_err(|&error| error).and_then(|table| test.run_on_counts(table)) {
                prop_assert!((0.0..=1.0).contains(&result.p_value));
            }
        }
    }
}
