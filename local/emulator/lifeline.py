"""Nothing outlives the program that started us, however it ends.

Our standard input is a pipe from it. It tells on it which process groups are tasks ("group 123", "ended 123").
The pipe's end means that it is gone, or that it wants us to stop: then every task's group, the emulator and its
Lambda workers end, and so does the folder that they worked in.
"""

import os
import shutil
import signal
import sys
import threading

WORK_DIRECTORY_VARIABLE = "OVERTIME_EMULATOR_WORK_DIRECTORY"

# MiniStack takes its containers down when it gets SIGTERM; an engine that does not answer must not keep us alive.
GRACE_SECONDS = 30.0


def watch_parent() -> None:
    """Start the thread that reads the pipe. @raises KeyError where the work directory is not given"""
    work_directory = os.environ.pop(WORK_DIRECTORY_VARIABLE)
    threading.Thread(target=_read_until_end, args=(work_directory,), daemon=True, name="overtime-lifeline").start()


def _read_until_end(work_directory: str) -> None:
    groups: set[int] = set()
    for line in sys.stdin:
        word, _, number = line.strip().partition(" ")
        if word == "group":
            groups.add(int(number))
        elif word == "ended":
            groups.discard(int(number))
    for group in groups:
        _kill_group(group)
    threading.Thread(target=_end_for_certain, args=(work_directory,), daemon=False).start()
    os.kill(os.getpid(), signal.SIGTERM)


def _end_for_certain(work_directory: str) -> None:
    """Wait for the emulator's own end, then take its whole process group with us."""
    threading.main_thread().join(GRACE_SECONDS)
    if work_directory != "":
        shutil.rmtree(work_directory, ignore_errors=True)
    _kill_group(os.getpgrp())


def _kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        pass
