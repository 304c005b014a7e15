#!/usr/bin/env python3
"""The fingerprint of a table in a folder of Parquet files, by other means than the engine's.

    tools/fingerprint.py DIR/<table>...      (or single .parquet files)

Prints one line per table: 32 hex digits, the row count, the path. The tests hold it against
`synthmill verify`; the definition is in src/io/fingerprint.h. Needs pyarrow and xxhash (PyPI).
Slow and plain on purpose: it hashes value by value with Python's integers.
"""
import decimal
import math
import pathlib
import struct
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import xxhash

M64 = (1 << 64) - 1
M128 = (1 << 128) - 1


def int_bytes(value):
    if -(1 << 63) <= value < 1 << 63:
        return value.to_bytes(8, "little", signed=True)
    return value.to_bytes(16, "little", signed=True)


def canonical(array):
    """Yields the canonical bytes of each cell, None for null."""
    kind = array.type
    if pa.types.is_dictionary(kind):
        array = array.dictionary_decode()
        kind = array.type
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        convert = lambda v: v.encode("utf-8")
    elif pa.types.is_binary(kind):
        convert = bytes
    elif pa.types.is_boolean(kind) or pa.types.is_integer(kind):
        convert = lambda v: int_bytes(int(v))
    elif pa.types.is_date32(kind):
        array = array.cast(pa.int32())
        convert = int_bytes
    elif pa.types.is_timestamp(kind):
        array = array.cast(pa.timestamp("us", kind.tz)).cast(pa.int64())
        convert = int_bytes
    elif pa.types.is_time(kind):
        array = array.cast(pa.time64("us")).cast(pa.int64())
        convert = int_bytes
    elif pa.types.is_decimal(kind):
        scale = kind.scale
        with decimal.localcontext() as context:
            context.prec = 80
            unscaled = [None if v is None else int(v.scaleb(scale, context)) for v in array.to_pylist()]
        yield from (None if v is None else int_bytes(v) for v in unscaled)
        return
    elif pa.types.is_floating(kind):
        def convert(v):
            if math.isnan(v):
                return struct.pack("<Q", 0x7FF8000000000000)
            return struct.pack("<d", v + 0.0)  # -0.0 + 0.0 is +0.0
    else:
        raise SystemExit(f"fingerprint of a column of type {kind} is not defined")
    for value in array.to_pylist():
        yield None if value is None else convert(value)


def digest(data, seed=0):
    return xxhash.xxh3_64_intdigest(data, seed=seed)


def words(*hashes):
    return b"".join(h.to_bytes(8, "little") for h in hashes)


def nested_hashes(key, array):
    """The hashes of lists, maps and structs; None for null."""
    kind = array.type
    valid = array.is_valid().to_pylist()
    if pa.types.is_struct(kind):
        names = [kind.field(i).name for i in range(kind.num_fields)]
        # field() knows nothing of the array's offset; flatten() does.
        fields = [list(cell_hashes(n, f, key)) for n, f in zip(names, array.flatten())]
        for i, ok in enumerate(valid):
            yield digest(words(*(f[i] for f in fields)), key) if ok else None
        return
    offsets = array.offsets.to_pylist()
    if pa.types.is_map(kind):
        keys = list(cell_hashes("key", array.keys, key))
        values = list(cell_hashes("value", array.items, key))
        first = 0 if len(keys) == offsets[-1] else offsets[0]
        for ok, begin, end in zip(valid, offsets, offsets[1:]):
            pairs = [digest(words(keys[k], values[k]), key) for k in range(begin - first, end - first)]
            yield digest(words(sum(pairs) & M64, len(pairs)), key) if ok else None
        return
    items = list(cell_hashes("element", array.values, key))
    for ok, begin, end in zip(valid, offsets, offsets[1:]):
        yield digest(words(*items[begin:end]), key) if ok else None


def cell_hashes(name, array, seed=0):
    key = digest(name.encode("utf-8"), seed)
    null = digest(b"", ~key & M64)
    if pa.types.is_nested(array.type):
        for cell in nested_hashes(key, array):
            yield null if cell is None else cell
        return
    for cell in canonical(array):
        yield null if cell is None else digest(cell, key)


def table_fingerprint(path):
    path = pathlib.Path(path)
    files = sorted(path.glob("*.parquet")) if path.is_dir() else [path]
    if not files:
        raise SystemExit(f"no Parquet files in {path}")
    total, rows = 0, 0
    for file in files:
        for batch in pq.ParquetFile(file).iter_batches():
            columns = [cell_hashes(n, c) for n, c in zip(batch.schema.names, batch.columns)]
            for cells in zip(*columns):
                row = (sum(cells) & M64).to_bytes(8, "little")
                total = (total + xxhash.xxh3_128_intdigest(row)) & M128
            rows += batch.num_rows
    return total, rows


if __name__ == "__main__":
    if len(sys.argv) < 2:
        raise SystemExit(__doc__)
    for argument in sys.argv[1:]:
        value, count = table_fingerprint(argument)
        print(f"{value:032x} {count} {argument}")
