//! Papers made up from random cohorts: every number is computed from the patients and printed as a paper would.

use std::fmt::Write as _;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng, SeedableRng};
use restudy_stats::correlation::Pearson;
use restudy_stats::descriptive::{QuantileType, quantile};
use restudy_stats::hypothesis::{
    ChiSquare, Correction, CountTable, FisherExact, MannWhitney, StudentT, smallest_expected,
};
use restudy_stats::multiplicity::BenjaminiHochberg;

/// A row of the paper's table: a kind, and its printed texts.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) kind: &'static str,
    pub(crate) cells: [String; 2],
    pub(crate) p: String,
    pub(crate) p_adjusted: String,
}

/// Every printed text of a paper.
#[derive(Clone, Debug)]
pub(crate) struct Paper {
    pub(crate) sizes: [u64; 2],
    pub(crate) header: [String; 2],
    pub(crate) rows: Vec<Row>,
    /// Score, total, with and without the event.
    pub(crate) score_table: Vec<[String; 3]>,
    /// Sensitivity, specificity, positive and negative predictive value at a score of at least 2.
    pub(crate) accuracy: [String; 4],
    pub(crate) auc: String,
    /// Mean and standard deviation of the first variable in all patients.
    pub(crate) overall: String,
    /// How many of all patients have the first finding, with their share.
    pub(crate) finding: String,
    /// What the abstract repeats of the first mean's p-value.
    pub(crate) abstract_p: String,
    /// r and p of the first two measured variables.
    pub(crate) correlation: [String; 2],
}

/// Random numbers of a cohort.
pub(crate) struct Chance(ChaCha8Rng);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(ChaCha8Rng::seed_from_u64(seed))
    }

    /// From 0 to 1.
    pub(crate) fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A whole number below a limit.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        ((self.uniform() * limit as f64) as usize).min(limit - 1)
    }

    /// The sum of twelve uniform numbers, less their mean: nearly normal.
    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

/// The printed p-value.
fn print_p(p: Option<f64>) -> String {
    match p {
        None => "NA".to_owned(),
        Some(p) if p < 0.001 => "< 0.001".to_owned(),
        Some(p) => format!("{p:.3}"),
    }
}

pub(crate) fn percent(count: u64, n: u64) -> String {
    format!("{:.1}", count as f64 / n as f64 * 100.0)
}

pub(crate) fn count_percent(count: u64, n: u64) -> String {
    format!("{count} ({}%)", percent(count, n))
}

fn mean_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0)).sqrt())
}

fn p_of_counts(counts: [u64; 4]) -> Option<f64> {
    let table = CountTable::new(2, 2, counts.to_vec()).ok()?;
    if table.column_totals().contains(&0) {
        return None;
    }
    let result = if smallest_expected(&table).ok()? >= 5.0 {
        ChiSquare { correction: Correction::None }.run_on_counts(&table)
    } else {
        FisherExact::default().run_on_counts(&table)
    };
    result.ok().map(|result| result.p_value)
}

impl Paper {
    /// The paper of one random cohort.
    pub(crate) fn random(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let sizes = [15 + chance.below(40) as u64, 20 + chance.below(60) as u64];
        let [first_n, second_n] = sizes.map(|n| n as usize);
        let quartiles = if chance.below(2) == 0 { QuantileType::Type6 } else { QuantileType::Type7 };
        let mut drafts: Vec<(Row, Option<f64>)> = Vec::new();
        let row = |id: String, kind, cells, p: Option<f64>| {
            (Row { id, kind, cells, p: print_p(p), p_adjusted: String::new() }, p)
        };
        let mut measured = Vec::new();
        for index in 0..6 {
            let (centre, spread) = (20.0 + 60.0 * chance.uniform(), 4.0 + 10.0 * chance.uniform());
            let shift = 0.8 * spread * (chance.uniform() - 0.3);
            let mut draw = |n: usize, shift: f64| -> Vec<f64> {
                (0..n).map(|_| (centre + shift + spread * chance.normal()).round()).collect()
            };
            let values = [draw(first_n, shift), draw(second_n, 0.0)];
            let p = StudentT::default().run(&values[0], &values[1]).ok().map(|result| result.p_value);
            let cells = values.each_ref().map(|values| {
                let (mean, sd) = mean_sd(values);
                format!("{mean:.2} ± {sd:.2}")
            });
            drafts.push(row(format!("m{index}"), "mean-sd", cells, p));
            measured.push(values);
        }
        for index in 0..4 {
            let scale = 10.0 + 200.0 * chance.uniform();
            let mut draw = |n: usize, more: f64| -> Vec<f64> {
                let mut values: Vec<f64> =
                    (0..n).map(|_| (-scale * more * (1.0 - chance.uniform()).ln()).round()).collect();
                values.sort_by(f64::total_cmp);
                values
            };
            let values = [draw(first_n, 1.3), draw(second_n, 1.0)];
            let p = MannWhitney::default().run(&values[0], &values[1]).ok().map(|result| result.p_value);
            let cells = values.each_ref().map(|values| {
                let at = |p: f64| quantile(values, p, quartiles).unwrap();
                format!("{:.2} ({:.2}, {:.2})", at(0.5), at(0.25), at(0.75))
            });
            drafts.push(row(format!("q{index}"), "median-quartiles", cells, p));
        }
        let mut findings = Vec::new();
        for index in 0..10 {
            let share = 0.05 + 0.6 * chance.uniform();
            let mut draw = |n: u64, share: f64| (0..n).filter(|_| chance.uniform() < share).count() as u64;
            let counts = [draw(sizes[0], (share * 1.5).min(0.95)), draw(sizes[1], share)];
            let p = p_of_counts([counts[0], sizes[0] - counts[0], counts[1], sizes[1] - counts[1]]);
            let cells = [0, 1].map(|group| count_percent(counts[group], sizes[group]));
            drafts.push(row(format!("c{index}"), "count-percent", cells, p));
            findings.push(counts);
        }
        // Three subtypes of which everybody has one.
        let mut subtypes = [[0_u64; 2]; 3];
        for group in 0..2 {
            for _ in 0..sizes[group] {
                subtypes[chance.below(3)][group] += 1;
            }
        }
        for (index, counts) in subtypes.iter().enumerate() {
            let p = p_of_counts([counts[0], sizes[0] - counts[0], counts[1], sizes[1] - counts[1]]);
            let cells = [0, 1].map(|group| count_percent(counts[group], sizes[group]));
            drafts.push(row(format!("s{index}"), "count-percent", cells, p));
        }
        let p_values: Vec<Option<f64>> = drafts.iter().map(|(_, p)| *p).collect();
        let with_p = p_values.iter().flatten().count();
        let adjusted = BenjaminiHochberg.adjust_in_family(&p_values, with_p).unwrap().values;
        let rows = drafts
            .into_iter()
            .zip(adjusted)
            .map(|((row, _), adjusted)| Row { p_adjusted: print_p(adjusted), ..row })
            .collect();

        // A score of 0 to 3 that is higher with the event.
        let mut scored = [[0_u64; 2]; 4];
        for group in 0..2 {
            let share = if group == 0 { 0.7 } else { 0.35 };
            for _ in 0..sizes[group] {
                let score = (0..3).filter(|_| chance.uniform() < share).count();
                scored[score][group] += 1;
            }
        }
        let positive = [0, 1].map(|group| scored[2][group] + scored[3][group]);
        let negative = [sizes[0] - positive[0], sizes[1] - positive[1]];
        let share = |count: u64, of: u64| if of == 0 { String::new() } else { format!("{}%", percent(count, of)) };
        let (mut right, mut below) = (0, 0);
        for [with, without] in scored {
            right += 2 * with * below + with * without;
            below += without;
        }
        let pairs = 2 * sizes[0] * sizes[1];
        let everyone: Vec<f64> = measured[0].concat();
        let (mean, sd) = mean_sd(&everyone);
        let r = Pearson::default().run(&everyone, &measured[1].concat()).unwrap();
        let found = findings[0][0] + findings[0][1];
        let mut paper = Self {
            sizes,
            header: sizes.map(|n| n.to_string()),
            rows,
            score_table: scored
                .iter()
                .map(|[with, without]| [with + without, *with, *without].map(|count| count.to_string()))
                .collect(),
            accuracy: [
                share(positive[0], sizes[0]),
                share(negative[1], sizes[1]),
                share(positive[0], positive[0] + positive[1]),
                share(negative[1], negative[0] + negative[1]),
            ],
            auc: format!("{:.3}", right as f64 / pairs as f64),
            overall: format!("{mean:.2} ± {sd:.2}"),
            finding: count_percent(found, sizes[0] + sizes[1]),
            abstract_p: String::new(),
            correlation: [format!("{:.3}", r.estimate.unwrap().value), print_p(Some(r.p_value))],
        };
        paper.abstract_p = paper.rows[0].p.clone();
        paper
    }

    /// The published record.
    pub(crate) fn record(&self) -> String {
        let [first, second] = self.sizes;
        let mut text = format!(
            "[paper]\nid = \"made_up\"\ntitle = \"A made-up paper\"\ncitation = \"Nobody\"\n\n\
             [[group]]\nid = \"a\"\nlabel = \"A\"\nn = {first}\n\n[[group]]\nid = \"b\"\nlabel = \"B\"\nn = {second}\n\n\
             [[group]]\nid = \"all\"\nlabel = \"all patients\"\nn = {}\nparts = [\"a\", \"b\"]\n\n\
             [[table]]\nid = \"t1\"\nlabel = \"Table 1\"\ngroups = [\"a\", \"b\"]\nn = {{ a = \"{}\", b = \"{}\" }}\n\
             tests = {{ mean-sd = [\"t-test\"], median-quartiles = [\"mann-whitney\"], counts = [\"chi-square\", \
             \"fisher-exact\"] }}\nadjusted = [\"benjamini-hochberg\"]\n",
            first + second,
            self.header[0],
            self.header[1],
        );
        for (partition, rows) in [(false, &self.rows[..self.rows.len() - 3]), (true, &self.rows[self.rows.len() - 3..])]
        {
            write!(text, "\n[[table.section]]\nheading = \"Rows\"\npartition = {partition}\nrow = [\n").unwrap();
            for Row { id, kind, cells: [a, b], p, p_adjusted } in rows {
                writeln!(
                    text,
                    "    {{ id = \"{id}\", label = \"{id}\", kind = \"{kind}\", a = \"{a}\", b = \"{b}\", p = \"{p}\", \
                     p_adjusted = \"{p_adjusted}\" }},"
                )
                .unwrap();
            }
            text += "]\n";
        }
        text += "\n[[score_table]]\nid = \"t2\"\nlabel = \"Table 2\"\nevents = \"a\"\nnon_events = \"b\"\nrow = [\n";
        for (score, [total, with, without]) in self.score_table.iter().enumerate() {
            writeln!(text, "    {{ score = \"{score}\", total = \"{total}\", a = \"{with}\", b = \"{without}\" }},")
                .unwrap();
        }
        text += "]\n\n[[accuracy]]\nid = \"score\"\nplace = \"Results\"\nlabel = \"score\"\nscore_table = \"t2\"\ncutoff = \"≥ 2\"\n";
        for (key, value) in ["sensitivity", "specificity", "ppv", "npv"].iter().zip(&self.accuracy) {
            if !value.is_empty() {
                writeln!(text, "{key} = \"{value}\"").unwrap();
            }
        }
        write!(
            text,
            "auc = \"{}\"\n\n[[passage]]\nplace = \"Results\"\nclaim = [\n\
             \x20   {{ id = \"res.n\", label = \"patients\", kind = \"count\", printed = \"{}\", counts = \"all\" }},\n\
             \x20   {{ id = \"res.m0\", label = \"m0\", kind = \"mean-sd\", printed = \"{}\", combines = \"t1.m0\" }},\n\
             \x20   {{ id = \"res.c0\", label = \"c0\", kind = \"count-percent\", printed = \"{}\", combines = \"t1.c0\", of = \"all\" }},\n\
             \x20   {{ id = \"abs.m0.p\", label = \"m0\", printed = \"{}\", restates = \"t1.m0.p\" }},\n\
             \x20   {{ id = \"res.r\", label = \"r\", kind = \"correlation\", printed = \"{}\" }},\n\
             \x20   {{ id = \"res.r.p\", label = \"p of r\", kind = \"p-value\", printed = \"{}\" }},\n]\n\n\
             [[correlation]]\nmethod = \"pearson\"\nx = \"m0\"\ny = \"m1\"\nr = \"res.r\"\np = \"res.r.p\"\n\n\
             [[variable]]\nids = [\"m0\", \"m1\", \"m2\", \"m3\", \"m4\", \"m5\", \"q0\", \"q1\", \"q2\", \"q3\"]\ndecimals = 0\n",
            self.auc,
            first + second,
            self.overall,
            self.finding,
            self.abstract_p,
            self.correlation[0],
            self.correlation[1],
        )
        .unwrap();
        text
    }
}
