//! The page in a real browser: Chromium without a screen, where there is one.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

use crate::commands::{restudy, root, text};

/// A phone and a desk, in CSS pixels.
const WIDTHS: [u32; 2] = [390, 1280];

/// A page with the report in frames of those widths, which writes down what it finds in them.
///
/// A window of a browser has a least width; a frame has none.
fn observer() -> String {
    let frame = |width: &u32| format!("<iframe src=\"index.html\" width=\"{width}\" height=\"900\"></iframe>");
    let frames: String = WIDTHS.iter().map(frame).collect();
    format!(
        r#"<!doctype html><meta charset="utf-8"><title>Observer</title>{frames}<pre id="found"></pre><script>
addEventListener("load", () => {{
  const found = Array.from(document.querySelectorAll("iframe"), frame => {{
    const page = frame.contentDocument, view = frame.contentWindow;
    return {{
      width: view.innerWidth,
      needed: page.documentElement.scrollWidth,
      tables: page.querySelectorAll("table").length,
      figures: Array.from(page.querySelectorAll("figure svg, figure img"), one => one.getBoundingClientRect().width),
      fetched: view.performance.getEntriesByType("resource").map(one => one.name).filter(name => !name.startsWith("data:")),
    }};
  }});
  document.getElementById("found").textContent = JSON.stringify(found);
}});
</script>"#
    )
}

/// The browser, by the names that systems give it.
fn chromium() -> Option<&'static str> {
    let answers =
        |name: &&str| Command::new(name).arg("--version").output().is_ok_and(|output| output.status.success());
    ["chromium", "chromium-browser", "google-chrome"].into_iter().find(answers)
}

/// What the browser makes of a page, with no way to any other machine.
fn opened(browser: &str, page: &Path, profile: &Path) -> Output {
    Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"])
        .args(["--disable-background-networking", "--allow-file-access-from-files", "--enable-logging=stderr"])
        .arg("--host-resolver-rules=MAP * ~NOTFOUND")
        .arg(format!("--user-data-dir={}", profile.display()))
        .args(["--window-size=1400,1000", "--virtual-time-budget=20000", "--dump-dom"])
        .arg(format!("file://{}", page.display()))
        .output()
        .expect("the browser runs")
}

/// Addresses that the page would fetch by itself; those that a reader may follow are none.
fn fetched(page: &str) -> Vec<&str> {
    let starts = [" src=\"", " srcset=\"", "<link ", "@import", "url(", " xlink:href=\"", "<script src"];
    let targets = starts.into_iter().flat_map(|start| page.split(start).skip(1));
    let within = |target: &&str| {
        let target = target.trim_start_matches(['"', '\'']);
        target.starts_with("data:") || target.starts_with('#')
    };
    targets
        .filter(|target| !within(target))
        .map(|target| target.split(['"', '>', ')']).next().unwrap_or(target))
        .collect()
}

fn report(folder: &Path, study: &str) -> PathBuf {
    let study = root().join(study);
    let output = restudy(folder, &["run", study.to_str().unwrap(), "--out", "report"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    folder.join("report")
}

#[test]
fn the_page_stands_on_a_phone_and_on_a_desk_and_fetches_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let report = report(folder.path(), "reports/lung/study.toml");
    let page = fs::read_to_string(report.join("index.html")).unwrap();
    assert_eq!(fetched(&page), Vec::<&str>::new());

    let Some(browser) = chromium() else {
        println!("skipped: no Chromium is installed, so the page was read but not rendered");
        return;
    };
    fs::write(report.join("observer.html"), observer()).unwrap();
    let output = opened(browser, &report.join("observer.html"), &folder.path().join("profile"));
    let log = text(&output.stderr);
    let complaints: Vec<&str> = log.lines().filter(|line| line.contains(":CONSOLE")).collect();
    assert_eq!(complaints, Vec::<&str>::new());

    let dom = text(&output.stdout);
    let found = dom.split("<pre id=\"found\">").nth(1).and_then(|rest| rest.split("</pre>").next());
    let found: Vec<Value> = serde_json::from_str(found.unwrap_or_default())
        .unwrap_or_else(|error| panic!("the browser's findings cannot be read, {error}: {log}"));
    assert_eq!(found.len(), WIDTHS.len());
    for (view, width) in found.iter().zip(WIDTHS) {
        assert_eq!(view["width"], width);
        assert!(view["needed"].as_u64().unwrap() <= u64::from(width), "the page scrolls sideways: {view}");
        assert_eq!(view["fetched"].as_array().unwrap().len(), 0, "{view}");
        assert!(view["tables"].as_u64().unwrap() > 0, "{view}");
        let figures = view["figures"].as_array().unwrap();
        assert!(!figures.is_empty(), "{view}");
        assert!(figures.iter().all(|drawn| drawn.as_f64().is_some_and(|drawn| drawn > 200.0)), "{view}");
    }
}
