"""Runs a command beside a test server of its own, which it finds as QDRANT_URL; how to start more of them is in
QDRANT_TEST_SERVER. Ends with the command's status; the server and its data are gone then.

    python with_server.py COMMAND...
"""

import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile

SERVER = pathlib.Path(__file__).with_name("server.py")


def main():
    # Whoever stops this process wants the server gone too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    folder = tempfile.mkdtemp(prefix="hearth-qdrant-")
    command = [sys.executable, str(SERVER)]
    process = subprocess.Popen([*command, "--data", folder], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    try:
        url = process.stdout.readline().strip()
        if not url:
            print("with-qdrant: the server did not start", file=sys.stderr)
            return 1
        # Tests that restart a server start their own.
        environment = {**os.environ, "QDRANT_URL": url, "QDRANT_TEST_SERVER": "\n".join(command)}
        return subprocess.run(sys.argv[1:], env=environment).returncode
    except KeyboardInterrupt:
        return 130
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
