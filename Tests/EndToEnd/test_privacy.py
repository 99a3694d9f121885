"""Nothing is reachable that was not opened, and nothing leaves the machine."""

import os
import pathlib
import socket
import subprocess
import unittest

import fixture_codebase
from hearth_process import HearthTestCase, eventually


def listening(pid):
    """Addresses on which a process listens, from /proc."""
    inodes = set()
    for entry in os.listdir(f"/proc/{pid}/fd"):
        try:
            target = os.readlink(f"/proc/{pid}/fd/{entry}")
        except OSError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    found = []
    for table, size in (("tcp", 8), ("tcp6", 32)):
        for line in pathlib.Path(f"/proc/{pid}/net/{table}").read_text().splitlines()[1:]:
            fields = line.split()
            if fields[9] in inodes:
                address, port = fields[1].split(":")
                found.append((fields[3] == "0A", address, int(port, 16), fields[2]))
    return found


def is_loopback(address):
    """Whether an address as /proc prints it, words in the machine's order, is this machine's own."""
    if len(address) == 8:
        return address.endswith("7F")
    return address in ("00000000000000000000000001000000",) or address.startswith("0000000000000000FFFF0000") and address.endswith("7F")


class PrivacyTests(HearthTestCase):
    def ingested(self):
        home = self.home()
        home.ingest(fixture_codebase.write(home.folder / "lighthouse"), "lighthouse")
        return home

    def test_by_default_only_this_machine_can_reach_it(self):
        home = self.ingested()
        server = home.serve()
        self.addCleanup(server.stop)
        sockets = listening(server.process.pid)
        open_ports = [entry for entry in sockets if entry[0]]
        self.assertTrue(open_ports)
        for _, address, port, _ in open_ports:
            self.assertTrue(is_loopback(address), f"listens on {address}:{port}")

    def test_no_connection_goes_elsewhere(self):
        home = self.ingested()
        server = home.serve({"generator.kind": "auto", "ollama.url": "http://127.0.0.1:9"})
        self.addCleanup(server.stop)
        for question, _, _ in fixture_codebase.QUESTIONS:
            answer = server.post("/v1/chat/completions", {
                "model": "hearth/lighthouse", "messages": [{"role": "user", "content": question}]})
            self.assertEqual(answer.status, 200, answer)
            for is_listening, _, _, remote in listening(server.process.pid):
                if not is_listening:
                    self.assertTrue(is_loopback(remote.split(":")[0]) or remote.split(":")[1] == "0000", f"connected to {remote}")

    def test_a_public_address_needs_a_key(self):
        home = self.ingested()
        server = home.serve({"server.host": "0.0.0.0"}, is_ready=False)
        try:
            eventually(lambda: server.process.poll() is not None, "it refuses to start", 60)
        finally:
            server.stop()
        self.assertGreater(server.process.returncode, 0)
        self.assertIn("hearth keys create", server.errors())
        self.assertNextStep(server.errors())
        home.run("keys", "create", "alice")
        server = home.serve({"server.host": "0.0.0.0"})
        self.addCleanup(server.stop)
        self.assertAPIError(server.get("/v1/models"), 401)

    def test_a_port_that_is_taken_is_named(self):
        home = self.ingested()
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            server = home.serve(port=port, is_ready=False)
            try:
                eventually(lambda: server.process.poll() is not None, "it refuses to start", 60)
            finally:
                server.stop()
        self.assertGreater(server.process.returncode, 0)
        self.assertIn(str(port), server.errors())
        self.assertNextStep(server.errors())

    def test_a_page_of_another_site_cannot_ask(self):
        home = self.ingested()
        server = home.serve()
        self.addCleanup(server.stop)
        # Another site that rebinds its name to 127.0.0.1 sends its own Host.
        reply = server.get("/v1/projects", Host="evil.example", Origin="http://evil.example")
        self.assertAPIError(reply, 403)
        self.assertNotIn("lighthouse", reply.body.decode())
        reply = server.get("/v1/projects", Origin="http://evil.example")
        allowed = reply.headers.get("access-control-allow-origin")
        self.assertNotIn(allowed, ("*", "http://evil.example"))

    def test_data_is_for_its_owner_only(self):
        home = self.ingested()
        self.assertEqual(home.data.stat().st_mode & 0o077, 0)


if __name__ == "__main__":
    unittest.main()
