//! Errors planted into a paper, one at a time.

use super::paper::{Chance, Paper, count_percent};

/// A kind of error, and how it is planted; the planting returns the ids of the claims that it changed, or nothing where
/// the paper has no place for it.
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    pub(crate) plant: fn(&mut Paper, &mut Chance) -> Option<Vec<String>>,
}

pub(crate) const KINDS: [Kind; 17] = [
    Kind { name: "a digit of a count", plant: digit_of_count },
    Kind { name: "a digit of a percentage", plant: digit_of_percentage },
    Kind { name: "a digit of a mean", plant: digit_of_mean },
    Kind { name: "a digit of a standard deviation", plant: digit_of_sd },
    Kind { name: "a digit of a median", plant: digit_of_median },
    Kind { name: "a digit of a p-value of counts", plant: |paper, chance| digit_of_p(paper, chance, "count-percent") },
    Kind { name: "a digit of a p-value of means", plant: |paper, chance| digit_of_p(paper, chance, "mean-sd") },
    Kind { name: "a digit of an adjusted p-value", plant: digit_of_adjusted },
    Kind {
        name: "labels of two groups exchanged, counts",
        plant: |paper, chance| swap(paper, chance, "count-percent"),
    },
    Kind { name: "labels of two groups exchanged, means", plant: |paper, chance| swap(paper, chance, "mean-sd") },
    Kind { name: "percentage of the wrong denominator", plant: wrong_denominator },
    Kind {
        name: "cells copied from the row above, counts",
        plant: |paper, chance| copy(paper, chance, "count-percent"),
    },
    Kind { name: "cells copied from the row above, means", plant: |paper, chance| copy(paper, chance, "mean-sd") },
    Kind { name: "wrong n in the head of the table", plant: wrong_n },
    Kind { name: "a number of the text unlike the table", plant: text_unlike_table },
    Kind { name: "sensitivity and specificity exchanged", plant: exchanged_accuracy },
    Kind { name: "a digit of a score table", plant: digit_of_score },
];

/// The text with one digit changed, of those that `from` to its end has before `until`.
fn change_digit(text: &str, chance: &mut Chance) -> Option<String> {
    let digits: Vec<usize> =
        text.char_indices().filter(|(_, letter)| letter.is_ascii_digit()).map(|(at, _)| at).collect();
    if digits.is_empty() {
        return None;
    }
    let at = digits[chance.below(digits.len())];
    let old = text.as_bytes()[at] - b'0';
    let new = (old + 1 + chance.below(9) as u8) % 10;
    let mut changed = text.to_owned();
    changed.replace_range(at..=at, &new.to_string());
    // A leading zero is a misprint of another kind.
    let bare = changed.trim_start_matches(['<', ' ']);
    if bare.len() > 1 && bare.starts_with('0') && !bare.starts_with("0.") { None } else { Some(changed) }
}

fn rows_of(paper: &Paper, kind: &str) -> Vec<usize> {
    (0..paper.rows.len()).filter(|row| paper.rows[*row].kind == kind).collect()
}

/// A random cell of a kind: row, group, its id.
fn cell(paper: &Paper, chance: &mut Chance, kind: &str) -> (usize, usize, String) {
    let rows = rows_of(paper, kind);
    let (row, group) = (rows[chance.below(rows.len())], chance.below(2));
    (row, group, format!("t1.{}.{}", paper.rows[row].id, ["a", "b"][group]))
}

/// Changes a digit of the part of a cell on one side of a separator.
fn digit_of_cell(
    paper: &mut Paper,
    chance: &mut Chance,
    kind: &str,
    separator: &str,
    before: bool,
) -> Option<Vec<String>> {
    let (row, group, id) = cell(paper, chance, kind);
    let text = &mut paper.rows[row].cells[group];
    let (first, second) = text.split_once(separator)?;
    *text = if before {
        format!("{}{separator}{second}", change_digit(first, chance)?)
    } else {
        format!("{first}{separator}{}", change_digit(second, chance)?)
    };
    Some(vec![id])
}

fn digit_of_count(paper: &mut Paper, chance: &mut Chance) -> Option<Vec<String>> {
    digit_of_cell(paper, chance, "count-percent", " (", true)
}

fn digit_of_percentage(paper: &mut Paper, chance: &mut Chance) -> Option<Vec<String>> {
    digit_of_cell(paper, chance, "count-percent", " (", false)
}

fn digit_of_mean(paper: &mut Paper, chance: &mut Chance) -> Option<Vec<String>> {
    digit_of_cell(paper, chance, "mean-sd", " ± ", true)
}

fn digit_of_sd(paper: &mut Paper, chance: &mut Chance) -> Option<Vec<String>> {
    digit_of_cell(paper, chance, "mean-sd", " ± ", false)
}

fn digit_of_median(paper: &mut Paper, chance: &mut Chance) -> Option<Vec<String>> {
    digit_of_cell(paper, chance, "median-quartiles", " (", true)
}

fn digit_of_p(paper: &mut Paper, chance: &mut Chance, kind: &str) -> Option<Vec<String>> {
    let (row, ..) = cell(paper, chance, kind);
    let row = &mut paper.rows[row];
    row.p = change_digit(row.p.strip_prefix("0.")?, chance).map(|digits| format!("0.{digits}"))?;
    Some(vec![format!("t1.{}.p", row.id)])
}

fn digit_of_adjusted(paper: &mut Paper, chance: &mut Chance) -> Option<Vec<String>> {
    let row = chance.below(paper.rows.len());
    let row = &mut paper.rows[row];
    row.p_adjusted = change_digit(row.p_adjusted.strip_prefix("0.")?, chance).map(|digits| format!("0.{digits}"))?;
    Some(vec![format!("t1.{}.padj", row.id)])
}

fn swap(paper: &mut Paper, chance: &mut Chance, kind: &str) -> Option<Vec<String>> {
    let (row, ..) = cell(paper, chance, kind);
    let row = &mut paper.rows[row];
    if row.cells[0] == row.cells[1] {
        return None;
    }
    row.cells.swap(0, 1);
    Some(vec![format!("t1.{}.a", row.id), format!("t1.{}.b", row.id), format!("t1.{}.p", row.id)])
}

fn wrong_denominator(paper: &mut Paper, chance: &mut Chance) -> Option<Vec<String>> {
    let (row, group, id) = cell(paper, chance, "count-percent");
    let text = &mut paper.rows[row].cells[group];
    let count: u64 = text.split_once(" (")?.0.parse().ok()?;
    let n = paper.sizes[1 - group];
    if count == 0 || count > n || n == paper.sizes[group] {
        return None;
    }
    *text = count_percent(count, n);
    Some(vec![id])
}

fn copy(paper: &mut Paper, chance: &mut Chance, kind: &str) -> Option<Vec<String>> {
    let rows = rows_of(paper, kind);
    let at = 1 + chance.below(rows.len() - 1);
    let above = paper.rows[rows[at - 1]].cells.clone();
    let row = &mut paper.rows[rows[at]];
    if row.cells == above {
        return None;
    }
    row.cells = above;
    Some(["a", "b", "p"].map(|part| format!("t1.{}.{part}", row.id)).to_vec())
}

fn wrong_n(paper: &mut Paper, chance: &mut Chance) -> Option<Vec<String>> {
    let group = chance.below(2);
    paper.header[group] = change_digit(&paper.header[group], chance)?;
    Some(vec![format!("t1.n.{}", ["a", "b"][group])])
}

fn text_unlike_table(paper: &mut Paper, chance: &mut Chance) -> Option<Vec<String>> {
    let changed = |text: &str, chance: &mut Chance| {
        change_digit(text.strip_prefix("0.")?, chance).map(|digits| format!("0.{digits}"))
    };
    paper.abstract_p = changed(&paper.abstract_p, chance)?;
    Some(vec!["abs.m0.p".to_owned()])
}

fn exchanged_accuracy(paper: &mut Paper, _: &mut Chance) -> Option<Vec<String>> {
    if paper.accuracy[0] == paper.accuracy[1] {
        return None;
    }
    paper.accuracy.swap(0, 1);
    Some(vec!["score.sens".to_owned(), "score.spec".to_owned()])
}

fn digit_of_score(paper: &mut Paper, chance: &mut Chance) -> Option<Vec<String>> {
    let (row, column) = (chance.below(4), chance.below(3));
    let text = &mut paper.score_table[row][column];
    *text = change_digit(text, chance)?;
    Some(vec![format!("t2.{row}.{}", ["total", "a", "b"][column])])
}
