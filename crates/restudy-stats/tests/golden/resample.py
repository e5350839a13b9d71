"""The draws of the first replicates, from the published algorithms alone: ChaCha with 8 rounds (Bernstein 2008; block as in
RFC 8439 with a 64-bit counter and a 64-bit stream), the key from a seed by PCG32 (O'Neill 2014), whole numbers by Lemire's
rejection (2019), Fisher and Yates's shuffle.

    python3 resample.py > resample.json
"""
import json

MASK = 0xFFFFFFFF
WIDE = 0xFFFFFFFFFFFFFFFF


def key_of(seed):
    words, state = [], seed
    for _ in range(8):
        state = (state * 6364136223846793005 + 11634580027462260723) & WIDE
        mixed = (((state >> 18) ^ state) >> 27) & MASK
        turn = state >> 59
        words.append(((mixed >> turn) | (mixed << (32 - turn))) & MASK if turn else mixed)
    return words


def block(key, counter, stream, rounds=8):
    start = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574, *key,
             counter & MASK, counter >> 32, stream & MASK, stream >> 32]
    x = start[:]

    def turn(value, by):
        return ((value << by) | (value >> (32 - by))) & MASK

    def quarter(a, b, c, d):
        for (p, q, r, by) in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
            x[p] = (x[p] + x[q]) & MASK
            x[r] = turn(x[r] ^ x[p], by)

    for _ in range(rounds // 2):
        for k in range(4):
            quarter(k, 4 + k, 8 + k, 12 + k)
        for k in range(4):
            quarter(k, 4 + (k + 1) % 4, 8 + (k + 2) % 4, 12 + (k + 3) % 4)
    return [(a + b) & MASK for a, b in zip(x, start)]


def words(seed, stream):
    key, counter = key_of(seed), 0
    while True:
        yield from block(key, counter, stream)
        counter += 1


def below(source, n):
    least = (2**32) % n
    while True:
        product = next(source) * n
        if product & MASK >= least:
            return product >> 32


def draw(seed, replicate, strata, n):
    source, counts = words(seed, replicate), [0] * n
    for rows in strata:
        for _ in rows:
            counts[rows[below(source, len(rows))]] += 1
    return counts


def shuffle(seed, replicate, strata, n):
    source, order = words(seed, replicate), list(range(n))
    for rows in strata:
        for last in range(len(rows) - 1, 0, -1):
            other = below(source, last + 1)
            order[rows[last]], order[rows[other]] = order[rows[other]], order[rows[last]]
    return order


cases = []
for seed, replicate, labels in ((1, 0, [0] * 7), (1, 1, [0] * 7), (2**63 + 5, 3, [0] * 100), (42, 1000, [0, 1, 1, 0, 1, 2, 1])):
    strata = [[row for row, other in enumerate(labels) if other == label] for label in sorted(set(labels))]
    cases.append({"seed": str(seed), "replicate": replicate, "labels": labels,
                  "counts": draw(seed, replicate, strata, len(labels)),
                  "order": shuffle(seed, replicate, strata, len(labels))})
print(json.dumps({"cases": cases}))
