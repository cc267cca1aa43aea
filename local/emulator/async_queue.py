"""An asynchronous invocation waits until its function may run once more.

MiniStack takes a lack of concurrency for a failed attempt, tries twice more and gives the event up; Lambda keeps it in
the function's queue. https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html
"""

import threading
import time
from collections import defaultdict
from contextvars import ContextVar
from typing import Any

from ministack.services import lambda_svc

PAUSE_SECONDS = 0.02

_is_asynchronous: ContextVar[bool] = ContextVar("is_asynchronous", default=False)
# Whoever holds a function's lock is the head of its queue.
_heads: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)


def apply() -> None:
    """Mark asynchronous invocations, and let those wait for their turn."""
    invoke = lambda_svc.invoke_async_with_retry
    acquire = lambda_svc._acquire_execution_slot

    def invoke_marked(func: dict[str, Any], event: Any) -> None:
        # The thread of the invocation gets a copy of this context.
        token = _is_asynchronous.set(True)
        try:
            invoke(func, event)
        finally:
            _is_asynchronous.reset(token)

    def acquire_in_turn(func: dict[str, Any], config: dict[str, Any]) -> tuple[str | None, str | None]:
        # With no concurrency at all, Lambda gives events up at once, too.
        if not _is_asynchronous.get() or lambda_svc._reserved_concurrency(func, config) == 0:
            return acquire(func, config)
        with _heads[lambda_svc._inflight_key(config)]:
            while True:
                slot, limit = acquire(func, config)
                if slot is not None:
                    return slot, limit
                time.sleep(PAUSE_SECONDS)

    lambda_svc.invoke_async_with_retry = invoke_marked
    lambda_svc._acquire_execution_slot = acquire_in_turn
