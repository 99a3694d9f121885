"""What an overlay is once it is built, and what the repository knows of the program that it runs."""
import os
import pathlib
import re
import subprocess

import yaml

import docs

KUSTOMIZE = os.environ["KUSTOMIZE"]


def build(folder):
    done = subprocess.run([KUSTOMIZE, "build", str(folder)], capture_output=True, text=True)
    if done.returncode != 0:
        raise ValueError(f"kustomize build {folder.name}: {done.stderr.strip()[:600]}")
    return [document for document in yaml.safe_load_all(done.stdout) if document]


class Workload:
    """A Deployment, Job or CronJob with its pod."""

    def __init__(self, thing, settings):
        self.thing, self.kind, self.name = thing, thing["kind"], thing["metadata"]["name"]
        self.namespace = thing["metadata"].get("namespace", "default")
        template = (thing["spec"]["jobTemplate"]["spec"] if self.kind == "CronJob" else thing["spec"])["template"]
        self.labels = template["metadata"].get("labels", {})
        self.pod = template["spec"]
        self.container = self.pod["containers"][0]
        self.where = f"{self.kind} {self.name}"
        self.serves = self.kind == "Deployment"
        self.settings = settings

    @property
    def ports(self):
        return {port.get("name"): port["containerPort"] for port in self.container.get("ports", [])}

    def environment(self):
        """What the process sees, references resolved as Kubernetes does: in order, unknown ones left as they are."""
        values = {}
        for source in self.container.get("envFrom", []):
            values.update(self.settings.get(source.get("configMapRef", {}).get("name"), {}))
        for entry in self.container.get("env", []):
            reference = entry.get("valueFrom", {}).get("configMapKeyRef")
            text = f"from-{reference['key'].lower()}" if reference else entry.get("value", "")
            values[entry["name"]] = re.sub(r"\$\((\w+)\)", lambda found: values.get(found.group(1), found.group()), text)
        return values


class Overlay:
    def __init__(self, name, things):
        self.name, self.things = name, things
        maps = {thing["metadata"]["name"]: thing.get("data", {}) for thing in things if thing["kind"] == "ConfigMap"}
        self.workloads = [Workload(thing, maps) for thing in things if thing["kind"] in ("Deployment", "StatefulSet", "DaemonSet", "Job", "CronJob")]
        self.settings = next((data for name, data in maps.items() if name.startswith("hearth-settings")), {})

    def of(self, kind):
        return [thing for thing in self.things if thing["kind"] == kind]

    def named(self, kind, name):
        return next((thing for thing in self.of(kind) if thing["metadata"]["name"] == name), None)

    def pods(self):
        """(namespace, labels, numbered ports) of every pod that the overlay's objects bring."""
        found = [(workload.namespace, workload.labels, set(workload.ports.values())) for workload in self.workloads]
        for cluster in self.of("Cluster"):
            labels = {"cnpg.io/cluster": cluster["metadata"]["name"]}
            found.append((cluster["metadata"]["namespace"], labels, {5432, 8000}))
        return found


def matches(selector, labels):
    """Whether a label selector takes a pod; one that is not there takes none."""
    if selector is None:
        return False
    if any(labels.get(key) != value for key, value in selector.get("matchLabels", {}).items()):
        return False
    for rule in selector.get("matchExpressions", []):
        value, there = labels.get(rule["key"]), rule["key"] in labels
        if not {"In": there and value in rule.get("values", []), "NotIn": not there or value not in rule.get("values", []),
                "Exists": there, "DoesNotExist": not there}[rule["operator"]]:
            return False
    return True


class Program:
    """The program's own tables, read from its sources."""

    def __init__(self, root):
        read = lambda path: (root / path).read_text()
        self.root = root
        table = read("Sources/CLI/Configuration/ConfigurationKey.swift")
        self.keys = {}
        for name, kind, choices, default, rest in re.findall(
                r'Self\(\s*"([a-z0-9_.]+)",\s*\.(\w+)(?:\(\[([^\]]*)\]\))?,\s*"([^"]*)",((?:[^()"]|"[^"]*")*)\)', table):
            variable = "HEARTH_" + name.upper().replace(".", "_")
            self.keys[variable] = {"kind": kind, "choices": re.findall(r'"([^"]+)"', choices), "default": default, "secret": "isSecret: true" in rest}
        self.version = re.search(r'text = "([^"]+)"', read("Sources/CLI/Version.swift")).group(1)
        self.commands = docs.commands(root)
        self.options = {"verify": {re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower() for path in (
            "Sources/CLI/Commands/Verify/VerifyRun.swift", "Sources/CLI/Verification/VerifyServer.swift", "Sources/CLI/Verification/VerifyOutput.swift")
            for name in re.findall(r"\bvar (\w+)\b", read(path))} | {"url"} - {"address"}}
        cases = lambda path: re.findall(r"^\s*case (\w+)", read(path), re.M)
        self.queues = [f"{topic}-{priority}" for topic in cases("Sources/Hearth/Task/TaskTopic.swift")
                       for priority in cases("Sources/Hearth/Task/TaskPriority.swift")]
        self.subscription = re.search(r'subscription = "(\w+)"', read("Sources/Backends/Pulsar/PulsarTopicNames.swift")).group(1)
        instruments = read("Sources/Gateway/Metrics/Instruments.swift")
        self.metrics = set()
        for kind, label in re.findall(r'(Counter|Timer|Meter)\(\s*label: "(\w+)"', instruments):
            self.metrics |= {"Counter": {label + "_total"}, "Meter": {label},
                             "Timer": {f"{label}_seconds_{end}" for end in ("bucket", "sum", "count")}}[kind]
        self.metrics |= set(re.findall(r'\("(hearth_\w+)",', instruments))
        self.operations = read("docs/operations.md") if (root / "docs/operations.md").exists() else ""

    def value(self, overlay, variable):
        return overlay.settings.get(variable, self.keys[variable]["default"])
