"""The checks of scripts/check-deploy, in order; ends with 1 if anything is wrong."""
import argparse
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import time

import kubernetes_validate
import yaml

import custom_resources
import policies
import sources
from mutations import MUTATIONS
from overlay import Overlay, Program, build

ROOT = pathlib.Path(__file__).resolve().parents[2]
KUBERNETES = ("1.36", "1.37")


def overlays(root):
    return {folder.name: folder for folder in sorted((root / "deploy" / "overlays").iterdir())}


def schemas(things):
    """What Kubernetes, or the maker of a custom resource, would not accept. The same thing in two overlays is looked at once."""
    for thing in things.values():
        faults = custom_resources.check(thing)
        if faults is not None:
            yield from faults
            continue
        for version in KUBERNETES:
            try:
                kubernetes_validate.validate(thing, version, strict=True)
            except kubernetes_validate.ValidationError as fault:
                yield f"{thing['kind']} {thing['metadata']['name']}: Kubernetes {version}: {'.'.join(map(str, fault.path))}: {fault.message:.200}"
            except kubernetes_validate.SchemaNotFoundError:
                yield f"{thing['kind']} {thing['metadata']['name']}: neither Kubernetes {version} nor we know its shape"


def starts(overlay, binary):
    """What the program itself says of a pod's settings and command."""
    for workload in overlay.workloads:
        with tempfile.TemporaryDirectory() as folder:
            secret = pathlib.Path(folder) / "config.json"
            secret.write_text("{}")
            values = {**workload.environment(), "HEARTH_CONFIG": str(secret), "HOME": folder, "PATH": os.environ["PATH"]}
            for command in (["config"], [*workload.container["args"], "--help"]):
                done = subprocess.run([binary, *command], env=values, capture_output=True, text=True)
                if done.returncode != 0:
                    yield f"{workload.where}: hearth {' '.join(command)}: {done.stderr.strip()[-300:]}"
            # What Kubernetes would set beside them, if it were let.
            linked = subprocess.run([binary, "config"], env={**values, "HEARTH_SERVICE_HOST": "10.0.0.1"}, capture_output=True)
            if linked.returncode == 0:
                yield "the program takes variables that it does not know; enableServiceLinks need not be off any more"


def holds(root, kind, name, binary=None):
    """What a policy finds in a tree."""
    if kind == "sources":
        return list(getattr(sources, name)(root, binary))
    # Every part of deploy/ that a fault is made in is in this one.
    overlay = Overlay("talos", build(root / "deploy" / "overlays" / "talos"))
    if kind == "schemas":
        return list(schemas({thing["metadata"]["name"]: thing for thing in overlay.of(name)}))
    return list(getattr(policies, name)(overlay, Program(root)))


def prove(mutation):
    """What is wrong with a policy: it must find something in a tree that has this one fault."""
    kind, name, path, old, new = mutation
    with tempfile.TemporaryDirectory() as folder:
        root = pathlib.Path(folder)
        shutil.copytree(ROOT / "deploy", root / "deploy")
        for other in ("Sources", "docs", "Package.swift", "Tests", "scripts"):
            (root / other).symlink_to(ROOT / other)
        if path.startswith("docs/"):
            (root / "docs").unlink()
            shutil.copytree(ROOT / "docs", root / "docs")
        file = root / path
        text = file.read_text()
        if old not in text:
            return f"{name}: {path} has no {old!r} to be made wrong"
        file.write_text(text.replace(old, new))
        return None if holds(root, kind, name) else f"{name}: finds nothing wrong in {path} with {new!r} for {old!r}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--binary")
    parser.add_argument("--no-proof", action="store_true")
    options = parser.parse_args()
    failed = 0

    def report(name, what, findings):
        nonlocal failed
        findings = list(findings)
        failed += bool(findings)
        print(f"{'FAILED' if findings else 'ok    '}  {name}: {what}", flush=True)
        for finding in findings:
            print(f"        {finding}")

    began = time.monotonic()
    built = [Overlay(name, build(folder)) for name, folder in overlays(ROOT).items()]
    things = {yaml.safe_dump(thing): thing for overlay in built for thing in overlay.things}
    print(f"{len(built)} overlays, {len(things)} different objects")
    report("schemas", f"Kubernetes {' and '.join(KUBERNETES)}, strictly; shapes of custom resources", schemas(things))
    program = Program(ROOT)
    for policy in policies.ALL:
        report(policy.__name__, policy.__doc__, [f"{overlay.name}: {finding}" for overlay in built for finding in policy(overlay, program)])
    for rule in sources.ALL:
        report(rule.__name__, rule.__doc__, rule(ROOT, options.binary))
    if options.binary:
        report("starts", "The program takes every pod's settings and command.",
               [f"{overlay.name}: {finding}" for overlay in built for finding in starts(overlay, options.binary)])
    if not options.no_proof:
        unproven = {each.__name__ for each in policies.ALL + sources.ALL} - {mutation[1] for mutation in MUTATIONS}
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            faults = [fault for fault in pool.map(prove, MUTATIONS) if fault]
        report("proof", f"{len(MUTATIONS)} faults, each made on purpose, are found.", faults + [f"{name}: nothing proves it" for name in sorted(unproven)])
    print(f"check-deploy: {'FAILED' if failed else 'passed'} in {time.monotonic() - began:.0f} s")
    sys.exit(1 if failed else 0)


main()
