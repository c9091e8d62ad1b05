"""A bare modem on each master descriptor given as an argument, as fast as it can be: for timing the other side."""

import os
import select
import sys


def answer(line):
    if line.startswith(b"AT+CMGS="):
        return b"\r\n> "
    return b"\r\nOK\r\n" if line in (b"AT", b"ATE0", b"AT+CMGF=0") else b"\r\nERROR\r\n"


def main():
    pending = {int(fd): b"" for fd in sys.argv[1:]}
    poll = select.epoll()
    for fd in pending:
        poll.register(fd, select.EPOLLIN)
    while True:
        for fd, _ in poll.poll():
            try:
                octets = pending[fd] + os.read(fd, 4096)
            except OSError:
                return
            *lines, octets = octets.split(b"\r")
            for line in lines:
                os.write(fd, answer(line))
            if octets.endswith(b"\x1a"):
                octets = b""
                os.write(fd, b"\r\n+CMGS: 7\r\n\r\nOK\r\n")
            pending[fd] = octets


main()
