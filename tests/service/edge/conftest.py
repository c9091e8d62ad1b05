import shutil

import pytest

from fakes.edge import Edge
from fakes.nginx import PROGRAM, folder_for_all


@pytest.fixture(scope="module")
def edge():
    """nginx before the doors of a whole system with two simulated modems."""
    if shutil.which(PROGRAM) is None:
        pytest.skip("no nginx here")
    with folder_for_all() as folder, Edge(folder, "--simulate", 2) as running:
        yield running
