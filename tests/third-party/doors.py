"""The door as clients meet it: signatures of boto3, the aws CLI and curl, good ones and all kinds of bad ones, and
the control requests. Each check takes the server of clients.py."""

import base64
import datetime
import json
import os
import shutil
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

SERVICES = ["cloudformation", "rds", "sts", "cloudwatch", "ec2", "s3", "cloudfront", "dynamodb", "ssm", "secretsmanager"]
READS = {"cloudformation": "list_stacks", "rds": "describe_db_clusters", "sts": "get_caller_identity",
         "cloudwatch": "describe_alarms", "ec2": "describe_regions", "s3": "list_buckets", "cloudfront": "list_distributions",
         "dynamodb": "list_tables", "ssm": "get_parameters_by_path", "secretsmanager": "list_secrets"}
UNKNOWN = {"ec2": "AuthFailure", "cloudwatch": "UnrecognizedClientException", "s3": "InvalidAccessKeyId", "dynamodb": "UnrecognizedClientException",
           "ssm": "UnrecognizedClientException", "secretsmanager": "UnrecognizedClientException"}
WRONG = {"ec2": "AuthFailure", "cloudwatch": "InvalidSignatureException", "dynamodb": "InvalidSignatureException", "ssm": "InvalidSignatureException",
         "secretsmanager": "InvalidSignatureException"}


def read(client, service):
    return getattr(client, READS[service])(**({"Path": "/"} if service == "ssm" else {}))


def client(s, service, key=None, secret=None, token=None, **config):
    config = Config(retries={"max_attempts": 0}, s3={"addressing_style": "path"}, **config)
    return boto3.client(service, region_name="us-east-1", endpoint_url=s.url, aws_access_key_id=key or s.key,
                        aws_secret_access_key=secret or s.secret, aws_session_token=token, config=config)


def code(call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except ClientError as error:
        return error.response["Error"]["Code"]
    raise AssertionError("it was let in")


def asked(url, method="GET", body=None, headers=None):
    # A content type that urllib makes up would have to be signed.
    headers = headers or ({"Content-Type": ""} if body else {})
    try:
        answer = urllib.request.urlopen(urllib.request.Request(url, body, headers, method=method), timeout=10)
        return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def strange_keys_are_refused_in_each_services_words(s):
    for service in SERVICES:
        read(client(s, service), service)
        stranger = client(s, service, key="AKIAIOSFODNN7EXAMPLE")
        assert code(read, stranger, service) == UNKNOWN.get(service, "InvalidClientTokenId"), service
        forged = client(s, service, secret="espera-practice-secret")
        assert code(read, forged, service) == WRONG.get(service, "SignatureDoesNotMatch"), service


def a_session_is_let_in_and_a_made_up_one_is_not(s):
    made = client(s, "sts").get_session_token()["Credentials"]
    session = dict(key=made["AccessKeyId"], secret=made["SecretAccessKey"], token=made["SessionToken"])
    for service in SERVICES:
        read(client(s, service, **session), service)
    role = client(s, "sts").assume_role(RoleArn="arn:aws:iam::123456789012:role/r", RoleSessionName="me")["Credentials"]
    client(s, "s3", role["AccessKeyId"], role["SecretAccessKey"], role["SessionToken"]).list_buckets()
    assert code(client(s, "s3", **{**session, "token": "made-up"}).list_buckets) == "InvalidToken"
    assert code(client(s, "sts", token="a-real-token").get_caller_identity) == "InvalidClientTokenId"


def objects_of_every_kind_of_name_and_signature(s):
    for version in ("s3v4", "s3"):
        s3 = client(s, "s3", signature_version="s3v4")
        s3.create_bucket(Bucket=f"names-{version}")
        for key in ["plain.txt", "with space", "a+b=c&d", "ñandú/日本.txt", "a//b/./c", "tilde~!*'()", "100%", "q?x#y", "colon:at@"]:
            body = f"<{key}>".encode()
            s3.put_object(Bucket=f"names-{version}", Key=key, Body=body, Metadata={"note": "two  spaces"})
            assert s3.get_object(Bucket=f"names-{version}", Key=key)["Body"].read() == body, key
            presigner = client(s, "s3", signature_version=version)
            for operation, method in (("get_object", "GET"), ("put_object", "PUT")):
                link = presigner.generate_presigned_url(operation, Params={"Bucket": f"names-{version}", "Key": key}, ExpiresIn=60)
                status, text = asked(link, method, body if method == "PUT" else None)
                assert status == 200, (version, operation, key, status, text)
            # What a signature names cannot be changed.
            status, text = asked(link, "DELETE")
            assert status == 403 and "SignatureDoesNotMatch" in text, (version, key, status, text)
        listed = s3.list_objects_v2(Bucket=f"names-{version}", Prefix="a+b", Delimiter="&")
        assert listed["CommonPrefixes"] == [{"Prefix": "a+b=c&"}], listed


def presigned_urls_end_when_they_say(s):
    s3 = client(s, "s3", signature_version="s3v4")
    s3.create_bucket(Bucket="ends")
    s3.put_object(Bucket="ends", Key="a", Body=b"x")
    link = s3.generate_presigned_url("get_object", Params={"Bucket": "ends", "Key": "a"}, ExpiresIn=1)
    parts = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(link).query))
    # Judged by the clock of the clients: a link of yesterday is over, whatever the practice time.
    yesterday = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=1)
    old = link.replace(parts["X-Amz-Date"], yesterday.strftime("%Y%m%dT%H%M%SZ")).replace(
        parts["X-Amz-Credential"].split("/")[1], yesterday.strftime("%Y%m%d"))
    status, text = asked(old)
    assert status == 403 and "<Message>Request has expired</Message>" in text, text
    older = client(s, "s3", signature_version="s3").generate_presigned_url("get_object", Params={"Bucket": "ends", "Key": "a"})
    expires = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(older).query))["Expires"]
    assert asked(older)[0] == 200
    assert "Request has expired" in asked(older.replace(expires, "1000000000"))[1]


def the_cli_streams_and_waits(s):
    folder = os.path.join(s.scratch, "stream")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "big.bin"), "wb") as big:
        big.write(os.urandom(20 << 20))
    s.aws("s3api", "create-bucket", "--bucket", "streamed")
    s.cli("s3", "cp", os.path.join(folder, "big.bin"), "s3://streamed/big.bin")
    s.cli("s3", "cp", "s3://streamed/big.bin", os.path.join(folder, "back.bin"))
    with open(os.path.join(folder, "big.bin"), "rb") as one, open(os.path.join(folder, "back.bin"), "rb") as other:
        assert one.read() == other.read()
    told = subprocess.run([sys.executable, "-m", "awscli", "--endpoint-url", s.url, "sts", "get-caller-identity"],
                          env={**s.env, "AWS_SECRET_ACCESS_KEY": "no"}, capture_output=True, text=True, timeout=60)
    assert told.returncode != 0 and "SignatureDoesNotMatch" in told.stderr, told.stderr


def curl_signs_too(s):
    curl = shutil.which("curl")
    assert curl, "curl is not installed"
    user = ["--silent", "--show-error", "--user", f"{s.key}:{s.secret}"]

    def run(*args):
        done = subprocess.run([curl, *user, *args], capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
        return done.stdout

    sts = run("--aws-sigv4", "aws:amz:us-east-1:sts", "--data", "Action=GetCallerIdentity&Version=2011-06-15", s.url)
    assert "123456789012" in sts, sts
    tables = run("--aws-sigv4", "aws:amz:us-east-1:dynamodb", "--header", "X-Amz-Target: DynamoDB_20120810.ListTables",
                 "--header", "Content-Type: application/x-amz-json-1.0", "--data", "{}", s.url)
    assert "TableNames" in tables, tables
    # Orders to Espera: signed, or with the keys as they are.
    assert '"broken_regions":["us-west-2"]' in run("--request", "POST", f"{s.url}/_espera/regions/us-west-2/break")
    mend = run("--aws-sigv4", "aws:amz:us-east-1:espera", "--request", "POST", f"{s.url}/_espera/regions/us-west-2/mend")
    assert '"broken_regions":[]' in mend, mend


def control_requests_are_as_documented(s):
    status, health = asked(f"{s.url}/_espera/health")
    assert status == 200 and json.loads(health)["version"] == 1, health
    pair = base64.b64encode(f"{s.key}:{s.secret}".encode()).decode()
    keys = {"Authorization": f"Basic {pair}"}
    assert asked(f"{s.url}/_espera/clock/pause", "POST")[0] == 403
    for path, paused in (("clock/pause", True), ("clock/advance/90", True), ("clock/resume", False)):
        status, text = asked(f"{s.url}/_espera/{path}", "POST", headers=keys)
        assert status == 200 and json.loads(text)["clock"]["paused"] is paused, (path, status, text)
    for method, path in (("POST", "faults/api"), ("DELETE", "faults/api")):
        assert asked(f"{s.url}/_espera/{path}", method)[0] == 403, path
        assert asked(f"{s.url}/_espera/{path}", method, headers=keys)[0] == 200, path


def what_is_printed_is_all_a_client_needs(s):
    for name in ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION",
                 "AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE", "ESPERA_TEMPLATES", "ESPERA_PAGES"):
        assert s.printed.get(name), f"{name} is not printed"
    assert os.path.exists(os.path.join(s.printed["ESPERA_TEMPLATES"], "unishop.yaml"))
    assert os.path.exists(os.path.join(s.printed["ESPERA_PAGES"], "index.html"))


CHECKS = [
    what_is_printed_is_all_a_client_needs, strange_keys_are_refused_in_each_services_words,
    a_session_is_let_in_and_a_made_up_one_is_not, objects_of_every_kind_of_name_and_signature,
    presigned_urls_end_when_they_say, the_cli_streams_and_waits, curl_signs_too, control_requests_are_as_documented,
]
