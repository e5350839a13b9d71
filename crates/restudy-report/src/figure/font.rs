//! The faces that figures are set in, and how wide their characters are.
//!
//! The faces have Arial's widths and no kerning, so that a text measured here is as wide in a browser, in a PNG, in a
//! PDF and, where the faces are not at hand, in Arial or Helvetica.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use skrifa::MetadataProvider as _;
use skrifa::instance::{LocationRef, Size};

/// The family by which the faces are known.
pub(super) const FAMILY: &str = "Restudy Sans";

/// The family with those that stand in for it, of the same widths.
pub(super) const FAMILIES: &str = "'Restudy Sans', Arial, Helvetica, 'Liberation Sans', Arimo, sans-serif";

/// One of the faces.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Face {
    Regular,
    Bold,
    Italic,
}

impl Face {
    pub(super) const ALL: [Self; 3] = [Self::Regular, Self::Bold, Self::Italic];

    /// The face as a TrueType font.
    pub(super) fn truetype(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../fonts/RestudySans-Regular.ttf"),
            Self::Bold => include_bytes!("../../fonts/RestudySans-Bold.ttf"),
            Self::Italic => include_bytes!("../../fonts/RestudySans-Italic.ttf"),
        }
    }

    fn woff2(self) -> &'static [u8] {
        match self {
            Self::Regular => include_bytes!("../../fonts/RestudySans-Regular.woff2"),
            Self::Bold => include_bytes!("../../fonts/RestudySans-Bold.woff2"),
            Self::Italic => include_bytes!("../../fonts/RestudySans-Italic.woff2"),
        }
    }

    /// The face as a rule of a style sheet, the font within it.
    pub(super) fn style_rule(self) -> &'static str {
        static RULES: OnceLock<[String; 3]> = OnceLock::new();
        let rules = RULES.get_or_init(|| {
            Self::ALL.map(|face| {
                let (weight, style) = match face {
                    Self::Regular => (400, "normal"),
                    Self::Bold => (700, "normal"),
                    Self::Italic => (400, "italic"),
                };
                let font = STANDARD.encode(face.woff2());
                format!(
                    "@font-face{{font-family:'{FAMILY}';font-weight:{weight};font-style:{style};\
                     src:url(data:font/woff2;base64,{font}) format('woff2')}}"
                )
            })
        });
        &rules[self as usize]
    }

    /// Whether the face has that character.
    pub(super) fn has(self, character: char) -> bool {
        self.advances().contains_key(&character)
    }

    /// The widths of its characters, in em.
    fn advances(self) -> &'static BTreeMap<char, f64> {
        static ADVANCES: OnceLock<[BTreeMap<char, f64>; 3]> = OnceLock::new();
        &ADVANCES.get_or_init(|| Self::ALL.map(|face| read_advances(face.truetype())))[self as usize]
    }

    fn advance(self, character: char) -> f64 {
        match self.advances().get(&character) {
            Some(width) => *width,
            None if is_invisible(character) => 0.0,
            // What the face lacks is drawn as a box in an em, or by the reader's own font.
            None => 1.0,
        }
    }

    /// The width of a text of that size.
    pub(super) fn width(self, text: &str, size: f64) -> f64 {
        text.chars().map(|character| self.advance(character)).sum::<f64>() * size
    }
}

fn read_advances(font: &[u8]) -> BTreeMap<char, f64> {
    // The fonts are part of the program and a test measures each of them; one that cannot be read has no characters.
    let Ok(font) = skrifa::FontRef::new(font) else { return BTreeMap::new() };
    let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
    let characters = font.charmap().mappings();
    let width = |glyph| metrics.advance_width(glyph).map(f64::from);
    characters.filter_map(|(code, glyph)| Some((char::from_u32(code)?, width(glyph)?))).collect()
}

/// Characters that only change their neighbours: joiners, variation selectors, marks of direction.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(character,
        '\u{AD}' | '\u{34F}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{E0000}'..='\u{E0FFF}')
}
