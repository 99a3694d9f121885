"""Signs random requests with botocore and prints one JSON document a line: what was signed, and the Authorization field.

    python botocore_signatures.py SEED COUNT
"""

import datetime
import json
import random
import sys
from unittest import mock
from urllib.parse import quote

import botocore.auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

LETTERS = "aZ09-._~ +%/é日🔥!$&'()*,;=:@?#[]\"<>\\|^`{}"


def text(chance, longest, letters=LETTERS):
    return "".join(chance.choice(letters) for _ in range(chance.randint(1, longest)))


def main():
    chance = random.Random(int(sys.argv[1]))
    for _ in range(int(sys.argv[2])):
        key, seconds = text(chance, 20), chance.randint(1_000_000_000, 4_000_000_000)
        query = [(text(chance, 6), text(chance, 6) if chance.random() < 0.8 else "") for _ in range(chance.randint(0, 4))]
        host = chance.choice(["s3.example.org", "127.0.0.1:7480", "bucket.s3.eu-west-1.amazonaws.com"])
        headers = [("x-amz-meta-" + text(chance, 5, "abz09-"), " " * chance.randint(0, 2) + text(chance, 8, "ab  cZ9/+=") + "  ")
                   for _ in range(chance.randint(0, 3))]
        headers = list(dict(headers).items())
        secret, session = text(chance, 30, "aB9/+="), chance.choice([None, text(chance, 30, "aB9/+=")])
        path = "/bucket/" + key
        encoded = "&".join(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in query)
        url = f"http://{host}{quote(path, safe='/-_.~')}" + (f"?{encoded}" if encoded else "")
        request = AWSRequest(method=chance.choice(["GET", "PUT", "HEAD", "DELETE", "POST"]), url=url, headers=dict(headers), data=b"")
        request.context["payload_signing_enabled"] = True
        moment = datetime.datetime.fromtimestamp(seconds, datetime.timezone.utc)
        with mock.patch.object(botocore.auth, "get_current_datetime", lambda *_, **__: moment):
            botocore.auth.S3SigV4Auth(Credentials("AKIDEXAMPLE", secret, session), "s3", "eu-test-1").add_auth(request)
        print(json.dumps({
            "method": request.method, "path": path, "query": query, "host": host, "headers": headers, "secret": secret,
            "session": session, "seconds": seconds, "hash": request.headers["X-Amz-Content-SHA256"],
            "authorization": request.headers["Authorization"]}))


if __name__ == "__main__":
    main()
