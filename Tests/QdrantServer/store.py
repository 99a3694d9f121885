"""All collections of a data folder, and the aliases."""

import json
import os
import re
import threading
import urllib.parse

import qdrant_edge as engine
import translation
import wire_error
from collection import Collection, write_atomically

FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f]')


class Store:
    def __init__(self, folder):
        self.folder = folder
        self.lock = threading.RLock()
        self.collections = {}
        os.makedirs(os.path.join(folder, "collections"), exist_ok=True)
        for entry in sorted(os.listdir(os.path.join(folder, "collections"))):
            if os.path.exists(os.path.join(folder, "collections", entry, "collection.json")):
                self.collections[urllib.parse.unquote(entry)] = Collection.load(os.path.join(folder, "collections", entry))
        self.aliases = {}
        if os.path.exists(self.alias_file):
            with open(self.alias_file) as file:
                self.aliases = json.load(file)

    @property
    def alias_file(self):
        return os.path.join(self.folder, "aliases.json")

    def find(self, name):
        """The collection of that name or alias."""
        with self.lock:
            found = self.collections.get(self.aliases.get(name, name))
        if found is None:
            raise wire_error.no_collection(name)
        return found

    def list(self):
        with self.lock:
            return {"collections": [{"name": name} for name in sorted(self.collections)]}

    def exists(self, name):
        with self.lock:
            return {"exists": self.aliases.get(name, name) in self.collections}

    def create(self, name, body):
        with self.lock:
            if not name or len(name) > 255 or FORBIDDEN.search(name):
                raise wire_error.WireError(422, f"Validation error: collection name `{name}` is not valid")
            if name in self.collections or name in self.aliases:
                raise wire_error.WireError(409, f"Wrong input: Collection `{name}` already exists!")
            folder = os.path.join(self.folder, "collections", urllib.parse.quote(name, safe=""))
            try:
                self.collections[name] = Collection.create(folder, body)
            except wire_error.WireError:
                raise
            except Exception as error:
                raise wire_error.WireError(400, f"Wrong input: {error}") from error
            return True

    def patch(self, name, body):
        collection = self.find(name)
        with collection.lock:
            collection.body.update(body)
            collection.save()
        return True

    def drop(self, name):
        with self.lock:
            collection = self.collections.pop(self.aliases.get(name, name), None)
            if collection is None:
                return False
            kept = {alias: target for alias, target in self.aliases.items() if target in self.collections}
            self.save_aliases(kept)
            collection.drop()
            return True

    def all_aliases(self, of=None):
        with self.lock:
            return {"aliases": [
                {"alias_name": alias, "collection_name": target}
                for alias, target in sorted(self.aliases.items()) if of is None or target == of]}

    def change_aliases(self, actions):
        """All of them or none."""
        with self.lock:
            aliases = dict(self.aliases)
            for action in actions:
                (kind, body), = action.items()
                if kind == "create_alias":
                    if body["collection_name"] not in self.collections:
                        raise wire_error.no_collection(body["collection_name"])
                    if body["alias_name"] in self.collections:
                        raise wire_error.WireError(400, f"Wrong input: Collection `{body['alias_name']}` already exists!")
                    aliases[body["alias_name"]] = body["collection_name"]
                elif kind == "delete_alias":
                    aliases.pop(body["alias_name"], None)
                else:
                    if body["old_alias_name"] not in aliases:
                        raise wire_error.WireError(404, f"Not found: Alias {body['old_alias_name']} does not exists!")
                    aliases[body["new_alias_name"]] = aliases.pop(body["old_alias_name"])
            self.save_aliases(aliases)
            return True

    def save_aliases(self, aliases):
        write_atomically(self.alias_file, json.dumps(aliases))
        self.aliases = aliases

    # Points

    def delete(self, name, body):
        filter_, points = body.get("filter"), body.get("points")
        operation = (engine.UpdateOperation.delete_points(points) if filter_ is None
                     else engine.UpdateOperation.delete_points_by_filter(translation.filter_(filter_)))
        return self.find(name).update(operation)

    def set_payload(self, name, body):
        payload = body["payload"]
        operation = (engine.UpdateOperation.set_payload(body["points"], payload) if body.get("points") is not None
                     else engine.UpdateOperation.set_payload_by_filter(translation.filter_(body["filter"]), payload))
        return self.find(name).update(operation)
