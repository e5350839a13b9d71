//! `nist.json`: NIST's certified values, and what exact arithmetic gives on the doubles nearest to NIST's decimals.

use restudy_stats::descriptive::Moments;
use restudy_stats::hypothesis::Anova;
use serde_json::{Map, Value};

use super::{Failure, Method};
use crate::case::Case;
use crate::folder::{InputError, Tables, array, member, object, string, wrong_type};
use crate::tolerance::{CERTIFIED, EXACT, STATISTIC, Tolerance};

const NO_AUTOCORRELATION: &str = "the library has no autocorrelation";

pub(super) const UNIVARIATE: Method = Method {
    name: "nist.univariate",
    run: univariate,
    not_covered: &[
        ("certified.lag1_autocorrelation", NO_AUTOCORRELATION),
        ("exact_for_doubles.lag1_autocorrelation", NO_AUTOCORRELATION),
    ],
};

pub(super) const ONE_WAY_ANOVA: Method = Method { name: "nist.one_way_anova", run: one_way_anova, not_covered: &[] };

/// The file's cases, the kind as the method.
pub(crate) fn cases(file: &Map<String, Value>, tables: &mut Tables<'_>) -> Result<Vec<Case>, InputError> {
    let read = |case: &Value, tables: &mut Tables<'_>| {
        let case = object(case)?;
        let mut values = Map::new();
        for key in ["certified", "exact_for_doubles"] {
            if let Some(given) = case.get(key) {
                let given = object(given).map_err(|error| error.within(format_args!("`{key}`")))?;
                values.insert(key.to_owned(), decimals(given)?.into());
            }
        }
        let data = tables.get(string(case, "data_file")?)?;
        let method = format!("nist.{}", string(case, "kind")?);
        Ok(Case::new(string(case, "id")?, &method, case.clone(), Some(data), &values))
    };
    array(file, "cases")?
        .iter()
        .enumerate()
        .map(|(index, case)| {
            read(case, tables).map_err(|error: InputError| error.within(format_args!("case {}", index + 1)))
        })
        .collect()
}

/// Numbers that were written as decimal strings.
pub(super) fn decimals(given: &Map<String, Value>) -> Result<Map<String, Value>, InputError> {
    (given.keys())
        .map(|key| {
            let value = member(given, key)?;
            let number = match value {
                Value::String(text) => text.parse().ok(),
                _ => value.as_f64(),
            };
            // A number that is not finite has no place in JSON.
            let number = number.and_then(serde_json::Number::from_f64);
            number.map(|number| (key.clone(), number.into())).ok_or_else(|| wrong_type(key, value, "a finite number"))
        })
        .collect()
}

fn univariate(case: &mut Case) -> Result<(), Failure> {
    let values: Vec<f64> = case.column("column")?.into_iter().flatten().collect();
    let moments = Moments::of(&values)?;
    for (group, tolerance) in [("exact_for_doubles", STATISTIC), ("certified", CERTIFIED)] {
        case.check.number(&format!("{group}.mean"), moments.mean, tolerance);
        case.check.number(&format!("{group}.sd"), moments.sd, tolerance);
    }
    Ok(())
}

fn one_way_anova(case: &mut Case) -> Result<(), Failure> {
    let groups = case.all_groups()?;
    let groups: Vec<&[f64]> = groups.iter().map(Vec::as_slice).collect();
    let table = Anova.table(&groups)?;
    // What rounding the decimals to doubles can move: 1e-3 in SmLs07, whose numbers near 10¹² spread by 0.1.
    let largest = groups.iter().copied().flatten().fold(0.0_f64, |largest, x| largest.max(x.abs()));
    let rounding = largest * f64::EPSILON / table.residual_sd();
    let certified = Tolerance { relative: CERTIFIED.relative.max(rounding), ..CERTIFIED };
    for (set, tolerance) in [("exact_for_doubles", STATISTIC), ("certified", certified)] {
        let mut check = |name: &str, value: f64, tolerance: Tolerance| {
            case.check.number(&format!("{set}.{name}"), value, tolerance);
        };
        check("df_between", table.df_between, EXACT);
        check("df_within", table.df_within, EXACT);
        check("ss_between", table.ss_between, tolerance);
        check("ss_within", table.ss_within, tolerance);
        check("ms_between", table.ss_between / table.df_between, tolerance);
        check("ms_within", table.ss_within / table.df_within, tolerance);
        check("f", table.f(), tolerance);
        check("r_squared", table.eta_squared(), tolerance);
        check("residual_sd", table.residual_sd(), tolerance);
    }
    Ok(())
}
