//! The certificate of a synthetic cohort, and what a paper leaves open.

use maud::html;
use restudy_ledger::{ClaimCheck, ClaimChecks, Ensemble};

use crate::render::{document, escape_markdown as escape};

/// What every page about a made cohort says first.
const SYNTHETIC: &str = "These data are synthetic: no row is a patient. The cohort was made so that its statistics print \
                         as the numbers of a paper do; it is one of many that fit, and says nothing of any person.";

/// The three parts of a certificate: what was found, and its heading.
const PARTS: [(Option<bool>, &str); 3] =
    [(Some(false), "Not held"), (Some(true), "Held"), (None, "Not about the patients' values")];

/// The certificate of a synthetic cohort as a Markdown page: `paper` is its title.
#[must_use]
pub fn certificate_markdown(checks: &ClaimChecks, paper: &str, seed: u64, attempt: u64) -> String {
    format!(
        "# Certificate of a synthetic cohort\n\n**{SYNTHETIC}**\n\n- Paper: {} ({})\n- Seed {seed}, attempt \
         {attempt}\n- {}\n\nEvery number was computed from the text of the table after it was written, by statistics \
         that share nothing with the search.\n{}",
        escape(paper),
        escape(&checks.paper),
        counted(checks),
        tables(checks)
    )
}

/// What a folder of synthetic cohorts says of itself first, as a Markdown page: `paper` is the title of the paper.
#[must_use]
pub fn reconstruction_readme(paper: &str, several: bool) -> String {
    let (heading, files) = if several {
        (
            "Synthetic cohorts: no row is a patient",
            "- `cohort-01.csv`, …: the tables; `codebook.toml`: their columns\n\
             - `certificate-01.md`, `claims-01.json`, …: each claim of the paper against its table\n\
             - `ensemble.md`, `ensemble.html`, `ensemble.json`: what the paper's numbers do not pin down\n",
        )
    } else {
        (
            "A synthetic cohort: no row is a patient",
            "- `cohort.csv`: the table; `codebook.toml`: its columns\n\
             - `certificate.md`, `claims.json`: each claim of the paper against the table\n",
        )
    };
    format!("# {heading}\n\n**{SYNTHETIC}**\n\nPaper: {}\n\n{files}", escape(paper))
}

/// What the numbers of a paper leave open, as a Markdown page.
#[must_use]
pub fn ensemble_markdown(ensemble: &Ensemble) -> String {
    let mut text = format!(
        "# What the numbers of {} do not pin down\n\n**{SYNTHETIC}**\n\n{}\n",
        escape(&ensemble.paper),
        explained(ensemble)
    );
    let mut part = "";
    for spread in &ensemble.spreads {
        if spread.part != part {
            part = &spread.part;
            text.push_str(&format!(
                "\n## {}\n\n| Statistic | Smallest | Median | Largest | Cohorts |\n| :--- | ---: | ---: | ---: | ---: |\n",
                escape(part)
            ));
        }
        text.push_str(&format!(
            "| {} | {} | {} | {} | {} |\n",
            escape(&spread.statistic),
            digits(spread.low),
            digits(spread.median),
            digits(spread.high),
            spread.cohorts
        ));
    }
    text
}

/// The same as a page of HTML.
#[must_use]
pub fn ensemble_html(ensemble: &Ensemble) -> String {
    let title = format!("What the numbers of {} do not pin down", ensemble.paper);
    let mut parts: Vec<&str> = ensemble.spreads.iter().map(|spread| spread.part.as_str()).collect();
    parts.dedup();
    let body = html! {
        h1 { (title) }
        p { strong { (SYNTHETIC) } }
        p { (explained(ensemble)) }
        @for part in parts {
            h2 { (part) }
            table {
                thead { tr { th { "Statistic" } th { "Smallest" } th { "Median" } th { "Largest" } th { "Cohorts" } } }
                tbody {
                    @for spread in ensemble.spreads.iter().filter(|spread| spread.part == part) {
                        tr {
                            td { (spread.statistic) }
                            td { (digits(spread.low)) }
                            td { (digits(spread.median)) }
                            td { (digits(spread.high)) }
                            td { (spread.cohorts) }
                        }
                    }
                }
            }
        }
    };
    document(&title, &body)
}

fn explained(ensemble: &Ensemble) -> String {
    format!(
        "{} cohorts, each of which meets every number of the paper that can be met, and each led towards correlations of \
         its own, drawn by chance, as far as those numbers let it. A statistic that the paper does not \
         print may take any value of its row, and others beside: the range is what the cohorts found show, not a bound.",
        ensemble.seeds.len()
    )
}

fn counted(checks: &ClaimChecks) -> String {
    let (held, not_held, untold) = checks.counts();
    format!(
        "{} claims: {held} held, {not_held} not held, {untold} not about the patients' values.",
        checks.claims.len()
    )
}

fn of(checks: &ClaimChecks, held: Option<bool>) -> Vec<&ClaimCheck> {
    checks.claims.iter().filter(|claim| claim.held == held).collect()
}

fn tables(checks: &ClaimChecks) -> String {
    let mut text = String::new();
    for (held, heading) in PARTS {
        let claims = of(checks, held);
        if claims.is_empty() {
            continue;
        }
        let why = held != Some(true);
        text.push_str(&format!("\n## {heading}\n\n| Claim | Where | Printed | Obtained |"));
        text.push_str(if why { " Why |\n" } else { "\n" });
        text.push_str("| :--- | :--- | :--- | :--- |");
        text.push_str(if why { " :--- |\n" } else { "\n" });
        for claim in claims {
            let obtained = claim.obtained.as_deref().unwrap_or("–");
            let cells = [&claim.place, &claim.printed].map(|cell| escape(cell));
            text.push_str(&format!("| `{}` | {} | {} | {} |", claim.id, cells[0], cells[1], escape(obtained)));
            if why {
                text.push_str(&format!(" {} |", escape(claim.reason.as_deref().unwrap_or_default())));
            }
            text.push('\n');
        }
    }
    text
}

/// Three significant digits.
fn digits(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(1e-4..1e6).contains(&size) {
        return format!("{value:.2e}");
    }
    let decimals = if size >= 100.0 {
        0
    } else if size >= 10.0 {
        1
    } else if size >= 1.0 {
        2
    } else {
        3
    };
    format!("{value:.decimals$}")
}
