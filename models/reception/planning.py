"""Planning reception days: by rule or by hand, changed, cancelled, and received by a named substitute.

Who receives by the plan receives; an absent leader has a named substitute, which is recorded with the reason (domain
reference, section 13). At the reception place only the chief and the deputies receive; going out, inviting or by video
a leader may send a delegate (Seed A Art. 6: leader or delegate). Nobody names oneself a substitute: what the docket
hides from somebody must not come out by a refusal (REG-2022 Art. 30; project rule).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from models import codes, errors, policy
from models.reception import days, rules
from models.reception.records import Proposal

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

_FIELDS = {"form", "begin", "end", "place", "phone", "beside"}
_COLUMNS = {"begin": "from_time", "end": "to_time"}
_ANEW = "接访日已取消或者调整，另行安排接访"
_ANNOUNCED = frozenset({"on_date", "leader", "from_time", "to_time", "place", "form"})
"""Columns that the public notice prints: changed, the day needs a new notice."""


def propose(register: Register, by: Staff, frm: date, to: date) -> tuple[Proposal, ...]:
    """Return the days that the bureau's rules give in a period and that are not planned, nor cancelled, yet.

    Raises:
        InputError: A rule cannot be, or the period ends before it begins.
        RuleError: The bureau has set no rule.
        CalendarMissingError: The period leads into a year without a calendar.
    """
    policy.require_role(by, rules.PLANNERS, "排定接访日", "plan reception days")
    if to < frm:
        raise errors.InputError(
            "to", f"截止日 {to} 早于起始日 {frm}。", f"The period ends ({to}) before it begins ({frm})."
        )
    known = rules.of_register(register)
    if not known:
        raise errors.RuleError(
            f"本局还没有设定接访规则：请先设定（{rules.DUTY[0]}：领导应当定期接访）。",
            f"The bureau has set no rule of reception: set one first ({rules.DUTY[1]}: leaders receive regularly).",
        )
    planned = {(row["leader"], row["rule"] or "") for row in register.records("reception_day", "rule IS NOT NULL")} | {
        (row["leader"], row["on_date"]) for row in register.records("reception_day", "state<>'cancelled'")
    }
    found: dict[tuple[int, date], Proposal] = {}
    for rule in known:
        for nominal, on in rules.given_days(rule, frm, to, register.calendar):
            key = f"{rule.key}@{nominal}"
            if (rule.leader, key) in planned or (rule.leader, on.isoformat()) in planned:
                continue
            found.setdefault((rule.leader, on), _proposal(register, rule, nominal, on, key))
    return tuple(sorted(found.values(), key=lambda one: (one.on, one.begin, one.leader.id)))


def _proposal(register: Register, rule: rules.PlanRule, nominal: date, on: date, key: str) -> Proposal:
    return Proposal(
        on=on,
        nominal_on=nominal,
        leader=days.host(register, rule.leader),
        form=rule.form,
        begin=rule.begin,
        end=rule.end,
        place=rule.place,
        phone=rule.phone,
        beside=rule.beside,
        rule=key,
        words=rule.words,
    )


def plan_days(register: Register, proposals: Sequence[Proposal], *, by: Staff, at: datetime) -> tuple[int, ...]:
    """Plan days as proposed; returns their ids.

    Raises:
        InputError: One of them cannot be; nothing is planned then.
    """
    policy.require_role(by, rules.PLANNERS, "排定接访日", "plan reception days")
    planned = []
    with register.act("plan_receptions", by=by, at=at) as act:
        for one in proposals:
            row = {
                "on_date": one.on.isoformat(),
                "form": one.form,
                "from_time": one.begin,
                "to_time": one.end,
                "place": one.place,
                "phone": one.phone,
                "leader": one.leader.id,
                "beside": one.beside,
                "rule": one.rule,
                "state": "planned",
            }
            _check_fits(register, row)  # beside those that this very act has planned
            planned.append(act.insert("reception_day", row))
    return tuple(planned)


def add_day(register: Register, on: date, leader: int, more: Mapping[str, str], *, by: Staff, at: datetime) -> int:
    """Plan one day by hand; returns its id.

    Args:
        register: The open register.
        on: The day; a day that has passed may be entered, so that what was done going out can be recorded.
        leader: Who receives.
        more: form (fixed by default), begin, end, place, phone, beside.
        by: Who plans.
        at: Instant, aware.

    Raises:
        InputError: names the field.
        RuleError: At the reception place nobody but a leader receives, and not on a rest day.
    """
    policy.require_role(by, rules.PLANNERS, "排定接访日", "plan reception days")
    _check_names(more, _FIELDS)
    row = {"on_date": on.isoformat(), "leader": leader, "form": "fixed", "state": "planned"}
    row |= {_COLUMNS.get(name, name): str(value).strip() for name, value in more.items()}
    _check_fits(register, row)
    with register.act("plan_receptions", by=by, at=at) as act:
        return act.insert("reception_day", row)


def change_day(register: Register, reception: int, changes: Mapping[str, Any], *, by: Staff, at: datetime) -> None:
    """Change a planned day. What the public was told no longer holds then: the day waits for a new notice.

    Who was told another day or a time that is now outside is asked before; see `cancel_day` for a visit that who
    changes may not know of.

    Raises:
        InputError, RuleError: as for `add_day`; the day has begun, has ended or was cancelled; somebody is booked on
            the day or the time that would no longer hold.
    """
    policy.require_role(by, rules.PLANNERS, "调整接访日", "change reception days")
    row = days.row_of(register, reception)
    days.require_state(row, "planned")
    _check_names(changes, _FIELDS | {"on", "leader"})
    columns = {
        {"on": "on_date", **_COLUMNS}.get(name, name): value.isoformat() if isinstance(value, date) else value
        for name, value in changes.items()
    }
    _check_fits(register, {**row, **columns}, but=reception)
    leader = columns.get("leader", row["leader"])
    if leader != row["leader"] and row["substitute"] is None:
        _require_not_barred(register, reception, leader, by)
    moved = {name for name, value in columns.items() if row[name] != value}
    if moved & _ANNOUNCED and row["notice"]:
        columns["notice"] = None
    upset = _upset(register, {**row, **columns}, by, another_day="on_date" in moved)
    with register.act("change_reception", by=by, at=at) as act:
        for visit, state in upset:
            act.set("reception_visit", visit, state="withdrawn" if state == "booked" else "left", reason=_ANEW)
        act.set("reception_day", reception, **columns)


def _upset(register: Register, row: Mapping[str, Any], by: Staff, *, another_day: bool) -> list[tuple[int, str]]:
    """Return the visits that a change would upset and that the person may not know of; refuse where there are others.

    Raises:
        RuleError: Says how many visits must be arranged anew first.
    """
    upset = [
        (visit, state, known)
        for visit, state, slot, known in _standing(register, row["id"], by)
        if another_day or (slot and not row["from_time"] <= slot < row["to_time"])
    ]
    known = sum(known for _, _, known in upset)
    if known:
        raise errors.RuleError(
            f"有 {known} 件预约定在原来的日期或者时间，请先与信访人改约或者取消预约，再调整接访日"
            f"（{rules.DUTY[0]}；产品规则）。",
            f"{known} visits are booked for the day or time as it was: arrange them anew with the petitioners or"
            f" withdraw them, then change the day ({rules.DUTY[1]}; project rule).",
        )
    return [(visit, state) for visit, state, _ in upset]


def _standing(register: Register, reception: int, by: Staff) -> list[tuple[int, str, str | None, int]]:
    """Return the visits that stand on a day: id, state, time given, and whether the person may know of it."""
    return register.rows(
        f"SELECT v.id, v.state, v.slot, {policy.known_sql(by)} FROM reception_visit v CROSS JOIN matter m"
        f" ON m.id=v.matter WHERE v.reception=? AND v.removed IS NULL AND v.state IN {days.LIVE}",
        (reception,),
    )


def cancel_day(register: Register, reception: int, reason: str, *, by: Staff, at: datetime) -> None:
    """Cancel a planned day.

    A visit that who cancels may not know of stands in nobody's way: it is withdrawn, to be arranged anew, without a
    word about it (REG-2022 Art. 30).

    Raises:
        MissingPartError: No reason.
        RuleError: The day has begun or ended, or somebody is booked on it.
    """
    policy.require_role(by, rules.PLANNERS, "取消接访日", "cancel reception days")
    row = days.row_of(register, reception)
    days.require_state(row, "planned")
    _require_reason(reason, "取消接访日", "to cancel a reception day")
    booked = _standing(register, reception, by)
    known = sum(known for _, _, _, known in booked)
    if known:
        raise errors.RuleError(
            f"{row['on_date']} 的接访日还有 {known} 件预约或者候访，请先改约、取消预约或者指定替代领导"
            f"（{rules.DUTY[0]}；产品规则）。",
            f"{known} visits stand on the reception day of {row['on_date']}: move or withdraw them, or name a"
            f" substitute ({rules.DUTY[1]}; project rule).",
        )
    with register.act("cancel_reception", by=by, at=at) as act:
        for visit, state, _, _ in booked:
            act.set("reception_visit", visit, state="withdrawn" if state == "booked" else "left", reason=_ANEW)
        act.set("reception_day", reception, state="cancelled", cancelled=reason.strip())


def substitute(register: Register, reception: int, staff: int, reason: str, *, by: Staff, at: datetime) -> None:
    """Name the leader who receives in place of the absent one, before or on the day.

    Raises:
        MissingPartError: No reason.
        InputError: Not somebody who may receive, or the absent leader.
        NotAllowedError: Named by oneself, or by who has no part in the plan.
        RuleError: The day has ended, or they must not receive a matter on its docket.
    """
    policy.require_role(by, rules.PLANNERS, "指定替代领导", "name a substitute")
    row = days.row_of(register, reception)
    days.require_state(row, "planned", "open")
    _require_reason(reason, "指定替代领导", "to name a substitute")
    if staff == row["leader"]:
        raise errors.InputError(
            "staff",
            "替代领导不能就是缺席的领导本人：请指定另一位（产品规则）。",
            "The substitute cannot be the absent leader: name another one (project rule).",
        )
    _check_host(register, staff, row["form"])
    if staff == by.id:
        raise errors.NotAllowedError(
            "不能自己指定自己替代接访：由缺席的领导或者信访部门负责人指定（产品规则）。",
            "Nobody names oneself a substitute: the absent leader or the head of the petition unit does (project"
            " rule).",
        )
    _require_free(register, row, staff, reception, "staff")
    _require_not_barred(register, reception, staff, by)
    with register.act("substitute_leader", by=by, at=at) as act:
        act.set("reception_day", reception, substitute=staff, substitute_reason=reason.strip(), substituted_on=act.on)


def _require_not_barred(register: Register, reception: int, staff: int, by: Staff) -> None:
    """Refuse who must not receive a matter on the docket, as far as the person who asks sees these matters.

    Raises:
        RuleError: names the leader and the matters.
    """
    barred = days.barred_visits(register, reception, staff, by)
    if barred:
        name = register.staff()[staff].name
        raise errors.RuleError(
            f"{name}不得接访 {'、'.join(barred)}（被检举、被投诉或者须回避）：请另行指定（{days.BARRED[0]}）。",
            f"{name} must not receive {', '.join(barred)} (complained of, or recused): name another one"
            f" ({days.BARRED[1]}).",
        )


def set_portfolio(register: Register, staff: int, text: str, *, by: Staff, at: datetime) -> None:
    """Say what a leader is in charge of."""
    policy.require_role(by, rules.PLANNERS, "填写分管工作", "say what a leader is in charge of")
    known = register.staff().get(staff)
    if known is None or not known.roles & rules.HOSTS:
        raise errors.InputError("staff", f"不是在职的局领导：{staff}。", f"This is not the chief or a deputy: {staff}.")
    with register.act("set_portfolio", by=by, at=at) as act:
        act.set("staff", staff, portfolio=text.strip())


def _check_fits(register: Register, row: Mapping[str, Any], but: int = 0) -> None:
    if row["form"] not in codes.codes("reception"):
        raise errors.InputError("form", f"没有这种接访方式：{row['form']}。", f"There is no such form: {row['form']}.")
    try:
        on = date.fromisoformat(row["on_date"])
    except ValueError:
        raise errors.InputError(
            "on", f"不是有效日期：{row['on_date']}。", f"This is not a day: {row['on_date']}."
        ) from None
    begin, end = (
        rules.time_of(str(row.get("from_time") or ""), "begin"),
        rules.time_of(str(row.get("to_time") or ""), "end"),
    )
    if begin >= end:
        raise errors.InputError(
            "end", f"结束时间 {end} 须在开始时间 {begin} 之后。", f"It ends ({end}) before it begins ({begin})."
        )
    if not str(row.get("place") or "").strip():
        raise errors.MissingPartError(("place",), "缺少接访地点。", "The place of the reception is missing.")
    _check_host(register, row["leader"], row["form"])
    if row["form"] == "fixed" and not register.calendar.is_working(on):
        raise errors.RuleError(
            f"{on} 是休息日，不能定点接访：请改到工作日（{rules.DUTY[0]}；国务院关于职工工作时间的规定第七条）。",
            f"{on} is a rest day: no reception at the reception place; choose a working day ({rules.DUTY[1]}; State"
            " Council rule on working hours, Art. 7).",
        )
    _require_free(
        register, {**row, "from_time": begin, "to_time": end}, row.get("substitute") or row["leader"], but, "on"
    )


def _require_free(register: Register, row: Mapping[str, Any], staff: int, but: int, field: str) -> None:
    """Refuse that somebody receives at two places at one time.

    Raises:
        InputError: names the leader and the day.
    """
    taken = register.row(
        "SELECT 1 FROM reception_day WHERE on_date=? AND state<>'cancelled' AND id<>?"
        " AND coalesce(substitute, leader)=? AND from_time<? AND to_time>? LIMIT 1",
        (row["on_date"], but, staff, row["to_time"], row["from_time"]),
    )
    if taken:
        name = days.host(register, staff).name
        raise errors.InputError(
            field,
            f"{name} {row['on_date']} 的这段时间已有接访安排。",
            f"{name} receives already on {row['on_date']} at that time.",
        )


def _check_host(register: Register, staff: Any, form: str) -> None:
    known = register.staff().get(staff)
    wanted = rules.HOSTS if form == "fixed" else policy.WORKING_ROLES
    if known is not None and known.roles & wanted:
        return
    name = known.name if known else staff
    if form == "fixed":
        raise errors.InputError(
            "leader",
            f"定点接访须由局长或者分管局领导接访：{name}（{rules.DUTY[0]}）。",
            f"At the reception place the chief or a deputy receives: {name} ({rules.DUTY[1]}).",
        )
    raise errors.InputError("leader", f"不是在职人员：{name}。", f"This is nobody of the bureau: {name}.")


def _check_names(given: Mapping[str, Any], known: set[str]) -> None:
    odd = sorted(set(given) - known)
    if odd:
        raise errors.InputError(
            odd[0],
            f"接访日没有“{odd[0]}”这一项，可填：{'、'.join(sorted(known))}。",
            f"A reception day has no “{odd[0]}”; there are: {', '.join(sorted(known))}.",
        )


def _require_reason(reason: str, zh: str, en: str) -> None:
    if not reason.strip():
        raise errors.MissingPartError(
            ("reason",), f"{zh}须写明原因（产品规则）。", f"A reason is needed {en} (project rule)."
        )
