"""`hearth verify` that is told to stop in the middle takes away what it has made, or says what it could not."""

import signal
import subprocess
import time
import unittest

from forwarding_proxy import DeletionsHeldProxy
from hearth_process import eventually
from verify_case import VerifyTestCase

# What a process that was told to stop by a terminal, and by a supervisor, ends with.
STATUSES = {signal.SIGINT: 130, signal.SIGTERM: 143}


class InterruptedTest(VerifyTestCase):
    def setUp(self):
        super().setUp()
        # A run that lasts long enough to be stopped in it.
        self.model.delay = 0.1
        self.asked = len(self.model.generations)

    def tearDown(self):
        self.model.delay = 0.0
        self.model.may_embed.set()

    def begin(self, url=None, *options):
        process = self.shared.start(
            "verify", "--url", url or self.server.url, "--lane", "concurrent", "--scratch", str(self.shared.folder), *options,
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        def end():
            if process.poll() is None:
                process.kill()
            process.communicate()
        self.addCleanup(end)
        return process

    def is_asking(self):
        """In the middle of the questions, with one of them asked of the model alone."""
        return len(self.model.generations) > self.asked + 6

    def folders(self):
        return list(self.shared.folder.glob("hearth-verify-*"))

    def assertNothingIsLeft(self):
        self.assertEqual(self.folders(), [])
        self.assertEqual(self.server.get("/v1/projects").json["data"], [])
        self.assertEqual(self.server.get("/v1/sessions").json["data"], [])
        self.assertEqual([path.name for path in (self.shared.data / "index").glob("verify-*")], [])
        waiting = self.server.get("/v1/tasks").json["data"]
        self.assertEqual([task for task in waiting if task["status"] not in ("completed", "cancelled")], [])

    def test_both_signals_end_it_with_their_status_and_leave_nothing(self):
        for kind, status in STATUSES.items():
            with self.subTest(kind.name):
                self.asked = len(self.model.generations)
                process = self.begin()
                eventually(self.is_asking, "questions are being answered", 60)
                self.assertEqual(len(self.folders()), 1)
                process.send_signal(kind)
                output, errors = process.communicate(timeout=15)
                self.assertEqual(process.returncode, status, errors)
                self.assertNextStep(errors)
                self.assertNotIn("Left behind", errors)
                self.assertEqual(output, "", "a run that was stopped has no report")
                self.assertNothingIsLeft()

    def test_one_that_is_stopped_while_its_files_are_taken_in_leaves_nothing(self):
        self.model.is_embedding.clear()
        self.model.may_embed.clear()
        process = self.begin()
        eventually(self.model.is_embedding.is_set, "files are being taken in", 60)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=15)
        self.assertEqual(process.returncode, 130, errors)
        self.model.may_embed.set()
        # Whoever still has a file in hand finds no project for it.
        eventually(lambda: 'hearth_tasks_ready{topic="ingest"} 0' in self.server.get("/metrics").body.decode(), "the files are let go")
        dead = self.shared.run("tasks", "dead-letters", "--topic", "ingest", "--json")
        self.assertEqual(dead.json, [], dead)
        self.assertNothingIsLeft()

    def test_a_second_signal_ends_it_at_once_and_says_what_is_left(self):
        proxy = DeletionsHeldProxy(self.server.url).start()
        self.addCleanup(proxy.stop)
        process = self.begin(proxy.url)
        eventually(self.is_asking, "questions are being answered", 60)
        process.send_signal(signal.SIGINT)
        self.assertTrue(proxy.is_holding.wait(15))
        since = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=15)
        self.assertLess(time.monotonic() - since, 3)
        self.assertEqual(process.returncode, 130, errors)
        left = [line for line in errors.splitlines() if line.startswith("Left behind: ")]
        self.assertEqual(len(left), 1, errors)
        names = {project["id"] for project in self.server.get("/v1/projects").json["data"]}
        self.assertEqual(len(names), 2)
        for name in names:
            self.assertIn(f"project {name}", left[0])
        # Files need no server.
        self.assertEqual(self.folders(), [])
        proxy.may_delete.set()
        for name in names:
            self.assertIn(self.server.request("DELETE", f"/v1/projects/{name}", None).status, (200, 404))

    def test_a_run_that_has_ended_and_cannot_remove_its_projects_stops_at_the_first_signal(self):
        self.model.delay = 0.0
        proxy = DeletionsHeldProxy(self.server.url).start()
        self.addCleanup(proxy.stop)
        process = self.begin(proxy.url, "--kinds", "canary")
        self.assertTrue(proxy.is_holding.wait(60), "it removes its projects at its end")
        process.send_signal(signal.SIGINT)
        output, errors = process.communicate(timeout=10)
        # The questions were all answered: the verdict stands.
        self.assertEqual(process.returncode, 0, errors)
        self.assertIn("GREEN", output)
        self.assertIn("Left behind: project verify-", errors)
        proxy.may_delete.set()
        for project in self.server.get("/v1/projects").json["data"]:
            self.server.request("DELETE", f"/v1/projects/{project['id']}", None)

    def test_one_signal_is_enough_if_nothing_can_be_removed(self):
        proxy = DeletionsHeldProxy(self.server.url).start()
        self.addCleanup(proxy.stop)
        process = self.begin(proxy.url)
        eventually(self.is_asking, "questions are being answered", 60)
        since = time.monotonic()
        process.send_signal(signal.SIGTERM)
        _, errors = process.communicate(timeout=20)
        self.assertLess(time.monotonic() - since, 14)
        self.assertEqual(process.returncode, 143, errors)
        self.assertIn("Left behind: project verify-", errors)
        proxy.may_delete.set()
        for project in self.server.get("/v1/projects").json["data"]:
            self.server.request("DELETE", f"/v1/projects/{project['id']}", None)


if __name__ == "__main__":
    unittest.main()
