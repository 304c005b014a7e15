"""Jars from Maven, fetched once and kept below .cache/services."""
import fcntl
import os
import shutil
import subprocess

from services.process import CACHE

POM = """<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  {parent}
  <groupId>synthmill.tests</groupId><artifactId>jars</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
{dependencies}
  </dependencies>
</project>
"""


def artifact(coordinates, version, without=()):
    """A <dependency>; `coordinates` are group:name. `without`: groups whose jars do not come with it."""
    group, name = coordinates.split(":")
    excluded = "".join(f"<exclusion><groupId>{g}</groupId><artifactId>*</artifactId></exclusion>"
                       for g in without)
    return (f"<dependency><groupId>{group}</groupId><artifactId>{name}</artifactId>"
            f"<version>{version}</version><exclusions>{excluded}</exclusions></dependency>")


def maven_jars(name, dependencies, parent=""):
    """All jars of the dependencies; `name` says which and of what version."""
    folder = CACHE / name
    CACHE.mkdir(parents=True, exist_ok=True)
    with open(CACHE / f"{name}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two test runs at the same time take turns
        if not folder.is_dir():
            new = CACHE / f"{name}.new"
            shutil.rmtree(new, ignore_errors=True)
            new.mkdir()
            (new / "pom.xml").write_text(
                POM.format(parent=parent, dependencies="\n".join(dependencies)))
            done = subprocess.run(["mvn", "-q", "-B", "dependency:copy-dependencies",
                                   "-DoutputDirectory=lib"], cwd=new, text=True, check=False,
                                  capture_output=True, env={**os.environ, "TERM": "dumb"})
            if done.returncode != 0:
                raise RuntimeError(f"mvn dependency:copy-dependencies: {done.stdout[-2000:]}")
            new.rename(folder)
    return sorted((folder / "lib").glob("*.jar"))
