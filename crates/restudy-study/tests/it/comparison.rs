//! A comparison of a real cohort against R, and its rules against hand-made cohorts.

use restudy_ledger::{Context, Ledger, Row, Stat};
use restudy_study::{Plan, Study};

const LUNG: &[u8] = include_bytes!("../../../../data/lung/lung.csv");
const LUNG_CODEBOOK: &str = include_str!("../../../../data/lung/codebook.toml");

fn run(study: &str, table: &[u8], codebook: Option<&str>) -> Ledger {
    let study = Study::parse("study.toml", study).unwrap();
    let cohort = study.cohort(("table.csv", table), codebook.map(|text| ("codebook.toml", text))).unwrap();
    Plan::new(&study, &cohort).unwrap().run(&cohort, "table.csv")
}

fn rows<'a>(ledger: &'a Ledger, variable: &'a str, context: Context, stat: Stat) -> impl Iterator<Item = &'a Row> {
    ledger.rows.iter().filter(move |row| row.variable == variable && row.context == context && row.stat == stat)
}

fn test_row<'a>(ledger: &'a Ledger, variable: &'a str) -> &'a Row {
    rows(ledger, variable, Context::Test, Stat::PValue).next().unwrap()
}

fn summary(ledger: &Ledger, variable: &str, group: &str, stat: Stat) -> f64 {
    rows(ledger, variable, Context::Summary, stat)
        .find(|row| row.group.as_deref() == Some(group))
        .and_then(|row| row.value.number())
        .unwrap()
}

fn alternative(ledger: &Ledger, variable: &str, procedure: &str) -> f64 {
    rows(ledger, variable, Context::Alternative, Stat::PValue)
        .find(|row| row.procedure.as_deref() == Some(procedure))
        .and_then(|row| row.value.number())
        .unwrap_or_else(|| panic!("no {procedure} for {variable}"))
}

/// p-values agree relatively, whatever their size.
#[track_caller]
fn agrees(found: f64, expected: f64) {
    const P_VALUE: f64 = 1e-10;
    assert!((found / expected - 1.0).abs() < P_VALUE, "{found} is not {expected}");
}

fn lung(conventions: &str, block: &str) -> Ledger {
    let study = format!(
        "[study]\nid = \"lung\"\ntitle = \"Lung\"\n[data]\ntable = \"lung.csv\"\ncodebook = \"codebook.toml\"\n\
         [conventions]\n{conventions}\n[[comparison]]\nid = \"table-1\"\nby = \"sex\"\ngroups = [\"Male\", \"Female\"]\n\
         rows = [\"age\", \"meal.cal\", \"wt.loss\", \"status\"]\n{block}\n"
    );
    run(&study, LUNG, Some(LUNG_CODEBOOK))
}

// R 4.2.2 on the same file: t.test(var.equal = TRUE and FALSE), wilcox.test(exact = FALSE, correct = FALSE and TRUE),
// chisq.test(correct = FALSE and TRUE), fisher.test, with men as the first group.

#[test]
fn means_and_t_tests_agree_with_r() {
    let ledger = lung("preset = \"spss-22\"", "");
    agrees(summary(&ledger, "age", "Male", Stat::Mean), 63.340_579_710_144_93);
    agrees(summary(&ledger, "age", "Male", Stat::Sd), 9.139_228_334_602_11);
    agrees(summary(&ledger, "age", "Female", Stat::Mean), 61.077_777_777_777_776);
    let row = test_row(&ledger, "age");
    assert_eq!(row.procedure.as_deref(), Some("student_t"));
    agrees(row.value.number().unwrap(), 0.065_556_070_812_435_57);
    agrees(test_row(&ledger, "meal.cal").value.number().unwrap(), 0.023_478_768_753_798_264);
    let statistic = rows(&ledger, "meal.cal", Context::Test, Stat::Statistic).next().unwrap();
    agrees(statistic.value.number().unwrap(), 2.285_118_738_563_815);
}

#[test]
fn the_p_under_every_other_test_agrees_with_r() {
    let ledger = lung("preset = \"spss-22\"", "");
    agrees(alternative(&ledger, "age", "mann_whitney/normal/no_continuity"), 0.056_872_382_551_750_42);
    agrees(alternative(&ledger, "age", "mann_whitney/normal/continuity"), 0.057_006_281_451_711_54);
    agrees(alternative(&ledger, "wt.loss", "mann_whitney/normal/no_continuity"), 0.028_804_698_675_666_33);
    // The verdict on weight loss depends on the choice: 0.059 by t, 0.029 by ranks.
    let row = test_row(&ledger, "wt.loss");
    assert!(row.remarks.iter().any(|remark| remark.contains("mann_whitney")), "{:?}", row.remarks);
    assert!(test_row(&ledger, "age").remarks.is_empty(), "{:?}", test_row(&ledger, "age").remarks);
}

#[test]
fn ranks_of_the_forced_rows_agree_with_r() {
    let ledger = lung("preset = \"r-4\"", "summary = { \"age\" = \"mean-sd\" }\ntest = { \"age\" = \"welch-t\" }");
    let row = test_row(&ledger, "wt.loss");
    assert_eq!(row.procedure.as_deref(), Some("mann_whitney/normal/continuity"));
    agrees(row.value.number().unwrap(), 0.028_887_345_376_340_2);
    assert_eq!(test_row(&ledger, "age").procedure.as_deref(), Some("welch_t"));
    assert!(test_row(&ledger, "age").why.as_deref().unwrap().contains("file"));
}

#[test]
fn missing_values_are_counted_by_group() {
    let ledger = lung("", "");
    let missing = |group: &str| {
        rows(&ledger, "meal.cal", Context::Missingness, Stat::NMissing)
            .find(|row| row.group.as_deref() == Some(group))
            .and_then(|row| row.value.number())
            .unwrap()
    };
    // 138 men and 90 women, of whom 114 and 67 have a value (the n of R's tests).
    assert!(missing("Male") == 24.0 && missing("Female") == 23.0);
}

/// A table of two arms with so many having the property in each.
fn counts(with: [usize; 2], n: [usize; 2]) -> Vec<u8> {
    let mut table = String::from("arm,finding\n");
    for ((arm, with), n) in ["a", "b"].iter().zip(with).zip(n) {
        for patient in 0..n {
            table.push_str(&format!("{arm},{}\n", if patient < with { "yes" } else { "no" }));
        }
    }
    table.into_bytes()
}

const COUNTS: &str = "[study]\nid = \"counts\"\ntitle = \"Counts\"\n[data]\ntable = \"table.csv\"\n\
    codebook = \"codebook.toml\"\n[[comparison]]\nid = \"t\"\nby = \"arm\"\nrows = [\"finding\"]\n";
const COUNTS_CODEBOOK: &str = "[columns.arm]\nkind = \"binary\"\nlevels = [\"a\", \"b\"]\n\
    [columns.finding]\nkind = \"binary\"\nlevels = [\"no\", \"yes\"]\n";

#[test]
fn the_papers_rule_takes_fisher_below_five_expected_and_chi_square_from_five_on() {
    // 7 of 21 against 4 of 40: smallest expected count 11 * 21 / 61 = 3.79; SciPy's fisher_exact gives 0.0363.
    let ledger = run(COUNTS, &counts([7, 4], [21, 40]), Some(COUNTS_CODEBOOK));
    let row = test_row(&ledger, "finding");
    assert_eq!(row.procedure.as_deref(), Some("fisher_exact/no_likelier"));
    assert!(row.why.as_deref().unwrap().contains("3.79"), "{:?}", row.why);
    assert!((row.value.number().unwrap() - 0.0363).abs() < 5e-5);
    // 11 of 21 against 9 of 40: smallest expected count 6.89; chi2_contingency(correction=False) gives 0.0182.
    let ledger = run(COUNTS, &counts([11, 9], [21, 40]), Some(COUNTS_CODEBOOK));
    let row = test_row(&ledger, "finding");
    assert_eq!(row.procedure.as_deref(), Some("chi_square/no_correction"));
    assert!(row.why.as_deref().unwrap().contains("6.89"), "{:?}", row.why);
    assert!((row.value.number().unwrap() - 0.0182).abs() < 5e-5);
}

#[test]
fn a_finding_that_nobody_has_is_not_tested_and_not_in_the_family() {
    let study = format!("{COUNTS}adjust = \"benjamini-hochberg\"\n");
    let ledger = run(&study, &counts([0, 0], [21, 40]), Some(COUNTS_CODEBOOK));
    assert!(test_row(&ledger, "finding").value.number().is_none());
    let family = ledger.analyses[0].family.as_ref().unwrap();
    assert_eq!(family.size, 0);
    assert_eq!(family.left_out[0].variable, "finding");
}

#[test]
fn the_level_counted_is_the_last_one_unless_the_row_says_otherwise() {
    let table = counts([7, 4], [21, 40]);
    let of = |study: &str| {
        let ledger = run(study, &table, Some(COUNTS_CODEBOOK));
        summary(&ledger, "finding", "a", Stat::Count)
    };
    assert!(of(COUNTS) == 7.0);
    let other = COUNTS.replace("[\"finding\"]", "[{ variable = \"finding\", level = \"no\" }]");
    assert!(of(&other) == 14.0);
}

#[test]
fn the_ledger_reads_back_as_it_was_written() {
    let ledger = lung("", "adjust = \"benjamini-hochberg\"");
    assert_eq!(Ledger::from_json(&ledger.to_json().unwrap()).unwrap(), ledger);
}

/// The lung cohort by performance status, without the one patient of level 3.
fn lung_by_ecog(conventions: &str, rows: &str) -> Ledger {
    let study = format!(
        "[study]\nid = \"lung\"\ntitle = \"Lung\"\n[data]\ntable = \"lung.csv\"\ncodebook = \"codebook.toml\"\n\
         [[data.filter]]\nlabel = \"in bed less than half of the day\"\nexclude = \"\\\"ph.ecog\\\" = 'In bed more than half of the day'\"\n\
         [conventions]\n{conventions}\n[[comparison]]\nid = \"table-1\"\nby = \"ph.ecog\"\n{rows}\n"
    );
    run(&study, LUNG, Some(LUNG_CODEBOOK))
}

// R 4.2.2: anova(lm(x ~ group)), oneway.test(var.equal = FALSE), kruskal.test, chisq.test(correct = FALSE),
// fisher.test(workspace = 2e8), on the patients of performance status 0 to 2.

#[test]
fn more_than_two_groups_are_compared_by_the_counterparts_of_the_two_group_tests() {
    let ledger = lung_by_ecog("preset = \"spss-22\"", "rows = [\"age\", \"wt.loss\", \"sex\"]");
    let row = test_row(&ledger, "age");
    assert_eq!(row.procedure.as_deref(), Some("anova"));
    agrees(row.value.number().unwrap(), 0.003_345_276_987_144_040_4);
    agrees(alternative(&ledger, "age", "welch_anova"), 0.001_905_925_984_921_225_2);
    agrees(alternative(&ledger, "age", "kruskal_wallis/chi_square"), 0.002_622_927_689_017_973_5);
    agrees(test_row(&ledger, "wt.loss").value.number().unwrap(), 0.023_502_557_769_175_75);
    let row = test_row(&ledger, "sex");
    assert_eq!(row.procedure.as_deref(), Some("chi_square/no_correction"));
    agrees(row.value.number().unwrap(), 0.714_175_855_735_557_6);
    agrees(alternative(&ledger, "sex", "fisher_freeman_halton/exact"), 0.705_911_096_841_159_4);
}

#[test]
fn medians_of_more_than_two_groups_are_compared_by_ranks() {
    let ledger = lung_by_ecog("preset = \"r-4\"", "rows = [\"meal.cal\"]");
    let row = test_row(&ledger, "meal.cal");
    assert_eq!(row.procedure.as_deref(), Some("kruskal_wallis/chi_square"));
    agrees(row.value.number().unwrap(), 0.027_597_350_712_632_557);
}

#[test]
fn a_larger_table_with_small_expected_counts_is_counted_exactly() {
    // Ordered by nothing but their rarity: 3 of 4 cells of the third category are expected below 5.
    let mut table = String::from("arm,site\n");
    for (arm, site, n) in [("a", "x", 8), ("a", "y", 3), ("a", "z", 1), ("b", "x", 2), ("b", "y", 7), ("b", "z", 4)] {
        table.push_str(&format!("{arm},{site}\n").repeat(n));
    }
    let study = "[study]\nid = \"s\"\ntitle = \"S\"\n[data]\ntable = \"t.csv\"\n[[comparison]]\nid = \"t\"\nby = \"arm\"\nrows = [\"site\"]\n";
    let ledger = run(study, table.as_bytes(), None);
    let row = test_row(&ledger, "site");
    assert_eq!(row.procedure.as_deref(), Some("fisher_freeman_halton/exact"));
    // R 4.2.2: fisher.test(matrix(c(8, 2, 3, 7, 1, 4), 2))$p.value
    agrees(row.value.number().unwrap(), 0.042_628_309_905_197_684);
    assert!(ledger.seed.is_none());
}

#[test]
fn a_pre_test_chooses_where_it_is_asked_for_and_leaves_its_evidence() {
    // R 4.2.2, shapiro.test by sex: age 0.0177 (men) and 0.127 (women), meal.cal 3.8e-7 and 9.3e-5.
    let chosen = |alpha: &str| {
        let ledger = lung(&format!("preset = \"spss-22\"\ncontinuous-summary = \"shapiro-wilk\"\nalpha = {alpha}"), "");
        let row = test_row(&ledger, "age").clone();
        (row.procedure.unwrap(), row.why.unwrap())
    };
    let (procedure, why) = chosen("0.05");
    assert_eq!(procedure, "mann_whitney/normal/no_continuity");
    assert!(why.contains("Shapiro-Wilk p 1.77e-2 in Male, below 0.05"), "{why}");
    let (procedure, why) = chosen("0.01");
    assert_eq!(procedure, "student_t");
    assert!(why.contains("1.77e-2 (in Male), not below 0.01"), "{why}");
    assert!(!test_row(&lung("", ""), "age").why.as_deref().unwrap().contains("Shapiro"));
}
