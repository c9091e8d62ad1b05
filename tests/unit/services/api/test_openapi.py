import json

from otpbroker.config.sections.api import ApiSection
from otpbroker.services.api import openapi

DOCUMENT = json.loads(openapi.document(ApiSection()))


def members(value):
    """Every object in it."""
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    for each in value if isinstance(value, list) else ():
        yield from members(each)


def test_every_reference_leads_somewhere():
    references = {each["$ref"] for each in members(DOCUMENT) if isinstance(each.get("$ref"), str)}
    assert references
    for reference in references:
        found = DOCUMENT
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]


def test_webhooks_and_callbacks_are_the_same_call():
    command = DOCUMENT["paths"]["/api/sms"]["post"]
    (callback,) = command["callbacks"]["outcome"].values()
    assert callback == DOCUMENT["webhooks"]["outcome"]
    told = DOCUMENT["components"]["schemas"]["MessageOutcome"]["properties"]
    assert {"state", "response_code", "msisdn", "message_id"} <= told.keys()
    assert not {"message", "text", "callback"} & told.keys()
