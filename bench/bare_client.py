"""Keeps one SMS in flight on each port given, until SIGTERM: no queue, no HTTP, no state, hardly any parsing."""

import os
import select
import sys
import termios
import time

PDU = b"0011000D91261800000021F60000AA05E8329BFD06"
COMMAND = b"AT+CMGS=%d\r" % (len(PDU) // 2 - 1)


def main() -> None:
    poll = select.epoll()
    heard = {}
    for port in sys.argv[1:]:
        fd = os.open(port, os.O_RDWR | os.O_NOCTTY)
        poll.register(fd, select.EPOLLIN)
        heard[fd] = b""
        os.write(fd, b"\x1b")  # the client before may have left a prompt open
    time.sleep(0.1)
    for fd in heard:
        termios.tcflush(fd, termios.TCIFLUSH)
        os.write(fd, b"ATE0\r")
    while True:
        for fd, _ in poll.poll():
            heard[fd] += os.read(fd, 4096)
            if heard[fd].endswith(b"> "):
                os.write(fd, PDU + b"\x1a")
            elif heard[fd].endswith(b"OK\r\n"):
                os.write(fd, COMMAND)
            else:
                continue
            heard[fd] = b""


if __name__ == "__main__":
    main()
