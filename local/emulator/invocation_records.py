"""A function that is another one's failure destination gets the whole of Lambda's record.

MiniStack leaves out the record's version, its time and the id of the failed invocation, and names the function without
a qualifier. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
"""

import uuid
from datetime import datetime, timezone
from typing import Any

from ministack.services import lambda_svc

_LATEST = "$LATEST"


def apply() -> None:
    """Complete the record on its way to the function."""
    original = lambda_svc._execute_function_with_config_scope

    def execute(func: dict, event: Any) -> dict:
        return original(func, _complete(event) if _is_record(event) else event)

    lambda_svc._execute_function_with_config_scope = execute


def _is_record(event: Any) -> bool:
    context = event.get("requestContext") if isinstance(event, dict) else None
    return isinstance(context, dict) and "condition" in context and "requestId" not in context


def _complete(record: dict) -> dict:
    context = record["requestContext"]
    now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {
        "version": "1.0",
        "timestamp": now,
        **record,
        "requestContext": {
            "requestId": str(uuid.uuid4()),
            **context,
            "functionArn": f"{context['functionArn']}:{_LATEST}",
        },
        "responseContext": {**record["responseContext"], "executedVersion": _LATEST},
    }
