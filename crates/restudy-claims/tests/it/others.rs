//! Other papers, audited from their printed numbers; each value in these tests is checked by hand or with SciPy.

use restudy_claims::{Record, Verdict};

const CRAFT2023: &str = include_str!("../../../../data/craft2023/published.toml");
const SOBECKS2007: &str = include_str!("../../../../data/sobecks2007/published.toml");

#[test]
fn a_table_that_names_its_tests_row_by_row() {
    let audit = Record::parse("craft2023", CRAFT2023).unwrap().audit();
    assert_eq!(audit.claims.len(), 64);
    let impossible: Vec<&str> = audit
        .claims
        .iter()
        .filter(|claim| claim.verdict == Verdict::Impossible)
        .map(|claim| claim.id.as_str())
        .collect();
    // 28/32 = 87.5%, not 86; 5/32 = 15.6%, not 06; fisher_exact([[28, 4], [21, 0]]) = 0.143, not 1;
    // chi2_contingency([[11, 4, 17], [2, 7, 12]]) = 0.0528, not 0.32; fisher_exact([[1, 31], [5, 16]]) = 0.0307 and
    // chi-square without correction 0.0201, not 0.41.
    assert_eq!(impossible, ["t1.ild.non", "t1.ild.p", "t1.titer.p", "t1.periungual.non", "t1.shawl_sign.p"]);
    let repair = |id: &str| {
        let conflict = audit.conflicts.iter().find(|conflict| conflict.claims.contains(&id.to_owned())).unwrap();
        conflict.repair.clone().unwrap()
    };
    assert!(repair("t1.periungual.non").starts_with("print 5 (16) for 5 (06)"));
    assert!(repair("t1.shawl_sign.p").ends_with("(5 (24) and 0.41 stand in the row above too: V sign)"));
}

#[test]
fn an_abstract_in_order_is_quiet() {
    let audit = Record::parse("sobecks2007", SOBECKS2007).unwrap().audit();
    assert_eq!(audit.conflicts, []);
    assert_eq!(audit.count(Verdict::Reproduced), audit.claims.len());
}
