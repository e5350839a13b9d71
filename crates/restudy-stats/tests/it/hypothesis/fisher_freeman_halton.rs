use proptest::prelude::*;
use restudy_stats::TestError;
use restudy_stats::hypothesis::{
    CountTable, FisherExact, FisherFreemanHalton, Procedure, Remark, TableNull, TableNullChoice, TestResult,
};
use restudy_stats::special::ln_factorial;
use serde_json::Value;

use crate::golden::{CLOSED_FORM, assert_close, cases, number, parse};

const EXACT: FisherFreemanHalton = FisherFreemanHalton {
    null: TableNullChoice::Exact,
    steps: 1 << 30,
    samples: 0,
    seed: 0,
    level: restudy_stats::Level::NINETY_FIVE,
};

fn table(rows: &[Vec<u64>]) -> CountTable {
    CountTable::new(rows.len(), rows[0].len(), rows.concat()).unwrap()
}

fn p_value(rows: &[Vec<u64>]) -> f64 {
    EXACT.run_on_counts(&table(rows)).unwrap().p_value
}

fn rows_of(case: &Value) -> Vec<Vec<u64>> {
    let row = |row: &Value| row.as_array().unwrap().iter().map(|count| count.as_u64().unwrap()).collect();
    case["table"].as_array().unwrap().iter().map(row).collect()
}

fn golden() -> Value {
    parse(include_str!("../../golden/fisher_freeman_halton.json"))
}

#[test]
fn by_hand() {
    // Rows 2 and 2, columns 1, 2, 1: the first row is (1, 1, 0) or (0, 1, 1) with 2/6 each, (0, 2, 0) or (1, 0, 1) with
    // 1/6 each.
    assert_close(p_value(&[vec![1, 0, 1], vec![0, 2, 0]]), 1.0 / 3.0, CLOSED_FORM, "rarest");
    assert_close(p_value(&[vec![1, 1, 0], vec![0, 1, 1]]), 1.0, CLOSED_FORM, "likeliest");
    // Three of one kind in each row, and no table but its permutations is as unlikely: 3! of 9!/(3!)³.
    let apart = p_value(&[vec![3, 0, 0], vec![0, 3, 0], vec![0, 0, 3]]);
    assert_close(apart, 6.0 / 1680.0, CLOSED_FORM, "apart");
}

#[test]
fn agrees_with_whole_numbers() {
    for case in cases(&golden()) {
        assert_close(p_value(&rows_of(case)), number(&case["p"]), CLOSED_FORM, case["id"].as_str().unwrap());
    }
}

#[test]
fn agrees_with_r_on_skewed_tables() {
    // 1e-8: R merges probabilities that differ by less than 3.5e-7, which moves these by 2e-10.
    const R: f64 = 1e-8;
    for case in golden()["from_r"].as_array().unwrap() {
        assert_close(p_value(&rows_of(case)), number(&case["p"]), R, case["id"].as_str().unwrap());
    }
}

#[test]
fn a_far_tail_keeps_its_digits() {
    // Only the diagonal table and its mirror images are as unlikely: k! arrangements of blocks out of n!/(m!)^k.
    let diagonal: Vec<Vec<u64>> = (0..5).map(|i| (0..5).map(|j| if i == j { 40 } else { 0 }).collect()).collect();
    let ln_arrangements = ln_factorial(200) - 5.0 * ln_factorial(40);
    // 1e-11: the logarithm of 1e-134, rounded to a double, is right to 1e-13, and ln 200! to 1e-13.
    assert_close(p_value(&diagonal), 120.0 * (-ln_arrangements).exp(), 1e-11, "diagonal");
}

#[test]
fn says_what_it_did() {
    let result = FisherFreemanHalton::default().run_on_counts(&table(&[vec![3, 1, 2], vec![1, 4, 1]])).unwrap();
    assert_eq!(result.procedure, Procedure::FisherFreemanHalton { null: TableNull::Exact });
    assert_eq!(result.procedure.key(), "fisher_freeman_halton/exact");
    assert_eq!(result.counts, [6, 6]);
    assert_eq!((result.statistic, result.estimate, result.remarks), (None, None, Vec::new()));
}

fn monte_carlo(result: &TestResult) -> (u64, u64, u64, f64, f64) {
    match result.remarks[..] {
        [Remark::MonteCarlo { seed, samples, as_extreme, interval }] => {
            (seed, samples, as_extreme, interval.low, interval.high)
        }
        ref other => panic!("{other:?}"),
    }
}

#[test]
fn simulates_what_is_out_of_reach() {
    let job = table(&[vec![1, 3, 10, 6], vec![2, 3, 10, 7], vec![1, 6, 14, 12], vec![0, 1, 9, 11]]);
    let exact = EXACT.run_on_counts(&job).unwrap().p_value;
    let unreachable = FisherFreemanHalton { steps: 100, seed: 7, samples: 20_000, ..FisherFreemanHalton::default() };
    let result = unreachable.run_on_counts(&job).unwrap();
    assert_eq!(result.procedure.key(), "fisher_freeman_halton/monte_carlo");
    let (seed, samples, as_extreme, low, high) = monte_carlo(&result);
    assert_eq!((seed, samples), (7, 20_000));
    assert_close(result.p_value, (as_extreme + 1) as f64 / 20_001.0, CLOSED_FORM, "p");
    assert!(low < exact && exact < high, "{low} < {exact} < {high}");
    assert_eq!(unreachable.run_on_counts(&job).unwrap(), result, "one seed, one answer");
    let another = FisherFreemanHalton { seed: 8, ..unreachable };
    assert_ne!(another.run_on_counts(&job).unwrap().p_value, result.p_value);

    let refused = FisherFreemanHalton { steps: 100, ..EXACT }.run_on_counts(&job);
    assert_eq!(refused, Err(TestError::TooLargeForExact { n: 96 }));
}

#[test]
fn random_tables_have_the_hypergeometric_distribution() {
    // Both answers of a 2×2 table are known; a wrong distribution of cells would leave their interval.
    let rows = [vec![30, 20], vec![18, 32]];
    let simulated = FisherFreemanHalton { null: TableNullChoice::MonteCarlo, ..FisherFreemanHalton::default() };
    let (.., low, high) = monte_carlo(&simulated.run_on_counts(&table(&rows)).unwrap());
    let exact = p_value(&rows);
    assert!(low < exact && exact < high, "{low} < {exact} < {high}");
}

#[test]
fn refuses() {
    let run = |rows: &[Vec<u64>]| FisherFreemanHalton::default().run_on_counts(&table(rows));
    assert_eq!(run(&[vec![1, 2, 3]]), Err(TestError::EmptyMargin));
    assert_eq!(run(&[vec![1, 0, 3], vec![2, 0, 2]]), Err(TestError::EmptyMargin));
    assert_eq!(run(&[vec![4_000_000, 1], vec![1, 1]]), Err(TestError::TooManyCounts { limit: 4_000_000 }));
}

/// All tables with the margins, listed; the sum by definition.
fn by_definition(rows: &[Vec<u64>]) -> f64 {
    fn fill(
        rows: &[u64],
        columns: &mut Vec<u64>,
        row: usize,
        column: usize,
        left: u64,
        ln: f64,
        see: &mut dyn FnMut(f64),
    ) {
        if row + 1 == rows.len() {
            see(ln - columns.iter().map(|&x| ln_factorial(x)).sum::<f64>());
        } else if column + 1 == columns.len() {
            if left <= columns[column] {
                columns[column] -= left;
                fill(rows, columns, row + 1, 0, rows[row + 1], ln - ln_factorial(left), see);
                columns[column] += left;
            }
        } else {
            for x in 0..=left.min(columns[column]) {
                columns[column] -= x;
                fill(rows, columns, row, column + 1, left - x, ln - ln_factorial(x), see);
                columns[column] += x;
            }
        }
    }
    let totals: Vec<u64> = rows.iter().map(|row| row.iter().sum()).collect();
    let mut columns: Vec<u64> = (0..rows[0].len()).map(|j| rows.iter().map(|row| row[j]).sum()).collect();
    let observed: f64 = -rows.iter().flatten().map(|&x| ln_factorial(x)).sum::<f64>();
    let (mut all, mut as_unlikely) = (0.0, 0.0);
    fill(&totals, &mut columns, 0, 0, totals[0], 0.0, &mut |ln| {
        // Relative to the table observed, so that nothing under- or overflows.
        let mass = (ln - observed).exp();
        all += mass;
        if ln <= observed + 1e-7 {
            as_unlikely += mass;
        }
    });
    as_unlikely / all
}

fn tables(
    rows: std::ops::Range<usize>,
    columns: std::ops::Range<usize>,
    most: u64,
) -> impl Strategy<Value = Vec<Vec<u64>>> {
    (rows, columns)
        .prop_flat_map(move |(rows, columns)| prop::collection::vec(prop::collection::vec(0..=most, columns), rows))
        .prop_filter("no empty margin", |rows| {
            rows.iter().all(|row| row.iter().sum::<u64>() > 0)
                && (0..rows[0].len()).all(|j| rows.iter().map(|row| row[j]).sum::<u64>() > 0)
        })
}

proptest! {
    #[test]
    fn is_the_sum_over_all_tables(rows in tables(2..4, 2..5, 4)) {
        assert_close(p_value(&rows), by_definition(&rows), CLOSED_FORM, "definition");
    }

    #[test]
    fn many_columns_are_no_different(rows in tables(2..3, 6..9, 3)) {
        assert_close(p_value(&rows), by_definition(&rows), CLOSED_FORM, "definition");
    }

    #[test]
    fn two_by_two_is_fisher_exact(rows in tables(2..3, 2..3, 60)) {
        let exact = FisherExact::default().run_on_counts(&table(&rows)).unwrap().p_value;
        assert_close(p_value(&rows), exact, CLOSED_FORM, "2×2");
    }

    #[test]
    fn order_and_orientation_do_not_matter(rows in tables(2..5, 2..5, 6), turn in 0_usize..5) {
        let p = p_value(&rows);
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        for row in &mut turned {
            let places = turn % row.len();
            row.rotate_right(places);
        }
        assert_close(p_value(&turned), p, CLOSED_FORM, "order");
        let transposed: Vec<Vec<u64>> = (0..rows[0].len()).map(|j| rows.iter().map(|row| row[j]).collect()).collect();
        assert_close(p_value(&transposed), p, CLOSED_FORM, "orientation");
    }
}
