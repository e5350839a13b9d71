"""Sizes by pmsampsize and pmvalsampsize (Python), for the examples of their documentation and some more.

    pip install pmsampsize==0.1.0 pmvalsampsize==0.2.1
    python3 sample_size.py > sample_size.json

The packages are run as they are; only their answers are kept. pmvalsampsize simulates the linear predictor, so that its
sizes for the slope and the net benefit carry simulation error.
"""

import json
import warnings

from pmsampsize.pmsampsize import pmsampsize
from pmvalsampsize.pmvalsampsize import pmvalsampsize

warnings.filterwarnings("ignore")


def sizes(result):
    return [int(row[1]) for row in result["results_table"] if len(row) > 1]


def develop(**settings):
    result = pmsampsize(noprint=True, **settings)
    r2 = result.get("rsquared", result.get("r2a"))
    return {"settings": settings, "sizes": sizes(result), "r2_max": float(result["max_r2a"]), "r2": float(r2)}


def validate(**settings):
    result = pmvalsampsize(type="b", noprint=True, **settings)
    answer = {"settings": settings, "sizes": sizes(result)}
    if "sensitivity" in result:
        answer["classification"] = [float(result["sensitivity"]), float(result["specificity"])]
    return answer


binary = [
    dict(type="b", csrsquared=0.288, parameters=24, prevalence=0.174),
    dict(type="b", csrsquared=0.05, parameters=10, prevalence=0.5),
    dict(type="b", csrsquared=0.2, parameters=70, prevalence=0.344),
    dict(type="b", csrsquared=0.01, parameters=5, prevalence=0.02, shrinkage=0.95),
    dict(type="b", csrsquared=0.072, parameters=30, prevalence=0.1),
]
by_c = [
    dict(type="b", cstatistic=0.89, parameters=24, prevalence=0.174),
    dict(type="b", cstatistic=0.7, parameters=12, prevalence=0.344),
    dict(type="b", cstatistic=0.8, parameters=20, prevalence=0.018),
]
survival = [
    dict(type="s", csrsquared=0.051, parameters=25, rate=0.065, timepoint=2, meanfup=2.07),
    dict(type="s", csrsquared=0.051, parameters=25, rate=0.1, timepoint=2, meanfup=2.07),
    dict(type="s", csrsquared=0.12, parameters=10, rate=0.2, timepoint=1, meanfup=1.5),
]
validation = [
    dict(prevalence=0.018, cstatistic=0.8, lpnormal=(-5, 2.5), oeciwidth=1),
    dict(prevalence=0.43, cstatistic=0.8, lpbeta=(1.33, 1.75), threshold=0.4),
    dict(prevalence=0.43, cstatistic=0.77, lpbeta=(1.33, 1.75), threshold=0.08),
    dict(
        prevalence=0.344, cstatistic=0.9, lpnormal=(-0.9, 2.0), oeciwidth=0.4, csciwidth=0.4, threshold=0.5, nbciwidth=0.3
    ),
    dict(prevalence=0.3, cstatistic=0.75, lpnormal=(-1.0, 1.0), oe=1.2, cstatciwidth=0.05),
]
json.dump(
    {
        "binary": [develop(**case) for case in binary],
        "by_c": [develop(**case) for case in by_c],
        "survival": [develop(**case) for case in survival],
        "validation": [validate(**case) for case in validation],
    },
    __import__("sys").stdout,
    indent=1,
)
