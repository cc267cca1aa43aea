"""A service keeps whether its tasks are spread over Availability Zones anew.

MiniStack forgets it, so that Terraform would set it with each plan.
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_CreateService.html
"""

import json
from collections.abc import Callable
from typing import Any

from ministack.services import ecs

Response = tuple[int, dict[str, str], bytes]

SETTING = "availabilityZoneRebalancing"
# Of a service that is made without it: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-rebalancing.html
DEFAULT = "ENABLED"


def apply() -> None:
    """Keep the setting where CreateService and UpdateService give it."""
    for action, name in (("CreateService", "_create_service"), ("UpdateService", "_update_service")):
        kept = _keeping(getattr(ecs, name), action == "CreateService")
        setattr(ecs, name, kept)
        ecs._ACTION_MAP[action] = kept


def _keeping(original: Callable[[dict[str, Any]], Response], is_new: bool) -> Callable[[dict[str, Any]], Response]:
    def keep(data: dict[str, Any]) -> Response:
        status, headers, body = original(data)
        answer = json.loads(body)
        made = answer.get("service")
        if made is None:
            return status, headers, body
        service = ecs._services[made["serviceArn"].split(":service/")[1]]
        given = data.get(SETTING, DEFAULT if is_new else service.get(SETTING))
        service[SETTING] = made[SETTING] = given
        return status, headers, json.dumps(answer).encode()

    return keep
