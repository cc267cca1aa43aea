"""The error of a Node.js function has the type that the function gave it.

MiniStack calls every one "Runtime.HandlerError". Lambda's errorType is the error's name, by which callers and Step
Functions tell errors apart. https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html
"""

import threading
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc

_THROWN = "error: String(err.message || err), trace: err.stack"
_THROWN_WITH_TYPE = "errorType: err.name, " + _THROWN
_UNKNOWN_TYPE = "Runtime.HandlerError"

_invocation = threading.local()


def apply() -> None:
    """Have the worker tell the error's name, and carry it from there to the answer."""
    _extend_worker_script()
    original_invoke, original_execute = lambda_runtime.Worker.invoke, lambda_svc._execute_function_warm

    def invoke(self: Any, *args: Any, **options: Any) -> dict:
        result = original_invoke(self, *args, **options)
        _invocation.error_type = result.get("errorType")
        return result

    def execute_function_warm(func: dict, event: Any, request_id: str) -> dict:
        _invocation.error_type = None
        answer = original_execute(func, event, request_id)
        body = answer.get("body")
        error_type = _invocation.error_type
        if answer.get("error") and error_type and isinstance(body, dict) and body.get("errorType") == _UNKNOWN_TYPE:
            body["errorType"] = error_type
        return answer

    lambda_runtime.Worker.invoke = invoke
    lambda_svc._execute_function_warm = execute_function_warm


def _extend_worker_script() -> None:
    scripts = {name: text for name, text in vars(lambda_runtime).items() if isinstance(text, str) and _THROWN in text}
    if not scripts:
        raise RuntimeError("MiniStack's worker script for Node.js has no longer the line that this correction extends.")
    for name, text in scripts.items():
        setattr(lambda_runtime, name, text.replace(_THROWN, _THROWN_WITH_TYPE))
