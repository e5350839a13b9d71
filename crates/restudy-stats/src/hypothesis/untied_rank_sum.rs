//! The exact tail of U for distinct ranks and groups of any size.
//!
//! The numbers of assignments with U = 0, 1, 2, … are the coefficients of the Gaussian binomial
//!
//! ```text
//! G(q) = Π over i = 1 … m of (1 − q^(n+i)) / (1 − q^i)
//! ```
//!
//! Up to u = 4,096, and for groups of fewer than ten, they are multiplied out, in doubles that stand for shares of all
//! assignments; that keeps 14 digits. Farther on the multiplication subtracts too often: at 500 against 500 six digits
//! are left in the middle, and whole numbers of a thousand bits take a minute. But P(U ≤ u) is one coefficient, that of
//! q^u in G(q) / (1 − q) over the number of assignments, and one coefficient is a mean of function values on a circle
//! (Cauchy):
//!
//! ```text
//! P(U ≤ u) = H(r) r^(−u) · mean over j of  H(r e^(iθⱼ)) / H(r) · e^(−iuθⱼ)         θⱼ = 2π j / N
//! H(q)     = G(q) / ((1 − q) · C(m+n, m))
//! ```
//!
//! up to the coefficients at u + N, u + 2N, …, times r^N, r^2N, … With the radius at the saddle point, where H(r) r^(−u)
//! is least, nothing cancels: the terms near θ = 0 are nearly positive and make up the sum, and the relative error is
//! that of the product of 2m factors. N is chosen so that what the other coefficients add is below 2⁻⁵⁶ of the result.
//!
//! Away from θ = 0 the terms fall like the characteristic function of U, and are left out once they are below 1e-20. They
//! rise again near θ = 2πk/l, most near θ = π, but with r = e^(−s) no higher than ln |G(−r)/G(r)| = −π²/(8s) where n s is
//! large, and than C((m+n)/2, m/2) / C(m+n, m) where it is small. For u > 4,096 s is below 0.025, and with ten members or
//! more both are below 1e-18 of the sum.
//!
//! Source: Daniels, Saddlepoint approximations in statistics, Annals of Mathematical Statistics 25 (1954) 631–650 (of
//! which this is the integral itself); Trefethen and Weideman, The exponentially convergent trapezoidal rule, SIAM
//! Review 56 (2014) 385–458.

use std::f64::consts::PI;

/// The largest number of steps, about; a second at most.
const WORK_LIMIT: f64 = 1e8;

/// P(U ≤ u) for groups of `fewer` and `more`, u at most half of their product; none when that takes too long.
pub(super) fn lower_tail(fewer: u64, more: u64, u: u64) -> Option<f64> {
    if u <= 4096 || fewer < 10 {
        let work = fewer.saturating_mul(u + 1);
        return (work as f64 <= WORK_LIMIT).then(|| multiplied_out(fewer as usize, more as usize, u as usize));
    }
    (fewer as f64 <= WORK_LIMIT).then(|| around_the_circle(fewer as usize, more as f64, u as f64)).flatten()
}

fn multiplied_out(fewer: usize, more: usize, u: usize) -> f64 {
    // 2⁹⁰⁰ in place of 1: shares down to 1e-300 keep all their digits on the way.
    let unit = libm::scalbn(1.0, 900);
    let mut shares = vec![0.0; u + 1];
    shares[0] = unit;
    for i in 1..=fewer {
        let end = u.min(i.saturating_mul(more)) + 1;
        for k in i..end {
            shares[k] += shares[k - i];
        }
        let shift = more.saturating_add(i);
        for k in (shift..end).rev() {
            shares[k] -= shares[k - shift];
        }
        // Of C(n+i, i) assignments in place of C(n+i−1, i−1).
        let fewer_of_more = i as f64 / (more as f64 + i as f64);
        for share in &mut shares[..end] {
            *share *= fewer_of_more;
        }
    }
    (shares.iter().sum::<f64>() / unit).min(1.0)
}

fn around_the_circle(m: usize, n: f64, u: f64) -> Option<f64> {
    let saddle = Saddle::of(m, n, u);
    // ln P, to see by how much the other coefficients, 1 at most, have to be damped.
    let ln_tail = saddle.ln_height - 0.5 * (2.0 * PI * saddle.curvature).ln();
    let points = ((40.0 - ln_tail.min(0.0)) / saddle.s).max(u + 1.0).ceil();
    // The terms are normal in θ, and end at some nine standard deviations.
    if 1.5 * points / saddle.curvature.sqrt() * m as f64 > WORK_LIMIT {
        return None;
    }
    // An odd number, so that every term but the first comes with its conjugate.
    let points = points + if points % 2.0 == 0.0 { 1.0 } else { 0.0 };
    let circle = Circle::new(m, n, saddle.s);
    let mut sum = 1.0;
    let mut negligible = 0;
    let mut j = 1.0;
    while 2.0 * j < points && negligible < 3 {
        let (term, size) = circle.term(2.0 * PI * j / points, u);
        sum += 2.0 * term;
        negligible = if size < 1e-20 { negligible + 1 } else { 0 };
        j += 1.0;
    }
    Some((libm::exp(saddle.ln_height) * sum / points).min(1.0))
}

/// The radius e^(−s) at which H(r) r^(−u) is least.
struct Saddle {
    s: f64,
    /// ln of H(r) r^(−u).
    ln_height: f64,
    /// Its second derivative by s.
    curvature: f64,
}

impl Saddle {
    fn of(m: usize, n: f64, u: f64) -> Self {
        // The derivative rises from −∞ to u + a little: bisection by ratio, then no digit more is needed, since the
        // answer is the same on every circle.
        let (mut low, mut high) = (1e-12, 1.0);
        while derivatives(m, n, u, high).0 < 0.0 && high < 700.0 {
            high *= 2.0;
        }
        for _ in 0..40 {
            let middle = f64::sqrt(low * high);
            if derivatives(m, n, u, middle).0 < 0.0 {
                low = middle;
            } else {
                high = middle;
            }
        }
        let s = f64::sqrt(low * high);
        let mut ln_height = u * s - ln_one_less(s);
        for i in 1..=m {
            let i = i as f64;
            ln_height += ln_one_less(s * (n + i)) - ln_one_less(s * i) + libm::log(i / (n + i));
        }
        Self { s, ln_height, curvature: derivatives(m, n, u, s).1 }
    }
}

/// ln (1 − e^(−x)).
fn ln_one_less(x: f64) -> f64 {
    if x < 0.7 { libm::log(-libm::expm1(-x)) } else { libm::log1p(-libm::exp(-x)) }
}

/// The first and second derivative of ln H(e^(−s)) + u s by s.
fn derivatives(m: usize, n: f64, u: f64, s: f64) -> (f64, f64) {
    // Of ln (1 − e^(−as)): a / (e^(as) − 1), and −a² e^(as) / (e^(as) − 1)².
    let of = |a: f64| {
        let less_one = libm::expm1(a * s);
        let first = a / less_one;
        // e^x / (e^x − 1) = 1 + 1 / (e^x − 1), which does not overflow to ∞ / ∞.
        (first, -first * a * (1.0 + 1.0 / less_one))
    };
    let (first, second) = of(1.0);
    let mut sums = (u - first, -second);
    for i in 1..=m {
        let i = i as f64;
        let (above, below) = (of(n + i), of(i));
        sums.0 += above.0 - below.0;
        sums.1 += above.1 - below.1;
    }
    sums
}

/// The circle of radius r = e^(−s), with what every point on it needs.
struct Circle {
    m: usize,
    n: f64,
    /// 2 rᵃ / (1 − rᵃ) for a = 1 … m.
    below: Vec<f64>,
    /// The same for a = n + 1 … n + m.
    above: Vec<f64>,
}

impl Circle {
    fn new(m: usize, n: f64, s: f64) -> Self {
        let ratio = |a: f64| 2.0 / libm::expm1(a * s);
        Self {
            m,
            n,
            below: (1..=m).map(|i| ratio(i as f64)).collect(),
            above: (1..=m).map(|i| ratio(n + i as f64)).collect(),
        }
    }

    /// The real part of H(r e^(iθ)) / H(r) · e^(−iuθ), and the size of the whole.
    fn term(&self, theta: f64, u: f64) -> (f64, f64) {
        let half = theta / 2.0;
        let mut product = Complex::unit(-u * theta);
        product = product.over(Complex::factor(self.below[0], Complex::unit(half)));
        let step = Complex::unit(half);
        let (mut below, mut above) = (step, step);
        for i in 0..self.m {
            // The angles go on by multiplication, and are taken anew before rounding adds up.
            if i % 16 == 0 {
                below = Complex::unit(half * (i as f64 + 1.0));
                above = Complex::unit(half * (self.n + i as f64 + 1.0));
            }
            let ratio = Complex::factor(self.above[i], above).over(Complex::factor(self.below[i], below));
            product = product.times(ratio);
            below = below.times(step);
            above = above.times(step);
        }
        (product.re, libm::hypot(product.re, product.im))
    }
}

#[derive(Clone, Copy)]
struct Complex {
    re: f64,
    im: f64,
}

impl Complex {
    /// e^(i angle).
    fn unit(angle: f64) -> Self {
        let (im, re) = libm::sincos(angle);
        Self { re, im }
    }

    /// (1 − rᵃ e^(iaθ)) / (1 − rᵃ) from 2 rᵃ / (1 − rᵃ) and e^(iaθ/2): 1 − cos is 2 sin² of half the angle.
    fn factor(ratio: f64, half: Self) -> Self {
        Self { re: 1.0 + ratio * half.im * half.im, im: -ratio * half.im * half.re }
    }

    fn times(self, other: Self) -> Self {
        Self { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }

    fn over(self, other: Self) -> Self {
        let size = other.re * other.re + other.im * other.im;
        let turned = Self { re: other.re / size, im: -other.im / size };
        self.times(turned)
    }
}
