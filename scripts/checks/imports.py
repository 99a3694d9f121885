"""Drivers never import Hearth; Hearth imports no driver and no NIO; roles import neither drivers nor roles; imports are declared."""
import re

DRIVERS = {"Pulsar", "Qdrant", "S3", "Postgres", "Ollama", "OpenAI", "MiniLM", "SyntaxTree", "LocalIndex", "COneDNN", "CTreeSitter", "CVectorScan"}
# The wire types are shared by the gateway and by the OpenAI-compatible generator.
SHARED = {"OpenAI"}
ROLES = {"Gateway", "Worker", "Ingest", "HeatKeeper", "Verify"}
HEARTH_MAY_NOT = DRIVERS | ROLES | {"Backends", "NIO", "NIOCore", "NIOPosix", "Hummingbird", "AsyncHTTPClient", "GRDB"}
IMPORT = re.compile(
    r"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?"
    r"import\s+(?:(?:struct|class|enum|func|protocol|typealias|var|let)\s+)?(\w+)", re.M)
TARGET = re.compile(r'\.(?:target|executableTarget|testTarget)\(\s*name:\s*"(\w+)"', re.S)


def targets(root):
    """Each target of Package.swift with the folder of its sources and the text of its declaration."""
    manifest = root / "Package.swift"
    if not manifest.exists():
        return {}
    text = manifest.read_text()
    found = list(TARGET.finditer(text))
    result = {}
    for match, following in zip(found, found[1:] + [None]):
        body = text[match.start(): following.start() if following else len(text)]
        path = re.search(r'path:\s*"([^"]+)"', body)
        kind = "Tests" if body.startswith(".testTarget") else "Sources"
        result[match.group(1)] = (root / (path.group(1) if path else f"{kind}/{match.group(1)}"), body)
    return result


def check(root):
    findings = []
    known = targets(root)
    for name, (folder, body) in known.items():
        for source in sorted(folder.rglob("*.swift")):
            for module in set(IMPORT.findall(source.read_text())):
                where = source.relative_to(root)
                if name in DRIVERS and module == "Hearth":
                    findings.append(f"{where}: the driver {name} imports Hearth")
                if name == "Hearth" and module in HEARTH_MAY_NOT:
                    findings.append(f"{where}: Hearth imports {module}")
                if name in ROLES and module in (DRIVERS - SHARED) | (ROLES - {name}) | {"Backends"}:
                    findings.append(f"{where}: the role {name} imports {module}")
                if module in known and module != name and f'"{module}"' not in body:
                    findings.append(f"{where}: imports {module}, which target {name} does not declare")
    return findings


def _package(*declarations):
    return "let package = Package(targets: [\n" + ",\n".join(declarations) + "\n])\n"


BAD = [
    {"Package.swift": _package('.target(name: "Ollama", dependencies: ["Hearth"])', '.target(name: "Hearth")'), "Sources/Ollama/a.swift": "import Hearth\n"},
    {"Package.swift": _package('.target(name: "Hearth")'), "Sources/Hearth/a.swift": "internal import NIOCore\n"},
    {"Package.swift": _package('.target(name: "Worker", dependencies: ["Ingest"])', '.target(name: "Ingest")'), "Sources/Worker/a.swift": "import Ingest\n"},
    {"Package.swift": _package('.target(name: "CLI")', '.target(name: "Hearth")'), "Sources/CLI/a.swift": "public import Hearth\n"},
]
GOOD = [{"Package.swift": _package('.target(name: "Gateway", dependencies: ["Hearth", "OpenAI"])', '.target(name: "Hearth")', '.target(name: "OpenAI")'),
         "Sources/Gateway/a.swift": "public import Hearth\nimport OpenAI\nimport NIOCore\n"}]
