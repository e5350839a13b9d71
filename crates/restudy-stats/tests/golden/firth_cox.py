"""Firth's penalised Cox regression, by its definition in 40-digit arithmetic.

    python3 firth_cox.py > firth_cox.json       (mpmath)

log L* = log L + 1/2 log det I, with L the partial likelihood of Efron or Breslow and I the information, both written out
over risk sets. Its maximum is found by Newton's method on its numerical derivatives; limits of the profile likelihood are
where twice its fall is the 0.95 quantile of chi-square.
"""
import json

from mpmath import det, diff, exp, findroot, log, matrix, mp, mpf

mp.dps = 40
CHI2 = mpf("3.841458820694123955126585985186186803954860742553")

CASES = [
    {"name": "monotone, ties, Breslow", "ties": "breslow",
     "time": [1, 2, 2, 3, 4, 5, 5, 6, 7, 8], "event": [1, 1, 1, 0, 1, 1, 0, 1, 1, 0], "entry": None,
     "x": [[0, 0, 0, 1, 0, 0, 1, 0, 0, 1], [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]]},
    {"name": "monotone, ties, Efron", "ties": "efron",
     "time": [1, 2, 2, 3, 4, 5, 5, 6, 7, 8], "event": [1, 1, 1, 0, 1, 1, 0, 1, 1, 0], "entry": None,
     "x": [[0, 0, 0, 1, 0, 0, 1, 0, 0, 1], [3, 1, 4, 1, 5, 9, 2, 6, 5, 3]]},
    {"name": "late entry, three at once, Efron", "ties": "efron",
     "time": [2, 4, 4, 4, 5, 6, 7, 8, 9, 9, 10, 12], "event": [1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 0, 1],
     "entry": [0, 0, 1, 3, 2, 0, 4, 5, 4, 0, 1, 8],
     "x": [[2, 7, 1, 8, 2, 8, 1, 8, 2, 8, 4, 5], [0, 1, 0, 1, 1, 0, 1, 0, 0, 1, 1, 0]]},
]


def likelihood(case, beta):
    """log L and its information."""
    n, p = len(case["time"]), len(beta)
    x = [[mpf(column[i]) for column in case["x"]] for i in range(n)]
    entry = case["entry"] or [-1] * n
    total, information = mpf(0), matrix(p, p)
    for t in sorted({time for time, event in zip(case["time"], case["event"]) if event}):
        at_risk = [i for i in range(n) if entry[i] < t <= case["time"][i]]
        dying = [i for i in at_risk if case["time"][i] == t and case["event"][i]]
        r = {i: exp(sum(b * v for b, v in zip(beta, x[i]))) for i in at_risk}
        d = len(dying)
        for i in dying:
            total += sum(b * v for b, v in zip(beta, x[i]))
        for part in range(d):
            out = mpf(part) / d if case["ties"] == "efron" else mpf(0)
            w = {i: r[i] * (1 - out if i in dying else 1) for i in at_risk}
            s = sum(w.values())
            mean = [sum(w[i] * x[i][j] for i in at_risk) / s for j in range(p)]
            total -= log(s)
            for j in range(p):
                for k in range(p):
                    information[j, k] += sum(w[i] * (x[i][j] - mean[j]) * (x[i][k] - mean[k]) for i in at_risk) / s
    return total, information


def penalized(case, beta):
    total, information = likelihood(case, beta)
    return total + log(det(information)) / 2


def slope(function, at, j):
    return diff(lambda value: function([*at[:j], value, *at[j + 1:]]), at[j])


def best(function, start):
    """A maximum of a function of few numbers: Newton's method by numerical derivatives, halved where it would fall."""
    at = [mpf(value) for value in start]
    size = len(at)
    for _ in range(200):
        gradient = matrix([slope(function, at, j) for j in range(size)])
        curvature = matrix(size, size)
        for j in range(size):
            for k in range(j + 1):
                orders = [0] * size
                orders[j] += 1
                orders[k] += 1
                curvature[j, k] = curvature[k, j] = diff(lambda *values: function(list(values)), tuple(at), tuple(orders))
        step = -(curvature ** -1) * gradient
        if (gradient.T * step)[0] < 0:
            step = gradient
        here, part = function(at), mpf(1)
        while part > mpf("1e-20") and function([a + part * s for a, s in zip(at, step)]) < here - mpf("1e-30"):
            part /= 2
        at = [a + part * s for a, s in zip(at, step)]
        if max(abs(s) for s in step) < mpf("1e-15"):
            return at
    raise RuntimeError("no maximum found")


def answer(case):
    p = len(case["x"])
    beta = best(lambda b: penalized(case, b), [0] * p)
    top = penalized(case, beta)
    log_l, information = likelihood(case, beta)
    covariance = information ** -1
    rows = []
    for j in range(p):
        def held(value):
            others = best(lambda b: penalized(case, [*b[:j], value, *b[j:]]), [b for k, b in enumerate(beta) if k != j])
            return penalized(case, [*others[:j], value, *others[j:]])
        s = covariance[j, j] ** mpf("0.5")
        def root(value):
            return 2 * (top - held(value)) - CHI2
        def limit(side):
            inside, outside = beta[j], beta[j] + side * s
            while root(outside) < 0:
                inside, outside = outside, outside + side * s
            return findroot(root, (inside, outside), solver="anderson", tol=mpf("1e-25"), verify=False)
        rows.append({"low": float(limit(-1)), "high": float(limit(1)), "chi2": float(2 * (top - held(mpf(0))))})
    return {**case, "coef": [float(b) for b in beta], "loglik": float(log_l),
            "rise": float(top - penalized(case, [mpf(0)] * p)),
            "vcov": [float(covariance[j, k]) for j in range(p) for k in range(p)], "profile": rows}


print(json.dumps({"cases": [answer(case) for case in CASES]}, indent=1))
