"""Runs the synthmill binary as a user would: a real process, its own home, no settings of ours."""
import json
import os
import pathlib
import shutil
import signal
import subprocess

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


def find_binary():
    named = os.environ.get("SYNTHMILL_BIN")
    path = pathlib.Path(named) if named else REPOSITORY / "build" / "synthmill"
    if not path.is_file():
        raise RuntimeError(f"no binary at {path}: run ./run build, or set SYNTHMILL_BIN")
    return path.resolve()


class Result:
    """What a finished process left: code, out (bytes), err (text)."""

    def __init__(self, args, code, out, err):
        self.args, self.code, self.out = args, code, out
        self.err = err.decode("utf-8", "replace")

    @property
    def text(self):
        return self.out.decode("utf-8")

    def json(self):
        return json.loads(self.out)

    def __repr__(self):
        shown = self.out[:2000].decode("utf-8", "replace")
        return (f"$ synthmill {' '.join(self.args)}\nexit {self.code}\n"
                f"stdout: {shown}\nstderr: {self.err[:4000]}")


def _as_on_a_terminal():
    """Before exec: signals as a shell leaves them (a runner in the background ignores Ctrl-C)."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


class Synthmill:
    """`synthmill("plan", "mdm")` runs it in `cwd` and asserts exit code 0 (or `code`; None: any)."""

    def __init__(self, cwd, binary=None):
        self.binary = str(binary or find_binary())
        self.cwd = pathlib.Path(cwd)
        self.home = self.cwd / ".home"
        self.home.mkdir(parents=True, exist_ok=True)
        self.variables = {}

    def environment(self, extra=None):
        kept = {k: v for k, v in os.environ.items()
                if not k.startswith("SYNTHMILL_") and k not in ("NO_COLOR", "GLIBC_TUNABLES")}
        kept.update(HOME=str(self.home), XDG_CONFIG_HOME=str(self.home / ".config"))
        kept.update(self.variables)
        kept.update(extra or {})
        return kept

    def __call__(self, *args, code=0, env=None, cwd=None, timeout=240):
        args = [str(a) for a in args]
        done = subprocess.run([self.binary, *args], capture_output=True, stdin=subprocess.DEVNULL,
                              cwd=cwd or self.cwd, env=self.environment(env), timeout=timeout)
        result = Result(args, done.returncode, done.stdout, done.stderr)
        assert code is None or result.code == code, result
        return result

    def start(self, *args, env=None, cwd=None, stdout=subprocess.PIPE):
        """A running process; end it by its own methods."""
        return subprocess.Popen([self.binary, *map(str, args)], stdout=stdout,
                                stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                                cwd=cwd or self.cwd, env=self.environment(env),
                                preexec_fn=_as_on_a_terminal)

    def shell(self, script, env=None):
        """A bash script in which `synthmill` is the binary; returns a Result."""
        folder = self.home / "bin"
        folder.mkdir(exist_ok=True)
        link = folder / "synthmill"
        if not link.exists():
            link.symlink_to(self.binary)
        variables = self.environment(env)
        variables["PATH"] = f"{folder}:{variables['PATH']}"
        done = subprocess.run(["bash", "-c", script], capture_output=True, cwd=self.cwd,
                              env=variables, stdin=subprocess.DEVNULL, timeout=240)
        return Result([script], done.returncode, done.stdout, done.stderr)

    def clear(self):
        shutil.rmtree(self.cwd, ignore_errors=True)
