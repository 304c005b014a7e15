"""An S3 server: versitygw over a folder."""
import shutil

from services.process import Server, free_port, go_program

VERSION = "v1.8.0"
KEY, SECRET = "tests", "tests-secret-key"


class S3Server:
    """`environment` and `flags` are what the binary needs to write to it."""

    def __init__(self, folder):
        self.folder = folder / "s3"
        for name in ("data", "meta"):
            (self.folder / name).mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        program = go_program("github.com/versity/versitygw/cmd/versitygw", VERSION)
        self.server = Server(
            [program, "--port", f"127.0.0.1:{self.port}", "--quiet", "posix", "--sidecar",
             self.folder / "meta", self.folder / "data"],
            self.folder / "log", self.endpoint,
            {"ROOT_ACCESS_KEY": KEY, "ROOT_SECRET_KEY": SECRET})
        self.server.start()
        self.environment = {"AWS_ACCESS_KEY_ID": KEY, "AWS_SECRET_ACCESS_KEY": SECRET,
                            "AWS_ENDPOINT_URL_S3": self.endpoint,
                            "AWS_EC2_METADATA_DISABLED": "true"}

    def close(self):
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def filesystem(self):
        """Another client than ours: Arrow's, which is built on Amazon's own SDK."""
        from pyarrow import fs
        return fs.S3FileSystem(access_key=KEY, secret_key=SECRET, region="us-east-1",
                               endpoint_override=f"127.0.0.1:{self.port}", scheme="http",
                               allow_bucket_creation=True)

    def make_bucket(self, name):
        self.filesystem().create_dir(name)
        return name

    def client(self):
        import boto3
        return boto3.client("s3", endpoint_url=self.endpoint, aws_access_key_id=KEY,
                            aws_secret_access_key=SECRET, region_name="us-east-1")

    def open_uploads(self, bucket):
        """Keys of multipart uploads that are neither completed nor aborted."""
        answer = self.client().list_multipart_uploads(Bucket=bucket)
        return sorted(upload["Key"] for upload in answer.get("Uploads", []))

    def keys(self, bucket):
        pages = self.client().get_paginator("list_objects_v2").paginate(Bucket=bucket)
        return sorted(o["Key"] for page in pages for o in page.get("Contents", []))

    def text(self, bucket, key):
        return self.client().get_object(Bucket=bucket, Key=key)["Body"].read().decode()
