"""Signature Version 4 in the standard library alone, for suites that have no SDK. Written from AWS's documentation
and not from Espera's verification, so that each proves the other."""

import datetime
import hashlib
import hmac
from urllib.parse import quote, urlsplit


def key(secret, date, region, service):
    made = f"AWS4{secret}".encode()
    for part in (date, region, service, "aws4_request"):
        made = hmac.new(made, part.encode(), hashlib.sha256).digest()
    return made


def headers(keys, service, region, method, url, body=b"", more=(), now=None):
    """The headers of a signed request; `keys` are access key and secret, `url` has the host as it is sent."""
    access_key, secret = keys
    where = urlsplit(url)
    now = now or datetime.datetime.now(datetime.timezone.utc)
    stamp = now.strftime("%Y%m%dT%H%M%SZ")
    body = body.encode() if isinstance(body, str) else body or b""
    payload = hashlib.sha256(body).hexdigest()
    signed = {"host": where.netloc, "x-amz-date": stamp, **{name.lower(): value for name, value in more}}
    if service == "s3":
        signed["x-amz-content-sha256"] = payload
    names = ";".join(sorted(signed))
    path = where.path or "/"
    canonical = "\n".join([
        method, path if service == "s3" else quote(path, safe="/~"), "&".join(sorted(where.query.split("&"))),
        *[f"{name}:{' '.join(signed[name].split())}" for name in sorted(signed)], "", names, payload])
    scope = f"{stamp[:8]}/{region}/{service}/aws4_request"
    text = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signature = hmac.new(key(secret, stamp[:8], region, service), text.encode(), hashlib.sha256).hexdigest()
    signed["Authorization"] = f"AWS4-HMAC-SHA256 Credential={access_key}/{scope}, SignedHeaders={names}, Signature={signature}"
    del signed["host"]  # the client sends it
    return signed
