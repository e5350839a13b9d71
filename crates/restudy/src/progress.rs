//! How far a long computation has come: a line on a terminal, and nothing anywhere else.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::time::Instant;

use restudy_study::Progress;

/// The cells of the bar.
const CELLS: u32 = 24;

/// Nobody waits for less.
const SILENT_SECONDS: f64 = 0.5;

/// A line on the terminal's standard error that goes when it is dropped. In a file, a pipe or a log of CI there is none.
pub(crate) struct Bar {
    state: Option<Mutex<State>>,
}

struct State {
    begun: Instant,
    block: String,
    shown: Option<String>,
}

impl Default for Bar {
    fn default() -> Self {
        let set = |name| std::env::var_os(name).is_some();
        let dumb = std::env::var_os("TERM").is_none_or(|terminal| terminal == "dumb");
        let seen = std::io::stderr().is_terminal() && !dumb && !set("CI");
        let state = || State { begun: Instant::now(), block: String::new(), shown: None };
        Self { state: seen.then(|| Mutex::new(state())) }
    }
}

impl Bar {
    /// Shows how far a block is; called from any thread, by whichever comes first, the others go on.
    pub(crate) fn show(&self, progress: Progress<'_>) {
        let Some(mut state) = self.state.as_ref().and_then(|state| state.try_lock().ok()) else { return };
        if state.block != progress.block {
            (state.begun, state.block) = (Instant::now(), progress.block.to_owned());
        }
        let seconds = state.begun.elapsed().as_secs_f64();
        if seconds < SILENT_SECONDS {
            return;
        }
        let line = line(progress, seconds);
        if state.shown.as_ref() != Some(&line) {
            // Whether the line is seen changes no result.
            let _ = write!(std::io::stderr(), "\r\x1b[K{line}");
            state.shown = Some(line);
        }
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        if self.state.as_ref().and_then(|state| state.lock().ok()).is_some_and(|state| state.shown.is_some()) {
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        }
    }
}

/// `derivation  [########                ]  33 %  4 s left`
fn line(Progress { block, done, of }: Progress<'_>, seconds: f64) -> String {
    let share = f64::from(done.min(of)) / f64::from(of.max(1));
    let full = (share * f64::from(CELLS)) as usize;
    let left = if share > 0.0 { (seconds / share - seconds).ceil() } else { 0.0 };
    format!(
        "{block}  [{:<width$}]  {:.0} %  {left} s left",
        "#".repeat(full),
        (100.0 * share).floor(),
        width = CELLS as usize
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_of_the_way() {
        let progress = Progress { block: "derivation", done: 660, of: 2000 };
        assert_eq!(line(progress, 3.3), "derivation  [#######                 ]  33 %  7 s left");
        assert!(line(Progress { block: "b", done: 0, of: 0 }, 1.0).ends_with("0 %  0 s left"));
    }

    #[test]
    fn where_there_is_no_terminal_nothing_is_shown() {
        // The test's own standard error is a pipe or a file, or CI says so.
        if !std::io::stderr().is_terminal() {
            assert!(Bar::default().state.is_none());
        }
    }
}
