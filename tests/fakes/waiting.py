"""Waiting for what another process does."""

import time


def waits_for(condition, timeout_s=10):
    """Until `condition()` holds; AssertionError where it does not in time."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)
