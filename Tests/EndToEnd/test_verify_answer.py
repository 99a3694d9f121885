"""`hearth verify answer` tells what became of an answer's sources: nothing, another text, or nothing that is there any more."""

import unittest

from verify_case import VerifyTestCase

LIMIT = "# Uploads.\n\nupload_limit = 4817223\n\n\ndef check_upload(size):\n    return size < upload_limit\n"


class AnswerTest(VerifyTestCase):
    def setUp(self):
        super().setUp()
        self.root = self.folder()
        (self.root / "upload.py").write_text(LIMIT)
        (self.root / "other.py").write_text("# Others.\n\nother_limit = 9153347\n")
        reply = self.server.post("/v1/projects", {"id": "shop", "source": str(self.root)})
        self.assertEqual(reply.status, 201, reply)
        self.addCleanup(self.server.request, "DELETE", "/v1/projects/shop", None)
        self.id = self.ask("What is the value of `upload_limit`?")

    def ask(self, question):
        # The index follows the files before it is asked.
        while not self.server.post("/v1/projects/shop/ingest").json["complete"]:
            pass
        reply = self.server.post(
            "/v1/chat/completions", {"model": "hearth/shop", "messages": [{"role": "user", "content": question}]})
        self.assertEqual(reply.status, 200, reply)
        return reply.headers["x-correlation-id"]

    def answer(self, status, *options, id=None):
        result = self.shared.run("verify", "answer", id or self.id, "--url", self.server.url, *options)
        self.assertEqual(result.status, status, result)
        return result

    def only(self, result):
        self.assertEqual(len(result.json["sources"]), 1, result)
        return result.json["sources"][0]

    def test_sources_that_say_what_they_said_are_unchanged_and_so_is_text_that_moved(self):
        source = self.only(self.answer(0, "--json"))
        self.assertEqual((source["state"], source["place"]["path"], source["diff"]), ("unchanged", "upload.py", []))
        (self.root / "upload.py").write_text("# One line more.\n" + LIMIT)
        source = self.only(self.answer(0, "--json"))
        self.assertEqual(source["state"], "unchanged")
        first = source["place"]["start_line"]
        self.assertEqual(source["movedTo"], f"upload.py:{first + 1}-{source['place']['end_line'] + 1}")
        # A file beside it is not its source.
        (self.root / "other.py").unlink()
        self.assertIn("unchanged", self.answer(0).output)

    def test_a_source_that_says_something_else_is_shown_with_its_difference(self):
        (self.root / "upload.py").write_text(LIMIT.replace("4817223", "5000001"))
        source = self.only(self.answer(1, "--json"))
        self.assertEqual(source["state"], "changed")
        self.assertEqual([line for line in source["diff"] if line[0] in "-+"], ["-upload_limit = 4817223", "+upload_limit = 5000001"])
        shown = self.answer(1).output
        self.assertIn("What is the value of `upload_limit`? (shop)", shown)
        self.assertIn("changed", shown)
        self.assertIn("    -upload_limit = 4817223\n    +upload_limit = 5000001\n", shown)

    def test_a_source_that_is_gone_is_deleted(self):
        (self.root / "upload.py").unlink()
        source = self.only(self.answer(1, "--json"))
        self.assertEqual((source["state"], source["place"]["path"]), ("deleted", "upload.py"))
        self.assertIn("deleted", self.answer(1).output)

    def test_an_answer_that_cites_nothing_holds_and_one_that_is_not_there_is_no_answer(self):
        silent = self.ask("What is the value of `nothing_of_the_kind`?")
        self.assertIn("The answer cites nothing.", self.answer(0, id=silent).output)
        self.assertFails(self.answer(1, id="0" * 32), "There is no answer", "hearth tasks")


if __name__ == "__main__":
    unittest.main()
