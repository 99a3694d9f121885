"""Runs all end-to-end tests, or those that are named, and closes with one line of counts.

Usage: run.py [--jobs N] [-k PART_OF_A_NAME] [NAME ...]
`--jobs N` runs N classes of tests at a time, each in a process of its own.
"""

import argparse
import concurrent.futures
import pathlib
import re
import subprocess
import sys
import time
import unittest

HERE = pathlib.Path(__file__).parent
COUNTS = re.compile(r"^(\d+) passed, (\d+) failed, (\d+) skipped$", re.MULTILINE)


class TimedResult(unittest.TextTestResult):
    """Tells how long each test took, because these tests are slow."""

    def startTest(self, test):
        self.began = time.monotonic()
        super().startTest(test)

    def addSuccess(self, test):
        unittest.TestResult.addSuccess(self, test)
        self.stream.writeln(f"ok ({time.monotonic() - self.began:.1f} s)")
        self.stream.flush()


def find(names, pattern):
    loader = unittest.TestLoader()
    if pattern:
        loader.testNamePatterns = [f"*{pattern}*"]
    return loader.loadTestsFromNames(names) if names else loader.discover(str(HERE), top_level_dir=str(HERE))


def cases(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from cases(test)
        else:
            yield test


def run_here(suite):
    """Returns how many passed, failed and were skipped."""
    result = unittest.TextTestRunner(stream=sys.stdout, verbosity=2, resultclass=TimedResult).run(suite)
    # A test that fails in several of its parts has failed once.
    broken = [test for test, _ in result.failures + result.errors] + result.unexpectedSuccesses
    failed = len({getattr(test, "test_case", test) for test in broken})
    skipped = len(result.skipped)
    # A fixture that fails runs no test at all.
    return max(0, result.testsRun - failed - skipped), failed, skipped


def run_class(name, pattern):
    """One class in a process of its own. Returns what it printed and its counts; one that ends without any has failed."""
    options = [f"-W{option}" for option in sys.warnoptions]
    run = subprocess.run(
        [sys.executable, *options, __file__, *(["-k", pattern] if pattern else []), name],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    counts = COUNTS.search(run.stdout)
    passed, failed, skipped = map(int, counts.groups()) if counts else (0, 1, 0)
    # Nothing but skipped tests is no failure here, though it is one of a run alone.
    if run.returncode != 0 and passed > 0 and failed == 0:
        failed = 1
    return run.stdout, (passed, failed, skipped)


def run_side_by_side(suite, pattern, jobs):
    classes = []
    for case in cases(suite):
        name = f"{type(case).__module__}.{type(case).__qualname__}"
        if isinstance(case, unittest.loader._FailedTest):
            return run_here(suite)
        if name not in classes:
            classes.append(name)
    sums = (0, 0, 0)
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        for done in concurrent.futures.as_completed([pool.submit(run_class, name, pattern) for name in classes]):
            output, counts = done.result()
            print(COUNTS.sub("", output).strip() + "\n", flush=True)
            sums = tuple(map(sum, zip(sums, counts)))
    return sums


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("-k", dest="pattern")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    suite = find(arguments.names, arguments.pattern)
    if arguments.jobs > 1:
        passed, failed, skipped = run_side_by_side(suite, arguments.pattern, arguments.jobs)
    else:
        passed, failed, skipped = run_here(suite)
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    # A run in which nothing ran proves nothing.
    sys.exit(0 if failed == 0 and passed > 0 else 1)


if __name__ == "__main__":
    main()
