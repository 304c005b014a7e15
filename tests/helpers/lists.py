"""The value lists under datasets/lists, read by Python's csv module."""
import csv
import functools

from .command import REPOSITORY


@functools.cache
def read_list(name):
    with open(REPOSITORY / "datasets" / "lists" / f"{name}.csv", newline="", encoding="utf-8") as f:
        return list(csv.DictReader(line for line in f if not line.startswith("#")))


def values(name, *fields):
    """The set of a list's values, or of tuples of them."""
    if len(fields) == 1:
        return {row[fields[0]] for row in read_list(name)}
    return {tuple(row[f] for f in fields) for row in read_list(name)}
