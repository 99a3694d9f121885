"""No force, no stray tasks, no sleeping tests, no unbounded streams, no file or folder that holds too much.

A finding is let through by `check: allow <word> because …` in a comment on its line, up to three lines above or one below.
Force unwraps are found by the format check.
"""
import pathlib
import re

import _source

RULES = [
    ("force", re.compile(r"\btry!|\bas!|\bfatalError\(|\bpreconditionFailure\("), "no try!, as!, fatalError", ("Sources",)),
    ("unchecked", re.compile(r"@unchecked\s+Sendable"), "no @unchecked Sendable", ("Sources",)),
    ("print", re.compile(r"(?<![\w.])print\("), "print belongs to the command line's Terminal", ("Sources",)),
    ("sleep", re.compile(r"\bTask\.sleep|\busleep\(|\bThread\.sleep|(?<![\w.])sleep\("), "tests await events, they never sleep",
     ("Tests", "Sources/HearthTesting")),
]
TASK = re.compile(r"(?<![\w.])Task(?:<[^(){}\n]*>)?(?:\.(?:detached|immediate|immediateDetached))?\s*(?:\([^){]*\)\s*)?\{")
STREAM = re.compile(r"(?:\bAsync(?:Throwing)?Stream(?:<[^(){}\n]*>)?(?:\.makeStream)?|\.makeStream)\s*(?=[({])")
LATER = re.compile(r"\b(?:TODO|FIXME|XXX)\b")
ALLOW = re.compile(r"check: allow (\w+) because \S")
WORDS = {"force", "unchecked", "print", "sleep", "task", "stream", "later", "length"}
BANNED_FOLDERS = {"utils", "util", "utilities", "common", "helpers", "models", "misc"}
LONGEST = 400
# Folders that every machine has; the first folder of any other checkout is somebody's own.
EVERYWHERE = {"bin", "dev", "etc", "home", "lib", "media", "mnt", "opt", "private", "proc", "root", "run", "srv", "sys", "tmp", "usr",
              "Users", "var"}


def is_a_type(code, start):
    """Whether a name before a brace stands where a type does, as in `var a: Task<Int, Never> {`."""
    return bool(re.search(r"(?:->|[:,&<(]|\b(?:any|some|extension|throws))\s*$", code[max(0, start - 20):start]))


def streams(code):
    """Where a stream is made that may grow without a bound."""
    for match in STREAM.finditer(code):
        opening = match.end()
        if code[opening] == "{":
            if not match.group().rstrip().endswith("makeStream") and not is_a_type(code, match.start()):
                yield match.start()
            continue
        arguments = _source.between(code, opening)
        if "unfolding" not in arguments and ("bufferingPolicy" not in arguments or ".unbounded" in arguments):
            yield match.start()


def faults(text, area):
    """What the rules find in one file: a line, the word that lets it through, and the rule."""
    code = _source.code(text)
    for word, pattern, rule, areas in RULES:
        if area.startswith(areas):
            for match in pattern.finditer(code):
                yield _source.line_of(code, match.start()), word, rule
    for match in LATER.finditer(_source.comments(text)):
        yield _source.line_of(text, match.start()), "later", "nothing is left for later"
    if area.startswith("Sources"):
        for match in TASK.finditer(code):
            if not is_a_type(code, match.start()):
                yield _source.line_of(code, match.start()), "task", "no unstructured task"
        for offset in streams(code):
            yield _source.line_of(code, offset), "stream", "no stream without a bound"


def check_source(source, where):
    # Made by protobuf's generator of the text beside it; its taste is not ours.
    if source.name.endswith(".pb.swift") and source.with_name(source.name.removesuffix(".pb.swift") + ".proto").exists():
        return []
    text = source.read_text()
    lines = text.splitlines()
    notes = {number: match.group(1) for number, line in enumerate(lines, 1) if (match := ALLOW.search(line))}
    findings, used = [], set()
    found = list(faults(text, where.as_posix()))
    if len(lines) > LONGEST:
        found.append((1, "length", f"{len(lines)} lines; more than one thing lives there"))
    for line, word, rule in sorted(found):
        reach = range(1, 11) if word == "length" else range(line - 3, line + 2)
        notes_here = [number for number in reach if notes.get(number) == word]
        used.update(notes_here)
        if not notes_here:
            findings.append(f"{where}:{line}: {rule}")
    for number, word in notes.items():
        if word not in WORDS:
            findings.append(f"{where}:{number}: there is no rule `{word}`")
        elif number not in used:
            findings.append(f"{where}:{number}: allows `{word}`, but there is nothing to allow")
    return findings


def foreign_paths(root):
    own = pathlib.Path(root).resolve().parts[1]
    mine = "" if own in EVERYWHERE else rf"|(?<![\w$}}./~-])/{re.escape(own)}/"
    pattern = re.compile(rf"(?<![\w$}}/])/(?:home|Users)/\w+{mine}")
    for name in ("Sources", "Tests", "Benchmarks", "scripts", "docs", "deploy", ".ci", "Makefile", "Package.swift", *(p.name for p in root.glob("*.md"))):
        path = root / name
        for file in [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file()):
            hidden = {".build", "__pycache__", "checks"} & set(file.relative_to(root).parts)
            if not hidden and pattern.search(file.read_text(errors="replace")):
                yield f"{file.relative_to(root)}: a path of somebody's machine"


def check(root):
    findings = []
    for area in ("Sources", "Tests"):
        for source in sorted((root / area).rglob("*.swift")):
            findings += check_source(source, source.relative_to(root))
        for folder in sorted(path for path in (root / area).rglob("*") if path.is_dir() and path.name.lower() in BANNED_FOLDERS):
            findings.append(f"{folder.relative_to(root)}: a folder's name says what is in it")
    return findings + list(foreign_paths(root))


def _source_tree(text, name="Sources/A/a.swift"):
    return {name: text}


BAD = [
    _source_tree("let a = try! f()\n"),
    _source_tree("let a = b as! C\n"),
    _source_tree("func f() { fatalError() }\n"),
    _source_tree("func f() {\n    Task { await g() }\n}\n"),
    _source_tree("let a = Task.detached(priority: .low) { await g() }\n"),
    _source_tree("let a = Task<Void, Never> { await g() }\n"),
    _source_tree("// check: allow task\n\nfunc f() { Task { await g() } }\n"),
    _source_tree("// check: allow task because it is far away\n\n\n\n\nfunc f() { Task { await g() } }\n"),
    _source_tree("// check: allow task because there was one\n"),
    _source_tree("// check: allow all because I say so\n"),
    _source_tree("// TODO: later\n"),
    _source_tree("/* FIXME */\n", "Tests/A/a.swift"),
    _source_tree("try await Task.sleep(for: .seconds(1))\n", "Tests/A/a.swift"),
    _source_tree("try await Task.sleep(for: .seconds(1))\n", "Sources/HearthTesting/a.swift"),
    _source_tree("\n", "Sources/A/Utils/a.swift"),
    _source_tree("let a = 1\n" * 401),
    _source_tree("let s = AsyncStream<Int> { $0.yield(1) }\n"),
    _source_tree("let s = AsyncStream(\n    Int.self\n) { $0.yield(1) }\n"),
    _source_tree("let (s, c) = AsyncStream.makeStream(of: Int.self)\n"),
    _source_tree("let p: Pair = .makeStream(of: Int.self, bufferingPolicy: .unbounded)\n"),
    _source_tree("struct S: @unchecked Sendable {}\n"),
    _source_tree('print("x")\n'),
    _source_tree("see /home/me/x\n", "README.md"),
]
GOOD = [{
    "Sources/A/a.swift": '// check: allow task because it is awaited\ntry await Task { 1 }.value\nlet s = "try! print(" // Task {\n'
                         'let t = """\n    TODO fatalError()\n    """\nvar u: Task<Void, Never> { v }\nfunc w() -> AsyncStream<Int> { x }\n',
    "Sources/A/b.swift": "let (s, c) = AsyncStream.makeStream(\n    of: Int.self,\n    bufferingPolicy: .bufferingNewest(1))\n"
                         "let d = AsyncStream<Int>(unfolding: f)\nextension Task {}\ntypealias P = Terminal.print\n",
    "Sources/A/c.swift": "// check: allow length because it is a table\n" + "let a = 1\n" * 401,
    "Tests/A/a.swift": "await signal.wait()\nlet a = try! f()\n",
}]
