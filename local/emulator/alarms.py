"""DescribeAlarms tells all that PutMetricAlarm was told, in the query protocol that Terraform's provider speaks.

MiniStack keeps most of an alarm and describes a few fields of it, so that each plan would change every alarm; of an
alarm over several metrics it keeps nothing of the metrics.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_MetricAlarm.html
"""

import json
from datetime import datetime, timezone
from typing import Any
from xml.sax.saxutils import escape

from ministack.services import cloudwatch

_TIMES = ("StateUpdatedTimestamp", "AlarmConfigurationUpdatedTimestamp")


def apply() -> None:
    """Keep the metrics of an alarm, and describe alarms whole."""
    original_put, original_describe = cloudwatch._put_metric_alarm, cloudwatch._describe_alarms

    def put_metric_alarm(params: dict, cbor_data: dict, is_cbor: bool, is_json: bool = False) -> tuple:
        answer = original_put(params, cbor_data, is_cbor, is_json)
        if not (is_cbor or is_json):
            alarm = cloudwatch._alarms.get(cloudwatch._p(params, "AlarmName"))
            metrics = structure(params).get("Metrics")
            if alarm is not None and metrics is not None:
                # What is asked of one metric is not told of an alarm over several.
                for name in ("Period", "Statistic", "MetricName", "Namespace", "Dimensions"):
                    alarm.pop(name, None)
                alarm["Metrics"] = metrics
        return answer

    def describe_alarms(params: dict, cbor_data: dict, is_cbor: bool, is_json: bool = False) -> tuple:
        if is_cbor or is_json:
            return original_describe(params, cbor_data, is_cbor, is_json)
        status, headers, body = original_describe(params, structure(params), False, True)
        if status != 200:
            return original_describe(params, cbor_data, is_cbor, is_json)
        result = f"<DescribeAlarmsResult>{xml_of(json.loads(body))}</DescribeAlarmsResult>"
        return cloudwatch._xml(200, "DescribeAlarmsResponse", result)

    cloudwatch._put_metric_alarm = put_metric_alarm
    cloudwatch._describe_alarms = describe_alarms


def structure(params: dict[str, Any]) -> dict[str, Any]:
    """The parameters of the query protocol as the structure that they flatten: `A.member.1.B` is the B of A's first."""
    tree: dict[str, Any] = {}
    for name in params:
        node = tree
        *parents, last = name.split(".")
        for part in parents:
            node = node.setdefault(part, {})
        node[last] = cloudwatch._p(params, name)
    return {name: _with_lists(value) for name, value in tree.items()}


def _with_lists(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "member" in value:
        members = value["member"]
        return [_with_lists(members[index]) for index in sorted(members, key=int)]
    return {name: _with_lists(inner) for name, inner in value.items()}


def xml_of(value: Any, name: str = "") -> str:
    """A value in the query protocol's XML; what is none is left out."""
    if isinstance(value, dict):
        return "".join(
            f"<{key}>{xml_of(inner, key)}</{key}>" for key, inner in value.items() if inner is not None
        )
    if isinstance(value, list):
        return "".join(f"<member>{xml_of(each)}</member>" for each in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if name in _TIMES and isinstance(value, int | float):
        return datetime.fromtimestamp(value, timezone.utc).isoformat()
    return escape(str(value))
