"""No core dump of a process that hears residents: what crashes takes the words it had in memory with it."""

from __future__ import annotations

import ctypes
import resource
import sys

PR_SET_DUMPABLE = 4
"""Number of Linux' own prctl(2)."""


def no_core_dump() -> None:
    """For this process and all that it starts: no file, and on Linux nothing for a program that collects dumps either."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":  # a collector behind a pipe (systemd-coredump, apport) is not bound by the limit
        ctypes.CDLL(None).prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)
