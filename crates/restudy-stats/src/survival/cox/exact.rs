//! The exact partial likelihood of tied events: who of those at risk has the d events, all choices of d compared.

use nalgebra::DMatrix;

use super::risk_sets::RiskSets;
use crate::blocked::{symmetric, triangle};

/// log Σ over the choices of d rows of Π r, by the recursion of Gail, Lubin and Rubinstein (1981), with derivatives.
///
/// With Eⱼ the mean instead of the sum over the choices of j of the first m rows, the recursion is
/// Eⱼ ← (1 − j/m) Eⱼ + (j/m) r Eⱼ₋₁, which neither overflows nor cancels; r is over its mean, so that Eⱼ ≤ 1.
struct Choices {
    p: usize,
    mean: Vec<f64>,
    slope: Vec<f64>,
    curvature: Vec<f64>,
    rows: usize,
}

impl Choices {
    fn new(p: usize, d: usize) -> Self {
        let mut mean = vec![0.0; d + 1];
        mean[0] = 1.0;
        Self { p, mean, slope: vec![0.0; (d + 1) * p], curvature: vec![0.0; (d + 1) * triangle(p)], rows: 0 }
    }

    fn add(&mut self, r: f64, z: &[f64]) {
        let (p, size) = (self.p, triangle(self.p));
        self.rows += 1;
        let m = self.rows as f64;
        for j in (1..self.mean.len().min(self.rows + 1)).rev() {
            let (stays, comes) = (1.0 - j as f64 / m, j as f64 / m * r);
            let before = self.mean[j - 1];
            let mut place = 0;
            for k in 0..p {
                for l in 0..=k {
                    let (slope_k, slope_l) = (self.slope[(j - 1) * p + k], self.slope[(j - 1) * p + l]);
                    let new =
                        self.curvature[(j - 1) * size + place] + z[k] * slope_l + slope_k * z[l] + z[k] * z[l] * before;
                    let curvature = &mut self.curvature[j * size + place];
                    *curvature = stays * *curvature + comes * new;
                    place += 1;
                }
            }
            for (k, z) in z.iter().enumerate() {
                let new = self.slope[(j - 1) * p + k] + z * before;
                let slope = &mut self.slope[j * p + k];
                *slope = stays * *slope + comes * new;
            }
            self.mean[j] = stays * self.mean[j] + comes * before;
        }
    }
}

/// The exact log-likelihood with its slope and information.
pub(super) fn likelihood(sets: &RiskSets<'_>, beta: &[f64]) -> (f64, (Vec<f64>, DMatrix<f64>)) {
    let p = sets.p();
    let rows: Vec<Vec<f64>> = (0..sets.times.len()).map(|i| sets.row(i)).collect();
    let eta: Vec<f64> = rows.iter().map(|z| z.iter().zip(beta).map(|(z, beta)| z * beta).sum()).collect();
    let (mut log_likelihood, mut score, mut information) = (0.0, vec![0.0; p], vec![0.0; triangle(p)]);
    for death in sets.deaths() {
        let d = death.rows().len();
        let at_risk = sets.at_risk(death);
        let greatest = at_risk.iter().map(|&i| eta[i]).fold(f64::MIN, f64::max);
        let r: Vec<f64> = at_risk.iter().map(|&i| libm::exp(eta[i] - greatest)).collect();
        let mean = r.iter().sum::<f64>() / r.len() as f64;
        let mut choices = Choices::new(p, d);
        for (&i, r) in at_risk.iter().zip(&r) {
            choices.add(r / mean, &rows[i]);
        }
        for i in death.rows() {
            log_likelihood += eta[i];
            score.iter_mut().zip(&rows[i]).for_each(|(score, z)| *score += z);
        }
        let (m, d) = (at_risk.len() as f64, d as f64);
        let ways = libm::lgamma(m + 1.0) - libm::lgamma(d + 1.0) - libm::lgamma(m - d + 1.0);
        let last = choices.mean.len() - 1;
        let whole = choices.mean[last];
        log_likelihood -= libm::log(whole) + d * (libm::log(mean) + greatest) + ways;
        let slope: Vec<f64> = choices.slope[last * p..].iter().map(|slope| slope / whole).collect();
        score.iter_mut().zip(&slope).for_each(|(score, slope)| *score -= slope);
        let mut place = 0;
        for k in 0..p {
            for l in 0..=k {
                information[place] += choices.curvature[last * triangle(p) + place] / whole - slope[k] * slope[l];
                place += 1;
            }
        }
    }
    (log_likelihood, (score, symmetric(p, &information)))
}
