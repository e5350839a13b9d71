//! The same bits on any number of threads.

use crate::blocks::cmv;

#[test]
fn a_study_is_the_same_on_one_thread_and_on_many() {
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(cmv).to_json().unwrap()
    };
    let one = on(1);
    for threads in [2, 3, 8] {
        // Compared whole, and not printed: it is long.
        assert!(on(threads) == one, "{threads} threads");
    }
}
