//! No input makes the crate panic; what is written reads back; the flow adds up.

use encoding_rs::{GBK, WINDOWS_1252};
use proptest::prelude::*;
use restudy_cohort::{Cohort, CohortError, ReadOptions, Values};

use crate::support::{Given, table};

const CODEBOOK: &str = "[dataset]\nmissing = ['NA', 999]\n[columns.a]\nkind = 'continuous'\n\
                        [columns.b]\nlevels = [{ value = 1, label = 'x' }, { value = 2, label = 'y' }]\n\
                        [columns.c]\nkind = 'date'\nformat = '%d/%m/%Y'\n[columns.d]\nevent = 1\n";

const TABLE: &str = "a,b,c,d,ph.ecog,name\n1,1,01/02/2020,1,0,x\n2.5,2,03/04/2021,0,1,y\n,,,,,\n999,NA,NA,NA,2,z\n";

/// Whether every column and the flow have as many values as they should.
fn consistent(cohort: &Cohort) -> bool {
    let mut patients = cohort.rows_read();
    let steps = cohort.flow().iter().all(|step| {
        let adds_up = step.before == patients && step.after + step.dropped == step.before;
        patients = step.after;
        // Who is undetermined has been dropped by `keep`, and has stayed with `exclude`.
        adds_up && step.undetermined <= if step.keep { step.dropped } else { step.after }
    });
    steps
        && patients == cohort.patients()
        && cohort.columns().iter().all(|column| {
            let missing = cohort.missingness(&column.name, None).unwrap().overall;
            let values = match &column.values {
                Values::Numbers(values) => {
                    assert!(values.iter().flatten().all(|value| value.is_finite()));
                    values.iter().flatten().count()
                }
                Values::Levels { levels, codes } => {
                    assert!(codes.iter().flatten().all(|code| (*code as usize) < levels.len()));
                    codes.iter().flatten().count()
                }
                Values::Dates(days) => days.iter().flatten().count(),
            };
            column.values.len() == patients
                && missing.n == values
                && missing.n + missing.n_missing == patients
                && missing.n_missing == missing.empty + missing.undetermined + missing.by_code.iter().sum::<usize>()
        })
}

/// Reads; an error must say something, a cohort be consistent.
fn survives(given: &Given) -> Result<(), TestCaseError> {
    match given.read() {
        Ok(cohort) => prop_assert!(consistent(&cohort)),
        Err(error) => {
            prop_assert!(!error.to_string().is_empty());
            prop_assert!(error.hint().is_none_or(|hint| !hint.is_empty()));
        }
    }
    Ok(())
}

/// Text that is often nearly a table.
fn tablish() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a",
        "b",
        "ph.ecog",
        ",",
        ",",
        ";",
        "\t",
        "\n",
        "\n",
        "\r\n",
        "\r",
        "\"",
        "\"\"",
        "1",
        "2.5",
        "12,5",
        "NA",
        "x",
        " ",
        "2020-01-31",
        "1e999",
        "NaN",
        "-",
        "é",
        "\u{feff}",
        "\u{1f}",
        "\0",
        "",
    ]);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

fn options() -> impl Strategy<Value = ReadOptions> {
    let encoding =
        prop::option::of(prop::sample::select(vec!["utf-8", "gbk", "windows-1252", "utf-16le", "replacement", "x"]));
    (prop::option::of(any::<char>()), prop::option::of(any::<char>()), any::<bool>(), encoding).prop_map(
        |(delimiter, quote, decimal_comma, encoding)| ReadOptions {
            delimiter,
            quote,
            decimal_comma,
            encoding: encoding.map(str::to_owned),
            sheet: None,
            catalogue: None,
        },
    )
}

/// Text that is often nearly a codebook.
fn codebookish() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "[dataset]",
        "[columns]",
        "[columns.a]",
        "[columns.b]",
        "[columns.ph.ecog]",
        "[columns.'ph.ecog']",
        "\n",
        "\n",
        "\n",
        " = ",
        "=",
        "kind",
        "label",
        "levels",
        "missing",
        "event",
        "format",
        "decimals",
        "'continuous'",
        "'event'",
        "'binary'",
        "'date'",
        "[1, 2]",
        "['x']",
        "[{ value = 1, label = 'x' }, 2]",
        "[",
        "]",
        "{",
        "}",
        "1",
        "2.5",
        "inf",
        "nan",
        "0x1F",
        "true",
        "2020-01-31",
        "'%Y'",
        "'%d/%m/%Y'",
        "'%'",
        "\"",
        "'",
        "é",
        ",",
        ".",
    ]);
    prop::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

/// Text that is often an expression.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "a",
        "b",
        "c",
        "d",
        "ph.ecog",
        "name",
        "nobody",
        "1",
        "0",
        "2.5",
        "1e308",
        "'x'",
        "'y'",
        "'q'",
        "NULL",
        "TRUE",
        "FALSE",
        "DATE '2020-01-31'",
        "'2020-01-31'",
        "'%'",
        "*",
        "?",
        "",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(4, 40, 3, |inner| {
        let binary = prop::sample::select(vec![
            "+",
            "-",
            "*",
            "/",
            "%",
            "=",
            "<>",
            "<",
            "<=",
            ">",
            ">=",
            "AND",
            "OR",
            "XOR",
            "||",
            "->",
            "LIKE",
            "IN",
            "IS",
            "BETWEEN 1 AND",
            "::",
            "~",
        ]);
        let around = prop::sample::select(vec![
            ("(", ")"),
            ("NOT ", ""),
            ("-", ""),
            ("ABS(", ")"),
            ("LN(", ")"),
            ("ROUND(", ", 2)"),
            ("POWER(", ", 9)"),
            ("COALESCE(", ", 1)"),
            ("NULLIF(", ", 1)"),
            ("LEAST(", ", a)"),
            ("CAST(", " AS DOUBLE)"),
            ("CAST(", " AS INTEGER)"),
            ("EXTRACT(YEAR FROM ", ")"),
            ("CASE WHEN ", " THEN 1 ELSE 2 END"),
            ("CASE WHEN d THEN ", " END"),
            ("CASE b WHEN 'x' THEN ", " ELSE NULL END"),
            ("MAX(", ")"),
            ("(SELECT ", ")"),
            ("", " IS NULL"),
            ("", " IS NOT TRUE"),
            ("", " IN (1, 2, NULL)"),
            ("", " IN ('x', 'y')"),
            ("", " BETWEEN 1 AND 2"),
            ("", " LIKE '%x_'"),
            ("", " OVER ()"),
        ]);
        prop_oneof![
            (inner.clone(), binary, inner.clone()).prop_map(|(left, op, right)| format!("{left} {op} {right}")),
            (around, inner).prop_map(|((before, after), inner)| format!("{before}{inner}{after}")),
        ]
    })
}

/// Expressions that are conditions on [`TABLE`].
fn condition() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(vec![
        "a > 1",
        "d",
        "b = 'x'",
        "c < '2021-01-01'",
        "a > NULL",
        "a IS NULL",
        "name LIKE '%'",
    ])
    .prop_map(str::to_owned);
    leaf.prop_recursive(3, 16, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|inner| format!("NOT ({inner})")),
            (inner.clone(), inner.clone()).prop_map(|(left, right)| format!("({left}) AND ({right})")),
            (inner.clone(), inner).prop_map(|(left, right)| format!("({left}) OR ({right})")),
        ]
    })
}

/// How a table is written.
#[derive(Clone, Debug)]
struct Hand {
    delimiter: char,
    declared: bool,
    quote: char,
    always: bool,
    decimal_comma: bool,
    line_end: &'static str,
    last_end: bool,
    encoding: Option<&'static str>,
    mark: bool,
}

fn hand() -> impl Strategy<Value = Hand> {
    let encoding = prop::option::of(prop::sample::select(vec!["utf-8", "utf-16le", "utf-16be", "gbk", "windows-1252"]));
    let line_end = prop::sample::select(vec!["\n", "\r\n", "\r"]);
    let delimiter = prop::sample::select(vec![',', ';', '\t', '|']);
    let quote = prop::sample::select(vec!['"', '\'']);
    (delimiter, any::<bool>(), quote, any::<bool>(), any::<bool>(), line_end, any::<bool>(), encoding, any::<bool>())
        .prop_map(|(delimiter, declared, quote, always, decimal_comma, line_end, last_end, encoding, mark)| Hand {
            delimiter,
            // A pipe is not looked for; a delimiter found must be met more often than those in names.
            declared: declared || delimiter == '|',
            quote,
            always,
            decimal_comma,
            line_end,
            last_end,
            encoding,
            mark,
        })
}

impl Hand {
    fn field(&self, text: &str) -> String {
        let special = [self.delimiter, self.quote, '\n', '\r'];
        if self.always || text.is_empty() || text.contains(special) {
            let quote = self.quote.to_string();
            format!("{quote}{}{quote}", text.replace(&quote, &quote.repeat(2)))
        } else {
            text.to_owned()
        }
    }

    fn write(&self, rows: &[Vec<String>]) -> Vec<u8> {
        let line = |row: &Vec<String>| row.iter().map(|cell| self.field(cell)).collect::<Vec<_>>();
        let mut text =
            rows.iter().map(|row| line(row).join(&self.delimiter.to_string())).collect::<Vec<_>>().join(self.line_end);
        if self.last_end {
            text.push_str(self.line_end);
        }
        let units = |to_bytes: fn(u16) -> [u8; 2]| text.encode_utf16().flat_map(to_bytes).collect::<Vec<u8>>();
        let (mark, body): (&[u8], Vec<u8>) = match self.encoding {
            Some("utf-16le") => (b"\xFF\xFE", units(u16::to_le_bytes)),
            Some("utf-16be") => (b"\xFE\xFF", units(u16::to_be_bytes)),
            Some("gbk") => (b"", GBK.encode(&text).0.into_owned()),
            Some("windows-1252") => (b"", WINDOWS_1252.encode(&text).0.into_owned()),
            _ => (b"\xEF\xBB\xBF", text.into_bytes()),
        };
        if self.mark { [mark, &body].concat() } else { body }
    }

    fn options(&self) -> ReadOptions {
        ReadOptions {
            delimiter: self.declared.then_some(self.delimiter),
            quote: (self.quote != '"').then_some(self.quote),
            decimal_comma: self.decimal_comma,
            encoding: self.encoding.map(str::to_owned),
            sheet: None,
            catalogue: None,
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..200), options in options()) {
        survives(&table(&bytes).options(options))?;
        survives(&table(bytes))?;
    }

    #[test]
    fn no_table_makes_it_panic(text in tablish(), options in options()) {
        survives(&table(&text))?;
        survives(&table(&text).codebook("[columns.a]\nkind = 'ordinal'\n[columns.b]\nkind = 'binary'"))?;
        survives(&table(text).options(options))?;
    }

    #[test]
    fn no_codebook_makes_it_panic(text in codebookish(), wild in "\\PC{0,60}") {
        survives(&table("a,b,ph.ecog\n1,x,2020-01-31\n2,y,1\n").codebook(&text))?;
        survives(&table("a\n1\n").codebook(&wild))?;
    }

    #[test]
    fn no_expression_makes_it_panic(sql in expression(), wild in "\\PC{0,40}") {
        let given = table(TABLE).codebook(CODEBOOK);
        survives(&given.clone().derive("it", &sql))?;
        survives(&given.clone().keep(&sql))?;
        survives(&given.clone().exclude(&sql))?;
        survives(&given.derive("it", &wild))?;
    }

    #[test]
    fn the_flow_adds_up(filters in prop::collection::vec((any::<bool>(), condition()), 0..5)) {
        let mut given = table(TABLE).codebook(CODEBOOK);
        for (keep, sql) in &filters {
            given = if *keep { given.keep(sql) } else { given.exclude(sql) };
        }
        let cohort = given.cohort();
        prop_assert_eq!(cohort.flow().len(), filters.len());
        prop_assert!(consistent(&cohort));
    }

    /// `keep` and `exclude` of a condition differ by those for whom it is not determined.
    #[test]
    fn keep_and_exclude_part_the_patients(sql in condition()) {
        let given = table(TABLE).codebook(CODEBOOK);
        let kept = given.clone().keep(&sql).cohort();
        let excluded = given.exclude(&format!("NOT ({sql})")).cohort();
        prop_assert_eq!(kept.patients() + kept.flow()[0].undetermined, excluded.patients());
        prop_assert_eq!(kept.flow()[0].undetermined, excluded.flow()[0].undetermined);
    }

    #[test]
    fn what_is_written_reads_back(
        hand in hand(),
        rows in prop::collection::vec(
            (prop::option::of(prop::num::f64::NORMAL), prop::option::of("[é女a-z,;'\"|]{1,6}( \n)?[a-z]"), 0_i32..40_000),
            1..12,
        ),
    ) {
        // What the encoding cannot write is not put in it.
        let writable = |text: &str| match hand.encoding {
            Some("windows-1252") => text.replace('女', "w"),
            _ => text.to_owned(),
        };
        let number = |value: f64| {
            let text = format!("{value:e}");
            if hand.decimal_comma { text.replace('.', ",") } else { text }
        };
        let epoch = chrono::NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
        let date = |days: i32| (epoch + chrono::Days::new(days.unsigned_abs().into())).to_string();
        let mut written = vec![vec!["dé".to_owned(), "text".to_owned(), "day".to_owned()]];
        for (value, text, days) in &rows {
            written.push(vec![
                value.map(number).unwrap_or_default(),
                text.as_deref().map(writable).unwrap_or_default(),
                date(*days),
            ]);
        }
        let book = "[columns.\"dé\"]\nkind = 'continuous'\n[columns.text]\nkind = 'nominal'\n[columns.day]\nkind = 'date'";
        let cohort = table(hand.write(&written)).options(hand.options()).codebook(book).cohort();

        let values: Vec<Option<f64>> = rows.iter().map(|row| row.0).collect();
        prop_assert_eq!(&cohort.column("dé").unwrap().values, &Values::Numbers(values));
        let days: Vec<Option<i32>> = rows.iter().map(|row| Some(row.2)).collect();
        prop_assert_eq!(&cohort.column("day").unwrap().values, &Values::Dates(days));
        let Values::Levels { levels, codes } = &cohort.column("text").unwrap().values else { panic!() };
        let texts: Vec<Option<String>> = codes.iter().map(|code| code.map(|code| levels[code as usize].clone())).collect();
        let expected: Vec<Option<String>> = rows.iter().map(|row| row.1.as_deref().map(writable)).collect();
        prop_assert_eq!(texts, expected);
        prop_assert!(levels.is_sorted());
        prop_assert!(consistent(&cohort));
    }

    /// The cell of a column of numbers that is none is found on its line, whatever stands before it.
    #[test]
    fn lines_are_counted_through_quotes_and_blank_lines(
        before in prop::collection::vec(prop::sample::select(vec![("1,x", 1), ("2,\"a\nb\"", 2), ("3,\"\r\n\"", 2), ("", 1)]), 0..20),
        crlf in any::<bool>(),
    ) {
        let end = if crlf { "\r\n" } else { "\n" };
        let lines: u64 = before.iter().map(|(_, lines)| lines).sum();
        let rows: String = before.iter().map(|(row, _)| format!("{row}{end}")).collect();
        let error = table(format!("n,t{end}{rows}zero,x{end}")).codebook("[columns.n]\nkind = 'continuous'").error();
        prop_assert!(matches!(error, CohortError::NotANumber { line, .. } if line == lines + 2), "{}", error);
    }
}
