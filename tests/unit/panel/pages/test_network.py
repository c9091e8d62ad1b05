import re
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from fakes.panel import HOST, PanelHere
from otpbroker.config.sections.admins import PanelSection
from otpbroker.config.sections.network import DhcpSection, EthernetSection, FirewallSection, WlanSection
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.network.plan import Facts
from otpbroker.verbs.dispatch import Alarm
from otpbroker.verbs.network import (
    FilterState,
    Interface,
    Lease,
    LookAtNetwork,
    NetworkAlarms,
    NetworkAlarmsTold,
    NetworkState,
    OpenPort,
)

AP = Interface(name="wlan0", side="ap", link=True, mac="b8:27:eb:00:00:01", addresses=["192.168.0.11/24"])
WIRED = Interface(name="eth0", side="ethernet", link=True, addresses=["10.1.2.3/24"], gateways=["10.1.2.1"])
SAME = Alarm(
    key="alarm.same_network",
    params={"interface": "eth0", "network": "192.168.0.0/24", "other": "192.168.0.0/24", "instead": "192.168.50.1"},
)
FACTORY = [OpenPort(side="ap", protocol=protocol, port=port) for protocol, port in (("tcp", 53), ("tcp", 80))]
FACTORY += [OpenPort(side="ap", protocol="tcp", port=port) for port in (8888, 8889)]
FACTORY += [OpenPort(side="ap", protocol="udp", port=port) for port in (53, 67)]
FACTORY += [OpenPort(side="ethernet", protocol="tcp", port=port) for port in (8888, 8889)]
FIXED = {"mode": "static", "address": "10.1.2.9", "prefix": "24", "gateway": "10.1.2.1", "dns_1": "", "dns_2": ""}


class Machine:
    """Ours, so that settings of the network must be confirmed."""

    def __init__(self, store):
        self._store = store

    def facts(self):
        kinds = {"wlan": WlanSection, "dhcp": DhcpSection, "ethernet": EthernetSection, "firewall": FirewallSection}
        sections = {name: self._store.load(kind) for name, kind in kinds.items()}
        return Facts(**sections, panel=self._store.load(PanelSection), taken_over=True)

    def converge(self):
        return []


def state(**facts):
    usual = {"taken_over": True, "interfaces": [AP, WIRED], "leases": [], "filter": FilterState(state="loaded")}
    return NetworkState(**usual | facts)


@pytest.fixture
def here(tmp_path):
    made = PanelHere(tmp_path, host=Machine)
    made.network.answers[LookAtNetwork] = state()
    return made


@pytest.fixture
def browser(here):
    return here.browser()


def stored(here, section):
    return here.desk.section(section)


def test_interfaces_and_leases_are_shown(here, browser):
    lease = Lease(address="192.168.0.104", mac="02:00:00:00:00:07", until=1_795_744_302.0, host="<b>hp")
    here.network.answers[LookAtNetwork] = state(leases=[lease])
    page = browser.get("/network").text
    for told in (
        "192.168.0.11/24",
        "b8:27:eb:00:00:01",
        "10.1.2.1",
        "192.168.0.104",
        "02:00:00:00:00:07",
        "&lt;b&gt;hp",
    ):
        assert told in page
    assert "take-over-network" not in page
    assert "192.168.0.104" in browser.get("/dhcp").text
    assert "10.1.2.3/24" not in browser.get("/wlan").text
    assert "10.1.2.3/24" in browser.get("/ethernet").text


@pytest.mark.parametrize("path", ["/network", "/wlan", "/dhcp", "/ethernet", "/firewall"])
def test_a_computer_of_somebody_is_told_that_nothing_takes_effect(here, browser, path):
    here.network.answers[LookAtNetwork] = state(taken_over=False, filter=FilterState(state="not_ours"))
    assert "sudo otpb setup --take-over-network" in browser.get(path).text


@pytest.mark.parametrize("path", ["/network", "/wlan", "/dhcp", "/ethernet", "/firewall"])
def test_pages_open_while_nobody_tells_of_the_network(here, browser, path):
    here.network.answers[LookAtNetwork] = BrokerError(ResponseCode.FAILED, "network.unavailable")
    page = browser.get(path)
    assert (page.status, "does not answer just now" in page.text) == (200, True)


def test_the_same_addresses_on_both_sides_are_an_alarm_with_its_remedy(here, browser):
    here.network.answers |= {
        LookAtNetwork: state(alarms=[SAME]),
        NetworkAlarms: NetworkAlarmsTold(alarms=[SAME]),
    }
    for path in ("/", "/network"):
        page = browser.get(path).text
        assert "such as 192.168.50.1" in page
    assert 'href="/wlan"' in browser.get("/").text


WLAN = {"ssid": "Kantor", "passphrase": "a good passphrase", "key_management": "WPA-PSK", "country": "ID"}
WLAN |= {"channel": "6", "address": "192.168.50.1", "prefix": "24", "gateway": "", "dns": ""}


def test_who_would_be_cut_off_is_told_first_what_to_open_next(here, browser):
    asked = browser.post("/wlan", WLAN)
    assert asked.status == 200
    assert "Join the Wi-Fi “Kantor” with the new passphrase" in asked.text
    assert "Then open http://192.168.50.1:8888/" in asked.text
    assert "within 60 seconds" in asked.text
    assert "a good passphrase" not in asked.text
    assert stored(here, "wlan")["ssid"] == ""
    kept = asked.text.split('name="passphrase.kept" value="')[1].split('"')[0]
    moved = browser.post("/wlan", {**WLAN, "passphrase": "", "passphrase.kept": kept, "sure": "yes"})
    assert "http://192.168.50.1:8888/wlan" in moved.text
    assert 'action="/confirm"' not in moved.text
    assert (stored(here, "wlan")["ssid"], stored(here, "wlan")["passphrase"]) == ("Kantor", "********")
    page = browser.get("/general").text
    assert ("Changed: wlan." in page, "http://192.168.50.1:8888/" in page) == (True, True)


def test_ranges_that_the_access_points_new_network_does_not_have_are_told(here, browser):
    shown = browser.post("/wlan", {**WLAN, "sure": "yes"}).text
    assert "192.168.0.100-192.168.0.200 is not in the access point" in shown
    assert "clients get addresses of 192.168.50.100-192.168.50.200" in shown


def test_who_moves_the_access_point_to_ethernets_network_is_told_before(here, browser):
    asked = browser.post("/wlan", {**WLAN, "address": "10.1.2.1"}).text
    assert "such as 192.168.50.1" in asked
    browser.post("/ethernet", {**FIXED, "sure": "yes"})
    browser.post("/confirm")
    refused = browser.post("/wlan", {**WLAN, "address": "10.1.2.1", "sure": "yes"})
    assert "Ethernet (10.1.2.0/24)" in refused.text.split('id="say-address"')[1].split("</span>")[0]


def test_settings_that_cut_off_nobody_are_not_asked_about(here, browser):
    here.network.answers[LookAtNetwork] = state(taken_over=False)
    assert browser.post("/wlan", WLAN).to == "/wlan"
    browser.post("/confirm")
    here.network.answers[LookAtNetwork] = state()
    fresh = browser.post("/wlan", {**WLAN, "passphrase": "", "dns": "9.9.9.9"})
    assert fresh.to == "/wlan"


def test_without_a_passphrase_the_loss_of_the_access_point_is_told(here, browser):
    browser.post("/wlan", {**WLAN, "sure": "yes"})
    browser.post("/confirm")
    asked = browser.post("/wlan", {**WLAN, "passphrase": "", "passphrase.none": "on"})
    assert "no access point" in asked.text


def test_ethernet_says_where_to_look_for_it(here, browser):
    asked = browser.post("/ethernet", FIXED)
    assert "Then open http://10.1.2.9:8888/" in asked.text
    wired = here.browser(host="10.1.2.3:8888")
    assert "http://10.1.2.9:8888/ethernet" in wired.post("/ethernet", {**FIXED, "sure": "yes"}).text
    browser.post("/confirm")
    back = browser.post("/ethernet", {**FIXED, "mode": "dhcp"})
    assert "http://otpbroker.local:8888/" in back.text
    # Who comes by the access point stays where he is.
    assert browser.post("/ethernet", {**FIXED, "mode": "dhcp", "sure": "yes"}).to == "/ethernet"


@pytest.mark.parametrize(
    ("path", "fields", "name", "told"),
    [
        ("/ethernet", FIXED | {"address": "192.168.0.7", "gateway": ""}, "address", "192.168.0.0/24"),
        ("/ethernet", FIXED | {"gateway": "10.9.9.1"}, "gateway", "10.1.2.0/24"),
        ("/ethernet", FIXED | {"gateway": "10.1.2.9"}, "gateway", "of another machine"),
        ("/ethernet", FIXED | {"prefix": "40"}, "prefix", "from 8 to 30"),
        ("/wlan", WLAN | {"passphrase": "short"}, "passphrase", "8 to 63"),
        ("/wlan", WLAN | {"address": "192.168.50.0"}, "address", "192.168.50.0"),
        ("/dhcp", {"ranges": "192.168.0.9-192.168.0.1"}, "ranges", "no range"),
        ("/dhcp", {"netmask": "255.0.255.0"}, "netmask", "no netmask"),
    ],
)
def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(here, path, fields, name, told):
    before = stored(here, path[1:])
    page = here.browser().post(path, {**DHCP, **fields} if path == "/dhcp" else fields)
    assert page.status == 422
    at_field = page.text.split(f'id="say-{name}"')[1].split("</span>")[0]
    assert told in at_field
    assert fields.get("address", "") in page.text
    assert stored(here, path[1:]) == before


DHCP = {"ranges": "192.168.0.100-192.168.0.200", "default_lease": "3600", "max_lease": "86400"}
DHCP |= {"domain_name": "kantor.example", "name_servers": "", "name_server_addresses": "", "router": ""}
DHCP |= {"netmask": "", "subnet_mask": ""}


def test_several_ranges_stand_on_lines_of_their_own(here, browser):
    assert (
        browser.post("/dhcp", {**DHCP, "ranges": "192.168.0.20-192.168.0.29\r\n192.168.0.40-192.168.0.49"}).status
        == 303
    )
    assert stored(here, "dhcp")["ranges"] == ["192.168.0.20-192.168.0.29", "192.168.0.40-192.168.0.49"]


def test_a_range_outside_the_access_points_network_is_told_beside_it_and_after_saving(here, browser):
    outside = {**DHCP, "ranges": "10.0.0.1-10.0.0.9"}
    checked = browser.request(
        "POST",
        "/dhcp/check",
        "&".join([f"csrf={browser.token}", "touched=ranges", *(f"{k}={v}" for k, v in outside.items())]).encode(),
        {"Origin": f"http://{HOST}", "Content-Type": "application/x-www-form-urlencoded", "HX-Request": "true"},
    )
    assert "not in the access point" in checked.text
    browser.post("/dhcp", outside)
    assert "not in the access point" in browser.get("/dhcp").text


RULE = {"name": "ssh", "side": "ethernet", "protocol": "tcp", "port": "22", "active": "true"}


def test_what_the_kernel_has_open_stands_beside_what_the_settings_say(here, browser):
    here.network.answers[LookAtNetwork] = state(filter=FilterState(state="loaded", opened=FACTORY))
    assert "The kernel does what the settings say" in browser.get("/firewall").text


def test_a_difference_is_named(here, browser):
    odd = OpenPort(side="mobile", protocol="udp", port=161)
    gone = [one for one in FACTORY if one.port != 80]
    told = FilterState(state="loaded", opened=[*gone, odd], missing=[FACTORY[1]], surplus=[odd], others=["ip ufw"])
    here.network.answers[LookAtNetwork] = state(filter=told)
    page = browser.get("/firewall").text
    for words in (
        "differences are marked",
        "✕</span> Closed",
        "✕</span> Open",
        "161\N{NO-BREAK SPACE}UDP",
        "ip ufw",
    ):
        assert words in page


@pytest.mark.parametrize(
    ("word", "told"),
    [("absent", "nothing is closed"), ("open", "lets in what no rule names"), ("unreadable", "cannot be")],
)
def test_a_filter_that_is_none_is_told(here, browser, word, told):
    here.network.answers[LookAtNetwork] = state(filter=FilterState(state=word))
    assert told in browser.get("/firewall").text


def test_a_port_is_opened_closed_and_forgotten(here, browser):
    assert browser.post("/firewall/add", RULE).to == "/firewall"
    assert "Changed: firewall." in browser.get("/firewall").text
    browser.post("/confirm")
    assert "ssh" in browser.get("/firewall").text
    browser.post("/firewall/deactivate?key=ssh")
    browser.post("/confirm")
    assert stored(here, "firewall")["firewall"][0]["active"] is False
    assert "closed there anyway" in browser.get("/firewall").text
    browser.post("/firewall/edit?key=ssh", {**RULE, "port": "2222"})
    browser.post("/confirm")
    assert stored(here, "firewall")["firewall"][0]["port"] == 2222
    browser.post("/firewall/delete?key=ssh")
    assert stored(here, "firewall")["firewall"] == []


CLOSING = {"name": "no panel", "side": "ethernet", "protocol": "tcp", "port": "8888"}


def test_closing_the_panel_at_ethernet_is_asked_about_with_the_way_that_is_left(here, browser):
    """However it comes about: by a rule that is added, edited, or no longer active."""
    browser.post("/wlan", {**WLAN, "sure": "yes"})
    browser.post("/confirm")
    asked = browser.post("/firewall/add", CLOSING)
    assert "Join the Wi-Fi “Kantor”, open http://192.168.50.1:8888/" in asked.text
    assert 'name="port" value="8888"' in asked.text
    assert stored(here, "firewall")["firewall"] == []
    browser.post("/firewall/add", {**CLOSING, "active": "true"})
    browser.post("/confirm")
    for path, fields in (("deactivate", {"back": "list"}), ("edit", CLOSING)):
        assert "no longer reach the panel" in browser.post(f"/firewall/{path}?key=no panel", fields).text
    assert stored(here, "firewall")["firewall"][0]["active"] is True
    assert browser.post("/firewall/deactivate?key=no panel", {"back": "list", "sure": "yes"}).to == "/firewall"
    assert stored(here, "firewall")["firewall"][0]["active"] is False
    # Afterwards there is nothing to lose, and nothing is asked.
    browser.post("/confirm")
    assert browser.post("/firewall/edit?key=no panel", {**CLOSING, "port": "x"}).status == 422


def test_without_an_access_point_it_is_said_that_nobody_is_left(here, browser):
    assert "Nobody will reach the panel any more" in browser.post("/firewall/add", CLOSING).text


def at_field(page, name):
    return page.text.split(f'id="field-{name}"')[1].split("</div>")[0]


def test_all_that_is_wrong_with_a_rule_of_the_firewall_is_said_at_once_and_kept(here, browser):
    wrong = browser.post("/firewall/add", {"name": " ", "side": "mobile", "protocol": "udp", "port": "x"})
    assert wrong.status == 422
    assert "must be filled in" in at_field(wrong, "name")
    assert "no whole number" in at_field(wrong, "port")
    assert 'value="x"' in at_field(wrong, "port")
    for name, chosen in (("side", "mobile"), ("protocol", "udp")):
        assert f'value="{chosen}" selected' in at_field(wrong, name)
    assert "checked" not in at_field(wrong, "active")
    assert stored(here, "firewall")["firewall"] == []


def test_a_name_that_is_taken_is_refused_before_anything_is_asked(here, browser):
    browser.post("/firewall/add", {**RULE, "name": CLOSING["name"]})
    refused = browser.post("/firewall/add", CLOSING)
    assert refused.status == 422
    assert "taken already" in at_field(refused, "name")


def test_each_link_to_a_rule_of_the_firewall_leads_to_that_rule(here, browser):
    """Also where a name has signs of addresses."""
    for name, port in (("8889/tcp ap", "2223"), ("a?b=c&d#e", "2224")):
        browser.post("/firewall/add", {**RULE, "name": name, "port": port})
        browser.post("/confirm")
    page = browser.get("/firewall").text
    links = re.findall(r'href="(/firewall/view\?[^"]+)">([^<]+)<', page)
    assert len(links) == 4  # at the port, and in the list
    for link, name in links:
        view = browser.get(unescape(link)).text
        assert f"<h1>{name}</h1>" in view
        assert [f">{port}<" in view for port in ("2223", "2224")] == [name.startswith("8889"), name.startswith("a")]


def test_a_rule_that_closes_a_port_starts_with_a_free_name(here, browser):
    browser.post("/firewall/add", {**RULE, "name": "8889/tcp ap"})
    (link,) = re.findall(r'href="(/firewall/add\?[^"]*side=ap[^"]*port=8889[^"]*)"', browser.get("/firewall").text)
    assert dict(parse_qsl(urlsplit(unescape(link)).query))["name"] == "8889/tcp ap 2"


def test_ports_of_the_factory_are_closed_from_the_table(here, browser):
    here.network.answers[LookAtNetwork] = state(filter=FilterState(state="loaded", opened=FACTORY))
    page = browser.get("/firewall").text
    links = re.findall(r'href="(/firewall/add\?[^"]+)"', page)
    ports = {
        (field["side"], field["port"])
        for field in map(dict, map(parse_qsl, (urlsplit(unescape(each)).query for each in links)))
    }
    # Not those without which the access point is none.
    assert ports == {("ap", "80"), ("ap", "8889"), ("ethernet", "8888"), ("ethernet", "8889")}
    (link,) = [unescape(each) for each in links if "port=8889" in each and "ethernet" in each]
    form = browser.get(link).text
    assert 'value="8889"' in form
    assert not re.search(r'name="active" value="true" checked', form)


def test_what_the_access_point_needs_stays_open_and_that_is_said_at_the_port(here, browser):
    rule = {**RULE, "name": "lock out", "side": "ap", "port": "8888"}
    del rule["active"]
    browser.post("/firewall/add", rule)
    page = browser.get("/firewall").text
    assert "it stays open" in page
    wrong = browser.post("/firewall/add", {**RULE, "port": "8887"})
    assert "8887" in wrong.text.split('id="say-port"')[1].split("</span>")[0]


def test_what_is_said_of_another_rule_stays_with_it(here, browser):
    here.settings._host = type("Nobody", (), {"facts": lambda _: None, "converge": lambda _: []})()
    browser.post("/firewall/add", {**RULE, "name": "panel", "port": "8888"})
    browser.get("/firewall")
    browser.post("/firewall/add", RULE)
    assert "open there anyway" not in browser.get("/firewall").text
