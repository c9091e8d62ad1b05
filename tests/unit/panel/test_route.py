from fakes.panel import PanelHere
from otpbroker.errors import BrokerError, ResponseCode
from otpbroker.verbs.dispatch import Route, RouteExplanation, RouteStep

STEPS = [
    RouteStep(modem="m1", name="Telkomsel A", eligible=True, chosen=True, key="route.chosen", price="50"),
    RouteStep(modem="m2", name="Telkomsel B", eligible=True, chosen=True, key="route.chosen", price="50"),
    RouteStep(modem="m3", name="<i>XL</i>", eligible=True, chosen=False, key="route.not_chosen", price="350"),
    RouteStep(modem="m4", name="Tri", eligible=False, chosen=False, key="route.quota_day", params={"quota": 100}),
]


def answer(**more):
    told = {"routing": "tariff", "modem": "m1", "modems": ["m1", "m2"], "key": "route.cheapest"}
    told |= {"params": {"price": "50"}, "steps": STEPS} | more
    return RouteExplanation(msisdn="6281234567890", msisdn_masked="62812****890", **told)


def test_a_route_is_told_modem_by_modem(tmp_path):
    here = PanelHere(tmp_path)
    browser = here.browser()
    assert browser.get("/route").status == 200
    here.dispatch.answers[Route] = answer()
    told = browser.post("/route", {"number": "0812-3456-7890"}).text
    assert [verb.msisdn for verb in here.dispatch.verbs(Route)] == ["0812-3456-7890"]
    assert "Telkomsel A would send it: the cheapest: 50 per SMS" in told
    assert "62812****890" in told
    for words in ("takes it now", "takes turns", "stands by", "left out"):
        assert told.count(f"</span> {words}</span>") == 1
    assert "today&#39;s quota of 100 is used up" in told
    assert "IDR\u00a0350" in told
    assert "&lt;i&gt;XL&lt;/i&gt;" in told


def test_refusals_say_why_and_offer_no_sending(tmp_path):
    here = PanelHere(tmp_path)
    browser = here.browser()
    browser.get("/route")
    here.dispatch.answers[Route] = answer(modem="", refusal="number.country", refusal_params={"country": "FR"})
    told = browser.post("/route", {"number": "+33612345678"}).text
    assert "This number gets no SMS. SMS to country FR are not allowed" in told
    assert 'action="/sms/to"' not in told
    here.dispatch.answers[Route] = BrokerError(ResponseCode.INVALID_NUMBER, "number.not_digits")
    told = browser.post("/route", {"number": "<b>abc"})
    assert (told.status, 'value="&lt;b&gt;abc"' in told.text, "may only hold digits" in told.text) == (422, True, True)
    here.dispatch.answers[Route] = answer(modem="", modems=[], steps=[], key="", params={})
    assert "No modem can send now" in browser.post("/route", {"number": "0812"}).text
    del here.dispatch.answers[Route]
    told = browser.post("/route", {"number": "0812"})
    assert (told.status, "not running" in told.text, 'value="0812"' in told.text) == (503, True, True)
