"""Swift sources are formatted as .swift-format says."""
import pathlib
import subprocess

CONFIGURATION = pathlib.Path(__file__).resolve().parent.parent.parent / ".swift-format"
MOST = 20


def is_a_message(root, line):
    """Whether a line that is too long holds a string: a message of one sentence is not broken for the width of a page."""
    if "[LineLength]" not in line:
        return False
    where, number = line.split(":")[:2]
    return '"' in (root / where).read_text().splitlines()[int(number) - 1]


def check(root):
    places = ("Sources", "Tests", "Benchmarks/Sources", "Package.swift", "Benchmarks/Package.swift")
    result = subprocess.run(
        ["swift", "format", "lint", "--strict", "--parallel", "--recursive", "--configuration", str(CONFIGURATION),
         *(place for place in places if (root / place).exists())],
        cwd=root, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    reported = [line for line in result.stderr.splitlines() if ": error:" in line or ": warning:" in line]
    lines = [line for line in reported if not is_a_message(root, line)]
    if result.returncode != 0 and not reported:
        return [f"swift format failed: {result.stderr.strip()[-400:]}"]
    more = [f"and {len(lines) - MOST} more: `make format` mends most of them"] if len(lines) > MOST else []
    return [line.replace(str(root) + "/", "") for line in lines[:MOST]] + more


BAD = [
    {"Sources/A/a.swift": "let  a=1\n"},
    {"Sources/A/a.swift": "let a = b!\n"},
    {"Sources/A/a.swift": "let a = try! b()\n"},
    {"Sources/A/a.swift": "func a() {\n  b()\n}\n"},
    {"Sources/A/a.swift": "import B\nimport A\n"},
    {"Tests/A/a.swift": "let a = b(" + ", ".join(["ccccccc"] * 16) + ")\n"},
    {"Package.swift": "let a = (1\n"},
]
GOOD = [{"Sources/A/a.swift": "import A\n\nfunc a() {\n    b()\n}\n"},
        {"Sources/A/a.swift": f'let a = "{"a sentence " * 12}"\n'}]
