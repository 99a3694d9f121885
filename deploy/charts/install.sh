#!/usr/bin/env bash
# Installs or upgrades the charts of charts.txt at their pinned versions: all but the model servers, or those that are named.
# Usage: deploy/charts/install.sh [RELEASE ...]      for example: install.sh ollama
set -euo pipefail

cd "$(dirname "$0")"
command -v helm > /dev/null || { echo "install: helm is missing: https://helm.sh/docs/intro/install" >&2; exit 1; }
wanted=("$@")
[ ${#wanted[@]} -gt 0 ] || wanted=(keda cnpg rook-ceph rook-ceph-cluster nvidia-device-plugin pulsar qdrant)
for name in "${wanted[@]}"; do
    read -r release namespace repository chart version values <<< "$(grep -E "^$name " charts.txt || true)"
    [ -n "$release" ] || { echo "install: charts.txt has no release $name" >&2; exit 1; }
    options=()
    [ "$values" = - ] || options=(--values "$values")
    echo "install: $release ($chart $version)"
    helm upgrade --install "$release" "$chart" --repo "$repository" --version "$version" --namespace "$namespace" \
        --create-namespace --wait --timeout 20m "${options[@]}"
done
