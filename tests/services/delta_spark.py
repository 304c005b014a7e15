"""Spark with Delta Lake, in a process and a venv of its own: a JVM has one set of extensions, and
Delta is built for a Spark that need not be the newest.

As a program it answers lines of JSON: each is Python code that sees `spark` and sets `result`."""
import json
import os
import pathlib
import subprocess
import sys

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]
PYTHON = REPOSITORY / ".cache" / "venv-spark-delta" / "bin" / "python"
# The Delta that was built for the Spark of tools/requirements-spark-delta.txt.
SPARK, DELTA = "4.2", "4.4.0"
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>synthmill</groupId><artifactId>delta-jars</artifactId><version>1</version>
<dependencies><dependency><groupId>io.delta</groupId><artifactId>delta-spark_{spark}_2.13</artifactId>
<version>{version}</version></dependency></dependencies></project>
"""
# What Spark has not itself.
WANTED = ("delta-spark", "delta-storage", "delta-kernel", "unitycatalog")


def jars():
    """The paths of the jars, fetched by Maven once and kept by version."""
    folder = REPOSITORY / ".cache" / f"delta-jars-{SPARK}-{DELTA}"
    if not (folder / "done").exists():
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "pom.xml").write_text(POM.format(spark=SPARK, version=DELTA))
        done = subprocess.run(["mvn", "-q", "-B", "dependency:copy-dependencies",
                               "-DoutputDirectory=.", "-DincludeScope=runtime"], cwd=folder,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode != 0:
            raise RuntimeError(f"mvn dependency:copy-dependencies: {done.stdout[-2000:]}")
        (folder / "done").touch()
    return sorted(str(p) for p in folder.glob("*.jar") if p.name.startswith(WANTED))


class DeltaSpark:
    """`spark.run("result = spark.read.format('delta').load(path).count()", path=…)`"""

    def __init__(self, folder):
        folder.mkdir(parents=True, exist_ok=True)
        self.log = (folder / "spark.log").open("w+")
        self.process = subprocess.Popen([str(PYTHON), __file__, *jars()], cwd=folder, text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.log)

    def run(self, code, **names):
        names = {k: str(v) for k, v in names.items()}
        self.process.stdin.write(json.dumps({"code": code, "names": names}) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, pathlib.Path(self.log.name).read_text()[-4000:]
        answer = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer["result"]

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)
        self.log.close()


def serve(paths):
    os.environ.update(SPARK_LOCAL_IP="127.0.0.1", PYSPARK_PYTHON=sys.executable, TZ="UTC")
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what Spark prints is not an answer
    from pyspark.sql import SparkSession
    spark = (SparkSession.builder.master("local[1]").appName("synthmill-delta")
             .config("spark.driver.memory", "600m").config("spark.ui.enabled", "false")
             .config("spark.driver.bindAddress", "127.0.0.1")
             .config("spark.driver.extraJavaOptions", "-Duser.timezone=UTC")
             .config("spark.sql.session.timeZone", "UTC")
             .config("spark.sql.shuffle.partitions", "1")
             .config("spark.databricks.delta.snapshotPartitions", "1")
             .config("spark.jars", ",".join(paths))
             .config("spark.sql.extensions", "io.delta.sql.DeltaSparkSessionExtension")
             .config("spark.sql.catalog.spark_catalog",
                     "org.apache.spark.sql.delta.catalog.DeltaCatalog").getOrCreate())
    spark.sparkContext.setLogLevel("ERROR")
    for line in sys.stdin:
        question = json.loads(line)
        scope = {"spark": spark, "result": None, **question["names"]}
        try:
            exec(question["code"], scope)  # noqa: S102  the tests' own code
            answer = {"result": scope["result"]}
        except Exception as e:  # noqa: BLE001  told to whoever asked
            answer = {"error": f"{type(e).__name__}: {e}"[:4000]}
        answers.write(json.dumps(answer, default=str) + "\n")
        answers.flush()
    spark.stop()


if __name__ == "__main__":
    serve(sys.argv[1:])
