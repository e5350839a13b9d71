//! e to the power of x for the search, which takes it millions of times.

/// e^x to a relative 1e-14 for |x| ≤ 700, beyond which x is held at the limit.
///
/// Additions, multiplications and shifts alone: it has the same bits on every machine, and a loop of it is done in lanes.
/// A search needs no more digits; what it found is checked by the library's own functions.
#[inline]
pub(super) fn exp(x: f64) -> f64 {
    /// Added and taken off again, it leaves the nearest whole number.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    let x = x.clamp(-700.0, 700.0);
    let shifted = x * std::f64::consts::LOG2_E + ROUND;
    let power = shifted - ROUND;
    let r = (x - power * LN_2_HIGH) - power * LN_2_LOW;
    // Taylor's polynomial on |r| ≤ ln 2 / 2.
    let mut sum = 1.0 / 479_001_600.0;
    for factorial in
        [39_916_800.0, 3_628_800.0, 362_880.0, 40_320.0, 5_040.0, 720.0, 120.0, 24.0, 6.0, 2.0, 1.0, 1.0_f64]
    {
        sum = sum * r + 1.0 / factorial;
    }
    // The low bits of the shifted number are the power itself.
    let exponent = (shifted.to_bits() as i64).wrapping_sub(ROUND.to_bits() as i64);
    sum * f64::from_bits(((exponent + 1023) << 52) as u64)
}
