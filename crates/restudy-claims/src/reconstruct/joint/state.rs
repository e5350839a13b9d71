//! Who has which value, and which time.

use super::super::problem::{GroupIndex, Problem, Values, VariableIndex};
use super::super::random::Random;

/// A cohort in the making.
///
/// Times are slots in ascending order, no two equal; a patient has a slot, and a slot is an event or not. Slots before
/// `early` end in an early event.
#[derive(Clone)]
pub(in crate::reconstruct) struct State {
    /// Variable by variable, patient by patient.
    pub(in crate::reconstruct) units: Vec<Vec<i64>>,
    /// The same centred and scaled, for sums.
    pub(in crate::reconstruct) x: Vec<Vec<f64>>,
    centre: Vec<f64>,
    scale: Vec<f64>,
    /// Group by group, 1 for members.
    pub(in crate::reconstruct) member: Vec<Vec<f64>>,
    pub(in crate::reconstruct) group_of: Vec<GroupIndex>,
    pub(in crate::reconstruct) slot_of: Vec<usize>,
    pub(in crate::reconstruct) patient_at: Vec<usize>,
    pub(in crate::reconstruct) event_at: Vec<bool>,
    /// The day of each slot.
    pub(in crate::reconstruct) days_at: Vec<i64>,
    pub(in crate::reconstruct) early: usize,
}

/// One change, which undoes itself when made again (a nudge with its sign turned).
#[derive(Clone, Copy, Debug)]
pub(super) enum Move {
    /// Two patients exchange the values of a variable.
    Swap(VariableIndex, usize, usize),
    /// Two patients exchange the values of two variables.
    SwapBoth(VariableIndex, VariableIndex, usize, usize),
    /// Two patients exchange time and event.
    Record(usize, usize),
    /// Two patients exchange the time, each keeping whether it ended in an event.
    Time(usize, usize),
    /// One value goes up by a number of units.
    Nudge(VariableIndex, usize, i64),
    /// One value goes up, another down.
    NudgePair(VariableIndex, usize, usize, i64),
}

impl State {
    /// The values given, without times.
    pub(in crate::reconstruct) fn new(problem: &Problem, units: Vec<Vec<i64>>) -> Self {
        let n = problem.patients();
        let mut group_of = vec![0; n];
        let mut member = Vec::new();
        for group in 0..problem.groups.len() {
            let mut column = vec![0.0; n];
            for patient in problem.members(group) {
                column[patient] = 1.0;
                group_of[patient] = group;
            }
            member.push(column);
        }
        let (mut centre, mut scale) = (Vec::new(), Vec::new());
        for column in &units {
            let mean = column.iter().sum::<i64>() as f64 / n as f64;
            let about: f64 = column.iter().map(|unit| (*unit as f64 - mean) * (*unit as f64 - mean)).sum();
            centre.push(mean);
            scale.push(if about > 0.0 { (n as f64 / about).sqrt() } else { 1.0 });
        }
        let mut state = Self {
            x: units.iter().map(|column| vec![0.0; column.len()]).collect(),
            units,
            centre,
            scale,
            member,
            group_of,
            slot_of: (0..n).collect(),
            patient_at: (0..n).collect(),
            event_at: vec![false; n],
            days_at: Vec::new(),
            early: 0,
        };
        for variable in 0..state.units.len() {
            for patient in 0..n {
                state.rescale(variable, patient);
            }
        }
        state
    }

    fn rescale(&mut self, variable: VariableIndex, patient: usize) {
        self.x[variable][patient] =
            (self.units[variable][patient] as f64 - self.centre[variable]) * self.scale[variable];
    }

    /// Whether a patient has had an early event.
    pub(in crate::reconstruct) fn is_early(&self, patient: usize) -> bool {
        self.slot_of[patient] < self.early
    }

    /// Whether a patient's time ends in an event.
    pub(in crate::reconstruct) fn has_event(&self, patient: usize) -> bool {
        self.event_at[self.slot_of[patient]]
    }

    pub(super) fn make(&mut self, change: Move) {
        match change {
            Move::Swap(variable, i, j) => self.swap(variable, i, j),
            Move::SwapBoth(first, second, i, j) => {
                self.swap(first, i, j);
                self.swap(second, i, j);
            }
            Move::Record(i, j) => self.swap_slots(i, j),
            Move::Time(i, j) => {
                self.event_at.swap(self.slot_of[i], self.slot_of[j]);
                self.swap_slots(i, j);
            }
            Move::Nudge(variable, i, step) => self.add(variable, i, step),
            Move::NudgePair(variable, i, j, step) => {
                self.add(variable, i, step);
                self.add(variable, j, -step);
            }
        }
    }

    pub(super) fn undo(&mut self, change: Move) {
        self.make(match change {
            Move::Nudge(variable, i, step) => Move::Nudge(variable, i, -step),
            Move::NudgePair(variable, i, j, step) => Move::NudgePair(variable, i, j, -step),
            other => other,
        });
    }

    pub(in crate::reconstruct) fn swap(&mut self, variable: VariableIndex, i: usize, j: usize) {
        self.units[variable].swap(i, j);
        self.x[variable].swap(i, j);
    }

    /// Gives code 1 of a variable to those named among some patients, and 0 to the others.
    pub(in crate::reconstruct) fn put(
        &mut self,
        variable: VariableIndex,
        among: std::ops::Range<usize>,
        wanted: &[usize],
    ) {
        for patient in among {
            self.units[variable][patient] = i64::from(wanted.contains(&patient));
            self.rescale(variable, patient);
        }
    }

    fn add(&mut self, variable: VariableIndex, patient: usize, step: i64) {
        self.units[variable][patient] += step;
        self.rescale(variable, patient);
    }

    fn swap_slots(&mut self, i: usize, j: usize) {
        self.slot_of.swap(i, j);
        self.patient_at[self.slot_of[i]] = i;
        self.patient_at[self.slot_of[j]] = j;
    }
}

/// Values of a variable of codes, group after group, in a random order within each.
pub(in crate::reconstruct) fn draw_codes(counts: &[Vec<usize>], random: &mut Random) -> Vec<i64> {
    let mut units = Vec::new();
    for codes in counts {
        let start = units.len();
        for (code, count) in codes.iter().enumerate() {
            units.extend(std::iter::repeat_n(code as i64, *count));
        }
        random.shuffle(&mut units[start..]);
    }
    units
}

/// Whether values of a variable are codes 0 and 1.
pub(in crate::reconstruct) fn is_binary(values: &Values) -> bool {
    matches!(values, Values::Codes(counts) if counts.iter().all(|codes| codes.len() == 2))
}
