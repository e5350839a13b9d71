//! Functions of SQL.

use polars::prelude::arity::broadcast_binary_elementwise;
use polars::prelude::*;

use super::evaluate::{Evaluated, Scope, choose, compare, types};
use super::parse::{Comparison, Expr};
use super::value::{Value, finite};
use crate::error::{SqlProblem, Suggestion};

/// A function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Abs,
    Ceil,
    Floor,
    Round,
    Sqrt,
    Exp,
    Ln,
    Log10,
    Log2,
    Power,
    Least,
    Greatest,
    Coalesce,
    NullIf,
}

impl Function {
    const ALL: [(&str, Self); 14] = [
        ("ABS", Self::Abs),
        ("CEIL", Self::Ceil),
        ("FLOOR", Self::Floor),
        ("ROUND", Self::Round),
        ("SQRT", Self::Sqrt),
        ("EXP", Self::Exp),
        ("LN", Self::Ln),
        ("LOG10", Self::Log10),
        ("LOG2", Self::Log2),
        ("POWER", Self::Power),
        ("LEAST", Self::Least),
        ("GREATEST", Self::Greatest),
        ("COALESCE", Self::Coalesce),
        ("NULLIF", Self::NullIf),
    ];

    /// The function of a name in capitals.
    pub(super) fn named(name: &str) -> Result<Self, SqlProblem> {
        Self::ALL.into_iter().find(|(known, _)| *known == name).map(|(_, function)| function).ok_or_else(|| {
            let suggestion = Suggestion::for_name(name, Self::ALL.map(|(known, _)| known));
            SqlProblem::UnknownFunction { name: name.to_owned(), suggestion }
        })
    }

    fn name(self) -> &'static str {
        Self::ALL.into_iter().find(|(_, function)| *function == self).map_or("", |(name, _)| name)
    }

    fn takes(self) -> &'static str {
        match self {
            Self::Round => "a number and, if wished, how many decimals to keep",
            Self::Power => "a base and an exponent",
            Self::Least | Self::Greatest => "one or more numbers",
            Self::Coalesce => "one or more values",
            Self::NullIf => "two values",
            _ => "one number",
        }
    }
}

impl Scope<'_> {
    pub(super) fn call(&self, function: Function, arguments: &[Expr]) -> Evaluated {
        let operation = || format!("`{}`", function.name());
        let count = || SqlProblem::Arguments {
            function: function.name().to_owned(),
            expected: function.takes(),
            found: arguments.len(),
        };
        match (function, arguments) {
            (Function::Coalesce, [first, rest @ ..]) => {
                let mut chosen = self.value(first)?;
                for next in rest {
                    let known = !&chosen.is_null();
                    chosen = choose(operation(), &known, chosen, self.value(next)?)?;
                }
                return Ok(chosen);
            }
            (Function::NullIf, [value, code]) => {
                let (value, code) = (self.side(value)?, self.side(code)?);
                let equal = compare(Comparison::Equal, &value, &code)?;
                return choose(operation(), &equal, Value::Null, value.value);
            }
            (Function::Coalesce | Function::NullIf, _) => return Err(count().into()),
            _ => {}
        }
        let mut numbers = Vec::with_capacity(arguments.len());
        for argument in arguments {
            numbers.push(match self.value(argument)? {
                Value::Number(values) => values,
                Value::Null => Float64Chunked::full_null(PlSmallStr::EMPTY, 1),
                other => return Err(types(operation(), "numbers", &[&other])),
            });
        }
        // libm, not the platform's mathematics: the same bits on every machine.
        let result = match (function, numbers.as_slice()) {
            (Function::Abs, [x]) => x.apply_values(f64::abs),
            (Function::Ceil, [x]) => x.apply_values(f64::ceil),
            (Function::Floor, [x]) => x.apply_values(f64::floor),
            (Function::Round, [x]) => x.apply_values(f64::round),
            (Function::Round, [x, decimals]) => pairwise(x, decimals, rounded),
            (Function::Sqrt, [x]) => x.apply_values(f64::sqrt),
            (Function::Exp, [x]) => x.apply_values(libm::exp),
            (Function::Ln, [x]) => x.apply_values(libm::log),
            (Function::Log10, [x]) => x.apply_values(libm::log10),
            (Function::Log2, [x]) => x.apply_values(libm::log2),
            (Function::Power, [base, exponent]) => pairwise(base, exponent, libm::pow),
            (Function::Least, [first, rest @ ..]) => rest.iter().fold(first.clone(), |a, b| pairwise(&a, b, f64::min)),
            (Function::Greatest, [first, rest @ ..]) => {
                rest.iter().fold(first.clone(), |a, b| pairwise(&a, b, f64::max))
            }
            _ => return Err(count().into()),
        };
        Ok(Value::Number(finite(result)))
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
