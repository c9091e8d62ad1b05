"""A client that knows no more than a terminal program: writes lines to a port and reads until what it waits for."""

import os
import select
import time

FINALS = ("\r\nOK\r\n", "ERROR\r\n")
SUBMIT = "0011000D91261800000021F60000AA05E8329BFD06"  # "hello" to +6281000000126
LENGTH = len(SUBMIT) // 2 - 1


class Chat:
    def __init__(self, port):
        self.fd = os.open(port, os.O_RDWR | os.O_NOCTTY)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        os.close(self.fd)

    def say(self, text):
        os.write(self.fd, text.encode("latin-1"))

    def hear(self, *ends, timeout_s=5.0):
        """What comes until it ends with one of `ends`."""
        heard, deadline = "", time.monotonic() + timeout_s
        while not heard.endswith(ends):
            assert select.select([self.fd], [], [], max(0.0, deadline - time.monotonic()))[0], heard
            heard += os.read(self.fd, 4096).decode("latin-1")
        return heard

    def ask(self, command, *ends):
        self.say(command + "\r")
        return self.hear(*(ends or FINALS))

    def silent(self, for_s=0.15):
        return not select.select([self.fd], [], [], for_s)[0]

    def begin(self, length=LENGTH):
        self.say(f"AT+CMGS={length}\r")
        return self.hear("> ")

    def submit(self, pdu=SUBMIT, length=LENGTH, *ends):
        self.begin(length)
        self.say(pdu + "\x1a")
        return self.hear(*(ends or (*FINALS, "ERROR: 304\r\n", "ERROR: 322\r\n", "ERROR: 500\r\n")))
