//! One model on data in files, with its answer, times and peak memory: our side of `benches/peers/models.py`.
//!
//! ```text
//! models logistic REPEATS EVENT COVARIATE...       files of little-endian doubles
//! models cox REPEATS TIME EVENT COVARIATE...
//! ```
//!
//! Prints the answer with times and the peak of memory, the files read before the clocks start. They run from
//! columns to the fit: the design of a logistic model is built, the times of a Cox model are sorted.

mod measure;

use std::error::Error;
use std::io::Write;

use restudy_stats::regression::{Design, Logistic, Outcome};
use restudy_stats::survival::{Covariates, Cox, SurvivalData};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(task), Some(repeats)) = (arguments.next(), arguments.next()) else {
        return Err("usage: models TASK REPEATS FILE...".into());
    };
    let files = arguments.map(|path| measure::read(&path)).collect::<Result<Vec<_>, _>>()?;
    let is = |column: &[f64]| column.iter().map(|x| *x == 1.0).collect::<Vec<_>>();
    let line = match task.as_str() {
        "logistic" => {
            let events = is(&files[0]);
            measure::timed(&repeats, || logistic(&events, &files[1..]))?
        }
        "cox" => {
            let (events, covariates) = (is(&files[1]), files[2..].concat());
            let names: Vec<String> = (2..files.len()).map(|j| format!("x{}", j - 1)).collect();
            let covariates = Covariates { names: &names, values: &covariates };
            measure::timed(&repeats, || cox(&files[0], &events, covariates))?
        }
        _ => return Err(format!("no task `{task}`").into()),
    };
    writeln!(std::io::stdout(), "{line}")?;
    Ok(())
}

fn logistic(events: &[bool], covariates: &[Vec<f64>]) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut design = Design::build(events.len()).intercept();
    for (j, x) in covariates.iter().enumerate() {
        design = design.continuous(&format!("x{}", j + 1), x, 1.0);
    }
    let design = design.finish()?;
    let fit = Logistic::default().fit(&design, Outcome::new(events))?;
    Ok([fit.coefficients(), &fit.std_errors(), &[fit.log_likelihood()]].concat())
}

fn cox(time: &[f64], events: &[bool], covariates: Covariates<'_>) -> Result<Vec<f64>, Box<dyn Error>> {
    let times = SurvivalData::new(time, events).prepare()?;
    let fit = Cox::default().fit(&times, covariates)?;
    let p = fit.names.len();
    let errors: Vec<f64> = (0..p).map(|j| fit.covariance[j * (p + 1)].sqrt()).collect();
    let concordance = fit.concordance.map_or([f64::NAN; 2], |concordance| [concordance.value, concordance.std_error]);
    Ok([&fit.coefficients, &errors, &[fit.log_likelihood][..], &concordance].concat())
}
