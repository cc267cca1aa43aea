""""ECS Task State Change" events on the default bus, which MiniStack does not send.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs_task_events.html
"""

import json
import queue
import threading
from typing import Any

from ministack.core.concurrency import resource_lock
from ministack.core.responses import get_account_id, get_region, now_iso, request_scope
from ministack.services import ecs, eventbridge

# Account, region and detail of each event, in the order of the changes.
_waiting: "queue.Queue[tuple[str, str, dict[str, Any]]]" = queue.Queue()


def apply() -> None:
    """Send an event where the task's version goes up on the way to RUNNING. task_stopping.py sends the others."""
    threading.Thread(target=_send_for_ever, daemon=True, name="overtime-task-events").start()
    _report_start()
    _report_running()


def _report_start() -> None:
    original = ecs._mark_task_pending

    def mark_task_pending(task_arn: str, task: dict[str, Any]) -> bool:
        # The first change after RunTask, in the thread that makes all further ones: PROVISIONING goes out before PENDING.
        with resource_lock("ecs-task", task_arn):
            task.update(size_overrides(task.get("overrides") or {}))
        publish(task)
        marked = original(task_arn, task)
        if marked:
            publish(task)
        return marked

    ecs._mark_task_pending = mark_task_pending


def _report_running() -> None:
    original = ecs._mark_task_running

    def mark_task_running(task_arn: str, task: dict[str, Any]) -> bool:
        marked = original(task_arn, task)
        if marked:
            publish(task)
        return marked

    ecs._mark_task_running = mark_task_running


def size_overrides(overrides: dict[str, Any]) -> dict[str, Any]:
    """A task reports the size that it was started with, which MiniStack takes from the definition alone."""
    return {name: overrides[name] for name in ("cpu", "memory", "ephemeralStorage") if overrides.get(name)}


def publish(task: dict[str, Any]) -> None:
    """Send the task as it is now. The caller runs in the task's account and region."""
    with resource_lock("ecs-task", task["taskArn"]):
        detail = detail_of(task, now_iso())
    _waiting.put((get_account_id(), get_region(), detail))


def detail_of(task: dict[str, Any], now: str) -> dict[str, Any]:
    """The event's detail: the task as DescribeTasks shows it, with its times as text, and without what is empty."""
    shown = json.loads(json.dumps(ecs._sanitize(task)))
    # A Fargate task has no container instance; tags are not part of the event.
    unknown_on_aws = {"tags"} | ({"containerInstanceArn"} if task.get("launchType") == "FARGATE" else set())
    return {
        **{name: value for name, value in shown.items() if value != "" and name not in unknown_on_aws},
        "updatedAt": now,
    }


def _send_for_ever() -> None:
    while True:
        account, region, detail = _waiting.get()
        try:
            with request_scope(account, region):
                _send(detail)
        except Exception:
            # One target that fails must not end the events of all other tasks.
            ecs.logger.exception("An ECS task state change event could not be delivered")


def _send(detail: dict[str, Any]) -> None:
    entry = {
        "Source": "aws.ecs",
        "DetailType": "ECS Task State Change",
        "Detail": json.dumps(detail),
        "Resources": [detail["taskArn"]],
        "EventBusName": "default",
    }
    eventbridge._put_events({"Entries": [entry]}, allow_aws_source=True)
