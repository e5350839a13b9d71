//! What a marker, or a score at a threshold, tells of an event: the rows that ROC analyses and score tables share.

use restudy_ledger::{Context, Row, Series, SeriesKind, Stat};
use restudy_stats::Interval;
use restudy_stats::accuracy::{
    Accuracy, Auc, AucEstimate, AucInterval, AucLimits, Cutoff, DiagnosticTable, LikelihoodRatio, MaximallySelected,
    MaximallySelectedNull, MaximallySelectedTest, Placing, Proportion, ProportionInterval, RocCurve, SelectedStatistic,
};

use crate::conventions::Conventions;

/// Writes a number at a place that the caller knows.
pub(crate) type Place<'a> = &'a dyn Fn(Stat, f64) -> Row;

/// The area under a curve, with its standard error, limits and test.
pub(crate) fn auc(rows: &mut Vec<Row>, place: Place<'_>, curve: &RocCurve, conventions: &Conventions) {
    let interval = match conventions.get("auc-interval") {
        "logit-delong" => AucInterval::LogitDeLong,
        "hanley-mcneil" => AucInterval::HanleyMcNeil,
        _ => AucInterval::DeLong,
    };
    let estimate = Auc { interval, level: conventions.level() }.run(curve);
    let key = key(&estimate, interval);
    rows.push(place(Stat::Auc, estimate.value).procedure(key));
    if let Some(std_error) = estimate.std_error {
        rows.push(place(Stat::StdError, std_error).of(Stat::Auc).procedure(key));
    }
    match estimate.limits.map(AucLimits::interval) {
        Some(limits) => between(rows, place, Stat::Auc, limits, key),
        None => {
            let reason = "a single patient on one side has no variance";
            rows.push(place(Stat::ConfLow, f64::NAN).of(Stat::Auc).reason(reason));
            rows.push(place(Stat::ConfHigh, f64::NAN).of(Stat::Auc).reason(reason));
        }
    }
    if let (Some(z), Some(p_value)) = (estimate.z, estimate.p_value) {
        rows.push(place(Stat::Z, z).of(Stat::Auc).procedure("delong"));
        rows.push(place(Stat::PValue, p_value).of(Stat::Auc).procedure("delong"));
    }
}

fn key(estimate: &AucEstimate, asked: AucInterval) -> &'static str {
    match (estimate.limits, asked) {
        (Some(AucLimits::SeparationLowerBound(_) | AucLimits::SeparationUpperBound(_)), _) => "separation_bound",
        (_, AucInterval::DeLong) => "delong",
        (_, AucInterval::LogitDeLong) => "logit_delong",
        (_, AucInterval::HanleyMcNeil) => "hanley_mcneil",
    }
}

fn between(rows: &mut Vec<Row>, place: Place<'_>, of: Stat, limits: Interval, procedure: &str) {
    rows.push(place(Stat::ConfLow, limits.low).of(of).procedure(procedure));
    rows.push(place(Stat::ConfHigh, limits.high).of(of).procedure(procedure));
}

/// What a 2×2 table says: counts, proportions and likelihood ratios with their intervals.
pub(crate) fn performance(rows: &mut Vec<Row>, place: Place<'_>, table: DiagnosticTable, conventions: &Conventions) {
    let method = conventions.get("proportion-interval");
    let interval = match method {
        "clopper-pearson" => ProportionInterval::ClopperPearson,
        _ => ProportionInterval::Wilson,
    };
    let procedure = method.replace('-', "_");
    let counts = [
        (Stat::TruePositives, table.true_positives),
        (Stat::FalsePositives, table.false_positives),
        (Stat::TrueNegatives, table.true_negatives),
        (Stat::FalseNegatives, table.false_negatives),
    ];
    rows.extend(counts.map(|(stat, count)| place(stat, count as f64)));
    let measures = match (Accuracy { interval, level: conventions.level() }).run_on_counts(table) {
        Ok(measures) => measures,
        Err(error) => {
            rows.push(place(Stat::Sensitivity, f64::NAN).reason(&error.to_string()));
            return;
        }
    };
    let mut proportion = |stat: Stat, proportion: Option<Proportion>, nobody: &str| match proportion {
        Some(proportion) => {
            rows.push(place(stat, proportion.value));
            between(rows, place, stat, proportion.interval, &procedure);
        }
        None => rows.push(place(stat, f64::NAN).reason(nobody)),
    };
    proportion(Stat::Sensitivity, Some(measures.sensitivity), "");
    proportion(Stat::Specificity, Some(measures.specificity), "");
    proportion(Stat::Ppv, measures.ppv, "nobody is positive");
    proportion(Stat::Npv, measures.npv, "nobody is negative");
    proportion(Stat::Accuracy, Some(measures.accuracy), "");
    let youden = measures.sensitivity.value + measures.specificity.value - 1.0;
    rows.push(place(Stat::YoudenJ, youden));
    let mut ratio = |stat: Stat, ratio: Option<LikelihoodRatio>, nobody: &str| match ratio {
        Some(ratio) => {
            rows.push(place(stat, ratio.value));
            if let Some(limits) = ratio.interval {
                between(rows, place, stat, limits, "log_normal");
            }
        }
        None => rows.push(place(stat, f64::NAN).reason(nobody)),
    };
    ratio(Stat::PositiveLikelihoodRatio, measures.positive_ratio, "nobody is positive");
    ratio(Stat::NegativeLikelihoodRatio, measures.negative_ratio, "nobody is negative");
}

/// The curve from sensitivity 0 to 1, with the threshold of each point.
pub(crate) fn curve(id: &str, variable: &str, curve: &RocCurve, cutoff: Cutoff) -> Series {
    let reversed = |mut column: Vec<f64>| {
        column.reverse();
        column
    };
    let thresholds = cutoff.rules(curve).iter().map(|rule| rule.cutoff).collect();
    Series { variable: Some(variable.to_owned()), ..Series::new(id, SeriesKind::RocCurve) }
        .numbers("threshold", reversed(thresholds))
        .numbers("sensitivity", reversed(curve.sensitivity()))
        .numbers("specificity", reversed(curve.specificity()))
}

/// The least share of patients on either side of a cut-off, for the greatest chi-square; Altman's and R's.
const LEAST_SHARE: f64 = 0.1;

/// The test of a cut-off that was chosen on the patients: how often some cut-off would part them as well by chance.
pub(crate) fn chosen(curve: &RocCurve, table: DiagnosticTable) -> Option<MaximallySelectedTest> {
    let (statistic, null) = (SelectedStatistic::EitherYouden, MaximallySelectedNull::Automatic);
    MaximallySelected { statistic, least_share: 0.0, null }.run_on_table(curve, table).ok()
}

/// The p-values of a cut-off that was chosen on the patients: of its table by itself, and with the search counted.
pub(crate) fn chosen_p_values(rows: &mut Vec<Row>, place: Place<'_>, test: &MaximallySelectedTest) {
    let counted = match test.null {
        MaximallySelectedNull::Asymptotic => "maximally_selected/youden/smirnov",
        _ => "maximally_selected/youden/exact",
    };
    let p = |stat, value, procedure| place(stat, value).of(Stat::Cutoff).procedure(procedure);
    rows.push(p(Stat::PValue, test.unadjusted_p_value, "chi_square/no_correction"));
    rows.push(p(Stat::PAdjusted, test.p_value, counted));
}

/// The same question asked of the greatest chi-square: of all orders where that is soon done, and by Miller and Siegmund.
pub(crate) fn chosen_alternatives(rows: &mut Vec<Row>, place: Place<'_>, curve: &RocCurve) {
    let nulls = [
        (MaximallySelectedNull::Automatic, "maximally_selected/chi_square/exact"),
        (MaximallySelectedNull::Asymptotic, "maximally_selected/chi_square/miller_siegmund"),
    ];
    for (null, procedure) in nulls {
        let settings = MaximallySelected { statistic: SelectedStatistic::ChiSquare, least_share: LEAST_SHARE, null };
        let Ok(test) = settings.run(curve) else { continue };
        if null == MaximallySelectedNull::Automatic && test.null == MaximallySelectedNull::Asymptotic {
            continue;
        }
        rows.push(place(Stat::PAdjusted, test.p_value).of(Stat::Cutoff).procedure(procedure));
    }
}

/// Where a cut-off is put, by the conventions.
pub(crate) fn placing(conventions: &Conventions) -> Placing {
    if conventions.get("cutoff-placing") == "observed" { Placing::Observed } else { Placing::Between }
}

/// The values of those with the event and of those without, of the patients who have both.
pub(crate) fn sides(values: &[Option<f64>], events: &[Option<bool>], members: &[bool]) -> (Vec<f64>, Vec<f64>) {
    let (mut cases, mut controls) = (Vec::new(), Vec::new());
    for ((value, event), _) in values.iter().zip(events).zip(members).filter(|(_, member)| **member) {
        match (value, event) {
            (Some(value), Some(true)) => cases.push(*value),
            (Some(value), Some(false)) => controls.push(*value),
            _ => {}
        }
    }
    (cases, controls)
}

/// How many patients an analysis of a variable is of.
pub(crate) fn size(rows: &mut Vec<Row>, place: &dyn Fn(Context, Stat, f64) -> Row, cases: usize, n: usize, all: usize) {
    rows.push(place(Context::Missingness, Stat::N, n as f64));
    rows.push(place(Context::Missingness, Stat::NMissing, (all - n) as f64));
    rows.push(place(Context::Summary, Stat::Events, cases as f64));
}
