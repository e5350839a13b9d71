"""Time-dependent AUC and Brier scores by scikit-survival, on data in which no event ties with a censoring.

    python3 prediction_error.py > prediction_error.json     (scikit-survival 0.28.0)
"""
import json

import numpy as np
from sksurv.metrics import brier_score, cumulative_dynamic_auc, integrated_brier_score
from sksurv.util import Surv

rng = np.random.default_rng(2007)
n = 70
marker = np.round(rng.normal(size=n), 1)
event_time = rng.exponential(np.exp(-0.7 * marker))
censoring = rng.exponential(1.6, size=n)
time = np.round(np.minimum(event_time, censoring), 6)
event = event_time <= censoring
assert len(set(time)) == n
y = Surv.from_arrays(event, time)
at = np.quantile(time, [0.2, 0.4, 0.6, 0.8])
auc, _ = cumulative_dynamic_auc(y, y, marker, at)
survival = np.round(np.exp(-0.8 * np.outer(np.exp(0.6 * marker), at)), 6)
_, brier = brier_score(y, y, survival, at)
print(json.dumps({
    "time": time.tolist(), "event": event.tolist(), "marker": marker.tolist(), "at": at.tolist(), "auc": auc.tolist(),
    "survival": survival.T.tolist(), "brier": brier.tolist(), "integrated": integrated_brier_score(y, y, survival, at),
}))
