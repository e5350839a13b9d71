//! Words of a figure: measured, broken into lines, and cut where there is no room, never guessed.

use super::font::{Face, is_invisible};

/// The size of most text, in points.
pub(super) const TEXT: f64 = 7.0;

/// The size of what stands second, such as the numbers below a curve.
pub(super) const SMALL: f64 = 6.25;

/// From one baseline to the next, in sizes.
const LEADING: f64 = 1.2;

/// From the top of a line to its baseline, in sizes.
const BASELINE: f64 = 0.92;

/// A text in one line, parts of it in other faces.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Words(pub(super) Vec<(Face, String)>);

impl Words {
    pub(super) fn plain(text: &str) -> Self {
        Self::default().and(Face::Regular, text)
    }

    pub(super) fn bold(text: &str) -> Self {
        Self::default().and(Face::Bold, text)
    }

    pub(super) fn italic(text: &str) -> Self {
        Self::default().and(Face::Italic, text)
    }

    pub(super) fn and(mut self, face: Face, text: &str) -> Self {
        let text = cleaned(text);
        if !text.is_empty() {
            self.0.push((face, text));
        }
        self
    }

    pub(super) fn then(self, text: &str) -> Self {
        self.and(Face::Regular, text)
    }

    pub(super) fn join(mut self, between: &str, other: Self) -> Self {
        if !self.0.is_empty() && !other.0.is_empty() {
            self = self.then(between);
        }
        self.0.extend(other.0);
        self
    }

    pub(super) fn width(&self, size: f64) -> f64 {
        self.0.iter().map(|(face, text)| face.width(text, size)).sum()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text without its faces.
    pub(super) fn text(&self) -> String {
        self.0.iter().map(|(_, text)| text.as_str()).collect()
    }
}

impl From<&str> for Words {
    fn from(text: &str) -> Self {
        Self::plain(text)
    }
}

impl From<String> for Words {
    fn from(text: String) -> Self {
        Self::plain(&text)
    }
}

/// A text broken into lines.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lines {
    pub(super) lines: Vec<Words>,
    pub(super) size: f64,
    /// The whole text, where the lines do not hold it.
    pub(super) full: Option<String>,
}

impl Lines {
    pub(super) fn one(words: Words, size: f64) -> Self {
        Self { lines: vec![words], size, full: None }
    }

    /// The text in at most so many lines of that width; what is too long ends in an ellipsis.
    pub(super) fn wrapped(text: &str, face: Face, size: f64, width: f64, most: usize) -> Self {
        let text = cleaned(text);
        let (mut lines, whole) = broken(text.trim(), face, width / size, most.max(1));
        if !whole && let Some(last) = lines.last_mut() {
            *last = elided(last, face, width / size);
        }
        let lines = lines.iter().map(|line| Words::default().and(face, line)).collect();
        Self { lines, size, full: (!whole).then_some(text) }
    }

    pub(super) fn plain(text: &str, width: f64, most: usize) -> Self {
        Self::wrapped(text, Face::Regular, TEXT, width, most)
    }

    pub(super) fn width(&self) -> f64 {
        self.lines.iter().map(|line| line.width(self.size)).fold(0.0, f64::max)
    }

    pub(super) fn height(&self) -> f64 {
        self.lines.len() as f64 * line_height(self.size)
    }

    /// Where the baseline of each line lies below the top of the first.
    pub(super) fn baselines(&self) -> impl Iterator<Item = (f64, &Words)> {
        let (first, next) = (baseline(self.size), line_height(self.size));
        self.lines.iter().enumerate().map(move |(line, words)| (first + line as f64 * next, words))
    }
}

/// The height of a line.
pub(super) fn line_height(size: f64) -> f64 {
    LEADING * size
}

/// From the top of a line to its baseline.
pub(super) fn baseline(size: f64) -> f64 {
    BASELINE * size
}

/// From the baseline to the middle of a capital or a digit, by which text is centred on a mark.
pub(super) fn half_capital(size: f64) -> f64 {
    0.358 * size
}

/// One space for every run of white space; no control characters, and none that turns the direction of what follows.
pub(super) fn cleaned(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {}
            '\u{FFFE}' | '\u{FFFF}' => clean.push('\u{FFFD}'),
            ' ' => clean.push(' '),
            '\u{A0}' => clean.push('\u{A0}'),
            _ if character.is_whitespace() || character.is_control() => {
                if !clean.ends_with(' ') {
                    clean.push(' ');
                }
            }
            _ => clean.push(character),
        }
    }
    clean
}

/// Fills lines of `width` em; false when the text did not end with the last of them.
fn broken(text: &str, face: Face, width: f64, most: usize) -> (Vec<String>, bool) {
    let mut lines = vec![String::new()];
    let mut used = 0.0;
    for piece in pieces(text, face) {
        let wide = face.width(piece, 1.0);
        let bare = face.width(piece.trim_end(), 1.0);
        if used + bare <= width {
            push(&mut lines, piece);
            used += wide;
            continue;
        }
        // A word longer than a line goes on where it stands; any other begins the next one.
        let breaks: Vec<&str> = if bare <= width { vec![piece] } else { clusters(piece) };
        if bare <= width && used > 0.0 {
            if lines.len() == most {
                push(&mut lines, piece);
                return (lines, false);
            }
            lines.push(String::new());
            used = 0.0;
        }
        for cluster in breaks {
            let wide = face.width(cluster, 1.0);
            if used > 0.0 && used + face.width(cluster.trim_end(), 1.0) > width {
                if lines.len() == most {
                    push(&mut lines, cluster);
                    return (lines, false);
                }
                lines.push(String::new());
                used = 0.0;
            }
            push(&mut lines, cluster);
            used += wide;
        }
    }
    for line in &mut lines {
        line.truncate(line.trim_end().len());
    }
    (lines, true)
}

fn push(lines: &mut [String], piece: &str) {
    if let Some(line) = lines.last_mut() {
        line.push_str(piece);
    }
}

/// Where a line may end: after a space, a hyphen, a slash, and after every character that the face lacks, as Chinese
/// and Japanese do.
fn pieces(text: &str, face: Face) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let clusters = clusters(text);
    let mut end = 0;
    for cluster in clusters {
        end += cluster.len();
        let ideograph = cluster.chars().next().is_some_and(|first| !face.has(first) && !is_invisible(first));
        if ideograph || matches!(cluster, " " | "-" | "/" | "–") {
            pieces.push(&text[start..end]);
            start = end;
        }
    }
    if start < end {
        pieces.push(&text[start..end]);
    }
    pieces
}

/// Characters with what belongs to them: accents, skin tones, and what a joiner joins.
fn clusters(text: &str) -> Vec<&str> {
    let mut clusters = Vec::new();
    let (mut start, mut joined) = (0, true);
    for (at, character) in text.char_indices() {
        let belongs = is_invisible(character)
            || matches!(character, '\u{300}'..='\u{36F}' | '\u{20D0}'..='\u{20FF}' | '\u{1F3FB}'..='\u{1F3FF}');
        if !belongs && !joined {
            clusters.push(&text[start..at]);
            start = at;
        }
        joined = character == '\u{200D}';
    }
    if start < text.len() {
        clusters.push(&text[start..]);
    }
    clusters
}

/// As much of the line as leaves room for an ellipsis.
fn elided(line: &str, face: Face, width: f64) -> String {
    let room = width - face.width("…", 1.0);
    let (mut kept, mut used) = (String::new(), 0.0);
    for cluster in clusters(line) {
        used += face.width(cluster, 1.0);
        if used > room {
            break;
        }
        kept.push_str(cluster);
    }
    kept.truncate(kept.trim_end().len());
    kept + "…"
}
