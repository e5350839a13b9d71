//! Firth's penalised logistic regression: `logistf`'s tests and limits, `brglm2`'s standard errors.

use restudy_stats::Level;
use restudy_stats::regression::{Coefficient, Firth, Outcome};

use super::{Failure, Method};
use crate::case::Case;
use crate::model::{ModelData, by_name, by_row};
use crate::tolerance::{EXACT, MODEL, PROFILE};

const SEPARATED: &str = "where glm stopped on its way to infinity; the library says that there is no estimate";

pub(super) const METHOD: Method = Method { name: "firth", run, not_covered: &[("ml_max_abs_coef", SEPARATED)] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let data = ModelData::read(case)?;
    let design = data.design()?;
    let fit = Firth::default().fit(&design, Outcome::new(&data.events))?;
    let (wald, profile) = (fit.wald(Level::NINETY_FIVE), fit.profile(Level::NINETY_FIVE)?);
    let (overall, refitted) = (fit.likelihood_ratio()?, fit.likelihood_ratio_of_refitted_null()?);
    let augmented: Vec<f64> = (fit.names().iter().zip(fit.coefficients()).zip(fit.std_errors_augmented()))
        .map(|((name, &estimate), error)| Coefficient::wald(name, estimate, error, Level::NINETY_FIVE).p_value)
        .collect();

    let check = &mut case.check;
    check.number("n", fit.observations(), EXACT);
    check.number("events", fit.events(), EXACT);
    by_name(check, "coef", fit.names(), fit.coefficients(), MODEL);
    by_name(check, "brglm2_coef", fit.names(), fit.coefficients(), MODEL);
    by_name(check, "brglm2_se", fit.names(), &fit.std_errors(), MODEL);
    by_name(check, "se_hat_augmented", fit.names(), &fit.std_errors_augmented(), MODEL);
    by_name(check, "wald_p_hat_augmented", fit.names(), &augmented, MODEL);
    by_row(check, "se", &wald, |row| row.std_error, MODEL);
    by_row(check, "wald_z", &wald, |row| row.statistic, MODEL);
    by_row(check, "wald_p", &wald, |row| row.p_value, MODEL);
    by_row(check, "wald_ci95_low", &wald, |row| row.interval.low, MODEL);
    by_row(check, "wald_ci95_high", &wald, |row| row.interval.high, MODEL);
    by_row(check, "plr_chi2", &profile, |row| row.statistic, MODEL);
    by_row(check, "plr_p", &profile, |row| row.p_value, MODEL);
    by_row(check, "profile_ci95_low", &profile, |row| row.interval.low, PROFILE);
    by_row(check, "profile_ci95_high", &profile, |row| row.interval.high, PROFILE);
    check.number("penalised_loglik", fit.penalized_log_likelihood(), MODEL);
    check.number("loglik_unpenalised_at_firth", fit.log_likelihood(), MODEL);
    check.number("global_plr_chi2", overall.chi_square, MODEL);
    check.number("global_plr_df", overall.df as f64, EXACT);
    check.number("global_plr_p", overall.p_value, MODEL);
    check.number("global_plr_chi2_null_refit", refitted.chi_square, MODEL);
    Ok(())
}
