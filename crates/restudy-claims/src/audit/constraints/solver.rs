//! Whole numbers under linear rules: propagation of bounds, a bounded search, and the smallest set of rules that no
//! numbers meet.

use std::collections::BTreeSet;

/// The place of a number in a [`Problem`].
pub(super) type Variable = usize;

/// `low ≤ Σ coefficient · number ≤ high`.
#[derive(Clone, Debug)]
pub(super) struct Rule<S> {
    pub(super) terms: Vec<(Variable, i64)>,
    pub(super) low: i64,
    pub(super) high: i64,
    /// What says so; a rule without sources always holds.
    pub(super) sources: Vec<S>,
}

/// Whole numbers between bounds, and the rules between them.
#[derive(Clone, Debug)]
pub(super) struct Problem<S> {
    pub(super) bounds: Vec<(i64, i64)>,
    pub(super) rules: Vec<Rule<S>>,
}

impl<S> Default for Problem<S> {
    fn default() -> Self {
        Self { bounds: Vec::new(), rules: Vec::new() }
    }
}

/// What a search found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    /// Some numbers meet every rule.
    Feasible,
    /// None do.
    Infeasible,
    /// The search used up its steps.
    Stopped,
}

/// How many times bounds may still be propagated along a rule: the measure of work.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget(u64);

impl Budget {
    pub(super) fn new(steps: u64) -> Self {
        Self(steps)
    }

    fn spend(&mut self) -> bool {
        self.0 = self.0.saturating_sub(1);
        self.0 > 0
    }

    pub(super) fn is_spent(self) -> bool {
        self.0 == 0
    }
}

/// Why bounds could not be propagated to the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Halt {
    /// A number has no value left.
    Empty,
    /// The budget is spent.
    Spent,
}

impl<S: Copy + Ord> Problem<S> {
    /// A number from `low` to `high`.
    pub(super) fn number(&mut self, low: i64, high: i64) -> Variable {
        self.bounds.push((low, high));
        self.bounds.len() - 1
    }

    /// A rule that some sources say.
    pub(super) fn rule(&mut self, terms: Vec<(Variable, i64)>, (low, high): (i64, i64), sources: Vec<S>) {
        self.rules.push(Rule { terms, low, high, sources });
    }

    /// The problems that share no number, each with the places of its numbers and rules here.
    pub(super) fn components(&self) -> Vec<Component> {
        let mut root: Vec<usize> = (0..self.bounds.len()).collect();
        for rule in &self.rules {
            for pair in rule.terms.windows(2) {
                let (first, second) = (find(&mut root, pair[0].0), find(&mut root, pair[1].0));
                root[second.max(first)] = first.min(second);
            }
        }
        let mut components: std::collections::BTreeMap<usize, Component> = std::collections::BTreeMap::new();
        for variable in 0..self.bounds.len() {
            components.entry(find(&mut root, variable)).or_default().variables.push(variable);
        }
        for (index, rule) in self.rules.iter().enumerate() {
            if let Some((variable, _)) = rule.terms.first() {
                components.entry(find(&mut root, *variable)).or_default().rules.push(index);
            }
        }
        components.into_values().collect()
    }

    /// Whether some numbers meet those of the rules.
    pub(super) fn solve(&self, component: &Component, rules: &[usize], budget: &mut Budget) -> Answer {
        self.solve_within(component, rules, &[], budget)
    }

    /// The same with one number held between bounds of its own.
    fn solve_within(
        &self,
        component: &Component,
        rules: &[usize],
        held: &[(Variable, (i64, i64))],
        budget: &mut Budget,
    ) -> Answer {
        let mut bounds = self.bounds.clone();
        for (variable, (low, high)) in held {
            let (own_low, own_high) = bounds[*variable];
            bounds[*variable] = (own_low.max(*low), own_high.min(*high));
        }
        if component.variables.iter().any(|variable| bounds[*variable].0 > bounds[*variable].1) {
            return Answer::Infeasible;
        }
        self.search(component, rules, bounds, budget)
    }

    fn search(&self, component: &Component, rules: &[usize], bounds: Vec<(i64, i64)>, budget: &mut Budget) -> Answer {
        let mut open = vec![bounds];
        while let Some(mut bounds) = open.pop() {
            match self.propagate(rules, &mut bounds, budget) {
                Err(Halt::Empty) => continue,
                Err(Halt::Spent) => return Answer::Stopped,
                Ok(()) => {}
            }
            // The number with the fewest values left is tried value by value from below.
            let free = component
                .variables
                .iter()
                .copied()
                .filter(|variable| bounds[*variable].0 < bounds[*variable].1)
                .min_by_key(|variable| (bounds[*variable].1 - bounds[*variable].0, *variable));
            let Some(variable) = free else { return Answer::Feasible };
            let (low, high) = bounds[variable];
            let middle = low + (high - low) / 2;
            let (mut below, mut above) = (bounds.clone(), bounds);
            below[variable].1 = middle;
            above[variable].0 = middle + 1;
            open.push(above);
            open.push(below);
        }
        Answer::Infeasible
    }

    /// Narrows bounds until no rule narrows any further.
    fn propagate(&self, rules: &[usize], bounds: &mut [(i64, i64)], budget: &mut Budget) -> Result<(), Halt> {
        let mut changed = true;
        while changed {
            changed = false;
            for rule in rules.iter().map(|rule| &self.rules[*rule]) {
                if !budget.spend() {
                    return Err(Halt::Spent);
                }
                let span = |(variable, coefficient): &(Variable, i64)| {
                    let (low, high) = bounds[*variable];
                    let (one, two) = (low.saturating_mul(*coefficient), high.saturating_mul(*coefficient));
                    (one.min(two), one.max(two))
                };
                let spans: Vec<(i64, i64)> = rule.terms.iter().map(span).collect();
                let least: i64 = spans.iter().fold(0, |sum, (low, _)| sum.saturating_add(*low));
                let most: i64 = spans.iter().fold(0, |sum, (_, high)| sum.saturating_add(*high));
                if least > rule.high || most < rule.low {
                    return Err(Halt::Empty);
                }
                for ((variable, coefficient), (low, high)) in rule.terms.iter().zip(spans) {
                    // What the others leave for this term.
                    let (floor, ceiling) =
                        (rule.low.saturating_sub(most - high), rule.high.saturating_sub(least - low));
                    let (own_low, own_high) = bounds[*variable];
                    let (new_low, new_high) = if *coefficient > 0 {
                        (ceiling_division(floor, *coefficient), ceiling.div_euclid(*coefficient))
                    } else {
                        (ceiling_division(-ceiling, -coefficient), (-floor).div_euclid(-coefficient))
                    };
                    let narrowed = (own_low.max(new_low), own_high.min(new_high));
                    if narrowed.0 > narrowed.1 {
                        return Err(Halt::Empty);
                    }
                    changed |= narrowed != (own_low, own_high);
                    bounds[*variable] = narrowed;
                }
            }
        }
        Ok(())
    }

    /// The smallest and the largest value of a number under the rules of its component; none where the search stopped
    /// or no numbers meet the rules.
    pub(super) fn extremes(
        &self,
        component: &Component,
        variable: Variable,
        budget: &mut Budget,
    ) -> Option<(i64, i64)> {
        let rules = &component.rules;
        let mut bounds = self.bounds.clone();
        self.propagate(rules, &mut bounds, budget).ok()?;
        let (first, last) = bounds[variable];
        let mut feasible =
            |low: i64, high: i64| match self.solve_within(component, rules, &[(variable, (low, high))], budget) {
                Answer::Feasible => Some(true),
                Answer::Infeasible => Some(false),
                Answer::Stopped => None,
            };
        if !feasible(first, last)? {
            return None;
        }
        let (mut low, mut above) = (first, last);
        while low < above {
            let middle = low + (above - low) / 2;
            if feasible(first, middle)? { above = middle } else { low = middle + 1 }
        }
        let (mut high, mut below) = (last, low);
        while below < high {
            let middle = high - (high - below) / 2;
            if feasible(middle, last)? { below = middle } else { high = middle - 1 }
        }
        Some((low, high))
    }

    /// Sources that cannot all be right, none of which can be left out: each is taken away in turn, and stays away when
    /// the rest still conflict. None where the search stopped.
    pub(super) fn smallest_conflict(&self, component: &Component, budget: &mut Budget) -> Option<Vec<S>> {
        let mut sources: BTreeSet<S> =
            component.rules.iter().flat_map(|rule| self.rules[*rule].sources.iter().copied()).collect();
        let held = |sources: &BTreeSet<S>| -> Vec<usize> {
            let said = |rule: &&usize| self.rules[**rule].sources.iter().all(|source| sources.contains(source));
            component.rules.iter().filter(said).copied().collect()
        };
        for source in sources.clone() {
            sources.remove(&source);
            match self.solve(component, &held(&sources), budget) {
                Answer::Infeasible => {}
                Answer::Feasible => {
                    sources.insert(source);
                }
                Answer::Stopped => return None,
            }
        }
        Some(sources.into_iter().collect())
    }
}

/// Numbers and rules that share nothing with the rest.
#[derive(Clone, Debug, Default)]
pub(super) struct Component {
    pub(super) variables: Vec<Variable>,
    pub(super) rules: Vec<usize>,
}

fn find(root: &mut [usize], mut at: usize) -> usize {
    while root[at] != at {
        root[at] = root[root[at]];
        at = root[at];
    }
    at
}

fn ceiling_division(value: i64, by: i64) -> i64 {
    -(-value).div_euclid(by)
}
