"""Golden values by exact arithmetic: counts as integers and fractions, everything else to 50 digits.

Run `python exact.py` with mpmath 1.3.0; it writes exact.json beside itself. Each quantity is computed from its
definition (sums over all outcomes, roots by bisection), by no algorithm that the library uses. Inputs are doubles and
are read back exactly; results are decimal strings of 20 digits.
"""

import json
from fractions import Fraction
from math import comb, floor
from pathlib import Path

from mpmath import betainc, erfc, gammainc, inf, log, mp, mpf, nstr, sqrt

mp.dps = 50


def text(value):
    if value == inf:
        return "inf"
    return nstr(mpf(value.numerator) / value.denominator if isinstance(value, Fraction) else mpf(value), 20)


def lcg(seed):
    """A small generator of its own, so that no library's random numbers are needed again."""
    while True:
        seed = (6364136223846793005 * seed + 1442695040888963407) % 2**64
        yield (seed >> 11) / 2**53


# distributions, from their integrals


def normal_upper(z):
    return erfc(z / sqrt(2)) / 2


def student_upper(t, df):
    """By whichever of the two complementary integrals converges."""
    if t * t < df:
        middle = betainc(mpf(1) / 2, df / 2, 0, t * t / (df + t * t), regularized=True)
        return (1 - middle) / 2 if t >= 0 else (1 + middle) / 2
    tail = betainc(df / 2, mpf(1) / 2, 0, df / (df + t * t), regularized=True) / 2
    return tail if t >= 0 else 1 - tail


def chi_square_upper(x, df):
    return gammainc(mpf(df) / 2, mpf(x) / 2, inf, regularized=True)


def bisect(function, low, high):
    """The root of an increasing function."""
    low, high = mpf(low), mpf(high)
    for _ in range(180):
        middle = (low + high) / 2
        if function(middle) > 0:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def student_quantile(tail, df):
    return bisect(lambda t: tail - student_upper(t, df), 0, 13)


NORMAL_975 = bisect(lambda z: mpf(25) / 1000 - normal_upper(z), 0, 10)


# descriptive


def exact(values):
    return [Fraction(x) for x in values]


def root(fraction):
    return sqrt(mpf(fraction.numerator) / fraction.denominator)


def moments():
    random = lcg(1)
    sets = {
        "small": [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0],
        "offset": [1e9 + next(random) for _ in range(101)],
        "tiny": [1e-300 * next(random) for _ in range(20)],
        "subnormal": [5e-324, 0.0, 1e-323, 2.5e-323],
        "huge": [1.5e308, -1.2e308, 1.7e308, 3e307],
        "wide": [1e-8, 1e8, -1e8, 3.0, 7.25],
        "cancelling": [1e16, 1.0, -1e16, 3.0, -2.0],
    }
    out = []
    for name, values in sets.items():
        x = exact(values)
        n = len(x)
        mean = sum(x) / n
        central = [sum((v - mean) ** k for v in x) / n for k in (2, 3, 4)]
        m2 = root(central[0])
        out.append({
            "name": name, "values": values, "mean": text(mean), "sd": text(root(central[0] * n / (n - 1))),
            "skewness": text(mpf(central[1].numerator) / central[1].denominator / m2**3),
            "excess_kurtosis": text(central[2] / central[0] ** 2 - 3),
        })
    return out


def quantiles():
    samples = [[1.0], [1.0, 2.0], [0.5, 1.5, 4.0, 4.0, 7.0, 7.5, 9.0, 12.0, 20.0, 21.0, 40.0], [float(i * i) for i in range(20)]]
    probabilities = ["0", "0.05", "0.1", "0.15", "0.25", "0.3", "0.5", "0.55", "0.75", "0.9", "0.95", "1"]
    out = []
    for sample in samples:
        x, n = exact(sample), len(sample)

        def at(j):
            return x[min(max(j, 1), n) - 1]

        for written in probabilities:
            p = Fraction(written)
            values = []
            third, eighth = Fraction(1, 3), Fraction(1, 8)
            offsets = [0, 0, Fraction(-1, 2), 0, Fraction(1, 2), p, 1 - p, (p + 1) * third, p / 4 + 3 * eighth]
            for kind, m in enumerate(offsets, start=1):
                h = n * p + m
                j = floor(h)
                g = h - j
                gamma = {1: int(g > 0), 2: Fraction(1, 2) if g == 0 else 1, 3: 0 if g == 0 and j % 2 == 0 else 1}.get(kind, g)
                values.append(text((1 - gamma) * at(j) + gamma * at(j + 1)))
            out.append({"sorted": sample, "p": float(written), "by_type": values})
    return out


def binomial_upper(k, n, p):
    return sum(comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(k, n + 1))


def proportions():
    out = []
    tail = mpf(25) / 1000
    for count, n in [(0, 1), (1, 1), (0, 10), (1, 10), (5, 10), (10, 10), (1, 2), (7, 1000), (81, 263), (299, 300), (15, 148)]:
        z, p = NORMAL_975, mpf(count) / n

        def score(pi, correction):
            deviation = max(abs(p - pi) - correction / mpf(n), 0)
            return deviation**2 - z**2 * pi * (1 - pi) / n

        def limits(correction):
            low = mpf(0) if count == 0 else bisect(lambda pi: -score(pi, correction), 0, p - correction / mpf(n))
            high = mpf(1) if count == n else bisect(lambda pi: score(pi, correction), p + correction / mpf(n), 1)
            return [text(low), text(high)]

        low = mpf(0) if count == 0 else bisect(lambda pi: binomial_upper(count, n, pi) - tail, 0, 1)
        high = mpf(1) if count == n else bisect(lambda pi: binomial_upper(count + 1, n, pi) - (1 - tail), 0, 1)
        out.append({
            "count": count, "n": n, "wilson": limits(mpf(0)), "wilson_continuity": limits(mpf(1) / 2),
            "clopper_pearson": [text(low), text(high)],
        })
    return out


# hypothesis


def t_tests():
    out = []
    printed = [
        ((12, 5.1, 1.25), (9, 4.0, 2.5)), ((60, 13.2, 2.1), (203, 12.9, 2.0)), ((2, 1.0, 0.5), (2, 1.5, 0.25)),
        ((1, 7.0, 0.0), (6, 4.0, 1.5)), ((500, 10.0, 1.0), (400, 2.0, 1.5)), ((40, 1e-200, 1e-200), (30, 3e-200, 2e-200)),
        ((33, 3.25, 0.0), (20, 3.0, 1.0)), ((1000000, 5.0, 2.0), (3, 4.0, 8.0)),
    ]
    for first, second in printed:
        (n1, m1, s1), (n2, m2, s2) = [(n, mpf(m), mpf(s)) for n, m, s in (first, second)]
        row = {"first": first, "second": second}
        pooled = ((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / (n1 + n2 - 2)
        tests = {"student": (sqrt(pooled * (mpf(1) / n1 + mpf(1) / n2)), mpf(n1 + n2 - 2))}
        if min(n1, n2) > 1:
            v1, v2 = s1**2 / n1, s2**2 / n2
            tests["welch"] = (sqrt(v1 + v2), (v1 + v2) ** 2 / (v1**2 / (n1 - 1) + v2**2 / (n2 - 1)))
        for name, (se, df) in tests.items():
            t = (m1 - m2) / se
            half, one_sided = [student_quantile(tail, df) * se for tail in (mpf("0.025"), mpf("0.05"))]
            row[name] = {
                "t": text(t), "df": text(df), "std_error": text(se), "two_sided": text(2 * student_upper(abs(t), df)),
                "less": text(student_upper(-t, df)), "greater": text(student_upper(t, df)),
                "conf_low": text(m1 - m2 - half), "conf_high": text(m1 - m2 + half),
                "less_high": text(m1 - m2 + one_sided), "greater_low": text(m1 - m2 - one_sided),
            }
        out.append(row)
    return out


def mann_whitney():
    random = lcg(7)
    pairs = [
        ([1.0, 2.0, 2.0, 5.0], [2.0, 3.0, 3.0]), ([1.0], [2.0]), ([4.0], [1.0, 2.0, 3.0, 4.0, 4.0]),
        ([0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46], [1.15, 0.88, 0.9, 0.74, 1.21]),
        ([float(floor(6 * next(random))) for _ in range(25)], [float(floor(6 * next(random)) + 1) for _ in range(31)]),
        ([float(floor(4 * next(random) ** 3)) for _ in range(90)], [float(floor(4 * next(random))) for _ in range(60)]),
        ([next(random) for _ in range(40)], [next(random) + 0.3 for _ in range(45)]),
        ([next(random) for _ in range(110)], [next(random) + 1.0 for _ in range(120)]),
        ([0.0] * 30 + [1.0], [0.0] * 25 + [1.0] * 4),
    ]
    out = []
    for first, second in pairs:
        pooled = sorted(first + second)
        n1, n2, n = len(first), len(second), len(pooled)
        doubled_rank = {x: 2 * pooled.index(x) + pooled.count(x) + 1 for x in pooled}
        # Ways to choose i members with a sum of doubled ranks s, in integers.
        ways = [{} for _ in range(n1 + 1)]
        ways[0][0] = 1
        for x in pooled:
            for i in range(n1, 0, -1):
                for s, count in ways[i - 1].items():
                    ways[i][s + doubled_rank[x]] = ways[i].get(s + doubled_rank[x], 0) + count
        total, observed = comb(n, n1), sum(doubled_rank[x] for x in first)
        assert sum(ways[n1].values()) == total
        share = lambda chosen: Fraction(sum(count for s, count in ways[n1].items() if chosen(s)), total)
        lower, upper = share(lambda s: s <= observed), share(lambda s: s >= observed)
        as_far = share(lambda s: abs(s - n1 * (n + 1)) >= abs(observed - n1 * (n + 1)))
        u = Fraction(observed, 2) - Fraction(n1 * (n1 + 1), 2)
        ties = sum(pooled.count(x) ** 3 - pooled.count(x) for x in set(pooled))
        sigma = root(Fraction(n1 * n2, 12) * (n + 1 - Fraction(ties, n * (n - 1))))
        deviation = u - Fraction(n1 * n2, 2)
        sign = (deviation > 0) - (deviation < 0)
        z = {c: mpf((deviation - Fraction(c * sign, 2)).numerator) / (deviation - Fraction(c * sign, 2)).denominator / sigma for c in (0, 1)}
        out.append({
            "first": first, "second": second, "u": text(u), "tied": len(set(pooled)) < n,
            "exact": {"less": text(lower), "greater": text(upper), "absolute_deviation": text(as_far),
                      "doubled": text(min(1, 2 * min(lower, upper)))},
            "z": text(z[0]), "z_continuity": text(z[1]),
            "normal": text(2 * normal_upper(abs(z[0]))), "normal_continuity": text(2 * normal_upper(abs(z[1]))),
        })
    return out


def mann_whitney_large():
    """Two equal groups without ties, 0 … n − 1 and the same moved up by half a step and some: whole numbers throughout,
    from the Gaussian binomial coefficient Π (1 − qⁿ⁺ⁱ) / (1 − qⁱ)."""
    out = []
    for n, shift in [(150, 40), (200, 9), (290, 3)]:
        counts = [1] + [0] * (n * n)
        for i in range(1, n + 1):
            for s in range(i, n * n + 1):
                counts[s] += counts[s - i]
            for s in range(n * n, n + i - 1, -1):
                counts[s] -= counts[s - n - i]
        u = sum(i > j + shift for i in range(n) for j in range(n))
        as_far = sum(count for s, count in enumerate(counts) if abs(2 * s - n * n) >= abs(2 * u - n * n))
        out.append({"n": n, "shift": shift + 0.5, "u": u, "two_sided": text(Fraction(as_far, sum(counts)))})
    return out


TABLES = [
    [[3, 1], [1, 3]], [[0, 9], [7, 4]], [[5, 0], [2, 9]], [[2, 23], [15, 300]], [[15, 45], [40, 163]], [[120, 380], [280, 4220]],
    [[10, 10], [10, 10]], [[7, 12], [0, 5]], [[900, 150], [100, 850]], [[1, 999], [2, 100000]], [[50001, 50002], [50003, 50000]],
]
LARGER = [[[762, 327, 468], [484, 239, 477]], [[3, 0, 1, 0], [0, 4, 1, 2], [1, 2, 6, 5]], [[1000000, 1000001], [1000002, 1000003], [5, 7]]]


def chi_square():
    out = []
    for table in TABLES + LARGER:
        rows, columns = [sum(row) for row in table], [sum(column) for column in zip(*table)]
        n, df = sum(rows), (len(rows) - 1) * (len(columns) - 1)
        cells = [(observed, Fraction(r * c, n)) for row, r in zip(table, rows) for observed, c in zip(row, columns)]
        plain = sum((o - e) ** 2 / e for o, e in cells)
        yates = sum((abs(o - e) - min(Fraction(1, 2), abs(o - e))) ** 2 / e for o, e in cells)
        ratio = 2 * sum(o * log(mpf(o) * e.denominator / e.numerator) for o, e in cells if o)
        p = lambda x: text(chi_square_upper(mpf(x.numerator) / x.denominator if isinstance(x, Fraction) else x, df))
        row = {
            "table": table, "chi_square": text(plain), "p": p(plain), "g_square": text(ratio), "g_p": p(ratio),
            "cramers_v": text(root(plain / n / (min(len(rows), len(columns)) - 1))), "expected": [text(e) for _, e in cells],
        }
        if len(cells) == 4:
            row |= {"yates": text(yates), "yates_p": p(yates)}
        out.append(row)
    return out


def fisher():
    out = []
    for table in TABLES:
        (a, b), (c, d) = table
        row, column, n = a + b, a + c, a + b + c + d
        least, most = max(0, row + column - n), min(row, column)
        support = range(least, most + 1)
        # C(column, j) C(n - column, row - j), up to a factor, by the ratio of neighbours.
        weights = [mpf(1)]
        for j in range(least, most):
            weights.append(weights[-1] * (row - j) * (column - j) / ((j + 1) * (n - row - column + j + 1)))
        k = a - least
        total = mp.fsum(weights)
        lower, upper = mp.fsum(weights[: k + 1]) / total, mp.fsum(weights[k:]) / total
        no_likelier = mp.fsum(w for w in weights if w <= weights[k] * (1 + mpf(10) ** -7)) / total
        result = {
            "table": table, "less": text(lower), "greater": text(upper), "no_likelier": text(no_likelier),
            "doubled": text(min(1, 2 * min(lower, upper))),
        }

        def tilted(theta):
            omega, power, out = mp.exp(theta), mpf(1), []
            for w in weights:
                out.append(w * power)
                power *= omega
            return out

        def mean(theta):
            w = tilted(theta)
            return mp.fdot(w, support) / mp.fsum(w)

        def share(theta, part):
            w = tilted(theta)
            return mp.fsum(w[part]) / mp.fsum(w)

        def solve(increasing):
            start = log((mpf(a) + 0.5) * (d + 0.5) / ((b + 0.5) * (c + 0.5)))
            return text(mp.exp(bisect(increasing, start - 9, start + 9)))

        # Where every outcome is summed hundreds of times.
        if len(weights) < 2000:
            tail = mpf("0.025")
            result["odds_ratio"] = "0.0" if a == least else "inf" if a == most else solve(lambda t: mean(t) - a)
            result["conf_low"] = "0.0" if a == least else solve(lambda t: share(t, slice(k, None)) - tail)
            result["conf_high"] = "inf" if a == most else solve(lambda t: tail - share(t, slice(k + 1)))
        out.append(result)
    return out


def binomial():
    out = []
    for count, n, p in [(682, 925, 0.75), (0, 10, 0.5), (5, 10, 0.5), (1, 20, 0.3), (7, 1000, 0.5), (30, 40, 0.1), (3, 3, 0.125)]:
        probability = Fraction(p)
        mass = [comb(n, j) * probability**j * (1 - probability) ** (n - j) for j in range(n + 1)]
        lower, upper = sum(mass[: count + 1]), sum(mass[count:])
        bound = mass[count] * (1 + Fraction(1, 10**7))
        out.append({
            "count": count, "n": n, "p": p, "less": text(lower), "greater": text(upper),
            "no_likelier": text(sum(m for m in mass if m <= bound)), "doubled": text(min(1, 2 * min(lower, upper))),
        })
    return out


# multiplicity


def benjamini_hochberg():
    families = [
        ([0.01, 0.02, 0.03, 0.04, 0.05], 5), ([0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528, 0.759, 1.0], 15),
        ([0.03, None, 0.001, 0.2, None, 0.04, 0.04, 0.9, 1e-10], 7), ([1e-300, 0.0, 1.0, 0.5, 0.5], 5), ([0.04, 0.01, 0.3], 20), ([None, None], 0), ([], 0),
    ]
    out = []
    for p, size in families:
        present = [Fraction(x) for x in p if x is not None]
        # From the definition: the smallest q at which the step-up rule rejects.
        adjusted = []
        for x in p:
            if x is None:
                adjusted.append(None)
                continue
            at_least = [y for y in present if y >= Fraction(x)]
            adjusted.append(text(min([Fraction(1)] + [size * y / sum(z <= y for z in present) for y in at_least])))
        out.append({"p": p, "size": size, "adjusted": adjusted})
    return out


golden = {
    "generator": "exact.py, mpmath 1.3.0, 50 digits",
    "moments": moments(), "quantiles": quantiles(), "proportions": proportions(), "t_tests": t_tests(),
    "mann_whitney": mann_whitney(), "mann_whitney_large": mann_whitney_large(), "chi_square": chi_square(), "fisher": fisher(), "binomial": binomial(),
    "benjamini_hochberg": benjamini_hochberg(),
}
Path(__file__).with_suffix(".json").write_text(json.dumps(golden, indent=1) + "\n")
