//! Cumulative incidences of events that compete, with bands, p of each kind, and the numbers at risk below the same axis.
//!
//! Without groups each kind of event has its colour. With them each group has one, the kinds differ in their dashes, and
//! only the first has bands: those of several would cover each other.

use restudy_ledger::{Series, SeriesKind, Stat};

use super::Drawn;
use super::curves::{self, Curve, points};
use crate::figure::axis::Axis;
use crate::figure::key::Key;
use crate::figure::palette::{Look, look};
use crate::figure::scene::{INK, Scene};
use crate::figure::source::{At, Source, test_name};
use crate::figure::text::{Lines, Words};

/// A curve, and the kind of event that it is of.
struct Kind<'a> {
    kind: &'a str,
    curve: Curve<'a>,
}

pub(super) fn draw(source: &Source<'_>, width: f64) -> Result<Drawn, String> {
    let lacking = || format!("“{}” has no cumulative incidence.", source.analysis.title);
    let series = source.series(SeriesKind::IncidenceCurve);
    let time = series.iter().find_map(|series| series.variable.clone()).ok_or_else(lacking)?;
    let mut kinds: Vec<&str> = Vec::new();
    let mut groups: Vec<Option<&str>> = Vec::new();
    for series in &series {
        let (kind, group) = (series.level.as_deref().unwrap_or_default(), series.group.as_deref());
        if !kinds.contains(&kind) {
            kinds.push(kind);
        }
        if !groups.contains(&group) {
            groups.push(group);
        }
    }
    let drawn: Vec<Kind<'_>> = kinds
        .iter()
        .enumerate()
        .flat_map(|(place, kind)| {
            let of_kind = series.iter().filter(|series| series.level.as_deref().unwrap_or_default() == *kind);
            let (kinds, groups) = (&kinds, &groups);
            of_kind.map(move |series| {
                let group = groups.iter().position(|group| *group == series.group.as_deref()).unwrap_or(0);
                let own = look(if groups.len() > 1 { group } else { place }).without_marker();
                let own = Look { dash: look(place).dash, ..own };
                let mut curve = curve(kind, series, own, (kinds.len(), groups.len()));
                if groups.len() > 1 && place > 0 {
                    (curve.low, curve.high) = (Vec::new(), Vec::new());
                }
                Kind { kind, curve }
            })
        })
        .collect();
    let curves = || drawn.iter().map(|kind| &kind.curve);
    if curves().all(|curve| curve.points.is_empty()) {
        return Err(lacking());
    }
    let mut scene = Scene::new(width);
    let last = last_time(source);
    let (keys, mut alt) = keys(source, &time, &drawn, last);
    let unit = source.ledger.variable(&time).and_then(|variable| variable.unit.as_deref());
    let at = last.map(|last| format!("{} ({})", source.style.at_time(last, unit), source.confidence()));
    let headings: Vec<&str> = std::iter::once("Events/n").chain(at.as_deref()).collect();
    let top = scene.key(0.0, width, &headings, &keys) + 6.0;
    let at_risk = source.series(SeriesKind::RiskTable);
    let highest = curves().flat_map(|curve| curve.points.iter().chain(&curve.high)).map(|point| point.1);
    let y = upright(source, highest.fold(0.0, f64::max));
    let owned: Vec<Curve<'_>> = drawn.into_iter().map(|kind| kind.curve).collect();
    let frame = curves::frame(source, &time, &owned, &at_risk, y, (width, top));
    let mut taken = Vec::new();
    for curve in &owned {
        taken.extend(curves::draw_curve(&mut scene, &frame, curve));
    }
    let mut bottom = frame.draw_x(&mut scene);
    frame.draw_y(&mut scene);
    let mut tests = Vec::new();
    for kind in &kinds {
        let place = At { level: Some(kind), ..At::variable(&time) };
        let Some((p, procedure)) = source.p(None, &place) else { continue };
        let test = Words::plain(&procedure.map(test_name).unwrap_or_default()).join(" ", p);
        alt.push_str(&format!(" {kind}: {}.", test.text()));
        let name = Lines::plain(kind, 0.45 * width, 1).lines.pop().unwrap_or_default();
        tests.push(if kinds.len() > 1 { name.then(":").join(" ", test) } else { test });
    }
    bottom = bottom.max(curves::place_text(&mut scene, &frame, tests, &taken, bottom));
    let color = |series: &Series| {
        let curve = owned.iter().find(|curve| groups.len() > 1 && curve.group == series.group.as_deref());
        curve.map_or(INK, |curve| curve.look.color)
    };
    scene.height = curves::risk_table(&mut scene, &frame, &at_risk, color, bottom);
    Ok(Drawn { scene, alt: format!("Cumulative incidence over {}. {alt}", source.label(&time)) })
}

/// The latest time at which the analysis says the incidence.
fn last_time(source: &Source<'_>) -> Option<f64> {
    let rows = source.rows().filter(|row| row.stat == Stat::CumulativeIncidence);
    rows.filter_map(|row| row.time).max_by(f64::total_cmp)
}

fn curve<'a>(kind: &str, series: &'a Series, look: Look, (kinds, groups): (usize, usize)) -> Curve<'a> {
    let group = series.group.as_deref();
    let name = match (group, kinds, groups) {
        (None, ..) => kind.to_owned(),
        (Some(group), 1, _) => group.to_owned(),
        (Some(group), ..) => format!("{kind}, {group}"),
    };
    Curve {
        group,
        name,
        points: points(series, "time", "incidence"),
        low: points(series, "time", "conf_low"),
        high: points(series, "time", "conf_high"),
        censored: Vec::new(),
        band: look.band(),
        look,
    }
}

fn keys(source: &Source<'_>, time: &str, kinds: &[Kind<'_>], last: Option<f64>) -> (Vec<Key>, String) {
    let mut alt = Vec::new();
    let keys = kinds.iter().map(|Kind { kind, curve }| {
        let all = At::variable(time).group(curve.group);
        let own = At { level: Some(kind), ..all };
        let count = |stat, at: &At<'_>| source.number(stat, at).map(|count| source.style.tidy(count));
        let counts = match (count(Stat::Events, &own), count(Stat::N, &all)) {
            (Some(events), Some(n)) => format!("{events}/{n}"),
            (Some(events), None) => events,
            _ => String::new(),
        };
        let mut cells: Vec<Words> = vec![counts.as_str().into()];
        let mut said = format!("{}: events/n {counts}", curve.name);
        if let Some(last) = last {
            let at = At { time: Some(last), ..own };
            let percent = |share: f64| source.style.number(100.0 * share, 0);
            let incidence = source.number(Stat::CumulativeIncidence, &at).map(|share| {
                let limits = source.limits(Stat::CumulativeIncidence, &at);
                let limits = limits.map(|(low, high)| format!(" ({}–{})", percent(low), percent(high)));
                format!("{}%{}", percent(share), limits.unwrap_or_default())
            });
            let incidence = incidence.unwrap_or_else(|| "–".to_owned());
            said.push_str(&format!(", at {} {incidence}", source.style.tidy(last)));
            cells.push(incidence.into());
        }
        alt.push(format!("{said}."));
        Key { look: curve.look, name: curve.name.clone(), cells }
    });
    let keys = keys.collect();
    (keys, alt.join(" "))
}

/// From 0 as far as curves and bands reach, and never beyond 1.
fn upright(source: &Source<'_>, highest: f64) -> Axis {
    const TITLE: &str = "Cumulative incidence";
    if highest > 0.8 {
        return Axis::unit(&source.style, TITLE);
    }
    Axis::around(&source.style, [0.0, highest.max(0.05)], 5, TITLE)
}
