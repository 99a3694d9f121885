"""One collection: a shard of Qdrant's own engine in a folder, and what it was made with."""

import json
import os
import shutil
import threading

import qdrant_edge as engine
import translation
import wire_error

# Kilobytes of vectors above which a segment gets an index, where a collection does not say.
INDEXING_THRESHOLD = 10_000


class Collection:
    def __init__(self, folder, body, shard):
        self.folder = folder
        self.body = body
        self.shard = shard
        self.lock = threading.RLock()
        self.operations = 0
        self.unindexed = 0

    @classmethod
    def create(cls, folder, body):
        """The description is written last: a folder without it is not a collection."""
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        collection = cls(folder, body, engine.EdgeShard.create(os.path.join(folder, "shard"), translation.config(body)))
        collection.save()
        return collection

    @classmethod
    def load(cls, folder):
        with open(os.path.join(folder, "collection.json")) as file:
            body = json.load(file)
        return cls(folder, body, engine.EdgeShard.load(os.path.join(folder, "shard")))

    def save(self):
        write_atomically(os.path.join(self.folder, "collection.json"), json.dumps(self.body))

    def drop(self):
        with self.lock:
            os.unlink(os.path.join(self.folder, "collection.json"))
            self.shard.close()
            self.shard = None
            shutil.rmtree(self.folder, ignore_errors=True)

    def info(self):
        with self.lock:
            info = self.opened().info()
            body = self.body
            return {
                "status": "green", "optimizer_status": "ok", "points_count": info.points_count,
                "indexed_vectors_count": info.indexed_vectors_count, "segments_count": info.segments_count,
                "config": {
                    "params": {
                        "vectors": body.get("vectors") or {}, "sparse_vectors": body.get("sparse_vectors") or {},
                        "shard_number": body.get("shard_number") or 1, "replication_factor": body.get("replication_factor") or 1,
                        "write_consistency_factor": body.get("write_consistency_factor") or 1,
                        "on_disk_payload": body.get("on_disk_payload") or False},
                    "hnsw_config": body.get("hnsw_config") or {}, "optimizer_config": body.get("optimizers_config") or {},
                    "quantization_config": body.get("quantization_config")},
                "payload_schema": {
                    name: {"data_type": str(index.data_type).rsplit(".", 1)[-1].lower(), "points": index.points}
                    for name, index in info.payload_schema.items()},
            }

    def update(self, operation):
        with self.lock:
            try:
                self.opened().update(operation)
            except Exception as error:
                raise wrong_input(error) from error
            self.operations += 1
            return {"operation_id": self.operations, "status": "completed"}

    def upsert(self, points):
        with self.lock:
            result = self.update(engine.UpdateOperation.upsert_points([translation.point(each) for each in points]))
            self.unindexed += sum(4 * len(value) for each in points for value in each["vector"].values() if isinstance(value, list))
            threshold = (self.body.get("optimizers_config") or {}).get("indexing_threshold", INDEXING_THRESHOLD)
            if threshold and self.unindexed > 1024 * threshold:
                self.opened().optimize()
                self.unindexed = 0
            return result

    def create_index(self, name, schema):
        result = self.update(engine.UpdateOperation.create_field_index(name, translation.field_schema(schema)))
        self.body.setdefault("payload_indexes", {})[name] = schema
        self.save()
        return result

    def query(self, bodies):
        with self.lock:
            for body in bodies:
                self.check_names(body)
            try:
                found = [self.opened().query(translation.request(body)) for body in bodies]
            except Exception as error:
                raise wrong_input(error) from error
        return [
            {"points": [
                {"version": hit.version, "score": hit.score,
                 **translation.record_out(hit, body.get("with_payload"), body.get("with_vector"))}
                for hit in hits]}
            for body, hits in zip(bodies, found)
        ]

    def retrieve(self, body):
        with_payload = body.get("with_payload", True)
        with self.lock:
            records = self.opened().retrieve(
                body["ids"], with_payload=translation.payload_selector(with_payload, True), with_vector=body.get("with_vector") or False)
        return [translation.record_out(record, with_payload, body.get("with_vector")) for record in records]

    def scroll(self, body):
        with_payload = body.get("with_payload", True)
        with self.lock:
            records, following = self.opened().scroll(engine.ScrollRequest(
                offset=body.get("offset"), limit=body.get("limit") or translation.DEFAULT_LIMIT,
                filter=translation.filter_(body.get("filter")), with_payload=translation.payload_selector(with_payload, True),
                with_vector=body.get("with_vector") or False))
        return {
            "points": [translation.record_out(record, with_payload, body.get("with_vector")) for record in records],
            "next_page_offset": translation.id_out(following),
        }

    def count(self, body):
        with self.lock:
            request = engine.CountRequest(exact=body.get("exact", True), filter=translation.filter_(body.get("filter")))
            return {"count": self.opened().count(request)}

    def opened(self):
        if self.shard is None:
            raise wire_error.no_collection(os.path.basename(self.folder))
        return self.shard

    def check_names(self, body):
        """The engine takes an unknown vector name for one without vectors."""
        known = {**(self.body.get("vectors") or {}), **(self.body.get("sparse_vectors") or {})}
        prefetches = body.get("prefetch") or []
        for each in [body, *(prefetches if isinstance(prefetches, list) else [prefetches])]:
            query = each.get("query")
            is_vector = isinstance(query, list) or isinstance(query, dict) and ({"indices", "nearest"} & set(query))
            if is_vector and each.get("using", "") not in known:
                raise wire_error.WireError(400, f"Wrong input: Not existing vector name error: {each.get('using', '')}")


def wrong_input(error):
    if isinstance(error, wire_error.WireError):
        return error
    return wire_error.WireError(400, f"Wrong input: {error}")


def write_atomically(path, text):
    with open(path + ".new", "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(path + ".new", path)
