"""synthmill.copy."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from . import _native
from ._arguments import Names, PathLike, WriteMode, native


@dataclass(frozen=True)
class CopyResult:
    """What a copy did: rows_read = rows + rejected."""

    run_id: str
    already_complete: bool
    rows_read: int
    rows: int
    rejected: int
    rejects: str
    bytes: int
    seconds: float
    fingerprint: str


def copy(
    source: PathLike,
    target: PathLike,
    *,
    format: str | None = None,
    from_format: str | None = None,
    compression: str | None = None,
    row_group_rows: int | None = None,
    schema: PathLike | None = None,
    tables: Names | None = None,
    columns: Names | None = None,
    table: str | None = None,
    delimiter: str | None = None,
    header: bool | None = None,
    csv_null: str | None = None,
    to_delimiter: str | None = None,
    to_header: bool | None = None,
    to_csv_null: str | None = None,
    write_mode: WriteMode | None = None,
    reject: bool = False,
    rejects: PathLike | None = None,
    threads: int | None = None,
    destination: Mapping[str, Any] | None = None,
) -> CopyResult:
    """Copies tables: CSV, JSON Lines, Parquet and Arrow, from and to files, folders and buckets.

    source: a file, a folder of tables, a glob, a bucket's URI. target: a folder, a bucket's URI, or a
        path with a format's ending for one file.
    schema: a dataset file or DDL (.sql) that has the types, lengths and ranges; else the files' own
        types, or those inferred over every row.
    tables, columns: only these. table: what the one table is called.
    delimiter, header, csv_null: how the side that is CSV looks; if both are, the source, and
        to_delimiter, to_header, to_csv_null the target.
    reject: put rows that do not fit aside, with line and reason, instead of stopping at the first;
        rejects: into this file.
    """
    done = _native.copy(native(locals()))
    for message in done.pop("warnings"):
        warnings.warn(message, stacklevel=2)
    return CopyResult(**done)
