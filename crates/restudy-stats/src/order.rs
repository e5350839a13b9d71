//! Sorting doubles by radix: what ranks, adjusted p-values and counts of discordant pairs spend their time on.
//!
//! A double that is not NaN becomes an unsigned integer of the same order. The integers of a sample share most of
//! their bits (data written with few digits, or of one magnitude), so that the differences from the smallest, freed of
//! the low bits that never vary, are sorted in a few passes of eight bits. Nothing depends on the machine.

use crate::TestError;

const DIGIT: u32 = 8;
const BUCKETS: usize = 1 << DIGIT;
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

/// What the keys of a sample have in common.
struct Shared {
    lowest: u64,
    /// Low bits in which no key differs from another.
    shift: u32,
    /// Bits that are left of the differences from the lowest.
    bits: u32,
}

impl Shared {
    fn of(keys: impl Iterator<Item = u64> + Clone) -> Self {
        let first = keys.clone().next().unwrap_or(0);
        let (lowest, highest, varying) = keys.fold((first, first, 0), |(lowest, highest, varying), key| {
            (lowest.min(key), highest.max(key), varying | (key ^ first))
        });
        let shift = if varying == 0 { 0 } else { varying.trailing_zeros() };
        Self { lowest, shift, bits: u64::BITS - ((highest - lowest) >> shift).leading_zeros() }
    }

    fn difference(&self, key: u64) -> u64 {
        (key - self.lowest) >> self.shift
    }
}

/// Sorts integers by `bits` of their bits, those from `low` on; equal ones keep their order.
fn radix_sort(items: &mut Vec<u64>, low: u32, bits: u32) {
    let mut other = vec![0; items.len()];
    for pass in 0..bits.div_ceil(DIGIT) {
        let digit = |item: u64| (item >> (low + pass * DIGIT)) as usize & (BUCKETS - 1);
        let mut counts = [0; BUCKETS];
        for &item in items.iter() {
            counts[digit(item)] += 1;
        }
        if counts.contains(&items.len()) {
            continue;
        }
        let mut next = 0;
        for count in &mut counts {
            next += std::mem::replace(count, next);
        }
        for &item in items.iter() {
            let place = &mut counts[digit(item)];
            other[*place] = item;
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
    let shared = Shared::of(values.iter().map(|&x| key(x)));
    let mut keys: Vec<u64> = values.iter().map(|&x| shared.difference(key(x))).collect();
    radix_sort(&mut keys, 0, shared.bits);
    // The bits that were shifted out are the same in all keys, those of the lowest included.
    keys.into_iter().map(|difference| value(shared.lowest + (difference << shared.shift))).collect()
}

/// The places of the values in ascending order of value, equal values in order of place. They must not be NaN.
///
/// # Errors
///
/// [`TestError::TooMany`] when the places do not fit 32 bits.
pub(crate) fn ascending(values: &[f64]) -> Result<Vec<u32>, TestError> {
    let mut places = Vec::with_capacity(values.len());
    for_each_run(values, |run| places.extend_from_slice(run))?;
    Ok(places)
}

/// Visits the distinct values in ascending order, each by the ascending places where it stands. They must not be NaN.
///
/// # Errors
///
/// [`TestError::TooMany`] when the places do not fit 32 bits.
pub(crate) fn for_each_run(values: &[f64], mut visit: impl FnMut(&[u32])) -> Result<(), TestError> {
    let n = u32::try_from(values.len())
        .map_err(|_| TestError::TooMany { found: values.len(), limit: u32::MAX as usize })?;
    let key_at = |place: u32| key(values[place as usize]);
    let sort = |places: &mut [u32]| places.sort_unstable_by_key(|&place| (key_at(place), place));
    if values.len() < SMALL {
        let mut places: Vec<u32> = (0..n).collect();
        sort(&mut places);
        places.chunk_by(|&a, &b| key_at(a) == key_at(b)).for_each(visit);
        return Ok(());
    }
    let shared = Shared::of(values.iter().map(|&x| key(x)));
    // A place needs few bits; as many of the leading bits of the difference as there is room for ride above it.
    let place_bits = u32::BITS - n.leading_zeros();
    let kept = shared.bits.min(u64::BITS - place_bits);
    let cut = shared.bits - kept;
    let mut items: Vec<u64> = (0..n)
        .zip(values)
        .map(|(place, &x)| shared.difference(key(x)) >> cut << place_bits | u64::from(place))
        .collect();
    // What four passes leave in one heap is little, and lies together.
    let unsorted = kept.saturating_sub(4 * DIGIT);
    radix_sort(&mut items, place_bits + unsorted, kept - unsorted);
    if unsorted > 0 {
        for heap in items.chunk_by_mut(|a, b| (a ^ b) >> (place_bits + unsorted) == 0) {
            if heap.len() > 1 {
                heap.sort_unstable();
            }
        }
    }
    let mut places = Vec::new();
    for run in items.chunk_by(|a, b| (a ^ b) >> place_bits == 0) {
        places.clear();
        places.extend(run.iter().map(|&item| (item & ((1 << place_bits) - 1)) as u32));
        // The bits that were cut off are looked at where they decide.
        if cut > 0 && places.len() > 1 {
            sort(&mut places);
            places.chunk_by(|&a, &b| key_at(a) == key_at(b)).for_each(&mut visit);
        } else {
            visit(&places);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    //! The functions are private to the crate, so that their tests are here.

    use super::{ascending, key, sorted, value};
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
        fn a_key_gives_its_value_back(x in prop::num::f64::ANY) {
            prop_assume!(!x.is_nan());
            prop_assert_eq!(value(key(x)), x);
        }
    }
}
