"""A batch of messages asks IAM for what one message asks for.

MiniStack asks for sqs:SendMessageBatch and its like, which are no permissions that a policy could give.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-batch-api-actions.html
"""

from ministack.core import iam_actions

_OF_ONE_MESSAGE = {
    f"sqs:{name}Batch": f"sqs:{name}" for name in ("ChangeMessageVisibility", "DeleteMessage", "SendMessage")
}


def apply() -> None:
    """Name the permission of each batch call as AWS does."""
    original = iam_actions.extract_iam_action

    def extract_iam_action(service: str, method: str, path: str, headers: dict, body: bytes, params: dict) -> str | None:
        return permission_of(original(service, method, path, headers, body, params))

    iam_actions.extract_iam_action = extract_iam_action


def permission_of(action: str | None) -> str | None:
    """The permission that an action of SQS needs, or any other as it is."""
    return _OF_ONE_MESSAGE.get(action or "", action)
