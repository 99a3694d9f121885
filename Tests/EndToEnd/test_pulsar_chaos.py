"""Gateways, workers and a broker as processes of their own, killed at random: every answer arrives, once and in order."""

import collections
import http.client
import os
import random
import subprocess
import threading
import time
import unittest

import fixture_codebase
from hearth_process import HearthTestCase, Server, eventually
from pulsar_broker import PulsarBroker, free_ports
from scripted_ollama import MODEL, ScriptedOllama
from server_sent_events import EventStream

PIECES = 40
TERMINAL = ("completed", "failed", "cancelled")


class Cluster:
    """A broker, gateways on fixed ports and workers; whatever is killed is started again."""

    def __init__(self, test, gateways, workers, delay, slots):
        self.home = test.home()
        self.model = ScriptedOllama(pieces=PIECES, delay=delay).start()
        test.addCleanup(self.model.stop)
        self.broker = PulsarBroker().start()
        test.addCleanup(self.broker.close)
        self.home.ingest(fixture_codebase.write(self.home.folder / "lighthouse"), "lighthouse")
        self.settings = {
            "bus.kind": "pulsar", "pulsar.url": self.broker.url, "generator.kind": "ollama", "generator.model": MODEL,
            "ollama.url": self.model.url, "worker.slots": str(slots), "worker.maximum_attempts": "50",
            "server.queue_limit": "1000", "log.level": "warning",
        }
        self.ports = free_ports(gateways)
        self.gateways = [self._gateway(port) for port in self.ports]
        self.workers = [self._worker() for _ in range(workers)]
        test.addCleanup(self.stop)
        for gateway in self.gateways:
            gateway.wait_until_ready()
        self.kills = collections.Counter()

    def _log(self, name):
        return open(self.home.folder / f"{name}-{len(self.home.running)}.log", "w")

    def _gateway(self, port):
        log = self._log("gateway")
        process = self.home.start(
            "gateway", settings={**self.settings, "server.port": str(port)}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=log)
        return Server(process, log)

    def _worker(self):
        with self._log("worker") as log:
            return self.home.start(
                "worker", "--topic", "answer", settings=self.settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def kill_one(self, chance):
        """Kills a gateway, a worker or the broker, and starts it again at once."""
        kind = chance.choices(["gateway", "worker", "broker"], [2, 3, 1])[0]
        self.kills[kind] += 1
        if kind == "gateway":
            place = chance.randrange(len(self.gateways))
            self.gateways[place].kill()
            self.gateways[place] = self._gateway(self.ports[place])
        elif kind == "worker":
            place = chance.randrange(len(self.workers))
            self.workers[place].kill()
            self.workers[place].wait()
            self.workers[place] = self._worker()
        else:
            self.broker.kill()
            self.broker.start()

    def url(self, number):
        return f"http://127.0.0.1:{self.ports[number % len(self.ports)]}"

    def stop(self):
        for gateway in self.gateways:
            gateway.kill() if gateway.process.poll() is None else gateway._close()
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait()

    def complaints(self):
        """The most frequent lines of the logs, to find out why something failed."""
        lines = collections.Counter()
        for path in self.home.folder.glob("*.log"):
            for line in path.read_text(errors="replace").splitlines():
                lines[" ".join(line.split()[1:])[:300]] += 1
        return "\n".join(f"{count} {line}" for line, count in lines.most_common(25))


class Asker(threading.Thread):
    """Asks one question as a careful client does: tries again with the same key until it is taken, then reads the
    events of the answer, and goes on behind the last one wherever a stream breaks."""

    def __init__(self, cluster, number, deadline):
        super().__init__(daemon=True)
        self.cluster = cluster
        self.number = number
        self.deadline = deadline
        self.question = f"Question-{number:03}: how does the lamp work?"
        self.task = None
        self.streamed = ""
        self.events = []
        self.figures = collections.Counter()
        self.error = None

    def run(self):
        turn = self.number
        while time.monotonic() < self.deadline:
            url = self.cluster.url(turn)
            turn += 1
            try:
                if not self.task:
                    self.ask(url)
                if self.task and self.resume(url):
                    return
            except (OSError, http.client.HTTPException, ValueError):
                self.figures["broken"] += 1
            time.sleep(0.2)
        self.error = f"no end in time; task {self.task}, {len(self.events)} events"

    def ask(self, url):
        stream = EventStream(url + "/v1/chat/completions", {
            "model": "hearth/lighthouse", "stream": True, "temperature": 0,
            "messages": [{"role": "user", "content": self.question}],
        }, {"Idempotency-Key": f"chaos-{self.number}", "x-stainless-retry-count": str(self.figures["asked"])}, timeout=30)
        self.figures["asked"] += 1
        try:
            if stream.status != 200:
                self.figures[f"refused with {stream.status}"] += 1
                return
            self.task = stream.headers["x-correlation-id"]
            for chunk in stream:
                if "error" in chunk:
                    break
                self.streamed += chunk["choices"][0]["delta"].get("content") or ""
            self.figures["whole streams" if stream.is_done else "broken"] += 1
        finally:
            stream.connection.close()
            stream.reply.close()

    def resume(self, url):
        last = self.events[-1]["sequence_number"] if self.events else 0
        stream = EventStream(f"{url}/v1/tasks/{self.task}/events?starting_after={last}", timeout=30)
        self.figures["resumed"] += 1
        try:
            if stream.status != 200:
                return False
            for event in stream:
                if "sequence_number" in event:
                    self.events.append(event)
                if event.get("type") in TERMINAL:
                    return True
            return False
        finally:
            stream.connection.close()
            stream.reply.close()


class ChaosTests(HearthTestCase):
    def check(self, asker, model):
        """The events of an answer are complete and right. Returns what is worth counting."""
        self.assertIsNone(asker.error, asker.question)
        events = asker.events
        self.assertEqual([e["sequence_number"] for e in events], list(range(1, len(events) + 1)), asker.question)
        self.assertEqual([e["type"] for e in events if e["type"] in TERMINAL], ["completed"], events[-1])
        self.assertEqual(events[-1]["type"], "completed")
        shown = "".join(e.get("text") or "" for e in events)
        text = ""
        for event in events:
            text = "" if event["type"] == "restarted" else text + (event.get("text") or "")
        asked = model.asked(asker.question)
        self.assertIn(text, {model.text_for(g.messages) for g in asked}, f"{asker.question}: {len(asked)} generations")
        self.assertTrue(shown.startswith(asker.streamed), (asker.question, asker.streamed[-100:]))
        return {
            "complete": 1, "pieces": sum(e["type"] == "text" for e in events),
            "attempts": max(e["attempt"] for e in events), "restarted": sum(e["type"] == "restarted" for e in events),
            "continued": any(g.prefix for g in asked), "generations": len(asked),
        }

    def test_processes_and_the_broker_are_killed_each_second_while_answers_stream(self):
        count = int(os.environ.get("HEARTH_TEST_CHAOS_ANSWERS", "200"))
        seed = int(os.environ.get("HEARTH_TEST_CHAOS_SEED", "1"))
        chance = random.Random(seed)
        cluster = Cluster(self, gateways=2, workers=3, delay=0.03, slots=4)
        deadline = time.monotonic() + 60 + count * 2
        askers = [Asker(cluster, number, deadline) for number in range(count)]
        started = time.monotonic()
        pending = collections.deque(askers)
        next_kill = started + 2
        next_ask = started
        while time.monotonic() < deadline and (pending or any(a.is_alive() for a in askers)):
            now = time.monotonic()
            # The load lasts as long as the kills do.
            if pending and now >= next_ask:
                pending.popleft().start()
                next_ask = now + 0.15
            if now >= next_kill:
                cluster.kill_one(chance)
                next_kill = time.monotonic() + 1
            time.sleep(0.02)
        seconds = time.monotonic() - started
        for asker in askers:
            asker.join(5)
        figures = collections.Counter()
        broken = [a for a in askers if a.error]
        self.assertEqual([a.error for a in broken], [], cluster.complaints())
        for asker in askers:
            figures.update(self.check(asker, cluster.model))
            figures.update(asker.figures)
        print(f"\n  chaos, seed {seed}, {seconds:.0f} s, killed {dict(cluster.kills)}: {dict(figures)}", end=" ")
        self.assertEqual(figures["complete"], count)
        # No question was answered under two ids.
        self.assertEqual(len({a.task for a in askers}), count)


if __name__ == "__main__":
    unittest.main()
