//! The defining identity of a quantile, for all continuous distributions: the tail at the quantile is p.

use proptest::prelude::*;
use restudy_stats::dist::{Beta, ChiSquare, FisherF, Gamma, Normal, StudentT};

use super::close::STANDARD;

/// p of any size down to 1e-300, and near 1.
fn any_p() -> impl Strategy<Value = f64> {
    prop_oneof![
        (-300.0..0.0_f64).prop_map(|exponent| 10_f64.powf(exponent)),
        0.0..1.0_f64,
        (-16.0..0.0_f64).prop_map(|exponent| 1.0 - 10_f64.powf(exponent)),
    ]
    .prop_filter("0 and 1 are the ends", |p| *p > 0.0 && *p < 1.0)
}

/// A parameter of any size from 0.01 to 1e9.
fn any_parameter() -> impl Strategy<Value = f64> {
    prop_oneof![(-2.0..9.0_f64).prop_map(|exponent| 10_f64.powf(exponent)), (1..200_u32).prop_map(f64::from)]
}

/// A tail moved by the standard in its argument, either way, encloses p. The tail itself may be off in its last digits.
fn encloses(tail: impl Fn(f64) -> f64, quantile: f64, p: f64) -> Result<(), TestCaseError> {
    const LAST_DIGITS: f64 = 1e-13;
    if quantile == 0.0 || quantile.abs() < 1e-290 || quantile.abs() > 1e290 || quantile == 1.0 {
        return Ok(());
    }
    let (one, other) = (tail(quantile * (1.0 - STANDARD)), tail(quantile * (1.0 + STANDARD)));
    prop_assert!(one.min(other) <= p * (1.0 + LAST_DIGITS), "{one:e} and {other:e} are above {p:e}");
    prop_assert!(one.max(other) >= p * (1.0 - LAST_DIGITS), "{one:e} and {other:e} are below {p:e}");
    Ok(())
}

macro_rules! identity {
    ($name:ident, ($($parameter:ident),*), $new:expr) => {
        proptest! {
            #[test]
            fn $name(p in any_p(), $($parameter in any_parameter()),*) {
                let distribution = $new;
                encloses(|x| distribution.lower_tail(x), distribution.lower_quantile(p), p)?;
                encloses(|x| distribution.upper_tail(x), distribution.upper_quantile(p), p)?;
            }
        }
    };
}

identity!(normal, (), Normal);
identity!(student_t, (df), StudentT::new(df).unwrap());
identity!(gamma, (shape), Gamma::new(shape).unwrap());
identity!(chi_square, (df), ChiSquare::new(df).unwrap());
identity!(fisher_f, (df1, df2), FisherF::new(df1, df2).unwrap());
identity!(beta, (a, b), Beta::new(a, b).unwrap());

macro_rules! monotone {
    ($name:ident, ($($parameter:ident),*), $new:expr) => {
        proptest! {
            #[test]
            fn $name(p in any_p(), step in 0.0..1e-3_f64, $($parameter in any_parameter()),*) {
                let distribution = $new;
                let x = distribution.lower_quantile(p);
                prop_assume!(x.is_finite());
                let further = x + x.abs() * step;
                // The last digits of two evaluations may cross.
                let slack = 1.0 + 1e-13;
                prop_assert!(distribution.lower_tail(x) <= distribution.lower_tail(further) * slack);
                prop_assert!(distribution.upper_tail(further) <= distribution.upper_tail(x) * slack);
                let whole = distribution.lower_tail(x) + distribution.upper_tail(x);
                prop_assert!((whole - 1.0).abs() < 1e-15);
            }
        }
    };
}

mod monotone {
    use super::*;

    monotone!(normal, (), Normal);
    monotone!(student_t, (df), StudentT::new(df).unwrap());
    monotone!(gamma, (shape), Gamma::new(shape).unwrap());
    monotone!(chi_square, (df), ChiSquare::new(df).unwrap());
    monotone!(fisher_f, (df1, df2), FisherF::new(df1, df2).unwrap());
    monotone!(beta, (a, b), Beta::new(a, b).unwrap());
}
