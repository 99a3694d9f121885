"""Drivers never import Hearth; Hearth imports no driver and no NIO; roles import neither drivers nor roles; imports are declared."""
import re

import _manifest
import _source

DRIVERS = {"Pulsar", "PulsarAdmin", "Qdrant", "S3", "Postgres", "Ollama", "OpenAI", "MiniLM", "SyntaxTree", "LocalIndex",
           "CArchiveCodec", "Zstandard", "CZstd", "COneDNN", "CPostgres", "CPulsarCodecs", "CTreeSitter", "CVectorScan",
           "PulsarConformance"}
# The wire types are shared by the gateway and by the OpenAI-compatible generator.
SHARED = {"OpenAI"}
ROLES = {"Evaluation", "Gateway", "Worker", "Ingest", "HeatKeeper", "Verify"}
# They know both sides.
JOINTS = {"Backends", "HearthCommand"}
# Ends in the toolchain, so that no manifest can declare it.
TOOLCHAIN = re.compile(r"Swift|Foundation(Essentials|Networking|XML|Internationalization)?|Glibc|Musl|Darwin|Dispatch|Synchronization"
                       r"|Testing|XCTest|RegexBuilder|PackageDescription")
INPUT_OUTPUT = re.compile(r"_?NIO\w*|Hummingbird\w*|AsyncHTTPClient|GRDB\w*")


def layer_of(target):
    name = target["name"]
    if target["type"] == "test" or name == "HearthTesting" or _manifest.folder_of(target).parts[0] == "Tests":
        return "test"
    for layer, names in (("core", {"Hearth"}), ("driver", DRIVERS), ("role", ROLES), ("joint", JOINTS)):
        if name in names:
            return layer
    return None


def fault(name, layer, module, layers):
    """Why a target of `layer` may not import `module`, or nothing."""
    other = layers.get(module)
    if layer != "test" and other == "test":
        return f"{name} imports the test support {module}"
    if layer == "driver" and (other in ("core", "role", "joint")):
        return f"the driver {name} imports {module}"
    if layer == "core" and (other or INPUT_OUTPUT.fullmatch(module)):
        return f"Hearth imports {module}"
    if layer == "role" and (other in ("role", "joint") or other == "driver" and module not in SHARED):
        return f"the role {name} imports {module}"
    return None


def check(root):
    targets = _manifest.read(root)["targets"]
    layers = {target["name"]: layer_of(target) for target in targets}
    findings = [f"Package.swift: {name} is in no layer; add it to scripts/checks/imports.py" for name, layer in layers.items() if not layer]
    homes = set()
    for target in targets:
        name, folder, declared = target["name"], _manifest.folder_of(target), _manifest.dependencies_of(target)
        homes.add(folder.parts[:2])
        for source in sorted((root / folder).rglob("*.swift")):
            where = source.relative_to(root)
            for module in sorted(set(_source.IMPORT.findall(_source.code(source.read_text()))) - {name}):
                reason = fault(name, layers[name], module, layers)
                if reason:
                    findings.append(f"{where}: {reason}")
                elif module not in declared and not TOOLCHAIN.fullmatch(module):
                    findings.append(f"{where}: imports {module}, which target {name} does not declare")
    for folder in sorted([*root.glob("Sources/*"), *root.glob("Tests/*")]):
        if folder.relative_to(root).parts not in homes and any(folder.rglob("*.swift")):
            findings.append(f"{folder.relative_to(root)}: belongs to no target, so nobody builds or runs it")
    return findings


def _tree(targets, files):
    return {"Package.swift": _manifest.sample(targets), **files}


_HEARTH, _OLLAMA = '.target(name: "Hearth")', '.target(name: "Ollama")'
BAD = [
    _tree(f'.target(name: "Ollama", dependencies: ["Hearth"]), {_HEARTH}', {"Sources/Ollama/a.swift": "import Hearth\n"}),
    _tree(_HEARTH, {"Sources/Hearth/a.swift": "internal import NIOCore\n"}),
    _tree(f'.target(name: "Hearth", dependencies: ["Ollama"]), {_OLLAMA}', {"Sources/Hearth/a.swift": "import struct Ollama.A\n"}),
    _tree('.target(name: "Worker", dependencies: ["Ingest"]), .target(name: "Ingest")', {"Sources/Worker/a.swift": "import Ingest\n"}),
    _tree(f'.target(name: "Worker", dependencies: ["Ollama"]), {_OLLAMA}', {"Sources/Worker/a.swift": "package import Ollama\n"}),
    _tree('.target(name: "Worker", dependencies: ["HearthTesting"]), .target(name: "HearthTesting")',
          {"Sources/Worker/a.swift": "import HearthTesting\n"}),
    _tree(f'.target(name: "Backends"), {_HEARTH}', {"Sources/Backends/a.swift": "public import Hearth\n"}),
    _tree('.target(name: "Backends")', {"Sources/Backends/a.swift": "@preconcurrency import Logging\n"}),
    _tree('.target(name: "Anew")', {"Sources/Anew/a.swift": "\n"}),
    _tree(_HEARTH, {"Sources/Hearth/a.swift": "\n", "Tests/LostTests/a.swift": "\n"}),
]
GOOD = [_tree(f'.target(name: "Gateway", dependencies: ["Hearth", "OpenAI"]), {_HEARTH}, .target(name: "OpenAI")',
              {"Sources/Gateway/a.swift": 'public import Hearth\nimport OpenAI\nimport Foundation\nlet a = """\nimport Ingest\n"""\n',
               "Tests/EndToEnd/a.py": "import Nothing\n"})]
