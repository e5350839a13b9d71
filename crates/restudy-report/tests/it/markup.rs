//! A small reader of HTML, to check what the pages are made of.

const VOID: [&str; 4] = ["meta", "input", "br", "hr"];

/// The names of the open tags, in order. Panics where tags do not nest.
pub(crate) fn tags(html: &str) -> Vec<String> {
    let mut seen = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let end = start + rest[start..].find('>').expect("a tag ends");
        let tag = &rest[start + 1..end];
        rest = &rest[end + 1..];
        if tag.starts_with('!') {
            continue;
        }
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "tags nest");
            continue;
        }
        let name = tag.split(' ').next().unwrap_or_default().to_owned();
        assert!(name.chars().all(|character| character.is_ascii_alphanumeric()), "a raw < in the text: <{tag}>");
        if name == "style" {
            rest = &rest[rest.find("</style>").expect("the style ends") + 8..];
        } else if !VOID.contains(&name.as_str()) {
            open.push(name.clone());
        }
        seen.push(name);
    }
    assert!(open.is_empty(), "still open: {open:?}");
    seen
}

/// Nothing is fetched and nothing runs.
pub(crate) fn assert_self_contained(html: &str) {
    for word in ["src=", "@import", "url(", "<script", "<link", "http:", "https:", "onclick"] {
        assert!(!html.contains(word), "{word}");
    }
    let links = html.matches("href=").count();
    assert_eq!(links, html.matches("href=\"#").count(), "links stay on the page");
    assert!(html.starts_with("<!DOCTYPE html>"));
    assert!(html.contains("<meta charset=\"utf-8\">"));
    assert!(html.contains("name=\"viewport\""));
}
