"""Runs pulsar-lite, a small third-party broker that speaks Pulsar's protocol, on loopback; it can be killed and started again.

    python pulsar_broker.py [--partitions N] COMMAND...

runs a command beside a broker of its own, which it finds as PULSAR_URL. If every topic has N partitions, there is also the
admin API with which a topic of so many is made, as PULSAR_ADMIN_URL.
"""

import argparse
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

from hearth_process import eventually
from scripted_pulsar_admin import ScriptedPulsarAdmin

SCRIPT = pathlib.Path(__file__).parents[2] / "scripts" / "pulsar-lite"


def free_ports(count):
    """Ports that nobody listens on at the moment."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


class PulsarBroker:
    """A broker on a port that stays the same over restarts, with its data in a folder of its own."""

    def __init__(self, partitions=0):
        self.binary = subprocess.run([str(SCRIPT)], check=True, capture_output=True, text=True).stdout.strip()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hearth-pulsar-"))
        self.port, self.metrics_port = free_ports(2)
        self.configuration = self.folder / "pulsar-lite.toml"
        self.configuration.write_text(
            f'addr = "127.0.0.1:{self.port}"\ndb_path = "{self.folder}/data"\ndefault_partitions = {partitions}\nlog_level = "warn"\n'
            f'[metrics]\naddr = "127.0.0.1:{self.metrics_port}"\n')
        self.process = None

    @property
    def url(self):
        return f"pulsar://127.0.0.1:{self.port}"

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [self.binary, "--config", str(self.configuration)], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        eventually(self._answers, "the broker listens")
        return self

    def _answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the broker ended: {(self.folder / 'log').read_text()[-2000:]}")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def kill(self):
        """SIGKILL: no chance to tidy up."""
        self.process.kill()
        self.process.wait()

    def close(self):
        if self.process and self.process.poll() is None:
            self.kill()
        shutil.rmtree(self.folder, ignore_errors=True)


def main():
    # Whoever stops this process wants the broker gone too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--partitions", type=int, default=0)
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()
    broker = PulsarBroker(options.partitions)
    admin = ScriptedPulsarAdmin(partitions=options.partitions).start()
    try:
        broker.start()
        values = {**os.environ, "PULSAR_URL": broker.url}
        if options.partitions:
            values["PULSAR_ADMIN_URL"] = admin.url
        return subprocess.run(options.command, env=values).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        admin.stop()
        broker.close()


if __name__ == "__main__":
    sys.exit(main())
