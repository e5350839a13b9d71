//! `t.test(a, b, var.equal = FALSE)`.

use restudy_stats::descriptive::StandardizedBy;
use restudy_stats::hypothesis::WelchT;

use super::{Failure, Method, mean_comparison};
use crate::case::Case;

pub(super) const METHOD: Method = Method { name: "welch_t", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    mean_comparison::check(
        case,
        ("smd_average_variance", StandardizedBy::AverageVariance),
        |alternative, first, second| WelchT { alternative, ..WelchT::default() }.run(first, second),
    )
}
