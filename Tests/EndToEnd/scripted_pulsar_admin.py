"""The part of Pulsar's admin REST API that `hearth bootstrap` uses, strict: another path or body is an error.

The test broker has no admin API; this one is written from the documentation of Pulsar's. Beside a broker that gives every
topic the same number of partitions, it takes the wish for that number only."""

import http.server
import json
import re

from loopback_server import LoopbackServer

EARLIEST = {"ledgerId": -1, "entryId": -1}


class ScriptedPulsarAdmin(LoopbackServer):
    """Serves on a free loopback port until `stop()`."""

    def __init__(self, token=None, partitions=None):
        self.token = token
        self.partitions = partitions
        self.tenants = {"public": {"adminRoles": [], "allowedClusters": ["standalone"]}}
        # tenant/namespace → policies
        self.namespaces = {"public/default": {}}
        # full name → partitions
        self.topics = {}
        self.subscriptions = {}
        self.changes = []
        super().__init__(_Handler)

    def answer(self, method, path, body):
        """The status and the JSON of the answer."""
        for pattern, methods in ROUTES:
            found = re.fullmatch(pattern, path)
            if found:
                if method not in methods:
                    return 405, {"reason": "method not allowed"}
                status, value = methods[method](self, *found.groups(), body)
                if method != "GET" and status < 300:
                    self.changes.append((method, path, body))
                return status, value
        return 404, {"reason": f"no such resource: {path}"}

    def list_tenants(self, body):
        return 200, sorted(self.tenants)

    def put_tenant(self, tenant, body):
        if tenant in self.tenants:
            return 409, {"reason": "Tenant already exists"}
        if set(body) != {"adminRoles", "allowedClusters"} or body["allowedClusters"] != ["standalone"]:
            return 412, {"reason": "Clusters do not exist"}
        self.tenants[tenant] = body
        return 204, None

    def list_namespaces(self, tenant, body):
        if tenant not in self.tenants:
            return 404, {"reason": "Tenant does not exist"}
        return 200, [name for name in self.namespaces if name.startswith(tenant + "/")]

    def put_namespace(self, tenant, namespace, body):
        if tenant not in self.tenants:
            return 404, {"reason": "Tenant does not exist"}
        if f"{tenant}/{namespace}" in self.namespaces:
            return 409, {"reason": "Namespace already exists"}
        self.namespaces[f"{tenant}/{namespace}"] = {}
        return 204, None

    def get_policy(self, tenant, namespace, policy, body):
        name = f"{tenant}/{namespace}"
        if name not in self.namespaces:
            return 404, {"reason": "Namespace does not exist"}
        value = self.namespaces[name].get(policy)
        return (204, None) if value is None else (200, value)

    def set_policy(self, tenant, namespace, policy, body):
        name = f"{tenant}/{namespace}"
        if name not in self.namespaces:
            return 404, {"reason": "Namespace does not exist"}
        if policy == "retention" and set(body) != {"retentionTimeInMinutes", "retentionSizeInMB"}:
            return 400, {"reason": "Unrecognized field"}
        if policy == "compactionThreshold" and not isinstance(body, int):
            return 400, {"reason": "not a number"}
        self.namespaces[name][policy] = body
        return 204, None

    def list_topics(self, tenant, namespace, body):
        if f"{tenant}/{namespace}" not in self.namespaces:
            return 404, {"reason": "Namespace does not exist"}
        prefix = f"persistent://{tenant}/{namespace}/"
        return 200, [name for name, partitions in self.topics.items() if name.startswith(prefix) and partitions == 0]

    def get_partitions(self, tenant, namespace, topic, body):
        return 200, {"partitions": self.topics.get(f"persistent://{tenant}/{namespace}/{topic}", 0), "deleted": False}

    def put_partitions(self, tenant, namespace, topic, body):
        if not isinstance(body, int) or body < 1:
            return 412, {"reason": "Number of partitions should be more than 0"}
        if body != self.partitions:
            return 412, {"reason": f"The broker gives every topic {self.partitions} partitions"}
        status, value = self.put_topic(tenant, namespace, topic, None)
        if status == 204:
            self.topics[f"persistent://{tenant}/{namespace}/{topic}"] = body
        return status, value

    def put_topic(self, tenant, namespace, topic, body):
        if f"{tenant}/{namespace}" not in self.namespaces:
            return 404, {"reason": "Namespace does not exist"}
        name = f"persistent://{tenant}/{namespace}/{topic}"
        if name in self.topics:
            return 409, {"reason": "This topic already exists"}
        self.topics[name] = 0
        return 204, None

    def list_subscriptions(self, tenant, namespace, topic, body):
        name = f"persistent://{tenant}/{namespace}/{topic}"
        if name not in self.topics:
            return 404, {"reason": "Topic not found"}
        return 200, sorted(self.subscriptions.get(name, ()))

    def put_subscription(self, tenant, namespace, topic, subscription, body):
        name = f"persistent://{tenant}/{namespace}/{topic}"
        if name not in self.topics:
            return 404, {"reason": "Topic not found"}
        if body != EARLIEST:
            return 400, {"reason": f"not a position: {body}"}
        if subscription in self.subscriptions.setdefault(name, set()):
            return 409, {"reason": "Subscription already exists for topic"}
        self.subscriptions[name].add(subscription)
        return 204, None


PART = r"([A-Za-z0-9._-]+)"
ROUTES = [
    ("clusters", {"GET": lambda admin, body: (200, ["standalone"])}),
    ("tenants", {"GET": ScriptedPulsarAdmin.list_tenants}),
    (f"tenants/{PART}", {"PUT": ScriptedPulsarAdmin.put_tenant}),
    (f"namespaces/{PART}", {"GET": ScriptedPulsarAdmin.list_namespaces}),
    (f"namespaces/{PART}/{PART}", {"PUT": ScriptedPulsarAdmin.put_namespace}),
    (f"namespaces/{PART}/{PART}/(retention)",
     {"GET": ScriptedPulsarAdmin.get_policy, "POST": ScriptedPulsarAdmin.set_policy}),
    (f"namespaces/{PART}/{PART}/(compactionThreshold)",
     {"GET": ScriptedPulsarAdmin.get_policy, "PUT": ScriptedPulsarAdmin.set_policy}),
    (f"persistent/{PART}/{PART}", {"GET": ScriptedPulsarAdmin.list_topics}),
    (f"persistent/{PART}/{PART}/{PART}", {"PUT": ScriptedPulsarAdmin.put_topic}),
    (f"persistent/{PART}/{PART}/{PART}/partitions", {"GET": ScriptedPulsarAdmin.get_partitions, "PUT": ScriptedPulsarAdmin.put_partitions}),
    (f"persistent/{PART}/{PART}/{PART}/subscriptions", {"GET": ScriptedPulsarAdmin.list_subscriptions}),
    (f"persistent/{PART}/{PART}/{PART}/subscription/{PART}", {"PUT": ScriptedPulsarAdmin.put_subscription}),
]


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def do_GET(self):
        self.handle_request()

    do_PUT = do_POST = do_DELETE = do_GET

    def handle_request(self):
        owner = self.server.owner
        data = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if owner.token and self.headers.get("Authorization") != f"Bearer {owner.token}":
            return self.reply(401, {"reason": "Authentication required"})
        if not self.path.startswith("/admin/v2/"):
            return self.reply(404, {"reason": "no such resource"})
        self.reply(*owner.answer(self.command, self.path.removeprefix("/admin/v2/"), json.loads(data) if data else None))

    def reply(self, status, value):
        data = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        if status != 204:
            self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if status != 204:
            self.wfile.write(data)
