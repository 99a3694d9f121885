"""Nobody who has gone keeps the model busy; nobody who waits is forgotten."""

import re
import threading
import time
import unittest

import fixture_codebase
from hearth_process import HearthTestCase, eventually
from scripted_ollama import MODEL, ScriptedOllama
from server_sent_events import EventStream


class CancellationTests(HearthTestCase):
    def start(self, **settings):
        self.model = ScriptedOllama(pieces=2000, delay=0.02).start()
        self.addCleanup(self.model.stop)
        home = self.home()
        home.ingest(fixture_codebase.write(home.folder / "lighthouse"), "lighthouse")
        self.server = home.serve({
            "generator.kind": "ollama", "generator.model": MODEL, "ollama.url": self.model.url, "worker.slots": "2", **settings})
        self.addCleanup(self.server.stop)
        return home

    def stream(self, question, **headers):
        stream = EventStream(self.server.url + "/v1/chat/completions", {
            "model": "hearth/lighthouse", "stream": True, "messages": [{"role": "user", "content": question}]}, headers=headers)
        self.addCleanup(stream.hang_up)
        self.assertEqual(stream.status, 200)
        return stream

    def read_some(self, stream):
        chunks = iter(stream)
        while not (next(chunks)["choices"][0]["delta"].get("content") or ""):
            pass
        return chunks

    def assertStopsSoon(self, question, since):
        generation = self.model.asked(question)[0]
        stopped = eventually(lambda: generation.abandoned, "the model is stopped", 5)
        self.assertLess(stopped - since, 1.5)
        return stopped - since

    def test_a_reader_who_hangs_up_stops_the_model_within_a_second(self):
        self.start()
        stream = self.stream("Hang up, lamp?")
        self.read_some(stream)
        since = time.monotonic()
        stream.hang_up()
        seconds = self.assertStopsSoon("Hang up", since)
        print(f"\n  stopped after {seconds * 1000:.0f} ms", end=" ")
        task = stream.headers["x-correlation-id"]
        eventually(lambda: self.server.get(f"/v1/tasks/{task}").json["status"] == "cancelled", "the task is cancelled")

    def test_a_client_who_does_not_stream_and_hangs_up_stops_it_too(self):
        self.start()
        import http.client, json, socket
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port)
        connection.request("POST", "/v1/chat/completions", json.dumps({
            "model": "hearth/lighthouse", "messages": [{"role": "user", "content": "No stream, lamp?"}]}), {"Content-Type": "application/json"})
        eventually(lambda: self.model.asked("No stream"), "the model writes")
        since = time.monotonic()
        connection.sock.shutdown(socket.SHUT_RDWR)
        connection.close()
        self.assertStopsSoon("No stream", since)

    def test_cancelling_a_task_stops_it_and_tells_the_reader(self):
        self.start()
        stream = self.stream("Cancel me, lamp?")
        chunks = self.read_some(stream)
        task = stream.headers["x-correlation-id"]
        since = time.monotonic()
        reply = self.server.post(f"/v1/tasks/{task}/cancel")
        self.assertEqual(reply.status, 200, reply)
        self.assertIn(reply.json["outcome"], ("requested", "cancelled"))
        self.assertStopsSoon("Cancel me", since)
        rest = list(chunks)
        self.assertTrue(any("error" in chunk for chunk in rest), "a stream that was cut must say so")
        self.assertFalse(stream.is_done)
        self.assertEqual(self.server.get(f"/v1/tasks/{task}").json["status"], "cancelled")
        again = self.server.post(f"/v1/tasks/{task}/cancel")
        self.assertEqual(again.json["outcome"], "already_finished")

    def test_a_task_that_waits_can_be_cancelled_and_the_queue_is_shown(self):
        home = self.start(**{"worker.slots": "1"})
        first = self.stream("First, lamp?")
        self.read_some(first)
        waiting = self.stream("Second, lamp?")
        task = waiting.headers["x-correlation-id"]
        rest = []
        reader = threading.Thread(target=lambda: rest.extend(waiting), daemon=True)
        reader.start()
        eventually(lambda: waiting.comments, "a keep-alive tells that it waits", 20)
        self.assertRegex(waiting.comments[0], r"queued|working")
        self.assertEqual(home.run("tasks", "cancel", task).status, 0)
        reader.join(20)
        self.assertFalse(reader.is_alive())
        self.assertEqual(self.model.asked("Second"), [])
        self.assertFalse(waiting.is_done)

    def test_what_is_deleted_while_it_is_answered_stops_and_does_not_come_back(self):
        self.start()
        self.model.pieces = 5
        session = "deleted-in-the-middle"
        body = {"model": "hearth/lighthouse", "messages": [{"role": "user", "content": "Early, lamp?"}]}
        self.assertEqual(self.server.post("/v1/chat/completions", body, x_hearth_session=session).status, 200)
        for path in (f"/v1/sessions/{session}", "/v1/projects/lighthouse"):
            with self.subTest(deleted=path):
                self.model.pieces = 2000
                question = f"Delete {path}, lamp?"
                stream = self.stream(question, **{"x-hearth-session": session})
                chunks = self.read_some(stream)
                task = stream.headers["x-correlation-id"]
                self.assertEqual(self.server.request("DELETE", path, None).status, 200)
                self.assertTrue(self.model.asked(question)[0].abandoned)
                self.assertTrue(any("error" in chunk for chunk in chunks), "a stream that was cut must say so")
                for gone in (f"/v1/sessions/{session}", f"/v1/tasks/{task}", path):
                    self.assertEqual(self.server.get(gone).status, 404, gone)
                self.assertEqual(self.server.get("/v1/sessions").json["data"], [])

    def test_an_answer_that_nobody_waits_for_goes_on_where_that_is_wished(self):
        self.start(**{"server.cancel_on_disconnect": "false"})
        self.model.pieces = 60
        stream = self.stream("Go on, lamp?")
        self.read_some(stream)
        stream.hang_up()
        task = stream.headers["x-correlation-id"]
        eventually(lambda: self.server.get(f"/v1/tasks/{task}").json["status"] == "completed", "it completes", 30)

    def test_more_questions_than_the_queue_takes_are_refused_with_a_time(self):
        self.start(**{"server.queue_limit": "3", "worker.slots": "1"})
        streams = []
        refused = None
        for number in range(12):
            reply = EventStream(self.server.url + "/v1/chat/completions", {
                "model": "hearth/lighthouse", "stream": True, "messages": [{"role": "user", "content": f"Load {number}, lamp?"}]})
            streams.append(reply)
            self.addCleanup(reply.hang_up)
            if reply.status != 200:
                refused = reply
                break
            time.sleep(0.25)  # the backlog is read a few times a second
        self.assertIsNotNone(refused, "all were accepted")
        self.assertEqual(refused.status, 429)
        self.assertLessEqual(int(refused.headers["Retry-After"]), 120)
        self.assertTrue(int(refused.headers["retry-after-ms"]) > 0)
        self.assertGreater(len(streams), 3)
        for stream in streams:
            stream.hang_up()
        eventually(lambda: not any(
            t["status"] in ("queued", "running") for t in self.server.get("/v1/tasks?limit=100").json["data"]), "all are cancelled", 20)


if __name__ == "__main__":
    unittest.main()
