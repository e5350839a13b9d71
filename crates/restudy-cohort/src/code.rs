//! Values as tables write them: numbers, and codes that stand for something.

/// Why a text is not a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotANumber {
    /// It is written otherwise.
    Form,
    /// It is a number beyond the largest that a 64-bit float holds.
    TooLarge,
}

/// The number that a trimmed text writes in digits, sign, decimal mark and exponent; `NaN`, `inf` and grouped digits
/// are not numbers. Rounds correctly to the nearest double, however many digits are given.
pub(crate) fn number(text: &str, decimal_comma: bool) -> Result<f64, NotANumber> {
    let mark = if decimal_comma { b',' } else { b'.' };
    let form = |byte: u8| byte.is_ascii_digit() || byte == mark || matches!(byte, b'+' | b'-' | b'e' | b'E');
    if !text.bytes().all(form) {
        return Err(NotANumber::Form);
    }
    let parsed = if decimal_comma && text.contains(',') { text.replace(',', ".").parse() } else { text.parse::<f64>() };
    match parsed {
        Ok(value) if value.is_finite() => Ok(value + 0.0), // -0 is 0
        Ok(_) => Err(NotANumber::TooLarge),
        Err(_) => Err(NotANumber::Form),
    }
}

/// A value that stands for something: a level, the event, a missing value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Code {
    pub(crate) text: String,
    number: Option<f64>,
}

impl Code {
    /// The code written `text`.
    pub(crate) fn new(text: &str) -> Self {
        let text = text.trim();
        Self { text: text.to_owned(), number: number(text, false).ok() }
    }

    /// Whether a cell holds it: the same text, or the same number, so that 999 is 999.0 and 1 is 01.
    pub(crate) fn is(&self, text: &str, number: Option<f64>) -> bool {
        self.text == text || (number.is_some() && self.number == number)
    }

    /// Whether one cell could hold both.
    pub(crate) fn clashes(&self, other: &Self) -> bool {
        self.is(&other.text, other.number)
    }
}
