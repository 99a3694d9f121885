"""No force, no stray tasks, no sleeping tests, no unbounded streams, no file or folder that holds too much.

A line with `check: allow <word> because …` in it or up to three lines above is let through.
"""
import re

RULES = [
    ("force", re.compile(r"\btry!|\bas!|fatalError\(|preconditionFailure\("), "no try!, as!, fatalError", "Sources"),
    ("unchecked", re.compile(r"@unchecked Sendable"), "no @unchecked Sendable", "Sources"),
    ("later", re.compile(r"\b(TODO|FIXME|XXX)\b"), "nothing is left for later", "Sources"),
    ("print", re.compile(r"(?<![\w.])print\("), "print belongs to the command line's Terminal", "Sources"),
    ("task", re.compile(r"(?<![\w.])Task(\.detached)?(\([^)]*\))?\s*\{"), "no unstructured task", "Sources"),
    ("stream", re.compile(r"Async(Throwing)?Stream(<[^>]*>)?(\.makeStream)?\((?!.*bufferingPolicy)(?!\s*$)"), "no stream without a bound", "Sources"),
    ("sleep", re.compile(r"Task\.sleep|usleep\(|Thread\.sleep"), "tests await events, they never sleep", "Tests"),
]
BANNED_FOLDERS = {"Utils", "Util", "Common", "Helpers", "Models", "Misc"}
LONGEST = 400


def check(root):
    findings = []
    for area in ("Sources", "Tests"):
        for source in sorted((root / area).rglob("*.swift")):
            where = source.relative_to(root)
            findings += [f"{where}: a folder named {part}" for part in where.parts if part in BANNED_FOLDERS]
            lines = source.read_text().splitlines()
            if len(lines) > LONGEST and "check: allow length" not in "\n".join(lines[:10]):
                findings.append(f"{where}: {len(lines)} lines; more than one thing lives there")
            for number, line in enumerate(lines):
                code = line.split("//")[0] if not line.lstrip().startswith("//") else ""
                text = re.sub(r'"(?:[^"\\]|\\.)*"', '""', code)
                near = "\n".join(lines[max(0, number - 3): number + 2])
                for word, pattern, rule, place in RULES:
                    subject = line if word == "later" else text
                    if area == place and pattern.search(subject) and f"check: allow {word}" not in near:
                        findings.append(f"{where}:{number + 1}: {rule}")
    for name in ("Sources", "Tests", "scripts", "docs", ".ci", "README.md", "Makefile"):
        path = root / name
        for file in [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file()):
            if file.suffix in {".pyc"}:
                continue
            if re.search(r"(?<![\w$}/])/(?:home|Users)/\w+|(?<![\w/])/work/", file.read_text(errors="replace")) and "checks" not in file.parts:
                findings.append(f"{file.relative_to(root)}: a path of somebody's machine")
    return findings


BAD = [
    {"Sources/A/a.swift": "let a = try! f()\n"}, {"Sources/A/a.swift": "func f() {\n    Task { await g() }\n}\n"},
    {"Sources/A/a.swift": "// TODO: later\n"}, {"Tests/A/a.swift": "try await Task.sleep(for: .seconds(1))\n"},
    {"Sources/Utils/a.swift": "let a = 1\n"}, {"Sources/A/a.swift": "let a = 1\n" * 401},
    {"Sources/A/a.swift": "let s = AsyncStream<Int>(unfolding: f)\n"}, {"README.md": "see /home/me/x\n"},
    {"Sources/A/a.swift": "struct S: @unchecked Sendable {}\n"}, {"Sources/A/a.swift": 'print("x")\n'},
]
GOOD = [{"Sources/A/a.swift": '// check: allow task because it is awaited\ntry await Task { 1 }.value\nlet s = "try! free of print("\n',
         "Tests/A/a.swift": "await signal.wait()\n"}]
