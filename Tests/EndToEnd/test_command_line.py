"""The command line, from a fresh data directory on."""

import contextlib
import signal
import sqlite3
import subprocess
import unittest

import fixture_codebase
from hearth_process import HearthTestCase, eventually


class CommandLineTests(HearthTestCase):
    def ingested(self):
        home = self.home()
        root = fixture_codebase.write(self.folder())
        return home, root, home.ingest(root, "lighthouse")

    def test_ingest_counts_what_it_took_and_what_it_left_out(self):
        home, root, report = self.ingested()
        self.assertEqual(report["project"], "lighthouse")
        indexed = report["index"]["documents"]
        self.assertEqual(indexed, len(fixture_codebase.INDEXED), report)
        self.assertGreaterEqual(report["index"]["passages"], indexed)
        self.assertEqual((report["report"]["changed"], report["report"]["deleted"]), (0, 0))

        rows = home.run("projects", "--json").json
        self.assertEqual([row["project"]["id"] for row in rows], ["lighthouse"])
        self.assertEqual(rows[0]["index"]["documents"], indexed)
        self.assertEqual(rows[0]["index"]["passages"], report["index"]["passages"])

    def test_search_finds_the_right_lines_and_nothing_that_is_ignored(self):
        home, root, _ = self.ingested()
        for question, path, text in fixture_codebase.QUESTIONS:
            with self.subTest(question):
                found = home.run("search", question, "--project", "lighthouse", "--limit", "3", "--json").json
                paths = [entry["passage"]["path"] for entry in found]
                self.assertIn(path, paths)
                passage = next(entry["passage"] for entry in found if entry["passage"]["path"] == path)
                self.assertEqual(passage["text"].rstrip("\n"), fixture_codebase.lines(root, path, *passage["lines"]).rstrip("\n"))
        everything = home.run("search", "ignored build product log line", "--limit", "100", "--json").json
        self.assertFalse([e for e in everything if e["passage"]["path"] not in fixture_codebase.INDEXED])

    def test_search_honours_its_filters(self):
        home, _, _ = self.ingested()
        found = home.run("search", "function", "--language", "c", "--json").json
        self.assertEqual({entry["passage"]["path"] for entry in found}, {"lighthouse/tide.c"})
        found = home.run("search", "lamp", "--path", "Sources/", "--json").json
        self.assertEqual({entry["passage"]["path"] for entry in found}, {"Sources/Lamp.swift"})

    def test_ask_answers_with_sources_that_exist(self):
        home, root, _ = self.ingested()
        question, path, text = fixture_codebase.QUESTIONS[2]
        shown = home.run("ask", question, settings={"generator.kind": "extractive"})
        self.assertEqual(shown.status, 0, shown)
        self.assertIn(text, shown.output)
        self.assertIn(path, shown.output)

        answer = home.run("ask", question, "--json", settings={"generator.kind": "extractive"}).json
        cited = [citation["passage"] for citation in answer["summary"]["citations"]]
        self.assertTrue(any(
            p["path"] == path and text in fixture_codebase.lines(root, path, *p["lines"]) for p in cited), answer)

        sessions = home.run("sessions", "--json").json
        self.assertEqual(len(sessions), 2)
        shown = home.run("sessions", "show", answer["session"])
        self.assertIn(question, shown.output)
        tasks = home.run("tasks", "--json").json
        self.assertEqual([task["status"] for task in tasks["tasks"]], ["completed", "completed"])
        self.assertIn(text, home.run("tasks", "show", answer["id"]).output)

    def test_ask_continues_a_session(self):
        home, _, _ = self.ingested()
        settings = {"generator.kind": "extractive"}
        first = home.run("ask", "What does hornSchedule return?", "--json", settings=settings).json
        second = home.run("ask", "And who refuses to sound it?", "--session", first["session"], "--json", settings=settings).json
        self.assertEqual(second["session"], first["session"])
        messages = home.run("sessions", "show", first["session"], "--json").json
        self.assertEqual([message["role"] for message in messages], ["user", "assistant", "user", "assistant"])

    def test_config_tells_where_each_value_comes_from(self):
        home = self.home(HEARTH_SERVER_QUEUE_LIMIT="7")
        rows = {row["key"]: row for row in home.run("config", "--json", settings={"server.port": "9001"}).json}
        self.assertEqual((rows["server.port"]["value"], rows["server.port"]["source"]), ("9001", "--set"))
        self.assertEqual((rows["server.queue_limit"]["value"], rows["server.queue_limit"]["source"]), ("7", "HEARTH_SERVER_QUEUE_LIMIT"))
        self.assertEqual(rows["server.host"]["source"], "default")

    def test_secrets_are_not_printed(self):
        home = self.home(HEARTH_OPENAI_API_KEY="sk-very-secret")
        for arguments in (["config"], ["config", "--json"]):
            self.assertNotIn("sk-very-secret", home.run(*arguments).output)

    def test_unknown_settings_are_refused_with_a_suggestion(self):
        home = self.home()
        self.assertFails(home.run("config", settings={"server.prot": "1"}), "server.prot", "server.port")
        self.assertFails(home.run("config", settings={"server.port": "many"}), "server.port", "whole number")
        wrong = self.home(HEARTH_SERVER_PROT="1")
        self.assertFails(wrong.run("config"), "HEARTH_SERVER_PROT", "HEARTH_SERVER_PORT")
        file = home.folder / "settings.json"
        file.write_text('{"server": {"hots": "127.0.0.1"}}')
        self.assertFails(home.run("config", "--config", str(file)), "hots", "server.host")
        file.write_text('{"server": ')
        self.assertFails(home.run("config", "--config", str(file)), str(file))

    def test_what_does_not_exist_is_named_with_a_next_step(self):
        home, _, _ = self.ingested()
        self.assertFails(home.run("search", "x", "--project", "lighthuose"), "lighthouse")
        self.assertFails(home.run("ingest", str(home.folder / "absent")), "absent")
        self.assertFails(home.run("tasks", "show", "nothing"), "hearth tasks")
        self.assertFails(home.run("sessions", "show", "nothing"), "hearth sessions")
        self.assertFails(home.run("projects", "remove", "nothing"), "hearth projects")
        self.assertFails(home.run("ask", "  "), "empty")
        self.assertFails(self.home().run("search", "x"), "hearth ingest")
        self.assertFails(home.run("serch", "x"))

    def test_help_and_version_are_no_errors(self):
        home = self.home()
        for command in ("ingest", "ask", "search", "serve", "projects", "sessions", "tasks", "keys", "doctor", "config"):
            process = home.start(command, "--help", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            output, errors = process.communicate(timeout=30)
            self.assertEqual((process.returncode, errors), (0, ""), command)
            self.assertIn("USAGE: hearth " + command, output)

    def test_doctor_checks_every_part(self):
        home, _, _ = self.ingested()
        result = home.run("doctor", "--json", settings={"generator.kind": "extractive"})
        self.assertEqual(result.status, 0, result)
        checks = {row["check"]: row["severity"] for row in result.json}
        for part in ("data", "encoder", "grammars", "generator", "project/lighthouse"):
            self.assertEqual(checks.get(part), "ok", checks)
        broken = home.run("doctor", "--json", settings={"assets.directory": str(home.folder)})
        self.assertEqual(broken.status, 1)
        self.assertTrue(all(row["remedy"] for row in broken.json if row["severity"] == "failure"), broken.json)

    def test_keys_are_shown_once_and_kept_as_hashes(self):
        home = self.home()
        made = home.run("keys", "create", "alice")
        self.assertEqual(made.status, 0, made)
        key = made.output.strip()
        self.assertTrue(key.startswith("hk_"), made)
        self.assertNotIn(key, (home.data / "keys.json").read_text())
        self.assertEqual((home.data / "keys.json").stat().st_mode & 0o077, 0, "others can read keys.json")
        self.assertEqual([row["name"] for row in home.run("keys", "--json").json], ["alice"])
        self.assertFails(home.run("keys", "create", "alice"), "alice")
        self.assertEqual(home.run("keys", "revoke", "alice").status, 0)
        self.assertEqual(home.run("keys", "--json").json, [])

    def test_removing_a_project_leaves_its_source(self):
        home, root, _ = self.ingested()
        self.assertEqual(home.run("projects", "remove", "lighthouse").status, 0)
        self.assertEqual(home.run("projects", "--json").json, [])
        self.assertTrue((root / "README.md").exists())
        self.assertEqual(home.ingest(root, "lighthouse")["index"]["documents"], len(fixture_codebase.INDEXED))

    def test_an_interrupted_ingest_goes_on_where_it_was(self):
        home = self.home()
        root = fixture_codebase.write_many(self.folder(), 250, functions=4)
        process = home.start("ingest", str(root), "--project", "many", stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        def is_written():
            size = sum(path.stat().st_size for path in (home.data / "index").rglob("*") if path.is_file())
            return size > 200_000 or process.poll() is not None
        eventually(is_written, "a part of the index is written", 60)
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=60)
        self.assertGreaterEqual(process.returncode, 0, f"ended by signal: {errors}")
        self.assertNextStep(errors)
        if process.returncode != 0:
            self.assertEqual(process.returncode, 130, errors)
            self.assertIn("Interrupted", errors)
            self.assertIn("left. Run this again to go on.", errors)
        partial = home.run("projects", "--json").json[0]["index"]
        report = home.ingest(root, "many")
        self.assertEqual(report["index"]["documents"], 250)
        if partial:
            # What was done stays done.
            self.assertLessEqual(report["counts"]["documents"], 250 - partial["documents"] + 8)
        clean = self.home().ingest(root, "many")
        self.assertEqual(report["index"]["passages"], clean["index"]["passages"])

    def test_what_was_set_aside_is_tried_again_by_the_next_ingest(self):
        home = self.home()
        root = fixture_codebase.write_many(self.folder(), 250, functions=4)
        process = home.start("ingest", str(root), "--project", "many", stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        def left():
            with contextlib.suppress(sqlite3.OperationalError), contextlib.closing(sqlite3.connect(home.data / "hearth.sqlite")) as database:
                return database.execute("SELECT count(*) FROM task WHERE topic = 'ingest'").fetchone()[0]
        eventually(left, "the files are on the bus", 60)
        process.kill()
        process.wait()
        with contextlib.closing(sqlite3.connect(home.data / "hearth.sqlite")) as database:
            database.execute("UPDATE task SET owner = NULL, receipt = NULL, diedAt = 1, deadReason = 'a bug' WHERE topic = 'ingest'")
            database.commit()
        self.assertIn("a bug", home.run("tasks", "dead-letters").output)
        self.assertEqual(home.ingest(root, "many")["index"]["documents"], 250)
        self.assertIn("no dead letters", home.run("tasks", "dead-letters").output)


if __name__ == "__main__":
    unittest.main()
