"""Requests count as encrypted.

The local endpoint is plain HTTP on an address that only this machine reaches. It stands for AWS's HTTPS endpoints, at
which aws:SecureTransport is true: a bucket policy that refuses plain HTTP must not refuse it here.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html#condition-keys-securetransport
"""

from ministack import app


def apply() -> None:
    """Let every request carry the transport that it would have on AWS."""
    original = app.pin_request_origin

    def pin_request_origin(source_ip: str, secure_transport: bool) -> None:
        original(source_ip, True)

    app.pin_request_origin = pin_request_origin
