//! One computation on data in files, with its answer and times: our side of `benches/peers/run.py`.
//!
//! ```text
//! peers TASK REPEATS FILE...       files of little-endian doubles
//! ```
//!
//! Prints the answer with times and the peak of memory, the files read before the clocks start.

mod measure;

use std::error::Error;
use std::io::Write;

use restudy_stats::correlation::{Kendall, KendallNullChoice, Spearman, SpearmanNullChoice};
use restudy_stats::hypothesis::{MannWhitney, RankNullChoice, StudentT, TestResult};
use restudy_stats::multiplicity::BenjaminiHochberg;

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(task), Some(repeats)) = (arguments.next(), arguments.next()) else {
        return Err("usage: peers TASK REPEATS FILE...".into());
    };
    let files = arguments.map(|path| measure::read(&path)).collect::<Result<Vec<_>, _>>()?;
    let columns: Vec<&[f64]> = files.iter().map(Vec::as_slice).collect();
    // The form in which our tests take p-values; data of any form are ready before the clock starts.
    let p_values: Vec<Option<f64>> = columns.first().into_iter().flat_map(|p| p.iter().copied().map(Some)).collect();
    writeln!(std::io::stdout(), "{}", measure::timed(&repeats, || run(&task, &columns, &p_values))?)?;
    Ok(())
}

fn run(task: &str, columns: &[&[f64]], p_values: &[Option<f64>]) -> Result<Vec<f64>, Box<dyn Error>> {
    let statistic_and_p = |result: TestResult| {
        let statistic = result.statistic.map(|statistic| statistic.value());
        statistic.into_iter().chain([result.p_value]).collect()
    };
    let mann_whitney = |null| MannWhitney { null, ..MannWhitney::default() };
    Ok(match (task, columns) {
        ("student_t", [a, b]) => statistic_and_p(StudentT::default().run(a, b)?),
        ("mann_whitney", [a, b]) => {
            statistic_and_p(mann_whitney(RankNullChoice::Normal { continuity: true }).run(a, b)?)
        }
        ("mann_whitney_exact", [a, b]) => statistic_and_p(mann_whitney(RankNullChoice::ExactGivenTies).run(a, b)?),
        ("benjamini_hochberg", [p]) => {
            let adjusted = BenjaminiHochberg.adjust(p_values)?;
            // Enough to compare by, without printing a million numbers.
            let sum = adjusted.values.iter().flatten().sum();
            [0, p.len() / 2].iter().filter_map(|&at| adjusted.values[at]).chain([sum]).collect()
        }
        ("spearman", columns) => {
            let test = Spearman { null: SpearmanNullChoice::StudentT, ..Spearman::default() };
            let pairs = test.run_on_all_pairs(columns)?;
            pairs.iter().filter_map(|pair| pair.result.estimate).map(|estimate| estimate.value).collect()
        }
        ("kendall", [x, y]) => {
            let test = Kendall { null: KendallNullChoice::Normal { continuity: false }, ..Kendall::default() };
            let result = test.run(x, y)?;
            result.estimate.map(|tau| tau.value).into_iter().chain([result.p_value]).collect()
        }
        _ => return Err(format!("no task `{task}` on {} files", columns.len()).into()),
    })
}
