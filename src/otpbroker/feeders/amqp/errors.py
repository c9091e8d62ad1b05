"""What goes wrong with a RabbitMQ connection, in plain words: pika's many exceptions to our few keys. Pure."""

from typing import Final

from pika import exceptions
from pika.adapters.utils.connection_workflow import AMQPConnectorException

from otpbroker.feeders.link import LinkError
from otpbroker.feeders.reaching import of_system, words

# Reply codes of AMQP 0-9-1 §1.5 and RabbitMQ, on a channel.
_CHANNEL: Final = {
    403: "feeder.amqp_no_right",
    404: "feeder.amqp_no_queue",
    405: "feeder.amqp_queue_locked",
    406: "feeder.amqp_queue_other",
}
_NOT_ALLOWED: Final = 530
_IN_USE: Final = "in exclusive use"
# The same of a whole connection; and whether to come back soon.
_CONNECTION: Final = {320: ("feeder.server_stops", True), 403: ("feeder.credentials", False)}
_OF_PIKA: Final[dict[type[BaseException], tuple[str, bool]]] = {
    exceptions.AuthenticationError: ("feeder.credentials", False),
    exceptions.ProbableAuthenticationError: ("feeder.credentials", False),
    exceptions.AMQPHeartbeatTimeout: ("feeder.silent", True),
    exceptions.IncompatibleProtocolError: ("feeder.amqp_protocol", False),
    AMQPConnectorException: ("feeder.timeout", False),
}


def link_error(error: BaseException, queue: str, vhost: str) -> LinkError:
    """The error as its user can act on it."""
    cause = _cause(error)
    if isinstance(cause, exceptions.ChannelClosedByBroker):
        return LinkError(_of_channel(cause), queue=queue, reason=words(cause.reply_text))
    if isinstance(cause, exceptions.ConnectionClosedByBroker):
        return _closed(cause, vhost)
    if isinstance(cause, exceptions.ProbableAccessDeniedError):
        return LinkError("feeder.amqp_vhost", vhost=vhost)
    if isinstance(cause, OSError):
        return of_system(cause)
    key, soon = next((said for kind, said in _OF_PIKA.items() if isinstance(cause, kind)), ("feeder.lost", True))
    return LinkError(key, soon=soon)


def _of_channel(error: exceptions.ChannelClosedByBroker) -> str:
    if error.reply_text.endswith(_IN_USE):  # somebody consumes alone: the same number as a missing right
        return "feeder.amqp_queue_locked"
    return _CHANNEL.get(error.reply_code, "feeder.amqp_closed")


def _closed(error: exceptions.ConnectionClosedByBroker, vhost: str) -> LinkError:
    if error.reply_code == _NOT_ALLOWED:
        return LinkError("feeder.amqp_vhost", vhost=vhost)
    key, soon = _CONNECTION.get(error.reply_code, ("feeder.amqp_closed", False))
    return LinkError(key, soon=soon, reason=words(error.reply_text))


def _cause(error: BaseException) -> BaseException:
    """Pika wraps what the operating system said, sometimes twice."""
    seen = error
    while True:
        inner = getattr(seen, "exception", None) or next(
            (argument for argument in seen.args if isinstance(argument, BaseException)), None
        )
        if inner is None:
            return seen
        seen = inner
