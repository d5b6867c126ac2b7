"""More of practice AWS through boto3 and the aws CLI: paging with small pages, waiters, errors with
their HTTP status, and the services beside CloudFormation. Run by clients.py."""

import http.client
import json
import os
import time
import urllib.error
import urllib.request

from botocore.exceptions import ClientError, WaiterError

FAST = {"Delay": 1, "MaxAttempts": 240}
MANY = 120


def refusal(status, code, call, *args, **kwargs):
    """The message of the error that `call` must end with."""
    try:
        call(*args, **kwargs)
    except ClientError as error:
        got = (error.response["ResponseMetadata"]["HTTPStatusCode"], error.response["Error"]["Code"])
        assert got == (status, code), f"{got} instead of {(status, code)}: {error}"
        assert error.response["ResponseMetadata"]["RequestId"], error.response
        return error.response["Error"]["Message"] if "Message" in error.response["Error"] else ""
    raise AssertionError(f"{code} expected")


def paged(client, operation, key, size=None, **given):
    """All pages of an operation: how many there were and everything under `key`."""
    config = {} if size is None else {"PageSize": size}
    pages = list(client.get_paginator(operation).paginate(PaginationConfig=config, **given))
    found = []
    for page in pages:
        part = page
        for name in key.split("."):
            part = part.get(name, [])
        found += part
    return len(pages), found


HANDLES = json.dumps({
    "Parameters": {"More": {"Type": "String", "Default": "no"}},
    "Conditions": {"More": {"Fn::Equals": [{"Ref": "More"}, "yes"]}},
    "Resources": {
        **{f"H{n:03}": {"Type": "AWS::CloudFormation::WaitConditionHandle"} for n in range(MANY)},
        **{f"M{n:03}": {"Type": "AWS::SSM::Parameter", "Condition": "More",
                        "Properties": {"Type": "String", "Value": "v"}} for n in range(MANY)},
    },
    "Outputs": {f"O{n:03}": {"Value": str(n), "Export": {"Name": f"many-{n:03}"}} for n in range(MANY)},
})


def cloudformation_pages(s):
    cfn = s.client("cloudformation")
    cfn.create_stack(StackName="many", TemplateBody=HANDLES)
    cfn.get_waiter("stack_exists").wait(StackName="many", WaiterConfig=FAST)
    cfn.get_waiter("stack_create_complete").wait(StackName="many", WaiterConfig=FAST)
    count, events = paged(cfn, "describe_stack_events", "StackEvents", StackName="many")
    assert count >= 3 and len({e["EventId"] for e in events}) == len(events) >= 2 * MANY, (count, len(events))
    count, resources = paged(cfn, "list_stack_resources", "StackResourceSummaries", StackName="many")
    assert count >= 2 and len({r["LogicalResourceId"] for r in resources}) == MANY, (count, len(resources))
    count, exports = paged(cfn, "list_exports", "Exports")
    assert count >= 2 and len({e["Name"] for e in exports}) == len(exports) >= MANY, (count, len(exports))
    cfn.create_change_set(StackName="many", ChangeSetName="more", UsePreviousTemplate=True,
                          Parameters=[{"ParameterKey": "More", "ParameterValue": "yes"}])
    cfn.get_waiter("change_set_create_complete").wait(StackName="many", ChangeSetName="more", WaiterConfig=FAST)
    count, changes = paged(cfn, "describe_change_set", "Changes", StackName="many", ChangeSetName="more")
    assert len({c["ResourceChange"]["LogicalResourceId"] for c in changes}) == MANY, (count, len(changes))
    assert count >= 2, "a hundred and twenty changes are two pages"
    for n in range(3):
        cfn.create_change_set(StackName="many", ChangeSetName=f"also-{n}", UsePreviousTemplate=True,
                              Parameters=[{"ParameterKey": "More", "ParameterValue": "yes"}])
    _, sets = paged(cfn, "list_change_sets", "Summaries", StackName="many")
    assert {"more", "also-0", "also-1", "also-2"} == {c["ChangeSetName"] for c in sets}
    refusal(404, "ChangeSetNotFound", cfn.describe_change_set, StackName="many", ChangeSetName="none")


def many_stacks_are_many_pages(s):
    cfn = s.client("cloudformation", "us-west-1")
    one = json.dumps({"Resources": {"H": {"Type": "AWS::CloudFormation::WaitConditionHandle"}}})
    names = {f"small-{n:03}" for n in range(MANY)}
    for name in sorted(names):
        cfn.create_stack(StackName=name, TemplateBody=one)
    cfn.get_waiter("stack_create_complete").wait(StackName=max(names), WaiterConfig=FAST)
    count, stacks = paged(cfn, "describe_stacks", "Stacks")
    assert count >= 2 and {x["StackName"] for x in stacks} >= names, (count, len(stacks))
    assert len({x["StackId"] for x in stacks}) == len(stacks)
    count, listed = paged(cfn, "list_stacks", "StackSummaries", StackStatusFilter=["CREATE_COMPLETE"])
    assert count >= 2 and {x["StackName"] for x in listed} >= names, (count, len(listed))
    some = s.aws("--region", "us-west-1", "cloudformation", "list-stacks", "--max-items", "7")
    assert len(some["StackSummaries"]) == 7 and some["NextToken"]
    rest = s.aws("--region", "us-west-1", "cloudformation", "list-stacks", "--starting-token", some["NextToken"])
    assert not {x["StackId"] for x in some["StackSummaries"]} & {x["StackId"] for x in rest["StackSummaries"]}
    refusal(400, "ValidationError", cfn.describe_stacks, NextToken="made-up")


def an_update_that_fails_rolls_back(s):
    cfn = s.client("cloudformation")
    good = {"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"DisplayName": "one"}}}}
    bad = json.loads(json.dumps(good))
    bad["Resources"]["A"]["Properties"]["DisplayName"] = "two"
    bad["Resources"]["B"] = {
        "Type": "AWS::RDS::DBCluster", "DependsOn": "A",
        "Properties": {"Engine": "aurora-mysql", "EngineVersion": "5.7.mysql_aurora.2.09.2",
                       "MasterUsername": "admin", "MasterUserPassword": "longenough1"}}
    cfn.create_stack(StackName="turn", TemplateBody=json.dumps(good))
    cfn.get_waiter("stack_create_complete").wait(StackName="turn", WaiterConfig=FAST)
    cfn.update_stack(StackName="turn", TemplateBody=json.dumps(bad))
    try:
        cfn.get_waiter("stack_update_complete").wait(StackName="turn", WaiterConfig=FAST)
        raise AssertionError("the waiter should fail")
    except WaiterError as error:
        assert "UPDATE_ROLLBACK" in str(error) or "UPDATE_FAILED" in str(error), error
    cfn.get_waiter("stack_rollback_complete").wait(StackName="turn", WaiterConfig=FAST)
    assert cfn.describe_stacks(StackName="turn")["Stacks"][0]["StackStatus"] == "UPDATE_ROLLBACK_COMPLETE"
    s.aws("cloudformation", "delete-stack", "--stack-name", "turn")
    s.aws("cloudformation", "wait", "stack-delete-complete", "--stack-name", "turn")


def the_cli_deploys_and_waits(s):
    """`deploy` makes a change set, executes it and waits; without changes it says so."""
    path = os.path.join(s.scratch, "deploy.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write("Parameters:\n  Name: {Type: String, Default: first}\n"
                   "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties: {DisplayName: !Ref Name}\n"
                   "Outputs:\n  Arn: {Value: !Ref Topic}\n")
    deploy = ["cloudformation", "deploy", "--stack-name", "deployed", "--template-file", path]
    assert "Successfully created/updated stack" in s.cli(*deploy, "--tags", "who=me")
    tags = s.aws("cloudformation", "describe-stacks", "--stack-name", "deployed")["Stacks"][0]["Tags"]
    assert tags == [{"Key": "who", "Value": "me"}], tags
    assert "Successfully created/updated stack" in s.cli(*deploy, "--parameter-overrides", "Name=second")
    # The CLI names change sets by the second; here a whole deploy fits in one.
    time.sleep(1.1)
    assert "No changes to deploy" in s.cli(*deploy, "--no-fail-on-empty-changeset")
    time.sleep(1.1)
    assert "No changes to deploy" in s.aws(*deploy, "--fail-on-empty-changeset", fails=True)
    s.aws("cloudformation", "wait", "stack-update-complete", "--stack-name", "deployed")
    s.aws("cloudformation", "wait", "stack-exists", "--stack-name", "deployed")
    stack = s.aws("cloudformation", "describe-stacks", "--stack-name", "deployed")["Stacks"][0]
    assert stack["StackStatus"] == "UPDATE_COMPLETE", stack["StackStatus"]
    s.aws("cloudformation", "validate-template", "--template-body", f"file://{path}")
    s.aws("cloudformation", "delete-stack", "--stack-name", "deployed")
    s.aws("cloudformation", "wait", "stack-delete-complete", "--stack-name", "deployed")
    assert "does not exist" in s.aws("cloudformation", "describe-stacks", "--stack-name", "deployed", fails=True)


def dynamodb_pages_and_waits(s):
    db = s.client("dynamodb")
    for n in range(5):
        db.create_table(
            TableName=f"pages-{n}", BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "who", "AttributeType": "S"},
                                  {"AttributeName": "at", "AttributeType": "N"}],
            KeySchema=[{"AttributeName": "who", "KeyType": "HASH"}, {"AttributeName": "at", "KeyType": "RANGE"}])
    for n in range(5):
        db.get_waiter("table_exists").wait(TableName=f"pages-{n}", WaiterConfig=FAST)
    for start in range(0, 50, 25):
        put = [{"PutRequest": {"Item": {"who": {"S": f"w{n % 2}"}, "at": {"N": str(n)}, "odd": {"BOOL": n % 2 == 1}}}}
               for n in range(start, start + 25)]
        assert not db.batch_write_item(RequestItems={"pages-0": put})["UnprocessedItems"]
    count, items = paged(db, "scan", "Items", 3, TableName="pages-0")
    assert count >= 17 and len({i["at"]["N"] for i in items}) == 50, (count, len(items))
    of_one = {"TableName": "pages-0", "KeyConditionExpression": "who = :w",
              "ExpressionAttributeValues": {":w": {"S": "w1"}}}
    count, items = paged(db, "query", "Items", 4, **of_one)
    assert count >= 7 and [int(i["at"]["N"]) for i in items] == list(range(1, 50, 2)), (count, items)
    _, items = paged(db, "query", "Items", 4, ScanIndexForward=False, **of_one)
    assert [int(i["at"]["N"]) for i in items] == list(range(49, 0, -2))
    count, names = paged(db, "list_tables", "TableNames", 2)
    assert count >= 3 and {f"pages-{n}" for n in range(5)} <= set(names), (count, names)
    segments = [paged(db, "scan", "Items", 5, TableName="pages-0", Segment=n, TotalSegments=3)[1] for n in range(3)]
    assert sum(map(len, segments)) == 50
    refusal(400, "ConditionalCheckFailedException", db.put_item, TableName="pages-0",
            Item={"who": {"S": "w1"}, "at": {"N": "1"}}, ConditionExpression="attribute_not_exists(who)")
    refusal(400, "ResourceNotFoundException", db.describe_table, TableName="nowhere")
    refusal(400, "ValidationException", db.get_item, TableName="pages-0", Key={"who": {"S": "w1"}})
    refusal(400, "ResourceInUseException", db.create_table, TableName="pages-0", BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}])
    cancelled = refusal(400, "TransactionCanceledException", db.transact_write_items, TransactItems=[
        {"Put": {"TableName": "pages-0", "Item": {"who": {"S": "w1"}, "at": {"N": "1"}},
                 "ConditionExpression": "attribute_not_exists(who)"}}])
    assert "ConditionalCheckFailed" in cancelled
    for n in range(1, 5):
        db.delete_table(TableName=f"pages-{n}")
        db.get_waiter("table_not_exists").wait(TableName=f"pages-{n}", WaiterConfig=FAST)


def dynamodb_by_the_cli(s):
    key = {"who": {"S": "cli"}, "at": {"N": "1"}}
    item = {**key, "word": {"S": "ñandú «uno»"}, "raw": {"B": "AAEC"}, "set": {"SS": ["a", "b"]}}
    s.aws("dynamodb", "put-item", "--table-name", "pages-0", "--item", json.dumps(item))
    got = s.aws("dynamodb", "get-item", "--table-name", "pages-0", "--key", json.dumps(key))["Item"]
    assert got["word"] == item["word"] and sorted(got["set"]["SS"]) == ["a", "b"], got
    all_ = s.aws("dynamodb", "scan", "--table-name", "pages-0", "--page-size", "7")
    assert all_["Count"] == 51, all_["Count"]
    part = s.aws("dynamodb", "query", "--table-name", "pages-0", "--max-items", "3", "--page-size", "2",
                 "--key-condition-expression", "who = :w", "--expression-attribute-values", '{":w":{"S":"w0"}}')
    assert len(part["Items"]) == 3 and part["NextToken"], part
    changed = s.aws("dynamodb", "update-item", "--table-name", "pages-0", "--key", json.dumps(key),
                    "--update-expression", "SET n = if_not_exists(n, :z) + :one REMOVE word", "--return-values",
                    "ALL_NEW", "--expression-attribute-values", '{":z":{"N":"0"},":one":{"N":"1"}}')["Attributes"]
    assert changed["n"] == {"N": "1"} and "word" not in changed
    assert "ResourceNotFoundException" in s.aws("dynamodb", "describe-table", "--table-name", "none", fails=True)
    s.aws("dynamodb", "delete-table", "--table-name", "pages-0")
    s.aws("dynamodb", "wait", "table-not-exists", "--table-name", "pages-0")


def s3_pages_and_waits(s):
    s3 = s.client("s3")
    s3.create_bucket(Bucket="pages-of-objects")
    s3.get_waiter("bucket_exists").wait(Bucket="pages-of-objects", WaiterConfig=FAST)
    keys = sorted([f"a/{n:02}.txt" for n in range(7)] + [f"b/ñ {n}&<.txt" for n in range(5)] + ["root.txt"])
    for key in keys:
        s3.put_object(Bucket="pages-of-objects", Key=key, Body=key.encode(), ContentType="text/plain",
                      Metadata={"kind": "test"})
    s3.get_waiter("object_exists").wait(Bucket="pages-of-objects", Key="root.txt", WaiterConfig=FAST)
    for operation in ("list_objects_v2", "list_objects"):
        count, objects = paged(s3, operation, "Contents", 3, Bucket="pages-of-objects")
        assert count == 5 and [o["Key"] for o in objects] == keys, (operation, count, [o["Key"] for o in objects])
        pages = list(s3.get_paginator(operation).paginate(
            Bucket="pages-of-objects", Delimiter="/", PaginationConfig={"PageSize": 1}))
        prefixes = [p["Prefix"] for page in pages for p in page.get("CommonPrefixes", [])]
        plain = [o["Key"] for page in pages for o in page.get("Contents", [])]
        assert (prefixes, plain) == (["a/", "b/"], ["root.txt"]), (operation, prefixes, plain)
    count, versions = paged(s3, "list_object_versions", "Versions", 4, Bucket="pages-of-objects")
    assert len(versions) == len(keys), (count, versions)
    head = s3.head_object(Bucket="pages-of-objects", Key="root.txt")
    assert head["Metadata"] == {"kind": "test"} and head["ContentLength"] == 8 and head["LastModified"]
    part = s3.get_object(Bucket="pages-of-objects", Key="root.txt", Range="bytes=1-3")
    assert part["Body"].read() == b"oot" and part["ResponseMetadata"]["HTTPStatusCode"] == 206
    s3.copy_object(Bucket="pages-of-objects", Key="copy.txt", CopySource="pages-of-objects/root.txt")
    link = s3.generate_presigned_url("get_object", Params={"Bucket": "pages-of-objects", "Key": "copy.txt"})
    assert urllib.request.urlopen(link, timeout=10).read() == b"root.txt"
    refusal(404, "NoSuchKey", s3.get_object, Bucket="pages-of-objects", Key="none")
    refusal(404, "404", s3.head_object, Bucket="pages-of-objects", Key="none")
    refusal(404, "NoSuchBucket", s3.list_objects_v2, Bucket="no-such-bucket-here")
    refusal(409, "BucketNotEmpty", s3.delete_bucket, Bucket="pages-of-objects")
    refusal(404, "NoSuchBucketPolicy", s3.get_bucket_policy, Bucket="pages-of-objects")
    refusal(400, "InvalidBucketName", s3.create_bucket, Bucket="Bad.")
    gone = s3.delete_objects(Bucket="pages-of-objects", Delete={"Objects": [{"Key": k} for k in [*keys, "copy.txt"]]})
    assert len(gone["Deleted"]) == len(keys) + 1 and "Errors" not in gone
    s3.get_waiter("object_not_exists").wait(Bucket="pages-of-objects", Key="root.txt", WaiterConfig=FAST)
    s3.delete_bucket(Bucket="pages-of-objects")
    s3.get_waiter("bucket_not_exists").wait(Bucket="pages-of-objects", WaiterConfig=FAST)


def s3_in_parts(s):
    s3 = s.client("s3")
    s3.create_bucket(Bucket="in-parts")
    upload = s3.create_multipart_upload(Bucket="in-parts", Key="big")["UploadId"]
    part = b"x" * (5 << 20)
    tags = [s3.upload_part(Bucket="in-parts", Key="big", UploadId=upload, PartNumber=n, Body=part)["ETag"]
            for n in (1, 2)]
    _, parts = paged(s3, "list_parts", "Parts", 1, Bucket="in-parts", Key="big", UploadId=upload)
    assert [p["PartNumber"] for p in parts] == [1, 2], parts
    _, uploads = paged(s3, "list_multipart_uploads", "Uploads", 1, Bucket="in-parts")
    assert [u["Key"] for u in uploads] == ["big"]
    s3.complete_multipart_upload(Bucket="in-parts", Key="big", UploadId=upload, MultipartUpload={
        "Parts": [{"PartNumber": n, "ETag": tag} for n, tag in zip((1, 2), tags)]})
    assert s3.head_object(Bucket="in-parts", Key="big")["ContentLength"] == 10 << 20
    s3.delete_object(Bucket="in-parts", Key="big")
    s3.delete_bucket(Bucket="in-parts")


def s3_by_the_cli(s):
    folder = os.path.join(s.scratch, "site", "deep")
    os.makedirs(folder)
    for n in range(4):
        with open(os.path.join(folder, f"{n}.txt"), "w", encoding="utf-8") as file:
            file.write(f"file {n}")
    with open(os.path.join(s.scratch, "big.bin"), "wb") as file:
        file.write(os.urandom(9 << 20))
    s.cli("s3", "mb", "s3://by-the-cli")
    s.cli("s3", "sync", os.path.dirname(folder), "s3://by-the-cli/site")
    assert "upload:" not in s.cli("s3", "sync", os.path.dirname(folder), "s3://by-the-cli/site")
    s.cli("s3", "cp", os.path.join(s.scratch, "big.bin"), "s3://by-the-cli/big.bin")
    s.cli("s3", "cp", "s3://by-the-cli/big.bin", os.path.join(s.scratch, "back.bin"))
    with open(os.path.join(s.scratch, "big.bin"), "rb") as one, open(os.path.join(s.scratch, "back.bin"), "rb") as two:
        assert one.read() == two.read()
    listed = s.cli("s3", "ls", "--recursive", "--page-size", "2", "s3://by-the-cli")
    assert listed.count("site/deep/") == 4 and "9437184" in listed, listed
    assert "PRE site/" in s.cli("s3", "ls", "s3://by-the-cli")
    assert len(s.aws("s3api", "list-objects-v2", "--bucket", "by-the-cli", "--page-size", "2")["Contents"]) == 5
    assert "NoSuchBucket" in s.aws("s3", "ls", "s3://not-by-the-cli", fails=True)
    s.cli("s3", "rb", "--force", "s3://by-the-cli")


def distribution(caller, origin="pages.s3.us-east-1.amazonaws.com"):
    return {
        "CallerReference": caller, "Comment": "", "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [
            {"Id": "one", "DomainName": origin, "S3OriginConfig": {"OriginAccessIdentity": ""}}]},
        "DefaultCacheBehavior": {
            "TargetOriginId": "one", "ViewerProtocolPolicy": "redirect-to-https",
            "CachePolicyId": "658327ea-f89d-4fab-a63d-7e88639e58f6"},
    }


def cloudfront_pages_and_waits(s):
    edge = s.client("cloudfront")
    made = [edge.create_distribution(DistributionConfig=distribution(f"c{n}"))["Distribution"] for n in range(3)]
    for one in made:
        edge.get_waiter("distribution_deployed").wait(Id=one["Id"], WaiterConfig=FAST)
    count, listed = paged(edge, "list_distributions", "DistributionList.Items", 1)
    assert count >= 3 and {d["Id"] for d in made} <= {d["Id"] for d in listed}, (count, listed)
    tried = edge.create_invalidation(DistributionId=made[0]["Id"], InvalidationBatch={
        "CallerReference": "i", "Paths": {"Quantity": 1, "Items": ["/*"]}})["Invalidation"]
    edge.get_waiter("invalidation_completed").wait(
        DistributionId=made[0]["Id"], Id=tried["Id"], WaiterConfig=FAST)
    _, invalidations = paged(edge, "list_invalidations", "InvalidationList.Items", 1, DistributionId=made[0]["Id"])
    assert [i["Id"] for i in invalidations] == [tried["Id"]]
    refusal(404, "NoSuchDistribution", edge.get_distribution, Id="ENOSUCHONE")
    refusal(409, "DistributionNotDisabled", edge.delete_distribution, Id=made[0]["Id"],
            IfMatch=edge.get_distribution(Id=made[0]["Id"])["ETag"])
    refusal(412, "PreconditionFailed", edge.update_distribution, Id=made[0]["Id"], IfMatch="EOLD",
            DistributionConfig=distribution("c0"))
    refusal(409, "DistributionAlreadyExists", edge.create_distribution,
            DistributionConfig=distribution("c0", "other.s3.us-east-1.amazonaws.com"))
    for one in made:
        got = edge.get_distribution_config(Id=one["Id"])
        config = {**got["DistributionConfig"], "Enabled": False}
        etag = edge.update_distribution(Id=one["Id"], IfMatch=got["ETag"], DistributionConfig=config)["ETag"]
        edge.get_waiter("distribution_deployed").wait(Id=one["Id"], WaiterConfig=FAST)
        edge.delete_distribution(Id=one["Id"], IfMatch=etag)
    refusal(404, "NoSuchDistribution", edge.get_distribution, Id=made[0]["Id"])


def cloudfront_by_the_cli(s):
    config = json.dumps(distribution("by-cli"))
    made = s.aws("cloudfront", "create-distribution", "--distribution-config", config)
    id_ = made["Distribution"]["Id"]
    assert made["Distribution"]["Status"] == "InProgress", made["Distribution"]["Status"]
    s.aws("cloudfront", "wait", "distribution-deployed", "--id", id_)
    listed = s.aws("cloudfront", "list-distributions", "--page-size", "1")["DistributionList"]["Items"]
    assert id_ in [d["Id"] for d in listed]
    s.aws("cloudfront", "update-distribution", "--id", id_, "--if-match", made["ETag"], "--distribution-config",
          json.dumps({**made["Distribution"]["DistributionConfig"], "Enabled": False}))
    s.aws("cloudfront", "wait", "distribution-deployed", "--id", id_)
    etag = s.aws("cloudfront", "get-distribution", "--id", id_)["ETag"]
    s.aws("cloudfront", "delete-distribution", "--id", id_, "--if-match", etag)
    assert "NoSuchDistribution" in s.aws("cloudfront", "get-distribution", "--id", id_, fails=True)


def a_database_lives(s):
    rds = s.client("rds")
    rds.create_db_cluster(DBClusterIdentifier="lives", Engine="aurora-mysql", MasterUsername="admin",
                          MasterUserPassword="longenough1")
    rds.create_db_instance(DBInstanceIdentifier="lives-1", DBClusterIdentifier="lives", Engine="aurora-mysql",
                           DBInstanceClass="db.r5.large")
    rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier="lives", WaiterConfig=FAST)
    rds.get_waiter("db_instance_available").wait(DBInstanceIdentifier="lives-1", WaiterConfig=FAST)
    for n in range(25):
        rds.create_db_cluster(DBClusterIdentifier=f"paged-{n:02}", Engine="aurora-mysql", MasterUsername="admin",
                              MasterUserPassword="longenough1")
    count, clusters = paged(rds, "describe_db_clusters", "DBClusters", 20)
    assert count >= 2 and len({c["DBClusterIdentifier"] for c in clusters}) == len(clusters) >= 26, (count, clusters)
    count, versions = paged(rds, "describe_db_engine_versions", "DBEngineVersions", 20, Engine="aurora-mysql")
    assert versions
    _, some = paged(rds, "describe_orderable_db_instance_options", "OrderableDBInstanceOptions", 20,
                    Engine="aurora-mysql")
    assert some
    refusal(404, "DBClusterNotFoundFault", rds.describe_db_clusters, DBClusterIdentifier="none")
    refusal(404, "DBInstanceNotFound", rds.describe_db_instances, DBInstanceIdentifier="none")
    refusal(404, "GlobalClusterNotFoundFault", rds.describe_global_clusters, GlobalClusterIdentifier="none")
    refusal(400, "DBClusterAlreadyExistsFault", rds.create_db_cluster, DBClusterIdentifier="lives",
            Engine="aurora-mysql", MasterUsername="admin", MasterUserPassword="longenough1")
    refusal(400, "InvalidDBClusterStateFault", rds.delete_db_cluster, DBClusterIdentifier="lives",
            SkipFinalSnapshot=True)
    refusal(400, "InvalidParameterValue", rds.describe_db_clusters, MaxRecords=5)
    rds.delete_db_instance(DBInstanceIdentifier="lives-1", SkipFinalSnapshot=True)
    rds.get_waiter("db_instance_deleted").wait(DBInstanceIdentifier="lives-1", WaiterConfig=FAST)
    for name in ["lives", *(f"paged-{n:02}" for n in range(25))]:
        rds.get_waiter("db_cluster_available").wait(DBClusterIdentifier=name, WaiterConfig=FAST)
        rds.delete_db_cluster(DBClusterIdentifier=name, SkipFinalSnapshot=True)
    rds.get_waiter("db_cluster_deleted").wait(DBClusterIdentifier="lives", WaiterConfig=FAST)


def a_global_database_by_the_cli(s):
    made = s.aws("rds", "create-global-cluster", "--global-cluster-identifier", "by-cli", "--engine", "aurora-mysql")
    version = made["GlobalCluster"]["EngineVersion"]
    for region in ("us-east-1", "us-west-1"):
        user = ["--master-username", "admin", "--master-user-password", "longenough1"]
        s.aws("--region", region, "rds", "create-db-cluster", "--db-cluster-identifier", f"cli-{region}",
              "--engine", "aurora-mysql", "--engine-version", version, "--global-cluster-identifier", "by-cli",
              *(user if region == "us-east-1" else ["--enable-global-write-forwarding"]))
        s.aws("--region", region, "rds", "create-db-instance", "--db-instance-identifier", f"cli-{region}-1",
              "--db-cluster-identifier", f"cli-{region}", "--engine", "aurora-mysql",
              "--db-instance-class", "db.r5.large")
        s.aws("--region", region, "rds", "wait", "db-cluster-available", "--db-cluster-identifier", f"cli-{region}")
        s.aws("--region", region, "rds", "wait", "db-instance-available", "--db-instance-identifier",
              f"cli-{region}-1")
    found = s.aws("rds", "describe-global-clusters", "--global-cluster-identifier", "by-cli")["GlobalClusters"][0]
    writers = {m["DBClusterArn"].rsplit(":", 1)[1]: m["IsWriter"] for m in found["GlobalClusterMembers"]}
    assert writers == {"cli-us-east-1": True, "cli-us-west-1": False}, writers
    west = next(m["DBClusterArn"] for m in found["GlobalClusterMembers"] if not m["IsWriter"])
    s.aws("rds", "switchover-global-cluster", "--global-cluster-identifier", "by-cli",
          "--target-db-cluster-identifier", west)
    rds = s.client("rds")
    until(lambda: writer(rds, "by-cli") == west, "the writer to move")
    for region in ("us-east-1", "us-west-1"):
        arn = next(m["DBClusterArn"] for m in found["GlobalClusterMembers"] if f":{region}:" in m["DBClusterArn"])
        if arn == west:
            until(lambda: len(members(rds, "by-cli")) == 1, "the other cluster to leave")
        s.aws("rds", "remove-from-global-cluster", "--global-cluster-identifier", "by-cli",
              "--db-cluster-identifier", arn)
        until(lambda arn=arn: arn not in [m["DBClusterArn"] for m in members(rds, "by-cli")], "the cluster to leave")
        there = ["--region", region, "rds"]
        s.aws(*there, "delete-db-instance", "--db-instance-identifier", f"cli-{region}-1")
        s.aws(*there, "wait", "db-instance-deleted", "--db-instance-identifier", f"cli-{region}-1")
        s.aws(*there, "delete-db-cluster", "--db-cluster-identifier", f"cli-{region}", "--skip-final-snapshot")
        s.aws(*there, "wait", "db-cluster-deleted", "--db-cluster-identifier", f"cli-{region}")
    s.aws("rds", "delete-global-cluster", "--global-cluster-identifier", "by-cli")
    assert "GlobalClusterNotFoundFault" in s.aws(
        "rds", "modify-global-cluster", "--global-cluster-identifier", "never", "--no-deletion-protection", fails=True)


def members(rds, name):
    return rds.describe_global_clusters(GlobalClusterIdentifier=name)["GlobalClusters"][0]["GlobalClusterMembers"]


def writer(rds, name):
    return next((m["DBClusterArn"] for m in members(rds, name) if m["IsWriter"]), None)


def until(holds, what):
    for _ in range(240):
        if holds():
            return
        time.sleep(0.25)
    raise AssertionError(f"waited in vain for {what}")


WEBSITE = """
Resources:
  Site:
    Type: AWS::S3::Bucket
    Properties:
      BucketName: a-site
      PublicAccessBlockConfiguration: {BlockPublicPolicy: false, RestrictPublicBuckets: false}
      WebsiteConfiguration:
        IndexDocument: index.html
        ErrorDocument: lost.html
        RoutingRules:
          - RoutingRuleCondition: {KeyPrefixEquals: old/}
            RedirectRule: {ReplaceKeyPrefixWith: new/, HttpRedirectCode: 302, HostName: example.org, Protocol: https}
  Open:
    Type: AWS::S3::BucketPolicy
    Properties:
      Bucket: !Ref Site
      PolicyDocument:
        Version: 2012-10-17
        Statement: [{Effect: Allow, Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::a-site/*'}]
"""


def a_website_is_served(s):
    """At a bucket's website name come index and error documents, redirects and pages for errors; AWS's way, not REST's."""
    cfn, s3 = s.client("cloudformation"), s.client("s3")
    cfn.create_stack(StackName="site", TemplateBody=WEBSITE)
    cfn.get_waiter("stack_create_complete").wait(StackName="site", WaiterConfig=FAST)
    assert s3.get_bucket_website(Bucket="a-site")["IndexDocument"] == {"Suffix": "index.html"}
    html = {"ContentType": "text/html"}
    for key in ("index.html", "blog/index.html", "lost.html"):
        s3.put_object(Bucket="a-site", Key=key, Body=f"<h1>{key}</h1>".encode(), **html)
    s3.put_object(Bucket="a-site", Key="away", Body=b"", WebsiteRedirectLocation="/blog/")
    port = s.url.rpartition(":")[2]

    def asked(path, method="GET", bucket="a-site"):
        connection = http.client.HTTPConnection("127.0.0.1", int(port), timeout=10)
        connection.request(method, path, headers={"Host": f"{bucket}.s3-website-us-east-1.localhost:{port}"})
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()

    for path, page in (("/", "index.html"), ("/index.html", "index.html"), ("/blog/", "blog/index.html")):
        status, headers, text = asked(path)
        assert (status, headers["content-type"], text) == (200, "text/html", f"<h1>{page}</h1>"), (path, status, text)
    for path, status, to in (("/blog", 302, "/blog/"), ("/away", 301, "/blog/"),
                             ("/old/page?x", 302, "https://example.org/new/page")):
        got = asked(path)
        assert (got[0], got[1]["location"]) == (status, to), (path, got)
    # Who may not list a bucket is not told what is missing in it.
    status, headers, text = asked("/nowhere")
    assert (status, text, headers["x-amz-error-code"]) == (403, "<h1>lost.html</h1>", "AccessDenied"), (status, text)
    assert asked("/", "HEAD")[::2] == (200, "")
    s3.delete_object(Bucket="a-site", Key="lost.html")
    status, _, text = asked("/nowhere")
    assert status == 403 and "<li>Code: AccessDenied</li>" in text and "<h1>403 Forbidden</h1>" in text, text
    assert asked("/", "POST")[0] == 405 and "<li>Code: MethodNotAllowed</li>" in asked("/", "POST")[2]
    s3.delete_bucket_website(Bucket="a-site")
    status, _, text = asked("/")
    assert status == 404 and "<li>Code: NoSuchWebsiteConfiguration</li>" in text, text
    assert "<li>Code: NoSuchBucket</li>" in asked("/", bucket="no-such-bucket-of-mine")[2]


def metrics_come_in_each_protocol(s):
    """CloudWatch speaks three: that of the SDK for JavaScript and `aws` 2 (CBOR), that of boto3, and the old one."""
    now = json.loads(urllib.request.urlopen(f"{s.url}/_espera/clock", timeout=10).read())["now"] / 1000
    asked = dict(StartTime=now - 600, EndTime=now)
    found = {}
    # The Region that reads tells of the lag: which one that is depends on who was failed over to.
    lag = dict(Namespace="AWS/RDS", MetricName="AuroraGlobalDBReplicationLag")
    regions = ("us-west-1", "us-east-1")
    region = next((r for r in regions if s.client("cloudwatch", r, "json").list_metrics(**lag)["Metrics"]), None)
    assert region, "no cluster tells of a lag"
    for protocol in ("smithy-rpc-v2-cbor", "json", "query"):
        watch = s.client("cloudwatch", region, protocol)
        assert watch.meta.service_model.resolved_protocol == protocol
        metrics = watch.list_metrics(**lag)["Metrics"]
        assert metrics, "no cluster tells of a lag"
        query = {"Id": "lag", "MetricStat": {"Metric": metrics[0], "Period": 60, "Stat": "Average"}}
        got = watch.get_metric_data(MetricDataQueries=[query], **asked)["MetricDataResults"][0]
        assert got["StatusCode"] == "Complete" and len(got["Timestamps"]) == len(got["Values"]) > 0, got
        assert all(abs(at.timestamp() - now) <= 700 for at in got["Timestamps"]) and min(got["Values"]) > 0, got
        points = watch.get_metric_statistics(**metrics[0], **asked, Period=60, Statistics=["Maximum"])["Datapoints"]
        assert points and all(p["Timestamp"].year and p["Maximum"] > 0 for p in points), points
        found[protocol] = metrics
        forged = s.client("cloudwatch", region, protocol, secret="another")
        code = "SignatureDoesNotMatch" if protocol == "query" else "InvalidSignatureException"
        told = refusal(403 if protocol == "query" else 400, code, forged.list_metrics)
        assert "does not match the signature you provided" in told, told
        # A refusal has its words, under the code that old clients go by.
        backwards = dict(metrics[0], StartTime=now, EndTime=now - 60, Period=60, Statistics=["Maximum"])
        told = refusal(400, "InvalidParameterValue", watch.get_metric_statistics, **backwards)
        assert "StartTime must be less than" in told, told
        refusal(400, "InvalidAction" if protocol == "query" else "UnknownOperationException", watch.list_dashboards)
    assert found["smithy-rpc-v2-cbor"] == found["json"] == found["query"], found
    listed = s.aws("--region", region, "cloudwatch", "list-metrics", "--namespace", "AWS/RDS")
    assert found["json"][0] in listed["Metrics"], listed


def every_answer_is_as_botocore_models_it(s):
    assert not s.found, "\n".join(sorted(s.found))
    assert s.found.read > 400, f"only {s.found.read} answers were read"


CHECKS = [
    cloudformation_pages, many_stacks_are_many_pages, an_update_that_fails_rolls_back, the_cli_deploys_and_waits,
    dynamodb_pages_and_waits, dynamodb_by_the_cli, s3_pages_and_waits, s3_in_parts, s3_by_the_cli,
    cloudfront_pages_and_waits, cloudfront_by_the_cli, a_database_lives, a_global_database_by_the_cli,
    a_website_is_served, metrics_come_in_each_protocol, every_answer_is_as_botocore_models_it,
]
