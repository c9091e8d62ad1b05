"""Why one attempt to hand a mail over did not succeed."""

from otpbroker.mail.replies import Fault


class Failure(Exception):
    """`key` and `params` as in `BrokerError`: no word of a server's reply goes in, since it may quote the mail."""

    def __init__(self, fault: Fault, key: str, **params: str | int) -> None:
        super().__init__(fault, key, params)
        self.fault = fault
        self.key = key
        self.params = params
