//! The schema admits the study files that there are and refuses what the reader refuses; the reference is in step.

use std::fs;
use std::path::Path;

use restudy_study::{DraftTable, draft, json_schema, reference};
use serde_json::Value;

/// As much of JSON Schema as ours uses.
fn valid(schema: &Value, value: &Value) -> Result<(), String> {
    if let Some(of) = schema.get("anyOf").and_then(Value::as_array) {
        let any = of.iter().any(|schema| valid(schema, value).is_ok());
        return if any { Ok(()) } else { Err(format!("{value} is none of them")) };
    }
    if let Some(wanted) = schema.get("const") {
        return if wanted == value { Ok(()) } else { Err(format!("{value} is not {wanted}")) };
    }
    if let Some(wanted) = schema.get("enum").and_then(Value::as_array) {
        return if wanted.contains(value) { Ok(()) } else { Err(format!("{value} is not among {wanted:?}")) };
    }
    let is = |kind: &str| match kind {
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "number" => value.is_number(),
        "integer" => value.is_u64() || value.is_i64(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("{other}"),
    };
    let fits = match &schema["type"] {
        Value::String(kind) => is(kind),
        Value::Array(kinds) => kinds.iter().any(|kind| is(kind.as_str().unwrap())),
        other => panic!("{other}"),
    };
    if !fits {
        return Err(format!("{value} is no {}", schema["type"]));
    }
    for item in value.as_array().into_iter().flatten() {
        valid(&schema["items"], item)?;
    }
    let Some(object) = value.as_object() else { return Ok(()) };
    for key in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
        if !object.contains_key(key.as_str().unwrap()) {
            return Err(format!("{key} is missing"));
        }
    }
    for (key, value) in object {
        match (schema.get("properties").and_then(|keys| keys.get(key)), &schema["additionalProperties"]) {
            (Some(schema), _) => valid(schema, value).map_err(|error| format!("{key}: {error}"))?,
            (None, Value::Bool(false)) => return Err(format!("no key {key}")),
            (None, schema) => valid(schema, value).map_err(|error| format!("{key}: {error}"))?,
        }
    }
    Ok(())
}

fn schema() -> Value {
    serde_json::from_str(&json_schema().unwrap()).unwrap()
}

fn check(text: &str) -> Result<(), String> {
    let value: toml::Value = toml::from_str(text).unwrap();
    valid(&schema(), &serde_json::to_value(value).unwrap())
}

#[test]
fn every_study_file_of_the_project_is_valid() {
    let reports = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../reports");
    let mut files = 0;
    for folder in fs::read_dir(reports).unwrap() {
        let path = folder.unwrap().path().join("study.toml");
        if let Ok(text) = fs::read_to_string(&path) {
            check(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            files += 1;
        }
    }
    assert!(files >= 3, "{files} study files");
}

#[test]
fn what_the_reader_refuses_is_not_valid() {
    const HEAD: &str = "[study]\nid = \"s\"\ntitle = \"S\"\n[data]\ntable = \"t.csv\"\n";
    for block in [
        "[[comparision]]\nid = \"a\"\nby = \"g\"\n",
        "[[comparison]]\nid = \"a\"\n",
        "[[comparison]]\nid = \"a\"\nby = \"g\"\nadjust = \"none\"\n",
        "[conventions]\nquartiles = 10\n",
        "[conventions]\npreset = \"r-3\"\n",
        "[[roc]]\nid = \"a\"\noutcome = \"g\"\nmarkers = [{ direction = \"lower\" }]\n",
    ] {
        let text = format!("{HEAD}{block}");
        assert!(check(&text).is_err(), "{block}");
    }
    assert_eq!(check(HEAD), Ok(()));
    assert_eq!(check(&format!("{HEAD}[conventions]\nquartiles = 6\nalpha = 0.01\n")), Ok(()));
}

/// How a table is read is declared by the cohort, and described here by hand.
#[test]
fn the_keys_of_read_are_those_of_the_reader() {
    let text = "[study]\nid = \"s\"\ntitle = \"S\"\n[data]\ntable = \"t.csv\"\nread = { nothing = 1 }\n";
    let error = restudy_study::Study::parse("study.toml", text).unwrap_err().to_string();
    let mut known: Vec<&str> = error.split('`').skip(1).step_by(2).skip(1).collect();
    known.sort_unstable();
    let schema = schema();
    let described = schema["properties"]["data"]["properties"]["read"]["properties"].as_object().unwrap();
    assert_eq!(described.keys().map(String::as_str).collect::<Vec<_>>(), known);
}

#[test]
fn study_file_md_holds_the_reference_of_keys() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/study-file.md");
    let text = fs::read_to_string(path).unwrap();
    let hint = "write what `restudy schema --format markdown` prints between the marks";
    let between = text.split_once("<!-- keys -->\n\n").and_then(|(_, rest)| rest.split_once("<!-- end of keys -->"));
    let (keys, _) = between.unwrap_or_else(|| panic!("no marks: {hint}"));
    assert!(keys == reference(), "docs/study-file.md is not in step: {hint}");
}

#[test]
fn a_draft_runs_as_it_is() {
    let tables: [(&str, &[u8], Option<&str>); 3] = [
        ("cmv.csv", include_bytes!("../../../../data/cmv/cmv.csv"), Some("cmv")),
        ("lung.csv", include_bytes!("../../../../data/lung/lung.csv"), Some("sex")),
        ("odd.csv", "a \"b\",=x,2\nNA,yes,1\n1,no,2\n2,\"<script>\",3\n".as_bytes(), None),
    ];
    for (name, bytes, by) in tables {
        let draft = draft((name, bytes), "first", name, by).unwrap();
        check(&draft.study).unwrap_or_else(|error| panic!("{name}: {error}\n{}", draft.study));
        let study = restudy_study::Study::parse("study.toml", &draft.study).unwrap();
        let cohort = study
            .cohort((name, bytes), Some(("codebook.toml", &draft.codebook)))
            .unwrap_or_else(|error| panic!("{name}: {error}\n{}", draft.codebook));
        let ledger = restudy_study::Plan::new(&study, &cohort).unwrap().run(&cohort, name);
        assert_eq!(ledger.analyses.len(), 1, "{name}\n{}", draft.study);
    }
    assert_eq!(draft(("cmv.csv", tables[0].1), "first", "cmv.csv", None).unwrap().missing, ["NA"]);
    drafts_of_other_programs();
    assert!(draft(("cmv.csv", tables[0].1), "first", "cmv.csv", Some("cmw")).is_err());
}

#[test]
fn the_schema_of_published_records_admits_those_there_are_and_no_other_key() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let schema = fs::read_to_string(root.join("docs/published-record.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let mut records = 0;
    for folder in fs::read_dir(root.join("data")).unwrap() {
        let path = folder.unwrap().path().join("published.toml");
        let Ok(text) = fs::read_to_string(&path) else { continue };
        let record = serde_json::to_value(toml::from_str::<toml::Value>(&text).unwrap()).unwrap();
        valid(&schema, &record).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let mut misspelt = record;
        misspelt["paper"]["titel"] = "a title".into();
        assert!(valid(&schema, &misspelt).is_err(), "{}", path.display());
        records += 1;
    }
    assert!(records >= 3, "{records} records");
}

/// Files of other programs bring their labels; the drafted codebook has them, and the study runs by it.
fn drafts_of_other_programs() {
    const SAS: &[u8] = include_bytes!("../../../restudy-cohort/tests/golden/labelled.sas7bdat");
    const CATALOGUE: &[u8] = include_bytes!("../../../restudy-cohort/tests/golden/formats.sas7bcat");
    const SAV: &[u8] = include_bytes!("../../../restudy-cohort/tests/golden/cohort.sav");
    const DTA: &[u8] = include_bytes!("../../../restudy-cohort/tests/golden/cohort.dta");
    const XLSX: &[u8] = include_bytes!("../../../restudy-cohort/tests/golden/cohort.xlsx");
    const PARQUET: &[u8] = include_bytes!("../../../restudy-cohort/tests/golden/cohort.parquet");
    let redcap = (
        "dictionary.csv",
        "\"Variable / Field Name\",\"Form Name\",\"Section Header\",\"Field Type\",\"Field Label\",\
         \"Choices, Calculations, OR Slider Labels\",\"Field Note\",\"Text Validation Type OR Show Slider Number\"\n\
         sex,base,Demography,radio,Sex at birth,\"1, Male | 2, Female\",,\ncrp,base,,text,CRP,,mg/L,number\n",
    );
    let labelled = "{ value = \"1\", label = \"Male\" }, { value = \"2\", label = \"Female\" }";
    let table = |name, bytes| DraftTable { name, bytes, ..DraftTable::default() };
    for (table, by, said) in [
        (table("cohort.sav", SAV), "sex", labelled),
        (table("cohort.dta", DTA), "sex", labelled),
        (
            DraftTable { catalogue: Some(("formats.sas7bcat", CATALOGUE)), ..table("labelled.sas7bdat", SAS) },
            "sex",
            labelled,
        ),
        (DraftTable { sheet: Some("patients"), ..table("cohort.xlsx", XLSX) }, "sex", "value = \"2\", label = \"2\""),
        (table("cohort.parquet", PARQUET), "sex", "value = \"2\", label = \"2\""),
        (
            DraftTable { dictionary: Some(redcap), ..table("export.csv", b"sex,crp\n1,12\n2,3.5\n2,4\n") },
            "sex",
            labelled,
        ),
    ] {
        let draft = restudy_study::draft_of(&table, "first", table.name, Some(by)).unwrap();
        let all = format!("{}\n{}", draft.study, draft.codebook);
        assert!(draft.codebook.contains(said), "{}\n{all}", table.name);
        check(&draft.study).unwrap_or_else(|error| panic!("{}: {error}\n{all}", table.name));
        let mut study = restudy_study::Study::parse("study.toml", &draft.study).unwrap();
        // What the command does with the file that the study names.
        study.file.data.read.catalogue = table.catalogue.map(|(_, bytes)| bytes.to_vec());
        let cohort = study
            .cohort((table.name, table.bytes), Some(("codebook.toml", &draft.codebook)))
            .unwrap_or_else(|error| panic!("{}: {error}\n{all}", table.name));
        let ledger = restudy_study::Plan::new(&study, &cohort).unwrap().run(&cohort, table.name);
        assert_eq!(ledger.analyses.len(), 1, "{all}");
    }
    let table = DraftTable { dictionary: Some(redcap), ..table("export.csv", b"sex,crp\n1,12\n2,3.5\n") };
    let codebook = restudy_study::draft_of(&table, "first", "export.csv", None).unwrap().codebook;
    assert!(codebook.contains("label = \"CRP\"") && codebook.contains("heading = \"Demography\""), "{codebook}");
}
