//! `restudy sample-size` on the examples of the packages that statisticians use for it.

use serde_json::Value;

use crate::commands::{restudy, root, text};

fn answer(arguments: &[&str]) -> Value {
    let output = restudy(&root(), &[&["sample-size"], arguments, &["--format", "json"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// The sizes that the criteria ask for.
fn sizes(answer: &Value) -> Vec<u64> {
    answer["criteria"].as_array().unwrap().iter().map(|criterion| criterion["n"].as_u64().unwrap()).collect()
}

#[test]
fn the_example_of_pmsampsize() {
    let answer = answer(&["develop", "--parameters", "24", "--prevalence", "0.174", "--r2-cox-snell", "0.288"]);
    assert_eq!((sizes(&answer), answer["n"].as_u64()), (vec![623, 662, 221], Some(662)));
}

#[test]
fn its_example_of_a_survival_model() {
    let follow_up = ["--rate", "0.065", "--mean-follow-up", "2.07", "--time", "2"];
    let answer = answer(&[&["develop", "--parameters", "25", "--r2-cox-snell", "0.051"], &follow_up[..]].concat());
    assert_eq!((&sizes(&answer)[..2], answer["n"].as_u64()), (&[4286, 866][..], Some(4286)));
}

#[test]
fn the_example_of_pmvalsampsize() {
    let expected = ["--prevalence", "0.018", "--c-statistic", "0.8", "--oe-width", "1", "--se-step", "0.0001"];
    let answer = answer(&[&["validate", "--lp-normal", "-5", "2.5"], &expected[..]].concat());
    assert_eq!((sizes(&answer)[0], sizes(&answer)[2]), (905, 4252));
}

#[test]
fn a_survival_model_is_validated_by_its_risk_and_its_c_index() {
    let settings = ["validate-survival", "--risk", "0.2", "--lost", "0.3"];
    let by_spread = answer(&[&settings[..], &["--lp-sd", "1"]].concat());
    // The C index by a time with a risk of 0.2 of a standard deviation of 1, by R's integrals.
    let by_index = answer(&[&settings[..], &["--c-index", "0.7471002"]].concat());
    let spread = by_index["numbers"]["linear predictor's sd"].as_f64().unwrap();
    assert!((spread - 1.0).abs() < 1e-4, "{spread}");
    // Of 4,000 and a slope of variance 14.3 / n: (0.2 / 3.92)² needs some 5,500 at a spread of 0.8, and fewer at one of 1.
    let [ratio, slope, index] = sizes(&by_spread)[..] else { panic!("{by_spread}") };
    assert!(slope > ratio && slope > index && (3_500..5_500).contains(&slope), "{by_spread}");
    assert_eq!(by_spread["n"].as_u64(), Some(slope));
}

#[test]
fn what_decides_is_marked() {
    let output = restudy(&root(), &["sample-size", "validate", "--prevalence", "0.344", "--c-statistic", "0.9"]);
    let output = text(&output.stdout);
    assert_eq!(output.lines().filter(|line| line.contains(" * ")).count(), 1, "{output}");
    assert!(output.contains("patients needed"));
}

#[test]
fn what_cannot_be_is_said_in_one_sentence() {
    let arguments = ["sample-size", "develop", "--parameters", "24", "--prevalence", "1.2", "--c-statistic", "0.8"];
    let output = restudy(&root(), &arguments);
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("`prevalence` = 1.2 is not allowed"), "{}", text(&output.stderr));
}
