"""synthmill.generate and synthmill.plan."""

from __future__ import annotations

import json
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, overload

from . import _native
from ._arguments import Date, Names, Parameter, PathLike, Rows, Slices, WriteMode, native
from ._errors import InvalidError
from ._tables import Tables


@dataclass(frozen=True)
class TableResult:
    """What a run wrote of one table."""

    key: str
    name: str
    rows: int
    bytes: int
    files: int
    fingerprint: str


@dataclass(frozen=True)
class Result:
    """What a run wrote to its target."""

    run_id: str
    already_complete: bool
    rows: int
    bytes: int
    seconds: float
    rows_resumed: int
    fingerprint: str
    tables: list[TableResult]


# The options that say how and where something is written.
_OF_A_TARGET = frozenset(
    "format compression csv_null delimiter header row_group_rows write_mode resume partitions "
    "part_rows partition_by load_scripts destination".split()
)


def _prepare(arguments: dict[str, Any]) -> _native.Generation:
    """Names that are no options are parameters of the dataset."""
    options = {k: v for k, v in arguments.items() if k in _native.generate_options}
    options["parameters"] = {k: v for k, v in arguments.items() if k not in options}
    generation = _native.prepare(native(options))
    for message in generation.warnings:
        warnings.warn(message, stacklevel=3)
    return generation


@overload
def generate(
    dataset: PathLike,
    *,
    to: None = None,
    rows: Rows | None = ...,
    tables: Names | None = ...,
    seed: int | None = ...,
    as_of: Date | None = ...,
    noise: str | None = ...,
    truth: bool = ...,
    slices: PathLike | None = ...,
    slice: Slices | None = ...,
    scale: str | float | None = ...,
    threads: int | None = ...,
    dictionaries: bool = ...,
    **parameters: Parameter,
) -> Tables: ...
@overload
def generate(
    dataset: PathLike,
    *,
    to: PathLike,
    rows: Rows | None = ...,
    tables: Names | None = ...,
    seed: int | None = ...,
    as_of: Date | None = ...,
    noise: str | None = ...,
    truth: bool = ...,
    slices: PathLike | None = ...,
    slice: Slices | None = ...,
    scale: str | float | None = ...,
    threads: int | None = ...,
    format: str | None = ...,
    compression: str | None = ...,
    csv_null: str | None = ...,
    delimiter: str | None = ...,
    header: bool | None = ...,
    row_group_rows: int | None = ...,
    write_mode: WriteMode | None = ...,
    resume: bool = ...,
    partitions: int | None = ...,
    part_rows: int | None = ...,
    partition_by: Names | None = ...,
    load_scripts: Names | None = ...,
    destination: Mapping[str, Any] | None = ...,
    **parameters: Parameter,
) -> Result: ...
def generate(dataset: PathLike, *, to: PathLike | None = None, **arguments: Any) -> Tables | Result:
    """Makes a dataset: as tables in memory, or, with `to`, at a target.

    dataset: a built-in name (synthmill.datasets()) or a path to a dataset file or to DDL (.sql).
    to: a folder or a URI, as on the command line; the result tells what was written. Without it
        nothing is written, and rows are made as they are read.
    rows: of tables with rows of their own: 1000, {"orders": 1_000_000, "items": "3..9"}.
    tables: only these, by name or key. truth: the answer key's tables too.
    seed: 42 if not given. noise: how dirty, a profile of the dataset or "none".
    as_of: the day the data are of. threads: all CPUs if not given.
    slices: a file of lines `table | slice | rows`; slice: only these, 17 or "100..199"; scale: what
        its rows are multiplied by.
    dictionaries: text columns of few values as Arrow dictionaries (categoricals).
    Any other name is a parameter of the dataset: total_records=1_000_000.

    With `to`:
    format: "parquet" (default), "csv", "jsonl", "arrow". compression, row_group_rows, and for CSV
        csv_null, delimiter, header: as on the command line.
    write_mode: "error" (default), "overwrite", "append". resume: goes on with a run that was stopped.
    partitions: parts of each table; part_rows: rows of each part.
    partition_by: columns whose values become folders. load_scripts: dialects of
        _synthmill/load.<dialect>.sql.
    destination: flags of the destination: {"s3_endpoint": "http://127.0.0.1:9000"}.
    """
    if to is None:
        for name in sorted(_OF_A_TARGET & arguments.keys()):
            if arguments[name] not in (None, False):
                raise InvalidError(f"{name} needs a target: give to=")
        dictionaries = bool(arguments.pop("dictionaries", False))
        return Tables(_prepare({"dataset": dataset, **arguments}), dictionaries)
    done = _prepare({"dataset": dataset, "to": to, **arguments}).run()
    done["tables"] = [TableResult(**table) for table in done["tables"]]
    return Result(**done)


def plan(
    dataset: PathLike,
    *,
    to: PathLike | None = None,
    rows: Rows | None = None,
    tables: Names | None = None,
    seed: int | None = None,
    as_of: Date | None = None,
    noise: str | None = None,
    truth: bool = False,
    slices: PathLike | None = None,
    slice: Slices | None = None,
    scale: str | float | None = None,
    threads: int | None = None,
    format: str | None = None,
    compression: str | None = None,
    row_group_rows: int | None = None,
    write_mode: WriteMode | None = None,
    partitions: int | None = None,
    part_rows: int | None = None,
    partition_by: Names | None = None,
    destination: Mapping[str, Any] | None = None,
    **parameters: Parameter,
) -> dict[str, Any]:
    """What `generate` with these arguments would make, before it makes it: tables, exact rows,
    estimated bytes, parts. The document is that of `synthmill plan --json` (docs/manifest.md)."""
    arguments = locals()
    arguments.update(arguments.pop("parameters"))
    document: dict[str, Any] = json.loads(_prepare(arguments).plan_json())
    return document
