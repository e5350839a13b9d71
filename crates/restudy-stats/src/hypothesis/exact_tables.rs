//! The exact distribution of the probability of a table of counts with given margins.
//!
//! The p-value of the Fisher–Freeman–Halton test is a sum over all tables with the margins observed, far too many to
//! list. Three facts make the sum small (the network of Mehta and Patel, met in the middle):
//!
//! 1. Given how the members of a *part* of the columns are shared between the rows, the part is independent of the
//!    other columns. So the columns are cut into two parts, and each way to share the rows between the parts, a *node*,
//!    takes two lists of probabilities and not their product: for each table of the left part, what is sought is the
//!    mass of the right part's tables up to a bound, one look-up in a sorted list.
//! 2. The list of a part depends on its row totals as a multiset alone. It is made once for all nodes that agree in it,
//!    from the lists of one column less, and tables of equal probability are one entry.
//! 3. Bounds on the largest and the smallest probability of a table settle whole nodes, and windows of lists.
//!
//! Probabilities are conditional on the margins of their part, and logarithms of factorials are summed at twice the
//! precision of a double, so that a sum of any size keeps its digits. Nothing is dropped, however small.

use std::collections::HashMap;
use std::rc::Rc;

use crate::special::Wide;

/// Logarithms of probabilities that differ by less are one value: above the rounding of their sums, and far below the
/// relative 1e-7 within which the test counts probabilities as tied.
const SAME: f64 = 1e-11;

/// Added to bounds of logarithms against rounding, so that what they settle is settled.
const SLACK: f64 = 1e-8;

/// With more columns than this, only cuts of the columns in ascending order are compared.
const ALL_CUTS_UP_TO: usize = 16;

/// What a sum may cost before it is given up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Budget {
    /// Steps, of a few nanoseconds each.
    pub(super) steps: u64,
    /// Entries of lists, of 24 bytes each.
    pub(super) entries: usize,
}

/// The sum would cost more than its budget.
#[derive(Clone, Copy, Debug)]
pub(super) struct BeyondBudget;

impl Budget {
    fn spend(&mut self, steps: u64) -> Result<(), BeyondBudget> {
        self.steps = self.steps.checked_sub(steps).ok_or(BeyondBudget)?;
        Ok(())
    }
}

/// ln k! at twice the precision of a double.
pub(super) struct LogFactorials(Vec<Wide>);

impl LogFactorials {
    pub(super) fn up_to(n: u32) -> Self {
        let mut sum = Wide::from(0.0);
        let mut table = vec![sum];
        for k in 1..=n {
            sum = sum + Wide::ln(f64::from(k));
            table.push(sum);
        }
        Self(table)
    }

    fn of(&self, k: u32) -> Wide {
        self.0[k as usize]
    }

    fn total(&self, counts: &[u32]) -> Wide {
        counts.iter().fold(Wide::from(0.0), |sum, &k| sum + self.of(k))
    }

    /// The logarithm of the probability of a table given its margins, ∏ rowᵢ! ∏ columnⱼ! / (n! ∏ xᵢⱼ!).
    pub(super) fn ln_probability(&self, rows: &[u32], columns: &[u32], cells: &[u32]) -> f64 {
        (self.total(rows) + self.total(columns) - self.of(rows.iter().sum()) - self.total(cells)).value()
    }
}

/// Σ P(T) over the tables T with the given margins and ln P(T) ≤ `ln_bound`. Margins are positive, two at least each
/// way.
pub(super) fn mass_up_to(
    rows: &[u32],
    columns: &[u32],
    ln_bound: f64,
    factorials: &LogFactorials,
    budget: Budget,
) -> Result<f64, BeyondBudget> {
    let (upright, transposed) = (Cut::best(rows, columns), Cut::best(columns, rows));
    let Cut { rows, left, right, .. } = if transposed.cost < upright.cost { transposed } else { upright };
    let [left, right] = [left, right].map(|columns| Part::new(columns, factorials));
    Network { rows, left, right, ln_bound, factorials, budget }.mass()
}

/// Which way round a table is taken, and how its columns are cut in two. All totals ascend.
struct Cut {
    rows: Vec<u32>,
    left: Vec<u32>,
    right: Vec<u32>,
    cost: f64,
}

impl Cut {
    /// The cut that seems cheapest: a table of the left part is a look-up, one of the right part an entry to sort.
    fn best(rows: &[u32], columns: &[u32]) -> Self {
        let [mut rows, mut columns] = [rows.to_vec(), columns.to_vec()];
        rows.sort_unstable();
        columns.sort_unstable();
        let ways = ways_to_fill(&rows);
        let cost = |left: &[u32], right: &[u32]| {
            let nodes = ways[left.iter().sum::<u32>() as usize];
            let tables = |part: &[u32]| match part {
                [_] => nodes,
                _ => part.iter().map(|&column| ways[column as usize]).product(),
            };
            tables(left) + 3.0 * tables(right)
        };
        let masks = if columns.len() <= ALL_CUTS_UP_TO { 1..(1_u64 << columns.len()) - 1 } else { 0..0 };
        let cut_by = |in_left: &dyn Fn(usize) -> bool| -> (Vec<u32>, Vec<u32>) {
            let part = |wanted| (0..columns.len()).filter(|&j| in_left(j) == wanted).map(|j| columns[j]).collect();
            (part(true), part(false))
        };
        let cuts = masks
            .map(|mask| cut_by(&|j| mask >> j & 1 == 1))
            .chain((1..columns.len()).map(|first| cut_by(&|j| j < first)));
        let mut best = Self { rows, left: Vec::new(), right: Vec::new(), cost: f64::INFINITY };
        for (left, right) in cuts {
            let cost = cost(&left, &right);
            if best.left.is_empty() || cost < best.cost {
                best = Self { left, right, cost, ..best };
            }
        }
        best
    }
}

/// For each total from 0 to that of the rows, the number of ways to share it between the rows.
fn ways_to_fill(rows: &[u32]) -> Vec<f64> {
    let n: u32 = rows.iter().sum();
    let mut ways = vec![0.0; n as usize + 1];
    ways[0] = 1.0;
    for &row in rows {
        let before = ways.clone();
        let mut window = 0.0;
        for (k, ways) in ways.iter_mut().enumerate() {
            window += before[k];
            if let Some(gone) = k.checked_sub(row as usize + 1) {
                window -= before[gone];
            }
            *ways = window;
        }
    }
    ways
}

/// The probabilities of the tables of a part with given row totals: logarithms ascending, and the masses at each.
struct Distribution {
    ln: Vec<f64>,
    mass: Vec<f64>,
    /// The masses up to each entry, summed from the smallest on.
    up_to: Vec<f64>,
}

impl Distribution {
    fn certain() -> Self {
        Self { ln: vec![0.0], mass: vec![1.0], up_to: vec![1.0] }
    }

    /// From logarithms and masses in any order.
    fn of(mut entries: Vec<(f64, f64)>) -> Self {
        entries.sort_unstable_by(|a, b| a.0.total_cmp(&b.0));
        let mut ln: Vec<f64> = Vec::with_capacity(entries.len());
        let mut masses: Vec<f64> = Vec::with_capacity(entries.len());
        for (value, mass) in entries {
            match (ln.last(), masses.last_mut()) {
                (Some(&last), Some(sum)) if value - last <= SAME => *sum += mass,
                _ => {
                    ln.push(value);
                    masses.push(mass);
                }
            }
        }
        let sums = masses.iter().scan(0.0, |sum, mass| {
            *sum += mass;
            Some(*sum)
        });
        Self { up_to: sums.collect(), ln, mass: masses }
    }

    /// How many entries have logarithms up to a bound.
    fn count_up_to(&self, bound: f64) -> usize {
        self.ln.partition_point(|&ln| ln <= bound)
    }

    /// The mass of the first `count` entries.
    fn mass_of_first(&self, count: usize) -> f64 {
        if count == 0 { 0.0 } else { self.up_to[count - 1] }
    }
}

/// A distribution, ready to be asked for the mass up to a bound: a grid over the logarithms leads to the entry.
struct Lookup {
    distribution: Rc<Distribution>,
    /// The mass of tables below every bound that will be asked for.
    below: f64,
    /// The least and the greatest logarithm; +∞ and −∞ when there is none.
    least: f64,
    greatest: f64,
    /// For each cell of the grid, the first entry in it or after it.
    first: Vec<u32>,
    scale: f64,
}

impl Lookup {
    fn new(distribution: Rc<Distribution>, below: f64) -> Self {
        let ln = &distribution.ln;
        let least = ln.first().copied().unwrap_or(f64::INFINITY);
        let greatest = ln.last().copied().unwrap_or(f64::NEG_INFINITY);
        let scale = if greatest > least { ln.len() as f64 / (greatest - least) } else { 0.0 };
        let mut first = vec![0; ln.len() + 2];
        for &ln in ln {
            first[(((ln - least) * scale) as usize).min(distribution.ln.len()) + 1] += 1;
        }
        for cell in 1..first.len() {
            first[cell] += first[cell - 1];
        }
        Self { below, least, greatest, first, scale, distribution }
    }

    fn total(&self) -> f64 {
        self.below + self.distribution.mass_of_first(self.distribution.ln.len())
    }

    #[inline]
    fn mass_up_to(&self, bound: f64) -> f64 {
        if bound < self.least {
            return self.below;
        }
        let ln = &self.distribution.ln;
        // A float beyond the grid becomes its last cell.
        let cell = (((bound - self.least) * self.scale) as usize).min(ln.len());
        let (mut from, mut to) = (self.first[cell] as usize, self.first[cell + 1] as usize);
        while to - from > 8 {
            let middle = usize::midpoint(from, to);
            if ln[middle] <= bound {
                from = middle + 1;
            } else {
                to = middle;
            }
        }
        while from < to && ln[from] <= bound {
            from += 1;
        }
        self.below + self.distribution.mass_of_first(from)
    }
}

/// Logarithms that matter: entries up to `low` count always, entries above `high` never.
#[derive(Clone, Copy)]
struct Window {
    low: f64,
    high: f64,
}

impl Window {
    const ALL: Self = Self { low: f64::NEG_INFINITY, high: f64::INFINITY };
    const NONE: Self = Self { low: f64::INFINITY, high: f64::NEG_INFINITY };

    fn widened(self, low: f64, high: f64) -> Self {
        Self { low: self.low.min(low), high: self.high.max(high) }
    }
}

/// Some columns of the table, ascending.
struct Part<'a> {
    columns: Vec<u32>,
    total: u32,
    factorials: &'a LogFactorials,
    /// By number of columns and ascending row totals. Asked by key alone, so that its order has no influence.
    known: HashMap<(usize, Box<[u32]>), Rc<Distribution>>,
    certain: Rc<Distribution>,
}

impl<'a> Part<'a> {
    fn new(columns: Vec<u32>, factorials: &'a LogFactorials) -> Self {
        let total = columns.iter().sum();
        Self { columns, total, factorials, known: HashMap::new(), certain: Rc::new(Distribution::certain()) }
    }

    /// A bound on the logarithm of the probability of any table of the part: every cell at the mode of the Poisson
    /// distribution whose mean independence gives it, since a table's probability is the product of these masses over
    /// those of the margins.
    fn ln_most(&self, rows: &[u32]) -> f64 {
        let power = |k: f64, of: f64| if k == 0.0 { 0.0 } else { k * libm::log(of) };
        let of_margins = |totals: &[u32]| -> f64 {
            totals.iter().map(|&k| self.factorials.of(k).value() - power(f64::from(k), f64::from(k))).sum()
        };
        let mut cells = 0.0;
        for &row in rows {
            for &column in &self.columns {
                let mean = f64::from(row) * f64::from(column) / f64::from(self.total);
                let mode = mean.floor();
                cells += power(mode, mean) - self.factorials.of(mode as u32).value();
            }
        }
        let ln = cells + of_margins(rows) + of_margins(&self.columns) - of_margins(&[self.total]);
        ln.min(0.0) + SLACK
    }

    /// A bound from below: each row poured into the largest columns, as if it were alone.
    fn ln_least(&self, rows: &[u32]) -> f64 {
        let ln_factorial = |k| self.factorials.of(k).value();
        let poured = |row: u32| {
            let mut rest = row;
            let mut sum = 0.0;
            for &column in self.columns.iter().rev() {
                let here = rest.min(column);
                sum += ln_factorial(here);
                rest -= here;
            }
            sum
        };
        let rows: f64 = rows.iter().map(|&row| ln_factorial(row) - poured(row)).sum();
        let columns: f64 = self.columns.iter().map(|&column| ln_factorial(column)).sum();
        rows + columns - ln_factorial(self.total) - SLACK
    }

    /// The distribution of the first k columns at these row totals, kept for the next time.
    fn distribution(
        &mut self,
        k: usize,
        ascending: &[u32],
        budget: &mut Budget,
    ) -> Result<Rc<Distribution>, BeyondBudget> {
        if k == 1 {
            return Ok(self.certain.clone());
        }
        let key = (k, ascending.into());
        if let Some(known) = self.known.get(&key) {
            return Ok(known.clone());
        }
        let distribution = Rc::new(self.collect(k, ascending, Window::ALL, budget)?.0);
        budget.entries = budget.entries.checked_sub(distribution.ln.len()).ok_or(BeyondBudget)?;
        self.known.insert(key, distribution.clone());
        Ok(distribution)
    }

    /// The distribution of the first k columns within a window, and the mass below it.
    fn collect(
        &mut self,
        k: usize,
        rows: &[u32],
        window: Window,
        budget: &mut Budget,
    ) -> Result<(Distribution, f64), BeyondBudget> {
        let last = Column::new(rows, self.columns[k - 1], self.factorials);
        let mut below = 0.0;
        let mut entries = Vec::new();
        let mut rest = Vec::with_capacity(rows.len());
        last.each(&mut |counts, ln, mass| {
            let others = if k == 2 {
                self.certain.clone()
            } else {
                remaining(rows, counts, &mut rest);
                self.distribution(k - 1, &rest, budget)?
            };
            let from = others.count_up_to(window.low - ln);
            let to = others.count_up_to(window.high - ln);
            below += mass * others.mass_of_first(from);
            entries.extend((from..to).map(|i| (ln + others.ln[i], mass * others.mass[i])));
            if entries.len() > budget.entries {
                return Err(BeyondBudget);
            }
            // An entry is sorted as well, which takes several times the step of making it.
            budget.spend(2 + 8 * (to.saturating_sub(from)) as u64)
        })?;
        Ok((Distribution::of(entries), below))
    }
}

/// The row totals that a column leaves, ascending.
fn remaining(rows: &[u32], counts: &[u32], rest: &mut Vec<u32>) {
    rest.clear();
    rest.extend(rows.iter().zip(counts).map(|(row, count)| row - count));
    rest.sort_unstable();
}

/// The ways to take a column of a given total from rows, and their multivariate hypergeometric probabilities
///
/// ```text
/// ∏ C(rowᵢ, countᵢ) / C(n, total) = ∏ b(countᵢ; rowᵢ, total/n) / b(total; n, total/n)
/// ```
///
/// as products of binomial masses b, which neither overflow nor cancel.
struct Column {
    choices: Vec<Choices>,
    /// The sum of the row totals from each row on.
    room: Vec<u32>,
    total: u32,
    /// 1 / b(total; n, total/n).
    ln_scale: f64,
    scale: f64,
}

/// The binomial masses of the counts in one row.
struct Choices {
    ln: Vec<f64>,
    mass: Vec<f64>,
}

impl Column {
    fn new(rows: &[u32], total: u32, factorials: &LogFactorials) -> Self {
        let n: u32 = rows.iter().sum();
        let ln_share =
            |part: u32| if part == 0 { Wide::from(0.0) } else { Wide::ln(f64::from(part)) - Wide::ln(f64::from(n)) };
        let (ln_in, ln_out) = (ln_share(total), ln_share(n - total));
        let binomial = |row: u32, count: u32| {
            factorials.of(row) - factorials.of(count) - factorials.of(row - count)
                + ln_in * f64::from(count)
                + ln_out * f64::from(row - count)
        };
        let choices = (rows.iter())
            .map(|&row| {
                let masses: Vec<Wide> = (0..=row.min(total)).map(|count| binomial(row, count)).collect();
                Choices {
                    ln: masses.iter().map(|ln| ln.value()).collect(),
                    mass: masses.iter().map(|ln| ln.exp()).collect(),
                }
            })
            .collect();
        let mut room = vec![0; rows.len() + 1];
        for (row, &of_row) in rows.iter().enumerate().rev() {
            room[row] = room[row + 1] + of_row;
        }
        let scale = -binomial(n, total);
        Self { choices, room, total, ln_scale: scale.value(), scale: scale.exp() }
    }

    /// The logarithm of the probability of one way, and the probability.
    fn probability(&self, counts: &[u32]) -> (f64, f64) {
        (self.choices.iter().zip(counts)).fold((self.ln_scale, self.scale), |(ln, mass), (choices, &count)| {
            (ln + choices.ln[count as usize], mass * choices.mass[count as usize])
        })
    }

    /// Calls `see(counts, ln probability, probability)` for every way.
    fn each<E>(&self, see: &mut impl FnMut(&[u32], f64, f64) -> Result<(), E>) -> Result<(), E> {
        let mut counts = vec![0; self.choices.len()];
        self.each_from(0, self.total, (self.ln_scale, self.scale), &mut counts, see)
    }

    /// `rest` members are left for the rows from `row` on; the last of at least two rows takes what the others leave.
    fn each_from<E>(
        &self,
        row: usize,
        rest: u32,
        (ln, mass): (f64, f64),
        counts: &mut [u32],
        see: &mut impl FnMut(&[u32], f64, f64) -> Result<(), E>,
    ) -> Result<(), E> {
        let here = &self.choices[row];
        let least = rest.saturating_sub(self.room[row + 1]);
        let most = rest.min(here.ln.len() as u32 - 1);
        let is_last_but_one = row + 2 == self.choices.len();
        for count in least..=most {
            counts[row] = count;
            let (ln, mass) = (ln + here.ln[count as usize], mass * here.mass[count as usize]);
            if is_last_but_one {
                let last = &self.choices[row + 1];
                counts[row + 1] = rest - count;
                let left = (rest - count) as usize;
                see(counts, ln + last.ln[left], mass * last.mass[left])?;
            } else {
                self.each_from(row + 1, rest - count, (ln, mass), counts, see)?;
            }
        }
        Ok(())
    }
}

/// A way to share the rows between the parts that the bounds did not settle.
struct Node {
    left_rows: Vec<u32>,
    mass: f64,
    /// What the bound leaves for the logarithms of both parts' probabilities.
    ln_rest: f64,
}

struct Network<'a> {
    rows: Vec<u32>,
    left: Part<'a>,
    right: Part<'a>,
    ln_bound: f64,
    factorials: &'a LogFactorials,
    budget: Budget,
}

impl Network<'_> {
    /// The mass of all tables up to the bound.
    fn mass(mut self) -> Result<f64, BeyondBudget> {
        let shares = Column::new(&self.rows, self.right.total, self.factorials);
        let mut mass = 0.0;
        let mut right_rows = first_multiset(&self.rows, self.right.total);
        while let Some(ascending) = right_rows {
            let (open, settled, window) = self.nodes(&shares, &ascending)?;
            mass += settled;
            if !open.is_empty() {
                let columns = self.right.columns.len();
                let right = if columns == 1 {
                    Lookup::new(self.right.certain.clone(), 0.0)
                } else {
                    let (distribution, below) = self.right.collect(columns, &ascending, window, &mut self.budget)?;
                    Lookup::new(Rc::new(distribution), below)
                };
                for node in &open {
                    mass += node.mass * self.share(node, &right)?;
                }
            }
            right_rows = next_multiset(&self.rows, ascending);
        }
        Ok(mass)
    }

    /// The nodes whose right row totals are an arrangement of a multiset: those that are open, the mass of those that
    /// lie below the bound as a whole, and the window of the right part's logarithms that the open ones ask for.
    fn nodes(&mut self, shares: &Column, ascending: &[u32]) -> Result<(Vec<Node>, f64, Window), BeyondBudget> {
        let right_most = self.right.ln_most(ascending);
        let right_least = self.right.ln_least(ascending);
        let mut open = Vec::new();
        let mut settled = 0.0;
        let mut window = Window::NONE;
        let cost = 10 * (self.rows.len() * (self.left.columns.len() + 1)) as u64;
        let (rows, left, ln_bound, budget) = (&self.rows, &self.left, self.ln_bound, &mut self.budget);
        each_arrangement(rows, ascending, &mut |right_rows, ways| {
            budget.spend(cost)?;
            let left_rows: Vec<u32> = rows.iter().zip(right_rows).map(|(row, right)| row - right).collect();
            let (ln, mass) = shares.probability(right_rows);
            let ln_rest = ln_bound - ln;
            let (left_most, left_least) = (left.ln_most(&left_rows), left.ln_least(&left_rows));
            if left_most + right_most <= ln_rest {
                settled += ways * mass;
            } else if left_least + right_least <= ln_rest {
                window = window.widened(ln_rest - left_most, ln_rest - left_least);
                open.push(Node { left_rows, mass: ways * mass, ln_rest });
            }
            Ok(())
        })?;
        Ok((open, settled, window))
    }

    /// The share of a node's mass in tables up to the bound.
    fn share(&mut self, node: &Node, right: &Lookup) -> Result<f64, BeyondBudget> {
        let columns = self.left.columns.len();
        if columns == 1 {
            return Ok(right.mass_up_to(node.ln_rest));
        }
        let last = Column::new(&node.left_rows, self.left.columns[columns - 1], self.factorials);
        let mut share = 0.0;
        if columns == 2 {
            let mut steps = 0;
            last.each(&mut |_, ln, mass| {
                steps += 2;
                share += mass * right.mass_up_to(node.ln_rest - ln);
                Ok::<(), BeyondBudget>(())
            })?;
            self.budget.spend(steps)?;
            return Ok(share);
        }
        let total = right.total();
        let mut rest = Vec::with_capacity(node.left_rows.len());
        last.each(&mut |counts, ln, mass| {
            remaining(&node.left_rows, counts, &mut rest);
            let others = self.left.distribution(columns - 1, &rest, &mut self.budget)?;
            let bound = node.ln_rest - ln;
            // Entries so small that every right table counts, and so large that none does, need no look-up.
            let from = others.count_up_to(bound - right.greatest);
            let to = if right.below > 0.0 { others.ln.len() } else { others.count_up_to(bound - right.least) };
            let mut sum = total * others.mass_of_first(from);
            for i in from..to {
                sum += others.mass[i] * right.mass_up_to(bound - others.ln[i]);
            }
            share += mass * sum;
            self.budget.spend(10 + 2 * to.saturating_sub(from) as u64)
        })?;
        Ok(share)
    }
}

/// The first multiset, in ascending and lexicographic order, of one whole number for each row that adds up to `total`
/// and of which some arrangement fits under the ascending rows.
fn first_multiset(rows: &[u32], total: u32) -> Option<Vec<u32>> {
    let mut values = vec![0; rows.len()];
    pour(rows, &mut values, 0, total).then_some(values)
}

/// The one after it.
fn next_multiset(rows: &[u32], mut values: Vec<u32>) -> Option<Vec<u32>> {
    let mut rest = 0;
    for i in (0..rows.len()).rev() {
        rest += values[i];
        let raised = values[i] + 1;
        if raised <= rest {
            let old = values.clone();
            if raised <= rows[i] && pour_from(rows, &mut values, i, raised, rest) {
                return Some(values);
            }
            values = old;
        }
    }
    None
}

/// Sets value i to `least`, and pours the rest of `total` into the places after it.
fn pour_from(rows: &[u32], values: &mut [u32], i: usize, least: u32, total: u32) -> bool {
    values[i..].fill(least);
    let places = (values.len() - i) as u32;
    match least.checked_mul(places).and_then(|taken| total.checked_sub(taken)) {
        Some(rest) => pour(rows, values, i + 1, rest),
        None => false,
    }
}

/// Adds `rest` to the values from `start` on, as late as the rows allow; whether there was room for all of it.
fn pour(rows: &[u32], values: &mut [u32], start: usize, mut rest: u32) -> bool {
    for i in (start..rows.len()).rev() {
        let Some(room) = rows[i].checked_sub(values[i]) else { return false };
        let more = rest.min(room);
        values[i] += more;
        rest -= more;
    }
    rest == 0
}

/// Calls `see(arrangement, ways)` for the arrangements of a multiset that fit under ascending rows, once for all that
/// differ by a permutation of rows of equal totals; `ways` says how many those are.
fn each_arrangement<E>(
    rows: &[u32],
    ascending: &[u32],
    see: &mut impl FnMut(&[u32], f64) -> Result<(), E>,
) -> Result<(), E> {
    let mut supply: Vec<(u32, u32)> = Vec::new();
    for &value in ascending {
        match supply.last_mut() {
            Some((last, count)) if *last == value => *count += 1,
            _ => supply.push((value, 1)),
        }
    }
    let mut arranged = Vec::with_capacity(rows.len());
    arrange(rows, 1.0, &mut supply, &mut arranged, see)
}

fn arrange<E>(
    rows: &[u32],
    ways: f64,
    supply: &mut [(u32, u32)],
    arranged: &mut Vec<u32>,
    see: &mut impl FnMut(&[u32], f64) -> Result<(), E>,
) -> Result<(), E> {
    let row = arranged.len();
    if row == rows.len() {
        return see(arranged, ways);
    }
    // Within a block of equal rows the values ascend. A block of k places with runs of r₁, r₂, … equal values stands for
    // k! / (r₁! r₂! …) arrangements, built up here as the product of (place in the block) / (place in the run).
    let in_block = rows[..row].iter().rev().take_while(|&&total| total == rows[row]).count();
    for i in 0..supply.len() {
        let (value, count) = supply[i];
        if count == 0 || value > rows[row] || (in_block > 0 && value < arranged[row - 1]) {
            continue;
        }
        let in_run = arranged[row - in_block..].iter().rev().take_while(|&&other| other == value).count();
        supply[i].1 -= 1;
        arranged.push(value);
        arrange(rows, ways * (in_block + 1) as f64 / (in_run + 1) as f64, supply, arranged, see)?;
        arranged.pop();
        supply[i].1 += 1;
    }
    Ok(())
}
