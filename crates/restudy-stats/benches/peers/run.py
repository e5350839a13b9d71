"""Times our tests beside SciPy's and, where Rscript is there, R's, on the same data; checks that the answers agree; writes
docs/benchmarks.md.

    python3 crates/restudy-stats/benches/peers/run.py [--rounds 5] [--check]

Needs numpy and scipy. Every program reads the data before its clock starts and works on one thread. The programs take
turns, round after round, so that a busy moment of the machine meets all of them; what is printed is the median.
--check leaves docs/benchmarks.md alone.
"""
import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402
import scipy  # noqa: E402
from scipy import stats  # noqa: E402

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
MILLION = 1_000_000
# Answers agree to this; sums of a million rounded differently agree to less than to the last digit.
TOLERANCE = 1e-9

TASKS = [
    # key, task, what it is, by SciPy, by R, goal against SciPy, goal against R
    ("student_t", "student_t", "Student t, 1,000,000 in two groups", True, True, 10, None),
    ("mann_whitney", "mann_whitney", "Mann–Whitney with ties, 1,000,000 in two groups", True, True, 4, 20),
    ("benjamini_hochberg", "benjamini_hochberg", "Benjamini–Hochberg, 1,000,000 p-values", True, True, 4, None),
    ("spearman", "spearman", "Spearman 8×8, 1,000,000 rows", True, True, 5, None),
    ("kendall", "kendall", "Kendall τ-b, 1,000,000 pairs", True, False, 3, None),
    ("exact_100", "mann_whitney_exact", "exact Mann–Whitney without ties, 100 + 100", True, True, None, None),
    ("exact_500", "mann_whitney_exact", "exact Mann–Whitney without ties, 500 + 500", False, False, None, None),
    ("exact_ties_61", "mann_whitney_exact", "exact Mann–Whitney with ties, 30 + 31", False, False, None, None),
    ("exact_ties_200", "mann_whitney_exact", "exact Mann–Whitney with ties, 100 + 100", False, False, None, None),
]


def make_data(rng):
    half = MILLION // 2
    a, b = rng.normal(size=half), rng.normal(size=half) + 0.003
    common = rng.normal(size=MILLION)
    p = np.where(rng.uniform(size=MILLION) < 0.1, rng.uniform(size=MILLION) ** 6, rng.uniform(size=MILLION))
    x = rng.normal(size=MILLION)
    order = rng.permutation(1000).astype(float)
    tied = np.round(rng.normal(size=261) * 20)
    return {
        "student_t": [a, b],
        "mann_whitney": [np.round(a * 20), np.round(b * 20)],
        "benjamini_hochberg": [p],
        "spearman": [common * k / 8 + rng.normal(size=MILLION) for k in range(8)],
        # Weakly related, so that p is a number and not 0.
        "kendall": [x, 0.003 * x + rng.normal(size=MILLION)],
        "exact_100": [order[:100], order[100:200]],
        "exact_500": [order[:500], order[500:]],
        "exact_ties_61": [tied[:30], tied[30:61] + 5],
        "exact_ties_200": [tied[61:161], tied[161:] + 5],
    }


def by_scipy(task, columns):
    if task == "student_t":
        return list(stats.ttest_ind(*columns))
    if task == "mann_whitney":
        return list(stats.mannwhitneyu(*columns, method="asymptotic"))
    if task == "mann_whitney_exact":
        return list(stats.mannwhitneyu(*columns, method="exact"))
    if task == "benjamini_hochberg":
        adjusted = stats.false_discovery_control(columns[0])
        return [adjusted[0], adjusted[len(adjusted) // 2], adjusted.sum()]
    if task == "spearman":
        rho = stats.spearmanr(np.column_stack(columns)).statistic
        return list(rho[np.triu_indices(len(columns), 1)])
    return list(stats.kendalltau(*columns))


def run(command):
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{finished.stderr}")
    return json.loads(finished.stdout)


def agree(ours, theirs):
    ours, theirs = np.asarray(ours, dtype=float), np.asarray(theirs, dtype=float)
    # A coefficient near 0 is a difference of sums: beside the relative error a part of 1 in 10^12 is allowed.
    return ours.shape == theirs.shape and bool(np.all(np.abs(ours - theirs) <= TOLERANCE * np.abs(theirs) + 1e-12))


def milliseconds(seconds):
    ms = seconds * 1e3
    return f"{ms:,.0f} ms" if ms >= 100 else f"{ms:.3g} ms"


def machine():
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{platform.machine()}, {os.cpu_count()} cores, {memory:.0f} GiB of memory"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    subprocess.run(
        ["cargo", "build", "--quiet", "--release", "-p", "restudy-stats", "--example", "peers"], cwd=ROOT, check=True
    )
    target = json.loads(
        subprocess.run(["cargo", "metadata", "--no-deps", "--format-version=1"], cwd=ROOT, capture_output=True, check=True).stdout
    )["target_directory"]
    ours_program = Path(target) / "release" / "examples" / "peers"
    rscript = shutil.which("Rscript")
    data = make_data(np.random.default_rng(20240613))
    lines, failures = [], []
    with tempfile.TemporaryDirectory() as folder:
        for key, task, title, with_scipy, with_r, scipy_goal, r_goal in TASKS:
            files = []
            for index, column in enumerate(data[key]):
                files.append(str(Path(folder) / f"{key}.{index}"))
                column.astype("<f8").tofile(files[-1])
            times = {"ours": [], "scipy": [], "r": []}
            for _ in range(arguments.rounds):
                # The first of two goes warms the caches; the second counts.
                ours = run([ours_program, task, "2", *files])
                times["ours"].append(ours["seconds"][-1])
                if with_scipy:
                    start = time.perf_counter()
                    theirs = by_scipy(task, data[key])
                    times["scipy"].append(time.perf_counter() - start)
                    if not agree(ours["answer"], theirs):
                        failures.append(f"{title}: ours {ours['answer']}, SciPy {theirs}")
                if with_r and rscript:
                    theirs = run([rscript, str(HERE / "peers.R"), task, "1", *files])
                    times["r"].append(theirs["seconds"][-1])
                    if not agree(ours["answer"], theirs["answer"]):
                        failures.append(f"{title}: ours {ours['answer']}, R {theirs['answer']}")
            median = {program: statistics.median(taken) if taken else None for program, taken in times.items()}
            cells = [title, milliseconds(median["ours"])]
            for program, goal in (("scipy", scipy_goal), ("r", r_goal)):
                if median[program] is None:
                    cells += ["–", "–"]
                else:
                    ratio = f"{median[program] / median['ours']:.1f}×" + (f" (goal {goal}×)" if goal else "")
                    cells += [milliseconds(median[program]), ratio]
            lines.append("| " + " | ".join(cells) + " |")
            print(lines[-1], flush=True)
    for failure in failures:
        print("DIFFERS", failure)
    if failures:
        sys.exit(1)
    if not arguments.check:
        r_version = run_text([rscript, "-e", "cat(format(getRversion()))"]) if rscript else None
        versions = f"SciPy {scipy.__version__}, NumPy {np.__version__}" + (f", R {r_version}" if r_version else "")
        rustc = run_text(["rustc", "--version"]).split()[1]
        page = ROOT / "docs" / "benchmarks.md"
        # Sections below are written by others.
        _, heading, others = page.read_text().partition("\n## ")
        page.write_text(PAGE.format(
            machine=machine(), versions=versions, rustc=rustc, rounds=arguments.rounds, table="\n".join(lines)
        ) + heading + others)


def run_text(command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


PAGE = """# Benchmarks

Our tests beside SciPy's and R's on the same data, one thread each, data in memory before the clock starts. Written by
`crates/restudy-stats/benches/peers/run.py` (`just bench-peers`), which first checks that the answers agree to 1e-9.
Medians of {rounds} rounds in which the programs take turns; single figures are good to some
20 %.

{machine}; {versions}, rustc {rustc}, release profile for the baseline processor of its kind.

| computation | ours | SciPy | SciPy / ours | R | R / ours |
|---|---|---|---|---|---|
{table}

A dash: the program has no answer to time. SciPy keeps the exact distribution of its first call at 100 against 100, which
is what the median shows. With ties SciPy's exact Mann–Whitney test ignores them and R's refuses; at 500 against 500 without
ties R's takes gigabytes and SciPy's a minute or more; R's Kendall compares all pairs, 5 · 10¹¹ of them here.

`just bench` times our tests alone, at n = 61, 10,000 and 1,000,000.

`cargo bench -p restudy-study --profile dev` times a whole Table 1 of 70 rows and 61 patients, every test, every other
admissible test, adjustment and trace: 6.0 ms on the same machine (goal 5 ms; R's tests of such a table take 41 ms). Most of
it are the exact Mann–Whitney tests of its 35 measured rows.
"""

if __name__ == "__main__":
    main()
