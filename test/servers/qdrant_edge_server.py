"""
Qdrant's own engine behind the part of Qdrant's REST API that the vector store uses. The engine is `qdrant-edge-py`, Qdrant's search
and storage in one shard; every body that comes in is read by the models of `qdrant-client`, which are made from Qdrant's OpenAPI
document and refuse what is not in it. What is of this file alone: routes, the envelope, keys, and when to build indexes.

    python qdrant_edge_server.py PORT FOLDER KEY [VERSION]
"""

import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import qdrant_edge as edge
from qdrant_client.http import models

PORT, FOLDER, KEY = int(sys.argv[1]), sys.argv[2], sys.argv[3]
VERSION = sys.argv[4] if len(sys.argv) > 4 else "1.20.0"
MOST_BODY_BYTES = 32 * 1024 * 1024


class Refused(Exception):
    def __init__(self, status, why):
        super().__init__(why)
        self.status = status


class Collection:
    def __init__(self, name, config, shard):
        self.name, self.config, self.shard = name, config, shard
        self.lock = threading.RLock()


collections = {}
making = threading.Lock()


def open_kept():
    os.makedirs(FOLDER, exist_ok=True)
    for name in os.listdir(FOLDER):
        config = os.path.join(FOLDER, name, "config.json")
        if os.path.exists(config):
            with open(config, encoding="utf-8") as file:
                kept = models.CreateCollection.model_validate_json(file.read())
            collections[name] = Collection(name, kept, edge.EdgeShard.load(os.path.join(FOLDER, name, "shard")))


def create(name, body):
    config = models.CreateCollection.model_validate(body)
    if not isinstance(config.vectors, models.VectorParams):
        raise Refused(400, "this stand-in knows one unnamed vector")
    with making:
        if name in collections:
            raise Refused(409, f"Wrong input: Collection `{name}` already exists!")
        folder = os.path.join(FOLDER, name)
        distance = getattr(edge.Distance, config.vectors.distance.value)
        vectors = edge.EdgeVectorParams(size=config.vectors.size, distance=distance)
        shard = edge.EdgeShard.create(os.path.join(folder, "shard"), edge.EdgeConfig(vectors=vectors))
        with open(os.path.join(folder, "config.json"), "w", encoding="utf-8") as file:
            file.write(config.model_dump_json())
        collections[name] = Collection(name, config, shard)
    return True


def spoken(value):
    """The binding reads True as the number 1 (0.9.0: `MatchValue(True).value == 1`), so truth goes into the engine as a word."""
    return str(value).lower() if isinstance(value, bool) else value


def condition(one):
    if isinstance(one, models.Filter):
        return told(one)
    if isinstance(one, models.HasIdCondition):
        return edge.HasIdCondition(set(one.has_id))
    if not isinstance(one, models.FieldCondition):
        raise Refused(400, "this stand-in does not know that condition")
    match, between = None, None
    if isinstance(one.match, models.MatchValue):
        match = edge.MatchValue(spoken(one.match.value))
    elif isinstance(one.match, models.MatchAny):
        match = edge.MatchAny(one.match.any)
    elif one.match is not None:
        raise Refused(400, "this stand-in does not know that match")
    if isinstance(one.range, models.Range):
        between = edge.RangeFloat(gte=one.range.gte, gt=one.range.gt, lte=one.range.lte, lt=one.range.lt)
    return edge.FieldCondition(key=one.key, match=match, range=between)


def told(given):
    if given is None:
        return None

    def listed(some):
        if some is None:
            return None
        return [condition(one) for one in (some if isinstance(some, list) else [some])]

    return edge.Filter(must=listed(given.must), should=listed(given.should), must_not=listed(given.must_not))


def add_index(collection, body):
    asked = models.CreateFieldIndex.model_validate(body)
    schema = asked.field_schema
    if isinstance(schema, models.KeywordIndexParams):
        params = edge.KeywordIndexParams(is_tenant=schema.is_tenant)
    elif isinstance(schema, models.FloatIndexParams):
        params = edge.FloatIndexParams()
    elif isinstance(schema, models.BoolIndexParams):
        params = edge.KeywordIndexParams()
    else:
        raise Refused(400, "this stand-in does not know that index")
    collection.shard.update(edge.UpdateOperation.create_field_index(asked.field_name, params))
    return {"operation_id": 0, "status": "completed"}


def upsert(collection, body):
    size = collection.config.vectors.size
    points = []
    for point in models.PointsList.model_validate(body).points:
        if len(point.vector) != size:
            raise Refused(400, f"Wrong input: Vector dimension error: expected dim: {size}, got {len(point.vector)}")
        payload = {key: spoken(value) for key, value in (point.payload or {}).items()}
        points.append(edge.Point(id=point.id, vector=point.vector, payload=payload))
    collection.shard.update(edge.UpdateOperation.upsert_points(points))
    return {"operation_id": 0, "status": "completed"}


def query(collection, body):
    asked = models.QueryRequest.model_validate(body)
    params = asked.params or models.SearchParams()
    found = collection.shard.query(
        edge.QueryRequest(
            query=edge.Query.Nearest([float(value) for value in asked.query]),
            limit=asked.limit if asked.limit is not None else 10,
            filter=told(asked.filter),
            with_payload=asked.with_payload,
            params=edge.SearchParams(hnsw_ef=params.hnsw_ef, exact=params.exact or False),
        )
    )
    points = [{"id": str(one.id), "version": one.version, "score": one.score, "payload": one.payload} for one in found]
    return {"points": points}


def count(collection, body):
    asked = models.CountRequest.model_validate(body)
    exact = asked.exact if asked.exact is not None else True
    return {"count": collection.shard.count(edge.CountRequest(filter=told(asked.filter), exact=exact))}


def delete(collection, body):
    asked = models.FilterSelector.model_validate(body)
    collection.shard.update(edge.UpdateOperation.delete_points_by_filter(told(asked.filter)))
    return {"operation_id": 0, "status": "completed"}


def info(collection):
    state = collection.shard.info()
    config = json.loads(collection.config.model_dump_json(exclude_none=True))
    return {
        # The engine here builds no index by itself: what is not indexed waits to be told to, as a server after a restart does.
        "status": "green" if getattr(collection, "told", False) else "grey",
        "optimizer_status": "ok",
        "points_count": state.points_count,
        "indexed_vectors_count": state.indexed_vectors_count,
        "segments_count": state.segments_count,
        "config": {"params": {"vectors": config["vectors"]}, "metadata": config.get("metadata")},
        "payload_schema": {
            field: {"data_type": str(schema.data_type).split(".")[-1].lower(), "points": schema.points}
            for field, schema in state.payload_schema.items()
        },
    }


def update(collection, body):
    models.UpdateCollection.model_validate(body)
    collection.shard.optimize()
    collection.told = True
    return True


ROUTES = {
    ("PUT", "index"): add_index,
    ("PUT", "points"): upsert,
    ("POST", "points/query"): query,
    ("POST", "points/count"): count,
    ("POST", "points/delete"): delete,
}
WRITES = {add_index, upsert, delete}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def answer(self, status, body):
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def result(self, method, path, asked, body):
        if path == ["collections"] and method == "GET":
            return {"collections": [{"name": name} for name in list(collections)]}
        if len(path) < 2 or path[0] != "collections":
            raise Refused(404, "Not found")
        name, rest = path[1], "/".join(path[2:])
        if method == "PUT" and rest == "":
            return create(name, body)
        collection = collections.get(name)
        if collection is None:
            raise Refused(404, f"Not found: Collection `{name}` doesn't exist!")
        if rest == "":
            handler = {"GET": lambda one, _: info(one), "PATCH": update}.get(method)
        else:
            handler = ROUTES.get((method, rest))
        if handler is None:
            raise Refused(404, "Not found")
        if handler in WRITES:
            if asked.get("wait") != ["true"]:
                raise Refused(400, "a write that is not waited for may be lost")
            collection.told = False
        with collection.lock:
            return handler(collection, body)

    def serve(self):
        size = int(self.headers.get("content-length") or 0)
        sent = self.rfile.read(size) if size <= MOST_BODY_BYTES else b""
        parts = urlsplit(self.path)
        path = [part for part in parts.path.split("/") if part]
        try:
            if size > MOST_BODY_BYTES:
                raise Refused(413, "Payload too large")
            if not path:
                return self.answer(200, {"title": "qdrant - vector search engine", "version": VERSION})
            if KEY and self.headers.get("api-key") != KEY:
                raise Refused(401, "Must provide an API key or an Authorization bearer token")
            body = json.loads(sent) if sent else None
            result = self.result(self.command, path, parse_qs(parts.query), body)
            self.answer(200, {"result": result, "status": "ok", "time": 0.0})
        except Refused as refused:
            self.answer(refused.status, {"status": {"error": str(refused)}, "time": 0.0})
        except ValueError as wrong:
            self.answer(400, {"status": {"error": f"Format error in JSON body: {wrong}"}, "time": 0.0})

    do_GET = do_PUT = do_POST = do_PATCH = serve


open_kept()
print("ready", flush=True)
ThreadingHTTPServer(("127.0.0.1", PORT), Handler).serve_forever()
