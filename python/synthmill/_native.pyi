from typing import Any

__version__: str
generator_version: int

class Options:
    dataset: str
    parameters: dict[str, str]
    to: str
    destination: dict[str, str]
    format: str
    compression: str
    row_group_rows: int
    seed: int
    as_of: str
    noise: str
    truth: bool
    tables: list[str]
    rows: list[str]
    partition_by: list[str]
    load_scripts: list[str]
    partitions: int
    threads: int
    resume: bool
    write_mode: str
    def __init__(self) -> None: ...

class CopyOptions:
    from_: str
    to: str
    from_format: str
    format: str
    compression: str
    schema: str
    tables: list[str]
    columns: list[str]
    threads: int
    destination: dict[str, str]
    write_mode: str
    reject: bool
    def __init__(self) -> None: ...

class Generation:
    tables: list[dict[str, Any]]
    warnings: list[str]
    def plan_json(self) -> str: ...
    def plan_text(self) -> str: ...
    def read(self, table: str, dictionaries: bool) -> Any: ...
    def run(self) -> dict[str, Any]: ...

def prepare(options: Options) -> Generation: ...
def datasets() -> list[str]: ...
def copy(options: CopyOptions) -> dict[str, Any]: ...
def import_ddl(
    sources: list[tuple[str, str]], dialect: str, dataset: str
) -> tuple[str, int, list[tuple[bool, str]]]: ...
