"""What a client or a source should not send: a clear error each, nothing lost, and the server goes on."""

import http.client
import json
import os
import pathlib
import shutil
import socket
import subprocess
import time
import unittest

import fixture_codebase
from hearth_process import HearthTestCase, Home, eventually

MODEL = "hearth/lighthouse"
CHAT = {"model": MODEL, "messages": [{"role": "user", "content": "What is the lamp?"}]}
# A wrong value for every type.
WRONG = {"text": [], "number": "many", "integer": 1.5, "flag": "yes", "list": {"a": 1}, "object": [1]}
FIELDS = {
    "/v1/chat/completions": (CHAT, {
        "model": "text", "messages": "list", "stream": "flag", "stream_options": "object", "temperature": "number",
        "top_p": "number", "n": "integer", "stop": "object", "seed": "integer", "max_tokens": "integer",
        "max_completion_tokens": "integer", "presence_penalty": "number", "frequency_penalty": "number",
        "logprobs": "flag", "top_logprobs": "integer", "response_format": "object", "tools": "list", "user": "text",
        "metadata": "object", "store": "flag"}),
    "/v1/embeddings": ({"model": "text-embedding-3-small", "input": "x"}, {
        "model": "text", "input": "list", "encoding_format": "text", "dimensions": "integer"}),
    "/v1/search": ({"project": "lighthouse", "query": "lamp"}, {
        "project": "text", "query": "text", "limit": "integer", "path_prefix": "text", "languages": "list"}),
    "/v1/projects": ({"id": "new", "source": "/nonexistent"}, {
        "id": "text", "source": "text", "settings": "object"}),
}


class BadRequestTests(HearthTestCase):
    @classmethod
    def setUpClass(cls):
        cls.shared = Home()
        cls.addClassCleanup(cls.shared.close)
        cls.shared.ingest(fixture_codebase.write(cls.shared.folder / "lighthouse"), "lighthouse")
        cls.server = cls.shared.serve()
        cls.addClassCleanup(cls.server.stop)

    def tearDown(self):
        answer = self.server.post("/v1/chat/completions", CHAT)
        self.assertEqual(answer.status, 200, "the server no longer answers")
        self.assertTrue(answer.json["choices"][0]["message"]["content"])

    def test_a_wrong_type_in_any_field_is_named(self):
        for path, (body, fields) in FIELDS.items():
            for field, kind in fields.items():
                with self.subTest(f"{path} {field}"):
                    self.assertAPIError(self.server.post(path, {**body, field: WRONG[kind]}), 400, param=field)

    def test_wrong_types_deep_inside_are_named(self):
        for message in (3, "hello", {}, {"role": 1, "content": "x"}, {"role": "user", "content": 5}, {"role": "user"},
                        {"role": "wizard", "content": "x"}, {"role": "user", "content": [{"type": "image_url", "image_url": {}}]},
                        {"role": "tool", "content": "x"}, {"role": "user", "content": [{"type": "text"}]}):
            with self.subTest(message=message):
                reply = self.server.post("/v1/chat/completions", {**CHAT, "messages": [message]})
                self.assertAPIError(reply, 400, param="messages")

    def test_missing_fields_are_named(self):
        for path, (body, _) in FIELDS.items():
            for field in body:
                with self.subTest(f"{path} {field}"):
                    rest = {name: value for name, value in body.items() if name != field}
                    self.assertAPIError(self.server.post(path, rest), 400, param=field)

    def test_malformed_bodies_are_refused(self):
        for path in FIELDS:
            for body in (b"", b"{", b"[]", b"null", b"3", b'"x"', b"{'a': 1}", b'{"model": "x",}', b'{"model": "\xff\xfe"}',
                         b"\x00\x01\x02", b'{"model":' * 100_000, b"[" * 200_000, b'{"a":1}{"b":2}'):
                with self.subTest(f"{path} {body[:20]!r}"):
                    self.assertAPIError(self.server.post(path, body), 400)

    def test_numbers_at_the_edge_do_not_crash_it(self):
        for text in ("1e999", "-1e999", "9223372036854775808", "1e400000", "-0", "00", "1.0e-400", "NaN", "Infinity"):
            for field in ("temperature", "seed", "max_tokens", "n"):
                body = json.dumps(CHAT)[:-1] + f', "{field}": {text}}}'
                with self.subTest(f"{field} {text}"):
                    self.assertIn(self.server.post("/v1/chat/completions", body.encode()).status, (200, 400))

    def test_strange_texts_are_answered(self):
        for text in ("\u0000", "a\u0000b", "\ud83d\ude00", "e\u0301" * 1000, "\u2028", "]" * 5000, "<passage-1>", "{{", "' OR 1=1 --",
                     '"', "NEAR(", "* AND ^", "word " * 20_000, "漢" * 3000, "x" * 30_000):
            with self.subTest(text[:20]):
                reply = self.server.post("/v1/chat/completions", {**CHAT, "messages": [{"role": "user", "content": text}]})
                self.assertIn(reply.status, (200, 400), reply)
                if reply.status == 400:
                    self.assertAPIError(reply, 400)
                found = self.server.post("/v1/search", {"project": "lighthouse", "query": text})
                self.assertIn(found.status, (200, 400), found)

    def test_a_lone_surrogate_is_refused_or_repaired(self):
        reply = self.server.post("/v1/chat/completions", b'{"model":"hearth/lighthouse","messages":[{"role":"user","content":"\\ud800 lamp"}]}')
        self.assertIn(reply.status, (200, 400), reply)

    def test_a_body_of_100_megabytes_is_refused_without_reading_it(self):
        before = self.resident()
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        self.addCleanup(connection.close)
        connection.putrequest("POST", "/v1/chat/completions")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(100 << 20))
        connection.endheaders()
        sent, block = 0, b"x" * (1 << 16)
        try:
            while sent < 100 << 20:
                connection.send(block)
                sent += len(block)
        except OSError:
            pass  # refused while we were sending: that is what we want
        reply = connection.getresponse()
        body = json.loads(reply.read())
        self.assertEqual(reply.status, 413, body)
        self.assertTrue(body["error"]["message"])
        self.assertLess(self.resident() - before, 60 << 10, "KiB of memory grown")

    def test_a_body_without_a_length_is_bounded_too(self):
        connection = socket.create_connection(("127.0.0.1", self.server.port), timeout=60)
        self.addCleanup(connection.close)
        connection.sendall(b"POST /v1/search HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n")
        try:
            for _ in range(1600):
                connection.sendall(b"10000\r\n" + b"x" * 65536 + b"\r\n")
        except OSError:
            pass
        try:
            head = connection.recv(4096)
        except ConnectionResetError:
            head = b""  # it hung up before we had read its reply
        self.assertTrue(head == b"" or b" 413 " in head.split(b"\r\n")[0], head)

    def test_an_embedding_batch_has_a_limit(self):
        reply = self.server.post("/v1/embeddings", {"model": "text-embedding-3-small", "input": ["x"] * 2049})
        self.assertAPIError(reply, 400, param="input")

    def test_unknown_routes_methods_and_names_are_told(self):
        self.assertAPIError(self.server.get("/v1/unknown"), 404)
        self.assertAPIError(self.server.post("/v1/responses", {"input": "x"}), 404)
        self.assertAPIError(self.server.get("/v1/chat/completions"), 405)
        self.assertAPIError(self.server.request("DELETE", "/v1/models", None), 405)
        self.assertAPIError(self.server.get("/v1/tasks/nothing"), 404)
        self.assertAPIError(self.server.get("/v1/tasks/nothing/events"), 404)
        self.assertAPIError(self.server.post("/v1/tasks/nothing/cancel"), 404)
        self.assertAPIError(self.server.get("/v1/projects/nothing"), 404)
        self.assertAPIError(self.server.get("/v1/sessions/nothing/timeline"), 404)
        self.assertAPIError(self.server.get("/v1/tasks?status=odd"), 400, param="status")
        self.assertAPIError(self.server.get("/v1/tasks?limit=many"), 400, param="limit")
        for model in ("", "gpt-4o", "hearth/", "hearth/../etc", "hearth/absent", "x" * 10_000, "hearth/a\u0000b"):
            with self.subTest(model[:20]):
                self.assertAPIError(self.server.post("/v1/chat/completions", {**CHAT, "model": model}), 404, code="model_not_found")
        self.assertAPIError(self.server.post("/v1/search", {"project": "absent", "query": "x"}), 404)

    def test_a_client_that_sends_half_a_request_holds_up_nobody(self):
        halves = []
        for half in (b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 500\r\n\r\n{", b"GET / HT", b"\x16\x03\x01\x02"):
            connection = socket.create_connection(("127.0.0.1", self.server.port), timeout=10)
            self.addCleanup(connection.close)
            connection.sendall(half)
            halves.append(connection)
        started = time.monotonic()
        self.assertEqual(self.server.get("/healthz").status, 200)
        self.assertLess(time.monotonic() - started, 5)

    def resident(self):
        status = pathlib.Path(f"/proc/{self.server.process.pid}/status").read_text()
        return int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])


class BadSourceTests(HearthTestCase):
    def test_invalid_utf8_is_taken_with_its_lines_in_place(self):
        home, root = self.home(), self.folder()
        (root / "latin.py").write_bytes(b"# caf\xe9\ndef greet_guest():\n    return 'voil\xe0'\n")
        (root / "broken.c").write_bytes(b"int broken_bytes(void) { return 1; } // \xff\xfe\xc0\xaf\xed\xa0\x80\n")
        report = home.ingest(root, "odd")
        self.assertEqual(report["index"]["documents"], 2, report)
        found = home.run("search", "greet_guest", "--json").json[0]["passage"]
        self.assertEqual(found["path"], "latin.py")
        self.assertLessEqual(found["lines"][0], 2)
        self.assertGreaterEqual(found["lines"][1], 3)

    def test_a_folder_that_lost_all_its_files_leaves_the_index_alone(self):
        home, root = self.home(), fixture_codebase.write(self.folder())
        home.ingest(root, "lighthouse")
        for entry in root.iterdir():
            shutil.rmtree(entry) if entry.is_dir() else entry.unlink()
        result = home.run("ingest", "--project", "lighthouse")
        self.assertFails(result, str(root), "nothing was changed", ".hearthignore")
        self.assertTrue(home.run("search", "tide_height", "--json").json)
        self.assertIn("There is no file", home.run("doctor").output)
        (root / ".hearthignore").touch()
        home.ingest(root, "lighthouse")
        self.assertEqual(home.run("search", "tide_height", "--json").json, [])

    def test_an_empty_source_is_said_to_be_empty(self):
        home, root = self.home(), self.folder()
        self.assertFails(home.run("ingest", str(root), "--project", "empty"), "no file", str(root))
        self.assertNotIn("empty", home.run("projects", "list", "--json").output)
        (root / "code.log").write_text("what is ignored is there")
        result = home.run("ingest", str(root), "--project", "empty", "--ignore", "*")
        self.assertEqual(result.status, 0, result)
        self.assertIn("no file", result.output)
        self.assertEqual(home.run("search", "x", "--json").json, [])
        server = home.serve()
        self.addCleanup(server.stop)
        answer = server.post("/v1/chat/completions", {"model": "hearth/empty", "messages": CHAT["messages"]})
        self.assertEqual(answer.status, 200, answer)
        self.assertEqual(answer.json["hearth"]["citations"], [])

    def test_what_is_no_source_code_is_skipped_and_counted(self):
        home, root = self.home(), self.folder()
        (root / "good.py").write_text("def the_good_function():\n    return 1\n")
        (root / "empty.py").write_text("")
        (root / "blank.py").write_text("\n\n   \n")
        (root / "picture.py").write_bytes(bytes(range(256)) * 20)
        (root / "program").write_bytes(b"\x7fELF" + bytes(2000))
        (root / "one-line.js").write_text("var a=" + "1+" * 200_000 + "1")
        with open(root / "huge.py", "wb") as file:
            file.truncate(1 << 30)
        os.mkfifo(root / "pipe.py")
        (root / ("n" * 200 + ".py")).write_text("def long_name():\n    pass\n")
        (root / "new\nline.py").write_text("def newline_in_name():\n    pass\n")
        (root / "sub" / "deep").mkdir(parents=True)
        started = time.monotonic()
        report = home.ingest(root, "mixed", deadline=120)
        self.assertLess(time.monotonic() - started, 60)
        skipped = report["report"]["skipped"]
        self.assertEqual(skipped.get("tooLarge"), 1, report)
        self.assertGreaterEqual(skipped.get("binary", 0), 2, report)
        paths = {entry["passage"]["path"] for entry in home.run("search", "function name", "--limit", "100", "--json").json}
        self.assertIn("good.py", paths)
        self.assertEqual(paths & {"picture.py", "program", "huge.py", "pipe.py"}, set())
        self.assertIn("n" * 200 + ".py", paths)

    def test_links_are_not_followed_out_of_the_source_or_round_in_circles(self):
        home, root, outside = self.home(), self.folder(), self.folder()
        (outside / "secret.py").write_text("def outside_secret():\n    return 'outside'\n")
        (root / "inside.py").write_text("def inside():\n    return 1\n")
        (root / "out").symlink_to(outside)
        (root / "file.py").symlink_to(outside / "secret.py")
        (root / "loop").symlink_to(root)
        (root / "self.py").symlink_to(root / "self.py")
        (root / "dangling.py").symlink_to(root / "absent.py")
        report = home.ingest(root, "links", deadline=60)
        found = home.run("search", "outside_secret inside", "--limit", "50", "--json").json
        self.assertTrue(found)
        self.assertFalse([e for e in found if "outside" in e["passage"]["text"]], found)
        self.assertEqual({e["passage"]["path"] for e in found}, {"inside.py"})
        self.assertEqual(report["index"]["documents"], 1, report)

    def test_an_unreadable_folder_is_no_empty_one(self):
        # Root reads everything unless it gives that right away.
        under = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
        if under and not shutil.which("setpriv"):
            self.skipTest("root reads every folder, and there is no setpriv")
        home, root = self.home(), fixture_codebase.write(self.folder())
        home.ingest(root, "lighthouse")
        (root / "lighthouse").chmod(0)
        result = home.run("ingest", str(root), "--project", "lighthouse", under=under)
        (root / "lighthouse").chmod(0o755)
        self.assertFails(result)
        self.assertIn("lighthouse", result.errors)
        found = home.run("search", "tide_height", "--path", "lighthouse/", "--json").json
        self.assertTrue(found, "the index forgot what it could not read")

    def test_a_source_that_has_gone_leaves_the_index_alone(self):
        home, root = self.home(), self.folder()
        source = fixture_codebase.write(root / "code")
        home.ingest(source, "lighthouse")
        source.rename(root / "moved")
        result = home.run("ingest", "--project", "lighthouse")
        self.assertFails(result)
        self.assertIn(str(source), result.errors)
        self.assertTrue(home.run("search", "tide_height", "--json").json)

    def test_secrets_in_sources_are_neither_stored_nor_shown(self):
        home, root = self.home(), self.folder()
        key = "AKIA" + "Q4W7ERTYZXCVBNM2"
        token = "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8"
        pem = "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIEpAIBAAKCAQEA7bq3\n" * 6 + "-----END RSA PRIVATE KEY-----"
        (root / "settings.py").write_text(f'AWS_ACCESS_KEY_ID = "{key}"\nGITHUB_TOKEN = "{token}"\nKEY = """{pem}"""\n')
        report = home.ingest(root, "secret")
        self.assertGreaterEqual(report["counts"]["maskedSecrets"], 3, report)
        for file in home.data.rglob("*"):
            if file.is_file():
                data = file.read_bytes()
                for secret in (key, token, "MIIEpAIBAAKCAQEA7bq3"):
                    self.assertNotIn(secret.encode(), data, file)


class FullDiskTests(HearthTestCase):
    def disk(self, megabytes):
        folder = self.folder() / "disk"
        folder.mkdir()
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)], capture_output=True, text=True)
        if mounted.returncode != 0:
            self.skipTest(f"no small disk can be mounted: {mounted.stderr.strip()}")
        self.addCleanup(subprocess.run, ["umount", "-l", str(folder)], check=False)
        return folder

    def test_an_ingest_on_a_full_disk_says_so_and_loses_nothing(self):
        disk = self.disk(12)
        home = self.home(path=disk / "data")
        root = fixture_codebase.write(self.folder())
        first = home.ingest(root, "lighthouse")
        big = fixture_codebase.write_many(self.folder(), 400, functions=8)
        # Something else takes all room but for a part of these files.
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        (disk / "filler").write_bytes(bytes(max(0, free - 1_000_000)))
        result = home.run("ingest", str(big), "--project", "big", deadline=150)
        self.assertFails(result)
        self.assertRegex((result.errors + result.output).lower(), "disk|space|full")
        self.assertNextStep(result.errors)
        # To open a database that was closed takes a few pages, also for who only reads.
        os.truncate(disk / "filler", (disk / "filler").stat().st_size - 262_144)
        found = home.run("search", "tide_height", "--project", "lighthouse", "--json")
        self.assertEqual(found.status, 0, found)
        self.assertEqual(found.json[0]["passage"]["path"], "lighthouse/tide.c")

        # With room again the work goes on and ends where a clean run ends.
        remounted = subprocess.run(["mount", "-o", "remount,size=256m", str(disk)], capture_output=True, text=True)
        self.assertEqual(remounted.returncode, 0, remounted.stderr)
        home.run("tasks", "replay", "all")
        report = home.ingest(big, "big")
        self.assertEqual(report["index"]["documents"], 400)
        rows = {row["project"]["id"]: row["index"] for row in home.run("projects", "--json").json}
        self.assertEqual(rows["lighthouse"]["passages"], first["index"]["passages"])

    def test_a_server_on_a_full_disk_refuses_and_recovers(self):
        disk = self.disk(12)
        home = self.home(path=disk / "data")
        home.ingest(fixture_codebase.write(self.folder()), "lighthouse")
        server = home.serve()
        self.addCleanup(server.stop)
        before = server.post("/v1/chat/completions", CHAT)
        self.assertEqual(before.status, 200, before)
        filler = disk / "filler"
        # Without a buffer: what was left in one would fail once more when the file is closed.
        with open(filler, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(1 << 16))
            except OSError:
                pass
        statuses = []
        for number in range(40):
            reply = server.post("/v1/chat/completions", {**CHAT, "messages": [{"role": "user", "content": f"{number} " + "lamp " * 2000}]})
            statuses.append(reply.status)
            if reply.status != 200:
                self.assertAPIError(reply, reply.status)
                self.assertIn(reply.status, (500, 503, 507), reply)
                break
        self.assertNotEqual(statuses[-1], 200, "the disk was not full")
        self.assertEqual(server.get("/healthz").status, 200)
        filler.unlink()
        answer = eventually(lambda: (r := server.post("/v1/chat/completions", CHAT)).status == 200 and r, "it answers again", 60)
        self.assertTrue(answer.json["choices"][0]["message"]["content"])
        old = server.get(f"/v1/tasks/{before.json['hearth']['correlation_id']}").json
        self.assertEqual(old["text"], before.json["choices"][0]["message"]["content"])


if __name__ == "__main__":
    unittest.main()
