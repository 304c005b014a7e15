"""The command line, as installed by pip: `synthmill …` and `python -m synthmill …`."""

import os
import sys
from pathlib import Path


def main() -> None:
    program = Path(__file__).parent / "_bin" / "synthmill"
    os.execv(program, ["synthmill", *sys.argv[1:]])


if __name__ == "__main__":
    main()
