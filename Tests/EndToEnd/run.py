"""Runs all end-to-end tests, or those that are named, and closes with one line of counts."""

import pathlib
import sys
import time
import unittest


class TimedResult(unittest.TextTestResult):
    """Tells how long each test took, because these tests are slow."""

    def startTest(self, test):
        self.began = time.monotonic()
        super().startTest(test)

    def addSuccess(self, test):
        unittest.TestResult.addSuccess(self, test)
        self.stream.writeln(f"ok ({time.monotonic() - self.began:.1f} s)")
        self.stream.flush()


def main():
    here = pathlib.Path(__file__).parent
    pattern = None
    names = []
    rest = iter(sys.argv[1:])
    for argument in rest:
        if argument == "-k":
            pattern = next(rest, "")
        else:
            names.append(argument)
    loader = unittest.TestLoader()
    if pattern:
        loader.testNamePatterns = [f"*{pattern}*"]
    suite = loader.loadTestsFromNames(names) if names else loader.discover(str(here), top_level_dir=str(here))
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=TimedResult).run(suite)
    # A test that fails in several of its parts has failed once.
    broken = [test for test, _ in result.failures + result.errors] + result.unexpectedSuccesses
    failed = len({getattr(test, "test_case", test) for test in broken})
    skipped = len(result.skipped)
    # A fixture that fails runs no test at all.
    passed = max(0, result.testsRun - failed - skipped)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    # A run in which nothing ran proves nothing.
    sys.exit(0 if failed == 0 and passed > 0 else 1)


if __name__ == "__main__":
    main()
