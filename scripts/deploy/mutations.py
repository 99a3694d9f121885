"""Faults that the checks must find, by the kind and the name of the check: (file, text, what it is replaced by)."""

POD = "deploy/components/pod/pod.yaml"
LONG = "deploy/components/pod/long-running.yaml"
CRON = "deploy/components/pod/cron-pod.yaml"
SETTINGS = "deploy/components/pod/kustomization.yaml"
BASE = "deploy/base/kustomization.yaml"
TALOS = "deploy/overlays/talos/kustomization.yaml"
NETWORK = "deploy/overlays/talos/network.yaml"
DATABASE = "deploy/overlays/talos/database.yaml"
BUCKET = "deploy/components/bucket/bucket.yaml"
KEDA = "deploy/components/keda/scaling.yaml"
VERIFY = "deploy/base/verify.yaml"
OPERATIONS = "docs/operations.md"
DOCKERFILE = "deploy/Dockerfile"
WORKER = "deploy/base/worker.yaml"
BUCKET_POD = "deploy/components/bucket/pod.yaml"
BUCKET_PARTS = "deploy/components/bucket/kustomization.yaml"
DENIED = "deploy/components/network-policy/policies.yaml"
ALERTS = "deploy/components/monitoring/alerts.yaml"

FAULTS = {
    ("policies", "restricted"): [
        (POD, "runAsNonRoot: true", "runAsNonRoot: false"),
        (CRON, "drop: [ALL]", "drop: [NET_RAW]"),
        (POD, "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false"),
        (POD, "enableServiceLinks: false", "enableServiceLinks: true"),
        (CRON, "automountServiceAccountToken: false", "automountServiceAccountToken: true"),
        (POD, "emptyDir: {sizeLimit: 1Gi}", "hostPath: {path: /srv}"),
        ("deploy/base/namespace/namespace.yaml", "enforce: restricted", "enforce: baseline"),
    ],
    ("policies", "probes"): [
        (LONG, "/readyz", "/healthz"),
        (SETTINGS, "HEARTH_PROBES_PORT=8081", "HEARTH_PROBES_PORT=8082"),
        ("deploy/base/jobs.yaml", "activeDeadlineSeconds: 1800", "parallelism: 1"),
    ],
    ("policies", "resources"): [
        (WORKER, "limits: {memory: ", "limits: {cpu: 1, memory: "),
    ],
    ("policies", "graceful"): [
        (BASE, "GRACE_SECONDS=300", "GRACE_SECONDS=600"),
        (LONG, "sleep: {seconds: 5}", "sleep: {seconds: 1}"),
        (LONG, "maxUnavailable: 0", "maxUnavailable: 1"),
        (LONG, "topologyKey: topology.kubernetes.io/zone", "topologyKey: kubernetes.io/hostname"),
        (DATABASE, "instances: 3", "instances: 1"),
    ],
    ("policies", "disruption"): [
        (WORKER, "kind: PodDisruptionBudget", "kind: ConfigMap"),
        (WORKER, "AlwaysAllow", "IfHealthyBudget"),
    ],
    ("policies", "selectors"): [
        ("deploy/base/gateway.yaml", "targetPort: http", "targetPort: https"),
        ("deploy/components/monitoring/scrape.yaml", "port: probes", "port: http"),
    ],
    ("policies", "network"): [
        (DENIED, "policyTypes: [Ingress, Egress]", "policyTypes: [Ingress]"),
        (NETWORK, "port: 6333", "port: 6334"),
        (NETWORK, "heat, migrate]", "heating, migrate]"),
        (DENIED, "port: 8080", "port: 9090"),
        (NETWORK, "heat, verify]", "heat]"),
        (NETWORK, "values: [gateway, worker, ingest, heat, migrate]", "values: [gateway, worker, heat, migrate]"),
    ],
    ("policies", "settings"): [
        (TALOS, "HEARTH_QDRANT_REPLICAS", "HEARTH_QDRANT_REPLICA"),
        (TALOS, "HEARTH_QDRANT_REPLICAS=2", "HEARTH_QDRANT_REPLICAS=two"),
        (TALOS, "GENERATOR_KIND=ollama", "GENERATOR_KIND=llama"),
        (TALOS, "HEARTH_QDRANT_REPLICAS=2", "HEARTH_QDRANT_API_KEY=2"),
        (BUCKET_POD, "BUCKET_PORT, value", "BUCKET_POST, value"),
        (BUCKET_POD, "name: BUCKET_PORT", "name: BUCKET_POST"),
        ("deploy/base/heat.yaml", "args: [heat, run]", "args: [heat, keep]"),
    ],
    ("policies", "secrets"): [
        (POD, "secretName: hearth-secret", "secretName: hearth-secrets"),
        (OPERATIONS, "--from-file=pulsar.token", "--from-file=token"),
        (DATABASE, "secret: {name: hearth-db}", "secret: {name: hearth-database}"),
    ],
    ("policies", "gate"): [
        (VERIFY, "backoffLimit: 0", "backoffLimit: 3"),
        (VERIFY, "restartPolicy: Never", "restartPolicy: OnFailure"),
        (VERIFY, "--url, http://hearth,", "--url, http://gateway,"),
        (VERIFY, "--url, http://hearth,", "'--url', 'http://hearth:8080',"),
        (VERIFY, "--patience", "--patient"),
        (VERIFY, '"1800"', '"7200"'),
        (VERIFY, "/etc/hearth/verify/key", "/etc/hearth/bucket/key"),
        (VERIFY, "secretName: hearth-verify", "secretName: hearth-secret"),
        (POD, "secretName: hearth-secret", "secretName: hearth-verify"),
        (OPERATIONS, "create secret generic hearth-verify --from-file=key", "create secret generic hearth-verify --from-file=token"),
        (BASE, ", verify.yaml]", "]"),
        (SETTINGS, "volumes: [{name: secret, $patch: delete}]", "volumes: []"),
        (BUCKET_PARTS, "s3://$(BUCKET_NAME)/verify", "s3://$(BUCKET)/verify"),
        (BUCKET_PARTS, "s3://$(BUCKET_NAME)/verify", "/tmp"),
        (BUCKET_PARTS, "s3://$(BUCKET_NAME)/verify", "s3://$(BUCKET_NAME)/code"),
        (NETWORK, "name: verify-to-gateway, namespace: hearth", "name: verify-to-gateway, namespace: elsewhere"),
        (NETWORK, "name: gateway-from-verify, namespace: hearth", "name: gateway-from-verify, namespace: elsewhere"),
    ],
    ("policies", "images"): [
        (SETTINGS, "newTag: 0.1.0", "newTag: latest"),
        (SETTINGS, "newTag: 0.1.0", "newTag: 0.0.9"),
        (DATABASE, ":17.2-ts2.18", ""),
    ],
    ("policies", "scaling"): [
        (KEDA, "answer-interactive", "answers-interactive"),
        (KEDA, "answer-batch", "answer-interactive"),
        (KEDA, "subscription: workers", "subscription: worker"),
        (BASE, "WORKER_SLOTS=2", "WORKER_SLOTS=3"),
        ("deploy/charts/ollama.yaml", 'value: "4"', 'value: "8"'),
        ("deploy/components/keda/kustomization.yaml", "name: worker|ingest", "name: worker"),
    ],
    ("policies", "storage"): [
        (BUCKET, "bucket-notification-hearth-changes:", "bucket-notification-hearth-change:"),
        (BUCKET, "topic: hearth-hook", "topic: hearth-hooks"),
        (BUCKET, "/v1/hooks/s3", "/v1/hooks/s4"),
        (DATABASE, "storageClassName: hearth-bucket", "storageClassName: bucket"),
    ],
    ("policies", "alerts"): [
        (ALERTS, "hearth_dead_letters", "hearth_dead_letter"),
        ("deploy/components/monitoring/dashboard.json", "hearth_open_streams", "hearth_streams"),
        (OPERATIONS, "`HearthDeadLetters`", "dead letters"),
    ],
    ("schemas", "Deployment"): [
        (LONG, "periodSeconds: 2", "periodSecond: 2"),
    ],
    ("schemas", "ScaledObject"): [
        (KEDA, 'msgBacklogThreshold: "2"', "msgBacklogThreshold: 2"),
        (KEDA, "minReplicaCount", "minReplicas"),
    ],
    ("schemas", "Cluster"): [
        (DATABASE, "imageName", "image"),
    ],
    ("schemas", "ScheduledBackup"): [
        (DATABASE, '"0 30 2 * * *"', '"30 2 * * *"'),
    ],
    ("schemas", "ObjectBucketClaim"): [
        (BUCKET, "generateBucketName: hearth", "name: hearth"),
    ],
    ("schemas", "CephBucketNotification"): [
        (BUCKET, "s3:ObjectCreated", "ObjectCreated"),
    ],
    ("schemas", "PrometheusRule"): [
        (ALERTS, "for: 5m", "for: 5 minutes"),
    ],
    ("sources", "dockerfile"): [
        (DOCKERFILE, "COPY scripts/setup ", "COPY scripts/install "),
        (DOCKERFILE, "debian:bookworm-20250520-slim", "debian:latest"),
        (DOCKERFILE, "USER 10001:10001", "USER hearth"),
    ],
    ("sources", "charts"): [
        ("deploy/charts/charts.txt", "2.17.2", "2.x"),
        ("deploy/charts/vllm.yaml", "tag: v0.10.2", "tag: latest"),
    ],
    ("sources", "talos"): [
        ("deploy/talos/gpu.yaml", "{name: nvidia_uvm}", "{name: nvidia-uvm}"),
    ],
    ("sources", "twins"): [
        (CRON, "runAsUser: 10001", "runAsUser: 10002"),
        (BUCKET_POD, "readOnly: true", "readOnly: false"),
    ],
}
MUTATIONS = [(*check, *fault) for check, faults in FAULTS.items() for fault in faults]
