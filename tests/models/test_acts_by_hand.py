"""The table of acts against a second reading of the law, typed by hand (`acts_by_hand.toml`).

Who may do what, from which state, with which letters out and papers in, on what conditions, and which dated facts it
leaves: a slip in `resources/acts` would be a rule of law changed by accident. What is only told to people (names,
articles, what is offered first) is left to other tests.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from models import acts, codes, policy
from models.records import Staff

BY_HAND: dict[str, dict[str, str]] = tomllib.loads(Path(__file__).with_name("acts_by_hand.toml").read_text("utf-8"))


def of_table(act: acts.Rule) -> dict[str, set[str]]:
    """Return an act of the table in the words of the hand-written one."""
    typed = {field.name + "!" * field.required for field in act.inputs}
    facts: set[str] = set()
    for event in act.events:
        more = [f"({key}={event[key]})" for key in ("on", "until", "days") if key in event]
        facts.add(event["kind"] + "".join(more) + "(paper)" * bool(event.get("paper")))
    found: dict[str, set[str]] = {
        "who": {"all"} if act.roles == policy.WORKING_ROLES else set(act.roles),
        "from": set(act.sources),
        "to": {{acts.IN_HAND: "hand"}.get(act.to, act.to)},
        "by": {to if code == "input" else f"{code}>{to}" for code, to in act.to_by.items()},
        "beside": {f"+{act.enters}" * bool(act.enters), f"-{act.leaves}" * bool(act.leaves)},
        "rules": {act.rules},
        "class": set(act.categories),
        "exits": {str(number) for number in act.exits},
        "out": {f"{kind}?{act.when[kind]}" if kind in act.when else kind for kind in act.documents},
        "out_2005": {act.document_2005},
        "rests_on": set(act.papers),
        "needs": set(act.needs),
        "after": set(act.after),
        "facts": facts,
        "typed": typed,
        "sets": {
            column + (str(value) if str(value).startswith("=") else f":{value}") for column, value in act.sets.items()
        },
        "runs": set(act.starts),
        "ends": set(act.ends),
    }
    return {key: words - {""} for key, words in found.items() if words - {""}}


def test_both_readings_know_the_same_acts() -> None:
    assert set(BY_HAND) == set(acts.table())


@pytest.mark.parametrize("name", list(acts.table()))
def test_an_act_is_what_it_was_read_to_be(name: str) -> None:
    act = acts.rule(name)
    by_hand = {key: set(words.split()) for key, words in BY_HAND[name].items()}
    assert of_table(act) == by_hand
    assert len(act.events) == len(by_hand.get("facts", ()))


def test_letters_go_out_in_the_order_in_which_they_were_read() -> None:
    """Under SC-431 the one of that regulation goes in place of the first."""
    for name, words in BY_HAND.items():
        letters = [kind.partition("?")[0] for kind in words.get("out", "").split()]
        assert list(acts.rule(name).documents_under("REG-2022")) == letters, name
        if "out_2005" in words:
            letters[0] = words["out_2005"]
        assert list(acts.rule(name).documents_under("SC-431")) == letters, name


def test_open_means_every_state_but_the_end() -> None:
    everyone = Staff(id=1, login="a", name="甲", unit=None, roles=policy.WORKING_ROLES)
    matter = {"category": "claim", "rules": "REG-2022", "exit": 6, "supervised": True}
    states = set(codes.codes("state")) - {"S14"}
    for name, words in BY_HAND.items():
        wanted = set(words["from"].split())
        may = states if "S14" in wanted else (states - {"S13"} if "open" in wanted else set()) | wanted & states
        if "class" in words and "claim" not in words["class"].split():
            may = set()
        found = {
            state for state in states if acts.refusal(acts.rule(name), {**matter, "state": state}, everyone) is None
        }
        assert found == may, name
