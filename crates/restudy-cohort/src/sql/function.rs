//! Functions of SQL.

use polars::prelude::arity::broadcast_binary_elementwise;
use polars::prelude::*;
use sqlparser::ast::{Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments};

use super::evaluate::{Evaluated, Scope, types};
use super::value::{Value, finite};
use crate::error::SqlProblem;
use crate::nearest::nearest;

/// The functions with names of their own; `CEIL`, `FLOOR`, `EXTRACT` and `CAST` are syntax.
const FUNCTIONS: [&str; 14] = [
    "ABS", "CEIL", "FLOOR", "ROUND", "SQRT", "EXP", "LN", "LOG10", "LOG2", "POWER", "LEAST", "GREATEST", "COALESCE",
    "NULLIF",
];

/// Names that other systems give to functions of several rows.
const AGGREGATES: [&str; 24] = [
    "AVG",
    "MEAN",
    "SUM",
    "COUNT",
    "MIN",
    "MAX",
    "MEDIAN",
    "QUANTILE",
    "STDDEV",
    "STDEV",
    "STD",
    "VARIANCE",
    "VAR",
    "FIRST",
    "LAST",
    "MODE",
    "RANK",
    "ROW_NUMBER",
    "LAG",
    "LEAD",
    "NTILE",
    "CORR",
    "COVAR",
    "ARRAY_AGG",
];

impl Scope<'_> {
    pub(super) fn function(&self, call: &Function, depth: usize) -> Evaluated {
        let name = call.name.to_string().to_uppercase();
        if call.over.is_some() || AGGREGATES.contains(&name.as_str()) {
            let what = if call.over.is_some() { "a window".to_owned() } else { format!("the aggregate `{name}`") };
            return Err(SqlProblem::NotAllowed { what, several_patients: true }.into());
        }
        let arguments = plain_arguments(call).ok_or_else(|| SqlProblem::NotAllowed {
            what: format!("this form of `{name}`"),
            several_patients: false,
        })?;
        let takes = |range: std::ops::RangeInclusive<usize>, expected| {
            let found = arguments.len();
            if range.contains(&found) {
                Ok(())
            } else {
                Err(SqlProblem::Arguments { function: name.clone(), expected, found })
            }
        };
        match name.as_str() {
            "ABS" | "SQRT" | "EXP" | "LN" | "LOG10" | "LOG2" => takes(1..=1, "one number")?,
            "ROUND" => takes(1..=2, "a number and, if wished, how many decimals to keep")?,
            "POWER" | "POW" => takes(2..=2, "a base and an exponent")?,
            "LEAST" | "GREATEST" => takes(1..=usize::MAX, "one or more numbers")?,
            "COALESCE" => takes(1..=usize::MAX, "one or more values")?,
            "NULLIF" => takes(2..=2, "two values")?,
            _ => {
                return Err(SqlProblem::UnknownFunction {
                    nearest: nearest(&name, FUNCTIONS),
                    known: FUNCTIONS.map(str::to_owned).to_vec(),
                    name,
                }
                .into());
            }
        }
        let operation = || format!("`{name}`");
        match name.as_str() {
            "COALESCE" => {
                let mut chosen = Value::Null;
                for argument in arguments.iter().rev() {
                    let value = self.value(argument, depth)?;
                    let known = !&value.is_null();
                    chosen = self.choose("`COALESCE`", &known, value, chosen)?;
                }
                return Ok(chosen);
            }
            "NULLIF" => {
                let [first, _] = arguments.as_slice() else { return Ok(Value::Null) };
                let value = self.value(first, depth)?;
                let equal = self.equal(arguments[0], arguments[1], depth)?;
                return self.choose("`NULLIF`", &equal, Value::Null, value);
            }
            _ => {}
        }
        let mut numbers = Vec::with_capacity(arguments.len());
        for argument in &arguments {
            numbers.push(self.number(argument, operation(), depth)?);
        }
        let mut numbers = numbers.into_iter();
        let Some(first) = numbers.next() else { return Ok(Value::Null) };
        // libm, not the platform's mathematics: the same bits on every machine.
        let result = match (name.as_str(), numbers.next()) {
            ("ABS", _) => first.apply_values(f64::abs),
            ("SQRT", _) => first.apply_values(f64::sqrt),
            ("EXP", _) => first.apply_values(libm::exp),
            ("LN", _) => first.apply_values(libm::log),
            ("LOG10", _) => first.apply_values(libm::log10),
            ("LOG2", _) => first.apply_values(libm::log2),
            ("ROUND", None) => first.apply_values(f64::round),
            ("ROUND", Some(decimals)) => pairwise(&first, &decimals, rounded),
            ("POWER" | "POW", Some(exponent)) => pairwise(&first, &exponent, libm::pow),
            ("LEAST", Some(second)) => {
                numbers.fold(pairwise(&first, &second, f64::min), |least, next| pairwise(&least, &next, f64::min))
            }
            ("GREATEST", Some(second)) => {
                numbers.fold(pairwise(&first, &second, f64::max), |greatest, next| pairwise(&greatest, &next, f64::max))
            }
            _ => first,
        };
        Ok(Value::Number(finite(result)))
    }

    fn number(&self, argument: &Expr, operation: String, depth: usize) -> Evaluated<Float64Chunked> {
        match self.value(argument, depth)? {
            Value::Number(values) => Ok(values),
            Value::Null => Ok(Float64Chunked::full_null(PlSmallStr::EMPTY, 1)),
            other => Err(types(operation, "numbers", &[&other])),
        }
    }
}

/// Rounds half away from zero, keeping so many decimals.
fn rounded(value: f64, decimals: f64) -> f64 {
    let scale = libm::pow(10.0, decimals.trunc());
    let scaled = value * scale;
    if scaled.is_finite() && scale > 0.0 { scaled.round() / scale } else { value }
}

/// A function of two numbers, missing where either is.
pub(super) fn pairwise(
    left: &Float64Chunked,
    right: &Float64Chunked,
    function: impl Fn(f64, f64) -> f64,
) -> Float64Chunked {
    broadcast_binary_elementwise(left, right, |left: Option<f64>, right: Option<f64>| Some(function(left?, right?)))
}

/// The arguments, if they are expressions and nothing else.
fn plain_arguments(call: &Function) -> Option<Vec<&Expr>> {
    let FunctionArguments::List(list) = &call.args else { return None };
    let plain = call.filter.is_none()
        && call.null_treatment.is_none()
        && call.within_group.is_empty()
        && matches!(call.parameters, FunctionArguments::None)
        && list.duplicate_treatment.is_none()
        && list.clauses.is_empty();
    let expression = |argument| match argument {
        &FunctionArg::Unnamed(FunctionArgExpr::Expr(ref expression)) => Some(expression),
        _ => None,
    };
    list.args.iter().map(expression).collect::<Option<Vec<_>>>().filter(|_| plain)
}
