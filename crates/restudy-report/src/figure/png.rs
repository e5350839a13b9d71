//! A drawing as pixels.

use std::cell::Cell;
use std::sync::{Arc, OnceLock};

use resvg::tiny_skia::{IntSize, Pixmap, Transform};
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
    picture(svg, dpi).unwrap_or_default()
}

thread_local! {
    /// The memory of the last picture, some sixteen megabytes: to be given it anew for each takes as long as to draw in it.
    static PIXELS: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

fn picture(svg: &str, dpi: u32) -> Option<Vec<u8>> {
    let tree = tree(svg)?;
    let scale = dpi as f32 / UNITS_PER_INCH;
    let pixels = |units: f32| (units * scale).round().max(1.0) as u32;
    let size = IntSize::from_wh(pixels(tree.size().width()), pixels(tree.size().height()))?;
    let [width, height] = [size.width(), size.height()].map(|pixels| pixels as usize);
    let bytes = width.checked_mul(height)?.checked_mul(4)?;
    let mut white = PIXELS.take();
    white.clear();
    white.try_reserve_exact(bytes).ok()?;
    white.resize(bytes, u8::MAX);
    let mut pixmap = Pixmap::from_vec(white, size)?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    let mut pixels = pixmap.take();
    let encoded = encoded(without_alpha(&mut pixels), size, dpi);
    PIXELS.set(pixels);
    encoded
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

/// Red, green and blue alone, at the front of the same memory: everything lies on white, and there is nothing to see
/// through.
fn without_alpha(pixels: &mut [u8]) -> &[u8] {
    let count = pixels.len() / 4;
    for pixel in 0..count {
        let (from, to) = (4 * pixel, 3 * pixel);
        let [red, green, blue] = [pixels[from], pixels[from + 1], pixels[from + 2]];
        pixels[to..to + 3].copy_from_slice(&[red, green, blue]);
    }
    &pixels[..3 * count]
}

fn encoded(rgb: &[u8], size: IntSize, dpi: u32) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = ::png::Encoder::new(&mut bytes, size.width(), size.height());
    encoder.set_color(::png::ColorType::Rgb);
    encoder.set_depth(::png::BitDepth::Eight);
    encoder.set_compression(::png::Compression::Fast);
    let per_metre = (f64::from(dpi) / 0.0254).round() as u32;
    let unit = ::png::Unit::Meter;
    encoder.set_pixel_dims(Some(::png::PixelDimensions { xppu: per_metre, yppu: per_metre, unit }));
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(rgb).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}
