//! Files in, typed columns out.
//!
//! A [`Cohort`] is a table of patients as a study may use it: every column typed and labelled by its codebook, every
//! missing value counted under the code that stood for it, every patient who was dropped accounted for by the filter
//! that dropped them.
//!
//! ```
//! use restudy_cohort::{Cohort, Filter, ReadOptions, Source};
//!
//! let cohort = Cohort::read(&Source {
//!     file_name: "trial.csv",
//!     bytes: b"age,sex\n71,1\n999,2\n64,1\n15,2\n",
//!     options: &ReadOptions::default(),
//!     codebook: Some((
//!         "codebook.toml",
//!         r#"
//!         [columns.age]
//!         kind = "continuous"
//!         unit = "years"
//!         missing = [999]
//!         [columns.sex]
//!         kind = "binary"
//!         levels = [{ value = 1, label = "Male" }, { value = 2, label = "Female" }]
//!         "#,
//!     )),
//!     derive: &[],
//!     filters: &[Filter { label: "minors".into(), keep: false, sql: "age < 18".into() }],
//! })?;
//! assert_eq!(cohort.patients(), 3);
//! // The patient of unknown age is not known to be a minor, stays, and is counted.
//! assert_eq!((cohort.flow()[0].dropped, cohort.flow()[0].undetermined), (1, 1));
//! assert_eq!(cohort.missingness("age", Some("sex"))?.groups[1].1.n_missing, 1);
//! # Ok::<(), restudy_cohort::CohortError>(())
//! ```
//!
//! # The path of a table
//!
//! bytes → text (`decode`) → cells (`table`), or bytes of another program → cells (`format`) → typed columns (`typing`, told by the `codebook`) → derived columns, then
//! filters (`sql`) → [`Cohort`]. Every step refuses what it cannot read with a [`CohortError`] that names file, line and
//! column, and never a cell's content: no row of patient data leaves this crate in a message.
//!
//! polars computes the expressions, column by column, and is met in `sql` alone: the columns that leave this crate are
//! plain vectors.
//!
//! # What this crate does not know
//!
//! Statistics, study files, how a number will be rounded or drawn. It reads no file itself: bytes and names are given.

mod code;
mod codebook;
mod cohort;
mod column;
mod decode;
mod error;
mod export;
mod format;
mod nearest;
mod source;
mod sql;
mod table;
mod typing;

pub use cohort::{Cohort, FlowStep, MissingCount, Missingness};
pub use column::{Column, Kind, Values};
pub use error::{CodebookProblem, CohortError, Place, SqlProblem, SqlType, Suggestion};
pub use source::{Derive, Filter, ReadOptions, Source};
