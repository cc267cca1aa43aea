"""A container starts with everything that its definition says.

MiniStack passes command, environment, mounts and capabilities to the engine, and drops the rest of the definition.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
"""

import os
from typing import Any

from ministack.services import ecs

MIB = 1024 * 1024
NANO_CPUS_PER_UNIT = 1_000_000_000 // 1024


def apply() -> None:
    """Complete what goes to the engine when a container is created, and say so when its image cannot be had."""
    original_kwargs, original_run = ecs._build_run_kwargs, ecs._run_docker_container

    def build_run_kwargs(
        cdef: dict, td: dict, env: dict, ports: dict, network: Any, host_mode: bool, task_id: str, task_arn: str, *rest: Any
    ) -> dict:
        env = {**env, **programs_endpoint(os.environ)}
        kwargs = original_kwargs(cdef, td, env, ports, network, host_mode, task_id, task_arn, *rest)
        task = ecs._tasks.get(task_arn) or {}
        kwargs.update(definition_settings(cdef))
        kwargs.update(limits(cdef, td, task.get("overrides") or {}, os.cpu_count() or 1))
        # MiniStack's name has eight characters of the task's id, too few for thousands of tasks.
        kwargs["name"] = f"overtime-{task_id}-{cdef['name']}"
        return share_network(kwargs, td, task.get("_docker_ids") or [])

    def run_docker_container(client: Any, cdef: dict, run_kwargs: dict, **options: Any) -> Any:
        if not options.get("refresh_image"):
            _pull_if_missing(client, cdef["image"], run_kwargs.get("platform"))
        return original_run(client, cdef, run_kwargs, **options)

    ecs._build_run_kwargs = build_run_kwargs
    ecs._run_docker_container = run_docker_container


def programs_endpoint(environment: Any) -> dict[str, str]:
    """Where a task finds AWS, if something stands in front of the emulator: Lambda functions have the same."""
    own = f"http://{environment.get('BIND_HOST')}:{environment.get('GATEWAY_PORT')}"
    front = environment.get("AWS_ENDPOINT_URL", own)
    return {} if front == own else {"AWS_ENDPOINT_URL": front}


def definition_settings(cdef: dict[str, Any]) -> dict[str, Any]:
    """Settings of the definition that have the same meaning for the engine."""
    names = {"entryPoint": "entrypoint", "workingDirectory": "working_dir", "user": "user"}
    settings = {ours: cdef[theirs] for theirs, ours in names.items() if cdef.get(theirs)}
    if cdef.get("readonlyRootFilesystem"):
        settings["read_only"] = True
    if (cdef.get("linuxParameters") or {}).get("initProcessEnabled"):
        settings["init"] = True
    return settings


def limits(cdef: dict[str, Any], td: dict[str, Any], overrides: dict[str, Any], machine_cpus: int) -> dict[str, Any]:
    """The container's own memory limit or else the task's, and the task's CPU. Swap is none, as on Fargate.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_definition_parameters.html#task_size
    """
    found: dict[str, Any] = {}
    memory_mib = cdef.get("memory") or overrides.get("memory") or td.get("memory")
    if memory_mib:
        found["mem_limit"] = found["memswap_limit"] = int(memory_mib) * MIB
    cpu_units = overrides.get("cpu") or td.get("cpu")
    if cpu_units:
        # An engine refuses more CPUs than the machine has.
        found["nano_cpus"] = min(int(cpu_units), machine_cpus * 1024) * NANO_CPUS_PER_UNIT
    return found


def share_network(kwargs: dict[str, Any], td: dict[str, Any], started_ids: list[str]) -> dict[str, Any]:
    """Containers of one awsvpc task reach each other on loopback: the later ones join the first one's network.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-networking-awsvpc.html
    """
    if td.get("networkMode") != "awsvpc" or not started_ids:
        return kwargs
    of_its_own = ("network", "extra_hosts", "ports")
    return {
        **{name: value for name, value in kwargs.items() if name not in of_its_own},
        "network_mode": f"container:{started_ids[0]}",
    }


def _pull_if_missing(client: Any, image: str, platform: str | None) -> None:
    """An image that cannot be had ends the task as CannotPullContainerError, not as a failed start.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_cannot_pull_image.html
    """
    from docker.errors import APIError, ImageNotFound

    try:
        client.images.get(image)
    except ImageNotFound:
        try:
            client.images.pull(image, platform=platform)
        except APIError as error:
            raise ecs._ImagePullError(error.explanation or str(error)) from error
