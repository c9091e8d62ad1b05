"""A feeder as one link sees it: keeps what the link tells it."""

import threading

from otpbroker.feeders.link import LinkError


class LinkEar:
    """Runs `link` in a thread. `bodies` arrived, `words` are (word, key), `replies` whether each was sent; `error` is
    the key of what ended it, "" where it ended because it was told to.
    """

    def __init__(self, link):
        self.link = link
        self.bodies, self.words, self.replies = [], [], []
        self.connections = 0
        self.error = None
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        try:
            self.link.run(self)
            error = ""
        except LinkError as raised:
            error = raised.key
        self._note(setattr, self, "error", error)

    def _note(self, action, *arguments):
        with self._changed:
            action(*arguments)
            self._changed.notify_all()

    def arrived(self, delivery):
        self._note(self.bodies.append, delivery.body)

    def now(self, word, key="", **_):
        self._note(self.words.append, (word, key))

    def connected(self):
        self.connections += 1

    def reply_ended(self, *, sent):
        self._note(self.replies.append, sent)

    def until(self, condition, timeout_s=10.0):
        with self._changed:
            assert self._changed.wait_for(condition, timeout_s), vars(self)

    def until_word(self, word):
        self.until(lambda: self.words and self.words[-1][0] == word)
        return self

    def until_bodies(self, *bodies):
        self.until(lambda: len(self.bodies) >= len(bodies))
        assert self.bodies == list(bodies)

    def until_ended(self, timeout_s=10.0):
        """Why it ended."""
        self.until(lambda: self.error is not None, timeout_s)
        return self.error

    def end(self):
        self.link.stop_consuming()
        self.link.close()
        self._thread.join(10)
        assert not self._thread.is_alive()
