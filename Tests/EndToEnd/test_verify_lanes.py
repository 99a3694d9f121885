"""What each lane promises of a model, and what fails a run in every lane: a server that does not honour what was pinned."""

import unittest

from forwarding_proxy import ContextDroppedProxy, OptionsDroppedProxy
from verify_case import VerifyTestCase

FEW = ("--kinds", "canary,repetition,citation")


class LaneTest(VerifyTestCase):
    def tearDown(self):
        self.model.delay = 0.0

    def repetition(self, report):
        return {case["id"]: not case["failures"] for case in report["cases"] if case["kind"] == "repetition"}

    def test_serial_is_green_in_every_kind_and_repeats_every_byte(self):
        report = self.report(lane="serial")
        self.assertEqual((report["lane"], self.red(report), report["faults"], report["notes"]), ("serial", set(), [], []))
        self.assertEqual(report["sameBytes"], report["comparedBytes"])
        self.assertGreater(report["comparedBytes"], 5)

    def test_serial_asks_one_question_at_a_time_and_concurrent_several(self):
        self.model.delay = 0.02
        most = {}
        for lane in ("serial", "concurrent"):
            self.model.most_at_once = 0
            # Without the kind that asks at the same time in every lane.
            self.assertEqual(self.red(self.report("--kinds", "canary,depth,integration", lane=lane)), set())
            most[lane] = self.model.most_at_once
        self.assertEqual(most["serial"], 1)
        self.assertGreater(most["concurrent"], 1)

    def test_a_model_whose_words_change_from_time_to_time_is_red_in_turn_and_lets_verdicts_be(self):
        self.model.mutate("unsteady")
        report = self.report(*FEW, lane="serial", status=1)
        self.assertEqual(self.red(report), {"repetition"})
        self.assertEqual(self.repetition(report)["repetition/in-turn"], False)
        self.assertEqual(self.stages(report, "repetition"), {"generation"})
        self.model.mutate("unsteady")
        report = self.report(*FEW, lane="concurrent")
        self.assertEqual(self.red(report), set())
        self.assertLess(report["sameBytes"], report["comparedBytes"])

    def test_a_model_whose_words_depend_on_who_else_asks_is_let_be_in_turn_and_red_where_bytes_are_promised_at_once(self):
        self.model.delay = 0.1
        self.model.mutate("depends_on_batch")
        report = self.report(*FEW, lane="serial")
        self.assertEqual((self.red(report), set(self.repetition(report).values())), (set(), {True}))
        self.assertLess(report["sameBytes"], report["comparedBytes"])
        report = self.report(*FEW, lane="scripted", status=1)
        self.assertEqual({id for id, passed in self.repetition(report).items() if not passed}, {"repetition/at-once"})

    def test_concurrent_demands_what_is_true_of_each_answer(self):
        self.model.mutate("cites_at_random")
        self.assertIn("citation", self.red(self.report(*FEW, lane="concurrent", status=1)))


class PinTest(VerifyTestCase):
    def faults(self, lane, **options):
        return " ".join(self.report("--kinds", "canary,integration,repetition", lane=lane, status=1, **options)["faults"])

    def test_a_prompt_that_was_cut_fails_the_run_in_every_lane(self):
        for lane in ("serial", "concurrent"):
            with self.subTest(lane):
                self.model.mutate("truncates_prompt")
                self.assertRegex(self.faults(lane), r"prompts were cut: of \d+ bytes of passages the model read \d+ tokens")

    def test_a_cut_prompt_fails_the_run_though_every_answer_is_right(self):
        self.model.mutate("counts_short")
        for lane in ("serial", "concurrent"):
            with self.subTest(lane):
                report = self.report("--kinds", "canary", lane=lane, status=1)
                self.assertEqual(self.red(report), set())
                self.assertEqual(len(report["faults"]), 1)
                self.assertIn("num_ctx", report["faults"][0])

    def test_another_model_behind_the_name_fails_the_run_in_every_lane(self):
        for lane in ("serial", "concurrent"):
            with self.subTest(lane):
                self.model.mutate("swaps_model")
                self.assertIn(f"The model's digest changed from {'0' * 64} to {'1' * 64}.", self.faults(lane))

    def test_an_answer_that_is_longer_than_its_limit_fails_the_run(self):
        self.model.mutate("ignores_limit")
        self.assertIn("num_predict was ignored", self.faults("serial"))

    def test_options_that_do_not_arrive_fail_the_run(self):
        proxy = OptionsDroppedProxy(self.server.url).start()
        self.addCleanup(proxy.stop)
        self.assertIn(
            "Temperature, seed, top_k, max_tokens or context_length did not arrive", self.faults("serial", url=proxy.url))

    def contexts(self):
        return {body["options"]["num_ctx"] for path, body in self.model.requests if path == "/api/chat"}

    def test_the_context_that_was_asked_for_is_the_models_for_every_answer(self):
        self.model.requests.clear()
        report = self.report("--kinds", "canary", "--context-length", "4096", lane="serial")
        self.assertEqual((report["options"]["contextLength"], report["faults"], report["notes"]), (4096, [], []))
        self.assertEqual(self.contexts(), {4096})

    def test_a_context_that_the_server_does_not_give_fails_the_run(self):
        said = "The context was to be 16384 tokens and was 8192"
        report = self.report("--kinds", "canary", "--context-length", "16384", lane="serial", status=1)
        self.assertEqual(self.red(report), set())
        self.assertIn(said, " ".join(report["faults"]))
        proxy = ContextDroppedProxy(self.server.url).start()
        self.addCleanup(proxy.stop)
        faults = self.report("--kinds", "canary", "--context-length", "4096", url=proxy.url, status=1)["faults"]
        self.assertEqual(len(faults), 2, faults)
        self.assertIn("The context was to be 4096 tokens and was 8192", " ".join(faults))
        self.assertFails(self.verify("--kinds", "canary", "--context-length", "100"), "hearth.context_length", "512")


if __name__ == "__main__":
    unittest.main()
