"""Repeat items: what to do with one that came in, the two matters side by side, and what was joined to a matter.

The working rule (domain reference, 10.4): several addressees at once - one is handled and told, the rest are filed;
still in time - the petitioner is told so; told before and nothing new - filed. New facts or reasons make it a matter of
its own. It is advice: the officer decides, and each repeat keeps its number and its date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Literal

from models import earlier, projections, sight
from models.clocks import clock_states
from models.comparison import Comparison, compare
from models.errors import InputError, Message
from models.hlc import wall_ms
from models.policy import visible_sql
from models.records import Staff, StoryLine

if TYPE_CHECKING:
    from models.register import Register

ARTICLE = Message("重复信访件办理规则", "working rule on repeat items")
AT_ONCE_DAYS = 3
"""Days between two items of one matter to different addressees that count as sent at once (project rule)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RepeatAdvice:
    """What to do with a repeat item: `code` first (no repeat), file, tell, remedy or screen; why; and the article."""

    code: Literal["first", "file", "tell", "remedy", "screen"]
    words: Message
    article: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SideBySide:
    """A matter beside the one that it may repeat: whether the person is the same and why, and both texts."""

    matter: int
    target: int
    same_person: bool
    reasons: tuple[Message, ...]
    texts: Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedItem:
    """An item of a matter that was joined to another one."""

    matter: int
    matter_number: str
    item_number: str
    channel: str
    received_on: date


def side_by_side(register: Register, matter: int, target: int, by: Staff) -> SideBySide:
    """Return what an officer reads before saying that one matter repeats the other.

    Raises:
        InputError: No such matter, one that this person may not know of, or the same one twice.
        NotAllowedError: Sealed, and the person is no reader.
    """
    row = sight.matter_for(register, matter, by)
    sight.matter_for(register, target, by)
    if matter == target:
        raise InputError(
            "earlier",
            "请选择另一个事项（重复信访件办理规则）。",
            "Choose another matter (working rule on repeat items).",
        )
    found = next(one for one in earlier.of_same_person(register, row, by, named=target) if one.matter == target)
    return SideBySide(
        matter=matter,
        target=target,
        same_person=found.same,
        reasons=found.reasons,
        texts=compare(register, matter, target),
    )


def joined_items(register: Register, matter: int, by: Staff) -> tuple[JoinedItem, ...]:
    """Return the items of the matters that were joined to a matter, oldest first; those seen in full only.

    Raises:
        InputError: No such matter, or one that this person may not know of.
        NotAllowedError: Sealed, and the person is no reader.
    """
    sight.matter_for(register, matter, by)
    return tuple(
        JoinedItem(
            matter=found[0],
            matter_number=found[1],
            item_number=found[2],
            channel=found[3],
            received_on=date.fromisoformat(found[4]),
        )
        for found in register.rows(
            "SELECT m.id, m.number, i.number, i.channel, i.received_on FROM matter m CROSS JOIN item i ON i.matter=m.id"
            f" WHERE m.joined=? AND i.cancelled IS NULL AND ({visible_sql(by)}) ORDER BY i.received_on, i.id",
            (matter,),
        )
    )


def joined_story(register: Register, matter: int, by: Staff) -> tuple[StoryLine, ...]:
    """Return, newest first, a line of the story for each item that was joined to a matter: when, by whom, which.

    Raises:
        InputError: No such matter, or one that this person may not know of.
        NotAllowedError: Sealed, and the person is no reader.
    """
    names = dict(register.rows("SELECT id, name FROM staff"))
    lines = []
    for one in reversed(joined_items(register, matter, by)):
        closed = register.row(
            "SELECT born, on_date, staff FROM event WHERE matter=? AND kind='closed' AND withdrawn IS NULL"
            " ORDER BY id DESC LIMIT 1",
            (one.matter,),
        )
        if closed is not None:
            lines.append(
                StoryLine(
                    at=datetime.fromtimestamp(wall_ms(closed[0]) / 1000, UTC),
                    actor=names.get(closed[2], ""),
                    act="join_matter",
                    detail=f"{one.matter_number} · {one.item_number} · {one.received_on}",
                    on_date=date.fromisoformat(closed[1]),
                )
            )
    return tuple(lines)


def repeat_advice(register: Register, matter: int, item: int, by: Staff, on: date) -> RepeatAdvice:
    """Return what the working rule says about an item of a matter.

    Args:
        register: The open register.
        matter: The matter.
        item: The item, one of the matter's or of one joined to it.
        by: The viewer.
        on: The day.

    Raises:
        InputError: No such matter or item, or one that this person may not know of.
        NotAllowedError: Sealed, and the person is no reader.
    """
    row = sight.matter_for(register, matter, by)
    items = _items(register, matter, by)
    found = next((one for one in items if one["id"] == item), None)
    if found is None:
        raise InputError(
            "item", f"本事项没有这个信访件：{item}。请核对。", f"The matter has no such item: {item}. Check it."
        )
    if found["id"] == items[0]["id"]:
        return _advice(
            "first", "这是初次信访件，应当甄别并书面告知", "This is the first item: it is screened and answered"
        )
    others = [one for one in items if one["id"] < found["id"]]
    at_once = _sent_at_once(found, others)
    if at_once is not None:
        return _advice(
            "file",
            f"同一内容同时写给多个收信人，已按 {at_once['number']} 办理和告知一件，本件存查",
            f"Sent to several addressees at once: {at_once['number']} is handled and told, this one is filed",
        )
    return _of_course(register, row, found, on)


def _items(register: Register, matter: int, by: Staff) -> list[dict[str, Any]]:
    """Return the items of a matter with those of the matters joined to it that the viewer sees, oldest first."""
    found = register.records("item", "matter=? AND cancelled IS NULL ORDER BY id", (matter,))
    ids = {one.matter for one in joined_items(register, matter, by)}
    for one in sorted(ids):
        found += register.records("item", "matter=? AND cancelled IS NULL ORDER BY id", (one,))
    return found


def _sent_at_once(item: dict[str, Any], others: list[dict[str, Any]]) -> dict[str, Any] | None:
    """Return an earlier item of the same days that was addressed to someone else."""
    day = date.fromisoformat(item["received_on"])
    for one in others:
        near = abs((day - date.fromisoformat(one["received_on"])).days) <= AT_ONCE_DAYS
        if near and item["addressee"] and one["addressee"] and item["addressee"] != one["addressee"]:
            return one
    return None


def _of_course(register: Register, row: dict[str, Any], item: dict[str, Any], on: date) -> RepeatAdvice:
    """Return the advice for a repeat by where its matter stands."""
    rules = projections.rules_of(row["rules"], row["received_on"], register.law.book)
    events = projections.events_of(register.connection, row["id"])
    states = [state for state in clock_states(rules, events, on=on, calendar=register.calendar) if state.running]
    running = next((state for state in states if state.clock in ("C2", "C8", "C8r")), None)
    told = register.row(
        "SELECT on_date FROM event WHERE matter=? AND kind='noticed' AND withdrawn IS NULL"
        " AND on_date<=? AND id<>(SELECT min(id) FROM event WHERE matter=?1 AND kind='noticed' AND withdrawn IS NULL)"
        " ORDER BY on_date DESC LIMIT 1",
        (row["id"], item["received_on"]),
    )
    if row["state"] in ("S1", "S2"):
        return _advice(
            "screen",
            "原事项尚未甄别，与原事项一并甄别、告知",
            "The earlier item is not screened yet: both are screened and answered together",
        )
    if running is not None and told is not None:
        return _advice(
            "file",
            f"已于 {told[0]} 告知正在办理，没有新的情况的，存查；有新的事实或理由的，另行登记办理",
            f"Told on {told[0]} that it is in hand: filed when nothing is new; new facts or reasons are entered anew",
        )
    if running is not None:
        until = f"（期限到 {running.due.last_on}）" if running.due else ""
        until_en = f" (until {running.due.last_on})" if running.due else ""
        return _advice(
            "tell",
            f"原事项正在办理期限内{until}，告知信访人正在办理",
            f"The matter is in hand and in time{until_en}: tell the petitioner so",
        )
    window = next((state for state in states if state.clock in ("C3", "C5")), None)
    if window is not None and window.due is not None:
        asks = ("申请复查", "ask for review") if window.clock == "C3" else ("申请复核", "ask for re-review")
        return _advice(
            "remedy",
            f"原事项已答复，告知信访人可在 {window.due.last_on} 前{asks[0]}",
            f"The matter is answered: tell the petitioner that until {window.due.last_on} one may {asks[1]}",
        )
    if told is not None or row["state"] in ("S13", "S3d"):
        return _advice(
            "file",
            "原事项已答复告知，没有新的事实和理由的，存查；有新的，另行登记办理",
            "The matter was answered and told: filed when nothing is new; new facts or reasons are registered anew",
        )
    return _advice("tell", "告知信访人原事项办理情况", "Tell the petitioner how the matter stands")


def _advice(code: Any, zh: str, en: str) -> RepeatAdvice:
    return RepeatAdvice(code=code, words=Message(f"{zh}。", f"{en}."), article=ARTICLE)
