"""Scripts parse, can be run, stop at the first error; the Makefile names none that is missing."""
import os
import re
import subprocess


def check(root):
    findings = []
    places = [*(root / "scripts").glob("*"), *(root / ".ci").glob("*"), *(root / "deploy").rglob("*.sh")]
    for script in sorted(path for path in places if path.is_file()):
        where, text = script.relative_to(root), script.read_text()
        first = text.split("\n", 1)[0]
        if not first.startswith("#!"):
            findings.append(f"{where}: does not say what runs it (#!)")
        elif not os.access(script, os.X_OK):
            findings.append(f"{where}: cannot be run; chmod +x")
        if first.endswith("bash"):
            parsed = subprocess.run(["bash", "-n", str(script)], capture_output=True, text=True)
            if parsed.returncode != 0:
                findings.append(f"{where}: {parsed.stderr.strip()}")
            if "set -euo pipefail" not in text:
                findings.append(f"{where}: goes on after an error; set -euo pipefail")
        if first.endswith("python3"):
            try:
                compile(text, str(where), "exec")
            except SyntaxError as error:
                findings.append(f"{where}: {error}")
    for file in [root / "Makefile", *places]:
        if file.is_file():
            for name in sorted(set(re.findall(r"(?<![\w/])(?:\./)?(scripts/[\w-]+)(?![\w/.*-])", file.read_text()))):
                if not (root / name).exists():
                    findings.append(f"{file.relative_to(root)}: there is no {name}")
    return findings


_BASH = "#!/usr/bin/env bash\nset -euo pipefail\n"
BAD = [
    {"scripts/a": (_BASH, 0o644)},
    {"scripts/a": ("#!/usr/bin/env bash\necho a\n", 0o755)},
    {"scripts/a": (_BASH + "if true; then\n", 0o755)},
    {"scripts/a": ("#!/usr/bin/env python3\ndef a(:\n", 0o755)},
    {"scripts/a": ("set -euo pipefail\n", 0o755)},
    {"Makefile": "a:\n\tscripts/missing\n"},
    {".ci/run": (_BASH + "scripts/missing --fast\n", 0o755)},
]
GOOD = [{"scripts/a": (_BASH + "scripts/b \"$@\"\n", 0o755), "scripts/b": ("#!/usr/bin/env python3\nprint(1)\n", 0o755),
         "Makefile": "a:\n\t@scripts/a\n"}]
