"""Public types, functions and requirements of protocols say what the caller gets.

What fulfils a protocol is documented where the protocol is. Initialisers, properties and cases may speak for themselves.
"""
import re

import _source

DECLARATION = re.compile(
    r"^[ \t]*(?:@[\w.]+(?:\([^)\n]*\))?[ \t]+)*public(?:[ \t]+(?:static|final|indirect|mutating|consuming|borrowing|nonisolated"
    r"|distributed|override|class(?=[ \t]+func)))*[ \t]+(struct|enum|protocol|actor|class|func)[ \t]+(`?[\w]+`?|[^\s\w(]+)", re.M)
REQUIREMENT = re.compile(
    r"^[ \t]*(?:@[\w.]+(?:\([^)\n]*\))?[ \t]+)*(?:(?:static|mutating|consuming|nonisolated)[ \t]+)*(?:func[ \t]+(\w+)|var[ \t]+(\w+))", re.M)
# Requirements of the standard library and of the packages that we use.
FULFILS = {"encode", "hash", "next", "makeAsyncIterator", "makeIterator", "run", "advance", "sleep", "index", "respond", "handle",
           "provideScope", "validate", "visit", "customMirror", "CodingKeys", "Iterator", "AsyncIterator", "Element", "Configuration",
           "makeCounter", "makeFloatingPointCounter", "makeMeter", "makeRecorder", "makeTimer",
           "destroyCounter", "destroyFloatingPointCounter", "destroyMeter", "destroyRecorder", "destroyTimer"}
# Nested types that the type around them explains.
EXPLAINED = {"Code", "Kind", "Role", "Choice", "Delta", "Message", "Usage"}


def is_documented(lines, index):
    """Whether a doc comment stands above line `index`, attributes and remarks to the checks between them aside."""
    index -= 1
    while index >= 0 and re.match(r"\s*(@|//(?!/))", lines[index]):
        index -= 1
    return index >= 0 and lines[index].lstrip().startswith("///")


def check(root):
    findings, promised, open_functions = [], set(), []
    for source in sorted((root / "Sources").rglob("*.swift")):
        text = source.read_text()
        code, lines, where = _source.code(text), text.splitlines(), source.relative_to(root)
        for match in DECLARATION.finditer(code):
            kind, name = match.groups()
            line = _source.line_of(code, match.start(1))
            if kind == "protocol":
                start = code.find("{", match.end())
                for member in REQUIREMENT.finditer(code, start + 1, start + 1 + len(_source.between(code, start))):
                    promised.add(member.group(1) or member.group(2))
                    row = _source.line_of(code, member.end())
                    if not is_documented(lines, row - 1):
                        findings.append(f"{where}:{row}: {name}.{member.group(1) or member.group(2)} is not documented")
            if is_documented(lines, line - 1) or name.strip("`") in FULFILS or not re.match(r"[`\w]", name):
                continue
            if kind != "func" and name in EXPLAINED and lines[line - 1].startswith(" "):
                continue
            entry = (name, f"{where}:{line}: {kind} {name} is not documented")
            if kind == "func":
                open_functions.append(entry)
            else:
                findings.append(entry[1])
    return findings + [finding for name, finding in open_functions if name not in promised]


BAD = [
    {"Sources/A/a.swift": "public struct A {}\n"},
    {"Sources/A/a.swift": "/// An A.\npublic struct A {\n    @inlinable public static func make() -> A { A() }\n}\n"},
    {"Sources/A/a.swift": "/// An A.\npublic protocol A {\n    func make() -> Self\n}\n"},
    {"Sources/A/a.swift": "public enum Kind {}\n"},
    {"Sources/A/a.swift": "// Not a doc comment.\npublic final class A {}\n"},
]
GOOD = [{"Sources/A/a.swift": "/// An A.\npublic protocol A {\n    /// Makes one.\n    func make() -> Self\n}\n",
         "Sources/A/b.swift": '/// A B.\n@frozen\npublic struct B: A {\n    public let b = "public struct C {}"\n    public init() {}\n    public enum Kind {}\n'
                              "    public func make() -> B { B() }\n    public static func == (a: B, b: B) -> Bool { true }\n}\nstruct D {}\n"}]
