"""Exact p-values of tables of counts, in whole numbers: python3 fisher_freeman_halton.py > fisher_freeman_halton.json

P(T) is proportional to 1 / prod(x_ij!), so tables with the same product are equally likely. Column by column, for each
way to have filled the rows so far: how many tables have which product. Nothing is rounded before the last division.
The tables of 200 counts are too large for this; theirs are R 4.2.2's fisher.test(m, workspace = 2e7), which merges
probabilities within 3.5e-7 and is right to about 1e-9. Takes some minutes.
"""
import json
from collections import defaultdict
from fractions import Fraction
from math import factorial, prod


def fills(rows, total):
    if len(rows) == 1:
        if total <= rows[0]:
            yield (total,)
        return
    for x in range(min(rows[0], total) + 1):
        for rest in fills(rows[1:], total - x):
            yield (x,) + rest


def p_value(table):
    rows = [sum(row) for row in table]
    columns = [sum(column) for column in zip(*table)]
    states = {tuple(rows): {1: 1}}
    for column in columns:
        after = defaultdict(lambda: defaultdict(int))
        for left, products in states.items():
            for counts in fills(left, column):
                factor = prod(map(factorial, counts))
                to = after[tuple(r - x for r, x in zip(left, counts))]
                for product, tables in products.items():
                    to[product * factor] += tables
        states = after
    (products,) = states.values()
    observed = prod(factorial(x) for row in table for x in row)
    constant = Fraction(prod(map(factorial, rows)) * prod(map(factorial, columns)), factorial(sum(rows)))
    bound = Fraction(10**7, 10**7 + 1) * observed
    total = sum(Fraction(tables, product) for product, tables in products.items())
    assert constant * total == 1
    return float(constant * sum(Fraction(tables, product) for product, tables in products.items() if product >= bound))


TABLES = {
    "agresti_2002_job_satisfaction": [[1, 3, 10, 6], [2, 3, 10, 7], [1, 6, 14, 12], [0, 1, 9, 11]],
    "five_columns": [[2, 0, 1, 2, 6], [1, 3, 1, 1, 1], [1, 0, 3, 1, 0], [1, 2, 1, 2, 0]],
    "three_by_three": [[3, 1, 2], [0, 4, 1], [5, 2, 2]],
    "many_ties": [[5, 5, 0, 0], [0, 5, 5, 0], [0, 0, 5, 5], [5, 0, 0, 5]],
    "two_by_six": [[8, 1, 0, 4, 2, 3], [2, 6, 7, 1, 3, 3]],
    "skewed": [[30, 14, 9, 3, 1], [6, 7, 5, 1, 2], [1, 2, 4, 3, 0]],
    "far_tail": [[20, 1, 0], [2, 18, 1], [0, 1, 17], [1, 0, 2]],
    "all_likely": [[4, 4, 4], [4, 4, 4]],
    "zeros": [[0, 3, 0, 2], [4, 0, 1, 0], [0, 0, 0, 5]],
}

# From R; see above.
R = {
    "n_200_near_independence": (
        [[53, 36, 18, 12, 1], [24, 12, 7, 3, 4], [8, 8, 4, 0, 0], [5, 4, 1, 0, 0]],
        4.988089401783429e-01,
    ),
    "n_200_another": (
        [[55, 36, 18, 8, 3], [21, 18, 7, 3, 1], [8, 6, 3, 3, 0], [6, 0, 2, 1, 1]],
        5.148552074058863e-01,
    ),
}

if __name__ == "__main__":
    cases = [{"id": name, "table": table, "p": p_value(table)} for name, table in TABLES.items()]
    from_r = [{"id": name, "table": table, "p": p} for name, (table, p) in R.items()]
    lines = [",\n".join("  " + json.dumps(case) for case in part) for part in (cases, from_r)]
    print('{\n "cases": [\n%s\n ],\n "from_r": [\n%s\n ]\n}' % tuple(lines))
