"""A small Qdrant server for tests: the documented REST API, strictly, over Qdrant's own engine (qdrant-edge-py).

What it does not know is an error: an unknown path is 404, an unknown field or parameter and a wrong type are 400. With a data
folder it keeps collections and aliases over restarts, however it ended.

    python server.py [--port N] [--data FOLDER] [--port-file FILE] [--api-key KEY]

Listens on 127.0.0.1 only; prints its URL when it does.
"""

import argparse
import http.server
import json
import os
import re
import sys
import tempfile
import time
import urllib.parse

import shapes
import store
import wire_error

VERSION = "1.19.0"
LIMIT = 32 << 20
WRITE = {"wait": {"true", "false"}, "ordering": {"weak", "medium", "strong"}, "timeout": None}
READ = {"consistency": {"majority", "quorum", "all", "1", "2", "3"}, "timeout": None}
COLLECTION = "/collections/([^/]+)"
# Method, path, parameters, shape of the body, what it does.
ROUTES = [
    ("GET", "/collections", {}, None, lambda store, body: store.list()),
    ("GET", "/aliases", {}, None, lambda store, body: store.all_aliases()),
    ("POST", "/collections/aliases", {"timeout": None}, shapes.change_aliases,
     lambda store, body: store.change_aliases(body["actions"])),
    ("GET", f"{COLLECTION}/exists", {}, None, lambda store, body, name: store.exists(name)),
    ("GET", f"{COLLECTION}/aliases", {}, None, lambda store, body, name: store.all_aliases(of=name)),
    ("PUT", COLLECTION, {"timeout": None}, shapes.create, lambda store, body, name: store.create(name, body)),
    ("GET", COLLECTION, {}, None, lambda store, body, name: store.find(name).info()),
    ("PATCH", COLLECTION, {"timeout": None}, shapes.patch, lambda store, body, name: store.patch(name, body)),
    ("DELETE", COLLECTION, {"timeout": None}, None, lambda store, body, name: store.drop(name)),
    ("PUT", f"{COLLECTION}/index", WRITE, shapes.create_index,
     lambda store, body, name: store.find(name).create_index(body["field_name"], body["field_schema"])),
    ("PUT", f"{COLLECTION}/points", WRITE, shapes.upsert, lambda store, body, name: store.find(name).upsert(body["points"])),
    ("POST", f"{COLLECTION}/points", READ, shapes.get_points, lambda store, body, name: store.find(name).retrieve(body)),
    ("POST", f"{COLLECTION}/points/delete", WRITE, shapes.delete, lambda store, body, name: store.delete(name, body)),
    ("POST", f"{COLLECTION}/points/payload", WRITE, shapes.set_payload, lambda store, body, name: store.set_payload(name, body)),
    ("POST", f"{COLLECTION}/points/scroll", READ, shapes.scroll, lambda store, body, name: store.find(name).scroll(body)),
    ("POST", f"{COLLECTION}/points/count", READ, shapes.count, lambda store, body, name: store.find(name).count(body)),
    ("POST", f"{COLLECTION}/points/query", READ, shapes.query_request,
     lambda store, body, name: store.find(name).query([body])[0]),
    ("POST", f"{COLLECTION}/points/query/batch", READ, shapes.query_batch,
     lambda store, body, name: store.find(name).query(body["searches"])),
]
OPEN = {"/": {"title": "qdrant - vector search engine", "version": VERSION, "commit": "test"},
        "/healthz": "healthz check passed", "/livez": "healthz check passed", "/readyz": "all shards are ready"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Or an answer in two writes waits for the other side's delayed acknowledgement.
    disable_nagle_algorithm = True
    wbufsize = -1

    def answer(self):
        began = time.monotonic()
        try:
            length = int(self.headers.get("Content-Length") or 0)
            if length > LIMIT:
                self.close_connection = True
                return self.send(413, f"Payload reached size limit: {LIMIT}")
            data = self.rfile.read(length)
            path, _, parameters = self.path.partition("?")
            if self.command == "GET" and path in OPEN:
                return self.send(200, OPEN[path])
            key = self.server.api_key
            if key and key not in (self.headers.get("api-key"), (self.headers.get("Authorization") or "").removeprefix("Bearer ")):
                return self.send(401, "Invalid API key or JWT")
            result = self.result(path, parameters, data)
            return self.send(200, {"result": result, "status": "ok", "time": time.monotonic() - began})
        except wire_error.WireError as error:
            return self.send(error.status, {"status": {"error": error.message}, "time": time.monotonic() - began})
        except Exception as error:
            return self.send(500, {"status": {"error": f"Service internal error: {error!r}"}, "time": time.monotonic() - began})

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = answer

    def result(self, path, parameters, data):
        matching = [(route, found) for route in ROUTES if (found := re.fullmatch(route[1], path))]
        # A fixed name is no collection's.
        matching = [pair for pair in matching if not pair[1].groups()] or matching
        if not matching:
            raise wire_error.WireError(404, f"Not found: {path}")
        for (method, _, allowed, shape, act), found in matching:
            if method == self.command:
                check_parameters(parameters, allowed)
                body = read(data, shape)
                return act(self.server.store, body, *map(urllib.parse.unquote, found.groups()))
        raise wire_error.WireError(405, f"Method not allowed: {self.command} {path}")

    def send(self, status, value):
        text = isinstance(value, str)
        body = value.encode() if text else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/plain" if text else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *arguments):
        pass


def check_parameters(text, allowed):
    for name, value in urllib.parse.parse_qsl(text, keep_blank_values=True, strict_parsing=bool(text)):
        if name not in allowed:
            raise wire_error.WireError(400, f"Wrong input: unknown parameter `{name}`")
        values = allowed[name]
        if value not in values if values else not re.fullmatch("[1-9][0-9]*", value):
            raise wire_error.WireError(400, f"Deserialize error in query parameters: `{name}` cannot be `{value}`")


def read(data, shape):
    if shape is None:
        if data:
            raise wire_error.WireError(400, "Wrong input: this request has no body")
        return None
    try:
        body = json.loads(data)
    except ValueError as error:
        raise wire_error.WireError(400, f"Format error in JSON body: {error}") from error
    shape(body, "body")
    return body


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port, folder, api_key):
        self.store = store.Store(folder)
        self.api_key = api_key
        super().__init__(("127.0.0.1", port), Handler)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--data")
    parser.add_argument("--port-file")
    parser.add_argument("--api-key")
    options = parser.parse_args()
    server = Server(options.port, options.data or tempfile.mkdtemp(prefix="hearth-qdrant-"), options.api_key)
    url = f"http://127.0.0.1:{server.server_address[1]}"
    if options.port_file:
        with open(options.port_file + ".new", "w") as file:
            file.write(url)
        os.replace(options.port_file + ".new", options.port_file)
    print(url, flush=True)
    server.serve_forever()


if __name__ == "__main__":
    sys.exit(main())
