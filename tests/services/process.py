"""What the servers share: programs built once and kept by version, ports, processes."""
import contextlib
import fcntl
import os
import pathlib
import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
CACHE = REPOSITORY / ".cache" / "services"


def go_program(package, version):
    """The path of a Go program, built by `go install` on first use."""
    name = package.rsplit("/", 1)[-1]
    folder = CACHE / f"{name}-{version}"
    program = folder / name
    if program.is_file():
        return program
    go = shutil.which("go", path=f"{REPOSITORY / '.cache/venv-go/bin'}:{os.environ['PATH']}")
    if not go:
        raise RuntimeError(f"no {name}, and no go to build it with: ./run setup store")
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs at the same time take turns
        if not program.is_file():
            temporary = folder.with_suffix(".new")
            shutil.rmtree(temporary, ignore_errors=True)
            done = subprocess.run([go, "install", f"{package}@{version}"], text=True,
                                  env={**os.environ, "GOBIN": str(temporary), "CGO_ENABLED": "0"},
                                  capture_output=True, check=False)
            if done.returncode != 0:
                raise RuntimeError(f"go install {package}@{version}: {done.stderr[-2000:]}")
            temporary.rename(folder)
    return program


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Server:
    """A server process; ended by its id, and by nothing else."""

    def __init__(self, command, log, url, environment=None):
        self.command, self.log, self.url = [str(c) for c in command], pathlib.Path(log), url
        self.environment = {**os.environ, **(environment or {})}
        self.process = None

    def start(self, seconds=60):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.command, stdout=log, stderr=log,
                                            stdin=subprocess.DEVNULL, env=self.environment)
        end = time.monotonic() + seconds
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                self.stop()
                raise RuntimeError(f"{self.command[0]} did not start: {self.log.read_text()[-2000:]}")
            time.sleep(0.05)
        return self

    def _answers(self):
        try:
            with urllib.request.urlopen(self.url, timeout=2):
                return True
        except urllib.error.HTTPError:
            return True  # an answer, if a refusal
        except OSError:
            return False

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.kill()
        if self.process:
            self.process.wait()
        self.process = None

    @contextlib.contextmanager
    def stopped(self):
        """Away, and there again."""
        self.stop()
        yield
        self.start()
