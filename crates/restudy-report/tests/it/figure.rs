//! Figures: what is drawn is what the ledger says, no text leaves the page or meets another one, whatever the labels.

use std::sync::{Arc, OnceLock};

use proptest::prelude::*;
use restudy_ledger::{Ledger, SeriesKind};
use restudy_report::{DrawnFigure, figures, pdf, png};
use resvg::usvg::{self, Node, fontdb};
use roxmltree::Document;

/// usvg counts 96 to the inch, the figures 72.
const UNITS: f32 = 96.0 / 72.0;

fn specimen() -> &'static Ledger {
    static LEDGER: OnceLock<Ledger> = OnceLock::new();
    LEDGER.get_or_init(|| Ledger::from_json(include_str!("../specimens/figures.json")).unwrap())
}

fn drawn(id: &str) -> DrawnFigure {
    figure(specimen(), id)
}

fn figure(ledger: &Ledger, id: &str) -> DrawnFigure {
    let mut ledger = ledger.clone();
    ledger.figures.retain(|figure| figure.id == id);
    figures(&ledger).pop().unwrap()
}

/// A text of a drawing as usvg lays it out, in points.
struct Laid {
    text: String,
    left: f32,
    top: f32,
    right: f32,
    bottom: f32,
}

/// The width and height of a drawing and its texts, by a layout that is not ours.
fn layout(svg: &str) -> (f32, f32, Vec<Laid>) {
    static FONTS: OnceLock<Arc<fontdb::Database>> = OnceLock::new();
    let fonts = FONTS.get_or_init(|| {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_data(include_bytes!("../../fonts/RestudySans-Regular.ttf").to_vec());
        fonts.load_font_data(include_bytes!("../../fonts/RestudySans-Bold.ttf").to_vec());
        fonts.load_font_data(include_bytes!("../../fonts/RestudySans-Italic.ttf").to_vec());
        Arc::new(fonts)
    });
    let options = usvg::Options { fontdb: Arc::clone(fonts), ..usvg::Options::default() };
    let tree = usvg::Tree::from_str(svg, &options).unwrap();
    let mut texts = Vec::new();
    collect(tree.root(), &mut texts);
    (tree.size().width() / UNITS, tree.size().height() / UNITS, texts)
}

fn collect(group: &usvg::Group, texts: &mut Vec<Laid>) {
    for node in group.children() {
        match node {
            Node::Group(group) => collect(group, texts),
            Node::Text(text) => {
                let bounds = text.abs_bounding_box();
                texts.push(Laid {
                    text: text.chunks().iter().map(usvg::TextChunk::text).collect(),
                    left: bounds.left() / UNITS,
                    top: bounds.top() / UNITS,
                    right: bounds.right() / UNITS,
                    bottom: bounds.bottom() / UNITS,
                });
            }
            _ => {}
        }
    }
}

/// What is cut off or lies on top of another text.
fn unreadable(figure: &DrawnFigure) -> Vec<String> {
    const SLACK: f32 = 0.35;
    let (width, height, texts) = layout(&figure.svg);
    let mut found = Vec::new();
    for (place, one) in texts.iter().enumerate() {
        if one.left < -SLACK || one.top < -SLACK || one.right > width + SLACK || one.bottom > height + SLACK {
            found.push(format!(
                "{}: “{}” leaves the page of {width} × {height}: {} {} {} {}",
                figure.id, one.text, one.left, one.top, one.right, one.bottom
            ));
        }
        for other in &texts[place + 1..] {
            let across = one.right.min(other.right) - one.left.max(other.left);
            let down = one.bottom.min(other.bottom) - one.top.max(other.top);
            if across > SLACK && down > SLACK {
                found.push(format!("{}: “{}” meets “{}” by {across} × {down}", figure.id, one.text, other.text));
            }
        }
    }
    found
}

/// The same study with other words in every place where a study has words.
fn relabelled(ledger: &Ledger, words: &dyn Fn(usize) -> String) -> Ledger {
    let mut ledger = ledger.clone();
    for (place, variable) in ledger.variables.iter_mut().enumerate() {
        variable.label = words(place);
        variable.unit = variable.unit.as_ref().map(|_| words(place + 1));
        variable.levels.iter_mut().for_each(|level| *level = words(place + 2));
    }
    let mut names: Vec<String> = Vec::new();
    let mut renamed = |name: &mut Option<String>| {
        if let Some(name) = name {
            let place = names.iter().position(|known| known == name).unwrap_or_else(|| {
                names.push(name.clone());
                names.len() - 1
            });
            // Different names stay different.
            *name = format!("{place}{}", words(place + 2));
        }
    };
    for row in &mut ledger.rows {
        renamed(&mut row.group);
        renamed(&mut row.level);
        renamed(&mut row.model);
    }
    for series in &mut ledger.series {
        renamed(&mut series.group);
        renamed(&mut series.level);
    }
    for analysis in &mut ledger.analyses {
        analysis.title = words(3);
        for group in &mut analysis.groups {
            let mut name = Some(group.label.clone());
            renamed(&mut name);
            group.label = name.unwrap();
        }
        for model in &mut analysis.models {
            let mut name = Some(model.clone());
            renamed(&mut name);
            *model = name.unwrap();
        }
        for term in &mut analysis.terms {
            renamed(&mut term.level);
            renamed(&mut term.reference);
        }
    }
    for step in &mut ledger.flow {
        step.label = words(4);
    }
    for figure in &mut ledger.figures {
        figure.title = words(5);
        for panel in &mut figure.panels {
            panel.title = panel.title.as_ref().map(|_| words(6));
        }
    }
    ledger
}

const HOSTILE: [&str; 8] = [
    "<script>alert('1')</script> & \"quoted\"",
    "肺部疾病快速进展患者的最大标准摄取值与一氧化碳弥散量占预计值百分比之间的关系以及随访期间的生存情况分析结果汇总",
    "👩‍🔬🫁🔥🇨🇳 émigré naïve ﬁn \u{202E}turned\u{202C} \u{7}bell",
    "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsvorsitzendenstellvertreterinnenausbildungsverordnungsänderungsgesetzgebungsverfahrensbeschleunigungsmaßnahmenpaketentwurf",
    "",
    "x",
    "Patients whose disease progressed rapidly within three months of the first visit, in whom a computed tomography \
     of the chest had shown ground-glass opacities, and who were treated with glucocorticoids before",
    "γ-glutamyl ≥ 2 × 10⁻³ µmol/L − ∞",
];

#[test]
fn every_specimen_is_readable() {
    let found: Vec<String> = figures(specimen()).iter().flat_map(unreadable).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn hostile_labels_leave_every_figure_readable_and_whole() {
    let mut found = Vec::new();
    for shift in (0..HOSTILE.len()).step_by(2) {
        let mut ledger = relabelled(specimen(), &|place| HOSTILE[(place + shift) % HOSTILE.len()].to_owned());
        ledger.study.synthetic = shift % 4 == 0;
        for figure in figures(&ledger) {
            found.extend(unreadable(&figure));
            assert!(!figure.svg.contains("<script"), "{}", figure.id);
            let document = Document::parse(&figure.svg).unwrap();
            assert_eq!(document.root_element().tag_name().name(), "svg");
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn what_is_cut_stands_whole_in_a_title() {
    let long = HOSTILE[3];
    let ledger = relabelled(specimen(), &|_| long.to_owned());
    for id in ["survival", "forest", "love", "matrix", "roc"] {
        let svg = figure(&ledger, id).svg;
        let document = Document::parse(&svg).unwrap();
        let titles = document.descendants().filter(|node| node.has_tag_name("title"));
        assert!(titles.filter_map(|title| title.text()).any(|title| title.contains(long)), "{id}");
        assert!(svg.contains('…'), "{id}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_label_makes_texts_meet_or_leave_the_page(
        labels in proptest::collection::vec("\\PC{0,60}|[a-z ]{0,200}|[\\x20-\\x7e]{0,80}|\\p{Han}{0,60}", 1..9)
    ) {
        let ledger = relabelled(specimen(), &|place| labels[place % labels.len()].clone());
        let found: Vec<String> = figures(&ledger).iter().flat_map(unreadable).collect();
        prop_assert!(found.is_empty(), "{}", found.join("\n"));
    }
}

#[test]
fn the_same_ledger_gives_the_same_bytes() {
    let (one, other) = (figures(specimen()), figures(specimen()));
    assert_eq!(one, other);
    for id in ["survival", "forest"] {
        let svg = drawn(id).svg;
        assert_eq!(png(&svg, 100), png(&svg, 100));
        assert_eq!(pdf(&svg), pdf(&svg));
    }
}

#[test]
fn a_png_has_the_width_of_a_column_and_says_its_resolution() {
    let bytes = png(&drawn("love").svg, 300);
    let reader = ::png::Decoder::new(std::io::Cursor::new(&bytes)).read_info().unwrap();
    let info = reader.info();
    // 85 mm at 300 to the inch.
    assert_eq!(info.width, 1004);
    let pixels = info.pixel_dims.unwrap();
    assert_eq!((pixels.xppu, pixels.unit), (11811, ::png::Unit::Meter));
    assert!(png("no drawing", 300).is_empty());
}

#[test]
fn a_pdf_is_one_page_of_the_size_of_the_drawing() {
    let bytes = pdf(&drawn("forest").svg);
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.starts_with("%PDF-1."));
    assert!(text.contains("/Count 1") && text.contains("/ToUnicode") && text.contains("/FontFile2"));
    // 174 mm in points.
    assert!(text.contains("/MediaBox [0 0 493.2"), "{}", &text[..400]);
    assert!(pdf("no drawing").is_empty());
}

fn attribute(node: roxmltree::Node<'_, '_>, name: &str) -> f64 {
    node.attribute(name).and_then(|text| text.parse().ok()).unwrap()
}

fn text_of(node: roxmltree::Node<'_, '_>) -> String {
    node.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()).collect()
}

#[test]
fn points_of_a_scatter_lie_where_the_axes_say() {
    let svg = drawn("scatter").svg;
    let document = Document::parse(&svg).unwrap();
    let series = specimen().series.iter().find(|series| series.kind == SeriesKind::Scatter).unwrap();
    let (x, y) = (series.column("x").unwrap(), series.column("y").unwrap());
    let points = document.descendants().find(|node| node.attribute("data-part") == Some("points")).unwrap();
    let points: Vec<(f64, f64)> =
        points.children().map(|point| (attribute(point, "cx"), attribute(point, "cy"))).collect();
    assert_eq!(points.len(), x.len());
    let label = |text: &str, anchor: &str| {
        let found = |node: &roxmltree::Node<'_, '_>| {
            node.has_tag_name("text") && text_of(*node) == text && node.attribute("text-anchor") == Some(anchor)
        };
        document.descendants().find(found).unwrap()
    };
    // Two labels of an axis, and with them the whole of it. Labels of the upright axis stand below its ticks by half
    // a capital.
    let (five, twenty) = (attribute(label("5", "middle"), "x"), attribute(label("20", "middle"), "x"));
    let (none, most) = (attribute(label("0.0", "end"), "y"), attribute(label("0.3", "end"), "y"));
    let half_capital = 0.358 * 7.0;
    for ((x, y), (cx, cy)) in x.iter().zip(&y).zip(points) {
        assert!((five + (twenty - five) * (x - 5.0) / 15.0 - cx).abs() < 0.03, "{x} at {cx}");
        assert!((none - half_capital + (most - none) * y / 0.3 - cy).abs() < 0.03, "{y} at {cy}");
    }
}

#[test]
fn the_numbers_at_risk_are_those_of_the_series_below_the_ticks_of_their_times() {
    let svg = drawn("survival").svg;
    let document = Document::parse(&svg).unwrap();
    let texts: Vec<(String, f64)> = document
        .descendants()
        .filter(|node| node.has_tag_name("text") && node.attribute("text-anchor") == Some("middle"))
        .map(|node| (text_of(node), attribute(node, "x")))
        .collect();
    let at = |wanted: &str| texts.iter().find(|(text, _)| text == wanted).unwrap_or_else(|| panic!("{wanted}")).1;
    for series in specimen().series_of("survival").filter(|series| series.kind == SeriesKind::RiskTable) {
        let [times, at_risk, events] = ["time", "at_risk", "events"].map(|name| series.column(name).unwrap());
        for ((time, at_risk), events) in times.iter().zip(at_risk).zip(events) {
            assert_eq!(at(&format!("{at_risk} ({events})")), at(&time.to_string()), "at {time}");
        }
    }
}

#[test]
fn a_survival_curve_falls_at_its_events_and_ends_with_its_last_patient() {
    let svg = drawn("survival").svg;
    let document = Document::parse(&svg).unwrap();
    let curves: Vec<&str> = document
        .descendants()
        .filter(|node| node.attribute("data-part") == Some("curve"))
        .map(|node| node.attribute("d").unwrap())
        .collect();
    let x = |text: &str| {
        let label = |node: &roxmltree::Node<'_, '_>| node.has_tag_name("text") && text_of(*node) == text;
        attribute(document.descendants().find(label).unwrap(), "x")
    };
    let (start, end) = (x("0"), x("1000"));
    let series = specimen().series.iter().filter(|series| series.kind == SeriesKind::SurvivalCurve);
    for (path, series) in curves.iter().zip(series) {
        let last = series.column("time").unwrap().into_iter().fold(0.0, f64::max);
        let drawn = path.split(['M', 'H', 'V', 'L']).filter(|part| !part.is_empty());
        let across = path.split('H').skip(1).map(|part| part.split('V').next().unwrap().parse::<f64>().unwrap());
        let furthest = across.fold(0.0, f64::max);
        assert!((start + (end - start) * last / 1000.0 - furthest).abs() < 0.03);
        // Only across and down: nothing is drawn between two events that was not observed.
        assert!(!path.contains('L') && drawn.count() > 50);
    }
}

/// The line of a median hides no value that lies on it: every point is drawn after it.
#[test]
fn no_median_lies_on_a_point() {
    for id in ["box", "violin"] {
        let svg = drawn(id).svg;
        let places = |part: &str| -> Vec<usize> {
            svg.match_indices(&format!("data-part=\"{part}\"")).map(|(place, _)| place).collect()
        };
        let (medians, points) = (places("median"), places("points"));
        assert!(!medians.is_empty() && medians.len() == points.len(), "{id}");
        assert!(medians.iter().zip(&points).all(|(median, points)| median < points), "{id}");
    }
}

/// Two kinds of event and two groups: each curve ends as high as R's `survfit` puts it, and only the first kind has bands.
#[test]
fn cumulative_incidences_rise_to_their_last_event() {
    let figure = drawn("incidence");
    let document = Document::parse(&figure.svg).unwrap();
    let paths = |part: &str| -> Vec<&str> {
        let of_part = document.descendants().filter(|node| node.attribute("data-part") == Some(part));
        of_part.map(|node| node.attribute("d").unwrap()).collect()
    };
    let y = |text: &str| {
        let label = |node: &roxmltree::Node<'_, '_>| {
            node.has_tag_name("text") && node.attribute("text-anchor") == Some("end") && text_of(*node) == text
        };
        attribute(document.descendants().find(label).unwrap(), "y")
    };
    let unit = (y("0.0") - y("0.8")) / 0.8;
    let mut series: Vec<_> =
        specimen().series.iter().filter(|series| series.kind == SeriesKind::IncidenceCurve).collect();
    // Kind by kind, as the key lists them; the specimen holds them group by group.
    let first = series[0].level.clone();
    series.sort_by_key(|series| series.level != first);
    let highest = |path: &str| -> f64 {
        let heights = path.split('V').skip(1).map(|part| part.split('H').next().unwrap().parse::<f64>().unwrap());
        heights.fold(f64::MAX, f64::min)
    };
    let ends: Vec<(f64, f64)> = (paths("curve").iter().zip(&series))
        .map(|(path, series)| (highest(path), *series.column("incidence").unwrap().last().unwrap()))
        .collect();
    assert_eq!((ends.len(), paths("band").len()), (4, 2));
    for (height, incidence) in &ends {
        assert!((ends[0].0 - height - (incidence - ends[0].1) * unit).abs() < 0.05, "{incidence}");
    }
    // One kind alone names its groups and has their bands.
    let one = drawn("incidence-one");
    assert!(one.alt_text.contains("Male: events/n 29/137") && !one.alt_text.contains("fitter"), "{}", one.alt_text);
    assert_eq!(one.svg.matches("data-part=\"band\"").count(), 2);
}

#[test]
fn models_side_by_side_have_one_axis() {
    let svg = drawn("forest").svg;
    let document = Document::parse(&svg).unwrap();
    let ticks = |wanted: &str| -> Vec<f64> {
        let label = |node: &roxmltree::Node<'_, '_>| {
            node.has_tag_name("text") && node.attribute("text-anchor") == Some("middle") && text_of(*node) == wanted
        };
        document.descendants().filter(label).map(|node| attribute(node, "x")).collect()
    };
    let (one, ten) = (ticks("1"), ticks("10"));
    assert_eq!((one.len(), ten.len()), (2, 2));
    assert!(((ten[0] - one[0]) - (ten[1] - one[1])).abs() < 0.02);
    // 67.9 and 66.5 lie beyond the axis.
    let arrows = document.descendants().filter(|node| node.attribute("data-part") == Some("arrow"));
    assert_eq!(arrows.count(), 2);
}

#[test]
fn a_cut_off_is_marked_where_its_sensitivity_and_specificity_are() {
    let figure = drawn("sheet");
    assert!(figure.alt_text.contains("DLM score: AUC 0.905 (0.836–0.975), cut-off ≥ 2."), "{}", figure.alt_text);
    let document = Document::parse(&figure.svg).unwrap();
    let parts =
        |part: &'static str| document.descendants().filter(move |node| node.attribute("data-part") == Some(part));
    let mark = parts("cutoff").next().unwrap().first_element_child().unwrap();
    let diagonal = parts("diagonal").next().unwrap().attribute("d").unwrap().replace(['M', 'L'], " ");
    let ends: Vec<f64> = diagonal.split_whitespace().map(|number| number.parse().unwrap()).collect();
    let [left, bottom, right, top] = ends[..] else { panic!("{diagonal}") };
    // Of Table 2: 18 of 21 and 33 of 40.
    assert!((left + (right - left) * 7.0 / 40.0 - attribute(mark, "cx")).abs() < 0.03);
    assert!((bottom + (top - bottom) * 18.0 / 21.0 - attribute(mark, "cy")).abs() < 0.03);
}

#[test]
fn made_patients_are_said_to_be_made_on_every_figure() {
    let mut ledger = specimen().clone();
    for figure in figures(&ledger) {
        assert!(!figure.svg.contains("Synthetic data"), "{}", figure.id);
    }
    ledger.study.synthetic = true;
    for figure in figures(&ledger) {
        assert!(figure.svg.contains("Synthetic data</tspan>: patients made, not observed"), "{}", figure.id);
        assert!(figure.alt_text.starts_with("Synthetic data. "), "{}", figure.id);
    }
}

#[test]
fn a_panel_without_its_numbers_says_what_is_lacking() {
    let missing = drawn("missing");
    assert!(missing.svg.contains("Not drawn. The record has no analysis “nowhere”."));
    let mut ledger = specimen().clone();
    ledger.series.clear();
    ledger.rows.clear();
    for figure in figures(&ledger).iter().filter(|figure| figure.id != "flow") {
        assert!(figure.alt_text.contains("Not drawn."), "{}: {}", figure.id, figure.alt_text);
    }
}
