"""Services that need one thing of otpb-apply get that one."""

import pytest

from otpbroker.errors import BrokerError
from otpbroker.services.apply import rights
from otpbroker.system.peercred import Peer
from otpbroker.verbs.acme import OrderCertificate
from otpbroker.verbs.apply import GetSection, Restart, SetClock

NETWORK, PERSON = (SetClock(unix_s=1.8e9, source=source) for source in ("network", "person"))
ORDER = OrderCertificate(renewal=True, wait=True)
READ, RESTART = GetSection(section="wlan"), Restart(what="device")
EVERYTHING = (NETWORK, PERSON, ORDER, READ, RESTART)


@pytest.mark.parametrize(
    ("user", "may"),
    [("otpb-clock", [NETWORK]), ("otpb-certificate", [ORDER]), ("otpb-admin", EVERYTHING), ("", EVERYTHING)],
)
def test_who_may_ask_for_what(user, may):
    def is_let(verb):
        try:
            rights.check(verb, Peer(pid=1, uid=990, gid=990), lambda _uid: user)
        except BrokerError as error:
            return error.key != "peer.refused"
        return True

    assert [verb for verb in EVERYTHING if is_let(verb)] == list(may)
