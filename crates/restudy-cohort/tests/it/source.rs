//! Read options as a study file writes them.

use restudy_cohort::ReadOptions;

#[test]
fn options_are_read_from_kebab_case_and_refuse_the_rest() {
    let options: ReadOptions =
        toml::from_str("delimiter = ';'\nquote = \"'\"\ndecimal-comma = true\nencoding = 'gbk'\nsheet = 'patients'")
            .unwrap();
    let expected = ReadOptions {
        delimiter: Some(';'),
        quote: Some('\''),
        decimal_comma: true,
        encoding: Some("gbk".to_owned()),
        sheet: Some("patients".to_owned()),
        catalogue: None,
    };
    assert_eq!(options, expected);
    assert_eq!(toml::from_str::<ReadOptions>("").unwrap(), ReadOptions::default());
    for text in ["decimal_comma = true", "delimiter = ',,'", "delimeter = ','"] {
        assert!(toml::from_str::<ReadOptions>(text).is_err(), "{text}");
    }
}
