//! What the programs of `benches/peers` share: data from files, and a computation timed.

use std::error::Error;
use std::path::Path;
use std::time::Instant;

/// A file of little-endian doubles.
pub(crate) fn read(path: &str) -> Result<Vec<f64>, Box<dyn Error>> {
    let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let (doubles, _) = bytes.as_chunks::<8>();
    Ok(doubles.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect())
}

/// Does a computation some times: `{"answer": […], "seconds": […], "cpu": …, "megabytes": …}`. The processor time is that of
/// all threads, a mean of a tenth of a second of repetitions at least, since the system counts it in steps of some
/// milliseconds; the memory is the peak of the process with its data. Where the system does not tell, NaN.
pub(crate) fn timed(
    repeats: &str,
    mut compute: impl FnMut() -> Result<Vec<f64>, Box<dyn Error>>,
) -> Result<String, Box<dyn Error>> {
    let (mut answer, mut seconds) = (Vec::new(), Vec::new());
    for _ in 0..repeats.parse()? {
        let start = Instant::now();
        answer = compute()?;
        seconds.push(start.elapsed().as_secs_f64());
    }
    let (start, before) = (Instant::now(), processor_seconds());
    let mut counted = 0;
    while counted == 0 || start.elapsed().as_secs_f64() < 0.1 {
        answer = compute()?;
        counted += 1;
    }
    let cpu = (processor_seconds() - before) / f64::from(counted);
    let megabytes = peak().unwrap_or(f64::NAN);
    Ok(format!(
        "{{\"answer\": {answer:?}, \"seconds\": {seconds:?}, \"cpu\": [{cpu:?}], \"megabytes\": {megabytes:.0}}}"
    ))
}

/// The time that the threads of this process have had a processor.
fn processor_seconds() -> f64 {
    let of_thread = |thread: &Path| {
        let text = std::fs::read_to_string(thread.join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    };
    match std::fs::read_dir("/proc/self/task") {
        Ok(threads) => threads.flatten().filter_map(|thread| of_thread(&thread.path())).sum::<f64>() / 1e9,
        Err(_) => f64::NAN,
    }
}

/// The peak of the process's memory.
fn peak() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<f64>().ok().map(|kilobytes| kilobytes / 1024.0)
}
