//! What a score's items, and a panel's members, say of the counts that the text gives of them.

use super::desk::{Desk, Ruling};
use super::range::Range;
use crate::record::ClaimIndex;

pub(super) fn audit(desk: &mut Desk<'_>) {
    for score in &desk.record.scores {
        let points: u64 = score.items.iter().map(|item| item.points).sum();
        let each: Vec<String> = score.items.iter().map(|item| item.points.to_string()).collect();
        if let Some(claim) = score.maximum {
            against(desk, claim, points, &format!("all items of the {}: {}", score.label, each.join(" + ")));
        }
        if let Some(claim) = score.minimum {
            against(desk, claim, 0, &format!("no item of the {} gives a point", score.label));
        }
        for threshold in score.items.iter().filter_map(|item| item.threshold) {
            if !desk.is_ruled(threshold) {
                let how = "a cut-off is chosen; what it makes of the patients is held against the score table";
                desk.rule(threshold, Ruling::not_recomputable(how));
            }
        }
    }
    for panel in &desk.record.panels {
        if let Some(claim) = panel.size {
            let rows = panel.rows.len() as u64;
            let table = &desk.record.tables[panel.table].label;
            against(desk, claim, rows, &format!("rows of {} that hold the {}", table, panel.label));
        }
    }
}

fn against(desk: &mut Desk<'_>, claim: ClaimIndex, value: u64, what: &str) {
    let how = format!("{what} = {value}");
    let ruling = if desk.count(claim) == Some(value) {
        Ruling::reproduced(how)
    } else {
        let sentence = format!("{} is {}, but {how}.", desk.place(claim), desk.printed(claim));
        desk.conflict(&[claim], sentence, Some(format!("print {value}")));
        Ruling::impossible(how)
    };
    desk.rule(claim, ruling.giving(value.to_string(), Range::point(value as f64)));
}
