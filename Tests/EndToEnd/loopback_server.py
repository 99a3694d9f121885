"""An HTTP server of a test on a free loopback port."""

import http.server
import threading


class LoopbackServer:
    """Serves until `stop()`; its handler finds it as `self.server.owner`."""

    def __init__(self, handler, port=0):
        self.server = _Server(("127.0.0.1", port), handler)
        self.server.owner = self
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    def start(self):
        self.thread.start()
        return self

    def stop(self):
        self.server.shutdown()
        self.server.server_close()


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        """A client that is killed resets its connections: that is what the tests do, no error."""
