"""Hearth on real stores: a gateway and a worker, in data folders of their own, that share nothing but the servers."""

import os
import re
import subprocess
import urllib.parse
import uuid

from hearth_process import Home, Server
from plug import Plug
from signed_s3 import s3

SERVERS = ("PULSAR_URL", "POSTGRES_URL", "QDRANT_URL", "S3_ENDPOINT")


class Cluster:
    """- options: more settings of all processes."""

    def __init__(self, test, **options):
        name = "t" + uuid.uuid4().hex[:10]
        self.test = test
        self.plugs = {}
        postgres = urllib.parse.urlsplit(os.environ["POSTGRES_URL"])
        qdrant = urllib.parse.urlsplit(os.environ["QDRANT_URL"])
        store = urllib.parse.urlsplit(os.environ["S3_ENDPOINT"])
        at = self._plug("postgres", postgres.hostname, postgres.port or 5432)
        user = f"{postgres.username or ''}{':' + postgres.password if postgres.password else ''}"
        self.bucket = name
        self.settings = {
            "bus.kind": "pulsar", "pulsar.url": os.environ["PULSAR_URL"], "pulsar.namespace": name,
            "storage.kind": "postgres", "postgres.schema": name,
            "postgres.url": urllib.parse.urlunsplit(
                ("postgresql", f"{user}@{at}" if user else at, postgres.path, postgres.query, "")),
            "index.kind": "qdrant", "qdrant.prefix": name,
            "qdrant.url": f"{qdrant.scheme}://{self._plug('qdrant', qdrant.hostname, qdrant.port)}",
            "s3.endpoint": f"{store.scheme}://{self._plug('s3', store.hostname, store.port or 80)}",
            "s3.access_key_id": os.environ["S3_ACCESS_KEY"], "s3.secret_access_key": os.environ["S3_SECRET_KEY"],
            "archive.location": f"s3://{name}/archive", "generator.kind": "extractive",
            "worker.maximum_attempts": "50", "ingest.interval_seconds": "3600", "log.level": "notice", **options,
        }
        if "QDRANT_API_KEY" in os.environ:
            self.settings["qdrant.api_key"] = os.environ["QDRANT_API_KEY"]
        self.home = self._home()
        s3("PUT", f"/{self.bucket}")

    def _home(self):
        home = Home()
        self.test.addCleanup(home.close)
        return home

    def _plug(self, name, host, port):
        plug = Plug(host, port)
        self.plugs[name] = plug
        self.test.addCleanup(plug.close)
        return plug.address

    def run(self, *arguments, **settings):
        """A command of somebody who has the settings and no data of their own."""
        return self.home.run(*arguments, settings={**self.settings, **settings})

    def start(self):
        """A gateway and a worker, each with an empty data folder. Returns the gateway."""
        self.worker_home = self._home()
        with open(self.worker_home.folder / "worker.log", "w") as log:
            self.worker = self.worker_home.start(
                "worker", settings=self.settings, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        gateway_home = self._home()
        log = open(gateway_home.folder / "gateway.log", "w")
        process = gateway_home.start(
            "gateway", settings={**self.settings, "server.port": "0"}, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=log)
        self.gateway = Server(process, log)
        self.test.addCleanup(self.stop)
        return self.gateway.wait_until_ready()

    def stop(self):
        if self.gateway.process.poll() is None:
            self.gateway.kill()
        if self.worker.poll() is None:
            self.worker.kill()
            self.worker.wait()

    def complaints(self):
        text = (self.worker_home.folder / "worker.log").read_text(errors="replace") + self.gateway.errors()
        return re.sub(r"(?m)^\S+ ", "", text)[-4000:]
