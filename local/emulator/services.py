"""A service keeps whether ECS may move its tasks between zones.

MiniStack forgets it, so that each plan would change every service that says so.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
"""

from typing import Any

from ministack.services import ecs

Response = tuple[int, dict[str, str], bytes]

_FIELD = "availabilityZoneRebalancing"


def apply() -> None:
    """Keep the field in what CreateService and UpdateService write."""
    for action, name in (("CreateService", "serviceName"), ("UpdateService", "service")):
        changed = _keeping(getattr(ecs, f"_{_snake(action)}"), name)
        setattr(ecs, f"_{_snake(action)}", changed)
        ecs._ACTION_MAP[action] = changed


def _snake(action: str) -> str:
    return action.replace("Service", "_service").lower()


def _keeping(original: Any, name: str) -> Any:
    def handle(data: dict[str, Any]) -> Response:
        answer = original(data)
        cluster = ecs._resolve_cluster_name(data.get("cluster", "default"))
        service = ecs._services.get(f"{cluster}/{str(data.get(name)).rsplit('/', 1)[-1]}")
        if service is not None and data.get(_FIELD) is not None:
            service[_FIELD] = data[_FIELD]
        return answer

    return handle
