"""A process that is cut off before a step of its choice: as by a power cut, or kill -9."""

import os
import sys

STEPS = ("open", "os.rename", "os.remove", "os.chmod", "os.chown", "os.mkdir")


def cut_off(action, after):
    """Run `action` in a child that ends before its step number `after`; whether it came to its end."""
    child = os.fork()
    if child == 0:
        left = after

        def step(event, _arguments):
            nonlocal left
            if event in STEPS:
                if not left:
                    os._exit(9)
                left -= 1

        sys.addaudithook(step)  # cannot be taken off again, hence the child
        try:
            action()
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.waitstatus_to_exitcode(status) == 0
