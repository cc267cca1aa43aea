"""The task's metadata say of each container whether it has ended, and how.

MiniStack tells its containers the states of a start and of a stop, and no exit code; of a container that is not
essential it tells them nothing.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-metadata-endpoint-v4-response.html
"""

from typing import Any

from ministack.services import ecs, ecs_metadata


def apply() -> None:
    """After each look at a task's containers, pass on what was seen."""
    original = ecs._maybe_mark_stopped

    def maybe_mark_stopped(task: dict[str, Any], docker_client: Any = None) -> None:
        original(task, docker_client)
        tell(task)

    ecs._maybe_mark_stopped = maybe_mark_stopped


def tell(task: dict[str, Any]) -> None:
    """Put exit codes into the metadata."""
    for token, container in zip(task.get("_metadata_tokens") or [], task.get("containers") or []):
        if container.get("exitCode") is not None:
            with ecs_metadata._LOCK:
                payload = ecs_metadata._TOKEN_TO_CONTAINER.get(token) or {}
                payload.update({"KnownStatus": "STOPPED", "ExitCode": container["exitCode"]})
