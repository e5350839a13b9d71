//! How many threads a command works on.

use std::num::NonZero;

use crate::Result;
use crate::message::Failure;

#[derive(clap::Args, Default)]
pub(crate) struct Threads {
    /// Threads to work on; one for each core, if not given. What comes out does not depend on it.
    #[arg(long, value_name = "NUMBER", value_parser = clap::value_parser!(u16).range(1..=1024))]
    threads: Option<u16>,
}

impl Threads {
    /// How many.
    pub(crate) fn count(&self) -> usize {
        let available = || std::thread::available_parallelism().map_or(1, NonZero::get);
        self.threads.map_or_else(available, usize::from)
    }

    /// Does the work of a command on these threads and no others.
    pub(crate) fn run<T: Send>(&self, work: impl FnOnce() -> Result<T> + Send) -> Result<T> {
        let Some(threads) = self.threads else { return work() };
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads.into()).build();
        let pool = pool.map_err(|error| {
            Failure::new(format!("{threads} threads cannot be started: {error}")).hint("ask for fewer with --threads")
        })?;
        pool.install(work)
    }
}
