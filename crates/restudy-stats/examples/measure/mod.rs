//! What the programs of `benches/peers` share: data from files, and a computation timed.

use std::error::Error;
use std::fmt::Write;
use std::path::Path;
use std::time::Instant;

/// A file of little-endian doubles.
pub(crate) fn read(path: &str) -> Result<Vec<f64>, Box<dyn Error>> {
    let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
    let (doubles, _) = bytes.as_chunks::<8>();
    Ok(doubles.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect())
}

/// Does a computation some times: `{"answer": […], "seconds": […], "cpu": […], "megabytes": …}`, the processor time that of
/// all threads, the memory the peak of the process with its data. Where the system does not tell, NaN.
pub(crate) fn timed(
    repeats: &str,
    mut compute: impl FnMut() -> Result<Vec<f64>, Box<dyn Error>>,
) -> Result<String, Box<dyn Error>> {
    let (mut answer, mut seconds, mut cpu) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..repeats.parse()? {
        let start = (Instant::now(), processor_seconds());
        answer = compute()?;
        seconds.push(start.0.elapsed().as_secs_f64());
        cpu.push(processor_seconds() - start.1);
    }
    let mut line = format!("{{\"answer\": {answer:?}, \"seconds\": {seconds:?}, \"cpu\": {cpu:?}, ");
    write!(line, "\"megabytes\": {:.0}}}", peak().unwrap_or(f64::NAN))?;
    Ok(line)
}

/// The time that the threads of this process have had a processor, to the nanosecond.
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
