"""Making a connection to RabbitMQ, and what must be there before anything is consumed."""

import contextlib
from typing import Final

import pika
from pika import exceptions

from otpbroker.config.sections.feeders import AmqpSection
from otpbroker.feeders.trust import client_tls

_QUORUM: Final = {"x-queue-type": "quorum"}


def connect(settings: AmqpSection, name: str) -> pika.BlockingConnection:
    """A connection that the server's operator sees as `name`. Raises what pika raises, and `LinkError`."""
    tls = client_tls(settings.ca_certificate) if settings.tls else None
    return pika.BlockingConnection(
        pika.ConnectionParameters(
            host=settings.host,
            port=settings.port,
            virtual_host=settings.vhost,
            credentials=pika.PlainCredentials(settings.username, settings.password.reveal(), erase_on_connect=True),
            ssl_options=pika.SSLOptions(tls, settings.host) if tls is not None else None,
            heartbeat=settings.heartbeat_s,
            socket_timeout=settings.timeout_s,
            stack_timeout=settings.timeout_s,
            connection_attempts=1,
            client_properties={"connection_name": name, "product": "OTP Broker"},
        )
    )


def declare(connection: pika.BlockingConnection, queue: str) -> None:
    """The queue as it is, whatever its arguments; made where it is not there and we may."""
    if not exists(connection, queue):
        _make(connection, queue)


def declare_dead(connection: pika.BlockingConnection, queue: str) -> None:
    """The queue beside it for dead messages, where we may; else the operator has a policy for what we reject."""
    with contextlib.suppress(exceptions.ChannelClosedByBroker):
        declare(connection, f"{queue}.dead")


def _make(connection: pika.BlockingConnection, queue: str) -> None:
    connection.channel().queue_declare(queue, durable=True, arguments=_QUORUM)


def exists(connection: pika.BlockingConnection, queue: str) -> bool:
    """A refused question closes its channel, so each has its own. Raises what is no plain absence."""
    channel = connection.channel()
    try:
        channel.queue_declare(queue, passive=True)
    except exceptions.ChannelClosedByBroker as error:
        if error.reply_code == 404:
            return False
        raise
    channel.close()
    return True
