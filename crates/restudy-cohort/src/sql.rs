//! Expressions about one patient, computed for all of them.
//!
//! sqlparser, which is also the parser of polars' own SQL, reads the text; [`evaluate`] walks the tree and computes it
//! on polars columns. The tree is not handed to polars' SQL, because there a filter that compares `sex` with a
//! misspelt `'Mael'` quietly drops everybody, not-a-number is larger than every number, 1/2 is 0, a column named `^.*$`
//! is all columns, and a malformed call may panic. Here every part of an expression has a type and every level a name;
//! what is not listed in [`Source`](crate::Source) is refused.

mod evaluate;
mod function;
mod like;
mod value;

use sqlparser::ast::Expr;
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::{Parser, ParserError};
use sqlparser::tokenizer::{Token, Tokenizer, Whitespace};

use crate::error::SqlProblem;
use crate::typing::Typed;

pub(crate) use value::Value;

/// The most words and signs that are read. The tree of a longer expression could be too deep to be dropped.
const TOKEN_LIMIT: usize = 2_000;

/// The deepest nesting that is read, chains such as `a + b + c` counting once.
const DEPTH_LIMIT: usize = 40;

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

/// The value of an expression for each row of a table.
pub(crate) fn evaluate(sql: &str, columns: &[Typed], rows: usize) -> Result<Value, Fault> {
    let expression = parse(sql)?;
    let value = evaluate::Scope { columns }.value(&expression, DEPTH_LIMIT)?;
    Ok(value.spread(rows))
}

fn parse(sql: &str) -> Result<Expr, SqlProblem> {
    let tokens = Tokenizer::new(&GenericDialect {}, sql)
        .tokenize_with_location()
        .map_err(|error| SqlProblem::Syntax { message: error.to_string() })?;
    let weighs =
        |token: &Token| !matches!(token, Token::Whitespace(Whitespace::Space | Whitespace::Newline | Whitespace::Tab));
    if tokens.iter().filter(|token| weighs(&token.token)).count() > TOKEN_LIMIT {
        return Err(SqlProblem::TooLong { limit: TOKEN_LIMIT });
    }
    let mut parser =
        Parser::new(&GenericDialect {}).with_recursion_limit(DEPTH_LIMIT).with_tokens_with_locations(tokens);
    let expression = parser.parse_expr().map_err(syntax)?;
    parser.expect_token(&Token::EOF).map_err(syntax)?;
    Ok(expression)
}

fn syntax(error: ParserError) -> SqlProblem {
    match error {
        ParserError::TokenizerError(message) | ParserError::ParserError(message) => SqlProblem::Syntax { message },
        ParserError::RecursionLimitExceeded => SqlProblem::TooDeep { limit: DEPTH_LIMIT },
    }
}
