//! Passes over many rows: columns in blocks that stay in the first-level cache, blocks summed into chunks, chunks into
//! totals.
//!
//! A block of each column is written once, and products X'WX are dot products of block columns in [`LANES`] lanes.
//! Blocks are summed into chunks and chunks into the total in the order of the rows, without fused multiply-add: the
//! sums have the same bits on every machine, and with every number of threads (feature `threads`). Nothing of the size
//! of the data is allocated.

use std::ops::Range;

use nalgebra::DMatrix;

/// Rows in a block: ten columns of it fill 20 kB.
pub(crate) const BLOCK: usize = 256;
/// Rows in a chunk.
pub(crate) const CHUNK: usize = 32 * BLOCK;
/// Partial sums of a dot product.
pub(crate) const LANES: usize = 8;

/// A block of a column.
pub(crate) type Column = [f64; BLOCK];

/// A range in pieces of `size`.
pub(crate) fn ranges(whole: Range<usize>, size: usize) -> impl Iterator<Item = Range<usize>> {
    whole.clone().step_by(size).map(move |start| start..whole.end.min(start + size))
}

/// What `part` makes of each item, in their order; on all cores with the feature `threads`.
pub(crate) fn each<I: Sync, T: Send>(items: &[I], part: impl Fn(&I) -> T + Sync + Send) -> Vec<T> {
    #[cfg(feature = "threads")]
    {
        use rayon::prelude::*;
        // One item is done sooner than handed over.
        if items.len() > 1 {
            return items.par_iter().map(part).collect();
        }
    }
    items.iter().map(part).collect()
}

/// Has `part` write into each item; on all cores with the feature `threads`.
pub(crate) fn each_mut<I: Send>(items: &mut [I], part: impl Fn(&mut I) + Sync + Send) {
    #[cfg(feature = "threads")]
    {
        use rayon::prelude::*;
        if items.len() > 1 {
            items.par_iter_mut().for_each(part);
            return;
        }
    }
    items.iter_mut().for_each(part);
}

/// Does two things; at once with the feature `threads`.
pub(crate) fn both(one: impl FnOnce() + Send, other: impl FnOnce() + Send) {
    #[cfg(feature = "threads")]
    rayon::join(one, other);
    #[cfg(not(feature = "threads"))]
    {
        one();
        other();
    }
}

/// A slice in pieces of these lengths, one after the other.
pub(crate) fn pieces<T>(whole: &mut [T], lengths: impl Iterator<Item = usize>) -> Vec<&mut [T]> {
    let mut rest = whole;
    lengths
        .map(|length| {
            let (piece, left) = std::mem::take(&mut rest).split_at_mut(length);
            rest = left;
            piece
        })
        .collect()
}

/// What `part` makes of each chunk of rows, in their order.
pub(crate) fn by_chunk<T: Send>(rows: usize, part: impl Fn(Range<usize>) -> T + Sync + Send) -> Vec<T> {
    let chunks: Vec<Range<usize>> = ranges(0..rows, CHUNK).collect();
    each(&chunks, |chunk| part(chunk.clone()))
}

/// The sum of the parts, one after the other.
pub(crate) fn in_order<'s>(parts: impl Iterator<Item = &'s Vec<f64>>) -> Vec<f64> {
    let mut total = Vec::new();
    for sums in parts {
        total.resize(sums.len(), 0.0);
        for (total, sum) in total.iter_mut().zip(sums) {
            *total += sum;
        }
    }
    total
}

/// A block of a column from its centre; 0 beyond the last row.
pub(crate) fn seen_from(x: &mut Column, column: &[f64], centre: f64) {
    for (to, from) in x.iter_mut().zip(column) {
        *to = from - centre;
    }
    x[column.len()..].fill(0.0);
}

pub(crate) fn dot(a: &Column, b: &Column) -> f64 {
    let mut lanes = [0.0; LANES];
    for (a, b) in a.chunks_exact(LANES).zip(b.chunks_exact(LANES)) {
        for lane in 0..LANES {
            lanes[lane] += a[lane] * b[lane];
        }
    }
    lanes.iter().sum()
}

/// The dot product of slices of one length.
pub(crate) fn dot_of(a: &[f64], b: &[f64]) -> f64 {
    let ((a, rest_a), (b, rest_b)) = (a.as_chunks::<LANES>(), b.as_chunks::<LANES>());
    let mut sum = 0.0;
    if !a.is_empty() {
        let mut lanes = [0.0; LANES];
        for (a, b) in a.iter().zip(b) {
            for lane in 0..LANES {
                lanes[lane] += a[lane] * b[lane];
            }
        }
        sum = lanes.iter().sum();
    }
    for (a, b) in rest_a.iter().zip(rest_b) {
        sum += a * b;
    }
    sum
}

pub(crate) fn multiply(product: &mut Column, a: &Column, b: &Column) {
    for ((product, a), b) in product.iter_mut().zip(a).zip(b) {
        *product = a * b;
    }
}

/// Adds the lower triangle of X'WX of a block, row after row.
pub(crate) fn add_products(sums: &mut [f64], weight: &Column, x: &[Column]) {
    let mut product = [0.0; BLOCK];
    let mut place = 0;
    for (j, column) in x.iter().enumerate() {
        multiply(&mut product, weight, column);
        for other in &x[..=j] {
            sums[place] += dot(&product, other);
            place += 1;
        }
    }
}

/// The same of slices of at most a block.
pub(crate) fn add_products_of(sums: &mut [f64], weight: &[f64], x: &[&[f64]]) {
    let mut product = [0.0; BLOCK];
    let product = &mut product[..weight.len()];
    let mut place = 0;
    for (j, column) in x.iter().enumerate() {
        for ((product, a), b) in product.iter_mut().zip(weight).zip(*column) {
            *product = a * b;
        }
        for other in &x[..=j] {
            sums[place] += dot_of(product, other);
            place += 1;
        }
    }
}

/// The matrix of a lower triangle, row after row.
pub(crate) fn symmetric(p: usize, lower: &[f64]) -> DMatrix<f64> {
    DMatrix::from_fn(p, p, |j, k| {
        let (row, column) = (j.max(k), j.min(k));
        lower[row * (row + 1) / 2 + column]
    })
}

/// Elements of the lower triangle of a matrix of this size.
pub(crate) fn triangle(size: usize) -> usize {
    size * (size + 1) / 2
}

/// The sums Σ (x − centre) and Σ (x − centre)² of a column.
pub(crate) fn moments(column: &[f64], centre: f64) -> (f64, f64) {
    let part = |rows: Range<usize>| {
        let (blocks, rest) = column[rows].as_chunks::<LANES>();
        let (mut sums, mut squares) = ([0.0; LANES], [0.0; LANES]);
        for block in blocks {
            for lane in 0..LANES {
                let x = block[lane] - centre;
                sums[lane] += x;
                squares[lane] += x * x;
            }
        }
        let of_rest = rest.iter().map(|x| x - centre);
        (
            sums.iter().sum::<f64>() + of_rest.clone().sum::<f64>(),
            squares.iter().sum::<f64>() + of_rest.map(|x| x * x).sum::<f64>(),
        )
    };
    ranges(0..column.len(), CHUNK).map(part).fold((0.0, 0.0), |(sum, square), (x, xx)| (sum + x, square + xx))
}

/// e to each number, to about one unit in the last place; what is below −708 counts as −708, above 708 as 708.
///
/// x = k ln 2 + r with |r| ≤ ln 2 / 2 (Cody and Waite's two-part ln 2), e^r by its series to the 13th power, 2^k by the
/// exponent's bits. Without a branch or a table, so that the compiler makes vector code of it: a quarter of the time of
/// a call of the library's function for each number, which would be half of that of a pass of a logistic fit.
pub(crate) fn exp(values: &mut [f64]) {
    const LN_2_HIGH: f64 = 6.931_471_803_691_238e-1;
    const LN_2_LOW: f64 = 1.908_214_929_270_587_7e-10;
    // Adding it rounds to an integer, which is then in the low bits.
    const ROUND: f64 = 6_755_399_441_055_744.0;
    const COEFFICIENTS: [f64; 11] = [
        1.0 / 479_001_600.0,
        1.0 / 39_916_800.0,
        1.0 / 3_628_800.0,
        1.0 / 362_880.0,
        1.0 / 40_320.0,
        1.0 / 5_040.0,
        1.0 / 720.0,
        1.0 / 120.0,
        1.0 / 24.0,
        1.0 / 6.0,
        0.5,
    ];
    for x in values {
        let clamped = x.clamp(-708.0, 708.0);
        let rounded = clamped * std::f64::consts::LOG2_E + ROUND;
        let k = rounded - ROUND;
        let r = (clamped - k * LN_2_HIGH) - k * LN_2_LOW;
        let mut sum = 1.0 / 6_227_020_800.0;
        for coefficient in COEFFICIENTS {
            sum = sum * r + coefficient;
        }
        // 1 + r + r² (…): the small part is added last.
        let power = 1.0 + (r + r * r * sum);
        let scale = f64::from_bits((rounded.to_bits() << 52).wrapping_add(1.0_f64.to_bits()));
        *x = power * scale;
    }
}

#[cfg(test)]
mod tests {
    //! The function is private to the crate, so that its test is here.

    #[test]
    fn exponentials_are_those_of_the_library() {
        let mut values: Vec<f64> = (-70_800..=70_800).map(|k| f64::from(k) / 100.0 + 0.001_7).collect();
        values.extend([0.0, -0.0, 1e-300, -1e-17, f64::MIN_POSITIVE]);
        let expected: Vec<f64> = values.iter().map(|x| libm::exp(x.clamp(-708.0, 708.0))).collect();
        super::exp(&mut values);
        for (value, expected) in values.iter().zip(&expected) {
            assert!((value / expected - 1.0).abs() < 4.0 * f64::EPSILON, "{value:e} {expected:e}");
        }
    }
}
