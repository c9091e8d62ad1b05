"""What the process counts, as Prometheus text (exposition format 0.0.4)."""

import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import accumulate
from typing import Final

from otpbroker.services.api.fleet import can_send
from otpbroker.verbs.dispatch import DispatchStatus
from otpbroker.verbs.feeders import FeederState
from otpbroker.verbs.mail import MailFacts

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"
BUCKETS_S: Final = (0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
_Sample = tuple[str, float]


class Metrics:
    """Counts of answered requests by HTTP status and response code, and how long they took."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests: Counter[tuple[int, str]] = Counter()
        self._buckets = [0] * (len(BUCKETS_S) + 1)
        self._seconds = 0.0

    def observe(self, status: int, code: str, seconds: float) -> None:
        with self._lock:
            self._requests[status, code] += 1
            self._buckets[bisect_left(BUCKETS_S, seconds)] += 1
            self._seconds += seconds

    def render(self, auth_failures: int, dispatch: DispatchStatus | None, mail: MailFacts | None) -> bytes:
        """All of it; `dispatch` and `mail` None where they cannot be reached."""
        with self._lock:
            requests, buckets, seconds = dict(self._requests), list(self._buckets), self._seconds
        lines = [
            *_family(
                "otpb_api_requests_total",
                "counter",
                "Answered requests by HTTP status and response code.",
                [(f'{{status="{status}",code="{code}"}}', n) for (status, code), n in sorted(requests.items())],
            ),
            *_histogram("otpb_api_request_seconds", "Time to answer.", buckets, seconds),
            *_family("otpb_api_auth_failures_total", "counter", "Refused credentials.", [("", auth_failures)]),
            *_family("otpb_dispatch_up", "gauge", "1 while dispatch answers.", [("", int(dispatch is not None))]),
            *_family("otpb_mail_up", "gauge", "1 while the mail service answers.", [("", int(mail is not None))]),
        ]
        if dispatch is not None:
            lines.extend(_of_dispatch(dispatch))
            lines.extend(_of_feeders(dispatch.feeders))
        if mail is not None:
            lines.extend(_of_mail(mail))
        return ("\n".join(lines) + "\n").encode()


def _of_dispatch(status: DispatchStatus) -> Iterator[str]:
    counters = status.counters
    yield from _family("otpb_queue_messages", "gauge", "Messages waiting for a modem.", [("", counters.queued)])
    yield from _family("otpb_in_flight_messages", "gauge", "Messages at a modem.", [("", counters.in_flight)])
    yield from _family("otpb_accepted_total", "counter", "Messages accepted.", [("", counters.accepted)])
    yield from _family(
        "otpb_messages_total",
        "counter",
        "Messages by final state.",
        [(f'{{state="{state}"}}', n) for state, n in sorted(counters.by_state.items())],
    )
    yield from _family(
        "otpb_modem_messages_total",
        "counter",
        "Messages by modem.",
        [(f'{{modem="{_escaped(modem)}"}}', n) for modem, n in sorted(counters.by_modem.items())],
    )
    yield from _family(
        "otpb_message_seconds",
        "summary",
        "Time from acceptance to outcome.",
        [("_sum", counters.latency_ms_sum / 1000), ("_count", counters.latency_count)],
    )
    yield from _family(
        "otpb_modem_ready",
        "gauge",
        "1 while the modem can send.",
        [
            (f'{{modem="{_escaped(modem.id)}",state="{_escaped(modem.state)}"}}', int(can_send(modem)))
            for modem in status.modems
        ],
    )
    yield from _family(
        "otpb_modem_signal_dbm",
        "gauge",
        "Signal strength.",
        [
            (f'{{modem="{_escaped(modem.id)}"}}', modem.signal_dbm)
            for modem in status.modems
            if modem.signal_dbm is not None
        ],
    )
    yield from _family("otpb_alarms", "gauge", "Alarms that need a hand.", [("", len(status.alarms))])


def _of_feeders(feeders: list[FeederState]) -> Iterator[str]:
    def each(value: Callable[[FeederState], float]) -> list[_Sample]:
        return [(f'{{feeder="{_escaped(feeder.feeder)}"}}', value(feeder)) for feeder in feeders]

    answered = [
        (f'{{feeder="{_escaped(feeder.feeder)}",code="{code}"}}', count)
        for feeder in feeders
        for code, count in sorted(feeder.answered.items())
    ]
    consuming = each(lambda feeder: int(feeder.state == "consuming"))
    yield from _family("otpb_feeder_consuming", "gauge", "1 while messages are taken.", consuming)
    yield from _family(
        "otpb_feeder_enabled",
        "gauge",
        "1 where switched on.",
        each(lambda f: int(f.state != "disabled")),
    )
    yield from _family("otpb_feeder_in_hand", "gauge", "Messages without an outcome.", each(lambda f: f.in_hand))
    yield from _family("otpb_feeder_held", "gauge", "Of them those that wait for a try.", each(lambda f: f.held))
    yield from _family("otpb_feeder_received_total", "counter", "Messages taken.", each(lambda f: f.received))
    yield from _family("otpb_feeder_answered_total", "counter", "Outcomes by response code.", answered)
    yield from _family("otpb_feeder_retried_total", "counter", "Further tries.", each(lambda f: f.retried))
    yield from _family("otpb_feeder_dead_total", "counter", "Messages put aside.", each(lambda f: f.dead))
    yield from _family("otpb_feeder_replies_total", "counter", "Replies sent.", each(lambda f: f.replies))
    yield from _family("otpb_feeder_replies_lost_total", "counter", "Replies lost.", each(lambda f: f.replies_lost))
    yield from _family("otpb_feeder_connected_total", "counter", "Connections made.", each(lambda f: f.connected))
    failed = each(lambda f: f.last_error_at or 0)
    yield from _family("otpb_feeder_last_error_timestamp_seconds", "gauge", "The last error, 0 for none.", failed)


def _of_mail(mail: MailFacts) -> Iterator[str]:
    routes = [*mail.accounts, *filter(None, [mail.direct])]
    label = {route.name: f'{{account="{_escaped(route.name)}"}}' for route in routes}
    sent = [(label[route.name], route.sent) for route in routes]
    yield from _family("otpb_mail_sent_total", "counter", "Mails that a server took.", sent)
    failed = [(label[route.name], route.failed) for route in routes]
    yield from _family("otpb_mail_failed_total", "counter", "Attempts that failed.", failed)
    today = [(label[account.name], account.sent_today) for account in mail.accounts]
    yield from _family("otpb_mail_sent_today", "gauge", "Mails of today, towards the quota.", today)
    ready = [(label[account.name], int(account.state == "ready")) for account in mail.accounts]
    yield from _family("otpb_mail_account_ready", "gauge", "1 while the account can send.", ready)
    states = [(f'{{state="{state}"}}', n) for state, n in sorted(mail.by_state.items())]
    yield from _family("otpb_mail_messages_total", "counter", "Mails by final state.", states)


def _family(name: str, kind: str, help_text: str, samples: Iterable[_Sample]) -> Iterator[str]:
    yield f"# HELP {name} {help_text}"
    yield f"# TYPE {name} {kind}"
    for suffix, value in samples:
        yield f"{name}{suffix} {value}"


def _histogram(name: str, help_text: str, buckets: list[int], seconds: float) -> Iterator[str]:
    counts = list(accumulate(buckets))
    bounds = [*(f"{bound:g}" for bound in BUCKETS_S), "+Inf"]
    samples: list[_Sample] = [(f'_bucket{{le="{bound}"}}', n) for bound, n in zip(bounds, counts, strict=True)]
    yield from _family(name, "histogram", help_text, [*samples, ("_sum", seconds), ("_count", counts[-1])])


def _escaped(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
