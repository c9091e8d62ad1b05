"""Why a number takes the modem it takes, modem by modem (`otpb route`, the route explorer)."""

from otpbroker.dispatch.fleet import Fleet
from otpbroker.dispatch.router import Candidate, choose, plain
from otpbroker.errors import BrokerError
from otpbroker.msisdn import mask
from otpbroker.verbs.dispatch import RouteExplanation, RouteStep


def explain(msisdn: str, fleet: Fleet, routing: str, refusal: BrokerError | None) -> RouteExplanation:
    """`refusal` is why the number would get no SMS at all."""
    candidates = fleet.candidates()
    choice = choose(msisdn, candidates, "tariff" if routing == "tariff" else "prefix")
    steps = [_step(msisdn, fleet, candidate, candidate.id in choice.modems) for candidate in candidates]
    return RouteExplanation(
        msisdn=msisdn,
        msisdn_masked=mask(msisdn),
        routing=routing,
        modem=choice.modems[0] if choice.modems and not refusal else "",
        modems=list(choice.modems),
        key=choice.key,
        params=choice.params,
        refusal="" if refusal is None else refusal.key,
        refusal_params={} if refusal is None else refusal.params,
        steps=sorted(steps, key=lambda step: (not step.chosen, not step.eligible)),
    )


def _step(msisdn: str, fleet: Fleet, candidate: Candidate, chosen: bool) -> RouteStep:
    price = fleet.part_price(candidate.id, msisdn)
    reason = candidate.obstacle or ("route.chosen" if chosen else "route.not_chosen")
    return RouteStep(
        modem=candidate.id,
        name=fleet.settings[candidate.id].name,
        eligible=not candidate.obstacle,
        chosen=chosen,
        key=reason,
        params=candidate.params,
        price="" if price is None else plain(price),
    )
