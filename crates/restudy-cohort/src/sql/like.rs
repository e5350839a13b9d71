//! The patterns of `LIKE`.

/// Whether a text has the form of a pattern, in which `%` stands for any characters and `_` for one.
pub(super) fn like(text: &str, pattern: &str) -> bool {
    let (text, pattern): (Vec<char>, Vec<char>) = (text.chars().collect(), pattern.chars().collect());
    let (mut t, mut p) = (0, 0);
    // Where the last `%` stands, and how far the text had been read for it: what is gone back to.
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match (pattern.get(p), star) {
            (Some('%'), _) => {
                star = Some((p, t));
                p += 1;
            }
            (Some(c), _) if *c == '_' || *c == text[t] => {
                t += 1;
                p += 1;
            }
            (_, Some((star_p, star_t))) => {
                star = Some((star_p, star_t + 1));
                t = star_t + 1;
                p = star_p + 1;
            }
            (_, None) => return false,
        }
    }
    pattern.iter().skip(p).all(|c| *c == '%')
}
