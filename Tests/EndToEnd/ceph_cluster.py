"""Runs a real Ceph RADOS gateway on loopback: one monitor, one OSD that keeps everything in memory, one gateway.

    python ceph_cluster.py COMMAND...     runs a command beside one, which it finds as S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY,
                                          and over TLS as certificates.py says
"""

import contextlib
import os
import pathlib
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import uuid

from certificates import HOST, Certificates
from hearth_process import eventually
from pulsar_broker import free_ports

CONFIGURATION = """[global]
fsid = {fsid}
mon host = v1:127.0.0.1:{monitor}
auth cluster required = none
auth service required = none
auth client required = none
osd pool default size = 1
osd pool default min size = 1
osd pool default pg num = 1
osd crush chooseleaf type = 0
mon allow pool size one = true
mon warn on pool no redundancy = false
mon max pg per osd = 1000
run dir = {folder}/run
log file = {folder}/log/$name.log
admin socket = {folder}/run/$name.asok
pid file = {folder}/run/$name.pid
ms bind ipv6 = false
public addr = 127.0.0.1
[mon.a]
mon data = {folder}/mon
mon data avail crit = 1
mon data avail warn = 2
[osd.0]
osd objectstore = memstore
memstore device bytes = 2147483648
osd data = {folder}/osd
osd max object name len = 256
osd max object namespace len = 64
[client.rgw.a]
rgw frontends = beast endpoint=127.0.0.1:{gateway}{tls}
rgw data = {folder}/rgw
rgw enable ops log = false
rgw thread pool size = 32
rgw s3 auth use rados = true
rgw dns name = {host}
"""


class CephCluster:
    def __init__(self):
        # Short: sockets have their names in it.
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="hc-", dir="/tmp"))
        for name in ("mon", "osd", "run", "log", "rgw"):
            (self.folder / name).mkdir()
        self.monitor, self.gateway, self.secure = free_ports(3)
        self.certificates = Certificates(self.folder) if Certificates.can_be_made() else None
        self.fsid = str(uuid.uuid4())
        self.access_key, self.secret_key = secrets.token_hex(10), secrets.token_urlsafe(30)
        tls = ""
        if self.certificates:
            tls = (f" ssl_endpoint=127.0.0.1:{self.secure} ssl_certificate={self.certificates.server}"
                   f" ssl_private_key={self.certificates.key}")
        (self.folder / "ceph.conf").write_text(
            CONFIGURATION.format(
                fsid=self.fsid, monitor=self.monitor, gateway=self.gateway, tls=tls, host=HOST, folder=self.folder))

    @property
    def endpoint(self):
        return f"http://127.0.0.1:{self.gateway}"

    @property
    def variables(self):
        found = {"S3_ENDPOINT": self.endpoint, "S3_HOST": HOST, "S3_ACCESS_KEY": self.access_key, "S3_SECRET_KEY": self.secret_key}
        return found | (self.certificates.variables(self.secure) if self.certificates else {})

    def _run(self, *command):
        result = subprocess.run(
            command, env={**os.environ, "CEPH_CONF": str(self.folder / "ceph.conf")}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        if result.returncode != 0:
            raise AssertionError(f"{' '.join(command)} ended with {result.returncode}: {result.stdout[-2000:]}")

    def _succeeds(self, *command):
        try:
            self._run(*command)
            return True
        except AssertionError as error:
            if "wrong fsid" in str(error):
                return False
            raise

    def start(self):
        map_file = str(self.folder / "monmap")
        self._run("monmaptool", "--create", "--clobber", "--fsid", self.fsid, "--addv", "a", f"[v1:127.0.0.1:{self.monitor}]", map_file)
        self._run("ceph-mon", "-i", "a", "--mkfs", "--monmap", map_file)
        self._run("ceph-mon", "-i", "a")
        self._run("ceph", "osd", "create")
        self._run("ceph-osd", "-i", "0", "--mkfs")
        self._run("ceph", "osd", "crush", "add", "osd.0", "1.0", "root=default", "host=localhost")
        # On a busy machine it may ask the monitor before it has learnt the cluster's id from it, and gives up.
        eventually(lambda: self._succeeds("ceph-osd", "-i", "0"), "the OSD starts", 60)
        self._run("radosgw", "-n", "client.rgw.a")
        eventually(self._answers, "the gateway answers", 120)
        self._run("radosgw-admin", "user", "create", "--uid=hearth", "--display-name=hearth",
                  f"--access-key={self.access_key}", f"--secret-key={self.secret_key}")
        return self

    def _answers(self):
        with contextlib.suppress(OSError, urllib.error.URLError):
            # Loopback needs no proxy.
            opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
            return opener.open(self.endpoint, timeout=5).status == 200
        return False

    def close(self):
        """Ends the daemons that this cluster started, by the ids that they wrote down themselves."""
        for order in (signal.SIGTERM, signal.SIGKILL):
            pids = [pid for pid in map(self._pid, sorted((self.folder / "run").glob("*.pid"))) if pid]
            for pid in pids:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, order)
            try:
                eventually(lambda: not any(self._lives(pid) for pid in pids), "the daemons end", 15)
                break
            except AssertionError:
                continue
        shutil.rmtree(self.folder, ignore_errors=True)

    def _pid(self, file):
        with contextlib.suppress(OSError, ValueError):
            pid = int(file.read_text())
            return pid if self._lives(pid) else None
        return None

    def _lives(self, pid):
        """Whether that process is still one of ours: an id may have gone to another program since."""
        with contextlib.suppress(OSError):
            words = pathlib.Path(f"/proc/{pid}/cmdline").read_bytes()
            return b"ceph" in words or b"radosgw" in words
        return False


def main():
    # Whoever stops this process wants the daemons gone too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    cluster = CephCluster()
    try:
        cluster.start()
        return subprocess.run(sys.argv[1:], env={**os.environ, **cluster.variables}).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        cluster.close()


if __name__ == "__main__":
    sys.exit(main())
