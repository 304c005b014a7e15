"""A server that speaks Google Cloud Storage's JSON interface: fake-gcs-server, in memory."""
import shutil

from services.process import Server, free_port, go_program

VERSION = "v1.56.1"


class GcsServer:
    """`environment` is what the binary needs to write to it."""

    def __init__(self, folder):
        self.folder = folder / "gcs"
        self.folder.mkdir(parents=True, exist_ok=True)
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        program = go_program("github.com/fsouza/fake-gcs-server", VERSION)
        self.server = Server(
            [program, "-scheme", "http", "-host", "127.0.0.1", "-port", self.port, "-public-host",
             f"127.0.0.1:{self.port}", "-external-url", self.endpoint, "-backend", "memory",
             "-log-level", "warn"],
            self.folder / "log", self.endpoint + "/storage/v1/b")
        self.server.start()
        self.environment = {"STORAGE_EMULATOR_HOST": self.endpoint}

    def close(self):
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def filesystem(self):
        """Another client than ours: Arrow's, which is built on Google's own C++ library."""
        from pyarrow import fs
        return fs.GcsFileSystem(anonymous=True, scheme="http",
                                endpoint_override=f"127.0.0.1:{self.port}", project_id="tests")

    def make_bucket(self, name):
        self.filesystem().create_dir(name)
        return name

    def keys(self, bucket):
        from pyarrow import fs
        found = self.filesystem().get_file_info(fs.FileSelector(bucket, recursive=True))
        return sorted(f.path[len(bucket) + 1:] for f in found if f.is_file)

    def text(self, bucket, key):
        with self.filesystem().open_input_stream(f"{bucket}/{key}") as file:
            return file.read().decode()

    def put(self, bucket, key, data):
        with self.filesystem().open_output_stream(f"{bucket}/{key}") as file:
            file.write(data)
