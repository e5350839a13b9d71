//! Which test is made, and why.

use restudy_ledger::SummaryKind;
use restudy_stats::hypothesis::{
    Anova, ChiSquare, Correction, CountTable, FisherExact, FisherFreemanHalton, FisherRule, GroupRankNullChoice,
    KruskalWallis, MannWhitney, Procedure, RankNullChoice, Remark, StudentT, TableNullChoice, TestResult, WelchAnova,
    WelchT, smallest_expected,
};
use restudy_stats::{Level, TestError};

use super::ByGroup;
use crate::conventions::Conventions;

/// The rule by which a row's test is chosen, once its data are seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestRule {
    /// No test.
    NotTested,
    /// Student's t with the pooled variance.
    StudentT,
    /// Welch's t.
    WelchT,
    /// Mann–Whitney, its null distribution by a rule.
    MannWhitney(NullRule),
    /// One-way analysis of variance.
    Anova,
    /// Welch's analysis of variance.
    WelchAnova,
    /// Kruskal–Wallis.
    KruskalWallis(GroupRankNullChoice),
    /// Chi-square while every expected count is at least 5, else Fisher's exact test.
    ChiSquareOrFisher,
    /// Chi-square, with the correction that the conventions name.
    ChiSquare(Correction),
    /// Fisher's exact test; Freeman and Halton's of a table larger than 2×2.
    Fisher,
}

/// The rule for the null distribution of a rank test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NullRule {
    /// Exact, given the ties, up to 100 patients; else normal.
    ExactUpTo100,
    /// Exact, given the ties, while the smaller group has at most 100 patients; else normal.
    ExactIfSmallerUpTo100,
    /// Exact when both groups have fewer than 50 and nothing is tied; else normal with continuity correction.
    ExactIfUntiedBelow50,
    /// Exact, given the ties.
    Exact,
    /// Normal.
    Normal,
    /// Normal with continuity correction.
    NormalContinuity,
}

impl NullRule {
    fn named(name: &str) -> Self {
        match name {
            "exact-if-smaller-up-to-100" => Self::ExactIfSmallerUpTo100,
            "exact-if-untied-below-50" => Self::ExactIfUntiedBelow50,
            "exact" => Self::Exact,
            "normal" => Self::Normal,
            "normal-continuity" => Self::NormalContinuity,
            _ => Self::ExactUpTo100,
        }
    }

    /// The null distribution for these data, and the evidence where the rule looked at them.
    fn resolve(self, first: &[f64], second: &[f64]) -> (RankNullChoice, Option<String>) {
        let n = first.len() + second.len();
        match self {
            Self::Exact => (RankNullChoice::ExactGivenTies, None),
            Self::Normal => (RankNullChoice::Normal { continuity: false }, None),
            Self::NormalContinuity => (RankNullChoice::Normal { continuity: true }, None),
            Self::ExactUpTo100 if n <= 100 => {
                (RankNullChoice::ExactGivenTies, Some(format!("{n} values, at most 100")))
            }
            Self::ExactUpTo100 => {
                (RankNullChoice::Normal { continuity: false }, Some(format!("{n} values, more than 100")))
            }
            Self::ExactIfSmallerUpTo100 => {
                let smaller = first.len().min(second.len());
                if smaller <= 100 {
                    let evidence = format!("{smaller} values in the smaller group, at most 100");
                    (RankNullChoice::ExactGivenTies, Some(evidence))
                } else {
                    let evidence = format!("{smaller} values in the smaller group, more than 100");
                    (RankNullChoice::Normal { continuity: false }, Some(evidence))
                }
            }
            Self::ExactIfUntiedBelow50 => {
                let tied = has_ties(first, second);
                if first.len() < 50 && second.len() < 50 && !tied {
                    let evidence = format!("{} and {} values, none tied", first.len(), second.len());
                    (RankNullChoice::Exact, Some(evidence))
                } else {
                    let evidence = if tied {
                        "values are tied".to_owned()
                    } else {
                        format!("{} and {} values, not both below 50", first.len(), second.len())
                    };
                    (RankNullChoice::Normal { continuity: true }, Some(evidence))
                }
            }
        }
    }
}

fn has_ties(first: &[f64], second: &[f64]) -> bool {
    let mut all: Vec<f64> = first.iter().chain(second).copied().collect();
    all.sort_by(f64::total_cmp);
    all.windows(2).any(|pair| pair[0] == pair[1])
}

impl TestRule {
    /// The names that a study file may use.
    pub const NAMES: &'static [&'static str] = &[
        "student-t",
        "welch-t",
        "mann-whitney",
        "mann-whitney-exact",
        "mann-whitney-normal",
        "mann-whitney-normal-continuity",
        "anova",
        "welch-anova",
        "kruskal-wallis",
        "kruskal-wallis-exact",
        "chi-square-or-fisher",
        "chi-square",
        "chi-square-yates",
        "fisher",
        "none",
    ];

    /// The rule of that name; `mann-whitney` and `chi-square` follow the conventions in what the name leaves open.
    #[must_use]
    pub fn named(name: &str, conventions: &Conventions) -> Option<Self> {
        Some(match name {
            "student-t" => Self::StudentT,
            "welch-t" => Self::WelchT,
            "mann-whitney" => Self::MannWhitney(NullRule::named(conventions.get("rank-null"))),
            "mann-whitney-exact" => Self::MannWhitney(NullRule::Exact),
            "mann-whitney-normal" => Self::MannWhitney(NullRule::Normal),
            "mann-whitney-normal-continuity" => Self::MannWhitney(NullRule::NormalContinuity),
            "anova" => Self::Anova,
            "welch-anova" => Self::WelchAnova,
            "kruskal-wallis" => Self::KruskalWallis(GroupRankNullChoice::ChiSquare),
            "kruskal-wallis-exact" => Self::KruskalWallis(GroupRankNullChoice::Exact),
            "chi-square-or-fisher" => Self::ChiSquareOrFisher,
            "chi-square" => Self::ChiSquare(conventions.correction()),
            "chi-square-yates" => Self::ChiSquare(Correction::Yates),
            "fisher" => Self::Fisher,
            "none" => Self::NotTested,
            _ => return None,
        })
    }

    /// The rule's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::NotTested => "none",
            Self::StudentT => "student-t",
            Self::WelchT => "welch-t",
            Self::MannWhitney(NullRule::Exact) => "mann-whitney-exact",
            Self::MannWhitney(NullRule::Normal) => "mann-whitney-normal",
            Self::MannWhitney(NullRule::NormalContinuity) => "mann-whitney-normal-continuity",
            Self::MannWhitney(_) => "mann-whitney",
            Self::Anova => "anova",
            Self::WelchAnova => "welch-anova",
            Self::KruskalWallis(GroupRankNullChoice::ChiSquare) => "kruskal-wallis",
            Self::KruskalWallis(GroupRankNullChoice::Exact) => "kruskal-wallis-exact",
            Self::ChiSquareOrFisher => "chi-square-or-fisher",
            Self::ChiSquare(Correction::None) => "chi-square",
            Self::ChiSquare(Correction::Yates) => "chi-square-yates",
            Self::Fisher => "fisher",
        }
    }

    /// The rule that the conventions give a row of so many groups, and its origin.
    ///
    /// A test of two groups has its counterpart for more: the t tests an analysis of variance, the Mann–Whitney test
    /// that of Kruskal and Wallis.
    pub(crate) fn by_convention(
        summary: SummaryKind,
        ordered: bool,
        groups: usize,
        conventions: &Conventions,
    ) -> (Self, String) {
        let key = match summary {
            SummaryKind::MeanSd => "mean-test",
            SummaryKind::MedianQuartiles => "rank-null",
            SummaryKind::Counts if ordered && conventions.get("ordinal-test") == "mann-whitney" => "ordinal-test",
            SummaryKind::Counts | SummaryKind::Count => "count-test",
        };
        let name = if key == "rank-null" { "mann-whitney" } else { conventions.get(key) };
        let rule = match Self::named(name, conventions).unwrap_or(Self::NotTested) {
            Self::StudentT if groups > 2 => Self::Anova,
            Self::WelchT if groups > 2 => Self::WelchAnova,
            Self::MannWhitney(_) if groups > 2 => Self::KruskalWallis(GroupRankNullChoice::ChiSquare),
            rule => rule,
        };
        (rule, conventions.evidence(key))
    }

    /// Why the rule cannot serve a variable of this kind and so many groups.
    pub(crate) fn unfit(self, quantity: bool, ordered: bool, groups: usize) -> Option<String> {
        let needs_two =
            |what: &str| (groups != 2).then(|| format!("{what} compares two groups, and there are {groups}"));
        match self {
            Self::NotTested => None,
            Self::StudentT | Self::WelchT if !quantity => Some("a t test compares measured values".to_owned()),
            Self::StudentT | Self::WelchT => needs_two("a t test"),
            Self::MannWhitney(_) if !quantity && !ordered => {
                Some("the Mann-Whitney test compares measured values or ordered categories".to_owned())
            }
            Self::MannWhitney(_) => needs_two("the Mann-Whitney test"),
            Self::Anova | Self::WelchAnova if !quantity => {
                Some("an analysis of variance compares measured values".to_owned())
            }
            Self::KruskalWallis(_) if !quantity && !ordered => {
                Some("the Kruskal-Wallis test compares measured values or ordered categories".to_owned())
            }
            Self::Anova | Self::WelchAnova | Self::KruskalWallis(_) => None,
            Self::ChiSquareOrFisher | Self::ChiSquare(_) | Self::Fisher if quantity => {
                Some("a test of counts needs categories".to_owned())
            }
            Self::ChiSquareOrFisher | Self::ChiSquare(_) | Self::Fisher => None,
        }
    }
}

/// What is asked of the data.
pub(crate) enum Question<'a> {
    /// Do measured values differ between the groups?
    Quantities(&'a [Vec<f64>]),
    /// Do categories differ? The codes as numbers serve where they are ordered.
    Categories { table: CountTable, ranks: Vec<Vec<f64>> },
}

impl<'a> Question<'a> {
    /// How many groups and how many patients.
    fn size(&self) -> (usize, usize) {
        match self {
            Self::Quantities(groups) => (groups.len(), groups.iter().map(Vec::len).sum()),
            Self::Categories { ranks, .. } => (ranks.len(), ranks.iter().map(Vec::len).sum()),
        }
    }

    /// The question, or why it cannot be asked: a group without a known value, or only one value in all.
    pub(crate) fn new(values: &'a ByGroup, groups: &[String]) -> Result<Self, String> {
        match values {
            ByGroup::Quantities(values) => {
                check_filled(values, groups)?;
                Ok(Self::Quantities(values))
            }
            ByGroup::Categories { levels, codes } => {
                check_filled(codes, groups)?;
                // A category that nobody is in carries no information and would make a margin of zeros.
                let used: Vec<u32> = (0u32..)
                    .zip(levels)
                    .map(|(code, _)| code)
                    .filter(|code| codes.iter().any(|group| group.contains(code)))
                    .collect();
                if used.len() < 2 {
                    return Err("every patient is in the same category".to_owned());
                }
                let count = |group: &Vec<u32>, code: u32| group.iter().filter(|known| **known == code).count() as u64;
                let cells = codes.iter().flat_map(|group| used.iter().map(move |code| count(group, *code))).collect();
                let table = CountTable::new(codes.len(), used.len(), cells).map_err(|error| error.to_string())?;
                let ranks = codes.iter().map(|group| group.iter().map(|code| f64::from(*code)).collect()).collect();
                Ok(Self::Categories { table, ranks })
            }
        }
    }
}

fn check_filled<T>(values: &[Vec<T>], groups: &[String]) -> Result<(), String> {
    match values.iter().position(Vec::is_empty) {
        Some(empty) => Err(format!("no known value in the group {}", groups[empty])),
        None => Ok(()),
    }
}

/// A test's result and why this test was made.
pub(crate) struct Answer {
    pub(crate) result: TestResult,
    pub(crate) why: String,
}

/// Makes the test that the rule chooses for these data.
pub(crate) fn answer(rule: TestRule, question: &Question<'_>, conventions: &Conventions) -> Result<Answer, String> {
    let (made, evidence) = choose(rule, question, conventions)?;
    let result = made.run(question, conventions).map_err(|error| reason(&error))?;
    Ok(Answer { result, why: evidence })
}

/// Every other admissible test of the same question, each with its result.
pub(crate) fn others(question: &Question<'_>, made: &TestResult, conventions: &Conventions) -> Vec<TestResult> {
    let (groups, patients) = question.size();
    let ranks: &[Test] = if groups > 2 {
        &[Test::KruskalWallis(GroupRankNullChoice::ChiSquare)]
    } else {
        // An exact distribution of many ranks costs more than it tells: beyond this the normal one agrees.
        &RANK_TESTS[usize::from(patients > EXACT_ALTERNATIVE_LIMIT)..]
    };
    let mut candidates: Vec<Test> = Vec::new();
    match question {
        Question::Quantities(_) if groups > 2 => candidates.extend([Test::Anova, Test::WelchAnova]),
        Question::Quantities(_) => candidates.extend([Test::StudentT, Test::WelchT]),
        Question::Categories { table, .. } if is_two_by_two(table) => candidates.extend([
            Test::ChiSquare(Correction::None),
            Test::ChiSquare(Correction::Yates),
            Test::Fisher(FisherRule::NoLikelier),
        ]),
        Question::Categories { .. } => candidates.extend([
            Test::ChiSquare(Correction::None),
            Test::FisherFreemanHalton(TableNullChoice::Exact, ALTERNATIVE_STEPS),
        ]),
    }
    let by_rank = matches!(made.procedure, Procedure::MannWhitney { .. } | Procedure::KruskalWallis { .. });
    if by_rank || matches!(question, Question::Quantities(_)) {
        candidates.extend(ranks);
    }
    candidates
        .into_iter()
        .filter_map(|test| test.run(question, conventions).ok())
        .filter(|result| result.procedure != made.procedure)
        .collect()
}

const RANK_TESTS: [Test; 3] = [
    Test::MannWhitney(RankNullChoice::ExactGivenTies),
    Test::MannWhitney(RankNullChoice::Normal { continuity: false }),
    Test::MannWhitney(RankNullChoice::Normal { continuity: true }),
];

const EXACT_ALTERNATIVE_LIMIT: usize = 200;

/// What an exact test of a large table may cost where it is only one answer among others: some milliseconds.
const ALTERNATIVE_STEPS: u64 = 1 << 20;

fn is_two_by_two(table: &CountTable) -> bool {
    table.rows() == 2 && table.columns() == 2
}

/// The remarks of a result, in words.
pub(crate) fn remarks(result: &TestResult) -> Vec<String> {
    let by_chi_square = matches!(result.procedure, Procedure::ChiSquare { .. });
    result
        .remarks
        .iter()
        .filter_map(|remark| match remark {
            Remark::SmallExpected { smallest, cells } if by_chi_square => {
                Some(format!("{cells} expected counts below 5, the smallest {smallest:.2}"))
            }
            _ => None,
        })
        .collect()
}

/// A test with every choice made.
#[derive(Clone, Copy)]
enum Test {
    StudentT,
    WelchT,
    MannWhitney(RankNullChoice),
    Anova,
    WelchAnova,
    KruskalWallis(GroupRankNullChoice),
    ChiSquare(Correction),
    Fisher(FisherRule),
    /// With what the exact sum may cost.
    FisherFreemanHalton(TableNullChoice, u64),
}

impl Test {
    fn run(self, question: &Question<'_>, conventions: &Conventions) -> Result<TestResult, TestError> {
        let level = conventions.level();
        match (self, question) {
            (Self::ChiSquare(correction), Question::Categories { table, .. }) => {
                ChiSquare { correction }.run_on_counts(table)
            }
            (Self::Fisher(two_sided), Question::Categories { table, .. }) => {
                FisherExact { two_sided, level, ..FisherExact::default() }.run_on_counts(table)
            }
            (Self::FisherFreemanHalton(null, steps), Question::Categories { table, .. }) => {
                FisherFreemanHalton { null, steps, level, seed: conventions.seed(), ..FisherFreemanHalton::default() }
                    .run_on_counts(table)
            }
            (test, Question::Quantities(groups)) => test.run_on_groups(groups, level),
            (test, Question::Categories { ranks, .. }) => test.run_on_groups(ranks, level),
        }
    }

    fn run_on_groups(self, groups: &[Vec<f64>], level: Level) -> Result<TestResult, TestError> {
        let slices: Vec<&[f64]> = groups.iter().map(Vec::as_slice).collect();
        match (self, slices.as_slice()) {
            (Self::StudentT, [first, second]) => StudentT { level, ..StudentT::default() }.run(first, second),
            (Self::WelchT, [first, second]) => WelchT { level, ..WelchT::default() }.run(first, second),
            (Self::MannWhitney(null), [first, second]) => {
                MannWhitney { null, level, ..MannWhitney::default() }.run(first, second)
            }
            (Self::Anova, groups) => Anova.run(groups),
            (Self::WelchAnova, groups) => WelchAnova.run(groups),
            (Self::KruskalWallis(null), groups) => KruskalWallis { null }.run(groups),
            // What is left, the plan refuses: two-group tests of more groups, and tests of counts on quantities.
            _ => Err(TestError::EmptyMargin),
        }
    }
}

fn choose(rule: TestRule, question: &Question<'_>, conventions: &Conventions) -> Result<(Test, String), String> {
    Ok(match (rule, question) {
        (TestRule::NotTested, _) => return Err("no test was asked for".to_owned()),
        (TestRule::StudentT, _) => (Test::StudentT, "row of means".to_owned()),
        (TestRule::WelchT, _) => (Test::WelchT, "row of means".to_owned()),
        (TestRule::MannWhitney(null), Question::Quantities(groups)) => rank_test(null, groups, "row of medians"),
        (TestRule::MannWhitney(null), Question::Categories { ranks, .. }) => {
            rank_test(null, ranks, "ordered categories")
        }
        (TestRule::ChiSquareOrFisher, Question::Categories { table, .. }) => {
            let smallest = smallest_expected(table).map_err(|error| reason(&error))?;
            if smallest >= 5.0 {
                let evidence = format!("smallest expected count {smallest:.2}, at least 5");
                (chi_square(table, conventions.correction()), evidence)
            } else {
                (fisher(table, conventions), format!("smallest expected count {smallest:.2}, below 5"))
            }
        }
        (TestRule::Fisher, Question::Categories { table, .. }) => {
            (fisher(table, conventions), "row of counts".to_owned())
        }
        (TestRule::Anova, _) => (Test::Anova, "row of means".to_owned()),
        (TestRule::WelchAnova, _) => (Test::WelchAnova, "row of means".to_owned()),
        (TestRule::KruskalWallis(null), Question::Quantities(_)) => {
            (Test::KruskalWallis(null), "row of medians".to_owned())
        }
        (TestRule::KruskalWallis(null), Question::Categories { .. }) => {
            (Test::KruskalWallis(null), "ordered categories".to_owned())
        }
        (TestRule::ChiSquare(correction), Question::Categories { table, .. }) => {
            (chi_square(table, correction), "row of counts".to_owned())
        }
        (TestRule::ChiSquareOrFisher | TestRule::ChiSquare(_) | TestRule::Fisher, Question::Quantities(_)) => {
            return Err("no categories to count".to_owned());
        }
    })
}

/// The chi-square test of a table; only a 2×2 table has a continuity correction.
fn chi_square(table: &CountTable, correction: Correction) -> Test {
    Test::ChiSquare(if is_two_by_two(table) { correction } else { Correction::None })
}

/// Fisher's exact test of a table, whatever its size.
fn fisher(table: &CountTable, conventions: &Conventions) -> Test {
    if is_two_by_two(table) {
        Test::Fisher(conventions.fisher_rule())
    } else {
        Test::FisherFreemanHalton(TableNullChoice::Auto, FisherFreemanHalton::default().steps)
    }
}

fn rank_test(null: NullRule, groups: &[Vec<f64>], what: &str) -> (Test, String) {
    let (choice, evidence) = match groups {
        [first, second] => null.resolve(first, second),
        _ => (RankNullChoice::Normal { continuity: false }, None),
    };
    let why = evidence.map_or_else(|| what.to_owned(), |evidence| format!("{what}; {evidence}"));
    (Test::MannWhitney(choice), why)
}

/// Why a row has no p-value, for a reader of the table.
pub(super) fn reason(error: &TestError) -> String {
    match error {
        TestError::NoSpread => "every patient has the same value".to_owned(),
        TestError::TooFew { found, needed, .. } => {
            format!("a group has {found} known values, and the test needs {needed}")
        }
        other => other.to_string(),
    }
}
