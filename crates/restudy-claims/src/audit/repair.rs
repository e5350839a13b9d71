//! The smallest edit that makes a conflict go away: two labels exchanged, or one digit.
//!
//! An edit is tried on a record of its own, which holds the rows and statements that the conflict speaks of, and
//! nothing else; it repairs the conflict when the audit of that record is quiet. Where a printed text equals that of
//! the row above, this is said as well: a value copied down a column is a common slip.

use std::collections::BTreeSet;

use super::desk::Desk;
use super::say;
use crate::record::{ClaimIndex, Link, Record, Row, Table};

/// Edits tried in one audit.
const MOST_TRIED: usize = 6_000;
/// Edits named for one conflict; with more of them a digit tells nothing.
const MOST_NAMED: usize = 3;

/// Finds repairs of the conflicts between the numbers of one row.
pub(super) fn audit(desk: &mut Desk<'_>) {
    let mut left = MOST_TRIED;
    for index in 0..desk.conflict_count() {
        let claims = desk.conflict_claims(index);
        let Some((table, row)) = row_of(desk.record, &claims) else { continue };
        let mut words = Vec::new();
        if let Some(small) = excerpt(desk.record, table, row) {
            let edits = edits(&small);
            let tried = edits.len().min(left);
            left -= tried;
            let fitting: Vec<&Edit> = edits.iter().take(tried).filter(|edit| edit.repairs(&small)).collect();
            let exchange = fitting.iter().find(|edit| edit.texts.len() > 1);
            match exchange {
                Some(edit) => words.push(edit.words(desk)),
                None if fitting.len() <= MOST_NAMED => words.extend(fitting.iter().map(|edit| edit.words(desk))),
                None => {}
            }
        }
        let copied = copied(desk, table, row, &claims);
        if !words.is_empty() || copied.is_some() {
            desk.add_repair(index, &say::alternatives(&words), copied);
        }
    }
}

/// The one row that all those claims are of.
fn row_of(record: &Record, claims: &[ClaimIndex]) -> Option<(usize, usize)> {
    let within = |row: &Row| {
        let own: Vec<ClaimIndex> = row.cells.iter().map(|cell| cell.claim).chain(row.p).collect();
        !claims.is_empty() && claims.iter().all(|claim| own.contains(claim))
    };
    let place = |(index, table): (usize, &Table)| Some((index, table.rows.iter().position(within)?));
    record.tables.iter().enumerate().find_map(place)
}

/// The record of one row, with the statements about it.
fn excerpt(record: &Record, table: usize, row: usize) -> Option<Record> {
    let source = &record.tables[table];
    let mut kept = source.rows.get(row)?.clone();
    kept.p_adjusted = None;
    let own: BTreeSet<ClaimIndex> = kept.cells.iter().map(|cell| cell.claim).chain(kept.p).collect();
    let statements = record
        .statements
        .iter()
        .filter_map(|statement| match &statement.link {
            Link::Combines { table: of_table, row: of_row, level } if (*of_table, *of_row) == (table, row) => {
                let mut statement = statement.clone();
                statement.link = Link::Combines { table: 0, row: 0, level: *level };
                Some(statement)
            }
            Link::Restates(original) if own.contains(original) => Some(statement.clone()),
            _ => None,
        })
        .collect();
    let mut small = Record {
        paper: record.paper.clone(),
        groups: record.groups.clone(),
        claims: record.claims.clone(),
        tables: Vec::new(),
        score_tables: Vec::new(),
        accuracies: Vec::new(),
        statements,
        variables: record.variables.clone(),
        panels: Vec::new(),
        landmarks: Vec::new(),
        correlations: Vec::new(),
        contrasts: Vec::new(),
        models: Vec::new(),
        survivals: Vec::new(),
        scores: Vec::new(),
        statistics: Vec::new(),
        paths: Vec::new(),
    };
    small.tables.push(Table {
        rows: vec![kept],
        header: Vec::new(),
        adjusted: Vec::new(),
        partitions: Vec::new(),
        ..source.clone()
    });
    small.keep_used();
    Some(small)
}

/// Other texts for some claims.
struct Edit {
    /// The place of each claim in the record's file, its text, and the other text.
    texts: Vec<(usize, String, String)>,
}

impl Edit {
    fn repairs(&self, small: &Record) -> bool {
        let mut edited = small.clone();
        for (offset, from, to) in &self.texts {
            let Some(target) = edited.claims.iter_mut().find(|candidate| candidate.offset == *offset) else {
                return false;
            };
            if target.printed != *from {
                return false;
            }
            match target.kind.read(to) {
                Ok(content) => (target.printed, target.content) = (to.clone(), content),
                Err(_) => return false,
            }
        }
        edited.is_quiet()
    }

    fn words(&self, desk: &Desk<'_>) -> String {
        match self.texts.as_slice() {
            [(offset, from, to)] => {
                let place = desk
                    .record
                    .claims
                    .iter()
                    .find(|claim| claim.offset == *offset)
                    .map_or("", |claim| claim.place.as_str());
                format!("print {to} for {from} ({place}), one digit apart")
            }
            _ => {
                let texts: Vec<&str> = self.texts.iter().map(|(_, from, _)| from.as_str()).collect();
                format!("exchange {}", say::list(&texts))
            }
        }
    }
}

/// The edits of a row's claims: its two cells exchanged, then each digit of each text.
fn edits(small: &Record) -> Vec<Edit> {
    let mut edits = Vec::new();
    let Some(kept) = small.tables.first().and_then(|table| table.rows.first()) else { return edits };
    let text = |index: ClaimIndex| (small.claims[index].offset, small.claims[index].printed.clone());
    if let [first, second] = kept.cells.as_slice() {
        let ((one, first), (two, second)) = (text(first.claim), text(second.claim));
        if first != second {
            edits.push(Edit { texts: vec![(one, first.clone(), second.clone()), (two, second, first)] });
        }
    }
    for index in kept.cells.iter().map(|cell| cell.claim).chain(kept.p) {
        let (offset, printed) = text(index);
        for (at, letter) in printed.char_indices().filter(|(_, letter)| letter.is_ascii_digit()) {
            for digit in ('0'..='9').filter(|digit| *digit != letter) {
                let mut other = printed.clone();
                other.replace_range(at..=at, &digit.to_string());
                edits.push(Edit { texts: vec![(offset, printed.clone(), other)] });
            }
        }
    }
    edits
}

/// That a text of the row is the one of the row above.
fn copied(desk: &Desk<'_>, table: usize, row: usize, claims: &[ClaimIndex]) -> Option<String> {
    let rows = &desk.record.tables[table].rows;
    let (own, above) = (&rows[row], rows.get(row.checked_sub(1)?)?);
    let texts = |row: &Row| -> Vec<ClaimIndex> { row.cells.iter().map(|cell| cell.claim).chain(row.p).collect() };
    let (own, others) = (texts(own), texts(above));
    let cells_alike = own.len() == others.len()
        && own.len() > 2
        && own.iter().zip(&others).take(own.len() - 1).all(|(one, two)| desk.printed(*one) == desk.printed(*two));
    if cells_alike {
        return Some(format!("the cells are those of the row above ({})", above.label));
    }
    let alike = own.iter().zip(&others).find(|(one, two)| {
        claims.contains(one) && desk.printed(**one) == desk.printed(**two) && desk.printed(**one).len() > 1
    });
    alike.map(|(one, _)| format!("{} is what the row above prints ({})", desk.printed(*one), above.label))
}
