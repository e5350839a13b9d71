//! The methods: one file each, registered in [`TABLE`].
//!
//! To add one, write `methods/NAME.rs` with a `METHOD` that computes what its cases expect, and list it here. Values
//! that a method does not name are reported as not covered, so that nothing in a folder goes uncounted.

mod anova;
mod c_index;
mod chi_square;
mod cochran_armitage;
mod correlation;
mod cox;
mod delong;
mod descriptives;
mod effect_2x2;
mod firth;
mod fisher_2x2;
mod fisher_rxc;
mod kaplan_meier;
mod kruskal_wallis;
mod logistic;
mod logrank;
mod mann_whitney;
mod mcnemar;
mod mean_comparison;
pub(crate) mod nist;
mod p_adjust;
mod paired_t;
mod proportion;
mod roc;
pub(crate) mod special;
mod student_t;
mod validate_logistic;
mod variance_tests;
mod welch_t;
mod wilcoxon_signed_rank;

use std::error::Error;

use restudy_stats::regression::FitError;
use restudy_stats::survival::SurvivalError;
use restudy_stats::{DistributionError, TestError};

use crate::case::Case;
use crate::folder::InputError;

/// Every method that is covered, beside the sections of `special.json`.
const TABLE: &[Method] = &[
    anova::METHOD,
    c_index::METHOD,
    chi_square::METHOD,
    correlation::METHOD,
    cochran_armitage::METHOD,
    cox::METHOD,
    delong::PAIRED,
    delong::UNPAIRED,
    descriptives::METHOD,
    effect_2x2::METHOD,
    firth::METHOD,
    fisher_2x2::METHOD,
    fisher_rxc::METHOD,
    kaplan_meier::METHOD,
    kruskal_wallis::METHOD,
    logistic::METHOD,
    logrank::METHOD,
    mann_whitney::METHOD,
    mcnemar::METHOD,
    nist::ONE_WAY_ANOVA,
    nist::UNIVARIATE,
    p_adjust::METHOD,
    paired_t::METHOD,
    proportion::METHOD,
    roc::METHOD,
    student_t::METHOD,
    validate_logistic::METHOD,
    variance_tests::METHOD,
    welch_t::METHOD,
    wilcoxon_signed_rank::METHOD,
];

/// How the cases of one name are computed.
#[derive(Clone, Copy)]
struct Method {
    /// The `method` of its cases.
    name: &'static str,
    /// Computes a case and compares what it expects.
    run: fn(&mut Case) -> Result<(), Failure>,
    /// Values that are left out on purpose, with the reason.
    not_covered: &'static [(&'static str, &'static str)],
}

/// Why a case has no numbers to compare.
enum Failure {
    /// The case cannot be read: the run ends.
    Input(InputError),
    /// The library gave no answer where a reference gave one: a miss.
    Library(Box<dyn Error>),
}

impl From<InputError> for Failure {
    fn from(error: InputError) -> Self {
        Self::Input(error)
    }
}

impl From<TestError> for Failure {
    fn from(error: TestError) -> Self {
        Self::Library(error.into())
    }
}

impl From<SurvivalError> for Failure {
    fn from(error: SurvivalError) -> Self {
        Self::Library(error.into())
    }
}

impl From<DistributionError> for Failure {
    fn from(error: DistributionError) -> Self {
        Self::Library(error.into())
    }
}

impl From<FitError> for Failure {
    fn from(error: FitError) -> Self {
        Self::Library(error.into())
    }
}

/// Runs every case.
pub(crate) fn run_all(mut cases: Vec<Case>) -> Result<Vec<Case>, InputError> {
    for case in &mut cases {
        let listed = TABLE.iter().copied().find(|method| method.name == case.method);
        let Some(method) = listed.or_else(|| special::method(&case.method)) else {
            case.uncovered_method = true;
            case.check.nothing_covered("no such method in the library yet");
            continue;
        };
        for (key, reason) in method.not_covered {
            case.check.not_covered(key, reason);
        }
        match (method.run)(case) {
            Ok(()) => {}
            Err(Failure::Library(error)) => case.check.refused(&*error),
            Err(Failure::Input(error)) => return Err(error.within(format_args!("case {}", case.id))),
        }
    }
    Ok(cases)
}
