"""Writes sign.json: python sign.py

Sign tests of n_positive and n_negative differences in 50-digit arithmetic, checked against scipy.stats.binomtest; and
the order-statistic interval of the median: for n values, the largest k with P(B < k) <= (1 - level)/2, B binomial (n,
1/2), and its coverage 1 - 2 P(B < k).
"""
import json
import mpmath as mp
import scipy
from scipy import stats

mp.mp.dps = 50


def below(k, n):
    """P(B < k)."""
    return mp.fsum(mp.binomial(n, j) for j in range(k)) / mp.mpf(2) ** n


def test(positive, negative):
    n = positive + negative
    less, greater = below(positive + 1, n), below(negative + 1, n)
    two = min(mp.mpf(1), 2 * min(less, greater))
    assert abs(float(two) / stats.binomtest(positive, n).pvalue - 1) < 1e-9
    mass = mp.binomial(n, positive) / mp.mpf(2) ** n
    z = lambda c: (mp.mpf(positive) - mp.mpf(n) / 2 - c) / (mp.sqrt(n) / 2)
    two_normal = lambda z: mp.erfc(abs(z) / mp.sqrt(2))
    toward = 0 if positive == negative else mp.mpf(1 if positive > negative else -1) / 2
    values = {
        "two_sided": two, "less": less, "greater": greater,
        "mid_p": min(mp.mpf(1), 2 * min(less, greater) - mass), "mid_p_less": less - mass / 2, "mid_p_greater": greater - mass / 2,
        "z": z(0), "normal": two_normal(z(0)), "z_continuity": z(toward), "normal_continuity": two_normal(z(toward)),
    }
    return {"positive": positive, "negative": negative} | {key: float(mp.nstr(x, 20)) for key, x in values.items()}


def interval(n, level):
    tail = (1 - mp.mpf(level)) / 2
    k = max(k for k in range(n + 1) if k == 0 or below(k, n) <= tail)
    return {"n": n, "level": float(level), "k": k, "coverage": float(mp.nstr(1 - 2 * below(k, n), 20)) if k else None}


TESTS = [(8, 2), (2, 8), (5, 5), (0, 6), (1, 0), (12, 3), (27, 13), (60, 61), (300, 210), (1000, 100), (0, 1000)]
with open("sign.json", "w") as file:
    json.dump(
        {
            "generated_with": f"mpmath {mp.__version__}, scipy {scipy.__version__}",
            "precision": "1e-16",
            "tests": [test(*pair) for pair in TESTS],
            "intervals": [interval(n, level) for level in ("0.95", "0.9", "0.99") for n in (3, 5, 6, 8, 10, 15, 25, 50, 100, 1000)],
        },
        file,
        indent=1,
    )
    file.write("\n")
