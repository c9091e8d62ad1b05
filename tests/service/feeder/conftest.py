import contextlib

import pytest

from fakes.amqp_desk import AmqpDesk


@pytest.fixture
def desk(tmp_path, rabbitmq, vhost):
    """Makes a feeder at an empty virtual host: `desk(**settings)`."""
    with contextlib.ExitStack() as open_desks:
        yield lambda **settings: open_desks.enter_context(AmqpDesk.open(tmp_path, rabbitmq, vhost, **settings))
