//! Numbers for a manuscript: the same number in each house's words.

use restudy_ledger::PathError;
use restudy_report::{Style, cite};

use crate::protocol::protocol;

fn cited(path: &str, style: &str) -> String {
    cite(&protocol(), path, Style::named(style)).unwrap()
}

#[test]
fn an_estimate_brings_its_interval() {
    for (style, text) in [
        ("default", "0.905 (95% CI 0.836–0.975)"),
        ("two-significant", "0.91 (95% CI 0.84–0.97)"),
        ("lancet", "0·91 (95% CI 0·84–0·97)"),
        ("nejm", "0.91 (95% CI, 0.84 to 0.97)"),
        ("jama", "0.91 (95% CI, 0.84-0.97)"),
    ] {
        assert_eq!(cited("score-performance/auc", style), text);
    }
    assert_eq!(cited("logistic/node#multivariable/odds_ratio", "default"), "9.48 (95% CI 1.61–55.84)");
    assert_eq!(cited("pairs/lung~dlco/r", "jama"), "−0.09 (95% CI, −0.35 to 0.19)");
    assert_eq!(cited("roc/lung/sensitivity", "default"), "95.2% (95% CI 76.2–99.9)");
    assert_eq!(cited("survival/followup_days@RP-ILD!90/survival", "lancet"), "57·1% (95% CI 33·8–74·9)");
    assert_eq!(cited("survival/followup_days@RP-ILD/median_survival", "default"), "261 (95% CI 75–∞)");
}

#[test]
fn a_number_brings_what_belongs_to_it() {
    for (path, text) in [
        ("table1/age/p_value", "P = 0.354"),
        ("table1/lung/p_value", "P < 0.001"),
        ("table1/lung/p_adjusted", "P = 0.014"),
        ("table1/age@RP-ILD/mean", "54.86 ± 11.72"),
        ("table1/age@RP-ILD/sd", "11.72"),
        ("table1/course@RP-ILD/median", "2.00 (1.00, 2.75)"),
        ("table1/bacterial@RP-ILD/count", "7 (33.3%)"),
        ("score-performance/auc.conf_low", "0.836"),
        ("validation/dlm/auc.optimism", "0.021"),
        ("logistic/group#multivariable/aic", "40.12"),
        ("logistic/group#multivariable/n", "52"),
        ("roc/lung/cutoff", "0.454"),
    ] {
        assert_eq!(cited(path, "default"), text, "{path}");
    }
    assert_eq!(cited("table1/tlc/p_value", "lancet"), "p=0·049");
    assert_eq!(cited("table1/tlc/p_value", "jama"), "P=.049");
}

/// The study's own style is used where none is asked for, and its rounding rule in any.
#[test]
fn the_study_has_a_style() {
    let mut ledger = protocol();
    ledger.study.style = "lancet".to_owned();
    assert_eq!(cite(&ledger, "score-performance/auc", None).unwrap(), "0·91 (95% CI 0·84–0·97)");
}

#[test]
fn what_does_not_exist_says_why() {
    let text = cited("cox/lung#multivariable/hazard_ratio", "default");
    assert_eq!(text, "— (the likelihood has no maximum: separation)");
    assert!(matches!(cite(&protocol(), "table1/age/mean", None), Err(PathError::Nothing { .. })));
    assert!(matches!(cite(&protocol(), "score/cutoff", None), Err(PathError::Several { .. })));
}
