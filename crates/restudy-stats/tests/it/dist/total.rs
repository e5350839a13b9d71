//! Every verb answers on any double whatever: no panic, no endless search, a probability or NaN.

use proptest::num::f64::ANY;
use proptest::prelude::*;
use restudy_stats::DistributionError;
use restudy_stats::dist::{Beta, Binomial, ChiSquare, FisherF, Gamma, Normal, StudentT};

/// Any double, or one of a size that meets a distribution's middle more often.
fn any_double() -> impl Strategy<Value = f64> {
    prop_oneof![ANY, (-320.0..308.0_f64).prop_map(|e| 10_f64.powf(e)), 0.0..1.0_f64, -50.0..50.0_f64]
}

fn is_probability_unless_nan(p: f64, argument: f64) -> Result<(), TestCaseError> {
    if argument.is_nan() {
        prop_assert!(p.is_nan());
    } else {
        prop_assert!((0.0..=1.0).contains(&p), "{p} at {argument:e}");
    }
    Ok(())
}

fn is_quantile(x: f64, p: f64, range: std::ops::RangeInclusive<f64>) -> Result<(), TestCaseError> {
    if (0.0..=1.0).contains(&p) {
        prop_assert!(range.contains(&x), "{x} at {p:e}");
    } else {
        prop_assert!(x.is_nan());
    }
    Ok(())
}

/// One `f64` a parameter.
macro_rules! double {
    ($_parameter:ident) => {
        f64
    };
}

macro_rules! continuous {
    ($name:ident, ($($parameter:ident),*), $range:expr, $new:expr) => {
        proptest! {
            #![proptest_config(ProptestConfig::with_cases(2000))]
            #[test]
            fn $name(x in any_double(), p in any_double(), $($parameter in any_double()),*) {
                let new: fn($(double!($parameter)),*) -> Result<_, DistributionError> = $new;
                if let Ok(distribution) = new($($parameter),*) {
                    is_probability_unless_nan(distribution.lower_tail(x), x)?;
                    is_probability_unless_nan(distribution.upper_tail(x), x)?;
                    is_quantile(distribution.lower_quantile(p), p, $range)?;
                    is_quantile(distribution.upper_quantile(p), p, $range)?;
                }
            }
        }
    };
}

const REAL: std::ops::RangeInclusive<f64> = f64::NEG_INFINITY..=f64::INFINITY;
const POSITIVE: std::ops::RangeInclusive<f64> = 0.0..=f64::INFINITY;

continuous!(normal, (), REAL, || Ok(Normal));
continuous!(student_t, (df), REAL, |df| StudentT::new(df));
continuous!(gamma, (shape), POSITIVE, |shape| Gamma::new(shape));
continuous!(chi_square, (df), POSITIVE, |df| ChiSquare::new(df));
continuous!(fisher_f, (df1, df2), POSITIVE, |df1, df2| FisherF::new(df1, df2));
continuous!(beta, (a, b), 0.0..=1.0, |a, b| Beta::new(a, b));

/// Any count, or a small one.
fn any_count() -> impl Strategy<Value = u64> {
    prop_oneof![any::<u64>(), (0..64_u32).prop_map(|shift| u64::MAX >> shift), 0..2_000_u64]
}

proptest! {
    #[test]
    fn binomial(n in any_count(), k in any_count(), p in any_double()) {
        if let Ok(distribution) = Binomial::new(n, p) {
            for k in [k, k.min(n), (n as f64 * p) as u64] {
                for value in [distribution.mass(k), distribution.lower_tail(k), distribution.upper_tail(k)] {
                    is_probability_unless_nan(value, 0.0)?;
                }
                prop_assert!(distribution.ln_mass(k) <= 0.0);
            }
        }
    }
}
