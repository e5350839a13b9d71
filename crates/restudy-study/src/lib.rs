//! Study file → plan → ledger.
//!
//! [`Study::parse`] reads what to compute. [`Plan::new`] resolves every default against the cohort, each setting with
//! its origin, and refuses what cannot be carried out. [`Plan::run`] carries it out: one row of the ledger a number.
//! An analysis row that has no answer becomes a row that says so, and the rest of the table is still made.
//!
//! This crate does not know pixels, decimals or colours: what it writes is full precision, and words only where they
//! are evidence (`why`, `reason`, `remarks`). It opens no file: texts and bytes come from outside.

mod block;
mod blocks;
mod comparison;
mod conventions;
mod describe;
mod draft;
mod error;
mod family;
mod figure;
mod file;
mod flow;
mod frame;
mod plan;
mod schema;
mod score_figures;
mod score_follow_up;
mod score_items;
mod score_library;
mod score_validation;

pub use block::{Levels, Progress};
pub use blocks::correlation::{CorrelationBlock, Method, PairEntry};
pub use comparison::TestRule;
pub use conventions::{Conventions, Origin, Preset, PresetSetting, SETTINGS, SettingSpec};
pub use draft::{Draft, DraftTable, draft, draft_of};
pub use error::{Place, StudyError};
pub use figure::{FigureBlock, PanelEntry, PanelWord};
pub use file::{
    Adjustment, ComparisonBlock, DataBlock, DeriveBlock, FilterBlock, FlowBlock, FlowEntry, ReportBlock, RowEntry,
    SettingValue, Study, StudyBlock, StudyFile,
};
pub use plan::Plan;
pub use restudy_cohort::{Cohort, CohortError, ReadOptions, Source};
pub use restudy_ledger::Ledger;
pub use restudy_stats::resample::Resampling;
pub use restudy_stats::{DistributionError, sample_size};
pub use schema::{json_schema, reference};
pub use score_follow_up::FollowUp;
pub use score_library::{
    Assessment, MissingItem, ObservedRisk, PointRule, PublishedScore, Rule, ScoreError, ScoreGroup, ScoreItem,
    conversion,
};
pub use score_validation::{ScoreValidation, UnitMismatch, ValidationError};
