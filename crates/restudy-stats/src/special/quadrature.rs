//! Gauss–Legendre integration of a tail, relative to the density where it begins.

/// The positive nodes of the 40-point rule on [−1, 1], with their weights.
///
/// Source: Davis & Polonsky in Abramowitz & Stegun (1964), table 25.4; recomputed to 40 digits.
const RULE: [(f64, f64); 20] = [
    (0.03877241750605082, 0.0775059479784248),
    (0.11608407067525521, 0.07703981816424797),
    (0.1926975807013711, 0.07611036190062624),
    (0.2681521850072537, 0.07472316905796826),
    (0.3419940908257585, 0.07288658239580406),
    (0.413779204371605, 0.07061164739128678),
    (0.4830758016861787, 0.0679120458152339),
    (0.5494671250951282, 0.06480401345660104),
    (0.6125538896679802, 0.06130624249292894),
    (0.6719566846141796, 0.05743976909939155),
    (0.7273182551899271, 0.05322784698393682),
    (0.7783056514265194, 0.04869580763507223),
    (0.8246122308333117, 0.04387090818567327),
    (0.8659595032122595, 0.038782167974472016),
    (0.9020988069688743, 0.033460195282547844),
    (0.9328128082786765, 0.0279370069800234),
    (0.9579168192137917, 0.02224584919416696),
    (0.9772599499837743, 0.01642105838190789),
    (0.990726238699457, 0.010498284531152813),
    (0.9982377097105593, 0.004521277098533191),
];

/// ∫₀^∞ e^(−h(v)) dv, where h(v) is near slope·v + curvature·v²/2, both not negative and the second positive.
///
/// The upper end is where that parabola reaches 46: what lies beyond is below 1e-17 of the whole as long as h keeps
/// within a tenth of it.
pub(crate) fn tail_integral(slope: f64, curvature: f64, h: impl Fn(f64) -> f64) -> f64 {
    let half = 46.0 / (slope + (slope * slope + 92.0 * curvature).sqrt());
    let mut sum = 0.0;
    // From the outside in: the small terms first.
    for &(node, weight) in RULE.iter().rev() {
        sum += weight * (libm::exp(-h(half * (1.0 + node))) + libm::exp(-h(half * (1.0 - node))));
    }
    half * sum
}
