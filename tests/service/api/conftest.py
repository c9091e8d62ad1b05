import pytest

from fakes.api_process import running_api


@pytest.fixture
def api(tmp_path):
    with running_api(tmp_path) as process:
        yield process
