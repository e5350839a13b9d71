//! A drawing as pixels.

use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::fontdb::{Database, Source};
use resvg::usvg::{Options, Tree};

use super::font::{FAMILY, Face};

/// What usvg counts to the inch.
const UNITS_PER_INCH: f32 = 96.0;

/// A drawing of [`figures`](crate::figures) as PNG, at so many pixels to the inch, which the file says of itself.
///
/// Letters that the figures' own faces lack are drawn as boxes an em wide. Empty for a text that is not SVG, and for a
/// picture of more pixels than memory holds.
#[must_use]
pub fn png(svg: &str, dpi: u32) -> Vec<u8> {
    let picture = || {
        let tree = tree(svg)?;
        let scale = dpi as f32 / UNITS_PER_INCH;
        let pixels = |units: f32| (units * scale).round().max(1.0) as u32;
        let mut pixmap = Pixmap::new(pixels(tree.size().width()), pixels(tree.size().height()))?;
        pixmap.fill(Color::WHITE);
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
        encoded(&pixmap, dpi)
    };
    picture().unwrap_or_default()
}

/// The drawing, its text laid out in the faces of figures.
pub(super) fn tree(svg: &str) -> Option<Tree> {
    let options = Options { font_family: FAMILY.to_owned(), fontdb: faces(), ..Options::default() };
    Tree::from_str(svg, &options).ok()
}

fn faces() -> Arc<Database> {
    static FACES: OnceLock<Arc<Database>> = OnceLock::new();
    let read = || {
        let mut database = Database::new();
        for face in Face::ALL {
            database.load_font_source(Source::Binary(Arc::new(face.truetype())));
        }
        Arc::new(database)
    };
    Arc::clone(FACES.get_or_init(read))
}

fn encoded(pixmap: &Pixmap, dpi: u32) -> Option<Vec<u8>> {
    // Everything lies on white: there is nothing to see through.
    let rgb = pixmap.data().as_chunks::<4>().0.iter().map(|[red, green, blue, _]| [*red, *green, *blue]);
    let rgb = rgb.collect::<Vec<_>>();
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, pixmap.width(), pixmap.height());
    encoder.set_color(::png::ColorType::Rgb);
    encoder.set_depth(::png::BitDepth::Eight);
    encoder.set_compression(::png::Compression::Fast);
    let per_metre = (f64::from(dpi) / 0.0254).round() as u32;
    let unit = ::png::Unit::Meter;
    encoder.set_pixel_dims(Some(::png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit }));
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(rgb.as_flattened()).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}
