"""`hearth push`, projects in a bucket, and a real gateway's notifications. Skipped where S3_ENDPOINT names no server."""

import hashlib
import io
import os
import signal
import subprocess
import tarfile
import unittest
import urllib.parse
import uuid

import fixture_codebase
from hearth_process import HearthTestCase, eventually
from signed_s3 import ENDPOINT, KEY, SECRET, s3


@unittest.skipUnless(ENDPOINT, "no S3 server: run this beside scripts/with-ceph")
class BucketTests(HearthTestCase):
    def setUp(self):
        self.bucket = f"e2e-{uuid.uuid4()}"
        s3("PUT", f"/{self.bucket}")
        self.settings = {"s3.endpoint": ENDPOINT, "s3.access_key_id": KEY, "s3.secret_access_key": SECRET}

    def files(self):
        root = self.folder()
        for path, text in {**fixture_codebase.FILES, "docs/a b+c/é%.md": "# The harbour master's ledger\n"}.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        (root / ".gitignore").write_text("*.log\nout/\n")
        (root / "a.log").write_text("noise")
        (root / "out").mkdir()
        (root / "out" / "x.swift").write_text("let x = 1")
        return root

    def push(self, home, root, *options, **more):
        result = home.run("push", str(root), f"s3://{self.bucket}/tree", "--json", *options, settings=self.settings, **more)
        self.assertEqual(result.status, 0, result)
        return result.json

    def keys(self):
        text = s3("GET", f"/{self.bucket}", [("list-type", "2")]).decode()
        return text.count("<Key>")

    def test_push_ingest_and_search(self):
        home, root = self.home(), self.files()
        kept = [path for path in [*fixture_codebase.FILES, "docs/a b+c/é%.md"] if not path.endswith(".log")]
        count = len(kept)
        rehearsal = home.run("push", str(root), f"s3://{self.bucket}/tree", "--dry-run", settings=self.settings)
        self.assertEqual(rehearsal.status, 0, rehearsal)
        said = [line.removeprefix("upload ") for line in rehearsal.output.splitlines() if line.startswith("upload ")]
        self.assertEqual(sorted(said), sorted(kept))
        self.assertEqual(self.keys(), 0)
        self.assertEqual(self.push(home, root)["uploaded"], count)
        self.assertEqual(self.keys(), count)
        again = self.push(home, root)
        self.assertEqual((again["uploaded"], again["unchanged"]), (0, count))

        home.ingest(f"s3://{self.bucket}/tree", "code", settings=self.settings)
        report = home.ingest(f"s3://{self.bucket}/tree", "code", settings=self.settings)
        self.assertEqual((report["report"]["unchanged"], report["report"]["changed"]), (count, 0), report)
        found = home.run("search", "harbour master's ledger", "--project", "code", "--limit", "1", "--json", settings=self.settings).json[0]
        self.assertEqual(found["passage"]["path"], "docs/a b+c/é%.md")
        version = found["passage"]["documentVersion"]
        text = (root / "docs/a b+c/é%.md").read_bytes()
        self.assertEqual(version, f"etag={hashlib.md5(text).hexdigest()};sha256={hashlib.sha256(text).hexdigest()}")

        (root / "README.md").unlink()
        (root / "Sources" / "new.swift").write_text("func rescueTheCastaways() {}\n")
        kept = self.push(home, root)
        self.assertEqual((kept["uploaded"], kept["left"], kept["deleted"]), (1, 1, 0))
        self.assertEqual(self.push(home, root, "--delete")["deleted"], 1)
        self.assertEqual(self.keys(), count)
        report = home.ingest(f"s3://{self.bucket}/tree", "code", settings=self.settings)
        self.assertEqual(report["counts"]["removed"], 1, report)

    def test_large_files_go_in_parts_and_an_interrupted_push_goes_on(self):
        home, root = self.home(), self.folder()
        for number in range(6):
            (root / f"large{number}.bin").write_bytes(os.urandom(1 << 20) * 20)
        process = home.start("push", str(root), f"s3://{self.bucket}/tree", settings=self.settings,
                             stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        eventually(lambda: process.poll() is not None or b"<UploadId>" in s3("GET", f"/{self.bucket}", [("uploads", "")]), "an upload has begun")
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=60)
        self.assertIn(process.returncode, (0, 130), errors)
        eventually(lambda: b"<UploadId>" not in s3("GET", f"/{self.bucket}", [("uploads", "")]), "no part is left behind")
        counts = self.push(home, root)
        self.assertEqual(counts["uploaded"] + counts["unchanged"], 6)
        self.assertEqual(self.push(home, root)["unchanged"], 6)

    def test_an_archive_is_a_project(self):
        home = self.home()

        def archive(**files):
            buffer = io.BytesIO()
            with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
                for name, text in files.items():
                    member = tarfile.TarInfo(name.replace("_", "/") + ".swift")
                    member.size = len(text)
                    tar.addfile(member, io.BytesIO(text.encode()))
            s3("PUT", f"/{self.bucket}/trees/code.tar.gz", body=buffer.getvalue())

        archive(a_one="func lightTheLamp() {}\n", a_two="func soundTheHorn() {}\n")
        source = f"s3://{self.bucket}/trees/code.tar.gz"
        first = home.ingest(source, settings=self.settings)
        self.assertEqual((first["project"], first["index"]["documents"]), ("code", 2), first)
        archive(a_one="func lightTheLamp() {}\n", a_two="func ringTheBell() {}\n")
        second = home.ingest(source, settings=self.settings)
        self.assertEqual((second["counts"]["documents"], second["counts"]["embedded"]), (1, 1), second)

    def test_a_mistyped_source_is_an_error_and_makes_no_project(self):
        home, root = self.home(), self.files()
        self.push(home, root)
        for source in (f"s3://{self.bucket}/mistyped", f"s3://{self.bucket}/tree.zip"):
            result = home.run("ingest", source, "--project", "x", settings=self.settings)
            self.assertFails(result, source, "nothing was changed", "hearth projects remove", ".hearthignore")
        self.assertEqual(home.run("projects", "list", "--json").json, [])
        report = home.ingest(f"s3://{self.bucket}/tree", "x", settings=self.settings)
        for path in fixture_codebase.FILES:
            s3("DELETE", f"/{self.bucket}/tree/{path}")
        for path in (".gitignore", "docs/a b+c/é%.md"):
            s3("DELETE", f"/{self.bucket}/tree/{path}")
        self.assertEqual(self.keys(), 0)
        self.assertFails(home.run("ingest", "--project", "x", settings=self.settings), "nothing was changed")
        self.assertEqual(home.run("projects", "list", "--json").json[0]["index"]["documents"], report["index"]["documents"])
        self.assertIn("There is no file", home.run("doctor", settings=self.settings).output)
        s3("PUT", f"/{self.bucket}/tree/.hearthignore")
        emptied = home.ingest(f"s3://{self.bucket}/tree", "x", settings=self.settings)
        self.assertEqual(emptied["index"]["passages"], 0, emptied)

    def test_notifications_change_the_index(self):
        home, root = self.home(), self.files()
        self.push(home, root)
        home.ingest(f"s3://{self.bucket}/tree", "code", settings=self.settings)
        settings = {**self.settings, "ingest.interval_seconds": "86400", "hooks.s3_secret": "open-sesame"}
        server = home.serve(settings)
        self.addCleanup(server.stop)
        topic = f"topic-{uuid.uuid4()}"
        form = urllib.parse.urlencode({
            "Action": "CreateTopic", "Name": topic, "Attributes.entry.1.key": "push-endpoint",
            "Attributes.entry.1.value": f"{server.url}/v1/hooks/s3", "Attributes.entry.2.key": "OpaqueData",
            "Attributes.entry.2.value": "open-sesame"})
        reply = s3("POST", "/", body=form.encode(), content_type="application/x-www-form-urlencoded").decode()
        arn = reply.split("<TopicArn>")[1].split("<")[0]
        s3("PUT", f"/{self.bucket}", [("notification", "")], (
            "<NotificationConfiguration xmlns='http://s3.amazonaws.com/doc/2006-03-01/'><TopicConfiguration><Id>n1</Id>"
            f"<Topic>{arn}</Topic><Event>s3:ObjectCreated:*</Event><Event>s3:ObjectRemoved:*</Event>"
            "</TopicConfiguration></NotificationConfiguration>").encode())

        def paths(query):
            return [row["path"] for row in server.post("/v1/search", {"project": "code", "query": query, "limit": 3}).json["data"]]

        # An ordinary listing comes after a day: what changes now, changes by notification.
        path = "docs/späte Nachricht+1.md"
        s3("PUT", f"/{self.bucket}/tree/{path}", body=b"# The kraken sleeps beneath the seventh buoy\n")
        eventually(lambda: path in paths("kraken beneath the seventh buoy"), "the new object is found")
        s3("PUT", f"/{self.bucket}/tree/ignored.log", body=b"The kraken sleeps beneath the seventh buoy\n")
        s3("DELETE", f"/{self.bucket}/tree/{path}")
        eventually(lambda: path not in paths("kraken beneath the seventh buoy"), "the deleted object is gone")
        self.assertNotIn("ignored.log", paths("kraken beneath the seventh buoy"))
        self.assertEqual(server.post("/v1/hooks/s3", {"Records": []}).status, 401)
        self.assertNotIn("open-sesame", server.output + server.errors())

    @unittest.skipUnless("S3_TLS_ENDPOINT" in os.environ, "the S3 server has no TLS")
    def test_a_server_over_tls_must_be_trusted(self):
        home, root = self.home(), self.files()
        secure = {**self.settings, "s3.endpoint": os.environ["S3_TLS_ENDPOINT"],
                  "s3.trusted_certificates_file": os.environ["S3_AUTHORITY_FILE"]}
        pushed = home.run("push", str(root), f"s3://{self.bucket}/tree", settings=secure)
        self.assertEqual(pushed.status, 0, pushed)
        home.ingest(f"s3://{self.bucket}/tree", "code", settings=secure)
        for authority in (os.environ["S3_STRANGER_FILE"], ""):
            result = home.run("ingest", "--project", "code", settings={**secure, "s3.trusted_certificates_file": authority})
            self.assertFails(result, "certificate", "s3.trusted_certificates_file")
        wrong = {**secure, "s3.trusted_certificates_file": str(root / "README.md")}
        self.assertFails(home.run("ingest", "--project", "code", settings=wrong), "s3.trusted_certificates_file", "PEM")

    def test_what_is_wrong_is_said(self):
        home, root = self.home(), self.files()
        wrong = {**self.settings, "s3.secret_access_key": "wrong"}
        self.assertFails(home.run("push", str(root), f"s3://{self.bucket}", settings=wrong), "secret access key")
        self.assertFails(home.run("push", str(root), f"s3://{self.bucket}-none", settings=self.settings), "NoSuchBucket")
        self.assertFails(home.run("push", str(root), f"s3://{self.bucket}"), "s3.endpoint")
        self.assertFails(home.run("push", str(root), "nowhere", settings=self.settings), "s3://bucket")
        self.assertFails(home.run("push", str(root / "none"), f"s3://{self.bucket}", settings=self.settings), "does not exist")
        self.assertFails(home.run("ingest", f"s3://{self.bucket}-none", "--project", "x", settings=self.settings), "NoSuchBucket")


if __name__ == "__main__":
    unittest.main()
