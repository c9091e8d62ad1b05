"""A desk of one-time passwords on the fake modem floor, and the phone that reads what it sends."""

import itertools
import re
import threading
from types import SimpleNamespace

from fakes import air
from fakes.floor import DEADLINE_S
from otpbroker.config.sections.otp import OtpSection
from otpbroker.dispatch.otp.desk import OtpDesk
from otpbroker.errors import BrokerError
from otpbroker.secrets import MessageText, Secret
from otpbroker.verbs.otp import CheckOtp, OpenOtp

NUMBER = "081234567890"


class Reply:
    """Where an answer goes: once."""

    def __init__(self):
        self._words = []
        self._came = threading.Event()

    def result(self, result):
        self._words.append(result)
        self._came.set()

    error = result

    @property
    def came(self):
        return self._came.is_set()

    def get(self):
        """The result, or raise the refusal."""
        assert self._came.wait(DEADLINE_S), "no answer"
        (word,) = self._words
        if isinstance(word, BrokerError):
            raise word
        return word


class Otps:
    """`floor` is a `fakes.floor.Desk`."""

    def __init__(self, floor, language="en", **settings):
        self.floor = floor
        self.desk = OtpDesk(floor.broker, floor.keys, OtpSection(**({"resend_s": 0} | settings)), language)
        self._names = itertools.count(1)

    def ask(self, reference="1", receiver=NUMBER, text="Kode %s", **fields):
        """A request whose answer may take a while."""
        defaults = {"door": "rest", "user": "shop", "message_id": f"{next(self._names):024x}", "deadline_s": 20}
        call = OpenOtp(reference=reference, receiver=receiver, text=MessageText(text), **(defaults | fields))
        reply = Reply()
        self.desk.open(call, reply)
        return reply

    def request(self, *args, **fields):
        return self.ask(*args, **fields).get().sent

    def guess(self, code, reference="1", receiver=NUMBER, **fields):
        defaults = {"door": "rest", "user": "shop", "key": f"{next(self._names):024x}"}
        reply = Reply()
        self.desk.check(
            CheckOtp(reference=reference, receiver=receiver, otp=Secret(code), **(defaults | fields)), reply
        )
        return reply

    def verify(self, code, *args, **fields):
        """None where it is right, else the code and key of the refusal."""
        try:
            self.guess(code, *args, **fields).get()
        except BrokerError as error:
            return error.code.value, error.key
        return None

    def texts(self):
        records = [SimpleNamespace(modem=modem, pdu=pdu.hex) for modem, pdu in self.floor.received]
        return [each.text for each in air.heard(records)[0]]

    def codes(self):
        return [re.search("[0-9]{4,}", text)[0] for text in self.texts()]

    def close(self):
        self.desk.stop()


def wrong(code):
    """Another code of the same length."""
    return f"{code[:-1]}{(int(code[-1]) + 1) % 10}"
