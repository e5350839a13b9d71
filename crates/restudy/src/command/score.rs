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
    if let Some((item, _)) = items.iter().find(|(_, value)| value.trim().is_empty()) {
        return Err(Failure::new(format!("`{item}` has no value"))
            .hint("leave out an item that was not measured: whether the score can do without it is told"));
    }
    score.check_plausible(&items)?;
    let assessment = score.assess(&items)?;
    message::print(&match arguments.format {
        Format::Text => text(score, &assessment, &items),
        Format::Json => json(score, &assessment, &items),
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

/// A number of points, without the noise of binary fractions.
fn points(value: f64) -> String {
    // Adding 0 makes a negative zero plain.
    ((value * 1e6).round() / 1e6 + 0.0).to_string()
}

/// A share as a percentage to one decimal, halves away from zero.
fn percent(share: f64) -> String {
    format!("{:.1}", (share * 1000.0 + 1e-9).round() / 10.0)
}

fn text(score: &PublishedScore, assessment: &Assessment, given: &[(&str, &str)]) -> String {
    let mut text = format!("{} ({}): {}\n\n", score.name, score.year, score.outcome);
    let mut line = |label: &str, value: &str, points: &str, how: &str| {
        let line = format!("  {label:<36} {value:<16} {points:>8}  {how}");
        text.push_str(line.trim_end());
        text.push('\n');
    };
    line("item", "this patient", "points", "");
    for ((id, gained), item) in assessment.items.iter().zip(&score.items) {
        let value = given.iter().find(|(name, _)| name == id).map_or("not given", |(_, value)| value.trim());
        let rules = item.rules.iter().filter(|rule| rule.given.is_empty());
        let rules: Vec<String> = rules.map(|rule| format!("{} if {}", points(rule.points), rule.when.0)).collect();
        let how = match item.coefficient {
            Some(_) if item.spline.is_some() => "(by a spline)".to_owned(),
            Some(coefficient) => format!("({coefficient} for each)"),
            None if rules.is_empty() => String::new(),
            None => format!("({})", rules.join("; ")),
        };
        let unit = item.unit.as_ref().map(|unit| format!(", {unit}")).unwrap_or_default();
        line(&format!("{}{unit}", item.label), value, &gained.map_or_else(|| "–".to_owned(), points), &how);
    }
    if score.constant != 0.0 {
        line("constant of the formula", "", &points(score.constant), "");
    }
    let absent = assessment.items.iter().filter(|(_, gained)| gained.is_none()).count();
    let lowered = if absent > 0 { "(at least: an item that is not given counts nothing here)" } else { "" };
    line("total", "", &points(assessment.total), lowered);
    text.push('\n');
    if let Some(group) = &assessment.group {
        text.push_str(&format!("  Group by the authors: {group}\n"));
    }
    if let (Some(positive), Some(cutoff)) = (assessment.positive, score.cutoff) {
        let (side, word) = if positive { ("meets", "positive") } else { ("does not meet", "negative") };
        text.push_str(&format!("  The total {side} the authors' cut-off, {}: {word}\n", cutoff.0));
    }
    match assessment.risk {
        Some(PatientRisk::Observed(row, interval)) => text.push_str(&format!(
            "  Observed where the score was made: {} of {} patients with this total had the outcome,\n    \
             {} % (exact 95 % interval {} to {} %)\n",
            row.events,
            row.n,
            percent(row.events as f64 / row.n as f64),
            percent(interval.low),
            percent(interval.high)
        )),
        Some(PatientRisk::Predicted(risk)) => {
            let by = score.risk.as_ref().and_then(|risk| risk.horizon());
            let by = by.map(|(time, unit)| format!(" by {time} {unit}")).unwrap_or_default();
            text.push_str(&format!("  The model's risk{by}: {} %\n", percent(risk)));
        }
        None => text.push_str(
            "  How many patients with this total had the outcome was not published: no risk can be read from the total here\n",
        ),
    }
    text.push_str("\nWhat may not be concluded:\n");
    let mut caution = |words: &str| text.push_str(&format!("  - {words}\n"));
    caution(&format!("It was made for {}; in other patients it is untested.", score.population));
    if matches!(assessment.risk, Some(PatientRisk::Observed(..))) {
        caution(
            "The share and its interval are of a group of patients, not of this one, whose other findings the total leaves out.",
        );
    }
    if absent > 0 {
        caution("An item that is not known is not a normal one: the true total may be higher.");
    }
    for known in &score.cautions {
        let mut letters = known.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>()).unwrap_or_default();
        caution(&format!("{first}{}.", letters.as_str().trim_end_matches('.')));
    }
    caution("It is no advice on treatment, and no reason to withhold one.");
    text.push_str(&format!("\nSource: {}\nRead from: {}\n", score.citation, score.seen));
    text
}

fn json(score: &PublishedScore, assessment: &Assessment, given: &[(&str, &str)]) -> String {
    let value = |id: &str| given.iter().find(|(name, _)| *name == id).map(|(_, value)| value.trim());
    let items: Vec<_> = (assessment.items.iter())
        .map(|(id, points)| json!({ "item": id, "value": value(id), "points": points }))
        .collect();
    let (mut observed, mut predicted) = (None, None);
    match assessment.risk {
        Some(PatientRisk::Observed(row, interval)) => {
            observed = Some(json!({
                "events": row.events, "n": row.n, "share": row.events as f64 / row.n as f64, "conf_low": interval.low,
                "conf_high": interval.high,
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
