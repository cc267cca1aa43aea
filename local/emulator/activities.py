"""The tasks of activities keep the time limits of their states, and the API keeps its own limits.

MiniStack waits for ever for a worker that has taken a task, and takes outcomes of any length. In AWS both limits of a
state begin when a worker takes the task, and a token of which the state has given up answers TaskTimedOut.
https://docs.aws.amazon.com/step-functions/latest/dg/state-task.html
"""

import asyncio
import json
import threading
import time
from typing import Any

from ministack.core.responses import error_response_json, json_response, new_uuid
from ministack.services import stepfunctions as sfn

Response = tuple[int, dict[str, str], bytes]

# https://docs.aws.amazon.com/step-functions/latest/apireference/API_GetActivityTask.html
_POLL_SECONDS = 60
_LOOK_SECONDS = 0.2

# https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html and API_SendTaskFailure.html
_LIMITS = {"output": 262_144, "error": 256, "cause": 32_768}

_state = threading.local()
_given_up: set[str] = set()


def apply() -> None:
    """Replace what MiniStack does with the tasks of activities and with their tokens."""
    original_task, original_matches = sfn._execute_task, sfn._error_matches

    def execute_task(state_def: dict, raw_input: Any, execution: Any, ctx: Any) -> Any:
        _state.definition = state_def
        return original_task(state_def, raw_input, execution, ctx)

    def error_matches(error_equals: list[str], error: str) -> bool:
        if error != _SILENT:
            return original_matches(error_equals, error)
        # https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
        return any(name in error_equals for name in ("States.ALL", "States.Timeout", _SILENT))

    sfn._execute_task = execute_task
    sfn._error_matches = error_matches
    sfn._invoke_activity = _invoke_activity
    sfn._get_activity_task = _get_activity_task
    for name in ("_send_task_success", "_send_task_failure", "_send_task_heartbeat"):
        setattr(sfn, name, _of_living_token(getattr(sfn, name)))


_SILENT = "States.HeartbeatTimeout"


def limit_passed(task: dict[str, Any], state: dict[str, Any], now: float) -> str | None:
    """The name of the time limit that a task has passed, if a worker has taken it."""
    if task.get("taken") is None:
        return None
    if now - task["beat"] > state.get("HeartbeatSeconds", float("inf")):
        return _SILENT
    if now - task["taken"] > state.get("TimeoutSeconds", float("inf")):
        return "States.Timeout"
    return None


def problem_of(request: dict[str, Any]) -> str | None:
    """What is wrong with an outcome by its length."""
    for name, most in _LIMITS.items():
        # The output's limit is in bytes, that of the other two in characters.
        value = request.get(name) or ""
        length = len(value.encode()) if name == "output" else len(value)
        if length > most:
            return f"1 validation error detected: Value at '{name}' failed to satisfy constraint: Member must have length less than or equal to {most}"
    return None


def _invoke_activity(resource: str, input_data: Any) -> Any:
    if resource not in sfn._activities:
        raise sfn._ExecutionError("ActivityDoesNotExist", f"Activity {resource} not found")
    state = _state.definition
    token = new_uuid()
    task: dict[str, Any] = {"event": threading.Event(), "result": None, "error": None, "taken": None, "beat": None}
    sfn._task_tokens[token] = task
    sfn._activity_tasks[resource].append({"taskToken": token, "input": json.dumps(input_data)})
    while not task["event"].wait(timeout=_LOOK_SECONDS):
        passed = limit_passed(task, state, time.monotonic())
        if passed is not None:
            _given_up.add(token)
            sfn._task_tokens.pop(token, None)
            raise sfn._ExecutionError(passed, "")
    sfn._task_tokens.pop(token, None)
    if task["error"]:
        raise sfn._ExecutionError(task["error"]["Error"], task["error"]["Cause"])
    return json.loads(task["result"])


async def _get_activity_task(data: dict[str, Any]) -> Response:
    arn = data.get("activityArn")
    if arn not in sfn._activities:
        return error_response_json("ActivityDoesNotExist", f"Activity {arn} not found", 400)
    deadline = time.monotonic() + _POLL_SECONDS
    while time.monotonic() < deadline:
        queue = sfn._activity_tasks.get(arn, [])
        if queue:
            given = queue.pop(0)
            task = sfn._task_tokens.get(given["taskToken"])
            if task is not None:
                task["taken"] = task["beat"] = time.monotonic()
                return json_response(given)
        await asyncio.sleep(_LOOK_SECONDS)
    return json_response({})


def _of_living_token(original: Any) -> Any:
    def send(data: dict[str, Any]) -> Response:
        problem = problem_of(data)
        if problem is not None:
            return error_response_json("ValidationException", problem, 400)
        token = data.get("taskToken")
        if token in _given_up:
            return error_response_json("TaskTimedOut", "Task Timed Out: the state has given up.", 400)
        task = sfn._task_tokens.get(token)
        if task is not None:
            task["beat"] = time.monotonic()
        return original(data)

    return send
