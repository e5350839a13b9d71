//! Survival curves, and the log-rank test.

use std::fmt::Write as _;

use restudy_ledger::{Analysis, AnalysisKind, Context, Group, Panel, PanelKind, Row, Series, SeriesKind, Stat};
use restudy_stats::survival::{
    KaplanMeier, LogRank, LogRankWeight, SurvivalCurve, SurvivalData, SurvivalInterval, SurvivalTimes,
};
use toml::Spanned;

use crate::block::{self, Block, Event, Record, Resolving, Running, Step, Within};
use crate::conventions::Conventions;
use crate::describe::{described, words};
use crate::error::StudyError;
use crate::frame::Subset;

described! {
    /// `[[kaplan-meier]]`: survival curves of all patients or of groups, what they say, and the log-rank test.
    pub struct KaplanMeierBlock {
        /// The block's name; every number of it carries it.
        pub id: Spanned<String>,
        /// The title on the page.
        pub title: Option<String>,
        /// The variable that holds the time of the event or of the end of follow-up.
        pub time: Spanned<String>,
        /// The variable of which one level is the event.
        pub outcome: Spanned<String>,
        /// The level that is the event; the second of two where nothing is said.
        pub event: Option<Spanned<String>>,
        /// The variable whose levels are the groups; one curve where nothing is said.
        pub by: Option<Spanned<String>>,
        /// Which levels, in order; all of them where nothing is said.
        pub groups: Option<Vec<Spanned<String>>>,
        /// Patients that it is about, by the levels they have.
        #[serde(default)]
        pub within: Within,
        /// Times at which survival is said.
        #[serde(default)]
        pub times: Vec<Spanned<f64>>,
        /// Times of the table of numbers at risk; some six even ones where nothing is said.
        #[serde(default)]
        pub risk_times: Vec<Spanned<f64>>,
        /// The time up to which the mean survival is said.
        pub restricted_mean: Option<Spanned<f64>>,
        /// How the test weighs early and late events.
        pub weight: Option<Weight>,
    }
}

words! {
    /// How a comparison of survival curves weighs events.
    pub enum Weight {
        /// all alike: the log-rank test
        LogRank = "log-rank",
        /// by the number at risk: Gehan and Breslow's test, the early ones more
        GehanBreslow = "gehan-breslow",
        /// by its root: Tarone and Ware's test
        TaroneWare = "tarone-ware",
        /// by the pooled survival: Peto and Peto's test
        PetoPeto = "peto-peto",
    }
}

#[derive(Clone, Debug)]
pub(crate) struct KaplanMeierPlan {
    id: String,
    title: String,
    time: String,
    event: Event,
    by: Option<String>,
    groups: Vec<String>,
    within: Subset,
    times: Vec<f64>,
    risk_times: Vec<f64>,
    restricted_mean: Option<f64>,
    weight: Weight,
}

impl Block for KaplanMeierBlock {
    fn id(&self) -> &Spanned<String> {
        &self.id
    }

    fn resolve(&self, resolving: &mut Resolving<'_>) -> Result<Box<dyn Step>, StudyError> {
        let time = resolving.time(&self.time)?.name.clone();
        let event = resolving.event(&self.outcome, self.event.as_ref())?;
        let within = resolving.within(&self.within)?;
        let groups = match &self.by {
            Some(by) => {
                let members = within.members(resolving.frame());
                resolving.groups(by, self.groups.as_deref(), &members, 1)?
            }
            None => Vec::new(),
        };
        let listed = self.times.iter().chain(&self.risk_times).chain(&self.restricted_mean);
        for written in listed {
            if !(written.get_ref().is_finite() && *written.get_ref() >= 0.0) {
                return Err(resolving.error(&written.span(), "a time is a number, 0 or more", None));
            }
        }
        let ascending = |times: &[Spanned<f64>]| {
            let mut times: Vec<f64> = times.iter().map(|time| *time.get_ref()).collect();
            times.sort_by(f64::total_cmp);
            times.dedup();
            times
        };
        let title = match &self.by {
            Some(by) => format!("Time to {} by {}", event.variable, by.get_ref()),
            None => format!("Time to {}", event.variable),
        };
        Ok(Box::new(KaplanMeierPlan {
            id: self.id.get_ref().clone(),
            title: self.title.clone().unwrap_or(title),
            time,
            event,
            by: self.by.as_ref().map(|by| by.get_ref().clone()),
            groups,
            within,
            times: ascending(&self.times),
            risk_times: ascending(&self.risk_times),
            restricted_mean: self.restricted_mean.as_ref().map(|tau| *tau.get_ref()),
            weight: self.weight.unwrap_or(Weight::LogRank),
        }))
    }
}

/// Each patient's time and event, and the place of the group; whether the block is about the patient at all.
pub(crate) struct Followed {
    pub(crate) time: Vec<Option<f64>>,
    pub(crate) event: Vec<Option<bool>>,
    pub(crate) group: Option<Vec<Option<usize>>>,
    pub(crate) members: Vec<bool>,
}

/// The patients of a curve.
#[derive(Default)]
struct Patients {
    time: Vec<f64>,
    event: Vec<bool>,
    missing: usize,
}

impl Patients {
    fn prepare(&self) -> Result<SurvivalTimes, String> {
        SurvivalData::new(&self.time, &self.event).prepare().map_err(|error| error.to_string())
    }
}

impl Step for KaplanMeierPlan {
    fn id(&self) -> &str {
        &self.id
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, text: &mut String, conventions: &Conventions) {
        let Event { variable, level } = &self.event;
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\nkaplan-meier {}: {}\n  event: {variable} = {level}, time {}\n",
            self.id, self.title, self.time
        );
        if let Some(by) = &self.by {
            let _ = writeln!(text, "  groups of {by}: {}", self.groups.join(", "));
            let _ = writeln!(text, "  test: {}", self.weight.word());
        }
        block::describe_subset(text, &self.within);
        let _ = writeln!(text, "  {}", conventions.evidence("survival-interval"));
        if !self.times.is_empty() {
            let times: Vec<String> = self.times.iter().map(f64::to_string).collect();
            let _ = writeln!(text, "  survival at {}", times.join(", "));
        }
    }

    fn run(&self, running: &Running<'_>, record: &mut Record) {
        let frame = running.frame;
        let followed = Followed {
            time: frame.numbers(&self.time),
            event: self.event.of(frame),
            group: self.by.as_ref().map(|by| frame.group_of(by, &self.groups)),
            members: self.within.members(frame),
        };
        self.record(&followed, running.conventions, record);
    }

    fn panels(&self) -> Vec<(PanelKind, Vec<String>)> {
        vec![(PanelKind::KaplanMeier, vec![self.time.clone()])]
    }

    fn default_panels(&self) -> Vec<Panel> {
        vec![block::panel(PanelKind::KaplanMeier, &self.id, Vec::new())]
    }
}

impl KaplanMeierPlan {
    /// Curves of the groups of a variable that no study file names, compared by the log-rank test.
    pub(crate) fn by_group(id: &str, title: &str, (time, event): (&str, Event), by: &str, groups: Vec<String>) -> Self {
        Self {
            id: id.to_owned(),
            title: title.to_owned(),
            time: time.to_owned(),
            event,
            by: Some(by.to_owned()),
            groups,
            within: Subset::default(),
            times: Vec::new(),
            risk_times: Vec::new(),
            restricted_mean: None,
            weight: Weight::LogRank,
        }
    }

    /// The numbers, curves and test of patients.
    pub(crate) fn record(&self, followed: &Followed, conventions: &Conventions, record: &mut Record) {
        let Followed { time, event, group: group_of, members } = followed;
        let (mut all, mut ungrouped) = (Patients::default(), 0);
        let mut by_group: Vec<Patients> = self.groups.iter().map(|_| Patients::default()).collect();
        let mut places: Vec<usize> = Vec::new();
        for row in (0..members.len()).filter(|row| members[*row]) {
            let group = group_of.as_ref().map(|groups| groups[row]);
            if group == Some(None) {
                ungrouped += 1;
                continue;
            }
            let group = group.flatten();
            let of_group = group.and_then(|group| by_group.get_mut(group));
            for patients in std::iter::once(&mut all).chain(of_group) {
                match (time[row], event[row]) {
                    (Some(time), Some(event)) => {
                        patients.time.push(time);
                        patients.event.push(event);
                    }
                    _ => patients.missing += 1,
                }
            }
            if let (Some(group), Some(_), Some(_)) = (group, time[row], event[row]) {
                places.push(group);
            }
        }
        let ticks = self.ticks(&all.time);
        let mut writer = Writer { plan: self, conventions, ticks: &ticks, record };
        writer.curve(None, &all, self.groups.is_empty());
        for (group, patients) in self.groups.iter().zip(&by_group) {
            writer.curve(Some(group), patients, true);
        }
        if self.by.is_some() {
            writer.test(&all, &by_group, &places);
        }
        record.analyses.push(Analysis {
            by: self.by.clone(),
            groups: (self.groups.iter().zip(&by_group))
                .map(|(label, patients)| Group { label: label.clone(), n: patients.time.len() + patients.missing })
                .collect(),
            ungrouped,
            overall: self.groups.is_empty(),
            within: self.within.record(members),
            outcome: Some(self.event.outcome(Some(&self.time))),
            alpha: conventions.alpha(),
            ..Analysis::new(&self.id, AnalysisKind::KaplanMeier, &self.title)
        });
    }

    /// The times of the table of numbers at risk: those asked for, or even ones that a reader counts by.
    fn ticks(&self, times: &[f64]) -> Vec<f64> {
        if !self.risk_times.is_empty() {
            return self.risk_times.clone();
        }
        let last = times.iter().copied().fold(0.0, f64::max);
        if last <= 0.0 {
            return vec![0.0];
        }
        let mut unit = 1.0;
        while unit * 10.0 <= last / 5.0 {
            unit *= 10.0;
        }
        while unit > last / 5.0 {
            unit /= 10.0;
        }
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * unit).find(|step| *step >= last / 6.0);
        let step = step.unwrap_or(unit * 10.0);
        (0..8).map(|tick| f64::from(tick) * step).take_while(|tick| *tick <= last).collect()
    }
}

struct Writer<'a> {
    plan: &'a KaplanMeierPlan,
    conventions: &'a Conventions,
    ticks: &'a [f64],
    record: &'a mut Record,
}

impl Writer<'_> {
    fn place(&self, context: Context, group: Option<&str>, stat: Stat, value: f64) -> Row {
        Row::new(&self.plan.id, context, &self.plan.time, group, stat, value)
    }

    /// The numbers of a curve; its points where it is drawn.
    fn curve(&mut self, group: Option<&str>, patients: &Patients, drawn: bool) {
        let n = patients.time.len();
        let events = patients.event.iter().filter(|event| **event).count();
        let facts = [
            (Context::Missingness, Stat::N, n),
            (Context::Missingness, Stat::NMissing, patients.missing),
            (Context::Summary, Stat::Events, events),
        ];
        for (context, stat, value) in facts {
            let row = self.place(context, group, stat, value as f64);
            self.record.rows.push(row);
        }
        let times = match patients.prepare() {
            Ok(times) => times,
            Err(reason) => {
                let row = self.place(Context::Summary, group, Stat::MedianSurvival, f64::NAN).reason(&reason);
                self.record.rows.push(row);
                return;
            }
        };
        let kind = self.conventions.survival_interval();
        let method = KaplanMeier { interval: kind, level: self.conventions.level() };
        // There is one stratum.
        let (Ok(curve), Ok(reverse)) = (method.fit(&times), method.fit(&times.reversed())) else { return };
        let key = match kind {
            SurvivalInterval::Plain => "kaplan_meier/plain",
            SurvivalInterval::LogLog => "kaplan_meier/log_log",
            SurvivalInterval::Log => "kaplan_meier/log",
        };
        self.quantiles(group, Stat::MedianSurvival, &curve, key, "the curve stays above one half");
        self.quantiles(
            group,
            Stat::MedianFollowUp,
            &reverse,
            key,
            "most patients had the event before half were followed",
        );
        for time in self.plan.times.clone() {
            self.survival_at(group, &curve, time, key);
        }
        if let Some(tau) = self.plan.restricted_mean {
            let row = match curve.restricted_mean(tau) {
                Ok(mean) => {
                    let error = self.place(Context::Summary, group, Stat::StdError, mean.std_error).time(tau);
                    self.record.rows.push(error.of(Stat::RestrictedMean));
                    self.place(Context::Summary, group, Stat::RestrictedMean, mean.value)
                }
                Err(error) => {
                    let row = self.place(Context::Summary, group, Stat::RestrictedMean, f64::NAN);
                    row.reason(&error.to_string())
                }
            };
            self.record.rows.push(row.time(tau));
        }
        if drawn {
            self.draw(group, &curve, patients);
        }
    }

    fn quantiles(&mut self, group: Option<&str>, stat: Stat, curve: &SurvivalCurve, key: &str, beyond: &str) {
        let median = curve.median();
        let value = |value: Option<f64>| value.unwrap_or(f64::NAN);
        let mut row = self.place(Context::Summary, group, stat, value(median.value)).procedure(key);
        if median.value.is_none() {
            row = row.reason(beyond);
        }
        self.record.rows.push(row);
        let quartile = |q: f64| curve.quantile(q).ok().and_then(|quantile| quantile.value);
        let facts = [
            (Stat::ConfLow, median.low, "the limit is not reached"),
            (Stat::ConfHigh, median.high, "the limit is not reached"),
            (Stat::Q1, quartile(0.25), "the curve does not fall so far"),
            (Stat::Q3, quartile(0.75), "the curve does not fall so far"),
        ];
        for (qualifier, found, reason) in facts {
            let mut row = self.place(Context::Summary, group, qualifier, value(found)).of(stat).procedure(key);
            if found.is_none() {
                row = row.reason(reason);
            }
            self.record.rows.push(row);
        }
    }

    fn survival_at(&mut self, group: Option<&str>, curve: &SurvivalCurve, time: f64, key: &str) {
        let place = |writer: &Self, stat, value| writer.place(Context::Summary, group, stat, value).time(time);
        let mut row = place(self, Stat::Survival, curve.at(time).unwrap_or(f64::NAN)).procedure(key);
        if curve.at(time).is_none() {
            row = row.reason("nobody was followed so long");
        }
        self.record.rows.push(row);
        let limits = curve.interval_at(time);
        for (stat, limit) in [(Stat::ConfLow, limits.map(|l| l.low)), (Stat::ConfHigh, limits.map(|l| l.high))] {
            let mut row = place(self, stat, limit.unwrap_or(f64::NAN)).of(Stat::Survival).procedure(key);
            if limit.is_none() {
                row = row.reason("the curve has no interval here");
            }
            self.record.rows.push(row);
        }
        let row = place(self, Stat::AtRisk, curve.at_risk(time));
        self.record.rows.push(row);
    }

    fn draw(&mut self, group: Option<&str>, curve: &SurvivalCurve, patients: &Patients) {
        let first = |value: f64, rest: &[f64]| [&[value], rest].concat();
        let limit = |limits: &[Option<f64>]| {
            let limits: Vec<f64> = limits.iter().map(|limit| limit.unwrap_or(f64::NAN)).collect();
            first(1.0, &limits)
        };
        // A curve that begins with a time of 0 has its own first point.
        let skip = usize::from(curve.time.first() == Some(&0.0));
        let column = |numbers: Vec<f64>| numbers.into_iter().skip(skip);
        let of = |kind| Series {
            variable: Some(self.plan.time.clone()),
            group: group.map(str::to_owned),
            ..Series::new(&self.plan.id, kind)
        };
        let points = of(SeriesKind::SurvivalCurve)
            .numbers("time", column(first(0.0, &curve.time)))
            .numbers("survival", column(first(1.0, &curve.survival)))
            .numbers("conf_low", column(limit(&curve.conf_low)))
            .numbers("conf_high", column(limit(&curve.conf_high)))
            .numbers("at_risk", column(first(patients.time.len() as f64, &curve.n_risk)))
            .numbers("events", column(first(0.0, &curve.n_event)))
            .numbers("censored", column(first(0.0, &curve.n_censored)));
        let until = |tick: f64| {
            curve
                .time
                .iter()
                .zip(&curve.n_event)
                .filter(|(time, _)| **time <= tick)
                // An empty sum of floats is -0, which would be printed so.
                .fold(0.0, |total, (_, events)| total + events)
        };
        let table = of(SeriesKind::RiskTable)
            .numbers("time", self.ticks.iter().copied())
            .numbers("at_risk", self.ticks.iter().map(|tick| curve.at_risk(*tick)))
            .numbers("events", self.ticks.iter().map(|tick| until(*tick)));
        self.record.series.extend([points, table]);
    }

    fn test(&mut self, all: &Patients, by_group: &[Patients], places: &[usize]) {
        let (weight, key) = match self.plan.weight {
            Weight::LogRank => (LogRankWeight::LogRank, "log_rank"),
            Weight::GehanBreslow => (LogRankWeight::GehanBreslow, "log_rank/gehan_breslow"),
            Weight::TaroneWare => (LogRankWeight::TaroneWare, "log_rank/tarone_ware"),
            Weight::PetoPeto => (LogRankWeight::PetoPeto, "log_rank/peto_peto"),
        };
        let empty = self.plan.groups.iter().zip(by_group).find(|(_, patients)| patients.time.is_empty());
        let tested = match empty {
            Some((group, _)) => Err(format!("no known value in the group {group}")),
            None => all
                .prepare()
                .and_then(|times| LogRank { weight }.run(&times, places).map_err(|error| error.to_string())),
        };
        let rows = match tested {
            Ok(test) => vec![
                self.place(Context::Test, None, Stat::Statistic, test.chi_square).procedure(key),
                self.place(Context::Test, None, Stat::Df, test.df).procedure(key),
                self.place(Context::Test, None, Stat::PValue, test.p_value).procedure(key),
            ],
            Err(reason) => vec![self.place(Context::Test, None, Stat::PValue, f64::NAN).reason(&reason)],
        };
        self.record.rows.extend(rows);
    }
}
