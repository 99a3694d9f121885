"""The shapes of the REST API's JSON, as far as this server goes: a field that is not there, or of another type, is an error."""

import math
import re
import uuid

import wire_error

UUID = re.compile(r"[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}")


def fault(where, what):
    raise wire_error.WireError(400, f"Format error in JSON body: {where}: {what}")


def boolean(value, where):
    if not isinstance(value, bool):
        fault(where, "expected a boolean")


def string(value, where):
    if not isinstance(value, str):
        fault(where, "expected a string")


def word(*allowed):
    def check(value, where):
        if value not in allowed or not isinstance(value, str):
            fault(where, f"unknown variant {value!r}, expected one of {', '.join(allowed)}")
    return check


def integer(least=0, most=2**64 - 1):
    def check(value, where):
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            fault(where, f"expected an integer from {least} to {most}")
    return check


def number(value, where):
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not math.isfinite(value):
        fault(where, "expected a number")


def json_object(value, where):
    if not isinstance(value, dict):
        fault(where, "expected an object")


def optional(shape):
    return lambda value, where: None if value is None else shape(value, where)


def items(shape, least=0):
    def check(value, where):
        if not isinstance(value, list):
            fault(where, "expected an array")
        if len(value) < least:
            fault(where, f"expected at least {least} elements")
        for position, item in enumerate(value):
            shape(item, f"{where}[{position}]")
    return check


def mapping(shape):
    def check(value, where):
        json_object(value, where)
        for name, item in value.items():
            shape(item, f"{where}.{name}")
    return check


def record(required=None, **more):
    """An object with these fields and no others."""
    required = required or {}

    def check(value, where):
        json_object(value, where)
        for name in required:
            if name not in value:
                fault(where, f"missing field `{name}`")
        for name, item in value.items():
            shape = required.get(name) or more.get(name)
            if shape is None:
                fault(where, f"unknown field `{name}`")
            (shape if name in required else optional(shape))(item, f"{where}.{name}")
    return check


def either(*shapes):
    def check(value, where):
        reasons = []
        for shape in shapes:
            try:
                return shape(value, where)
            except wire_error.WireError as error:
                # The shape fits and the content does not.
                if error.status != 400:
                    raise
                reasons.append(error.message.removeprefix("Format error in JSON body: "))
        fault(where, "no variant fits: " + "; ".join(dict.fromkeys(reasons)))
    return check


def point_id(value, where):
    if isinstance(value, str) and UUID.fullmatch(value):
        uuid.UUID(value)
    else:
        integer()(value, where)


def sparse(value, where):
    record({"indices": items(integer(0, 2**32 - 1)), "values": items(number)})(value, where)
    if len(value["indices"]) != len(value["values"]):
        raise wire_error.WireError(422, f"Validation error in JSON body: [{where}.values: must be the same length as indices]")
    if len(set(value["indices"])) != len(value["indices"]):
        raise wire_error.WireError(422, f"Validation error in JSON body: [{where}.indices: must be unique]")


def one_or_many(shape):
    return lambda value, where: (items(shape) if isinstance(value, list) else shape)(value, where)


def condition(value, where):
    json_object(value, where)
    if "key" in value:
        record({"key": string}, match=match, range=span)(value, where)
        if len(value) < 2:
            fault(where, "a field condition needs a match or a range")
    elif "has_id" in value:
        record({"has_id": items(point_id)})(value, where)
    elif "is_empty" in value:
        record({"is_empty": record({"key": string})})(value, where)
    elif "is_null" in value:
        record({"is_null": record({"key": string})})(value, where)
    else:
        filter_(value, where)


scalar = either(string, boolean, integer(-2**63, 2**63 - 1))
values = either(items(string), items(integer(-2**63, 2**63 - 1)))
match = either(record({"value": scalar}), record({"any": values}), record({"except": values}), record({"text": string}))
span = record(gt=number, gte=number, lt=number, lte=number)


def filter_(value, where):
    record(must=one_or_many(condition), should=one_or_many(condition), must_not=one_or_many(condition),
           min_should=record({"conditions": items(condition), "min_count": integer()}))(value, where)


dense = items(number, least=1)
nearest = either(dense, sparse)
params = record(hnsw_ef=integer(), exact=boolean, indexed_only=boolean,
                quantization=record(ignore=boolean, rescore=boolean, oversampling=number))
fusion = either(record({"fusion": word("rrf", "dbsf")}), record({"rrf": record(k=integer(1), weights=items(number))}))
query = either(nearest, record({"nearest": nearest}), fusion)
with_payload = either(boolean, items(string), record({"include": items(string)}), record({"exclude": items(string)}))
with_vector = either(boolean, items(string))


def prefetch(value, where):
    record(prefetch=one_or_many(prefetch), query=query, using=string, filter=filter_, params=params, score_threshold=number,
           limit=integer(1))(value, where)


query_request = record(
    prefetch=one_or_many(prefetch), query=query, using=string, filter=filter_, params=params, score_threshold=number,
    limit=integer(1), offset=integer(), with_payload=with_payload, with_vector=with_vector)
query_batch = record({"searches": items(query_request)})

quantization = either(
    record({"scalar": record({"type": word("int8")}, quantile=number, always_ram=boolean)}),
    record({"binary": record(always_ram=boolean)}))
hnsw = record(m=integer(), ef_construct=integer(4), full_scan_threshold=integer(10), max_indexing_threads=integer(),
              on_disk=boolean, payload_m=integer())
optimizers = record(deleted_threshold=number, vacuum_min_vector_number=integer(100), default_segment_number=integer(),
                    max_segment_size=integer(1), indexing_threshold=integer(), flush_interval_sec=integer())
vector_params = record({"size": integer(1, 65536), "distance": word("Cosine", "Euclid", "Dot", "Manhattan")},
                       on_disk=boolean, datatype=word("float32", "uint8", "float16"), hnsw_config=hnsw,
                       quantization_config=quantization)
sparse_params = record(modifier=word("none", "idf"), index=record(on_disk=boolean, full_scan_threshold=integer()))
create = record(vectors=mapping(vector_params), sparse_vectors=mapping(sparse_params), hnsw_config=hnsw,
                quantization_config=quantization, optimizers_config=optimizers, on_disk_payload=boolean,
                shard_number=integer(1), replication_factor=integer(1), write_consistency_factor=integer(1),
                metadata=json_object)
patch = record(optimizers_config=optimizers, hnsw_config=hnsw, quantization_config=quantization)

field_type = word("keyword", "integer", "float", "geo", "text", "bool", "datetime", "uuid")
field_schema = either(
    field_type, record({"type": word("keyword")}, is_tenant=boolean, on_disk=boolean),
    record({"type": word("integer")}, lookup=boolean, range=boolean, is_principal=boolean, on_disk=boolean))
create_index = record({"field_name": string, "field_schema": field_schema})

alias_action = either(
    record({"create_alias": record({"collection_name": string, "alias_name": string})}),
    record({"delete_alias": record({"alias_name": string})}),
    record({"rename_alias": record({"old_alias_name": string, "new_alias_name": string})}))
change_aliases = record({"actions": items(alias_action)})

point = record({"id": point_id, "vector": mapping(nearest)}, payload=json_object)
upsert = record({"points": items(point)})
get_points = record({"ids": items(point_id)}, with_payload=with_payload, with_vector=with_vector)
delete = either(record({"filter": filter_}), record({"points": items(point_id)}))
set_payload = either(record({"payload": json_object, "points": items(point_id)}),
                     record({"payload": json_object, "filter": filter_}))
scroll = record(filter=filter_, limit=integer(1), offset=point_id, with_payload=with_payload, with_vector=with_vector)
count = record(filter=filter_, exact=boolean)
