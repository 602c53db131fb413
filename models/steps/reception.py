"""A leader's reception, as far as it touches a matter: its place on the docket, its number, the record.

The leader who receives hears the petitioner in person, has what is said written down in the petitioner's words and read
back, decides, and where it is not settled on the spot names a unit and a day (SC-431 Art. 10; MPS-79 Art. 6; REG-2022
Art. 18; police norm of 2005; domain reference, section 13). Who is complained of in a matter, or stands aside from it,
never receives it (REG-2022 Arts 28, 30). Every visit is registered: who comes again on a known matter brings an item
(REG-2022 Art. 22). Whom a leader invites or goes out to has agreed to it.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from models import errors, intake, joint
from models.act import Act
from models.reception import days, queue, turns
from models.records import ItemDraft
from models.steps import instructions
from models.steps.step import Check, Follow, Need, Step

_DUTY = (
    "《信访条例》第十条、《信访工作条例》第十八条；2005年公安机关局长接访要求",
    "SC-431 Art. 10, REG-2022 Art. 18; police norm of 2005",
)
_PLANNED = ("planned", "open")
_INSTRUCTION = ("unit", "what", "due_on")
_WAITING = ("waiting", "called")
COUNTER = frozenset({"REG", "PU"})
"""Roles that sit at the counter; beside them whoever receives, who may be alone when going out."""


# --- finding the day and the visit ------------------------------------------------------------------------------------


def _days_on(step: Step, on: date, *states: str) -> list[dict[str, Any]]:
    return [
        row
        for row in step.register.records("reception_day", "on_date=? ORDER BY from_time, id", (on.isoformat(),))
        if row["state"] in states
    ]


def _visits(step: Step, *states: str, on: date | None = None) -> list[dict[str, Any]]:
    """Return the matter's visits in these states, of the reception of a day when it is given, oldest first."""
    found = [visit for visit in step.rows("reception_visit") if visit["state"] in states]
    if on is None:
        return found
    today = {row["id"] for row in _days_on(step, on, "planned", "open", "closed")}
    return [visit for visit in found if visit["reception"] in today]


def _choose_day(step: Step, on: date) -> dict[str, Any]:
    """Return the reception of a day that is meant: of the leader named, or the only one, or the one of that time.

    Raises:
        RuleError: None is planned that day.
        MissingPartError: Several are, and which one is meant is not said.
    """
    found = _days_on(step, on, *_PLANNED)
    leader, slot = step.values.get("leader"), step.values.get("slot")
    if leader is not None:
        found = [row for row in found if leader in (row["leader"], row["substitute"])]
    if slot:
        fitting = [row for row in found if row["from_time"] <= slot < row["to_time"]]
        if found and not fitting:
            times = "、".join(f"{row['from_time']}—{row['to_time']}" for row in found)
            raise errors.InputError(
                "slot",
                f"{slot} 不在 {on} 的接访时间内（{times}）。",
                f"{slot} is not within the reception of {on} ({times}).",
            )
        found = fitting
    if not found:
        raise errors.RuleError(
            f"{on} 没有（这位领导的）接访安排：请先排定接访日（{_DUTY[0]}）。",
            f"No reception (by this leader) is planned on {on}: plan the day first ({_DUTY[1]}).",
        )
    if len(found) > 1:
        names = "、".join(
            f"{days.host(step.register, days.host_of(row)).name} {row['from_time']}—{row['to_time']}" for row in found
        )
        raise errors.MissingPartError(
            ("leader",),
            f"{on} 有 {len(found)} 场接访，须写明接访领导（或者时间）：{names}。",
            f"There are {len(found)} receptions on {on}: say by which leader, or at what time: {names}.",
        )
    return found[0]


def _waiting(step: Step) -> list[dict[str, Any]]:
    return _visits(step, *_WAITING, on=step.on)


def _recordless(step: Step) -> list[dict[str, Any]]:
    """Return the visits of the day of the step whose record was spoiled, as long as the day is not closed."""
    open_days = {row["id"] for row in _days_on(step, step.on, "open")}
    return [
        visit
        for visit in _visits(step, "received", on=step.on)
        if visit["reception"] in open_days
        and step.register.row("SELECT 1 FROM document WHERE id=? AND state='spoiled'", (visit["record"],))
    ]


def _to_receive(step: Step) -> list[dict[str, Any]]:
    """Return the visits of the day of the step for which a record is to be made: those who wait, else made anew."""
    return _waiting(step) or _recordless(step)


def _today(step: Step, find: Callable[[Step], list[dict[str, Any]]]) -> dict[str, Any]:
    """Return the visit of the day of the step that is meant.

    Raises:
        RuleError: There is none.
    """
    found = find(step)
    if found:
        return found[-1]
    raise errors.RuleError(
        f"本事项 {step.on} 没有候访：请先登记到场领号（{_DUTY[0]}）。",
        f"The matter does not wait on {step.on}: give it a number first ({_DUTY[1]}).",
    )


# --- booking ----------------------------------------------------------------------------------------------------------


def _check_book(step: Step) -> None:
    reception_on: date = step.values["reception_on"]
    if reception_on < step.on:
        raise errors.InputError(
            "reception_on",
            f"接访日 {reception_on} 已过，不能预约。",
            f"The reception of {reception_on} is past: nobody can be booked for it.",
        )
    if step.values.get("slot"):
        from models.reception.rules import time_of

        step.values["slot"] = time_of(step.values["slot"], "slot")
    row = _choose_day(step, reception_on)
    days.require_not_barred(step.register, step.id, days.host_of(row))
    if _visits(step, "booked", *_WAITING, "received", on=reception_on):
        raise errors.RuleError(
            f"本事项已在 {reception_on} 的接访日志上，不必再约（产品规则）。",
            f"The matter stands on the docket of {reception_on} already (project rule).",
        )
    slot = step.values.get("slot")
    taken = slot and step.register.row(
        "SELECT 1 FROM reception_visit WHERE reception=? AND slot=? AND state IN ('booked', 'waiting', 'called')"
        " AND removed IS NULL LIMIT 1",
        (row["id"], slot),
    )
    if taken:
        raise errors.InputError(
            "slot",
            f"{reception_on} {slot} 已有预约，请另选时间。",
            f"{slot} on {reception_on} is taken: choose another.",
        )
    step.values["reception"] = row["id"]


def _check_invite(step: Step) -> None:
    if not step.values["agreed"]:
        raise errors.RuleError(
            "约访、下访须经信访人同意：信访人不同意的，不作安排（部令第79号第六条；自愿，产品规则）。",
            "A leader invites or goes out only to a petitioner who agrees: this is offered, never imposed (MPS-79 Art."
            " 6; project rule).",
        )
    _check_book(step)


def _booking(kind: str) -> Follow:
    def follow(act: Act, step: Step) -> None:
        act.insert(
            "reception_visit",
            {
                "matter": step.id,
                "reception": step.values["reception"],
                "kind": kind,
                "slot": step.values.get("slot"),
                "booked_on": step.on,
                "state": "booked",
            },
        )

    return follow


def _booked(step: Step) -> dict[str, Any]:
    found = _visits(step, "booked", on=step.values.get("reception_on"))
    if len(found) == 1:
        return found[0]
    told = "、".join(
        str(days.row_of(step.register, visit["reception"])["on_date"]) for visit in _visits(step, "booked")
    )
    if not found:
        raise errors.InputError(
            "reception_on", f"那一天没有预约；预约在：{told}。", f"Nothing is booked on that day; booked: {told}."
        )
    raise errors.MissingPartError(
        ("reception_on",), f"有几次预约，须写明接访日：{told}。", f"Several are booked: say for which day: {told}."
    )


def _check_withdraw(step: Step) -> None:
    _booked(step)


def _follow_withdraw(act: Act, step: Step) -> None:
    act.set("reception_visit", _booked(step)["id"], state="withdrawn", reason=step.values["reason"])


# --- at the counter ---------------------------------------------------------------------------------------------------


def _check_arrive(step: Step) -> None:
    booked = [
        visit
        for visit in _visits(step, "booked", on=step.on)
        if days.row_of(step.register, visit["reception"])["state"] in _PLANNED
    ]
    row = days.row_of(step.register, booked[0]["reception"]) if booked else _choose_day(step, step.on)
    _require_counter(step, row)
    days.require_not_barred(step.register, step.id, days.host_of(row))
    _check_people(step)
    step.values["reception"] = row["id"]
    step.values["visit"] = booked[0]["id"] if booked else None


def _require_counter(step: Step, row: dict[str, Any]) -> None:
    """Refuse who neither sits at the counter nor receives: going out, who receives does the counter's part alone.

    Raises:
        NotAllowedError: names who may.
    """
    if step.by.roles & COUNTER or step.by.id == days.host_of(row):
        return
    name = days.host(step.register, days.host_of(row)).name
    raise errors.NotAllowedError(
        f"到场领号和未接先离由窗口（登记员、信访部门负责人）或者接访的{name}登记（{_DUTY[0]}；产品规则）。",
        f"Numbers, and who left unreceived, are entered at the counter or by {name}, who receives ({_DUTY[1]}; project"
        " rule).",
    )


def _check_people(step: Step) -> None:
    for field in ("people", "representatives"):
        number = step.values.get(field)
        if number is not None and number < 1:
            raise errors.InputError(
                field, f"人数须为 1 以上：{number}。", f"A number of people is 1 or more: {number}."
            )
    chosen = step.values.get("representatives") or 0
    if chosen:
        joint.refuse_too_many(step.rules, step.values.get("people"), chosen)


def _follow_arrive(act: Act, step: Step) -> None:
    """Give the number; register the visit as an item where none of that day is; let the leader read what is sealed."""
    row = days.row_of(step.register, step.values["reception"])
    came_at = queue.local_time(act.at) if act.on == step.on else None
    visit = step.values["visit"]
    booked = step.register.record("reception_visit", visit) if visit is not None else None
    item = None if booked is not None and booked["kind"] == "invited" else _item(act, step, row, came_at)
    columns = {
        "item": item,
        "turn": turns.next_turn(act.connection, act.register.device, row["id"]),
        "state": "waiting",
        "came_at": came_at,
    }
    if visit is not None:
        act.set("reception_visit", visit, **columns)
    else:
        fixed = {"matter": step.id, "reception": row["id"], "kind": "walk_in", "booked_on": step.on}
        act.insert("reception_visit", {**fixed, **columns})
    queue.let_read(act, step.id, days.host_of(row))


def _item(act: Act, step: Step, row: dict[str, Any], came_at: str | None) -> int:
    """Return the item of this visit: the one of the day that was registered at the counter, or a new one."""
    found = step.register.row(
        "SELECT id FROM item WHERE matter=? AND channel='visit' AND received_on=? AND cancelled IS NULL"
        " ORDER BY id DESC LIMIT 1",
        (step.id, step.on.isoformat()),
    )
    counted = {"people": step.values.get("people"), "representatives": step.values.get("representatives")}
    if found:
        given = {name: number for name, number in counted.items() if number is not None}
        act.set("item", found[0], reception=row["form"], **given)
        return int(found[0])
    draft = ItemDraft(
        channel="visit",
        received_on=step.on,
        received_at=came_at or "",
        title=step.matter["title"],
        reception=row["form"],
        people_count=counted["people"],
        representatives=counted["representatives"],
        repeat_of_matter=step.id,
    )
    return intake.register_item(act, draft).item


def _check_leave(step: Step) -> None:
    _require_counter(step, days.row_of(step.register, _today(step, _waiting)["reception"]))


def _follow_leave(act: Act, step: Step) -> None:
    ended = queue.local_time(act.at) if act.on == step.on else None
    act.set("reception_visit", _today(step, _waiting)["id"], state="left", ended_at=ended, reason=step.values["reason"])


# --- the reception itself ---------------------------------------------------------------------------------------------


def _check_receive(step: Step) -> None:
    visit = _today(step, _to_receive)
    row = days.row_of(step.register, visit["reception"])
    days.require_state(row, "open")
    host = int(visit["host"] or days.host_of(row))  # who received, even where a substitute took over since
    days.require_not_barred(step.register, step.id, host)
    name = days.host(step.register, host).name
    if step.by.id != host and instructions.RECORDER not in step.by.roles:
        raise errors.NotAllowedError(
            f"这场接访由{name}接访：记录由{name}本人或者信访部门负责人登记；换人接访须先指定替代领导（{_DUTY[0]}）。",
            f"{name} receives here: the record is entered by {name} or by the head of the petition unit; name a"
            f" substitute before somebody else receives ({_DUTY[1]}).",
        )
    values = step.values
    values["host"], values["visit"], values["of_item"] = host, visit["id"], visit["item"]
    values.setdefault("place", row["place"])
    values.setdefault("recorder", step.by.name)
    if not values["read_back"]:
        raise errors.MissingPartError(
            ("read_back",),
            f"接访记录须向信访人宣读或者交其阅看后才能登记（{_DUTY[0]}）。",
            f"The record is read back to the petitioner before it is entered ({_DUTY[1]}).",
        )
    if bool(values.get("signed")) == bool(values.get("unsigned")):
        raise errors.MissingPartError(
            ("signed", "unsigned"),
            f"接访记录由信访人签名；不签名的，写明原因，二者只填一项（{_DUTY[0]}）。",
            f"The petitioner signs the record, or the reason why not is noted; one of the two ({_DUTY[1]}).",
        )
    _check_outcome(step, visit)


def _check_outcome(step: Step, visit: dict[str, Any]) -> None:
    """Refuse an outcome without unit, demand and day; a record made anew tells what was instructed before."""
    instructed = step.rows("task", f"kind='instruction' AND visit={int(visit['id'])}")
    if instructed and not any(step.values.get(name) for name in _INSTRUCTION):
        before = instructed[-1]
        step.values |= {"unit": before["unit"], "what": before["what"], "due_on": date.fromisoformat(before["due_on"])}
    step.values["standing"] = any(
        (task["unit"], task["what"], task["due_on"])
        == (step.values.get("unit"), step.values.get("what"), str(step.values.get("due_on")))
        for task in instructed
    )
    if step.values["standing"]:
        return
    given = [name for name in _INSTRUCTION if step.values.get(name)]
    if step.values["outcome"] in queue.INSTRUCTED or given:
        missing = [name for name in _INSTRUCTION if name not in given]
        if missing:
            words = {
                "unit": ("责任单位", "unit"),
                "what": ("交办要求", "what it is to do"),
                "due_on": ("期限", "the day"),
            }
            zh, en = "、".join(words[name][0] for name in missing), ", ".join(words[name][1] for name in missing)
            raise errors.MissingPartError(
                tuple(missing),
                f"不能当场办结、答复的，当场明确责任单位、要求和期限，缺少：{zh}（{_DUTY[0]}）。",
                f"What is not settled on the spot gets a unit, a demand and a day there and then; missing: {en}"
                f" ({_DUTY[1]}).",
            )
        instructions.check(step)


def _follow_receive(act: Act, step: Step) -> None:
    values = step.values
    now = queue.local_time(act.at) if act.on == step.on else None
    visit = step.register.record("reception_visit", values["visit"]) or {}
    row = days.row_of(step.register, visit["reception"])
    act.set(
        "reception_visit",
        visit["id"],
        state="received",
        called_at=visit["called_at"] or now,
        ended_at=visit["ended_at"] or now,
        host=values["host"],
        outcome=values["outcome"],
        record=step.documents["reception_record"],
        read_back=True,
        signed=bool(values.get("signed")),
        unsigned=values.get("unsigned"),
    )
    if visit["item"]:
        act.set("item", visit["item"], on_the_spot=values["outcome"], reception=row["form"])
    queue.let_read(act, step.id, values["host"])
    for told in _told_before(step, visit):
        act.set("passage", told, removed="接访记录作废，重新记录")
    act.insert(
        "passage",
        {
            "matter": step.id,
            "item": visit["item"],
            "document": step.documents["reception_record"],
            "kind": "reception",
            "body": values["statement"],
        },
    )
    if values.get("unit") and not values["standing"]:
        instructions.give(act, step, leader=values["host"], visit=visit["id"])


def _told_before(step: Step, visit: dict[str, Any]) -> list[int]:
    """Return the statements of the record that this one takes the place of."""
    if visit["record"] is None:
        return []
    return [row["id"] for row in step.rows("passage", f"kind='reception' AND document={int(visit['record'])}")]


# --- conditions -------------------------------------------------------------------------------------------------------


def _need_planned(step: Step) -> errors.RuleError | None:
    ahead = step.register.row(
        "SELECT 1 FROM reception_day WHERE on_date>=? AND state IN ('planned', 'open') LIMIT 1", (step.on.isoformat(),)
    )
    if ahead:
        return None
    return errors.RuleError(
        f"今天以后没有排定的接访日：请先排定（{_DUTY[0]}）。",
        f"No reception is planned from today on: plan one first ({_DUTY[1]}).",
    )


def _need_today(step: Step) -> errors.RuleError | None:
    if not _days_on(step, step.on, *_PLANNED):
        return errors.RuleError(
            f"{step.on} 没有接访安排：到场领号在接访日办理（{_DUTY[0]}）。",
            f"There is no reception on {step.on}: numbers are given on a reception day ({_DUTY[1]}).",
        )
    if _visits(step, *_WAITING, "received", on=step.on):
        return errors.RuleError(
            f"本事项 {step.on} 已经领号（产品规则：一个事项一天一号）。",
            f"The matter has its number for {step.on} already (project rule: one a day).",
        )
    return None


def _needed(rows: Callable[[Step], list[dict[str, Any]]], zh: str, en: str) -> Need:
    def need(step: Step) -> errors.RuleError | None:
        return None if rows(step) else errors.RuleError(f"{zh}（{_DUTY[0]}）。", f"{en} ({_DUTY[1]}).")

    return need


_NOBODY_WAITS = (
    "本事项今天没有候访，接访前先登记到场领号",
    "The matter does not wait today: it is given a number before it is received",
)

CHECKS: dict[str, Check] = {
    "book_reception": _check_book,
    "invite_reception": _check_invite,
    "withdraw_booking": _check_withdraw,
    "arrive": _check_arrive,
    "leave_reception": _check_leave,
    "receive": _check_receive,
}
FOLLOW: dict[str, Follow] = {
    "book_reception": _booking("appointment"),
    "invite_reception": _booking("invited"),
    "withdraw_booking": _follow_withdraw,
    "arrive": _follow_arrive,
    "leave_reception": _follow_leave,
    "receive": _follow_receive,
}
NEEDS: dict[str, Need] = {
    "reception_planned": _need_planned,
    "reception_today": _need_today,
    "reception_booked": _needed(
        lambda step: _visits(step, "booked"), "本事项没有接访预约", "The matter is not booked for a reception"
    ),
    "reception_waiting": _needed(_waiting, *_NOBODY_WAITS),
    "reception_to_receive": _needed(_to_receive, *_NOBODY_WAITS),
}
