# One-line recipes over plain cargo; nothing here is needed, everything is shorter.

# the embedded study, ending with the paper's claims
run:
    cargo run

# the paper, audited
audit:
    cargo run -- audit

# what CI runs
ci:
    bash .ci/run

# every test
test:
    cargo test --workspace

# the mathematics alone: builds in seconds
test-stats:
    cargo test -p restudy-stats -p restudy-conformance

# format, lints and documentation, warnings denied
lint:
    cargo fmt --all --check
    cargo clippy --workspace --all-targets -- -D warnings
    RUSTDOCFLAGS=-Dwarnings cargo doc --workspace --no-deps

# golden numbers: every case of a folder through the public library
conformance DIR="crates/restudy-conformance/golden":
    cargo run -p restudy-conformance -- {{DIR}}

# write the reports again
reports:
    for study in reports/*/study.toml; do cargo run --quiet -- run "$study" > /dev/null || exit 1; done

# write the audits again; exit code 1 only says that there are findings
audits:
    for id in craft2023 dlm2021 sobecks2007; do mkdir -p reports/$id; for form in json:json html:html markdown:md; do \
        cargo run --quiet -- audit data/$id/published.toml --format ${form%:*} --out reports/$id/audit.${form#*:} \
            || test $? -eq 1 || exit 1; done; done

# do the committed reports still hold?
check:
    for study in reports/*/study.toml; do cargo run --quiet -- check "$study" || exit 1; done

# run the notebooks where they stand; needs nbconvert and ipykernel
notebooks:
    jupyter nbconvert --to notebook --execute --ExecutePreprocessor.record_timing=False --inplace notebooks/*.ipynb

# licences of everything we build on
licences:
    cargo deny check licenses bans sources

# how long our tests take at n = 61, 10,000 and 1,000,000
bench:
    cargo bench -p restudy-stats

# the same beside R and SciPy, written to docs/benchmarks.md
bench-peers:
    python3 crates/restudy-stats/benches/peers/run.py
    python3 crates/restudy-stats/benches/peers/survival_accuracy.py
    python3 crates/restudy-stats/benches/peers/models.py
    python3 crates/restudy/benches/peers/whole_study.py
