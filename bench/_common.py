"""What the scripts in bench/ share: children with CPU time and peak memory, medians, result lines.

Each script measures one claim: both sides in one run, in turn, three rounds, and the claim's ratio
is the median of the three rounds' ratios, so that a machine whose speed drifts hurts neither side.
A script ends with 0 when it could measure, whatever the figures; with 2 when it could not.
"""

import argparse
import dataclasses
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

BENCH = pathlib.Path(__file__).resolve().parent
ROOT = BENCH.parent
ROUNDS = 3


class CannotMeasure(Exception):
    """Something the measurement needs is not there."""


def arguments(doc, *flags):
    """Parses the command line: --small and --rounds, and further flags as (name, help)."""
    parser = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--small", action="store_true",
                        help="a tenth of the size: does the script work? (its figures mean little)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help=f"default {ROUNDS}")
    for name, text in flags:
        parser.add_argument(name, action="store_true", help=text)
    args = parser.parse_args()
    if args.rounds < 1:
        parser.error("--rounds must be at least 1")
    return args


def main(measure):
    """Runs measure(); a bench fails only when it could not measure."""
    # A line at a time, also into a pipe: runs take minutes.
    sys.stdout.reconfigure(line_buffering=True)
    try:
        measure()
    except CannotMeasure as why:
        print(f"{pathlib.Path(sys.argv[0]).name}: cannot measure: {why}", file=sys.stderr)
        sys.exit(2)


def synthmill():
    """The binary to measure."""
    path = pathlib.Path(os.environ.get("SYNTHMILL_BIN", ROOT / "build" / "synthmill")).resolve()
    if not path.is_file():
        raise CannotMeasure(f"no {path}: ./run build makes it, SYNTHMILL_BIN names another")
    return str(path)


def peer(name):
    """A program of the bench venv, or of PATH."""
    beside = pathlib.Path(sys.executable).parent / name
    found = str(beside) if beside.is_file() else shutil.which(name)
    if not found:
        raise CannotMeasure(f"no {name}: ./run setup bench installs it")
    return found


# Children


@dataclasses.dataclass
class Run:
    """One finished child. Seconds; `rss` is its peak resident memory in bytes."""

    wall: float
    user: float
    system: float
    rss: int
    output: str

    @property
    def cpu(self):
        return self.user + self.system


def run(*command, env=None):
    """Runs a child to its end, its standard output kept. Raises if it fails.

    The figures are the kernel's own of this child (wait4), threads and finished children of its
    own included. The memory figure has this Python's size as its floor, some 20 MB.
    """
    command = [str(word) for word in command]
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        before = time.perf_counter()
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=errors,
                                 env={**os.environ, **env} if env else None)
        _, status, usage = os.wait4(child.pid, 0)
        wall = time.perf_counter() - before
        child.returncode = os.waitstatus_to_exitcode(status)  # or Popen would wait once more
        if child.returncode != 0:
            errors.seek(0)
            tail = errors.read().decode(errors="replace").strip()[-2000:]
            raise CannotMeasure(f"{' '.join(command)}: exit {child.returncode}\n{tail}")
        output.seek(0)
        return Run(wall, usage.ru_utime, usage.ru_stime, usage.ru_maxrss * 1024,
                   output.read().decode(errors="replace"))


def generate(dataset, to, *flags, **settings):
    """`synthmill generate`: the Run, and what it reported (--json)."""
    shutil.rmtree(to, ignore_errors=True)
    words = [word for name, value in settings.items()
             for word in ("--" + name.replace("_", "-"), value)]
    done = run(synthmill(), "generate", dataset, "--to", to, "--json", "--quiet", "--no-progress",
               *flags, *words)
    return done, json.loads(done.output)


def mdm_size(rows):
    """Parameters of mdm for about so many records: a customer has 2.4 on average."""
    return {"total_records": rows, "unique_customers": round(rows / 2.4)}


# Files


class Scratch:
    """A folder for what both sides write: in memory where there is room, so that no disk decides.

    SYNTHMILL_BENCH_DIR names another. Removed at the end.
    """

    def __init__(self, need):
        places = [pathlib.Path("/dev/shm"), pathlib.Path(tempfile.gettempdir())]
        if "SYNTHMILL_BENCH_DIR" in os.environ:
            places = [pathlib.Path(os.environ["SYNTHMILL_BENCH_DIR"])]
        free = {}
        for place in places:
            if not place.is_dir() or not os.access(place, os.W_OK):
                continue
            free[place] = shutil.disk_usage(place).free
            if place == pathlib.Path("/dev/shm"):
                # What is written there is memory; a size limit above the memory means nothing.
                free[place] = min(free[place], _available_memory() - (2 << 30))
            if free[place] >= need:
                self.place = place
                return
        raise CannotMeasure(f"needs {need / 1e9:.1f} GB of room, there is " +
                            ", ".join(f"{room / 1e9:.1f} GB in {place}"
                                      for place, room in free.items()))

    def __enter__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="synthmill-bench-", dir=self.place))
        note(f"both sides write to {self.place}")
        return self.path

    def __exit__(self, *_):
        shutil.rmtree(self.path, ignore_errors=True)


def _available_memory():
    for line in pathlib.Path("/proc/meminfo").read_text().splitlines():
        if line.startswith("MemAvailable"):
            return int(line.split()[1]) * 1024
    return 0


def bytes_of(folder, suffix):
    """Bytes of all files with the suffix in a folder, however deep; synthmill's own notes are not
    among them."""
    return sum(path.stat().st_size for path in pathlib.Path(folder).rglob("*" + suffix))


def header_of(folder):
    """The column names of a table in CSV: of any of its files."""
    with min(pathlib.Path(folder).rglob("*.csv")).open(encoding="utf-8") as file:
        return file.readline().rstrip("\r\n").split(",")


# Results


def note(text):
    print(f"  {text}")


def versions(*packages):
    """Machine, synthmill, and Python packages with their versions."""
    cpu = platform.machine()
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            cpu = line.split(":", 1)[1].strip()
            break
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    found = {
        "cpu": cpu,
        "cores": len(os.sched_getaffinity(0)),
        "memory_gb": round(memory / 2**30),
        "kernel": platform.release(),
        "load_before": round(os.getloadavg()[0], 2),
        "synthmill": run(synthmill(), "--version").output.split()[-1],
    }
    for package in packages:
        found[package] = importlib.metadata.version(package)
    note(" · ".join(f"{name} {value}" for name, value in found.items()))
    return found


@dataclasses.dataclass
class Claim:
    """A claim's figures, round by round, and the line that states them."""

    name: str
    unit: str
    aim: str  # as printed
    met: object  # ratio -> bool
    ours: list = dataclasses.field(default_factory=list)
    peer: list = dataclasses.field(default_factory=list)

    def add(self, ours, peer=None):
        self.ours.append(ours)
        if peer is not None:
            self.peer.append(peer)

    def state(self, about, small=False, **extra):
        """Prints the claim's line, and adds it as JSON to bench/results/. `about`: versions()."""
        # Without a peer the figure itself is held against the aim.
        ratios = [a / b for a, b in zip(self.ours, self.peer)] if self.peer else self.ours
        ratio = statistics.median(ratios)
        verdict = "PASS" if self.met(ratio) else "SHORT"
        words = [f"claim {self.name}", f"ours {figure(statistics.median(self.ours))} {self.unit}"]
        if self.peer:
            words.append(f"peer {figure(statistics.median(self.peer))} {self.unit}")
            spread = f" ({min(ratios):.3g}..{max(ratios):.3g})" if len(ratios) > 1 else ""
            words.append(f"ratio {ratio:.3g}{spread}")
        words += [f"aim {self.aim}", verdict + (" (small)" if small else "")]
        print(" … ".join(words))
        record(self.name, ours=self.ours, peer=self.peer, unit=self.unit, ratio=ratio, aim=self.aim,
               verdict=verdict, small=small, about=about, **extra)
        return ratio


def record(claim, **figures):
    """Adds a line of JSON to bench/results/<script>.json."""
    folder = BENCH / "results"
    folder.mkdir(exist_ok=True)
    when = datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="seconds")
    line = json.dumps({"claim": claim, "when": when, **figures})
    with (folder / (pathlib.Path(sys.argv[0]).stem + ".json")).open("a") as file:
        file.write(line + "\n")


def at_least(aim):
    return {"aim": f"≥ {aim}", "met": lambda ratio: ratio >= aim}


def below(aim, unit):
    return {"aim": f"< {aim} {unit}", "met": lambda figure_: figure_ < aim}


def figure(value):
    """Three or four digits that matter."""
    for size, letter in ((1e9, "G"), (1e6, "M"), (1e4, "k")):
        if abs(value) >= size:
            scale = 1e3 if letter == "k" else size
            return f"{value / scale:.4g}{letter}" if value / scale < 1000 else f"{value / scale:.0f}{letter}"
    return f"{value:.4g}"


median = statistics.median
