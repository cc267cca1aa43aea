"""Writes down what each role was allowed to do, for the test that asks whether a role may do more than it does.

Every decision of MiniStack's goes through one function, those that the corrections beside this file ask for too.
A line of JSON for each question that is new: the role, the action, the resource and the request's condition keys.
"""

import json
import os
import threading
from typing import Any, TextIO

from ministack.core import iam_evaluator

# Where the lines go; without it nothing is written down.
FILE_VARIABLE = "OVERTIME_EMULATOR_CALLS_FILE"


def apply() -> None:
    """Stand behind the evaluator: what it allowed is known once it has answered."""
    file = os.environ.pop(FILE_VARIABLE, "")
    if file == "":
        return
    os.makedirs(os.path.dirname(file), exist_ok=True)
    original = iam_evaluator.evaluate
    records = _Records(open(file, "a", encoding="utf-8"))

    def evaluate(ctx: iam_evaluator.EvalContext, policies: list, *limits: list) -> iam_evaluator.EvalResult:
        result = original(ctx, policies, *limits)
        if result.decision == "Allow" and ":assumed-role/" in ctx.principal_arn:
            records.add(_record(ctx))
        return result

    iam_evaluator.evaluate = evaluate


class _Records:
    """Lines are written once each and at once: the emulator may be killed."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._known: set[str] = set()
        self._lock = threading.Lock()

    def add(self, record: dict[str, Any]) -> None:
        line = json.dumps(record, sort_keys=True)
        with self._lock:
            if line not in self._known:
                self._known.add(line)
                self._file.write(f"{line}\n")
                self._file.flush()


def _record(ctx: iam_evaluator.EvalContext) -> dict[str, Any]:
    context = {key: value for key, value in ctx.service_context.items() if value not in (None, "", [])}
    return {
        "account": ctx.principal_account,
        "role": iam_evaluator._role_name_from_assumed_arn(ctx.principal_arn),
        "action": ctx.action,
        "resource": ctx.resource_arn,
        "context": context,
    }
