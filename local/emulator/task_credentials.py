"""A container gets valid credentials of its task's role, and none where the task has no role.

Under AUTH=true MiniStack points containers at a credentials endpoint that it does not answer. The SDKs take static
credentials from the environment first, so these are put there; AWS serves the same ones, refreshed, over HTTP.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
"""

import os
import secrets
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services import ecs, sts

from task_roles import task_role_arn

# The address at which a container reaches the emulator, where that is not the emulator's own.
CONTAINER_HOST_VARIABLE = "OVERTIME_EMULATOR_CONTAINER_HOST"


def apply() -> None:
    """Replace the credentials in each container's environment as MiniStack puts it together."""
    original = ecs._register_metadata
    container_host = os.environ.pop(CONTAINER_HOST_VARIABLE)

    def register_metadata(
        task_arn: str, cluster_arn: str, td: dict, cdef: dict, launch_type: str, env: dict, host_mode: bool, _ip: Any
    ) -> str:
        token = original(task_arn, cluster_arn, td, cdef, launch_type, env, host_mode, container_host)
        env.pop("AWS_CONTAINER_CREDENTIALS_FULL_URI", None)
        env.pop("AWS_CONTAINER_AUTHORIZATION_TOKEN", None)
        task = ecs._tasks.get(task_arn) or {}
        role = task_role_arn(task.get("overrides") or {}, td)
        if role is not None:
            env.update(_session_of(role, task_arn.rsplit("/", 1)[-1]))
        return token

    ecs._register_metadata = register_metadata


def _session_of(role_arn: str, task_id: str) -> dict[str, str]:
    """ECS names the session after the task: its id is the last part of the caller's ARN."""
    role_name = role_arn.rsplit("/", 1)[-1]
    access_key = "ASIA" + secrets.token_hex(8).upper()
    secret_key, token = secrets.token_urlsafe(30), secrets.token_urlsafe(90)
    sts.register_session(
        access_key,
        {
            "Arn": f"arn:aws:sts::{get_account_id()}:assumed-role/{role_name}/{task_id}",
            "UserId": f"{sts._role_id(role_arn)}:{task_id}",
            "SecretAccessKey": secret_key,
            "SessionToken": token,
            "AccountId": get_account_id(),
            "PrincipalType": "AssumedRole",
        },
    )
    return {"AWS_ACCESS_KEY_ID": access_key, "AWS_SECRET_ACCESS_KEY": secret_key, "AWS_SESSION_TOKEN": token}
