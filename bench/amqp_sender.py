"""Publishes SMS to the broker at PORT, numbers from FIRST on, and wants replies: a new one for each, until SIGTERM."""

import collections
import itertools
import sys

from bench.application import Application
from bench.rabbitmq import parameters


def main() -> None:
    port, first = map(int, sys.argv[1:])
    collections.deque(Application(parameters(port)).ask(itertools.count(first)), maxlen=0)


if __name__ == "__main__":
    main()
