//! Expressions: what they mean, and what is refused.

use restudy_cohort::{CohortError, Kind, Place, SqlProblem, SqlType, Values};

use crate::support::{Given, days, labels, numbers, table};

/// Six patients; the last has nothing.
fn given() -> Given {
    table(
        "age,wt.loss,sex,ecog,dead,arm,seen,born\n\
         71,2,1,0,1,A,2020-03-01,1949-02-28\n\
         64,0,2,1,0,B,2020-02-29,1956-01-01\n\
         15,-1,2,2,1,A b,2020-01-01,2005-01-01\n\
         40,4,1,3,0,C,2019-12-31,1979-12-31\n\
         18,0.5,2,1,1,A,2020-12-31,2002-12-30\n\
         ,,,,,,,\n",
    )
    .codebook(
        "[columns.sex]\nkind = 'binary'\nlevels = [{ value = 1, label = 'Male' }, { value = 2, label = 'Female' }]\n\
         [columns.ecog]\nkind = 'ordinal'\n\
         levels = [{ value = 0, label = 'well' }, { value = 1, label = 'ill' }, { value = 2, label = 'bed' }, 3]\n\
         [columns.dead]\nkind = 'event'\nevent = 1\n",
    )
}

const T: Option<bool> = Some(true);
const F: Option<bool> = Some(false);
const N: Option<bool> = None;

/// What a condition is for each patient.
fn truth(sql: &str) -> Vec<Option<bool>> {
    let cohort = given().derive("it", sql).read().unwrap_or_else(|error| panic!("{sql}: {error}"));
    let (levels, values) = labels(&cohort, "it");
    assert_eq!(levels, ["no", "yes"], "{sql}");
    values.into_iter().map(|value| value.map(|value| value == "yes")).collect()
}

/// The first five numbers; the sixth is missing.
fn number(sql: &str) -> [Option<f64>; 5] {
    let cohort = given().derive("it", sql).read().unwrap_or_else(|error| panic!("{sql}: {error}"));
    assert_eq!(cohort.column("it").unwrap().kind, Kind::Continuous, "{sql}");
    numbers(&cohort, "it")[..5].try_into().unwrap()
}

fn wrong(sql: &str) -> SqlProblem {
    match given().derive("it", sql).read() {
        Err(CohortError::Expression { place, sql: named, problem }) => {
            assert_eq!((place, named.as_str()), (Place::Derived("it".into()), sql));
            *problem
        }
        Err(other) => panic!("{sql}: {other}"),
        Ok(_) => panic!("{sql} is allowed"),
    }
}

fn hint(sql: &str) -> String {
    given().derive("it", sql).error().hint().unwrap_or_default()
}

#[test]
fn comparisons_know_three_answers() {
    assert_eq!(truth("age >= 64"), [T, T, F, F, F, N]);
    assert_eq!(truth("64 <= age"), [T, T, F, F, F, N]);
    assert_eq!(truth("age <> 64"), [T, F, T, T, T, N]);
    assert_eq!(truth("age = 64"), [F, T, F, F, F, N]);
    assert_eq!(truth("age < wt.loss + 20"), [F, F, T, F, T, N]);
    assert_eq!(truth("age BETWEEN 18 AND 64"), [F, T, F, T, T, N]);
    assert_eq!(truth("age NOT BETWEEN 18 AND 64"), [T, F, T, F, F, N]);
    assert_eq!(truth("age IN (15, 18)"), [F, F, T, F, T, N]);
    // Not in a list with an unknown member is unknown, as in every SQL.
    assert_eq!(truth("age NOT IN (15, NULL)"), [N, N, F, N, N, N]);
    assert_eq!(truth("age > NULL"), [N; 6]);
}

#[test]
fn logic_is_kleenes() {
    // The sixth patient's conditions are unknown: `dead` and `age > 0`; so is `NULL` for all.
    assert_eq!(truth("dead AND TRUE"), [T, F, T, F, T, N]);
    assert_eq!(truth("dead AND FALSE"), [F; 6]);
    assert_eq!(truth("dead AND NULL"), [N, F, N, F, N, N]);
    assert_eq!(truth("dead OR TRUE"), [T; 6]);
    assert_eq!(truth("dead OR FALSE"), [T, F, T, F, T, N]);
    assert_eq!(truth("dead OR NULL"), [T, N, T, N, T, N]);
    assert_eq!(truth("NULL OR dead"), [T, N, T, N, T, N]);
    assert_eq!(truth("dead AND age > 20"), [T, F, F, F, F, N]);
    assert_eq!(truth("dead OR age > 20"), [T, T, T, T, T, N]);
    assert_eq!(truth("dead XOR age > 20"), [F, T, T, T, T, N]);
    assert_eq!(truth("NOT dead"), [F, T, F, T, F, N]);
    assert_eq!(truth("NOT NULL"), [N; 6]);
    assert_eq!(truth("dead = (age > 20)"), [T, F, F, F, F, N]);
    assert_eq!(truth("dead <> TRUE"), [F, T, F, T, F, N]);
    assert_eq!(truth("dead IS TRUE"), [T, F, T, F, T, F]);
    assert_eq!(truth("dead IS NOT TRUE"), [F, T, F, T, F, T]);
    assert_eq!(truth("dead IS FALSE"), [F, T, F, T, F, F]);
    assert_eq!(truth("dead IS NOT FALSE"), [T, F, T, F, T, T]);
    assert_eq!(truth("dead IS UNKNOWN"), [F, F, F, F, F, T]);
    assert_eq!(truth("dead IS NOT UNKNOWN"), [T, T, T, T, T, F]);
    assert_eq!(truth("age IS NULL"), [F, F, F, F, F, T]);
    assert_eq!(truth("sex IS NOT NULL"), [T, T, T, T, T, F]);
}

#[test]
fn numbers_are_computed_as_numbers() {
    assert_eq!(number("age + 1"), [72.0, 65.0, 16.0, 41.0, 19.0].map(Some));
    assert_eq!(number("1 / 2 + 0 * age"), [0.5; 5].map(Some));
    assert_eq!(number("2 + 3 * 4 - 6 / 4 + 0 * age"), [12.5; 5].map(Some));
    assert_eq!(number("10 - 3 - 2 + 0 * age"), [5.0; 5].map(Some));
    assert_eq!(number("-wt.loss"), [-2.0, 0.0, 1.0, -4.0, -0.5].map(Some));
    assert_eq!(number("(age - 15) % 20"), [16.0, 9.0, 0.0, 5.0, 3.0].map(Some));
    assert_eq!(number("-7 % 3 + 0 * age"), [-1.0; 5].map(Some)); // the sign of the dividend, as in ISO SQL
    assert_eq!(number("ABS(wt.loss)"), [2.0, 0.0, 1.0, 4.0, 0.5].map(Some));
    assert_eq!(number("FLOOR(wt.loss)"), [2.0, 0.0, -1.0, 4.0, 0.0].map(Some));
    assert_eq!(number("CEIL(wt.loss)"), [2.0, 0.0, -1.0, 4.0, 1.0].map(Some));
    assert_eq!(number("ROUND(wt.loss)"), [2.0, 0.0, -1.0, 4.0, 1.0].map(Some));
    assert_eq!(number("ROUND(age / 7, 1)"), [10.1, 9.1, 2.1, 5.7, 2.6].map(Some));
    assert_eq!(number("ROUND(age, -1)"), [70.0, 60.0, 20.0, 40.0, 20.0].map(Some));
    assert_eq!(number("POWER(wt.loss, 2)"), [4.0, 0.0, 1.0, 16.0, 0.25].map(Some));
    assert_eq!(number("LOG2(EXP(0 * age) * 8)"), [3.0; 5].map(Some));
    assert_eq!(number("LOG10(1000 + 0 * age)"), [3.0; 5].map(Some));
    assert_eq!(number("LEAST(age, 40, wt.loss + 20)"), [22.0, 20.0, 15.0, 24.0, 18.0].map(Some));
    assert_eq!(number("GREATEST(age, 40)"), [71.0, 64.0, 40.0, 40.0, 40.0].map(Some));
    assert_eq!(number("EXP(LN(1))"), [Some(1.0); 5]);
}

/// Where polars alone would answer infinity, or hold not-a-number to be larger than every number.
#[test]
fn what_is_not_a_number_is_missing() {
    let one = Some(1.0);
    assert_eq!(number("wt.loss / wt.loss"), [one, None, one, one, one]);
    assert_eq!(number("age / wt.loss - age / wt.loss + 1"), [one, None, one, one, one]);
    assert_eq!(number("LN(wt.loss) * 0 + 1"), [one, None, None, one, one]);
    assert_eq!(number("SQRT(wt.loss) * 0 + 1"), [one, one, None, one, one]);
    assert_eq!(number("POWER(10, age * 10)"), [None, None, Some(1e150), None, Some(1e180)]);
    assert_eq!(number("1e308 * 10 + age"), [None; 5]);
    assert_eq!(number("age % 0"), [None; 5]);
    assert_eq!(truth("wt.loss / wt.loss > 0"), [T, N, T, T, T, N]);
}

#[test]
fn levels_compare_by_label() {
    assert_eq!(truth("sex = 'Male'"), [T, F, F, T, F, N]);
    assert_eq!(truth("'Male' <> sex"), [F, T, T, F, T, N]);
    assert_eq!(truth("sex IN ('Male', 'Female')"), [T, T, T, T, T, N]);
    assert_eq!(truth("arm = 'A'"), [T, F, F, F, T, N]);
    assert_eq!(truth("arm <> 'Z'"), [T, T, T, T, T, N]);
    assert_eq!(truth("arm LIKE 'A%'"), [T, F, T, F, T, N]);
    assert_eq!(truth("arm NOT LIKE '_'"), [F, F, T, F, F, N]);
    assert_eq!(truth("arm ILIKE '%a_B%' OR arm ILIKE 'c'"), [F, F, T, T, F, N]);
    assert_eq!(truth("sex = sex"), [T, T, T, T, T, N]);
    assert_eq!(truth("sex = arm"), [F, F, F, F, F, N]);
}

#[test]
fn ordinal_levels_compare_in_their_order() {
    // By the alphabet, `bed` comes before `ill` and `well`.
    assert_eq!(truth("ecog >= 'ill'"), [F, T, T, T, T, N]);
    assert_eq!(truth("'bed' > ecog"), [T, T, F, F, T, N]);
    assert_eq!(truth("ecog BETWEEN 'ill' AND 'bed'"), [F, T, T, F, T, N]);
    assert_eq!(truth("ecog < ecog"), [F, F, F, F, F, N]);
    // The level 3 has a number for a label.
    assert_eq!(truth("ecog = 3"), [F, F, F, T, F, N]);
    assert_eq!(truth("ecog < 3.0"), [T, T, T, F, T, N]);
}

/// A misspelt label would otherwise drop everybody without a word.
#[test]
fn labels_that_a_declared_column_lacks_are_refused() {
    for sql in ["sex = 'Mael'", "'Mael' = sex", "sex IN ('Female', 'Mael')", "CASE sex WHEN 'Mael' THEN 1 END"] {
        let problem = wrong(sql);
        assert!(
            matches!(&problem, SqlProblem::NotALevel { column: Some(c), label, .. } if c == "sex" && label == "Mael")
        );
        assert_eq!(hint(sql), "did you mean `Male`?");
    }
    let error = given().derive("it", "sex = 1").error();
    assert_eq!(error.to_string(), "derived column `it`: column `sex` has no level `1`, in the expression `sex = 1`");
    assert_eq!(error.hint().unwrap(), "the levels are `Male`, `Female`");
    // A level that an expression made up is declared as well.
    let given = given().derive("group", "CASE WHEN age > 40 THEN 'old' ELSE 'young' END");
    assert!(given.clone().keep("\"group\" = 'odl'").read().is_err());
    assert_eq!(given.keep("\"group\" = 'old'").cohort().patients(), 2);
}

#[test]
fn columns_outside_the_codebook_are_what_their_values_are() {
    // Two ages are binary for a table, and numbers in an expression.
    let cohort = table("age,arm\n70,A\n50,B\n").keep("age >= 65").cohort();
    assert_eq!(cohort.patients(), 1);
    assert_eq!(cohort.column("age").unwrap().kind, Kind::Binary);
    let cohort = table("d\n2020-01-01\n2021-01-01\n").keep("d < '2020-06-30'").cohort();
    assert_eq!(cohort.patients(), 1);
    let given = table("grade\n3\n1\n10\n").codebook("[columns.grade]\nkind = 'ordinal'");
    assert_eq!(given.keep("grade >= 3").cohort().patients(), 2);
    // Codes that are numbers compare with numbers, whether or not a patient has them.
    let given = table("site\n3\n12\n3.0\n").codebook("[columns.site]\nkind = 'nominal'");
    assert_eq!(given.clone().keep("site = 3").cohort().patients(), 2);
    assert_eq!(given.exclude("site IN (4, 12, 99)").cohort().patients(), 2);
}

#[test]
fn case_chooses_the_first_that_is_true_and_orders_levels_as_written() {
    let cohort = given()
        .derive("group", "CASE WHEN age < 18 THEN 'young' WHEN age < 65 THEN 'middle' WHEN age >= 65 THEN 'old' END")
        .cohort();
    let (levels, values) = labels(&cohort, "group");
    assert_eq!(levels, ["young", "middle", "old"]);
    let values: Vec<_> = values.iter().map(|value| value.as_deref().unwrap_or("-")).collect();
    assert_eq!(values, ["old", "middle", "young", "middle", "middle", "-"]);
    assert_eq!(cohort.column("group").unwrap().kind, Kind::Nominal);
    assert_eq!(number("CASE sex WHEN 'Male' THEN 1 ELSE wt.loss END"), [1.0, 0.0, -1.0, 1.0, 0.5].map(Some));
    // An unknown condition is not true.
    assert_eq!(truth("CASE WHEN age > 20 THEN TRUE ELSE FALSE END"), [T, T, F, T, F, F]);
    assert_eq!(truth("CASE WHEN TRUE THEN dead ELSE FALSE END"), [T, F, T, F, T, N]);
    assert_eq!(truth("COALESCE(dead, FALSE)"), [T, F, T, F, T, F]);
    assert_eq!(number("COALESCE(NULL, wt.loss, 9)")[..2], [Some(2.0), Some(0.0)]);
    assert_eq!(number("NULLIF(wt.loss, 0)")[..2], [Some(2.0), None]);
    let (levels, values) = labels(&given().derive("it", "COALESCE(sex, 'unknown')").cohort(), "it");
    assert_eq!(levels, ["Male", "Female", "unknown"]);
    assert_eq!(values[5].as_deref(), Some("unknown"));
}

#[test]
fn dates_are_days() {
    assert_eq!(truth("seen > '2020-02-29'"), [T, F, F, F, T, N]);
    assert_eq!(truth("seen <= DATE '2020-01-01'"), [F, F, T, T, F, N]);
    assert_eq!(number("seen - DATE '2020-01-01'"), [60.0, 59.0, 0.0, -1.0, 365.0].map(Some));
    assert_eq!(number("EXTRACT(YEAR FROM seen)"), [2020.0, 2020.0, 2020.0, 2019.0, 2020.0].map(Some));
    assert_eq!(number("EXTRACT(MONTH FROM seen)"), [3.0, 2.0, 1.0, 12.0, 12.0].map(Some));
    assert_eq!(number("EXTRACT(DAY FROM seen)"), [1.0, 29.0, 1.0, 31.0, 31.0].map(Some));
    let cohort = given().derive("next", "seen + 1").derive("last", "seen - 1.9").cohort();
    assert_eq!(cohort.column("next").unwrap().kind, Kind::Date);
    assert_eq!(days(&cohort, "next")[1], Some(18_322)); // 2020-03-01
    assert_eq!(days(&cohort, "last")[0], Some(18_321)); // 2020-02-29
    assert_eq!(days(&given().derive("it", "seen + 1e9").cohort(), "it"), [None; 6]);
    assert!(matches!(wrong("seen > '2020-02-30'"), SqlProblem::NotADate { .. }));
    assert!(matches!(wrong("DATE 'soon'"), SqlProblem::NotADate { .. }));
}

#[test]
fn casts_say_what_they_do() {
    assert_eq!(number("CAST(dead AS INTEGER) + CAST(age > 20 AS DOUBLE)"), [2.0, 1.0, 1.0, 1.0, 1.0].map(Some));
    assert_eq!(number("dead::int"), [1.0, 0.0, 1.0, 0.0, 1.0].map(Some));
    assert_eq!(number("CAST(CASE WHEN dead THEN '2.5' ELSE '1' END AS DOUBLE)")[0], Some(2.5));
    assert_eq!(wrong("CAST(ecog AS DOUBLE)"), SqlProblem::NotNumbers);
    assert!(wrong("CAST(age AS INTEGER)").to_string().contains("ROUND, FLOOR and CEIL"));
    assert!(matches!(wrong("CAST(seen AS DOUBLE)"), SqlProblem::Types { .. }));
    assert!(matches!(wrong("CAST(age AS TEXT)"), SqlProblem::Syntax { expected: "DOUBLE or INTEGER", at: 13, .. }));
}

#[test]
fn names_may_be_dotted_quoted_and_words_of_sql() {
    let text = "ph.ecog,a b,case,^.*$,*,age,Age,time,date,group,\"x\"\"y\"\n1,2,3,4,5,6,7,8,9,10,11\n1,2,3,4,5,6,7,8,9,10,11\n";
    for (name, value) in [
        ("ph.ecog", 1.0),
        ("\"ph.ecog\"", 1.0),
        ("\"a b\"", 2.0),
        ("\"case\"", 3.0),
        ("\"^.*$\"", 4.0),
        ("\"*\"", 5.0),
        ("age", 6.0),
        ("Age", 7.0),
        ("time", 8.0),
        ("date", 9.0),
        ("\"group\"", 10.0),
        ("\"x\"\"y\"", 11.0),
    ] {
        let cohort = table(text).derive("it", &format!("{name} + 0")).read().unwrap_or_else(|e| panic!("{name}: {e}"));
        assert_eq!(numbers(&cohort, "it"), [Some(value); 2], "{name}");
    }
}

#[test]
fn unknown_columns_are_refused_with_the_nearest() {
    let error = given().keep("aeg > 18").error();
    assert_eq!(error.to_string(), "t.csv has no column `aeg`, which the filter `aeg > 18` names");
    assert_eq!(error.hint().unwrap(), "did you mean `age`?");
    // Only what stands before is known.
    let given = given().derive("b", "c + 1").derive("c", "age");
    assert!(
        matches!(given.error(), CohortError::UnknownColumn { used_in: Some(Place::Derived(name)), .. } if name == "b")
    );
}

#[test]
fn derived_columns_become_what_they_are_or_what_the_codebook_says() {
    let described = table("age\n71\n64\n\n80\n")
        .codebook(
            "[columns.old]\nlabel = 'Elderly'\nkind = 'binary'\n\
             levels = [{ value = 'yes', label = '65 or more' }, { value = 'no', label = 'less' }]\n\
             [columns.decade]\nkind = 'ordinal'\nlevels = [6, 7, 8]\nmissing = [6]\n\
             [columns.months]\nkind = 'time'\n[columns.dead]\nevent = 'yes'\n",
        )
        .derive("old", "age >= 65")
        .derive("decade", "FLOOR(age / 10)")
        .derive("months", "age * 12")
        .derive("dead", "age >= 65")
        .derive("both", "old = '65 or more' AND dead")
        .cohort();
    assert_eq!(described.column("old").unwrap().label, "Elderly");
    let (levels, values) = labels(&described, "old");
    assert_eq!(levels, ["65 or more", "less"]);
    assert_eq!(values.iter().flatten().collect::<Vec<_>>(), ["65 or more", "less", "65 or more"]);
    assert_eq!(labels(&described, "decade").1, [Some("7".into()), None, Some("8".into())]);
    assert_eq!(described.missingness("decade", None).unwrap().overall.by_code, [1]);
    assert_eq!(described.column("months").unwrap().kind, Kind::Time);
    assert_eq!(described.column("dead").unwrap().kind, Kind::Event);
    assert_eq!(labels(&described, "both").1[0].as_deref(), Some("yes"));

    // A derived value that does not fit is told by the line of its patient.
    let error = table("age\n71\n64\n").codebook("[columns.d]\nlevels = [7, 8]").derive("d", "FLOOR(age / 10)").error();
    assert!(matches!(error, CohortError::NotALevel { line: 3, .. }), "{error}");

    let cohort = given().derive("same", "ecog").derive("none", "NULL").derive("const", "'x'").cohort();
    assert_eq!(cohort.column("same").unwrap().kind, Kind::Ordinal);
    assert_eq!(numbers(&cohort, "none"), [None; 6]);
    assert_eq!(labels(&cohort, "const").1, vec![Some("x".to_owned()); 6]);
}

#[test]
fn a_name_is_taken_once() {
    for (name, empty) in [("age", false), ("", true), (" ", true)] {
        let error = given().derive(name, "1").error();
        assert!(matches!(error, CohortError::Expression { problem, .. } if *problem == SqlProblem::Name { empty }));
    }
}

#[test]
fn a_filter_is_a_condition() {
    for (sql, found) in
        [("age", SqlType::Number), ("sex", SqlType::Text), ("seen", SqlType::Date), ("1 + 1", SqlType::Number)]
    {
        let error = given().keep(sql).error();
        let place = Place::Filter(sql.into());
        assert_eq!(
            error,
            CohortError::Expression { place, sql: sql.into(), problem: Box::new(SqlProblem::NotBoolean { found }) }
        );
    }
    assert_eq!(given().keep("TRUE").exclude("FALSE").cohort().patients(), 6);
    assert_eq!(given().keep("TRUE AND NULL").cohort().flow()[0].undetermined, 6);
}

#[test]
fn whatever_looks_at_several_patients_is_refused() {
    for sql in [
        "MAX(age)",
        "age > AVG(age)",
        "count(*)",
        "ROW_NUMBER() OVER (ORDER BY age)",
        "ABS(age) OVER ()",
        "age > (SELECT 1)",
        "EXISTS (SELECT 1)",
        "age IN (SELECT 1)",
        "median(age)",
    ] {
        let problem = wrong(sql);
        assert!(matches!(problem, SqlProblem::SeveralPatients { .. }), "{sql}: {problem}");
    }
}

#[test]
fn what_is_not_listed_is_refused() {
    for (sql, at) in [
        ("*", 1),
        ("t.*", 4),
        ("age || 'x'", 5),
        ("age ^ 2", 5),
        ("age -> 1", 6),
        ("ABS(DISTINCT age)", 14),
        ("ROUND(age => 1)", 12),
        ("arm LIKE arm", 10),
        ("arm LIKE 'a' ESCAPE 'b'", 14),
        ("arm SIMILAR TO 'a'", 5),
        ("seen + INTERVAL '1' DAY", 17),
        ("TIMESTAMP '2020-01-01'", 11),
        ("ARRAY[1, 2]", 6),
        ("(age, sex)", 5),
        ("FLOOR(age TO DAY)", 11),
        ("EXTRACT(HOUR FROM seen)", 9),
        ("?", 1),
        ("", 1),
        ("  ", 3),
        ("age >", 6),
        ("age > 18 18", 10),
        ("(age", 5),
        ("age >> >", 6),
        ("'open", 6),
        ("\"open", 6),
        ("age; age", 4),
        ("age > 18,", 9),
        ("age == 18", 6),
        ("age--1", 4),
        ("age = 1 = TRUE", 9),
        ("dead IS 1", 9),
        ("age NOT 1", 9),
        ("CASE END", 6),
        ("CASE WHEN dead THEN 1", 22),
        ("CASE dead THEN 1 END", 11),
        ("größe > § 3", 9),
        ("and", 1),
        ("COALESCE(age", 13),
    ] {
        let problem = wrong(sql);
        assert!(matches!(&problem, SqlProblem::Syntax { at: a, .. } if *a == at), "{sql}: {problem}");
    }
    for sql in ["1e999", "12abc", "1e", "1.2.3", "1_000", "0x10"] {
        assert!(matches!(wrong(sql), SqlProblem::NotANumber { .. }), "{sql}");
    }
    assert_eq!(
        given().keep("age >> 18").error().to_string(),
        "filter `age >> 18`: expected a column or a value, found `>` at character 6, in the expression `age >> 18`"
    );
    for (sql, near) in [("SQR(age)", "`SQRT`"), ("coalesc(age, 1)", "`COALESCE`"), ("frobnicate(age)", "`ABS`, `CEIL`")]
    {
        assert!(matches!(wrong(sql), SqlProblem::UnknownFunction { .. }), "{sql}");
        assert!(hint(sql).contains(near), "{}", hint(sql));
    }
    for sql in ["ABS()", "ABS(1, 2)", "CEIL(1, 2)", "ROUND(1, 2, 3)", "NULLIF(1)", "COALESCE()", "LEAST()"] {
        assert!(matches!(wrong(sql), SqlProblem::Arguments { .. }), "{sql}");
    }
}

#[test]
fn types_that_do_not_meet_are_refused() {
    use SqlType::{Boolean, Date, Number, Text};
    for (sql, found) in [
        ("age = 'old'", vec![Number, Text]),
        ("age = dead", vec![Number, Boolean]),
        ("dead = 1", vec![Boolean, Number]),
        ("dead < TRUE", vec![Boolean, Boolean]),
        ("seen > 5", vec![Date, Number]),
        ("arm < 'B'", vec![Text, Text]),
        ("sex < 'Male'", vec![Text, Text]),
        ("arm = 1", vec![Text, Number]),
        ("ecog < arm", vec![Text, Text]),
        ("sex + 1", vec![Text, Number]),
        ("seen + seen", vec![Date, Date]),
        ("dead + 1", vec![Boolean, Number]),
        ("-sex", vec![Text]),
        ("age AND dead", vec![Number]),
        ("NOT age", vec![Number]),
        ("age LIKE 'x'", vec![Number]),
        ("ABS(sex)", vec![Text]),
        ("FLOOR(dead)", vec![Boolean]),
        ("EXTRACT(YEAR FROM age)", vec![Number]),
        ("CASE WHEN age THEN 1 END", vec![Number]),
        ("CASE WHEN dead THEN 1 ELSE 'x' END", vec![Number, Text]),
        ("COALESCE(age, sex)", vec![Number, Text]),
        ("age IS TRUE", vec![Number]),
    ] {
        let problem = wrong(sql);
        assert!(matches!(&problem, SqlProblem::Types { found: f, .. } if *f == found), "{sql}: {problem:?}");
    }
    assert_eq!(
        given().keep("dead = 1").error().to_string(),
        "filter `dead = 1`: `=` takes values of one type, here it is given a boolean and a number, in the expression \
         `dead = 1`"
    );
    assert!(hint("dead = 1").contains("`NOT dead`"));
    // A word in double quotes is a name.
    let error = given().keep("sex = \"Male\"").error();
    assert!(matches!(error, CohortError::UnknownColumn { .. }));
}

#[test]
fn expressions_may_be_long_but_not_deep() {
    let sum = vec!["age"; 10_000].join(" + ");
    assert_eq!(number(&sum)[0], Some(71.0 * 10_000.0));
    let any: Vec<String> = (0..1_000).map(|n| format!("age = {n}")).collect();
    assert_eq!(truth(&any.join(" OR ")), [T, T, T, T, T, N]);
    for (open, inner, close) in [
        ("(", "age", ")"),
        ("ABS(", "age", ")"),
        ("- ", "age", ""),
        ("+ ", "age", ""),
        ("NOT ", "dead", ""),
        ("CASE WHEN dead THEN ", "age", " ELSE 0 END"),
        ("CASE WHEN dead THEN 0 ELSE ", "age", " END"),
        ("CAST(", "dead", " AS INT) > 0"),
        ("age IN (1, ", "age", ")"),
        ("NOT age + -(", "age", ") IS NULL"),
    ] {
        let nested = |times: usize| format!("{}{inner}{}", open.repeat(times), close.repeat(times));
        match given().derive("it", &nested(9)).read() {
            Err(CohortError::Expression { problem, .. }) => {
                assert!(matches!(*problem, SqlProblem::Types { .. }), "{open}: {problem}");
            }
            result => assert!(result.is_ok(), "{open}"),
        }
        for times in [40, 10_000] {
            assert!(matches!(wrong(&nested(times)), SqlProblem::TooDeep { .. }), "{open}");
        }
    }
}

#[test]
fn derived_values_are_as_many_as_patients() {
    for sql in ["1", "'x'", "TRUE", "NULL", "DATE '2020-01-01'", "age"] {
        let cohort = given().derive("it", sql).cohort();
        assert_eq!(cohort.column("it").unwrap().values.len(), 6, "{sql}");
        assert!(!matches!(&cohort.column("it").unwrap().values, Values::Numbers(v) if v.len() != 6));
    }
}
