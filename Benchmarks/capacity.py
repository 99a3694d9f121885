#!/usr/bin/env python3
"""The queue as it is: questions come at random to a real `hearth serve` with a scripted generator, beside what the model says.

    capacity.py --binary .build/release/hearth [--slots 4] [--pieces 20] [--delay 0.05] [--seconds 60] [--loads 0.5 0.8 0.95]

A line for each load: how long questions waited for a slot, as measured, by simulation with the very same arrivals and answers, and by
formula. Then a run with twice the load that there are slots for, and room for few to wait. Then what the process used.

    capacity.py --binary … --roles FOLDER [--questions 200]

What each process of a cluster uses, over a Pulsar broker of its own: FOLDER is ingested, questions about it are asked, eight at a time.
"""

import argparse
import os
import pathlib
import random
import statistics
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "Tests" / "EndToEnd"))
sys.dont_write_bytecode = True

import hearth_process  # noqa: E402
import queue_model  # noqa: E402
from pulsar_broker import PulsarBroker  # noqa: E402
from scripted_ollama import MODEL, ScriptedOllama  # noqa: E402
from server_sent_events import EventStream  # noqa: E402


def ask(server, place, begun, results, name=MODEL):
    stream = EventStream(server.url + "/v1/chat/completions", {
        "model": name, "stream": True, "messages": [{"role": "user", "content": f"Question {place} at {begun}"}]})
    try:
        if stream.status == 429:
            results[place] = (None, int(stream.headers["Retry-After"]))
            return
        first = None
        for chunk in stream:
            if first is None and chunk.get("choices") and chunk["choices"][0]["delta"].get("content"):
                first = time.monotonic() - begun
        results[place] = (first, time.monotonic() - begun)
    finally:
        stream.connection.close()
        stream.reply.close()


def run(server, moments):
    """Asks at these moments; for each question seconds to the first text and to the end, or `None` and Retry-After."""
    results, threads, start = {}, [], time.monotonic() + 0.2
    for place, moment in enumerate(moments):
        time.sleep(max(0, start + moment - time.monotonic()))
        threads.append(threading.Thread(target=ask, args=(server, place, time.monotonic(), results)))
        threads[-1].start()
    for thread in threads:
        thread.join()
    if len(results) < len(moments):
        raise SystemExit(f"{len(moments) - len(results)} questions have no answer")
    return [results[place] for place in range(len(moments))]


def used(process):
    """(CPU seconds, largest resident MB) of a process so far."""
    fields = pathlib.Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    peak = next(line for line in pathlib.Path(f"/proc/{process.pid}/status").read_text().splitlines() if line.startswith("VmHWM"))
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), int(peak.split()[1]) / 1024


def once(home, settings, *arguments):
    """Runs a command to its end. (CPU seconds, largest resident MB)."""
    process = home.start(*arguments, settings=settings, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise SystemExit(f"hearth {' '.join(arguments)} ended with {process.returncode}")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def roles(folder, questions):
    model, broker, home = ScriptedOllama(pieces=20, delay=0.02).start(), PulsarBroker().start(), hearth_process.Home()
    settings = {"bus.kind": "pulsar", "pulsar.url": broker.url, "generator.kind": "ollama", "generator.model": MODEL,
                "ollama.url": model.url, "worker.slots": "8", "log.level": "warning"}
    try:
        rows = [("migrate", *once(home, settings, "migrate"), "")]
        quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        log = open(home.folder / "gateway.log", "w")
        process = home.start("gateway", settings={**settings, "server.port": "0"}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        server = hearth_process.Server(process, log).wait_until_ready()
        ingest = home.start("worker", "--topic", "ingest", settings=settings, **quiet)
        worker = home.start("worker", "--topic", "answer", settings=settings, **quiet)
        idle = {"gateway": used(process)[1], "worker": used(worker)[1], "ingest": used(ingest)[1]}
        reply = server.post("/v1/projects", {"id": "code", "source": str(pathlib.Path(folder).resolve())})
        if reply.status >= 300:
            raise SystemExit(f"{reply}")
        server.post("/v1/projects/code/ingest")
        hearth_process.eventually(lambda: is_done(server), "the ingest", 1800)
        rows.append(("ingest, the folder", *used(ingest), f"idle {idle['ingest']:.0f}"))
        before = {"gateway": used(process)[0], "worker": used(worker)[0]}
        results = {}
        for start in range(0, questions, 8):
            threads = [threading.Thread(target=ask, args=(server, start + place, time.monotonic(), results, "hearth/code")) for place in range(8)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
        for name, each in (("gateway", process), ("worker", worker)):
            seconds, peak = used(each)
            spent = (seconds - before[name]) / questions * 1000
            rows.append((f"{name}, {questions} questions", seconds - before[name], peak, f"{spent:.1f} ms a question; idle {idle[name]:.0f}"))
        rows.append(("heat run", *once(home, {**settings, "heat.hot_days": "0", "heat.warm_days": "0"}, "heat", "run"), ""))
        print("| process | CPU s | largest MB | |\n|---|---|---|---|")
        for name, seconds, peak, more in rows:
            print(f"| {name} | {seconds:.1f} | {peak:.0f} | {more} |")
    finally:
        home.close()
        broker.close()
        model.stop()


def is_done(server):
    """Whether all documents are in the index."""
    time.sleep(1)
    metrics = server.get("/metrics").body.decode()
    left = sum(float(line.split()[-1]) for line in metrics.splitlines() if 'topic="ingest"' in line and line.startswith("hearth_tasks_"))
    return left == 0 and server.get("/v1/projects/code").json["documents"] > 0


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--slots", type=int, default=4)
    parser.add_argument("--pieces", type=int, default=20)
    parser.add_argument("--delay", type=float, default=0.05)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--loads", type=float, nargs="*", default=[0.5, 0.8, 0.95])
    parser.add_argument("--limit", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--roles", metavar="FOLDER")
    parser.add_argument("--questions", type=int, default=200)
    options = parser.parse_args()
    hearth_process.BINARY = str(pathlib.Path(options.binary).resolve())
    if options.roles:
        return roles(options.roles, options.questions)
    model = ScriptedOllama(pieces=options.pieces, delay=options.delay).start()
    home = hearth_process.Home()
    settings = {"generator.kind": "ollama", "generator.model": MODEL, "ollama.url": model.url, "log.level": "warning",
                "worker.slots": str(options.slots)}
    try:
        server = home.serve(settings)
        # One at a time: what an answer takes when nobody waits.
        alone = [run(server, [0])[0] for _ in range(5)]
        first, service = (sorted(values)[2] for values in zip(*alone))
        print(f"{options.slots} slots, {service:.2f} s an answer, {first:.2f} s to its first text when nobody waits\n")
        print("| load | questions | an answer took, s | waited: mean, p95 s | simulation, the same arrivals and answers | formula |\n|---|---|---|---|---|---|")
        for load in options.loads:
            rate = load * options.slots / service
            moments = queue_model.poisson(random.Random(options.seed), rate, max(20, int(rate * options.seconds)))
            answers = run(server, moments)
            measured = queue_model.summary([max(0.0, begun - first) for begun, _ in answers])
            # On a busy machine answers take longer than alone: what is compared is the queue.
            took = [first + end - begun for begun, end in answers]
            model_says = queue_model.summary(queue_model.simulate(moments, took, options.slots))
            middle = statistics.fmean(took)
            _, mean, late = queue_model.wait(rate, middle, options.slots, statistics.pstdev(took) / middle)
            print(f"| {load:.0%} | {len(moments)} | {middle:.2f} | {measured[1]:.2f}, {measured[2]:.2f} | {model_says[1]:.2f}, {model_says[2]:.2f} | {mean:.2f}, {late:.2f} |", flush=True)
        seconds, peak = used(server.process)
        print(f"\n{seconds / len(model.generations) * 1000:.1f} ms of CPU a question, {peak:.0f} MB at the most")
        server.stop()
        server = home.serve({**settings, "server.queue_limit": str(options.limit)})
        rate = 2 * options.slots / service
        moments = queue_model.poisson(random.Random(options.seed), rate, int(rate * options.seconds / 2))
        answers = run(server, moments)
        measured = queue_model.summary([None if begun is None else max(0.0, begun - first) for begun, _ in answers])
        # How long those would have taken that were refused is not known: as long as the others.
        usual = statistics.fmean(first + end - begun for begun, end in answers if begun is not None)
        took = [usual if begun is None else first + end - begun for begun, end in answers]
        says = queue_model.summary(queue_model.simulate(moments, took, options.slots, options.limit))
        print(f"\nload 200%, {options.limit} may wait: measured {measured[0]:.1%} refused, mean wait {measured[1]:.2f} s; "
              f"simulation {says[0]:.1%}, {says[1]:.2f} s; Retry-After {sorted(wait for begun, wait in answers if begun is None)[len(moments) // 8]} s")
        server.stop()
    finally:
        home.close()
        model.stop()


if __name__ == "__main__":
    main()
