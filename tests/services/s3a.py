"""Hadoop's S3 connector, from Maven, for a metastore and for Spark; fetched once and kept."""
import fcntl
import os
import pathlib
import re
import shutil
import subprocess

import pyspark

from services.process import CACHE

# The version is that of the Hadoop in pyspark; its parent names the Amazon SDK that it was built with, of which
# a few modules are enough (all of it are 600 MB).
POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <parent>
    <groupId>org.apache.hadoop</groupId><artifactId>hadoop-project</artifactId><version>{version}</version>
    <relativePath/>
  </parent>
  <artifactId>s3a</artifactId><packaging>pom</packaging>
  <dependencies>
    <dependency>
      <groupId>org.apache.hadoop</groupId><artifactId>hadoop-aws</artifactId>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>
    {modules}
    <dependency>
      <groupId>software.amazon.s3.analyticsaccelerator</groupId><artifactId>analyticsaccelerator-s3</artifactId>
      <version>1.3.1</version>
      <exclusions><exclusion><groupId>*</groupId><artifactId>*</artifactId></exclusion></exclusions>
    </dependency>
  </dependencies>
</project>
"""
MODULE = """<dependency>
      <groupId>software.amazon.awssdk</groupId><artifactId>{}</artifactId>
      <version>${{aws-java-sdk-v2.version}}</version>
    </dependency>"""
MODULES = ("s3", "s3-transfer-manager", "sts", "apache-client")


def s3a_jars():
    jars = pathlib.Path(pyspark.__file__).resolve().parent / "jars"
    version = next(jars.glob("hadoop-client-api-*.jar")).stem.removeprefix("hadoop-client-api-")
    folder = CACHE / f"s3a-{version}"
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / "s3a.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.is_dir():
            new = folder.with_suffix(".new")
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir()
            (new / "pom.xml").write_text(POM.format(
                version=version, modules="\n    ".join(MODULE.format(m) for m in MODULES)))
            done = subprocess.run(["mvn", "-q", "-B", "dependency:copy-dependencies",
                                   "-DoutputDirectory=lib"], cwd=new, text=True, check=False,
                                  capture_output=True, env={**os.environ, "TERM": "dumb"})
            if done.returncode != 0:
                raise RuntimeError(f"mvn dependency:copy-dependencies: {done.stdout[-2000:]}")
            new.rename(folder)
    # What pyspark has already would be there in two versions.
    there = {artifact(jar) for jar in jars.glob("*.jar")}
    return sorted(j for j in (folder / "lib").glob("*.jar") if artifact(j) not in there)


def artifact(jar):
    return re.sub(r"-\d.*", "", jar.name)


def s3a_settings(server, key, secret):
    """What Hadoop wants to know to reach that server."""
    return {"fs.s3a.endpoint": server.endpoint, "fs.s3a.endpoint.region": "us-east-1",
            "fs.s3a.path.style.access": "true", "fs.s3a.connection.ssl.enabled": "false",
            "fs.s3a.access.key": key, "fs.s3a.secret.key": secret,
            "fs.s3a.input.stream.type": "classic"}
