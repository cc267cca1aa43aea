"""A role serves a Lambda function or a task only if its trust policy names that service.

MiniStack hands any role to either. AWS refuses the request that would use such a role.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-intro-execution-role.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
"""

import json
from typing import Any

from ministack.core import iam_evaluator
from ministack.core.responses import error_response_json, get_account_id, get_region
from ministack.services import iam, lambda_svc


def apply() -> None:
    """Make CreateFunction look at the role's trust policy. RunTask does so in run_task.py."""
    original = lambda_svc._create_function

    def create_function(data: dict[str, Any]) -> Any:
        role = data.get("Role", "")
        if role and not trusts(role, "lambda.amazonaws.com"):
            return error_response_json(
                "InvalidParameterValueException",
                "The role defined for the function cannot be assumed by Lambda.",
                400,
            )
        return original(data)

    lambda_svc._create_function = create_function


def trusts(role_arn: str, service: str, source_arn: str | None = None) -> bool:
    """Whether the role exists and its trust policy lets the service assume it, for the resource where one is given."""
    role = iam._roles.get(role_arn.rsplit("/", 1)[-1])
    if role is None:
        return False
    document = role.get("AssumeRolePolicyDocument", "{}")
    statements = (json.loads(document) if isinstance(document, str) else document).get("Statement", [])
    context = _assume_role_context(role_arn, service, source_arn)
    matching = [
        statement["Effect"]
        for statement in ([statements] if isinstance(statements, dict) else statements)
        if "sts:AssumeRole" in _listed(statement.get("Action", []))
        and iam_evaluator._service_principal_matches(statement.get("Principal", {}), service)
        and iam_evaluator._conditions_met(statement.get("Condition", {}), context)
    ]
    return "Allow" in matching and "Deny" not in matching


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _assume_role_context(role_arn: str, service: str, source_arn: str | None) -> iam_evaluator.EvalContext:
    account, region = get_account_id(), get_region()
    # The keys with which AWS guards against the confused deputy, as the services send them.
    source = {"lambda.amazonaws.com": "lambda", "ecs-tasks.amazonaws.com": "ecs"}.get(service, "")
    return iam_evaluator.EvalContext(
        principal_arn=service,
        principal_type="Service",
        principal_account=account,
        action="sts:AssumeRole",
        resource_arn=role_arn,
        region=region,
        service_context={
            "aws:sourceaccount": account,
            "aws:sourcearn": source_arn or f"arn:aws:{source}:{region}:{account}:*",
        },
    )
