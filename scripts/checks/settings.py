"""Every Swift target has the strict settings, and every dependency an exact version.

The benchmarks are a package of their own: they are pinned, in Swift 6, and free in the rest.
"""
import re

import _manifest


def check(root):
    findings = []
    for folder in (root, root / "Benchmarks"):
        if not (folder / "Package.swift").exists():
            if folder == root:
                findings.append("there is no Package.swift")
            continue
        manifest = _manifest.read(folder)
        where = (folder / "Package.swift").relative_to(root)
        findings += [f"{where}: {finding}" for finding in [*_language(manifest), *_pins(manifest), *(_settings(folder, manifest) if folder == root else [])]]
    return findings


def _language(manifest):
    version = manifest["toolsVersion"]["_version"]
    if int(version.split(".")[0]) < 6:
        yield f"tools version {version} does not mean Swift 6"
    for mode in manifest.get("swiftLanguageVersions") or []:
        if not mode.startswith("6"):
            yield f"language mode {mode} is not Swift 6"


def _pins(manifest):
    for dependency in manifest["dependencies"]:
        for remote in [*dependency.get("sourceControl", []), *dependency.get("registry", [])]:
            if "exact" not in remote["requirement"]:
                yield f"{remote['identity']} is not pinned by exact:"


def _settings(folder, manifest):
    for target in manifest["targets"]:
        if not any((folder / _manifest.folder_of(target)).rglob("*.swift")):
            continue
        kinds = [setting["kind"] for setting in target["settings"] if setting["tool"] == "swift" and "condition" not in setting]
        features = {kind["enableUpcomingFeature"]["_0"] for kind in kinds if "enableUpcomingFeature" in kind}
        flags = [flag for kind in kinds for flag in kind.get("unsafeFlags", {}).get("_0", [])]
        missing = [feature for feature in _manifest.FEATURES if feature not in features]
        if missing:
            yield f"target {target['name']} is without {', '.join(missing)}"
        for kind in kinds:
            if any(re.match("[1-5]", str(value)) for value in kind.get("swiftLanguageMode", {}).values()):
                yield f"target {target['name']} is not in Swift 6 mode"
        if any(flag in ("-suppress-warnings", "-no-warnings-as-errors", "-strict-concurrency=minimal") for flag in flags):
            yield f"target {target['name']} silences the compiler: {' '.join(flags)}"


def _tree(target, dependency="", **changes):
    text = _manifest.sample(target, dependency)
    for old, new in changes.values():
        text = text.replace(old, new)
    return {"Package.swift": text, "Sources/A/a.swift": "\n"}


_STRICT = '.target(name: "A", swiftSettings: strict)'
BAD = [
    {"README.md": "\n"},
    _tree('.target(name: "A")'),
    _tree(_STRICT, weaker=('.enableUpcomingFeature("ExistentialAny"), ', "")),
    _tree('.target(name: "A", swiftSettings: strict + [.unsafeFlags(["-suppress-warnings"])])'),
    _tree('.target(name: "A", swiftSettings: strict + [.swiftLanguageMode(.v5)])'),
    _tree(_STRICT, '.package(url: "https://example.org/x", from: "1.0.0")'),
    _tree(_STRICT, '.package(url: "https://example.org/x", branch: "main")'),
    {**_tree(_STRICT), "Benchmarks/Package.swift": _manifest.sample("", '.package(url: "https://example.org/x", from: "1.0.0")')},
    _tree(_STRICT, older=("swift-tools-version: 6.2", "swift-tools-version: 5.10")),
]
GOOD = [_tree(f'{_STRICT}, .target(name: "CPart")', '.package(url: "https://example.org/x", exact: "1.0.0")'),
        {**_tree(_STRICT), "Benchmarks/Package.swift": _manifest.sample('.target(name: "B", path: ".")', '.package(path: "..")')}]
