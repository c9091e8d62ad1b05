import pytest

from fakes.dispatch import modem
from fakes.panel import NOTHING, PanelHere
from otpbroker.secrets import Secret
from otpbroker.verbs.apply import AddEntry
from otpbroker.verbs.dispatch import Alarm, DispatchStatus, FoundModem, Status
from otpbroker.verbs.mail import AccountFacts, MailFacts, MailStatus
from otpbroker.verbs.notifier import NotifierState, NotifierStatus
from otpbroker.verbs.report import Report, ReportSum, ReportTold
from otpbroker.verbs.supervisor import Services, ServiceState, ServiceStates


def status(*modems, **more):
    facts = {"counters": NOTHING, "alarms": [], **more}
    return DispatchStatus(version="1.2.3", uptime_s=1, modems=list(modems), **facts)


def service(name, state="ready", **facts):
    return ServiceState(service=name, state=state, **({"pid": 42, "restarts": 0} | facts))


def report(states, cost="", first_day="2026-11-01"):
    total = ReportSum(key="", states=states, parts=1, cost=cost)
    days = {"from_day": "2026-11-27", "to_day": "2026-11-27", "first_day": first_day, "kept_days": 90}
    return ReportTold(
        **days, incomplete=False, total=total, days=[], modems=[], doors=[], reasons=[], prefixes=[], speeds={}
    )


@pytest.fixture
def here(tmp_path):
    """Everything answers and is well."""
    made = PanelHere(tmp_path)
    made.dispatch.answers[Status] = status(modem("m0"))
    made.dispatch.answers[Report] = report({"submitted": 1000, "delivered": 234, "expired": 17}, "61700")
    made.mail.answers[MailStatus] = MailFacts(accounts=[AccountFacts(name="gmail", sender="a@b.c", state="ready")])
    made.notifier.answers[NotifierStatus] = NotifierState(endpoints=[], missed=0, alarms=[])
    made.supervisor.answers[Services] = ServiceStates(services=[service("api"), service("dispatch")])
    return made


@pytest.fixture
def browser(here):
    return here.browser()


def test_home_where_all_is_well(browser):
    page = browser.get("/").text
    for told in ("Everything is fine", "1,234", ">17<", "61,700", "1 of 1 ready", "2 of 2 running"):
        assert told in page


def test_home_tells_alarms_first_each_with_its_remedy_and_its_page(here, browser):
    here.dispatch.answers[Status] = status(
        modem("m0", name="<b>Huawei", state="no_sim", reason="modem.no_sim"),
        alarms=[Alarm(key="modem.store_full", params={"modem": "m0", "store": "SM", "used": 9, "total": 10})],
        found=[FoundModem(name="E3372", reason="modem.hilink")],
    )
    page = browser.get("/").text
    for told in (
        "no SIM in the modem",
        "plug it in again",
        "9 of 10",
        "HiLink",
        "/modems/view?key=m0",
        "0 of 1 ready",
    ):
        assert told in page
    assert "&lt;b&gt;Huawei" in page
    assert page.index("HiLink") < page.index("9 of 10")


def test_many_alarms_do_not_bury_the_page(here, browser):
    here.dispatch.answers[Status] = status(*(modem(f"m{at}", state="no_sim", reason="modem.no_sim") for at in range(8)))
    shown, folded, rest = browser.get("/").text.partition('<details class="more">')
    assert (shown.count('<li class="bad"'), rest.count('<li class="bad"')) == (5, 3)
    assert (bool(folded), "<summary>3 more</summary>" in rest) == (True, True)


def test_home_where_everybody_is_away(here, browser):
    for peer in (here.dispatch, here.mail, here.notifier, here.supervisor):
        peer.answers.clear()
    page = browser.get("/")
    assert page.status == 200
    assert "The sending service is not running" in page.text
    assert page.text.count("Does not answer") == 3


@pytest.mark.parametrize(
    ("facts", "first_day", "expected"),
    [
        (status(), "", ("No modem is set up yet", "/start")),
        (status(modem()), "", ("Nothing has been sent yet", "/start")),
        (status(modem(), found=[FoundModem(name="ZTE MF190", imei="1")]), "2026-11-01", ("ZTE MF190", "/modems")),
        (status(modem()), "2026-11-01", ("", "")),
    ],
)
def test_home_names_the_next_step(here, browser, facts, first_day, expected):
    said, leads = expected
    here.dispatch.answers |= {Status: facts, Report: report({}, first_day=first_day)}
    page = browser.get("/").text
    assert ("Next step" in page) is bool(said)
    assert said in page
    assert f'href="{leads}">' in page or not leads


def test_however_many_look_the_others_are_asked_once(here, browser):
    for _ in range(5):
        browser.get("/")
        browser.get("/server")
    asked = [(here.dispatch, Status), (here.dispatch, Report), (here.mail, MailStatus)]
    assert [len(peer.verbs(verb)) for peer, verb in asked] == [1, 1, 1]


def test_server_status_tells_of_machine_services_and_versions(here, browser):
    here.supervisor.answers[Services] = ServiceStates(services=[service("api", "waiting", restarts=3, pid=None)])
    page = browser.get("/server").text
    for told in (
        "1.2.3",
        "Waits for its start",
        "The service api does not run",
        "Running for",
        "Storage",
        "Linux kernel",
    ):
        assert told in page


@pytest.mark.parametrize("span", ["hour", "day", "week", "nonsense"])
def test_server_status_shows_what_was_measured(here, browser, span):
    assert "The first values appear" in browser.get("/server").text
    here.desk.live.history.put({"cpu": 12.34, "memory": 50, "temperature": None}, {})
    page = browser.get(f"/server?span={span}").text
    assert "12.3" in page
    assert "chart-usage" in page
    assert "chart-temperature" not in page


def test_a_modems_page_shows_its_signal_of_the_last_hour(here, browser):
    here.settings.call(AddEntry(section="modems", key="Telkomsel", values={"port": Secret("/dev/ttyUSB0")}))
    (entry,) = here.desk.section("modems")["modems"]
    assert "chart-signal" not in browser.get(f"/modems/view?key={entry['id']}").text
    here.desk.live.history.put({}, {entry["id"]: -97})
    page = browser.get(f"/modems/view?key={entry['id']}").text
    assert "chart-signal" in page
    assert "\N{MINUS SIGN}97" in page
