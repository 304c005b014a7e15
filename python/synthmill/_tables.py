"""Tables that are made while they are read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from . import _native
from ._errors import NotFoundError

if TYPE_CHECKING:
    import pandas
    import polars
    import pyarrow


class Table:
    """One table. Any Arrow library takes it; it can be read again and again."""

    def __init__(
        self, generation: _native.Generation, info: _native.TableInfo, dictionaries: bool
    ) -> None:
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
        """What the dataset file says of it."""
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
        """Whether num_rows is exact."""
        return self._info["rows_exact"]

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        """A fresh Arrow C stream of all rows. A requested schema is not followed (the protocol leaves
        that to the producer): the consumer casts."""
        return self._generation.read(self.name, self._dictionaries)

    def __arrow_c_schema__(self) -> object:
        """The types, for which no row is made."""
        return self._generation.schema(self.name, self._dictionaries)

    def to_arrow(self) -> pyarrow.Table:
        """All rows as a pyarrow Table (needs pyarrow). Ctrl-C stops it."""
        import pyarrow

        # Batch by batch, and not pyarrow.table(self): between two of them Python looks for signals.
        reader = pyarrow.RecordBatchReader.from_stream(self)
        return pyarrow.Table.from_batches(list(reader), reader.schema)

    def to_pandas(self, **options: Any) -> pandas.DataFrame:
        """All rows as a pandas DataFrame (needs pandas and pyarrow)."""
        frame: pandas.DataFrame = self.to_arrow().to_pandas(**options)
        return frame

    def to_polars(self) -> polars.DataFrame:
        """All rows as a polars DataFrame (needs polars)."""
        import polars

        return polars.DataFrame(self)

    def __repr__(self) -> str:
        about = "" if self.rows_exact else "about "
        return f"<synthmill.Table {self.name}: {about}{self.num_rows:,} rows>"


class Tables(Mapping[str, Table]):
    """The tables of a dataset by name, in the order of its file; a key of the file works too."""

    def __init__(self, generation: _native.Generation, dictionaries: bool) -> None:
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
