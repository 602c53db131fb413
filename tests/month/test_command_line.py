"""The written month on the command line: every matter, day by day, a register a bureau, with its hand-counted days.

What is done and what must come of it stands in the files; nothing is worked out here. A step that goes otherwise is
told with its matter and place, and the matter goes no further; the others go on.
"""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app import services
from app.commands import main
from models import codes, errors
from models.letters import bundle
from tests.month import read
from tests.month.bureau import KEEPER, PASSPHRASE, Bureau, as_text, filled, in_order

LETTER_NUMBER = re.compile(r"(.*〔\d{4}〕)(\d+)号")
_ITEM = {  # what comes in: option of `add`
    "channel": "--channel", "title": "--title", "text": "--text", "claims": "--claim", "names": "--name",
    "phone": "--phone", "id_number": "--id-number", "address": "--address", "accused": "--accused",
    "accused_units": "--accused-unit", "purpose": "--purpose", "source": "--source", "source_name": "--source-name",
    "source_number": "--source-number", "transferred_on": "--transferred-on", "people": "--people",
    "representatives": "--representatives", "received_on": "--received-on", "repeat_of": "--repeat-of",
}  # fmt: skip
_MARKS = {
    "anonymous": "--anonymous", "confidential": "--confidential", "address_unclear": "--address-unclear",
    "received_only": "--received-only",
}  # fmt: skip
_NOT_ASKED = frozenset({"day", "time", "who"})


@dataclass
class Month:
    """A bureau's month as it was lived on the command line."""

    bureau: Bureau
    faults: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    stopped: set[int] = field(default_factory=set)
    states: dict[int, list[str]] = field(default_factory=lambda: defaultdict(list))
    late: dict[str, list[tuple[int, str]]] = field(default_factory=dict)

    def call(self, *arguments: str, login: str) -> Result:
        """Give a command as somebody."""
        register = ["--register", str(self.bureau.path), "--as", login, "--lang", "zh"]
        return CliRunner().invoke(main, [*arguments, *register], env={"PETITION_DESK_PASSPHRASE": PASSPHRASE})

    def told(self, *arguments: str, login: str) -> Any:
        """Give a command that must succeed, and return what it tells."""
        result = self.call(*arguments, "--json", login=login)
        assert result.exit_code == 0, result.stderr or result.output or repr(result.exception)
        return json.loads(result.stdout)

    def page(self, matter: read.Matter, login: str = "xin") -> dict[str, Any]:
        """Return the page of a matter."""
        found: dict[str, Any] = self.told("show", self.bureau.numbers[matter.no], login=login)
        return found

    def live(self, matters: tuple[read.Matter, ...]) -> None:
        """Go through all that happens, day by day."""
        months = [one for one in read.counts() if one["register"] == self.bureau.name]
        looks = sorted(((one["to"], one) for one in months), key=lambda look: look[0])
        for matter, at in in_order(matters):
            day = matter.steps[at - 1].day if at else matter.item["day"]
            while looks and day > looks[0][0]:
                self._look(*looks.pop(0))
            if matter.no in self.stopped:
                continue
            try:
                if at == 0:
                    self._come_in(matter)
                else:
                    self._step(matter, matter.steps[at - 1])
            except (AssertionError, KeyError) as error:
                self.stopped.add(matter.no)
                step = matter.steps[at - 1] if at else None
                where = f"{step.day} {step.act} by {step.who}" if step else "coming in"
                self.faults[matter.no].append(f"step {at}, {where}: {error}")
        for last in looks:
            self._look(*last)

    def _look(self, day: date, wanted: dict[str, Any]) -> None:
        """Keep how many duties are late at the end of a month."""
        self.bureau.turn_to(day, "18:00")
        due = self.told("due", login="ju")
        names = {number: no for no, number in self.bureau.numbers.items()}
        self.late[wanted["name"]] = sorted(
            (names[one["number"]], one["clock"]) for one in due["results"] if one["group"] == "late"
        )

    def _come_in(self, matter: read.Matter) -> None:
        item = matter.item
        self.bureau.turn_to(item["day"], item.get("time", "08:30"))
        made = self._add(item)
        self.bureau.numbers[matter.no], self.bureau.queries[matter.no] = made["matter"], made["query_code"]
        found = self.page(matter)
        self.states[matter.no].append(found["matter"]["state"])
        assert found["matter"]["rules"] == matter.rules
        _same_cards(found, matter.first)

    def _add(self, item: dict[str, Any], repeat_of: str = "") -> dict[str, Any]:
        values = {"received_on": item.get("day"), **item, **({"repeat_of": repeat_of} if repeat_of else {})}
        options = []
        for name, value in values.items():
            if name in _MARKS:
                options += [_MARKS[name]] * bool(value)
            elif name not in _NOT_ASKED:
                for one in value if isinstance(value, list) else [value]:
                    options += [_ITEM[name], str(one)]
        made: dict[str, Any] = self.told("add", *options, login=item.get("who", "deng"))
        return made

    def _step(self, matter: read.Matter, step: read.Step) -> None:
        self.bureau.turn_to(step.day, step.time)
        number = self.bureau.numbers[matter.no]
        if step.act == "add":
            self._add({"who": step.who, "received_on": step.day, **step.inputs}, repeat_of=number)
        else:
            words = self._words(matter, step, number)
            before = self.bureau.seq
            result = self.call(*words, login=step.who)
            if step.refused:
                _refused(result, step.refused)
                assert self.bureau.seq == before, "something was written"
                return
            assert result.exit_code == 0, result.stderr or repr(result.exception)
        if step.to or step.cards:
            found = self.page(matter)
            if step.to:
                self.states[matter.no].append(found["matter"]["state"])
                assert found["matter"]["state"] == step.to
            _same_cards(found, step.cards)

    def _words(self, matter: read.Matter, step: read.Step, number: str) -> list[str]:
        if step.act == "look":
            return ["show", number]
        if step.act == "verb":
            return [str(word) for word in step.inputs["words"]]
        if step.act == "letter":
            typed = (f"{name}={value}" for name, value in step.letter.items())
            return ["letter", number, step.inputs["kind"], *typed]
        known = self._known(matter) if "'{" in repr((step.inputs, step.letter)) else {}
        inputs = filled(step.inputs, known)
        words = ["act", number, step.act, *(f"{name}={as_text(value)}" for name, value in inputs.items())]
        for name, value in filled(step.letter, known).items():
            words += ["--letter", f"{name}={value}"]
        for paper in step.papers:
            parts = {"dated_on": step.day, **paper}
            if parts.pop("scan", True):
                parts["file"] = self.bureau.scan
            words += ["--paper", ",".join(f"{name}={value}" for name, value in parts.items())]
        return words

    def _known(self, matter: read.Matter) -> dict[str, str]:
        found = self.page(matter)
        words = {str(no): number for no, number in self.bureau.numbers.items()}
        words["query"] = self.bureau.queries[matter.no]
        words |= {f"row:{name}": str(found["matter"][name]) for name in ("id",)}
        words |= {f"item:{at}": one["number"] for at, one in enumerate(found["items"], start=1)}
        words |= {f"person:{one['name']}": str(one["id"]) for one in found["people"]}
        for one in found["documents"]:
            words[f"number:{one['kind']}"] = one["number"]
            words[f"document:{one['kind']}"] = str(one["id"])
        for line in sorted(found["story"], key=lambda line: line["at"]):
            if line["entry"] and not line["reversed"]:
                words[f"entry:{line['act']}"] = line["entry"]
        return words


def _refused(result: Result, words: tuple[str, ...]) -> None:
    assert result.exit_code == 1, f"not refused: {result.output}{result.stderr}{result.exception!r}"
    told = result.stderr.strip()
    assert "\n" not in told
    missing = [word for word in words if word not in told]
    assert not missing, f"the refusal lacks {missing}: {told}"


def _same_cards(found: dict[str, Any], wanted: tuple[read.Count, ...]) -> None:
    cards = {(one["clock"], one["start_on"]): one for one in found["clocks"]}
    for count in wanted:
        card = cards.get((count.clock, count.start_on.isoformat()))
        assert card is not None, f"no card {count.clock} from {count.start_on}; there are {sorted(cards)}"
        told = (card["raw_end"], card["due"], card["missing_year"])
        by_hand = (
            count.raw_on and count.raw_on.isoformat(), count.last_on and count.last_on.isoformat(), count.missing_year
        )  # fmt: skip
        assert told == by_hand, f"{count.clock} from {count.start_on}: the card says {told}, by hand {by_hand}"


@pytest.fixture(scope="module")
def months(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return how to get a bureau's month, lived once."""
    lived: dict[str, Month] = {}
    before = errors.spoken()
    patch = pytest.MonkeyPatch()

    def of(name: str) -> Month:
        if name not in lived:
            month = lived[name] = Month(Bureau(name, tmp_path_factory.mktemp(name)))
            patch.setattr(services, "open_desk", month.bureau.open)
            month.live(read.matters(name))
        patch.setattr(services, "open_desk", lived[name].bureau.open)
        return lived[name]

    yield of
    patch.undo()
    errors.speak(before)


_ALL = [pytest.param(one, id=f"{one.no:02d}", marks=pytest.mark.xdist_group(one.register)) for one in read.matters()]
_EACH = [pytest.param(name, marks=pytest.mark.xdist_group(name)) for name in read.bureaus()]


@pytest.mark.parametrize("matter", _ALL)
def test_a_matter_goes_as_it_is_written(months: Any, matter: read.Matter) -> None:
    month: Month = months(matter.register)
    assert not month.faults[matter.no], "\n".join(month.faults[matter.no])
    found = month.page(matter)
    row = found["matter"]
    assert tuple(month.states[matter.no]) == matter.path
    assert (row["category"], {name: row[name] for name in matter.ends}) == (matter.category, filled(matter.ends, {}))
    came_in = {bundle.KEPT, *codes.codes("paper")}
    sent = [one["kind"] for one in found["documents"] if one["kind"] not in came_in]
    assert sent == matter.letters
    stand = {one["clock"]: f"{one['status']} {one['ended_on'] or ''}".strip() for one in found["clocks"]}
    assert {name: stand.get(name) for name in matter.clocks} == matter.clocks


@pytest.mark.parametrize("name", _EACH)
def test_the_register_is_proved_at_the_end(months: Any, name: str) -> None:
    month: Month = months(name)
    proved = month.told("verify", login=KEEPER)
    assert proved["verified"], proved
    assert len(proved["checks"]) >= 6


@pytest.mark.parametrize("name", _EACH)
def test_no_number_is_missing_or_stands_twice(months: Any, name: str) -> None:
    month: Month = months(name)
    letters: dict[str, list[int]] = defaultdict(list)
    years: dict[str, list[int]] = defaultdict(list)
    for matter in read.matters(name):
        found = month.page(matter)
        years[found["number"][:5]].append(int(found["number"][6:]))
        own = {one["number"] for one in found["items"]}
        for number in own:
            years[number[:5]].append(int(number[6:]))
        for one in found["documents"]:
            if one["kind"] in codes.codes("paper") or not one["number"] or one["number"] in own:
                continue
            parts = LETTER_NUMBER.fullmatch(one["number"])
            assert parts is not None, one
            letters[parts[1]].append(int(parts[2]))
    assert len(letters) > 1
    for series, numbers in (letters | years).items():
        assert sorted(numbers) == list(range(1, len(numbers) + 1)), series


@pytest.mark.parametrize(
    "wanted",
    [pytest.param(one, id=one["name"], marks=pytest.mark.xdist_group(one["register"])) for one in read.counts()],
)
def test_the_figures_of_a_month_are_those_counted_by_hand(months: Any, wanted: dict[str, Any]) -> None:
    month: Month = months(wanted["register"])
    span = ("--from", wanted["from"].isoformat(), "--to", wanted["to"].isoformat())
    received = month.told("list", *span, login="xin")["results"]
    assert Counter(one["category"] for one in received) == wanted["received"]
    assert len(received) == month.told("list", *span, login="xin")["total"]
    facts: Counter[str] = Counter()
    for matter in read.matters(wanted["register"]):
        events = [
            one for one in month.page(matter)["events"] if not one["withdrawn"] and span[1] <= one["on_date"] <= span[3]
        ]
        for kind in wanted["facts"]:
            facts[kind] += any(one["kind"] == kind for one in events)
    assert {kind: facts[kind] for kind in wanted["facts"]} == wanted["facts"]
    assert month.late[wanted["name"]] == [tuple(one) for one in wanted["late"]]
