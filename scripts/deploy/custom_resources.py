"""The shapes of the custom resources that we use: only the fields that we know of their documentation, nothing else is let through.

KEDA 2.17 (ScaledObject, TriggerAuthentication), CloudNativePG 1.27 (Cluster, ScheduledBackup), Rook 1.19 (CephBucketTopic,
CephBucketNotification) with the claims of lib-bucket-provisioner, Prometheus operator (PodMonitor, PrometheusRule).
"""
import jsonschema

TEXT, NUMBER, FLAG = {"type": "string", "minLength": 1}, {"type": "integer"}, {"type": "boolean"}
# Of Kubernetes itself; checked elsewhere or free.
ANY = {"type": "object"}


def shape(required="", **fields):
    return {"type": "object", "additionalProperties": False, "properties": fields, "required": required.split()}


def array(of):
    return {"type": "array", "minItems": 1, "items": of}


def one_of(*values):
    return {"enum": list(values)}


SIZE = {"type": "string", "pattern": r"^\d+(Mi|Gi|Ti)$"}
DURATION = {"type": "string", "pattern": r"^\d+(ms|s|m|h)$"}
KEY = shape("name key", name=TEXT, key=TEXT)
DISK = shape("size", size=SIZE, storageClass=TEXT)
SHAPES = {
    ("keda.sh/v1alpha1", "ScaledObject"): shape(
        "scaleTargetRef triggers", scaleTargetRef=shape("name", name=TEXT, kind=TEXT, apiVersion=TEXT), pollingInterval=NUMBER,
        cooldownPeriod=NUMBER, minReplicaCount=NUMBER, maxReplicaCount=NUMBER,
        advanced=shape(horizontalPodAutoscalerConfig=shape(behavior=ANY), restoreToOriginalReplicaCount=FLAG),
        triggers=array(shape(
            "type metadata", type=one_of("pulsar"), authenticationRef=shape("name", name=TEXT),
            metadata=shape(
                "adminURL topic subscription", adminURL=TEXT, topic={"type": "string", "pattern": "^persistent://[^/]+/[^/]+/[^/]+$"},
                subscription=TEXT, isPartitionedTopic=one_of("true", "false"), authModes=one_of("bearer", "tls", "basic"),
                # Numbers are text there.
                msgBacklogThreshold={"type": "string", "pattern": r"^\d+$"}, activationMsgBacklogThreshold={"type": "string", "pattern": r"^\d+$"})))),
    ("keda.sh/v1alpha1", "TriggerAuthentication"): shape(
        "secretTargetRef", secretTargetRef=array(shape("parameter name key", parameter=one_of("bearerToken"), name=TEXT, key=TEXT))),
    ("postgresql.cnpg.io/v1", "Cluster"): shape(
        "instances storage imageName", instances=NUMBER, imageName=TEXT,
        bootstrap=shape(initdb=shape("database owner", database=TEXT, owner=TEXT, secret=shape("name", name=TEXT), postInitTemplateSQL=array(TEXT))),
        postgresql=shape(
            shared_preload_libraries=array(TEXT), synchronous=shape("method number", method=one_of("any", "first"), number=NUMBER),
            parameters={"type": "object", "additionalProperties": TEXT}),
        storage=DISK, walStorage=DISK, resources=ANY, affinity=shape(topologyKey=TEXT), env=array(shape("name value", name=TEXT, value=TEXT)),
        backup=shape(
            retentionPolicy={"type": "string", "pattern": r"^[1-9]\d*[dwm]$"},
            barmanObjectStore=shape(
                "destinationPath s3Credentials", destinationPath={"type": "string", "pattern": "^s3://"}, endpointURL=TEXT,
                s3Credentials=shape("accessKeyId secretAccessKey", accessKeyId=KEY, secretAccessKey=KEY)))),
    ("postgresql.cnpg.io/v1", "ScheduledBackup"): shape(
        "schedule cluster", schedule={"type": "string", "pattern": r"^(\S+ ){5}\S+$"}, backupOwnerReference=one_of("none", "self", "cluster"),
        cluster=shape("name", name=TEXT)),
    ("objectbucket.io/v1alpha1", "ObjectBucketClaim"): {
        **shape("storageClassName", bucketName=TEXT, generateBucketName=TEXT, storageClassName=TEXT,
                additionalConfig={"type": "object", "additionalProperties": TEXT}),
        "oneOf": [{"required": ["bucketName"]}, {"required": ["generateBucketName"]}]},
    ("ceph.rook.io/v1", "CephBucketTopic"): shape(
        "objectStoreName objectStoreNamespace endpoint", objectStoreName=TEXT, objectStoreNamespace=TEXT, opaqueData=TEXT, persistent=FLAG,
        endpoint=shape("http", http=shape("uri", uri=TEXT, disableVerifySSL=FLAG, sendCloudEvents=FLAG))),
    ("ceph.rook.io/v1", "CephBucketNotification"): shape(
        "topic", topic=TEXT, events=array({"type": "string", "pattern": r"^s3:Object(Created|Removed):"}),
        filter=shape(keyFilters=array(shape("name value", name=one_of("prefix", "suffix", "regex"), value=TEXT)))),
    ("monitoring.coreos.com/v1", "PodMonitor"): shape(
        "selector podMetricsEndpoints", selector=ANY, podTargetLabels=array(TEXT),
        podMetricsEndpoints=array(shape("port", port=TEXT, path=TEXT, interval=DURATION, scrapeTimeout=DURATION))),
    ("monitoring.coreos.com/v1", "PrometheusRule"): shape(
        "groups", groups=array(shape("name rules", name=TEXT, rules=array(shape(
            "alert expr", alert=TEXT, expr=TEXT, **{"for": DURATION}, labels=ANY, annotations=ANY))))),
}


def check(thing):
    """What is wrong with a custom resource; `None` for what is none of ours."""
    known = SHAPES.get((thing["apiVersion"], thing["kind"]))
    if known is None:
        return None
    return [f"{thing['kind']} {thing['metadata']['name']}: {'.'.join(map(str, fault.absolute_path))}: {fault.message:.200}"
            for fault in jsonschema.Draft202012Validator(known).iter_errors(thing.get("spec", {}))]
