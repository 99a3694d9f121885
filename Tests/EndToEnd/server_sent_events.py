"""Reads a stream of server-sent events piece by piece, and can hang up in the middle."""

import http.client
import json
import socket
import urllib.parse


class EventStream:
    """One request whose reply is a stream. Iterating yields the JSON of each `data:` line; comments are kept aside."""

    def __init__(self, url, body=None, headers=None, timeout=120):
        parts = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=timeout)
        path = parts.path + ("?" + parts.query if parts.query else "")
        fields = {"Accept": "text/event-stream", **(headers or {})}
        try:
            if body is None:
                self.connection.request("GET", path, headers=fields)
            else:
                self.connection.request("POST", path, json.dumps(body).encode(), {"Content-Type": "application/json", **fields})
            self.reply = self.connection.getresponse()
        except BaseException:
            self.connection.close()
            raise
        self.status = self.reply.status
        self.headers = self.reply.headers
        self.comments = []
        self.other_fields = []
        self.is_done = False

    def __iter__(self):
        """- Raises OSError or http.client.HTTPException when the connection breaks."""
        while True:
            line = self.reply.readline()
            if not line:
                return
            if not line.endswith(b"\n"):
                raise ConnectionResetError("the stream broke off in the middle of a line")
            text = line.decode("utf-8").rstrip("\r\n")
            if text.startswith(":"):
                self.comments.append(text)
            elif text.startswith("data:"):
                data = text[5:].removeprefix(" ")
                if data == "[DONE]":
                    self.is_done = True
                else:
                    yield json.loads(data)
            elif text:
                self.other_fields.append(text)

    def hang_up(self):
        """Closes the connection at once."""
        if self.connection.sock:
            self.connection.sock.shutdown(socket.SHUT_RDWR)
        self.connection.close()
        self.reply.close()
