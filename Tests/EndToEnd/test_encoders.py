"""Projects with encoders of their own: chosen, asked, swapped, replaced behind their name, away."""

import unittest

import fixture_codebase
from hearth_process import HearthTestCase, eventually
from scripted_ollama import Encoder, ScriptedOllama

QUESTION = "How are Morse signals of a ship's name encoded?"
ANSWER = "lighthouse/signal.rs"


class EncoderTests(HearthTestCase):
    def ollama(self, **encoders):
        names = {name.replace("_", "-") + ":latest": encoder for name, encoder in encoders.items()}
        server = ScriptedOllama(encoders=names).start()
        self.addCleanup(server.stop)
        return server

    def home_with(self, server):
        """Answers are quotes; only vectors come from the server."""
        home = self.home()
        self.settings = {"ollama.url": server.url, "generator.kind": "extractive"}
        return home

    def run_in(self, home, *arguments, **settings):
        return home.run(*arguments, settings={**self.settings, **settings})

    def ask(self, home, project):
        result = self.run_in(home, "ask", QUESTION, "--project", project, "--json")
        self.assertEqual(result.status, 0, result)
        return result.json

    def project(self, home, name):
        return next(row for row in self.run_in(home, "projects", "list", "--json").json if row["project"]["id"] == name)

    def ingest(self, home, root, name, *more):
        result = self.run_in(home, "ingest", str(root), "--project", name, "--json", *more)
        self.assertEqual(result.status, 0, result)
        return result.json

    def test_a_project_of_another_encoder_lives_beside_one_of_the_embedded_and_can_be_swapped_back(self):
        server = self.ollama(llama3=Encoder(4096, context_length=131_072))
        home, root = self.home_with(server), fixture_codebase.write(self.folder())
        self.ingest(home, root, "small")
        self.assertEqual(server.embedded(), [])
        self.ingest(home, root, "large", "--encoder", "ollama/llama3")
        self.assertGreater(len(server.embedded()), 5)
        pinned = self.project(home, "large")["project"]["settings"]["encoder"]["pinned"]
        self.assertEqual((pinned["dimension"], pinned["maximumTokens"]), (4096, 131_070), pinned)
        for name in ("small", "large"):
            self.assertIn(ANSWER, [passage["path"] for passage in self.ask(home, name)["passages"]])
        self.assertIn(QUESTION, server.embedded())

        before = len(server.embedded())
        old = self.project(home, "large")["generation"]
        report = self.ingest(home, root, "large", "--encoder", "minilm")
        # The other project has the same code by the same encoder.
        self.assertEqual(report["counts"]["embedded"], 0)
        self.assertGreater(report["counts"]["passages"], 5)
        row = self.project(home, "large")
        self.assertNotEqual(row["generation"], old)
        self.assertEqual(row["generation"], self.project(home, "small")["generation"])
        self.assertNotIn("formerEncoder", row["project"]["settings"])
        self.assertIn(ANSWER, [passage["path"] for passage in self.ask(home, "large")["passages"]])
        self.assertEqual(len(server.embedded()), before, "nothing is asked of the server any more")

    def test_while_the_new_index_is_built_the_old_one_answers_the_server(self):
        server = self.ollama(nomic_embed_text=Encoder(768))
        home, root = self.home_with(server), fixture_codebase.write(self.folder())
        self.ingest(home, root, "code")
        old = self.project(home, "code")["generation"]
        hearth = home.serve({**self.settings, "ingest.interval_seconds": "1"})
        self.addCleanup(hearth.stop)
        server.may_embed.clear()
        chosen = self.run_in(home, "projects", "encoder", "code", "ollama/nomic-embed-text")
        self.assertEqual(chosen.status, 0, chosen)
        self.assertTrue(server.is_embedding.wait(60))
        for _ in range(3):
            reply = hearth.post("/v1/chat/completions", {
                "model": "hearth/code", "messages": [{"role": "user", "content": QUESTION}]})
            self.assertEqual(reply.status, 200, reply)
            report = reply.json["hearth"]
            self.assertEqual((report["generation"], report.get("lexical_only")), (old, None), report)
            self.assertIn(ANSWER, [passage["path"] for passage in report["passages"]])
        server.may_embed.set()
        eventually(lambda: self.project(home, "code")["generation"] != old, "the new index takes over", 60)
        reply = hearth.post("/v1/chat/completions", {
            "model": "hearth/code", "messages": [{"role": "user", "content": QUESTION + " Again."}]})
        report = reply.json["hearth"]
        self.assertTrue(report["encoder"].startswith("ollama/nomic-embed-text:latest@"), report)
        self.assertIsNone(report.get("lexical_only"), report)
        self.assertIn(ANSWER, [passage["path"] for passage in report["passages"]])

    def test_a_model_that_was_replaced_is_refused_until_it_is_chosen_anew(self):
        server = self.ollama(nomic_embed_text=Encoder(768))
        home, root = self.home_with(server), fixture_codebase.write(self.folder())
        self.ingest(home, root, "code", "--encoder", "ollama/nomic-embed-text")
        server.encoders["nomic-embed-text:latest"] = Encoder(512, digest="f" * 64)
        (root / "new.py").write_text("def brand_new():\n    return 1\n")
        before, asked = self.project(home, "code"), len(server.embedded())
        self.assertFails(
            self.run_in(home, "ingest", str(root), "--project", "code"), "hearth projects encoder",
            "ollama/nomic-embed-text")
        after = self.project(home, "code")
        for part in ("documents", "passages"):
            self.assertEqual(after["index"][part], before["index"][part])
        self.assertEqual((after["generation"], len(server.embedded())), (before["generation"], asked))
        doctor = self.run_in(home, "doctor", "--json")
        finding = next(row for row in doctor.json if row["check"] == "project/code/encoder")
        self.assertEqual(finding["severity"], "failure", finding)
        self.assertIn("hearth projects encoder code ollama/nomic-embed-text", finding["remedy"])
        self.ingest(home, root, "code", "--encoder", "ollama/nomic-embed-text")
        finding = next(row for row in self.run_in(home, "doctor", "--json").json if row["check"] == "project/code/encoder")
        self.assertEqual(finding["severity"], "ok", finding)
        self.assertNotEqual(self.project(home, "code")["generation"], before["generation"])

    def test_without_its_server_a_question_is_answered_by_words_and_nothing_can_be_chosen(self):
        server = self.ollama(nomic_embed_text=Encoder(768))
        home, root = self.home_with(server), fixture_codebase.write(self.folder())
        self.ingest(home, root, "code", "--encoder", "ollama/nomic-embed-text")
        self.settings["ollama.url"] = "http://127.0.0.1:1"
        self.assertIn(ANSWER, [passage["path"] for passage in self.ask(home, "code")["passages"]])
        found = self.run_in(home, "search", "encode_morse", "--project", "code")
        self.assertIn(ANSWER, found.output)
        self.assertIn("by words alone", found.errors)
        before = self.project(home, "code")
        self.assertFails(
            self.run_in(home, "projects", "encoder", "code", "ollama/nomic-embed-text"), "does not answer")
        self.assertFails(self.run_in(home, "projects", "encoder", "code", "nomic"), "is no encoder")
        self.assertEqual(self.project(home, "code"), before)

    def test_the_settings_choose_for_new_projects_and_leave_the_others(self):
        server = self.ollama(nomic_embed_text=Encoder(768))
        home, root = self.home_with(server), fixture_codebase.write(self.folder())
        self.ingest(home, root, "old")
        old = self.project(home, "old")["generation"]
        self.settings |= {"encoder.kind": "ollama", "encoder.model": "nomic-embed-text"}
        self.ingest(home, root, "new")
        self.ingest(home, root, "old")
        self.assertEqual(self.project(home, "old")["generation"], old)
        self.assertEqual(
            self.project(home, "new")["project"]["settings"]["encoder"]["choice"],
            {"provider": "ollama", "model": "nomic-embed-text"})
        self.assertFails(self.run_in(home, "search", "x", **{"encoder.model": ""}), "encoder.model")


if __name__ == "__main__":
    unittest.main()
