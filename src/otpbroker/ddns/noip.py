"""No-IP: its dynamic update protocol (https://www.noip.com/integrate/request). Pure."""

from typing import Final

from otpbroker import __version__
from otpbroker.config.sections.ddns import AfraidSection, DdnsRecord, DynuSection, NoIpSection
from otpbroker.ddns import words
from otpbroker.ddns.exchange import Question, Update, basic, with_query
from otpbroker.ddns.names import host_name

ENDPOINT: Final = "https://dynupdate.no-ip.com/nic/update"
_NOBODY: Final = "otp-broker@localhost.invalid"


def update(record: DdnsRecord, account: NoIpSection, address: str) -> Update:
    """IPv6 has a parameter of its own; without `myip` a record's IPv4 address stays."""
    field = "myip" if record.type == "A" else "myipv6"
    url = with_query(account.endpoint or ENDPOINT, hostname=host_name(record), **{field: address})
    told = yield Question("GET", url, headers(account))
    return words.verdict(told, address)


def headers(account: NoIpSection | DynuSection | AfraidSection) -> dict[str, str]:
    """No-IP wants to know whose device calls, what it is, and whom to write to: whoever does not say may be blocked."""
    agent = f"{_plain(account.company) or 'OTP-Broker'} OTP-Broker/{__version__} {_plain(account.email) or _NOBODY}"
    return {"User-Agent": agent, "Authorization": basic(account.username, account.password)}


def _plain(text: str) -> str:
    """What a header may hold."""
    return text.encode("ascii", "ignore").decode().strip()
