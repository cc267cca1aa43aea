import os
import time


def answers(event, context):
    print("a line of the function")
    return {"event": event["event"], "requestId": context.aws_request_id, "title": os.environ["TITLE"]}


def fails(event, context):
    raise ValueError("grüße, 世界")


def crashes(event, context):
    os._exit(3)


def hangs(event, context):
    time.sleep(600)


def sleeps(event, context):
    print("asleep", flush=True)
    time.sleep(event["milliseconds"] / 1000)
    return "rested"


def handler(event, context):
    cases = {"answers": answers, "fails": fails, "crashes": crashes, "hangs": hangs, "sleeps": sleeps}
    return cases[event["case"]](event, context)
