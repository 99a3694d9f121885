"""SIGKILL in the middle of many streamed answers: each completes exactly once."""

import collections
import http.client
import threading
import unittest

import fixture_codebase
from hearth_process import HearthTestCase, eventually
from scripted_ollama import MODEL, ScriptedOllama
from server_sent_events import EventStream

STREAMS = 50
PIECES = 80


class Reader(threading.Thread):
    """Streams one answer until it ends or the connection breaks."""

    def __init__(self, server, number):
        super().__init__(daemon=True)
        self.server = server
        self.number = number
        self.question = f"Question-{number:03}: how does the lamp work?"
        self.task = None
        self.text = ""
        self.is_broken = False
        self.is_finished = False
        self.error = None

    def run(self):
        stream = None
        try:
            stream = EventStream(self.server.url + "/v1/chat/completions", {
                "model": "hearth/lighthouse", "stream": True, "temperature": 0,
                "messages": [{"role": "user", "content": self.question}]})
            self.task = stream.headers.get("x-correlation-id")
            if stream.status != 200:
                self.error = f"{stream.status} {stream.reply.read()!r}"
                return
            for chunk in stream:
                if "error" in chunk:
                    self.error = str(chunk)
                    return
                self.text += chunk["choices"][0]["delta"].get("content") or ""
            self.is_finished = stream.is_done
            self.is_broken = not stream.is_done
        except (OSError, http.client.HTTPException):
            self.is_broken = True
        finally:
            if stream:
                stream.connection.close()
                stream.reply.close()


class DurabilityTests(HearthTestCase):
    def start(self, delay, slots=8):
        model = ScriptedOllama(pieces=PIECES, delay=delay).start()
        self.addCleanup(model.stop)
        home = self.home()
        home.ingest(fixture_codebase.write(home.folder / "lighthouse"), "lighthouse")
        settings = {
            "generator.kind": "ollama", "generator.model": MODEL, "ollama.url": model.url,
            "worker.slots": str(slots), "worker.maximum_attempts": "20",
        }
        return model, home, settings

    def events(self, server, task, after=0):
        stream = EventStream(f"{server.url}/v1/tasks/{task}/events?starting_after={after}", timeout=180)
        try:
            self.assertEqual(stream.status, 200)
            return list(stream)
        finally:
            stream.hang_up()

    def check(self, model, server, readers):
        """Every answer is complete and right; returns figures."""
        figures = collections.Counter(asked=len(readers))
        for reader in readers:
            with self.subTest(reader.question):
                events = self.events(server, reader.task)
                self.assertEqual([e["sequence_number"] for e in events], list(range(1, len(events) + 1)))
                self.assertEqual([e["type"] for e in events if e["type"] in ("completed", "failed", "cancelled")], ["completed"])
                self.assertEqual(events[-1]["type"], "completed")
                text = ""
                for event in events:
                    if event["type"] == "restarted":
                        figures["restarted"] += 1
                        text = ""
                    text += event.get("text") or ""
                asked = model.asked(reader.question)
                expected = {model.text_for(g.messages) for g in asked}
                self.assertIn(text, expected, f"{len(asked)} generations")
                # What the client had read is the beginning of what the ledger has.
                read_before = "".join(e.get("text") or "" for e in events)
                self.assertTrue(read_before.startswith(reader.text), (reader.text[-200:], read_before[:len(reader.text)][-200:]))
                # The rest, read from the middle, is the rest.
                half = len(events) // 2
                self.assertEqual(self.events(server, reader.task, half), events[half:])
                figures["attempts"] += max(e["attempt"] for e in events)
                figures["continued"] += any(g.prefix for g in asked)
                figures["mismatched"] += any(g.is_mismatched for g in asked)
                figures["pieces"] += sum(e["type"] == "text" for e in events)
                figures["complete"] += 1
        figures["broken streams"] = sum(r.is_broken for r in readers)
        figures["read before"] = sum(bool(r.text) for r in readers)
        return figures

    def test_killed_in_the_middle_of_fifty_answers_each_completes_once(self):
        model, home, settings = self.start(delay=0.02)
        server = home.serve(settings)
        readers = [Reader(server, number) for number in range(STREAMS)]
        for reader in readers:
            reader.start()
        eventually(lambda: all(r.task or r.error for r in readers), "all questions are accepted", 60)
        self.assertEqual([r.error for r in readers if r.error], [])
        eventually(lambda: sum(len(r.text) > 200 for r in readers) >= 12, "some answers are half written", 60)
        port = server.port
        server.kill()
        for reader in readers:
            reader.join(30)
        self.assertGreater(sum(r.is_broken for r in readers), STREAMS // 2)
        self.assertTrue(any(r.is_broken and r.text for r in readers), "no answer was cut in the middle")

        server = home.serve(settings, port=port)
        self.addCleanup(server.stop)
        figures = self.check(model, server, readers)
        print(f"\n  durability, 1 kill: {dict(figures)}", end=" ")
        self.assertEqual(figures["complete"], STREAMS)
        self.assertGreater(figures["continued"], 0)
        self.assertEqual((figures["mismatched"], figures["restarted"]), (0, 0))
        tasks = server.get("/v1/tasks?limit=500").json["data"]
        self.assertEqual(collections.Counter(t["status"] for t in tasks), {"completed": STREAMS})
        # One answer for each question in the timeline, too.
        for reader in readers[:10]:
            session = server.get(f"/v1/tasks/{reader.task}").json["session_id"]
            timeline = server.get(f"/v1/sessions/{session}/timeline").json["data"]
            self.assertEqual([m["role"] for m in timeline], ["user", "assistant"])

    def test_killed_several_times_the_answers_still_complete(self):
        model, home, settings = self.start(delay=0.03)
        server = home.serve(settings)
        port = server.port
        readers = [Reader(server, number) for number in range(16)]
        for reader in readers:
            reader.start()
        eventually(lambda: all(r.task or r.error for r in readers), "all questions are accepted", 60)
        self.assertEqual([r.error for r in readers if r.error], [])
        for round in range(4):
            before = sum(g.sent for g in model.generations)
            eventually(lambda: sum(g.sent for g in model.generations) > before + 60, f"progress in round {round}", 60)
            server.kill()
            server = home.serve(settings, port=port)
        self.addCleanup(server.stop)
        figures = self.check(model, server, readers)
        print(f"\n  durability, 4 kills: {dict(figures)}", end=" ")
        self.assertEqual(figures["complete"], 16)
        self.assertEqual((figures["mismatched"], figures["restarted"]), (0, 0))

    def test_a_stop_lets_running_answers_finish(self):
        model, home, settings = self.start(delay=0.02)
        server = home.serve(settings)
        readers = [Reader(server, number) for number in range(4)]
        for reader in readers:
            reader.start()
        eventually(lambda: all(len(r.text) > 50 for r in readers), "all are being answered", 60)
        self.assertEqual(server.stop(), 0, server.errors())
        for reader in readers:
            reader.join(30)
        server = home.serve(settings)
        self.addCleanup(server.stop)
        figures = self.check(model, server, readers)
        self.assertEqual(figures["complete"], 4)
        self.assertEqual(figures["attempts"], 4, "an orderly stop must not cost an attempt")

    def test_a_model_that_breaks_off_is_asked_again_for_the_rest(self):
        model, home, settings = self.start(delay=0.03)
        server = home.serve(settings)
        self.addCleanup(server.stop)
        reader = Reader(server, 1)
        reader.start()
        eventually(lambda: len(reader.text) > 100, "the answer is half written")
        port = model.server.server_address[1]
        model.break_connections()
        model.stop()
        again = ScriptedOllama(pieces=PIECES, delay=0.0, port=port).start()
        self.addCleanup(again.stop)
        again.generations = list(model.generations)
        reader.join(120)
        self.assertTrue(reader.is_finished, reader.error)
        figures = self.check(again, server, [reader])
        self.assertEqual((figures["complete"], figures["mismatched"], figures["restarted"]), (1, 0, 0))
        self.assertEqual(reader.text, again.text_for(model.generations[0].messages))


if __name__ == "__main__":
    unittest.main()
