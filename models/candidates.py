"""What would count in a register: a calendar of one year, a local overlay from a day on, what a newer program brings.

A calendar file may be handed in by the keeper; it waits (setting `candidate.calendar.YEAR`) until the petition-unit
head has looked at what it would move (`models.shifts`). What a newer program brings waits by itself (`models.lawbook`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal

import orjson

from models import clocks, errors, lawbook, policy, projections
from models.clocks.candidate import read_candidate
from models.errors import Message
from models.records import Staff

if TYPE_CHECKING:
    from models.act import Act
    from models.register import Register

REVIEWERS = frozenset({"PU", "KEEPER"})
"""Roles that may hand in a calendar and look at a difference; only PU applies it."""
LOADED = "candidate.calendar."
"""Settings of calendars that were handed in and wait for review, by year."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What would count.

    Attributes:
        kind: `calendar`, `overlay`, or `rules` for what a newer program brings.
        name: Year, id of the overlay ('' for none), or the names of the changed files.
        cause: The notice or rule, as it is kept with each day that moved.
        content: What is stored when it is applied.
    """

    kind: Literal["calendar", "overlay", "rules"]
    name: str
    cause: Message
    content: Mapping[str, Any] = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What counts in a register.

    Attributes:
        years: Years with a calendar.
        overlay: Id of the local overlay that counts for matters received today, '' for none.
        overlays: Those that may be chosen: id and title.
    """

    years: tuple[int, ...]
    overlay: str
    overlays: tuple[tuple[str, Message], ...]


def standing(register: Register, on: date) -> Standing:
    """Return which calendars count, and which local overlay on a day."""
    return Standing(
        years=tuple(register.calendar.years),
        overlay=lawbook.overlay_on(register, on),
        overlays=tuple((file.id, file.title) for file in register.law.book.overlays()),
    )


def new_calendar(register: Register, data: bytes, name: str = "calendar") -> Candidate:
    """Return the candidate of a calendar file. Raises InputError (`models.clocks.candidate`)."""
    notice = read_candidate(data, register.calendar, name)
    return _calendar(orjson.loads(data.decode("utf-8-sig")), notice.titles[0])


def new_overlay(register: Register, name: str, from_on: date, on: date, text: str = "") -> Candidate:
    """Return the candidate of a local overlay.

    Args:
        register: The open register.
        name: `LOCAL-zhejiang` or `zhejiang`; '' for none.
        from_on: First day of receipt that it counts for.
        on: Today.
        text: Its rule file, where the program does not bring it.

    Raises:
        InputError: No such overlay, it counts already, or its day is past: matters received since keep their set.
    """
    file = _overlay(register, name, text)
    overlay = file.id if file else ""
    if from_on < on:
        raise errors.InputError(
            "from",
            f"地方规定只能自今天（{on}）或以后的日期起适用，不能自 {from_on} 起：已收到的事项保持收到时的规则。",
            f"A local overlay counts from today ({on}) or later, not from {from_on}: matters already received keep"
            " the rules of their day.",
        )
    if file is not None and not file.covers(from_on):
        raise errors.InputError("from", f"{file.id} 在 {from_on} 不施行。", f"{file.id} is not in force on {from_on}.")
    if lawbook.overlay_on(register, from_on) == overlay:
        raise errors.InputError(
            "overlay",
            f"自 {from_on} 起适用的地方规定已经是“{overlay or '无'}”。",
            f"The overlay from {from_on} on is “{overlay or 'none'}” already.",
        )
    cause = file.title if file else Message("不再适用地方规定", "no local overlay any more")
    content = {"overlay": overlay, "from": from_on.isoformat(), **({"text": text} if text else {})}
    return Candidate(kind="overlay", name=overlay, cause=cause, content=content)


def _overlay(register: Register, name: str, text: str) -> clocks.RuleFile | None:
    """Return the overlay of a name, or of a rule file that is not the program's own; None for no overlay."""
    if not text:
        return register.law.book.overlay(name) if name.strip() else None
    file = lawbook.read_overlay(text)
    known = register.setting(lawbook.ADDED + file.id)
    if known is not None and known != text:
        raise errors.InputError(
            "file",
            f"{file.id} 已经另有文本：规则的文本不改动，修改后的规定请用新的编号。",
            f"{file.id} has another text already: a rule's text never changes, an amended one takes a new id.",
        )
    return file


def pending(register: Register) -> tuple[Candidate, ...]:
    """Return what waits for review: calendars that were handed in, and what a newer program brings."""
    loaded = [
        _calendar(content, content["notices"][0])
        for name, content in register.settings().items()
        if name.startswith(LOADED) and content
    ]
    files = lawbook.changed_files(register.law)
    if not files:
        return tuple(loaded)
    names = ", ".join(files)
    cause = Message(f"程序更新带来的规则或日历：{names}", f"rules or calendars of a newer program: {names}")
    content = {"digest": lawbook.shipped().digest}
    return (*loaded, Candidate(kind="rules", name=names, cause=cause, content=content))


def _calendar(content: Mapping[str, Any], title: str) -> Candidate:
    return Candidate(kind="calendar", name=str(content["year"]), cause=Message(title, title), content=content)


def load(register: Register, data: bytes, by: Staff, at: datetime, name: str = "calendar") -> Candidate:
    """Hand in a calendar file for the petition-unit head to review; nothing moves by it.

    Raises:
        NotAllowedError: Neither petition-unit head nor keeper.
        InputError: The file (`models.clocks.candidate`).
    """
    from models.desk import put_setting

    policy.require_role(by, REVIEWERS, "提交节假日文件", "hand in a calendar")
    candidate = new_calendar(register, data, name)
    with register.act("load_calendar", by=by, at=at) as act:
        put_setting(act, LOADED + candidate.name, candidate.content)
    return candidate


def refuse_setting(name: str) -> None:
    """Refuse to change by hand a setting that moves last days: it is looked at first.

    Raises:
        InputError: Names the way to go.
    """
    if name.startswith(("calendar.", LOADED)):
        raise errors.InputError(
            "name",
            f"“{name}”会移动期限，不能直接更改。请用 calendar check 核对，再用 calendar apply 采用。",
            f"“{name}” moves last days and is not set by hand. Look at it with calendar check, then calendar apply.",
        )
    if name in (lawbook.FIRST_OVERLAY, lawbook.OVERLAYS) or name.startswith(lawbook.ADDED):
        raise errors.InputError(
            "name",
            f"“{name}”决定适用的规则，不能直接更改。请用 calendar overlay 核对并采用。",
            f"“{name}” says which rules count and is not set by hand. Use calendar overlay.",
        )


def store(act: Act, candidate: Candidate) -> None:
    """Let a candidate count, within an act; the clocks are worked out again at its end."""
    from models.desk import put_setting

    register = act.register
    if candidate.kind == "calendar":
        put_setting(act, f"calendar.{candidate.name}", candidate.content)
        if register.setting(LOADED + candidate.name):
            put_setting(act, LOADED + candidate.name, None)
    elif candidate.kind == "overlay":
        content = dict(candidate.content)
        text = content.pop("text", "")
        if text:
            put_setting(act, lawbook.ADDED + candidate.name, text)
        put_setting(act, lawbook.OVERLAYS, [*lawbook.overlays(register), content])
    else:
        lawbook.accept(act.connection)
        register.forget_law()
        open_ones = act.connection.execute("SELECT id FROM matter WHERE state<>'S13'").fetchall()
        act.recount({matter for (matter,) in open_ones} | set(projections.running_matters(act.connection)))


def is_new(register: Register, candidate: Candidate) -> bool:
    """Tell whether a candidate would change anything: applied once, it is not applied again."""
    if candidate.kind == "calendar":
        return bool(register.setting(f"calendar.{candidate.name}") != dict(candidate.content))
    if candidate.kind == "overlay":
        return lawbook.overlay_on(register, date.fromisoformat(candidate.content["from"])) != candidate.name
    return bool(candidate.content["digest"] == lawbook.shipped().digest != register.law.digest)
