use restudy_stats::descriptive::*;
use restudy_stats::hypothesis::*;
use std::time::Instant;
fn main() {
    for t in [
        [1_000_500u64, 999_700, 1_100_300, 1_100_900],
        [120, 380, 280, 4220],
        [1_000_000, 1, 1, 1_000_000],
        [3, 4_999_999_000, 5_000_000_000, 3],
        [2_500_000_000, 2_499_900_000, 2_500_000_000, 2_500_050_000],
        [0, 5_000_000_000, 4_999_999_999, 1],
        [7, 1_000_000, 20, 1_000_000],
    ] {
        let s = Instant::now();
        let r = FisherExact::default().run_on_counts(&CountTable::new(2, 2, t.to_vec()).unwrap());
        println!("{t:?} {:?}", s.elapsed());
        match r {
            Ok(r) => {
                let e = r.estimate.unwrap();
                println!(
                    "  p {:e} or {:.17e} {:.17e} {:.17e}",
                    r.p_value,
                    e.value,
                    e.interval.unwrap().low,
                    e.interval.unwrap().high
                )
            }
            Err(e) => println!("{e}"),
        }
    }
    let mut x = 12345u64;
    let mut rnd = || {
        x ^= x << 13;
        x ^= x >> 7;
        x ^= x << 17;
        (x >> 11) as f64 / (1u64 << 53) as f64
    };
    let a: Vec<f64> = (0..1_000_000).map(|_| rnd()).collect();
    let b: Vec<f64> = (0..1_000_000).map(|_| (rnd() * 50.0).floor()).collect();
    let s = Instant::now();
    let m = Moments::of(&a).unwrap();
    println!("moments 1e6 {:?} {m:?}", s.elapsed());
    let s = Instant::now();
    let m = Describe::default().run(&a).unwrap();
    println!("describe 1e6 {:?} {m:?}", s.elapsed());
    let s = Instant::now();
    let m = Shape::of(&a).unwrap();
    println!("shape 1e6 {:?} {m:?}", s.elapsed());
    let s = Instant::now();
    let r =
        MannWhitney { null: RankNullChoice::Normal { continuity: false }, ..Default::default() }.run(&a, &b).unwrap();
    println!("mw 1e6 {:?} {}", s.elapsed(), r.p_value);
    let s = Instant::now();
    let r = MannWhitney::default().run_under_every_null(&a, &b).unwrap();
    println!("mw every 1e6 {:?} {}", s.elapsed(), r.len());
    for (n, t) in [(100, true), (200, true), (200, false), (255, false), (295, true), (360, false)] {
        let f = |v: &[f64]| v[..n].iter().map(|x| if t { (x * 300.0).floor() } else { *x }).collect::<Vec<_>>();
        let s = Instant::now();
        let r = MannWhitney { null: RankNullChoice::ExactGivenTies, ..Default::default() }.run(&f(&a), &f(&a[1000..]));
        println!("exact {n} {t} {:?} {:?}", s.elapsed(), r.map(|r| (r.p_value, r.statistic)));
    }
    let s = Instant::now();
    let r = MannWhitney { null: RankNullChoice::ExactGivenTies, ..Default::default() }.run(&a[..2], &a[5..30000]);
    println!("exact 2/30000 {:?} {:?}", s.elapsed(), r.map(|r| r.p_value));
    let s = Instant::now();
    let r = MannWhitney { null: RankNullChoice::ExactGivenTies, ..Default::default() }.run(&a[..10], &a[15..4000]);
    println!("exact 10/4000 {:?} {:?}", s.elapsed(), r.map(|r| r.p_value));
}
