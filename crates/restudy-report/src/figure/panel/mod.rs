//! The panels, one kind of drawing a file.

mod accuracy;
mod calibration;
mod curves;
mod flow;
mod forest;
mod groups;
mod incidence;
mod love;
mod matrix;
mod scatter;
mod score;
mod survival;

use restudy_ledger::{Ledger, Panel, PanelKind};

use super::scene::Scene;
use super::source::Source;

/// A panel as drawn, and what it shows in words.
pub(super) struct Drawn {
    pub(super) scene: Scene,
    pub(super) alt: String,
}

/// Draws a panel in that width; the error says what the ledger lacks for it.
pub(super) fn draw(ledger: &Ledger, panel: &Panel, width: f64) -> Result<Drawn, String> {
    let source = || Source::new(ledger, panel);
    match panel.kind {
        PanelKind::Flow => flow::draw(ledger, panel, width),
        PanelKind::KaplanMeier => survival::draw(&source()?, width),
        PanelKind::CumulativeIncidence => incidence::draw(&source()?, width),
        PanelKind::Box => groups::draw(&source()?, width, false),
        PanelKind::Violin => groups::draw(&source()?, width, true),
        PanelKind::Roc => accuracy::draw_roc(&source()?, width),
        PanelKind::DecisionCurve => accuracy::draw_decision(&source()?, width),
        PanelKind::ScoreBars => score::draw(&source()?, width),
        PanelKind::Scatter => scatter::draw(&source()?, width),
        PanelKind::Forest => forest::draw(&source()?, width),
        PanelKind::Calibration => calibration::draw(&source()?, width),
        PanelKind::Instability => calibration::draw_instability(&source()?, width),
        PanelKind::CorrelationMatrix => matrix::draw(&source()?, width),
        PanelKind::Love => love::draw(&source()?, width),
    }
}

/// Several drawings of one panel, as many beside each other as have the least width.
fn tiled(width: f64, least: f64, count: usize, mut tile: impl FnMut(usize, f64) -> Drawn) -> Drawn {
    const GAP: f64 = 10.0;
    let fitting = ((width + GAP) / (least + GAP)).floor().max(1.0) as usize;
    let columns = fitting.min(count).max(1);
    let each = (width - GAP * (columns - 1) as f64) / columns as f64;
    let (mut scene, mut top, mut alt) = (Scene::new(width), 0.0, Vec::new());
    for first in (0..count).step_by(columns) {
        let mut lowest: f64 = 0.0;
        for place in first..(first + columns).min(count) {
            let drawn = tile(place, each);
            lowest = lowest.max(drawn.scene.height);
            scene.place(drawn.scene, ((place - first) as f64 * (each + GAP), top));
            alt.push(drawn.alt);
        }
        top += lowest + GAP;
    }
    scene.height = (top - GAP).max(0.0);
    Drawn { scene, alt: alt.join(" ") }
}
