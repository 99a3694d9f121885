"""Each of the ports has two implementations at least, and a conformance suite that runs over two at least."""
import re

import _source

PORTS = ("TaskBus", "TaskLedger", "Timeline", "Encoder", "PassageIndex", "Generator", "DocumentStore", "ArchiveStore",
         "TimelineStorage")


def check(root):
    findings = []
    sources = {path: _source.code(path.read_text()) for path in sorted(root.rglob("Sources/**/*.swift"))}
    tests = {path: _source.code(path.read_text()) for path in sorted((root / "Tests").rglob("*.swift"))}
    for port in PORTS:
        if not any(path.is_relative_to(root / "Sources" / "Hearth") and re.search(rf"\bprotocol {port}\b", text) for path, text in sources.items()):
            findings.append(f"the port {port} is not in Sources/Hearth")
        heads = (match.group(1, 2) for text in sources.values()
                 for match in re.finditer(r"\b(?:struct|class|actor|enum|extension)\s+([\w.]+)[^:{;]*:([^{;]*)\{", text))
        adapters = sorted({name for name, head in heads if re.search(rf"(?:^|[\s,&.]){port}(?![\w.])", head.split(" where ")[0])})
        if len(adapters) < 2:
            findings.append(f"{port} has fewer than two implementations: {', '.join(adapters) or 'none'}")
        suite = f"{port}Conformance"
        if not any(re.search(rf"\bstruct {suite}\b", text) for text in sources.values()):
            findings.append(f"there is no {suite}")
        covered = sorted({name for name in adapters for text in tests.values()
                          if re.search(rf"\b{suite}\b", text) and re.search(rf"\b{name}\b", text)})
        if len(covered) < 2:
            findings.append(f"{suite} runs over fewer than two implementations: {', '.join(covered) or 'none'}")
    return findings


def _tree(leave_out=None, **changes):
    files = {}
    for port in PORTS:
        files[f"Sources/Hearth/{port}.swift"] = f"public protocol {port}: Sendable {{}}\n"
        files[f"Sources/Backends/{port}s.swift"] = f"actor One{port}: Hearth.{port}, Sendable {{}}\nstruct Two{port}: {port} {{}}\n"
        files[f"Sources/HearthTesting/{port}.swift"] = f"public struct {port}Conformance {{}}\n"
        files[f"Tests/A/{port}.swift"] = f"{port}Conformance(One{port}())\n{port}Conformance(Two{port}())\n"
    return {name: changes.get("text", text) if name == leave_out else text for name, text in files.items()}


BAD = [
    _tree("Sources/Hearth/TaskBus.swift", text="\n"),
    _tree("Sources/Backends/Encoders.swift", text="struct OneEncoder: Encoder {}\nstruct Two: Generator {}\n// struct Three: Encoder {}\n"),
    _tree("Sources/HearthTesting/Timeline.swift", text="\n"),
    _tree("Tests/A/Generator.swift", text="GeneratorConformance(OneGenerator())\n"),
]
GOOD = [_tree()]
