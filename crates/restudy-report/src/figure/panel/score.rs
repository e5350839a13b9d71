//! Stacked bars of the outcome by score, with the counts and percentages below each of them.

use restudy_ledger::Stat;

use super::Drawn;
use crate::figure::axis::{AXIS, Axis, Frame, Tick, Wanted};
use crate::figure::font::Face;
use crate::figure::palette::{STACK, ink_on};
use crate::figure::scene::{Anchor, Fill, INK, Item, Scene, Stroke, Text};
use crate::figure::source::{At, Source};
use crate::figure::text::{Lines, SMALL, TEXT, Words, baseline, half_capital, line_height};

const HEIGHT: f64 = 120.0;

/// Patients by group at one score.
struct Bar {
    level: String,
    counts: Vec<u64>,
    total: u64,
}

pub(super) fn draw(source: &Source<'_>, width: f64) -> Result<Drawn, String> {
    let lacks = || format!("“{}” has no counts by score.", source.analysis.title);
    let counts = || source.rows().filter(|row| row.stat == Stat::Count && row.level.is_some() && row.group.is_some());
    let score = counts().map(|row| row.variable.as_str()).find(|variable| source.shows(variable)).ok_or_else(lacks)?;
    let (mut levels, mut groups): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for row in counts().filter(|row| row.variable == score) {
        for (names, name) in [(&mut levels, row.level.as_deref()), (&mut groups, row.group.as_deref())] {
            if let Some(name) = name.filter(|name| !names.contains(name)) {
                names.push(name);
            }
        }
    }
    // The event stands at the foot of the bar, where its share is read off the axis.
    if let Some(outcome) = &source.analysis.outcome {
        groups.sort_by_key(|group| *group != outcome.level);
    }
    let bars: Vec<Bar> = levels.iter().map(|level| bar(source, score, level, &groups)).collect();
    if bars.iter().all(|bar| bar.total == 0) {
        return Err(lacks());
    }
    Ok(draw_bars(source, score, &groups, &bars, width))
}

fn bar(source: &Source<'_>, score: &str, level: &str, groups: &[&str]) -> Bar {
    let count = |group: &&str| {
        let at = At { variable: score, level: Some(level), group: Some(group), ..At::default() };
        source.number(Stat::Count, &at).filter(|count| *count >= 0.0).map_or(0, |count| count.round() as u64)
    };
    let counts: Vec<u64> = groups.iter().map(count).collect();
    Bar { level: level.to_owned(), total: counts.iter().sum(), counts }
}

fn draw_bars(source: &Source<'_>, score: &str, groups: &[&str], bars: &[Bar], width: f64) -> Drawn {
    let mut scene = Scene::new(width);
    let patients = bars.iter().map(|bar| bar.total).sum::<u64>() as usize;
    let percent = |count, of| source.style.percent(count, of, patients);
    let ticks = (0..=5).map(|tick| Tick { value: f64::from(tick) / 5.0, label: format!("{}", 20 * tick) }).collect();
    let y = Axis { low: 0.0, high: 1.0, logarithmic: false, ticks, title: "Patients (%)".to_owned() };
    let x = Axis { low: 0.0, high: bars.len() as f64, logarithmic: false, ticks: Vec::new(), title: String::new() };
    let names = groups.iter().map(|group| Face::Regular.width(group, TEXT)).fold(0.0, f64::max);
    let left = names.min(0.3 * width) + 16.0;
    let frame = Frame::new(&Wanted { width, top: 3.0, height: Some(HEIGHT), left }, x, y);
    let slot = frame.width() / bars.len() as f64;
    for (place, bar) in bars.iter().enumerate() {
        draw_bar(&mut scene, &frame, bar, frame.across(place as f64 + 0.5), (slot * 0.66).min(56.0), &percent);
    }
    scene.rule((frame.left, frame.bottom), (frame.right, frame.bottom), AXIS);
    frame.draw_y(&mut scene);
    let mut y = frame.bottom + 5.0;
    let mut deepest: f64 = 0.0;
    for (place, bar) in bars.iter().enumerate() {
        let label = Lines::plain(&bar.level, slot - 2.0, 2);
        deepest = deepest.max(label.height());
        scene.lines((frame.across(place as f64 + 0.5), y), Anchor::Middle, &label);
    }
    let title = Lines::wrapped(&source.title(score), Face::Regular, TEXT, frame.left - 6.0, 2);
    deepest = deepest.max(title.height());
    scene.lines((0.0, y), Anchor::Start, &title);
    y += deepest + 2.0;
    scene.rule((0.0, y), (frame.right, y), Stroke::new("#b3b3b3", 0.5));
    y += 2.0;
    let mut alt = format!("Outcome by {}.", source.label(score));
    for (group, name) in groups.iter().enumerate() {
        let label = Lines::plain(name, frame.left - 16.0, 2);
        scene.items.push(Item::Box {
            corner: (0.0, y + 1.2),
            width: 8.0,
            height: 6.0,
            fill: Some(Fill::new(STACK[group % STACK.len()])),
            stroke: Some(Stroke::new(INK, 0.4)),
            part: "key",
        });
        scene.lines((11.0, y), Anchor::Start, &label);
        let mut lowest = label.height();
        for (place, bar) in bars.iter().enumerate() {
            let count = bar.counts[group];
            let share = percent(count, bar.total);
            alt.push_str(&format!(" {} {}: {count} of {} ({share}%).", bar.level, name, bar.total));
            let one = format!("{count} ({share}%)");
            let middle = frame.across(place as f64 + 0.5);
            if Face::Regular.width(&one, SMALL) <= slot - 2.0 {
                scene.sized((middle, y + baseline(TEXT)), Anchor::Middle, SMALL, one);
            } else {
                // Too narrow for one line: the count, and the percentage below it.
                scene.sized((middle, y + baseline(TEXT)), Anchor::Middle, SMALL, count.to_string());
                scene.sized(
                    (middle, y + baseline(TEXT) + line_height(SMALL)),
                    Anchor::Middle,
                    SMALL,
                    format!("({share}%)"),
                );
                lowest = lowest.max(line_height(TEXT) + line_height(SMALL));
            }
        }
        y += lowest;
    }
    scene.lines((11.0, y), Anchor::Start, &Lines::one("All patients".into(), SMALL));
    for (place, bar) in bars.iter().enumerate() {
        let middle = frame.across(place as f64 + 0.5);
        scene.sized((middle, y + baseline(SMALL)), Anchor::Middle, SMALL, bar.total.to_string());
    }
    scene.height = y + line_height(SMALL) + 1.0;
    Drawn { scene, alt }
}

fn draw_bar(
    scene: &mut Scene,
    frame: &Frame,
    bar: &Bar,
    middle: f64,
    wide: f64,
    percent: &impl Fn(u64, u64) -> String,
) {
    let mut below = 0_u64;
    for (group, count) in bar.counts.iter().copied().enumerate().filter(|(_, count)| *count > 0) {
        let share = |count: u64| count as f64 / bar.total as f64;
        let (foot, head) = (frame.up(share(below)), frame.up(share(below + count)));
        let color = STACK[group % STACK.len()];
        scene.items.push(Item::Box {
            corner: (middle - wide / 2.0, head),
            width: wide,
            height: foot - head,
            fill: Some(Fill::new(color)),
            stroke: Some(Stroke::new(INK, 0.4)),
            part: "bar",
        });
        let words = Words::plain(&format!("{}%", percent(count, bar.total)));
        if foot - head > line_height(TEXT) + 1.0 && words.width(TEXT) < wide - 2.0 {
            scene.items.push(Item::Text(Text {
                at: (middle, f64::midpoint(foot, head) + half_capital(TEXT)),
                anchor: Anchor::Middle,
                size: TEXT,
                color: ink_on(color),
                upright: false,
                words,
                full: None,
            }));
        }
        below += count;
    }
}
