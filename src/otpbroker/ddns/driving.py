"""The input and output of updates: questions of `otpbroker.ddns.exchange` asked over HTTPS."""

from collections.abc import Callable, Generator
from typing import Final, TypeVar

from otpbroker.calling.caller import Caller
from otpbroker.calling.target import Target
from otpbroker.ddns.exchange import Question, Told, Update, Verdict
from otpbroker.errors import BrokerError, ResponseCode

MOST_QUESTIONS: Final = 40
Ask = Callable[[Question], Told]
Got = TypeVar("Got")


def asking(caller: Caller) -> Ask:
    """Asks one question. Raises `BrokerError` where nobody answers, or nobody may be asked."""

    def ask(question: Question) -> Told:
        try:
            target = Target.of(question.url)
        except ValueError:  # it was made of what the vendor has answered
            raise _senseless("URL") from None
        answer = caller.ask(question.method, target, question.headers, question.body)
        return Told(answer.status, answer.body.decode("utf-8", "replace"), answer.retry_after_s)

    return ask


def drive(steps: Generator[Question, Told, Got], ask: Ask) -> Got:
    """To its end. Raises what `ask` raises, or `BrokerError` where it asks for ever."""
    try:
        question = next(steps)
        for _ in range(MOST_QUESTIONS):
            question = steps.send(ask(question))
    except StopIteration as done:
        found: Got = done.value
        return found
    finally:
        steps.close()
    raise _senseless(f"> {MOST_QUESTIONS}")


def _senseless(what: str) -> BrokerError:
    """A vendor whose answers lead nowhere."""
    return BrokerError(ResponseCode.FAILED, "ddns.not_understood", answer=what)


def verdict(update: Update, ask: Ask) -> Verdict:
    """As `drive`; that nobody answered is a verdict too."""
    try:
        return drive(update, ask)
    except BrokerError as error:
        return Verdict(kind="retry", key=error.key, params=error.params)
