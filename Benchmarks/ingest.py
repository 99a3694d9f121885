#!/usr/bin/env python3
"""How fast a folder is taken in and searched, and what memory that takes.

    ingest.py --binary .build/release/hearth FOLDER [--queries 200] [--at-most SECONDS] [--precision int8]

Prints one table: seconds until the first answer, until all words and until all vectors are there, search p50 and p99 meanwhile and
afterwards, seconds for one changed file, and memory of the server. With --at-most it waits for all words, and for vectors no longer
than that: how many are there is said, and what is left is reckoned from the rate.
"""

import argparse
import os
import pathlib
import random
import shutil
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "EndToEnd"))
sys.dont_write_bytecode = True

import http.client  # noqa: E402
import json  # noqa: E402

import hearth_process  # noqa: E402


def memory(pid):
    """Resident MB now and at the peak, from /proc."""
    fields = dict(line.split(":", 1) for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines() if ":" in line)
    return int(fields["VmRSS"].split()[0]) / 1024, int(fields["VmHWM"].split()[0]) / 1024


class Filling:
    """A folder becomes a project of a running server, which is asked all the while."""

    def __init__(self, server, folder, questions, at_most):
        self.server, self.questions, self.at_most = server, questions, at_most
        self.started = time.perf_counter()
        self.answered = self.found = self.filled = None
        # Of searches that came while vectors were being computed.
        self.searches = []
        server.post("/v1/projects", {"id": "bench", "source": str(folder)})
        self.listed = server.post("/v1/projects/bench/ingest", {}).json["listed"]
        self.follow()

    def follow(self):
        number = 0
        next_look = 0.0
        while self.filled is None and not (self.found and self.seconds() > self.at_most):
            question = self.questions[number % len(self.questions)]
            number += 1
            if self.answered is None:
                body = {"model": "hearth/bench", "messages": [{"role": "user", "content": question}]}
                reply = self.server.post("/v1/chat/completions", body)
                if reply.status == 200 and reply.json["hearth"]["citations"]:
                    self.answered = self.seconds()
            else:
                self.searches += searches(self.server, [question])
            # A comparison lists the whole source: seldom.
            if self.seconds() >= next_look:
                self.look()
                next_look = self.seconds() + 1 + self.seconds() / 50
            # Often until the first answer; then a person's pace, which leaves the cores to what is measured.
            time.sleep(0.05 if self.answered is None else 0.5)
        self.searches.sort()

    def look(self):
        project = self.server.get("/v1/projects/bench").json
        if self.found is None and project["documents"] >= self.listed:
            self.found = self.seconds()
        if self.found is not None and project["unembedded"] == 0:
            self.filled = self.seconds()
        self.passages, self.missing = project["passages"], project["unembedded"]
        self.looked = self.seconds()

    def vectors(self, size):
        rate = (self.passages - self.missing) / self.looked
        speed = f"{rate:.1f} chunks/s, {size * (1 - self.missing / self.passages) / self.looked / 1024:.0f} KB/s"
        if self.filled:
            return f"{self.filled:.1f} s: {speed}"
        done = f"{self.passages - self.missing} of {self.passages} after {self.looked:.0f} s"
        # While words come in there are next to no vectors.
        since = self.looked - self.found
        return f"{done}: {speed}" + (f"; reckoned for all: {self.passages / rate / 60:.0f} min at most" if since > 60 else "")

    def seconds(self):
        return time.perf_counter() - self.started


def follow_change(server, folder):
    """Seconds from a change of one file until all vectors are there."""
    path = max((p for p in folder.rglob("*") if p.suffix in (".swift", ".py", ".go", ".rs", ".java", ".c")), key=lambda p: p.stat().st_size)
    path.write_bytes(path.read_bytes() + b"\n\n\n")
    started = time.perf_counter()
    while not server.post("/v1/projects/bench/ingest", {}).json["complete"]:
        time.sleep(0.05)
    return time.perf_counter() - started


def searches(server, queries):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    times = []
    for query in queries:
        body = json.dumps({"project": "bench", "query": query, "limit": 10}).encode()
        started = time.perf_counter()
        connection.request("POST", "/v1/search", body, {"Content-Type": "application/json"})
        reply = connection.getresponse()
        data = reply.read()
        times.append(time.perf_counter() - started)
        if reply.status != 200:
            raise SystemExit(f"search failed: {reply.status} {data[:300]!r}")
    connection.close()
    return sorted(times)


def queries_from(folder, count):
    """Questions of a few words that stand in the sources."""
    chance = random.Random(1)
    words = set()
    paths = [p for p in pathlib.Path(folder).rglob("*") if p.is_file() and p.stat().st_size < 200_000][:2000]
    for path in chance.sample(paths, min(len(paths), 100)):
        words.update(w for w in path.read_text(errors="ignore").split() if w.isidentifier() and 4 < len(w) < 24)
    known = sorted(words) or ["function"]
    return [f"how does {chance.choice(known)} use {chance.choice(known)} and {chance.choice(known)}" for _ in range(count)]


def milliseconds(times):
    return f"p50 {times[len(times) // 2] * 1000:.1f} ms, p99 {times[int(len(times) * 0.99)] * 1000:.1f} ms ({len(times)} over HTTP)"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("folder")
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--at-most", type=float, default=float("inf"))
    parser.add_argument("--precision", default="auto")
    options = parser.parse_args()
    hearth_process.BINARY = str(pathlib.Path(options.binary).resolve())
    folder = pathlib.Path(options.folder).resolve()
    home = hearth_process.Home()
    server = None
    try:
        # A copy, because a file is changed at the end.
        folder = pathlib.Path(shutil.copytree(folder, home.folder / "source", symlinks=True))
        questions = queries_from(folder, options.queries + 20)
        server = home.serve({"ingest.interval_seconds": "3600", "log.level": "warning", "generator.kind": "extractive",
                             "encoder.precision": options.precision})
        idle, _ = memory(server.process.pid)
        filling = Filling(server, folder, questions, options.at_most)
        _, peak = memory(server.process.pid)
        size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file() and not p.is_symlink())
        times = searches(server, questions[20:])
        change = f"{follow_change(server, folder):.2f} s until all is there" if filling.filled else "not measured: vectors were not waited for"
        rows = [
            ("source", f"{options.folder} ({filling.listed} files, {size / 1e6:.1f} MB, {filling.passages} chunks)"),
            ("cores", f"{os.cpu_count()}"),
            ("first answer", f"{filling.answered:.1f} s"),
            ("all words", f"{filling.found:.1f} s: {filling.listed / filling.found:.0f} files/s, {size / filling.found / 1024:.0f} KB/s"),
            ("all vectors", filling.vectors(size)),
            ("search while vectors fill in", milliseconds(filling.searches)),
            ("search afterwards", milliseconds(times)),
            ("one file changed", change),
            ("memory of the server", f"{idle:.0f} MB idle, {peak:.0f} MB at its peak"),
        ]
        width = max(len(name) for name, _ in rows)
        for name, value in rows:
            print(f"{name:{width}}  {value}")
    finally:
        if server:
            server.stop()
        home.close()


if __name__ == "__main__":
    main()
