"""Logs arrive only where a role lets them: a task's by its execution role, a function's by its own.

MiniStack writes both without asking IAM, so no test would miss a permission that AWS needs.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/using_awslogs.html
https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs.html
"""

from typing import Any

from ministack.core import iam_evaluator
from ministack.core.iam_actions import identity_denial_message
from ministack.core.responses import get_account_id, get_region
from ministack.services import cloudwatch_logs, ecs, iam, lambda_svc

from task_roles import execution_role_arn

WRITING = ("logs:CreateLogStream", "logs:PutLogEvents")


def apply() -> None:
    """Ask for the task's permissions before it starts, and for the function's when its lines are written."""
    _guard_tasks()
    _guard_functions()


def _guard_tasks() -> None:
    original = ecs._start_task_worker

    def start_task_worker(task: dict, td: dict, container_overrides: list, client: Any) -> None:
        problem = _task_problem(task, td)
        if problem is None:
            original(task, td, container_overrides, client)
        elif ecs._mark_task_pending(task["taskArn"], task):
            # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resource-initialization-error.html
            reason = f"ResourceInitializationError: failed to validate logger args: {problem}"
            ecs._fail_task_start(task, client, reason)

    ecs._start_task_worker = start_task_worker


def _task_problem(task: dict[str, Any], td: dict[str, Any]) -> str | None:
    role = execution_role_arn(task.get("overrides") or {}, td)
    task_id = task["taskArn"].rsplit("/", 1)[-1]
    for definition in td.get("containerDefinitions", []):
        config = ecs._awslogs_config(definition, task_id, task_id)
        if config is None:
            continue
        if role is None:
            return f"the task has no execution role to write to {config['group']}"
        if config["group"] not in cloudwatch_logs._log_groups and not config["create_group"]:
            return "ResourceNotFoundException: The specified log group does not exist."
        actions = WRITING if not config["create_group"] else ("logs:CreateLogGroup", *WRITING)
        denial = _denial(role, task_id, actions, config["group"], config["stream"])
        if denial is not None:
            return f"AccessDeniedException: {denial}"
    return None


def _guard_functions() -> None:
    original = lambda_svc._emit_lambda_logs

    def emit_lambda_logs(func: dict, *rest: Any, **named: Any) -> None:
        config = func.get("config") or func
        group = (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"
        actions = WRITING if group in cloudwatch_logs._log_groups else ("logs:CreateLogGroup", *WRITING)
        # Lambda drops the lines in silence.
        if _denial(config["Role"], config["FunctionName"], actions, group, "*") is None:
            original(func, *rest, **named)

    lambda_svc._emit_lambda_logs = emit_lambda_logs


def _denial(role_arn: str, session: str, actions: tuple[str, ...], group: str, stream: str) -> str | None:
    """What IAM answers to the first of the actions that the role may not do."""
    account, region = get_account_id(), get_region()
    role_name = role_arn.rsplit("/", 1)[-1]
    policies = iam_evaluator._gather_role_policies(role_name, account)
    limits = iam_evaluator._permissions_boundary(iam._roles, role_name, account)
    for action in actions:
        context = iam_evaluator.EvalContext(
            principal_arn=f"arn:aws:sts::{account}:assumed-role/{role_name}/{session}",
            principal_type="AssumedRole",
            principal_account=account,
            action=action,
            resource_arn=f"arn:aws:logs:{region}:{account}:log-group:{group}:log-stream:{stream}",
            region=region,
        )
        decision = iam_evaluator.evaluate(context, policies, *limits).decision
        if decision != "Allow":
            return identity_denial_message(action, context.principal_arn, context.resource_arn, decision == "Deny")
    return None

