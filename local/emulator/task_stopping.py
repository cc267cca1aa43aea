"""A task stops as on AWS: SIGTERM, the container's stopTimeout, SIGKILL, and the exit code is the container's own.

MiniStack reports STOPPED with exit code 0 at once, gives 5 seconds after that, and leaves the other containers of a
task running when an essential one ends.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_StopTask.html
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from ministack.core.concurrency import resource_lock, spawn_background
from ministack.core.responses import now_iso
from ministack.services import ecs, ecs_metadata

from container_dependencies import stop_order
from task_events import publish
from task_volumes import remove_volumes

# https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html (stopTimeout)
DEFAULT_STOP_TIMEOUT_SECONDS = 30

# A stopped container's last lines are read before it is removed; a broken log driver holds up nothing longer than this.
LOG_WAIT_SECONDS = 5.0

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/resolve-outofmemory-errors.html
OUT_OF_MEMORY = "OutOfMemoryError: Container killed due to memory usage"

# https://docs.aws.amazon.com/AmazonECS/latest/developerguide/stopped-task-error-codes.html
ESSENTIAL_CONTAINER_EXITED = "Essential container in task exited"

# The reasons that MiniStack's service scheduler gives.
SCHEDULER_REASONS = ("Service deleted", "Service scaling down")

_logs_read: dict[str, threading.Event] = {}


def apply() -> None:
    """Replace the two functions through which every stop of a task goes, and follow the log forwarders."""
    _follow_log_forwarders()
    ecs._mark_task_stopped = begin_stop
    ecs._cleanup_task_resources = _drop_unattached_container


def begin_stop(task_arn: str, task: dict[str, Any], reason: str, stop_code: str, exit_code: int | None = None) -> bool:
    """Ask for the stop, report it, and let the rest happen behind the caller's back, as AWS does."""
    with resource_lock("ecs-task", task_arn):
        if not ecs._task_is_active(task_arn, task):
            return False
        ecs._bump_task_version(task)
        task["desiredStatus"] = "STOPPED"
        task["stoppingAt"] = now_iso()
        task["stopCode"] = "ServiceSchedulerInitiated" if reason in SCHEDULER_REASONS else stop_code
        task["stoppedReason"] = ESSENTIAL_CONTAINER_EXITED if stop_code == "EssentialContainerExited" else reason
    ecs_metadata.set_task_status(task_arn, desired_status="STOPPED")
    publish(task)
    spawn_background(_finish_stop, task, thread_name=f"overtime-stop-{task_arn[-8:]}")
    return True


def _finish_stop(task: dict[str, Any]) -> None:
    _set_status(task, "DEACTIVATING")
    _set_status(task, "STOPPING")
    client = ecs._get_docker()
    ids = list(task.get("_docker_ids") or [])
    definitions = (ecs._task_defs.get(task["taskDefinitionArn"].rsplit("/", 1)[-1]) or {}).get("containerDefinitions", [])
    timeouts = [stop_timeout_seconds(definition) for definition in definitions[: len(ids)]]
    states: list[dict[str, Any]] = [{} for _ in ids]
    with ThreadPoolExecutor(max_workers=max(len(ids), 1)) as pool:
        for group in stop_order(definitions[: len(ids)]):
            stopped = pool.map(lambda index: _stop_container(client, ids[index], timeouts[index]), group)
            for index, state in zip(group, stopped):
                states[index] = state
    with resource_lock("ecs-task", task["taskArn"]):
        for container, state in zip(task.get("containers", []), states):
            container.update(container_end(state))
        task["executionStoppedAt"] = now_iso()
    _set_status(task, "DEPROVISIONING", reported=True)
    for container_id in ids:
        _remove_container(client, container_id)
    remove_volumes(client, task)
    _report_stopped(task)


def _report_stopped(task: dict[str, Any]) -> None:
    with resource_lock("ecs-task", task["taskArn"]):
        task["stoppedAt"] = now_iso()
        for container in task.get("containers", []):
            container["lastStatus"] = "STOPPED"
        tokens, task["_metadata_tokens"], task["_docker_ids"] = list(task.get("_metadata_tokens") or []), [], []
    for token in tokens:
        ecs_metadata.unregister_token(token)
    _set_status(task, "STOPPED", reported=True)
    cluster_name = ecs._cluster_name_from_arn(task.get("clusterArn", ""))
    if cluster_name:
        ecs._recount_cluster(cluster_name)
        ecs._refresh_service_state(cluster_name, task.get("group", ""))
    if task["stopCode"] in ("EssentialContainerExited", "TaskFailedToStart"):
        ecs._record_service_task_failure(task)


def _set_status(task: dict[str, Any], status: str, *, reported: bool = False) -> None:
    with resource_lock("ecs-task", task["taskArn"]):
        if reported:
            ecs._bump_task_version(task)
        task["lastStatus"] = status
    ecs_metadata.set_task_status(task["taskArn"], known_status=status)
    if reported:
        publish(task)


def stop_timeout_seconds(definition: dict[str, Any]) -> int:
    """How long the container has between SIGTERM and SIGKILL."""
    given = definition.get("stopTimeout")
    return DEFAULT_STOP_TIMEOUT_SECONDS if given is None else int(given)


def container_end(state: dict[str, Any]) -> dict[str, Any]:
    """What the task says of a container whose engine state is this; nothing where the engine lost it."""
    if not state:
        return {}
    reason = {"reason": OUT_OF_MEMORY} if state.get("OOMKilled") else {}
    return {"exitCode": state["ExitCode"], "lastStatus": "STOPPED", **reason}


def _stop_container(client: Any, container_id: str, timeout_seconds: int) -> dict[str, Any]:
    try:
        container = client.containers.get(container_id)
        if container.status != "exited":
            container.stop(timeout=timeout_seconds)
            container.reload()
        return container.attrs["State"]
    except Exception:
        # The engine is gone, or somebody removed the container by hand: the task ends without an exit code.
        ecs.logger.exception("Container %s could not be stopped", container_id)
        return {}


def _remove_container(client: Any, container_id: str) -> None:
    read = _logs_read.pop(container_id, None)
    if read is not None:
        read.wait(LOG_WAIT_SECONDS)
    try:
        client.containers.get(container_id).remove(v=True, force=True)
    except Exception:
        ecs.logger.exception("Container %s could not be removed", container_id)


def _follow_log_forwarders() -> None:
    original = ecs._forward_awslogs

    def forward_awslogs(container: Any, *rest: Any) -> None:
        read = _logs_read.setdefault(container.id, threading.Event())
        try:
            original(container, *rest)
        finally:
            read.set()

    ecs._forward_awslogs = forward_awslogs


def _drop_unattached_container(_task: dict[str, Any], client: Any, extra_container: Any = None) -> None:
    """A container that came up after its task was stopped. The task's own ones are begin_stop's business."""
    if client is not None and extra_container is not None:
        extra_container.stop(timeout=DEFAULT_STOP_TIMEOUT_SECONDS)
        extra_container.remove(v=True, force=True)
