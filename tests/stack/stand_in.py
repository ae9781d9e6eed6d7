"""Runs ministack, the stand-in for AWS, closer to AWS in two things that matter here.

Time to live: by itself ministack removes items once a minute and says so in no stream. Here it looks every few seconds, and
the stream has a record of each removal, by the identity that AWS documents for it.

Permissions, as AWS documents them: batches of SQS ask for the permission of the single call, and sending a mail for that of
the sender's identity, with the sender's address as a condition key; KMS's encryption context is one too. What each function was allowed is printed, once:
"called FUNCTION ACTION".
"""

import json
import threading
import time
import types

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import _request_account_id, _request_region
from ministack.services import dynamodb, sts

SWEEPS_EVERY = 5  # seconds
SWEEPERS = {"dynamodb-ttl-reaper", "sweeper"}

remove = dynamodb._remove_item
record_of = dynamodb._build_change_record


def is_sweeper():
    return threading.current_thread().name in SWEEPERS


def remove_and_record(table, pk, sk):
    removed = remove(table, pk, sk)
    if removed is not None and is_sweeper():
        _, _, _, region, account, resource = table["TableArn"].split(":", 5)
        of_account, of_region = _request_account_id.set(account), _request_region.set(region)
        try:
            dynamodb._emit_stream_event(resource.removeprefix("table/"), "REMOVE", removed, None)
        finally:
            _request_account_id.reset(of_account)
            _request_region.reset(of_region)
    return removed


def record(*change):
    made = record_of(*change)
    if is_sweeper():
        made["userIdentity"] = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
    return made


def sweep_soon():
    hasty = types.SimpleNamespace(**vars(time))
    hasty.sleep = lambda seconds: time.sleep(min(seconds, SWEEPS_EVERY))
    dynamodb.time = hasty
    threading.Thread(target=dynamodb._ttl_reaper, daemon=True, name="sweeper").start()


action_of = iam_actions.extract_iam_action
resource_of = iam_actions.extract_resource_arn
context_of = iam_actions.request_tag_context


def action(*request):
    found = action_of(*request)
    return found.removesuffix("Batch") if found and found.startswith("sqs:") else found


def resource(service, method, path, headers, body, parameters, region, account):
    sender = iam_actions._query_param(parameters, "Source")
    if service == "ses" and sender:
        return f"arn:aws:ses:{region}:{account}:identity/{sender}"
    return resource_of(service, method, path, headers, body, parameters, region, account)


def context(service, permission, body, parameters):
    keys = dict(context_of(service, permission, body, parameters))
    if service == "ses":
        keys["ses:FromAddress"] = iam_actions._query_param(parameters, "Source")
    if service == "kms":
        for name, value in json.loads(body or b"{}").get("EncryptionContext", {}).items():
            keys[f"kms:EncryptionContext:{name}"] = value
    return keys


decide = iam_evaluator.enforce
called = set()


def enforce(access_key, permission, *request, **more):
    denied = decide(access_key, permission, *request, **more)
    session = sts._sessions.get(access_key)
    if session and not denied:
        call = f"called {session['Arn'].rsplit('/', 1)[-1]} {permission}"
        if call not in called:
            called.add(call)
            print(call, flush=True)
    return denied


iam_evaluator.enforce = enforce
iam_actions.extract_iam_action = action
iam_actions.extract_resource_arn = resource
iam_actions.request_tag_context = context
dynamodb._remove_item = remove_and_record
dynamodb._build_change_record = record
sweep_soon()
app.main()
