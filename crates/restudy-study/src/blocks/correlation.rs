//! Pairs of variables.

use std::fmt::Write as _;
use std::ops::Range;

use restudy_cohort::{Kind, Values};
use restudy_ledger::{Analysis, AnalysisKind, Context, Panel, PanelKind, Row, Series, SeriesKind, Stat};
use restudy_stats::correlation::{Kendall, Pearson, PointBiserial, Spearman, StraightLine};
use restudy_stats::hypothesis::TestResult;
use restudy_stats::{Level, TestError};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use toml::Spanned;

use crate::block::{self, Block, Record, Resolving, Running, Step, Within};
use crate::conventions::Conventions;
use crate::describe::{Describe, Shape, Table, described, key, words};
use crate::error::StudyError;
use crate::family::{self, Member};
use crate::file::Adjustment;
use crate::frame::{Frame, Subset};

described! {
    /// `[[correlation]]`: how pairs of variables go together.
    pub struct CorrelationBlock {
        /// The block's name; every number of it carries it.
        pub id: Spanned<String>,
        /// The title on the page.
        pub title: Option<String>,
        /// The coefficient; `pearson` where nothing is said. A measured variable and one of two categories have the
        /// point-biserial one.
        pub method: Option<Method>,
        /// Pairs, in order: `["a", "b"]`, or a table that says more.
        #[serde(default)]
        pub pairs: Vec<PairEntry>,
        /// Variables of which every two make a pair.
        #[serde(default)]
        pub variables: Vec<Spanned<String>>,
        /// Patients that it is about: by the levels they have, or by an SQL condition.
        #[serde(default)]
        pub within: Within,
        /// How p-values are adjusted within the block.
        pub adjust: Option<Spanned<Adjustment>>,
    }
}

words! {
    /// A coefficient of correlation.
    pub enum Method {
        /// Pearson's, of a straight line
        Pearson = "pearson",
        /// Spearman's, of ranks
        Spearman = "spearman",
        /// Kendall's tau-b, of pairs of patients
        Kendall = "kendall",
    }
}

/// A pair of variables.
#[derive(Clone, Debug)]
pub struct PairEntry {
    /// The first: what a scatter plot has upwards.
    pub y: Spanned<String>,
    /// The second: what it has along.
    pub x: Spanned<String>,
    /// The coefficient, instead of the block's.
    pub method: Option<Method>,
}

impl<'de> Deserialize<'de> for PairEntry {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields, rename_all = "kebab-case")]
        struct Table {
            y: Spanned<String>,
            x: Spanned<String>,
            method: Option<Method>,
        }
        struct Entry;
        impl<'de> Visitor<'de> for Entry {
            type Value = PairEntry;
            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("two variables in brackets, or a table with `y` and `x`")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<PairEntry, A::Error> {
                let (Some(y), Some(x), None) =
                    (names.next_element()?, names.next_element()?, names.next_element::<String>()?)
                else {
                    return Err(serde::de::Error::invalid_length(0, &self));
                };
                Ok(PairEntry { y, x, method: None })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PairEntry, A::Error> {
                let Table { y, x, method } = Table::deserialize(MapAccessDeserializer::new(map))?;
                Ok(PairEntry { y, x, method })
            }
        }
        deserializer.deserialize_any(Entry)
    }
}

impl Describe for PairEntry {
    fn shape() -> Shape {
        let keys = vec![
            key::<String>("y", &["the variable that a scatter plot has upwards"], false),
            key::<String>("x", &["the variable that it has along"], false),
            key::<Option<Method>>("method", &["the coefficient, instead of the block's"], false),
        ];
        let table = Table { about: "A pair of variables.".to_owned(), keys };
        Shape::Either(vec![Shape::List(Box::new(Shape::Text)), Shape::Table(table)])
    }
}

#[derive(Clone, Debug)]
struct CorrelationPlan {
    id: String,
    title: String,
    pairs: Vec<PairPlan>,
    within: Subset,
    adjust: Option<Adjustment>,
}

#[derive(Clone, Debug)]
struct PairPlan {
    y: String,
    x: String,
    how: How,
}

/// What is computed of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum How {
    Coefficient(Method),
    /// `x` has the two categories, or `y` has.
    PointBiserial {
        categories_along: bool,
    },
}

impl Block for CorrelationBlock {
    fn id(&self) -> &Spanned<String> {
        &self.id
    }

    fn resolve(&self, resolving: &mut Resolving<'_>) -> Result<Box<dyn Step>, StudyError> {
        let method = self.method.unwrap_or(Method::Pearson);
        let mut pairs: Vec<PairPlan> = Vec::new();
        let mut add = |y: (&str, Range<usize>), x: (&str, Range<usize>), method| {
            let how = how(resolving, &y, &x, method)?;
            let same = |pair: &PairPlan| [&pair.y, &pair.x] == [y.0, x.0] || [&pair.y, &pair.x] == [x.0, y.0];
            if pairs.iter().any(same) {
                let message = format!("the pair of `{}` and `{}` is named twice", y.0, x.0);
                return Err(resolving.error(&y.1, message, None));
            }
            pairs.push(PairPlan { y: y.0.to_owned(), x: x.0.to_owned(), how });
            Ok(())
        };
        for pair in &self.pairs {
            let PairEntry { y, x, method: own } = pair;
            add((y.get_ref(), y.span()), (x.get_ref(), x.span()), own.unwrap_or(method))?;
        }
        for (place, first) in self.variables.iter().enumerate() {
            for second in &self.variables[place + 1..] {
                add((first.get_ref(), first.span()), (second.get_ref(), second.span()), method)?;
            }
        }
        if pairs.is_empty() {
            let hint = Some("pairs = [[\"a\", \"b\"]], or variables = [\"a\", \"b\", \"c\"]".to_owned());
            return Err(resolving.error(&self.id.span(), "the block has no pairs", hint));
        }
        Ok(Box::new(CorrelationPlan {
            id: self.id.get_ref().clone(),
            title: self.title.clone().unwrap_or_else(|| "Correlations".to_owned()),
            pairs,
            within: resolving.within(&self.within)?,
            adjust: self.adjust.as_ref().map(|method| *method.get_ref()),
        }))
    }
}

/// What can be computed of two variables.
fn how(
    resolving: &Resolving<'_>,
    y: &(&str, Range<usize>),
    x: &(&str, Range<usize>),
    method: Method,
) -> Result<How, StudyError> {
    if y.0 == x.0 {
        return Err(resolving.error(&y.1, format!("`{}` is paired with itself", y.0), None));
    }
    let two_categories = |(name, span): &(&str, Range<usize>)| {
        let column = resolving.column(name, span)?;
        match &column.values {
            Values::Levels { levels, .. } if levels.len() == 2 && column.kind != Kind::Ordinal => Ok(true),
            _ => resolving.measured(name, span).map(|_| false),
        }
    };
    Ok(match (two_categories(y)?, two_categories(x)?, method) {
        (false, true, Method::Pearson) => How::PointBiserial { categories_along: true },
        (true, false, Method::Pearson) => How::PointBiserial { categories_along: false },
        (_, _, method) => How::Coefficient(method),
    })
}

impl How {
    fn word(self) -> &'static str {
        match self {
            Self::Coefficient(method) => method.word(),
            Self::PointBiserial { .. } => "point-biserial",
        }
    }
}

impl PairPlan {
    /// The values of the patients who have both.
    fn values(&self, frame: Frame<'_>, members: &[bool]) -> (Vec<f64>, Vec<f64>) {
        let (y, x) = (frame.numbers(&self.y), frame.numbers(&self.x));
        y.iter()
            .zip(&x)
            .zip(members)
            .filter(|(_, member)| **member)
            .filter_map(|((y, x), _)| Some(((*y)?, (*x)?)))
            .unzip()
    }

    fn test(&self, y: &[f64], x: &[f64], level: Level) -> Result<TestResult, TestError> {
        match self.how {
            How::Coefficient(Method::Pearson) => Pearson { level, ..Pearson::default() }.run(x, y),
            How::Coefficient(Method::Spearman) => Spearman { level, ..Spearman::default() }.run(x, y),
            How::Coefficient(Method::Kendall) => Kendall { level, ..Kendall::default() }.run(x, y),
            How::PointBiserial { categories_along } => {
                let (values, codes) = if categories_along { (y, x) } else { (x, y) };
                let of = |code: f64| -> Vec<f64> {
                    values.iter().zip(codes).filter(|(_, known)| **known == code).map(|(value, _)| *value).collect()
                };
                PointBiserial { level, ..PointBiserial::default() }.run(&of(1.0), &of(0.0))
            }
        }
    }
}

impl Step for CorrelationPlan {
    fn id(&self) -> &str {
        &self.id
    }

    fn title(&self) -> &str {
        &self.title
    }

    fn describe(&self, text: &mut String, _conventions: &Conventions) {
        // Writing to a String cannot fail.
        let _ = writeln!(text, "\ncorrelation {}: {}", self.id, self.title);
        block::describe_subset(text, &self.within);
        if let Some(method) = self.adjust {
            let _ = writeln!(text, "  adjusted p: {} over the pairs", method.word());
        }
        for pair in &self.pairs {
            let _ = writeln!(text, "  {:<22} {:<22} {}", pair.y, pair.x, pair.how.word());
        }
    }

    fn run(&self, running: &Running<'_>, record: &mut Record) {
        let members = self.within.members(running.frame);
        let patients = members.iter().filter(|member| **member).count();
        let level = running.conventions.level();
        let mut family = Vec::new();
        for pair in &self.pairs {
            let place = |context, stat, value| Row::new(&self.id, context, &pair.y, None, stat, value).with(&pair.x);
            let (y, x) = pair.values(running.frame, &members);
            record.rows.push(place(Context::Missingness, Stat::N, y.len() as f64));
            record.rows.push(place(Context::Missingness, Stat::NMissing, (patients - y.len()) as f64));
            let p_value = match pair.test(&y, &x, level) {
                Ok(result) => {
                    write(&mut record.rows, &|stat, value| place(Context::Test, stat, value), &result);
                    Ok(result.p_value)
                }
                Err(error) => {
                    let reason = error.to_string();
                    record.rows.push(place(Context::Test, Stat::R, f64::NAN).reason(&reason));
                    record.rows.push(place(Context::Test, Stat::PValue, f64::NAN).reason(&reason));
                    Err(reason)
                }
            };
            let place = place(Context::Test, Stat::PValue, f64::NAN);
            family.push(Member { place, name: format!("{} ~ {}", pair.y, pair.x), p_value, left_out: false });
            if running.draws(&[PanelKind::Scatter], &pair.y) {
                record.series.extend(self.drawn(pair, y, x, level));
            }
        }
        let family = self.adjust.map(|method| family::adjust(&mut record.rows, family, method).0);
        record.analyses.push(Analysis {
            family,
            within: self.within.record(&members),
            alpha: running.conventions.alpha(),
            ..Analysis::new(&self.id, AnalysisKind::Correlation, &self.title)
        });
    }

    fn panels(&self) -> Vec<(PanelKind, Vec<String>)> {
        let mut named: Vec<String> = Vec::new();
        for name in self.pairs.iter().flat_map(|pair| [&pair.y, &pair.x]) {
            if !named.contains(name) {
                named.push(name.clone());
            }
        }
        vec![(PanelKind::Scatter, named.clone()), (PanelKind::CorrelationMatrix, named)]
    }

    fn default_panels(&self) -> Vec<Panel> {
        let kind = if self.pairs.len() > FEW_PAIRS { PanelKind::CorrelationMatrix } else { PanelKind::Scatter };
        vec![block::panel(kind, &self.id, Vec::new())]
    }
}

/// More pairs than this are shown as a matrix.
const FEW_PAIRS: usize = 4;

impl CorrelationPlan {
    /// The points in the order of `x`, so that no row of a patient can be told, and the line through them.
    fn drawn(&self, pair: &PairPlan, y: Vec<f64>, x: Vec<f64>, level: Level) -> Vec<Series> {
        let line =
            StraightLine { level }.fit(&x, &y).ok().filter(|_| matches!(pair.how, How::Coefficient(Method::Pearson)));
        let mut points: Vec<(f64, f64)> = x.into_iter().zip(y).collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
        let of =
            |kind| Series { variable: Some(pair.y.clone()), with: Some(pair.x.clone()), ..Series::new(&self.id, kind) };
        let scatter = of(SeriesKind::Scatter)
            .numbers("x", points.iter().map(|point| point.0))
            .numbers("y", points.iter().map(|point| point.1));
        let fit = line.zip(points.first().zip(points.last())).map(|(line, (first, last))| {
            let (low, high) = (first.0, last.0);
            let along: Vec<f64> =
                (0..=BAND).map(|step| low + (high - low) * (f64::from(step) / f64::from(BAND))).collect();
            of(SeriesKind::Fit)
                .numbers("x", along.iter().copied())
                .numbers("fit", along.iter().map(|x| line.at(*x)))
                .numbers("conf_low", along.iter().map(|x| line.interval_at(*x).low))
                .numbers("conf_high", along.iter().map(|x| line.interval_at(*x).high))
        });
        std::iter::once(scatter).chain(fit).collect()
    }
}

/// Pieces of a band.
const BAND: u32 = 50;

fn write(rows: &mut Vec<Row>, place: &dyn Fn(Stat, f64) -> Row, result: &TestResult) {
    let key = result.procedure.key();
    if let Some(estimate) = result.estimate {
        rows.push(place(Stat::R, estimate.value).procedure(estimate.quantity.key()));
        if let Some(limits) = estimate.interval {
            rows.push(place(Stat::ConfLow, limits.low).of(Stat::R).procedure("fisher_z"));
            rows.push(place(Stat::ConfHigh, limits.high).of(Stat::R).procedure("fisher_z"));
        }
    }
    if let Some(statistic) = result.statistic {
        rows.push(place(Stat::Statistic, statistic.value()).procedure(key));
        if let Some(df) = statistic.df() {
            rows.push(place(Stat::Df, df).procedure(key));
        }
    }
    rows.push(place(Stat::PValue, result.p_value).procedure(key));
}
