"""What has to hold of the Job that verifies the answers of a cluster."""
import re
import urllib.parse

from overlay import matches


def made_secrets(overlay, program):
    """The secrets that there are, with their keys."""
    made = {claim["metadata"]["name"]: {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"} for claim in overlay.of("ObjectBucketClaim")}
    made.update({f"{cluster['metadata']['name']}-ca": {"ca.crt"} for cluster in overlay.of("Cluster")})
    for name, rest in re.findall(r"create secret generic ([\w-]+)((?:[^\n]*\\\n)*[^\n]*)", program.operations):
        made.setdefault(name, set()).update(re.findall(r"--from-(?:file|literal)=([\w.]+)", rest))
    return made


def gate(overlay, program):
    """Whoever verifies the answers asks once, through a Service and a bucket that it reaches, with a key of its own and no secret of the servers."""
    gates = [each for each in overlay.workloads if each.container["args"][0] == "verify"]
    if not gates and any(each.container["args"] == ["gateway"] for each in overlay.workloads):
        yield "nobody verifies what the gateways answer"
    for workload in gates:
        where, values = workload.where, workload.environment()
        if workload.kind != "Job" or workload.thing["spec"].get("backoffLimit") != 0 or workload.pod.get("restartPolicy") != "Never":
            yield f"{where}: is asked again when it is red"
        words = [re.sub(r"\$\((\w+)\)", lambda found: values.get(found.group(1), found.group()), word) for word in workload.container["args"]]
        options = dict(zip(words[2::2], words[3::2]))
        for option in options:
            if option.removeprefix("--") not in program.options["verify"]:
                yield f"{where}: there is no option {option}"
        if not options.get("--wait", "").isdigit() or int(options["--wait"]) >= workload.thing["spec"]["activeDeadlineSeconds"]:
            yield f"{where}: does not wait for the gateways, or longer than it may run"
        if "$(" in options.get("--scratch", "$(") or not options["--scratch"].startswith("s3://"):
            yield f"{where}: writes its files where no other pod reads them"
        elif any(options["--scratch"].endswith("/" + rule["value"].rstrip("/")) for thing in overlay.of("CephBucketNotification")
                 for rule in thing["spec"]["filter"]["keyFilters"]):
            yield f"{where}: writes its files where projects are looked for"
        yield from asked_through(options.get("--url", ""), workload, overlay)
        wanted = {volume["name"]: volume["secret"]["secretName"] for volume in workload.pod["volumes"] if "secret" in volume}
        keys = [(wanted[mount["name"]], options.get("--key-file", "")[len(mount["mountPath"]) + 1:]) for mount in workload.container["volumeMounts"]
                if mount["name"] in wanted and options.get("--key-file", "").startswith(mount["mountPath"] + "/")]
        if not keys or any(key not in made_secrets(overlay, program).get(secret, set()) for secret, key in keys):
            yield f"{where}: nobody makes the key of --key-file"
        claims = {claim["metadata"]["name"] for claim in overlay.of("ObjectBucketClaim")}
        for secret in set(wanted.values()) - {secret for secret, _ in keys} - claims:
            yield f"{where}: has {secret}, which is the servers'"
        for secret, _ in keys:
            if any(secret in str(other.pod["volumes"]) for other in overlay.workloads if other is not workload):
                yield f"{where}: its key {secret} is in other pods, too"


def asked_through(url, workload, overlay):
    """What keeps a workload from asking a Service of its namespace."""
    address = urllib.parse.urlsplit(url)
    service = overlay.named("Service", address.hostname)
    port = next((port for port in service["spec"]["ports"] if port["port"] == (address.port or 80)), None) if service else None
    if not port:
        yield f"{workload.where}: nobody serves {url}"
        return
    for server in [each for each in overlay.workloads if matches({"matchLabels": service["spec"]["selector"]}, each.labels)]:
        number = server.ports.get(port["targetPort"])
        for one, other, way, peers in ((workload, server, "egress", "to"), (server, workload, "ingress", "from")):
            rules = [rule for policy in overlay.of("NetworkPolicy") if policy["metadata"]["namespace"] == one.namespace
                     and matches(policy["spec"]["podSelector"], one.labels) for rule in policy["spec"].get(way, [])]
            if not any(matches(peer.get("podSelector"), other.labels) and "namespaceSelector" not in peer and entry["port"] == number
                       for rule in rules for peer in rule.get(peers, []) for entry in rule.get("ports", [])):
                yield f"{one.where}: no NetworkPolicy lets {way} between it and {other.where} through at {number}"
