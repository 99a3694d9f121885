#!/usr/bin/env python3
"""How fast a folder is taken in and searched, and what memory that takes.

    ingest.py --binary .build/release/hearth FOLDER [--queries 200]

Prints one table: KB/s, files/s and chunks/s of the first run, seconds of an unchanged one, memory of the ingesting
process at its peak and of the server idle and at its peak, search p50 and p99 over HTTP.
"""

import argparse
import os
import pathlib
import random
import subprocess
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


def ingest(home, folder):
    """The report, seconds of the process, and its peak of memory in MB."""
    started = time.perf_counter()
    process = home.start("ingest", str(folder), "--project", "bench", "--json", stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    peak = 0
    while process.poll() is None:
        try:
            peak = max(peak, memory(process.pid)[1])
        except (OSError, KeyError):
            pass
        time.sleep(0.05)
    seconds = time.perf_counter() - started
    output = process.stdout.read()
    process.stdout.close()
    if process.returncode != 0:
        raise SystemExit(f"ingest failed with {process.returncode}: {output}")
    return json.loads(output), seconds, peak


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


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("folder")
    parser.add_argument("--queries", type=int, default=200)
    options = parser.parse_args()
    hearth_process.BINARY = str(pathlib.Path(options.binary).resolve())
    folder = pathlib.Path(options.folder).resolve()
    home = hearth_process.Home()
    server = None
    try:
        report, seconds, peak = ingest(home, folder)
        again, unchanged, _ = ingest(home, folder)
        counts, index = report["counts"], report["index"]
        server = home.serve({"ingest.interval_seconds": "3600", "log.level": "warning"})
        # Idle: the model is loaded and nobody has asked yet.
        idle, _ = memory(server.process.pid)
        questions = queries_from(folder, options.queries + 20)
        searches(server, questions[:20])
        times = searches(server, questions[20:])
        after, top = memory(server.process.pid)
        rows = [
            ("source", f"{folder} ({index['documents']} files, {index['passages']} chunks, {counts['bytes'] / 1024:.0f} KB)"),
            ("cores", f"{os.cpu_count()}"),
            ("first run", f"{seconds:.1f} s: {counts['bytes'] / 1024 / seconds:.0f} KB/s, {counts['documents'] / seconds:.1f} files/s, "
                          f"{counts['passages'] / seconds:.1f} chunks/s"),
            ("unchanged run", f"{unchanged:.2f} s, {again['counts']['embedded']} chunks embedded"),
            ("index on disk", f"{index['bytes'] / 1e6:.1f} MB"),
            ("memory, ingest peak", f"{peak:.0f} MB"),
            ("memory, server idle", f"{idle:.0f} MB"),
            ("memory, server after searches", f"{after:.0f} MB (peak {top:.0f} MB)"),
            ("search over HTTP", f"p50 {times[len(times) // 2] * 1000:.2f} ms, p99 {times[int(len(times) * 0.99)] * 1000:.2f} ms ({len(times)} queries)"),
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
