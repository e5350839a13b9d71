use super::performance::{Risk, firth_line};
use super::{CutoffRounding, ScoreError};
use crate::accuracy::{CutoffRule, Operator};
use crate::descriptive::Moments;
use crate::dist;
use crate::hypothesis::{ChiSquare, Correction, CountTable, FisherExact, StudentT, WelchT};
use crate::multiplicity::BenjaminiHochberg;

/// How a points score is made of many candidate variables.
///
/// ## Formula
///
/// ```text
/// screen     p of each candidate between the outcome's groups: a continuous one by `continuous_test`, a binary one by
///            chi-square without correction, or by Fisher's exact test where an expected count is below 5
/// adjust     the p-values of all candidates as one family
/// select     of those with an adjusted p-value below `level`, the `items` smallest p-values (then the first candidate)
/// cut-off    of each item, the greatest sensitivity + specificity − 1, half way between two values (of equally good ones
///            the least); the direction is that of the area above one half; then rounded as the candidate says
/// points     1 for each item
/// risk       of a total, Firth's logistic regression of the outcome on it
/// threshold  of the total, by Youden's index again
/// ```
///
/// ## Input
///
/// Candidates of complete rows, and the outcome.
///
/// ## Result
///
/// [`DerivedScore`]. Where nothing passes the screen it has no items: everyone's total is 0, and everyone is negative.
///
/// ## Conventions
///
/// This is the protocol of many clinical papers, not a recommendation. A resample is counts, how often each row was drawn;
/// tests and curves are computed from counts at each distinct value, which is sorted once.
///
/// ## Errors
///
/// [`ScoreError`]: lengths, values that are not finite, an outcome with one class, no candidates.
///
/// ## Source
///
/// Steyerberg, Clinical Prediction Models, 2nd edition (2019), chapters 11 and 16; Youden, Cancer 3 (1950) 32–35; Benjamini
/// and Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289–300.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Derivation {
    /// How a continuous candidate is screened.
    pub continuous_test: ContinuousTest,
    /// How the p-values are adjusted.
    pub adjustment: Adjustment,
    /// Candidates with an adjusted p-value below it pass.
    pub level: f64,
    /// The most items.
    pub items: usize,
}

impl Default for Derivation {
    fn default() -> Self {
        Self {
            continuous_test: ContinuousTest::MannWhitney,
            adjustment: Adjustment::BenjaminiHochberg,
            level: 0.05,
            items: 3,
        }
    }
}

/// How a continuous candidate is screened.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ContinuousTest {
    /// Mann and Whitney's, by its normal approximation with the variance of ties and no continuity correction.
    #[default]
    MannWhitney,
    /// Student's t with pooled variance.
    StudentT,
    /// Welch's t.
    WelchT,
}

/// How the p-values of the screen are adjusted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Adjustment {
    /// Not at all.
    None,
    /// By Benjamini and Hochberg's step-up rule.
    #[default]
    BenjaminiHochberg,
}

/// A variable that may become an item.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate<'a> {
    /// A value for each patient.
    pub values: CandidateValues<'a>,
    /// How its cut-off is rounded; `None` for as it was found.
    pub rounding: Option<CutoffRounding>,
}

/// The values of a candidate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum CandidateValues<'a> {
    /// Measurements.
    Continuous(&'a [f64]),
    /// Yes or no.
    Binary(&'a [bool]),
}

/// An item of a derived score.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DerivedItem {
    /// The candidate's place.
    pub candidate: usize,
    /// The values that have the point; of a binary candidate `> 0.5` is yes, `< 0.5` no.
    pub rule: CutoffRule,
}

/// A derived score.
#[derive(Clone, Debug, PartialEq)]
pub struct DerivedScore {
    /// The items, the smallest p-value first.
    pub items: Vec<DerivedItem>,
    /// Totals at or above it are positive; more than there are items where the score has none.
    pub threshold: u32,
    /// ln(risk / (1 − risk)) of a total of 0.
    pub intercept: f64,
    /// What a point adds to it.
    pub slope: f64,
}

impl DerivedScore {
    /// The logit of the risk at a total.
    #[must_use]
    pub fn linear_predictor(&self, total: u32) -> f64 {
        self.intercept + self.slope * f64::from(total)
    }
}

/// A candidate, its distinct values sorted once.
pub(super) struct Column {
    /// The distinct values, ascending.
    levels: Vec<f64>,
    /// Each row's place among them.
    codes: Vec<u32>,
    binary: bool,
    rounding: Option<CutoffRounding>,
}

/// Candidates and outcome, ready for many resamples.
pub(super) struct Prepared<'a> {
    pub(super) columns: Vec<Column>,
    pub(super) outcome: &'a [bool],
}

impl<'a> Prepared<'a> {
    pub(super) fn new(candidates: &[Candidate<'_>], outcome: &'a [bool]) -> Result<Self, ScoreError> {
        let n = outcome.len();
        let events = outcome.iter().filter(|&&event| event).count();
        if events == 0 || events == n {
            return Err(ScoreError::OneOutcome { events, n });
        }
        if candidates.is_empty() {
            return Err(ScoreError::NoCandidates);
        }
        let column = |(candidate, given): (usize, &Candidate<'_>)| {
            let (values, binary) = match given.values {
                CandidateValues::Continuous(values) => (values.to_vec(), false),
                CandidateValues::Binary(values) => (values.iter().map(|&yes| f64::from(u8::from(yes))).collect(), true),
            };
            if values.len() != n {
                return Err(ScoreError::Length { candidate, found: values.len(), needed: n });
            }
            if let Some(row) = values.iter().position(|value| !value.is_finite()) {
                return Err(ScoreError::NotFinite { candidate, row });
            }
            // −0 is 0: equal values have one level.
            let values: Vec<f64> = values.into_iter().map(|value| value + 0.0).collect();
            let mut levels = values.clone();
            levels.sort_by(f64::total_cmp);
            levels.dedup();
            let codes = values.iter().map(|value| levels.partition_point(|level| level < value) as u32).collect();
            Ok(Column { levels, codes, binary, rounding: given.rounding })
        };
        let columns = candidates.iter().enumerate().map(column).collect::<Result<_, _>>()?;
        Ok(Self { columns, outcome })
    }
}

/// How often each level was met in cases and in controls.
#[derive(Default)]
pub(super) struct Tally {
    cases: Vec<u32>,
    controls: Vec<u32>,
}

impl Tally {
    pub(super) fn fill(&mut self, levels: usize, codes: &[u32], outcome: &[bool], counts: &[u32]) {
        for side in [&mut self.cases, &mut self.controls] {
            side.clear();
            side.resize(levels, 0);
        }
        for ((&code, &event), &count) in codes.iter().zip(outcome).zip(counts) {
            let side = if event { &mut self.cases } else { &mut self.controls };
            side[code as usize] += count;
        }
    }

    fn pairs(&self) -> impl DoubleEndedIterator<Item = (u64, u64)> + ExactSizeIterator + '_ {
        self.cases.iter().zip(&self.controls).map(|(&cases, &controls)| (u64::from(cases), u64::from(controls)))
    }

    fn sizes(&self) -> (u64, u64) {
        self.pairs().fold((0, 0), |(cases, controls), (a, b)| (cases + a, controls + b))
    }

    /// Twice Mann and Whitney's U of the cases, a tie counting one.
    fn twice_u(&self) -> u64 {
        let mut below = 0;
        self.pairs().fold(0, |sum, (cases, controls)| {
            let won = cases * (2 * below + controls);
            below += controls;
            sum + won
        })
    }

    /// The p-value of the rank test; 1 without a case, a control, or two values.
    fn mann_whitney(&self) -> f64 {
        let (cases, controls) = self.sizes();
        let n = (cases + controls) as f64;
        let ties: f64 = self.pairs().map(|(a, b)| (a + b) as f64).map(|t| t * (t * t - 1.0)).sum();
        let pairs = (cases * controls) as f64;
        let variance = pairs / 12.0 * ((n + 1.0) - ties / (n * (n - 1.0)));
        let deviation = self.twice_u() as f64 / 2.0 - pairs / 2.0;
        if variance > 0.0 { dist::Normal.two_sided(deviation / variance.sqrt()) } else { 1.0 }
    }

    /// n, mean and standard deviation of the cases and of the controls.
    fn moments(&self, levels: &[f64]) -> [Moments; 2] {
        [&self.cases, &self.controls].map(|counts| {
            let n: u64 = counts.iter().map(|&count| u64::from(count)).sum();
            let weighted = |f: &dyn Fn(f64) -> f64| {
                levels.iter().zip(counts).map(|(&level, &count)| f64::from(count) * f(level)).sum::<f64>()
            };
            let mean = weighted(&|x| x) / n as f64;
            let sd = (weighted(&|x| (x - mean).powi(2)) / (n as f64 - 1.0)).sqrt();
            Moments { n: n as usize, mean, sd }
        })
    }

    /// The p-value of the table of yes and no; 1 with an empty margin.
    fn two_by_two(&self) -> f64 {
        let (cases, controls) = self.sizes();
        let yes = |counts: &[u32]| counts.last().map_or(0, |&count| u64::from(count));
        let (a, b) = (yes(&self.cases), yes(&self.controls));
        let n = cases + controls;
        let (positive, negative) = (a + b, n - a - b);
        if self.cases.len() < 2 || cases == 0 || controls == 0 || positive == 0 || negative == 0 {
            return 1.0;
        }
        let smallest = cases.min(controls) as f64 * positive.min(negative) as f64 / n as f64;
        let p = if smallest < 5.0 {
            FisherExact::default().p_value(a, [cases, positive, n])
        } else {
            CountTable::new(2, 2, vec![a, cases - a, b, controls - b])
                .and_then(|table| ChiSquare { correction: Correction::None }.run_on_counts(&table))
                .map(|test| test.p_value)
        };
        p.unwrap_or(1.0)
    }

    /// The level at and above which (or below which) the index of Youden is greatest, with the direction; `None` where no
    /// value divides.
    fn youden(&self) -> Option<(usize, bool)> {
        let (cases, controls) = self.sizes();
        let higher = self.twice_u() >= cases * controls;
        let (mut below_cases, mut below_controls) = (0, 0);
        let mut best: Option<(i128, usize)> = None;
        for (level, (a, b)) in self.pairs().enumerate() {
            // A level that nobody of this resample has divides nothing new.
            if level > 0 && (a, b) != (0, 0) && below_cases + below_controls > 0 {
                let rise =
                    i128::from(below_controls) * i128::from(cases) - i128::from(below_cases) * i128::from(controls);
                let index = if higher { rise } else { -rise };
                if best.is_none_or(|(best, _)| index > best) {
                    best = Some((index, level));
                }
            }
            below_cases += a;
            below_controls += b;
        }
        best.map(|(_, level)| (level, higher))
    }

    /// The level below one, of those that this resample has.
    fn last_below(&self, level: usize) -> usize {
        (0..level).rev().find(|&at| self.cases[at] + self.controls[at] > 0).unwrap_or(0)
    }
}

/// Room to work in, used again for every resample.
#[derive(Default)]
pub(super) struct Room {
    tally: Tally,
    p_values: Vec<Option<f64>>,
    pub(super) totals: Vec<u32>,
}

impl Derivation {
    /// Derives a score from all rows.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn run(&self, candidates: &[Candidate<'_>], outcome: &[bool]) -> Result<DerivedScore, ScoreError> {
        self.check()?;
        let prepared = Prepared::new(candidates, outcome)?;
        Ok(self.derive(&prepared, &vec![1; outcome.len()], &mut Room::default()))
    }

    /// The p-value of each candidate's screen, before adjustment.
    ///
    /// # Errors
    ///
    /// As the type's page says.
    pub fn screen(&self, candidates: &[Candidate<'_>], outcome: &[bool]) -> Result<Vec<f64>, ScoreError> {
        let prepared = Prepared::new(candidates, outcome)?;
        let mut room = Room::default();
        self.p_values(&prepared, &vec![1; outcome.len()], &mut room);
        Ok(room.p_values.into_iter().flatten().collect())
    }

    pub(super) fn check(&self) -> Result<(), ScoreError> {
        if !(self.level > 0.0 && self.level <= 1.0) {
            return Err(ScoreError::Setting { setting: "level", must_be: "above 0 and at most 1" });
        }
        if self.items == 0 {
            return Err(ScoreError::Setting { setting: "items", must_be: "at least 1" });
        }
        Ok(())
    }

    fn p_values(&self, prepared: &Prepared<'_>, counts: &[u32], room: &mut Room) {
        room.p_values.clear();
        for column in &prepared.columns {
            room.tally.fill(column.levels.len(), &column.codes, prepared.outcome, counts);
            let by_t =
                |run: &dyn Fn([Moments; 2]) -> Option<f64>| run(room.tally.moments(&column.levels)).unwrap_or(1.0);
            let p = match (column.binary, self.continuous_test) {
                (true, _) => room.tally.two_by_two(),
                (false, ContinuousTest::MannWhitney) => room.tally.mann_whitney(),
                (false, ContinuousTest::StudentT) => {
                    by_t(&|[a, b]| StudentT::default().run_on_moments(a, b).ok().map(|test| test.p_value))
                }
                (false, ContinuousTest::WelchT) => {
                    by_t(&|[a, b]| WelchT::default().run_on_moments(a, b).ok().map(|test| test.p_value))
                }
            };
            room.p_values.push(Some(p));
        }
    }

    /// Derives a score from a resample; `room.totals` are then the totals of all rows.
    pub(super) fn derive(&self, prepared: &Prepared<'_>, counts: &[u32], room: &mut Room) -> DerivedScore {
        self.p_values(prepared, counts, room);
        let adjusted = match self.adjustment {
            Adjustment::None => None,
            // The p-values lie between 0 and 1: there is nothing to refuse.
            Adjustment::BenjaminiHochberg => BenjaminiHochberg.adjust(&room.p_values).ok().map(|family| family.values),
        };
        let adjusted = adjusted.as_ref().unwrap_or(&room.p_values);
        let mut passed: Vec<(f64, usize)> = (room.p_values.iter().zip(adjusted).enumerate())
            .filter_map(|(candidate, (p, adjusted))| Some(((*p)?, candidate, (*adjusted)?)))
            .filter(|(_, _, adjusted)| *adjusted < self.level)
            .map(|(p, candidate, _)| (p, candidate))
            .collect();
        passed.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        passed.truncate(self.items);
        let mut items = Vec::with_capacity(passed.len());
        for (_, candidate) in passed {
            let column = &prepared.columns[candidate];
            room.tally.fill(column.levels.len(), &column.codes, prepared.outcome, counts);
            if let Some(rule) = column.cutoff(&room.tally) {
                items.push(DerivedItem { candidate, rule });
            }
        }
        room.totals.clear();
        room.totals.resize(prepared.outcome.len(), 0);
        for item in &items {
            let column = &prepared.columns[item.candidate];
            for (total, &code) in room.totals.iter_mut().zip(&column.codes) {
                *total += u32::from(item.rule.is_positive(column.levels[code as usize]));
            }
        }
        room.tally.fill(items.len() + 1, &room.totals, prepared.outcome, counts);
        let threshold = match room.tally.youden() {
            Some((level, true)) => level as u32,
            _ => items.len() as u32 + 1,
        };
        let Risk { intercept, slope } = firth_line(&room.tally.cases, &room.tally.controls);
        DerivedScore { items, threshold, intercept, slope }
    }
}

impl Column {
    /// The rule of the best cut-off, rounded.
    fn cutoff(&self, tally: &Tally) -> Option<CutoffRule> {
        let (level, higher) = tally.youden()?;
        let (low, high) = (self.levels[tally.last_below(level)], self.levels[level]);
        let middle = low / 2.0 + high / 2.0;
        let rounding = self.rounding.filter(|_| !self.binary);
        let cutoff = rounding.map_or(middle, |rounding| rounding.round(middle));
        let operator = if higher { Operator::Greater } else { Operator::Less };
        Some(CutoffRule { operator, cutoff })
    }
}
