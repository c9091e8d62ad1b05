"""The calls that otpb-notifier makes, for the OpenAPI document: the same to a webhook and to a message's callback."""

from typing import Any, Final

import msgspec

from otpbroker.notifier.payload import Notification
from otpbroker.web.http import JSON

Json = dict[str, Any]
_SIGNED: Final = "`v1,` and the Base64 of an HMAC-SHA256 of `{webhook-id}.{webhook-timestamp}.{body}`"


def schemas(ref_template: str) -> Json:
    _, found = msgspec.json.schema_components([Notification], ref_template=ref_template)
    return found


def _header(name: str, description: str, *, required: bool = True, **schema: str) -> Json:
    return {"name": name, "in": "header", "required": required, "description": description, "schema": schema}


CALL: Final[Json] = {
    "post": {
        "summary": "An accepted message reached a state; never with its text",
        "parameters": [
            _header("webhook-id", "the same whenever this call is made again", type="string"),
            _header("webhook-timestamp", "Unix time of this attempt", type="integer"),
            _header("webhook-signature", _SIGNED, required=False, type="string", pattern="^v1,"),
        ],
        "requestBody": {
            "required": True,
            "content": {JSON: {"schema": {"$ref": f"#/components/schemas/{Notification.__name__}"}}},
        },
        "responses": {
            "2XX": {"description": "Taken, whatever the body says"},
            "410": {"description": "Call this webhook no more"},
            "default": {"description": "Call again later; `Retry-After` is obeyed, a redirect is not"},
        },
    }
}
