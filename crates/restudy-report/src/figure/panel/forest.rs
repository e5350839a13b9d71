//! Ratios of models with their intervals on one logarithmic axis, the models side by side.

use restudy_ledger::{AnalysisKind, Stat, Term};

use super::Drawn;
use crate::figure::axis::{AXIS, Axis};
use crate::figure::font::Face;
use crate::figure::scene::{Anchor, Fill, GREY, INK, Item, Marker, Point, Scene, Stroke};
use crate::figure::source::{At, Source};
use crate::figure::text::{Lines, SMALL, TEXT, Words, baseline, line_height};

const GAP: f64 = 7.0;
const LEAST_PLOT: f64 = 58.0;
const COLOR: &str = "#0b5394";

/// How far beyond the furthest estimate an interval is drawn before an arrow says that it goes on.
const REACH: f64 = 3.0;

/// A line of the plot.
enum Line<'a> {
    Heading(&'a Term, String),
    /// The category that the others of its variable are compared with.
    Reference(&'a Term, String),
    Term(&'a Term, String, bool),
}

/// What a model says of a term.
#[derive(Default)]
struct Estimate {
    ratio: Option<f64>,
    limits: Option<(f64, f64)>,
    words: Words,
    p: Words,
}

/// A model's columns.
struct Column<'a> {
    heading: Words,
    model: Option<&'a str>,
    estimates: Vec<Option<Estimate>>,
}

pub(super) fn draw(source: &Source<'_>, width: f64) -> Result<Drawn, String> {
    let lines = lines(source);
    let stat = ratio_of(source).ok_or_else(|| format!("“{}” has no ratios to plot.", source.analysis.title))?;
    let models: Vec<Option<&str>> = match source.analysis.models.as_slice() {
        [] => vec![None],
        models => models.iter().map(|model| Some(model.as_str())).collect(),
    };
    let columns: Vec<Column<'_>> = models.into_iter().map(|model| column(source, stat, model, &lines)).collect();
    let finite = columns.iter().flat_map(|column| column.estimates.iter().flatten()).any(|one| one.ratio.is_some());
    if lines.is_empty() || !finite {
        return Err(format!("“{}” has no ratios to plot.", source.analysis.title));
    }
    Ok(draw_table(source, stat, &lines, &columns, width))
}

fn ratio_of(source: &Source<'_>) -> Option<Stat> {
    match source.analysis.kind {
        AnalysisKind::Logistic => Some(Stat::OddsRatio),
        AnalysisKind::Cox => Some(Stat::HazardRatio),
        _ => [Stat::OddsRatio, Stat::HazardRatio].into_iter().find(|stat| source.rows().any(|row| row.stat == *stat)),
    }
}

/// The terms with headings and reference lines where a variable has several categories.
fn lines<'a>(source: &Source<'a>) -> Vec<Line<'a>> {
    let terms: Vec<&Term> = source.analysis.terms.iter().filter(|term| source.shows(&term.variable)).collect();
    let mut lines = Vec::new();
    let mut before: Option<&str> = None;
    for term in &terms {
        let of_variable = terms.iter().filter(|other| other.variable == term.variable).count();
        let label = source.label(&term.variable);
        match &term.level {
            Some(level) if of_variable > 1 => {
                if before != Some(&term.variable) {
                    lines.push(Line::Heading(term, label));
                    if let Some(reference) = &term.reference {
                        lines.push(Line::Reference(term, reference.clone()));
                    }
                }
                lines.push(Line::Term(term, level.clone(), true));
            }
            Some(level) => {
                let against = term.reference.as_ref().map(|reference| format!(" vs {reference}")).unwrap_or_default();
                lines.push(Line::Term(term, format!("{label}: {level}{against}"), false));
            }
            None => {
                let unit = source.ledger.variable(&term.variable).and_then(|variable| variable.unit.as_deref());
                let per = match (term.per.filter(|per| *per != 1.0), unit) {
                    (Some(per), unit) => {
                        format!(
                            " (per {}{})",
                            source.style.tidy(per),
                            unit.map(|unit| format!(" {unit}")).unwrap_or_default()
                        )
                    }
                    (None, Some(unit)) => format!(" ({unit})"),
                    (None, None) => String::new(),
                };
                lines.push(Line::Term(term, label + &per, false));
            }
        }
        before = Some(&term.variable);
    }
    lines
}

fn place<'a>(term: &'a Term, model: Option<&'a str>) -> At<'a> {
    At { level: term.level.as_deref(), model, ..At::variable(&term.variable) }
}

fn column<'a>(source: &Source<'_>, stat: Stat, model: Option<&'a str>, lines: &[Line<'_>]) -> Column<'a> {
    let estimates = lines.iter().map(|line| match line {
        Line::Term(term, ..) => Some(estimate(source, stat, &place(term, model))),
        _ => None,
    });
    let estimates = estimates.collect();
    let mut heading = String::new();
    if let Some(model) = model {
        let mut letters = model.chars();
        heading.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        heading.push_str(letters.as_str());
    }
    let outcome = source.analysis.outcome.as_ref().map(|outcome| At { model, ..At::variable(&outcome.variable) });
    let count = |stat| outcome.and_then(|at| source.number(stat, &at)).map(|count| source.style.tidy(count));
    let heading = match (count(Stat::Events), count(Stat::N)) {
        (Some(events), Some(n)) => {
            let counted =
                if heading.is_empty() { format!("{events}/{n} events") } else { format!(" ({events}/{n} events)") };
            Words::bold(&heading).then(&counted)
        }
        _ => Words::bold(&heading),
    };
    Column { heading, model, estimates }
}

fn estimate(source: &Source<'_>, stat: Stat, at: &At<'_>) -> Estimate {
    let ratio = source.number(stat, at).filter(|ratio| *ratio > 0.0 && ratio.is_finite());
    let limits = source.limits(stat, at);
    let p = source.p(Some(stat), at).or_else(|| source.p(Some(Stat::Estimate), at));
    let p = p.map(|(words, _)| words.text().trim_start_matches(['p', 'P', ' ', '=']).to_owned());
    let places = |x: f64| {
        if x >= 100.0 {
            0
        } else if x >= 10.0 {
            1
        } else {
            2
        }
    };
    // Where two decimals would show an interval of no width, as of a ratio for one unit of a large quantity, more do.
    let least = limits.and_then(|(low, high)| {
        let differ = |places: &usize| source.style.number(low, *places) != source.style.number(high, *places);
        (2..=5).find(differ).filter(|_| low < high && high < 10.0)
    });
    let number = |x: f64| match least {
        _ if x >= 1000.0 && x.is_finite() => ">1000".to_owned(),
        Some(least) => source.style.number(x, least),
        None => source.style.number(x, places(x)),
    };
    let words = match (ratio, limits) {
        (None, _) => String::new(),
        (Some(ratio), None) => number(ratio),
        (Some(ratio), Some((low, high))) => format!("{} ({}–{})", number(ratio), number(low), number(high)),
    };
    Estimate { ratio, limits, words: words.into(), p: p.unwrap_or_default().into() }
}

/// One axis for all the models.
fn axis(columns: &[Column<'_>], title: &str, length: f64) -> Axis {
    let estimates = || columns.iter().flat_map(|column| column.estimates.iter().flatten());
    let ratios = || estimates().filter_map(|one| one.ratio);
    let (least, most) = (ratios().fold(1.0, f64::min), ratios().fold(1.0, f64::max));
    let lows = estimates().filter_map(|one| one.limits).map(|(low, _)| low).filter(|low| *low > 0.0);
    let highs = estimates().filter_map(|one| one.limits).map(|(_, high)| high).filter(|high| high.is_finite());
    let low = lows.fold(least, f64::min).max(least / REACH).max(1e-12) / 1.08;
    let high = highs.fold(most, f64::max).min(most * REACH).min(1e12) * 1.08;
    Axis::logarithmic(low.min(1.0 / 1.5), high.max(1.5), length, title)
}

/// `events/n` of a line: of its category, or of all patients whose value of the variable is known.
fn counted(source: &Source<'_>, line: &Line<'_>, model: Option<&str>) -> Option<String> {
    let (at, whole) = match line {
        Line::Heading(term, _) => (At { model, ..At::variable(&term.variable) }, true),
        Line::Reference(term, reference) => {
            (At { level: Some(reference), model, ..At::variable(&term.variable) }, false)
        }
        Line::Term(term, _, category) => (place(term, model), !category),
    };
    let count = |stat, at: At<'_>| source.number(stat, &at).or_else(|| source.number(stat, &At { model: None, ..at }));
    let at = if whole && count(Stat::N, at).is_none() { At { level: None, ..at } } else { at };
    let n = count(Stat::N, at)?;
    let events = count(Stat::Events, at).map(|events| format!("{}/", source.style.tidy(events))).unwrap_or_default();
    Some(events + &source.style.tidy(n))
}

fn draw_table(source: &Source<'_>, stat: Stat, lines: &[Line<'_>], columns: &[Column<'_>], width: f64) -> Drawn {
    let (short, long) = if stat == Stat::HazardRatio { ("HR", "Hazard ratio") } else { ("OR", "Odds ratio") };
    let heading = format!("{short} ({})", source.confidence());
    let counts: Vec<Option<String>> =
        lines.iter().map(|line| counted(source, line, columns.first().and_then(|column| column.model))).collect();
    let count_width = counts.iter().flatten().map(|count| Face::Regular.width(count, TEXT)).fold(0.0, f64::max);
    let count_width =
        if count_width > 0.0 { count_width.max(Face::Regular.width("Events/n", SMALL)) + GAP } else { 0.0 };
    let of_columns = |words: fn(&Estimate) -> &Words, least: f64| {
        let all = columns.iter().flat_map(|column| column.estimates.iter().flatten());
        all.map(|one| words(one).width(TEXT)).fold(least, f64::max)
    };
    let words_width =
        of_columns(|one| &one.words, Face::Regular.width(&heading, SMALL).max(Face::Regular.width("Reference", TEXT)));
    let p_width = of_columns(|one| &one.p, 6.0);
    let beside = words_width + p_width + 3.0 * GAP;
    let natural = lines.iter().map(|line| label_width(line)).fold(40.0, f64::max);
    let most = (width - count_width - columns.len() as f64 * (beside + LEAST_PLOT)).max(0.22 * width);
    let label_room = natural.min(most).min(0.4 * width);
    let plot = ((width - label_room - count_width) / columns.len() as f64 - beside).clamp(20.0, 190.0);
    let axis = axis(columns, &format!("{long}, log scale"), plot);

    let mut scene = Scene::new(width);
    let mut alt = format!("Forest plot of {}.", long.to_lowercase() + "s");
    let starts: Vec<f64> =
        (0..columns.len()).map(|column| label_room + count_width + GAP + column as f64 * (plot + beside)).collect();
    // Headings, then the lines, then the axis below each of the plots.
    let mut top = 0.0;
    if columns.iter().any(|column| !column.heading.is_empty()) {
        let mut deepest: f64 = 0.0;
        for (column, start) in columns.iter().zip(&starts) {
            let fits = column.heading.width(TEXT) <= plot + beside - GAP;
            let lines = if fits {
                Lines::one(column.heading.clone(), TEXT)
            } else {
                Lines::wrapped(&column.heading.text(), Face::Bold, TEXT, plot + beside - GAP, 3)
            };
            scene.lines((*start, 0.0), Anchor::Start, &lines);
            deepest = deepest.max(lines.height());
        }
        top += deepest + 1.0;
    }
    let second = |text: &str| Lines::one(Words::plain(text), SMALL);
    if count_width > 0.0 {
        scene.colored_lines((label_room + count_width, top), Anchor::End, &second("Events/n"), GREY);
    }
    for start in &starts {
        scene.colored_lines((start + plot + GAP + words_width, top), Anchor::End, &second(&heading), GREY);
        let p = Lines::one(Words::italic(if source.style.name() == "ama" { "P" } else { "p" }), SMALL);
        scene.colored_lines((start + plot + 2.0 * GAP + words_width + p_width, top), Anchor::End, &p, GREY);
    }
    top += line_height(SMALL) + 2.0;
    scene.rule((0.0, top), (width, top), Stroke::new(INK, 0.5));
    top += 2.0;
    let first = top;
    let mut middles: Vec<f64> = Vec::new();
    for (line, count) in lines.iter().zip(&counts) {
        let label = label(line, label_room);
        let indent = indent(line);
        let height = label.height() + 2.6;
        let middle = top + 1.3 + line_height(TEXT) / 2.0;
        scene.lines((indent, top + 1.3), Anchor::Start, &label);
        if let Some(count) = count {
            scene.text((label_room + count_width, top + 1.3 + baseline(TEXT)), Anchor::End, count.as_str());
        }
        middles.push(middle);
        top += height;
    }
    let last = top + 1.0;
    for (column, start) in columns.iter().zip(&starts) {
        let end = start + plot;
        let one = axis.place(1.0, *start, end);
        scene.rule((one, first), (one, last), Stroke::new(GREY, 0.6).dashed(&[2.0, 1.6]));
        for ((line, estimate), middle) in lines.iter().zip(&column.estimates).zip(&middles) {
            match (line, estimate) {
                (Line::Reference(..), _) => {
                    mark(&mut scene, (one, *middle), None);
                    write_right(&mut scene, (start + plot + GAP + words_width, *middle), "Reference".into(), GREY);
                }
                (Line::Term(..), Some(estimate)) => {
                    draw_estimate(&mut scene, &axis, estimate, (*start, end), *middle);
                    let words = if estimate.words.is_empty() { Words::plain("—") } else { estimate.words.clone() };
                    write_right(&mut scene, (start + plot + GAP + words_width, *middle), words, INK);
                    let at = (start + plot + 2.0 * GAP + words_width + p_width, *middle);
                    write_right(&mut scene, at, estimate.p.clone(), INK);
                }
                _ => {}
            }
        }
        scene.height = scene.height.max(draw_axis(&mut scene, &axis, (*start, end), last));
        for (line, estimate) in lines.iter().zip(&column.estimates) {
            if let (Line::Term(_, name, _), Some(estimate)) = (line, estimate)
                && !estimate.words.is_empty()
            {
                alt.push_str(&format!(" {name}: {} {}.", short, estimate.words.text()));
            }
        }
    }
    Drawn { scene, alt }
}

fn indent(line: &Line<'_>) -> f64 {
    if matches!(line, Line::Reference(..) | Line::Term(_, _, true)) { 7.0 } else { 0.0 }
}

fn label_text<'a>(line: &'a Line<'_>) -> &'a str {
    match line {
        Line::Heading(_, text) | Line::Reference(_, text) | Line::Term(_, text, _) => text,
    }
}

fn label_width(line: &Line<'_>) -> f64 {
    indent(line) + Face::Regular.width(label_text(line), TEXT) + 0.5
}

fn label(line: &Line<'_>, room: f64) -> Lines {
    Lines::plain(label_text(line), room - indent(line), 2)
}

fn write_right(scene: &mut Scene, (right, middle): Point, words: Words, color: &'static str) {
    scene.colored_lines((right, middle - line_height(TEXT) / 2.0), Anchor::End, &Lines::one(words, TEXT), color);
}

fn mark(scene: &mut Scene, at: Point, fill: Option<Fill>) {
    let fill = fill.unwrap_or(Fill::new("#ffffff"));
    let stroke = Some(Stroke::new(COLOR, 0.8));
    scene.items.push(Item::Marks {
        marker: Marker::Square,
        at: vec![at],
        radius: 2.4,
        fill: Some(fill),
        stroke,
        part: "estimate",
    });
}

fn draw_estimate(scene: &mut Scene, axis: &Axis, estimate: &Estimate, (from, to): (f64, f64), middle: f64) {
    let Some(ratio) = estimate.ratio else { return };
    if let Some((low, high)) = estimate.limits {
        let (left, right) = (axis.place(low, from, to), axis.place(high, from, to));
        scene.line("interval", vec![(left, middle), (right, middle)], Stroke::new(COLOR, 0.9));
        for (limit, at, out) in [(low, left, -1.0), (high, right, 1.0)] {
            if limit < axis.low || limit > axis.high {
                let head =
                    vec![(at + out * 1.0, middle), (at - out * 3.2, middle - 2.0), (at - out * 3.2, middle + 2.0)];
                scene.area("arrow", head, Fill::new(COLOR));
            } else {
                scene.line("cap", vec![(at, middle - 1.6), (at, middle + 1.6)], Stroke::new(COLOR, 0.9));
            }
        }
    }
    mark(scene, (axis.place(ratio, from, to), middle), Some(Fill::new(COLOR)));
}

fn draw_axis(scene: &mut Scene, axis: &Axis, (from, to): (f64, f64), y: f64) -> f64 {
    scene.rule((from, y), (to, y), AXIS);
    for tick in &axis.ticks {
        let x = axis.place(tick.value, from, to);
        scene.rule((x, y), (x, y + 2.5), AXIS);
        scene.text((x, y + 3.5 + baseline(TEXT)), Anchor::Middle, tick.label.as_str());
    }
    let below = y + 3.5 + line_height(TEXT);
    let title = Lines::wrapped(&axis.title, Face::Regular, SMALL, to - from, 2);
    scene.colored_lines((f64::midpoint(from, to), below), Anchor::Middle, &title, GREY);
    below + title.height() + 1.0
}
