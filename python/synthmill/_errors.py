"""What synthmill raises. Each class is also the built-in one that callers expect."""


class SynthmillError(Exception):
    """Anything synthmill could not do; the message says what, where, and what to do."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class InvalidError(SynthmillError, ValueError):
    """A wrong argument, parameter, dataset file or schema."""


class NotFoundError(SynthmillError, KeyError):
    """A table, dataset or format of that name does not exist."""


class InputOutputError(SynthmillError, OSError):
    """Something could not be read or written."""


class UnsupportedError(SynthmillError, NotImplementedError):
    """Asked for something that this destination or format does not do."""
