//! The audit of the DLM paper. Values in these tests are SciPy 1.17.1's, from the call in the comment beside them.

use restudy_claims::{DLM2021, Record};
use restudy_ledger::{Audit, Claim, Derived, Excluded, Finding, Verdict};

/// Kernels are held to 1e-10 of their references; these are other implementations of the same formulas.
const P_VALUE: f64 = 1e-10;

fn audit() -> Audit {
    Record::parse("published.toml", DLM2021).unwrap().audit()
}

fn claim<'a>(audit: &'a Audit, id: &str) -> &'a Claim {
    audit.claims.iter().find(|claim| claim.id == id).unwrap()
}

fn derived<'a>(audit: &'a Audit, id: &str) -> &'a Derived {
    audit.derived.iter().find(|derived| derived.id == id).unwrap()
}

fn finding<'a>(audit: &'a Audit, question: &str) -> &'a Finding {
    audit.methods.iter().find(|finding| finding.question == question).unwrap()
}

fn excluded<'a>(finding: &'a Finding, candidate: &str) -> &'a Excluded {
    finding.excludes.iter().find(|excluded| excluded.candidate == candidate).unwrap()
}

fn close(value: f64, reference: f64) -> bool {
    (value - reference).abs() <= P_VALUE * reference.abs()
}

/// The ends of what the other numbers allow.
fn allowed(audit: &Audit, id: &str) -> (f64, f64) {
    let claim = claim(audit, id);
    (claim.low.unwrap(), claim.high.unwrap())
}

#[test]
fn every_claim_of_the_two_tables_has_a_verdict() {
    let audit = audit();
    assert_eq!(audit.claims.len(), 415);
    // 70 rows of two cells, p and adjusted p, and the two sizes in the head; 4 rows of three.
    assert_eq!(audit.claims.iter().filter(|claim| claim.id.starts_with("t1.")).count(), 70 * 4 + 2);
    assert_eq!(audit.claims.iter().filter(|claim| claim.id.starts_with("t2.")).count(), 4 * 3);
    let counts = [Verdict::Reproduced, Verdict::Consistent, Verdict::Impossible, Verdict::NotRecomputable];
    assert_eq!(counts.map(|verdict| audit.count(verdict)), [231, 19, 3, 90]);
}

#[test]
fn what_cannot_be_true_is_exactly_this() {
    let audit = audit();
    let impossible: Vec<&str> = audit
        .claims
        .iter()
        .filter(|claim| claim.verdict == Verdict::Impossible)
        .map(|claim| claim.id.as_str())
        .collect();
    assert_eq!(impossible, ["t2.2.non", "res.roc.dlco.sens", "res.roc.dlco.spec"]);
    let conflicts: Vec<&[String]> = audit.conflicts.iter().map(|conflict| conflict.claims.as_slice()).collect();
    assert_eq!(conflicts, [&["t2.2.non"][..], &["res.roc.dlco.sens", "res.roc.dlco.spec"]]);
}

#[test]
fn seven_of_sixteen_cannot_print_as_43_7() {
    let audit = audit();
    assert_eq!(claim(&audit, "t2.2.rp").verdict, Verdict::Reproduced);
    assert_eq!(
        audit.conflicts[0].sentence,
        "Table 2, DLM score 2, non-RP-ILD: 43.7% is printed for 7 of 16 patients, but 7/16 is 43.75%, which prints as \
         43.8% whether a half goes up or to the even digit."
    );
    assert_eq!(
        audit.conflicts[0].repair.as_deref(),
        Some("print 43.8% as the percentage (43.7 is what the rounded 56.3 leaves of 100)")
    );
}

#[test]
fn sensitivity_and_specificity_of_dlco_are_right_when_exchanged() {
    let audit = audit();
    assert_eq!(
        audit.conflicts[1].repair.as_deref(),
        Some("exchange the two: a sensitivity of 66.7% is 14/21, a specificity of 87.5% is 35/40")
    );
    assert_eq!(
        claim(&audit, "res.roc.dlco.sens").how,
        "No number of 21 patients (RP-ILD) gives it: 18/21 = 85.7% and 19/21 = 90.5%"
    );
    for id in ["res.roc.lung.sens", "res.roc.lung.spec", "res.roc.lung.auc", "res.roc.dlco.auc"] {
        assert_eq!(claim(&audit, id).verdict, Verdict::Consistent, "{id}");
    }
}

#[test]
fn p_values_of_counts_are_scipys() {
    let audit = audit();
    for (id, p) in [
        ("t1.bacterial.p", 0.03633831875393227), // fisher_exact([[7, 14], [4, 36]]).pvalue
        ("t1.node.p", 0.0015503198943984003),    // chi2_contingency([[14, 7], [10, 30]], correction=False).pvalue
        ("t1.sex.p", 0.7396191759218171),        // chi2_contingency([[8, 13], [17, 23]], correction=False).pvalue
        ("t1.mi2a.p", 0.540983606557377),        // fisher_exact([[0, 21], [2, 38]]).pvalue
        ("t1.pneumomediastinum.p", 1.0),         // fisher_exact([[1, 20], [1, 39]]).pvalue
        ("t1.adm.p", 0.3092506780209374),        // fisher_exact([[6, 15], [6, 34]]).pvalue
        ("t1.hilar.p", 0.01817339540170383),     // chi2_contingency([[11, 10], [9, 31]], correction=False).pvalue
    ] {
        let (low, high) = allowed(&audit, id);
        assert!(close(low, p) && low == high, "{id}: {low}");
        assert_eq!(claim(&audit, id).verdict, Verdict::Reproduced, "{id}");
    }
    assert_eq!(
        claim(&audit, "t1.bacterial.p").how,
        "Fisher's exact test on 7/21 and 4/40 gives 0.0363 (smallest expected count 3.79)"
    );
}

#[test]
fn p_values_of_means_are_scipys_over_the_corners_of_the_box() {
    let audit = audit();
    // ttest_ind_from_stats(mean ± 0.005, sd ± 0.005, 21, …, 40), smallest and largest p of the sixteen corners.
    for (id, low, high, verdict) in [
        ("t1.age.p", 0.35240965562314763, 0.3561971087198954, Verdict::Consistent),
        ("t1.fvc.p", 0.16471534627905426, 0.16622907843600246, Verdict::Consistent),
        ("t1.tlc.p", 0.044394030285397824, 0.05455004322725824, Verdict::Consistent),
        ("t1.dlco.p", 0.0003591085794646978, 0.0003671662794168386, Verdict::Reproduced),
        ("t1.lung.p", 6.775980212351996e-5, 0.0008944822887974751, Verdict::Reproduced),
    ] {
        let ends = allowed(&audit, id);
        assert!(close(ends.0, low) && close(ends.1, high), "{id}: {ends:?}");
        assert_eq!(claim(&audit, id).verdict, verdict, "{id}");
    }
}

#[test]
fn medians_are_not_recomputable_and_empty_rows_have_no_test() {
    let audit = audit();
    let ferritin = claim(&audit, "t1.ferritin.p");
    assert_eq!(ferritin.verdict, Verdict::NotRecomputable);
    assert_eq!(ferritin.how, "The Mann–Whitney test needs every patient's value; the paper prints quartiles");
    for id in ["t1.tuberculosis.p", "t1.pmscl100.p", "t1.tuberculosis.padj", "t1.pmscl100.padj"] {
        assert_eq!(claim(&audit, id).verdict, Verdict::Reproduced, "{id}");
    }
}

#[test]
fn the_test_of_counts_was_chosen_by_the_smallest_expected_count() {
    let audit = audit();
    let finding = finding(&audit, "Table 1: how the test of a row of counts was chosen");
    // On 2×2 tables one small expected count is a quarter of them, and Cochran's fifth is the same rule.
    assert_eq!(finding.explained_by.len(), 2);
    assert!(finding.explained_by[0].starts_with("Pearson's chi-square without correction where the smallest expected"));
    assert!(finding.explained_by[1].contains("Cochran"));
    assert_eq!(finding.explains.len(), 34);
    assert_eq!(finding.excludes.len(), 8);
    let observed = excluded(
        finding,
        "Pearson's chi-square without correction where every observed count is at least 5, else Fisher's exact test",
    );
    assert_eq!(observed.by, ["t1.ebv.p", "t1.adm.p"]);
    // chi2_contingency(…).expected_freq.min(): 4.131 for 6/21 and 6/40, 6.885 for 11/21 and 9/40.
    assert!(finding.finding.ends_with(
        "A line at any smallest expected count above 4.13 (t1.adm.p) and up to 6.89 (t1.hilar.p) would have chosen the \
         same tests."
    ));
    let always_fisher = excluded(finding, "Fisher's exact test on every row");
    assert_eq!(
        always_fisher.by,
        ["t1.sex.p", "t1.hilar.p", "t1.mda5.p", "t1.ro52.p", "t1.th_steroid.p", "t1.th_dmard.p", "t1.dm.p"]
    );
}

#[test]
fn the_t_test_pooled_the_variances() {
    let audit = audit();
    let finding = finding(&audit, "Table 1: which t test gave the p-values of the means");
    assert_eq!(finding.explained_by, ["Student's t with the pooled variance"]);
    assert_eq!(finding.explains.len(), 14);
    let welch = excluded(finding, "Welch's t with unequal variances");
    // With equal_var=False SciPy gives age 0.3631 to 0.3669, FVC 0.2023 to 0.2039, FEV1 0.0690 to 0.0697 and liver
    // 0.2935 to 0.4012 over the box; none holds the printed 0.354, 0.165, 0.062, 0.412.
    assert_eq!(welch.by, ["t1.age.p", "t1.fvc.p", "t1.fev1.p", "t1.liver.p"]);
}

#[test]
fn the_adjustment_was_fed_with_printed_p_values() {
    let audit = audit();
    let finding = finding(&audit, "Table 1: how the p-values were adjusted");
    assert_eq!(finding.explained_by, ["Benjamini–Hochberg in a family of 68, on the p-values as printed"]);
    assert_eq!(finding.explains.len(), 68);
    // By hand: 0.002 · 68/3 = 0.0453 prints as 0.045; unrounded, 0.00155 · 68/3 = 0.0351 does not.
    let unrounded = excluded(finding, "Benjamini–Hochberg in a family of 68, on the unrounded p-values");
    assert!(unrounded.by.contains(&"t1.node.padj".to_owned()));
    assert_eq!(unrounded.by.len(), 22);
    let with_empty_rows = excluded(finding, "Benjamini–Hochberg in a family of 70, on the p-values as printed");
    assert_eq!(with_empty_rows.by.len(), 47);
    for method in ["Benjamini–Yekutieli", "Holm", "Bonferroni"] {
        let name = format!("{method} in a family of 68, on any p-values that print so");
        assert!(excluded(finding, &name).by.contains(&"t1.node.padj".to_owned()), "{name}");
    }
    // 0.014 · 2/68: from 0.0135 · 2/68 = 0.000397 to 0.0145 · 2/68 = 0.000426.
    assert!(
        finding
            .finding
            .ends_with("For the largest of the 2 p-values printed as < 0.001, 0.000397 to 0.000426 was put in.")
    );
    assert_eq!(derived(&audit, "t1.fdr.size").value, 68.0);
    assert_eq!(claim(&audit, "t1.dlco.padj").verdict, Verdict::Consistent);
}

#[test]
fn a_half_went_up() {
    let audit = audit();
    let finding = finding(&audit, "How a value exactly between two prints was rounded");
    assert_eq!(finding.explained_by, ["half away from zero"]);
    assert_eq!(excluded(finding, "half to even").by, ["t2.2.rp"]);
}

#[test]
fn what_the_score_table_implies_is_derived() {
    let audit = audit();
    // DeLong from the placement values of np.repeat(range(4), counts), variances with ddof=1, norm.ppf(0.975).
    let auc = derived(&audit, "t2.auc");
    assert!(close(auc.value, 0.9053571428571429));
    assert!(close(auc.conf_low.unwrap(), 0.8357688556087682) && close(auc.conf_high.unwrap(), 0.9749454301055175));
    // binomtest(count, n).proportion_ci(method="wilson" or "exact")
    for (id, value, low, high) in [
        ("t2.sensitivity.wilson", 18.0 / 21.0, 0.6536393971937906, 0.9501898750027473),
        ("t2.specificity.wilson", 33.0 / 40.0, 0.6805000966821229, 0.9125458625396408),
        ("t2.ppv.wilson", 18.0 / 25.0, 0.5242339480963844, 0.8571614614904345),
        ("t2.npv.wilson", 33.0 / 36.0, 0.7817330875072737, 0.9712513886640066),
        ("t2.accuracy.wilson", 51.0 / 61.0, 0.7238716146826547, 0.9084398839432037),
        ("t2.sensitivity.clopper_pearson", 18.0 / 21.0, 0.636576012983019, 0.9695110323784835),
        ("t2.accuracy.clopper_pearson", 51.0 / 61.0, 0.719114954272785, 0.9184827159579824),
    ] {
        let found = derived(&audit, id);
        assert!(close(found.value, value), "{id}");
        assert!(close(found.conf_low.unwrap(), low) && close(found.conf_high.unwrap(), high), "{id}");
    }
    // contingency.odds_ratio([[14, 7], [10, 30]]), kind="conditional", and its confidence_interval().
    let odds_ratio = derived(&audit, "t1.node.odds_ratio");
    assert!(close(odds_ratio.value, 5.797993290075978));
    assert!(close(odds_ratio.conf_low.unwrap(), 1.6507119778770156));
    assert!(close(odds_ratio.conf_high.unwrap(), 22.527470362448163));
}

#[test]
fn the_text_agrees_with_the_tables() {
    let audit = audit();
    for id in
        ["abs.rp", "abs.lung.padj", "res.pm", "res.men", "res.rp", "res.dlm.auc", "res.dlm.npv", "res.dlm.zero_rp"]
    {
        assert_eq!(claim(&audit, id).verdict, Verdict::Reproduced, "{id}");
    }
    // The corners of the box of two means and two standard deviations, pooled over 21 and 40 patients.
    let age = claim(&audit, "res.age");
    assert_eq!(age.verdict, Verdict::Consistent);
    assert_eq!(age.recomputed.as_deref(), Some("56.717 to 56.727 ± 11.270 to 11.281"));
}

#[test]
fn the_audit_is_the_same_every_time() {
    let (first, second) = (audit().to_json().unwrap(), audit().to_json().unwrap());
    assert_eq!(first, second);
}
