"""EventBridge Scheduler invokes a target with the schedule's role, and fills context attributes into its input.

MiniStack fires with nobody's rights, passes `<aws.scheduler.scheduled-time>` on as it stands, and drops what it could
not deliver. Here an invocation that the role may not make goes to the dead-letter queue at once, without retries.
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
"""

import secrets
from datetime import datetime, timezone
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import get_account_id, get_region
from ministack.services import eventbridge, iam, scheduler

from service_trust import trusts

# Of the targets that are asked for.
ACTIONS = {"lambda": "lambda:InvokeFunction", "sqs": "sqs:SendMessage"}


def apply() -> None:
    """Stand between the schedules and EventBridge's deliveries, which are the same for rules."""
    original = eventbridge._invoke_target

    def invoke_target(target: dict[str, Any], event: dict[str, Any], rule: Any, *rest: Any) -> None:
        if event.get("Source") != "aws.scheduler":
            original(target, event, rule, *rest)
            return
        filled = {**target, "Input": fill(target.get("Input") or "{}", rule, float(event["Time"]))}
        if _may_invoke(rule, target["RoleArn"], target["Arn"]):
            original(filled, event, rule, *rest)
        elif (target.get("DeadLetterConfig") or {}).get("Arn"):
            original({"Arn": target["DeadLetterConfig"]["Arn"], "Input": filled["Input"]}, event, rule, *rest)

    eventbridge._invoke_target = invoke_target


def fill(text: str, schedule: dict[str, Any], fired_at: float) -> str:
    """The input as the target gets it. A recurring schedule fires in the minute for which it was scheduled."""
    at = scheduler._at_time_epoch(schedule.get("ScheduleExpression", ""))
    scheduled = datetime.fromtimestamp(at if at is not None else fired_at // 60 * 60, tz=timezone.utc)
    attributes = {
        "<aws.scheduler.schedule-arn>": schedule["Arn"],
        "<aws.scheduler.scheduled-time>": scheduled.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "<aws.scheduler.execution-id>": secrets.token_hex(8),
        "<aws.scheduler.attempt-number>": "1",
    }
    for name, value in attributes.items():
        text = text.replace(name, value)
    return text


def _may_invoke(schedule: dict[str, Any], role_arn: str, target_arn: str) -> bool:
    account, region = get_account_id(), get_region()
    group = f"arn:aws:scheduler:{region}:{account}:schedule-group/{schedule['GroupName']}"
    action = ACTIONS.get(target_arn.split(":")[2])
    if not trusts(role_arn, "scheduler.amazonaws.com", group):
        return False
    if action is None:
        # Other targets are delivered as MiniStack does it, with nobody's rights.
        return True
    role_name = role_arn.rsplit("/", 1)[-1]
    context = iam_evaluator.EvalContext(
        principal_arn=f"arn:aws:sts::{account}:assumed-role/{role_name}/{schedule['Name']}",
        principal_type="AssumedRole",
        principal_account=account,
        action=action,
        resource_arn=target_arn,
        region=region,
    )
    policies = iam_evaluator._gather_role_policies(role_name, account)
    limits = iam_evaluator._permissions_boundary(iam._roles, role_name, account)
    return iam_evaluator.evaluate(context, policies, *limits).decision == "Allow"
