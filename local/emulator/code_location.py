"""GetFunction's download link works from wherever it was asked for, and leads to the version that was asked for.

MiniStack puts one configured host name into the link, though a container reaches it by another than a process does,
and serves $LATEST for every version.
https://docs.aws.amazon.com/lambda/latest/api/API_GetFunction.html
"""

import json
from contextvars import ContextVar
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from ministack.services import lambda_svc

_caller_host: ContextVar[str] = ContextVar("overtime_caller_host")


def apply() -> None:
    """Remember each request's Host header, and use it in the links of functions and layers."""
    _remember_host()
    _correct_function_links()
    _correct_layer_links()


def _remember_host() -> None:
    original = lambda_svc.handle_request

    async def handle_request(method: str, path: str, headers: dict, body: bytes, params: dict) -> tuple:
        _caller_host.set(headers["host"])
        return await original(method, path, headers, body, params)

    lambda_svc.handle_request = handle_request


def _correct_function_links() -> None:
    original_get, original_serve = lambda_svc._get_function, lambda_svc.serve_function_code

    def get_function(name: str, qualifier: str | None = None) -> tuple:
        status, headers, body = original_get(name, qualifier)
        answer = json.loads(body)
        location = answer.get("Code", {}).get("Location")
        if location is None:
            return status, headers, body
        version = answer["Configuration"].get("Version", "$LATEST")
        answer["Code"]["Location"] = _at_caller_host(location, "" if version == "$LATEST" else f":{version}")
        return status, headers, json.dumps(answer).encode()

    def serve_function_code(name: str, account_id: str | None = None, region: str | None = None) -> tuple:
        base_name, _, version = name.partition(":")
        if version == "":
            return original_serve(base_name, account_id=account_id, region=region)
        function = lambda_svc._functions.get_scoped(account_id, region, base_name) or {}
        published: dict[str, Any] = function.get("versions", {}).get(version) or {}
        if not published.get("code_zip"):
            return 404, {"Content-Type": "text/plain"}, b"Version not found"
        return 200, {"Content-Type": "application/zip"}, published["code_zip"]

    lambda_svc._get_function = get_function
    lambda_svc.serve_function_code = serve_function_code


def _correct_layer_links() -> None:
    original = lambda_svc._layer_content_url

    def layer_content_url(layer_name: str, version: int) -> str:
        return _at_caller_host(original(layer_name, version), "")

    lambda_svc._layer_content_url = layer_content_url


def _at_caller_host(url: str, path_suffix: str) -> str:
    parts = urlsplit(url)
    host = _caller_host.get(parts.netloc)
    return urlunsplit((parts.scheme, host, parts.path + path_suffix, parts.query, parts.fragment))
