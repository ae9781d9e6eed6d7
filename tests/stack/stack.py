"""Deploys infra/aws/template.yaml to the stand-in for AWS, and stops a function of it.

    stack.py deploy NAME FUNCTIONS PARAMETER=VALUE...   prints the API's address and the table's name, as JSON
    stack.py change NAME PARAMETER=VALUE...             deploys what is deployed once more, with other parameters
    stack.py silence NAME FUNCTION                      nothing wakes the function any more

Where the stand-in is and who asks say AWS_ENDPOINT_URL and the other usual variables.
"""

import io
import json
import pathlib
import re
import shlex
import sys
import time
import zipfile

import botocore.session

TEMPLATE = pathlib.Path(__file__).parents[2] / "infra/aws/template.yaml"
BUCKET = "deployed"
SESSION = botocore.session.get_session()


def client(service):
    return SESSION.create_client(service)


def package(bootstrap):
    """What Lambda unpacks: the real program is started from where it was built."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as folder:
        folder.writestr("bootstrap", f"#!/bin/sh\nexec {shlex.quote(str(bootstrap))}\n")
    return packed.getvalue()


def upload(functions):
    """Puts the packages and the template where CloudFormation finds them, as `sam package` would."""
    s3 = client("s3")
    s3.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": s3.meta.region_name})

    def uploaded(match):
        key = f"{match[1]}.zip"
        s3.put_object(Bucket=BUCKET, Key=key, Body=package(functions / match[1] / "bootstrap"))
        return f"CodeUri: s3://{BUCKET}/{key}"

    template = re.sub(r"CodeUri: \S+/(\S+)", uploaded, TEMPLATE.read_text())
    # CloudFormation makes a number of a parameter where a number belongs. The stand-in doesn't.
    template = re.sub(r"(MaximumConcurrency:) !Ref (\w+)", lambda match: f"{match[1]} {default(template, match[2])}", template)
    s3.put_object(Bucket=BUCKET, Key="template.yaml", Body=template.encode())
    return f"{s3.meta.endpoint_url}/{BUCKET}/template.yaml"


def default(template, parameter):
    return re.search(rf"\n  {parameter}:\n    Type: Number\n    Default: (\d+)\n", template)[1]


def deploy(name, functions, *parameters):
    parameters = dict(parameter.split("=", 1) for parameter in parameters)
    client("ses").verify_email_identity(EmailAddress=parameters["MailFrom"])
    template = upload(pathlib.Path(functions))
    outputs = carry_out(name, "CREATE", {"TemplateURL": template}, parameters)
    set_time_to_live(outputs["TableName"])
    print(json.dumps({"api": outputs["ApiUrl"], "table": outputs["TableName"]}))


def change(name, *parameters):
    [stack] = client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    before = {parameter["ParameterKey"]: parameter["ParameterValue"] for parameter in stack["Parameters"]}
    changed = dict(parameter.split("=", 1) for parameter in parameters)
    outputs = carry_out(name, "UPDATE", {"UsePreviousTemplate": True}, before | changed)
    print(json.dumps({"api": outputs["ApiUrl"], "table": outputs["TableName"]}))


def carry_out(name, kind, template, parameters):
    """Plans a deployment and carries it out, as `sam deploy` does. Gives the stack's outputs."""
    stacks, plan = client("cloudformation"), kind.lower()
    stacks.create_change_set(
        StackName=name,
        ChangeSetName=plan,
        ChangeSetType=kind,
        Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"],
        Parameters=[{"ParameterKey": key, "ParameterValue": value} for key, value in parameters.items()],
        **template,
    )
    planned = stacks.get_waiter("change_set_create_complete")
    planned.wait(StackName=name, ChangeSetName=plan, WaiterConfig={"Delay": 1})
    stacks.execute_change_set(StackName=name, ChangeSetName=plan)
    stack = made(stacks, name)
    if stack["StackStatus"] != f"{kind}_COMPLETE":
        events = stacks.describe_stack_events(StackName=name)["StackEvents"]
        sys.exit("\n".join(f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason')}" for event in events))
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def set_time_to_live(table):
    """The stand-in's CloudFormation leaves it out."""
    said = re.search(r"TimeToLiveSpecification:\n +Enabled: true\n +AttributeName: (\w+)\n", TEMPLATE.read_text())
    specification = {"Enabled": True, "AttributeName": said[1]}
    client("dynamodb").update_time_to_live(TableName=table, TimeToLiveSpecification=specification)


def made(stacks, name):
    while True:
        [stack] = stacks.describe_stacks(StackName=name)["Stacks"]
        if not stack["StackStatus"].endswith("_IN_PROGRESS"):
            return stack
        time.sleep(0.1)


def silence(name, function):
    functions, rules = client("lambda"), client("events")
    mappings = functions.list_event_source_mappings(FunctionName=f"{name}-{function}")["EventSourceMappings"]
    for mapping in mappings:
        functions.update_event_source_mapping(UUID=mapping["UUID"], Enabled=False)
    arn = functions.get_function(FunctionName=f"{name}-{function}")["Configuration"]["FunctionArn"]
    schedules = rules.list_rule_names_by_target(TargetArn=arn)["RuleNames"]
    for schedule in schedules:
        rules.disable_rule(Name=schedule)
    if not mappings or not schedules:
        sys.exit(f"{function} has {len(mappings)} mappings and {len(schedules)} schedules")


{"deploy": deploy, "change": change, "silence": silence}[sys.argv[1]](*sys.argv[2:])
