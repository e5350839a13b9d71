//! The items of a published score as a table of the report.

use restudy_ledger::{Analysis, AnalysisKind, Item, Variable, VariableKind};
use restudy_stats::accuracy::CutoffRule;

use crate::score_library::{MissingItem, PublishedScore, ScoreItem};

/// The items of a score with their points: how its predictions are made. Each item is a variable of its own, because two
/// scores may count the same measurement in two units.
pub(crate) fn analysis(score: &PublishedScore, alpha: f64) -> (Analysis, Vec<Variable>) {
    let name = |item: &ScoreItem| format!("{}.{}", score.id, item.id);
    let mut items = Vec::new();
    for item in &score.items {
        let line = |operator: &str, cutoff, level: Option<String>, points| Item {
            variable: name(item),
            operator: operator.to_owned(),
            cutoff,
            level,
            points,
        };
        items.extend(item.rules.iter().map(|rule| {
            let given: Vec<String> = rule.given.iter().map(|(name, value)| format!("{name} {value}")).collect();
            let CutoffRule { operator, cutoff } = rule.when.0;
            // A condition on another item has no column of its own.
            let level = (!given.is_empty()).then(|| format!("{} where {}", rule.when.0, given.join(", ")));
            line(operator.symbol(), Some(cutoff), level, rule.points)
        }));
        items.extend(item.levels.iter().map(|(level, points)| line("=", None, Some(level.clone()), *points)));
        items.extend(item.coefficient.map(|points| line("=", None, Some("each unit".to_owned()), points)));
    }
    let variable = |item: &ScoreItem| Variable {
        name: name(item),
        label: item.label.clone(),
        unit: item.unit.clone(),
        kind: if item.levels.is_empty() { VariableKind::Continuous } else { VariableKind::Nominal },
        levels: item.levels.keys().cloned().collect(),
        decimals: None,
    };
    let mut notes = vec!["the first condition that holds gives the item’s points".to_owned()];
    if score.constant != 0.0 {
        notes.push(format!("{} is added to the items", score.constant));
    }
    notes.push(
        match score.missing {
            MissingItem::Refuse => "a patient with a missing item has no score",
            MissingItem::Zero => "a missing item counts no points",
        }
        .to_owned(),
    );
    let title = format!("Items of the {}", score.name);
    let analysis =
        Analysis { alpha, items, notes, ..Analysis::new(&format!("items-{}", score.id), AnalysisKind::Score, &title) };
    (analysis, score.items.iter().map(variable).collect())
}
