//! Ledgers and an audit as the rest of restudy would write them, small enough to check by eye.
//!
//! Means, counts, quartiles and printed p-values of the first ledger and of the audit are those of Table 1 and 2 of
//! "The lungs were on fire" (2021); where the paper prints no number (p by another test, further decimals)
//! one was made up that fits. The second ledger is made up altogether, to hold what the first lacks.

use restudy_ledger::{
    Analysis, AnalysisKind, Audit, Bound, Claim, Conflict, Context, Data, Derived, Excluded, Family, Finding, FlowStep,
    Group, Ledger, LeftOut, Paper, Row, SCHEMA, Setting, Stat, Study, SummaryKind, TableRow, Tool, Value, Variable,
    VariableKind, Verdict,
};

const ID: &str = "table1";

/// Writes the rows of one comparison.
struct Comparison {
    groups: Vec<Group>,
    heading: Option<String>,
    variables: Vec<Variable>,
    lines: Vec<TableRow>,
    rows: Vec<Row>,
}

/// A test with its p, and the other admissible ones.
struct Tested<'a> {
    by: &'a str,
    p: f64,
    adjusted: f64,
    why: &'a str,
    others: &'a [(&'a str, f64)],
}

impl Comparison {
    fn new(groups: &[(&str, usize)]) -> Self {
        let groups = groups.iter().map(|(label, n)| Group { label: (*label).to_owned(), n: *n }).collect();
        Self { groups, heading: None, variables: Vec::new(), lines: Vec::new(), rows: Vec::new() }
    }

    fn heading(&mut self, heading: &str) {
        self.heading = Some(heading.to_owned());
    }

    fn line(&mut self, name: &str, label: &str, unit: Option<&str>, kind: VariableKind, summary: SummaryKind) {
        self.variables.push(Variable {
            name: name.to_owned(),
            label: label.to_owned(),
            unit: unit.map(str::to_owned),
            kind,
            levels: Vec::new(),
            decimals: None,
        });
        self.lines.push(TableRow { variable: name.to_owned(), heading: self.heading.clone(), summary, level: None });
    }

    fn groups(&self, columns: usize) -> Vec<(Option<String>, usize)> {
        let mut groups: Vec<_> = self.groups.iter().map(|group| (Some(group.label.clone()), group.n)).collect();
        if columns > groups.len() {
            groups.push((None, groups.iter().map(|(_, n)| n).sum()));
        }
        groups
    }

    fn missingness(&mut self, name: &str, group: Option<&str>, of: usize, known: usize) {
        for (stat, value) in [(Stat::N, known), (Stat::NMissing, of - known)] {
            self.rows.push(Row::new(ID, Context::Missingness, name, group, stat, value as f64));
        }
    }

    /// `stats`: n and the numbers of each column, the groups in order and then all together if there is one more.
    fn quantity(&mut self, name: &str, label: &str, unit: Option<&str>, stats: &[(usize, &[(Stat, f64)])]) {
        let summary = if stats[0].1[0].0 == Stat::Mean { SummaryKind::MeanSd } else { SummaryKind::MedianQuartiles };
        self.line(name, label, unit, VariableKind::Continuous, summary);
        for ((group, of), (n, numbers)) in self.groups(stats.len()).into_iter().zip(stats) {
            let group = group.as_deref();
            self.missingness(name, group, of, *n);
            self.rows.push(Row::new(ID, Context::Summary, name, group, Stat::N, *n as f64));
            for (stat, value) in *numbers {
                let mut row = Row::new(ID, Context::Summary, name, group, *stat, *value);
                if matches!(stat, Stat::Median | Stat::Q1 | Stat::Q3) {
                    row = row.procedure("quantile/type_6");
                }
                self.rows.push(row);
            }
        }
    }

    fn count(&mut self, name: &str, label: &str, level: &str, counts: &[(usize, usize)]) {
        self.line(name, label, None, VariableKind::Binary, SummaryKind::Count);
        self.lines.last_mut().unwrap().level = Some(level.to_owned());
        self.counts_of(name, level, counts);
    }

    fn counts_of(&mut self, name: &str, level: &str, counts: &[(usize, usize)]) {
        for ((group, of), (count, denominator)) in self.groups(counts.len()).into_iter().zip(counts) {
            let group = group.as_deref();
            if !self
                .rows
                .iter()
                .any(|row| row.context == Context::Missingness && row.variable == name && row.group.as_deref() == group)
            {
                self.missingness(name, group, of, *denominator);
            }
            let proportion = *count as f64 / *denominator as f64;
            for (stat, value) in
                [(Stat::Count, *count as f64), (Stat::Denominator, *denominator as f64), (Stat::Proportion, proportion)]
            {
                self.rows.push(Row::new(ID, Context::Summary, name, group, stat, value).level(level));
            }
        }
    }

    fn tested(&mut self, statistics: &[(Stat, f64)], tested: &Tested<'_>) {
        let name = self.lines.last().unwrap().variable.clone();
        for (stat, value) in statistics.iter().chain(&[(Stat::PValue, tested.p)]) {
            let quantity = matches!(stat, Stat::Estimate | Stat::ConfLow | Stat::ConfHigh);
            let procedure = if quantity { "mean_difference" } else { tested.by };
            let mut row = Row::new(ID, Context::Test, &name, None, *stat, *value).procedure(procedure);
            row.why = (*stat == Stat::PValue).then(|| tested.why.to_owned());
            self.rows.push(row);
        }
        for (by, p) in tested.others {
            self.rows.push(Row::new(ID, Context::Alternative, &name, None, Stat::PValue, *p).procedure(by));
        }
        self.rows.push(
            Row::new(ID, Context::Adjustment, &name, None, Stat::PAdjusted, tested.adjusted)
                .procedure("benjamini_hochberg"),
        );
    }

    fn untested(&mut self, reason: &str) {
        let name = self.lines.last().unwrap().variable.clone();
        for (context, stat) in [(Context::Test, Stat::PValue), (Context::Adjustment, Stat::PAdjusted)] {
            self.rows.push(Row::new(ID, context, &name, None, stat, Value::Missing).reason(reason));
        }
    }
}

fn mean_sd(mean: f64, sd: f64) -> [(Stat, f64); 2] {
    [(Stat::Mean, mean), (Stat::Sd, sd)]
}

fn quartiles(median: f64, q1: f64, q3: f64) -> [(Stat, f64); 3] {
    [(Stat::Median, median), (Stat::Q1, q1), (Stat::Q3, q3)]
}

fn settings(settings: &[[&str; 3]]) -> Vec<Setting> {
    settings
        .iter()
        .map(|[key, value, origin]| Setting {
            key: (*key).to_owned(),
            value: (*value).to_owned(),
            origin: (*origin).to_owned(),
        })
        .collect()
}

const T: &str = "the row is summarised by mean and SD";
const U: &str = "the row is summarised by median and quartiles";
const LARGE: &str = "the smallest expected count is at least 5";
const SMALL: &str = "smallest expected count below 5";
const NONE_HAS_IT: &str = "no patient of either group has it";

/// A synthetic cohort in the shape of the paper's Table 1, in the style `three-decimals`.
pub(crate) fn paper() -> Ledger {
    let mut table = Comparison::new(&[("RP-ILD", 21), ("Non-RP-ILD", 40)]);
    let (mw, welch) = ("mann_whitney/normal/no_continuity", "welch_t");

    table.quantity(
        "age",
        "Age",
        Some("years"),
        &[(21, &mean_sd(54.857_142_857_142_854, 11.7198)), (40, &mean_sd(57.7, 11.0562))],
    );
    table.tested(
        &[
            (Stat::Statistic, -0.9345),
            (Stat::Df, 59.0),
            (Stat::Estimate, -2.842_857),
            (Stat::ConfLow, -8.93),
            (Stat::ConfHigh, 3.245),
        ],
        &Tested { by: "student_t", p: 0.353_86, adjusted: 0.824_32, why: T, others: &[(welch, 0.3634), (mw, 0.3312)] },
    );
    table.count("sex", "Sex", "male", &[(8, 21), (17, 40)]);
    table.tested(
        &[(Stat::Statistic, 0.110_34), (Stat::Df, 1.0)],
        &Tested {
            by: "chi_square/no_correction",
            p: 0.739_77,
            adjusted: 1.0,
            why: "the smallest expected count is 8.61, at least 5",
            others: &[("chi_square/yates", 0.9553), ("fisher_exact/no_likelier", 0.7902)],
        },
    );
    table.quantity(
        "course",
        "Course of disease",
        Some("months"),
        &[(21, &quartiles(2.0, 1.0, 2.75)), (40, &quartiles(2.25, 1.0, 5.0))],
    );
    table.tested(
        &[(Stat::Statistic, 346.0), (Stat::Z, -1.1432)],
        &Tested {
            by: mw,
            p: 0.252_98,
            adjusted: 0.748_41,
            why: U,
            others: &[("mann_whitney/normal/continuity", 0.2561), ("mann_whitney/exact_given_ties", 0.2558)],
        },
    );

    table.heading("Clinical manifestations or complications");
    table.count("bacterial", "Pulmonary bacterial infection", "yes", &[(7, 21), (4, 40)]);
    table.tested(
        &[(Stat::MinExpected, 3.786_885)],
        &Tested {
            by: "fisher_exact/no_likelier",
            p: 0.036_21,
            adjusted: 0.347_4,
            why: "the smallest expected count is 3.79, below 5",
            others: &[
                ("chi_square/no_correction", 0.024_56),
                ("chi_square/yates", 0.056_11),
                ("fisher_exact/doubled", 0.0604),
            ],
        },
    );
    table.count("tuberculosis", "Tuberculosis infection", "yes", &[(0, 21), (0, 40)]);
    table.untested(NONE_HAS_IT);
    table.count("gi", "Gastrointestinal haemorrhage", "yes", &[(4, 21), (1, 40)]);
    table.tested(
        &[],
        &Tested {
            by: "fisher_exact/no_likelier",
            p: 0.044_27,
            adjusted: 0.347_4,
            why: SMALL,
            others: &[("chi_square/no_correction", 0.025_1), ("chi_square/yates", 0.079_7)],
        },
    );

    table.heading("Laboratory finding");
    table.quantity(
        "ferritin",
        "Ferritin",
        Some("ng/ml"),
        &[(21, &quartiles(612.5, 302.05, 2110.25)), (40, &quartiles(664.05, 314.4, 2061.225))],
    );
    table.tested(
        &[(Stat::Statistic, 375.0)],
        &Tested { by: mw, p: 0.495_1, adjusted: 0.863_2, why: U, others: &[("mann_whitney/exact", 0.5012)] },
    );

    table.heading("Lung function testing");
    table.quantity(
        "tlc",
        "Total lung capacity",
        Some("L"),
        &[(20, &mean_sd(3.4265, 1.0132)), (38, &mean_sd(3.98, 1.0181))],
    );
    table.tested(
        &[(Stat::Statistic, -1.9986), (Stat::Df, 56.0)],
        &Tested { by: "student_t", p: 0.049_48, adjusted: 0.347_4, why: T, others: &[(welch, 0.0549), (mw, 0.0612)] },
    );
    table.quantity(
        "dlco",
        "DLCO",
        Some("% of predicted"),
        &[(16, &mean_sd(50.29, 15.581)), (36, &mean_sd(66.92, 16.67))],
    );
    table.tested(
        &[(Stat::Statistic, -3.79), (Stat::Df, 50.0)],
        &Tested {
            by: "student_t",
            p: 0.000_402,
            adjusted: 0.013_7,
            why: T,
            others: &[(welch, 0.000_381), (mw, 0.000_9)],
        },
    );

    table.heading("¹⁸F-FDG PET/CT findings");
    table.quantity(
        "lung",
        "Bilateral lung SUVmean",
        None,
        &[(21, &mean_sd(0.6005, 0.1502)), (40, &mean_sd(0.446, 0.1417))],
    );
    table.tested(
        &[(Stat::Statistic, 3.97), (Stat::Df, 59.0)],
        &Tested {
            by: "student_t",
            p: 0.000_196,
            adjusted: 0.013_7,
            why: T,
            others: &[(welch, 0.000_3), (mw, 0.000_1)],
        },
    );
    table.count("node", "Abnormal mediastinal lymph node", "yes", &[(14, 21), (10, 40)]);
    table.tested(
        &[(Stat::Statistic, 10.01), (Stat::Df, 1.0)],
        &Tested {
            by: "chi_square/no_correction",
            p: 0.001_558,
            adjusted: 0.044_9,
            why: LARGE,
            others: &[("chi_square/yates", 0.003_6), ("fisher_exact/no_likelier", 0.002_4)],
        },
    );
    table.heading("Myositis-specific antibodies");
    table.count("scl100", "Anti-PM-Scl100", "positive", &[(0, 21), (0, 40)]);
    table.untested(NONE_HAS_IT);

    let members = table.lines.iter().map(|line| line.variable.clone());
    let out = ["tuberculosis", "scl100"];
    let family = Family {
        method: "benjamini_hochberg".to_owned(),
        size: 11,
        members: members.filter(|name| !out.contains(&name.as_str())).collect(),
        left_out: out.map(|name| LeftOut { variable: name.to_owned(), reason: "no p-value".to_owned() }).into(),
    };
    Ledger {
        schema: SCHEMA.to_owned(),
        tool: Tool { name: "restudy".to_owned(), version: "0.1.0".to_owned() },
        study: Study {
            id: "dlm2021".to_owned(),
            title: "FDG PET/CT in interstitial lung disease of inflammatory myopathy: comparison of patients with and \
                    without rapid progression"
                .to_owned(),
            source: Some(
                "After Li et al., The lungs were on fire: a pilot study of 18F-FDG PET/CT in idiopathic-inflammatory-\
                 myopathy-related interstitial lung disease (2021)."
                    .to_owned(),
            ),
            synthetic: true,
            style: "three-decimals".to_owned(),
        },
        data: Data {
            file: "cohort.csv".to_owned(),
            sha256: "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08".to_owned(),
            rows: 274,
            columns: 78,
            rows_kept: 61,
        },
        conventions: settings(&[
            ["quartiles", "6", "preset spss-22"],
            ["rounding", "half-away", "preset spss-22"],
            ["chi-square-correction", "none", "preset spss-22"],
            ["count-test", "chi-square-or-fisher", "file"],
            ["confidence", "0.95", "default"],
        ]),
        seed: None,
        flow: vec![
            FlowStep {
                label: "PET/CT during hospitalisation".to_owned(),
                before: 274,
                dropped: 198,
                undetermined: 4,
                after: 76,
                start: false,
            },
            FlowStep {
                label: "No overlap syndrome, no malignancy".to_owned(),
                before: 76,
                dropped: 12,
                undetermined: 0,
                after: 64,
                start: false,
            },
            FlowStep {
                label: "Followed up for 3 months or until death".to_owned(),
                before: 64,
                dropped: 3,
                undetermined: 1,
                after: 61,
                start: false,
            },
        ],
        variables: table.variables,
        analyses: vec![Analysis {
            by: Some("rp_ild".to_owned()),
            groups: table.groups,
            ungrouped: 0,
            overall: false,
            rows: table.lines,
            denominator: "known".to_owned(),
            alpha: 0.05,
            family: Some(family),
            ..Analysis::new(
                ID,
                AnalysisKind::Comparison,
                "Comparisons of multiple factors between RP-ILD and non-RP-ILD groups",
            )
        }],
        figures: Vec::new(),
        rows: table.rows,
        series: Vec::new(),
    }
}

/// Three groups and all together, several levels, missing values, negative and tiny numbers, patients without a
/// group, an unknown procedure, in the style `ama` with halves to even.
pub(crate) fn three_arms() -> Ledger {
    let mut table = Comparison::new(&[("Placebo", 52), ("Low dose", 49), ("High dose", 51)]);
    table.quantity(
        "age",
        "Age at baseline",
        Some("years"),
        &[
            (52, &mean_sd(61.25, 9.84)),
            (49, &mean_sd(59.87, 10.31)),
            (51, &mean_sd(60.5, 8.99)),
            (152, &mean_sd(60.55, 9.72)),
        ],
    );
    table.tested(
        &[(Stat::Statistic, 0.254), (Stat::Df, 2.0)],
        &Tested { by: "anova", p: 0.776, adjusted: 0.92, why: T, others: &[("kruskal_wallis/chi_square", 0.81)] },
    );
    table.quantity(
        "change",
        "Change of FVC after a year",
        Some("% of predicted"),
        &[
            (50, &quartiles(-4.25, -8.5, -0.5)),
            (44, &quartiles(-2.0, -5.25, 1.75)),
            (51, &quartiles(-0.75, -3.0, 2.25)),
            (145, &quartiles(-2.25, -6.0, 1.0)),
        ],
    );
    table.tested(
        &[(Stat::Statistic, 11.3), (Stat::Df, 2.0)],
        &Tested {
            by: "kruskal_wallis/chi_square",
            p: 0.003_51,
            adjusted: 0.010_5,
            why: U,
            others: &[("anova", 0.0008)],
        },
    );
    table.quantity(
        "marker",
        "A marker with a name so long that it has to be broken somewhere",
        Some("µmol/L"),
        &[
            (52, &mean_sd(0.003_12, 0.000_41)),
            (49, &mean_sd(0.002_98, 0.000_39)),
            (51, &mean_sd(0.003_05, 0.000_44)),
            (152, &mean_sd(0.003_05, 0.000_42)),
        ],
    );
    table.tested(
        &[],
        &Tested {
            by: "an_unknown_test/of_the_future",
            p: 0.049_96,
            adjusted: 0.1,
            why: "forced in the study file",
            others: &[("anova", 0.0501)],
        },
    );
    table.heading("Disease");
    table.line("stage", "Stage", None, VariableKind::Ordinal, SummaryKind::Counts);
    table.variables.last_mut().unwrap().levels = ["I", "II", "III", "IV"].map(str::to_owned).into();
    for (level, counts) in [
        ("I", [(20, 52), (15, 45), (17, 51), (52, 148)]),
        ("II", [(16, 52), (18, 45), (20, 51), (54, 148)]),
        ("III", [(10, 52), (7, 45), (11, 51), (28, 148)]),
        ("IV", [(6, 52), (5, 45), (3, 51), (14, 148)]),
    ] {
        table.counts_of("stage", level, &counts);
    }
    table.tested(&[], &Tested { by: "fisher_freeman_halton/exact", p: 0.996, adjusted: 1.0, why: SMALL, others: &[] });
    table.count("smoker", "Smoking", "current", &[(9, 48), (12, 49), (7, 50), (28, 147)]);
    table.tested(
        &[(Stat::Statistic, 1.83), (Stat::Df, 2.0)],
        &Tested {
            by: "chi_square/no_correction",
            p: 0.4,
            adjusted: 0.6,
            why: LARGE,
            others: &[("fisher_freeman_halton/exact", 0.41)],
        },
    );
    let members = table.lines.iter().map(|line| line.variable.clone()).collect();
    let mut ledger = paper();
    ledger.study = Study {
        id: "three-arms".to_owned(),
        title: "Three arms".to_owned(),
        source: None,
        synthetic: false,
        style: "ama".to_owned(),
    };
    ledger.data = Data { file: "arms.csv".to_owned(), sha256: "0".repeat(64), rows: 154, columns: 12, rows_kept: 154 };
    ledger.flow = Vec::new();
    ledger.conventions = settings(&[["quartiles", "7", "default"], ["rounding", "half-even", "preset r-4"]]);
    ledger.seed = Some(7);
    ledger.variables = table.variables;
    ledger.rows = table.rows;
    ledger.analyses = vec![Analysis {
        by: Some("arm".to_owned()),
        groups: table.groups,
        ungrouped: 2,
        overall: true,
        rows: table.lines,
        denominator: "known".to_owned(),
        alpha: 0.05,
        family: Some(Family { method: "benjamini_hochberg".to_owned(), size: 5, members, left_out: Vec::new() }),
        ..Analysis::new(ID, AnalysisKind::Comparison, "Baseline and course by arm")
    }];
    ledger
}

fn claim(
    id: &str,
    place: &str,
    kind: &str,
    printed: &str,
    verdict: Verdict,
    recomputed: Option<&str>,
    how: &str,
) -> Claim {
    Claim {
        id: id.to_owned(),
        place: place.to_owned(),
        kind: kind.to_owned(),
        printed: printed.to_owned(),
        verdict,
        recomputed: recomputed.map(str::to_owned),
        low: None,
        high: None,
        how: how.to_owned(),
        uses: Vec::new(),
    }
}

/// Some claims of the paper, as its audit would find them.
pub(crate) fn audit() -> Audit {
    use Verdict::{Consistent, Impossible, NotRecomputable, Reproduced};
    let not_printed = "The patients' values are not printed.";
    let percent = "count / n of the group";
    let claims = vec![
        claim("t1.age.rp", "Table 1 row: Age(y)", "mean_sd", "54.86 ± 11.72", NotRecomputable, None, not_printed),
        claim("t1.age.non", "Table 1 row: Age(y)", "mean_sd", "57.70 ± 11.06", NotRecomputable, None, not_printed),
        claim(
            "t1.age.p",
            "Table 1 row: Age(y)",
            "p_value",
            "0.354",
            Consistent,
            Some("0.352 to 0.356"),
            "Student t from n, mean and SD of both groups, over every value that prints as these do",
        ),
        claim(
            "t1.age.padj",
            "Table 1 row: Age(y)",
            "p_adjusted",
            "0.824",
            Consistent,
            Some("0.823 to 0.826"),
            "Benjamini–Hochberg over 67 p-values",
        ),
        claim(
            "t1.bacterial.rp",
            "Table 1 row: Pulmonary bacterial infection",
            "count_percent",
            "7 (33.3%)",
            Reproduced,
            Some("33.3%"),
            percent,
        ),
        claim(
            "t1.bacterial.non",
            "Table 1 row: Pulmonary bacterial infection",
            "count_percent",
            "4 (10.0%)",
            Reproduced,
            Some("10.0%"),
            percent,
        ),
        claim(
            "t1.bacterial.p",
            "Table 1 row: Pulmonary bacterial infection",
            "p_value",
            "0.036",
            Reproduced,
            Some("0.0362"),
            "Fisher's exact test of 7/21 and 4/40",
        ),
        claim(
            "t1.tlc.p",
            "Table 1 row: TLC(L)",
            "p_value",
            "0.049",
            Consistent,
            Some("0.047 to 0.057"),
            "Student t from n, mean and SD of both groups",
        ),
        claim("t2.2.total", "Table 2 row: score 2", "count", "16", Reproduced, Some("16"), "9 with RP-ILD + 7 without"),
        claim(
            "t2.2.rp",
            "Table 2 row: score 2",
            "percent_count",
            "56.3% (9)",
            Reproduced,
            Some("56.25, half away from zero 56.3"),
            "9 / 16",
        ),
        claim(
            "t2.2.non",
            "Table 2 row: score 2",
            "percent_count",
            "43.7% (7)",
            Impossible,
            Some("43.75, which prints 43.8"),
            "7 / 16",
        ),
        Claim {
            low: Some(0.904_166_7),
            high: Some(0.905_357_1),
            ..claim(
                "res.dlm.auc",
                "Results",
                "auc",
                "0.905",
                Consistent,
                None,
                "concordant pairs from the counts of Table 2, ties one half",
            )
        },
    ];
    Audit {
        paper: Paper {
            id: "dlm2021".to_owned(),
            title:
                "The lungs were on fire: a pilot study of 18F-FDG PET/CT in idiopathic-inflammatory-myopathy-related \
                    interstitial lung disease"
                    .to_owned(),
            citation: "Li et al., Arthritis Research & Therapy 23 (2021) 198".to_owned(),
        },
        claims,
        methods: vec![Finding {
            question: "how the test of a categorical row was chosen".to_owned(),
            finding: "chi-square without correction where the smallest expected count is at least 5, else Fisher's \
                      exact test"
                .to_owned(),
            explained_by: vec!["chi-square from an expected count of 5, else Fisher".to_owned()],
            explains: (1..=34).map(|claim| format!("t1.row{claim}.p")).collect(),
            excludes: vec![
                Excluded {
                    candidate: "Fisher's exact test throughout".to_owned(),
                    explained: 26,
                    by: ["t1.sex.p", "t1.node.p", "t1.hilar.p", "t1.mda5.p", "t1.ro52.p", "t1.dm.p"]
                        .map(str::to_owned)
                        .into(),
                },
                Excluded {
                    candidate: "chi-square with Yates's correction throughout".to_owned(),
                    explained: 9,
                    by: vec!["t1.sex.p".to_owned()],
                },
            ],
        }],
        conflicts: vec![Conflict {
            claims: ["t2.2.total", "t2.2.rp", "t2.2.non"].map(str::to_owned).into(),
            sentence:
                "7 of 16 patients are 43.75%, which no rounding rule prints as 43.7%; only 56.3% and 43.8% belong \
                       to these counts"
                    .to_owned(),
            repair: Some("print 43.8% for 43.7%".to_owned()),
        }],
        derived: vec![Derived {
            id: "t2.auc".to_owned(),
            label: "Area under the ROC curve of the score".to_owned(),
            value: 0.905_357_142_857,
            bound: Bound::Exact,
            conf_low: Some(0.826_1),
            conf_high: Some(0.984_6),
            how: "from the counts of Table 2; DeLong's interval".to_owned(),
        }],
    }
}
