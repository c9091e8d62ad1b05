"""Power that fails before a chosen step towards the disk."""

import contextlib
import os
from unittest import mock

STEPS = ("fsync", "pwrite", "write", "rename", "unlink", "mkdir")


class PowerCutError(BaseException):
    """Nobody catches it: nothing runs after a power cut."""


@contextlib.contextmanager
def power_for(steps):
    """The power fails instead of the step after so many; the list of steps that were taken."""
    taken = []

    def step(name, real):
        def do(*args, **options):
            if len(taken) >= steps:
                raise PowerCutError(name)
            taken.append(name)
            return real(*args, **options)

        return do

    with contextlib.ExitStack() as stack:
        for name in STEPS:
            stack.enter_context(mock.patch.object(os, name, step(name, getattr(os, name))))
        yield taken


def count(action):
    """How many steps `action` takes."""
    with power_for(10**9) as taken:
        action()
    return len(taken)
