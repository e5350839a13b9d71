use proptest::prelude::*;
use restudy_stats::hypothesis::{CountTable, Estimate, FisherExact, FisherRule, Procedure, Quantity, TestResult};
use restudy_stats::{Alternative, Interval, Level, TestError};

use super::{table, transposed};
use crate::exact::{P_VALUE, STATISTIC, assert_close, number, rows};

fn run(table: &CountTable, two_sided: FisherRule, alternative: Alternative) -> TestResult {
    FisherExact { two_sided, alternative, ..FisherExact::default() }.run_on_counts(table).unwrap()
}

fn two_by_two(cells: [u64; 4]) -> CountTable {
    CountTable::new(2, 2, cells.to_vec()).unwrap()
}

fn limits(result: &TestResult) -> (f64, f64, f64) {
    let Estimate { value, interval: Some(Interval { low, high, .. }), .. } = result.estimate.unwrap() else {
        panic!("no interval")
    };
    (low, value, high)
}

// By hand.

#[test]
fn tea_tasting() {
    // 70 tables of margins 4, with 1, 16, 36, 16 and 1 for 0 to 4 cups: two-sided (1 + 16 + 16 + 1)/70.
    let table = two_by_two([3, 1, 1, 3]);
    let result = run(&table, FisherRule::NoLikelier, Alternative::TwoSided);
    assert_close(result.p_value, 34.0 / 70.0, P_VALUE);
    assert_close(run(&table, FisherRule::NoLikelier, Alternative::Greater).p_value, 17.0 / 70.0, P_VALUE);
    assert_close(run(&table, FisherRule::NoLikelier, Alternative::Less).p_value, 69.0 / 70.0, P_VALUE);
    assert_eq!(result.procedure, Procedure::FisherExact { two_sided: FisherRule::NoLikelier });
    assert_eq!((result.statistic, result.counts), (None, vec![4, 4]));
    assert_eq!(result.estimate.unwrap().quantity, Quantity::ConditionalOddsRatio);
}

#[test]
fn one_and_two_solve_quadratics() {
    // Margins 1 and 2 of 3: X is 0 or 1 with weights 1 and 2ω. Margins 2 and 2 of 4: weights 1, 4ω, ω².
    let (low, estimate, high) = limits(&run(&two_by_two([1, 0, 1, 1]), FisherRule::default(), Alternative::TwoSided));
    // P(X ≥ 1) = 2ω/(1 + 2ω) = 0.025.
    assert_close(low, 0.025 / 0.975 / 2.0, STATISTIC);
    assert_eq!((estimate, high), (f64::INFINITY, f64::INFINITY));
    let (low, estimate, high) = limits(&run(&two_by_two([1, 1, 1, 1]), FisherRule::default(), Alternative::TwoSided));
    assert_close(estimate, 1.0, STATISTIC);
    // 1/(1 + 4ω + ω²) = 0.975 and (1 + 4ω)/(1 + 4ω + ω²) = 0.025: each the mirror of the other.
    assert_close(low, (4.0 + 1.0 / 39.0_f64).sqrt() - 2.0, 1e-11); // the closed form subtracts
    assert_close(low * high, 1.0, STATISTIC);
}

#[test]
fn a_cell_at_its_least_or_most_has_a_limit_of_0_or_infinity() {
    let (low, estimate, high) = limits(&run(&two_by_two([0, 9, 7, 4]), FisherRule::default(), Alternative::TwoSided));
    assert_eq!((low, estimate), (0.0, 0.0));
    assert!(high > 0.0 && high < 1.0);
    let (low, estimate, high) = limits(&run(&two_by_two([7, 4, 0, 9]), FisherRule::default(), Alternative::TwoSided));
    assert_eq!((estimate, high), (f64::INFINITY, f64::INFINITY));
    assert!(low > 1.0);
}

#[test]
fn published() {
    // R's help page for fisher.test: Agresti (1990), tea, and Fisher (1970), twins; Fisher's interval is one-sided.
    let tea = run(&two_by_two([3, 1, 1, 3]), FisherRule::default(), Alternative::Greater);
    assert_eq!(format!("{:.4} {:.3}", tea.p_value, limits(&tea).1), "0.2429 6.408");
    let twins = run(&two_by_two([2, 15, 10, 3]), FisherRule::default(), Alternative::Less);
    assert_eq!(format!("{:.7}", twins.p_value), "0.0004652");
    let (low, estimate, high) = limits(&twins);
    assert_eq!(format!("{low} {estimate:.4} {high:.3}"), "0 0.0469 0.285");
}

#[test]
fn the_two_rules_differ() {
    let table = two_by_two([7, 12, 0, 5]);
    let p = |rule| format!("{:.4}", run(&table, rule, Alternative::TwoSided).p_value);
    assert_eq!((p(FisherRule::NoLikelier), p(FisherRule::Doubled)), ("0.2721".to_owned(), "0.2912".to_owned()));
}

#[test]
fn bad_tables_are_refused() {
    let run = |table: &CountTable| FisherExact::default().run_on_counts(table).map(|result| result.p_value);
    let wide = CountTable::new(2, 3, vec![1; 6]).unwrap();
    assert_eq!(run(&wide), Err(TestError::Shape { cells: 6, rows: 2, columns: 2 }));
    assert_eq!(run(&two_by_two([0, 0, 1, 2])), Err(TestError::EmptyMargin));
    let large = two_by_two([1, 2, 3, 10_000_000_000]);
    assert_eq!(run(&large), Err(TestError::TooLargeForExact { n: 10_000_000_006 }));
}

// Reference.

#[test]
fn agrees_with_50_digits() {
    for row in rows("fisher") {
        let table = table(&row["table"]);
        let p = |rule, alternative| run(&table, rule, alternative).p_value;
        assert_close(p(FisherRule::NoLikelier, Alternative::TwoSided), number(&row["no_likelier"]), P_VALUE);
        assert_close(p(FisherRule::Doubled, Alternative::TwoSided), number(&row["doubled"]), P_VALUE);
        assert_close(p(FisherRule::NoLikelier, Alternative::Less), number(&row["less"]), P_VALUE);
        assert_close(p(FisherRule::NoLikelier, Alternative::Greater), number(&row["greater"]), P_VALUE);
        if row.get("odds_ratio").is_some() {
            let (low, estimate, high) = limits(&run(&table, FisherRule::NoLikelier, Alternative::TwoSided));
            assert_close(estimate, number(&row["odds_ratio"]), STATISTIC);
            assert_close(low, number(&row["conf_low"]), STATISTIC);
            assert_close(high, number(&row["conf_high"]), STATISTIC);
        }
    }
}

#[test]
fn large_tables_are_mirrored_to_the_last_digits() {
    // 4.2 million counts: no closed form, but the second row's odds are the first row's the other way round.
    let here =
        run(&two_by_two([1_000_500, 999_700, 1_100_300, 1_100_900]), FisherRule::default(), Alternative::TwoSided);
    let there =
        run(&two_by_two([1_100_300, 1_100_900, 1_000_500, 999_700]), FisherRule::default(), Alternative::TwoSided);
    assert_close(here.p_value, there.p_value, P_VALUE);
    let ((low, estimate, high), (mirrored_low, mirrored, mirrored_high)) = (limits(&here), limits(&there));
    assert_close(estimate * mirrored, 1.0, STATISTIC);
    assert_close(low * mirrored_high, 1.0, STATISTIC);
    assert_close(high * mirrored_low, 1.0, STATISTIC);
    // The sample odds ratio and Woolf's limits are as near as the size of the table makes them.
    let sample = 1_000_500.0 * 1_100_900.0 / (999_700.0 * 1_100_300.0);
    assert_close(estimate, sample, 1e-6);
    let woolf = (1.0 / 1_000_500.0 + 1.0 / 999_700.0 + 1.0 / 1_100_300.0 + 1.0_f64 / 1_100_900.0).sqrt();
    assert_close(high, sample * (1.959_963_985 * woolf).exp(), 1e-5);
}

// Definition and properties.

/// P(X ≥ first cell; ω) by adding every term.
fn upper_tail(table: &CountTable, omega: f64) -> f64 {
    let (row, column, total) = (table.row_totals()[0], table.column_totals()[0], table.total());
    let (least, most) = ((row + column).saturating_sub(total), row.min(column));
    let mut term = 1.0;
    let (mut all, mut above) = (0.0, 0.0);
    for j in least..=most {
        all += term;
        if j >= table.get(0, 0) {
            above += term;
        }
        term *=
            omega * (row - j) as f64 * (column - j) as f64 / ((j + 1) as f64 * (total + j + 1 - row - column) as f64);
    }
    above / all
}

fn counts() -> impl Strategy<Value = CountTable> {
    prop::array::uniform4(0..60_u64)
        .prop_map(two_by_two)
        .prop_filter("margins", |table| [table.row_totals(), table.column_totals()].concat().iter().all(|&n| n > 0))
}

proptest! {
    #[test]
    fn limits_solve_their_equations(table in counts(), level in 0.51..0.9999) {
        let level = Level::new(level)?;
        let (low, estimate, high) = limits(&FisherExact { level, ..FisherExact::default() }.run_on_counts(&table)?);
        prop_assert!(low <= estimate && estimate <= high);
        if low > 0.0 {
            prop_assert!((upper_tail(&table, low) / level.tail() - 1.0).abs() < 1e-9);
        }
        if high < f64::INFINITY {
            // P(X ≤ k) of the first column is P(X ≥ row − k) of the second, at 1/ω.
            let [a, b, c, d] = *table.cells() else { panic!("not 2×2") };
            prop_assert!((upper_tail(&two_by_two([b, a, d, c]), 1.0 / high) / level.tail() - 1.0).abs() < 1e-9);
        }
    }

    #[test]
    fn tails_are_sums_of_terms(table in counts()) {
        let p = run(&table, FisherRule::default(), Alternative::Greater).p_value;
        prop_assert!((p / upper_tail(&table, 1.0) - 1.0).abs() < 1e-11);
    }

    #[test]
    fn rows_columns_and_sides_mirror(table in counts()) {
        let [a, b, c, d] = *table.cells() else { panic!("not 2×2") };
        for rule in [FisherRule::NoLikelier, FisherRule::Doubled] {
            let here = run(&table, rule, Alternative::TwoSided);
            for other in [two_by_two([c, d, a, b]), two_by_two([b, a, d, c])] {
                let there = run(&other, rule, Alternative::TwoSided);
                prop_assert!((there.p_value - here.p_value).abs() <= 1e-12 * here.p_value);
                let ((low, estimate, high), (other_low, other, other_high)) = (limits(&here), limits(&there));
                for (one, inverse) in [(low, other_high), (estimate, other), (high, other_low)] {
                    // 0 and infinity are each other's inverse; their product is NaN.
                    prop_assert!((one * inverse - 1.0).abs() < 1e-11 || one == 1.0 / inverse);
                }
            }
            let turned = run(&transposed(&table), rule, Alternative::TwoSided);
            prop_assert!((turned.p_value - here.p_value).abs() <= 1e-12 * here.p_value);
        }
        let less = run(&table, FisherRule::default(), Alternative::Less);
        let greater = run(&table, FisherRule::default(), Alternative::Greater);
        prop_assert!(less.p_value + greater.p_value >= 1.0 - 1e-12);
        prop_assert_eq!((limits(&less).0, limits(&greater).2), (0.0, f64::INFINITY));
    }

    #[test]
    fn any_counts_give_a_p_value_or_a_refusal(
        cells in prop::array::uniform4(prop_oneof![0..5_u64, 0..3_000_000_000_u64, any::<u64>()]),
    ) {
        let table = CountTable::new(2, 2, cells.to_vec());
        if let Ok(result) = table.and_then(|table| FisherExact::default().run_on_counts(&table)) {
            let (low, estimate, high) = limits(&result);
            prop_assert!((0.0..=1.0).contains(&result.p_value));
            prop_assert!(0.0 <= low && low <= estimate && estimate <= high);
        }
    }
}
