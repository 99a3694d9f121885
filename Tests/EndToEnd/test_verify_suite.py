"""`hearth verify --suite`: a user's own questions about a project that is there, and what must be true of the answers."""

import signal
import subprocess
import unittest

from hearth_process import eventually
from verify_case import VerifyTestCase

FILES = {
    "src/upload.py": "# Uploads.\n\nupload_limit = 4817223\n",
    "src/retry.py": "# Retries.\n\nretry_limit = 9153347\n",
}
LIMIT = "What is the value of `upload_limit`?"
UNKNOWN = "What is the value of `nobody_knows`?"


def question(text, **demands):
    lines = [f'  - question: "{text}"', *(f"    {name}: {value}" for name, value in demands.items())]
    return "\n".join(lines) + "\n"


class SuiteTest(VerifyTestCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        root = cls.shared.folder / "shop"
        for path, text in FILES.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text)
        cls.server.post("/v1/projects", {"id": "shop", "source": str(root)})
        while not cls.server.post("/v1/projects/shop/ingest").json["complete"]:
            pass

    def suite(self, *questions, status, text=None, options=("--json",)):
        file = self.shared.folder / "suite.yaml"
        file.write_text(text if text is not None else "project: shop\nquestions:\n" + "".join(questions))
        result = self.verify("--suite", str(file), *options)
        self.assertEqual(result.status, status, result)
        return result

    def assertNoConversationIsLeft(self):
        self.assertEqual(self.server.get("/v1/sessions").json["data"], [])
        # What was cancelled before its conversation began is nobody's to remove.
        self.assertEqual([task for task in self.server.get("/v1/tasks").json["data"] if task["status"] != "cancelled"], [])

    def test_each_demand_that_is_kept_is_green(self):
        report = self.suite(
            question(LIMIT, must_contain="[4817223, upload_limit]"),
            question(LIMIT, must_not_contain="9153347"),
            question(LIMIT, must_cite="[src/upload.py, src/]"),
            question(UNKNOWN, must_abstain="true"), status=0).json
        self.assertEqual([case["id"] for case in report["cases"] if case["kind"] == "suite"], [f"suite/{number}" for number in range(1, 5)])
        self.assertEqual([case["failures"] for case in report["cases"]], [[]] * len(report["cases"]))
        self.assertEqual(report["subject"]["generatorDigest"], "0" * 64)
        self.assertTrue(all(ask["promptHash"] for case in report["cases"] for ask in case["asks"]))
        # The project is the user's and stays; what was asked about it for the suite goes.
        self.assertEqual([project["id"] for project in self.server.get("/v1/projects").json["data"]], ["shop"])
        self.assertNoConversationIsLeft()

    def test_a_conversation_of_the_user_stays(self):
        reply = self.server.post(
            "/v1/chat/completions", {"model": "hearth/shop", "messages": [{"role": "user", "content": LIMIT}]},
            x_hearth_session="mine")
        self.assertEqual(reply.status, 200, reply)
        eventually(lambda: self.server.get("/v1/sessions/mine").status == 200, "the conversation is kept")
        self.addCleanup(self.server.request, "DELETE", "/v1/sessions/mine", None)
        self.suite(question(LIMIT, must_contain="4817223"), status=0)
        self.assertEqual([session["id"] for session in self.server.get("/v1/sessions").json["data"]], ["mine"])

    def test_a_suite_that_is_stopped_leaves_no_conversation(self):
        file = self.shared.folder / "stopped.yaml"
        questions = [question(LIMIT, name=f"q{number}", must_contain="4817223") for number in range(20)]
        file.write_text("project: shop\nquestions:\n" + "".join(questions))
        self.model.delay = 0.2
        self.addCleanup(setattr, self.model, "delay", 0.0)
        for kind, status in ((signal.SIGINT, 130), (signal.SIGTERM, 143)):
            with self.subTest(kind.name):
                asked = len(self.model.generations)
                process = self.shared.start(
                    "verify", "--url", self.server.url, "--suite", str(file), "--lane", "concurrent",
                    stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
                eventually(lambda: len(self.model.generations) > asked + 3, "questions are being answered", 60)
                process.send_signal(kind)
                _, errors = process.communicate(timeout=15)
                self.assertEqual(process.returncode, status, errors)
                self.assertNotIn("Left behind", errors)
                self.assertNoConversationIsLeft()

    def test_each_demand_that_is_broken_is_red_alone(self):
        broken = {
            "must_contain": (question(LIMIT, name="asked", must_contain="9153347"), "says '9153347'"),
            "a part of a number": (question(LIMIT, name="asked", must_contain="481722"), "says '481722'"),
            "must_not_contain": (question(LIMIT, name="asked", must_not_contain="[x, 4817223]"), "does not say '4817223'"),
            "must_cite": (question(LIMIT, name="asked", must_cite="src/retry.py"), "cites src/retry.py"),
            "must_abstain": (question(LIMIT, name="asked", must_abstain="true"), "abstains"),
        }
        kept = question(LIMIT, name="kept", must_contain="4817223")
        for demand, (text, check) in broken.items():
            with self.subTest(demand):
                report = self.suite(kept, text, status=1).json
                failed = {case["id"]: case["failures"] for case in report["cases"] if case["failures"]}
                self.assertEqual(list(failed), ["suite/asked"])
                self.assertEqual(len(failed["suite/asked"]), 1, failed)
                self.assertIn(check, failed["suite/asked"][0]["check"])
        shown = self.suite(kept, broken["must_contain"][0], status=1, options=()).output
        self.assertIn("suite/asked", shown)
        self.assertIn("RED", shown)

    def test_one_that_answers_where_it_should_abstain_is_red(self):
        self.model.mutate("ignores_context")
        self.suite(question(UNKNOWN, must_abstain="true"), status=1)

    def test_a_file_that_is_not_understood_says_where(self):
        head = "project: shop\nquestions:\n"
        faults = {
            head + "  - question: q\n    must_contain: [a\n": "Line 4",
            head + "  - question: q\n\tmust_contain: a\n": "Line 4",
            head + "  - question: q\n    question: r\n": "Line 4",
            head + "  - question: |\n      q\n": "Line 3",
            head + "  - question: q\n    must_say: a\n": "'must_say'",
            head + "  - question: q\n    must_cite: a\n  - name: n\n    must_cite: a\n": "question 2 has no 'question'",
            head + "  - question: q\n    must_abstain: perhaps\n": "'must_abstain' of question 1",
            head + "  - question: q\n    must_cite:\n      a: b\n": "'must_cite' of question 1",
            "projekt: shop\nquestions:\n  - question: q\n    must_cite: a\n": "'projekt'",
            "questions:\n  - question: q\n    must_cite: a\n": "no 'project'",
            "project: shop\n": "no 'questions'",
            head + "  - question: q\n": "demands nothing",
            "": "empty",
        }
        for text, said in faults.items():
            with self.subTest(said):
                self.assertFails(self.suite(status=1, text=text), said)
        self.assertFails(self.verify("--suite", "/nonexistent/suite.yaml"), "/nonexistent/suite.yaml")

    def test_a_project_that_is_not_there_is_said(self):
        self.assertFails(self.suite(status=1, text="project: shed\nquestions:\n" + question(LIMIT, must_cite="a")), "shed")


if __name__ == "__main__":
    unittest.main()
