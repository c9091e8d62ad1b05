from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from otpbroker.dispatch.router import NOBODY, Candidate, Rotation, choose
from otpbroker.dispatch.tariff import Tariff


def tariffs(typed):
    return tuple(Tariff.parse(each) for each in typed.split(","))


# The customer's worked example: four operators, four SIM cards (SPEC §3).
FOUR_SIMS = [
    Candidate("sim1", ("62871", "62872"), tariffs=tariffs("62871:50,62872:50,*:350")),
    Candidate("sim2", ("62835", "62856", "62837"), tariffs=tariffs("62835:100,62856:100,62837:100,*:350")),
    Candidate("sim3", ("62845",), tariffs=tariffs("62845:60,*:250")),
    Candidate("sim4", ("62848", "62849"), default=True, tariffs=tariffs("62848:90,62849:90,*:200")),
]
ROUTES = {
    "62871": "sim1", "62872": "sim1", "62835": "sim2", "62856": "sim2", "62837": "sim2", "62845": "sim3",
    "62848": "sim4", "62849": "sim4", "62812": "sim4", "62899": "sim4", "65912": "sim4",
}  # fmt: skip


@pytest.mark.parametrize("routing", ["prefix", "tariff"])
@pytest.mark.parametrize(("prefix", "sim"), ROUTES.items())
def test_the_customers_four_sims(prefix, sim, routing):
    assert choose(prefix + "12345678", FOUR_SIMS, routing).modems == (sim,)


def test_the_longest_prefix_wins():
    candidates = [Candidate("a", ("62812",)), Candidate("b", ("628123", "62")), Candidate("c", ("62",))]
    assert choose("6281234567890", candidates).modems == ("b",)
    assert choose("6281299567890", candidates).modems == ("a",)
    choice = choose("6285594567890", candidates)
    assert (choice.modems, choice.key, choice.params) == (("b", "c"), "route.prefix", {"prefix": "62"})


@pytest.mark.parametrize(
    ("candidates", "modems", "key"),
    [
        ([Candidate("a", ("62871",)), Candidate("b", ("62872",), default=True)], ("b",), "route.default"),
        ([Candidate("a", ("62871",)), Candidate("b"), Candidate("c")], ("b", "c"), "route.no_prefix_list"),
        ([Candidate("a", ("62871",)), Candidate("b", ("62872",))], ("a", "b"), "route.any"),
        ([Candidate("a", ("62871",)), Candidate("b", default=True, obstacle="x")], ("a",), "route.any"),
        ([Candidate("a", ("62812",), obstacle="x"), Candidate("b")], ("b",), "route.no_prefix_list"),
        ([Candidate("a", obstacle="x")], (), "route.no_modem"),
        ([], (), "route.no_modem"),
    ],
)
def test_when_no_prefix_matches(candidates, modems, key):
    choice = choose("6281234567890", candidates)
    assert (choice.modems, choice.key) == (modems, key)


def test_price_ties_are_broken_by_prefix_list_then_default():
    same = tariffs("*:100")
    plain, listed = Candidate("a", tariffs=same), Candidate("b", ("62812",), tariffs=same)
    default = Candidate("c", default=True, tariffs=same)
    assert choose("6281234567890", [plain, listed, default], "tariff").modems == ("b",)
    assert choose("6285534567890", [plain, listed, default], "tariff").modems == ("c",)
    assert choose("6285534567890", [plain, listed], "tariff").modems == ("a", "b")


def test_a_modem_without_a_price_is_the_last_resort():
    priced, silent = Candidate("a", tariffs=tariffs("62871:50")), Candidate("b", ("62871",))
    assert choose("6287112345678", [priced, silent], "tariff").modems == ("a",)
    assert choose("6281234567890", [priced, silent], "tariff").modems == ("a",)  # by prefix rules: no list
    assert choose("6287112345678", [silent], "tariff").key == "route.prefix"


def test_a_promotional_price_turns_the_route():
    def route(sent):
        promo = Candidate("promo", tariffs=tariffs("*:300,*:10@51"), sent_today=sent)
        choice = choose("6281234567890", [promo, Candidate("flat", tariffs=tariffs("*:200"))], "tariff")
        return choice.modems, choice.params["price"]

    assert [route(sent) for sent in (0, 49, 50)] == [(("flat",), "200"), (("flat",), "200"), (("promo",), "10")]


prefixes = st.lists(st.sampled_from(["62", "62812", "628123", "62871", "65"]), max_size=3, unique=True)
prices = st.lists(st.sampled_from(["62812:50", "*:350", "62871:10@5", "*:20@3", "628:49.5"]), max_size=3, unique=True)
fleets = st.lists(
    st.builds(
        lambda listed, default, priced, sent, obstacle: Candidate(
            "", tuple(listed), default, tuple(map(Tariff.parse, priced)), sent, obstacle
        ),
        prefixes,
        st.booleans(),
        prices,
        st.integers(0, 6),
        st.sampled_from(["", "", "route.inactive"]),
    ),
    max_size=6,
).map(lambda fleet: [Candidate(f"m{n}", *_facts(one)) for n, one in enumerate(fleet)])
numbers = st.sampled_from(["6281234567890", "6281299567890", "6287112345678", "6590123456", "4915112345678"])


def _facts(one):
    return one.prefixes, one.default, one.tariffs, one.sent_today, one.obstacle


@given(numbers, fleets, st.sampled_from(["prefix", "tariff"]))
def test_exactly_one_set_of_eligible_modems(msisdn, fleet, routing):
    choice = choose(msisdn, fleet, routing)
    eligible = {candidate.id for candidate in fleet if not candidate.obstacle}
    assert set(choice.modems) <= eligible
    assert bool(choice.modems) == bool(eligible)
    assert len(set(choice.modems)) == len(choice.modems)
    assert eligible or choice == NOBODY


@given(numbers, fleets, st.sampled_from(["prefix", "tariff"]), st.data())
def test_failover_never_returns_to_a_failed_modem(msisdn, fleet, routing, data):
    left = list(fleet)
    tried = []
    while chosen := choose(msisdn, left, routing).modems:
        tried.append(data.draw(st.sampled_from(chosen)))
        left = [candidate for candidate in left if candidate.id not in tried]
    assert sorted(tried) == sorted(candidate.id for candidate in fleet if not candidate.obstacle)


@given(st.integers(1, 8), st.integers(0, 100))
def test_turns_are_fair_while_all_are_free(modems, messages):
    rotation, chosen = Rotation(), tuple(f"m{n}" for n in range(modems))
    taken = Counter(dict.fromkeys(chosen, 0))
    taken.update(rotation.pick(chosen, set(chosen)) for _ in range(messages))
    assert sum(taken.values()) == messages
    assert max(taken.values()) - min(taken.values()) <= 1


@given(st.integers(1, 6), st.lists(st.sets(st.integers(0, 5)), max_size=40))
def test_only_a_free_modem_takes_a_turn(modems, frees):
    rotation, chosen = Rotation(), tuple(f"m{n}" for n in range(modems))
    for numbers_free in frees:
        free = {f"m{n}" for n in numbers_free}
        picked = rotation.pick(chosen, free)
        assert picked in free & set(chosen) if free & set(chosen) else picked is None
