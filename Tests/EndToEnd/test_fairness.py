"""Keys of one project: whoever asks much does not keep waiting who asks little."""

import json
import unittest

import fixture_codebase
from hearth_process import HearthTestCase, eventually
from scripted_ollama import MODEL, ScriptedOllama
from server_sent_events import EventStream


class FairnessTests(HearthTestCase):
    def start(self, **settings):
        self.model = ScriptedOllama(pieces=6, delay=0.02).start()
        self.addCleanup(self.model.stop)
        home = self.home()
        home.ingest(fixture_codebase.write(home.folder / "lighthouse"), "lighthouse")
        self.keys = {name: home.run("keys", "create", name).output.strip() for name in ("alice", "bob")}
        self.server = home.serve({
            "generator.kind": "ollama", "generator.model": MODEL, "ollama.url": self.model.url, "worker.slots": "1", **settings})
        self.addCleanup(self.server.stop)

    def ask(self, key, question):
        stream = EventStream(self.server.url + "/v1/chat/completions", {
            "model": "hearth/lighthouse", "stream": True, "messages": [{"role": "user", "content": question}]},
            {"Authorization": f"Bearer {self.keys[key]}"})
        self.addCleanup(stream.hang_up)
        return stream

    def test_a_flood_of_one_key_delays_another_key_by_a_few_answers(self):
        self.start()
        flood = [self.ask("alice", f"Flood-{number:02}: how does the lamp work?") for number in range(24)]
        self.assertEqual({stream.status for stream in flood}, {200})
        single = self.ask("bob", "Single: how does the lamp work?")
        list(single)
        self.assertTrue(single.is_done)
        # Four of the flood go first, and one may have been begun before.
        before = [g for g in self.model.generations if "Flood" in g.question]
        self.assertLessEqual(len(before), 6, [g.question for g in self.model.generations])
        for stream in flood:
            list(stream)
        self.assertTrue(all(stream.is_done for stream in flood))

    def test_one_key_cannot_fill_the_queue(self):
        self.start(**{"server.queue_limit": "12", "generator.context_length": "8192"})
        self.model.delay = 0.5
        flood = [self.ask("alice", f"Flood-{number:02}: how does the lamp work?") for number in range(8)]
        self.assertEqual([stream.status for stream in flood], [200] * 6 + [429] * 2)
        error = json.loads(flood[-1].reply.read())["error"]
        self.assertEqual(error["code"], "key_queue_full")
        self.assertIn(int(flood[-1].headers["retry-after"]), range(1, 121))
        self.assertEqual(self.ask("bob", "Single: how does the lamp work?").status, 200)
        # Places are given back when questions end.
        for stream in flood[:6]:
            stream.hang_up()
        eventually(lambda: self.ask("alice", "Again: how does the lamp work?").status == 200, "there is room again")


if __name__ == "__main__":
    unittest.main()
