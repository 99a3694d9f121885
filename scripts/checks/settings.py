"""Every Swift target has the strict settings, and every dependency an exact version."""
import re

CLIBRARIES = {"COneDNN", "CTreeSitter", "CVectorScan"}
TARGET = re.compile(r'\.(?:target|executableTarget|testTarget)\(\s*name:\s*"(\w+)"', re.S)


def check(root):
    manifest = root / "Package.swift"
    if not manifest.exists():
        return ["there is no Package.swift"]
    text = manifest.read_text()
    findings = [f"{line.strip()}: not pinned by exact:" for line in text.splitlines() if ".package(url:" in line and "exact:" not in line]
    found = list(TARGET.finditer(text))
    for match, following in zip(found, found[1:] + [None]):
        body = text[match.start(): following.start() if following else len(text)]
        if match.group(1) not in CLIBRARIES and not re.search(r"swiftSettings:\s*(strict|optimised)", body):
            findings.append(f"target {match.group(1)} has not the strict settings")
    return findings


BAD = [{"Package.swift": '.target(name: "A")\n'}, {"Package.swift": '.package(url: "x", from: "1.0.0"),\n'}]
GOOD = [{"Package.swift": '.package(url: "x", exact: "1.0.0"),\n.target(name: "A", swiftSettings: strict)\n.target(name: "CVectorScan")\n'}]
