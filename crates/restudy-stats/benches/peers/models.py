"""Times our logistic and Cox models beside R's (glm, coxph) and Python's (statsmodels, lifelines), as many of them as are
there, on the same data of 1,000,000 rows and ten covariates; checks that the answers agree; writes their section of
docs/benchmarks.md.

    python3 crates/restudy-stats/benches/peers/models.py [--rows 1000000] [--rounds 3] [--note TEXT] [--check]

Every program is a process of its own, reads the data before its clock starts, and tells its peak memory. What is printed is
the shortest of the rounds, in which the programs take turns. Threads: ours takes the feature `threads` and all cores, the
peers what they take. --note goes into the section, --check leaves docs/benchmarks.md alone.
"""
import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[3]
COVARIATES = 10
TITLE = "## Logistic and Cox models"
GOALS = {("logistic", "R glm"): 20, ("cox", "R coxph"): 25}
TASKS = {"logistic": "Logistic regression", "cox": "Cox, Efron's ties, with concordance"}
# What the answers are held to, relative to their size: statsmodels and lifelines stop where a step is small.
TOLERANCE = {"R glm": 1e-8, "R coxph": 1e-8, "statsmodels": 1e-6, "lifelines": 1e-4}


def make_data(n, rng):
    x = [np.round(rng.normal(size=n), 3) if j < 7 else (rng.uniform(size=n) < 0.3).astype(float) for j in range(COVARIATES)]
    slope = np.linspace(-0.4, 0.5, COVARIATES)
    predictor = sum(b * column for b, column in zip(slope, x))
    binary = (rng.uniform(size=n) < 1 / (1 + np.exp(1 - predictor))).astype(float)
    event_time, censoring = rng.exponential(np.exp(-predictor)), rng.exponential(2.0, n)
    t = np.ceil(np.minimum(event_time, censoring) * 1000)
    return {"logistic": [binary, *x], "cox": [t, (event_time <= censoring).astype(float), *x]}


def peer(name, repeats, files):
    """In a process of its own: a fit by a Python package."""
    columns = [np.fromfile(file, "<f8") for file in files]
    seconds, cpu = [], []
    for _ in range(repeats):
        if name == "statsmodels":
            import statsmodels.api as sm

            design = sm.add_constant(np.column_stack(columns[1:]))
            start = time.perf_counter(), time.process_time()
            fit = sm.Logit(columns[0], design).fit(disp=0, method="newton", tol=1e-12)
            answer = [*fit.params, *fit.bse, fit.llf]
        else:
            import pandas as pd
            from lifelines import CoxPHFitter

            frame = {"time": columns[0], "event": columns[1]}
            frame = pd.DataFrame(frame | {f"x{j + 1}": x for j, x in enumerate(columns[2:])})
            start = time.perf_counter(), time.process_time()
            fit = CoxPHFitter().fit(frame, "time", "event")
            answer = [*fit.params_, *fit.standard_errors_, fit.log_likelihood_]
        seconds.append(time.perf_counter() - start[0])
        cpu.append(time.process_time() - start[1])
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"answer": list(map(float, answer)), "seconds": seconds, "cpu": cpu, "megabytes": megabytes}))


def run(command):
    """What a program prints, or None where it cannot run."""
    finished = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if finished.returncode != 0:
        print(f"left out: {command[1]} {command[2]}: {finished.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return json.loads(finished.stdout)


def agree(ours, theirs, tolerance):
    ours, theirs = np.asarray(ours[: len(theirs)]), np.asarray(theirs)
    return bool(np.all(np.abs(ours - theirs) <= tolerance * np.abs(theirs)))


def figure(seconds):
    return f"{seconds * 1e3:,.0f} ms"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--note", default="")
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    build = ["cargo", "build", "--quiet", "--release", "-p", "restudy-stats", "--features", "threads", "--example", "models"]
    subprocess.run(build, cwd=ROOT, check=True)
    metadata = ["cargo", "metadata", "--no-deps", "--format-version=1"]
    target = json.loads(subprocess.run(metadata, cwd=ROOT, capture_output=True, check=True).stdout)["target_directory"]
    program = Path(target) / "release" / "examples" / "models"
    data = make_data(arguments.rows, np.random.default_rng(20240613))
    lines, failures = [], []
    with tempfile.TemporaryDirectory() as folder:
        for task, title in TASKS.items():
            files = []
            for index, column in enumerate(data[task]):
                files.append(str(Path(folder) / f"{task}.{index}"))
                column.astype("<f8").tofile(files[-1])
            python = "statsmodels" if task == "logistic" else "lifelines"
            commands = {"ours": [program, task, 2, *files]}
            if shutil.which("Rscript"):
                commands["R glm" if task == "logistic" else "R coxph"] = ["Rscript", HERE / "models.R", task, 1, *files]
            commands[python] = [sys.executable, __file__, "--peer", python, 1, *files]
            best = {}
            for _ in range(arguments.rounds):
                for name, command in list(commands.items()):
                    found = run(command)
                    if found is None:
                        del commands[name]
                        continue
                    kept = best.setdefault(name, found)
                    for what in ("seconds", "cpu"):
                        kept[what] = [min(kept[what] + found[what])]
            ours = best.pop("ours")
            for name, found in best.items():
                if not agree(ours["answer"], found["answer"], TOLERANCE[name]):
                    failures.append(f"{title}: ours {ours['answer']}, {name} {found['answer']}")
                goal = GOALS.get((task, name))
                ratio = f"{found['seconds'][0] / ours['seconds'][0]:.1f}×" + (f" (goal {goal}×)" if goal else "")
                cells = [
                    f"{title}, {arguments.rows:,} × {COVARIATES}", figure(ours["seconds"][0]), figure(ours["cpu"][0]),
                    f"{ours['megabytes']:,.0f} MB", name, figure(found["seconds"][0]), figure(found["cpu"][0]),
                    f"{found['megabytes']:,.0f} MB", ratio, f"{found['cpu'][0] / ours['cpu'][0]:.1f}×",
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
        ours = SECTION.format(note=note, table="\n".join(lines)).removeprefix("## ")
        kept = [section.rstrip() for section in sections if not section.startswith(TITLE.removeprefix("## "))]
        page.write_text("\n\n## ".join([*kept, ours.rstrip()]) + "\n")


SECTION = TITLE + """

Written by `crates/restudy-stats/benches/peers/models.py`: from columns in memory to coefficients, standard errors and
likelihood, to full convergence, with the feature `threads`; the shortest of the rounds. Coefficients, errors and likelihoods
agree to 1e-8 with R's (concordance and its error too), to 1e-6 with statsmodels' and 1e-4 with those of lifelines, which stop
earlier. Processor time is that of all threads (of R's user time) within the same clock; memory is the peak of the process,
with the data (88 or 96 MB) in it. Ours is fitted three times in a row, memory given back in between.{note}

| computation | ours | processor | memory | peer | peer's | processor | memory | peer / ours | of processor time |
|---|---|---|---|---|---|---|---|---|---|
{table}
"""

if __name__ == "__main__":
    if sys.argv[1:2] == ["--peer"]:
        peer(sys.argv[2], int(sys.argv[3]), sys.argv[4:])
    else:
        main()
