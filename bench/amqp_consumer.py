"""Takes messages from the broker at PORT, PREFETCH at a time, and does nothing but to acknowledge each and to note in
FILE when it came: eight octets, a double on the monotonic clock.
"""

import struct
import sys
import time
from pathlib import Path

import pika
from pika.adapters.blocking_connection import BlockingChannel
from pika.spec import Basic

from bench.application import QUEUE
from bench.rabbitmq import parameters


def main() -> None:
    port, prefetch, path = sys.argv[1:]
    channel = pika.BlockingConnection(parameters(int(port))).channel()
    with Path(path).open("ab", buffering=0) as file:

        def take(channel: BlockingChannel, method: Basic.Deliver, _properties: object, _body: bytes) -> None:
            file.write(struct.pack("d", time.monotonic()))
            channel.basic_ack(method.delivery_tag)

        channel.basic_qos(prefetch_count=int(prefetch))
        channel.basic_consume(QUEUE, take)
        channel.start_consuming()


if __name__ == "__main__":
    main()
