"""A disk that refuses: full, or read-only."""

import contextlib
import os
import resource
import subprocess

import pytest


@contextlib.contextmanager
def full():
    """No file of this process grows beyond a few octets."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (16, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextlib.contextmanager
def read_only(folder):
    """Nobody writes below `folder`: by its mode, or for root, whom modes do not stop, by a read-only mount."""
    if os.getuid():
        folder.chmod(0o500)
        try:
            yield
        finally:
            folder.chmod(0o700)
        return
    if _mount("mount", "--bind", folder, folder):
        pytest.skip("root without the right to mount")
    try:
        assert _mount("mount", "-o", "remount,ro,bind", folder) == 0
        yield
    finally:
        assert _mount("umount", "--lazy", folder) == 0


def _mount(*argv):
    return subprocess.run(argv, capture_output=True, check=False).returncode
