//! Missing values imputed in a study file's models, on the lung cohort, against mice (`tests/golden/imputation.R`). That the
//! pooling is exact on shared completed data is shown in restudy-stats (`tests/golden/pooling.R`).

use restudy_study::{Ledger, Plan, Study, StudyError};
use serde_json::Value;

const TABLE: &[u8] = include_bytes!("../../../../data/lung/lung.csv");
const CODEBOOK: &str = include_str!("../../../../data/lung/codebook.toml");

fn study(blocks: &str) -> String {
    format!(
        "[study]\nid = \"lung\"\ntitle = \"Lung\"\nseed = 7\n\n[data]\ntable = \"lung.csv\"\ncodebook = \"c.toml\"\n\n{blocks}"
    )
}

fn plan(blocks: &str) -> Result<(Plan, restudy_study::Cohort), StudyError> {
    let study = Study::parse("study.toml", &study(blocks))?;
    let cohort = study.cohort(("lung.csv", TABLE), Some(("c.toml", CODEBOOK)))?;
    Ok((Plan::new(&study, &cohort)?, cohort))
}

fn run(blocks: &str) -> Ledger {
    let (plan, cohort) = plan(blocks).unwrap();
    plan.run(&cohort, "lung.csv")
}

fn refused(blocks: &str) -> String {
    plan(blocks).map(|_| ()).unwrap_err().to_string()
}

fn number(ledger: &Ledger, path: &str) -> f64 {
    ledger.find(path).unwrap_or_else(|error| panic!("{error}: {:?}", error.hint())).value.number().unwrap()
}

const COX: &str = "[[cox]]\nid = \"cox\"\ntime = \"time\"\noutcome = \"status\"\nunivariable = false\n";
const LOGISTIC: &str = "[[logistic]]\nid = \"logistic\"\noutcome = \"status\"\nunivariable = false\n";
const TERMS: &str = "terms = [\"age\", \"sex\", \"pat.karno\", \"meal.cal\", \"wt.loss\"]\n";
const IMPUTED: &str = "missing = { method = \"multiple-imputation\", imputations = 20 }\n";

#[test]
fn it_agrees_with_mice_in_distribution() {
    let golden: Value = serde_json::from_str(include_str!("../golden/imputation.json")).unwrap();
    let m = golden["m"].as_f64().unwrap();
    let imputed = IMPUTED.replace("20", "500");
    let ledger = run(&format!("{COX}{TERMS}{imputed}\n{LOGISTIC}{TERMS}{imputed}"));
    for (block, first) in [("cox", 0), ("logistic", 1)] {
        for (place, term) in ["age", "sex:Female", "pat.karno", "meal.cal", "wt.loss"].iter().enumerate() {
            let path = |stat: &str| format!("{block}/{term}#multivariable/{stat}");
            let of = |name: &str| golden[block][name][first + place].as_f64().unwrap();
            // Two pooled estimates of m imputations each differ by their Monte Carlo error.
            let error = (of("between") * 2.0 / m).sqrt();
            let found = number(&ledger, &path("estimate"));
            assert!(
                (found - of("estimate")).abs() < 4.5 * error,
                "{block} {term}: {found} {} ± {error}",
                of("estimate")
            );
            let found = number(&ledger, &path("estimate.std_error")) / of("std_error");
            assert!((found - 1.0).abs() < 0.02, "{block} {term}: standard errors as {found}");
            assert!((number(&ledger, &path("missing_information")) - of("fmi")).abs() < 0.06, "{block} {term}");
            assert!((number(&ledger, &path("df")) / of("df") - 1.0).abs() < 0.15, "{block} {term}");
        }
        assert_eq!(number(&ledger, &format!("{block}/status#multivariable/n")), 228.0);
    }
    assert_eq!(ledger.seed, Some(7));
    let notes = &ledger.analysis("cox").unwrap().notes;
    for part in [
        "of 228 patients were imputed 500 times",
        "seed 7",
        "the event, the Nelson–Aalen cumulative hazard at its time, all terms",
        "(47 missing) by predictive mean matching",
        "Barnard and Rubin",
    ] {
        assert!(notes.iter().any(|note| note.contains(part)), "{part}: {notes:?}");
    }
}

/// Where nothing is missing, the pooled model is the model, with Barnard and Rubin's degrees of freedom of complete data:
/// (ν + 1) ν / (ν + 3), ν the events less the coefficients.
#[test]
fn without_a_gap_it_is_the_model() {
    let terms = "terms = [\"age\", \"sex\"]\n";
    let (pooled, plain) = (run(&format!("{COX}{terms}{IMPUTED}")), run(&format!("{COX}{terms}")));
    for path in ["cox/age#multivariable/estimate", "cox/age#multivariable/estimate.std_error"] {
        assert!((number(&pooled, path) - number(&plain, path)).abs() < 1e-14, "{path}");
    }
    assert_eq!(
        number(&plain, "cox/age#multivariable/hazard_ratio"),
        number(&pooled, "cox/age#multivariable/hazard_ratio")
    );
    let complete: f64 = 165.0 - 2.0;
    let df = (complete + 1.0) * complete / (complete + 3.0);
    assert!((number(&pooled, "cox/age#multivariable/df") - df).abs() < 1e-9);
}

#[test]
fn a_term_of_several_levels_has_a_pooled_test_and_the_seed_makes_it_all() {
    let blocks = format!(
        "{COX}terms = [\"ph.ecog\", \"pat.karno\"]\nwithin = {{ \"ph.ecog\" = [\"Asymptomatic\", \"Symptomatic, ambulatory\", \
         \"In bed less than half of the day\"] }}\n{}",
        IMPUTED.replace("imputations", "with = [\"meal.cal\", \"wt.loss\"], seed = 3, imputations")
    );
    let [first, second] = [run(&blocks), run(&blocks)];
    assert_eq!(first, second);
    let whole_term = |name: &str| {
        let rows = first.rows.iter().filter(|row| row.variable == "ph.ecog" && row.level.is_none());
        let mut rows = rows.filter(|row| row.model.as_deref() == Some("multivariable") && row.stat.name() == name);
        rows.find(|row| row.procedure.as_deref() == Some("pooled_wald")).unwrap().value.number().unwrap()
    };
    assert_eq!(whole_term("df"), 2.0);
    assert!(whole_term("df_denominator") > 4.0);
    assert!(whole_term("p_value") < 0.05);
    let other = run(&blocks.replace("seed = 3", "seed = 4"));
    assert_ne!(first.rows, other.rows);
    let (plan, _) = plan(&blocks).unwrap();
    let text = plan.to_text();
    assert!(
        text.contains(
            "missing values: 20 imputations by chained equations, 10 rounds, 5 donors, seed 3; with meal.cal"
        ),
        "{text}"
    );
}

#[test]
fn what_cannot_be_pooled_is_refused() {
    let message = refused(&format!("{COX}{TERMS}{IMPUTED}select = \"backward-aic\"\n"));
    assert!(message.contains("a stepwise selection on imputed values"), "{message}");
    let message =
        refused(&format!("[conventions]\nmodel-inference = \"likelihood-ratio\"\n\n{LOGISTIC}{TERMS}{IMPUTED}"));
    assert!(message.contains("profile-likelihood intervals are not pooled"), "{message}");
    let with = |names: &str| IMPUTED.replace("imputations", &format!("with = [{names}], imputations"));
    let message = refused(&format!("{COX}{TERMS}{}", with("\"age\"")));
    assert!(message.contains("`age` is in the imputation model as it is"), "{message}");
    let message = refused(&format!("{COX}{TERMS}{}", with("\"agee\"")));
    assert!(message.contains("no column `agee`"), "{message}");
    let message = refused(&format!("{COX}{TERMS}{}", IMPUTED.replace("20", "1")));
    assert!(message.contains("`imputations` is a number from 2"), "{message}");
    assert!(Study::parse("s", &study(&format!("{COX}{TERMS}missing = \"complete-cases\"\n"))).is_err());
    assert!(plan(&format!("{COX}{TERMS}missing = \"complete-case\"\n")).is_ok());
}
