"""What otpb-apply can be asked about certificates of an authority, and what it asks otpb-acme, which meets the network.

Private keys stay with otpb-apply: otpb-acme gets a request to be signed, and gives a chain.
"""

from typing import Literal

from msgspec import Struct

from otpbroker.ipc.wire import Verb
from otpbroker.secrets import Secret
from otpbroker.verbs.dispatch import Param

Step = Literal["account", "order", "records", "seen", "proof", "certificate"]


class Ordered(Struct, frozen=True, kw_only=True):
    """`key`/`params` say what came of it."""

    key: str
    params: dict[str, Param] = {}


class OrderCertificate(Verb[Ordered], frozen=True, kw_only=True, tag="order-certificate"):
    """Get the certificate of the settings' section `acme`; with `renewal` only where it is due. The answer comes at the
    end, minutes later, where `wait` is set, else when it has begun. Refused where the settings do not suffice.
    """

    renewal: bool = False
    wait: bool = False
    by: str = ""


class DnsAccount(Struct, frozen=True, kw_only=True):
    """An account at Cloudflare, as in the settings' section of that name."""

    endpoint: str = ""
    token: Secret = Secret()
    email: str = ""
    api_key: Secret = Secret()


class Issued(Struct, frozen=True, kw_only=True):
    """PEM: the server's own certificate first."""

    chain: str


class Issue(Verb[Issued], frozen=True, kw_only=True, tag="issue"):
    """Have `directory` sign `request` (PEM), which is for `names`. Refused with `acme.busy` while another one is under
    way.
    """

    request: str
    names: tuple[str, ...]
    directory: str
    contact: str
    ca_certificate: str
    account: DnsAccount


class AcmeState(Struct, frozen=True, kw_only=True):
    """`step` is where the one under way stands, None where there is none. `key`/`params` say how the last one ended, at
    `ended` (Unix seconds); `done`: well.
    """

    step: Step | None = None
    names: tuple[str, ...] = ()
    done: bool = False
    key: str = ""
    params: dict[str, Param] = {}
    ended: float | None = None


class AcmeStatus(Verb[AcmeState], frozen=True, kw_only=True, tag="acme-status"):
    pass


AcmeVerb = Issue | AcmeStatus
