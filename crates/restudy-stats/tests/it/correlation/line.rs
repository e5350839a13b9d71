//! The line of least squares, against R's `lm` and `predict`.

use restudy_stats::correlation::StraightLine;

/// R 4.2: `m <- lm(y ~ x); coef(m); summary(m)$sigma; predict(m, data.frame(x = c(100, 300)), interval = "confidence")`.
#[test]
fn a_line_in_units_of_very_different_size_is_that_of_r() {
    let x = [180.0, 152.5, 310.0, 260.0, 95.0, 410.0, 333.0, 271.0];
    let y = [0.031, 0.027, 0.044, 0.0502, 0.019, 0.071, 0.049, 0.0415];
    let line = StraightLine::default().fit(&x, &y).unwrap();
    let near = |ours: f64, r: f64| assert!((ours / r - 1.0).abs() < 1e-11, "{ours} is not {r}");
    near(line.intercept, 0.004_012_475_686_372_016);
    near(line.slope, 0.000_149_440_812_582_164_5);
    near(line.residual_sd, 0.005_150_862_890_481_695);
    for (at, fit, low, high) in [
        (100.0, 0.018_956_556_944_588_469, 0.010_686_033_878_480_224, 0.027_227_080_010_696_715),
        (300.0, 0.048_844_719_461_021_369, 0.043_859_869_810_038_143, 0.053_829_569_112_004_594),
    ] {
        let band = line.interval_at(at);
        near(line.at(at), fit);
        near(band.low, low);
        near(band.high, high);
    }
}
