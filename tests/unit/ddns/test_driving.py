"""A vendor that answers what it never should: nothing of it ends the service that asks."""

import itertools

from otpbroker.calling.caller import Caller
from otpbroker.calling.guard import Guard
from otpbroker.config.sections.ddns import CloudflareSection, DdnsRecord, DynuSection
from otpbroker.ddns import cloudflare, dynu
from otpbroker.ddns.driving import asking, drive, verdict
from otpbroker.ddns.exchange import Question, Told
from otpbroker.secrets import Secret

RECORD = DdnsRecord(name="otp", zone="example.com", record_name="otp")


def test_an_address_that_its_answer_makes_is_not_asked():
    def update():
        yield Question("GET", "https://vendor.example/zones/a b", {})

    said = verdict(update(), asking(Caller(Guard())))
    assert (said.kind, said.key, said.params) == ("retry", "ddns.not_understood", {"answer": "URL"})


def test_questions_without_an_end_are_given_up():
    asked = []

    def update():
        for number in itertools.count():
            yield Question("GET", f"https://vendor.example/{number}", {})

    said = verdict(update(), lambda question: asked.append(question) or Told(200, "{}"))
    assert (said.kind, said.key) == ("retry", "ddns.not_understood")
    assert len(asked) == 40


def test_what_was_made_without_an_id_is_not_understood():
    answers = iter(['{"success": true, "result": [{"id": "z"}]}', '{"success": true, "result": []}'])
    ask = lambda question: Told(200, next(answers, '{"success": true, "result": null}'))  # noqa: E731
    steps = cloudflare.update(RECORD, CloudflareSection(token=Secret("t")), "8.8.8.8")
    assert drive(steps, ask).kind == "done"  # the record is made; its number is of no use

    zones = iter(['{"success": true, "result": []}'])
    making = DdnsRecord(name="otp", zone="example.com", record_name="otp", force_create_zone=True)
    ask = lambda question: Told(200, next(zones, '{"success": true, "result": null}'))  # noqa: E731
    said = drive(cloudflare.update(making, CloudflareSection(token=Secret("t")), "8.8.8.8"), ask)
    assert (said.kind, said.key) == ("retry", "ddns.not_understood")


def test_a_record_without_a_number_is_none():
    def ask(question):
        if question.method == "POST":
            posted.append(question.url)
            return Told(200, '{"statusCode": 200}')
        if "getroot" in question.url:
            return Told(200, '{"statusCode": 200, "id": 7, "node": "otp"}')
        return Told(200, '{"statusCode": 200, "dnsRecords": [{"nodeName": "otp", "recordType": "A"}]}')

    posted = []
    said = drive(dynu.update(RECORD, DynuSection(api_version=2, api_key=Secret("k")), "8.8.8.8"), ask)
    assert said.kind == "done"
    assert posted == ["https://api.dynu.com/v2/dns/7/record"]


def test_an_answer_as_deep_as_the_sea_is_no_answer():
    steps = cloudflare.update(RECORD, CloudflareSection(token=Secret("t")), "8.8.8.8")
    said = drive(steps, lambda _: Told(200, '{"result": ' + "[" * 60_000))
    assert said.key == "ddns.not_understood"
