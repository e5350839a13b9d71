//! `glm(family = binomial)` at full convergence, its profiles, and `drop1(test = "LRT")`.

use restudy_stats::Level;
use restudy_stats::accuracy::{Auc, Brier, Direction, Roc};
use restudy_stats::regression::{Logistic, Outcome};

use super::{Failure, Method};
use crate::case::Case;
use crate::model::{ModelData, by_name, by_row};
use crate::tolerance::{EXACT, MODEL, PROFILE, STATISTIC};

const SPLINE: &str = "information only: a spline, good to 2 to 5 digits";

pub(super) const METHOD: Method = Method { name: "logistic", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let data = ModelData::read(case)?;
    let design = data.design()?;
    let fit = Logistic::default().fit(&design, Outcome::new(&data.events))?;
    let wald = fit.wald(Level::NINETY_FIVE);
    let (profile, terms) = (fit.profile(Level::NINETY_FIVE)?, fit.term_tests()?);
    let overall = fit.likelihood_ratio()?;
    let fitted = fit.probabilities();

    let check = &mut case.check;
    check.number("n", fit.observations(), EXACT);
    check.number("events", fit.events(), EXACT);
    by_name(check, "coef", fit.names(), fit.coefficients(), MODEL);
    by_row(check, "se", &wald, |row| row.std_error, MODEL);
    by_row(check, "z", &wald, |row| row.statistic, MODEL);
    by_row(check, "p", &wald, |row| row.p_value, MODEL);
    by_row(check, "wald_ci95_low", &wald, |row| row.interval.low, MODEL);
    by_row(check, "wald_ci95_high", &wald, |row| row.interval.high, MODEL);
    by_row(check, "odds_ratio", &wald, |row| row.odds_ratio(), MODEL);
    by_row(check, "or_wald_ci95_low", &wald, |row| row.odds_ratio_interval().low, MODEL);
    by_row(check, "or_wald_ci95_high", &wald, |row| row.odds_ratio_interval().high, MODEL);
    by_row(check, "profile_ci95_low", &profile, |row| row.interval.low, PROFILE);
    by_row(check, "profile_ci95_high", &profile, |row| row.interval.high, PROFILE);
    check.number("loglik", fit.log_likelihood(), MODEL);
    check.number("loglik_null", fit.null_log_likelihood(), MODEL);
    check.number("deviance", fit.deviance(), MODEL);
    check.number("null_deviance", fit.null_deviance(), MODEL);
    check.number("aic", fit.aic(), MODEL);
    check.number("bic", fit.bic(), MODEL);
    check.number("lr_chi2", overall.chi_square, MODEL);
    check.number("lr_df", overall.df as f64, EXACT);
    check.number("lr_p", overall.p_value, MODEL);
    check.number("r2_cox_snell", fit.r2_cox_snell(), MODEL);
    check.number("r2_nagelkerke", fit.r2_nagelkerke(), MODEL);
    check.number("r2_mcfadden", fit.r2_mcfadden(), MODEL);
    for term in &terms {
        let name = &term.term;
        check.number(&format!("term_lr_chi2.{name}"), term.test.chi_square, MODEL);
        check.number(&format!("term_lr_df.{name}"), term.test.df as f64, EXACT);
        check.number(&format!("term_lr_p.{name}"), term.test.p_value, MODEL);
    }
    for j in 0..fit.names().len() {
        for k in 0..fit.names().len() {
            check.number(&format!("vcov[{j}][{k}]"), fit.covariance(j, k), MODEL);
        }
    }
    for name in fit.names() {
        check.not_covered(&format!("r_confint_spline_low.{name}"), SPLINE);
        check.not_covered(&format!("r_confint_spline_high.{name}"), SPLINE);
    }
    let of = |event: bool| -> Vec<f64> {
        let rows = fitted.iter().zip(&data.events).filter(|&(_, &is)| is == event);
        rows.map(|(fitted, _)| *fitted).collect()
    };
    let curve = Roc { direction: Direction::Higher }.run(&of(true), &of(false))?;
    check.number("auc_of_fitted", Auc::default().run(&curve).value, STATISTIC);
    check.number("brier", Brier.run(&fitted, &data.events)?.value, MODEL);
    for (row, &fitted) in fitted.iter().take(5).enumerate() {
        check.number(&format!("fitted_first5[{row}]"), fitted, MODEL);
    }
    if check.expects("hosmer_lemeshow_chi2") {
        let test = fit.hosmer_lemeshow(10)?;
        check.number("hosmer_lemeshow_chi2", test.chi_square, MODEL);
        check.number("hosmer_lemeshow_df", test.df as f64, EXACT);
        check.number("hosmer_lemeshow_p", test.p_value, MODEL);
        for (group, found) in test.groups.iter().enumerate() {
            check.number(&format!("hosmer_lemeshow_n[{group}]"), found.n as f64, EXACT);
            check.number(&format!("hosmer_lemeshow_observed[{group}]"), found.observed as f64, EXACT);
            check.number(&format!("hosmer_lemeshow_expected[{group}]"), found.expected, MODEL);
        }
    }
    Ok(())
}
