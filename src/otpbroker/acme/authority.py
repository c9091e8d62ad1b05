"""A certificate authority that speaks ACME: the only module that knows the protocol's library.

What goes wrong there is raised as `BrokerError`, in plain words where we have some.
"""

import datetime as dt
import logging
import ssl
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Final, NamedTuple

import requests
from acme import challenges, client, errors, messages
from josepy.jwa import ES256
from josepy.jwk import JWK
from requests.adapters import HTTPAdapter

from otpbroker import __version__
from otpbroker.ddns.exchange import short
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import Secret

_LOG: Final = logging.getLogger(__name__)
_AGENT: Final = f"OTP-Broker/{__version__}"
_ANSWER_S: Final = 30
_DECIDE_S: Final = 300
_TRIES: Final = 5  # RFC 8555 §6.5: a nonce that is refused is no refusal
_SPOKEN: Final = frozenset(
    {"caa", "connection", "dns", "externalAccountRequired", "incorrectResponse", "rateLimited", "rejectedIdentifier"}
    | {"serverInternal", "unauthorized", "unsupportedContact", "invalidContact", "userActionRequired"}
)

_FAILURES: Final[dict[type[Exception], str]] = {
    errors.TimeoutError: "acme.late",
    requests.exceptions.SSLError: "acme.certificate",
    requests.exceptions.TooManyRedirects: "acme.redirected",
    requests.exceptions.RequestException: "acme.away",
    ValueError: "acme.away",  # what the library makes of some of those
}


class Challenge(NamedTuple):
    """A name to be proved, and what its record is to say."""

    name: str
    value: str
    asked: messages.ChallengeBody
    response: challenges.ChallengeResponse


class Authority:
    """The account that `key` (PEM) is known by at `directory`; made where there is none, with `contact`."""

    def __init__(self, directory: str, contact: str, key: Secret, tls: ssl.SSLContext) -> None:
        account_key = JWK.load(key.reveal().encode())
        network = _Network(account_key, alg=ES256, user_agent=_AGENT, timeout=_ANSWER_S)
        network.session.mount("https://", _Adapter(tls))
        network.session.max_redirects = 0
        self._key = account_key
        with _Words():
            found = client.ClientV2.get_directory(directory, network)
            self._client = client.ClientV2(found, network)
            if self._client.external_account_required():
                raise BrokerError(ResponseCode.FAILED, "acme.externalAccountRequired")
            self._sign_in(contact)

    def _sign_in(self, contact: str) -> None:
        wanted = messages.NewRegistration.from_data(email=contact or None, terms_of_service_agreed=True)
        try:
            self._client.new_account(wanted)
        except errors.ConflictError as known:  # made before, by this key
            account = messages.RegistrationResource(body=messages.Registration(), uri=known.location)
            self._client.net.account = account

    def order(self, request: str) -> messages.OrderResource:
        with _Words():
            return self._client.new_order(request.encode())

    def challenges(self, order: messages.OrderResource) -> list[Challenge]:
        """What is to be proved: nothing of what the authority remembers."""
        pending = [each for each in order.authorizations if each.body.status != messages.STATUS_VALID]
        return [challenge for each in pending for challenge in self._of(each)]

    def _of(self, authorization: messages.AuthorizationResource) -> Iterator[Challenge]:
        name = authorization.body.identifier.value
        offered = [each for each in authorization.body.challenges if isinstance(each.chall, challenges.DNS01)]
        if not offered:
            raise BrokerError(ResponseCode.FAILED, "acme.no_dns", name=name)
        response, value = offered[0].chall.response_and_validation(self._key)
        yield Challenge(name, value, offered[0], response)

    def finish(self, order: messages.OrderResource, asked: Iterable[Challenge], proved: Callable[[], None]) -> str:
        """The chain, in PEM, once the authority has looked. `proved` is called when it has."""
        with _Words():
            for challenge in asked:
                self._client.answer_challenge(challenge.asked, challenge.response)
            deadline = dt.datetime.now() + dt.timedelta(seconds=_DECIDE_S)  # noqa: DTZ005 - as the library counts
            order = self._client.poll_authorizations(order, deadline)
            proved()
            chain: str = self._client.finalize_order(order, deadline).fullchain_pem
            return chain


class _Network(client.ClientNetwork):
    """Asks once more as often as it takes, within reason."""

    def post(self, *args: Any, **kwargs: Any) -> requests.Response:
        for _ in range(_TRIES - 1):
            try:
                return super().post(*args, **kwargs)
            except messages.Error as error:
                if error.code != "badNonce":
                    raise
        return super().post(*args, **kwargs)


class _Adapter(HTTPAdapter):
    """Believes whom the rest of the device believes."""

    def __init__(self, tls: ssl.SSLContext) -> None:
        self._tls = tls
        super().__init__()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._tls)  # type: ignore[no-untyped-call]


class _Words:
    """Turns what the library raises into our own errors."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, BrokerError):
            _LOG.warning("%s: %s", type(error).__name__, short(str(error)))
            raise _said(error) from None


def _said(error: Exception) -> BrokerError:
    match error:
        case errors.ValidationError():
            return _of_validation(error)
        case errors.IssuanceError():
            return _of_problem(error.error)
        case messages.Error():
            return _of_problem(error)
    for kind, key in _FAILURES.items():
        if isinstance(error, kind):
            return BrokerError(ResponseCode.FAILED, key, reason=short(_cause(error)))
    answer = error.args[0] if error.args else None
    said = f"HTTP {answer.status_code}" if isinstance(answer, requests.Response) else short(str(error))
    return BrokerError(ResponseCode.FAILED, "acme.refused", reason=said or type(error).__name__)


def _cause(error: BaseException) -> str:
    """The innermost reason: requests wraps what urllib3 wraps."""
    inner = getattr(error, "reason", None) or (error.args[0] if error.args else None)
    return _cause(inner) if isinstance(inner, BaseException) else str(error)


def _of_validation(error: errors.ValidationError) -> BrokerError:
    """The first name that was not proved, with the authority's reason."""
    for authorization in error.failed_authzrs:
        for challenge in authorization.body.challenges:
            if challenge.error is not None:
                return _of_problem(challenge.error, authorization.body.identifier.value)
    return BrokerError(ResponseCode.FAILED, "acme.refused", reason="-")


def _of_problem(problem: messages.Error, name: str = "-") -> BrokerError:
    """RFC 8555 §6.7."""
    detail = short(problem.detail or problem.title or "-")
    key = f"acme.{problem.code}" if problem.code in _SPOKEN else "acme.refused"
    return BrokerError(ResponseCode.FAILED, key, reason=detail, name=name)
