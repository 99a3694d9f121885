"""Package.swift as SwiftPM itself reads it, so that no way of writing it escapes a check."""
import json
import pathlib
import subprocess
import tempfile

FEATURES = ("ExistentialAny", "MemberImportVisibility", "InternalImportsByDefault", "NonisolatedNonsendingByDefault")


def read(folder):
    """The manifest in `folder`. Resolves nothing, and does not wait for a build that is running."""
    with tempfile.TemporaryDirectory() as scratch:
        result = subprocess.run(
            ["swift", "package", "--package-path", str(folder), "--scratch-path", scratch, "dump-package"],
            capture_output=True, text=True, stdin=subprocess.DEVNULL)
    if result.returncode != 0:
        raise RuntimeError(f"Package.swift cannot be read: {result.stderr.strip()[-400:]}")
    return json.loads(result.stdout)


def folder_of(target):
    """Where the sources of a target are, relative to the package."""
    return pathlib.Path(target.get("path") or f"{'Tests' if target['type'] == 'test' else 'Sources'}/{target['name']}")


def dependencies_of(target):
    """The names of the targets and products that a target declares."""
    return {name for entry in target["dependencies"] for kind in ("byName", "target", "product") for name in entry.get(kind, [])[:1]}


def sample(targets="", dependencies=""):
    """A small manifest for the cases that prove a check."""
    features = ", ".join(f'.enableUpcomingFeature("{feature}")' for feature in FEATURES)
    return (f"// swift-tools-version: 6.2\nimport PackageDescription\nlet strict: [SwiftSetting] = [{features}]\n"
            f'let package = Package(name: "sample", dependencies: [{dependencies}], targets: [{targets}])\n')
