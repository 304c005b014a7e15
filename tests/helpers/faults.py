"""Kills, small disks, damaged files; and what must not be left behind."""
import contextlib
import os
import pathlib
import random
import subprocess
import time

import pytest


def files_below(folder):
    folder = pathlib.Path(folder)
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def visible(target):
    """What a reader of the tables sees: all but our own folder."""
    return [f for f in files_below(target) if not f.startswith("_synthmill/")]


def left_behind(target):
    """Everything that is neither a table's file nor a document of a live run."""
    import json
    target = pathlib.Path(target)
    document = target / "_synthmill" / "manifest.json"
    runs = json.loads(document.read_text())["runs"] if document.exists() else []
    kept = {"_synthmill/manifest.json"} | {f"_synthmill/runs/{r['id']}/manifest.json" for r in runs}
    tables = {t for r in runs for t in r["tables"]}
    extra = [f for f in files_below(target)
             if f not in kept and (f.split("/")[0] not in tables or "inprogress" in f)]
    folders = {str(p.relative_to(target)) for p in target.rglob("*") if p.is_dir()}
    wanted = {"_synthmill", "_synthmill/runs"} | {f"_synthmill/runs/{r['id']}" for r in runs} | tables
    return extra + sorted(folders - wanted)


def wait_until(condition, process, what, seconds=120):
    """Until condition() holds; fails if the process ends before."""
    end = time.monotonic() + seconds
    while not condition():
        if process.poll() is not None and not condition():
            pytest.fail(f"the run ended before {what}: {process.communicate()[1]}")
        if time.monotonic() > end:
            process.kill()
            pytest.fail(f"waited {seconds} s for {what}")
        time.sleep(0.002)


def finished_parts(target):
    return len(list(pathlib.Path(target).glob("_synthmill/runs/*/receipts/part-*.json")))


def start_until_a_part_is_done(synthmill, target, *args):
    """A process in the middle of its work: some parts are finished, others are not."""
    process = synthmill.start(*args)
    wait_until(lambda: finished_parts(target) > 0, process, "a part was finished")
    return process


def end(process):
    """Kills and reaps."""
    process.kill()
    process.communicate()


def _mount(*args):
    done = subprocess.run(["mount", *args], capture_output=True, text=True, check=False)
    if done.returncode != 0:
        pytest.skip(f"mounting is not permitted here: {done.stderr.strip()}")


class SmallDisk:
    """A tmpfs of its own size."""

    def __init__(self, folder, size):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True)
        _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(self.folder))

    def resize(self, size):
        _mount("-o", f"remount,size={size}", str(self.folder))

    def read_only(self):
        _mount("-o", "remount,ro", str(self.folder))

    def close(self):
        subprocess.run(["umount", "-l", str(self.folder)], check=True)


@contextlib.contextmanager
def small_disk(folder, size):
    disk = SmallDisk(folder, size)
    try:
        yield disk
    finally:
        disk.close()


def flip_byte(path, at):
    with open(path, "r+b") as f:
        f.seek(at)
        byte = f.read(1)[0]
        f.seek(at)
        f.write(bytes([byte ^ 0x15]))


def middle_places(path, count, seed=1):
    """Places in the middle half of a file."""
    size = os.path.getsize(path)
    return sorted(random.Random(seed).sample(range(size // 4, size * 3 // 4), count))


def peak_memory(synthmill, *args):
    """The most resident memory of one run, in bytes. Through a small process of its own: a child
    inherits the high-water mark of the one that starts it."""
    script = ("import resource, subprocess, sys; "
              "code = subprocess.call(sys.argv[1:]); "
              "print(code, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)")
    import sys
    done = subprocess.run([sys.executable, "-c", script, synthmill.binary, *map(str, args)],
                          capture_output=True, text=True, cwd=synthmill.cwd,
                          env=synthmill.environment(), check=True)
    code, kilobytes = done.stdout.split()[-2:]
    assert code == "0", done.stderr
    return int(kilobytes) * 1024


SHIM = r"""
/* Counts the calls that change folders; logs them, and kills the process at the chosen one. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <fcntl.h>
#include <stdatomic.h>

static atomic_int count;

static void step(const char* what, const char* path) {
  const int number = ++count;
  const char* log = getenv("FAULT_LOG");
  if (log) {
    char line[4600];
    const int n = snprintf(line, sizeof line, "%d %s %s\n", number, what, path);
    const int fd = open(log, O_WRONLY | O_CREAT | O_APPEND, 0666);
    if (fd >= 0) { if (write(fd, line, n) < 0) {} close(fd); }
  }
  const char* at = getenv("FAULT_AT");
  if (at && number == atoi(at)) { kill(getpid(), SIGKILL); pause(); }
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name)
int rename(const char* a, const char* b) { REAL(rename); step("rename", b); return real(a, b); }
int renameat2(int d, const char* a, int e, const char* b, unsigned f) {
  REAL(renameat2); step("renameat2", b); return real(d, a, e, b, f);
}
int unlink(const char* a) { REAL(unlink); step("unlink", a); return real(a); }
int unlinkat(int d, const char* a, int f) { REAL(unlinkat); step("unlinkat", a); return real(d, a, f); }
int rmdir(const char* a) { REAL(rmdir); step("rmdir", a); return real(a); }
int remove(const char* a) { REAL(remove); step("remove", a); return real(a); }
"""


def build_shim(folder):
    """A library for LD_PRELOAD that kills a run at its Nth change of a folder (FAULT_AT)."""
    source, library = folder / "fault.c", folder / "fault.so"
    source.write_text(SHIM)
    subprocess.run(["cc", "-O1", "-shared", "-fPIC", "-o", str(library), str(source), "-ldl"],
                   check=True)
    return library
