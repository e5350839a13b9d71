//! Passes over many rows: columns in blocks that stay in the first-level cache, blocks summed into chunks, chunks into
//! totals.
//!
//! A block of each column is written once, and products X'WX are dot products of block columns in [`LANES`] lanes, several
//! at once, in vectors as wide as the processor's (`wide!`).
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

/// A kernel on numbers in memory, made for the widest vectors that the processor turns out to have.
///
/// The same operations in the same order: a vector of four does what four numbers one by one would, and nothing is fused,
/// so that the bits are those of the narrowest processor.
macro_rules! wide {
    ($(#[$meta:meta])* $vis:vis fn $name:ident($($argument:ident: $type:ty),* $(,)?) -> $output:ty $body:block) => {
        $(#[$meta])*
        $vis fn $name($($argument: $type),*) -> $output {
            struct Kernel<T>(T);
            impl pulp::WithSimd for Kernel<($($type,)*)> {
                type Output = $output;
                #[inline(always)]
                fn with_simd<S: pulp::Simd>(self, _: S) -> $output {
                    let ($($argument,)*) = self.0;
                    $body
                }
            }
            pulp::Arch::new().dispatch(Kernel(($($argument,)*)))
        }
    };
}
pub(crate) use wide;

/// The whole blocks of lanes of slices of one length, and how many numbers they are.
#[inline(always)]
fn lanes_of<const N: usize>(slices: [&[f64]; N]) -> ([&[[f64; LANES]]; N], usize) {
    let count = slices[0].len() / LANES;
    (slices.map(|slice| &slice.as_chunks::<LANES>().0[..count]), count * LANES)
}

/// The dot products of each of some slices with each of some others, so many at once that the numbers once loaded are used
/// more than once.
#[inline(always)]
fn dots<const A: usize, const B: usize>(a: [&[f64]; A], b: [&[f64]; B]) -> [[f64; B]; A] {
    let ((of_a, count), (of_b, _)) = (lanes_of(a), lanes_of(b));
    let mut lanes = [[[0.0; LANES]; B]; A];
    for i in 0..of_a[0].len().min(of_b[0].len()) {
        for m in 0..A {
            for n in 0..B {
                for lane in 0..LANES {
                    lanes[m][n][lane] += of_a[m][i][lane] * of_b[n][i][lane];
                }
            }
        }
    }
    let mut sums = [[0.0; B]; A];
    for m in 0..A {
        for n in 0..B {
            let whole = if count > 0 { lanes[m][n].iter().sum() } else { 0.0 };
            let rest = a[m][count..].iter().zip(&b[n][count..]);
            sums[m][n] = rest.fold(whole, |sum, (a, b)| sum + a * b);
        }
    }
    sums
}

wide! {
    /// The sum of numbers.
    pub(crate) fn total(a: &[f64]) -> f64 {
        let (blocks, rest) = a.as_chunks::<LANES>();
        let mut lanes = [0.0; LANES];
        for block in blocks {
            for lane in 0..LANES {
                lanes[lane] += block[lane];
            }
        }
        rest.iter().fold(lanes.iter().sum(), |sum, x| sum + x)
    }
}

wide! {
    /// The dot product of slices of one length.
    pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
        dots([a], [b])[0][0]
    }
}

/// Adds the dot product of a slice with each of some columns.
pub(crate) fn add_dots(sums: &mut [f64], a: &[f64], x: &[&[f64]]) {
    add_dots_of(sums, a, x, 0..a.len());
}

wide! {
    /// The same of some rows of whole columns.
    pub(crate) fn add_dots_of(sums: &mut [f64], a: &[f64], x: &[&[f64]], rows: Range<usize>) -> () {
        let a = &a[rows.clone()];
        let (fours, rest) = x.as_chunks::<4>();
        let (sums, sums_of_rest) = sums.split_at_mut(fours.len() * 4);
        for (sums, x) in sums.as_chunks_mut::<4>().0.iter_mut().zip(fours) {
            for (sum, dot) in sums.iter_mut().zip(dots([a], x.map(|x| &x[rows.clone()]))[0]) {
                *sum += dot;
            }
        }
        for (sum, x) in sums_of_rest.iter_mut().zip(rest) {
            *sum += dots([a], [&x[rows.clone()]])[0][0];
        }
    }
}

wide! {
    /// Adds the lower triangle of X'WX of at most a block, row after row.
    pub(crate) fn add_products(sums: &mut [f64], weight: &[f64], x: &[&[f64]]) -> () {
        let mut products = [[0.0; BLOCK]; 2];
        let [one, other] = products.each_mut().map(|product| &mut product[..weight.len()]);
        let (mut j, mut place) = (0, 0);
        while j < x.len() {
            multiply(one, weight, x[j]);
            if j + 1 < x.len() {
                // Two rows of the triangle at once, two columns each: the second row is one longer.
                multiply(other, weight, x[j + 1]);
                let (first, second) = (place, place + j + 1);
                let mut k = 0;
                while k < j {
                    let [above, below] = dots([&*one, &*other], [x[k], x[k + 1]]);
                    sums[first + k] += above[0];
                    sums[first + k + 1] += above[1];
                    sums[second + k] += below[0];
                    sums[second + k + 1] += below[1];
                    k += 2;
                }
                let [[diagonal, corner]] = dots([x[j]], [&*one, &*other]);
                sums[first + j] += diagonal;
                sums[second + j] += corner;
                sums[second + j + 1] += dots([&*other], [x[j + 1]])[0][0];
                place = second + j + 2;
            } else {
                for (k, other) in x[..=j].iter().enumerate() {
                    sums[place + k] += dots([&*one], [*other])[0][0];
                }
            }
            j += 2;
        }
    }
}

#[inline(always)]
fn multiply(product: &mut [f64], a: &[f64], b: &[f64]) {
    for ((product, a), b) in product.iter_mut().zip(a).zip(b) {
        *product = a * b;
    }
}

wide! {
    /// Columns of at most a block seen from their centres, and their part of the linear predictor added. `x` is 0 beyond.
    pub(crate) fn centre_and_predict(
        x: &mut [Column],
        eta: &mut [f64],
        columns: &[&[f64]],
        centre: &[f64],
        beta: &[f64],
    ) -> () {
        for (j, column) in columns.iter().enumerate() {
            let (centre, beta) = (centre[j], beta[j]);
            let (of, beyond) = x[j].split_at_mut(column.len());
            for ((x, eta), value) in of.iter_mut().zip(eta.iter_mut()).zip(*column) {
                *x = value - centre;
                *eta += beta * *x;
            }
            beyond.fill(0.0);
        }
    }
}

wide! {
    /// Adds the linear predictor of columns as they are.
    pub(crate) fn predict(eta: &mut [f64], columns: &[&[f64]], beta: &[f64]) -> () {
        let (fours, rest) = columns.as_chunks::<4>();
        let (of_fours, of_rest) = beta.split_at(4 * fours.len());
        for ([a, b, c, d], beta) in fours.iter().zip(of_fours.as_chunks::<4>().0) {
            for ((((eta, a), b), c), d) in eta.iter_mut().zip(*a).zip(*b).zip(*c).zip(*d) {
                *eta = (((*eta + beta[0] * a) + beta[1] * b) + beta[2] * c) + beta[3] * d;
            }
        }
        for (column, beta) in rest.iter().zip(of_rest) {
            for (eta, x) in eta.iter_mut().zip(*column) {
                *eta += beta * x;
            }
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
fn moments(column: &[f64], centre: f64) -> (f64, f64) {
    let parts = ranges(0..column.len(), BLOCK).map(|rows| moments_of_block(&column[rows], centre));
    parts.fold((0.0, 0.0), |(sum, square), (x, xx)| (sum + x, square + xx))
}

wide! {
    fn moments_of_block(column: &[f64], centre: f64) -> (f64, f64) {
        let mut x = [0.0; BLOCK];
        let x = &mut x[..column.len()];
        for (x, value) in x.iter_mut().zip(column) {
            *x = value - centre;
        }
        (dots([&*x], [&[1.0; BLOCK][..column.len()]])[0][0], dots([&*x], [&*x])[0][0])
    }
}

/// The mean of a column, its rounding corrected once, and the root mean square around it.
pub(crate) fn centre_and_scale(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    // Seen from the mean of the first rows one pass has both, unless these lie far from the others.
    let first = &values[..values.len().min(BLOCK)];
    let near = moments(first, 0.0).0 / first.len() as f64;
    let (sum, squares) = moments(values, near);
    let (centre, off) = (near + sum / n, sum * sum / n);
    if off < 0.01 * squares {
        return (centre, ((squares - off) / n).sqrt());
    }
    let centre = centre + moments(values, centre).0 / n;
    (centre, root_mean_square(values, centre))
}

/// The root mean square of a column around a centre.
pub(crate) fn root_mean_square(values: &[f64], centre: f64) -> f64 {
    (moments(values, centre).1 / values.len() as f64).sqrt()
}

/// The place of the first value that fails; whole blocks are looked at without a branch.
pub(crate) fn first_that_is_not(values: &[f64], holds: impl Fn(f64) -> bool) -> Option<usize> {
    let fails = |block: &[f64]| !block.iter().fold(true, |all, &x| all & holds(x));
    let block = values.chunks(BLOCK).position(fails)?;
    values[block * BLOCK..].iter().position(|&x| !holds(x)).map(|place| block * BLOCK + place)
}

wide! {
    /// e to each number, to about one unit in the last place; what is below −708 counts as −708, above 708 as 708.
    ///
    /// x = k ln 2 + r with |r| ≤ ln 2 / 2 (Cody and Waite's two-part ln 2), e^r by its series to the 13th power, 2^k by the
    /// exponent's bits. Without a branch or a table, so that the compiler makes vector code of it: a quarter of the time of
    /// a call of the library's function for each number, which would be half of that of a pass of a logistic fit.
    pub(crate) fn exp(values: &mut [f64]) -> () {
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
