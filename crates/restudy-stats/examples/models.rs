//! One model on data in files, with its answer, times and peak memory: our side of `benches/peers/models.py`.
//!
//! ```text
//! models logistic REPEATS EVENT COVARIATE...       files of little-endian doubles
//! models cox REPEATS TIME EVENT COVARIATE...
//! ```
//!
//! Prints `{"answer": […], "seconds": […], "megabytes": …}`, the files read before the clock starts. The clock runs from
//! columns to the fit: the design of a logistic model is built, the times of a Cox model are sorted.

use std::error::Error;
use std::io::Write;
use std::time::Instant;

use restudy_stats::regression::{Design, Logistic, Outcome};
use restudy_stats::survival::{Covariates, Cox, SurvivalData};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (Some(task), Some(repeats)) = (arguments.next(), arguments.next()) else {
        return Err("usage: models TASK REPEATS FILE...".into());
    };
    let files = arguments.map(|path| read(&path)).collect::<Result<Vec<_>, _>>()?;
    let is = |column: &[f64]| column.iter().map(|x| *x == 1.0).collect::<Vec<_>>();
    let (mut answer, mut seconds) = (Vec::new(), Vec::new());
    match task.as_str() {
        "logistic" => {
            let events = is(&files[0]);
            for _ in 0..repeats.parse()? {
                let start = Instant::now();
                answer = logistic(&events, &files[1..])?;
                seconds.push(start.elapsed().as_secs_f64());
            }
        }
        "cox" => {
            let (events, covariates) = (is(&files[1]), files[2..].concat());
            let names: Vec<String> = (2..files.len()).map(|j| format!("x{}", j - 1)).collect();
            for _ in 0..repeats.parse()? {
                let start = Instant::now();
                answer = cox(&files[0], &events, Covariates { names: &names, values: &covariates })?;
                seconds.push(start.elapsed().as_secs_f64());
            }
        }
        _ => return Err(format!("no task `{task}`").into()),
    }
    let megabytes = peak().unwrap_or(f64::NAN);
    writeln!(std::io::stdout(), "{{\"answer\": {answer:?}, \"seconds\": {seconds:?}, \"megabytes\": {megabytes:.0}}}")?;
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

fn read(path: &str) -> Result<Vec<f64>, Box<dyn Error>> {
    let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let (doubles, _) = bytes.as_chunks::<8>();
    Ok(doubles.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect())
}

/// The peak of the process's memory, where the system tells.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kilobytes| kilobytes / 1024.0)
}
