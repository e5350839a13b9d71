"""Writes effect_two_by_two.json: python effect_two_by_two.py

Intervals of the risk difference, risk ratio and odds ratio of x1 of n1 against x2 of n2, 95 %, in 40-digit arithmetic
from the definitions.
  wald       p1 - p2 +- z se;  Katz's and Woolf's limits on the logarithm
  newcombe   hybrid of Wilson's limits: square-and-add for the difference (Newcombe 1998, method 10)
  mover      the same for the ratio of risks (Donner and Zou 2012)
  miettinen_nurminen   the parameter at which |score| = z, the restricted maximum-likelihood risks found by bisection
             of the score equation (no closed form), variance times N/(N - 1)
Wald and Newcombe are checked against statsmodels' confint_proportions_2indep. Its score limits are not used: for 56/70
against 48/80 it gives 0.0526 to 0.3440, where Newcombe (1998, table II, method 6) prints 0.0528 to 0.3382, as here.
"""
import json
import warnings
import mpmath as mp
import statsmodels
from statsmodels.stats.proportion import confint_proportions_2indep

mp.mp.dps = 40
Z = mp.sqrt(2) * mp.erfinv(mp.mpf("0.95"))
warnings.simplefilter("ignore")


def wilson(x, n):
    x, n = mp.mpf(x), mp.mpf(n)
    centre, half = (x + Z**2 / 2) / (n + Z**2), Z / (n + Z**2) * mp.sqrt(x * (n - x) / n + Z**2 / 4)
    return (mp.mpf(0) if x == 0 else centre - half), (mp.mpf(1) if x == n else centre + half)


def bisect(f, low, high, steps=130):
    """The zero of a falling function."""
    for _ in range(steps):
        mid = (low + high) / 2
        if f(mid) > 0:
            low = mid
        else:
            high = mid
    return (low + high) / 2


def restricted(x1, n1, x2, n2, first_of, slope_of, low, high):
    """The risk p2 that maximises the likelihood when p1 = first_of(p2)."""

    def score(p2):
        p1 = first_of(p2)
        d1 = (mp.mpf(x1) / p1 if x1 else 0) - (mp.mpf(n1 - x1) / (1 - p1) if x1 < n1 else 0)
        d2 = (mp.mpf(x2) / p2 if x2 else 0) - (mp.mpf(n2 - x2) / (1 - p2) if x2 < n2 else 0)
        return d1 * slope_of(p2) + d2

    return bisect(score, low, high)


def z_difference(x1, n1, x2, n2, delta):
    p2 = restricted(x1, n1, x2, n2, lambda p: p + delta, lambda p: 1, max(0, -delta), min(1, 1 - delta))
    p1 = p2 + delta
    v = (p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2) * mp.mpf(n1 + n2) / (n1 + n2 - 1)
    return (mp.mpf(x1) / n1 - mp.mpf(x2) / n2 - delta) / mp.sqrt(v)


def z_ratio(x1, n1, x2, n2, theta):
    p2 = restricted(x1, n1, x2, n2, lambda p: theta * p, lambda p: theta, mp.mpf(0), min(mp.mpf(1), 1 / theta))
    p1 = theta * p2
    v = (p1 * (1 - p1) / n1 + theta**2 * p2 * (1 - p2) / n2) * mp.mpf(n1 + n2) / (n1 + n2 - 1)
    return (mp.mpf(x1) / n1 - theta * mp.mpf(x2) / n2) / mp.sqrt(v)


def z_odds(x1, n1, x2, n2, psi):
    first = lambda p: p * psi / (1 + p * (psi - 1))
    p2 = restricted(x1, n1, x2, n2, first, lambda p: psi / (1 + p * (psi - 1)) ** 2, mp.mpf(0), mp.mpf(1))
    p1 = first(p2)
    v = mp.mpf(n1 + n2) / (n1 + n2 - 1) / (1 / (n1 * p1 * (1 - p1)) + 1 / (n2 * p2 * (1 - p2)))
    return (x1 - n1 * p1) / mp.sqrt(v)


def solve(z, estimate, target, low, high):
    """Where the falling z reaches the target, on one side of the estimate."""
    left, right = (low, estimate) if target > 0 else (estimate, high)
    return bisect(lambda at: z(at) - target, left, right, 110)


def score_difference(x1, n1, x2, n2):
    z = lambda delta: z_difference(x1, n1, x2, n2, delta)
    estimate = mp.mpf(x1) / n1 - mp.mpf(x2) / n2
    return (solve(z, estimate, Z, mp.mpf(-1), mp.mpf(1)) if estimate > -1 else mp.mpf(-1)), (
        solve(z, estimate, -Z, mp.mpf(-1), mp.mpf(1)) if estimate < 1 else mp.mpf(1)
    )


def score_log(z, estimate):
    """Limits of a ratio, sought on the logarithm."""
    f = lambda log: z(mp.exp(log))
    centre = mp.log(estimate) if estimate not in (0, mp.inf) else (mp.mpf(-40) if estimate == 0 else mp.mpf(40))
    low = mp.mpf(0) if estimate == 0 else mp.exp(solve(f, centre, Z, mp.mpf(-60), mp.mpf(60)))
    high = mp.inf if estimate == mp.inf else mp.exp(solve(f, centre, -Z, mp.mpf(-60), mp.mpf(60)))
    return low, high


def square_and_add(x1, n1, x2, n2):
    (l1, u1), (l2, u2) = wilson(x1, n1), wilson(x2, n2)
    p1, p2 = mp.mpf(x1) / n1, mp.mpf(x2) / n2
    return p1 - p2 - mp.sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2), p1 - p2 + mp.sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2)


def mover_ratio(a, b):
    """Limits of theta1/theta2, each given as (estimate, lower, upper), Donner and Zou (2012)."""
    (t1, l1, u1), (t2, l2, u2) = a, b
    low = (t1 * t2 - mp.sqrt((t1 * t2) ** 2 - l1 * u2 * (2 * t1 - l1) * (2 * t2 - u2))) / (u2 * (2 * t2 - u2))
    high = (t1 * t2 + mp.sqrt((t1 * t2) ** 2 - u1 * l2 * (2 * t1 - u1) * (2 * t2 - l2))) / (l2 * (2 * t2 - l2))
    return low, high


def number(x):
    return ("Inf" if x > 0 else "-Inf") if mp.isinf(x) else float(mp.nstr(x, 20))


def case(x1, n1, x2, n2):
    p1, p2 = mp.mpf(x1) / n1, mp.mpf(x2) / n2
    inner = 0 < x1 < n1 and 0 < x2 < n2
    limits = {"difference_newcombe": square_and_add(x1, n1, x2, n2)}
    se = mp.sqrt(p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2)
    limits["difference_wald"] = (p1 - p2 - Z * se, p1 - p2 + Z * se)
    limits["difference_miettinen_nurminen"] = score_difference(x1, n1, x2, n2)
    ratio = (mp.inf if x2 == 0 else p1 / p2) if x1 + x2 else None
    odds_ratio = None
    if x1 + x2 and x1 + x2 < n1 + n2:
        down = x2 * (n1 - x1)
        odds_ratio = mp.inf if down == 0 else mp.mpf(x1) * (n2 - x2) / down
        limits["odds_ratio_miettinen_nurminen"] = score_log(lambda t: z_odds(x1, n1, x2, n2, t), odds_ratio)
    if ratio is not None:
        limits["ratio_miettinen_nurminen"] = score_log(lambda t: z_ratio(x1, n1, x2, n2, t), ratio)
    if inner:
        katz = Z * mp.sqrt(mp.mpf(1) / x1 - mp.mpf(1) / n1 + mp.mpf(1) / x2 - mp.mpf(1) / n2)
        woolf = Z * mp.sqrt(sum(mp.mpf(1) / n for n in (x1, n1 - x1, x2, n2 - x2)))
        limits["ratio_wald"] = (ratio * mp.exp(-katz), ratio * mp.exp(katz))
        limits["odds_ratio_wald"] = (odds_ratio * mp.exp(-woolf), odds_ratio * mp.exp(woolf))
        w1, w2 = wilson(x1, n1), wilson(x2, n2)
        limits["ratio_mover"] = mover_ratio((p1, *w1), (p2, *w2))
        for key, compare, method in [
            ("difference_wald", "diff", "wald"),
            ("difference_newcombe", "diff", "newcomb"),
            ("ratio_wald", "ratio", "log"),
            ("odds_ratio_wald", "odds-ratio", "logit"),
        ]:
            theirs = confint_proportions_2indep(x1, n1, x2, n2, method=method, compare=compare, correction=True)
            for ours, other in zip(limits[key], theirs):
                assert abs(float(ours) - other) <= 1e-9 * max(1, abs(other)), (x1, n1, x2, n2, key)
    out = {"first": [x1, n1], "second": [x2, n2], "difference": number(p1 - p2)}
    if ratio is not None:
        out["ratio"] = number(ratio)
    if odds_ratio is not None:
        out["odds_ratio"] = number(odds_ratio)
    return out | {key: [number(low), number(high)] for key, (low, high) in limits.items()}


TABLES = [
    # Newcombe (1998), table II, (a) to (h)
    (56, 70, 48, 80), (9, 10, 3, 10), (6, 7, 2, 7), (5, 56, 0, 29), (0, 10, 0, 20), (0, 10, 0, 10), (10, 10, 0, 20), (10, 10, 0, 10),
    # Perondi and others (2004), as in Fagerland, Lydersen and Laake (2015): survival after two doses of epinephrine
    (1, 34, 7, 34),
    # Miettinen and Nurminen (1985), section 5
    (10, 10, 10, 20), (15, 30, 15, 30), (0, 20, 3, 25), (4, 25, 0, 20), (20, 20, 18, 20), (3, 1000, 9, 800),
    (512, 825, 89, 108), (1, 100000, 4, 90000), (120, 500, 280, 4500), (99, 100, 400, 401), (2, 3, 1, 2),
]
with open("effect_two_by_two.json", "w") as file:
    json.dump(
        {
            "generated_with": f"mpmath {mp.__version__}, statsmodels {statsmodels.__version__}",
            "precision": "1e-16",
            "cases": [case(*table) for table in TABLES],
        },
        file,
        indent=1,
    )
    file.write("\n")
