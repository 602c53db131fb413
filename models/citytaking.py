"""Taking a paper of the city in: one act that writes what the paper is about, by the way of writing there is for it.

    assignment   the item is registered (or joins an earlier matter), the letter is kept as an incoming paper, and the
                 city's limit runs: `intake` and the act `record_assignment`; entry `take_city_paper`
    transfer     the same without a limit: `receive_paper`
    review       the act `record_city_review` of the key case, with the paper as its document
    supervision  the act `receive_supervision`, with the paper as its document
    calendar, overlay    what was reviewed counts: `shifts.apply`
    codes, units what was shown is laid over the code tables or the directory; entry `take_city_paper`
    notice       read; entry `take_city_paper`

That the paper is taken stands in the same entry as what was written for it: a power cut leaves both or neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import orjson

from models import candidates, citycodes, cityfacts, cityunits, clocks, errors, handling, intake, policy, shifts
from models.records import ItemDraft, PaperDraft, Registered, Staff

if TYPE_CHECKING:
    from models.act import Act
    from models.candidates import Candidate
    from models.citycodes import CodeChange
    from models.cityunits import UnitChange
    from models.register import Register

_RESULTS = {"approve": "approved", "return": "returned", "unsolved": "unsolved"}
"""Outcome of the city's review: code of the table case_review_result."""
_CURRENT = "SELECT id FROM key_case WHERE matter=? AND removed IS NULL ORDER BY entered_on DESC, id DESC LIMIT 1"
_REGISTER = frozenset({"REG", "PU", "CH", "DL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What the person adds to a paper that is taken in; see `CityPapers.take`."""

    draft: ItemDraft | None = None
    matter: int | None = None
    inputs: Mapping[str, Any] = field(default_factory=dict)
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What came of taking a paper in.

    Attributes:
        seq: Number of the journal entry.
        kind: Kind of the paper.
        matter: The matter that it led to or concerns; None for what concerns none.
        registered: Of an item: the numbers to read out.
        moved: Of a calendar: last days that moved; of codes and units: how many changed.
    """

    seq: int
    kind: str
    matter: int | None = None
    registered: Registered | None = None
    moved: int = 0


def draft_of(row: Mapping[str, Any], arrived_on: date, today: date) -> ItemDraft:
    """Return the registration form of an item, filled in with what the city wrote.

    Raises:
        InputError: The city's facts cannot be read; a newer program at the city may have written them.
    """
    content = orjson.loads(row["content"]) if row["content"] else {}
    on = date.fromisoformat(row["on_date"])
    draft = cityfacts.read_facts(content, received_on=min(on, arrived_on), today=max(today, on))
    return replace(
        draft,
        source_name=draft.source_name or row["organ"],
        source_number=draft.source_number or row["number"] or "",
        transferred_on=arrived_on,
        title=draft.title or row["title"],
    )


def candidate_of(register: Register, kind: str, content: Mapping[str, Any], on: date) -> Candidate:
    """Return what a calendar or overlay of the city would let count.

    Raises:
        InputError: It is neither, or cannot count here; names what.
    """
    if kind == "calendar":
        return candidates.new_calendar(register, orjson.dumps(content), str(content.get("year", "")))
    if kind == "overlay":
        from_on = clocks.read_day(str(content.get("from", "")), "from")
        name, text = (str(content.get(key) or "") for key in ("overlay", "text"))
        return candidates.new_overlay(register, name, max(from_on, on), on, text)
    raise errors.InputError("kind", "这份来文不是日历或者地方规定。", "The paper is neither a calendar nor an overlay.")


def changes_of(
    register: Register, kind: str, content: Mapping[str, Any]
) -> tuple[UnitChange, ...] | tuple[CodeChange, ...]:
    """Return what a unit directory or code tables would change.

    Raises:
        InputError: It is neither, or not of the form.
    """
    if kind == "units":
        return cityunits.difference(register, cityunits.read_units(content, kind))
    if kind == "codes":
        return citycodes.difference(register, citycodes.read_codes(content, kind))
    raise errors.InputError("kind", "这份来文不是单位名录或者代码表。", "The paper is neither units nor code tables.")


def take(
    register: Register, row: Mapping[str, Any], given: Given, arrived_on: date, *, by: Staff, at: datetime
) -> Taken:
    """Take a paper in that waits and that this person may take in (`CityPapers.take`)."""
    return _TAKING[row["kind"]](_Taking(register, row, given, arrived_on, by, at))


@dataclass(frozen=True, slots=True)
class _Taking:
    """What each way of taking gets to see."""

    register: Register
    row: Mapping[str, Any]
    given: Given
    arrived_on: date
    by: Staff
    at: datetime

    @property
    def on(self) -> date:
        """The local day of the act."""
        return self.at.astimezone().date()

    @property
    def content(self) -> dict[str, Any]:
        """What the paper encloses."""
        found: dict[str, Any] = orjson.loads(self.row["content"]) if self.row["content"] else {}
        return found

    def mark(self, act: Act, **columns: Any) -> None:
        """Write in the act that the paper is taken in."""
        act.set("city_paper", self.row["id"], taken_on=act.on, taken_by=self.by.id, **columns)

    def paper(self, kind: str) -> PaperDraft:
        """Return the paper as an incoming one of a matter."""
        row = self.row
        return PaperDraft(
            kind=kind,
            dated_on=min(date.fromisoformat(row["on_date"]), self.on),
            received_on=min(self.arrived_on, self.on),
            number=row["number"] or "",
            organ=row["organ"],
            told=row["body"] or row["title"],
        )


def _item(taking: _Taking, act_name: str, paper: str, inputs: Mapping[str, Any]) -> Taken:
    register, row, given = taking.register, taking.row, taking.given
    policy.require_role(taking.by, _REGISTER, "登记信访件", "register items")
    draft = given.draft or draft_of(row, taking.arrived_on, taking.on)
    if given.matter is not None:
        draft = replace(draft, repeat_of_matter=given.matter)
    draft = replace(draft, transferred_on=min(taking.arrived_on, taking.on))
    with register.act("take_city_paper", by=taking.by, at=taking.at) as act:
        done = intake.register_item(act, draft)
        ready = handling.prepare(
            register, done.matter, act_name, inputs, by=taking.by, at=taking.at, papers=(taking.paper(paper),)
        )
        handling.write(act, ready)
        taking.mark(act, result=done.matter, document=ready.step.papers[paper])
    return Taken(seq=register.seq, kind=row["kind"], matter=done.matter, registered=done)


def _assignment(taking: _Taking) -> Taken:
    on = max(min(taking.arrived_on, taking.on), _dated(taking))
    return _item(taking, "record_assignment", "assignment_in", {"limit_on": taking.row["limit_on"], "on": on})


def _transfer(taking: _Taking) -> Taken:
    return _item(taking, "receive_paper", "transfer_in", {})


def _step(taking: _Taking, name: str, paper: str, inputs: dict[str, Any]) -> Taken:
    register, row = taking.register, taking.row
    matter = int(row["matter"])
    values = {**inputs, **taking.given.inputs}
    ready = handling.prepare(
        register, matter, name, {key: value for key, value in values.items() if value not in (None, "")},
        by=taking.by, at=taking.at, papers=(taking.paper(paper),),
    )  # fmt: skip
    with register.act(name, by=taking.by, at=taking.at, matter=matter) as act:
        handling.write(act, ready)
        taking.mark(act, document=ready.step.papers[paper])
    return Taken(seq=register.seq, kind=row["kind"], matter=matter)


def _review(taking: _Taking) -> Taken:
    row = taking.row
    current = taking.register.row(_CURRENT, (row["matter"],))
    if current is None or current[0] != row["key_case"]:
        raise errors.RuleError(
            "市局评查的不是本事项现在的重点案件（已移出或重新列入）。请与市局核对；确无可登记的，可注明情况。",
            "The review is not of the key case that the matter is now (it was taken out, or entered anew). Ask the"
            " city; where nothing is to be entered, take note of the paper.",
        )
    inputs = {"result": _RESULTS.get(row["outcome"], row["outcome"]), "opinion": row["body"], "on": _dated(taking)}
    return _step(taking, "record_city_review", "city_review", inputs)


def _supervision(taking: _Taking) -> Taken:
    row = taking.row
    inputs = {"demand": row["body"], "due_on": row["limit_on"], "on": _dated(taking)}
    return _step(taking, "receive_supervision", "supervision_in", inputs)


def _dated(taking: _Taking) -> date:
    """Return the day of the paper: what it says counts from then on, however long the stick was on its way."""
    return min(date.fromisoformat(taking.row["on_date"]), taking.on)


def _law(taking: _Taking) -> Taken:
    register, row = taking.register, taking.row
    candidate = candidate_of(register, row["kind"], taking.content, taking.on)
    reviewed = shifts.difference(register, taking.by, candidate, taking.on)
    if taking.given.digest != reviewed.digest:
        raise errors.RuleError(
            f"采用之前须先核对：共 {len(reviewed.shifts)} 个期限变动，且须与核对时一致。请先查看期限变动再采用。",
            f"Look at it first: {len(reviewed.shifts)} last days would move, and what counts is what was reviewed."
            " Look at the difference, then take it in.",
        )
    moved = shifts.apply(register, reviewed, taking.by, taking.at, also=taking.mark)
    return Taken(seq=register.seq, kind=row["kind"], moved=moved)


def _codes(taking: _Taking) -> Taken:
    content = citycodes.read_codes(taking.content, "codes")
    with taking.register.act("take_city_paper", by=taking.by, at=taking.at) as act:
        changed = citycodes.lay(act, content)
        taking.mark(act)
    return Taken(seq=taking.register.seq, kind="codes", moved=changed)


def _units(taking: _Taking) -> Taken:
    content = cityunits.read_units(taking.content, "units")
    with taking.register.act("take_city_paper", by=taking.by, at=taking.at) as act:
        changed = cityunits.lay(act, content)
        taking.mark(act)
    return Taken(seq=taking.register.seq, kind="units", moved=changed)


def _notice(taking: _Taking) -> Taken:
    with taking.register.act("take_city_paper", by=taking.by, at=taking.at) as act:
        taking.mark(act)
    return Taken(seq=taking.register.seq, kind="notice")


_TAKING = {
    "assignment": _assignment,
    "transfer": _transfer,
    "review": _review,
    "supervision": _supervision,
    "calendar": _law,
    "overlay": _law,
    "codes": _codes,
    "units": _units,
    "notice": _notice,
}
