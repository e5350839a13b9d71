use restudy_claims::{
    DLM2021, Record,
    reconstruct::{self, Reconstructed},
};
fn main() {
    let args: Vec<String> = std::env::args().collect();
    let seed: u64 = args[1].parse().unwrap();
    let record = Record::parse("x", DLM2021).unwrap();
    let audit = record.audit();
    let tr = record.problem();
    for k in 0..50 {
        let Some(a) = reconstruct::attempt(&tr.problem, seed, k, &|| false) else { continue };
        if !a.is_complete() {
            continue;
        }
        let r = Reconstructed::new(&record, &audit, &tr, (&a, k), seed);
        println!("attempt {k} counts {:?} missed {:?}", r.checks.counts(), r.missed());
        std::fs::create_dir_all(&args[2]).unwrap();
        for (n, t) in [("cohort.csv", &r.csv), ("codebook.toml", &r.codebook), ("certificate.md", &r.certificate)] {
            std::fs::write(format!("{}/{n}", args[2]), t).unwrap();
        }
        break;
    }
}
