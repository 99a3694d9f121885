"""Turns the API's JSON, whose shape was checked, into the engine's own values."""

import qdrant_edge as engine

DISTANCES = {"Cosine": engine.Distance.Cosine, "Euclid": engine.Distance.Euclid, "Dot": engine.Distance.Dot,
             "Manhattan": engine.Distance.Manhattan}
DATATYPES = {"float32": engine.VectorStorageDatatype.Float32, "float16": engine.VectorStorageDatatype.Float16,
             "uint8": engine.VectorStorageDatatype.Uint8}
FIELD_TYPES = {"keyword": engine.PayloadSchemaType.Keyword, "integer": engine.PayloadSchemaType.Integer,
               "float": engine.PayloadSchemaType.Float, "geo": engine.PayloadSchemaType.Geo, "text": engine.PayloadSchemaType.Text,
               "bool": engine.PayloadSchemaType.Bool, "datetime": engine.PayloadSchemaType.Datetime,
               "uuid": engine.PayloadSchemaType.Uuid}
# The server's defaults; the reciprocal ranks' constant too.
DEFAULT_LIMIT, DEFAULT_RRF_K = 10, 2


def config(body):
    return engine.EdgeConfig(
        vectors={name: vector_params(params) for name, params in (body.get("vectors") or {}).items()},
        sparse_vectors={name: sparse_params(params) for name, params in (body.get("sparse_vectors") or {}).items()},
        on_disk_payload=body.get("on_disk_payload"), hnsw_config=hnsw(body.get("hnsw_config") or {}),
        quantization_config=quantization(body.get("quantization_config")), optimizers=optimizers(body), max_search_threads=1)


def vector_params(params):
    return engine.EdgeVectorParams(
        size=params["size"], distance=DISTANCES[params["distance"]], on_disk=params.get("on_disk"),
        datatype=DATATYPES.get(params.get("datatype")), quantization_config=quantization(params.get("quantization_config")))


def sparse_params(params):
    return engine.EdgeSparseVectorParams(modifier=engine.Modifier.Idf if params.get("modifier") == "idf" else None)


def hnsw(body):
    return engine.HnswIndexConfig(
        m=body.get("m", 16), ef_construct=body.get("ef_construct", 100),
        full_scan_threshold=body.get("full_scan_threshold", 10_000), payload_m=body.get("payload_m"))


def optimizers(body):
    settings = body.get("optimizers_config") or {}
    return engine.EdgeOptimizersConfig(
        indexing_threshold=settings.get("indexing_threshold"), default_segment_number=settings.get("default_segment_number", 1))


def quantization(body):
    if not body:
        return None
    if "scalar" in body:
        scalar = body["scalar"]
        return engine.ScalarQuantizationConfig(
            engine.ScalarType.Int8, quantile=scalar.get("quantile"), always_ram=scalar.get("always_ram"))
    return engine.BinaryQuantizationConfig(always_ram=body["binary"].get("always_ram"))


def field_schema(schema):
    if isinstance(schema, str):
        return FIELD_TYPES[schema]
    if schema["type"] == "keyword":
        return engine.KeywordIndexParams(is_tenant=schema.get("is_tenant"), on_disk=schema.get("on_disk"))
    return engine.IntegerIndexParams(lookup=schema.get("lookup", True), range=schema.get("range", True))


def point(body):
    vectors = {name: vector(value) for name, value in body["vector"].items()}
    return engine.Point(body["id"], vectors, body.get("payload"))


def vector(value):
    return engine.SparseVector(value["indices"], value["values"]) if isinstance(value, dict) else [float(part) for part in value]


def filter_(body):
    if body is None:
        return None
    minimum = body.get("min_should")
    return engine.Filter(
        must=conditions(body.get("must")), should=conditions(body.get("should")), must_not=conditions(body.get("must_not")),
        min_should=engine.MinShould(conditions(minimum["conditions"]), minimum["min_count"]) if minimum else None)


def conditions(body):
    if body is None:
        return None
    return [condition(each) for each in (body if isinstance(body, list) else [body])]


def condition(body):
    if "key" in body:
        span = body.get("range")
        return engine.FieldCondition(
            body["key"], match=match(body["match"]) if body.get("match") else None,
            range=engine.RangeFloat(**span) if span else None)
    if "has_id" in body:
        return engine.HasIdCondition(set(body["has_id"]))
    if "is_empty" in body:
        return engine.IsEmptyCondition(body["is_empty"]["key"])
    if "is_null" in body:
        return engine.IsNullCondition(body["is_null"]["key"])
    return filter_(body)


def match(body):
    if "value" in body:
        return engine.MatchValue(body["value"])
    if "any" in body:
        return engine.MatchAny(body["any"])
    if "except" in body:
        return engine.MatchExcept(body["except"])
    return engine.MatchText(body["text"])


def query(body, using):
    if body is None:
        return None
    if isinstance(body, dict) and "fusion" in body:
        return engine.Fusion.Rrf(k=DEFAULT_RRF_K) if body["fusion"] == "rrf" else engine.Fusion.Dbsf()
    if isinstance(body, dict) and "rrf" in body:
        return engine.Fusion.Rrf(k=body["rrf"].get("k") or DEFAULT_RRF_K, weights=body["rrf"].get("weights"))
    if isinstance(body, dict) and "nearest" in body:
        body = body["nearest"]
    return engine.Query.Nearest(vector(body), using=using)


def params(body):
    if body is None:
        return None
    quantized = body.get("quantization")
    return engine.SearchParams(
        hnsw_ef=body.get("hnsw_ef"), exact=body.get("exact") or False, indexed_only=body.get("indexed_only") or False,
        quantization=engine.QuantizationSearchParams(
            ignore=quantized.get("ignore") or False, rescore=quantized.get("rescore"),
            oversampling=quantized.get("oversampling")) if quantized else None)


def prefetches(body):
    if body is None:
        return None
    return [
        engine.Prefetch(
            limit=each.get("limit") or DEFAULT_LIMIT, query=query(each.get("query"), each.get("using")),
            prefetches=prefetches(each.get("prefetch")), params=params(each.get("params")), filter=filter_(each.get("filter")),
            score_threshold=each.get("score_threshold"))
        for each in (body if isinstance(body, list) else [body])
    ]


def request(body):
    return engine.QueryRequest(
        limit=body.get("limit") or DEFAULT_LIMIT, offset=body.get("offset"), query=query(body.get("query"), body.get("using")),
        prefetches=prefetches(body.get("prefetch")), with_vector=body.get("with_vector") or False,
        with_payload=payload_selector(body.get("with_payload"), False), filter=filter_(body.get("filter")),
        score_threshold=body.get("score_threshold"), params=params(body.get("params")))


def payload_selector(body, default):
    if body is None:
        return default
    if isinstance(body, dict):
        return engine.PayloadSelector.Include(body["include"]) if "include" in body else engine.PayloadSelector.Exclude(body["exclude"])
    return body


def vectors_out(vectors):
    return {
        name: {"indices": list(value.indices), "values": list(value.values)} if isinstance(value, engine.SparseVector) else list(value)
        for name, value in (vectors or {}).items()
    }


def record_out(record, with_payload, with_vector):
    return {
        "id": id_out(record.id),
        **({"payload": record.payload} if with_payload else {}),
        **({"vector": vectors_out(record.vector)} if with_vector else {}),
    }


def id_out(value):
    return value if value is None or isinstance(value, int) else str(value)
