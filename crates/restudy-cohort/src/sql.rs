//! Expressions about one patient, computed for all of them.
//!
//! The grammar is a page of SQL, parsed here and computed on polars columns. polars' own SQL is not used, because in it
//! a filter that compares `sex` with a misspelt `'Mael'` quietly drops everybody, not-a-number is larger than every
//! number, 1/2 is 0, a column named `^.*$` is all columns, and a deeply nested text exhausts the parser's stack. Here
//! every part of an expression has a type and every level a name; what is not listed in [`Source`](crate::Source) is
//! refused.

mod evaluate;
mod function;
mod like;
mod parse;
mod value;

use crate::column::Column;
use crate::error::SqlProblem;
use crate::typing::View;

pub(crate) use value::Value;

/// Why an expression has no value.
pub(crate) enum Fault {
    UnknownColumn(String),
    Problem(SqlProblem),
}

impl From<SqlProblem> for Fault {
    fn from(problem: SqlProblem) -> Self {
        Self::Problem(problem)
    }
}

/// The value of an expression for each row of a table, whose columns are each given with what they are in SQL.
pub(crate) fn evaluate<'a>(
    sql: &str,
    columns: impl Iterator<Item = (&'a Column, View)>,
    rows: usize,
) -> Result<Value, Fault> {
    let expression = parse::parse(sql)?;
    let columns: Vec<(&Column, View)> = columns.collect();
    Ok(evaluate::Scope { columns: &columns }.value(&expression)?.spread(rows))
}
