"""`hearth eval retrieval` on a codebase whose facts are known."""

import json
import pathlib
import subprocess

import fixture_codebase
from hearth_process import HearthTestCase

METRICS = ["mrr", "ndcg@10", "recall@1", "recall@10", "recall@5"]
MAIN = ["bm25", "dense", "hybrid", "ranked"]
FEATURES = [
    "symbolBoost", "phraseBoost", "fileBoost", "testDamping", "proseDamping", "dataDamping",
]


def without_times(report):
    return json.dumps({name: value for name, value in report.items() if name != "times"}, sort_keys=True)


def kind(report, name):
    return next(kind for kind in report["kinds"] if kind["kind"] == name)


def score(report, name, variant, metric):
    return next(row for row in kind(report, name)["rows"] if row["variant"] == variant)["metrics"][metric]["value"]


class EvaluationTest(HearthTestCase):
    def setUp(self):
        self.own = self.home()
        self.root = fixture_codebase.write(self.own.folder / "lighthouse")

    def evaluate(self, *arguments, folder=None):
        result = self.own.run("eval", "retrieval", str(folder or self.root), "--json", *arguments)
        self.assertEqual(result.status, 0, result)
        return result.json

    def git(self, *arguments):
        subprocess.run(
            ["git", "-C", str(self.root), "-c", "user.name=Keeper", "-c", "user.email=keeper@example.org", *arguments],
            check=True, capture_output=True)

    def test_the_report_has_every_kind_variant_and_feature(self):
        report = self.evaluate()
        self.assertEqual(report["setup"]["files"], len(fixture_codebase.INDEXED))
        self.assertEqual(report["setup"]["features"], FEATURES)
        for found in report["kinds"]:
            self.assertEqual([row["variant"] for row in found["rows"]], MAIN + [f"without {name}" for name in FEATURES])
            self.assertEqual([row["feature"] for row in found["ablation"]], FEATURES)
            for row in found["rows"]:
                self.assertEqual(sorted(row["metrics"]), METRICS)
                for value in row["metrics"].values():
                    self.assertTrue(0 <= value["low"] <= value["value"] <= value["high"] <= 1, value)
            times = report["times"]["search"][found["kind"]]["total"]
            self.assertTrue(0 < times["p50"] <= times["p99"])
        for name in ("docstring", "symbol-exact", "symbol-split", "symbol-typo", "symbol-prefix"):
            self.assertGreater(len(kind(report, name)["questions"]), 0, name)

    def test_the_same_code_and_seed_give_the_same_report_and_a_kept_vector_changes_nothing(self):
        cache = str(self.own.folder / "vectors")
        first = self.evaluate("--cache", cache)
        self.assertEqual(without_times(first), without_times(self.evaluate("--cache", cache)))
        self.assertEqual(without_times(first), without_times(self.evaluate()))

    def test_what_finds_more_scores_higher(self):
        report = self.evaluate("--kinds", "symbol")
        # A word with a wrong letter is no word of the code: the lexical half alone finds nothing, vectors and pieces do.
        self.assertLess(score(report, "symbol-typo", "bm25", "recall@10"), score(report, "symbol-typo", "hybrid", "recall@10"))
        self.assertGreaterEqual(score(report, "symbol-exact", "ranked", "recall@5"), 0.9)

    def test_documentation_is_not_in_what_is_searched_for_it(self):
        (self.root / "lighthouse/bird.py").write_text(
            'def perch(amount):\n    """Frightens herring gulls away by whistling."""\n'
            '    result = amount * 7\n    again = result\n    return again\n')
        asked = kind(self.evaluate("--kinds", "docstring"), "docstring")["questions"]
        birds = next(question for question in asked if "herring" in question["text"])
        self.assertEqual(birds["targets"], ["lighthouse/bird.py:1-5"])
        # None of its words is in the code.
        self.assertEqual(birds["ranks"]["bm25"], [])

    def test_a_folder_that_is_no_repository_says_so(self):
        report = self.evaluate("--kinds", "commit,symbol-exact")
        self.assertIn("no git repository", report["skipped"]["commit"])
        result = self.own.run("eval", "retrieval", str(self.root), "--kinds", "commit")
        self.assertNotEqual(result.status, 0)
        self.assertIn("--kinds", result.errors)

    def test_commits_are_asked_of_their_parents(self):
        self.git("init", "-q")
        self.git("add", "-A")
        self.git("commit", "-q", "-m", "Everything about the lighthouse")
        tide = self.root / "lighthouse/tide.c"
        tide.write_text(tide.read_text().replace("/ 12.0", "/ 12.5"))
        self.git("commit", "-q", "-a", "-m", "Correct the height of the tide by twelfths")
        tide.write_text("int nothing_is_left_here;\n")
        self.git("commit", "-q", "-a", "-m", "Forget what the moon does to water")
        report = self.evaluate("--kinds", "commit")
        asked = {question["text"]: question for question in kind(report, "commit")["questions"]}
        self.assertEqual(len(asked), 2)
        found = asked["Correct the height of the tide by twelfths"]
        self.assertEqual(found["targets"], ["lighthouse/tide.c"])
        # The words stand in the parent's file; in today's there are none of them.
        self.assertEqual(found["ranks"]["bm25"], [1])

    def test_two_runs_are_compared_question_by_question(self):
        before = self.own.folder / "before.json"
        self.evaluate("--kinds", "symbol", "--save", str(before))
        same = self.evaluate("--kinds", "symbol", "--compare", str(before))
        self.assertEqual(same["comparison"]["changed"], [])
        # As if a change had sent what is asked for by its exact name to the end of the list.
        broken = json.loads(before.read_text())
        for found in broken["kinds"]:
            for question in found["questions"]:
                if found["kind"] == "symbol-exact":
                    question["ranks"]["ranked"] = [60]
        worse = self.own.folder / "worse.json"
        worse.write_text(json.dumps(broken))
        result = self.own.run("eval", "compare", str(before), str(worse), "--json")
        self.assertEqual(result.status, 0, result)
        self.assertEqual(result.json["changed"], ["symbol-exact"])
        exact = next(found for found in result.json["kinds"] if found["kind"] == "symbol-exact")["changes"]
        self.assertLess(exact["ranked"]["mrr"]["high"], 0)
        self.assertEqual(exact["bm25"]["mrr"], {"value": 0, "low": 0, "high": 0})

    def test_the_table_shows_what_each_feature_earns(self):
        result = self.own.run("eval", "retrieval", str(self.root), "--kinds", "symbol-exact")
        self.assertEqual(result.status, 0, result)
        for text in (*MAIN, "symbolBoost earns", "ranked against"):
            self.assertIn(text, result.output)

    def test_a_kind_that_does_not_exist_and_a_file_that_is_no_report_are_refused_with_a_hint(self):
        result = self.own.run("eval", "retrieval", str(self.root), "--kinds", "symbol-exakt")
        self.assertNotEqual(result.status, 0)
        self.assertIn("Did you mean symbol-exact?", result.errors)
        result = self.own.run("eval", "retrieval", str(self.root), "--compare", str(self.root / "README.md"))
        self.assertNotEqual(result.status, 0)
        self.assertIn("holds no report", result.errors)
