//! Files of other programs, made by `tests/golden/make_files.py` and `make_sas.R`: all hold the same five patients.

use proptest::prelude::*;
use restudy_cohort::{Cohort, CohortError, Kind, ReadOptions, Source};

use crate::support::{days, labels, numbers};

const SAV: (&str, &[u8]) = ("cohort.sav", include_bytes!("../golden/cohort.sav"));
const ZSAV: (&str, &[u8]) = ("cohort.zsav", include_bytes!("../golden/cohort.zsav"));
const DTA: (&str, &[u8]) = ("cohort.dta", include_bytes!("../golden/cohort.dta"));
const SAS: (&str, &[u8]) = ("cohort.sas7bdat", include_bytes!("../golden/cohort.sas7bdat"));
const XLSX: (&str, &[u8]) = ("cohort.xlsx", include_bytes!("../golden/cohort.xlsx"));
const LABELLED: (&str, &[u8]) = ("labelled.sas7bdat", include_bytes!("../golden/labelled.sas7bdat"));
const CATALOGUE: &[u8] = include_bytes!("../golden/formats.sas7bcat");
const COMPRESSED: [(&str, &[u8]); 3] = [
    ("cohort_gzip.parquet", include_bytes!("../golden/cohort_gzip.parquet")),
    ("cohort_brotli.parquet", include_bytes!("../golden/cohort_brotli.parquet")),
    ("cohort_lz4.parquet", include_bytes!("../golden/cohort_lz4.parquet")),
];
const ZSTD: (&str, &[u8]) = ("cohort_zstd.parquet", include_bytes!("../golden/cohort_zstd.parquet"));
const PARQUET: (&str, &[u8]) = ("cohort.parquet", include_bytes!("../golden/cohort.parquet"));

fn read_with((file_name, bytes): (&str, &[u8]), sheet: Option<&str>, codebook: &str) -> Result<Cohort, CohortError> {
    let options = ReadOptions { sheet: sheet.map(str::to_owned), ..ReadOptions::default() };
    let codebook = Some(("codebook.toml", codebook));
    Cohort::read(&Source { file_name, bytes, options: &options, codebook, derive: &[], filters: &[] })
}

fn read(file: (&str, &[u8])) -> Cohort {
    read_with(file, None, "").unwrap()
}

/// What every program's file holds alike.
fn holds_the_five(cohort: &Cohort) {
    assert_eq!(cohort.patients(), 5);
    // Days from 1970-01-01 to 2020-01-31, 2019-02-28, nothing, 1969-12-31, 2000-02-29.
    assert_eq!(days(cohort, "seen"), [Some(18_292), Some(17_955), None, Some(-1), Some(11_016)]);
    let note = labels(cohort, "note").1;
    assert_eq!(note[0].as_deref(), Some("café au lait"));
    assert_eq!((note[1].as_deref(), note[3].as_deref()), (None, Some("β-blocker")));
}

fn sexes(cohort: &Cohort) -> (Vec<String>, Vec<Option<String>>) {
    let (levels, codes) = labels(cohort, "sex");
    assert_eq!(cohort.column("sex").unwrap().kind, Kind::Binary);
    (levels, codes)
}

#[test]
fn spss_files_bring_their_codebook() {
    for file in [SAV, ZSAV] {
        let cohort = read(file);
        holds_the_five(&cohort);
        assert_eq!(cohort.title(), Some("Five patients"));
        assert_eq!(cohort.column("age").unwrap().label, "Age");
        assert_eq!(numbers(&cohort, "age"), [Some(71.0), None, Some(64.0), None, Some(15.0)]);
        let missing = cohort.missingness("age", None).unwrap();
        assert_eq!(
            (missing.codes, missing.overall.by_code, missing.overall.empty),
            (vec!["-99".to_owned()], vec![1], 1)
        );
        let (levels, codes) = sexes(&cohort);
        assert_eq!(levels, ["Male", "Female"]);
        assert_eq!(codes[1].as_deref(), Some("Female"));
        let stage = cohort.column("stage").unwrap();
        assert_eq!(
            (stage.kind, labels(&cohort, "stage").0),
            (Kind::Ordinal, ["early", "middle", "late"].map(str::to_owned).to_vec())
        );
        // Only its ends are named.
        assert_eq!(cohort.column("pain").unwrap().kind, Kind::Continuous);
        assert_eq!(numbers(&cohort, "pain")[3], Some(7.0));
        // −1e-7 lies in the range of missing values.
        assert_eq!(numbers(&cohort, "ferritin"), [Some(636.5), Some(1500.25), Some(12.125), Some(0.1), None]);
        assert_eq!(labels(&cohort, "note").1[4], None);
        let long = labels(&cohort, "remarks").1;
        let expected = ["x".repeat(600), "y".repeat(252) + "zzzw", "short".to_owned(), "v".repeat(255)];
        let found: Vec<String> = long.into_iter().flatten().collect();
        assert_eq!(found, expected);
    }
}

#[test]
fn stata_files_bring_their_codebook() {
    let cohort = read(DTA);
    holds_the_five(&cohort);
    assert_eq!((cohort.title(), cohort.column("age").unwrap().label.as_str()), (Some("Five patients"), "Age"));
    assert_eq!(numbers(&cohort, "age"), [Some(71.0), None, Some(64.0), None, Some(15.0)]);
    let missing = cohort.missingness("age", None).unwrap();
    assert_eq!((missing.codes, missing.overall.by_code), (vec![".a".to_owned()], vec![1]));
    assert_eq!(sexes(&cohort).0, ["Male", "Female"]);
    assert_eq!(numbers(&cohort, "pain")[2], Some(10.0));
    assert_eq!(numbers(&cohort, "ferritin")[4], Some(-1e-7));
    assert_eq!(labels(&cohort, "remarks").1[0].as_ref().map(String::len), Some(600));
}

#[test]
fn sas_files_have_labels_and_dates() {
    let cohort = read(SAS);
    holds_the_five(&cohort);
    assert_eq!(cohort.column("age").unwrap().label, "Age");
    assert_eq!(numbers(&cohort, "ferritin")[3], Some(0.1));
}

#[test]
fn a_format_catalogue_has_the_labels_of_a_sas_file() {
    let with = |catalogue: Option<&[u8]>| {
        let options = ReadOptions { catalogue: catalogue.map(<[u8]>::to_vec), ..ReadOptions::default() };
        let (file_name, bytes) = LABELLED;
        Cohort::read(&Source { file_name, bytes, options: &options, codebook: None, derive: &[], filters: &[] })
    };
    let cohort = with(Some(CATALOGUE)).unwrap();
    let (levels, codes) = sexes(&cohort);
    assert_eq!(levels, ["Male", "Female"]);
    assert_eq!(
        codes.iter().map(|code| code.as_deref().unwrap()).collect::<Vec<_>>(),
        ["Male", "Female", "Male", "Female", "Female"]
    );
    assert_eq!(cohort.column("sex").unwrap().label, "Sex at birth");
    // Formats that the catalogue lacks leave the values as they are.
    assert_eq!(numbers(&cohort, "stage")[1], Some(3.0));
    assert_eq!(labels(&cohort, "arm").0, ["A", "B"]);
    // Without it the codes stand for themselves.
    assert_eq!(sexes(&with(None).unwrap()).0, ["1", "2"]);
    for broken in [&b"not a catalogue"[..], LABELLED.1, &CATALOGUE[..CATALOGUE.len() / 3], b""] {
        let error = with(Some(broken)).unwrap_err();
        assert!(error.to_string().contains("its format catalogue cannot be read"), "{error}");
    }
}

#[test]
fn parquet_is_read_in_whatever_rust_alone_decompresses() {
    let plain = read_with(PARQUET, None, "[columns.age]\nmissing = [-99]\n").unwrap();
    for file in COMPRESSED {
        let cohort = read_with(file, None, "[columns.age]\nmissing = [-99]\n").unwrap();
        holds_the_five(&cohort);
        assert_eq!(cohort.columns(), plain.columns(), "{}", file.0);
    }
    let error = read_with(ZSTD, None, "").unwrap_err().to_string();
    assert!(error.contains("write it with Snappy, gzip, Brotli, LZ4 or none"), "{error}");
}

/// What is known of the columns, written as a codebook, makes the same columns of the same file.
#[test]
fn the_codebook_that_a_file_brings_can_be_written_and_read() {
    for file in [SAV, DTA, SAS, XLSX, PARQUET] {
        let cohort = read(file);
        let codebook = cohort.columns_as_toml(&[]);
        let again = read_with(file, None, &codebook).unwrap();
        let described = |cohort: &Cohort| -> Vec<restudy_cohort::Column> {
            // What was guessed is now said, and so are decimals.
            let said = |column: &restudy_cohort::Column| restudy_cohort::Column {
                kind_inferred: false,
                decimals: None,
                ..column.clone()
            };
            cohort.columns().iter().map(said).collect()
        };
        assert_eq!(described(&again), described(&cohort), "{}\n{codebook}", file.0);
        for column in cohort.columns() {
            let of = |cohort: &Cohort| cohort.missingness(&column.name, None).unwrap();
            assert_eq!(of(&again), of(&cohort), "{}", file.0);
        }
    }
    let codebook = read(SAV).columns_as_toml(&["pain"]);
    for line in [
        "label = \"Sex at birth\"",
        "levels = [{ value = \"1\", label = \"Male\" }, { value = \"2\", label = \"Female\" }]",
        "missing = [\"-99\"]",
        "kind = \"ordinal\"",
        "format = \"%Y-%m-%d\"",
        "decimals = 3",
    ] {
        assert!(codebook.contains(line), "{line}\n{codebook}");
    }
    // Named to make groups, a number has its values as levels.
    let pain = codebook.split("[columns.\"pain\"]").nth(1).or_else(|| codebook.split("[columns.pain]").nth(1));
    assert!(pain.unwrap().lines().take(4).any(|line| line.starts_with("levels = ")), "{codebook}");
}

#[test]
fn workbooks_and_parquet_have_dates() {
    for file in [XLSX, PARQUET] {
        let cohort = read_with(file, None, "[columns.age]\nmissing = [-99]\n").unwrap();
        holds_the_five(&cohort);
        assert_eq!(numbers(&cohort, "age"), [Some(71.0), None, Some(64.0), None, Some(15.0)]);
        assert_eq!(numbers(&cohort, "ferritin")[0], Some(636.5));
    }
    let visits = read_with(XLSX, Some("visits"), "").unwrap();
    assert_eq!(days(&visits, "when"), [Some(18_292), Some(18_293)]);
}

#[test]
fn a_written_codebook_comes_first() {
    let codebook =
        "[columns.sex]\nlabel = \"Sex\"\n[columns.stage]\nkind = \"continuous\"\n[columns.age]\nmissing = [15]\n";
    let cohort = read_with(SAV, None, codebook).unwrap();
    assert_eq!((cohort.column("sex").unwrap().label.as_str(), sexes(&cohort).0.len()), ("Sex", 2));
    assert_eq!(numbers(&cohort, "stage")[1], Some(3.0));
    let missing = cohort.missingness("age", None).unwrap();
    assert_eq!((missing.codes, missing.overall.by_code), (vec!["15".to_owned(), "-99".to_owned()], vec![1, 1]));
}

#[test]
fn what_is_wrong_is_said_with_its_place_and_no_cell() {
    let refused = |file, sheet, codebook| read_with(file, sheet, codebook).unwrap_err();
    let error = refused(SAV, None, "[columns.pain]\nkind = \"binary\"\n");
    assert_eq!(error.to_string(), "cohort.sav:3: column `pain` is binary and holds a third value");
    let error = refused(XLSX, None, "[columns.age]\nkind = \"time\"\n");
    // The header stands in the sheet's second row.
    assert_eq!(error.to_string(), "cohort.xlsx:4: column `age` holds a negative time");
    let error = refused(XLSX, Some("patient"), "");
    assert_eq!(error.to_string(), "cohort.xlsx has no sheet `patient`");
    assert_eq!(error.hint().as_deref(), Some("did you mean `patients`?"));
}

const REDCAP: &str = "\"Variable / Field Name\",\"Form Name\",\"Section Header\",\"Field Type\",\"Field Label\",\
\"Choices, Calculations, OR Slider Labels\",\"Field Note\",\"Text Validation Type OR Show Slider Number\"
record_id,baseline,,text,Record,,,
sex,baseline,Demography,radio,<b>Sex</b> at birth,\"1, Male | 2, Female\",,
seen,baseline,,text,First seen,,,date_dmy
crp,baseline,,text,\"CRP, < 5 is normal\",,mg/L,number
signs,baseline,,checkbox,Signs,\"1, Fever | -9, Unknown\",,
alive,followup,,yesno,Alive,,,
not_exported,followup,,text,Not there,,,
";

#[test]
fn a_redcap_dictionary_is_a_codebook() {
    let data = "record_id,sex,seen,crp,signs___1,signs____9,alive,baseline_complete\n1,2,2020-01-31,12.5,1,0,1,2\n2,1,,,0,0,0,0\n";
    let cohort = read_with(("export.csv", data.as_bytes()), None, REDCAP).unwrap();
    assert_eq!(
        labels(&cohort, "sex"),
        (vec!["Male".into(), "Female".into()], vec![Some("Female".into()), Some("Male".into())])
    );
    let sex = cohort.column("sex").unwrap();
    assert_eq!((sex.label.as_str(), sex.heading.as_deref()), ("Sex at birth", Some("Demography")));
    assert_eq!(days(&cohort, "seen"), [Some(18_292), None]);
    assert_eq!(
        (cohort.column("crp").unwrap().label.as_str(), numbers(&cohort, "crp")[0]),
        ("CRP, < 5 is normal", Some(12.5))
    );
    let fever = cohort.column("signs___1").unwrap();
    assert_eq!((fever.label.as_str(), fever.kind), ("Signs: Fever", Kind::Binary));
    assert_eq!(cohort.column("signs____9").unwrap().label, "Signs: Unknown");
    assert_eq!(labels(&cohort, "alive").1, [Some("Yes".into()), Some("No".into())]);
    assert_eq!(labels(&cohort, "baseline_complete").1[0].as_deref(), Some("Complete"));
    let error = read_with(("export.csv", b"record_id,sex\n1,Male\n"), None, REDCAP).unwrap_err();
    assert!(error.to_string().contains("`1 = Male`") && !error.to_string().contains("\"Male\""), "{error}");
}

/// Memory is not asked for by a count of rows that a damaged head makes up: the program would end there.
#[test]
fn a_sas_file_does_not_count_more_rows_than_it_has_room_for() {
    let rows = read_with(SAS, None, "").unwrap().rows_read() as u64;
    let places = (0..SAS.1.len() - 8).filter(|place| SAS.1[*place..*place + 8] == rows.to_le_bytes());
    let refused = places.filter_map(|place| {
        let mut broken = SAS.1.to_vec();
        broken[place + 6] = 18;
        read_with((SAS.0, &broken), None, "").err()
    });
    assert!(refused.map(|error| error.to_string()).any(|error| error.contains("more rows than it has room for")));
}

proptest! {
    /// A damaged file is refused or read; nothing panics.
    #[test]
    fn damaged_files_end_with_a_message(file in 0_usize..6, cut in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), byte: u8) {
        let (name, bytes) = [SAV, ZSAV, DTA, SAS, XLSX, PARQUET][file];
        let mut broken = bytes.to_vec();
        let place = at.index(broken.len());
        broken[place] = byte;
        let _ = read_with((name, &broken), None, "");
        let _ = read_with((name, &bytes[..cut.index(bytes.len())]), None, "");
    }
}
