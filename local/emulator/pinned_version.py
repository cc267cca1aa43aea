"""The corrections reach into MiniStack, so they hold for one version of it."""

import sys
from importlib.metadata import version

PINNED_VERSION = "1.5.33"


def check_version() -> None:
    """End with a sentence when another MiniStack is installed than the one that was corrected."""
    found = version("ministack")
    if found != PINNED_VERSION:
        sys.exit(
            f"local/emulator corrects MiniStack {PINNED_VERSION}, and {found} is installed: "
            f"install the versions in local/emulator/requirements.txt."
        )
