"""Between a client and a metastore: holds a call back, so that a test can kill one of the two."""
import socket
import struct
import threading
import time


def close(connection):
    """Also where another thread waits for it."""
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    connection.close()


class StoppingProxy:
    """Passes Thrift messages on until `call` comes. `when` "before": the call is held back; "after":
    its answer is. `after`: only once that other call was answered. Then `stopped` is set."""

    def __init__(self, port, call, when, after=None):
        self.target = port
        self.call, self.when, self.after = call.encode(), when, after and after.encode()
        self.stopped = threading.Event()
        self.seen_after = after is None
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = self.server.getsockname()[1]
        self.open = [self.server]

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        for s in self.open:
            close(s)

    def cut(self):
        """Ends the connections; new ones go through, and nothing is held back again."""
        self.call = None
        for s in self.open[1:]:
            close(s)

    def _accept(self):
        while True:
            try:
                client = self.server.accept()[0]
            except OSError:
                return
            server = socket.create_connection(("127.0.0.1", self.target))
            self.open += [client, server]
            state = {"call": None}
            threading.Thread(target=self._forward, args=(client, server, state, "before"),
                             daemon=True).start()
            threading.Thread(target=self._forward, args=(server, client, state, "after"),
                             daemon=True).start()

    def _forward(self, source, sink, state, when):
        """A client asks one thing at a time: a chunk that begins as a message is a new call."""
        try:
            while chunk := source.recv(1 << 16):
                if when == "before" and len(chunk) > 8 and chunk[:2] == b"\x80\x01":
                    length = struct.unpack(">I", chunk[4:8])[0]
                    state["call"] = chunk[8:8 + length]
                if self.seen_after and state["call"] == self.call and when == self.when:
                    self.stopped.set()
                    return  # held back for good
                if when == "after" and state["call"] == self.after:
                    self.seen_after = True
                sink.sendall(chunk)
        except OSError:
            pass
        finally:
            if not self.stopped.is_set():
                close(sink)


class SlowProxy(StoppingProxy):
    """Every answer comes late."""

    def __init__(self, port, seconds):
        super().__init__(port, "", "never")
        self.seconds = seconds

    def _forward(self, source, sink, state, when):
        try:
            while chunk := source.recv(1 << 16):
                if when == "after":
                    time.sleep(self.seconds)
                sink.sendall(chunk)
        except OSError:
            pass
        finally:
            close(sink)
