"""What has to hold of a built overlay. Each policy yields what is wrong, in one line."""
import re
import urllib.parse

import yaml

from gate import gate, made_secrets
from overlay import matches

IMAGE = re.compile(r"^[\w./:-]+(?:@sha256:[0-9a-f]{64}|:(?!latest\b)[\w][\w.-]*\d[\w.-]*)$")


def restricted(overlay, program):
    """Pod Security `restricted`, and what we want beyond it."""
    for workload in overlay.workloads:
        pod, where = workload.pod, workload.where
        context = pod.get("securityContext", {})
        if not context.get("runAsNonRoot") or not context.get("runAsUser"):
            yield f"{where}: may run as root"
        if context.get("seccompProfile", {}).get("type") != "RuntimeDefault":
            yield f"{where}: no seccomp profile"
        if pod.get("automountServiceAccountToken") is not False:
            yield f"{where}: gets a token of the API server"
        if pod.get("enableServiceLinks") is not False:
            yield f"{where}: enableServiceLinks sets HEARTH_… variables that the program refuses"
        if any(pod.get(name) for name in ("hostNetwork", "hostPID", "hostIPC")):
            yield f"{where}: shares the node"
        for volume in pod.get("volumes", []):
            if not set(volume) - {"name"} <= {"secret", "emptyDir", "configMap", "persistentVolumeClaim", "projected"}:
                yield f"{where}: volume {volume['name']} is not restricted"
            if "emptyDir" in volume and "sizeLimit" not in volume["emptyDir"]:
                yield f"{where}: volume {volume['name']} has no bound"
        for container in [*pod["containers"], *pod.get("initContainers", [])]:
            own = container.get("securityContext", {})
            if own.get("allowPrivilegeEscalation") is not False or own.get("privileged"):
                yield f"{where}: may gain privileges"
            if own.get("capabilities", {}).get("drop") != ["ALL"] or own.get("capabilities", {}).get("add"):
                yield f"{where}: keeps capabilities"
            if not own.get("readOnlyRootFilesystem"):
                yield f"{where}: can write its root"
    for workload in overlay.workloads:
        namespace = overlay.named("Namespace", workload.namespace)
        labels = namespace["metadata"].get("labels", {}) if namespace else {}
        if labels.get("pod-security.kubernetes.io/enforce") != "restricted":
            yield f"namespace {workload.namespace} of {workload.where} does not enforce restricted"


def probes(overlay, program):
    """Startup and liveness look at the process, readiness at what it depends on."""
    for workload in overlay.workloads:
        if not workload.serves:
            spec = workload.thing["spec"].get("jobTemplate", workload.thing)["spec"]
            if "activeDeadlineSeconds" not in spec or "backoffLimit" not in spec:
                yield f"{workload.where}: may run or fail for ever"
            continue
        port = int(program.value(overlay, "HEARTH_PROBES_PORT"))
        if workload.ports.get("probes") != port:
            yield f"{workload.where}: its port `probes` is not probes.port, {port}"
        for name, path in (("startupProbe", "/healthz"), ("readinessProbe", "/readyz"), ("livenessProbe", "/healthz")):
            if workload.container.get(name, {}).get("httpGet") != {"path": path, "port": "probes"}:
                yield f"{workload.where}: {name} is not {path} on `probes`"
        if "http" in workload.ports and workload.ports["http"] != int(program.value(overlay, "HEARTH_SERVER_PORT")):
            yield f"{workload.where}: its port `http` is not server.port"
        if program.value(overlay, "HEARTH_SERVER_HOST") != "0.0.0.0":
            yield f"{workload.where}: listens where nobody reaches it"


def resources(overlay, program):
    """Memory is requested as it is limited; CPU is requested and not limited."""
    for workload in overlay.workloads:
        wanted = workload.container.get("resources", {})
        requests, limits = wanted.get("requests", {}), wanted.get("limits", {})
        if not requests.get("memory") or requests["memory"] != limits.get("memory"):
            yield f"{workload.where}: memory requests and limits differ or are missing"
        if not requests.get("cpu") or "cpu" in limits:
            yield f"{workload.where}: CPU must be requested and not be limited"


def graceful(overlay, program):
    """Who answers has time to finish; nobody new is lost meanwhile."""
    for workload in (each for each in overlay.workloads if each.serves):
        sleep = workload.container.get("lifecycle", {}).get("preStop", {}).get("sleep", {}).get("seconds", 0)
        if sleep < 5:
            yield f"{workload.where}: no preStop sleep"
        ingests = workload.container["args"][-2:] == ["--topic", "ingest"]
        grace = 5 if ingests else float(program.value(overlay, "HEARTH_WORKER_SHUTDOWN_GRACE_SECONDS"))
        if workload.pod.get("terminationGracePeriodSeconds", 30) < sleep + grace + 10:
            yield f"{workload.where}: is killed before its {grace:g} s of grace are over"
        strategy = workload.thing["spec"].get("strategy", {})
        if strategy.get("type") == "Recreate":
            if not any("persistentVolumeClaim" in volume for volume in workload.pod["volumes"]):
                yield f"{workload.where}: is stopped before its successor runs, without need"
        else:
            if strategy.get("rollingUpdate", {}).get("maxUnavailable") != 0:
                yield f"{workload.where}: a rollout takes it away before its successor is ready"
            spread = workload.pod.get("topologySpreadConstraints", [])
            if {rule["topologyKey"] for rule in spread} < {"kubernetes.io/hostname", "topology.kubernetes.io/zone"}:
                yield f"{workload.where}: is not spread over nodes and zones"
            if not all(matches(rule["labelSelector"], workload.labels) for rule in spread):
                yield f"{workload.where}: is spread by labels that it does not have"
    for cluster in overlay.of("Cluster"):
        spec = cluster["spec"]
        if spec["instances"] < 3 or "synchronous" not in spec.get("postgresql", {}) or "backup" not in spec:
            yield f"Cluster {cluster['metadata']['name']}: less than three instances, no synchronous one, or no backup"


def disruption(overlay, program):
    """Each Deployment has one PodDisruptionBudget, and each of these a Deployment."""
    budgets = overlay.of("PodDisruptionBudget")
    for workload in (each for each in overlay.workloads if each.serves):
        mine = [budget for budget in budgets if matches(budget["spec"]["selector"], workload.labels)]
        if len(mine) != 1 or mine[0]["spec"].get("maxUnavailable") != 1:
            yield f"{workload.where}: has {len(mine)} PodDisruptionBudgets of maxUnavailable 1"
        elif mine[0]["spec"].get("unhealthyPodEvictionPolicy") != "AlwaysAllow":
            yield f"{workload.where}: a pod that is sick stops the draining of its node"
    for budget in budgets:
        if not any(matches(budget["spec"]["selector"], workload.labels) for workload in overlay.workloads):
            yield f"PodDisruptionBudget {budget['metadata']['name']}: protects nobody"


def selectors(overlay, program):
    """Whatever selects pods selects those that are meant, at ports that they have."""
    for workload in (each for each in overlay.workloads if each.serves):
        taken = [other.name for other in overlay.workloads if matches(workload.thing["spec"]["selector"], other.labels)]
        if taken != [workload.name]:
            yield f"{workload.where}: selects {taken}"
    for service in overlay.of("Service"):
        chosen = [each for each in overlay.workloads if matches({"matchLabels": service["spec"]["selector"]}, each.labels)]
        if not chosen:
            yield f"Service {service['metadata']['name']}: selects nobody"
        for port in service["spec"]["ports"]:
            if any(port["targetPort"] not in {**each.ports, **{number: 0 for number in each.ports.values()}} for each in chosen):
                yield f"Service {service['metadata']['name']}: there is no port {port['targetPort']}"
    for monitor in overlay.of("PodMonitor"):
        for endpoint in monitor["spec"]["podMetricsEndpoints"]:
            serving = [each for each in overlay.workloads if each.serves]
            if not all(matches(monitor["spec"]["selector"], each.labels) and endpoint["port"] in each.ports for each in serving):
                yield f"PodMonitor {monitor['metadata']['name']}: does not find every process at port {endpoint['port']}"


def network(overlay, program):
    """Everything is denied; every pair that is let through is one that exists, and every server that is named can be reached."""
    policies, pods = overlay.of("NetworkPolicy"), overlay.pods()
    for namespace in {workload.namespace for workload in overlay.workloads}:
        if not any(policy["metadata"]["namespace"] == namespace and policy["spec"]["podSelector"] == {} and set(policy["spec"]["policyTypes"]) == {"Ingress", "Egress"}
                   and not policy["spec"].get("ingress") and not policy["spec"].get("egress") for policy in policies):
            yield f"namespace {namespace}: nothing denies what is not named"
    for policy in policies:
        where, spec, namespace = f"NetworkPolicy {policy['metadata']['name']}", policy["spec"], policy["metadata"]["namespace"]
        chosen = [pod for pod in pods if pod[0] == namespace and matches(spec["podSelector"], pod[1])]
        if not chosen and any(pod[0] == namespace for pod in pods):
            yield f"{where}: selects no pod"
        for value in [value for rule in spec["podSelector"].get("matchExpressions", []) for value in rule.get("values", [])]:
            if not any(value in labels.values() for _, labels, _ in pods):
                yield f"{where}: there is no {value}"
        for rule in spec.get("ingress", []):
            for port in rule.get("ports", []):
                if not any(port["port"] in numbers for _, _, numbers in chosen):
                    yield f"{where}: nobody listens on {port['port']}"
        for peer in [peer for rule in [*spec.get("ingress", []), *spec.get("egress", [])] for peer in rule.get("from", rule.get("to", []))]:
            if "podSelector" in peer and "namespaceSelector" not in peer and any(pod[0] == namespace for pod in pods):
                if not any(pod[0] == namespace and matches(peer["podSelector"], pod[1]) for pod in pods):
                    yield f"{where}: its peer is nobody"
    for workload in (each for each in overlay.workloads if each.serves or each.container["args"][0] == "verify"):
        for variable, namespace, port in servers(workload, overlay):
            if not reaches(policies, workload, namespace, port):
                yield f"{workload.where}: may not reach {variable} at {namespace}:{port}"


def servers(workload, overlay):
    for variable, value in workload.environment().items():
        address = urllib.parse.urlsplit(value) if "://" in value and variable.startswith("HEARTH_") else None
        if address and (address.hostname or "").endswith(".svc"):
            yield variable, address.hostname.split(".")[1], address.port or 80
    if "HEARTH_S3_CREDENTIALS_FOLDER" in workload.environment():
        for kept in overlay.of("StorageClass"):
            yield "s3.endpoint", kept["parameters"]["objectStoreNamespace"], 80
    for cluster in overlay.of("Cluster") if workload.environment().get("HEARTH_STORAGE_KIND") == "postgres" else ():
        yield "postgres.url", cluster["metadata"]["namespace"], 5432


def reaches(policies, workload, namespace, port):
    # A policy sees a pod's port; that behind a Service's port 80 is another one.
    wanted = {port} if port != 80 else {80, 8000, 8080}
    for policy in policies:
        if policy["metadata"]["namespace"] != workload.namespace or not matches(policy["spec"]["podSelector"], workload.labels):
            continue
        for rule in policy["spec"].get("egress", []):
            names = {peer.get("namespaceSelector", {}).get("matchLabels", {}).get("kubernetes.io/metadata.name", workload.namespace if "podSelector" in peer else None)
                     for peer in rule.get("to", [])}
            if namespace in names and wanted & {entry["port"] for entry in rule.get("ports", [])}:
                return True
    return False


def settings(overlay, program):
    """Every setting is one that the program knows, with a value that fits; none of them is a secret."""
    if len(program.keys) < 40:
        yield f"the table of settings was not understood: {len(program.keys)} found"
    for workload in overlay.workloads:
        for variable, value in workload.environment().items():
            if "$(" in value:
                yield f"{workload.where}: {variable} refers to what is not defined before it: {value}"
            if not variable.startswith("HEARTH_") or variable in ("HEARTH_CONFIG", "HEARTH_ASSETS"):
                continue
            key = program.keys.get(variable)
            if not key:
                yield f"{workload.where}: there is no setting {variable}"
            elif key["secret"]:
                yield f"{workload.where}: {variable} is secret; it belongs into config.json"
            elif {"integer": not value.isdigit(), "number": not re.fullmatch(r"\d+(\.\d+)?", value), "flag": value not in ("true", "false"),
                  "choice": value not in key["choices"], "text": False}[key["kind"]]:
                yield f"{workload.where}: {variable} cannot be {value}"
        words, known = workload.container.get("args", []), program.commands
        if words[0] not in known["hearth"] or (len(words) > 1 and known.get(words[0]) and words[1] not in known[words[0]]):
            yield f"{workload.where}: there is no `hearth {' '.join(words)}`"
        paths = [mount["mountPath"] for mount in workload.container["volumeMounts"]]
        for variable, value in workload.environment().items():
            if variable.startswith("HEARTH_") and value.startswith("/") and not any(value == path or value.startswith(path + "/") for path in paths):
                yield f"{workload.where}: nothing is mounted where {variable} points"
        volumes = {volume["name"] for volume in workload.pod["volumes"]}
        for mount in workload.container["volumeMounts"]:
            if mount["name"] not in volumes:
                yield f"{workload.where}: there is no volume {mount['name']}"


def secrets(overlay, program):
    """Every secret is made by an object of the overlay, or by hand as docs/operations.md says; none stands in a manifest."""
    made = made_secrets(overlay, program)
    maps = {thing["metadata"]["name"] for thing in overlay.of("ConfigMap")} | {claim["metadata"]["name"] for claim in overlay.of("ObjectBucketClaim")}
    for thing in overlay.of("Secret"):
        yield f"Secret {thing['metadata']['name']}: stands in a manifest"
    wanted = []
    for workload in overlay.workloads:
        for volume in workload.pod["volumes"]:
            if "secret" in volume:
                keys = [item["key"] for item in volume["secret"].get("items", [])]
                keys += [mount["subPath"] for mount in workload.container["volumeMounts"] if mount["name"] == volume["name"] and "subPath" in mount]
                mounts = [mount["mountPath"] for mount in workload.container["volumeMounts"] if mount["name"] == volume["name"] and "subPath" not in mount]
                keys += [value[len(path) + 1:] for value in workload.environment().values() for path in mounts
                         if value.startswith(path + "/") and not volume["secret"].get("items")]
                wanted.append((workload.where, volume["secret"]["secretName"], keys))
        for entry in workload.container.get("env", []):
            if "secretKeyRef" in entry.get("valueFrom", {}):
                yield f"{workload.where}: {entry['name']} is a secret in a variable; mount it as a file"
            name = entry.get("valueFrom", {}).get("configMapKeyRef", {}).get("name")
            if name and name not in maps:
                yield f"{workload.where}: there is no ConfigMap {name}"
        for source in workload.container.get("envFrom", []):
            if "secretRef" in source or source["configMapRef"]["name"] not in maps:
                yield f"{workload.where}: {source} is a secret or not there"
    for thing in overlay.of("TriggerAuthentication"):
        wanted += [(f"TriggerAuthentication {thing['metadata']['name']}", each["name"], [each["key"]]) for each in thing["spec"]["secretTargetRef"]]
    for cluster in overlay.of("Cluster"):
        wanted.append(("Cluster", cluster["spec"]["bootstrap"]["initdb"]["secret"]["name"], ["username", "password"]))
        wanted += [("Cluster", each["name"], [each["key"]]) for each in cluster["spec"]["backup"]["barmanObjectStore"]["s3Credentials"].values()]
    for where, name, keys in wanted:
        if name not in made:
            yield f"{where}: nobody makes the secret {name}"
        elif set(keys) - made[name]:
            yield f"{where}: the secret {name} has no {', '.join(sorted(set(keys) - made[name]))}"


def images(overlay, program):
    """Every image has an exact tag or a digest; ours is this version's."""
    found = [(workload.where, container["image"]) for workload in overlay.workloads for container in workload.pod["containers"]]
    found += [(f"Cluster {cluster['metadata']['name']}", cluster["spec"]["imageName"]) for cluster in overlay.of("Cluster")]
    for where, image in found:
        if not IMAGE.match(image):
            yield f"{where}: {image} is not pinned"
        if image.split(":")[0] == "hearth" and image != f"hearth:{program.version}":
            yield f"{where}: {image} is not version {program.version}"


def scaling(overlay, program):
    """Who is scaled exists, by queues that `hearth bootstrap` makes, by as many tasks as a worker has slots; all together have as many as the model servers."""
    tenant, namespace = program.value(overlay, "HEARTH_PULSAR_TENANT"), program.value(overlay, "HEARTH_PULSAR_NAMESPACE")
    for scaled in overlay.of("ScaledObject"):
        where, spec = f"ScaledObject {scaled['metadata']['name']}", scaled["spec"]
        target = next((each for each in overlay.workloads if each.serves and each.name == spec["scaleTargetRef"]["name"]), None)
        if not target:
            yield f"{where}: scales nobody"
            continue
        if "replicas" in target.thing["spec"]:
            yield f"{where}: each `kubectl apply` would set the number of replicas back"
        if not 1 <= spec.get("minReplicaCount", 0) <= spec.get("maxReplicaCount", 100):
            yield f"{where}: from {spec.get('minReplicaCount')} to {spec.get('maxReplicaCount')} replicas"
        topic = target.container["args"][-1]
        for trigger in spec["triggers"]:
            meta = trigger["metadata"]
            if meta["topic"] not in [f"persistent://{tenant}/{namespace}/{queue}" for queue in program.queues if queue.startswith(topic)]:
                yield f"{where}: {meta['topic']} is not a queue of its"
            if meta["subscription"] != program.subscription:
                yield f"{where}: there is no subscription {meta['subscription']}"
            if meta["adminURL"] != overlay.settings.get("HEARTH_PULSAR_ADMIN_URL"):
                yield f"{where}: {meta['adminURL']} is not pulsar.admin_url"
            if topic == "answer" and meta["msgBacklogThreshold"] != program.value(overlay, "HEARTH_WORKER_SLOTS"):
                yield f"{where}: its threshold is not worker.slots"
            if not overlay.named("TriggerAuthentication", trigger.get("authenticationRef", {}).get("name")):
                yield f"{where}: has no TriggerAuthentication"
        slots = spec["maxReplicaCount"] * int(program.value(overlay, "HEARTH_WORKER_SLOTS"))
        if topic == "answer" and slots != model_slots(overlay, program):
            yield f"{where}: all workers have {slots} slots, the model servers {model_slots(overlay, program)}"
        if {trigger["metadata"]["topic"].rsplit("-", 1)[-1] for trigger in spec["triggers"]} != {queue.split("-")[1] for queue in program.queues}:
            yield f"{where}: does not look at every priority"
    for scaler in overlay.of("HorizontalPodAutoscaler"):
        if not overlay.named(scaler["spec"]["scaleTargetRef"]["kind"], scaler["spec"]["scaleTargetRef"]["name"]):
            yield f"HorizontalPodAutoscaler {scaler['metadata']['name']}: scales nobody"


def model_slots(overlay, program):
    """How many answers the model servers of the charts write at the same time."""
    kind = overlay.settings["HEARTH_GENERATOR_KIND"]
    values = yaml.safe_load((program.root / "deploy/charts" / {"ollama": "ollama.yaml", "openai": "vllm.yaml"}[kind]).read_text())
    if kind == "ollama":
        return values["replicaCount"] * int(next(each["value"] for each in values["extraEnv"] if each["name"] == "OLLAMA_NUM_PARALLEL"))
    words = [(model["replicaCount"], model["vllmConfig"]["extraArgs"]) for model in values["servingEngineSpec"]["modelSpec"]]
    return sum(count * int(arguments[arguments.index("--max-num-seqs") + 1]) for count, arguments in words)


def storage(overlay, program):
    """Claims name classes, topics and notifications that there are."""
    classes = {thing["metadata"]["name"] for thing in overlay.of("StorageClass")}
    for claim in overlay.of("ObjectBucketClaim"):
        where = f"ObjectBucketClaim {claim['metadata']['name']}"
        if claim["spec"]["storageClassName"] not in classes:
            yield f"{where}: there is no class {claim['spec']['storageClassName']}"
        for label, value in claim["metadata"].get("labels", {}).items():
            if label.startswith("bucket-notification-") and (label != f"bucket-notification-{value}" or not overlay.named("CephBucketNotification", value)):
                yield f"{where}: there is no notification {value}"
    for notification in overlay.of("CephBucketNotification"):
        topic = overlay.named("CephBucketTopic", notification["spec"]["topic"])
        if not topic:
            yield f"CephBucketNotification {notification['metadata']['name']}: there is no topic {notification['spec']['topic']}"
    for topic in overlay.of("CephBucketTopic"):
        address = urllib.parse.urlsplit(topic["spec"]["endpoint"]["http"]["uri"])
        name, namespace = address.hostname.split(".")[:2]
        service = overlay.named("Service", name)
        if not service or service["metadata"]["namespace"] != namespace or (address.port or 80) not in [port["port"] for port in service["spec"]["ports"]]:
            yield f"CephBucketTopic {topic['metadata']['name']}: nobody serves {address.geturl()}"
        if not (program.root / "Sources/Gateway/Routes/S3HookRoute.swift").read_text().count(f'path = "{address.path}"'):
            yield f"CephBucketTopic {topic['metadata']['name']}: there is no route {address.path}"


def alerts(overlay, program):
    """What alerts and the dashboard ask for is measured; what each alert means is written down."""
    foreign = {"up", "kube_cronjob_status_last_successful_time", "kube_job_status_failed"}
    expressions = []
    for rule in [rule for thing in overlay.of("PrometheusRule") for group in thing["spec"]["groups"] for rule in group["rules"]]:
        expressions.append((rule["alert"], rule["expr"]))
        if f"`{rule['alert']}`" not in program.operations:
            yield f"{rule['alert']}: docs/operations.md does not say what it means"
    for dashboard in [thing for thing in overlay.of("ConfigMap") if thing["metadata"].get("labels", {}).get("grafana_dashboard")]:
        expressions += [("the dashboard", found) for found in re.findall(r'"expr": "((?:[^"\\]|\\.)*)"', dashboard["data"]["hearth.json"])]
    for where, expression in expressions:
        for name in re.findall(r"\b((?:hearth|kube|vllm|up)[\w:]*)(?=[\s{)\[])", expression):
            if name not in program.metrics | foreign:
                yield f"{where}: nobody measures {name}"


ALL = [restricted, probes, resources, graceful, disruption, selectors, network, settings, secrets, gate, images, scaling, storage, alerts]
