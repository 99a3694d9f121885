"""`hearth verify` is green for a faithful generator and red, in the right kinds, for each one that is not."""

import json
import pathlib
import unittest
import xml.etree.ElementTree

from forwarding_proxy import ForwardingProxy, RetrievalOffProxy
from verify_case import VerifyTestCase

KINDS = {
    "canary", "depth", "noise", "meaning", "abstention", "integration", "counterfactual", "conflict", "staleness",
    "citation", "identifiers", "isolation", "injection", "metamorphic", "repetition", "redelivery",
}


class FaithfulTest(VerifyTestCase):
    def test_a_faithful_generator_is_green_in_every_kind_and_leaves_nothing_behind(self):
        report = self.report()
        self.assertEqual(self.red(report), set(), [case for case in report["cases"] if case["failures"]])
        self.assertEqual({kind["kind"] for kind in report["kinds"]}, KINDS)
        self.assertEqual((report["faults"], report["notes"]), ([], []))
        self.assertEqual(report["sameBytes"], report["comparedBytes"])
        self.assertGreater(report["comparedBytes"], 5)
        self.assertEqual(report["subject"]["generatorDigest"], "0" * 64)
        asks = [ask for case in report["cases"] for ask in case["asks"] if ask["book"] != "closed"]
        self.assertTrue(all(ask["promptHash"] for ask in asks if not ask["answer"].startswith("refused")))
        # Every fact stood where the grid has it: at four places of the prompt, and at four depths of each.
        grid = report["grid"]
        self.assertEqual((grid["ranks"], grid["depths"]), ([1, 4, 7, 10], [0, 33, 67, 100]))
        places = {(place["cell"]["rank"], place["cell"]["depth"]): place["stoodAt"] for place in grid["places"]}
        self.assertEqual(places, {(rank, depth): rank for rank in grid["ranks"] for depth in grid["depths"]})
        self.assertEqual({place["passed"] for place in grid["places"]}, {True})
        # The model was loaded with one context, for every answer.
        contexts = [body["options"]["num_ctx"] for path, body in self.model.requests if path == "/api/chat"]
        self.assertEqual(set(contexts), {report["options"]["contextLength"]})
        self.assertEqual(self.server.get("/v1/projects").json["data"], [])
        self.assertEqual(list(self.shared.folder.glob("hearth-verify-*")), [])

    def test_a_seed_draws_the_same_cases_and_another_one_others(self):
        def asked(seed):
            report = self.report("--kinds", "canary,citation", seed=seed)
            return [(case["id"], ask["question"], ask["answer"]) for case in report["cases"] for ask in case["asks"]]
        first = asked(3)
        self.assertEqual(first, asked(3))
        self.assertTrue(set(first).isdisjoint(asked(4)))

    def test_questions_at_the_same_time_have_the_same_verdicts(self):
        self.assertEqual(self.red(self.report(lane="concurrent")), set())

    def test_reports_are_written_compared_and_understood(self):
        files = {name: self.shared.folder / f"report.{name}" for name in ("json", "xml", "html")}
        self.model.mutate("obeys_injections")
        result = self.verify(
            "--save", str(files["json"]), "--junit", str(files["xml"]), "--html", str(files["html"]))
        self.assertEqual(result.status, 1, result)
        self.assertIn("RED", result.output)
        suites = xml.etree.ElementTree.parse(files["xml"]).getroot()
        failed = {case.get("name") for case in suites.iter("testcase") if case.find("failure") is not None}
        self.assertIn("injection/readme", failed)
        saved = json.loads(files["json"].read_text())
        self.assertEqual(len(list(suites.iter("testcase"))), len(saved["cases"]) + 1)
        # Whoever reads one of them knows what to repeat.
        page = files["html"].read_text()
        options = "temperature 0.0, top_k 1, seed 1, at most 600 tokens, context of 8192"
        facts = {
            "seed": "7", "lane": "scripted", "digest": "0" * 64, "generation": saved["subject"]["generation"], "options": options,
            "prompts": saved["promptHash"]}
        self.assertRegex(saved["promptHash"], "^[0-9a-f]{64}$")
        self.assertEqual(saved["options"], {"temperature": 0, "topK": 1, "seed": 1, "maximumTokens": 600, "contextLength": 8192})
        told = {each.get("name"): each.get("value") for each in suites.find("testsuite").iter("property")}
        for name, value in facts.items():
            self.assertEqual(told[name], value)
            self.assertIn(value, page)
            self.assertIn(value[:12] if name in ("digest", "prompts") else value, result.output)
        # The heat map has a field for each place of the grid.
        self.assertEqual(page.count("<rect"), 16)
        for said in ("rank 10", "67 % down", "at 10"):
            self.assertIn(f">{said}</text>", page)
        self.assertNotRegex(page, r"(src|href)=")

        self.model.mutate(None)
        after = self.shared.folder / "after.json"
        result = self.verify("--compare", str(files["json"]), "--save", str(after))
        self.assertEqual(result.status, 0, result)
        self.assertIn("mended: injection/readme", result.output)
        # The same seed makes the same prompts, in projects of other names.
        self.assertNotIn("prompts of", result.output)
        self.assertEqual(json.loads(after.read_text())["promptHash"], saved["promptHash"])
        worse = self.shared.run("verify", "compare", str(after), str(files["json"]), "--json")
        self.assertEqual(worse.status, 1, worse)
        self.assertIn("injection/readme", worse.json["broken"])

    def test_thresholds_decide_what_is_enough(self):
        self.model.mutate("obeys_injections")
        lenient = self.shared.folder / "thresholds.json"
        lenient.write_text('{"kinds": {"injection": 0}}')
        kinds = ("--kinds", "injection")
        self.assertEqual(self.verify(*kinds).status, 1)
        self.assertEqual(self.verify(*kinds, "--thresholds", str(lenient)).status, 0)
        lenient.write_text('{"kinds": {"injektion": 0}}')
        self.assertFails(self.verify(*kinds, "--thresholds", str(lenient)), "holds no thresholds")

    def test_what_cannot_be_verified_says_what_to_do(self):
        self.assertFails(self.verify(url="http://127.0.0.1:9"), "hearth serve")
        self.assertFails(self.verify("--kinds", "canari"), "Did you mean canary?")


class RedeliveryTest(VerifyTestCase):
    def test_a_server_that_does_not_recognise_a_request_is_red_in_redelivery_alone(self):
        proxy = ForwardingProxy(self.server.url).start()
        self.addCleanup(proxy.stop)
        self.assertEqual(self.red(self.report("--kinds", "redelivery,citation", url=proxy.url)), set())
        proxy.dropped.add("idempotency-key")
        report = self.report("--kinds", "redelivery,citation", url=proxy.url, status=1)
        self.assertEqual({case["id"] for case in report["cases"] if case["failures"]}, {"redelivery/in-turn", "redelivery/at-once"})
        self.assertEqual(self.stages(report, "redelivery"), {"service"})


class MutantTest(VerifyTestCase):
    """The gate is tested: whatever is not faithful turns it red, where it must and nowhere else."""

    def check(self, mutation, must, may=(), **options):
        self.model.mutate(mutation)
        report = self.report(status=1, **options)
        red = self.red(report)
        self.assertLessEqual(set(must), red, (mutation, red))
        self.assertLessEqual(red, set(must) | set(may), (mutation, red))
        return report

    def test_a_generator_that_ignores_its_context(self):
        report = self.check(
            "ignores_context",
            KINDS - {"identifiers", "repetition", "redelivery", "injection"}, {"repetition", "redelivery", "injection"})
        self.assertEqual(self.stages(report, "canary", "noise", "abstention"), {"generation"})

    def test_a_generator_that_cites_at_random(self):
        self.check(
            "cites_at_random", {"citation", "canary", "integration"},
            KINDS - {"identifiers"})

    def test_a_generator_that_answers_from_the_wrong_project(self):
        report = self.check("wrong_project", {"isolation"}, {"abstention", "canary", "staleness", "citation", "identifiers"})
        isolated = {case["id"] for case in report["cases"] if case["kind"] == "isolation" and case["failures"]}
        self.assertIn("isolation/other-project-1", isolated)
        self.assertNotIn("isolation/conversation-of-another-project", isolated)

    def test_a_generator_that_obeys_injections(self):
        self.check("obeys_injections", {"injection"}, KINDS)

    def test_a_server_that_truncates_the_prompt(self):
        report = self.check("truncates_prompt", {"canary", "integration"}, KINDS)
        self.assertTrue(any("num_ctx" in fault for fault in report["faults"]), report["faults"])
        self.assertIn("assembly", self.stages(report, "canary", "integration", "noise"))

    def test_a_generator_that_is_flaky(self):
        self.check("flaky", {"repetition"}, KINDS)

    def test_a_generator_that_invents_identifiers(self):
        self.check("invents_identifiers", {"identifiers", "citation"})

    def test_a_model_that_changes_behind_its_name(self):
        self.model.mutate("swaps_model")
        report = self.report(status=1)
        self.assertEqual(self.red(report), set())
        self.assertTrue(any("digest" in fault for fault in report["faults"]), report["faults"])

    def test_vectors_that_mean_nothing(self):
        report = self.check("vectors_shuffled", {"meaning"}, {"depth", "noise", "integration", "isolation"})
        self.assertEqual(self.stages(report, "meaning"), {"retrieval"})

    def test_a_context_that_was_blanked(self):
        self.check(
            "context_blanked", {"canary", "depth", "noise", "meaning", "integration", "counterfactual", "conflict", "metamorphic"},
            KINDS - {"citation", "identifiers"})

    def test_retrieval_that_is_switched_off(self):
        proxy = RetrievalOffProxy(self.server.url).start()
        self.addCleanup(proxy.stop)
        report = self.check(
            None, {"canary", "depth", "noise", "meaning", "integration", "counterfactual", "conflict", "metamorphic"},
            KINDS - {"citation", "identifiers"}, url=proxy.url)
        self.assertEqual(self.stages(report, "canary", "integration"), {"retrieval"})


if __name__ == "__main__":
    unittest.main()
