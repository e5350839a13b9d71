//! One computation on survival times or a marker in files, with its answer and times: our side of
//! `benches/peers/survival_accuracy.py`.
//!
//! ```text
//! peers_survival TASK REPEATS FILE...       files of little-endian doubles
//! ```
//!
//! Prints the answer with times and the peak of memory, the files read before the clocks start.

mod measure;

use std::error::Error;
use std::io::Write;

use restudy_stats::accuracy::{Auc, Cutoff, Direction, OptimismBootstrap, Roc, RocBootstrap};
use restudy_stats::regression::Design;
use restudy_stats::resample::{Bootstrap, Resampling};
use restudy_stats::survival::{KaplanMeier, LogRank, SurvivalData};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(task), Some(repeats)) = (arguments.next(), arguments.next()) else {
        return Err("usage: peers_survival TASK REPEATS FILE...".into());
    };
    let files = arguments.map(|path| measure::read(&path)).collect::<Result<Vec<_>, _>>()?;
    let columns: Vec<&[f64]> = files.iter().map(Vec::as_slice).collect();
    // Events and groups in the form in which they are taken, ready before the clock starts.
    let column = |k: usize| columns.get(k).copied().unwrap_or_default();
    let flags: Vec<bool> = column(1).iter().map(|&x| x == 1.0).collect();
    let groups: Vec<usize> = column(2).iter().map(|&x| x as usize).collect();
    writeln!(std::io::stdout(), "{}", measure::timed(&repeats, || run(&task, &columns, &flags, &groups))?)?;
    Ok(())
}

fn run(task: &str, columns: &[&[f64]], flags: &[bool], groups: &[usize]) -> Result<Vec<f64>, Box<dyn Error>> {
    let roc = Roc { direction: Direction::Higher };
    Ok(match (task, columns) {
        ("kaplan_meier", [time, _]) => {
            let curve = KaplanMeier::default().fit(&SurvivalData::new(time, flags).prepare()?)?;
            vec![curve.survival.iter().sum(), curve.median().value.unwrap_or(f64::NAN)]
        }
        ("log_rank", [time, _, _]) => {
            vec![LogRank::default().run(&SurvivalData::new(time, flags).prepare()?, groups)?.chi_square]
        }
        ("auc_delong", [cases, controls]) => {
            let auc = Auc::default().run(&roc.run(cases, controls)?);
            vec![auc.value, auc.std_error.unwrap_or(f64::NAN)]
        }
        ("youden_bootstrap", [cases, controls]) => {
            let resampling = Resampling { replicates: 1000, ..Resampling::default() };
            let bootstrap = Bootstrap { resampling, ..Bootstrap::default() };
            let settings = RocBootstrap { bootstrap, ..RocBootstrap::default() };
            let best = settings.cutoff(&roc.run(cases, controls)?, &Cutoff::default())?;
            vec![best.cutoff.value, best.youden.apparent]
        }
        ("optimism", [a, _, b, c]) => {
            let design = Design::build(a.len()).intercept().continuous("a", a, 1.0);
            let design = design.continuous("b", b, 1.0).continuous("c", c, 1.0).finish()?;
            let result = OptimismBootstrap::default().run(&design, flags)?;
            vec![result.dxy.apparent, result.r2.apparent, result.brier.apparent]
        }
        _ => return Err(format!("no task `{task}` on {} files", columns.len()).into()),
    })
}
