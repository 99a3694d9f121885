"""Runs moto's S3 server on loopback. It checks no signature: never the only server that something was tried against.

    python moto_server.py COMMAND...     runs a command beside one, which it finds as S3_ENDPOINT, S3_ACCESS_KEY, S3_SECRET_KEY
"""

import os
import signal
import subprocess
import sys


def main():
    from moto.server import ThreadedMotoServer

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        variables = {"S3_ENDPOINT": f"http://{host}:{port}", "S3_ACCESS_KEY": "moto", "S3_SECRET_KEY": "moto", "S3_IS_MOTO": "1"}
        return subprocess.run(sys.argv[1:], env={**os.environ, **variables}).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        server.stop()


if __name__ == "__main__":
    sys.exit(main())
