"""Senders to paste: whole programs for this device and one API user, in the languages that applications are written in.

Pure. Whatever a name or password holds stands in them as that language quotes it.
"""

import json
import re
import shlex
from collections.abc import Callable, Mapping
from typing import Final, Literal, NamedTuple

from otpbroker.config.sections.api import ApiSection
from otpbroker.panel.forgery import host_name

Task = Literal["sms", "mail", "otp"]
TASKS: Final[tuple[Task, ...]] = ("sms", "mail", "otp")
PLACEHOLDER: Final = "PASSWORD"
NUMBER: Final = "081234567890"
MAILBOX: Final = "nama@example.com"


class Sample(NamedTuple):
    """`name` is the language's, as people call it."""

    name: str
    text: str


def api_address(host: str, api: ApiSection, *, secure: bool = False) -> str:
    """Where the REST API is for who reached this panel under `host` (as the Host header has it), by HTTPS where he did
    (`secure`) and the API has it; empty where both of its ports are off.
    """
    name = host_name(host) or "127.0.0.1"
    name = f"[{name}]" if ":" in name else name
    if api.http_enabled and not (secure and api.https_enabled):
        return f"http://{name}:{api.http_port}"
    return f"https://{name}:{api.https_port}" if api.https_enabled else ""


def path_of(task: Task, api: ApiSection) -> str:
    return {"sms": api.message_path, "mail": api.mail_path, "otp": api.otp_path}[task]


def samples(
    address: str, path: str, user: str, password: str, task: Task = "sms", *, to: str = ""
) -> tuple[Sample, ...]:
    """Programs that do `task` at `address` (such as `http://192.168.0.11:8889`) for the receiver `to`."""
    values = {
        "url": address + path,
        "user": user,
        "password": password,
        "login": f"{user}:{password}",
        "to": to or (MAILBOX if task == "mail" else NUMBER),
    }
    values |= {f"json{at}": _json(body, values["to"]) for at, body in enumerate(_BODIES[task])}
    return tuple(
        Sample(name, _filled(frame.replace("«calls»", calls[task].strip()), quote, values))
        for name, frame, quote, calls in _LANGUAGES
    )


def _json(body: Mapping[str, object], to: str) -> str:
    return json.dumps(body, ensure_ascii=False).replace('"TO"', json.dumps(to, ensure_ascii=False))


def _filled(program: str, quote: Callable[[str], str], values: Mapping[str, str]) -> str:
    """`program` with its «names» replaced, all at once: what a value holds is never looked at again."""
    return re.sub("«([a-z0-9]+)»", lambda found: quote(values[found[1]]), program).strip() + "\n"


def _php(value: str) -> str:
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _javascript(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


_BODIES: Final[dict[Task, tuple[Mapping[str, object], ...]]] = {
    "sms": ({"command": "send-sms", "data": {"msisdn": "TO", "message": "OTP Anda 123456"}},),
    "mail": ({"command": "send-mail", "data": {"recipient": "TO", "subject": "OTP", "message": "OTP Anda 123456"}},),
    "otp": (
        {"command": "request-otp", "data": {"reference": "order-1", "receiver": "TO", "message": "OTP Anda %s"}},
        {"command": "verify-otp", "data": {"reference": "order-1", "receiver": "TO", "otp": "123456"}},
    ),
}

_CURL: Final = "curl -u «login» -H 'Content-Type: application/json' -d «json0» «url»"
_CURL_CALLS: Final = {
    "sms": _CURL,
    "mail": _CURL,
    "otp": f"{_CURL}\n\n{_CURL.replace('json0', 'json1')}",
}

_PHP_FRAME: Final = """
<?php
function otp_broker(string $command, array $data): array
{
    $request = [
        'method' => 'POST',
        'header' => [
            'Content-Type: application/json',
            'Authorization: Basic ' . base64_encode(«user» . ':' . «password»),
        ],
        'content' => json_encode(['command' => $command, 'data' => $data], JSON_THROW_ON_ERROR),
        'timeout' => 70,
        'ignore_errors' => true,
    ];
    $answer = file_get_contents(«url», false, stream_context_create(['http' => $request]));
    return json_decode($answer, true, flags: JSON_THROW_ON_ERROR);
}

«calls»
"""
_PHP_CALLS: Final = {
    "sms": """
$answer = otp_broker('send-sms', ['id' => uniqid(), 'msisdn' => «to», 'message' => 'OTP Anda 123456']);
echo json_encode($answer), "\\n";  // "response_code": "0000" = sent
""",
    "mail": """
$mail = ['id' => uniqid(), 'recipient' => «to», 'subject' => 'OTP', 'message' => 'OTP Anda 123456'];
echo json_encode(otp_broker('send-mail', $mail)), "\\n";  // "response_code": "0000" = sent
""",
    "otp": """
$order = ['reference' => uniqid(), 'receiver' => «to»];
echo json_encode(otp_broker('request-otp', $order + ['message' => 'OTP Anda %s'])), "\\n";
echo 'OTP? ';
echo json_encode(otp_broker('verify-otp', $order + ['otp' => trim(fgets(STDIN))])), "\\n";
""",
}

_PYTHON_FRAME: Final = """
import base64, json, urllib.error, urllib.request, uuid


def otp_broker(command, data):
    login = base64.b64encode((«user» + ':' + «password»).encode()).decode()
    request = urllib.request.Request(
        «url»,
        json.dumps({'command': command, 'data': data}).encode(),
        {'Content-Type': 'application/json', 'Authorization': 'Basic ' + login},
    )
    try:
        answer = urllib.request.urlopen(request, timeout=70)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        return json.load(answer)


«calls»
"""
_PYTHON_CALLS: Final = {
    "sms": """
answer = otp_broker('send-sms', {'id': str(uuid.uuid4()), 'msisdn': «to», 'message': 'OTP Anda 123456'})
print(json.dumps(answer))  # "response_code": "0000" = sent
""",
    "mail": """
mail = {'id': str(uuid.uuid4()), 'recipient': «to», 'subject': 'OTP', 'message': 'OTP Anda 123456'}
print(json.dumps(otp_broker('send-mail', mail)))  # "response_code": "0000" = sent
""",
    "otp": """
order = {'reference': str(uuid.uuid4()), 'receiver': «to»}
print(json.dumps(otp_broker('request-otp', {**order, 'message': 'OTP Anda %s'})), flush=True)
print(json.dumps(otp_broker('verify-otp', {**order, 'otp': input('OTP? ')})))
""",
}

_NODE_FRAME: Final = """
async function otpBroker(command, data) {
  const answer = await fetch(«url», {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Authorization: "Basic " + Buffer.from(«user» + ":" + «password»).toString("base64"),
    },
    body: JSON.stringify({ command, data }),
  });
  return answer.json();
}

(async () => {
  «calls»
})();
"""
_NODE_CALLS: Final = {
    "sms": """
const answer = await otpBroker("send-sms", { id: String(Date.now()), msisdn: «to», message: "OTP Anda 123456" });
  console.log(JSON.stringify(answer)); // "response_code": "0000" = sent
""",
    "mail": """
const mail = { id: String(Date.now()), recipient: «to», subject: "OTP", message: "OTP Anda 123456" };
  console.log(JSON.stringify(await otpBroker("send-mail", mail))); // "response_code": "0000" = sent
""",
    "otp": """
const { createInterface } = await import("node:readline/promises");
  const order = { reference: String(Date.now()), receiver: «to» };
  console.log(JSON.stringify(await otpBroker("request-otp", { ...order, message: "OTP Anda %s" })));
  const terminal = createInterface(process.stdin, process.stdout);
  const otp = await terminal.question("OTP? ");
  terminal.close();
  console.log(JSON.stringify(await otpBroker("verify-otp", { ...order, otp })));
""",
}

_LANGUAGES: Final = (
    ("curl", "«calls»", shlex.quote, _CURL_CALLS),
    ("PHP", _PHP_FRAME, _php, _PHP_CALLS),
    ("Python", _PYTHON_FRAME, repr, _PYTHON_CALLS),
    ("Node.js", _NODE_FRAME, _javascript, _NODE_CALLS),
)
