"""Hadoop's S3 connector, for a metastore and for Spark."""
import pathlib
import re

import pyspark

from services.maven import artifact, maven_jars

JARS = pathlib.Path(pyspark.__file__).resolve().parent / "jars"


def s3a_jars():
    """Of the version of pyspark's Hadoop. Its parent names the Amazon SDK it was built with, of which a
    few modules are enough: all of it are 600 MB."""
    version = next(JARS.glob("hadoop-client-api-*.jar")).stem.removeprefix("hadoop-client-api-")
    sdk = "${aws-java-sdk-v2.version}"
    jars = maven_jars(
        f"s3a-{version}",
        [artifact("org.apache.hadoop:hadoop-aws", version, ["*"]),
         *(artifact(f"software.amazon.awssdk:{m}", sdk)
           for m in ("s3", "s3-transfer-manager", "sts", "apache-client")),
         artifact("software.amazon.s3.analyticsaccelerator:analyticsaccelerator-s3", "1.3.1", ["*"])],
        "<parent><groupId>org.apache.hadoop</groupId><artifactId>hadoop-project</artifactId>"
        f"<version>{version}</version><relativePath/></parent>")
    # What pyspark has already would be there in two versions.
    there = {_artifact_of(jar) for jar in JARS.glob("*.jar")}
    return [jar for jar in jars if _artifact_of(jar) not in there]


def _artifact_of(jar):
    return re.sub(r"-\d.*", "", jar.name)


def s3a_settings(server, key, secret):
    """What Hadoop wants to know to reach that server."""
    return {"fs.s3a.endpoint": server.endpoint, "fs.s3a.endpoint.region": "us-east-1",
            "fs.s3a.path.style.access": "true", "fs.s3a.connection.ssl.enabled": "false",
            "fs.s3a.access.key": key, "fs.s3a.secret.key": secret,
            "fs.s3a.input.stream.type": "classic"}
