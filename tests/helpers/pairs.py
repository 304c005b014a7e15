"""How well equality joins find the records of one customer: by counting, without making pairs.

A join on some columns finds, for each value of the key that n records share, n(n-1)/2 pairs; those
of them that are true are counted by the groups of (key, customer). Null equals nothing.
"""
import itertools

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc


def codes_of(column):
    """Dense numbers of a column's values; -1 is null."""
    encoded = pc.dictionary_encode(column.combine_chunks())
    if isinstance(encoded, pa.ChunkedArray):
        encoded = encoded.combine_chunks()
    return np.asarray(encoded.indices.fill_null(-1)).astype(np.int64)


def combine(a, b):
    """Dense numbers of pairs of values."""
    missing = (a < 0) | (b < 0)
    both = a * (int(b.max()) + 1) + b
    both[missing] = -1
    _, dense = np.unique(both[~missing], return_inverse=True)
    out = np.full(len(a), -1, dtype=np.int64)
    out[~missing] = dense
    return out


def pairs_in_groups(keys):
    """Sum of n(n-1)/2 over the groups of equal keys."""
    keys = np.sort(keys)
    if len(keys) == 0:
        return 0
    ends = np.flatnonzero(np.diff(keys)) + 1
    sizes = np.diff(np.concatenate(([0], ends, [len(keys)])))
    return int((sizes * (sizes - 1) // 2).sum())


def join_quality(keys, customers):
    """(pairs found, true ones among them) of an equality join on `keys`."""
    present = keys >= 0
    keys, customers = keys[present], customers[present]
    return (pairs_in_groups(keys),
            pairs_in_groups(keys * (int(customers.max()) + 1) + customers))


def all_joins(columns, customers, most=3, least_recall=0.0):
    """Yields (names, recall, precision) of each join on up to `most` of `columns` (name: codes).

    A join on more columns finds no pair that one on fewer of them does not, so the supersets of a
    join with recall <= least_recall are left out: theirs is no better.
    """
    true_pairs = pairs_in_groups(customers)
    keys = {}
    kept = set()
    for size in range(1, most + 1):
        for names in itertools.combinations(columns, size):
            if size > 1 and not all(part in kept
                                    for part in itertools.combinations(names, size - 1)):
                continue
            key = columns[names[0]] if size == 1 else combine(keys[names[:-1]], columns[names[-1]])
            found, right = join_quality(key, customers)
            recall, precision = right / true_pairs, right / found if found else 1.0
            yield names, recall, precision
            if recall > least_recall:
                kept.add(names)
                if size < most:
                    keys[names] = key
