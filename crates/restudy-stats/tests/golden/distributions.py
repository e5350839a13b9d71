"""Write distributions.json: tails, masses and quantiles to 25 digits, for the tests of `restudy_stats::dist`.

    python3 distributions.py        needs mpmath 1.3.0 and takes some twenty minutes

Every argument is a double, written so that it reads back as the same double; nothing is rounded on the way in. Values
are computed at 60 digits, twice, and must agree to 35 digits:

- gamma: Kummer's series in integers of 400 bits below the mean and Legendre's fraction (DLMF 8.9.2) above it, against
  mpmath's hyp1f1 and the series.
- beta: the fraction DLMF 8.17.22, and for a small parameter the series of positive terms in integers, against the
  series where it ends within 20,000 terms, mpmath's hyp2f1, or the fraction at 75 digits.
- binomial and hypergeometric: sums of exact ratios in integers of 400 bits from a mass by log gamma at 90 digits; the
  mass against exact integer arithmetic where the numbers are below 2,000, the binomial tail against the incomplete
  beta function.

A row of a continuous distribution: parameters, the tail and its probability p, the quantile of p in that tail, and the
lower and upper tail at the double nearest to that quantile. A row of a discrete one: parameters, k, mass, ln mass,
P(X <= k), P(X >= k).
"""

import json
import math
import random
import sys
from fractions import Fraction
from pathlib import Path

import mpmath
from mpmath import mp, mpf

DIGITS = 60
MORE_DIGITS = 75
AGREE = mpf(10) ** -35
BITS = 400
KUMMER_TERMS = 1_000_000
BETA_TERMS = 20_000
SMALL = 30

random.seed(20260101)
mp.dps = DIGITS


def text(value):
    return mp.nstr(value, 25, min_fixed=0, max_fixed=0)


def agree(one, other, what):
    if one != other and abs(one - other) > AGREE * abs(other):
        sys.exit(f"{what}: {mp.nstr(one, 50)} is not {mp.nstr(other, 50)}")


# --- the incomplete functions -----------------------------------------------------------------------------------------


def lentz(first, numerator, denominator):
    """first / (denominator(0) + numerator(1) / (denominator(1) + ...)), by the modified Lentz method."""
    tiny = mpf(10) ** (-mp.dps * 4)
    epsilon = mpf(10) ** -mp.dps
    c = denominator(0) or tiny
    d = 0
    f = 1 / c
    n = 1
    while True:
        a, b = numerator(n), denominator(n)
        d = b + a * d
        d = 1 / (d if d else tiny)
        c = b + a / c
        c = c if c else tiny
        change = c * d
        f /= change
        if abs(change - 1) < epsilon:
            return first * f
        n += 1


def gamma_upper_fraction(a, x, density):
    """Q(a, x) for x above a; density is x^a e^-x / Gamma(a)."""
    return lentz(density, lambda n: n * (a - n), lambda n: x - a + 1 + 2 * n)


def beta_lower_fraction(a, b, x, density):
    """I_x(a, b) for x below the mean; density is x^a y^b / B(a, b). DLMF 8.17.22."""

    def numerator(n):
        m = n // 2
        if n % 2:
            return -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        return m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))

    # Where a is large the first numerator is near -1, and its sum with 1 loses as many digits.
    with mp.workdps(mp.dps + 10 + 4 * max(0, int(mp.log10(a + b)))):
        value = lentz(density / a, numerator, lambda n: 1)
    return +value


def gamma_density(a, x):
    return mp.exp(a * mp.log(x) - x - mp.loggamma(a))


def beta_density(a, b, x, y):
    return mp.exp(a * mp.log(x) + b * mp.log(y) + mp.loggamma(a + b) - mp.loggamma(a) - mp.loggamma(b))


def fixed(value):
    return int(mp.floor(mp.ldexp(value, BITS)))


def series_sum(step_numerator, step_denominator, factor):
    """1 + the sum of the products of factor * (step_numerator + n) / (step_denominator + n), n from 0, in integers."""
    over, under, factor = fixed(step_numerator), fixed(step_denominator), fixed(factor)
    one = 1 << BITS
    term = total = one
    for _ in range(BETA_TERMS):
        term = (term * factor >> BITS) * over // under
        if term < 1 << (BITS - 300):
            return mp.ldexp(mpf(total), -BITS)
        total += term
        over += one
        under += one
    return None


def kummer_sum(a, x):
    """The sum of x^n / ((a + 1) ... (a + n)), n from 0."""
    under, factor = fixed(a + 1), fixed(x)
    one = 1 << BITS
    term = total = one
    for _ in range(KUMMER_TERMS):
        term = term * factor // under
        if term < 1 << (BITS - 300):
            return mp.ldexp(mpf(total), -BITS)
        total += term
        under += one
    return None


def gamma_tails(a, x):
    """P(a, x), Q(a, x) and the slope in ln x."""
    with mp.workdps(MORE_DIGITS + 20):
        density = gamma_density(a, x)
    if x > a + 1:
        upper = gamma_upper_fraction(a, x, density)
        return 1 - upper, upper, density
    total = kummer_sum(a, x)
    if total is None:
        sys.exit(f"gamma({a}) at {x}: the series is too long")
    lower = density / a * total
    return lower, 1 - lower, density


def check_gamma(a, x, lower, upper):
    with mp.workdps(MORE_DIGITS):
        density = gamma_density(a, x)
        if x > a + 1 and x < 1000 and upper > mpf(10) ** -15:
            agree(1 - density / a * kummer_sum(a, x), upper, f"gamma({a}) at {x}")
        elif x > a + 1:
            agree(gamma_upper_fraction(a, x, density), upper, f"gamma({a}) at {x}")
        elif x < 1000:
            again = mp.exp(a * mp.log(x) - mp.loggamma(a + 1)) * mp.hyp1f1(a, a + 1, -x)
            agree(again, lower, f"gamma({a}) at {x}")
        else:
            agree(density / a * mp.hyp1f1(1, a + 1, x, maxterms=10**7), lower, f"gamma({a}) at {x}")


def beta_tails(a, b, x, y):
    """I_x(a, b), I_y(b, a) and the slope in ln(x / y)."""
    if b <= 1 and a * y < SMALL and not (a <= 1 and x <= y):
        upper, lower, density = beta_tails(b, a, y, x)
        return lower, upper, density
    with mp.workdps(MORE_DIGITS + 20):
        density = beta_density(a, b, x, y)
        if a <= 1 and b * x < SMALL and x < 0.75:
            lower = density / a * series_sum(a + b, a + 1, x)
            return lower, 1 - lower, density
    if a * y >= b * x:
        lower = beta_lower_fraction(a, b, x, density)
        return lower, 1 - lower, density
    upper = beta_lower_fraction(b, a, y, density)
    return 1 - upper, upper, density


def check_beta(a, b, x, y, lower, upper):
    if b <= 1 and a * y < SMALL and not (a <= 1 and x <= y):
        a, b, x, y, lower, upper = b, a, y, x, upper, lower
    with mp.workdps(MORE_DIGITS):
        density = beta_density(a, b, x, y)
        if a <= 1 and b * x < SMALL and x < 0.75:
            if (a + b) * y > a and b * x > 0.05:
                return agree(beta_lower_fraction(b, a, y, density), upper, f"beta({a}, {b}) above {x}")
            again = density / y**b / a * mp.hyp2f1(a, 1 - b, a + 1, x)
            return agree(again, lower, f"beta({a}, {b}) at {x}")
        if a * y < b * x:
            a, b, x, y, lower = b, a, y, x, upper
        total = series_sum(a + b, a + 1, x)
        again = density / a * total if total is not None else beta_lower_fraction(a, b, x, density)
    agree(again, lower, f"beta({a}, {b}) at {x}")


# --- where a tail is p ------------------------------------------------------------------------------------------------


def solve(p, upper, start, evaluate):
    """The positive x whose tail is p: bisection and Newton in ln x at 40 digits, then Newton at 60."""
    sign = -1 if upper else 1

    def excess(u):
        low, high, slope = evaluate(mp.exp(u))
        tail = high if upper else low
        if tail <= 0:
            return -sign * mpf(10) ** 9, mpf(0)
        return sign * (mp.log(tail) - mp.log(p)), slope / tail

    with mp.workdps(40):
        u = mp.log(start)
        low = high = u
        width = mpf(1) / 64
        while excess(low)[0] > 0:
            low -= width
            width *= 2
        width = mpf(1) / 64
        while excess(high)[0] < 0:
            high += width
            width *= 2
        u = (low + high) / 2
        for _ in range(200):
            value, slope = excess(u)
            low, high = (low, u) if value > 0 else (u, high)
            newton = u - value / slope if slope > 0 else low
            step = abs(newton - u)
            u = newton if low < newton < high and high - low < 2 else (low + high) / 2
            if step < mpf(10) ** -9 * (1 + abs(u)) or high - low < mpf(10) ** -14:
                break
    for _ in range(12):
        value, slope = excess(u)
        u -= value / slope
        if abs(value / slope) < mpf(10) ** -32:
            return mp.exp(u)
    sys.exit(f"no quantile of {mp.nstr(p, 20)}: {mp.nstr(mp.exp(u), 20)}, upper={upper}, step {mp.nstr(value / slope, 5)}")


def probabilities(count):
    """(tail, p): a third in 1..1e-4, a third in 1e-4..1e-30, a third in 1e-30..1e-300; both tails in turn."""
    for i in range(count):
        tail = ("lower", "upper")[i % 2]
        band = (i // 2) % 3
        exponent = (random.uniform(-4, 0), random.uniform(-30, -4), random.uniform(-300, -30))[band]
        p = 10.0**exponent
        if band == 0 and random.random() < 0.3:
            p = 1 - p
        yield tail, p


def log_uniform(low, high):
    return round(math.exp(random.uniform(math.log(low), math.log(high))), random.choice([0, 2, 17]) if low >= 1 else 17)


def in_range(x):
    return mpf(10) ** -290 < x < mpf(10) ** 290


def gamma_rows(shapes, scale, count):
    """Gamma (scale 1) or chi-square (scale 2: the parameter is twice the shape)."""
    rows = []
    for parameter in shapes:
        a = mpf(parameter) / scale
        for tail, p in probabilities(count):
            start = a if a > 1 else mpf(p) ** (1 / a) + mpf(10) ** -280
            if tail == "lower" and mp.log10(p) / a < -280 or a < 1 and tail == "upper" and p > 1 - a / 2:
                continue
            quantile = scale * solve(mpf(p), tail == "upper", start, lambda x: gamma_tails(a, x))
            if not in_range(quantile):
                continue
            x = mpf(float(quantile)) / scale
            lower, upper, _ = gamma_tails(a, x)
            check_gamma(a, x, lower, upper)
            rows.append([parameter, tail, p, text(quantile), text(lower), text(upper)])
    return rows


def student_rows(dfs, count):
    rows = []
    for df in dfs:
        a = mpf(df) / 2
        for tail, p in probabilities(count):
            if p == 0.5:
                continue
            small = min(mpf(p), 1 - mpf(p))
            if mp.log10(small) / df < -280:
                continue
            # w = t^2 / df; both signs of t.
            w = solve(2 * small, True, mpf(1) / df, lambda w: beta_tails(mpf(1) / 2, a, w / (1 + w), 1 / (1 + w)))
            positive = (tail == "upper") == (p < 0.5)
            quantile = mp.sqrt(df * w) * (1 if positive else -1)
            t = mpf(float(quantile))
            with mp.workdps(MORE_DIGITS + 20):
                x, y = t * t / (df + t * t), df / (df + t * t)
            within, beyond, _ = beta_tails(mpf(1) / 2, a, x, y)
            check_beta(mpf(1) / 2, a, x, y, within, beyond)
            tails = (1 - beyond / 2, beyond / 2)
            lower, upper = tails if positive else tails[::-1]
            rows.append([df, tail, p, text(quantile), text(lower), text(upper)])
    return rows


def normal_rows(count):
    rows = []
    for tail, p in probabilities(count):
        if p == 0.5:
            continue
        small = min(mpf(p), 1 - mpf(p))
        z = mp.findroot(lambda z: mp.log(mp.erfc(z / mp.sqrt(2)) / 2) - mp.log(small), mp.sqrt(-2 * mp.log(small)))
        quantile = z if (tail == "upper") == (p < 0.5) else -z
        x = mpf(float(quantile))
        lower, upper = mp.erfc(-x / mp.sqrt(2)) / 2, mp.erfc(x / mp.sqrt(2)) / 2
        with mp.workdps(MORE_DIGITS):
            half = mpf(1) / 2
            other = mp.gammainc(half, x * x / 2, regularized=True) / 2
            agree(other, min(lower, upper), f"normal at {x}")
        rows.append([tail, p, text(quantile), text(lower), text(upper)])
    return rows


def beta_rows(parameters, count, fisher=False):
    rows = []
    for one, other in parameters:
        a, b = (mpf(one) / 2, mpf(other) / 2) if fisher else (mpf(one), mpf(other))
        for tail, p in probabilities(count):
            end = a if tail == "lower" else b
            if mp.log10(p) / end < -280 or end < 1 and p > 0.999:
                continue
            w = solve(mpf(p), tail == "upper", a / b, lambda w: beta_tails(a, b, w / (1 + w), 1 / (1 + w)))
            if fisher:
                quantile = w * b / a
                if not in_range(quantile):
                    continue
                f = mpf(float(quantile))
                with mp.workdps(MORE_DIGITS + 20):
                    x, y = a * f / (a * f + b), b / (a * f + b)
            else:
                quantile = w / (1 + w)
                x = mpf(float(quantile))
                with mp.workdps(MORE_DIGITS + 20):
                    y = 1 - x
                if x == 0 or y == 0:
                    continue
            lower, upper, _ = beta_tails(a, b, x, y)
            check_beta(a, b, x, y, lower, upper)
            rows.append([one, other, tail, p, text(quantile), text(lower), text(upper)])
    return rows


# --- counts -----------------------------------------------------------------------------------------------------------


def ratio_sum(k, end, ratio):
    """1 + the sum of the products of ratio(j) for j from k to end, as (over, under), in integers."""
    term = total = 1 << BITS
    step = 1 if end >= k else -1
    for j in range(k, end, step):
        over, under = ratio(j)
        term = term * over // under
        total += term
        if term < 1 << (BITS - 300) and over < under:
            break
    return mp.ldexp(mpf(total), -BITS)


def log_choose(n, k):
    return mp.loggamma(n + 1) - mp.loggamma(k + 1) - mp.loggamma(n - k + 1)


def tails_from(k, low, high, mean, mass, up, down):
    """P(X <= k), P(X >= k), by the sum that ends soonest and its complement."""
    if k <= mean:
        lower = mass * ratio_sum(k, low, down)
        return lower, 1 - lower + mass
    upper = mass * ratio_sum(k, high, up)
    return 1 - upper + mass, upper


def target_count(low, high, tail_is_lower, p, log_tail):
    """The count in the support whose tail is nearest to p."""
    target = math.log(p)
    while high - low > 1:
        middle = (low + high) // 2
        if (log_tail(middle) < target) == tail_is_lower:
            low = middle
        else:
            high = middle
    return random.choice([low, high])


def binomial_rows(parameters, count):
    rows = []
    for n, p in parameters:
        exact = mpf(p)
        over, under = p.as_integer_ratio()
        rest = under - over
        done = set()
        for tail, q in probabilities(count):
            if n <= 20:
                k = random.randint(0, n)
            else:
                k = target_count(0, n, tail == "lower", q, lambda k: float(crude(n, p, k, tail)))
            if k in done:
                continue
            done.add(k)
            with mp.workdps(90):
                ln_mass = log_choose(n, k) + k * mp.log(exact) + (n - k) * mp.log(1 - exact)
                mass = mp.exp(ln_mass)
                if n < 2000:
                    fraction = math.comb(n, k) * Fraction(p) ** k * (1 - Fraction(p)) ** (n - k)
                    agree(mpf(fraction.numerator) / fraction.denominator, mass, f"binomial({n}, {p}) at {k}")
                lower, upper = tails_from(
                    k, 0, n, n * exact, mass,
                    lambda j: ((n - j) * over, (j + 1) * rest), lambda j: (j * rest, (n - j + 1) * over),
                )
            if 1 <= k <= n and min(n * p, n * (1 - p)) < 1e7:
                other = beta_tails(mpf(k), mpf(n - k + 1), exact, 1 - exact)
                agree(other[0] if other[0] < mpf(1) / 2 else 1 - other[1], upper, f"binomial({n}, {p}) from {k}")
            if upper < mpf(10) ** -300 or lower < mpf(10) ** -300:
                continue
            rows.append([n, p, k, text(mass), text(ln_mass), text(lower), text(upper)])
    return rows


def crude(n, p, k, tail):
    """ln of a binomial tail, near enough to place a point: the mass, or 0 on the far side of the mean."""
    mean = n * p
    if (k >= mean) if tail == "lower" else (k <= mean):
        return -0.1
    ln = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
    return min(-0.1, ln + k * math.log(p) + (n - k) * math.log1p(-p))


def hypergeometric_rows(parameters, count):
    rows = []
    for population, successes, draws in parameters:
        low, high = max(0, draws - population + successes), min(draws, successes)
        mean = mpf(successes) * draws / population
        log_all = math.lgamma(population + 1) - math.lgamma(draws + 1) - math.lgamma(population - draws + 1)

        def log_mass(k):
            def choose(n, k):
                return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)

            return choose(successes, k) + choose(population - successes, draws - k) - log_all

        done = set()
        for tail, q in probabilities(count):
            if high - low <= 20:
                k = random.randint(low, high)
            else:
                far = (lambda k: k >= mean) if tail == "lower" else (lambda k: k <= mean)
                k = target_count(low, high, tail == "lower", q, lambda k: -0.1 if far(k) else log_mass(k))
            if k in done:
                continue
            done.add(k)
            with mp.workdps(90):
                ln_mass = (
                    log_choose(successes, k) + log_choose(population - successes, draws - k)
                    - log_choose(population, draws)
                )
                mass = mp.exp(ln_mass)
                if population < 2000:
                    over = math.comb(successes, k) * math.comb(population - successes, draws - k)
                    agree(mpf(over) / math.comb(population, draws), mass, f"hypergeometric at {k}")
                lower, upper = tails_from(
                    k, low, high, mean, mass,
                    lambda j: ((successes - j) * (draws - j), (j + 1) * (population - successes - draws + j + 1)),
                    lambda j: (j * (population - successes - draws + j), (successes - j + 1) * (draws - j + 1)),
                )
            if upper < mpf(10) ** -300 or lower < mpf(10) ** -300:
                continue
            rows.append([population, successes, draws, k, text(mass), text(ln_mass), text(lower), text(upper)])
    return rows


# --- the halves of a density ------------------------------------------------------------------------------------------


def stirling_rows():
    rows = []
    for a in [0.5 * i for i in range(1, 31)] + [log_uniform(1e-6, 1) for _ in range(20)] + [
        log_uniform(1, 1e6) for _ in range(40)
    ]:
        with mp.workdps(90):
            exact = mpf(a)
            value = mp.loggamma(exact + 1) - (exact + 0.5) * mp.log(exact) + exact - mp.log(2 * mp.pi) / 2
        rows.append([a, text(value)])
    return rows


def deviance_rows():
    rows = []
    for _ in range(60):
        x = log_uniform(1e-3, 1e9)
        for ratio in (random.uniform(0.01, 5), 1 + random.gauss(0, 0.1), 1 + random.gauss(0, 1e-5)):
            m = abs(x * ratio)
            if m != x:
                with mp.workdps(90):
                    rows.append([x, m, text(mpf(x) * mp.log(mpf(x) / mpf(m)) + mpf(m) - mpf(x))])
    return rows


def choose_rows():
    rows = []
    for _ in range(60):
        n = int(log_uniform(2, 1e15))
        k = random.choice([random.randint(0, min(n, 20)), random.randint(0, n), n - random.randint(0, min(n, 20))])
        with mp.workdps(90):
            rows.append([n, k, text(log_choose(n, k))])
    return rows


def sample_through_mpmath(golden):
    """mpmath's own incomplete functions at a random sample with small parameters."""
    for df, _, _, quantile, lower, _ in random.sample([row for row in golden["chi_square"] if row[0] < 500], 40):
        x = mpf(float(mpf(quantile))) / 2
        again = mp.gammainc(mpf(df) / 2, 0, x, regularized=True)
        assert abs(again / mpf(lower) - 1) < mpf(10) ** -24, (df, quantile)
    small = [row for row in golden["beta"] if row[0] < 500 and row[1] < 500]
    for a, b, _, _, quantile, lower, _ in random.sample(small, 40):
        again = mp.betainc(a, b, 0, mpf(float(mpf(quantile))), regularized=True)
        assert abs(again / mpf(lower) - 1) < mpf(10) ** -24, (a, b, quantile)


def write(golden):
    lines = []
    for name, rows in golden.items():
        if isinstance(rows, str):
            lines.append(f"{json.dumps(name)}: {json.dumps(rows)}")
        else:
            body = ",\n".join(json.dumps(row, separators=(",", ":")) for row in rows)
            lines.append(f"{json.dumps(name)}: [\n{body}\n]")
    Path(__file__).with_suffix(".json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


def main():
    def spread(count, *ranges):
        return [log_uniform(low, high) for low, high in ranges for _ in range(count)]

    golden = {
        "provenance": f"Computed by distributions.py with mpmath {mpmath.__version__} at {DIGITS} digits, each value "
        "by two methods that agree to 35 digits; no data set and no outside table enters.",
    }

    def section(name, rows):
        golden[name] = rows
        print(name, len(rows), file=sys.stderr, flush=True)

    section("stirling_error", stirling_rows())
    section("deviance", deviance_rows())
    section("ln_choose", choose_rows())
    section("normal", normal_rows(240))
    wide = [(0.01, 1), (1, 10), (10, 1e3), (1e3, 1e5), (1e5, 1e7)]
    section("gamma", gamma_rows(spread(4, (1e-6, 1e-2), *wide), 1, 12))
    section("chi_square", gamma_rows([1, 2, 3, 4, 5, 10, 30, 100] + spread(6, *wide) + [1e6, 1e9], 2, 12))
    dfs = [1, 2, 3, 4, 5, 10, 30, 100, 1000]
    section("student_t", student_rows(dfs + spread(6, (0.1, 1), *wide[1:], (1e7, 1e12), (1e12, 1e15)), 12))
    pairs = [(1, 1), (1, 10), (2, 7), (4, 50), (1, 1e6), (3, 1e15), (1e15, 2)]
    pairs += [(one, other) for low in wide for high in wide for one, other in [(log_uniform(*low), log_uniform(*high))]]
    pairs += [(log_uniform(1, 100), log_uniform(1e7, 1e15)) for _ in range(5)]
    section("fisher_f", beta_rows(pairs, 12, fisher=True))
    tiny = [(1e-6, 1e-2)]
    pairs = [(1, 1), (0.5, 0.5), (0.01, 0.01), (2, 3), (150, 350), (11, 100001)]
    pairs += [
        (log_uniform(*low), log_uniform(*high)) for low in tiny + wide for high in tiny + wide for _ in range(2)
    ]
    section("beta", beta_rows(pairs, 12))
    trials = [(n, random.random()) for n in (1, 2, 5, 20, 100, 1000, 10**4, 10**6, 10**9) for _ in range(3)]
    trials += [(int(log_uniform(10, 1e9)), 10 ** random.uniform(-8, -1)) for _ in range(25)]
    trials += [(100, 0.5), (1000, 0.5), (10**6, 0.5), (1000, 0.999), (10**6, 1 - 1e-6), (10**9, 1e-9)]
    section("binomial", binomial_rows(trials, 18))
    draws = []
    for population in (8, 30, 100, 400, 2000, 10**4, 10**5, 10**6, 10**9):
        for _ in range(12):
            draws.append((population, random.randint(1, population - 1), random.randint(1, population - 1)))
        for _ in range(3):
            draws.append((population, *(int(log_uniform(1, population - 1)) for _ in range(2))))
    section("hypergeometric", hypergeometric_rows(draws, 18))
    sample_through_mpmath(golden)
    write(golden)


if __name__ == "__main__":
    main()
