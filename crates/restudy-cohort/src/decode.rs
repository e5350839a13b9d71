//! Bytes to text.

use std::borrow::Cow;

use encoding_rs::{DecoderResult, Encoding, UTF_8};

use crate::error::{CohortError, Suggestion};
use crate::source::Source;

/// Labels worth suggesting; every label of the WHATWG encoding standard is understood.
const USUAL: [&str; 11] = [
    "utf-8",
    "utf-16le",
    "utf-16be",
    "windows-1252",
    "windows-1250",
    "iso-8859-1",
    "iso-8859-15",
    "gbk",
    "big5",
    "shift_jis",
    "euc-kr",
];

/// The table's text without a byte-order mark, free of NUL.
pub(crate) fn decode<'a>(source: &Source<'a>) -> Result<Cow<'a, str>, CohortError> {
    let file = || source.file_name.to_owned();
    let declared = match &source.options.encoding {
        None => None,
        Some(label) => Some(Encoding::for_label_no_replacement(label.trim().as_bytes()).ok_or_else(|| {
            CohortError::UnknownEncoding {
                file: file(),
                label: label.clone(),
                suggestion: Suggestion::for_name(label, USUAL),
            }
        })?),
    };
    let (encoding, mark) = Encoding::for_bom(source.bytes).unwrap_or((declared.unwrap_or(UTF_8), 0));
    let body = source.bytes.get(mark..).unwrap_or_default();

    let text = strictly(encoding, body).map_err(|fault| CohortError::NotText {
        file: file(),
        line: fault.line,
        byte: mark + fault.byte,
        encoding: encoding.name(),
        declared: declared.is_some() || mark > 0,
    })?;
    if let Some(at) = text.find('\0') {
        return Err(CohortError::NulByte { file: file(), line: line_at(text.as_bytes(), at) });
    }
    Ok(text)
}

struct Fault {
    line: u64,
    byte: usize,
}

/// Decodes without replacing what is malformed.
fn strictly<'a>(encoding: &'static Encoding, bytes: &'a [u8]) -> Result<Cow<'a, str>, Fault> {
    if encoding == UTF_8 {
        return match std::str::from_utf8(bytes) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => Err(Fault { line: line_at(bytes, error.valid_up_to()), byte: error.valid_up_to() }),
        };
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut text = String::new();
    let mut read = 0;
    loop {
        let rest = bytes.get(read..).unwrap_or_default();
        text.reserve(decoder.max_utf8_buffer_length_without_replacement(rest.len()).unwrap_or(rest.len()).max(16));
        let (result, consumed) = decoder.decode_to_string_without_replacement(rest, &mut text, true);
        read += consumed;
        match result {
            DecoderResult::InputEmpty => return Ok(Cow::Owned(text)),
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, after) => {
                let byte = read.saturating_sub(usize::from(length) + usize::from(after));
                return Err(Fault { line: line_at(text.as_bytes(), text.len()), byte });
            }
        }
    }
}

/// The line, counted from 1, on which byte `offset` stands. A line ends with `\n`, `\r\n` or `\r`.
pub(crate) fn line_at(bytes: &[u8], offset: usize) -> u64 {
    let before = bytes.get(..offset).unwrap_or(bytes);
    let ends = before
        .iter()
        .enumerate()
        .filter(|(at, byte)| **byte == b'\n' || (**byte == b'\r' && bytes.get(at + 1) != Some(&b'\n')))
        .count();
    1 + ends as u64
}
