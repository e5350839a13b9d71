//! 158 points with decimal arguments, `tests/golden/special.json`.

use restudy_stats::dist::{Beta, Binomial, ChiSquare, FisherF, Hypergeometric, Normal, StudentT};
use restudy_stats::special::ln_gamma;
use serde_json::Value;

use super::close::{STANDARD, relative_error};

/// An argument is rounded to the nearest double; this moves no value here by as much as the standard.
fn number(value: &Value) -> f64 {
    match value {
        Value::String(text) => text.parse().unwrap(),
        other => other.as_f64().unwrap(),
    }
}

#[test]
fn every_point() {
    let golden: Value = serde_json::from_str(include_str!("../../golden/special.json")).unwrap();
    let mut misses = Vec::new();
    let mut points = 0;
    for (kind, rows) in golden.as_object().unwrap() {
        let Some(rows) = rows.as_array() else { continue };
        for row in rows {
            let get = |key: &str| number(&row[key]);
            let whole = |key: &str| get(key) as u64;
            let pairs: Vec<(f64, &str)> = match kind.as_str() {
                "normal_upper_tail" => vec![(Normal.upper_tail(get("x")), "p")],
                "student_t_upper_tail" => vec![(StudentT::new(get("df")).unwrap().upper_tail(get("t")), "p")],
                "chi_square_upper_tail" => vec![(ChiSquare::new(get("df")).unwrap().upper_tail(get("x")), "p")],
                "f_upper_tail" => vec![(FisherF::new(get("df1"), get("df2")).unwrap().upper_tail(get("x")), "p")],
                "hypergeometric" => {
                    let (n, k) = (whole("N_population"), whole("k"));
                    let x = Hypergeometric::new(n, whole("K_successes_in_population"), whole("n_draws")).unwrap();
                    vec![(x.mass(k), "pmf"), (x.upper_tail(k), "p_ge_k"), (x.lower_tail(k), "p_le_k")]
                }
                "binomial" => {
                    let x = Binomial::new(whole("n"), get("p")).unwrap();
                    vec![(x.upper_tail(whole("k")), "p_ge_k"), (x.lower_tail(whole("k")), "p_le_k")]
                }
                "clopper_pearson" => {
                    let (x, n) = (get("x"), get("n"));
                    let tail = (1.0 - get("conf_level")) / 2.0;
                    let low = if x == 0.0 { 0.0 } else { Beta::new(x, n - x + 1.0).unwrap().lower_quantile(tail) };
                    let high = if x == n { 1.0 } else { Beta::new(x + 1.0, n - x).unwrap().upper_quantile(tail) };
                    vec![(low, "low"), (high, "high")]
                }
                "normal_upper_quantile" => vec![(Normal.upper_quantile(get("upper_p")), "x")],
                "student_t_upper_quantile" => {
                    vec![(StudentT::new(get("df")).unwrap().upper_quantile(get("upper_p")), "t")]
                }
                "chi_square_upper_quantile" => {
                    vec![(ChiSquare::new(get("df")).unwrap().upper_quantile(get("upper_p")), "x")]
                }
                "f_upper_quantile" => {
                    vec![(FisherF::new(get("df1"), get("df2")).unwrap().upper_quantile(get("upper_p")), "x")]
                }
                "beta_cdf" => vec![(Beta::new(get("a"), get("b")).unwrap().lower_tail(get("x")), "p")],
                "log_gamma" => vec![(ln_gamma(get("x")), "value")],
                other => panic!("no such kind: {other}"),
            };
            points += 1;
            for (obtained, key) in pairs {
                let expected = get(key);
                let error = relative_error(obtained, expected);
                if error > STANDARD {
                    misses.push(format!("{kind} {row}: {key} = {obtained:e}, off by {error:e}"));
                }
            }
        }
    }
    assert_eq!(points, 158);
    assert!(misses.is_empty(), "{}", misses.join("\n"));
}
