"""Runs the program under test: commands to their end, servers until they are stopped. Nothing stays behind."""

import contextlib
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request

BINARY = os.environ.get("HEARTH_TEST_BINARY", "")
# A command that takes longer hangs.
COMMAND_DEADLINE = 300


def environment(**more):
    """The caller's environment without Hearth's settings, and without proxies between here and loopback."""
    kept = {
        name: value for name, value in os.environ.items()
        if (not name.startswith("HEARTH_") or name == "HEARTH_ASSETS") and "proxy" not in name.lower()
    }
    home = os.environ.get("XDG_DATA_HOME") or os.path.expanduser("~/.local/share")
    kept.setdefault("HEARTH_ASSETS", os.path.join(home, "hearth", "assets"))
    # A settings file of the person who runs the tests must not change them.
    kept["XDG_CONFIG_HOME"] = "/nonexistent"
    kept.update(more)
    return kept


def eventually(condition, what, seconds=30):
    """Waits until `condition()` is true and returns its value.

    - Raises AssertionError that names `what` after the deadline.
    """
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}")
        time.sleep(0.02)


class CommandResult:
    def __init__(self, process, output, errors):
        self.status = process.returncode
        self.output = output
        self.errors = errors

    @property
    def json(self):
        return json.loads(self.output)

    def __repr__(self):
        return f"<exit {self.status}\nstdout: {self.output[-2000:]}\nstderr: {self.errors[-2000:]}>"


class Server:
    """A running `hearth serve`."""

    def __init__(self, process, log):
        self.process = process
        self.log = log
        self.lines = []
        self.port = None
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def _read(self):
        with contextlib.suppress(ValueError):
            for line in self.process.stdout:
                self.lines.append(line)
                if self.port is None and (found := re.search(r"https?://[^\s/]+?:(\d+)", line)):
                    self.port = int(found.group(1))

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    @property
    def output(self):
        return "".join(self.lines)

    def wait_until_ready(self, seconds=60):
        def is_ready():
            if self.process.poll() is not None:
                raise AssertionError(f"hearth serve ended with {self.process.returncode}:\n{self.output}\n{self.errors()}")
            if self.port is None:
                return False
            with contextlib.suppress(OSError, urllib.error.URLError):
                return self.get("/readyz").status == 200
            return False
        try:
            eventually(is_ready, "hearth serve is ready", seconds)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.output}\n{self.errors()}") from None
        return self

    def errors(self):
        return pathlib.Path(self.log.name).read_text(errors="replace")

    def kill(self):
        """SIGKILL: no chance to tidy up."""
        self.process.kill()
        self.process.wait()
        self._close()

    def stop(self):
        """SIGTERM, and SIGKILL if that takes too long. Returns the exit status."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.kill()
        self._close()
        return self.process.returncode

    def _close(self):
        self.reader.join(5)
        self.process.stdout.close()
        self.log.close()

    def get(self, path, **headers):
        return self.request("GET", path, None, **headers)

    def post(self, path, body=None, **headers):
        data = body if isinstance(body, bytes) else json.dumps({} if body is None else body).encode()
        return self.request("POST", path, data, **headers)

    def request(self, method, path, data, **headers):
        """Never raises for a status; `_` in header names stands for `-`."""
        request = urllib.request.Request(self.url + path, data=data, method=method)
        if data is not None:
            request.add_header("Content-Type", "application/json")
        for name, value in headers.items():
            request.add_header(name.replace("_", "-"), value)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=120) as reply:
                return Reply(reply.status, reply.headers, reply.read())
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, error.headers, error.read())


class Reply:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)

    def __repr__(self):
        return f"<{self.status} {self.body[:1000]!r}>"


class Home:
    """A data directory and the processes that work in it."""

    def __init__(self, path=None, **environment_values):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hearth-e2e-"))
        self.data = pathlib.Path(path) if path else self.folder / "data"
        self.environment_values = environment_values
        self.running = []

    def close(self):
        for process in self.running:
            if process.poll() is None:
                process.kill()
                process.wait()
        subprocess.run(["chmod", "-R", "u+rwX", str(self.folder)], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _arguments(self, arguments, settings, binary=None):
        values = {"data.directory": str(self.data), "log.level": "info", **settings}
        command, rest = list(arguments[:1]), list(arguments[1:])
        # Settings go behind a subcommand's own name: `projects remove x --set …`.
        return [binary or BINARY, *command, *rest, *(part for key, value in values.items() for part in ("--set", f"{key}={value}"))]

    def start(self, *arguments, settings=None, under=(), binary=None, **options):
        """- under: a command that runs the program, for example with fewer rights. - binary: another version of it."""
        process = subprocess.Popen(
            [*under, *self._arguments(arguments, settings or {}, binary)], env=environment(**self.environment_values),
            cwd=options.pop("cwd", self.folder), text=True, errors="replace", **options)
        self.running.append(process)
        return process

    def run(self, *arguments, settings=None, deadline=COMMAND_DEADLINE, **options):
        process = self.start(
            *arguments, settings=settings, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)
        try:
            output, errors = process.communicate(timeout=deadline)
        except subprocess.TimeoutExpired:
            process.kill()
            output, errors = process.communicate()
            raise AssertionError(f"hearth {' '.join(arguments)} took more than {deadline} s\n{output[-1500:]}\n{errors[-1500:]}") from None
        return CommandResult(process, output, errors)

    def ingest(self, folder, project=None, **options):
        """Ingests to the end and returns the JSON report."""
        name = ["--project", project] if project else []
        result = self.run("ingest", str(folder), *name, "--json", **options)
        if result.status != 0:
            raise AssertionError(f"ingest failed: {result}")
        return result.json

    def serve(self, settings=None, port=0, is_ready=True):
        log = open(self.folder / f"serve-{len(self.running)}.log", "w")
        values = {"server.port": str(port), "generator.kind": "extractive", **(settings or {})}
        process = self.start("serve", settings=values, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log)
        server = Server(process, log)
        return server.wait_until_ready() if is_ready else server


class HearthTestCase(unittest.TestCase):
    """Gives each test a data directory of its own and ends what it started."""

    maxDiff = None

    def home(self, **options):
        home = Home(**options)
        self.addCleanup(home.close)
        return home

    def folder(self):
        path = pathlib.Path(tempfile.mkdtemp(prefix="hearth-e2e-source-"))
        def remove():
            subprocess.run(["chmod", "-R", "u+rwX", str(path)], capture_output=True)
            shutil.rmtree(path, ignore_errors=True)
        self.addCleanup(remove)
        return path

    def assertNextStep(self, text):
        """One sentence or two, with no sign of a crash."""
        for trace in ("Fatal error", "Stack dump", "Traceback", ".swift:"):
            self.assertNotIn(trace, text)

    def assertFails(self, result, *fragments, status=None):
        self.assertNotEqual(result.status, 0, result)
        self.assertGreater(result.status, 0, f"ended by signal {-result.status}: {result}")
        if status is not None:
            self.assertEqual(result.status, status, result)
        self.assertNextStep(result.errors)
        for fragment in fragments:
            self.assertIn(fragment, result.errors)

    def assertAPIError(self, reply, status, param=None, code=None):
        """The shape of an OpenAI error."""
        self.assertEqual(reply.status, status, reply)
        error = reply.json["error"]
        self.assertIsInstance(error, dict)
        self.assertTrue(error["message"])
        self.assertEqual({"message", "type", "param", "code"} - set(error), set(), error)
        if param is not None:
            self.assertIn(param, error["param"] or "", error)
        if code is not None:
            self.assertEqual(error["code"], code, error)
        self.assertTrue(reply.headers.get("x-request-id"), reply.headers)
