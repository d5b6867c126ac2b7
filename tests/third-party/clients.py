"""Practice AWS as clients that Espera's authors did not write see it: boto3 and the aws CLI.

Usage: clients.py ESPERA_BINARY [CHECK...]. Starts `espera cloud serve` on a free port and works against it.
Prints one line a check and `N passed, N failed` at the end.
"""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError, WaiterError

import doors
import hostile
import services
import shapes
import suite

HERE = os.path.dirname(os.path.abspath(__file__))
TEMPLATES = os.path.join(HERE, "..", "..", "assets", "templates")
FAST = {"Delay": 1, "MaxAttempts": 240}


class Server:
    def __init__(self, binary, *extra):
        self.binary = binary
        command = [binary, "cloud", "serve", "--port", "0", "--speed", "5000", "--lang", "en", *extra]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.printed = suite.exports(self.process.stdout)
        self.url = self.printed["AWS_ENDPOINT_URL"]
        self.key, self.secret = self.printed["AWS_ACCESS_KEY_ID"], self.printed["AWS_SECRET_ACCESS_KEY"]
        self.scratch = tempfile.mkdtemp(prefix="espera-clients-")
        self.found = shapes.Found()
        self.env = dict(
            os.environ,
            AWS_ACCESS_KEY_ID=self.key,
            AWS_SECRET_ACCESS_KEY=self.secret,
            AWS_DEFAULT_REGION="us-east-1",
            AWS_PAGER="",
            AWS_CONFIG_FILE="/nonexistent",
        )

    def client(self, name, region="us-east-1", protocol=None, secret=None):
        session = boto3.session.Session()
        if protocol:
            # botocore takes the first that it prefers of those the model names.
            model = session._loader.load_service_model(name, "service-2")
            model["metadata"]["protocols"] = [protocol]
        client = session.client(
            name,
            region_name=region,
            endpoint_url=self.url,
            aws_access_key_id=self.key,
            aws_secret_access_key=secret or self.secret,
            config=Config(retries={"max_attempts": 1}, read_timeout=20, s3={"addressing_style": "path"}),
        )
        return shapes.watch(client, self.found)

    def aws(self, *args, fails=False):
        done = self.run(*args)
        if fails:
            assert done.returncode != 0, "should have failed"
            return done.stderr
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if done.stdout.strip() else None

    def cli(self, *args):
        """What a command of the CLI prints that is no JSON."""
        done = self.run(*args)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def run(self, *args):
        command = [sys.executable, "-m", "awscli", "--endpoint-url", self.url, "--output", "json", *args]
        return subprocess.run(command, env=self.env, capture_output=True, text=True, timeout=120)


BUCKET = """
AWSTemplateFormatVersion: '2010-09-09'
Parameters:
  Stage: {Type: String, Default: one, AllowedValues: [one, two]}
Resources:
  Pages: {Type: 'AWS::S3::Bucket'}
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      AttributeDefinitions: [{AttributeName: id, AttributeType: S}]
      KeySchema: [{AttributeName: id, KeyType: HASH}]
      Tags: [{Key: stage, Value: !Ref Stage}]
Outputs:
  Bucket: {Value: !Ref Pages, Export: {Name: pages-bucket}}
  Table: {Value: !Ref Table}
"""

FAILING = """
Resources:
  First: {Type: 'AWS::S3::Bucket'}
  Bad:
    Type: AWS::RDS::DBCluster
    DependsOn: First
    Properties: {Engine: aurora-mysql, EngineVersion: 5.7.mysql_aurora.2.09.2, MasterUsername: admin, MasterUserPassword: longenough1}
"""


def refused(code, call, *args, **kwargs):
    try:
        call(*args, **kwargs)
    except ClientError as error:
        assert error.response["Error"]["Code"] == code, error
        return error.response["Error"]["Message"]
    raise AssertionError(f"{code} expected")


def a_stack_lives(s):
    cfn = s.client("cloudformation")
    made = cfn.create_stack(StackName="life", TemplateBody=BUCKET, Tags=[{"Key": "who", "Value": "me"}])
    assert made["StackId"].startswith("arn:aws:cloudformation:us-east-1:123456789012:stack/life/")
    cfn.get_waiter("stack_create_complete").wait(StackName="life", WaiterConfig=FAST)
    stack = cfn.describe_stacks(StackName="life")["Stacks"][0]
    outputs = {o["OutputKey"]: o["OutputValue"] for o in stack["Outputs"]}
    assert stack["StackStatus"] == "CREATE_COMPLETE" and stack["Tags"] == [{"Key": "who", "Value": "me"}]
    s.client("s3").put_object(Bucket=outputs["Bucket"], Key="a.txt", Body=b"hello")
    assert s.client("s3").get_object(Bucket=outputs["Bucket"], Key="a.txt")["Body"].read() == b"hello"
    table = s.client("dynamodb")
    table.put_item(TableName=outputs["Table"], Item={"id": {"S": "1"}, "n": {"N": "7"}})
    assert table.get_item(TableName=outputs["Table"], Key={"id": {"S": "1"}})["Item"]["n"] == {"N": "7"}


def events_come_newest_first_and_paged(s):
    cfn = s.client("cloudformation")
    pages = list(cfn.get_paginator("describe_stack_events").paginate(StackName="life"))
    events = [e for p in pages for e in p["StackEvents"]]
    times = [e["Timestamp"] for e in events]
    assert times == sorted(times, reverse=True)
    assert events[0]["ResourceStatus"] == "CREATE_COMPLETE" and events[0]["LogicalResourceId"] == "life"
    assert len({e["EventId"] for e in events}) == len(events)


def resources_are_listed(s):
    cfn = s.client("cloudformation")
    listed = cfn.list_stack_resources(StackName="life")["StackResourceSummaries"]
    assert {r["LogicalResourceId"] for r in listed} == {"Pages", "Table"}
    one = cfn.describe_stack_resource(StackName="life", LogicalResourceId="Pages")["StackResourceDetail"]
    assert one["ResourceType"] == "AWS::S3::Bucket"
    assert len(cfn.describe_stack_resources(StackName="life")["StackResources"]) == 2
    assert cfn.list_exports()["Exports"][0]["Name"] == "pages-bucket"
    summary = cfn.get_template_summary(StackName="life")
    assert sorted(summary["ResourceTypes"]) == ["AWS::DynamoDB::Table", "AWS::S3::Bucket"]
    assert "Pages" in str(cfn.get_template(StackName="life")["TemplateBody"])


def an_update_by_change_set(s):
    cfn = s.client("cloudformation")
    cfn.create_change_set(
        StackName="life",
        ChangeSetName="to-two",
        UsePreviousTemplate=True,
        Parameters=[{"ParameterKey": "Stage", "ParameterValue": "two"}],
    )
    cfn.get_waiter("change_set_create_complete").wait(StackName="life", ChangeSetName="to-two", WaiterConfig=FAST)
    set_ = cfn.describe_change_set(StackName="life", ChangeSetName="to-two")
    changes = [c["ResourceChange"] for c in set_["Changes"]]
    assert [(c["Action"], c["LogicalResourceId"]) for c in changes] == [("Modify", "Table")], changes
    assert "to-two" in [c["ChangeSetName"] for c in cfn.list_change_sets(StackName="life")["Summaries"]]
    cfn.execute_change_set(StackName="life", ChangeSetName="to-two")
    cfn.get_waiter("stack_update_complete").wait(StackName="life", WaiterConfig=FAST)
    stack = cfn.describe_stacks(StackName="life")["Stacks"][0]
    assert stack["Parameters"] == [{"ParameterKey": "Stage", "ParameterValue": "two"}]


def a_change_set_of_nothing_fails(s):
    cfn = s.client("cloudformation")
    cfn.create_change_set(
        StackName="life", ChangeSetName="nothing", UsePreviousTemplate=True,
        Parameters=[{"ParameterKey": "Stage", "UsePreviousValue": True}],
    )
    try:
        cfn.get_waiter("change_set_create_complete").wait(StackName="life", ChangeSetName="nothing", WaiterConfig=FAST)
        raise AssertionError("the waiter should fail")
    except WaiterError:
        pass
    reason = cfn.describe_change_set(StackName="life", ChangeSetName="nothing")["StatusReason"]
    assert "didn't contain changes" in reason, reason
    cfn.delete_change_set(StackName="life", ChangeSetName="nothing")
    message = refused("ValidationError", cfn.update_stack, StackName="life", UsePreviousTemplate=True,
                      Parameters=[{"ParameterKey": "Stage", "UsePreviousValue": True}])
    assert message == "No updates are to be performed.", message


def errors_are_those_of_aws(s):
    cfn = s.client("cloudformation")
    assert refused("ValidationError", cfn.describe_stacks, StackName="nope") == "Stack with id nope does not exist"
    refused("AlreadyExistsException", cfn.create_stack, StackName="life", TemplateBody=BUCKET)
    refused("ValidationError", cfn.create_stack, StackName="x", TemplateBody="not: a template")
    refused("ValidationError", cfn.create_stack, StackName="x", TemplateBody="A" * 51_201)
    refused("ValidationError", cfn.create_stack, StackName="x",
            TemplateBody=BUCKET, Parameters=[{"ParameterKey": "Stage", "ParameterValue": "three"}])
    cycle = '{"Resources":{"A":{"Type":"AWS::S3::Bucket","DependsOn":"B"},"B":{"Type":"AWS::S3::Bucket","DependsOn":"A"}}}'
    assert "Circular dependency" in refused("ValidationError", cfn.create_stack, StackName="x", TemplateBody=cycle)
    role = '{"Resources":{"R":{"Type":"AWS::IAM::Role","Properties":{"AssumeRolePolicyDocument":{}}}}}'
    refused("InsufficientCapabilitiesException", cfn.create_stack, StackName="x", TemplateBody=role)
    macro = '{"Transform":"AWS::Serverless-2016-10-31","Resources":{"A":{"Type":"AWS::S3::Bucket"}}}'
    try:
        cfn.create_stack(StackName="x", TemplateBody=macro)
        raise AssertionError("a transform should be refused")
    except ClientError:
        pass
    try:
        cfn.describe_stacks(StackName="nope")
    except ClientError as error:
        assert error.response["ResponseMetadata"]["HTTPStatusCode"] == 400
        assert error.response["ResponseMetadata"]["RequestId"]


def a_failure_rolls_back(s):
    cfn = s.client("cloudformation")
    cfn.create_stack(StackName="bad", TemplateBody=FAILING)
    try:
        cfn.get_waiter("stack_create_complete").wait(StackName="bad", WaiterConfig=FAST)
        raise AssertionError("the waiter should fail")
    except WaiterError as error:
        assert "ROLLBACK" in str(error)
    for _ in range(240):
        stack = cfn.describe_stacks(StackName="bad")["Stacks"][0]
        if stack["StackStatus"] == "ROLLBACK_COMPLETE":
            break
        time.sleep(0.25)
    assert stack["StackStatus"] == "ROLLBACK_COMPLETE", stack["StackStatus"]
    events = cfn.describe_stack_events(StackName="bad")["StackEvents"]
    failed = [e for e in events if e["ResourceStatus"] == "CREATE_FAILED"]
    assert failed[-1]["LogicalResourceId"] == "Bad" and failed[-1]["ResourceStatusReason"]
    refused("ValidationError", cfn.update_stack, StackName="bad", TemplateBody=BUCKET)
    cfn.delete_stack(StackName="bad")
    cfn.get_waiter("stack_delete_complete").wait(StackName="bad", WaiterConfig=FAST)


def a_stuck_rollback_goes_on(s):
    cfn, s3 = s.client("cloudformation"), s.client("s3")
    tagged = "Resources: {Pages: {Type: AWS::S3::Bucket, Properties: {Tags: [{Key: state, Value: %s}]}}}"
    cfn.create_stack(StackName="stuck", TemplateBody=tagged % "old")
    cfn.get_waiter("stack_create_complete").wait(StackName="stuck", WaiterConfig=FAST)
    pages = {"StackName": "stuck", "LogicalResourceId": "Pages"}
    resource = lambda: cfn.describe_stack_resource(**pages)["StackResourceDetail"]
    # Deleted by hand: it can be changed neither forward nor back.
    s3.delete_bucket(Bucket=resource()["PhysicalResourceId"])
    cfn.update_stack(StackName="stuck", TemplateBody=tagged % "new")
    for _ in range(240):
        stack = cfn.describe_stacks(StackName="stuck")["Stacks"][0]
        if stack["StackStatus"].endswith(("_FAILED", "_COMPLETE")):
            break
        time.sleep(0.1)
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_FAILED", stack
    assert resource()["ResourceStatus"] == "UPDATE_FAILED"
    message = refused("ValidationError", cfn.continue_update_rollback, StackName="stuck", ResourcesToSkip=["Other"])
    assert "UPDATE_FAILED" in message, message
    cfn.continue_update_rollback(StackName="stuck", ResourcesToSkip=["Pages"])
    cfn.get_waiter("stack_rollback_complete").wait(StackName="stuck", WaiterConfig=FAST)
    stack = cfn.describe_stacks(StackName="stuck")["Stacks"][0]
    assert stack["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE", stack
    cfn.delete_stack(StackName="stuck")
    cfn.get_waiter("stack_delete_complete").wait(StackName="stuck", WaiterConfig=FAST)


def termination_protection_holds(s):
    cfn = s.client("cloudformation")
    cfn.update_termination_protection(StackName="life", EnableTerminationProtection=True)
    refused("ValidationError", cfn.delete_stack, StackName="life")
    cfn.update_termination_protection(StackName="life", EnableTerminationProtection=False)


def a_full_bucket_keeps_its_stack(s):
    cfn = s.client("cloudformation")
    stack_id = cfn.describe_stacks(StackName="life")["Stacks"][0]["StackId"]
    bucket = cfn.describe_stack_resource(StackName="life", LogicalResourceId="Pages")
    bucket = bucket["StackResourceDetail"]["PhysicalResourceId"]
    cfn.delete_stack(StackName="life")
    try:
        cfn.get_waiter("stack_delete_complete").wait(StackName="life", WaiterConfig=FAST)
        raise AssertionError("the waiter should fail")
    except WaiterError as error:
        assert "DELETE_FAILED" in str(error)
    s.client("s3").delete_object(Bucket=bucket, Key="a.txt")
    cfn.delete_stack(StackName="life")
    cfn.get_waiter("stack_delete_complete").wait(StackName=stack_id, WaiterConfig=FAST)
    gone = cfn.describe_stacks(StackName=stack_id)["Stacks"][0]
    assert gone["StackStatus"] == "DELETE_COMPLETE" and gone["DeletionTime"]
    refused("ValidationError", cfn.describe_stacks, StackName="life")
    listed = cfn.list_stacks(StackStatusFilter=["DELETE_COMPLETE"])["StackSummaries"]
    assert stack_id in [x["StackId"] for x in listed]


def the_small_services_answer(s):
    assert s.client("sts").get_caller_identity()["Account"] == "123456789012"
    for region in ("us-east-1", "us-west-1"):
        zones = s.client("ec2", region).describe_availability_zones()["AvailabilityZones"]
        assert len(zones) >= 2 and all(z["ZoneName"].startswith(region) for z in zones)
        versions = s.client("rds", region).describe_db_engine_versions(Engine="aurora-mysql")["DBEngineVersions"]
        assert any("mysql_aurora.3.10." in v["EngineVersion"] for v in versions)
    assert {"us-east-1", "us-west-1"} <= {r["RegionName"] for r in s.client("ec2").describe_regions()["Regions"]}
    name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64"
    assert s.client("ssm").get_parameter(Name=name)["Parameter"]["Value"].startswith("ami-")


def the_cli_deploys_the_workshop(s):
    """The lessons' own commands, by the aws CLI, both Regions."""
    body = f"file://{os.path.join(TEMPLATES, 'unishop.yaml')}"
    caps = ["--capabilities", "CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]
    s.aws("cloudformation", "create-stack", "--stack-name", "unishop-primary", "--template-body", body, *caps,
          "--parameters", "ParameterKey=Role,ParameterValue=primary")
    cfn = s.client("cloudformation")
    cfn.get_waiter("stack_create_complete").wait(StackName="unishop-primary", WaiterConfig=FAST)
    s.aws("--region", "us-west-1", "cloudformation", "create-stack", "--stack-name", "unishop-standby",
          "--template-body", body, *caps, "--parameters", "ParameterKey=Role,ParameterValue=standby")
    west = s.client("cloudformation", "us-west-1")
    west.get_waiter("stack_create_complete").wait(StackName="unishop-standby", WaiterConfig=FAST)
    found = s.aws("rds", "describe-global-clusters", "--global-cluster-identifier", "unishop-global")
    members = found["GlobalClusters"][0]["GlobalClusterMembers"]
    assert len(members) == 2 and [m["IsWriter"] for m in members].count(True) == 1
    described = s.aws("cloudformation", "describe-stacks", "--stack-name", "unishop-primary")
    assert described["Stacks"][0]["StackStatus"] == "CREATE_COMPLETE"
    assert "does not exist" in s.aws("cloudformation", "describe-stacks", "--stack-name", "nope", fails=True)


def a_failover_moves_the_writer(s):
    rds = s.client("rds", "us-west-1")
    cluster = rds.describe_global_clusters(GlobalClusterIdentifier="unishop-global")["GlobalClusters"][0]
    target = next(m["DBClusterArn"] for m in cluster["GlobalClusterMembers"] if not m["IsWriter"])
    rds.failover_global_cluster(
        GlobalClusterIdentifier="unishop-global", TargetDbClusterIdentifier=target, AllowDataLoss=True
    )
    for _ in range(240):
        cluster = rds.describe_global_clusters(GlobalClusterIdentifier="unishop-global")["GlobalClusters"][0]
        writer = next(m["DBClusterArn"] for m in cluster["GlobalClusterMembers"] if m["IsWriter"])
        if writer == target and not cluster.get("FailoverState"):
            return
        time.sleep(0.25)
    raise AssertionError(cluster)


def a_foreign_host_is_refused(s):
    import urllib.request
    request = urllib.request.Request(s.url, headers={"Host": "evil.example.com"})
    try:
        urllib.request.urlopen(request, timeout=5)
        raise AssertionError("a foreign Host should be refused")
    except urllib.error.HTTPError as error:
        assert error.code in (400, 403, 421), error.code


CHECKS = [
    a_stack_lives, events_come_newest_first_and_paged, resources_are_listed, an_update_by_change_set,
    a_change_set_of_nothing_fails, errors_are_those_of_aws, a_failure_rolls_back, termination_protection_holds,
    a_stuck_rollback_goes_on, a_full_bucket_keeps_its_stack, the_small_services_answer, the_cli_deploys_the_workshop,
    a_failover_moves_the_writer, a_foreign_host_is_refused, *services.CHECKS, *doors.CHECKS,
]


def main():
    server = Server(sys.argv[1])

    def after():
        server.process.terminate()
        server.process.wait(timeout=20)
        shutil.rmtree(server.scratch, ignore_errors=True)

    def chosen(checks):
        wanted = [c for c in checks if not sys.argv[2:] or c.__name__ in sys.argv[2:]]
        return [(c.__name__, functools.partial(c, server)) for c in wanted]

    return suite.run(chosen(CHECKS), after, together=chosen(hostile.CHECKS))


if __name__ == "__main__":
    sys.exit(main())
