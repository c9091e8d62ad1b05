import pytest

from fakes.api_process import running_api


@pytest.fixture
def api(tmp_path):
    """A process of the test's own, to reconfigure or bring down."""
    with running_api(tmp_path) as process:
        yield process


@pytest.fixture(scope="module")
def module_api(tmp_path_factory):
    with running_api(tmp_path_factory.mktemp("api")) as process:
        yield process


@pytest.fixture
def shared_api(module_api):
    """A process for tests that leave it as it was; its dispatch has forgotten what came before."""
    module_api.dispatch.forget()
    return module_api


@pytest.fixture
def client(shared_api):
    with shared_api.client() as client:
        yield client


@pytest.fixture
def own_client(api):
    with api.client() as client:
        yield client
