"""The arguments of calls: their types, and their form for the engine."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal, SupportsIndex, Union

from ._errors import InvalidError

PathLike = Union[str, "os.PathLike[str]"]
Names = Union[str, Sequence[str]]
Date = Union[str, datetime.date]
Parameter = Union[SupportsIndex, str, bool, float, Decimal, datetime.date]
Rows = Union[int, str, Mapping[str, Union[int, str]]]
Slices = Union[int, str, Sequence[Union[int, str]]]
WriteMode = Literal["error", "overwrite", "append"]


def _text(name: str, value: Any) -> str:
    """A value as the command line would take it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    if isinstance(value, (int, str, Decimal)) or hasattr(value, "__index__"):
        return str(value)
    raise InvalidError(f"{name}={value!r}: a number, a text, a bool or a date is needed")


def _list(name: str, value: Any) -> list[str]:
    return [_text(name, v) for v in ([value] if isinstance(value, (str, int)) else value)]


def _rows(name: str, value: Any) -> list[str]:
    """As --rows takes them: 1000, "orders=1M", {"orders": 1000, "items": "3..9"}."""
    if isinstance(value, Mapping):
        return [f"{table}={_text(name, count)}" for table, count in value.items()]
    return _list(name, value)


def _path(name: str, value: Any) -> str:
    return str(os.fspath(value))


def _parameters(name: str, value: Any) -> dict[str, str]:
    return {key: _text(key, v) for key, v in value.items()}


def _flags(name: str, value: Any) -> dict[str, str]:
    return {key.replace("_", "-"): text for key, text in _parameters(name, value).items()}


_FORMS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(("dataset", "to", "source", "target", "schema", "slices", "rejects"), _path),
    **dict.fromkeys(("tables", "columns", "partition_by", "load_scripts", "slice"), _list),
    **dict.fromkeys(("as_of", "scale"), _text),
    "rows": _rows,
    "parameters": _parameters,
    "destination": _flags,
}


def native(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments as the engine takes them. None stands for its default, and is left out."""
    return {
        name: _FORMS[name](name, value) if name in _FORMS else value
        for name, value in arguments.items()
        if value is not None
    }
