"""A server that speaks Ollama's chat protocol and writes a text that follows from the prompt alone.

The same messages give the same pieces, so that a test can know an answer that two processes wrote between them. A
trailing message of role `assistant` is a beginning to continue: the server goes on behind it, at any character.

    python scripted_ollama.py [--port 0] [--pieces 60] [--delay 0.01]     prints its URL
"""

import argparse
import hashlib
import http.server
import json
import select
import socket
import threading
import time

from loopback_server import LoopbackServer

MODEL = "scripted:latest"
WORDS = "alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike é 漢字 🙂".split()


def pieces_of(messages, count):
    """The pieces of the answer to these messages, without the beginning that is to be continued."""
    seed = hashlib.sha256(json.dumps(messages, sort_keys=True).encode()).digest()
    label = seed.hex()[:8]
    pieces = [f"({label}) "]
    for number in range(1, count):
        word = WORDS[(seed[number % len(seed)] + number) % len(WORDS)]
        # A marker now and then, so that markers are also cut by a crash.
        pieces.append(f"[1] {word}{number} " if number % 20 == 0 else f"{word}{number} ")
    return pieces


class Generation:
    """What the server knows of one request for a chat reply."""

    def __init__(self, messages, prefix):
        self.messages = messages
        self.prefix = prefix
        self.question = next((m["content"] for m in reversed(messages) if m["role"] == "user"), "")
        self.started = time.monotonic()
        self.sent = 0
        self.is_mismatched = False
        # When the client went away before the end.
        self.abandoned = None
        self.finished = None


class ScriptedOllama(LoopbackServer):
    """Serves on a free loopback port until `stop()`; what it was asked is in `generations`."""

    def __init__(self, pieces=60, delay=0.0, port=0, context_length=32_768):
        self.pieces = pieces
        self.delay = delay
        self.context_length = context_length
        self.generations = []
        self.requests = []
        self.is_broken = False
        self.lock = threading.Lock()
        super().__init__(_Handler, port)

    def break_connections(self):
        """Ends all replies in the middle, as a server that dies does."""
        self.is_broken = True

    def text_for(self, messages):
        return "".join(pieces_of(messages, self.pieces))

    def asked(self, fragment):
        """All generations whose question holds this text."""
        with self.lock:
            return [generation for generation in self.generations if fragment in generation.question]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def setup(self):
        super().setup()
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def do_GET(self):
        if self.path == "/api/version":
            self.reply({"version": "0.12.3"})
        elif self.path == "/api/tags":
            details = {"family": "scripted", "format": "gguf"}
            self.reply({"models": [{"name": MODEL, "model": MODEL, "size": 1, "digest": "0" * 64, "details": details}]})
        else:
            self.reply({"error": "not found"}, 404)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        owner = self.server.owner
        with owner.lock:
            owner.requests.append((self.path, body))
        if self.path == "/api/show":
            info = {"general.architecture": "scripted", "scripted.context_length": owner.context_length}
            self.reply({"capabilities": ["completion"], "model_info": info, "details": {"family": "scripted"}})
        elif self.path == "/api/chat":
            if body.get("model") != MODEL:
                return self.reply({"error": f"model '{body.get('model')}' not found"}, 404)
            self.chat(body)
        else:
            self.reply({"error": "not found"}, 404)

    def reply(self, value, status=200):
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def chat(self, body):
        owner = self.server.owner
        messages = body["messages"]
        prefix = ""
        if messages and messages[-1]["role"] == "assistant":
            prefix, messages = messages[-1]["content"], messages[:-1]
        generation = Generation(messages, prefix)
        with owner.lock:
            owner.generations.append(generation)
        limit = (body.get("options") or {}).get("num_predict")
        pieces = pieces_of(messages, min(owner.pieces, limit) if limit and limit > 0 else owner.pieces)
        rest = self.rest_behind(prefix, pieces)
        if rest is None:
            generation.is_mismatched = True
            rest = pieces
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            for piece in rest:
                self.wait(owner.delay)
                if owner.is_broken:
                    self.connection.shutdown(socket.SHUT_RDWR)
                    raise ConnectionAbortedError
                self.line({"model": MODEL, "message": {"role": "assistant", "content": piece}, "done": False})
                generation.sent += 1
            tokens = sum(len(m["content"]) for m in messages) // 4
            self.line({
                "model": MODEL, "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop",
                "prompt_eval_count": tokens, "eval_count": len(rest),
            })
            self.wfile.write(b"0\r\n\r\n")
            generation.finished = time.monotonic()
        except (ConnectionError, BrokenPipeError):
            generation.abandoned = time.monotonic()
            self.close_connection = True

    @staticmethod
    def rest_behind(prefix, pieces):
        """The pieces behind `prefix`, the first one cut; nothing if the text does not begin so."""
        text = "".join(pieces)
        # A model's reply loses the blanks at its end when it becomes a message.
        for known in (prefix, prefix + " "):
            if text.startswith(known):
                rest, skipped = [], len(prefix)
                for piece in pieces:
                    if skipped >= len(piece):
                        skipped -= len(piece)
                    else:
                        rest.append(piece[skipped:])
                        skipped = 0
                return rest
        return None

    def wait(self, seconds):
        """Waits, and notices when the client goes away meanwhile."""
        readable, _, _ = select.select([self.connection], [], [], seconds)
        if readable and self.connection.recv(1, socket.MSG_PEEK) == b"":
            raise ConnectionAbortedError

    def line(self, value):
        data = json.dumps(value, ensure_ascii=False).encode() + b"\n"
        self.wfile.write(b"%x\r\n%b\r\n" % (len(data), data))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--pieces", type=int, default=60)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each piece")
    options = parser.parse_args()
    server = ScriptedOllama(options.pieces, options.delay, options.port)
    print(f"scripted Ollama on {server.url}", flush=True)
    server.server.serve_forever()


if __name__ == "__main__":
    main()
