"""p-values of maximally selected statistics, every order of the labels counted in whole numbers.

R 4.2.2's ks.test(exact = TRUE) gives 1.118e-4 for J here: its rounding of the statistic leaves out orders that tie with it.

    python3 maximally_selected.py > maximally_selected.json
"""
import json
from fractions import Fraction
from math import comb
from pathlib import Path

data = json.loads((Path(__file__).parent / "accuracy.json").read_text())
cases = [x for x, y in zip(data["x"], data["y"]) if y]
controls = [x for x, y in zip(data["x"], data["y"]) if not y]
n1, n0 = len(cases), len(controls)
n = n1 + n0
blocks = [(cases.count(v), controls.count(v)) for v in sorted(set(cases + controls), reverse=True)]


def youden(a, b):
    return Fraction(a, n1) - Fraction(b, n0)


def either(a, b):
    return abs(youden(a, b))


def chi_square(a, b):
    m = a + b
    return Fraction(n * (a * n0 - b * n1) ** 2, n1 * n0 * m * (n - m))


def test(statistic, least):
    def admitted(m):
        return m >= least * n and n - m >= least * n and m < n

    best, a, b = None, 0, 0
    for of_cases, of_controls in blocks:
        a, b = a + of_cases, b + of_controls
        if admitted(a + b) and (best is None or statistic(a, b) > best):
            best = statistic(a, b)
    ways, dealt = {0: 1}, 0
    for block in blocks:
        size, further = sum(block), {}
        for i, way in ways.items():
            for j in range(size + 1):
                if i + j <= n1 and dealt + size - i - j <= n0:
                    further[i + j] = further.get(i + j, 0) + way * comb(size, j)
        dealt += size
        ways = {i: way for i, way in further.items() if not admitted(dealt) or statistic(i, dealt - i) < best}
    return {"value": float(best), "p": float(1 - Fraction(sum(ways.values()), comb(n, n1)))}


print(json.dumps({"cases": [
    {"statistic": name, "least_share": float(least), **test(statistic, least)}
    for name, statistic in (("youden", youden), ("either", either), ("chi_square", chi_square))
    for least in (Fraction(0), Fraction(1, 10), Fraction(1, 4))
]}))
