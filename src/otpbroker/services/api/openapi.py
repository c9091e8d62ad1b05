"""The OpenAPI 3.1 document of the API as it is configured now."""

from typing import Final

import msgspec

from otpbroker import __version__
from otpbroker.config.sections.api import ApiSection
from otpbroker.doors.results import MailResult, ModemListing, Msisdn, OtpResult, Refused, SmsResult, UssdResult
from otpbroker.envelope.reply import Reply
from otpbroker.services.api import call_schemas, request_schemas
from otpbroker.services.api.pages import Word
from otpbroker.services.api.request_schemas import Json
from otpbroker.services.api.status import PROBLEM_JSON, Problem
from otpbroker.web.http import JSON

_RETRY_AFTER: Final[Json] = {
    "Retry-After": {"description": "seconds until it may be tried again", "schema": {"type": "integer", "minimum": 1}}
}
_ASYNC_HEADERS: Final[Json] = {
    "Location": {"description": "where its state can be asked for", "schema": {"type": "string"}},
    "Preference-Applied": {"description": "respond-async where it was asked for", "schema": {"type": "string"}},
}
_REF: Final = "#/components/schemas/{name}"
_CHALLENGE: Final[Json] = {"WWW-Authenticate": {"schema": {"type": "string"}}}
_ALLOW: Final[Json] = {"Allow": {"schema": {"type": "string"}}}
_REFUSALS: Final[dict[str, tuple[str, Json]]] = {
    "400": ("Malformed JSON, an invalid field (1105) or an unknown command (1109)", {}),
    "401": ("No, unknown or wrong credentials (1100)", _CHALLENGE),
    "404": ("There is nothing at this address, or no such message of yours", {}),
    "405": ("The method is not allowed here", _ALLOW),
    "408": ("The request did not arrive in time", {}),
    "413": ("The request is larger than 16 KiB", {}),
    "422": ("The Idempotency-Key was used with other content", {}),
    "429": ("A limit is reached, or too many failed log-ins (1107)", _RETRY_AFTER),
    "500": ("An unexpected error in the device", {}),
    "501": ("A transfer coding that the device does not know", {}),
    "503": ("The queue is full, too many requests at once (1107), or the device is starting (1102)", _RETRY_AFTER),
}


def document(api: ApiSection) -> bytes:
    """The document for these settings, as JSON."""
    paths = {
        api.message_path: "Send SMS and e-mail",
        api.blocking_path: "Block a number",
        api.unblocking_path: "Unblock a number",
        api.mail_path: "Send e-mail",
        api.otp_path: "One-time passwords",
    }
    return msgspec.json.encode(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "OTP Broker",
                "version": __version__,
                "description": "The command in the body decides what is done; every command is taken at every path.",
            },
            "paths": {path: _command_path(title, path) for path, title in paths.items()} | _OTHER_PATHS,
            "webhooks": {"outcome": call_schemas.CALL},
            "components": {
                "schemas": _schemas(),
                "responses": _refusal_responses(),
                "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}},
            },
        }
    )


def _command_path(title: str, path: str) -> Json:
    refused = ("400", "401", "405", "408", "413", "422", "429", "500", "501", "503")
    operation = {
        "summary": title,
        "security": [{"basic": []}],
        "parameters": [
            _header("Idempotency-Key", {"type": "string", "pattern": "^[!-~]([ -~]{0,253}[!-~])?$"}),
            _header("Prefer", {"type": "string", "examples": ["respond-async"]}),
            _header("Accept-Language", {"type": "string", "examples": ["en", "id"]}),
        ],
        "requestBody": {"required": True, "content": {JSON: {"schema": _ref("Command")}}},
        "responses": {
            "200": {"description": "The answer; `response_code` says whether it succeeded", **_content("Reply")},
            "202": {"description": "Accepted for later", "headers": _ASYNC_HEADERS, **_content("Reply")},
            **_refusals(refused),
        },
        "callbacks": {"outcome": {"{$request.body#/data/callback}": call_schemas.CALL}},
    }
    name = path.strip("/").replace("/", "-")
    return {method: {**operation, "operationId": f"{method}-{name}"} for method in ("post", "put")}


def _header(name: str, schema: Json) -> Json:
    return {"name": name, "in": "header", "required": False, "schema": schema}


def _page(summary: str, answers: Json, **more: object) -> Json:
    return {"get": {"summary": summary, "responses": answers, **more}}


def _refusals(statuses: tuple[str, ...]) -> Json:
    return {status: {"$ref": f"#/components/responses/Refused{status}"} for status in statuses}


def _refusal_responses() -> Json:
    return {
        f"Refused{status}": {
            "description": description,
            "headers": headers,
            "content": {JSON: {"schema": _ref("Reply")}, PROBLEM_JSON: {"schema": _ref("Problem")}},
        }
        for status, (description, headers) in _REFUSALS.items()
    }


def _ref(name: str) -> Json:
    return {"$ref": _REF.format(name=name)}


def _content(schema: str, kind: str = JSON) -> Json:
    return {"content": {kind: {"schema": _ref(schema)}}}


_OTHER_PATHS: Final[Json] = {
    "/api/messages/{id}": _page(
        "The state of one of your own messages, never its text",
        {
            "200": {"description": "Its state", **_content("Reply")},
            **_refusals(("400", "401", "404", "405", "429", "503")),
        },
        security=[{"basic": []}],
        parameters=[
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "pattern": "^[0-9a-f]{24}$"}}
        ],
    ),
    "/healthz": _page("Whether the process answers", {"200": {"description": "It does", **_content("Word")}}),
    "/readyz": _page(
        "Whether a message could be sent now",
        {
            "200": {"description": "A modem can send", **_content("Word")},
            "503": {"description": "None can, `status` says why", **_content("Word")},
        },
    ),
    "/metrics": _page(
        "Counters for Prometheus",
        {"200": {"description": "Text", "content": {"text/plain": {"schema": {"type": "string"}}}}},
    ),
    "/openapi.json": _page(
        "This document", {"200": {"description": "OpenAPI 3.1", "content": {JSON: {"schema": {"type": "object"}}}}}
    ),
}


def _schemas() -> Json:
    """Replies come from the structs that are sent."""
    results = (SmsResult, MailResult, ModemListing, UssdResult, OtpResult, Msisdn, Refused)
    kinds = (Reply, Problem, *results, Word)
    _, schemas = msgspec.json.schema_components(kinds, ref_template=_REF)
    schemas["Reply"]["properties"]["data"] = {
        "anyOf": [_ref(kind.__name__) for kind in results] + [{"description": "of echo: what was sent"}]
    }
    schemas |= request_schemas.SCHEMAS | call_schemas.schemas(_REF)
    schemas["Command"] = {"anyOf": [_ref(name) for name in request_schemas.SCHEMAS]}
    return schemas
