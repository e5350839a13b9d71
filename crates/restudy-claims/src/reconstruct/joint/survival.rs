//! Times and events: the days of the slots, and a first assignment to patients.

use super::super::problem::{Problem, Survival};
use super::super::random::Random;
use super::super::span::Span;
use super::state::State;

/// Early events beyond those that are printed, at most.
const MORE_EARLY: usize = 4;
/// Pairs of days tried for one quartile.
const PAIRS: i64 = 60;

/// Gives every patient a time, and the events that are printed.
pub(super) fn assign(problem: &Problem, survival: &Survival, state: &mut State, random: &mut Random) {
    let n = problem.patients();
    let groups = problem.groups.len();
    // Early events: those printed, and a few of the groups of which nothing is printed.
    let mut early: Vec<usize> =
        (0..groups).map(|group| survival.early.get(group).copied().flatten().unwrap_or(0)).collect();
    if survival.landmark.is_some() {
        for (group, early) in early.iter_mut().enumerate() {
            let unknown = survival.early.get(group).copied().flatten().is_none();
            if unknown {
                *early = random.below(MORE_EARLY + 1).min(problem.groups[group]);
            }
        }
    }
    let all_early: usize = early.iter().sum();
    // All events, by group.
    let mut events: Vec<usize> = (0..groups)
        .map(|group| survival.events.get(group).copied().flatten().unwrap_or(early[group]).max(early[group]))
        .collect();
    let open: Vec<usize> =
        (0..groups).filter(|group| survival.events.get(*group).copied().flatten().is_none()).collect();
    let wanted = survival.all_events.unwrap_or_else(|| events.iter().sum::<usize>().max(n / 3));
    while events.iter().sum::<usize>() < wanted {
        let roomy: Vec<usize> = open.iter().copied().filter(|group| events[*group] < problem.groups[*group]).collect();
        if roomy.is_empty() {
            break;
        }
        events[roomy[random.below(roomy.len())]] += 1;
    }

    state.early = all_early;
    state.days_at = draw_days(survival, n, all_early, random);
    // Early slots go to the early events of each group, late slots to the others, in a random order.
    let mut late: Vec<usize> = (all_early..n).collect();
    let mut soon: Vec<usize> = (0..all_early).collect();
    random.shuffle(&mut late);
    random.shuffle(&mut soon);
    for group in 0..groups {
        let mut members: Vec<usize> = problem.members(group).collect();
        random.shuffle(&mut members);
        for (place, patient) in members.into_iter().enumerate() {
            let slot = if place < early[group] { soon.pop() } else { late.pop() };
            let Some(slot) = slot else { continue };
            state.slot_of[patient] = slot;
            state.patient_at[slot] = patient;
            state.event_at[slot] = place < events[group];
        }
    }
}

/// Distinct days in ascending order, of which so many are up to the landmark, with the quartiles that are printed.
fn draw_days(survival: &Survival, n: usize, early: usize, random: &mut Random) -> Vec<i64> {
    let mut held: Vec<Option<i64>> = vec![None; n];
    if let Some(quartiles) = &survival.quartiles {
        for (share, span) in [0.25, 0.5, 0.75].into_iter().zip(quartiles) {
            let (place, part) = super::super::marginal::quartile_place(n, share, super::super::QUARTILE_TYPE);
            let (low, high) = pair(*span, part, random);
            held[place] = Some(low);
            if part > 0.0 && place + 1 < n {
                held[place + 1] = Some(high);
            }
        }
    }
    let landmark = survival.landmark.unwrap_or(0);
    let mut days = vec![0; n];
    let mut place = 0;
    while place < n {
        if let Some(day) = held[place] {
            days[place] = day;
            place += 1;
            continue;
        }
        // A run of free slots: up to the next held one, or to the landmark.
        let stop = (place..n).find(|slot| held[*slot].is_some()).unwrap_or(n);
        let end = if place < early { stop.min(early) } else { stop };
        let after = place.checked_sub(1).map_or(1, |last| days[last] + 1);
        let low = if place < early { after } else { after.max(landmark + 1) };
        let before = held.get(end).copied().flatten().map_or(survival.longest, |day| day - 1);
        let high = if place < early { before.min(landmark) } else { before };
        let mut choice: Vec<i64> = (low..=high.max(low + (end - place) as i64 - 1)).collect();
        random.shuffle(&mut choice);
        choice.truncate(end - place);
        choice.sort_unstable();
        days[place..end].copy_from_slice(&choice);
        place = end;
    }
    days
}

/// Two different days between which a quartile lies; the day itself where it needs no second.
fn pair(span: Span, part: f64, random: &mut Random) -> (i64, i64) {
    let centre = span.at(0.5);
    if part == 0.0 {
        return (centre.round() as i64, centre.round() as i64);
    }
    let fitting: Vec<(i64, i64)> = (1..=PAIRS)
        .map(|spread| {
            let low = centre.floor() as i64 - spread;
            (low, (low as f64 + (centre - low as f64) / part).round() as i64)
        })
        .filter(|(low, high)| span.contains(*low as f64 + part * (high - low) as f64))
        .take(8)
        .collect();
    if fitting.is_empty() {
        (centre.floor() as i64, centre.floor() as i64 + 1)
    } else {
        fitting[random.below(fitting.len())]
    }
}
