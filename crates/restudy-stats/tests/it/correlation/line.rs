use super::{GOLDEN, pairs};
use crate::golden::{CLOSED_FORM, assert_close, number, numbers, parse};
use proptest::prelude::*;
use restudy_stats::correlation::{Pearson, StraightLine};
use restudy_stats::{Level, TestError};

#[test]
fn by_hand() {
    // Deviations −1, 0, 1 and −1, −2, 3: b = 4 / 2, residuals 1, −2, 1, s² = 6 / 1; t of 1 degree at 0.975 is tan 0.475 π.
    let line = StraightLine::default().fit(&[1.0, 2.0, 3.0], &[4.0, 3.0, 8.0]).unwrap();
    assert_eq!((line.intercept, line.slope, line.at(2.0), line.at(7.0)), (1.0, 2.0, 5.0, 15.0));
    assert_close(line.residual_sd, 6.0_f64.sqrt(), CLOSED_FORM, "s");
    let reach =
        |x: f64| (0.475 * std::f64::consts::PI).tan() * (6.0 * (1.0 / 3.0 + (x - 2.0) * (x - 2.0) / 2.0)).sqrt();
    for x in [2.0, 3.0, -5.0] {
        let interval = line.interval_at(x);
        assert_close(interval.low, line.at(x) - reach(x), CLOSED_FORM, "low");
        assert_close(interval.high, line.at(x) + reach(x), CLOSED_FORM, "high");
        assert_eq!(interval.level, Level::default());
    }
    // y that never changes, and y on a line: no scatter, no band.
    let flat = StraightLine::default().fit(&[1.0, 2.0, 6.0], &[4.0; 3]).unwrap();
    assert_eq!((flat.intercept, flat.slope, flat.residual_sd), (4.0, 0.0, 0.0));
    assert_eq!((flat.interval_at(9.0).low, flat.interval_at(9.0).high), (4.0, 4.0));
}

#[test]
fn agrees_with_r() {
    for case in parse(GOLDEN)["lines"].as_array().unwrap() {
        let settings = StraightLine { level: Level::new(number(&case["level"])).unwrap() };
        let line = settings.fit(&numbers(&case["x"]), &numbers(&case["y"])).unwrap();
        assert_close(line.intercept, number(&case["intercept"]), 1e-11, "intercept");
        assert_close(line.slope, number(&case["slope"]), 1e-11, "slope");
        assert_close(line.residual_sd, number(&case["residual_sd"]), 1e-11, "residual");
        let column = |name: &str| numbers(&case[name]);
        for (i, &x) in column("at").iter().enumerate() {
            let interval = line.interval_at(x);
            // A limit near 0 is the difference of larger numbers.
            let size = interval.high - interval.low + line.at(x).abs();
            for (name, obtained) in [("mean", line.at(x)), ("low", interval.low), ("high", interval.high)] {
                let expected = column(name)[i];
                assert!((obtained - expected).abs() <= 1e-11 * size, "{name} at {x}: {obtained:e}, not {expected:e}");
            }
        }
    }
}

#[test]
fn refuses_what_has_no_answer() {
    let fit = |x: &[f64], y: &[f64]| StraightLine::default().fit(x, y).err();
    let x = [1.0, 2.0, 3.0];
    assert_eq!(fit(&x, &x[..2]), Some(TestError::UnequalLengths { first: 3, second: 2 }));
    assert_eq!(fit(&x[..2], &x[..2]), Some(TestError::TooFew { group: 0, found: 2, needed: 3 }));
    assert_eq!(fit(&[], &[]), Some(TestError::TooFew { group: 0, found: 0, needed: 3 }));
    assert_eq!(fit(&[0.1; 3], &x), Some(TestError::NoSpread));
    assert_eq!(fit(&[1.0, f64::NAN, 3.0], &x), Some(TestError::NotFinite { group: 0, position: 1 }));
    assert_eq!(fit(&x, &[1.0, 2.0, f64::INFINITY]), Some(TestError::NotFinite { group: 1, position: 2 }));
}

proptest! {
    /// The slopes of the two lines multiply to r², the line goes through the means, and it follows the units.
    #[test]
    fn is_the_line_of_pearson((x, y) in pairs(), shift in -50.0..50.0_f64, power in -400..400) {
        let (Ok(line), Ok(turned)) = (StraightLine::default().fit(&x, &y), StraightLine::default().fit(&y, &x)) else {
            return Ok(());
        };
        let r = Pearson::default().run(&x, &y).unwrap().estimate.unwrap().value;
        prop_assert!((line.slope * turned.slope - r * r).abs() <= 1e-12);
        let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
        prop_assert!((line.at(mean(&x)) - mean(&y)).abs() <= 1e-12 * 100.0);
        let unit = 2.0_f64.powi(power);
        let in_unit: Vec<f64> = y.iter().map(|y| y * unit).collect();
        let scaled = StraightLine::default().fit(&x, &in_unit).unwrap();
        prop_assert_eq!((scaled.slope, scaled.residual_sd), (line.slope * unit, line.residual_sd * unit));
        let moved: Vec<f64> = x.iter().map(|x| x + shift).collect();
        let moved = StraightLine::default().fit(&moved, &y).unwrap();
        prop_assert!((moved.slope - line.slope).abs() <= 1e-9 * (1.0 + line.slope.abs()));
    }
}
