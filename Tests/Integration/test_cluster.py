"""The whole life of a codebase and of a conversation on Ceph, PostgreSQL, Qdrant's engine and a Pulsar broker."""

import os
import pathlib
import shutil
import tempfile
import threading
import time
import unittest

import fixture_codebase
from cluster import SERVERS, Cluster
from hearth_process import HearthTestCase, eventually
from scripted_ollama import MODEL, ScriptedOllama
from server_sent_events import EventStream

MISSING = [name for name in SERVERS if name not in os.environ]


def codebase():
    """A real public codebase: swift-log, which the build has fetched, without its tests."""
    source = pathlib.Path(os.environ["HEARTH_PUBLIC_CODEBASE"])
    folder = pathlib.Path(tempfile.mkdtemp(prefix="hearth-cluster-")) / "code"
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns(".git", ".build", "Benchmarks", "Snippets", "Tests"))
    return folder


@unittest.skipIf(MISSING, f"needs {', '.join(MISSING)}")
class ClusterTests(HearthTestCase):
    def pushed(self, folder, **options):
        cluster = Cluster(self, **options)
        pushed = cluster.run("push", str(folder), f"s3://{cluster.bucket}/code", "--json")
        self.assertEqual(pushed.status, 0, pushed)
        return cluster, pushed.json

    def ingested(self, cluster):
        ingested = cluster.run("ingest", f"s3://{cluster.bucket}/code", "--project", "code", "--json")
        self.assertEqual(ingested.status, 0, ingested)
        return ingested.json

    def ask(self, gateway, question, **more):
        return gateway.post("/v1/chat/completions", {
            "model": "hearth/code", "messages": [{"role": "user", "content": question}], **more})

    def test_push_ingest_ask_cite_archive_thaw_and_delete(self):
        folder = codebase()
        self.addCleanup(shutil.rmtree, folder.parent, ignore_errors=True)
        cluster, pushed = self.pushed(folder)
        self.assertGreater(pushed["uploaded"], 20)
        again = cluster.run("push", str(folder), f"s3://{cluster.bucket}/code", "--json").json
        self.assertEqual((again["uploaded"], again["unchanged"]), (0, pushed["uploaded"]))
        report = self.ingested(cluster)
        self.assertGreater(report["index"]["passages"], 50)
        self.assertTrue(report["report"]["index"]["generation"])

        gateway = cluster.start()
        answer = self.ask(gateway, "Where does the stream log handler write a log line?")
        self.assertEqual(answer.status, 200, f"{answer}\n{cluster.complaints()}")
        message = answer.json["choices"][0]["message"]
        self.assertTrue(message["annotations"], answer)
        for note in message["annotations"]:
            # What is cited exists, and in the version that is in the bucket.
            path, _, lines = note["url_citation"]["title"].rpartition(":")
            self.assertTrue((folder / path).is_file(), note)
            first = int(lines.split("-")[0].lstrip("L"))
            self.assertLessEqual(first, len((folder / path).read_text(errors="replace").splitlines()))

        # A change reaches the index by way of the bucket.
        (folder / "Sources" / "Harbour.swift").write_text("struct Harbourmaster { func ringTheBell() {} }\n")
        cluster.run("push", str(folder), f"s3://{cluster.bucket}/code")
        self.assertEqual(self.ingested(cluster)["report"]["listed"], report["report"]["listed"] + 1)
        found = cluster.run("search", "Who rings the bell of the harbourmaster?", "--project", "code", "--json").json
        self.assertEqual(found[0]["passage"]["path"], "Sources/Harbour.swift")

        # The conversation moves to the archive in the bucket and reads the same.
        session = gateway.get("/v1/sessions").json["data"][0]["id"]
        before = gateway.get(f"/v1/sessions/{session}/timeline").json["data"]
        self.assertEqual(len(before), 2)
        cold = cluster.run("heat", "run", "--json", **{"heat.hot_days": "0", "heat.warm_days": "0"})
        self.assertEqual((cold.status, cold.json["archivedMessages"]), (0, 2), cold)
        self.assertEqual(gateway.get(f"/v1/sessions/{session}/timeline").json["data"], before)
        self.assertEqual(cluster.run("heat", "verify").status, 0)
        self.assertIn("2 messages", cluster.run("heat", "thaw", session).output)
        self.assertEqual(gateway.get(f"/v1/sessions/{session}/timeline").json["data"], before)

        # Removed, it is removed everywhere.
        cluster.run("heat", "run", **{"heat.hot_days": "0", "heat.warm_days": "0"})
        self.assertEqual(gateway.request("DELETE", "/v1/projects/code", None).status, 200)
        self.assertEqual(gateway.get(f"/v1/sessions/{session}").status, 404)
        verified = cluster.run("heat", "verify", "--json").json
        self.assertEqual((verified["objects"], verified["orphans"]), (0, 0))
        self.assertEqual(gateway.get("/v1/projects").json["data"], [])

    def streaming(self):
        self.model = model = ScriptedOllama(pieces=40, delay=0.1).start()
        self.addCleanup(model.stop)
        cluster, _ = self.pushed(
            fixture_codebase.write(self.folder()), **{
                "generator.kind": "ollama", "generator.model": MODEL, "ollama.url": model.url})
        self.ingested(cluster)
        return cluster, cluster.start()

    def finish(self, gateway, cluster, task, seconds=120):
        """The end of a task, wherever its stream was read."""
        def ended():
            reply = gateway.get(f"/v1/tasks/{task}")
            return reply if reply.status == 200 and reply.json["status"] in ("completed", "failed") else None
        reply = eventually(ended, f"the end of {task}\n{cluster.complaints()}", seconds)
        return reply.json

    def text(self, gateway, task):
        stream = EventStream(f"{gateway.url}/v1/tasks/{task}/events?starting_after=0")
        text = ""
        try:
            for event in stream:
                if event["type"] == "restarted":
                    text = ""
                text += event.get("text", "")
        finally:
            stream.hang_up()
        return text

    def test_a_store_that_is_away_delays_an_answer_and_loses_nothing(self):
        cluster, gateway = self.streaming()
        plain = self.ask(gateway, "How does the lamp work?", stream=False)
        self.assertEqual(plain.status, 200, cluster.complaints())
        for name, modes in {"postgres": ("refuse", "hang"), "qdrant": ("refuse", "hang", "error", "slow")}.items():
            for mode in modes:
                with self.subTest(store=name, mode=mode):
                    self.interrupted(cluster, gateway, cluster.plugs[name], mode)

    def interrupted(self, cluster, gateway, plug, mode):
        """Pulls the plug when some text has come, and puts it back four seconds later."""
        question = f"How does the lamp work, if {mode} at {time.monotonic()}?"
        stream = EventStream(gateway.url + "/v1/chat/completions", {
            "model": "hearth/code", "stream": True, "messages": [{"role": "user", "content": question}]})
        self.assertEqual(stream.status, 200)
        task, pieces = stream.headers["x-correlation-id"], 0
        try:
            for event in stream:
                if event.get("choices") and event["choices"][0]["delta"].get("content"):
                    pieces += 1
                    if pieces == 3:
                        plug.pull(mode)
                        threading.Timer(4, plug.put_back).start()
        except OSError:
            pass
        finally:
            stream.hang_up()
        self.assertGreaterEqual(pieces, 3)
        ended = self.finish(gateway, cluster, task)
        self.assertEqual(ended["status"], "completed", f"{ended}\n{cluster.complaints()}")
        # Whoever wrote it, and however often it was begun: it is the text that follows from the prompt, once.
        expected = {self.model.text_for(generation.messages) for generation in self.model.asked(question)}
        self.assertIn(self.text(gateway, task), expected)


if __name__ == "__main__":
    unittest.main()
