"""The constraints that AWS's own models put on what practice AWS is asked: `assets/data/constraints.txt`.

    constraints.py           writes the table to standard output
    constraints.py --check   says which lines of the kept table the installed botocore has otherwise

Only what bounds work is taken over: lengths, ranges and patterns. Members that must be there and
enumerations are the services' own matter; so are RDS, EC2, S3 and CloudFront, whose refusals do not
have this form, and the item calls of DynamoDB, which are checked where they are read.
"""

import pathlib
import sys
from collections import defaultdict

import botocore.session

OPERATIONS = {
    "cloudformation": "CancelUpdateStack ContinueUpdateRollback CreateChangeSet CreateStack DeleteChangeSet DeleteStack "
    "DescribeAccountLimits DescribeChangeSet DescribeEvents DescribeStackEvents DescribeStackResource "
    "DescribeStackResources DescribeStacks ExecuteChangeSet GetTemplate GetTemplateSummary ListChangeSets ListExports "
    "ListImports ListStackResources ListStacks RollbackStack SignalResource UpdateStack UpdateTerminationProtection "
    "ValidateTemplate",
    "cloudwatch": "DescribeAlarms GetMetricData GetMetricStatistics ListMetrics",
    "dynamodb": "CreateTable DeleteTable DescribeContinuousBackups DescribeTable DescribeTimeToLive ListTables "
    "ListTagsOfResource TagResource UntagResource UpdateContinuousBackups UpdateTable UpdateTimeToLive",
    "secretsmanager": "CreateSecret DeleteSecret DescribeSecret GetRandomPassword GetSecretValue ListSecrets "
    "PutSecretValue UpdateSecret",
    "ssm": "DeleteParameter GetParameter GetParameters GetParametersByPath PutParameter",
    "sts": "AssumeRole GetCallerIdentity GetSessionToken",
}
# Structures nest; what lies deeper than this no call of practice reads.
DEEPEST = 6
KINDS = {"string": "text", "blob": "bytes", "integer": "number", "long": "number", "list": "list"}
KEPT = pathlib.Path(__file__).parents[2] / "assets/data/constraints.txt"


def rules(shape, path, depth):
    bounds = shape.metadata
    kind = KINDS.get(shape.type_name)
    if kind and any(name in bounds for name in ("min", "max", "pattern")):
        if kind == "text" and bounds.get("sensitive"):
            kind = "secret"
        yield (path, kind, str(bounds.get("min", "-")), str(bounds.get("max", "-")), bounds.get("pattern", ""))
    if depth == DEEPEST:
        return
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            yield from rules(member, f"{path}.{name}" if path else name, depth + 1)
    elif shape.type_name == "list":
        yield from rules(shape.member, f"{path}.member.*", depth + 1)


def table():
    session = botocore.session.get_session()
    for service, operations in OPERATIONS.items():
        model = session.get_service_model(service)
        found = defaultdict(list)
        for operation in operations.split():
            shape = model.operation_model(operation).input_shape
            for rule in rules(shape, "", 0) if shape else ():
                found[rule].append(operation)
        yield f"[{service}]"
        for (path, kind, least, most, pattern), named in sorted(found.items()):
            yield "\t".join([path, kind, least, most, ",".join(named), pattern]).rstrip("\t")


HEAD = """# Lengths, ranges and patterns of AWS's own service models (botocore), for the calls that practice answers.
# Written by tests/third-party/constraints.py. Path, kind, least, most, operations, pattern; apart by tabs."""


def main():
    lines = [*HEAD.splitlines(), *table()]
    if "--check" not in sys.argv:
        print("\n".join(lines))
        return 0
    kept = KEPT.read_text().splitlines()
    other = sorted(set(lines) ^ set(kept))
    for line in other:
        print("only in botocore:" if line in lines else "only here:", line)
    print(f"{len(lines) - len(set(lines) - set(kept))} passed, {len(other)} failed")
    return 1 if other else 0


if __name__ == "__main__":
    sys.exit(main())
