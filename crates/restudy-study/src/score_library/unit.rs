//! Units, and what is known of their conversion.

/// Unit → the unit that it is so many of, where that does not depend on what is measured.
const CONVERSIONS: [(&str, f64, &str); 14] = [
    ("mg/dL", 10.0, "mg/L"),
    ("g/L", 1000.0, "mg/L"),
    ("g/dL", 10.0, "g/L"),
    ("µg/L", 1.0, "ng/mL"),
    ("IU/L", 1.0, "U/L"),
    ("kU/L", 1.0, "U/mL"),
    ("weeks", 12.0 * 7.0 / DAYS_OF_A_YEAR, "months"),
    ("years", 12.0, "months"),
    ("years", DAYS_OF_A_YEAR, "days"),
    ("months", DAYS_OF_A_YEAR / 12.0, "days"),
    ("weeks", 7.0, "days"),
    ("weeks", 7.0 / DAYS_OF_A_YEAR, "years"),
    ("cm", 10.0, "mm"),
    ("m", 100.0, "cm"),
];

/// With every fourth year a leap year.
const DAYS_OF_A_YEAR: f64 = 365.25;

/// Conversions that hold for one substance: ferritin by its molar mass of 445 kDa. Laboratories print the reciprocal, 2.247
/// pmol/L to the ng/mL (Table 1 of PMC3934467).
const CONVERSIONS_OF_AN_ITEM: [(&str, &str, f64, &str); 1] = [("ferritin", "pmol/L", 0.445, "ng/mL")];

/// How many of `needed` one of `given` is, where it is known.
///
/// Both directions of every conversion, and none between units that are the same.
#[must_use]
pub fn conversion(item: &str, given: &str, needed: &str) -> Option<f64> {
    let of_item =
        CONVERSIONS_OF_AN_ITEM.iter().filter(|(of, ..)| *of == item).map(|(_, from, factor, to)| (from, factor, to));
    CONVERSIONS.iter().map(|(from, factor, to)| (from, factor, to)).chain(of_item).find_map(
        |(from, factor, to)| match (
            same_unit(given, from) && same_unit(needed, to),
            same_unit(given, to) && same_unit(needed, from),
        ) {
            (true, _) => Some(*factor),
            (_, true) => Some(1.0 / factor),
            _ => None,
        },
    )
}

/// Whether two texts write one unit.
pub(crate) fn same_unit(a: &str, b: &str) -> bool {
    let plain = |unit: &str| {
        // The micro sign and the Greek letter, and "u" where neither is on the keyboard, are one.
        let unit = unit.trim().replace(['\u{3bc}', '\u{b5}'], "u").to_lowercase();
        if matches!(unit.as_str(), "%" | "% of predicted" | "% pred") { "% predicted".to_owned() } else { unit }
    };
    plain(a) == plain(b)
}
