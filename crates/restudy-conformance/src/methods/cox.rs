//! `coxph(Surv(time, event) ~ x + strata(s), ties = "efron" | "breslow")` and `cox.zph`.

use restudy_stats::Level;
use restudy_stats::survival::{Covariates, Cox, CoxTies, ModelTest, ProportionalHazards, TimeTransform};

use super::{Failure, Method};
use crate::case::Case;
use crate::tolerance::{EXACT, MODEL, STATISTIC};

pub(super) const METHOD: Method = Method { name: "cox", run, not_covered: &[] };

fn run(case: &mut Case) -> Result<(), Failure> {
    let (rows, design) = case.survival_covariates()?;
    let ties = if case.id.contains(".cox_breslow.") { CoxTies::Breslow } else { CoxTies::Efron };
    let times = rows.data().prepare()?;
    let p = design.names.len();
    let fit = Cox { ties }.fit(&times, Covariates { names: &design.names, values: &design.values })?;

    let check = &mut case.check;
    check.number("n", fit.n as f64, EXACT);
    check.number("events", fit.events as f64, EXACT);
    for (j, term) in fit.terms(Level::NINETY_FIVE).into_iter().enumerate() {
        for (name, value) in [
            ("coef", term.coefficient),
            ("se", term.std_error),
            ("z", term.z),
            ("p", term.p_value),
            ("hr", term.hazard_ratio),
            ("hr_ci95_low", term.interval.low),
            ("hr_ci95_high", term.interval.high),
        ] {
            check.number(&format!("{name}.{}", term.name), value, MODEL);
        }
        for k in 0..p {
            // Far off the diagonal a covariance is a small difference of products of standard errors.
            let size = (fit.covariance[j * (p + 1)] * fit.covariance[k * (p + 1)]).sqrt();
            check.number(&format!("vcov[{j}][{k}]"), fit.covariance[j * p + k], MODEL.subtracted_from(size));
        }
    }
    check.number("loglik_null", fit.log_likelihood_null, MODEL);
    check.number("loglik", fit.log_likelihood, MODEL);
    check.number("aic", fit.aic(), MODEL);
    for (name, test) in [("lr", fit.likelihood_ratio), ("wald", fit.wald), ("score", fit.score)] {
        check.number(&format!("{name}_chi2"), test.chi_square, MODEL);
        check.number(&format!("{name}_p"), test.p_value, MODEL);
    }
    check.number("df", p as f64, EXACT);
    if let Some(concordance) = fit.concordance {
        check.number("concordance", concordance.value, STATISTIC);
        check.number("concordance_se", concordance.std_error, STATISTIC);
    }
    for (row, (residual, predictor)) in fit.martingale_residuals.iter().zip(&fit.linear_predictor).take(5).enumerate() {
        check.number(&format!("martingale_residuals_first5[{row}]"), *residual, MODEL);
        check.number(&format!("linear_predictor_uncentered_first5[{row}]"), *predictor, MODEL);
    }

    if check.expects("baseline_times") {
        // R centres a column on its mean, unless it holds nothing but −1, 0 and 1.
        let columns = design.values.chunks_exact(times.len());
        let centre: Vec<f64> = (columns.zip(fit.means()))
            .map(|(x, mean)| if x.iter().all(|x| [-1.0, 0.0, 1.0].contains(x)) { 0.0 } else { *mean })
            .collect();
        for (name, centre) in design.names.iter().zip(&centre) {
            check.number(&format!("centering_means.{name}"), *centre, STATISTIC);
        }
        let given = check.expected_list("baseline_times");
        for (key, at) in [("baseline_cumhaz_at_zero", vec![0.0; p]), ("baseline_cumhaz_at_centering_means", centre)] {
            for baseline in fit.cumulative_hazard(&at)? {
                let row = |time: &f64| baseline.time.iter().position(|t| t == time);
                let rows: Vec<Option<usize>> = given.iter().map(|time| time.as_ref().and_then(row)).collect();
                let of =
                    |column: &[f64]| -> Vec<Option<f64>> { rows.iter().map(|row| row.map(|i| column[i])).collect() };
                check.list("baseline_times", &of(&baseline.time), EXACT);
                check.list(key, &of(&baseline.hazard), MODEL);
            }
        }
    }

    let ranges: Vec<_> = design.terms.iter().map(|(_, range)| range.clone()).collect();
    for (key, transform) in [
        ("zph_km", TimeTransform::KaplanMeier),
        ("zph_identity", TimeTransform::Identity),
        ("zph_rank", TimeTransform::Rank),
        ("zph_log", TimeTransform::Log),
    ] {
        if !check.expects_under(key) {
            continue;
        }
        let test = ProportionalHazards { transform }.run(&fit, &ranges)?;
        let terms = design.terms.iter().map(|(name, _)| name.as_str()).zip(test.terms);
        for (name, ModelTest { chi_square, df, p_value }) in terms.chain([("GLOBAL", test.global)]) {
            check.number(&format!("{key}.chi2.{name}"), chi_square, MODEL);
            check.number(&format!("{key}.df.{name}"), df, EXACT);
            check.number(&format!("{key}.p.{name}"), p_value, MODEL);
        }
    }
    Ok(())
}
