"""synthmill.import_ddl."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path

from . import _native
from ._arguments import PathLike
from ._errors import InvalidError


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
