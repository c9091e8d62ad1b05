"""An application at a WSMessageBroker: sends messages and hears replies."""

import contextlib
import itertools
import json

from websockets.sync.client import connect

from fakes.wsmessagebroker import PASSWORD, USER, basic


class Sender:
    """Its words go to `topic` where the server looks for that in the URL; PHP looks for it in the words."""

    def __init__(self, connection):
        self.say = connection.send
        heard = (json.loads(text) for text in iter(lambda: connection.recv(timeout=10), None))
        self._replies = (content["data"][0] for content in heard if content["command"] == "send-message")

    def replies(self, count):
        """The next ones."""
        return list(itertools.islice(self._replies, count))


@contextlib.contextmanager
def sender(port, topic="sms", authorization=None):
    headers = {"Authorization": authorization or basic(USER, PASSWORD)}
    with connect(f"ws://127.0.0.1:{port}/?channel={topic}&topic={topic}", additional_headers=headers) as connection:
        yield Sender(connection)


@contextlib.contextmanager
def hearing(server, topic):
    """A sender that `server` gives what is sent to `topic`."""
    with sender(server.port, topic) as one:
        one.say(json.dumps({"command": "receive-message", "channel": topic, "data": []}))
        server.until_receivers(1, topic)
        yield one
