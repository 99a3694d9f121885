"""What has to hold of the Dockerfile, the charts and Talos's patches, which no kustomize builds."""
import re
import subprocess

import yaml

from policies import IMAGE


def dockerfile(root, binary):
    """What it copies exists, what it starts from is pinned, and it installs what the binary is linked to."""
    text = re.sub(r"\\\n\s*", " ", (root / "deploy/Dockerfile").read_text())
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    ignored = (root / "deploy/Dockerfile.dockerignore").read_text().split("\n")
    for words in lines:
        if words[0] == "FROM" and not IMAGE.match(words[1]):
            yield f"Dockerfile: {words[1]} is not pinned"
        if words[0] == "COPY" and not words[1].startswith("--from"):
            for source in words[1:-1]:
                if not (root / source).exists():
                    yield f"Dockerfile: there is no {source} to copy"
                if f"!{source}" not in ignored:
                    yield f"Dockerfile.dockerignore: {source} is left out"
        for script in re.findall(r"\bscripts/[\w-]+", " ".join(words)) if words[0] == "RUN" else []:
            if not (root / script).exists():
                yield f"Dockerfile: there is no {script} to run"
    if not any(words[0] == "USER" and words[1].split(":")[0].isdigit() and words[1] != "0" for words in lines):
        yield "Dockerfile: does not say by number who runs it"
    stages = [number for number, words in enumerate(lines) if words[0] == "FROM"]
    installed = set(" ".join(" ".join(words) for words in lines[stages[-1]:]).split())
    if binary:
        yield from linked(binary, installed)


def linked(binary, installed):
    for name, path in re.findall(r"(\S+) => (/\S+)", subprocess.run(["ldd", binary], capture_output=True, text=True).stdout):
        # Swift's own are linked statically in the image; libc is in every image.
        if "/swift/" in path or name.startswith(("libc.", "libm.", "ld-")):
            continue
        owner = ""
        for place in (path, path.removeprefix("/usr"), "/usr" + path):
            owner = owner or subprocess.run(["dpkg-query", "--search", place], capture_output=True, text=True).stdout.split(":")[0]
        # libpq and dnnl bring their own companions.
        if not owner:
            yield f"{name} is of no package"
        elif owner not in installed and not any(depends(package, owner) for package in installed):
            yield f"Dockerfile: {name} is missing, install {owner}"


def depends(package, wanted, depth=3):
    shown = subprocess.run(["dpkg-query", "--show", "--showformat=${Depends}", package], capture_output=True, text=True).stdout
    names = set(re.findall(r"(?:^|, )([a-z0-9.+-]+)", shown)) - {"libc6"}
    return wanted in names | {"libc6", "libgcc-s1"} or depth > 0 and any(depends(name, wanted, depth - 1) for name in names)


def charts(root, binary):
    """Every chart has an exact version, and its values name no image that moves."""
    folder = root / "deploy/charts"
    used = set()
    for line in (folder / "charts.txt").read_text().splitlines():
        if not line or line.startswith("#"):
            continue
        words = line.split()
        if len(words) != 6 or not re.fullmatch(r"v?\d+\.\d+\.\d+", words[4]) or not words[2].startswith("https://"):
            yield f"charts.txt: {line}"
            continue
        if words[5] != "-":
            used.add(words[5])
            if not (folder / words[5]).exists():
                yield f"charts.txt: there is no {words[5]}"
    for values in folder.glob("*.yaml"):
        if values.name not in used:
            yield f"{values.name}: no chart uses it"
        for tag in tags(yaml.safe_load(values.read_text())):
            if "latest" in str(tag):
                yield f"{values.name}: an image is not pinned"


def tags(value):
    if isinstance(value, dict):
        for key, inner in value.items():
            if key in ("tag", "image") and not isinstance(inner, dict):
                yield inner
            yield from tags(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from tags(inner)


def talos(root, binary):
    """Patches set what Talos has a place for."""
    places = {"cluster.yaml": {"cluster"}, "gpu.yaml": {"machine"}, "schematic.yaml": {"customization"}}
    for file in sorted((root / "deploy/talos").glob("*.yaml")):
        patch = yaml.safe_load(file.read_text())
        if set(patch) != places.get(file.name):
            yield f"talos/{file.name}: {', '.join(patch)}"
    modules = {module["name"] for module in yaml.safe_load((root / "deploy/talos/gpu.yaml").read_text())["machine"]["kernel"]["modules"]}
    if modules != {"nvidia", "nvidia_uvm", "nvidia_drm", "nvidia_modeset"}:
        yield f"talos/gpu.yaml: loads {sorted(modules)}"


def twins(root, binary):
    """A component gives a CronJob's pod what it gives a Deployment's; Kustomize has no way to say it once."""
    for pod in sorted((root / "deploy/components").glob("*/pod.yaml")):
        cron = pod.with_name("cron-pod.yaml")
        template = yaml.safe_load(pod.read_text())["spec"]["template"]
        if not cron.exists() or yaml.safe_load(cron.read_text())["spec"]["jobTemplate"]["spec"]["template"] != template:
            yield f"components/{pod.parent.name}/cron-pod.yaml: is not pod.yaml once more"


ALL = [dockerfile, charts, talos, twins]
