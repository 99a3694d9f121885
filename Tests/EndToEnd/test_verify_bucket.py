"""`hearth verify` whose scratch codebases lie in a bucket, as on a cluster whose pods share no disk. Skipped where S3_ENDPOINT names no server."""

import signal
import subprocess
import unittest
import uuid

from grounded_ollama import GroundedOllama
from hearth_process import HearthTestCase, eventually
from signed_s3 import ENDPOINT, KEY, SECRET, s3


@unittest.skipUnless(ENDPOINT, "no S3 server: run this beside scripts/with-ceph or scripts/with-moto")
class BucketScratchTest(HearthTestCase):
    def setUp(self):
        self.bucket = f"verify-{uuid.uuid4()}"
        s3("PUT", f"/{self.bucket}")
        self.model = GroundedOllama().start()
        self.addCleanup(self.model.stop)
        self.settings = {"s3.endpoint": ENDPOINT, "s3.access_key_id": KEY, "s3.secret_access_key": SECRET}
        self.shared = self.home()
        made = self.shared.run("keys", "create", "verify")
        self.key_file = self.shared.folder / "verify.key"
        self.key_file.write_text(next(word for word in made.output.split() if word.startswith("hk_")) + "\n")
        self.server = self.shared.serve({
            **self.settings, **self.model.settings, "storage.fsync": "false", "ingest.interval_seconds": "3600"})
        self.addCleanup(self.server.stop)

    def arguments(self, *options):
        return ["verify", "run", "--url", self.server.url, "--key-file", str(self.key_file), "--scratch", f"s3://{self.bucket}/verify", *options]

    def objects(self):
        return s3("GET", f"/{self.bucket}", [("list-type", "2")]).decode().count("<Key>")

    def test_a_run_in_a_bucket_is_green_and_leaves_no_object(self):
        result = self.shared.run(*self.arguments("--json"), settings=self.settings)
        self.assertEqual(result.status, 0, result)
        self.assertEqual([case for case in result.json["cases"] if case["failures"]], [])
        self.assertIn("staleness", {kind["kind"] for kind in result.json["kinds"]})
        self.assertEqual(self.objects(), 0)

    def test_one_that_is_stopped_leaves_no_object(self):
        self.model.delay = 0.1
        process = self.shared.start(
            *self.arguments(), settings=self.settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        eventually(lambda: len(self.model.generations) > 3 or process.poll() is not None, "questions are being answered", 120)
        self.assertGreater(self.objects(), 20)
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=15)
        self.assertEqual(process.returncode, 143, errors)
        self.assertNotIn("Left behind", errors)
        self.assertEqual(self.objects(), 0)

    def test_a_place_that_is_no_folder_of_a_bucket_and_a_key_that_is_none_are_said(self):
        self.assertFails(self.shared.run(*self.arguments("--scratch", f"s3://{self.bucket}/a.zip"), settings=self.settings), "--scratch")
        self.key_file.write_text("\n")
        self.assertFails(self.shared.run(*self.arguments(), settings=self.settings), "holds no key")


if __name__ == "__main__":
    unittest.main()
