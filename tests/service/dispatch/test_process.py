"""The real process on simulated modems, over its socket."""

import contextlib
import threading

import pytest

from fakes.canary import Search, token
from fakes.dispatch_process import DispatchProcess
from otpbroker.config.sections.sms import LimitsSection, SmsSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.secrets import MessageText
from otpbroker.simulator.client import SimulatorControl
from otpbroker.simulator.fleet import SimulatedModems
from otpbroker.sms import submit
from otpbroker.verbs import dispatch as verbs

FREE = LimitsSection(per_number_hour=0, per_number_day=0)
ID = "c" * 24


@pytest.fixture
def simulated(tmp_path):
    with SimulatedModems(2, tmp_path / "sim") as fleet, SimulatorControl(fleet.links / "control.sock") as control:
        yield control


@pytest.fixture
def dispatch(tmp_path, simulated):
    root = tmp_path / "root"
    root.mkdir()
    process = DispatchProcess(root, **{f"m{n}": {"port": str(tmp_path / f"sim/modem{n}")} for n in range(2)})
    process.write(limits=FREE)
    try:
        yield process.start().await_ready(2)
    finally:
        process.close()


def refused(call, *args, **fields):
    with pytest.raises(BrokerError) as error:
        call(*args, **fields)
    return error.value


def numbers(control):
    return [submit.decode(each.pdu).tp_da.value for each in control.submitted()]


def test_verbs_over_the_socket(dispatch, simulated):
    sent = dispatch.send(id="123456")
    assert (sent.state, sent.code, sent.parts) == ("submitted", ResponseCode.SUCCESS, 1)
    assert dispatch.send(id="123456").replayed
    assert numbers(simulated) == ["6281234567890"]

    queued = dispatch.send("+62 812-0000-0001", wait=False)
    assert queued.state == "queued"
    mine = verbs.Message(message_id=queued.message_id, door="rest", user="shop")
    until(lambda: dispatch.call(mine).state in verbs.FINAL_STATES)
    for other in (
        verbs.Message(message_id=queued.message_id, door="rest", user="other"),
        verbs.Message(message_id=ID, door="cli"),
    ):
        assert refused(dispatch.call, other).key == "message.unknown"

    rows = dispatch.call(verbs.Messages(limit=10)).messages
    assert {row.msisdn_masked for row in rows} == {"62812****890", "62812****001"}
    assert {row.state for row in rows} <= {"submitted", "delivered"}

    route = dispatch.call(verbs.Route(msisdn="081234567890"))
    assert (route.modems, route.key, route.refusal) == (["m0", "m1"], "route.no_prefix_list", "")
    assert dispatch.call(verbs.Route(msisdn="+33612345678")).refusal == "number.country"

    status = dispatch.status()
    assert (status.counters.accepted, status.counters.by_state["submitted"]) == (2, 2)
    assert (status.alarms, status.settings_error) == ([], "")
    assert [modem.operator for modem in dispatch.call(verbs.ModemList()).modems] == ["TELKOMSEL"] * 2


def until(happened):
    """Asks again shortly until it is so; the other process has no way to call us."""
    pause = threading.Event()
    for _ in range(1000):
        if happened():
            return
        pause.wait(0.01)
    raise AssertionError


def test_the_block_list(dispatch, simulated):
    assert dispatch.call(verbs.Block(msisdn="0812-3456-7890")).msisdn == "6281234567890"
    assert refused(dispatch.send).code is ResponseCode.BLOCKED
    assert dispatch.call(verbs.Route(msisdn="081234567890")).refusal == "number.blocked"
    dispatch.kill()
    dispatch.start().await_ready(2)
    assert refused(dispatch.send).code is ResponseCode.BLOCKED
    assert simulated.submitted() == []
    dispatch.call(verbs.Unblock(msisdn="081234567890"))
    assert dispatch.send().state == "submitted"
    assert dispatch.call(verbs.BlockedList()).block_list == [verbs.BlockEntry(msisdn="6281234567890", blocked=False)]
    dispatch.call(verbs.DeleteBlocked(msisdn="081234567890"))
    assert refused(dispatch.call, verbs.DeleteBlocked(msisdn="081234567890")).key == "number.not_listed"


def test_ussd_inbox_and_pin(dispatch, simulated):
    answer = dispatch.call(verbs.Ussd(modem="m0", code="*888#"))
    assert (answer.status, answer.text) == (0, "Pulsa Rp 25.000 s/d 31-12-2030")
    simulated.inject(1, "Halo dari luar")
    (message,) = dispatch.call(verbs.Inbox(modem="m1")).messages
    assert message.text == "Halo dari luar"
    dispatch.call(verbs.InboxDelete(modem="m1", key=message.key))
    assert dispatch.call(verbs.Inbox(modem="m1")).messages == []
    simulated.set(0, pin="1234")
    assert refused(dispatch.call, verbs.Ussd(modem="m7", code="*888#")).key == "modem.unknown"


def test_new_settings_at_once_and_bad_ones_never(dispatch, simulated):
    dispatch.modems["m1"]["active"] = False
    dispatch.write(sms=SmsSection(routing="tariff"))
    assert "ERRNO=0" in dispatch.reload()
    assert {dispatch.send(f"08120000000{n}").modem for n in range(4)} == {"m0"}
    dispatch.modems["m0"]["active"] = False
    dispatch.write(sms=b"country_code: nowhere\n")
    assert "ERRNO=22" in dispatch.reload()
    assert dispatch.status().settings_error
    assert dispatch.send("081200000009").modem == "m0"
    dispatch.modems["m1"]["active"] = True
    dispatch.write(sms=SmsSection())
    dispatch.reload()
    assert dispatch.status().settings_error == ""
    dispatch.await_ready(1)
    assert dispatch.send("081200000010").modem == "m1"


@pytest.mark.parametrize("multipart", [False, True])
def test_killed_between_intent_and_outcome(dispatch, simulated, multipart):
    """The door's client hands the message to the next life, which resends one part and never several."""
    simulated.set(latency_s=3.0)
    text = "Kode " * (60 if multipart else 1)
    outcome = []
    door = threading.Thread(target=lambda: outcome.append(dispatch.send(text=text, message_id=ID)))
    door.start()
    until_text_is_out(dispatch)
    dispatch.kill()
    simulated.set(latency_s=0.0)
    dispatch.start()
    door.join(30)
    (sent,) = outcome
    assert sent.message_id == ID
    if multipart:
        assert (sent.state, sent.key) == ("unknown", "message.in_doubt")
    else:
        assert (sent.state, sent.resent) == ("submitted", True)
    until(lambda: [row.state for row in dispatch.call(verbs.Messages()).messages] == [sent.state])
    assert len(simulated.submitted()) <= 2


def until_text_is_out(dispatch):
    def state():
        return [row.state for row in dispatch.call(verbs.Messages(limit=1)).messages]

    mine = verbs.Message(message_id=ID, door="rest", user="shop")
    until(lambda: state() == ["sending"])
    until(lambda: dispatch.call(mine).state == "sending")


def test_a_drain_ends_what_was_accepted(dispatch, simulated):
    simulated.set(latency_s=0.3)
    answers = []
    doors = [threading.Thread(target=lambda n=n: answers.append(dispatch.send(f"0812000000{n:02}"))) for n in range(6)]
    for door in doors:
        door.start()
    until(lambda: dispatch.status().counters.accepted == 6)
    assert dispatch.terminate() == 0
    for door in doors:
        door.join(10)
    assert [sent.state for sent in answers] == ["submitted"] * 6


def send_in_vain(dispatch, text):
    with contextlib.suppress(BrokerError):
        dispatch.send("081200000002", text=text, message_id=ID, deadline_s=1.0)


def test_a_text_is_nowhere_but_in_the_modem(dispatch, simulated, tmp_path):
    tokens = {way: token() for way in ("sent", "refused", "blocked", "abroad", "long", "keyed", "held", "pin")}
    dispatch.send(text=f"Kode {tokens['sent']}")
    dispatch.send(text=f"Kode {tokens['keyed']}", idempotency_key="k1", id="1")
    simulated.set(cms_error={"code": 500})
    assert dispatch.send(text=f"Kode {tokens['refused']}").state == "failed"
    simulated.set(cms_error=None)
    refused(dispatch.send, "+33612345678", text=tokens["abroad"])
    refused(dispatch.send, text=tokens["long"] * 200)
    dispatch.call(verbs.Block(msisdn="081200000001"))
    refused(dispatch.send, "081200000001", text=tokens["blocked"])
    refused(dispatch.call, verbs.SetSimPin(modem="m0", pin=MessageText(tokens["pin"])))
    simulated.set(latency_s=3.0)
    held = threading.Thread(target=send_in_vain, args=(dispatch, tokens["held"]), daemon=True)
    held.start()
    until_text_is_out(dispatch)
    search = Search(tokens)
    assert search.processes([dispatch.pid]) == []
    dispatch.kill()
    simulated.set(latency_s=0.0)
    assert search.folder(dispatch.paths.root) == []
    (dispatch.paths.root / "planted").write_text(f"leak {tokens['sent']}")
    assert [hit[0] for hit in search.folder(dispatch.paths.root)] == ["sent"]
