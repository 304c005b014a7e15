"""Fixtures of the tests with Spark and a Hive metastore; they run in .cache/venv-spark."""
import itertools
import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from services.hive_metastore import HiveMetastore  # noqa: E402


@pytest.fixture(scope="session")
def metastore(workshop):
    service = HiveMetastore(workshop / "hive").start()
    yield service
    service.stop()


_names = itertools.count()


@pytest.fixture
def database():
    """The name of one that is not there."""
    return f"sales_{next(_names)}"


@pytest.fixture
def client(metastore):
    """An independent one."""
    from hmsclient import hmsclient
    with hmsclient.HMSClient(host="127.0.0.1", port=metastore.port) as c:
        yield c


@pytest.fixture(scope="session")
def spark(metastore, workshop):
    """Spark whose catalog is the metastore; times are UTC."""
    os.environ.update(SPARK_LOCAL_IP="127.0.0.1", PYSPARK_PYTHON=sys.executable, TZ="UTC",
                      LC_ALL="C.UTF-8")  # Java names folders by it
    from pyspark.sql import SparkSession
    session = (SparkSession.builder.master("local[1]").appName("synthmill-tests")
               .config("spark.driver.memory", "600m").config("spark.ui.enabled", "false")
               .config("spark.driver.bindAddress", "127.0.0.1")
               .config("spark.driver.extraJavaOptions", "-Duser.timezone=UTC")
               .config("spark.sql.session.timeZone", "UTC")
               .config("spark.sql.shuffle.partitions", "1")
               .config("spark.sql.warehouse.dir", str(workshop / "spark-warehouse"))
               .config("spark.hadoop.hive.metastore.uris", f"thrift://127.0.0.1:{metastore.port}")
               .enableHiveSupport().getOrCreate())
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()
