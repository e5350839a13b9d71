//! A Table 1 of 70 rows and 61 patients: every test, every other admissible test, adjustment and trace.

use std::fmt::Write as _;

use divan::Bencher;
use restudy_study::{Cohort, Plan, Study};

const STUDY: &str = "[study]\nid = \"table\"\ntitle = \"Table 1\"\n[data]\ntable = \"table.csv\"\n\
    [conventions]\npreset = \"spss-22\"\n[[comparison]]\nid = \"table-1\"\nby = \"arm\"\nadjust = \"benjamini-hochberg\"\n";

fn main() {
    divan::main();
}

/// 21 against 40 patients, as many measured values as findings, from a small multiplicative generator.
fn table() -> String {
    let mut state = 20_210_331_u64;
    let mut next = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 40
    };
    let mut text = String::from("arm");
    for row in 0..70 {
        // Writing to a String cannot fail.
        let _ = write!(text, ",v{row}");
    }
    text.push('\n');
    for patient in 0..61 {
        text.push_str(if patient < 21 { "rapid" } else { "slow" });
        for row in 0..70 {
            let _ = match row % 2 {
                0 => write!(text, ",{}", next() % 1000),
                _ => write!(text, ",{}", if next() % 4 == 0 { "yes" } else { "no" }),
            };
        }
        text.push('\n');
    }
    text
}

fn planned() -> Option<(Cohort, Plan)> {
    let study = Study::parse("study.toml", STUDY).ok()?;
    let cohort = study.cohort(("table.csv", table().as_bytes()), None).ok()?;
    let plan = Plan::new(&study, &cohort).ok()?;
    Some((cohort, plan))
}

#[divan::bench]
fn table_of_70_rows(bencher: Bencher<'_, '_>) {
    let Some((cohort, plan)) = planned() else { return };
    bencher.bench_local(|| plan.run(&cohort, "table.csv"));
}
