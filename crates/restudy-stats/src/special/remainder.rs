//! Logarithm and exponential less their first terms: what is left of ln(1 + u) and eᵛ near 0.

/// ln(1 + u) − u for u > −1, to full relative precision.
///
/// With r = u / (2 + u): ln(1 + u) = 2 artanh r and u = 2r / (1 − r), hence −u·r + 2r³(1/3 + r²/5 + …) near 0.
pub(crate) fn ln_1p_less_linear(u: f64) -> f64 {
    if !(-0.3..=0.4).contains(&u) {
        return libm::log1p(u) - u;
    }
    let r = u / (2.0 + u);
    2.0 * r * artanh_less_linear(r) - u * r
}

/// (artanh r − r) / r for |r| below about 0.2: r²/3 + r⁴/5 + …
pub(super) fn artanh_less_linear(r: f64) -> f64 {
    let s = r * r;
    let mut power = s;
    let mut sum = 0.0;
    let mut odd = 3.0;
    while power > 1e-19 {
        sum += power / odd;
        power *= s;
        odd += 2.0;
    }
    sum
}

/// eᵛ − 1 − v, to full relative precision: the power series near 0.
pub(super) fn exp_m1_less_linear(v: f64) -> f64 {
    if v.abs() > 0.5 {
        return libm::expm1(v) - v;
    }
    let mut term = v * v / 2.0;
    let mut sum = 0.0;
    let mut n = 3.0;
    while term.abs() > 1e-18 * sum {
        sum += term;
        term *= v / n;
        n += 1.0;
    }
    sum
}
