"""Reading a layer's version asks for lambda:GetLayerVersion on that version.

MiniStack takes every read under /layers for lambda:ListLayers, on no resource.
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awslambda.html
"""

import re
from typing import Any
from urllib.parse import unquote

from ministack.core import iam_actions

_VERSION_PATH = re.compile(r"^/2018-10-31/layers/([^/]+)/versions/(\d+)$")


def apply() -> None:
    """Name the action and the resource of GetLayerVersion and GetLayerVersionByArn as AWS does."""
    original_action, original_resource = iam_actions.extract_iam_action, iam_actions.extract_resource_arn

    def extract_iam_action(service: str, method: str, path: str, headers: dict, body: bytes, params: dict) -> str | None:
        if service == "lambda" and layer_version_arn(method, path, params, "", "") is not None:
            return "lambda:GetLayerVersion"
        return original_action(service, method, path, headers, body, params)

    def extract_resource_arn(
        service: str, method: str, path: str, headers: dict, body: bytes, params: dict, region: str, account: str
    ) -> str:
        layer = layer_version_arn(method, path, params, region, account) if service == "lambda" else None
        return layer or original_resource(service, method, path, headers, body, params, region, account)

    iam_actions.extract_iam_action = extract_iam_action
    iam_actions.extract_resource_arn = extract_resource_arn


def layer_version_arn(method: str, path: str, params: dict[str, Any], region: str, account: str) -> str | None:
    """The version that a request reads, or None where it reads none."""
    if method != "GET":
        return None
    if path.rstrip("/") == "/2018-10-31/layers" and _first(params, "find") == "LayerVersion":
        return _first(params, "Arn")
    match = _VERSION_PATH.match(path)
    if match is None:
        return None
    name, version = unquote(match[1]), match[2]
    layer = name if name.startswith("arn:") else f"arn:aws:lambda:{region}:{account}:layer:{name}"
    return f"{layer}:{version}"


def _first(params: dict[str, Any], name: str) -> str:
    value = params.get(name, "")
    return value[0] if isinstance(value, list) and value else str(value or "")
