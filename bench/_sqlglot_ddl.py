"""Parses DDL files with sqlglot and prints tables, columns and CPU seconds as JSON.

    python _sqlglot_ddl.py DIALECT FILE [DIALECT FILE]…

Its imports and the reading of the files are not counted.
"""

import json
import logging
import pathlib
import sys
import time

import sqlglot
from sqlglot import exp


def main():
    logging.disable(logging.CRITICAL)
    words = sys.argv[1:]
    files = [(words[i], pathlib.Path(words[i + 1]).read_text()) for i in range(0, len(words), 2)]
    tables = columns = 0
    begin = time.process_time()
    for dialect, text in files:
        for statement in sqlglot.parse(text, read=dialect, error_level=sqlglot.ErrorLevel.IGNORE):
            if isinstance(statement, exp.Create) and statement.kind == "TABLE":
                tables += 1
                columns += len(list(statement.find_all(exp.ColumnDef)))
    seconds = time.process_time() - begin
    json.dump({"tables": tables, "columns": columns, "cpu_seconds": seconds}, sys.stdout)


if __name__ == "__main__":
    main()
