"""Containers start and stop in the order of their dependencies, and have health checks.

MiniStack starts them one right after the other, and stops all at once. Here a container that depends on another has to
stand after it in the definition.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
"""

import time
from typing import Any

from ministack.services import ecs

NANOSECONDS = 1_000_000_000
POLL_SECONDS = 0.1

TASK_LABEL = "com.amazonaws.ecs.task-arn"


def apply() -> None:
    """Hold each container back until those that it depends on are as it wants them."""
    original_kwargs, original_run = ecs._build_run_kwargs, ecs._run_docker_container

    def build_run_kwargs(cdef: dict, *rest: Any) -> dict:
        kwargs = original_kwargs(cdef, *rest)
        check = health_check(cdef.get("healthCheck"))
        return kwargs if check is None else {**kwargs, "healthcheck": check}

    def run_docker_container(client: Any, cdef: dict, run_kwargs: dict, **options: Any) -> Any:
        task = ecs._tasks.get(run_kwargs["labels"][TASK_LABEL]) or {}
        for dependency in cdef.get("dependsOn") or []:
            _await(client, task, dependency)
        return original_run(client, cdef, run_kwargs, **options)

    ecs._build_run_kwargs = build_run_kwargs
    ecs._run_docker_container = run_docker_container


def health_check(definition: dict[str, Any] | None) -> dict[str, Any] | None:
    """The definition's health check as the engine takes it, with ECS's defaults."""
    if not definition:
        return None
    return {
        "test": definition["command"],
        "interval": definition.get("interval", 30) * NANOSECONDS,
        "timeout": definition.get("timeout", 5) * NANOSECONDS,
        "retries": definition.get("retries", 3),
        "start_period": definition.get("startPeriod", 0) * NANOSECONDS,
    }


def is_met(condition: str, state: dict[str, Any]) -> bool:
    """Whether a container in this state of the engine's is as the one that depends on it wants it."""
    ended = state.get("Status") == "exited"
    if condition == "HEALTHY":
        return (state.get("Health") or {}).get("Status") == "healthy"
    if condition == "COMPLETE":
        return ended
    if condition == "SUCCESS":
        return ended and state.get("ExitCode") == 0
    return state.get("Status") in ("running", "exited")


def _await(client: Any, task: dict[str, Any], dependency: dict[str, Any]) -> None:
    names = [container["name"] for container in task.get("containers") or []]
    index = names.index(dependency["containerName"])
    while ecs._task_is_active(task["taskArn"], task):
        ids = task.get("_docker_ids") or []
        if index >= len(ids):
            raise RuntimeError(f"{dependency['containerName']} has to stand before the container that depends on it")
        state = client.containers.get(ids[index]).attrs["State"]
        if is_met(dependency["condition"], state):
            return
        if state["Status"] == "exited":
            if task["_container_essentials"][index]:
                ecs._mark_task_stopped(task["taskArn"], task, "Essential container exited", "EssentialContainerExited")
            raise RuntimeError(f"{names[index]} ended with {state['ExitCode']} and is not {dependency['condition']}")
        time.sleep(POLL_SECONDS)
    raise RuntimeError("the task was stopped before all of its containers had started")


def stop_order(definitions: list[dict[str, Any]]) -> list[list[int]]:
    """Indexes of the containers in the order in which they are stopped, those of one group side by side."""
    names = [definition["name"] for definition in definitions]
    waiting = set(range(len(definitions)))
    groups: list[list[int]] = []
    while waiting:
        needed = {
            names.index(dependency["containerName"])
            for index in waiting
            for dependency in definitions[index].get("dependsOn") or []
        }
        free = sorted(waiting - needed)
        if not free:
            # A circle, which ECS does not let anybody register.
            free = sorted(waiting)
        groups.append(free)
        waiting -= set(free)
    return groups
