"""synthmill.generate and synthmill.plan."""

from __future__ import annotations

import datetime
import json
import os
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, Union, overload

from . import _native
from ._errors import InvalidError, NotFoundError

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow

Parameter = Union[int, str, bool, float, Decimal, datetime.date]
PathLike = Union[str, "os.PathLike[str]"]
Rows = Union[int, str, Mapping[str, Union[int, str]]]
WriteMode = Literal["error", "overwrite", "append"]


class Table:
    """One table, made while it is read. Any Arrow library takes it; it can be read again and again."""

    def __init__(self, generation: Any, info: dict[str, Any], dictionaries: bool) -> None:
        self._generation = generation
        self._info = info
        self._dictionaries = dictionaries

    @property
    def name(self) -> str:
        """Its output name."""
        return self._info["name"]

    @property
    def key(self) -> str:
        """Its key in the dataset file."""
        return self._info["key"]

    @property
    def help(self) -> str:
        return self._info["help"]

    @property
    def truth(self) -> bool:
        """Whether it is one of the truth tables."""
        return self._info["truth"]

    @property
    def num_rows(self) -> int:
        """Rows planned: exact, but for the table of changes, which is estimated (rows_exact)."""
        return self._info["rows"]

    @property
    def rows_exact(self) -> bool:
        return self._info["rows_exact"]

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        """A fresh Arrow C stream of all rows. A requested schema is not followed (the protocol leaves
        that to the producer): the consumer casts."""
        return self._generation.read(self.name, self._dictionaries)

    def __arrow_c_schema__(self) -> Any:
        for info in self._generation.tables:
            if info["name"] == self.name:
                return info["schema"]
        raise NotFoundError(f"no table '{self.name}'")

    def to_arrow(self) -> pyarrow.Table:
        """All rows as a pyarrow Table (needs pyarrow)."""
        import pyarrow

        return pyarrow.table(self)

    def to_pandas(self, **options: Any) -> pandas.DataFrame:
        """All rows as a pandas DataFrame (needs pandas and pyarrow)."""
        return self.to_arrow().to_pandas(**options)

    def to_polars(self) -> polars.DataFrame:
        """All rows as a polars DataFrame (needs polars)."""
        import polars

        return polars.DataFrame(self)

    def __repr__(self) -> str:
        about = "" if self.rows_exact else "about "
        return f"<synthmill.Table {self.name}: {about}{self.num_rows:,} rows>"


class Tables(Mapping[str, Table]):
    """The tables of a dataset by name, in the order of its file; a key of the file works too."""

    def __init__(self, generation: Any, dictionaries: bool) -> None:
        self._tables = {
            info["name"]: Table(generation, info, dictionaries) for info in generation.tables
        }

    def __getitem__(self, name: str) -> Table:
        if name in self._tables:
            return self._tables[name]
        for table in self._tables.values():
            if table.key == name:
                return table
        raise NotFoundError(f"no table '{name}'; there are: {', '.join(self._tables)}")

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)

    def __repr__(self) -> str:
        return f"<synthmill.Tables: {', '.join(self._tables)}>"


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


def _text(name: str, value: Parameter) -> str:
    """A parameter as the command line would take it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()[:10]
    if isinstance(value, (int, str, Decimal)) or hasattr(value, "__index__"):
        return str(value)
    raise InvalidError(f"{name}={value!r}: a number, a text, a bool or a date is needed")


def _list(words: list[str] | tuple[str, ...] | str | None) -> list[str]:
    return [] if words is None else [words] if isinstance(words, str) else list(words)


def _rows(rows: Rows | None) -> list[str]:
    """As --rows takes them: 1000, "orders=1M", {"orders": 1000, "items": "3..9"}."""
    if rows is None:
        return []
    if isinstance(rows, Mapping):
        return [f"{table}={count}" for table, count in rows.items()]
    return [str(rows)]


def _options(
    dataset: PathLike,
    *,
    to: PathLike | None,
    rows: Rows | None,
    tables: list[str] | tuple[str, ...] | str | None,
    seed: int,
    as_of: str | datetime.date | None,
    noise: str | None,
    truth: bool,
    format: str,
    compression: str | None,
    row_group_rows: int,
    write_mode: WriteMode,
    resume: bool,
    partitions: int,
    partition_by: list[str] | tuple[str, ...] | str | None,
    load_scripts: list[str] | tuple[str, ...] | None,
    threads: int,
    destination: Mapping[str, Any] | None,
    parameters: Mapping[str, Parameter],
) -> Any:
    options = _native.Options()
    options.dataset = os.fspath(dataset)
    options.to = os.fspath(to) if to is not None else ""
    options.rows = _rows(rows)
    options.tables = _list(tables)
    options.partition_by = _list(partition_by)
    options.load_scripts = _list(load_scripts)
    options.seed = seed
    options.as_of = _text("as_of", as_of) if as_of is not None else ""
    options.noise = noise or ""
    options.truth = truth
    options.format = format
    options.compression = compression or ""
    options.row_group_rows = row_group_rows
    options.write_mode = write_mode
    options.resume = resume
    options.partitions = partitions
    options.threads = threads
    options.destination = {
        name.replace("_", "-"): _text(name, value) for name, value in (destination or {}).items()
    }
    options.parameters = {name: _text(name, value) for name, value in parameters.items()}
    return options


def _prepare(options: Any) -> Any:
    generation = _native.prepare(options)
    for message in generation.warnings:
        warnings.warn(message, stacklevel=3)
    return generation


@overload
def generate(
    dataset: PathLike,
    *,
    to: None = None,
    rows: Rows | None = ...,
    tables: list[str] | tuple[str, ...] | str | None = ...,
    seed: int = ...,
    as_of: str | datetime.date | None = ...,
    noise: str | None = ...,
    truth: bool = ...,
    threads: int = ...,
    dictionaries: bool = ...,
    **parameters: Parameter,
) -> Tables: ...
@overload
def generate(
    dataset: PathLike,
    *,
    to: PathLike,
    rows: Rows | None = ...,
    tables: list[str] | tuple[str, ...] | str | None = ...,
    seed: int = ...,
    as_of: str | datetime.date | None = ...,
    noise: str | None = ...,
    truth: bool = ...,
    format: str = ...,
    compression: str | None = ...,
    row_group_rows: int = ...,
    write_mode: WriteMode = ...,
    resume: bool = ...,
    partitions: int = ...,
    partition_by: list[str] | tuple[str, ...] | str | None = ...,
    load_scripts: list[str] | tuple[str, ...] | None = ...,
    threads: int = ...,
    destination: Mapping[str, Any] | None = ...,
    **parameters: Parameter,
) -> Result: ...
def generate(
    dataset: PathLike,
    *,
    to: PathLike | None = None,
    rows: Rows | None = None,
    tables: list[str] | tuple[str, ...] | str | None = None,
    seed: int = 42,
    as_of: str | datetime.date | None = None,
    noise: str | None = None,
    truth: bool = False,
    format: str = "parquet",
    compression: str | None = None,
    row_group_rows: int = 0,
    write_mode: WriteMode = "error",
    resume: bool = False,
    partitions: int = 0,
    partition_by: list[str] | tuple[str, ...] | str | None = None,
    load_scripts: list[str] | tuple[str, ...] | None = None,
    threads: int = 0,
    dictionaries: bool = False,
    destination: Mapping[str, Any] | None = None,
    **parameters: Parameter,
) -> Tables | Result:
    """Makes a dataset: as tables in memory, or, with `to`, at a target.

    dataset: a built-in name (synthmill.datasets()) or a path to a dataset file or to DDL (.sql).
    to: a folder or a URI, as on the command line; then the other write options count, and the result
        tells what was written. Without it nothing is written, and rows are made as they are read.
    rows: of tables with rows of their own: 1000, {"orders": 1_000_000, "items": "3..9"}.
    tables: only these, by name or key. truth: the answer key's tables too.
    noise: how dirty, a profile of the dataset or "none". as_of: the day the data are of.
    threads: 0 for all CPUs. partitions: parts of each table, 0 for the default.
    partition_by: columns whose values become folders. load_scripts: dialects of
        _synthmill/load.<dialect>.sql.
    dictionaries: text columns of few values as Arrow dictionaries (categoricals).
    destination: flags of the destination: {"s3_endpoint": "http://127.0.0.1:9000"}.
    parameters: those of the dataset: total_records=1_000_000.
    """
    if to is None:
        given = {
            "write_mode": write_mode != "error",
            "resume": resume,
            "partitions": partitions != 0,
            "partition_by": bool(partition_by),
            "load_scripts": bool(load_scripts),
            "destination": bool(destination),
        }
        for name, present in given.items():
            if present:
                raise InvalidError(f"{name} needs a target: give to=")
    options = _options(
        dataset,
        to=to,
        rows=rows,
        tables=tables,
        seed=seed,
        as_of=as_of,
        noise=noise,
        truth=truth,
        format=format,
        compression=compression,
        row_group_rows=row_group_rows,
        write_mode=write_mode,
        resume=resume,
        partitions=partitions,
        partition_by=partition_by,
        load_scripts=load_scripts,
        threads=threads,
        destination=destination,
        parameters=parameters,
    )
    generation = _prepare(options)
    if to is None:
        return Tables(generation, dictionaries)
    done = generation.run()
    done["tables"] = [TableResult(**table) for table in done["tables"]]
    return Result(**done)


def plan(
    dataset: PathLike,
    *,
    to: PathLike | None = None,
    rows: Rows | None = None,
    tables: list[str] | tuple[str, ...] | str | None = None,
    seed: int = 42,
    as_of: str | datetime.date | None = None,
    noise: str | None = None,
    truth: bool = False,
    format: str = "parquet",
    compression: str | None = None,
    row_group_rows: int = 0,
    write_mode: WriteMode = "error",
    partitions: int = 0,
    partition_by: list[str] | tuple[str, ...] | str | None = None,
    load_scripts: list[str] | tuple[str, ...] | None = None,
    threads: int = 0,
    destination: Mapping[str, Any] | None = None,
    **parameters: Parameter,
) -> dict[str, Any]:
    """What `generate` with these arguments would make, before it makes it: tables, exact rows,
    estimated bytes, parts. The document is that of `synthmill plan --json` (docs/manifest.md)."""
    options = _options(
        dataset,
        to=to,
        rows=rows,
        tables=tables,
        seed=seed,
        as_of=as_of,
        noise=noise,
        truth=truth,
        format=format,
        compression=compression,
        row_group_rows=row_group_rows,
        write_mode=write_mode,
        resume=False,
        partitions=partitions,
        partition_by=partition_by,
        load_scripts=load_scripts,
        threads=threads,
        destination=destination,
        parameters=parameters,
    )
    return json.loads(_prepare(options).plan_json())
