use restudy_stats::TestError;
use restudy_stats::hypothesis::CountTable;

#[test]
fn margins() {
    let table = CountTable::new(2, 3, vec![1, 2, 3, 4, 5, 6]).unwrap();
    assert_eq!(table.row_totals(), [6, 15]);
    assert_eq!(table.column_totals(), [5, 7, 9]);
    assert_eq!((table.total(), table.get(1, 0)), (21, 4));
}

#[test]
fn two_by_two_from_counts_and_sizes() {
    let table = CountTable::two_by_two(15, 60, 40, 203).unwrap();
    assert_eq!(table.cells(), [15, 45, 40, 163]);
    assert_eq!(CountTable::two_by_two(1, 2, 4, 3), Err(TestError::NotAProportion { count: 4, n: 3 }));
}

#[test]
fn wrong_shapes_and_sums_are_refused() {
    assert_eq!(CountTable::new(2, 2, vec![1; 3]), Err(TestError::Shape { cells: 3, rows: 2, columns: 2 }));
    assert!(matches!(CountTable::new(usize::MAX, 2, vec![]), Err(TestError::Shape { .. })));
    let limit = CountTable::LIMIT;
    assert_eq!(CountTable::new(1, 2, vec![limit, 1]), Err(TestError::TooManyCounts { limit }));
    assert_eq!(CountTable::new(1, 2, vec![u64::MAX, u64::MAX]), Err(TestError::TooManyCounts { limit }));
}
