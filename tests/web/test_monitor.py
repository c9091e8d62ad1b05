"""The monitor in a real browser: live, through restarts of what it shows, and without scripts."""

import os
import signal

from fakes.browser import View

PHONE = View(360)


def live(visitor):
    return visitor.page.locator("[data-when='live']")


def test_what_is_sent_is_shown_at_once_also_after_a_restart_of_dispatch(device, visit):
    visitor = visit(PHONE)
    visitor.open("/monitor")
    live(visitor).wait_for(state="visible")
    messages = visitor.page.locator("#live-messages")
    device.sms("081234567891", "one")
    messages.get_by_text("62812****891").wait_for()
    os.kill(device.pids()["dispatch"], signal.SIGKILL)
    visitor.page.locator("#live-alarms").get_by_text("dispatch").first.wait_for()
    device.until(lambda: device.sms("081234567892", "two").code == "0000")
    messages.get_by_text("62812****892").wait_for()
    assert live(visitor).is_visible()
    assert visitor.layout_faults() == []
    visitor.faultless()


def test_what_the_keyboard_is_in_stays_while_the_page_lives(device, visit):
    visitor = visit(PHONE)
    visitor.open("/monitor")
    live(visitor).wait_for(state="visible")
    card = visitor.page.locator("#live-modems a").first
    card.focus()
    device.sms("081234567893", "three")
    visitor.page.locator("#live-messages").get_by_text("62812****893").wait_for()
    visitor.page.wait_for_timeout(1500)  # the card's own news would come within a second
    assert card.evaluate("card => card === document.activeElement")


def test_who_signs_out_elsewhere_sees_it_no_longer(visit):
    visitor = visit(PHONE)
    visitor.open("/monitor")
    live(visitor).wait_for(state="visible")
    first, visitor.page = visitor.page, visitor.context.new_page()
    visitor.open("/panel")
    visitor.page.locator("form[action='/logout']").evaluate("form => form.submit()")
    first.wait_for_url("**/login*")


def test_without_scripts_the_page_loads_itself_anew(visit):
    visitor = visit(View(360, script=False))
    visitor.open("/monitor")
    assert visitor.page.locator("meta[http-equiv=refresh]").get_attribute("content") == "10"
    assert visitor.page.locator("main noscript .badge").is_visible()
    assert not live(visitor).is_visible()


def test_what_the_services_say_can_be_read_and_downloaded(device, visit):
    visitor = visit(PHONE)
    visitor.open("/logs?service=dispatch&q=ready")
    assert "ready" in visitor.text("ol.log")
    with visitor.page.expect_download() as download:
        visitor.page.get_by_text("Download these as text").click()
    assert "INFO dispatch: ready" in download.value.path().read_text()
    visitor.faultless()
