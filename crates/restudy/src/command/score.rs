//! `restudy score`: one patient, at the bedside.

use restudy_study::{Assessment, PatientRisk, PublishedScore};
use serde_json::json;

use crate::message::Failure;
use crate::{Outcome, Result, files, message};

#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// The score: one of the library's, or a file that ends in `.toml`.
    #[arg(required_unless_present = "list")]
    score: Option<String>,
    /// The patient's items, such as `dlco=43%` or `node=yes`.
    #[arg(value_name = "ITEM=VALUE")]
    items: Vec<String>,
    /// The scores of the library.
    #[arg(long)]
    list: bool,
    /// The form of the answer.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

#[derive(Clone, Copy, Default, PartialEq, clap::ValueEnum)]
enum Format {
    #[default]
    Text,
    Json,
}

pub(crate) fn run(arguments: &Arguments) -> Result<Outcome> {
    let library = PublishedScore::library()?;
    let Some(name) = arguments.score.as_deref().filter(|_| !arguments.list) else {
        let line = |score: &PublishedScore| format!("{:<12}{} ({})\n", score.id, score.name, score.year);
        message::print(&library.iter().map(line).collect::<String>())?;
        return Ok(Outcome::Done);
    };
    let score = &find(&library, name)?;
    if arguments.items.is_empty() {
        message::print(&description(score))?;
        return Ok(Outcome::Done);
    }
    let mut items = Vec::with_capacity(arguments.items.len());
    for item in &arguments.items {
        items.push(item.split_once('=').ok_or_else(|| {
            Failure::new(format!("`{item}` is not an item with its value")).hint("write item=value, such as dlco=43%")
        })?);
    }
    let assessment = score.assess(&items)?;
    message::print(&match arguments.format {
        Format::Text => text(score, &assessment),
        Format::Json => json(score, &assessment),
    })?;
    Ok(Outcome::Done)
}

/// A score of the library, or the one of a file that ends in `.toml`.
pub(crate) fn find(library: &[PublishedScore], name: &str) -> Result<PublishedScore> {
    if name.ends_with(".toml") {
        return Ok(PublishedScore::parse(name, &files::read_text(name.as_ref())?)?);
    }
    Ok(PublishedScore::find(library, name)?.clone())
}

/// What a score takes.
fn description(score: &PublishedScore) -> String {
    let mut text = format!("{} ({}): {}\n", score.name, score.year, score.outcome);
    for item in &score.items {
        let unit = item.unit.as_ref().map(|unit| format!(", {unit}")).unwrap_or_default();
        text.push_str(&format!("  {:<14}{}{unit}\n", item.id, item.label));
        for rule in &item.rules {
            let given: Vec<String> = rule.given.iter().map(|(name, value)| format!(" if {name} is {value}")).collect();
            text.push_str(&format!("  {:<14}  {}{}: {}\n", "", rule.when.0, given.concat(), rule.points));
        }
        for (level, points) in &item.levels {
            text.push_str(&format!("  {:<14}  {level}: {points}\n", ""));
        }
        if let Some(coefficient) = item.coefficient {
            let cap = item.cap.map(|cap| format!(", counted up to {cap}")).unwrap_or_default();
            text.push_str(&format!("  {:<14}  times {coefficient}{cap}\n", ""));
        }
        if let Some(spline) = &item.spline {
            let text_of = |numbers: &[f64]| numbers.iter().map(f64::to_string).collect::<Vec<_>>().join(", ");
            let (knots, bends) = (text_of(&spline.knots), text_of(&spline.coefficients));
            text.push_str(&format!("  {:<14}  and {bends} times its spline with knots {knots}\n", ""));
        }
    }
    text.push_str(&format!("made for {}\n{}\n", score.population, score.citation));
    text
}

fn text(score: &PublishedScore, assessment: &Assessment) -> String {
    let mut text = format!("{} ({}): {}\n", score.name, score.year, score.outcome);
    for ((id, points), item) in assessment.items.iter().zip(&score.items) {
        let points = points.map_or_else(|| "missing".to_owned(), |points| points.to_string());
        text.push_str(&format!("  {:<50}{points:>8}\n", format!("{} ({id})", item.label)));
    }
    text.push_str(&format!("  {:<50}{:>8}\n", "total", assessment.total));
    if let Some(group) = &assessment.group {
        text.push_str(&format!("  group: {group}\n"));
    }
    if let (Some(positive), Some(cutoff)) = (assessment.positive, score.cutoff) {
        text.push_str(&format!(
            "  {} by the authors' cut-off, {}\n",
            if positive { "positive" } else { "negative" },
            cutoff.0
        ));
    }
    match assessment.risk {
        Some(PatientRisk::Observed(row, interval)) => text.push_str(&format!(
            "  {} of {} patients with this total had the outcome: {:.1} % (exact 95 % interval {:.1} to {:.1} %)\n",
            row.events,
            row.n,
            100.0 * row.events as f64 / row.n as f64,
            100.0 * interval.low,
            100.0 * interval.high
        )),
        Some(PatientRisk::Predicted(risk)) => {
            let by = score.risk.as_ref().and_then(|risk| risk.horizon());
            let by = by.map(|(time, unit)| format!(" by {time} {unit}")).unwrap_or_default();
            text.push_str(&format!("  the model's risk{by}: {:.1} %\n", 100.0 * risk));
        }
        None => text.push_str("  no patients by total were published: the total stands for no risk\n"),
    }
    text.push_str(&format!(
        "What may not be concluded:\n  - it was made for {}; for others it is untested\n",
        score.population
    ));
    for caution in &score.cautions {
        text.push_str(&format!("  - {caution}\n"));
    }
    text.push_str("  - it is no advice on treatment\n");
    text.push_str(&format!("{}\n{}\n", score.citation, score.seen));
    text
}

fn json(score: &PublishedScore, assessment: &Assessment) -> String {
    let items: Vec<_> = assessment.items.iter().map(|(id, points)| json!({ "item": id, "points": points })).collect();
    let (mut observed, mut predicted) = (None, None);
    match assessment.risk {
        Some(PatientRisk::Observed(row, interval)) => {
            observed = Some(json!({
                "events": row.events, "n": row.n, "conf_low": interval.low, "conf_high": interval.high,
            }));
        }
        Some(PatientRisk::Predicted(risk)) => predicted = Some(risk),
        None => {}
    }
    let answer = json!({
        "score": score.id, "items": items, "total": assessment.total, "group": assessment.group,
        "positive": assessment.positive, "observed": observed, "predicted_risk": predicted, "population": score.population,
        "cautions": score.cautions, "citation": score.citation,
    });
    format!("{answer:#}\n")
}
