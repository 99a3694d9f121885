"""Proxies in front of Hearth: what they change, or hold back, is what a test is about."""

import http.server
import json
import threading
import urllib.error
import urllib.request

from loopback_server import LoopbackServer


class ForwardingProxy(LoopbackServer):
    """Hands everything on as it is; subclasses change it."""

    def __init__(self, target):
        self.target = target
        # Headers that are not handed on, in small letters.
        self.dropped = set()
        super().__init__(_Handler)

    def change(self, method, path, body):
        """The body that is sent on for this one; JSON, or nothing."""
        return body


class RetrievalOffProxy(ForwardingProxy):
    """Switches retrieval off: it lets every search look into a folder that is not there."""

    def change(self, method, path, body):
        if body is not None and path in ("/v1/chat/completions", "/v1/search"):
            narrowed = body.setdefault("hearth", {}) if path.startswith("/v1/chat") else body
            narrowed["path_prefix"] = "nowhere/"
        return body


class OptionsDroppedProxy(ForwardingProxy):
    """Loses how an answer is to be written."""

    def change(self, method, path, body):
        for name in ("temperature", "top_k", "seed") if body and path == "/v1/chat/completions" else ():
            body.pop(name, None)
        return body


class ContextDroppedProxy(ForwardingProxy):
    """Loses how much context a question is to have."""

    def change(self, method, path, body):
        if body and path == "/v1/chat/completions":
            body.get("hearth", {}).pop("context_length", None)
        return body


class DeletionsHeldProxy(ForwardingProxy):
    """Lets no order to delete a project through until it is stopped."""

    def __init__(self, target):
        self.is_holding = threading.Event()
        self.may_delete = threading.Event()
        super().__init__(target)

    def change(self, method, path, body):
        if method == "DELETE" and path.startswith("/v1/projects/"):
            self.is_holding.set()
            self.may_delete.wait(60)
        return body

    def stop(self):
        self.may_delete.set()
        super().stop()


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.forward()

    def do_DELETE(self):
        self.forward()

    def do_POST(self):
        self.forward()

    def forward(self):
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0)) or None
        proxy = self.server.owner
        body = proxy.change(self.command, self.path, json.loads(data) if data else None)
        data = None if body is None else json.dumps(body).encode()
        kept = {name: value for name, value in self.headers.items() if name.lower() not in {"host", "content-length", "connection", *proxy.dropped}}
        request = urllib.request.Request(proxy.target + self.path, data=data, method=self.command, headers=kept)
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=120) as reply:
                self.give(reply.status, reply.read())
        except urllib.error.HTTPError as error:
            with error:
                self.give(error.code, error.read())

    def give(self, status, data):
        try:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)
        except ConnectionError:
            # Whoever asked has gone.
            self.close_connection = True
