"""The test server refuses what the documented API does not have; a server that takes everything would prove nothing."""

import json
import tempfile
import threading
import unittest
import urllib.error
import urllib.request

from server import Server

COLLECTION = {"vectors": {"dense": {"size": 2, "distance": "Cosine"}}, "sparse_vectors": {"bm25": {"modifier": "idf"}}}
POINTS = "/collections/c/points"


class StrictnessTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.server = Server(0, cls.folder.name, "key")
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.ask(cls, "PUT", "/collections/c", COLLECTION)

    @classmethod
    def tearDownClass(cls):
        cls.server.shutdown()
        cls.server.server_close()
        cls.folder.cleanup()

    def ask(self, method, path, body=None, key="key"):
        """The status and the JSON, or the text, of the answer."""
        data = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.server.server_address[1]}{path}", data, {"api-key": key}, method=method)
        try:
            with urllib.request.urlopen(request) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                text = error.read().decode()
                return error.code, json.loads(text) if text.startswith("{") else text

    def test_what_is_wrong_is_an_error_in_the_documented_envelope(self):
        point = {"id": 1, "vector": {"dense": [1, 0]}}
        cases = [
            ("PUT", POINTS, b"{", 400),
            ("PUT", POINTS, {"points": [{**point, "vectors": {}}]}, 400),
            ("PUT", POINTS, {"points": [{**point, "id": "a"}]}, 400),
            ("PUT", POINTS, {"points": [{**point, "id": -1}]}, 400),
            ("PUT", POINTS, {"points": [{**point, "vector": {"dense": [1, "0"]}}]}, 400),
            ("PUT", POINTS, {"points": [{**point, "vector": {"dense": [1]}}]}, 400),
            ("PUT", POINTS, {"points": [{**point, "vector": {"other": [1, 0]}}]}, 400),
            ("PUT", POINTS, {"points": [{**point, "vector": {"bm25": {"indices": [1, 1], "values": [1, 1]}}}]}, 422),
            ("PUT", POINTS, {"points": [{**point, "vector": {"bm25": {"indices": [1], "values": []}}}]}, 422),
            ("PUT", POINTS, {"points": [{**point, "vector": {"bm25": {"indices": [2**32], "values": [1]}}}]}, 400),
            ("PUT", f"{POINTS}?wait=yes", {"points": [point]}, 400),
            ("PUT", f"{POINTS}?sync=true", {"points": [point]}, 400),
            ("POST", f"{POINTS}/query", {"query": [1, 0], "using": "dense", "with_vectors": True}, 400),
            ("POST", f"{POINTS}/query", {"query": [1, 0], "using": "other"}, 400),
            ("POST", f"{POINTS}/query", {"query": [1, 0], "using": "dense", "limit": 0}, 400),
            ("POST", f"{POINTS}/query", {"query": {"fusion": "rank"}}, 400),
            ("POST", f"{POINTS}/scroll", {"filter": {"must": [{"key": "a", "match": {"values": []}}]}}, 400),
            ("POST", f"{POINTS}/scroll", {"filter": {"must": [{"key": "a"}]}}, 400),
            ("POST", f"{POINTS}/scroll", {"filter": {"all": []}}, 400),
            ("POST", f"{POINTS}/count", {"exact": "yes"}, 400),
            ("POST", f"{POINTS}/search", {"vector": [1, 0], "limit": 1}, 404),
            ("POST", "/collections/none/points/count", {}, 404),
            ("PUT", "/collections/c", COLLECTION, 409),
            ("PUT", "/collections/d", {**COLLECTION, "vectors": {"dense": {"size": 2, "distance": "cosine"}}}, 400),
            ("PUT", "/collections/d", {**COLLECTION, "shards": 1}, 400),
            ("PUT", "/collections/a:b", COLLECTION, 422),
            ("PUT", "/collections/c/index", {"field_name": "a", "field_schema": "word"}, 400),
            ("POST", "/collections/aliases", {"actions": [{"create_alias": {"alias_name": "a"}}]}, 400),
            ("POST", "/collections/aliases", {"actions": [{"create_alias": {"alias_name": "c", "collection_name": "c"}}]}, 400),
            ("POST", "/collections/aliases", {"actions": [{"create_alias": {"alias_name": "a", "collection_name": "no"}}]}, 404),
            ("GET", "/collections/c/points", None, 405),
        ]
        for method, path, body, status in cases:
            with self.subTest(path=path, body=body):
                found, answer = self.ask(method, path, body)
                self.assertEqual(found, status, answer)
                self.assertIsInstance(answer["status"]["error"], str)
        self.assertEqual(self.ask("POST", f"{POINTS}/count", {"exact": True})[1]["result"], {"count": 0})

    def test_the_key_is_asked_for_everywhere_but_at_the_front(self):
        self.assertEqual(self.ask("GET", "/collections", key="other"), (401, "Invalid API key or JWT"))
        self.assertEqual(self.ask("GET", "/", key="other")[1]["version"], "1.19.0")

    def test_collections_points_and_aliases_outlast_the_server(self):
        with tempfile.TemporaryDirectory() as folder:
            first = Server(0, folder, None)
            first.store.create("x~y", dict(COLLECTION))
            first.store.find("x~y").upsert([{"id": 1, "vector": {"dense": [1.0, 0.0]}, "payload": {"a": "b"}}])
            first.store.change_aliases([{"create_alias": {"collection_name": "x~y", "alias_name": "x"}}])
            first.store.find("x").shard.close()
            first.server_close()
            second = Server(0, folder, None)
            self.assertEqual(second.store.find("x").count({}), {"count": 1})
            second.server_close()


if __name__ == "__main__":
    unittest.main()
