//! The statistics of several variables, made for being taken again after every small change.

use super::super::exponential::exp;
use super::newton::{Derivatives, MOST, wald};
use super::state::State;

/// t of Pearson's correlation.
pub(super) fn pearson_t(x: &[f64], y: &[f64]) -> f64 {
    let n = x.len() as f64;
    let (mut sx, mut sy, mut sxx, mut syy, mut sxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (x, y) in x.iter().zip(y) {
        sx += x;
        sy += y;
        sxx += x * x;
        syy += y * y;
        sxy += x * y;
    }
    let (vx, vy, c) = (sxx - sx * sx / n, syy - sy * sy / n, sxy - sx * sy / n);
    // r √(n − 2) / √(1 − r²)
    c * ((n - 2.0) / (vx * vy - c * c)).sqrt()
}

/// t of the values that are taken against the others, pooled variance.
pub(super) fn student_t(values: impl Iterator<Item = (f64, bool)>) -> f64 {
    let (mut n, mut sum, mut squares) = ([0.0; 2], [0.0; 2], 0.0);
    for (value, taken) in values {
        let side = usize::from(taken);
        n[side] += 1.0;
        sum[side] += value;
        squares += value * value;
    }
    let about = squares - sum[0] * sum[0] / n[0] - sum[1] * sum[1] / n[1];
    let variance = about / (n[0] + n[1] - 2.0);
    (sum[1] / n[1] - sum[0] / n[0]) / (variance * (1.0 / n[0] + 1.0 / n[1])).sqrt()
}

/// z of a logistic model with an intercept, whose coefficient is the last of `beta`.
pub(super) fn logistic_z(columns: &[&[f64]], outcome: &[f64], beta: &mut [f64]) -> [f64; MOST] {
    let p = columns.len();
    wald(beta, |beta, at: &mut Derivatives| {
        *at = Derivatives::zero();
        for (row, y) in outcome.iter().enumerate() {
            let mut x = [1.0; MOST];
            let mut eta = beta[p];
            for (j, column) in columns.iter().enumerate() {
                x[j] = column[row];
                eta += beta[j] * x[j];
            }
            let mean = 1.0 / (1.0 + exp(-eta));
            let (residual, weight) = (y - mean, mean * (1.0 - mean));
            for i in 0..=p {
                at.score[i] += residual * x[i];
                let weighted = weight * x[i];
                for (information, x) in at.information[i].iter_mut().zip(&x[..=i]) {
                    *information += weighted * x;
                }
            }
        }
    })
}

/// z of Cox's model. No two times are equal, so that every treatment of ties is the same.
pub(in crate::reconstruct) fn cox_z(state: &State, columns: &[&[f64]], beta: &mut [f64]) -> [f64; MOST] {
    match columns {
        [column] => wald(beta, |beta, at| cox_one(state, column, beta[0], at)),
        _ => wald(beta, |beta, at| cox_many(state, columns, beta, at)),
    }
}

fn cox_one(state: &State, column: &[f64], beta: f64, at: &mut Derivatives) {
    let (mut s0, mut s1, mut s2) = (0.0, 0.0, 0.0);
    let (mut score, mut information) = (0.0, 0.0);
    for (patient, event) in state.patient_at.iter().zip(&state.event_at).rev() {
        let x = column[*patient];
        let weight = exp(beta * x);
        s0 += weight;
        s1 += weight * x;
        s2 += weight * x * x;
        if *event {
            let mean = s1 / s0;
            score += x - mean;
            information += s2 / s0 - mean * mean;
        }
    }
    at.score[0] = score;
    at.information[0][0] = information;
}

fn cox_many(state: &State, columns: &[&[f64]], beta: &[f64], at: &mut Derivatives) {
    let p = columns.len();
    *at = Derivatives::zero();
    let (mut s0, mut s1, mut s2) = (0.0, [0.0; MOST], [[0.0; MOST]; MOST]);
    for (patient, event) in state.patient_at.iter().zip(&state.event_at).rev() {
        let mut x = [0.0; MOST];
        let mut eta = 0.0;
        for (j, column) in columns.iter().enumerate() {
            x[j] = column[*patient];
            eta += beta[j] * x[j];
        }
        let weight = exp(eta);
        s0 += weight;
        for i in 0..p {
            let weighted = weight * x[i];
            s1[i] += weighted;
            for j in 0..=i {
                s2[i][j] += weighted * x[j];
            }
        }
        if *event {
            let inverse = 1.0 / s0;
            for i in 0..p {
                let mean = s1[i] * inverse;
                at.score[i] += x[i] - mean;
                for j in 0..=i {
                    at.information[i][j] += s2[i][j] * inverse - mean * s1[j] * inverse;
                }
            }
        }
    }
}

/// The signed root of the log-rank χ² of the members of a group (`column` is 1) against the others.
pub(super) fn log_rank_root(state: &State, column: &[f64]) -> f64 {
    let (mut at_risk, mut members, mut excess, mut variance) = (0.0, 0.0, 0.0, 0.0);
    for (patient, event) in state.patient_at.iter().zip(&state.event_at).rev() {
        at_risk += 1.0;
        members += column[*patient];
        if *event {
            let share = members / at_risk;
            excess += column[*patient] - share;
            variance += share * (1.0 - share);
        }
    }
    excess / f64::sqrt(variance)
}
