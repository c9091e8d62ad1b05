import contextlib

import pytest
from hypothesis import settings

# A slow moment of the machine is no finding; pytest-timeout ends what hangs.
settings.register_profile("otpbroker", deadline=None)
settings.load_profile("otpbroker")


def pytest_collection_modifyitems(items):
    """Files whose tests take long come first: a file is one worker's, and none must be left over at the end."""
    long = {item.path for item in items if item.get_closest_marker("slow")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def rabbitmq(tmp_path_factory):
    """One broker for all tests that leave it running as it was; each has its own virtual host there."""
    from fakes.rabbitmq import running  # noqa: PLC0415 - what most tests do without

    with contextlib.ExitStack() as stack:
        try:
            broker = stack.enter_context(running(tmp_path_factory.mktemp("rabbitmq"), ready_s=25))
        except TimeoutError:  # another program was faster to take one of its ports: it gets others
            broker = stack.enter_context(running(tmp_path_factory.mktemp("rabbitmq"), ready_s=25))
        yield broker


@pytest.fixture
def vhost(rabbitmq, request):
    """The name of an empty virtual host of `rabbitmq`, which has no users but its administrator."""
    name = request.node.name[:60]
    rabbitmq.add_vhost(name)
    yield name
    rabbitmq.delete_vhost(name)
    rabbitmq.delete_users()
