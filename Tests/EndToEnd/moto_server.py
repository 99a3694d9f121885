"""Runs moto's S3 server on loopback. It checks no signature: never the only server that something was tried against.

    python moto_server.py COMMAND...     runs a command beside one, which it finds as S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY,
                                         and over TLS as certificates.py says
"""

import contextlib
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import threading

from certificates import HOST, Certificates


@contextlib.contextmanager
def served(application, **options):
    """A server of its own port, which it yields."""
    from werkzeug.serving import make_server

    server = make_server("127.0.0.1", 0, application, threaded=True, **options)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def main():
    from moto.server import DomainDispatcherApplication, create_backend_app

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    application = DomainDispatcherApplication(create_backend_app)
    try:
        with contextlib.ExitStack() as stack:
            port = stack.enter_context(served(application))
            variables = {"S3_ENDPOINT": f"http://127.0.0.1:{port}", "S3_HOST": HOST, "S3_ACCESS_KEY": "moto",
                         "S3_SECRET_KEY": "moto", "S3_IS_MOTO": "1"}
            if Certificates.can_be_made():
                folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="hearth-moto-"))
                certificates = Certificates(pathlib.Path(folder))
                files = (str(certificates.server), str(certificates.key))
                variables |= certificates.variables(stack.enter_context(served(application, ssl_context=files)))
            return subprocess.run(sys.argv[1:], env={**os.environ, **variables}).returncode
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main())
