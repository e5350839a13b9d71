//! `t.test(a, b, var.equal = TRUE)`.

use restudy_stats::descriptive::StandardizedBy;
use restudy_stats::hypothesis::StudentT;

use super::{Failure, Method, mean_comparison};
use crate::case::Case;

pub(super) const METHOD: Method = Method { name: "student_t", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    mean_comparison::check(case, ("cohens_d_pooled_sd", StandardizedBy::PooledSd), |alternative, first, second| {
        StudentT { alternative, ..StudentT::default() }.run(first, second)
    })
}
