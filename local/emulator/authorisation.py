"""ECS calls are authorised as the Service Authorization Reference says.

MiniStack takes the cluster's ARN as the resource of every ECS call that names a cluster, knows no condition key of
ECS, and checks neither iam:PassRole nor ecs:TagResource.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonelasticcontainerservice.html
"""

import json
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from ministack import app
from ministack.core import iam_actions, iam_evaluator
from ministack.core.responses import get_account_id, get_region, new_uuid
from ministack.core.router import extract_access_key_id
from ministack.services import ecs

from task_roles import role_arns_of_request

Response = tuple[int, dict[str, str], bytes]
Handler = Callable[[str, str, dict[str, str], bytes, dict[str, Any]], Awaitable[Response]]


@dataclass(frozen=True)
class Check:
    """One question to IAM: may the caller do this to that?"""

    action: str
    resource: str
    context: dict[str, Any] = field(default_factory=dict)


def apply() -> None:
    """Take ECS out of MiniStack's own check, and ask IAM before ECS gets the request."""
    original_action = iam_actions.extract_iam_action

    def extract_iam_action(service: str, method: str, path: str, headers: dict, body: bytes, params: dict) -> str | None:
        # Without an action MiniStack still checks the signature: _authenticate_only in its app.py.
        action = original_action(service, method, path, headers, body, params)
        return None if service == "ecs" and _checks_are_ours(action) else action

    iam_actions.extract_iam_action = extract_iam_action
    app.SERVICE_HANDLERS["ecs"] = _authorised(app.SERVICE_HANDLERS["ecs"])


_OURS = {
    f"ecs:{name}"
    for name in (
        "RunTask",
        "StopTask",
        "DescribeTasks",
        "ListTasks",
        "DescribeTaskDefinition",
        "DescribeServices",
        "UpdateService",
        "DeleteService",
        "TagResource",
        "UntagResource",
        "ListTagsForResource",
    )
}


def _checks_are_ours(action: str | None) -> bool:
    return action in _OURS


def _authorised(handler: Handler) -> Handler:
    async def handle(method: str, path: str, headers: dict, body: bytes, params: dict) -> Response:
        action = "ecs:" + headers.get("x-amz-target", "").split(".")[-1]
        if _checks_are_ours(action):
            for check in checks_of(action, json.loads(body or b"{}"), body, params):
                denial = _ask(check, headers, params)
                if denial is not None:
                    return denial
        return await handler(method, path, headers, body, params)

    return handle


def _ask(check: Check, headers: dict, params: dict) -> Response | None:
    denied = iam_evaluator.enforce(
        extract_access_key_id(headers, params),
        check.action,
        "ecs",
        get_region(),
        resource_arn=check.resource,
        service_context=check.context,
    )
    if denied is None:
        return None
    if isinstance(denied, iam_evaluator.AuthError):
        return app._credential_failure("ecs", check.action, new_uuid(), denied, headers)
    message = iam_actions.identity_denial_message(
        check.action, denied.principal_arn, check.resource, denied.decision == "Deny"
    )
    # ECS answers 400 with this code: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/CommonErrors.html
    return ecs.error_response_json("AccessDeniedException", message, 400)


def checks_of(action: str, request: dict[str, Any], body: bytes, params: dict[str, Any]) -> Iterator[Check]:
    """Every question that AWS puts to IAM for one ECS request."""
    cluster = {"ecs:cluster": _cluster_arn(request.get("cluster"))}
    if action == "ecs:RunTask":
        yield from _run_task_checks(request, body, params, cluster)
    elif action in ("ecs:StopTask", "ecs:DescribeTasks"):
        named = request.get("tasks") or [request.get("task", "")]
        arns = [_task_arn(task, request.get("cluster")) for task in named]
        yield from (Check(action, task_arn, {**cluster, **_task_tags(task_arn)}) for task_arn in arns)
    elif action in ("ecs:DescribeServices", "ecs:UpdateService", "ecs:DeleteService"):
        named = request.get("services") or [request.get("service", "")]
        yield from (Check(action, _service_arn(name, request.get("cluster")), cluster) for name in named)
    elif action in ("ecs:TagResource", "ecs:UntagResource", "ecs:ListTagsForResource"):
        yield Check(action, request.get("resourceArn", "*"), iam_actions.request_tag_context("ecs", action, body, params))
    elif action == "ecs:ListTasks":
        # Its one resource type is the container instance, and a Fargate request names none.
        yield Check(action, "*", cluster)
    else:
        # DescribeTaskDefinition supports no resource: a policy that names an ARN does not allow it.
        yield Check(action, "*")


def _run_task_checks(
    request: dict[str, Any], body: bytes, params: dict[str, Any], cluster: dict[str, Any]
) -> Iterator[Check]:
    tags = iam_actions.request_tag_context("ecs", "ecs:RunTask", body, params)
    yield Check("ecs:RunTask", _task_definition_arn(request.get("taskDefinition", "")), {**cluster, **tags})
    if request.get("tags") or request.get("propagateTags") not in (None, "NONE"):
        # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/supported-iam-actions-tagging.html
        any_task = _task_arn("*", request.get("cluster"))
        yield Check("ecs:TagResource", any_task, {**cluster, **tags, "ecs:CreateAction": "RunTask"})
    for role_arn in role_arns_of_request(request):
        # https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
        yield Check("iam:PassRole", role_arn, {"iam:PassedToService": "ecs-tasks.amazonaws.com"})


def _arn(resource: str) -> str:
    return f"arn:aws:ecs:{get_region()}:{get_account_id()}:{resource}"


def _cluster_arn(cluster: str | None) -> str:
    return cluster if cluster and cluster.startswith("arn:") else _arn(f"cluster/{cluster or 'default'}")


def _cluster_name(cluster: str | None) -> str:
    return (cluster or "default").rsplit("/", 1)[-1]


def _task_arn(task: str, cluster: str | None) -> str:
    return task if task.startswith("arn:") else _arn(f"task/{_cluster_name(cluster)}/{task}")


def _task_tags(task_arn: str) -> dict[str, str]:
    tags = ecs._tasks.get(task_arn, {}).get("tags", [])
    return {f"aws:ResourceTag/{tag['key']}": tag["value"] for tag in tags}


def _service_arn(service: str, cluster: str | None) -> str:
    return service if service.startswith("arn:") else _arn(f"service/{_cluster_name(cluster)}/{service}")


def _task_definition_arn(reference: str) -> str:
    """A family alone is its latest active revision: AWS authorises what it is about to run."""
    key = ecs._resolve_td_key(reference)
    known = ecs._task_defs.get(key) if key else None
    if known is not None:
        return known["taskDefinitionArn"]
    return reference if reference.startswith("arn:") else _arn(f"task-definition/{reference}")
