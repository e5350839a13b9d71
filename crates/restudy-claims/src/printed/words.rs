//! Counts written as words: "nine", "Twenty-one", "None".

const SMALL: [&str; 20] = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
];
const TENS: [&str; 8] = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];

/// The count that an English word from "none" to "ninety-nine" stands for.
pub(super) fn count_from_word(text: &str) -> Option<u64> {
    let word = text.to_lowercase();
    if matches!(word.as_str(), "none" | "no") {
        return Some(0);
    }
    if let Some(small) = position(&SMALL, &word) {
        return Some(small);
    }
    let (tens, unit) = match word.split_once(['-', '\u{2010}', '\u{2011}', ' ']) {
        Some((tens, unit)) => (tens, position(&SMALL, unit).filter(|unit| (1..=9).contains(unit))?),
        None => (word.as_str(), 0),
    };
    position(&TENS, tens).map(|tens| (tens + 2) * 10 + unit)
}

fn position(words: &[&str], word: &str) -> Option<u64> {
    words.iter().position(|candidate| *candidate == word).map(|index| index as u64)
}
