"""A task has the volumes that its definition names, empty at first, and its containers share them.

MiniStack mounts folders of the host alone. A volume without one is the task's own, belongs to root, and goes with it;
what an image has at the place where it is mounted is not to be seen.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/bind-mounts.html
"""

from typing import Any

from ministack.core import container_reaper
from ministack.services import ecs


def apply() -> None:
    """Mount volumes of the engine, named after the task, and leave none behind."""
    _mount()
    _sweep()


def _mount() -> None:
    original = ecs._build_run_kwargs

    def build_run_kwargs(
        cdef: dict, td: dict, env: dict, ports: dict, network: Any, host_mode: bool, task_id: str, *rest: Any
    ) -> dict:
        kwargs = original(cdef, td, env, ports, network, host_mode, task_id, *rest)
        own = task_binds(cdef, td, task_id)
        for bind in own:
            # With a label, unlike those that the engine makes by itself. One that is there stays as it is.
            ecs._get_docker().volumes.create(name=bind.split(":")[0], labels=container_reaper.own_labels("ecs"))
        binds = [*(kwargs.get("volumes") or []), *own]
        return {**kwargs, "volumes": binds} if binds else kwargs

    ecs._build_run_kwargs = build_run_kwargs


def _sweep() -> None:
    original = container_reaper.reap_all

    def reap_all(client: Any, *rest: Any, **named: Any) -> int:
        count = original(client, *rest, **named)
        label = f"{container_reaper.INSTANCE_LABEL}={container_reaper.instance_id()}"
        for volume in client.volumes.list(filters={"label": label}):
            volume.remove(force=True)
        return count

    container_reaper.reap_all = reap_all


def task_binds(cdef: dict[str, Any], td: dict[str, Any], task_id: str) -> list[str]:
    """The container's mounts of the task's own volumes, as the engine takes them. Nothing is copied from the image."""
    own = {volume["name"] for volume in td.get("volumes") or [] if not (volume.get("host") or {}).get("sourcePath")}
    return [
        f"{volume_name(task_id, mount['sourceVolume'])}:{mount['containerPath']}:{'ro' if mount.get('readOnly') else 'rw'},nocopy"
        for mount in cdef.get("mountPoints") or []
        if mount["sourceVolume"] in own
    ]


def volume_name(task_id: str, name: str) -> str:
    """Of the engine's volume. Names count for the whole engine."""
    return f"overtime-{task_id}-{name}"


def remove_volumes(client: Any, task: dict[str, Any]) -> None:
    """When all containers of the task are gone."""
    from docker.errors import NotFound

    definition = ecs._task_defs.get(task["taskDefinitionArn"].rsplit("/", 1)[-1]) or {}
    task_id = task["taskArn"].rsplit("/", 1)[-1]
    for volume in definition.get("volumes") or []:
        try:
            client.volumes.get(volume_name(task_id, volume["name"])).remove(force=True)
        except NotFound:
            # A folder of the host, or no container mounted it.
            continue
        except Exception:
            ecs.logger.exception("Volume %s of task %s could not be removed", volume["name"], task_id)
