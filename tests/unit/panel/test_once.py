import re
import threading

from fakes.waiting import waits_for
from otpbroker.panel.once import LASTS_S, Once
from otpbroker.verbs.dispatch import Send, Sent, Ussd, UssdAnswer


def in_threads(count, do):
    told = []
    threads = [threading.Thread(target=lambda: told.append(do())) for _ in range(count)]
    for thread in threads:
        thread.start()
    return threads, told


def test_the_same_form_twice_at_once_is_done_once(here, browser):
    go = threading.Event()

    def answer(_verb):
        go.wait(10)
        return UssdAnswer(modem="m0", text="Pulsa 25.000", status=0)

    here.dispatch.answers[Ussd] = answer
    threads, told = in_threads(2, lambda: browser.post("/ussd", {"modem": "m0", "code": "*888#"}))
    waits_for(lambda: any(flight.waiting for flight in here.panel._once._last.values()))
    go.set()
    for thread in threads:
        thread.join()
    assert [each.text.count("Pulsa 25.000") > 0 for each in told] == [True, True]
    assert len(here.dispatch.verbs(Ussd)) == 1


def test_a_password_that_is_shown_once_is_not_lost_to_a_double_click(browser):
    first, second = (browser_post(browser, "/start/api-user", {"username": "toko"}) for _ in range(2))
    assert (first.status, second.status) == (200, 200)
    assert password(first) == password(second) != ""


def browser_post(browser, path, fields):
    """As from the page that is still on the screen: by its token."""
    token = browser.token
    told = browser.post(path, fields)
    browser.token = token
    return told


def password(told):
    return re.search(r'id="password"[^>]*><code>([^<]+)<', told.text)[1]


def test_the_test_sms_of_the_first_steps_leaves_once(here, browser):
    here.dispatch.answers[Send] = Sent(message_id="1" * 24, state="submitted", code="0000", modem="m0")
    for _ in range(2):
        told = browser_post(browser, "/start/test", {"number": "0812345678", "modem": "m0"})
        assert (told.status, told.to) == (303, "/start")
    assert len(here.dispatch.verbs(Send)) == 1
    browser.get("/start")
    browser.post("/start/test", {"number": "0812345678", "modem": "m0"})
    assert len(here.dispatch.verbs(Send)) == 2


def test_the_second_of_two_says_no_second_sentence(browser):
    for _ in range(2):
        browser_post(browser, "/panel", {"idle_s": "700", "port": "8888"})
    assert browser.get("/panel").text.count("The settings were saved") == 1


def test_what_came_after_another_form_is_meant(here, browser):
    for action in ("activate", "deactivate", "activate"):
        browser_post(browser, f"/callbacks/{action}", {})
    assert here.desk.section("callbacks")["enabled"] is True


def test_more_than_a_few_do_not_wait(here, browser):
    go = threading.Event()

    def answer(_verb):
        go.wait(10)
        return UssdAnswer(modem="m0", text="x", status=0)

    here.dispatch.answers[Ussd] = answer
    browser.get("/ussd")
    token = browser.token  # of one page: each answer brings another
    threads, told = in_threads(5, lambda: browser.post("/ussd", {"modem": "m0", "code": "*888#"}, token=token))
    waits_for(lambda: len(told) == 2)
    assert {each.status for each in told} == {429}
    go.set()
    for thread in threads:
        thread.join()
    assert sorted(each.status for each in told) == [200, 200, 200, 429, 429]


def test_an_answer_is_kept_for_seconds_only(here, browser):
    now = [0.0]
    here.panel._once = once = Once(lambda: now[0])
    browser.post("/sms/measure", {"text": "kode 123"})
    assert once._last
    now[0] = LASTS_S
    browser.get("/account")
    assert not once._last
