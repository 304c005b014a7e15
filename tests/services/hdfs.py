"""A real HDFS (Hadoop's mini cluster, from Maven) on 127.0.0.1, and Hadoop's own C library.

libhdfs is compiled from Hadoop 3.3's sources as the crate hdfs-sys carries them: no package has it
ready-made. Jars and library are kept below .cache/services by version.
"""
import base64
import contextlib
import fcntl
import os
import pathlib
import shutil
import subprocess

from services.process import CACHE, free_port

HERE = pathlib.Path(__file__).resolve().parent
HADOOP, CRATE = "3.4.1", "0.3.1"
JARS = (*(("org.apache.hadoop", name, HADOOP) for name in (
    "hadoop-client-minicluster", "hadoop-client-api", "hadoop-client-runtime")),
    # libhdfs needs it under its own name, which the jars above lack.
    ("org.apache.commons", "commons-lang3", "3.17.0"))


def java_home():
    home = os.environ.get("JAVA_HOME")
    if home:
        return pathlib.Path(home)
    java = shutil.which("java")
    if not java:
        raise RuntimeError("no java: apt-get install openjdk-17-jdk-headless")
    return pathlib.Path(java).resolve().parents[1]


def _run(command, folder, missing):
    if not shutil.which(command[0]):
        raise RuntimeError(f"no {command[0]}: {missing}")
    done = subprocess.run([str(c) for c in command], cwd=folder, text=True, capture_output=True,
                          stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{command}: {done.stdout[-1000:]}{done.stderr[-2000:]}")


@contextlib.contextmanager
def _made(folder):
    """A folder to fill, renamed to `folder` when it is whole; None if it is there already."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{folder.name}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs at the same time take turns
        if folder.is_dir():
            yield None
            return
        new = folder.with_name(folder.name + ".new")
        shutil.rmtree(new, ignore_errors=True)
        new.mkdir()
        yield new
        new.rename(folder)


def jars():
    """The folder of Hadoop's jars."""
    folder = CACHE / f"hadoop-{HADOOP}"
    with _made(folder) as new:
        if new:
            wanted = "".join(
                f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>"
                f"<version>{version}</version></dependency>" for group, name, version in JARS)
            (new / "pom.xml").write_text(
                "<project><modelVersion>4.0.0</modelVersion><groupId>tests</groupId>"
                "<artifactId>hdfs</artifactId><version>1</version>"
                f"<dependencies>{wanted}</dependencies></project>")
            _run(["mvn", "-q", "-B", "dependency:copy-dependencies", "-DoutputDirectory=."], new,
                 "apt-get install maven")
    return folder


def cargo():
    there = shutil.which("cargo") or str(pathlib.Path.home() / ".cargo" / "bin" / "cargo")
    return there if pathlib.Path(there).exists() else "cargo"


def library():
    """The folder of libhdfs.so."""
    folder = CACHE / f"libhdfs-{CRATE}"
    with _made(folder) as new:
        if new:
            (new / "src").mkdir()
            (new / "src" / "lib.rs").touch()
            (new / "Cargo.toml").write_text(
                '[package]\nname = "tests"\nversion = "0.0.0"\nedition = "2021"\n'
                f'[dependencies]\nhdfs-sys = "={CRATE}"\n')
            _run([cargo(), "vendor", "-q"], new, "apt-get install cargo")
            sources = new / "vendor" / "hdfs-sys" / "libhdfs"
            hdfs, java = sources / "hdfs_3_3", java_home()
            _run(["cc", "-shared", "-fPIC", "-O2", "-w", "-fcommon",
                  *hdfs.glob("*.c"), *(hdfs / "os" / "posix").glob("*.c"),
                  *(f"-I{f}" for f in (sources, hdfs, hdfs / "include", hdfs / "os",
                                       hdfs / "os" / "posix", java / "include",
                                       java / "include" / "linux")),
                  f"-L{java}/lib/server", "-ljvm", "-lpthread", "-ldl", "-o", new / "libhdfs.so"],
                 new, "apt-get install gcc")
            shutil.rmtree(new / "vendor")
    return folder


class HdfsServer:
    """`environment` is what the binary needs to reach it. kill() is kill -9; start() again goes on
    with what was there. The rest is done by Hadoop's Java client: another one than ours."""

    def __init__(self, folder):
        self.folder = folder / "hdfs"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.root = f"hdfs://127.0.0.1:{self.port}"
        # A cluster's own settings for its clients: without the pause of 400 ms that Hadoop makes
        # where a data node has not reported a block yet.
        conf = self.folder / "conf"
        conf.mkdir()
        (conf / "hdfs-site.xml").write_text(
            "<configuration>"
            "<property><name>dfs.replication</name><value>2</value></property><property>"
            "<name>dfs.client.block.write.locateFollowingBlock.initial.delay.ms</name>"
            "<value>10</value></property></configuration>")
        self.environment = {"JAVA_HOME": str(java_home()), "LIBHDFS_DIR": str(library()),
                            "CLASSPATH": f"{conf}:{jars()}/*",
                            "LIBHDFS_OPTS": "-Xmx256m -XX:+UseSerialGC -XX:TieredStopAtLevel=1"}
        self.process = None
        self.start()

    def start(self):
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [java_home() / "bin" / "java", "-Xmx400m", "-XX:+UseSerialGC",
                 "-XX:TieredStopAtLevel=1", "-cp", f"{jars()}/*", HERE / "LocalHdfs.java",
                 str(self.port), self.folder / "dfs"],
                cwd=self.folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                text=True)
        if self.process.stdout.readline() != "ready\n":
            self.kill()
            raise RuntimeError(f"HDFS did not start: {(self.folder / 'log').read_text()[-3000:]}")

    def kill(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdin.close()
            self.process.stdout.close()
        self.process = None

    def close(self):
        self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def ask(self, *words):
        self.process.stdin.write("\t".join(words) + "\n")
        self.process.stdin.flush()
        answer, _, rest = self.process.stdout.readline().rstrip("\n").partition(" ")
        if answer != "ok":
            raise OSError(rest)
        return base64.b64decode(rest)

    def files(self, folder):
        """{path below the folder: (bytes, copies)}, of all files at any depth."""
        rows = [line.split("\t") for line in self.ask("files", folder).decode().splitlines()]
        return {path[len(folder.rstrip("/")) + 1:]: (int(size), int(copies))
                for path, size, copies in rows}

    def read(self, path):
        return self.ask("read", path)

    def write(self, path, data):
        self.ask("write", path, base64.b64encode(data).decode())
