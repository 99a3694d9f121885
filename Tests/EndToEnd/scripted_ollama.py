"""A server that speaks Ollama's protocol: a chat model that writes a text that follows from the prompt alone, and encoders.

The same messages give the same pieces, so that a test can know an answer that two processes wrote between them. A
trailing message of role `assistant` is a beginning to continue: the server goes on behind it, at any character.

    python scripted_ollama.py [--port 0] [--pieces 60] [--delay 0.01]     prints its URL
"""

import argparse
import hashlib
import http.server
import json
import math
import re
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


def vector_of(text, dimension):
    """A vector of length 1 that follows from the words: texts that share words are near each other."""
    vector = [0.0] * dimension
    for word in re.findall(r"[A-Za-z]+", text.lower()) or [""]:
        vector[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % dimension] += 1
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector]


class Encoder:
    """A model that makes vectors."""

    def __init__(self, dimension, digest="e" * 64, context_length=2048):
        self.dimension = dimension
        self.digest = digest
        self.context_length = context_length


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

    def __init__(self, pieces=60, delay=0.0, port=0, context_length=32_768, encoders=None):
        self.pieces = pieces
        self.delay = delay
        self.context_length = context_length
        # Of the chat model.
        self.digest = "0" * 64
        # By full name, with the tag. May be changed at any time, as by `ollama pull`.
        self.encoders = dict(encoders or {})
        # What embeddings of texts with `held` in them wait for; set lets them pass.
        self.held = ""
        self.may_embed = threading.Event()
        self.may_embed.set()
        self.is_embedding = threading.Event()
        self.generations = []
        self.requests = []
        self.is_broken = False
        # Replies that are being written at this moment, and the most there ever were.
        self.at_once = self.most_at_once = 0
        self.lock = threading.Lock()
        super().__init__(_Handler, port)

    def break_connections(self):
        """Ends all replies in the middle, as a server that dies does."""
        self.is_broken = True

    def encoder(self, name):
        return self.encoders.get(name) or self.encoders.get(f"{name}:latest")

    def embedded(self):
        """All texts that vectors were asked for."""
        with self.lock:
            return [text for path, body in self.requests if path == "/api/embed" for text in body["input"]]

    def text_for(self, messages):
        return "".join(self.pieces_for(messages))

    def pieces_for(self, messages, limit=None):
        """What the chat model writes; a server of another kind writes something else."""
        return pieces_of(messages, min(self.pieces, limit) if limit and limit > 0 else self.pieces)

    def tokens_of(self, messages):
        """How many tokens of a prompt it says that it read."""
        return sum(len(message["content"]) for message in messages) // 4

    def count_of(self, pieces):
        """How many tokens it says that it wrote."""
        return len(pieces)

    def vector(self, text, dimension):
        return vector_of(text, dimension)

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
            models = [{"name": MODEL, "model": MODEL, "size": 1, "digest": self.server.owner.digest, "details": details}]
            models += [{"name": name, "model": name, "size": 1, "digest": encoder.digest, "details": {"family": "bert"}}
                       for name, encoder in self.server.owner.encoders.items()]
            self.reply({"models": models})
        else:
            self.reply({"error": "not found"}, 404)

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        owner = self.server.owner
        with owner.lock:
            owner.requests.append((self.path, body))
        if self.path == "/api/show" and (encoder := owner.encoder(body.get("model"))):
            info = {"general.architecture": "bert", "bert.context_length": encoder.context_length,
                    "bert.embedding_length": encoder.dimension}
            self.reply({"capabilities": ["embedding"], "model_info": info, "details": {"family": "bert"}})
        elif self.path == "/api/embed":
            self.embed(body)
        elif self.path == "/api/show":
            info = {"general.architecture": "scripted", "scripted.context_length": owner.context_length}
            self.reply({"capabilities": ["completion"], "model_info": info, "details": {"family": "scripted"}})
        elif self.path == "/api/chat":
            if body.get("model") != MODEL:
                return self.reply({"error": f"model '{body.get('model')}' not found"}, 404)
            self.chat(body)
        else:
            self.reply({"error": "not found"}, 404)

    def embed(self, body):
        owner = self.server.owner
        unknown = set(body) - {"model", "input", "truncate", "dimensions", "keep_alive", "options"}
        if unknown or not body.get("input") or not all(isinstance(text, str) and text for text in body["input"]):
            return self.reply({"error": f"bad request: {sorted(unknown)}"}, 400)
        encoder = owner.encoder(body.get("model"))
        if encoder is None:
            return self.reply({"error": f"model '{body.get('model')}' not found"}, 404)
        if body.get("truncate") is not False:
            return self.reply({"error": "these tests let nothing be cut"}, 400)
        if any(len(text.split()) > encoder.context_length for text in body["input"]):
            return self.reply({"error": "the input length exceeds the context length"}, 400)
        owner.is_embedding.set()
        if any(owner.held in text for text in body["input"]):
            owner.may_embed.wait(60)
        vectors = [owner.vector(text, encoder.dimension) for text in body["input"]]
        self.reply({"model": body["model"], "embeddings": vectors, "prompt_eval_count": 1})

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
            owner.at_once += 1
            owner.most_at_once = max(owner.most_at_once, owner.at_once)
        try:
            self.generate(body, generation, messages, prefix)
        finally:
            with owner.lock:
                owner.at_once -= 1

    def generate(self, body, generation, messages, prefix):
        owner = self.server.owner
        limit = (body.get("options") or {}).get("num_predict")
        pieces = owner.pieces_for(messages, limit)
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
            tokens = owner.tokens_of(messages)
            self.line({
                "model": MODEL, "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop",
                "prompt_eval_count": tokens, "eval_count": owner.count_of(rest),
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
