//! Coefficients of correlation, and statistics printed beside their p-values: each must give the other.

use restudy_ledger::{Bound, Derived};
use restudy_stats::correlation::{Pearson, Spearman};
use restudy_stats::dist;

use super::desk::{Desk, Ruling};
use super::range::{Fit, Range};
use super::say;
use crate::printed::{Content, Printed};
use crate::record::{ClaimIndex, Correlation, CorrelationMethod, Distribution, TestStatistic};

pub(super) fn audit(desk: &mut Desk<'_>) {
    for correlation in &desk.record.correlations {
        judge(desk, correlation);
    }
    for statistic in &desk.record.statistics {
        judge_statistic(desk, statistic);
    }
}

/// Two-sided p of a coefficient of n pairs.
fn p_of_r(method: CorrelationMethod, r: f64, n: u64) -> Option<f64> {
    let n = usize::try_from(n).ok()?;
    let result = match method {
        CorrelationMethod::Pearson => Pearson::default().run_on_r(r, n),
        CorrelationMethod::Spearman => Spearman::default().run_on_rho(r, n),
    };
    result.ok().map(|result| result.p_value)
}

/// The size of a coefficient with that two-sided p: r = t/√(t² + df).
fn size_of_p(p: f64, n: u64) -> Option<f64> {
    let df = n.checked_sub(2).filter(|df| *df > 0)? as f64;
    let t = if p <= 0.0 { f64::INFINITY } else { dist::StudentT::new(df).ok()?.upper_quantile(p.min(1.0) / 2.0) };
    Some(if t.is_finite() { t / (t * t + df).sqrt() } else { 1.0 })
}

fn judge(desk: &mut Desk<'_>, correlation: &Correlation) {
    let Correlation { method, r, p, of, .. } = *correlation;
    let n = desk.group(of).n;
    let Content::Correlation(printed_r) = *desk.content(r) else { return };
    let Some(sizes) = Range::printing(printed_r).within(-1.0, 1.0).map(Range::size) else { return };
    let name = match method {
        CorrelationMethod::Pearson => "Pearson's r",
        CorrelationMethod::Spearman => "Spearman's ρ",
    };
    derive_interval(desk, correlation, printed_r, n);
    let printed_p = p.and_then(|claim| match desk.content(claim) {
        Content::PValue(Some(printed)) => Some((claim, *printed)),
        _ => None,
    });
    let Some((p, printed_p)) = printed_p else {
        let how = "a coefficient of correlation follows from the patients' values, which are not printed";
        desk.rule(r, Ruling::not_recomputable(how));
        return;
    };
    // p falls as |r| grows.
    let p_range = p_of_r(method, sizes.high, n).zip(p_of_r(method, sizes.low, n));
    let p_box = Range::printing(printed_p).within(0.0, 1.0);
    let (Some((low, high)), Some(p_box)) = (p_range, p_box) else {
        desk.rule(r, Ruling::not_recomputable(format!("{n} pairs are too few for a p-value")));
        return;
    };
    let allowed = Range { low, high };
    let how_p = format!(
        "{name} of size {} on {n} pairs: t = r·√({n} − 2)/√(1 − r²) on {} degrees of freedom gives p = {}",
        say::ends(sizes, printed_r.decimal().decimals() + 1),
        n.saturating_sub(2),
        say::range(allowed)
    );
    let size_range = size_of_p(p_box.high, n).zip(size_of_p(p_box.low, n)).map(|(low, high)| Range { low, high });
    let ruling = match allowed.fit(printed_p) {
        Fit::Always => Ruling::reproduced(how_p),
        Fit::Possible => Ruling::consistent(how_p),
        Fit::Never => {
            let sentence = format!(
                "{} is {}, but a correlation of {printed_r} in {n} pairs has a p-value of {}.",
                desk.place(p),
                desk.printed(p),
                say::range(allowed)
            );
            let repair = format!("print {}", allowed.middle_printed(printed_p));
            desk.conflict(&[r, p], sentence, Some(repair));
            desk.rule(r, Ruling::impossible(format!("with the p-value of {printed_p}: {how_p}")).using(&[p]));
            Ruling::impossible(how_p)
        }
    };
    let possible = allowed.fit(printed_p) != Fit::Never;
    desk.rule(p, ruling.giving(say::range(allowed), allowed).using(&[r]));
    if let Some(sizes) = size_range.filter(|_| possible) {
        let sign = if printed_r.decimal().signum() < 0 { "−" } else { "" };
        let how = format!(
            "a p-value of {printed_p} on {n} pairs is a coefficient of size {}",
            say::ends(sizes, printed_r.decimal().decimals() + 2)
        );
        let signed = if sign.is_empty() { sizes } else { Range { low: -sizes.high, high: -sizes.low } };
        desk.rule(r, Ruling::consistent(how).giving(say::range(signed), signed).using(&[p]));
    }
}

/// Fisher's interval of the coefficient.
fn derive_interval(desk: &mut Desk<'_>, correlation: &Correlation, printed: Printed, n: u64) {
    let Some(n_pairs) = usize::try_from(n).ok().filter(|_| correlation.method == CorrelationMethod::Pearson) else {
        return;
    };
    let Ok(result) = Pearson::default().run_on_r(printed.decimal().to_f64(), n_pairs) else { return };
    let Some(interval) = result.estimate.and_then(|estimate| estimate.interval) else { return };
    desk.derive(Derived {
        id: format!("{}.interval", desk.id(correlation.r)),
        label: format!("{}: 95% interval", desk.place(correlation.r)),
        value: printed.decimal().to_f64(),
        bound: Bound::Exact,
        conf_low: Some(interval.low),
        conf_high: Some(interval.high),
        how: format!("Fisher's z of {printed} with a standard error of 1/√({n} − 3)"),
    });
}

fn judge_statistic(desk: &mut Desk<'_>, statistic: &TestStatistic) {
    let (Content::Statistic(printed), Content::PValue(Some(printed_p))) =
        (desk.content(statistic.statistic).clone(), desk.content(statistic.p).clone())
    else {
        return;
    };
    let sizes = Range::printing(printed).size();
    let ends = tail(statistic, sizes.high).zip(tail(statistic, sizes.low));
    let Some((low, high)) = ends else { return };
    let allowed = Range { low, high };
    let df: Vec<String> = statistic.df.iter().map(u64::to_string).collect();
    let name = match statistic.distribution {
        Distribution::Normal => "z".to_owned(),
        Distribution::StudentT => format!("t on {} degrees of freedom", df.join(", ")),
        Distribution::ChiSquare => format!("chi-square on {} degrees of freedom", df.join(", ")),
        Distribution::F => format!("F on {} degrees of freedom", df.join(" and ")),
    };
    let how = format!("{name} of {printed} gives p = {}", say::range(allowed));
    let claims = [statistic.statistic, statistic.p];
    let fit = allowed.fit(printed_p);
    let ruling = || match fit {
        Fit::Always => Ruling::reproduced(how.clone()),
        Fit::Possible => Ruling::consistent(how.clone()),
        Fit::Never => Ruling::impossible(how.clone()),
    };
    if fit == Fit::Never {
        let sentence = format!("{} is {printed_p}, but {how}.", desk.place(statistic.p));
        desk.conflict(&claims, sentence, Some(format!("print {}", allowed.middle_printed(printed_p))));
    }
    let together = |desk: &mut Desk<'_>, claim: ClaimIndex, ruling: Ruling| desk.rule(claim, ruling);
    together(desk, statistic.p, ruling().giving(say::range(allowed), allowed).using(&[statistic.statistic]));
    // The p-value, coarser than the statistic as a rule, does not give it back.
    let back = if fit == Fit::Never { Ruling::impossible(how.clone()) } else { Ruling::consistent(how.clone()) };
    together(desk, statistic.statistic, back.using(&[statistic.p]));
}

/// The p-value of a statistic: two-sided for z and t, the upper tail for chi-square and F.
fn tail(statistic: &TestStatistic, value: f64) -> Option<f64> {
    let df = |index: usize| statistic.df.get(index).map(|df| *df as f64);
    Some(match statistic.distribution {
        Distribution::Normal => dist::Normal.two_sided(value),
        Distribution::StudentT => dist::StudentT::new(df(0)?).ok()?.two_sided(value),
        Distribution::ChiSquare => dist::ChiSquare::new(df(0)?).ok()?.upper_tail(value),
        Distribution::F => dist::FisherF::new(df(0)?, df(1)?).ok()?.upper_tail(value),
    })
}
