"""The object store goes away in the middle of an ingest, of a heat run and of reading an archived conversation."""

import os
import threading
import unittest

import fixture_codebase
from cluster import SERVERS, Cluster
from hearth_process import HearthTestCase, eventually
from plug import Plug
from signed_s3 import s3

MISSING = [name for name in SERVERS if name not in os.environ]
NOW = {"heat.hot_days": "0", "heat.warm_days": "0"}


class TriggeredPlug(Plug):
    """A plug that is pulled by what goes through it."""

    def __init__(self, host, port):
        self.trigger = None
        self.was_pulled = threading.Event()
        self.doomed = set()
        self.tries = 0
        super().__init__(host, port)

    def arm(self, mode, request, count=1, loses_reply=False):
        """Pulls itself at the `count`-th request whose head begins like that, or when its reply comes.

        - loses_reply: the server has done what was asked, and nobody hears of it.
        """
        self.was_pulled.clear()
        self.tries = 0
        self.trigger = (mode, request.encode(), count, loses_reply)

    def put_back(self):
        self.trigger = None
        super().put_back()

    def pull(self, mode):
        self.tries = 0
        super().pull(mode)
        self.was_pulled.set()

    def _serve(self, client):
        # Nobody hears of a connection that is refused.
        self.tries += self.mode in ("hang", "error")
        super()._serve(client)

    def _pump(self, source, sink):
        plug = self

        class Watched:
            def recv(self, size):
                data = source.recv(size)
                return b"" if plug._is_cut(data, source, sink) else data

            def shutdown(self, how):
                source.shutdown(how)

        super()._pump(Watched(), sink)

    def _is_cut(self, data, source, sink):
        with self.lock:
            if source in self.doomed:
                self.doomed.discard(source)
                mode = self.pending
            elif self.trigger and data.startswith(self.trigger[1]):
                mode, request, count, loses_reply = self.trigger
                if count > 1:
                    self.trigger = (mode, request, count - 1, loses_reply)
                    return False
                self.trigger = None
                if loses_reply:
                    self.doomed.add(sink)
                    self.pending = mode
                    return False
            else:
                return False
        self.pull(mode)
        return mode != "slow"


class TriggeredCluster(Cluster):
    def _plug(self, name, host, port):
        plug = TriggeredPlug(host, port)
        self.plugs[name] = plug
        self.test.addCleanup(plug.close)
        return plug.address

    @property
    def store(self):
        return self.plugs["s3"]


@unittest.skipIf(MISSING, f"needs {', '.join(MISSING)}")
class UnpluggedStoreTests(HearthTestCase):
    asked = 0

    def started(self):
        cluster = TriggeredCluster(self)
        source = fixture_codebase.write(self.folder())
        pushed = cluster.run("push", str(source), f"s3://{cluster.bucket}/code", "--json")
        self.assertEqual(pushed.status, 0, pushed)
        cluster.source = f"s3://{cluster.bucket}/code"
        cluster.start()
        report = self.ingested(cluster, "code")
        return cluster, report

    def ingested(self, cluster, project):
        ingested = cluster.run("ingest", cluster.source, "--project", project, "--json")
        self.assertEqual(ingested.status, 0, f"{ingested}\n{cluster.complaints()}")
        return ingested.json

    def passages(self, cluster, project):
        """All that the index has of a project, as far as a search shows it."""
        found = cluster.gateway.post("/v1/search", {"project": project, "query": "lamp of the tower", "limit": 100})
        self.assertEqual(found.status, 200, found)
        return sorted((row["path"], row["start_line"], row["end_line"], row["text"]) for row in found.json["data"])

    def put_back_when(self, cluster, happened, what):
        eventually(happened, f"{what}\n{cluster.complaints()}", 60)
        cluster.store.put_back()

    def test_an_ingest_goes_on_or_says_what_is_wrong(self):
        cluster, report = self.started()
        undisturbed = self.passages(cluster, "code")
        self.assertEqual(len(undisturbed), report["index"]["passages"])
        objects, listing = f"GET /{cluster.bucket}/code/", f"GET /{cluster.bucket}?"
        for mode, request, count in (
                ("refuse", listing, 2), ("refuse", objects, 3), ("error", objects, 3), ("hang", objects, 3),
                ("slow", objects, 3)):
            project = f"{mode}-{'listing' if request == listing else 'objects'}"
            with self.subTest(project):
                self.disturbed_ingest(cluster, project, mode, request, count)
                again = self.ingested(cluster, project)
                self.assertEqual(again["index"]["documents"], report["index"]["documents"])
                self.assertEqual(self.passages(cluster, project), undisturbed)

    def disturbed_ingest(self, cluster, project, mode, request, count):
        cluster.store.arm(mode, request, count)
        log = cluster.home.folder / f"{project}.log"
        with open(log, "w") as errors:
            process = cluster.home.start(
                "ingest", cluster.source, "--project", project, "--json", settings=cluster.settings,
                stdout=errors, stderr=errors)

        def said():
            return log.read_text() + cluster.complaints()

        eventually(lambda: cluster.store.was_pulled.is_set() or process.poll() is not None, f"{mode}: pulled", 60)
        self.assertTrue(cluster.store.was_pulled.is_set(), said())
        if mode == "hang":
            self.put_back_when(cluster, lambda: cluster.store.tries, "somebody tries again")
        elif mode != "slow":
            # Patience has an end: then a task waits for its next attempt, or the command says why it ends.
            self.put_back_when(
                cluster, lambda: "ingestion failed" in log.read_text() + cluster.complaints() or process.poll() is not None,
                "an attempt fails")
        self.assertIsNotNone(process.wait(60))
        cluster.store.put_back()
        if process.returncode != 0:
            self.assertIn("S3:", log.read_text())
            self.assertNextStep(log.read_text())

    def conversation(self, cluster, question):
        answer = cluster.gateway.post("/v1/chat/completions", {
            "model": "hearth/code", "messages": [{"role": "user", "content": question}]})
        self.assertEqual(answer.status, 200, f"{answer}\n{cluster.complaints()}")
        self.asked += 1
        # An answer is there a moment before its session is.
        eventually(lambda: len(cluster.gateway.get("/v1/sessions").json["data"]) == self.asked,
                   "the session is there")

    def timelines(self, cluster):
        sessions = cluster.gateway.get("/v1/sessions").json["data"]
        return {session["id"]: cluster.gateway.get(f"/v1/sessions/{session['id']}/timeline").json["data"] for session in sessions}

    def test_a_heat_run_loses_no_message_and_doubles_none(self):
        cluster, _ = self.started()
        orphans = 0
        for mode, loses_reply in (("refuse", True), ("error", False), ("hang", True), ("slow", False)):
            with self.subTest(mode):
                self.conversation(cluster, f"How does the lamp work if it is {mode}?")
                before = self.timelines(cluster)
                cluster.store.arm(mode, f"PUT /{cluster.bucket}/archive/", loses_reply=loses_reply)
                run = cluster.home.start(
                    "heat", "run", "--json", settings={**cluster.settings, **NOW}, stdout=-1, stderr=-1)
                self.assertTrue(cluster.store.was_pulled.wait(60), cluster.complaints())
                if mode == "hang":
                    self.put_back_when(cluster, lambda: cluster.store.tries, "somebody tries again")
                _, errors = run.communicate(timeout=60)
                cluster.store.put_back()
                self.assertEqual(run.returncode, 0 if mode in ("hang", "slow") else 1, errors)
                if run.returncode != 0:
                    self.assertIn("S3:", errors)
                    self.assertNextStep(errors)
                    # What was written and never heard of is no part of the history. It goes when it is an hour old.
                    orphans += loses_reply
                self.assertEqual(self.timelines(cluster), before)
                again = cluster.run("heat", "run", "--json", **NOW)
                self.assertEqual(again.status, 0, again)
                self.assertEqual(self.timelines(cluster), before)
                verified = cluster.run("heat", "verify", "--json")
                self.assertEqual((verified.status, verified.json["faults"], verified.json["orphans"]), (0, [], orphans), verified)
                self.assertEqual(verified.json["messages"], sum(map(len, before.values())))
        self.reading(cluster)

    def reading(self, cluster):
        """What is cold is refused with a word about when to ask again, or comes late; and then it is all there."""
        before = self.timelines(cluster)
        path = f"/v1/sessions/{next(iter(before))}/timeline"
        for mode in ("refuse", "error", "hang", "slow"):
            with self.subTest(f"reading, {mode}"):
                cluster.store.pull(mode)
                if mode == "hang":
                    putting_back = threading.Thread(
                        target=self.put_back_when, args=(cluster, lambda: cluster.store.tries, "somebody reads"))
                    putting_back.start()
                reply = cluster.gateway.get(path)
                if mode == "hang":
                    putting_back.join()
                if mode in ("refuse", "error"):
                    self.assertAPIError(reply, 503, code="storage_failed")
                    self.assertTrue(int(reply.headers["retry-after"]) > 0, reply.headers)
                    # What is not in the archive is not touched by that.
                    self.conversation(cluster, f"Who keeps the log while it is {mode}?")
                    self.assertEqual(cluster.gateway.get("/readyz").status, 200)
                else:
                    self.assertEqual(reply.status, 200, reply)
                cluster.store.put_back()
                self.assertEqual({id: messages for id, messages in self.timelines(cluster).items() if id in before}, before)


if __name__ == "__main__":
    unittest.main()
