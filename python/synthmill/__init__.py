"""Realistic, labelled business data at any scale, with the truth beside it.

    import synthmill
    tables = synthmill.generate("mdm", total_records=1_000_000, truth=True)
    crm = tables["crm"]              # made when it is read, in parallel, as often as you like
    polars.DataFrame(crm)            # or pyarrow.table(crm), duckdb.from_arrow(crm), crm.to_pandas()

    synthmill.generate("schema.sql", rows={"orders": 1_000_000}, to="data/shop")   # or to a target

Tables speak the Arrow PyCapsule protocol (`__arrow_c_stream__`), so any Arrow library takes them
without copies; none is needed to import this package. Every value is a pure function of seed, table,
column and row: the same call gives the same rows. Errors are exceptions with the messages of the
command line (SynthmillError and its subclasses).
"""

from __future__ import annotations

import contextlib
import ctypes

# libcurl and with it OpenSSL, on their own, before the libraries that come along: libparquet has
# another OpenSSL inside and exports it; loaded together with it they would be bound to that one, and
# Python's hashlib and ssl, which use them too, crash.
with contextlib.suppress(OSError):
    ctypes.CDLL("libcurl.so.4")

from ._copy import CopyResult, copy
from ._ddl import import_ddl
from ._errors import (
    InputOutputError,
    InvalidError,
    NotFoundError,
    SynthmillError,
    UnsupportedError,
)
from ._generate import Result, TableResult, generate, plan
from ._native import __version__, generator_version
from ._native import datasets as _datasets
from ._tables import Table, Tables


def datasets() -> list[str]:
    """The names of the built-in datasets."""
    return _datasets()


__all__ = [
    "CopyResult",
    "InputOutputError",
    "InvalidError",
    "NotFoundError",
    "Result",
    "SynthmillError",
    "Table",
    "TableResult",
    "Tables",
    "UnsupportedError",
    "__version__",
    "copy",
    "datasets",
    "generate",
    "generator_version",
    "import_ddl",
    "plan",
]
