"""Tests of normality by statsmodels 0.15: python3 normality.py > normality.json

normal_ad uses Stephens's p-values, lilliefors(pvalmethod="approx") Dallal and Wilkinson's formula, which holds up to 0.1.
W from exact weights: the Shapiro-Wilk W of AS R94 by SciPy 1.17.
"""
import json

import numpy as np
from scipy.stats import shapiro
from statsmodels.stats.diagnostic import lilliefors, normal_ad

rng = np.random.default_rng(5)
samples = {
    "normal": rng.normal(50, 7, 40).round(1),
    "exponential": rng.exponential(3, 30).round(2),
    "uniform": rng.uniform(0, 1, 150).round(3),
    "counts": rng.poisson(4, 61).astype(float),
    "outlier": np.append(rng.normal(0, 1, 25).round(2), 9.0),
    "eight": rng.normal(0, 1, 8).round(3),
    "five_hundred": rng.lognormal(0, 0.3, 500).round(3),
}
cases = []
for name, x in samples.items():
    a2, a2_p = normal_ad(x)
    d, d_p = lilliefors(x, pvalmethod="approx")
    w = shapiro(x)
    cases.append({"id": name, "x": x.tolist(), "a2": a2, "a2_p": a2_p, "d": d, "d_p": d_p, "w": w.statistic, "w_p": w.pvalue})
print(json.dumps({"cases": cases}))
