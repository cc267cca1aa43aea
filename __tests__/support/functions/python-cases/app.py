import os
import time


class StartError(Exception):
    pass


if os.environ.get("FAIL_AT_START") == "yes":
    raise StartError("at the start")


def answers(event, context):
    import layered

    print("a line of output")
    return {
        "event": event,
        "requestId": context.aws_request_id,
        "arn": context.invoked_function_arn,
        "hasTime": context.get_remaining_time_in_millis() > 3_600_000,
        "layered": layered.NAME,
    }


def fails(event, context):
    raise ValueError("grüße, 世界")


def crashes(event, context):
    os._exit(3)


def hangs(event, context):
    time.sleep(600)


def prints_much(event, context):
    return "ü" * event["times"]
