"""Net benefit by dcurves: the Rotterdam models on the real cohort by five years, the DLM score on the reconstructed one.

    python net_benefit.py > net_benefit.json      # dcurves 1.1.7, pandas, numpy
"""
import json

import numpy as np
import pandas as pd
from dcurves import dca

DATA = "../../../../data/"
THRESHOLDS = [0.1, 0.2, 0.3, 0.4, 0.5]


def bend(x, knots):
    """The term of a restricted cubic spline with three knots."""
    first, middle, last = knots
    cube = lambda value: np.clip(value, 0, None) ** 3
    tail = (cube(x - middle) * (last - first) - cube(x - last) * (middle - first)) / (last - middle)
    return (cube(x - first) - tail) / (last - first) ** 2


def curve(frame, outcome, models, **more):
    table = dca(data=frame, outcome=outcome, modelnames=models, thresholds=THRESHOLDS, **more)
    return {model: [float(table[(table.model == model) & np.isclose(table.threshold, t)].net_benefit.iloc[0])
                    for t in THRESHOLDS] for model in [*models, "all"]}


real = pd.read_csv(DATA + "gbsg2/gbsg2.csv")
real["years"] = real.time / 365.25
nodes, pgr, third = real.pnodes.clip(upper=19), real.progrec.clip(upper=1360), (real.tgrade == "III").astype(float)
size = lambda middle, large: np.where(real.tsize > 50, large, np.where(real.tsize > 20, middle, 0))
basic = size(0.342, 0.574) + 0.304 * nodes - 0.811 * bend(nodes, (0, 1, 9)) + 0.362 * third
extended = (size(0.320, 0.554) + 0.305 * nodes - 0.82 * bend(nodes, (0, 1, 9)) + 0.305 * third - 0.003 * pgr
            + 0.013 * bend(pgr, (0, 41, 486)))
real["mclernon-2023"] = 1 - 0.80385 ** np.exp(basic)
real["mclernon-2023-pgr"] = 1 - 0.76055 ** np.exp(extended)
made = pd.read_csv(DATA + "dlm2021/cohort.csv")
total = (made.dlco < 50).astype(int) + (made.lung > 0.45).astype(int) + (made.node == 1).astype(int)
made["dlm"] = np.array([0.5 / 16, 3.5 / 22, 9.5 / 17, 9.5 / 10])[total]
made["rapid"] = (made.group == "RP-ILD").astype(int)
print(json.dumps({
    "gbsg2": curve(real, "cens", ["mclernon-2023", "mclernon-2023-pgr"], time=5, time_to_outcome_col="years"),
    "dlm2021": curve(made, "rapid", ["dlm"]),
}, indent=1))
