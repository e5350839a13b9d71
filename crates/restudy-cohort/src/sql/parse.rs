//! Text to the tree of an expression.
//!
//! ```text
//! expression  conditions joined by AND, which binds before XOR, which binds before OR
//! condition   NOT condition | predicate
//! predicate   sum [ = <> != < <= > >= sum | IS [NOT] NULL|TRUE|FALSE|UNKNOWN | [NOT] BETWEEN sum AND sum
//!                 | [NOT] IN (expression, ...) | [NOT] LIKE|ILIKE 'pattern' ]
//! sum         products joined by + and -
//! product     factors joined by * / %
//! factor      - factor | + factor | primary [ :: type ]...
//! primary     number | 'text' | TRUE | FALSE | NULL | DATE 'day' | column | "column" | ( expression )
//!             | FUNCTION(expression, ...) | CAST(expression AS type) | EXTRACT(part FROM expression)
//!             | CASE [expression] WHEN expression THEN expression ... [ELSE expression] END
//! ```

use super::function::Function;
use crate::code::number;
use crate::codebook::ISO_DATE;
use crate::error::SqlProblem;
use crate::typing::day;

/// The deepest nesting that is read; chains such as `a + b + c` do not nest.
const DEPTH_LIMIT: usize = 32;

/// Words that are no column's name unless quoted.
const RESERVED: [&str; 16] = [
    "AND", "BETWEEN", "CASE", "ELSE", "END", "FALSE", "ILIKE", "IN", "IS", "LIKE", "NOT", "NULL", "OR", "THEN", "TRUE",
    "WHEN",
];

/// Functions of several rows, as systems name them.
const AGGREGATES: [&str; 24] = [
    "ARRAY_AGG",
    "AVG",
    "CORR",
    "COUNT",
    "COVAR",
    "FIRST",
    "LAG",
    "LAST",
    "LEAD",
    "MAX",
    "MEAN",
    "MEDIAN",
    "MIN",
    "MODE",
    "NTILE",
    "QUANTILE",
    "RANK",
    "ROW_NUMBER",
    "STD",
    "STDDEV",
    "STDEV",
    "SUM",
    "VAR",
    "VARIANCE",
];

/// An expression.
#[derive(Debug)]
pub(super) enum Expr {
    Column(String),
    Number(f64),
    Text(String),
    Truth(bool),
    /// Days since 1970-01-01.
    Date(i32),
    Null,
    Not(Box<Expr>),
    Negative(Box<Expr>),
    /// At least two, joined by one operator.
    Logic(Logic, Vec<Expr>),
    /// From the left.
    Arithmetic(Box<Expr>, Vec<(Arithmetic, Expr)>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    IsNull(Box<Expr>),
    /// Whether it is true, false or, with `None`, unknown.
    Is(Box<Expr>, Option<bool>),
    Between(Box<Expr>, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Vec<Expr>),
    Like {
        text: Box<Expr>,
        pattern: String,
        fold: bool,
    },
    Case {
        operand: Option<Box<Expr>>,
        branches: Vec<(Expr, Expr)>,
        otherwise: Option<Box<Expr>>,
    },
    Cast(Box<Expr>, Target),
    Extract(Part, Box<Expr>),
    Call(Function, Vec<Expr>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Logic {
    And,
    Xor,
    Or,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Arithmetic {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
        }
    }
}

impl Comparison {
    pub(super) fn sign(self) -> &'static str {
        match self {
            Self::Equal => "=",
            Self::NotEqual => "<>",
            Self::Less => "<",
            Self::LessOrEqual => "<=",
            Self::Greater => ">",
            Self::GreaterOrEqual => ">=",
        }
    }
}

/// What is cast to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Whole,
    Real,
}

/// A part of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Year,
    Month,
    Day,
}

/// The tree of an expression.
pub(super) fn parse(sql: &str) -> Result<Expr, SqlProblem> {
    let mut parser = Parser { tokens: tokens(sql)?, next: 0, end: sql.chars().count() + 1, depth: 0 };
    let expression = parser.expression()?;
    match parser.peek() {
        Token::End => Ok(expression),
        // A function and its window.
        Token::Word(word) if word.eq_ignore_ascii_case("OVER") => Err(several_patients("a window")),
        _ => Err(parser.expected("an operator or the end")),
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Token {
    /// A name or a word of SQL.
    Word(String),
    /// A name in double quotes.
    Quoted(String),
    Number(String),
    Text(String),
    Sign(&'static str),
    End,
}

/// Signs, the longer ones first.
const SIGNS: [&str; 17] = ["<>", "!=", "<=", ">=", "::", "||", "--", "/*", "=", "<", ">", "+", "-", "*", "/", "%", "("];

/// The tokens, each with the place of its first character, counted from 1.
fn tokens(sql: &str) -> Result<Vec<(Token, usize)>, SqlProblem> {
    let mut tokens = Vec::new();
    let mut rest = sql;
    let mut at = 1;
    loop {
        let trimmed = rest.trim_start();
        at += rest[..rest.len() - trimmed.len()].chars().count();
        rest = trimmed;
        let Some(first) = rest.chars().next() else { return Ok(tokens) };
        let (token, length) = match first {
            '\'' | '"' => {
                let (text, length) = quoted(rest, first).ok_or(SqlProblem::Syntax {
                    expected: if first == '"' { "a double quote that closes" } else { "a quote that closes" },
                    found: None,
                    at: sql.chars().count() + 1,
                })?;
                (if first == '"' { Token::Quoted(text) } else { Token::Text(text) }, length)
            }
            '0'..='9' => numeral(rest),
            '.' if rest[1..].starts_with(|c: char| c.is_ascii_digit()) => numeral(rest),
            first if first.is_alphabetic() || first == '_' => {
                let part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
                let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
                (Token::Word(rest[..length].to_owned()), length)
            }
            _ => match SIGNS.into_iter().chain([")", ","]).find(|sign| rest.starts_with(sign)) {
                Some(sign) => (Token::Sign(sign), sign.len()),
                None => {
                    let found = Some(first.to_string());
                    return Err(SqlProblem::Syntax { expected: "a name, a value or an operator", found, at });
                }
            },
        };
        tokens.push((token, at));
        at += rest[..length].chars().count();
        rest = &rest[length..];
    }
}

/// The text between quotes, which are written twice within, and how many bytes that takes.
fn quoted(rest: &str, quote: char) -> Option<(String, usize)> {
    let mut text = String::new();
    let mut characters = rest.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        if c == quote && characters.next_if(|(_, next)| *next == quote).is_none() {
            return Some((text, at + 1));
        }
        text.push(c);
    }
    None
}

/// A number, with whatever letters and digits stick to it.
fn numeral(rest: &str) -> (Token, usize) {
    let mut before = ' ';
    let mut part = |c: char| {
        let exponent_sign = matches!(c, '+' | '-') && matches!(before, 'e' | 'E');
        before = c;
        c.is_alphanumeric() || matches!(c, '.' | '_') || exponent_sign
    };
    let length = rest.find(|c| !part(c)).unwrap_or(rest.len());
    (Token::Number(rest[..length].to_owned()), length)
}

struct Parser {
    tokens: Vec<(Token, usize)>,
    next: usize,
    /// The place behind the last character.
    end: usize,
    depth: usize,
}

type Parsed<T = Expr> = Result<T, SqlProblem>;

impl Parser {
    fn peek(&self) -> &Token {
        self.tokens.get(self.next).map_or(&Token::End, |(token, _)| token)
    }

    fn expected(&self, expected: &'static str) -> SqlProblem {
        let found = match self.peek() {
            Token::Word(text) | Token::Number(text) => Some(text.clone()),
            Token::Quoted(text) => Some(format!("\"{text}\"")),
            Token::Text(text) => Some(format!("'{text}'")),
            Token::Sign(sign) => Some((*sign).to_owned()),
            Token::End => None,
        };
        SqlProblem::Syntax { expected, found, at: self.tokens.get(self.next).map_or(self.end, |(_, at)| *at) }
    }

    /// Takes a sign if it comes next.
    fn sign(&mut self, sign: &str) -> bool {
        let comes = matches!(self.peek(), Token::Sign(next) if *next == sign);
        self.next += usize::from(comes);
        comes
    }

    /// Takes a word of SQL if it comes next.
    fn word(&mut self, word: &str) -> bool {
        let comes = matches!(self.peek(), Token::Word(next) if next.eq_ignore_ascii_case(word));
        self.next += usize::from(comes);
        comes
    }

    fn needs_sign(&mut self, sign: &str, expected: &'static str) -> Parsed<()> {
        if self.sign(sign) { Ok(()) } else { Err(self.expected(expected)) }
    }

    fn needs_word(&mut self, word: &'static str) -> Parsed<()> {
        if self.word(word) { Ok(()) } else { Err(self.expected(word)) }
    }

    /// Parses what is nested one deeper.
    fn nested<T>(&mut self, parse: impl FnOnce(&mut Self) -> Parsed<T>) -> Parsed<T> {
        if self.depth == DEPTH_LIMIT {
            return Err(SqlProblem::TooDeep { limit: DEPTH_LIMIT });
        }
        self.depth += 1;
        let parsed = parse(self);
        self.depth -= 1;
        parsed
    }

    fn expression(&mut self) -> Parsed {
        self.nested(|parser| parser.logic(Logic::Or))
    }

    fn logic(&mut self, logic: Logic) -> Parsed {
        let (word, operand): (_, fn(&mut Self) -> Parsed) = match logic {
            Logic::Or => ("OR", |parser| parser.logic(Logic::Xor)),
            Logic::Xor => ("XOR", |parser| parser.logic(Logic::And)),
            Logic::And => ("AND", Self::condition),
        };
        let first = operand(self)?;
        let mut operands = vec![first];
        while self.word(word) {
            operands.push(operand(self)?);
        }
        Ok(if operands.len() == 1 { operands.remove(0) } else { Expr::Logic(logic, operands) })
    }

    fn condition(&mut self) -> Parsed {
        if self.word("NOT") {
            return Ok(Expr::Not(Box::new(self.nested(Self::condition)?)));
        }
        let first = Box::new(self.sum()?);
        for (sign, comparison) in [
            ("=", Comparison::Equal),
            ("<>", Comparison::NotEqual),
            ("!=", Comparison::NotEqual),
            ("<", Comparison::Less),
            ("<=", Comparison::LessOrEqual),
            (">", Comparison::Greater),
            (">=", Comparison::GreaterOrEqual),
        ] {
            if self.sign(sign) {
                return Ok(Expr::Compare(comparison, first, Box::new(self.sum()?)));
            }
        }
        if self.word("IS") {
            let negated = self.word("NOT");
            let is = if self.word("NULL") {
                Expr::IsNull(first)
            } else if self.word("TRUE") {
                Expr::Is(first, Some(true))
            } else if self.word("FALSE") {
                Expr::Is(first, Some(false))
            } else if self.word("UNKNOWN") {
                Expr::Is(first, None)
            } else {
                return Err(self.expected("NULL, TRUE, FALSE or UNKNOWN"));
            };
            return Ok(negate(is, negated));
        }
        let negated = self.word("NOT");
        let predicate = if self.word("BETWEEN") {
            let low = self.sum()?;
            self.needs_word("AND")?;
            Expr::Between(first, Box::new(low), Box::new(self.sum()?))
        } else if self.word("IN") {
            self.needs_sign("(", "a list in parentheses")?;
            Expr::In(first, self.list()?)
        } else if self.word("LIKE") {
            Expr::Like { text: first, pattern: self.text("a pattern in single quotes")?, fold: false }
        } else if self.word("ILIKE") {
            Expr::Like { text: first, pattern: self.text("a pattern in single quotes")?, fold: true }
        } else if negated {
            return Err(self.expected("BETWEEN, IN, LIKE or ILIKE"));
        } else {
            return Ok(*first);
        };
        Ok(negate(predicate, negated))
    }

    fn sum(&mut self) -> Parsed {
        self.chain(Self::product, &[("+", Arithmetic::Add), ("-", Arithmetic::Subtract)])
    }

    fn product(&mut self) -> Parsed {
        let signs = [("*", Arithmetic::Multiply), ("/", Arithmetic::Divide), ("%", Arithmetic::Remainder)];
        self.chain(Self::factor, &signs)
    }

    fn chain(&mut self, operand: fn(&mut Self) -> Parsed, signs: &[(&str, Arithmetic)]) -> Parsed {
        let first = operand(self)?;
        let mut rest = Vec::new();
        while let Some((_, operator)) = signs.iter().find(|(sign, _)| self.sign(sign)) {
            rest.push((*operator, operand(self)?));
        }
        Ok(if rest.is_empty() { first } else { Expr::Arithmetic(Box::new(first), rest) })
    }

    fn factor(&mut self) -> Parsed {
        if self.sign("-") {
            return Ok(Expr::Negative(Box::new(self.nested(Self::factor)?)));
        }
        if self.sign("+") {
            return self.nested(Self::factor);
        }
        let mut value = self.primary()?;
        if self.sign("::") {
            value = Expr::Cast(Box::new(value), self.target()?);
        }
        Ok(value)
    }

    fn primary(&mut self) -> Parsed {
        if self.sign("(") {
            let inner = self.expression()?;
            self.needs_sign(")", "`)`")?;
            return Ok(inner);
        }
        let token = self.peek().clone();
        let word = match token {
            Token::Number(digits) => {
                let value = number(&digits, false).map_err(|_| SqlProblem::NotANumber { text: digits })?;
                self.next += 1;
                return Ok(Expr::Number(value));
            }
            Token::Text(text) => {
                self.next += 1;
                return Ok(Expr::Text(text));
            }
            Token::Quoted(name) => {
                self.next += 1;
                return Ok(Expr::Column(name));
            }
            Token::Word(word) => word,
            Token::Sign(_) | Token::End => return Err(self.expected("a column or a value")),
        };
        let upper = word.to_uppercase();
        match upper.as_str() {
            "NULL" | "TRUE" | "FALSE" => {
                self.next += 1;
                Ok(if upper == "NULL" { Expr::Null } else { Expr::Truth(upper == "TRUE") })
            }
            "CASE" => {
                self.next += 1;
                self.case()
            }
            "SELECT" => Err(several_patients("a subquery")),
            reserved if RESERVED.contains(&reserved) => Err(self.expected("a column or a value")),
            _ => {
                self.next += 1;
                match self.peek() {
                    Token::Text(text) if upper == "DATE" => {
                        let day =
                            day(text.trim(), ISO_DATE).ok_or_else(|| SqlProblem::NotADate { text: text.clone() })?;
                        self.next += 1;
                        Ok(Expr::Date(day))
                    }
                    Token::Sign("(") => {
                        self.next += 1;
                        self.call(&upper)
                    }
                    _ => Ok(Expr::Column(word)),
                }
            }
        }
    }

    /// What follows `CASE`.
    fn case(&mut self) -> Parsed {
        let at_when = matches!(self.peek(), Token::Word(word) if word.eq_ignore_ascii_case("WHEN"));
        let operand = if at_when { None } else { Some(Box::new(self.expression()?)) };
        let mut branches = Vec::new();
        while self.word("WHEN") {
            let condition = self.expression()?;
            self.needs_word("THEN")?;
            branches.push((condition, self.expression()?));
        }
        if branches.is_empty() {
            return Err(self.expected("WHEN"));
        }
        let otherwise = if self.word("ELSE") { Some(Box::new(self.expression()?)) } else { None };
        self.needs_word("END")?;
        Ok(Expr::Case { operand, branches, otherwise })
    }

    /// What follows a function's opening parenthesis.
    fn call(&mut self, name: &str) -> Parsed {
        match name {
            "CAST" => {
                let inner = Box::new(self.expression()?);
                self.needs_word("AS")?;
                let target = self.target()?;
                self.needs_sign(")", "`)`")?;
                Ok(Expr::Cast(inner, target))
            }
            "EXTRACT" => {
                let part = if self.word("YEAR") {
                    Part::Year
                } else if self.word("MONTH") {
                    Part::Month
                } else if self.word("DAY") {
                    Part::Day
                } else {
                    return Err(self.expected("YEAR, MONTH or DAY"));
                };
                self.needs_word("FROM")?;
                let inner = Box::new(self.expression()?);
                self.needs_sign(")", "`)`")?;
                Ok(Expr::Extract(part, inner))
            }
            name if AGGREGATES.contains(&name) => Err(several_patients(&format!("the aggregate `{name}`"))),
            "EXISTS" => Err(several_patients("a subquery")),
            name => Ok(Expr::Call(Function::named(name)?, if self.sign(")") { Vec::new() } else { self.list()? })),
        }
    }

    /// Expressions up to a closing parenthesis.
    fn list(&mut self) -> Parsed<Vec<Expr>> {
        let mut items = vec![self.expression()?];
        while self.sign(",") {
            items.push(self.expression()?);
        }
        self.needs_sign(")", "`,` or `)`")?;
        Ok(items)
    }

    fn text(&mut self, expected: &'static str) -> Parsed<String> {
        let Token::Text(text) = self.peek().clone() else { return Err(self.expected(expected)) };
        self.next += 1;
        Ok(text)
    }

    fn target(&mut self) -> Parsed<Target> {
        let Token::Word(word) = self.peek() else { return Err(self.expected("a type")) };
        let target = match word.to_uppercase().as_str() {
            "INT" | "INTEGER" | "BIGINT" | "SMALLINT" => Target::Whole,
            "DOUBLE" | "FLOAT" | "REAL" => Target::Real,
            _ => return Err(self.expected("DOUBLE or INTEGER")),
        };
        self.next += 1;
        self.word("PRECISION");
        Ok(target)
    }
}

fn negate(condition: Expr, negated: bool) -> Expr {
    if negated { Expr::Not(Box::new(condition)) } else { condition }
}

fn several_patients(what: &str) -> SqlProblem {
    SqlProblem::SeveralPatients { what: what.to_owned() }
}
