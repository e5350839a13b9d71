use restudy_stats::survival::{NelsonAalen, SurvivalData, SurvivalError};

use super::prepared;
use crate::golden::{CLOSED_FORM, assert_close};

#[test]
fn three_patients() {
    let hazard = NelsonAalen::default().fit(&prepared(&[1.0, 2.0, 3.0], &[false, true, true])).unwrap();
    // 1/2, then + 1/1; variances 1/4, then + 1.
    assert_eq!((hazard.hazard.as_slice(), hazard.std_error[0]), (&[0.0, 0.5, 1.5][..], 0.0));
    assert_close(hazard.std_error[2], 1.25_f64.sqrt(), CLOSED_FORM, "se");
    assert_eq!(
        (hazard.conf_low[0], hazard.at(0.5), hazard.at(2.5), hazard.at(4.0)),
        (None, Some(0.0), Some(0.5), None)
    );
    // The limits are symmetric on the scale of the logarithm.
    let product = hazard.conf_low[2].unwrap() * hazard.conf_high[2].unwrap();
    assert_close(product, 2.25, CLOSED_FORM, "the limits");
}

#[test]
fn strata_have_one_each() {
    let data = SurvivalData { strata: Some(&[0, 1]), ..SurvivalData::new(&[1.0, 2.0], &[true; 2]) };
    let times = data.prepare().unwrap();
    assert_eq!(NelsonAalen::default().fit(&times), Err(SurvivalError::Stratified { strata: 2 }));
    assert_eq!(NelsonAalen::default().fit_each(&times).len(), 2);
}
