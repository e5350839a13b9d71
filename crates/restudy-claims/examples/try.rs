use restudy_claims::{DLM2021, Record};
fn main() {
    let mut args = std::env::args().skip(1).map(|a| a.parse::<u64>().unwrap());
    let (s0, ns, na) = (args.next().unwrap_or(1), args.next().unwrap_or(1), args.next().unwrap_or(4));
    let record = Record::parse("x", DLM2021).unwrap();
    let tr = record.problem();
    let problem = &tr.problem;
    for x in &tr.not_aimed_at { println!("{x:?}"); }
    for x in &problem.terms { println!("{x:?}"); }
    println!("{:?} {:?} {:?}", problem.survival, problem.score, problem.rules);
    for seed in s0..s0 + ns {
        let t = std::time::Instant::now();
        for k in 0..na {
            let t1 = std::time::Instant::now();
            match restudy_claims::reconstruct::attempt(problem, seed, k, &|| false) {
                None => println!("seed {seed} attempt {k}: none"),
                Some(a) => {
                    let names: Vec<&str> = a.unmet_variables.iter().map(|v| problem.variables[*v].id.as_str()).collect();
                    println!("seed {seed} attempt {k}: loss {:.4} unmet {:?} rules {} in {:?}", a.loss, names, a.broken_rules, t1.elapsed());
                    if a.is_complete() { break; }
                }
            }
        }
        println!("seed {seed}: {:?}", t.elapsed());
    }
}
