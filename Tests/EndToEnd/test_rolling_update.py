"""Every process is replaced while answers stream, as a rollout does it: no stream breaks, no answer is begun twice.

HEARTH_TEST_PREVIOUS_BINARY names an older build: the first gateways and workers are of that one, and both versions work side by side
over one bus and one database. Without it the same build plays both. With POSTGRES_URL the database is PostgreSQL.
"""

import contextlib
import os
import pathlib
import subprocess
import threading
import unittest
import urllib.error
import urllib.request
import uuid

import fixture_codebase
from hearth_process import HearthTestCase, Server, eventually
from pulsar_broker import PulsarBroker, free_ports
from scripted_ollama import MODEL, ScriptedOllama
from server_sent_events import EventStream

PREVIOUS = os.environ.get("HEARTH_TEST_PREVIOUS_BINARY") or None
READERS = 8


class Rollout:
    """Gateways behind a list, as a Service has one, and workers."""

    def __init__(self, test):
        self.home = test.home()
        self.model = ScriptedOllama(pieces=40, delay=0.05).start()
        test.addCleanup(self.model.stop)
        self.broker = PulsarBroker().start()
        test.addCleanup(self.broker.close)
        store = {}
        if "POSTGRES_URL" in os.environ:
            store = {"storage.kind": "postgres", "postgres.url": os.environ["POSTGRES_URL"], "postgres.schema": "t" + uuid.uuid4().hex[:10]}
        # Whoever ingests may be the older one: its index and its tables are what the newer one finds.
        code = fixture_codebase.write(self.home.folder / "lighthouse")
        done = self.home.run("ingest", str(code), "--project", "lighthouse", settings=store, binary=PREVIOUS)
        test.assertEqual(done.status, 0, done)
        self.settings = {
            "bus.kind": "pulsar", "pulsar.url": self.broker.url, "generator.kind": "ollama", "generator.model": MODEL,
            "ollama.url": self.model.url, "worker.slots": "4", "log.level": "warning", **store,
        }
        self.statuses = []
        self.lock = threading.Condition()
        # Those that clients are sent to, and how many are being sent there at this moment.
        self.gateways, self.asking = [], {}
        self.workers = []
        test.addCleanup(self.stop)
        for _ in range(2):
            self.add_gateway(PREVIOUS)
            self.add_worker(PREVIOUS)

    def _start(self, role, arguments, settings, binary, **options):
        log = open(self.home.folder / f"{role}-{len(self.home.running)}.log", "w")
        process = self.home.start(
            *arguments, settings={**self.settings, **settings}, binary=binary, stdin=subprocess.DEVNULL, stderr=log, **options)
        return process, log

    def add_gateway(self, binary=None):
        process, log = self._start("gateway", ["gateway"], {"server.port": "0"}, binary, stdout=subprocess.PIPE)
        server = Server(process, log).wait_until_ready()
        with self.lock:
            self.gateways.append(server)

    def add_worker(self, binary=None):
        # The older one may not know of probes.
        port = 0 if binary else free_ports(1)[0]
        process, log = self._start(
            "worker", ["worker", "--topic", "answer"], {"probes.port": str(port)} if port else {}, binary, stdout=subprocess.DEVNULL)
        log.close()
        self.workers.append(process)
        if port:
            eventually(lambda: status(f"http://127.0.0.1:{port}/readyz") == 200, "the worker is ready", 60)

    def replace_gateway(self):
        """The new one first; the old one gets nobody any more, and then the order to stop."""
        self.add_gateway()
        with self.lock:
            old = self.gateways.pop(0)
            self.lock.wait_for(lambda: not self.asking.get(old.url), timeout=60)
        self.statuses.append(old.stop())

    def replace_worker(self):
        self.add_worker()
        old = self.workers.pop(0)
        old.terminate()
        self.statuses.append(old.wait(60))

    @contextlib.contextmanager
    def gateway(self, turn):
        with self.lock:
            url = self.gateways[turn % len(self.gateways)].url
            self.asking[url] = self.asking.get(url, 0) + 1
        try:
            yield url
        finally:
            with self.lock:
                self.asking[url] -= 1
                self.lock.notify_all()

    def stop(self):
        for server in self.gateways:
            server.kill()
        for worker in self.workers:
            if worker.poll() is None:
                worker.kill()
                worker.wait()

    def complaints(self):
        return "\n".join(path.read_text(errors="replace")[-1500:] for path in self.home.folder.glob("*.log"))


def status(url):
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(url, timeout=10) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        return error.code
    except OSError:
        return None


class Reader(threading.Thread):
    """Asks one question after the other until it is told to end; tries nothing twice."""

    def __init__(self, rollout, number, end):
        super().__init__(daemon=True)
        self.rollout, self.number, self.end = rollout, number, end
        self.answers, self.error = [], None

    def run(self):
        turn = 0
        try:
            while not self.end.is_set():
                turn += 1
                self.ask(f"Question {self.number}-{turn}: how does the lamp work?", turn + self.number)
        except Exception as error:
            self.error = f"{type(error).__name__}: {error}"

    def ask(self, question, turn):
        with self.rollout.gateway(turn) as url:
            stream = EventStream(url + "/v1/chat/completions", {
                "model": "hearth/lighthouse", "stream": True, "messages": [{"role": "user", "content": question}]})
        try:
            if stream.status != 200:
                raise ValueError(f"{stream.status}: {stream.reply.read(500)}")
            text = "".join(chunk["choices"][0]["delta"].get("content") or "" for chunk in stream if chunk.get("choices"))
            if not stream.is_done:
                raise ValueError(f"{question}: the stream ended after {text!r:.200}")
            self.answers.append((question, text))
        finally:
            stream.connection.close()
            stream.reply.close()


class RollingUpdateTests(HearthTestCase):
    def test_every_process_is_replaced_while_answers_stream_and_no_stream_breaks(self):
        rollout, end = Rollout(self), threading.Event()
        readers = [Reader(rollout, number, end) for number in range(READERS)]
        for reader in readers:
            reader.start()
        eventually(lambda: all(reader.answers or reader.error for reader in readers), f"the first answers\n{rollout.complaints()}", 60)
        before = sum(len(reader.answers) for reader in readers)
        for _ in range(2):
            rollout.replace_worker()
            rollout.replace_gateway()
        # Each reader is answered by the new ones, too.
        counts = [len(reader.answers) for reader in readers]
        eventually(
            lambda: all(len(reader.answers) > count or reader.error for reader, count in zip(readers, counts)),
            f"answers after it\n{rollout.complaints()}", 60)
        end.set()
        for reader in readers:
            reader.join(60)
        self.assertEqual([reader.error for reader in readers if reader.error], [], rollout.complaints())
        # Whoever is told to stop ends well, in its own time.
        self.assertEqual(rollout.statuses, [0] * 4, rollout.complaints())
        answers = [answer for reader in readers for answer in reader.answers]
        self.assertGreater(len(answers), before + READERS)
        for question, text in answers:
            asked = rollout.model.asked(question)
            self.assertEqual(len(asked), 1, f"{question} was begun {len(asked)} times")
            self.assertEqual(text, rollout.model.text_for(asked[0].messages), question)
        print(f"\n  {len(answers)} answers, 2 gateways and 2 workers replaced ({'by another version' if PREVIOUS else 'by the same build'})", end=" ")


class ProbeTests(HearthTestCase):
    def test_probes_need_no_key_and_tell_a_process_that_runs_from_one_that_can_work(self):
        home, broker, port = self.home(), PulsarBroker().start(), free_ports(1)[0]
        self.addCleanup(broker.close)
        with open(home.folder / "worker.log", "w") as log:
            home.start("worker", settings={
                "bus.kind": "pulsar", "pulsar.url": broker.url, "generator.kind": "extractive", "probes.port": str(port)}, stdout=log, stderr=log)
        at = f"http://127.0.0.1:{port}"
        eventually(lambda: status(at + "/readyz") == 200, "the worker is ready", 60)
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(at + "/metrics") as reply:
            self.assertIn('hearth_tasks_ready{topic="answer"} 0', reply.read().decode())
        self.assertEqual(status(at + "/v1/models"), 404)
        broker.kill()
        eventually(lambda: status(at + "/readyz") == 503, "the worker says that it cannot work", 60)
        self.assertEqual(status(at + "/healthz"), 200)
        broker.start()
        eventually(lambda: status(at + "/readyz") == 200, "the worker can work again", 60)

    def test_a_port_that_is_taken_is_said_by_its_setting(self):
        home, port = self.home(), free_ports(1)[0]
        self.addCleanup(home.serve({"probes.port": str(port)}).stop)
        second = self.home().run("serve", settings={"server.port": "0", "probes.port": str(port), "generator.kind": "extractive"}, deadline=60)
        self.assertFails(second, "probes.port")

    def test_migrate_makes_the_tables_and_ends(self):
        home = self.home()
        done = home.run("migrate")
        self.assertEqual(done.status, 0, done)
        self.assertTrue(pathlib.Path(home.data / "hearth.sqlite").exists())


if __name__ == "__main__":
    unittest.main()
