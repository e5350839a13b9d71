//! The Cholesky factor of a small information or covariance matrix.

/// L with L Lᵀ = A, row-major.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Cholesky {
    factor: Vec<f64>,
    size: usize,
}

impl Cholesky {
    /// The factor of a symmetric matrix, row-major, of which the lower triangle is read; the first index whose pivot is
    /// less than `tolerance` times its diagonal element when there is none.
    pub(super) fn new(matrix: &[f64], size: usize, tolerance: f64) -> Result<Self, usize> {
        let mut factor = matrix.to_vec();
        for j in 0..size {
            for i in j..size {
                let dot: f64 = (0..j).map(|k| factor[i * size + k] * factor[j * size + k]).sum();
                factor[i * size + j] -= dot;
            }
            let pivot = factor[j * size + j];
            if pivot <= tolerance * matrix[j * size + j] || pivot.is_nan() {
                return Err(j);
            }
            let root = pivot.sqrt();
            for i in j..size {
                factor[i * size + j] /= root;
            }
        }
        Ok(Self { factor, size })
    }

    /// L⁻¹ b.
    fn halfway(&self, b: &[f64]) -> Vec<f64> {
        let mut x = b.to_vec();
        for i in 0..self.size {
            let dot: f64 = (0..i).map(|k| self.factor[i * self.size + k] * x[k]).sum();
            x[i] = (x[i] - dot) / self.factor[i * self.size + i];
        }
        x
    }

    /// A⁻¹ b.
    pub(super) fn solve(&self, b: &[f64]) -> Vec<f64> {
        let mut x = self.halfway(b);
        for i in (0..self.size).rev() {
            let dot: f64 = (i + 1..self.size).map(|k| self.factor[k * self.size + i] * x[k]).sum();
            x[i] = (x[i] - dot) / self.factor[i * self.size + i];
        }
        x
    }

    /// bᵀ A⁻¹ b, never negative.
    pub(super) fn inverse_form(&self, b: &[f64]) -> f64 {
        self.halfway(b).iter().map(|x| x * x).sum()
    }
}
