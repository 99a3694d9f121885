"""Runs a private PostgreSQL 15 cluster on loopback; it can be killed and started again.

    python postgres_server.py [--timescale | --plain] [--no-fsync] COMMAND...

runs a command beside a server of its own, which it finds as POSTGRES_URL. It finds the certificate of the server's authority as
POSTGRES_ROOT_CERTIFICATE, and as POSTGRES_CONTROL a program that does `crash`, `kill`, `start` and `stop` with the
server.
"""

import contextlib
import os
import pathlib
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading

from hearth_process import eventually
from pulsar_broker import free_ports

SCRIPTS = pathlib.Path(__file__).parents[2] / "scripts"
SYSTEM = pathlib.Path("/usr/lib/postgresql/15/bin")


def programs(timescale):
    """The folder of the server's programs; they are installed, or built, if they are missing and this may be done."""
    script = SCRIPTS / "timescaledb"
    if timescale:
        return pathlib.Path(subprocess.run([str(script)], check=True, stdout=subprocess.PIPE, text=True).stdout.strip())
    if not (SYSTEM / "postgres").exists():
        if os.geteuid() != 0:
            sys.exit("with-postgres: PostgreSQL 15 is missing. Install it as root: apt-get install postgresql-15")
        subprocess.run(["apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends",
                        "--option", "DPkg::Lock::Timeout=300", "postgresql-15"], check=True, stdout=subprocess.DEVNULL,
                       env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
    return SYSTEM


class PostgresServer:
    """A server on a port that stays the same over restarts, with its data in a folder of its own."""

    def __init__(self, timescale=False, fsync=True):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hearth-postgres-"))
        # PostgreSQL does not run as root: it gets the rights of the package's own user.
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        self.programs = self._reachable(programs(timescale))
        self.data = self.folder / "data"
        [self.port] = free_ports(1)
        self.password = secrets.token_hex(8)
        self.process = None
        self._initialise(timescale, fsync)

    @property
    def url(self):
        return f"postgresql://hearth:{self.password}@127.0.0.1:{self.port}/hearth"

    def _reachable(self, folder):
        """The programs where the server's user may read them: a private tree may be in a home that is closed."""
        if folder == SYSTEM or not self.user:
            return folder
        tree = self.folder / "postgresql"
        shutil.copytree(folder.parents[4], tree, symlinks=True)
        return tree / folder.relative_to(folder.parents[4])

    def _run(self, *command):
        identity = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        result = subprocess.run(command, capture_output=True, text=True, cwd=self.folder, **identity)
        if result.returncode != 0:
            raise AssertionError(f"{command[0]}: {result.stderr[-2000:]}")

    def _initialise(self, timescale, fsync):
        password = self.folder / "password"
        password.write_text(self.password + "\n")
        for path in (self.folder, password):
            if self.user:
                os.chown(path, self.user.pw_uid, self.user.pw_gid)
        # Its files wait for the disk later, when there is something to lose.
        self._run(str(self.programs / "initdb"), "--pgdata", str(self.data), "--username=hearth", "--auth=scram-sha-256",
                  f"--pwfile={password}", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
        self._run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", "/CN=127.0.0.1", "-addext",
                  "subjectAltName=IP:127.0.0.1", "-keyout", str(self.data / "server.key"), "-out", str(self.data / "server.crt"))
        self._run("chmod", "600", str(self.data / "server.key"))
        # The command may run as another user, for whom the data folder is closed.
        self.certificate = self.folder / "server.crt"
        shutil.copy(self.data / "server.crt", self.certificate)
        self.folder.chmod(0o755)
        self.certificate.chmod(0o644)
        password.unlink()
        with open(self.data / "postgresql.conf", "a") as settings:
            settings.write(
                f"listen_addresses = '127.0.0.1'\nport = {self.port}\nunix_socket_directories = ''\nssl = on\n"
                f"max_connections = 400\nshared_buffers = 256MB\nfsync = {'on' if fsync else 'off'}\n")
            if timescale:
                settings.write("shared_preload_libraries = 'timescaledb'\ntimescaledb.telemetry_level = off\n")

    def start(self):
        identity = {"user": self.user.pw_uid, "group": self.user.pw_gid, "extra_groups": []} if self.user else {}
        with open(self.folder / "log", "ab") as log:
            self.process = subprocess.Popen(
                [str(self.programs / "postgres"), "-D", str(self.data)], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                cwd=self.data, **identity)
        eventually(self._answers, "the server takes connections")
        return self

    def _answers(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the server ended: {(self.folder / 'log').read_text()[-2000:]}")
        ready = subprocess.run([str(SYSTEM / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)])
        return ready.returncode == 0

    def make_database(self):
        """The role's own database."""
        subprocess.run([str(SYSTEM / "createdb"), "-h", "127.0.0.1", "-p", str(self.port), "-U", "hearth", "hearth"],
                       check=True, env={**os.environ, "PGPASSWORD": self.password})
        return self

    def crash(self):
        """All of its processes end at once, with no chance to write anything more; what was committed is found at the start."""
        self._end(signal.SIGQUIT)

    def kill(self):
        """All of its processes are gone at once, as when the machine's memory runs out: none hears of it."""
        if self.process and self.process.poll() is None:
            family = subprocess.run(["ps", "--no-headers", "-o", "pid", "--ppid", str(self.process.pid)], stdout=subprocess.PIPE,
                                    text=True).stdout.split()
            self.process.kill()
            for child in family:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(child), signal.SIGKILL)
            self.process.wait()
            # Init may take its time to bury them; as long as one is there, the memory that they share is in use.
            eventually(lambda: not any(pathlib.Path(f"/proc/{child}/cmdline").exists()
                                       and pathlib.Path(f"/proc/{child}/cmdline").read_bytes() for child in family),
                       "all of its processes are gone")

    def stop(self):
        """Clients are thrown out; all is written."""
        self._end(signal.SIGINT)

    def _end(self, kind):
        if self.process and self.process.poll() is None:
            self.process.send_signal(kind)
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def close(self):
        self._end(signal.SIGQUIT)
        shutil.rmtree(self.folder, ignore_errors=True)

    @contextlib.contextmanager
    def control(self):
        """A program through which the command starts and stops the server: its path. It talks to this process over a socket."""
        path = self.folder / "control.socket"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()

        def serve():
            while True:
                try:
                    peer, _ = listener.accept()
                except OSError:
                    return
                with peer:
                    order = peer.recv(64).decode().strip()
                    try:
                        {"crash": self.crash, "kill": self.kill, "stop": self.stop, "start": self.start}[order]()
                        peer.sendall(b"ok")
                    except (KeyError, AssertionError) as error:
                        peer.sendall(str(error).encode()[-1000:])

        threading.Thread(target=serve, daemon=True).start()
        program = self.folder / "control"
        program.write_text(
            "#!/usr/bin/env python3\nimport socket, sys\npeer = socket.socket(socket.AF_UNIX)\n"
            f"peer.connect({str(path)!r})\npeer.sendall(sys.argv[1].encode())\nanswer = peer.recv(1000).decode()\n"
            "sys.exit(0 if answer == 'ok' else answer)\n")
        program.chmod(0o755)
        try:
            yield program
        finally:
            listener.close()


def main():
    # Whoever stops this process wants the server gone too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    arguments = sys.argv[1:]
    options = set()
    while arguments and arguments[0] in ("--timescale", "--plain", "--no-fsync"):
        options.add(arguments.pop(0))
    if not arguments or {"--timescale", "--plain"} <= options:
        sys.exit("Usage: scripts/with-postgres [--timescale | --plain] [--no-fsync] COMMAND...")
    server = PostgresServer(timescale="--timescale" in options, fsync="--no-fsync" not in options)
    try:
        server.start().make_database()
        with server.control() as control:
            environment = {**os.environ, "POSTGRES_URL": server.url, "POSTGRES_CONTROL": str(control),
                           "POSTGRES_ROOT_CERTIFICATE": str(server.certificate)}
            return subprocess.run(arguments, env=environment).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        server.close()


if __name__ == "__main__":
    sys.exit(main())
