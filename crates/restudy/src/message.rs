//! Messages to people: what is wrong, where, and what to do. The only door to the terminal.

use std::io::{self, ErrorKind, IsTerminal as _, Write as _};
use std::path::Path;

use restudy_claims::RecordError;
use restudy_report::{DocumentError, PathError};
use restudy_study::{DistributionError, ScoreError, StudyError, ValidationError};

/// Why a command could not do its work.
pub(crate) struct Failure {
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Failure {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), hint: None }
    }

    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// A file that could not be read or written.
    pub(crate) fn file(doing: &str, path: &Path, error: &io::Error) -> Self {
        let what = match error.kind() {
            ErrorKind::NotFound => "there is no such file".to_owned(),
            ErrorKind::PermissionDenied => "permission denied".to_owned(),
            ErrorKind::IsADirectory => "it is a folder".to_owned(),
            _ => error.to_string(),
        };
        Self::new(format!("cannot {doing} {}: {what}", path.display()))
    }
}

impl From<StudyError> for Failure {
    fn from(error: StudyError) -> Self {
        Self { message: error.to_string(), hint: error.hint() }
    }
}

impl From<PathError> for Failure {
    fn from(error: PathError) -> Self {
        Self { message: error.to_string(), hint: error.hint() }
    }
}

impl From<ScoreError> for Failure {
    fn from(error: ScoreError) -> Self {
        Self { message: error.to_string(), hint: error.hint() }
    }
}

impl From<ValidationError> for Failure {
    fn from(error: ValidationError) -> Self {
        Self { message: error.to_string(), hint: error.hint() }
    }
}

impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<DistributionError> for Failure {
    fn from(error: DistributionError) -> Self {
        Self::new(error.to_string())
    }
}

impl From<RecordError> for Failure {
    fn from(error: RecordError) -> Self {
        Self { message: error.to_string(), hint: error.hint() }
    }
}

/// Says why a command failed, on standard error.
pub(crate) fn complain(failure: &Failure) {
    let mut stderr = io::stderr().lock();
    // Nothing is left to do when even the complaint cannot be written.
    let _ = writeln!(stderr, "error: {}", failure.message);
    if let Some(hint) = &failure.hint {
        let _ = writeln!(stderr, "hint: {hint}");
    }
}

/// Writes a result to standard output. A reader that went away early, such as `head`, is not an error.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::new(format!("cannot write to standard output: {error}")))
        }
        _ => Ok(()),
    }
}

/// A line on standard error that says how far a long command is; nothing where nobody watches.
pub(crate) struct Progress {
    what: String,
    watched: bool,
}

impl Progress {
    pub(crate) fn new(what: String) -> Self {
        Self { what, watched: io::stderr().is_terminal() }
    }

    /// Puts the line in place of the last one.
    pub(crate) fn say(&self, text: &str) {
        if self.watched {
            let _ = write!(io::stderr().lock(), "\r\x1b[K{}: {text}", self.what);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.watched {
            let _ = write!(io::stderr().lock(), "\r\x1b[K");
        }
    }
}
