"""One signed request to the S3 server of the tests, independent of the program under test."""

import datetime
import hashlib
import hmac
import os
import urllib.error
import urllib.parse
import urllib.request

ENDPOINT = os.environ.get("S3_ENDPOINT", "")
KEY, SECRET = os.environ.get("S3_ACCESS_KEY", ""), os.environ.get("S3_SECRET_KEY", "")


def s3(method, path, query=(), body=b"", content_type=None):
    host = urllib.parse.urlsplit(ENDPOINT).netloc
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    encoded = urllib.parse.quote(path, safe="/-_.~")
    pairs = "&".join(sorted(f"{urllib.parse.quote(name, safe='-_.~')}={urllib.parse.quote(value, safe='-_.~')}" for name, value in query))
    hashed = hashlib.sha256(body).hexdigest()
    canonical = f"{method}\n{encoded}\n{pairs}\nhost:{host}\nx-amz-content-sha256:{hashed}\nx-amz-date:{now}\n\nhost;x-amz-content-sha256;x-amz-date\n{hashed}"
    scope = f"{now[:8]}/us-east-1/s3/aws4_request"
    key = b"AWS4" + SECRET.encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = f"AWS4-HMAC-SHA256\n{now}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    request = urllib.request.Request(f"{ENDPOINT}{encoded}" + (f"?{pairs}" if pairs else ""), data=body or None, method=method, headers={
        "x-amz-date": now, "x-amz-content-sha256": hashed, "Content-Type": content_type or "application/octet-stream",
        "Authorization": f"AWS4-HMAC-SHA256 Credential={KEY}/{scope}, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature={signature}"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as reply:
            return reply.read()
    except urllib.error.HTTPError as error:
        with error:
            raise AssertionError(f"{method} {path}: {error.code} {error.read()[:500]}") from None
