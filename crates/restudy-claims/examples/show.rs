fn main() {
    let text = std::env::args()
        .nth(1)
        .map(|f| std::fs::read_to_string(f).unwrap())
        .unwrap_or_else(|| restudy_claims::DLM2021.to_owned());
    let record = match restudy_claims::Record::parse("published.toml", &text) {
        Ok(r) => r,
        Err(e) => {
            println!("{e}\nhint: {:?}", e.hint());
            return;
        }
    };
    print!("{}", record.audit().to_json().unwrap());
}
