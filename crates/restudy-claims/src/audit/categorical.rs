//! p-values of counts: which test gave them, and by what rule it was chosen.

use restudy_ledger::{Bound, Derived};
use restudy_stats::Level;
use restudy_stats::hypothesis::{
    ChiSquare, Correction, CountTable, FisherExact, FisherFreemanHalton, FisherRule, TableNullChoice, expected_counts,
    smallest_expected,
};

use super::adjusted::Recomputed;
use super::desk::{Desk, Ruling};
use super::inference::{self, Candidate};
use super::range::{Fit, Range};
use super::{say, table as rows};
use crate::printed::{Content, Printed};
use crate::record::{ClaimIndex, NamedTest, Row, Table};

/// A test of counts, as a program prints it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Test {
    Pearson,
    Yates,
    Fisher,
    FisherDoubled,
}

impl Test {
    const ALL: [Self; 4] = [Self::Pearson, Self::Yates, Self::Fisher, Self::FisherDoubled];

    fn name(self) -> &'static str {
        match self {
            Self::Pearson => "Pearson's chi-square without correction",
            Self::Yates => "chi-square with Yates's correction",
            Self::Fisher => "Fisher's exact test",
            Self::FisherDoubled => "Fisher's exact test, the smaller tail doubled",
        }
    }

    /// The family that a paper would name.
    fn family(self) -> NamedTest {
        match self {
            Self::Pearson | Self::Yates => NamedTest::ChiSquare,
            Self::Fisher | Self::FisherDoubled => NamedTest::FisherExact,
        }
    }

    fn p(self, table: &CountTable) -> Option<f64> {
        let two_by_two = (table.rows(), table.columns()) == (2, 2);
        let chi_square = |correction| ChiSquare { correction }.run_on_counts(table);
        let fisher = |two_sided| FisherExact { two_sided, ..FisherExact::default() }.run_on_counts(table);
        let result = match (self, two_by_two) {
            (Self::Pearson, _) => chi_square(Correction::None),
            (Self::Yates, true) => chi_square(Correction::Yates),
            (Self::Fisher, true) => fisher(FisherRule::NoLikelier),
            (Self::FisherDoubled, true) => fisher(FisherRule::Doubled),
            (Self::Fisher, false) => LARGER_FISHER.run_on_counts(table),
            // A larger table has no corrected chi-square and no smaller tail.
            (Self::Yates | Self::FisherDoubled, false) => return None,
        };
        result.ok().map(|result| result.p_value)
    }

    /// The test that a program gives in its place for a table larger than 2×2.
    fn of_larger_table(self) -> Self {
        match self {
            Self::Pearson | Self::Yates => Self::Pearson,
            Self::Fisher | Self::FisherDoubled => Self::Fisher,
        }
    }
}

/// Fisher's test of a table larger than 2×2: exact within some tens of milliseconds, or not at all.
const LARGER_FISHER: FisherFreemanHalton = FisherFreemanHalton {
    null: TableNullChoice::Exact,
    steps: 1 << 22,
    samples: 0,
    seed: 0,
    level: Level::NINETY_FIVE,
};

/// A row of counts with a printed p-value.
struct CountRow {
    claim: ClaimIndex,
    /// The claims of its cells.
    cells: Vec<ClaimIndex>,
    /// The test that the paper names for it.
    named: Option<NamedTest>,
    printed: Printed,
    /// "7/21 and 4/40".
    shown: String,
    smallest_expected: f64,
    smallest_observed: u64,
    /// How many of the expected counts are below 5, as a share.
    small_cells: f64,
    two_by_two: bool,
    /// What each test gives, in the order of [`Test::ALL`].
    p: [Option<f64>; 4],
}

impl CountRow {
    fn p(&self, test: Test) -> Option<f64> {
        Test::ALL.iter().zip(self.p).find_map(|(candidate, p)| if *candidate == test { p } else { None })
    }

    fn fits(&self, test: Test) -> bool {
        self.p(test).is_some_and(|p| Range::point(p).fit(self.printed) != Fit::Never)
    }
}

/// How a test may have been chosen, row by row.
struct Rule {
    name: &'static str,
    choose: fn(&CountRow) -> Test,
}

impl Rule {
    fn test_of(&self, row: &CountRow) -> Test {
        let test = (self.choose)(row);
        if row.two_by_two { test } else { test.of_larger_table() }
    }
}

/// The rules in use, the plainest first.
const RULES: [Rule; 10] = [
    Rule { name: "Pearson's chi-square without correction on every row", choose: |_| Test::Pearson },
    Rule { name: "Fisher's exact test on every row", choose: |_| Test::Fisher },
    Rule { name: "chi-square with Yates's correction on every row", choose: |_| Test::Yates },
    Rule {
        name: "Pearson's chi-square without correction where the smallest expected count is at least 5, else Fisher's \
               exact test",
        choose: |row| if row.smallest_expected >= 5.0 { Test::Pearson } else { Test::Fisher },
    },
    Rule {
        name: "Pearson's chi-square without correction where at most a fifth of the expected counts are below 5 and \
               none is below 1 (Cochran), else Fisher's exact test",
        choose: |row| {
            if row.small_cells <= 0.2 && row.smallest_expected >= 1.0 { Test::Pearson } else { Test::Fisher }
        },
    },
    Rule {
        name: "chi-square with Yates's correction where the smallest expected count is at least 5, else Fisher's exact \
               test",
        choose: |row| if row.smallest_expected >= 5.0 { Test::Yates } else { Test::Fisher },
    },
    Rule {
        name: "Pearson's chi-square without correction where every observed count is at least 5, else Fisher's exact \
               test",
        choose: |row| if row.smallest_observed >= 5 { Test::Pearson } else { Test::Fisher },
    },
    Rule {
        name: "Pearson's chi-square without correction where the smallest expected count is at least 5, with Yates's \
               correction where it is at least 1, else Fisher's exact test",
        choose: |row| match row.smallest_expected {
            expected if expected >= 5.0 => Test::Pearson,
            expected if expected >= 1.0 => Test::Yates,
            _ => Test::Fisher,
        },
    },
    Rule {
        name: "Pearson's chi-square without correction where the smallest expected count is at least 5, else Fisher's \
               exact test with the smaller tail doubled",
        choose: |row| if row.smallest_expected >= 5.0 { Test::Pearson } else { Test::FisherDoubled },
    },
    Rule { name: "Fisher's exact test with the smaller tail doubled on every row", choose: |_| Test::FisherDoubled },
];

/// Judges the p-values of the table's counts; returns what they are, unrounded.
pub(super) fn audit(desk: &mut Desk<'_>, table: &Table) -> Vec<Recomputed> {
    for row in &table.rows {
        judge_untestable(desk, row);
        derive_odds_ratio(desk, table, row);
    }
    let rows: Vec<CountRow> = table.rows.iter().filter_map(|row| count_row(desk, row)).collect();
    // Where Fisher's test is out of reach a rule may have chosen what cannot be tried.
    let bearing: Vec<&CountRow> = rows.iter().filter(|row| row.p(Test::Fisher).is_some()).collect();
    let claims: Vec<String> = bearing.iter().map(|row| desk.id(row.claim).to_owned()).collect();
    let mut chosen = &RULES[0];
    if !claims.is_empty() {
        let candidates: Vec<Candidate> = RULES
            .iter()
            .map(|rule| Candidate {
                name: rule.name.to_owned(),
                explains: bearing.iter().map(|row| row.fits(rule.test_of(row))).collect(),
            })
            .collect();
        let question = format!("{}: how the test of a row of counts was chosen", table.label);
        let (mut finding, best) =
            inference::infer(&question, &claims, &candidates, ("p-value of counts", "p-values of counts"));
        chosen = &RULES[best];
        if let Some(threshold) = threshold(desk, &bearing).filter(|_| !finding.explained_by.is_empty()) {
            finding.finding = format!("{} {threshold}", finding.finding);
        }
        desk.find(finding);
    }
    rows.iter()
        .map(|row| match row.named {
            Some(named) => judge(desk, row, chosen, &[named]),
            None => judge(desk, row, chosen, &table.tests.counts),
        })
        .collect()
}

fn count_row(desk: &Desk<'_>, row: &Row) -> Option<CountRow> {
    let claim = row.p?;
    let Content::PValue(Some(printed)) = desk.content(claim) else { return None };
    let table = rows::count_table(desk, row)?;
    let smallest = smallest_expected(&table).ok()?;
    let expected = expected_counts(&table).ok()?;
    let small = expected.iter().filter(|expected| **expected < 5.0).count();
    Some(CountRow {
        claim,
        named: row.test,
        cells: rows::compared(desk, row).iter().map(|cell| cell.claim).collect(),
        printed: *printed,
        shown: shown(&table),
        smallest_expected: smallest,
        smallest_observed: table.cells().iter().copied().min()?,
        small_cells: small as f64 / expected.len() as f64,
        two_by_two: (table.rows(), table.columns()) == (2, 2),
        p: Test::ALL.map(|test| test.p(&table)),
    })
}

/// The counts of a table in words: shares of each group where there are two categories.
fn shown(table: &CountTable) -> String {
    let groups: Vec<String> = table
        .cells()
        .chunks(table.columns())
        .map(|cells| match cells {
            [with, without] => format!("{with}/{}", with + without),
            several => several.iter().map(u64::to_string).collect::<Vec<_>>().join(":"),
        })
        .collect();
    say::list(&groups)
}

fn judge(desk: &mut Desk<'_>, row: &CountRow, rule: &Rule, declared: &[NamedTest]) -> Recomputed {
    let by_rule = rule.test_of(row);
    let gives = |test: Test, p: f64| {
        let expected = say::decimals(row.smallest_expected, 2);
        format!("{} on {} gives {} (smallest expected count {expected})", test.name(), row.shown, say::number(p))
    };
    let matching = Test::ALL.into_iter().find(|test| row.fits(*test));
    let (ruling, p) = match (row.fits(by_rule), matching) {
        (true, _) => {
            let p = row.p(by_rule);
            (p.map_or_else(|| Ruling::reproduced(""), |p| Ruling::reproduced(gives(by_rule, p))), p)
        }
        (false, Some(test)) => {
            let p = row.p(test);
            let how = p.map(|p| gives(test, p)).unwrap_or_default();
            (
                Ruling::consistent(format!(
                    "{how}; the rule that explains most rows would have chosen {}",
                    by_rule.name()
                )),
                p,
            )
        }
        (false, None) => (unmatched(desk, row, by_rule, declared), row.p(by_rule)),
    };
    let ruling = match p {
        Some(p) => ruling.giving(say::number(p), Range::point(p)),
        None => ruling,
    };
    desk.rule(row.claim, ruling.using(&row.cells));
    let unrounded = if matching.is_some() || row.fits(by_rule) { p.map(Range::point) } else { None };
    Recomputed { claim: row.claim, unrounded }
}

/// The ruling on a p-value that no test of the counts gives.
fn unmatched(desk: &mut Desk<'_>, row: &CountRow, by_rule: Test, declared: &[NamedTest]) -> Ruling {
    let tried: Vec<(Test, f64)> = Test::ALL.into_iter().filter_map(|test| Some((test, row.p(test)?))).collect();
    let each: Vec<String> = tried.iter().map(|(test, p)| format!("{} {}", test.name(), say::number(*p))).collect();
    let how = format!("on {}: {}", row.shown, say::list(&each));
    // Every test that the paper names must have been tried in each of its variants.
    let all_tried =
        !declared.is_empty() && declared.iter().all(|named| tried.iter().any(|(test, _)| test.family() == *named));
    if !all_tried {
        return Ruling::not_recomputable(format!("{how}; the paper may have used another test"));
    }
    let sentence = format!(
        "{} is {}, but none of the tests that the paper names gives it for {}: {}.",
        desk.place(row.claim),
        row.printed,
        row.shown,
        say::list(&each)
    );
    let repair = row.p(by_rule).map(|p| format!("print {}", Range::point(p).middle_printed(row.printed)));
    desk.conflict(&[row.cells.as_slice(), &[row.claim]].concat(), sentence, repair);
    Ruling::impossible(how)
}

/// Where the line between chi-square and Fisher may lie, from the rows that only one of them explains.
fn threshold(desk: &Desk<'_>, rows: &[&CountRow]) -> Option<String> {
    let only = |test: Test, other: Test| move |row: &&&CountRow| row.fits(test) && !row.fits(other);
    let by_expected =
        |first: &&&CountRow, second: &&&CountRow| first.smallest_expected.total_cmp(&second.smallest_expected);
    let fisher = rows.iter().filter(only(Test::Fisher, Test::Pearson)).max_by(by_expected)?;
    let pearson = rows.iter().filter(only(Test::Pearson, Test::Fisher)).min_by(by_expected)?;
    (fisher.smallest_expected < pearson.smallest_expected).then(|| {
        format!(
            "A line at any smallest expected count above {} ({}) and up to {} ({}) would have chosen the same tests.",
            say::decimals(fisher.smallest_expected, 2),
            desk.id(fisher.claim),
            say::decimals(pearson.smallest_expected, 2),
            desk.id(pearson.claim)
        )
    })
}

/// A row in which nobody, or everybody, has the property: there is nothing to test.
fn judge_untestable(desk: &mut Desk<'_>, row: &Row) {
    let (Some(claim), Some(table)) = (row.p, rows::count_table(desk, row)) else { return };
    let empty = table.column_totals().contains(&0) || table.row_totals().contains(&0);
    if table.rows() < 2 || !empty {
        return;
    }
    let Content::PValue(printed) = desk.content(claim) else { return };
    let ruling = match printed {
        None => Ruling::reproduced(format!("no test compares {}: one category is empty", shown(&table))),
        // R's fisher.test answers 1 here.
        Some(printed) if Range::point(1.0).fit(*printed) != Fit::Never => {
            Ruling::consistent(format!("no test compares {}; some programs answer 1", shown(&table)))
        }
        Some(printed) => {
            let sentence = format!("{} is {printed}, but no test compares {}.", desk.place(claim), shown(&table));
            desk.conflict(&[claim], sentence, Some("print NA".to_owned()));
            Ruling::impossible(format!("no test compares {}: one category is empty", shown(&table)))
        }
    };
    desk.rule(claim, ruling);
}

/// The odds ratio that a 2×2 row implies and does not print.
fn derive_odds_ratio(desk: &mut Desk<'_>, table: &Table, row: &Row) {
    let Some(counts) = rows::count_table(desk, row) else { return };
    let groups = rows::compared(desk, row);
    let ([first, second], false) = (groups.as_slice(), counts.cells().contains(&0)) else { return };
    let Some(estimate) = FisherExact::default().run_on_counts(&counts).ok().and_then(|result| result.estimate) else {
        return;
    };
    let against = format!("{} against {}", desk.group(first.group).label, desk.group(second.group).label);
    let what = row.levels.first().map_or_else(|| row.label.clone(), |level| format!("{}, {level}", row.label));
    desk.derive(Derived {
        id: format!("{}.{}.odds_ratio", table.id, row.id),
        label: format!("{what}: odds ratio, {against}"),
        value: estimate.value,
        bound: Bound::Exact,
        conf_low: estimate.interval.map(|interval| interval.low),
        conf_high: estimate.interval.map(|interval| interval.high),
        how: format!("Conditional maximum likelihood on {}, with Cornfield's exact 95% interval", shown(&counts)),
    });
}
