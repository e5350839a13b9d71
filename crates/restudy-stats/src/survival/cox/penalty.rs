//! The slope of Jeffreys's penalty ½ ln det I(β).

use nalgebra::{DMatrix, DVector};

use super::risk_sets::{RiskSets, Sums};

/// Σ r, Σ r z, Σ r zzᵀ, Σ r q and Σ r q z over some rows, q = zᵀAz.
#[derive(Clone)]
struct Third {
    r: f64,
    z: DVector<f64>,
    zz: DMatrix<f64>,
    q: f64,
    qz: DVector<f64>,
}

impl Third {
    fn new(p: usize) -> Self {
        Self { r: 0.0, z: DVector::zeros(p), zz: DMatrix::zeros(p, p), q: 0.0, qz: DVector::zeros(p) }
    }

    fn add(&mut self, r: f64, z: &DVector<f64>, q: f64) {
        self.r += r;
        self.z.axpy(r, z, 1.0);
        self.zz.ger(r, z, z, 1.0);
        self.q += r * q;
        self.qz.axpy(r * q, z, 1.0);
    }

    fn less(&self, share: f64, other: &Self) -> Self {
        Self {
            r: self.r - share * other.r,
            z: &self.z - share * &other.z,
            zz: &self.zz - share * &other.zz,
            q: self.q - share * other.q,
            qz: &self.qz - share * &other.qz,
        }
    }

    /// E[(z − z̄) (z − z̄)ᵀA(z − z̄)], expanded: E[q z] − z̄ E[q] − 2 Cov(z) A z̄.
    fn contraction(&self, inverse: &DMatrix<f64>) -> DVector<f64> {
        let mean = &self.z / self.r;
        let covariance = &self.zz / self.r - &mean * mean.transpose();
        &self.qz / self.r - &mean * (self.q / self.r) - 2.0 * covariance * (inverse * &mean)
    }
}

/// ½ tr(I⁻¹ ∂I/∂βₖ) for each k. The derivative of the covariance within a risk set is its third central moment, of which
/// the trace takes one vector: the mean of (z − z̄) (z − z̄)ᵀI⁻¹(z − z̄).
pub(super) fn slope(sets: &RiskSets<'_>, sums: &Sums, inverse: &DMatrix<f64>) -> Vec<f64> {
    let p = sets.p();
    let mut slope = DVector::zeros(p);
    let add = |into: &mut Third, i: usize, sign: f64| {
        let z = DVector::from_vec(sets.row(i));
        let q = z.dot(&(inverse * &z));
        into.add(sign * sums.r[i], &z, q);
    };
    let mut at_risk = Third::new(p);
    sets.walk(|begins, _, death, rows, late| {
        if begins {
            at_risk = Third::new(p);
        }
        for &i in late {
            add(&mut at_risk, i as usize, -1.0);
        }
        for i in rows {
            add(&mut at_risk, i, 1.0);
        }
        let mut dying = Third::new(p);
        for i in death.rows() {
            add(&mut dying, i, 1.0);
        }
        let parts: Vec<f64> = sets.parts(death).collect();
        let share = sets.weight_of(death) / parts.len() as f64;
        for out in parts {
            slope.axpy(0.5 * share, &at_risk.less(out, &dying).contraction(inverse), 1.0);
        }
    });
    slope.as_slice().to_vec()
}
