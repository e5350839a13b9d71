//! Cumulative incidences of events that compete, and Gray's test.

use std::fmt::Write as _;

use restudy_cohort::Values;
use restudy_ledger::{Analysis, AnalysisKind, Context, Group, Panel, PanelKind, Row, Series, SeriesKind, Stat};
use restudy_stats::survival::{
    CumulativeIncidence, Gray, IncidenceCurve, IncidenceCurves, SurvivalData, SurvivalInterval, SurvivalTimes,
};
use toml::Spanned;

use crate::block::{self, Block, Event, Record, Resolving, Running, Step, Within};
use crate::blocks::follow_up;
use crate::conventions::Conventions;
use crate::describe::described;
use crate::error::StudyError;
use crate::frame::Subset;

described! {
    /// `[[cumulative-incidence]]`: what share has had each kind of event by a time, where one kind ends the chance of the
    /// others, of all patients or of groups; and Gray's test of each kind.
    pub struct CumulativeIncidenceBlock {
        /// The block's name; every number of it carries it.
        pub id: Spanned<String>,
        /// The title on the page.
        pub title: Option<String>,
        /// The variable that holds the time of the first event or of the end of follow-up.
        pub time: Spanned<String>,
        /// The variable whose level says what happened first.
        pub outcome: Spanned<String>,
        /// The level that is the event of interest.
        pub event: Spanned<String>,
        /// The levels that compete with it, each a kind of event.
        pub competing: Vec<Spanned<String>>,
        /// The levels that are no event: followed so long, and no further. The one level left where nothing is said.
        pub censored: Option<Vec<Spanned<String>>>,
        /// The variable whose levels are the groups; all patients together where nothing is said.
        pub by: Option<Spanned<String>>,
        /// Which levels, in order; all of them where nothing is said.
        pub groups: Option<Vec<Spanned<String>>>,
        /// Patients that it is about: by the levels they have, or by an SQL condition.
        #[serde(default)]
        pub within: Within,
        /// Times at which the incidence is said.
        #[serde(default)]
        pub times: Vec<Spanned<f64>>,
        /// Times of the table of numbers at risk; some six even ones where nothing is said.
        #[serde(default)]
        pub risk_times: Vec<Spanned<f64>>,
    }
}

#[derive(Clone, Debug)]
struct CumulativeIncidencePlan {
    id: String,
    title: String,
    time: String,
    outcome: String,
    /// The kinds of event, that of interest first.
    kinds: Vec<String>,
    censored: Vec<String>,
    by: Option<String>,
    groups: Vec<String>,
    within: Subset,
    times: Vec<f64>,
    risk_times: Vec<f64>,
}

impl Block for CumulativeIncidenceBlock {
    fn id(&self) -> &Spanned<String> {
        &self.id
    }

    fn resolve(&self, resolving: &mut Resolving<'_>) -> Result<Box<dyn Step>, StudyError> {
        let time = resolving.time(&self.time)?.name.clone();
        let (kinds, censored) = self.levels(resolving)?;
        let within = resolving.within(&self.within)?;
        let groups = match &self.by {
            Some(by) => {
                let members = within.members(resolving.frame());
                resolving.groups(by, self.groups.as_deref(), &members, 1)?
            }
            None => Vec::new(),
        };
        let title = match &self.by {
            Some(by) => format!("Cumulative incidence of {} by {}", kinds[0], by.get_ref()),
            None => format!("Cumulative incidence of {}", kinds[0]),
        };
        Ok(Box::new(CumulativeIncidencePlan {
            id: self.id.get_ref().clone(),
            title: self.title.clone().unwrap_or(title),
            time,
            outcome: self.outcome.get_ref().clone(),
            kinds,
            censored,
            by: self.by.as_ref().map(|by| by.get_ref().clone()),
            groups,
            within,
            times: follow_up::ascending(resolving, &self.times)?,
            risk_times: follow_up::ascending(resolving, &self.risk_times)?,
        }))
    }
}

impl CumulativeIncidenceBlock {
    /// The kinds of event, that of interest first, and the levels that are none: every level of the outcome is in one of
    /// them, so that nobody is taken for followed in silence.
    fn levels(&self, resolving: &Resolving<'_>) -> Result<(Vec<String>, Vec<String>), StudyError> {
        let column = resolving.column(self.outcome.get_ref(), &self.outcome.span())?;
        let mut named: Vec<String> = Vec::new();
        let listed = std::iter::once(&self.event).chain(&self.competing).chain(self.censored.iter().flatten());
        for label in listed {
            let level = resolving.level(column, label.get_ref(), &label.span())?;
            if named.contains(&level) {
                return Err(resolving.error(&label.span(), format!("the level `{level}` is named twice"), None));
            }
            named.push(level);
        }
        if self.competing.is_empty() {
            let hint = "name the levels of `competing`, or take a `[[kaplan-meier]]`".to_owned();
            return Err(resolving.error(&self.event.span(), "no event competes with this one", Some(hint)));
        }
        let mut censored = named.split_off(1 + self.competing.len());
        let left: Vec<&String> = match &column.values {
            Values::Levels { levels, .. } => {
                levels.iter().filter(|level| !named.contains(level) && !censored.contains(level)).collect()
            }
            Values::Numbers(_) | Values::Dates(_) => Vec::new(),
        };
        match (left.as_slice(), &self.censored) {
            ([], _) => {}
            ([one], None) => censored.push((*one).clone()),
            (several, _) => {
                let labels: Vec<String> = several.iter().map(|level| format!("`{level}`")).collect();
                let message =
                    format!("nothing is said of the other levels of `{}`: {}", column.name, labels.join(", "));
                let hint = "each level is an `event`, `competing` or `censored`".to_owned();
                return Err(resolving.error(&self.outcome.span(), message, Some(hint)));
            }
        }
        Ok((named, censored))
    }
}

/// The patients of a set of curves.
#[derive(Default)]
struct Patients {
    time: Vec<f64>,
    /// The kind of event from 1; 0 for none.
    cause: Vec<usize>,
    missing: usize,
}

impl Patients {
    fn prepare(&self) -> Result<SurvivalTimes, String> {
        let event: Vec<bool> = self.cause.iter().map(|cause| *cause > 0).collect();
        SurvivalData::new(&self.time, &event).prepare().map_err(|error| error.to_string())
    }

    fn events(&self, cause: usize) -> usize {
        self.cause.iter().filter(|other| **other == cause).count()
    }
}

impl Step for CumulativeIncidencePlan {
    fn id(&self) -> &str {
        &self.id
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, text: &mut String, conventions: &Conventions) {
        let [event, competing @ ..] = self.kinds.as_slice() else { return };
        // Writing to a String cannot fail.
        let _ = write!(
            text,
            "\ncumulative-incidence {}: {}\n  event: {} = {event}, time {}\n  competing: {}\n",
            self.id,
            self.title,
            self.outcome,
            self.time,
            competing.join(", ")
        );
        if !self.censored.is_empty() {
            let _ = writeln!(text, "  censored: {}", self.censored.join(", "));
        }
        if let Some(by) = &self.by {
            let _ = writeln!(text, "  groups of {by}: {}", self.groups.join(", "));
            let _ = writeln!(text, "  test: gray, of each kind of event");
        }
        block::describe_subset(text, &self.within);
        let _ = writeln!(text, "  {}", conventions.evidence("survival-interval"));
        if !self.times.is_empty() {
            let times: Vec<String> = self.times.iter().map(f64::to_string).collect();
            let _ = writeln!(text, "  incidence at {}", times.join(", "));
        }
    }

    fn run(&self, running: &Running<'_>, record: &mut Record) {
        let frame = running.frame;
        let members = self.within.members(frame);
        let time = frame.numbers(&self.time);
        let levels: Vec<String> = self.kinds.iter().chain(&self.censored).cloned().collect();
        let level_of = frame.group_of(&self.outcome, &levels);
        let group_of = self.by.as_ref().map(|by| frame.group_of(by, &self.groups));
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
            let known = time[row].zip(level_of[row]);
            for patients in std::iter::once(&mut all).chain(of_group) {
                match known {
                    Some((time, level)) => {
                        patients.time.push(time);
                        patients.cause.push(if level < self.kinds.len() { level + 1 } else { 0 });
                    }
                    None => patients.missing += 1,
                }
            }
            places.extend(group.filter(|_| known.is_some()));
        }
        let ticks = follow_up::risk_times(&self.risk_times, &all.time);
        let mut writer = Writer { plan: self, conventions: running.conventions, ticks: &ticks, record };
        writer.curves(None, &all, self.groups.is_empty());
        for (group, patients) in self.groups.iter().zip(&by_group) {
            writer.curves(Some(group), patients, true);
        }
        if self.by.is_some() {
            writer.tests(&all, &by_group, &places);
        }
        let event = Event { variable: self.outcome.clone(), level: self.kinds[0].clone() };
        let mut notes = vec![format!("competing events: {}", self.kinds[1..].join("; "))];
        notes.extend((!self.censored.is_empty()).then(|| format!("censored: {}", self.censored.join("; "))));
        record.analyses.push(Analysis {
            by: self.by.clone(),
            groups: (self.groups.iter().zip(&by_group))
                .map(|(label, patients)| Group { label: label.clone(), n: patients.time.len() + patients.missing })
                .collect(),
            ungrouped,
            overall: self.groups.is_empty(),
            within: self.within.record(&members),
            outcome: Some(event.outcome(Some(&self.time))),
            alpha: running.conventions.alpha(),
            notes,
            ..Analysis::new(&self.id, AnalysisKind::CumulativeIncidence, &self.title)
        });
    }

    fn panels(&self) -> Vec<(PanelKind, Vec<String>)> {
        vec![(PanelKind::CumulativeIncidence, self.kinds.clone())]
    }

    fn default_panels(&self) -> Vec<Panel> {
        vec![block::panel(PanelKind::CumulativeIncidence, &self.id, Vec::new())]
    }
}

struct Writer<'a> {
    plan: &'a CumulativeIncidencePlan,
    conventions: &'a Conventions,
    ticks: &'a [f64],
    record: &'a mut Record,
}

impl Writer<'_> {
    fn place(&self, context: Context, group: Option<&str>, stat: Stat, value: f64) -> Row {
        Row::new(&self.plan.id, context, &self.plan.time, group, stat, value)
    }

    /// The numbers of the curves of all kinds of event; their points where they are drawn.
    fn curves(&mut self, group: Option<&str>, patients: &Patients, drawn: bool) {
        for (stat, value) in [(Stat::N, patients.time.len()), (Stat::NMissing, patients.missing)] {
            let row = self.place(Context::Missingness, group, stat, value as f64);
            self.record.rows.push(row);
        }
        for (kind, cause) in self.plan.kinds.iter().zip(1..) {
            let row = self.place(Context::Summary, group, Stat::Events, patients.events(cause) as f64).level(kind);
            self.record.rows.push(row);
        }
        let interval = self.conventions.survival_interval();
        let method = CumulativeIncidence { interval, level: self.conventions.level() };
        let fitted =
            patients.prepare().and_then(|times| method.fit(&times, &patients.cause).map_err(|error| error.to_string()));
        let mut curves = match fitted {
            Ok(curves) => curves,
            Err(reason) => {
                for kind in &self.plan.kinds {
                    let row = self.place(Context::Summary, group, Stat::CumulativeIncidence, f64::NAN);
                    self.record.rows.push(row.level(kind).reason(&reason));
                }
                return;
            }
        };
        // A kind that nobody of the group had stays at 0.
        let rows = curves.time.len();
        let flat = IncidenceCurve {
            n_event: vec![0.0; rows],
            incidence: vec![0.0; rows],
            std_error: vec![0.0; rows],
            conf_low: vec![None; rows],
            conf_high: vec![None; rows],
        };
        curves.causes.resize(self.plan.kinds.len().max(curves.causes.len()), flat);
        let key = match interval {
            SurvivalInterval::Plain => "aalen_johansen/plain",
            SurvivalInterval::LogLog => "aalen_johansen/log_log",
            SurvivalInterval::Log => "aalen_johansen/log",
        };
        for &time in &self.plan.times {
            for (kind, cause) in self.plan.kinds.iter().zip(1..) {
                self.incidence_at(group, &curves, (kind, cause), time, key);
            }
            let row = self.place(Context::Summary, group, Stat::AtRisk, curves.at_risk(time)).time(time);
            self.record.rows.push(row);
        }
        if drawn {
            self.draw(group, &curves);
        }
    }

    fn incidence_at(
        &mut self,
        group: Option<&str>,
        curves: &IncidenceCurves,
        (kind, cause): (&str, usize),
        time: f64,
        key: &str,
    ) {
        let place = |writer: &Self, stat, value: Option<f64>| {
            let row = writer.place(Context::Summary, group, stat, value.unwrap_or(f64::NAN));
            row.level(kind).time(time).procedure(key)
        };
        let incidence = curves.at(cause, time);
        let mut row = place(self, Stat::CumulativeIncidence, incidence);
        if incidence.is_none() {
            row = row.reason("nobody was followed so long");
        }
        self.record.rows.push(row);
        let limits = curves.interval_at(cause, time);
        for (stat, limit) in [(Stat::ConfLow, limits.map(|l| l.low)), (Stat::ConfHigh, limits.map(|l| l.high))] {
            let mut row = place(self, stat, limit).of(Stat::CumulativeIncidence);
            if limit.is_none() {
                row = row.reason(if incidence.is_none() {
                    "nobody was followed so long"
                } else {
                    "no interval before the first event of its kind"
                });
            }
            self.record.rows.push(row);
        }
    }

    fn draw(&mut self, group: Option<&str>, curves: &IncidenceCurves) {
        let of = |kind| Series { group: group.map(str::to_owned), ..Series::new(&self.plan.id, kind) };
        let last = curves.time.len().saturating_sub(1);
        for (kind, curve) in self.plan.kinds.iter().zip(&curves.causes) {
            // Between two events of the kind neither the curve nor its limits move.
            let rows: Vec<usize> =
                (0..curves.time.len()).filter(|&row| curve.n_event[row] > 0.0 || row == last).collect();
            let column = |start: f64, numbers: &dyn Fn(usize) -> f64| -> Vec<f64> {
                // A curve that begins with an event at time 0 has its own first point.
                let own = rows.first().is_some_and(|&row| curves.time[row] == 0.0);
                (!own).then_some(start).into_iter().chain(rows.iter().map(|&row| numbers(row))).collect()
            };
            let points = of(SeriesKind::IncidenceCurve)
                .numbers("time", column(0.0, &|row| curves.time[row]))
                .numbers("incidence", column(0.0, &|row| curve.incidence[row]))
                .numbers("conf_low", column(f64::NAN, &|row| curve.conf_low[row].unwrap_or(f64::NAN)))
                .numbers("conf_high", column(f64::NAN, &|row| curve.conf_high[row].unwrap_or(f64::NAN)))
                .numbers("events", column(0.0, &|row| curve.n_event[row]));
            let variable = Some(self.plan.time.clone());
            self.record.series.push(Series { variable, level: Some(kind.clone()), ..points });
        }
        let table = of(SeriesKind::RiskTable)
            .numbers("time", self.ticks.iter().copied())
            .numbers("at_risk", self.ticks.iter().map(|tick| curves.at_risk(*tick)));
        self.record.series.push(table);
    }

    /// Gray's test of each kind of event.
    fn tests(&mut self, all: &Patients, by_group: &[Patients], places: &[usize]) {
        let empty = self.plan.groups.iter().zip(by_group).find(|(_, patients)| patients.time.is_empty());
        let times = match empty {
            Some((group, _)) => Err(format!("no known value in the group {group}")),
            None => all.prepare(),
        };
        for (kind, cause) in self.plan.kinds.iter().zip(1..) {
            let tested = times.as_ref().map_err(String::clone).and_then(|times| {
                Gray::default().run(times, &all.cause, places, cause).map_err(|error| error.to_string())
            });
            let rows = match tested {
                Ok(test) => [(Stat::Statistic, test.chi_square), (Stat::Df, test.df), (Stat::PValue, test.p_value)]
                    .map(|(stat, value)| self.place(Context::Test, None, stat, value).procedure("gray"))
                    .to_vec(),
                Err(reason) => vec![self.place(Context::Test, None, Stat::PValue, f64::NAN).reason(&reason)],
            };
            self.record.rows.extend(rows.into_iter().map(|row| row.level(kind)));
        }
    }
}
