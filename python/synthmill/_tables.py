"""synthmill.copy and synthmill.import_ddl."""

from __future__ import annotations

import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import _native
from ._errors import InvalidError
from ._generate import PathLike, WriteMode, _list, _text


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
    schema: PathLike | None = None,
    tables: Sequence[str] | str | None = None,
    columns: Sequence[str] | str | None = None,
    write_mode: WriteMode = "error",
    reject: bool = False,
    threads: int = 0,
    destination: Mapping[str, Any] | None = None,
) -> CopyResult:
    """Copies tables: CSV, JSON Lines, Parquet and Arrow, from and to files, folders and buckets.

    source: a file, a folder of tables, a glob, a bucket's URI. target: a folder, a bucket's URI, or a
        path with a format's ending for one file.
    schema: a dataset file that has the types; else the files' own, or inferred over every row.
    reject: put rows that do not fit aside, with line and reason, instead of stopping at the first.
    """
    options = _native.CopyOptions()
    options.from_ = os.fspath(source)
    options.to = os.fspath(target)
    options.format = format or ""
    options.from_format = from_format or ""
    options.compression = compression or ""
    options.schema = os.fspath(schema) if schema is not None else ""
    options.tables = _list(tables)  # type: ignore[arg-type]
    options.columns = _list(columns)  # type: ignore[arg-type]
    options.write_mode = write_mode
    options.reject = reject
    options.threads = threads
    options.destination = {
        name.replace("_", "-"): _text(name, value) for name, value in (destination or {}).items()
    }
    done = _native.copy(options)
    for message in done.pop("warnings"):
        warnings.warn(message, stacklevel=2)
    return CopyResult(**done)


def import_ddl(
    files: PathLike | Sequence[PathLike],
    *,
    dialect: str | None = None,
    strict: bool = False,
    dataset: str | None = None,
) -> str:
    """The dataset file (YAML) of the tables that DDL files define, as `synthmill schema import`.

    dialect: "postgres", "mysql", …; else it is told statement by statement.
    What could not be read is a warning with its place, and an error if nothing could be read, or
    with `strict`.
    """
    paths = [files] if isinstance(files, (str, os.PathLike)) else list(files)
    if not paths:
        raise InvalidError("no files were given")
    sources = [
        (os.fspath(path), Path(path).read_text(encoding="utf-8", errors="replace")) for path in paths
    ]
    name = dataset if dataset is not None else Path(paths[0]).stem
    text, tables, problems = _native.import_ddl(sources, dialect or "", name)
    errors = [message for is_error, message in problems if is_error]
    if errors and (strict or not tables):
        raise InvalidError("\n".join(errors))
    for _, message in problems:
        warnings.warn(message, stacklevel=2)
    return text
