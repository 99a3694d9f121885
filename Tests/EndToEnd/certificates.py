"""An authority, a stranger, and a certificate of a server on loopback that the first has signed: made anew by openssl."""

import shutil
import subprocess

HOST = "s3.local"


class Certificates:
    """Writes `authority.pem`, `stranger.pem`, `server.pem` and `server.key` into a folder."""

    @staticmethod
    def can_be_made():
        return shutil.which("openssl") is not None

    def __init__(self, folder):
        self.authority, self.stranger = folder / "authority.pem", folder / "stranger.pem"
        self.server, self.key = folder / "server.pem", folder / "server.key"
        for authority in (self.authority, self.stranger):
            self._make(authority, authority.with_suffix(".key"), f"/CN={authority.stem}")
        self._make(
            self.server, self.key, f"/CN={HOST}", "-CA", self.authority, "-CAkey", self.authority.with_suffix(".key"),
            "-addext", f"subjectAltName=IP:127.0.0.1,DNS:{HOST},DNS:*.{HOST}",
            "-addext", "basicConstraints=critical,CA:FALSE", "-addext", "extendedKeyUsage=serverAuth")

    def _make(self, certificate, key, name, *more):
        command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", name,
                   "-keyout", key, "-out", certificate, *more]
        result = subprocess.run(list(map(str, command)), stdin=subprocess.DEVNULL, capture_output=True, text=True)
        if result.returncode != 0:
            raise AssertionError(f"openssl: {result.stderr}")

    def variables(self, port):
        """What a command finds beside a server that uses them on that port."""
        return {"S3_TLS_ENDPOINT": f"https://127.0.0.1:{port}", "S3_AUTHORITY_FILE": str(self.authority),
                "S3_STRANGER_FILE": str(self.stranger), "S3_HOST": HOST}
