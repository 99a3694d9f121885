"""A proxy in front of Hearth that switches retrieval off: it lets every search look into a folder that is not there."""

import http.server
import json
import urllib.error
import urllib.request

from loopback_server import LoopbackServer


class RetrievalOffProxy(LoopbackServer):
    def __init__(self, target):
        self.target = target
        super().__init__(_Handler)


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
        if data and self.path in ("/v1/chat/completions", "/v1/search"):
            body = json.loads(data)
            narrowed = body.setdefault("hearth", {}) if self.path.startswith("/v1/chat") else body
            narrowed["path_prefix"] = "nowhere/"
            data = json.dumps(body).encode()
        kept = {name: value for name, value in self.headers.items() if name.lower() not in ("host", "content-length", "connection")}
        request = urllib.request.Request(self.server.owner.target + self.path, data=data, method=self.command, headers=kept)
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=120) as reply:
                self.give(reply.status, reply.read())
        except urllib.error.HTTPError as error:
            with error:
                self.give(error.code, error.read())

    def give(self, status, data):
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)
