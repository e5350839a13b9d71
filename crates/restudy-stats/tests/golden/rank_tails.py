"""Writes rank_tails.json: exact tails of Spearman's and Kendall's coefficients in whole numbers.

Spearman's are counted over sets of ranks that are gone, Kendall's by the recurrence of Mahonian numbers; both in
integers, divided once at the end. Run: python rank_tails.py > rank_tails.json
"""
import json
import math
import random
import sys
from fractions import Fraction

import numpy as np


def doubled_ranks(values):
    return [2 * sum(v < x for v in values) + sum(v == x for v in values) + 1 for x in values]


def spearman(x, y):
    """P(sum <= observed), P(sum >= observed), P(at least as far from the mean) of the sum of products of ranks."""
    n = len(x)
    a, b = doubled_ranks(x), doubled_ranks(y)
    size = sum(p * q for p, q in zip(sorted(a), sorted(b))) + 1
    layer = {0: np.zeros(size, dtype=np.int64)}
    layer[0][0] = 1
    for p in a:
        following = {}
        for gone, ways in layer.items():
            for j, q in enumerate(b):
                if not gone >> j & 1:
                    to = following.setdefault(gone | 1 << j, np.zeros(size, dtype=np.int64))
                    to[p * q:] += ways[: size - p * q]
        layer = following
    ((_, ways),) = layer.items()
    observed = sum(p * q for p, q in zip(a, b))
    total = int(ways.sum())
    centre = sum(a) * sum(b)
    far = abs(n * observed - centre)
    sums = [int(s) for s in np.nonzero(ways)[0]]
    share = lambda chosen: float(Fraction(sum(int(ways[s]) for s in sums if chosen(s)), total))
    return {
        "less": share(lambda s: s <= observed),
        "greater": share(lambda s: s >= observed),
        "two.sided": share(lambda s: abs(n * s - centre) >= far),
    }


def kendall(n, inversions):
    """P(D <= inversions) for a random order of n values."""
    counts = [1]
    total = 1
    for i in range(2, n + 1):
        total *= i
        sums, running = [], 0
        for k in range(min(len(counts) + i - 1, inversions + 1)):
            running += counts[k] if k < len(counts) else 0
            running -= counts[k - i] if 0 <= k - i < len(counts) else 0
            sums.append(running)
        counts = sums
    return float(Fraction(sum(counts[: inversions + 1]), total))


def mann_whitney(m, n, values):
    """P(U <= u) for each u of values, by the Gaussian binomial multiplied out in whole numbers."""
    counts = np.zeros(max(values) + 1, dtype=object)
    counts[0] = 1
    for i in range(1, m + 1):
        for start in range(min(i, len(counts))):
            counts[start::i] = np.add.accumulate(counts[start::i])
        if n + i < len(counts):
            counts[n + i:] = counts[n + i:] - counts[: -n - i].copy()
    below = np.add.accumulate(counts)
    total = math.comb(m + n, m)
    return [float(Fraction(int(below[u]), total)) for u in values]


def main():
    rng = random.Random(7)
    spearmans = []
    for n in (5, 8, 10, 12):
        for _ in range(3):
            x, y = list(range(n)), rng.sample(range(n), n)
            spearmans.append({"x": x, "y": y, "tied": False, **spearman(x, y)})
    for n, levels in ((4, 2), (6, 3), (8, 4), (10, 4), (11, 3), (12, 6)):
        for _ in range(2):
            while True:
                x, y = ([rng.randrange(levels) for _ in range(n)] for _ in range(2))
                if len(set(x)) > 1 and len(set(y)) > 1 and (len(set(x)) < n or len(set(y)) < n):
                    break
            spearmans.append({"x": x, "y": y, "tied": True, **spearman(x, y)})
    kendalls = []
    for n in (3, 10, 30, 50, 120, 200):
        most = n * (n - 1) // 2
        for inversions in sorted({int(share * most) for share in (0, 0.001, 0.05, 0.2, 0.35, 0.45, 0.5)}):
            p = kendall(n, inversions)
            if p > 1e-300:
                kendalls.append({"n": n, "inversions": inversions, "p": p})
    mann_whitneys = []
    for m, n in ((3, 4), (9, 5000), (12, 900), (40, 1000), (60, 60), (92, 90), (100, 100), (300, 200), (500, 500)):
        m, n = min(m, n), max(m, n)
        half = m * n // 2
        values = sorted({*(u for u in (0, 1, 10, 1000, 4096, 4097) if u <= half), *(int(half * s) for s in (0.2, 0.4, 0.7, 0.9, 0.97, 1))})
        for u, p in zip(values, mann_whitney(m, n, values)):
            mann_whitneys.append({"m": m, "n": n, "u": u, "p": p})
    json.dump({"generated_with": "Python, whole numbers", "spearman": spearmans, "kendall": kendalls, "mann_whitney": mann_whitneys}, sys.stdout)
    print()


main()
