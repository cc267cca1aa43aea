"""Containers that this copy did not start are left alone.

At its start MiniStack removes every container on the engine that bears its labels and no instance's, whoever runs it.
Copies of ours have each a port and thereby an instance label, and leave no container behind: nothing needs sweeping.
"""

from ministack.core import container_reaper


def apply() -> None:
    """Confine MiniStack's sweeps to containers with this instance's label."""
    original = container_reaper.reap_all

    def reap_all(client: object, stop_timeout: int = 2, include_unlabelled: bool = False) -> int:
        return original(client, stop_timeout=stop_timeout, include_unlabelled=False)

    container_reaper.reap_all = reap_all
