"""Swift sources are formatted as .swift-format says."""
import pathlib
import shutil
import subprocess

CONFIGURATION = pathlib.Path(__file__).resolve().parent.parent.parent / ".swift-format"


def check(root):
    if not shutil.which("swift"):
        return ["there is no swift to format with"]
    folders = [name for name in ("Sources", "Tests", "Benchmarks/Sources") if (root / name).is_dir()]
    files = [name for name in ("Package.swift", "Benchmarks/Package.swift") if (root / name).is_file()]
    result = subprocess.run(
        ["swift", "format", "lint", "--strict", "--parallel", "--recursive", "--configuration", str(CONFIGURATION), *folders, *files],
        cwd=root, capture_output=True, text=True)
    lines = [line for line in result.stderr.splitlines() if ": error:" in line or ": warning:" in line]
    return [line.replace(str(root) + "/", "") for line in lines[:40]]


BAD = [{"Sources/A/a.swift": "let  a=1\n"}]
GOOD = [{"Sources/A/a.swift": "let a = 1\n"}]
