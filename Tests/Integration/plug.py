"""A plug between Hearth and a server: pulled, it refuses connections, hangs, answers nonsense, or is slow."""

import contextlib
import socket
import threading
import time


class Plug:
    """Forwards TCP connections to `host:port` until it is pulled. `address` is where to connect instead."""

    def __init__(self, host, port):
        self.target = (host, port)
        self.mode = "through"
        self.connections = set()
        self.lock = threading.Lock()
        self.listener = None
        self.port = None
        self._listen()

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def pull(self, mode):
        """- mode: `refuse`, `hang`, `error` (an HTTP 503 for each request) or `slow`. Open connections break,
        except with `slow`."""
        self.mode = mode
        if mode == "refuse":
            self._stop_listening()
        if mode != "slow":
            self._break_connections()

    def put_back(self):
        self.mode = "through"
        self._break_connections()
        if self.listener is None:
            self._listen()

    def close(self):
        self._stop_listening()
        self._break_connections()

    def _listen(self):
        listener = socket.create_server(("127.0.0.1", self.port or 0), backlog=128)
        self.port = listener.getsockname()[1]
        self.listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def _stop_listening(self):
        listener, self.listener = self.listener, None
        if listener:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def _break_connections(self):
        with self.lock:
            broken, self.connections = self.connections, set()
        for connection in broken:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()

    def _accept(self, listener):
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with self.lock:
            self.connections.add(client)
        if self.mode == "hang":
            return
        if self.mode == "error":
            return self._answer_errors(client)
        try:
            server = socket.create_connection(self.target, timeout=10)
        except OSError:
            client.close()
            return
        server.settimeout(None)
        with self.lock:
            self.connections.add(server)
        threading.Thread(target=self._pump, args=(client, server), daemon=True).start()
        self._pump(server, client)

    def _pump(self, source, sink):
        with contextlib.suppress(OSError, ValueError):
            while data := source.recv(65536):
                if self.mode == "slow":
                    time.sleep(0.05)
                sink.sendall(data)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _answer_errors(self, client):
        with contextlib.suppress(OSError):
            while client.recv(65536):
                client.sendall(b"HTTP/1.1 503 Service Unavailable\r\nContent-Length: 4\r\n\r\naway")
        client.close()
