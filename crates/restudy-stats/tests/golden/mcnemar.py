"""Writes mcnemar.json: python mcnemar.py

McNemar's test of the discordant counts b and c, in 50-digit arithmetic from the definitions.
  exact    two-sided binomial(b + c, 1/2); limits of b/c from Clopper and Pearson's interval of b/(b + c)
  mid_p    exact p less the probability of the count observed; limits at which the one-sided mid-p is 0.025
  uncorrected, corrected   chi-square (b - c)^2/(b + c) and (|b - c| - 1)^2/(b + c); limits of b/c from the Wilson
           interval of b/(b + c), without and with continuity correction
Checked against statsmodels.stats.contingency_tables.mcnemar and scipy.stats.binomtest.
"""
import json
import mpmath as mp
import scipy
import statsmodels
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar

mp.mp.dps = 50
HALF, TAIL = mp.mpf(1) / 2, mp.mpf(1) / 40
Z = mp.sqrt(2) * mp.erfinv(1 - 2 * TAIL)


def mass(k, n, p):
    return mp.binomial(n, k) * p**k * (1 - p) ** (n - k)


def upper(k, n, p, at):
    """P(X > k) + at P(X = k)."""
    return mp.fsum(mass(j, n, p) for j in range(k + 1, n + 1)) + at * mass(k, n, p)


def bisect(increasing):
    """The odds p/(1 - p) at which an increasing function of p is zero, by bisection on the log odds."""
    low, high = mp.mpf(-60), mp.mpf(60)
    for _ in range(150):
        mid = (low + high) / 2
        if increasing(1 / (1 + mp.exp(-mid))) > 0:
            high = mid
        else:
            low = mid
    return mp.exp((low + high) / 2)


def exact_limits(b, c, at):
    n = b + c
    low = bisect(lambda p: upper(b, n, p, at) - TAIL) if b else mp.mpf(0)
    high = bisect(lambda p: TAIL - (1 - upper(b, n, p, 1 - at))) if c else mp.inf
    return low, high


def wilson_limits(b, c, correction):
    """p with (|b/n - p| - correction/n)^2 = z^2 p (1 - p)/n, as odds."""
    n = mp.mpf(b + c)

    def roots(x):
        a2, a1, a0 = 1 + Z**2 / n, -(2 * x / n + Z**2 / n), (x / n) ** 2
        root = mp.sqrt(a1**2 - 4 * a2 * a0)
        return (-a1 - root) / (2 * a2), (-a1 + root) / (2 * a2)

    low = roots(b - correction)[0] if b else mp.mpf(0)
    high = roots(b + correction)[1] if c else mp.mpf(1)
    return low / (1 - low), (high / (1 - high) if high < 1 else mp.inf)


def number(x):
    return "Inf" if mp.isinf(x) else float(mp.nstr(x, 20))


def case(b, c):
    n, small = b + c, min(b, c)
    tail = mp.fsum(mass(j, n, HALF) for j in range(small + 1))
    exact = min(mp.mpf(1), 2 * tail)
    mid = mp.mpf(1) if b == c else 2 * tail - mass(small, n, HALF)
    plain = mp.mpf((b - c) ** 2) / n
    corrected = mp.mpf(0) if b == c else mp.mpf((abs(b - c) - 1) ** 2) / n
    table = [[10, b], [c, 10]]
    for ours, theirs in [
        (exact, stats.binomtest(b, n).pvalue),
        (exact, mcnemar(table, exact=True).pvalue),
        (plain, mcnemar(table, exact=False, correction=False).statistic),
    ]:
        assert abs(float(ours) - theirs) <= 1e-9 * abs(theirs), (b, c, ours, theirs)
    out = {"b": b, "c": c, "p_exact": exact, "p_mid_p": mid, "chi2_uncorrected": plain, "chi2_corrected": corrected}
    out["p_uncorrected"], out["p_corrected"] = (mp.erfc(mp.sqrt(x / 2)) for x in (plain, corrected))
    for name, (low, high) in {
        "exact": exact_limits(b, c, 1),
        "mid_p": exact_limits(b, c, HALF),
        "uncorrected": wilson_limits(b, c, mp.mpf(0)),
        "corrected": wilson_limits(b, c, HALF),
    }.items():
        out[f"low_{name}"], out[f"high_{name}"] = low, high
    return {key: value if isinstance(value, int) else number(value) for key, value in out.items()}


# Fagerland, Lydersen and Laake (2013): airway hyper-responsiveness before and after transplantation, 1 and 7
PAIRS = [(1, 7), (150, 86), (3, 11), (6, 6), (0, 5), (9, 0), (1, 0), (12, 2), (40, 41), (2, 180), (700, 900)]
with open("mcnemar.json", "w") as file:
    json.dump(
        {
            "generated_with": f"mpmath {mp.__version__}, scipy {scipy.__version__}, statsmodels {statsmodels.__version__}",
            "precision": "1e-16",
            "cases": [case(b, c) for b, c in PAIRS],
        },
        file,
        indent=1,
    )
    file.write("\n")
