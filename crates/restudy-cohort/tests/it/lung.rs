//! The table that ships.

use restudy_cohort::{Cohort, Kind, ReadOptions, Source};

use crate::support::labels;

fn lung() -> Cohort {
    Cohort::read(&Source {
        file_name: "lung.csv",
        bytes: include_bytes!("../../../../data/lung/lung.csv"),
        options: &ReadOptions::default(),
        codebook: Some(("codebook.toml", include_str!("../../../../data/lung/codebook.toml"))),
        derive: &[],
        filters: &[],
    })
    .unwrap()
}

/// Counts as published with the data, and in their ORIGIN.md.
#[test]
fn the_lung_cohort_is_what_its_origin_says() {
    let cohort = lung();
    let origin = include_str!("../../../../data/lung/ORIGIN.md");
    assert!(origin.contains(cohort.sha256()));
    assert_eq!((cohort.patients(), cohort.columns_read()), (228, 10));
    assert!(cohort.columns().iter().all(|column| !column.kind_inferred && column.label != column.name));
    let count = |column, label: &str| labels(&cohort, column).1.iter().flatten().filter(|l| *l == label).count();
    assert_eq!((count("sex", "Male"), count("sex", "Female")), (138, 90));
    assert_eq!((count("status", "event"), count("status", "censored")), (165, 63));
    let missing = ["inst", "time", "ph.ecog", "ph.karno", "pat.karno", "meal.cal", "wt.loss"];
    let missing = missing.map(|name| cohort.missingness(name, None).unwrap().overall.n_missing);
    assert_eq!(missing, [1, 0, 1, 1, 3, 47, 14]);
    for column in cohort.columns() {
        let n = cohort.missingness(&column.name, None).unwrap().overall.n_missing;
        let row = origin.lines().find(|line| line.starts_with(&format!("| `{}` |", column.name))).unwrap();
        assert!(row.ends_with(&format!(" {n} |")), "{row}");
    }
    assert_eq!(cohort.column("ph.ecog").unwrap().kind, Kind::Ordinal);
    assert_eq!(count("ph.ecog", "In bed more than half of the day"), 1);
}
