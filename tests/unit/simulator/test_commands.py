"""The answers of 3GPP TS 27.005 and 27.007, and the makers' own."""

import pytest

OK = "OK"


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        ("", [OK]),
        ("&F", [OK]),
        ("Z", [OK]),
        ("E0V1", [OK]),
        ("+CGSN", ["356938035600072", OK]),
        ("+CGSN=?", [OK]),
        ("+CIMI", ["510100000000007", OK]),
        ("+CCID", ["+CCID: 8962100000000000077", OK]),
        ("+CNUM", ['+CNUM: "","+6281100000007",145', OK]),
        ("+CPIN?", ["+CPIN: READY", OK]),
        ("+CREG?", ["+CREG: 0,1", OK]),
        ("+CREG=?", ["+CREG: (0-2)", OK]),
        ("+COPS?", ['+COPS: 0,0,"TELKOMSEL",2', OK]),
        ("+CSQ", ["+CSQ: 21,99", OK]),
        ("+CSCA?", ['+CSCA: "+6281100000",145', OK]),
        ("+CMGF?", ["+CMGF: 0", OK]),
        ("+CMGF=?", ["+CMGF: (0,1)", OK]),
        ("+CSMS=1", ["+CSMS: 1,1,1", OK]),
        ("+CPMS?", ['+CPMS: "SM",0,20,"SM",0,20,"SM",0,20', OK]),
        ('+CPMS="ME","ME","SM"', ["+CPMS: 0,50,0,50,0,20", OK]),
        ("+CNMI=2,1,0,1,0", [OK]),
        ("+CMMS=1", [OK]),
        ('+CGDCONT=1,"IP","internet"', [OK]),
        ("+CSCS?", ['+CSCS: "GSM"', OK]),
        ("+CREG=2;+CREG?", ['+CREG: 2,1,"1A2B","0C3D4E5F"', OK]),
        ('+CGDCONT=1,"IP","a;b";+CGDCONT?', ['+CGDCONT: 1,"IP","a;b","",0,0', OK]),
        ("D*99#", ["CONNECT 150000000"]),
        ("D08123;", ["NO CARRIER"]),
        ("+NOSUCH", ["ERROR"]),
        ("+CREG=9", ["ERROR"]),
        ("+CMGR=", ["ERROR"]),
        ("+CMGR=3", ["+CMS ERROR: 321"]),
        ("+CMGS=x", ["+CMS ERROR: 304"]),
        ("+CNMA", ["+CMS ERROR: 340"]),
        ("Y9", ["ERROR"]),
    ],
)
def test_a_fresh_modem_answers(modem, command, answer):
    assert modem().wire.at(command) == answer


@pytest.mark.parametrize(("cmee", "answer"), [(0, "ERROR"), (1, "+CME ERROR: 100"), (2, "+CME ERROR: unknown")])
def test_an_unknown_command_fails_as_cmee_says(modem, cmee, answer):
    assert modem().wire.at(f"+CMEE={cmee};+NOSUCH;+CSQ") == [answer]


def test_a_chain_ends_with_its_first_failure(modem):
    wire = modem().wire
    assert wire.at("+CSQ;+NOSUCH;+CMGF=1") == ["ERROR"]
    assert wire.at("+CMGF?") == ["+CMGF: 0", OK]


def test_echo_and_terse_answers(modem):
    wire = modem(echo=True).wire
    assert wire.ask("AT+CSQ\r") == "AT+CSQ\r\r\n+CSQ: 21,99\r\n\r\nOK\r\n"
    assert wire.ask("ATE0\r") == "ATE0\r\r\nOK\r\n"
    wire.at("V0")
    assert wire.ask("AT+CSQ\r") == "+CSQ: 21,99\r\n0\r"
    assert wire.ask("AT+NOSUCH\r") == "4\r"


def test_what_stands_before_a_command_is_skipped(modem):
    assert modem().wire.ask("\x1a\x1bgarbage\x00AT\r") == "\r\nOK\r\n"


def test_a_changed_centre_and_storage_stay(modem):
    wire = modem().wire
    wire.at('+CSCA="+628999"')
    assert wire.at("+CSCA?")[0] == '+CSCA: "+628999",145'
    wire.at("+COPS=3,2")
    assert wire.at("+COPS?")[0] == '+COPS: 0,2,"51010",2'


@pytest.mark.parametrize(
    ("vendor", "command", "answer"),
    [
        ("generic", "+CPINR", ["+CPINR: SIM PIN,2,3", "+CPINR: SIM PUK,10,10", OK]),
        ("zte", "+CPINR", ["+CPINR: SIM PIN,2,3", "+CPINR: SIM PUK,10,10", OK]),
        ("huawei", "^CPIN?", ["^CPIN: SIM PIN,2,10,2,10,3", OK]),
        ("simcom", "+SPIC", ["+SPIC: 2,10,3,10", OK]),
        ("quectel", "+QPINC?", ['+QPINC: "SC",2,10', '+QPINC: "P2",3,10', OK]),
        ("generic", "+QPINC?", ["ERROR"]),
        ("huawei", "^ICCID?", ["^ICCID: 8962100000000000077", OK]),
        ("huawei", "+CCID", ["ERROR"]),
        ("quectel", "+QCCID", ["+QCCID: 8962100000000000077", OK]),
        ("zte", "+CGMI", ["ZTE INCORPORATED", OK]),
    ],
)
def test_makers_differ(modem, vendor, command, answer):
    assert modem(vendor=vendor, pin="1234", pin_tries=2).wire.at(command) == answer


def test_a_locked_sim_wants_its_pin_once(modem):
    locked = modem(pin="1234", vendor="quectel")
    wire = locked.wire
    wire.at("+CMEE=1")
    assert wire.at("+CPIN?") == ["+CPIN: SIM PIN", OK]
    assert wire.at("+CIMI") == ["+CME ERROR: 11"]
    assert wire.at("+CREG?") == ["+CREG: 0,0", OK]
    assert wire.at("+CMGS=20") == ["+CMS ERROR: 311"]
    assert wire.at('+CPIN="0000"') == ["+CME ERROR: 16"]
    assert wire.at("+QPINC?")[0] == '+QPINC: "SC",2,10'
    assert wire.at('+CPIN="1234"') == [OK]
    assert wire.at("+CPIN?;+QPINC?")[:2] == ["+CPIN: READY", '+QPINC: "SC",3,10']
    assert wire.at('+CPIN="1234"') == ["+CME ERROR: 3"]


def test_three_wrong_pins_need_the_puk(modem):
    wire = modem(pin="1234", puk="87654321").wire
    wire.at("+CMEE=2")
    answers = [wire.at(f'+CPIN="000{digit}"')[0] for digit in range(3)]
    assert answers == ["+CME ERROR: incorrect password"] * 2 + ["+CME ERROR: SIM PUK required"]
    assert wire.at("+CPIN?")[0] == "+CPIN: SIM PUK"
    assert wire.at('+CPIN="1234"') == ["+CME ERROR: incorrect password"]
    assert wire.at('+CPIN="87654321","4321"') == [OK]
    assert wire.at("+CPIN?")[0] == "+CPIN: READY"


def test_the_pin_request_is_set_changed_and_removed(modem):
    wire = modem().wire
    assert wire.at('+CLCK="SC",2') == ["+CLCK: 0", OK]
    assert wire.at('+CLCK="SC",1,"1234"') == [OK]
    assert wire.at('+CLCK="SC",2') == ["+CLCK: 1", OK]
    assert wire.at('+CPWD="SC","1234","4321"') == [OK]
    assert wire.at('+CLCK="SC",0,"1234"') == ["ERROR"]
    assert wire.at('+CLCK="SC",0,"4321"') == [OK]
    assert wire.at('+CLCK="SC",2') == ["+CLCK: 0", OK]


def test_without_a_sim(modem):
    wire = modem(sim_present=False).wire
    wire.at("+CMEE=1")
    assert [wire.at(command) for command in ("+CPIN?", "+CIMI", "+CCID")] == [["+CME ERROR: 10"]] * 3
    assert wire.at("+CMGS=20") == ["+CMS ERROR: 310"]


def test_not_registered(modem):
    wire = modem(registration=3).wire
    assert wire.at("+CREG?") == ["+CREG: 0,3", OK]
    assert wire.at("+COPS?") == ["+COPS: 0", OK]
    assert wire.at("+CMGS=20") == ["+CMS ERROR: 331"]
