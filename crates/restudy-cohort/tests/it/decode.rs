//! Encodings.

use encoding_rs::{GBK, WINDOWS_1252};
use restudy_cohort::CohortError;

use crate::support::{labels, table};

const TEXT: &str = "name,größe\nJosé,1\nZoë,2\nZoë,3\n";

fn utf16(text: &str, big: bool) -> Vec<u8> {
    text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
}

fn names(bytes: &[u8], encoding: Option<&str>) -> Vec<Option<String>> {
    let mut given = table(bytes);
    if let Some(label) = encoding {
        given = given.encoding(label);
    }
    let cohort = given.cohort();
    assert!(cohort.column("größe").is_ok());
    labels(&cohort, "name").1
}

#[test]
fn every_way_to_write_a_text_reads_the_same() {
    let expected = ["José", "Zoë", "Zoë"].map(|name| Some(name.to_owned())).to_vec();
    let marked = |mark: &[u8], body: &[u8]| [mark, body].concat();
    assert_eq!(names(TEXT.as_bytes(), None), expected);
    assert_eq!(names(&marked(b"\xEF\xBB\xBF", TEXT.as_bytes()), None), expected);
    assert_eq!(names(&marked(b"\xFF\xFE", &utf16(TEXT, false)), None), expected);
    assert_eq!(names(&marked(b"\xFE\xFF", &utf16(TEXT, true)), None), expected);
    assert_eq!(names(&utf16(TEXT, false), Some("utf-16le")), expected);
    assert_eq!(names(&utf16(TEXT, true), Some("UTF-16BE")), expected);
    assert_eq!(names(&WINDOWS_1252.encode(TEXT).0, Some("windows-1252")), expected);
    // A mark wins over what is declared.
    assert_eq!(names(&marked(b"\xEF\xBB\xBF", TEXT.as_bytes()), Some("windows-1252")), expected);
}

#[test]
fn a_declared_gbk_table_reads() {
    let bytes = GBK.encode("性别,n\n男,1\n女,2\n").0.into_owned();
    let cohort = table(bytes).encoding("gbk").cohort();
    assert_eq!(labels(&cohort, "性别").0, ["女", "男"]); // U+5973, U+7537
}

#[test]
fn undeclared_bytes_that_are_not_utf8_are_refused_where_they_stand() {
    let bytes = b"name,n\nAnna,1\nJos\xE9,2\n";
    let error = table(bytes).error();
    assert_eq!(
        error,
        CohortError::NotText { file: "t.csv".into(), line: 3, byte: 17, encoding: "UTF-8", declared: false }
    );
    assert_eq!(error.to_string(), "t.csv:3: byte 17 of the file is not UTF-8 text");
    assert!(error.hint().unwrap().contains("encoding = \"windows-1252\""));
}

#[test]
fn a_wrong_declaration_is_refused_where_it_fails() {
    // 0xFF begins no character of GBK.
    let error = table(b"a,b\r\n1,\xFF2\r\n").encoding("gbk").error();
    assert!(matches!(error, CohortError::NotText { line: 2, byte: 7, encoding: "GBK", declared: true, .. }), "{error}");
    // Half a unit of UTF-16 at the end.
    let mut bytes = utf16("a\n1\n", false);
    bytes.push(b'x');
    let error = table(bytes).encoding("utf-16le").error();
    assert!(matches!(error, CohortError::NotText { line: 3, byte: 8, .. }), "{error}");
}

#[test]
fn an_unknown_encoding_is_refused_with_the_nearest() {
    let error = table("a\n1\n").encoding("windows-1225").error();
    assert!(error.hint().unwrap().contains("`windows-1252`"));
    // Labels that the web maps to a decoder which replaces everything are no encodings.
    assert!(matches!(table("a\n1\n").encoding("iso-2022-kr").error(), CohortError::UnknownEncoding { .. }));
}

#[test]
fn utf16_without_a_mark_and_workbooks_are_told() {
    let error = table(utf16("a,b\n1,2\n", false)).error();
    assert!(matches!(error, CohortError::NulByte { line: 1, .. }), "{error}");
    assert!(error.hint().unwrap().contains("utf-16le"));
    let error = table(b"a,b\n1,2\n3,\0\n").error();
    assert!(matches!(error, CohortError::NulByte { line: 3, .. }), "{error}");
    for bytes in [&b"PK\x03\x04\0\0"[..], b"PK\x03\x04\xFF\xFE\xFD"] {
        assert!(matches!(table(bytes).error(), CohortError::Damaged { program: "workbook", .. }));
    }
}
