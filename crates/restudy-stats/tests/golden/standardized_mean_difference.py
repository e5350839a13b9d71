"""Writes standardized_mean_difference.json: python standardized_mean_difference.py

Standardised mean differences of two groups given as (n, mean, sd), in 40-digit arithmetic from the definitions:
  d            by the pooled standard deviation;  average: by the root of the average variance
  j            gamma(m/2)/(sqrt(m/2) gamma((m - 1)/2)), m = n1 + n2 - 2;  g = j d
  *_hedges_olkin   estimate +- z sqrt(1/n1 + 1/n2 + estimate^2/(2 (n1 + n2)))
  average_bonett   average +- z se, Bonett (2008)
  d_noncentral_t   the effects at which t is the upper and the lower 2.5 % point of scipy.stats.nct, to the 1e-10 or so
                   that its tails allow
"""
import json
import mpmath as mp
import scipy
from scipy import optimize, stats

mp.mp.dps = 30
Z = mp.sqrt(2) * mp.erfinv(mp.mpf("0.95"))


def noncentral_t_limits(t, m):
    """The shifts at which t is the upper and the lower 2.5 % point."""
    width = (1 + t * t / (2 * m)) ** 0.5
    solve = lambda f: optimize.brentq(f, t - 3 * width, t + 3 * width, xtol=1e-14, rtol=1e-15)
    return solve(lambda s: stats.nct.sf(t, m, s) - 0.025), solve(lambda s: 0.025 - stats.nct.cdf(t, m, s))


def case(first, second):
    (n1, m1, s1), (n2, m2, s2) = [(n, mp.mpf(m), mp.mpf(s)) for n, m, s in (first, second)]
    m = n1 + n2 - 2
    d = (m1 - m2) / mp.sqrt(((n1 - 1) * s1**2 + (n2 - 1) * s2**2) / m)
    j = mp.gamma(mp.mpf(m) / 2) / (mp.sqrt(mp.mpf(m) / 2) * mp.gamma(mp.mpf(m - 1) / 2))
    a = (s1**2 + s2**2) / 2
    average = (m1 - m2) / mp.sqrt(a)
    large = lambda x: mp.sqrt(mp.mpf(1) / n1 + mp.mpf(1) / n2 + x**2 / (2 * (n1 + n2)))
    bonett = mp.sqrt(
        average**2 * (s1**4 / (n1 - 1) + s2**4 / (n2 - 1)) / (8 * a**2) + (s1**2 / (n1 - 1) + s2**2 / (n2 - 1)) / a
    )
    root = mp.sqrt(mp.mpf(n1) * n2 / (n1 + n2))
    t = d * root
    low, high = noncentral_t_limits(float(t), m)
    number = lambda x: float(mp.nstr(x, 20))
    limits = lambda x, se: [number(x - Z * se), number(x + Z * se)]
    return {
        "first": list(map(float, first)), "second": list(map(float, second)),
        "d": number(d), "j": number(j), "g": number(j * d), "average": number(average),
        "d_std_error": number(large(d)), "g_std_error": number(large(j * d)), "bonett_std_error": number(bonett),
        "d_hedges_olkin": limits(d, large(d)), "g_hedges_olkin": limits(j * d, large(j * d)),
        "average_hedges_olkin": limits(average, large(average)), "average_bonett": limits(average, bonett),
        "d_noncentral_t": [low / float(root), high / float(root)],
    }


# Normand (1999), length of hospital stay under specialist and routine care of stroke; then small, unequal, large, far
GROUPS = [
    ((155, "55", "47"), (156, "75", "64")), ((31, "27", "7"), (32, "29", "4")), ((75, "64", "17"), (71, "119", "29")),
    ((18, "66", "20"), (18, "137", "48")), ((8, "14", "8"), (13, "18", "11")), ((57, "19", "7"), (52, "18", "4")),
    ((34, "52", "45"), (33, "41", "34")), ((110, "21", "16"), (183, "31", "27")), ((60, "30", "27"), (52, "23", "20")),
    ((2, "1.5", "0.5"), (2, "2.25", "1.25")), ((3, "4", "2"), (40, "3.5", "1")), ((9000, "10.02", "3.1"), (12000, "9.9", "2.9")),
    ((12, "5", "1"), (12, "5", "2")), ((20, "9", "1"), (25, "1", "1.5")), ((400000, "0.5", "1"), (600000, "0.498", "1.01")),
]
with open("standardized_mean_difference.json", "w") as file:
    json.dump(
        {
            "generated_with": f"mpmath {mp.__version__}, scipy {scipy.__version__}",
            "precision": "1e-16, d_noncentral_t 1e-10",
            "cases": [case(*pair) for pair in GROUPS],
        },
        file,
        indent=1,
    )
    file.write("\n")
