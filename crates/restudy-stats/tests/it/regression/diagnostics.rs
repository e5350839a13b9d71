use restudy_stats::regression::{Design, Diagnostics, ModelRemark, Outcome};

use super::simulated;
use crate::golden::{CLOSED_FORM, REFERENCE, assert_close, number, numbers};

#[test]
fn golden() {
    let (golden, design, events) = simulated();
    let found = Diagnostics::of(&design, Outcome::new(&events)).unwrap();
    for (found, expected) in found.variance_inflation.iter().zip(numbers(&golden["gvif"])) {
        assert_close(found.factor, expected, REFERENCE, &found.term);
    }
    assert_close(found.condition_number, number(&golden["condition_number"]), REFERENCE, "condition number");
}

#[test]
fn by_hand() {
    // Correlation of x and y: Σ(x−3)(y−3) = 8 over √(10 · 10), so that both factors are 1 / (1 − 0.64).
    let x = [1.0, 2.0, 3.0, 4.0, 5.0];
    let y = [1.0, 3.0, 2.0, 5.0, 4.0];
    let design = Design::build(5).intercept().continuous("x", &x, 1.0).continuous("y", &y, 10.0).finish().unwrap();
    let found = Diagnostics::of(&design, Outcome::new(&[true, false, true, false, true])).unwrap();
    for term in &found.variance_inflation {
        assert_close(term.factor, 1.0 / 0.36, CLOSED_FORM, &term.term);
    }
    // Eigenvalues 1.8 and 0.2.
    assert_close(found.condition_number, 3.0, CLOSED_FORM, "condition number");
    assert_eq!(found.events_per_variable, Some(1.0));
    assert_eq!(found.remarks(), [ModelRemark::FewEventsPerVariable { events_per_variable: 1.0 }]);
}
