"""RunTask refuses what AWS refuses, and starts no second task for the same client token.

MiniStack makes a cluster that does not exist, ignores clientToken, and takes overrides of any length.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html
"""

import json
import threading
from typing import Any

from ministack.core.responses import error_response_json, get_account_id, get_region, json_response
from ministack.services import ecs

from service_trust import trusts
from task_events import size_overrides
from task_roles import role_arns_of_request

Response = tuple[int, dict[str, str], bytes]

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_TaskOverride.html
OVERRIDES_LIMIT_CHARACTERS = 8192

_lock = threading.Lock()
# Account, region and token -> the request without the token, and the ARNs of its tasks.
_known_tokens: dict[tuple[str, str, str], tuple[dict[str, Any], list[str]]] = {}


def apply() -> None:
    """Put the checks before MiniStack's RunTask."""
    original = ecs._run_task

    def run_task(data: dict[str, Any]) -> Response:
        token = data.get("clientToken")
        if token is None:
            return _refusal(data) or _run(original, data)
        with _lock:
            return _repetition(token, data) or _refusal(data) or _remember(token, data, _run(original, data))

    ecs._run_task = run_task
    ecs._ACTION_MAP["RunTask"] = run_task


def _run(original: Any, data: dict[str, Any]) -> Response:
    definition = ecs._task_defs.get(ecs._resolve_td_key(data["taskDefinition"]))
    # The default that the API reference gives for "group".
    status, headers, body = original({"group": f"family:{definition['family']}", **data})
    answer = json.loads(body)
    for task in answer.get("tasks", []):
        task.update(size_overrides(data.get("overrides") or {}))
    return status, headers, json.dumps(answer).encode()


def _refusal(data: dict[str, Any]) -> Response | None:
    cluster = ecs._resolve_cluster_name(data.get("cluster", "default"))
    if cluster is None or cluster not in ecs._clusters:
        return error_response_json("ClusterNotFoundException", "Cluster not found.", 400)
    key = ecs._resolve_td_key(data.get("taskDefinition", ""))
    definition = ecs._task_defs.get(key) if key else None
    if definition is None or definition.get("status") != "ACTIVE":
        return error_response_json("ClientException", "TaskDefinition not found.", 400)
    problem = parameter_problem(data, definition)
    if problem is not None:
        return error_response_json("InvalidParameterException", problem, 400)
    for role in role_arns_of_request(data):
        if not trusts(role, "ecs-tasks.amazonaws.com"):
            return error_response_json(
                "ClientException",
                f"ECS was unable to assume the role '{role}' that was provided for this task. Please verify that the "
                "role being passed has the proper trust relationship and permissions and that your IAM user has "
                "permissions to pass this role.",
                400,
            )
    return None


def parameter_problem(data: dict[str, Any], definition: dict[str, Any]) -> str | None:
    """What ECS answers to a request that fits neither its limits nor its task definition."""
    overrides = data.get("overrides") or {}
    if len(json.dumps(overrides, ensure_ascii=False, separators=(",", ":"))) > OVERRIDES_LIMIT_CHARACTERS:
        return f"Container Overrides length must be at most {OVERRIDES_LIMIT_CHARACTERS}"
    names = {container["name"] for container in definition["containerDefinitions"]}
    for override in overrides.get("containerOverrides") or []:
        if override.get("name") not in names:
            return f"Override for container named {override.get('name')} is not a container in the TaskDefinition."
    if definition.get("networkMode") == "awsvpc" and not data.get("networkConfiguration"):
        return "Network Configuration must be provided when networkMode 'awsvpc' is specified."
    return None


def _token_key(token: str) -> tuple[str, str, str]:
    return get_account_id(), get_region(), token


def _repetition(token: str, data: dict[str, Any]) -> Response | None:
    """https://docs.aws.amazon.com/AmazonECS/latest/APIReference/ECS_Idempotency.html"""
    known = _known_tokens.get(_token_key(token))
    if known is None:
        return None
    request, arns = known
    if request != data:
        return error_response_json(
            "ConflictException",
            "The RunTask request could not be processed due to conflicts. The provided clientToken is already in use "
            "with a different RunTask request.",
            400,
            {"resourceIds": arns},
        )
    return json_response({"tasks": [ecs._sanitize(ecs._tasks[arn]) for arn in arns], "failures": []})


def _remember(token: str, data: dict[str, Any], response: Response) -> Response:
    arns = [task["taskArn"] for task in json.loads(response[2]).get("tasks", [])]
    if arns:
        _known_tokens[_token_key(token)] = (data, arns)
    return response
