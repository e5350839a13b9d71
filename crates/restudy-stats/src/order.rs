//! Sorting doubles by radix: what ranks, adjusted p-values and counts of discordant pairs spend their time on.
//!
//! A double that is not NaN becomes an unsigned integer of the same order. The integers of a sample share most of
//! their bits (data written with few digits, or of one magnitude), so that the differences from the smallest, freed of
//! the low bits that never vary, are sorted in a few passes; where they are few, in two. Nothing depends on the machine.

use crate::TestError;

/// Bits of a digit at most: the lines that its buckets end in stay in the first-level cache.
const DIGIT: u32 = 8;
/// Bits of the buckets in which values are counted at most: these stay in the second-level cache.
const COUNTED: u32 = 18;
/// Passes after which what is left is sorted by comparison.
const PASSES: u32 = 4;
/// Below this size the standard library's comparison sort is faster.
const SMALL: usize = 512;

/// The bits of a double, moved so that their order as integers is the order of the numbers. −0 and 0 are one number.
pub(crate) fn key(value: f64) -> u64 {
    let bits = (value + 0.0).to_bits();
    if bits >> 63 == 0 { bits | 1 << 63 } else { !bits }
}

/// The double of a [`key`].
fn value(key: u64) -> f64 {
    f64::from_bits(if key >> 63 == 1 { key & !(1 << 63) } else { !key })
}

/// How the values of a sample become small unsigned integers of the same order, and how many bits these have.
enum Keys {
    /// The values are integers, such as days or counts: their differences from the least.
    Integers { lowest: f64, bits: u32 },
    /// The keys less the lowest, without the low bits in which no key differs from another.
    Doubles { lowest: u64, shift: u32, bits: u32 },
}

/// Adding it to a number of at most 2^50, of either sign, rounds to an integer.
const ROUND: f64 = 6_755_399_441_055_744.0;
/// Added to an integer of at most 2^51 that is not negative, it leaves that in the low bits.
const UNIT: f64 = 4_503_599_627_370_496.0;

impl Keys {
    fn of(values: &[f64]) -> Self {
        const LANES: usize = 8;
        let first = values.first().map_or(0.0, |x| x + 0.0);
        let (mut lowest, mut highest, mut rest) = ([first; LANES], [first; LANES], [0; LANES]);
        let (blocks, others) = values.as_chunks::<LANES>();
        let mut see = |lane: usize, x: f64| {
            lowest[lane] = if x < lowest[lane] { x } else { lowest[lane] };
            highest[lane] = if x > highest[lane] { x } else { highest[lane] };
            // No bit is left of an integer, −0 taken as 0.
            rest[lane] |= ((x + ROUND) - ROUND).to_bits() ^ (x + 0.0).to_bits();
        };
        for block in blocks {
            for (lane, &x) in block.iter().enumerate() {
                see(lane, x);
            }
        }
        others.iter().for_each(|&x| see(0, x));
        let lowest = lowest.into_iter().fold(first, f64::min) + 0.0;
        let highest = highest.into_iter().fold(first, f64::max);
        if rest.iter().all(|rest| *rest == 0) && lowest > -UNIT / 4.0 && highest < UNIT / 4.0 {
            return Self::Integers { lowest, bits: u64::BITS - ((highest - lowest) as u64).leading_zeros() };
        }
        let (lowest, first) = (key(lowest), key(first));
        let varying = values.iter().fold(0, |varying, &x| varying | (key(x) ^ first));
        let shift = if varying == 0 { 0 } else { varying.trailing_zeros() };
        Self::Doubles { lowest, shift, bits: u64::BITS - ((key(highest) - lowest) >> shift).leading_zeros() }
    }

    fn of_integer(x: f64, lowest: f64) -> u64 {
        ((x - lowest) + UNIT).to_bits() - UNIT.to_bits()
    }
}

/// Sorts integers by `bits` of their bits, those from `low` on; equal ones keep their order.
fn radix_sort(items: &mut Vec<u64>, low: u32, bits: u32) {
    // As few passes as digits of this size need, and digits of one size.
    let passes = bits.div_ceil(DIGIT).max(1);
    let digit_bits = bits.div_ceil(passes);
    let buckets = 1 << digit_bits;
    let digit = |item: u64, pass: u32| (item >> (low + pass * digit_bits)) as usize & (buckets - 1);
    // What each pass has to count does not depend on the order, so that all count in one.
    let mut counts = vec![0_u32; buckets * passes as usize];
    for &item in items.iter() {
        for pass in 0..passes {
            counts[pass as usize * buckets + digit(item, pass)] += 1;
        }
    }
    let mut other = vec![0; items.len()];
    for (pass, counts) in (0..passes).zip(counts.chunks_exact_mut(buckets)) {
        if counts.iter().any(|&count| count as usize == items.len()) {
            continue;
        }
        let mut next = 0;
        for count in counts.iter_mut() {
            next += std::mem::replace(count, next);
        }
        for &item in items.iter() {
            let place = &mut counts[digit(item, pass)];
            other[*place as usize] = item;
            *place += 1;
        }
        std::mem::swap(items, &mut other);
    }
}

/// The values in ascending order. They must not be NaN.
pub(crate) fn sorted(values: &[f64]) -> Vec<f64> {
    if values.len() < SMALL {
        let mut sorted = values.to_vec();
        sorted.sort_unstable_by(f64::total_cmp);
        return sorted;
    }
    match Keys::of(values) {
        Keys::Integers { lowest, bits } => {
            let mut integers: Vec<u64> = values.iter().map(|&x| Keys::of_integer(x, lowest)).collect();
            radix_sort(&mut integers, 0, bits);
            integers.into_iter().map(|integer| lowest + integer as f64).collect()
        }
        Keys::Doubles { lowest, shift, bits } => {
            let mut integers: Vec<u64> = values.iter().map(|&x| (key(x) - lowest) >> shift).collect();
            radix_sort(&mut integers, 0, bits);
            // The bits that were shifted out are the same in all keys, those of the lowest included.
            integers.into_iter().map(|integer| value(lowest + (integer << shift))).collect()
        }
    }
}

/// The places of the values in ascending order of value, equal values in order of place. They must not be NaN.
///
/// # Errors
///
/// [`TestError::TooMany`] when the places do not fit 32 bits.
pub(crate) fn ascending(values: &[f64]) -> Result<Vec<u32>, TestError> {
    runs(values, 0, |_| false, |_, _| ())
}

/// Visits the distinct values in ascending order, each by the ascending places where it stands. They must not be NaN.
///
/// # Errors
///
/// [`TestError::TooMany`] when the places do not fit 32 bits.
pub(crate) fn for_each_run(values: &[f64], mut visit: impl FnMut(&[u32])) -> Result<(), TestError> {
    runs(values, 0, |_| false, |places, _| visit(places)).map(|_| ())
}

/// The same with the places for which `last` holds behind the others of their value; how many others there are is told.
/// All places in this order.
///
/// # Errors
///
/// [`TestError::TooMany`] when the places do not fit 32 bits.
pub(crate) fn for_each_divided_run(
    values: &[f64],
    last: impl Fn(usize) -> bool,
    visit: impl FnMut(&[u32], usize),
) -> Result<Vec<u32>, TestError> {
    runs(values, 1, last, visit)
}

/// `flags` is the number of bits that `last` takes in the sort, 0 where it is not asked for.
fn runs(
    values: &[f64],
    flags: u32,
    last: impl Fn(usize) -> bool,
    mut visit: impl FnMut(&[u32], usize),
) -> Result<Vec<u32>, TestError> {
    let n = u32::try_from(values.len())
        .map_err(|_| TestError::TooMany { found: values.len(), limit: u32::MAX as usize })?;
    let key_at = |place: u32| key(values[place as usize]);
    let is_last = |place: u32| flags > 0 && last(place as usize);
    // By comparison, of places that are few or whose values differ in bits for which there is no room.
    let by_comparison = |places: &mut [u32], visit: &mut dyn FnMut(&[u32], usize)| {
        places.sort_unstable_by_key(|&place| (key_at(place), is_last(place), place));
        for run in places.chunk_by(|&a, &b| key_at(a) == key_at(b)) {
            visit(run, run.partition_point(|&place| !is_last(place)));
        }
    };
    if values.len() < SMALL {
        let mut places: Vec<u32> = (0..n).collect();
        by_comparison(&mut places, &mut visit);
        return Ok(places);
    }
    Ok(match Keys::of(values) {
        Keys::Integers { lowest, bits } => {
            let integer = |x| Keys::of_integer(x, lowest);
            by_radix((values, integer), (bits, flags), is_last, by_comparison, &mut visit)
        }
        Keys::Doubles { lowest, shift, bits } => {
            let integer = |x| (key(x) - lowest) >> shift;
            by_radix((values, integer), (bits, flags), is_last, by_comparison, &mut visit)
        }
    })
}

/// The places of values that are integers of `bits` bits; by comparison where there is no room for all of them.
fn by_radix<V: FnMut(&[u32], usize)>(
    (values, integer): (&[f64], impl Fn(f64) -> u64),
    (bits, flags): (u32, u32),
    is_last: impl Fn(u32) -> bool,
    by_comparison: impl Fn(&mut [u32], &mut dyn FnMut(&[u32], usize)),
    visit: &mut V,
) -> Vec<u32> {
    let n = values.len() as u32;
    let bits = bits + flags;
    if bits <= COUNTED && 1 << bits <= values.len() {
        let of = |place: u32, x: f64| (integer(x) << flags) as usize | usize::from(is_last(place));
        return by_counting(values, bits, of, 1 << flags, visit);
    }
    // A place needs few bits; as many of the leading bits of the integer as there is room for ride above it.
    let place_bits = u32::BITS - n.leading_zeros();
    let kept = bits.min(u64::BITS - place_bits);
    let cut = bits - kept;
    let leading = |place: u32, x: f64| {
        let integer = integer(x);
        match cut {
            0 => integer << flags | u64::from(is_last(place)),
            _ => integer >> (cut - flags),
        }
    };
    let mut items: Vec<u64> =
        (0..n).zip(values).map(|(place, &x)| leading(place, x) << place_bits | u64::from(place)).collect();
    // What the passes leave in one heap is little, and lies together.
    let unsorted = kept.saturating_sub(PASSES * DIGIT);
    radix_sort(&mut items, place_bits + unsorted, kept - unsorted);
    if unsorted > 0 {
        for heap in items.chunk_by_mut(|a, b| (a ^ b) >> (place_bits + unsorted) == 0) {
            if heap.len() > 1 {
                heap.sort_unstable();
            }
        }
    }
    let mut places: Vec<u32> = items.iter().map(|&item| (item & ((1 << place_bits) - 1)) as u32).collect();
    let mut rest = &mut places[..];
    // The bits that were cut off are looked at where they decide.
    let told_apart = place_bits + if cut > 0 { 0 } else { flags };
    for run in items.chunk_by(|a, b| (a ^ b) >> told_apart == 0) {
        let (places, later) = rest.split_at_mut(run.len());
        rest = later;
        if cut > 0 && places.len() > 1 {
            by_comparison(places, visit);
        } else if cut > 0 {
            let others = usize::from(!is_last(places[0]));
            visit(places, others);
        } else {
            let flag = 1 << place_bits;
            let others = if flags > 0 { run.partition_point(|item| item & flag == 0) } else { run.len() };
            visit(places, others);
        }
    }
    places
}

/// Places by their bucket, of `bits` bits, equal ones in order; one pass counts and one writes. As many buckets as `kinds`
/// lie together for a value.
fn by_counting(
    values: &[f64],
    bits: u32,
    bucket: impl Fn(u32, f64) -> usize,
    kinds: usize,
    visit: &mut impl FnMut(&[u32], usize),
) -> Vec<u32> {
    let mut ends = vec![0_u32; 1 << bits];
    for (place, &x) in (0..).zip(values) {
        ends[bucket(place, x)] += 1;
    }
    let mut next = 0;
    for end in &mut ends {
        next += std::mem::replace(end, next);
    }
    let mut places = vec![0; values.len()];
    for (place, &x) in (0..).zip(values) {
        let end = &mut ends[bucket(place, x)];
        places[*end as usize] = place;
        *end += 1;
    }
    let mut start = 0;
    for ends in ends.chunks_exact(kinds) {
        let end = ends[kinds - 1] as usize;
        if end > start {
            visit(&places[start..end], ends[0] as usize - start);
        }
        start = end;
    }
    places
}

#[cfg(test)]
mod tests {
    //! The functions are private to the crate, so that their tests are here.

    use super::{ascending, for_each_divided_run, key, sorted, value};
    use proptest::{collection::vec, prelude::*};

    /// Samples of every kind: few distinct values, one magnitude, all magnitudes, both signs, and values that differ in
    /// bits alone for which there is no room beside the place.
    fn samples() -> impl Strategy<Value = Vec<f64>> {
        prop_oneof![
            vec((-20_i32..20).prop_map(f64::from), 0..2000),
            vec(0.0_f64..1.0, 500..3000),
            vec(prop::num::f64::NORMAL | prop::num::f64::ZERO | prop::num::f64::SUBNORMAL, 500..3000),
            vec(
                prop_oneof![Just(1e300), Just(-1e300), (0_u64..40).prop_map(|k| f64::from_bits(1.0_f64.to_bits() + k))],
                500..3000
            ),
            vec((0_u64..1 << 40).prop_map(|low| f64::from_bits(1.0_f64.to_bits() | (low & 0xff_0000_00ff))), 500..3000),
        ]
    }

    proptest! {
        #[test]
        fn the_order_is_that_of_a_stable_comparison_sort(values in samples()) {
            let mut places: Vec<u32> = (0..values.len() as u32).collect();
            places.sort_by(|&a, &b| values[a as usize].partial_cmp(&values[b as usize]).unwrap());
            prop_assert_eq!(ascending(&values).unwrap(), places);
            let mut expected = values.clone();
            expected.sort_by(|a, b| a.partial_cmp(b).unwrap());
            prop_assert_eq!(sorted(&values), expected);
        }

        #[test]
        fn divided_runs_are_those_of_a_comparison_sort(values in samples()) {
            let last = |place: usize| place.is_multiple_of(3);
            let mut places: Vec<u32> = (0..values.len() as u32).collect();
            places.sort_by(|&a, &b| {
                let at = |place: u32| (values[place as usize] + 0.0, last(place as usize));
                at(a).partial_cmp(&at(b)).unwrap()
            });
            let mut found = Vec::new();
            for_each_divided_run(&values, last, |run, others| {
                assert!(run.iter().all(|&place| values[place as usize] == values[run[0] as usize]));
                assert_eq!(others, run.iter().filter(|&&place| !last(place as usize)).count());
                found.extend_from_slice(run);
            }).unwrap();
            prop_assert_eq!(found, places);
        }

        #[test]
        fn a_key_gives_its_value_back(x in prop::num::f64::ANY) {
            prop_assume!(!x.is_nan());
            prop_assert_eq!(value(key(x)), x);
        }
    }
}
