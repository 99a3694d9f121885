"""Runs `hearth verify` against a real server whose model answers from its prompt alone."""

from grounded_ollama import GroundedOllama
from hearth_process import HearthTestCase, Home


class VerifyTestCase(HearthTestCase):
    """One server for all tests of a class: each run makes projects of its own and removes them."""

    @classmethod
    def setUpClass(cls):
        cls.model = GroundedOllama().start()
        cls.addClassCleanup(cls.model.stop)
        cls.shared = Home()
        cls.addClassCleanup(cls.shared.close)
        settings = {**cls.model.settings, "storage.fsync": "false", "ingest.interval_seconds": "3600"}
        cls.server = cls.shared.serve(settings)
        cls.addClassCleanup(cls.server.stop)

    def setUp(self):
        self.model.mutate(None)

    def verify(self, *arguments, url=None, seed=7, lane="scripted"):
        return self.shared.run(
            "verify", "--url", url or self.server.url, "--seed", str(seed), "--lane", lane, "--scratch",
            str(self.shared.folder), *arguments)

    def report(self, *arguments, status=0, **options):
        result = self.verify("--json", *arguments, **options)
        self.assertEqual(result.status, status, result)
        return result.json

    def red(self, report):
        return {kind["kind"] for kind in report["kinds"] if kind["passed"] < kind["total"]}

    def stages(self, report, *kinds):
        return {
            failure["stage"] for case in report["cases"] if case["kind"] in kinds for failure in case["failures"]
        }
