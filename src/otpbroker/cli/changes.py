"""How the outcome of a change of settings is told."""

from collections.abc import Sequence

from otpbroker.cli.session import Session
from otpbroker.ipc.wire import Verb
from otpbroker.verbs.apply import Applied, ServiceWord
from otpbroker.verbs.backup import Restored


def change(session: Session, verb: Verb[Applied]) -> int:
    """Ask for the change and tell its outcome; the exit status."""
    done = session.apply.call_or_do(verb)
    session.show(done, lambda: _words(session, done))
    all_heard = warn_of(session, done)
    return 0 if done.changed and all_heard else 1


def warn_of(session: Session, done: Applied | Restored) -> bool:
    """Its hints, its problems, and the services that said nothing; whether each service had its say."""
    for hint in done.hints:
        session.warn(hint.key, hint.params, hint.path)
    for problem in done.problems:
        session.warn(problem.key, problem.params, problem.path)
    if done.confirmation:
        told: dict[str, str | int] = {"token": done.confirmation.token, "seconds": round(done.confirmation.within_s)}
        session.warn("cli.confirm_within", told)
    return warn_of_silence(session, done.services)


def warn_of_silence(session: Session, words: Sequence[ServiceWord]) -> bool:
    """As `warn_of`, of the services alone."""
    silent = [word.service for word in words if word.state == "silent"]
    if silent:
        session.warn("cli.services_silent", {"services": ", ".join(silent)})
    return not silent


def _words(session: Session, done: Applied) -> None:
    if not done.changed:
        return
    taken = [word.service for word in done.services if word.state == "reloaded"]
    if taken:
        session.say("cli.saved_and_taken", services=", ".join(taken))
    elif done.services:
        session.say("cli.saved_for_later")
    else:
        session.say("cli.saved")
