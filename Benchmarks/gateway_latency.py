#!/usr/bin/env python3
"""What the gateway adds: a scripted generator called directly and through Hearth, in interleaved rounds.

    gateway_latency.py --binary .build/release/hearth [--rounds 5] [--requests 40] [--generator PATH]

Three ways to the same generator: `direct` (its own protocol), `model` (through Hearth under the model's own name, no
retrieval), `project` (a question about a project: retrieval and prompt included). Every request streams. The table
gives the time to the first piece of text and the time to the end, p50 and p99, and what is added to `direct`.
"""

import argparse
import http.client
import json
import pathlib
import re
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "EndToEnd"))
sys.dont_write_bytecode = True

import fixture_codebase  # noqa: E402
import hearth_process  # noqa: E402
from scripted_ollama import MODEL  # noqa: E402


class Way:
    """One way to the generator, over a connection that is kept."""

    def __init__(self, name, port, path, body, is_text):
        self.name, self.port, self.path, self.body, self.is_text = name, port, path, body, is_text

    def connect(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.connect()
        return connection

    def measure(self, connection, question):
        """Seconds to the first piece of text and to the end."""
        body = json.dumps(self.body(question)).encode()
        started = time.perf_counter()
        connection.request("POST", self.path, body, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        if reply.status != 200:
            raise SystemExit(f"{self.name}: {reply.status} {reply.read(500)!r}")
        first = None
        while line := reply.readline():
            if first is None and self.is_text(line):
                first = time.perf_counter() - started
        return first, time.perf_counter() - started


def percentile(values, share):
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def run_round(way, concurrency, requests, tag):
    """`requests` requests over `concurrency` connections; a list of (first, end)."""
    results, errors = [], []

    def work(number):
        try:
            connection = way.connect()
            for index in range(number, requests, concurrency):
                results.append(way.measure(connection, f"How does the lamp work? ({tag}-{index})"))
            connection.close()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(concurrency)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return results


def start_generator(options):
    here = pathlib.Path(__file__).resolve().parent.parent
    if options.generator:
        command = [options.generator, "--port", "0", "--tokens", str(options.pieces), "--delay", str(options.delay)]
    else:
        script = here / "Tests" / "EndToEnd" / "scripted_ollama.py"
        command = [sys.executable, str(script), "--pieces", str(options.pieces), "--delay", str(options.delay / 1000)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    line = process.stdout.readline()
    found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
    if not found:
        process.kill()
        raise SystemExit(f"the generator did not start: {line}")
    return process, int(found.group(1))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--generator", help="the ScriptedModelServer executable; a Python server without it")
    parser.add_argument("--pieces", type=int, default=20, help="pieces of an answer")
    parser.add_argument("--delay", type=int, default=10, help="milliseconds before each piece")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=32, help="requests of one way in one round")
    parser.add_argument("--concurrency", type=int, nargs="*", default=[1, 4, 16])
    parser.add_argument("--set", action="append", default=[], metavar="KEY=VALUE")
    options = parser.parse_args()
    hearth_process.BINARY = str(pathlib.Path(options.binary).resolve())
    generator, generator_port = start_generator(options)
    home = hearth_process.Home()
    server = None
    try:
        home.ingest(fixture_codebase.write(home.folder / "lighthouse"), "lighthouse")
        server = home.serve({
            "generator.kind": "ollama", "generator.model": MODEL, "ollama.url": f"http://127.0.0.1:{generator_port}",
            "worker.slots": "16", "log.level": "warning", **dict(value.split("=", 1) for value in options.set)})
        ask = lambda question: [{"role": "user", "content": question}]
        content = lambda line: b'"content":"' in line and b'"content":""' not in line
        ways = [
            Way("direct", generator_port, "/api/chat", lambda q: {"model": MODEL, "messages": ask(q), "stream": True},
                lambda line: b'"content"' in line),
            Way("model", server.port, "/v1/chat/completions", lambda q: {"model": MODEL, "messages": ask(q), "stream": True}, content),
            Way("project", server.port, "/v1/chat/completions",
                lambda q: {"model": "hearth/lighthouse", "messages": ask(q), "stream": True}, content),
        ]
        for way in ways:
            run_round(way, 1, 5, "warm")
        print(f"{options.pieces} pieces, {options.delay} ms each; {options.rounds} rounds of {options.requests} requests; milliseconds")
        print(f"{'c':>3}  {'way':8} {'first p50':>10} {'p99':>8} {'end p50':>9} {'p99':>8}   {'added first p50':>15} {'p99':>7} {'added end p50':>14} {'p99':>7}")
        for concurrency in options.concurrency:
            figures = {way.name: [] for way in ways}
            for number in range(options.rounds):
                for way in ways[number % len(ways):] + ways[:number % len(ways)]:
                    figures[way.name] += run_round(way, concurrency, options.requests, f"{concurrency}-{number}-{way.name}")
            base = None
            for way in ways:
                first = [entry[0] for entry in figures[way.name] if entry[0] is not None]
                end = [entry[1] for entry in figures[way.name]]
                row = [percentile(first, 0.5), percentile(first, 0.99), percentile(end, 0.5), percentile(end, 0.99)]
                base = base or row
                added = [value - known for value, known in zip(row, base)]
                shown = [f"{value * 1000:.2f}" for value in row]
                more = [f"{value * 1000:+.2f}" for value in added] if way.name != "direct" else ["", "", "", ""]
                print(f"{concurrency:>3}  {way.name:8} {shown[0]:>10} {shown[1]:>8} {shown[2]:>9} {shown[3]:>8}   "
                      f"{more[0]:>15} {more[1]:>7} {more[2]:>14} {more[3]:>7}", flush=True)
    finally:
        if server:
            server.stop()
        home.close()
        generator.kill()
        generator.wait()
        generator.stdout.close()


if __name__ == "__main__":
    main()
