//! Kaplan–Meier curves with bands, marks of censoring, medians, p, and the numbers at risk below the same axis.

use restudy_ledger::{Series, SeriesKind, Stat};

use super::Drawn;
use super::curves::{self, Curve, points};
use crate::figure::axis::{Axis, Frame, dense};
use crate::figure::key::Key;
use crate::figure::palette::look;
use crate::figure::scene::{FAINT, INK, Point, Scene, Stroke};
use crate::figure::source::{At, Source, column, test_name};
use crate::figure::text::Words;

pub(super) fn draw(source: &Source<'_>, width: f64) -> Result<Drawn, String> {
    let series = source.series(SeriesKind::SurvivalCurve);
    let Some(time) = series.iter().find_map(|series| series.variable.clone()).or_else(|| time_of(source)) else {
        return Err(format!("“{}” has no survival curve.", source.analysis.title));
    };
    let curves: Vec<Curve<'_>> = series.into_iter().enumerate().map(|(place, series)| curve(place, series)).collect();
    if curves.iter().all(|curve| curve.points.is_empty()) {
        return Err(format!("“{}” has no survival curve.", source.analysis.title));
    }
    let median = |curve: &Curve<'_>| source.number(Stat::MedianSurvival, &At::variable(&time).group(curve.group));
    let medians: Vec<Option<f64>> = curves.iter().map(median).collect();
    let mut scene = Scene::new(width);
    let (keys, mut alt) = keys(source, &time, &curves, &medians);
    let median = format!("Median ({})", source.confidence());
    let top = scene.key(0.0, width, &["Events/n", &median], &keys) + 6.0;
    let at_risk = source.series(SeriesKind::RiskTable);
    let y = Axis::unit(&source.style, &probability(source));
    let frame = curves::frame(source, &time, &curves, &at_risk, y, (width, top));
    let mut drawn = draw_medians(&mut scene, &frame, &medians);
    for curve in &curves {
        drawn.extend(curves::draw_curve(&mut scene, &frame, curve));
    }
    let mut bottom = frame.draw_x(&mut scene);
    frame.draw_y(&mut scene);
    if let Some((p, procedure)) = source.p(None, &At::variable(&time)) {
        let words = Words::plain(&procedure.map(test_name).unwrap_or_default()).join(" ", p);
        alt.push_str(&format!(" {}.", words.text()));
        bottom = bottom.max(curves::place_text(&mut scene, &frame, vec![words], &drawn, bottom));
    }
    let color = |series: &Series| {
        let curve = curves.iter().find(|curve| curve.group == series.group.as_deref());
        curve.map_or(INK, |curve| curve.look.color)
    };
    scene.height = curves::risk_table(&mut scene, &frame, &at_risk, color, bottom);
    Ok(Drawn { scene, alt: format!("Kaplan–Meier curves of {}. {alt}", source.label(&time)) })
}

fn time_of(source: &Source<'_>) -> Option<String> {
    source.analysis.outcome.as_ref().and_then(|outcome| outcome.time.clone()).or_else(|| {
        let row = source.rows().find(|row| matches!(row.stat, Stat::MedianSurvival | Stat::Survival | Stat::AtRisk));
        row.map(|row| row.variable.clone())
    })
}

fn curve(place: usize, series: &Series) -> Curve<'_> {
    let censored = column(series, "time").into_iter().zip(column(series, "survival")).zip(column(series, "censored"));
    let marks = censored.filter(|((time, survival), count)| *count > 0.0 && time.is_finite() && survival.is_finite());
    let look = look(place).without_marker();
    Curve {
        group: series.group.as_deref(),
        name: curves::name_of(series).to_owned(),
        points: points(series, "time", "survival"),
        low: points(series, "time", "conf_low"),
        high: points(series, "time", "conf_high"),
        censored: marks.map(|(point, _)| point).collect(),
        band: look.band(),
        look,
    }
}

fn keys(source: &Source<'_>, time: &str, curves: &[Curve<'_>], medians: &[Option<f64>]) -> (Vec<Key>, String) {
    let longest = curves.iter().flat_map(|curve| &curve.points).map(|(time, _)| *time).fold(0.0, f64::max);
    let places = source.decimals(time).filter(|_| longest < 1000.0).unwrap_or(usize::from(longest < 100.0));
    let mut alt = Vec::new();
    let keys = curves.iter().zip(medians).map(|(curve, median)| {
        let at = At::variable(time).group(curve.group);
        let count = |stat| source.number(stat, &at).map(|count| source.style.tidy(count));
        let counts = match (count(Stat::Events), count(Stat::N)) {
            (Some(events), Some(n)) => format!("{events}/{n}"),
            (Some(events), None) => events,
            _ => String::new(),
        };
        let median = match median.filter(|median| median.is_finite()) {
            None => "not reached".to_owned(),
            Some(median) => {
                let number = |x: f64| source.style.number(x, places);
                let limit = |stat| source.limit(stat, Stat::MedianSurvival, &at).filter(|limit| limit.is_finite());
                let (low, high) = (limit(Stat::ConfLow), limit(Stat::ConfHigh));
                let or_not = |limit: Option<f64>| limit.map_or_else(|| "not reached".to_owned(), number);
                let known = low.is_some() || high.is_some();
                let limits = if known { format!(" ({}–{})", or_not(low), or_not(high)) } else { String::new() };
                number(median) + &limits
            }
        };
        alt.push(format!("{}: events/n {counts}, median {median}.", curve.name));
        Key { look: curve.look, name: curve.name.clone(), cells: vec![counts.into(), median.into()] }
    });
    let keys = keys.collect();
    (keys, alt.join(" "))
}

/// What the curves are the probability of: survival, or freedom from an event that is not death.
fn probability(source: &Source<'_>) -> String {
    const DEATH: [&str; 7] = ["death", "dead", "died", "deceased", "mortality", "surviv", "alive"];
    let event = source.analysis.outcome.as_ref().map(|outcome| source.label(&outcome.variable)).unwrap_or_default();
    let lower = event.to_lowercase();
    if event.is_empty() || DEATH.iter().any(|word| lower.contains(word)) {
        return "Survival probability".to_owned();
    }
    format!("Probability without: {event}")
}

/// Lines from the half to each median; the points that text should keep off.
fn draw_medians(scene: &mut Scene, frame: &Frame, medians: &[Option<f64>]) -> Vec<Point> {
    let guide = Stroke::new(FAINT, 0.5).dashed(&[1.0, 1.5]);
    let medians = medians.iter().flatten().copied().filter(|median| *median <= frame.x.high);
    let mut furthest: Option<f64> = None;
    let mut drawn = Vec::new();
    for median in medians {
        let line = [frame.at(median, 0.5), frame.at(median, 0.0)];
        scene.rule(line[0], line[1], guide);
        drawn.extend(dense(&line));
        furthest = Some(furthest.map_or(median, |furthest| furthest.max(median)));
    }
    if let Some(median) = furthest {
        let line = [frame.at(0.0, 0.5), frame.at(median, 0.5)];
        scene.rule(line[0], line[1], guide);
        drawn.extend(dense(&line));
    }
    drawn
}
