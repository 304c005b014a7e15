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
    partitions: int
    threads: int
    resume: bool
    write_mode: str
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
