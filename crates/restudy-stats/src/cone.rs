//! Whether a cone has a direction: the linear program behind separation (logistic) and monotone likelihood (Cox).

use nalgebra::{DMatrix, DVector};

/// A row's side, relative to the row, that is not rounding.
pub(crate) const ON_BORDER: f64 = 1e-9;

/// Rows x that a direction β must not be against: x'β ≥ 0. They need not be written down, only searched.
pub(crate) trait Rows {
    /// Coefficients of a row.
    fn size(&self) -> usize;

    /// The sum of all rows.
    fn total(&self) -> Vec<f64>;

    /// Σ |x| over all rows and coefficients, or more: what rounding of a sum over rows is measured by.
    fn length(&self) -> f64;

    /// A row with x'β below −`least` and its place, the one furthest on the wrong side or, when `any` will do, the first.
    fn against(&self, beta: &[f64], least: f64, any: bool) -> Option<Vec<f64>>;
}

/// Rows that are written down, one after the other.
pub(crate) struct Written<'a> {
    pub(crate) rows: &'a [f64],
    pub(crate) size: usize,
}

impl Rows for Written<'_> {
    fn size(&self) -> usize {
        self.size
    }

    fn total(&self) -> Vec<f64> {
        let mut total = vec![0.0; self.size];
        for x in self.rows.chunks_exact(self.size) {
            total.iter_mut().zip(x).for_each(|(sum, x)| *sum += x);
        }
        total
    }

    fn length(&self) -> f64 {
        (self.rows.len() / self.size) as f64
    }

    fn against(&self, beta: &[f64], least: f64, any: bool) -> Option<Vec<f64>> {
        let mut found = None;
        let mut furthest = -least;
        for x in self.rows.chunks_exact(self.size) {
            let side = side(x, beta);
            if side < furthest {
                found = Some(x);
                if any {
                    break;
                }
                furthest = side;
            }
        }
        found.map(<[f64]>::to_vec)
    }
}

pub(crate) fn side(row: &[f64], beta: &[f64]) -> f64 {
    row.iter().zip(beta).map(|(x, beta)| x * beta).sum()
}

/// A column of the dual: minus a row of the data, or ± a unit vector.
#[derive(Clone, PartialEq)]
enum Entry {
    Row(Vec<f64>),
    Unit(usize, f64),
}

impl Entry {
    fn at(&self, j: usize) -> f64 {
        match self {
            Self::Row(x) => -x[j],
            Self::Unit(unit, sign) if *unit == j => *sign,
            Self::Unit(..) => 0.0,
        }
    }
}

/// β in [−1, 1]ᵖ that maximises Σ x'β over the rows x, subject to x'β ≥ 0 for each; nothing when that maximum is 0.
///
/// The simplex method on the dual: min Σ (u + v) with Σ yᵢxᵢ·(−1) + u − v = Σ xᵢ and y, u, v ≥ 0. It has one constraint
/// for each coefficient however many rows there are, u and v are a first solution, and its multipliers are β. A basis is
/// factored anew at each pivot: p is small. The entering row is the one furthest on the wrong side; after many pivots
/// the first one on the wrong side (Bland 1977), which cannot cycle.
pub(crate) fn direction(rows: &impl Rows) -> Option<Vec<f64>> {
    let p = rows.size();
    let total = DVector::from_vec(rows.total());
    let length = rows.length();
    let mut basis: Vec<Entry> = (0..p).map(|j| Entry::Unit(j, if total[j] < 0.0 { -1.0 } else { 1.0 })).collect();
    let patience = 50 * p + 200;
    for pivot in 0..20 * patience {
        let matrix = DMatrix::from_fn(p, p, |j, k| basis[k].at(j));
        let costs = DVector::from_fn(p, |k, _| if matches!(basis[k], Entry::Unit(..)) { 1.0 } else { 0.0 });
        let factors = matrix.clone().lu();
        let values = factors.solve(&total)?;
        let beta = matrix.transpose().lu().solve(&costs)?;
        if values.dot(&costs) <= ON_BORDER * length {
            // Σ x'β cannot be more than this, and is 0 at β = 0: the rows overlap.
            return None;
        }
        let least = ON_BORDER / 10.0;
        // Of the unit vectors and the rows, the one furthest on the wrong side.
        let units = (0..p).flat_map(|j| [(j, 1.0), (j, -1.0)]);
        let unit = units
            .map(|(j, sign)| (Entry::Unit(j, sign), 1.0 - sign * beta[j]))
            .filter(|(entry, slack)| *slack < -least && !basis.contains(entry))
            .reduce(|a, b| if b.1 < a.1 { b } else { a });
        let row = rows.against(beta.as_slice(), least, pivot > patience).map(|x| (side(&x, beta.as_slice()), x));
        let entering = match (unit, row) {
            (Some((_, of_unit)), Some((of_row, x))) if of_row < of_unit => Entry::Row(x),
            (Some((unit, _)), _) => unit,
            (None, Some((_, x))) => Entry::Row(x),
            (None, None) => return Some(beta.as_slice().to_vec()),
        };
        if basis.contains(&entering) {
            // What is in the basis is on its border: what is left of it is rounding.
            return Some(beta.as_slice().to_vec());
        }
        let change = factors.solve(&DVector::from_fn(p, |j, _| entering.at(j)))?;
        let mut leaving = None;
        let mut longest = f64::INFINITY;
        for k in 0..p {
            if change[k] > ON_BORDER {
                let ratio = values[k].max(0.0) / change[k];
                if ratio < longest {
                    (leaving, longest) = (Some(k), ratio);
                }
            }
        }
        // The dual is bounded below by 0, so that some value falls along every improving column.
        basis[leaving?] = entering;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{Written, direction};

    /// Signed rows of one column and an intercept.
    fn signed(events: &[f64], others: &[f64]) -> Vec<f64> {
        let rows = |x: &[f64], sign: f64| x.iter().flat_map(move |x| [sign, sign * x]).collect::<Vec<_>>();
        [rows(events, 1.0), rows(others, -1.0)].concat()
    }

    #[test]
    fn a_direction_exists_only_where_the_ranges_do_not_overlap() {
        let exists = |rows: Vec<f64>| direction(&Written { rows: &rows, size: 2 }).is_some();
        assert!(exists(signed(&[0.5, 1.0], &[-1.0, 0.0])));
        // They touch: x = 0 on both sides.
        assert!(exists(signed(&[0.0, 1.0], &[-1.0, 0.0])));
        assert!(!exists(signed(&[-0.1, 1.0], &[-1.0, 0.0])));
    }
}
