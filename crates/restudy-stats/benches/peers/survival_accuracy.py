"""Times our survival and accuracy methods beside R's (survival, pROC, rms) and Python's (lifelines, scikit-survival,
scikit-learn), as many of them as are there, on the same data; checks that the answers agree; writes their section of
docs/benchmarks.md.

    python3 crates/restudy-stats/benches/peers/survival_accuracy.py [--rounds 5] [--note TEXT] [--check]

Every program reads the data before its clock starts and works on one thread; the programs take turns, and what is printed
is the shortest of the rounds, of which the slow ones have two. --note goes into the section, --check leaves
docs/benchmarks.md alone.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"

import numpy as np  # noqa: E402

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
TOLERANCE = 1e-8
TITLE = "## Survival and accuracy"

TASKS = [
    # key, task, what it is, peers in Python, R's name, goals, rounds of the peers
    ("kaplan_meier", "kaplan_meier", "Kaplan–Meier with limits, 1,000,000, 50,000 distinct times",
     ("lifelines", "scikit-survival"), "survival", {"lifelines": 8}, 5),
    ("log_rank", "log_rank", "log-rank, two groups, 1,000,000, 50,000 distinct times",
     ("lifelines", "scikit-survival"), "survival", {"lifelines": 8}, 5),
    ("auc_delong", "auc_delong", "AUC with DeLong's error, 1,000,000", (), "pROC", {"pROC": 20}, 2),
    ("auc_only", "auc_delong", "AUC with DeLong's error beside AUC alone, 1,000,000", ("scikit-learn",), None, {}, 2),
    ("youden_bootstrap", "youden_bootstrap", "Youden, 1000 bootstraps, 61", (), "pROC", {"pROC": 200}, 2),
    ("optimism", "optimism", "optimism of a logistic model, 200 bootstraps, 61", (), "rms", {}, 2),
]


def make_data(rng):
    n = 1_000_000
    group = rng.integers(0, 2, n).astype(float)
    event_time, censoring = rng.exponential(np.exp(-0.01 * group)), rng.exponential(2.0, n)
    t = np.ceil(np.minimum(event_time, censoring) * 7000)
    event = (event_time <= censoring).astype(float)
    y = rng.uniform(size=n) < 0.3
    marker = rng.normal(size=n) + 0.5 * y
    small = rng.uniform(size=61) < 0.35
    x = rng.normal(size=61) + 0.8 * small
    b, c = rng.normal(size=61), (rng.uniform(size=61) < 0.4).astype(float)
    return {
        "kaplan_meier": [t, event],
        "log_rank": [t, event, group],
        "auc_delong": [marker[y], marker[~y]],
        "auc_only": [marker[y], marker[~y]],
        "youden_bootstrap": [x[small], x[~small]],
        "optimism": [x, small.astype(float), b, c],
    }


def in_python(peer, task, columns):
    """The answer, the seconds and those of the processor, or None without the package."""
    try:
        if peer == "lifelines":
            from lifelines import KaplanMeierFitter
            from lifelines.statistics import logrank_test
        elif peer == "scikit-survival":
            from sksurv.compare import compare_survival
            from sksurv.nonparametric import kaplan_meier_estimator
            from sksurv.util import Surv
        else:
            from sklearn.metrics import roc_auc_score
    except ImportError:
        return None
    if peer == "scikit-learn":
        labels = np.concatenate([np.ones(len(columns[0])), np.zeros(len(columns[1]))])
        values = np.concatenate(columns)
        return clocked(lambda: [roc_auc_score(labels, values)])
    t, event = columns[:2]
    if task == "kaplan_meier" and peer == "lifelines":
        (fit,), *taken = clocked(lambda: [KaplanMeierFitter().fit(t, event)])
        return [fit.survival_function_["KM_estimate"].to_numpy()[1:].sum()], *taken
    if task == "kaplan_meier":
        return clocked(lambda: [kaplan_meier_estimator(event == 1, t, conf_type="log-log")[1].sum()])
    first = columns[2] == 0
    if peer == "lifelines":
        return clocked(lambda: [logrank_test(t[first], t[~first], event[first], event[~first]).test_statistic])
    return clocked(lambda: [compare_survival(Surv.from_arrays(event == 1, t), columns[2])[0]])


def clocked(compute):
    start = time.perf_counter(), time.process_time()
    answer = compute()
    return answer, time.perf_counter() - start[0], time.process_time() - start[1]


def run(command):
    finished = subprocess.run(command, capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{finished.stderr}")
    return json.loads(finished.stdout)


def agree(ours, theirs):
    ours = np.asarray(ours[: len(theirs)], dtype=float)
    return bool(np.all(np.abs(ours - theirs) <= TOLERANCE * np.abs(theirs)))


def milliseconds(seconds):
    return f"{seconds * 1e3:,.0f} ms" if seconds >= 0.1 else f"{seconds * 1e3:.3g} ms"


def versions(rscript):
    found = []
    for module, name in (("lifelines", "lifelines"), ("sksurv", "scikit-survival"), ("sklearn", "scikit-learn")):
        try:
            found.append(f"{name} {__import__(module).__version__}")
        except ImportError:
            pass
    if rscript:
        line = 'cat(format(getRversion()), sapply(c("survival", "pROC", "rms"), function(p) format(packageVersion(p))))'
        r = subprocess.run([rscript, "-e", line], capture_output=True, text=True, check=True).stdout.split()
        found.append(f"R {r[0]} with survival {r[1]}, pROC {r[2]}, rms {r[3]}")
    return ", ".join(found)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--note", default="")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    subprocess.run(
        ["cargo", "build", "--quiet", "--release", "-p", "restudy-stats", "--example", "peers_survival"], cwd=ROOT, check=True
    )
    metadata = ["cargo", "metadata", "--no-deps", "--format-version=1"]
    target = json.loads(subprocess.run(metadata, cwd=ROOT, capture_output=True, check=True).stdout)["target_directory"]
    program = Path(target) / "release" / "examples" / "peers_survival"
    rscript = shutil.which("Rscript")
    data = make_data(np.random.default_rng(20240613))
    lines, failures = [], []
    with tempfile.TemporaryDirectory() as folder:
        for key, task, title, peers, package, goals, rounds in TASKS:
            files = []
            for index, column in enumerate(data[key]):
                files.append(str(Path(folder) / f"{key}.{index}"))
                column.astype("<f8").tofile(files[-1])
            times, megabytes = {}, 0
            for turn in range(arguments.rounds):
                # The first of two goes warms the caches; the second counts.
                ours = run([program, task, "2", *files])
                times.setdefault("ours", []).append((ours["seconds"][-1], ours["cpu"][-1]))
                megabytes = max(megabytes, ours["megabytes"])
                if turn >= rounds:
                    continue
                answers = {peer: in_python(peer, task, data[key]) for peer in peers}
                if package and rscript:
                    r = run([rscript, str(HERE / "survival_accuracy.R"), task, "1", *files])
                    answers[package] = (r["answer"], r["seconds"][-1], r["cpu"][-1])
                for peer, found in answers.items():
                    if found is None:
                        continue
                    times.setdefault(peer, []).append(found[1:])
                    if not agree(ours["answer"], found[0]):
                        failures.append(f"{title}: ours {ours['answer']}, {peer} {found[0]}")
            # The shortest of the rounds, by either clock.
            best = {peer: [min(column) for column in zip(*taken)] for peer, taken in times.items()}
            wall, cpu = best.pop("ours")
            for peer, (seconds, processor) in best.items():
                goal = f" (goal {goals[peer]}×)" if peer in goals else ""
                cells = [
                    title, milliseconds(wall), milliseconds(cpu), f"{megabytes:,.0f} MB", peer, milliseconds(seconds),
                    milliseconds(processor), f"{seconds / wall:,.1f}×{goal}", f"{processor / cpu:,.1f}×" if cpu > 0 else "–",
                ]
                lines.append(f"| {' | '.join(cells)} |")
                print(lines[-1], flush=True)
    for failure in failures:
        print("DIFFERS", failure)
    if failures:
        sys.exit(1)
    if not arguments.check:
        page = ROOT / "docs" / "benchmarks.md"
        sections = page.read_text().split("\n## ")
        note = f" {arguments.note}" if arguments.note else ""
        ours = SECTION.format(versions=versions(rscript), table="\n".join(lines), note=note).removeprefix("## ")
        kept = [section.rstrip() for section in sections if not section.startswith(TITLE.removeprefix("## "))]
        page.write_text("\n\n## ".join([*kept, ours.rstrip()]) + "\n")


SECTION = TITLE + """

Written by `crates/restudy-stats/benches/peers/survival_accuracy.py`, on one thread each; answers agree to 1e-8. Checking and
sorting the data is part of every time, of ours as of theirs. Times are the shortest of the rounds, by the clock and of the
processor; memory is the peak of our process, the data (16 or 24 MB of times, events and groups) in it. Resamples are each
program's own, so that of the bootstraps what they have of the data itself is compared. {versions}.{note}

| computation | ours | processor | memory | peer | peer's | processor | peer / ours | of processor time |
|---|---|---|---|---|---|---|---|---|
{table}

2,000 bootstrap replicates of a whole derivation, 68 candidates of 61 patients (screen, selection, cut-offs, points, judged three
times each): 2.0 s on one thread of a busy machine of this kind, the mathematics built with `opt-level = 1` (goal 10 s on two
cores); `whole_derivation_2000_times` of `just bench` times it.
"""

if __name__ == "__main__":
    main()
