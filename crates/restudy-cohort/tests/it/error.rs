//! What errors say, once each.

use restudy_cohort::CohortError;

use crate::support::table;

/// A message is a sentence without a full stop, and so is a hint; neither shows a cell.
#[test]
fn messages_read_like_sentences() {
    let book = "[columns.x]\nkind = 'continuous'";
    let secret = "Bloggs";
    for given in [
        table(""),
        table("a,b\n"),
        table("a,a\n1,2\n"),
        table("a,\n1,2\n"),
        table(format!("a,b\n{secret}\n")),
        table(format!("a,b\n1,\"{secret}\n")),
        table(format!("a,b\n1,{secret}\0\n")),
        table([b"a,b\n1,", secret.as_bytes(), b"\xFF"].concat()),
        table(format!("x\n{secret}\n")).codebook(book),
        table(format!("x\n{secret}\n")).codebook("[columns.x]\nkind = 'time'"),
        table(format!("x\n{secret}\n")).codebook("[columns.x]\nkind = 'date'"),
        table(format!("x\n{secret}\n")).codebook("[columns.x]\nkind = 'ordinal'"),
        table(format!("x\n1\n2\n{secret}\n")).codebook("[columns.x]\nkind = 'binary'"),
        table(format!("x\n{secret}\n")).codebook("[columns.x]\nlevels = ['a', 'b']"),
        table(format!("x\n{secret}\n")).codebook("[columns.x]\nevent = 1\ncensored = 0"),
        table(format!("x\n{secret}\nz\nw\n")).keep("x = 1"),
        table(format!("x\n{secret}\nz\nw\n")).keep("x > 'a'"),
        table(format!("x\n{secret}\nz\nw\n")).keep("y > 1"),
        table(format!("x\n{secret}\nz\nw\n")).derive("n", "CAST(x AS DOUBLE)"),
    ] {
        let error = given.error();
        let hint = error.hint().unwrap_or_default();
        for text in [error.to_string(), hint] {
            assert!(!text.ends_with('.') || text.ends_with("..."), "{text}");
            assert!(!text.contains("  ") && !text.contains(secret), "{text}");
        }
        assert!(!format!("{error:?}").contains(secret), "{error:?}");
    }
}

#[test]
fn errors_travel() {
    fn travels<T: std::error::Error + Clone + Send + Sync + 'static>() {}
    travels::<CohortError>();
}
