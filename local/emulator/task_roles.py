"""Which roles a task gets."""

from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import ecs


def role_arn(name_or_arn: str) -> str:
    """ECS takes a role's name as well as its ARN."""
    return name_or_arn if name_or_arn.startswith("arn:") else f"arn:aws:iam::{get_account_id()}:role/{name_or_arn}"


def task_role_arn(overrides: dict[str, Any], task_definition: dict[str, Any]) -> str | None:
    """The override replaces the definition's role: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html"""
    return _effective("taskRoleArn", overrides, task_definition)


def execution_role_arn(overrides: dict[str, Any], task_definition: dict[str, Any]) -> str | None:
    """The role with which ECS itself acts for the task: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html"""
    return _effective("executionRoleArn", overrides, task_definition)


def role_arns_of_request(request: dict[str, Any]) -> list[str]:
    """The task role and the execution role that a RunTask request hands to ECS, each once."""
    key = ecs._resolve_td_key(request.get("taskDefinition", ""))
    definition = (ecs._task_defs.get(key) if key else None) or {}
    overrides = request.get("overrides") or {}
    roles = (_effective(name, overrides, definition) for name in ("taskRoleArn", "executionRoleArn"))
    return list(dict.fromkeys(role for role in roles if role is not None))


def _effective(name: str, overrides: dict[str, Any], task_definition: dict[str, Any]) -> str | None:
    given = overrides.get(name) or task_definition.get(name)
    return role_arn(given) if given else None
