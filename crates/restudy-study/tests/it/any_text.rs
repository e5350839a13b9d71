//! No study file makes the tool panic.

use proptest::prelude::*;
use restudy_study::{Plan, Study};

const TABLE: &[u8] = b"age,arm\n50,control\n60,treated\n55,control\n66,treated\n";
const STUDY: &str = include_str!("../../../../reports/lung/study.toml");

/// Parses, and carries out what parses.
fn attempt(text: &str) {
    if let Ok(study) = Study::parse("study.toml", text)
        && let Ok(cohort) = study.cohort(("table.csv", TABLE), None)
        && let Ok(plan) = Plan::new(&study, &cohort)
    {
        let _ = plan.to_text();
        let _ = plan.run(&cohort, "table.csv").to_json().unwrap();
    }
}

/// A study of the small table with one word of each choice replaced by any.
fn small() -> impl Strategy<Value = String> {
    let word = "[a-z-]{0,12}";
    (word, word, word, "age|arm|[a-z]{1,4}", "age|arm|[a-z]{1,4}", "[ -~]{0,20}").prop_map(
        |(key, value, test, by, row, sql)| {
            format!(
                "[study]\nid = \"s\"\ntitle = \"t\"\n[data]\ntable = \"t.csv\"\n[[data.derive]]\nname = \"d\"\nsql = '''{sql}'''\n\
                 [conventions]\n\"{key}\" = \"{value}\"\n[[comparison]]\nid = \"c\"\nby = \"{by}\"\nrows = [\"{row}\"]\n\
                 test = {{ {row} = \"{test}\" }}\n"
            )
        },
    )
}

proptest! {
    #[test]
    fn any_text_at_all(text in "\\PC*") {
        attempt(&text);
    }

    #[test]
    fn a_study_with_a_piece_cut_out(start in 0usize..STUDY.len(), length in 0usize..200) {
        let end = (start + length).min(STUDY.len());
        if let (Some(before), Some(after)) = (STUDY.get(..start), STUDY.get(end..)) {
            attempt(&format!("{before}{after}"));
        }
    }

    #[test]
    fn a_study_with_words_replaced(text in small()) {
        attempt(&text);
    }
}
