"""Real Hive metastores on 127.0.0.1, their data in a folder: the Hive 2.3 that pyspark carries, and
Hive 3.1 from Maven."""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import pyspark

from services.maven import artifact, maven_jars

HERE = pathlib.Path(__file__).resolve().parent
JARS = pathlib.Path(pyspark.__file__).resolve().parent / "jars"
OPENED = ("java.lang", "java.net", "java.util", "java.util.concurrent", "java.nio", "sun.nio.ch")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def java():
    home = os.environ.get("JAVA_HOME")
    return str(pathlib.Path(home) / "bin" / "java") if home else (shutil.which("java") or "java")


class HiveMetastore:
    """start() waits until it answers; kill() is kill -9; start() again goes on with the same data."""

    SETTINGS, PROGRAM = "hive-site.xml", "LocalMetastore.java"

    def class_path(self):
        return [f"{JARS}/*"]

    def __init__(self, folder, jars=(), more_settings=None):
        self.jars = [str(jar) for jar in jars]  # beside pyspark's
        self.folder = pathlib.Path(folder)
        self.warehouse = self.folder / "warehouse"
        self.warehouse.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.process = None
        settings = {
            "javax.jdo.option.ConnectionURL":
                f"jdbc:derby:;databaseName={self.folder}/metastore_db;create=true",
            "hive.metastore.warehouse.dir": f"file:{self.warehouse}",
            "datanucleus.schema.autoCreateAll": "true",
            "hive.metastore.schema.verification": "false",
            "hive.async.log.enabled": "false",
            **(more_settings or {}),
        }
        properties = "".join(f"<property><name>{k}</name><value>{v}</value></property>\n"
                             for k, v in settings.items())
        conf = self.folder / "conf"
        conf.mkdir(exist_ok=True)
        (conf / self.SETTINGS).write_text(f"<configuration>\n{properties}</configuration>\n")
        self.conf = conf

    @property
    def uri(self):
        return f"hive://127.0.0.1:{self.port}"

    def start(self):
        assert self.process is None
        opened = [f"--add-opens=java.base/{p}=ALL-UNNAMED" for p in OPENED]
        self.log = (self.folder / "metastore.log").open("ab")
        self.process = subprocess.Popen(
            [java(), "-Xmx256m", "-Xms64m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", *opened,
             "-cp", ":".join([str(self.conf), *self.class_path(), *self.jars]), str(HERE / self.PROGRAM), str(self.port)],
            cwd=self.folder, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL,
            env={**os.environ, "LC_ALL": "C.UTF-8"})  # Java names folders by it
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.tail()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the metastore does not answer:\n{self.tail()}")

    def tail(self):
        return (self.folder / "metastore.log").read_text(errors="replace")[-4000:]

    def kill(self):
        if self.process is None:
            return
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.process = None
        self.log.close()

    stop = kill


class Hive3Metastore(HiveMetastore):
    """Of Hive 3.1."""

    SETTINGS, PROGRAM = "metastore-site.xml", "LocalMetastore3.java"
    VERSION = "3.1.3"

    def __init__(self, folder):
        super().__init__(folder, more_settings={
            "metastore.expression.proxy":
                "org.apache.hadoop.hive.metastore.DefaultPartitionExpressionProxy",
            "metastore.task.threads.always":
                "org.apache.hadoop.hive.metastore.events.EventCleanerTask"})

    def class_path(self):
        jars = maven_jars(f"hive-metastore-{self.VERSION}", [
            artifact("org.apache.hive:hive-standalone-metastore", self.VERSION,
                     ["org.apache.hadoop"]),
            artifact("commons-collections:commons-collections", "3.2.2")])
        return [*map(str, jars), *map(str, JARS.glob("hadoop-client-*.jar"))]
