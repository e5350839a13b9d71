//! A drawing as PDF: the lines of the SVG as lines, its text as text that can be searched and copied.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::sync::OnceLock;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Filter, Finish as _, Name, Pdf, Rect, Ref, Str};
use resvg::tiny_skia::{PathSegment, Transform};
use resvg::usvg::{self, Group, LineCap, LineJoin, Node, Paint};
use skrifa::MetadataProvider as _;
use skrifa::instance::{LocationRef, Size};

use super::font::Face;

/// Points to one of usvg's units, of which there are 96 to the inch.
const POINTS: f32 = 0.75;

/// A drawing of [`figures`](crate::figures) as PDF of one page, the fonts within it.
///
/// Empty for a text that is not SVG.
#[must_use]
pub fn pdf(svg: &str) -> Vec<u8> {
    let Some(tree) = super::png::tree(svg) else { return Vec::new() };
    let (width, height) = (tree.size().width() * POINTS, tree.size().height() * POINTS);
    let mut page = Page { content: Content::new(), opacities: Vec::new(), fonts: BTreeMap::new() };
    // From the upper left corner and downwards, as SVG counts.
    page.content.transform([POINTS, 0.0, 0.0, -POINTS, 0.0, height]);
    page.group(&tree, tree.root());
    page.finish(width, height)
}

/// What the page shows and what it takes for it.
struct Page {
    content: Content,
    /// Opacities of fill and line, in thousandths.
    opacities: Vec<(u32, u32)>,
    /// The glyphs that were used of each face, with the text that each stands for.
    fonts: BTreeMap<Face, BTreeMap<u16, String>>,
}

/// Glyphs that follow each other at their own widths.
struct Run {
    transform: Transform,
    face: Face,
    size: f32,
    glyphs: Vec<u8>,
    /// Where the next glyph is expected, in the text's own system.
    next: (f32, f32),
}

impl Page {
    fn group(&mut self, tree: &usvg::Tree, group: &Group) {
        for node in group.children() {
            match node {
                Node::Group(group) => self.group(tree, group),
                Node::Path(path) if path.is_visible() => self.path(path),
                Node::Text(text) => self.text(tree, text),
                Node::Path(_) | Node::Image(_) => {}
            }
        }
    }

    fn path(&mut self, path: &usvg::Path) {
        let fill = path.fill().and_then(|fill| Some((color(fill.paint())?, fill.opacity().get())));
        let stroke = path.stroke().and_then(|stroke| Some((color(stroke.paint())?, stroke)));
        self.content.save_state();
        let opacity = stroke.map_or(1.0, |(_, stroke)| stroke.opacity().get());
        self.opacity(fill.map_or(1.0, |(_, opacity)| opacity), opacity);
        self.content.transform(matrix(path.abs_transform()));
        if let Some(([red, green, blue], _)) = fill {
            self.content.set_fill_rgb(red, green, blue);
        }
        if let Some(([red, green, blue], stroke)) = stroke {
            self.content.set_stroke_rgb(red, green, blue);
            self.content.set_line_width(stroke.width().get());
            self.content.set_line_cap(match stroke.linecap() {
                LineCap::Butt => pdf_writer::types::LineCapStyle::ButtCap,
                LineCap::Round => pdf_writer::types::LineCapStyle::RoundCap,
                LineCap::Square => pdf_writer::types::LineCapStyle::ProjectingSquareCap,
            });
            self.content.set_line_join(match stroke.linejoin() {
                LineJoin::Round => pdf_writer::types::LineJoinStyle::RoundJoin,
                LineJoin::Bevel => pdf_writer::types::LineJoinStyle::BevelJoin,
                LineJoin::Miter | LineJoin::MiterClip => pdf_writer::types::LineJoinStyle::MiterJoin,
            });
            if let Some(dash) = stroke.dasharray() {
                self.content.set_dash_pattern(dash.iter().copied(), stroke.dashoffset());
            }
        }
        self.outline(path.data());
        match (fill.is_some(), stroke.is_some()) {
            (true, true) => self.content.fill_nonzero_and_stroke(),
            (true, false) => self.content.fill_nonzero(),
            (false, true) => self.content.stroke(),
            (false, false) => self.content.end_path(),
        };
        self.content.restore_state();
    }

    fn outline(&mut self, path: &resvg::tiny_skia::Path) {
        let mut at = (0.0, 0.0);
        for segment in path.segments() {
            match segment {
                PathSegment::MoveTo(to) => {
                    self.content.move_to(to.x, to.y);
                    at = (to.x, to.y);
                }
                PathSegment::LineTo(to) => {
                    self.content.line_to(to.x, to.y);
                    at = (to.x, to.y);
                }
                PathSegment::QuadTo(by, to) => {
                    // PDF has cubic curves alone.
                    let third = |end: f32, by: f32| end + (by - end) * 2.0 / 3.0;
                    let (x, y) = at;
                    self.content.cubic_to(
                        third(x, by.x),
                        third(y, by.y),
                        third(to.x, by.x),
                        third(to.y, by.y),
                        to.x,
                        to.y,
                    );
                    at = (to.x, to.y);
                }
                PathSegment::CubicTo(one, two, to) => {
                    self.content.cubic_to(one.x, one.y, two.x, two.y, to.x, to.y);
                    at = (to.x, to.y);
                }
                PathSegment::Close => {
                    self.content.close_path();
                }
            }
        }
    }

    fn text(&mut self, tree: &usvg::Tree, text: &usvg::Text) {
        for span in text.layouted().iter().filter(|span| span.visible) {
            let fill = span.fill.as_ref().and_then(|fill| Some((color(fill.paint())?, fill.opacity().get())));
            let Some(([red, green, blue], opacity)) = fill else { continue };
            self.content.save_state();
            self.opacity(opacity, 1.0);
            self.content.set_fill_rgb(red, green, blue);
            self.content.transform(matrix(text.abs_transform()));
            self.content.begin_text();
            for run in self.runs(tree, &span.positioned_glyphs) {
                let Transform { sx, kx, ky, sy, tx, ty } = run.transform;
                self.content.set_font(Name(run.face.resource()), run.size);
                // Letters stand upright although the page is turned over.
                self.content.set_text_matrix([sx, ky, -kx, -sy, tx, ty]);
                self.content.show(Str(&run.glyphs));
            }
            self.content.end_text();
            self.content.restore_state();
        }
    }

    fn runs(&mut self, tree: &usvg::Tree, glyphs: &[usvg::layout::PositionedGlyph]) -> Vec<Run> {
        let mut runs: Vec<Run> = Vec::new();
        for glyph in glyphs {
            let face = face_of(tree, glyph);
            let id = u16::try_from(glyph.id.0).unwrap_or(0);
            self.fonts.entry(face).or_default().entry(id).or_insert_with(|| glyph.text.clone());
            let at = glyph.transform();
            let size = glyph.font_size();
            // usvg scales from the font's units; the size scales from those of a text of size 1.
            let units = f32::from(units_per_em(face)) / size;
            let transform = at.pre_scale(units, units);
            let next = (
                transform.tx + advance(face, id) * size * transform.sx,
                transform.ty + advance(face, id) * size * transform.ky,
            );
            match runs.last_mut() {
                Some(run)
                    if run.face == face
                        && run.size == size
                        && (run.next.0 - transform.tx).abs() < 0.02
                        && (run.next.1 - transform.ty).abs() < 0.02 =>
                {
                    run.glyphs.extend(id.to_be_bytes());
                    run.next = next;
                }
                _ => runs.push(Run { transform, face, size, glyphs: id.to_be_bytes().to_vec(), next }),
            }
        }
        runs
    }

    fn opacity(&mut self, fill: f32, stroke: f32) {
        let opacities = ((fill * 1000.0).round() as u32, (stroke * 1000.0).round() as u32);
        let place = self.opacities.iter().position(|known| *known == opacities).unwrap_or_else(|| {
            self.opacities.push(opacities);
            self.opacities.len() - 1
        });
        self.content.set_parameters(Name(format!("G{place}").as_bytes()));
    }

    fn finish(self, width: f32, height: f32) -> Vec<u8> {
        let mut pdf = Pdf::new();
        let mut next = Ref::new(1);
        let [catalog, pages, page, content] = [next.bump(), next.bump(), next.bump(), next.bump()];
        let fonts: Vec<(Face, Ref)> = self.fonts.keys().map(|face| (*face, next.bump())).collect();
        pdf.catalog(catalog).pages(pages);
        pdf.pages(pages).kids([page]).count(1);
        let mut sheet = pdf.page(page);
        sheet.parent(pages).media_box(Rect::new(0.0, 0.0, width, height)).contents(content);
        let mut resources = sheet.resources();
        let mut states = resources.ext_g_states();
        for (place, (fill, stroke)) in self.opacities.iter().enumerate() {
            let mut state = states
                .insert(Name(format!("G{place}").as_bytes()))
                .start::<pdf_writer::writers::ExtGraphicsState<'_>>();
            state.non_stroking_alpha(*fill as f32 / 1000.0).stroking_alpha(*stroke as f32 / 1000.0);
        }
        states.finish();
        let mut named = resources.fonts();
        for (face, font) in &fonts {
            named.pair(Name(face.resource()), *font);
        }
        named.finish();
        resources.finish();
        sheet.finish();
        pdf.stream(content, &compressed(&self.content.finish())).filter(Filter::FlateDecode);
        for (face, font) in fonts {
            if let Some(glyphs) = self.fonts.get(&face) {
                write_font(&mut pdf, &mut next, face, font, glyphs);
            }
        }
        pdf.finish()
    }
}

impl Face {
    fn resource(self) -> &'static [u8] {
        match self {
            Self::Regular => b"F0",
            Self::Bold => b"F1",
            Self::Italic => b"F2",
        }
    }

    fn post_script_name(self) -> &'static [u8] {
        match self {
            Self::Regular => b"RestudySans-Regular",
            Self::Bold => b"RestudySans-Bold",
            Self::Italic => b"RestudySans-Italic",
        }
    }
}

fn write_font(pdf: &mut Pdf, next: &mut Ref, face: Face, font: Ref, glyphs: &BTreeMap<u16, String>) {
    let [descendant, descriptor, file, to_unicode] = [next.bump(), next.bump(), next.bump(), next.bump()];
    let name = Name(face.post_script_name());
    let system = SystemInfo { registry: Str(b"Adobe"), ordering: Str(b"Identity"), supplement: 0 };
    pdf.type0_font(font)
        .base_font(name)
        .encoding_predefined(Name(b"Identity-H"))
        .descendant_font(descendant)
        .to_unicode(to_unicode);
    let mut cid = pdf.cid_font(descendant);
    cid.subtype(CidFontType::Type2).base_font(name).system_info(system).font_descriptor(descriptor);
    cid.default_width(1000.0).cid_to_gid_map_predefined(Name(b"Identity"));
    let mut widths = cid.widths();
    for glyph in glyphs.keys() {
        widths.same(*glyph, *glyph, advance(face, *glyph) * 1000.0);
    }
    widths.finish();
    cid.finish();
    let italic = face == Face::Italic;
    let flags = if italic { FontFlags::NON_SYMBOLIC | FontFlags::ITALIC } else { FontFlags::NON_SYMBOLIC };
    pdf.font_descriptor(descriptor)
        .name(name)
        .flags(flags)
        .bbox(Rect::new(-500.0, -300.0, 1500.0, 1000.0))
        .italic_angle(if italic { -12.0 } else { 0.0 })
        .ascent(905.0)
        .descent(-212.0)
        .cap_height(716.0)
        .stem_v(if face == Face::Bold { 140.0 } else { 80.0 })
        .font_file2(file);
    let mut stream = pdf.stream(file, compressed_face(face));
    stream.filter(Filter::FlateDecode);
    stream.pair(Name(b"Length1"), i32::try_from(face.truetype().len()).unwrap_or(i32::MAX));
    stream.finish();
    let mut cmap = UnicodeCmap::new(Name(b"Identity-UCS"), system);
    for (glyph, text) in glyphs {
        cmap.pair_with_multiple(*glyph, text.chars());
    }
    pdf.cmap(to_unicode, &cmap.finish());
}

/// The face as every figure embeds it, compressed once for all of them.
fn compressed_face(face: Face) -> &'static [u8] {
    static FACES: [OnceLock<Vec<u8>>; 3] = [const { OnceLock::new() }; 3];
    FACES[face as usize].get_or_init(|| compressed(face.truetype()))
}

fn compressed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory does not fail.
    let _ = encoder.write_all(bytes);
    encoder.finish().unwrap_or_default()
}

fn color(paint: &Paint) -> Option<[f32; 3]> {
    match paint {
        Paint::Color(color) => Some([color.red, color.green, color.blue].map(|part| f32::from(part) / 255.0)),
        _ => None,
    }
}

fn matrix(transform: Transform) -> [f32; 6] {
    let Transform { sx, kx, ky, sy, tx, ty } = transform;
    [sx, ky, kx, sy, tx, ty]
}

fn face_of(tree: &usvg::Tree, glyph: &usvg::layout::PositionedGlyph) -> Face {
    let name = tree.fontdb().face(glyph.font).map(|face| face.post_script_name.clone()).unwrap_or_default();
    Face::ALL.into_iter().find(|face| face.post_script_name() == name.as_bytes()).unwrap_or(Face::Regular)
}

fn units_per_em(_face: Face) -> u16 {
    // Arimo's, which all the faces come from.
    2048
}

/// The width of a glyph in em.
fn advance(face: Face, glyph: u16) -> f32 {
    let Ok(font) = skrifa::FontRef::new(face.truetype()) else { return 0.0 };
    let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
    metrics.advance_width(skrifa::GlyphId::from(glyph)).unwrap_or(0.0)
}
