"""Times `restudy run` on two committed studies beside R on the same protocol, each as a process of its own from a cold start,
and writes their section of docs/benchmarks.md.

    python3 crates/restudy/benches/peers/whole_study.py [--rounds 7] [--check]

Ours reads the study and its table, computes, and writes every table and figure in every format. R's script computes the
numbers that our golden file compares, and draws and writes nothing: what it takes is less than the whole protocol would.
The programs take turns; what is printed is the median. --check leaves docs/benchmarks.md alone.
"""
import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
TITLE = "## A whole study"
STUDIES = ["cmv", "dlm2021", "lung"]
R_SCRIPT = ROOT / "crates/restudy-study/tests/golden/cmv.R"


def measured(command, cwd=ROOT):
    """Seconds by the clock and of the processor, and the peak of memory in MB, of one process."""
    start = time.perf_counter()
    with open(os.devnull, "w", encoding="utf-8") as nowhere:
        process = subprocess.Popen(command, cwd=cwd, stdout=nowhere, stderr=nowhere)
        _, status, usage = os.wait4(process.pid, 0)
    if status != 0:
        sys.exit(f"{' '.join(map(str, command))} ended with {os.waitstatus_to_exitcode(status)}")
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def median(rounds):
    return [statistics.median(values) for values in zip(*rounds)]


def written(folder):
    files = [path for path in folder.rglob("*") if path.is_file()]
    return len(files), len([path for path in files if path.suffix in (".svg", ".png", ".pdf")])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--check", action="store_true")
    arguments = parser.parse_args()
    subprocess.run(["cargo", "build", "--quiet", "--release", "-p", "restudy"], cwd=ROOT, check=True)
    metadata = ["cargo", "metadata", "--no-deps", "--format-version=1"]
    target = json.loads(subprocess.run(metadata, cwd=ROOT, capture_output=True, check=True).stdout)["target_directory"]
    program = Path(target) / "release" / "restudy"
    rscript = shutil.which("Rscript")
    with tempfile.TemporaryDirectory() as folder:
        commands = {
            study: [program, "run", f"reports/{study}/study.toml", "--out", Path(folder) / study] for study in STUDIES
        }
        if rscript:
            commands["R"] = [rscript, R_SCRIPT, ROOT / "data/cmv/cmv.csv"]
        rounds = {name: [] for name in commands}
        for _ in range(arguments.rounds):
            for name, command in commands.items():
                rounds[name].append(measured(command))
        files = {study: written(Path(folder) / study) for study in STUDIES}
    results = {name: median(values) for name, values in rounds.items()}
    lines = []
    for study in STUDIES:
        clock, processor, memory = results[study]
        count, figures = files[study]
        goal = " (goal 0.3 s)" if study == "cmv" else ""
        ratio = f"{results['R'][1] / processor:.0f}× of processor time (goal 20×)" if study == "cmv" and rscript else "–"
        lines.append(
            f"| `restudy run reports/{study}/study.toml` | {count}, {figures} of them figures "
            f"| {clock:.2f} s{goal} | {processor:.2f} s | {memory:.0f} MB | {ratio} |"
        )
    if rscript:
        clock, processor, memory = results["R"]
        lines.append(f"| R, the numbers of cmv alone | – | {clock:.2f} s | {processor:.2f} s | {memory:.0f} MB | |")
    text = "\n".join(
        [
            TITLE,
            "",
            "From the study file and the table to the folder of the report: tables, figures as SVG, PNG (300 dpi) and PDF, page,",
            "Word, Excel, LaTeX, Markdown, ledger. A process of its own each time, all its threads counted; R's script",
            "(`crates/restudy-study/tests/golden/cmv.R`) computes the numbers that our golden file compares and writes no table and",
            f"no figure. Medians of {arguments.rounds} rounds by `crates/restudy/benches/peers/whole_study.py`.",
            "",
            "| run | files written | clock | processor | memory | R / ours |",
            "|---|---|---|---|---|---|",
            *lines,
            "",
        ]
    )
    print(text)
    if not arguments.check:
        page = ROOT / "docs" / "benchmarks.md"
        sections = page.read_text(encoding="utf-8").split("\n## ")
        kept = [section.rstrip() for section in sections if not section.startswith(TITLE.removeprefix("## "))]
        page.write_text("\n\n## ".join([*kept, text.removeprefix("## ").rstrip()]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
