"""The reception days: planned by rule or by hand, changed, cancelled, and received by a named substitute.

Who receives by the plan receives; an absent leader has a named substitute, which is recorded with the reason (domain
reference, section 13). At the reception place only the chief and the deputies receive; going out, inviting or by video
a leader may send a delegate (Seed A Art. 6: leader or delegate). Nobody names oneself a substitute: what the docket
hides from somebody must not come out by a refusal (REG-2022 Art. 30; project rule).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from models import codes, errors, policy, projections
from models.reception import rules
from models.reception.records import Host, Proposal, ReceptionDay

if TYPE_CHECKING:
    from models.records import Staff
    from models.register import Register

NOTICE_DAYS = 2
"""Days before the day by which the public notice is out; setting `reception.notice_days` (a district rule)."""

ANNOUNCED = ("fixed", "video")
"""Forms that the public may come to."""

LIVE = ("booked", "waiting", "called")
"""States of a visit that still asks for something."""

BARRED = ("《信访工作条例》第三十条、《公安机关信访工作规定》第十条、第十一条", "REG-2022 Art. 30, MPS-79 Arts 10, 11")

_FIELDS = {"form", "begin", "end", "place", "phone", "beside"}
_COLUMNS = {"begin": "from_time", "end": "to_time"}
_ANNOUNCED = frozenset({"on_date", "leader", "from_time", "to_time", "place", "form"})
"""Columns that the public notice prints: changed, the day needs a new notice."""


# --- reading ----------------------------------------------------------------------------------------------------------


def days(register: Register, by: Staff, frm: date, to: date, *, on: date) -> tuple[ReceptionDay, ...]:
    """Return the reception days of a period, both ends included, oldest first; cancelled ones too.

    Args:
        register: The open register.
        by: Who asks; the counts leave out matters that they may not know of.
        frm: First day.
        to: Last day.
        on: Today: a notice that has not gone out is late from the day after its last day.
    """
    _check_reader(by)
    rows = register.records(
        "reception_day", "on_date BETWEEN ? AND ? ORDER BY on_date, from_time, id", (frm.isoformat(), to.isoformat())
    )
    return tuple(_record(register, row, by, on) for row in rows)


def day(register: Register, by: Staff, reception: int, *, on: date) -> ReceptionDay:
    """Return one reception day; raises InputError when there is none."""
    _check_reader(by)
    return _record(register, row_of(register, reception), by, on)


def row_of(register: Register, reception: int) -> dict[str, Any]:
    """Return the row of a reception day.

    Raises:
        InputError: There is none.
    """
    row = register.record("reception_day", reception)
    if row is None:
        raise errors.InputError(
            "reception", f"没有这个接访日：{reception}。", f"There is no such reception day: {reception}."
        )
    return row


def host_of(row: Mapping[str, Any]) -> int:
    """Return who receives in fact on a day."""
    return int(row["substitute"] or row["leader"])


def leaders(register: Register) -> tuple[Host, ...]:
    """Return the chief and the deputies, the chief first."""
    found = sorted(
        (staff for staff in register.staff().values() if staff.roles & rules.HOSTS),
        key=lambda staff: ("CH" not in staff.roles, staff.id),
    )
    return tuple(host(register, staff.id) for staff in found)


def host(register: Register, staff: int) -> Host:
    """Return a leader as the notice names them; who has left the bureau keeps the name on old days."""
    row = register.row("SELECT name, post, portfolio FROM staff WHERE id=?", (staff,))
    name, post, portfolio = row or ("", "", "")
    return Host(id=staff, name=name, post=post or "", portfolio=portfolio or "")


def _record(register: Register, row: Mapping[str, Any], by: Staff, on: date) -> ReceptionDay:
    known = policy.known_sql(by)
    counts = register.rows(
        "SELECT v.state, count(*) FROM reception_visit v CROSS JOIN matter m ON m.id=v.matter WHERE v.reception=?"
        f" AND v.removed IS NULL AND {known} GROUP BY v.state",
        (row["id"],),
    )
    notice = register.record("office_document", row["notice"]) if row["notice"] else None
    notice = None if notice is not None and notice["spoiled"] else notice
    notice_on = date.fromisoformat(notice["dated_on"]) if notice else None
    due = notice_due(register, date.fromisoformat(row["on_date"]))
    return ReceptionDay(
        id=row["id"],
        on=date.fromisoformat(row["on_date"]),
        form=row["form"],
        begin=row["from_time"],
        end=row["to_time"],
        place=row["place"],
        phone=row["phone"] or "",
        beside=row["beside"] or "",
        leader=host(register, row["leader"]),
        host=host(register, host_of(row)),
        substitute=host(register, row["substitute"]) if row["substitute"] else None,
        substitute_reason=row["substitute_reason"] or "",
        substituted_on=date.fromisoformat(row["substituted_on"]) if row["substituted_on"] else None,
        rule=rules.words_of(row["rule"] or ""),
        state=row["state"],
        opened_at=row["opened_at"] or "",
        closed_at=row["closed_at"] or "",
        cancelled=row["cancelled"] or "",
        counts=dict(counts),
        notice=notice["id"] if notice else None,
        notice_on=notice_on,
        notice_due_on=due if row["form"] in ANNOUNCED else None,
        notice_late=row["form"] in ANNOUNCED and row["state"] != "cancelled" and (notice_on or on) > due,
        docket=row["docket"],
        barred=barred_visits(register, row["id"], host_of(row), by),
    )


def notice_due(register: Register, on: date) -> date:
    """Return the last day on which the public notice of a reception day goes out in time."""
    return on - timedelta(days=int(register.setting("reception.notice_days", NOTICE_DAYS)))


def barred_visits(register: Register, reception: int, staff: int, by: Staff) -> tuple[str, ...]:
    """Return the numbers of matters waiting on a day that `staff` must not receive, of those `by` sees in full.

    Who sees only the outline of a sealed matter must not learn from this whom it accuses.
    """
    return tuple(
        number
        for (number,) in register.rows(
            "SELECT m.number FROM reception_visit v CROSS JOIN matter m ON m.id=v.matter WHERE v.reception=?"
            f" AND v.removed IS NULL AND v.state IN {LIVE} AND {policy.visible_sql(by)}"
            " AND EXISTS(SELECT 1 FROM bar b WHERE b.staff=? AND b.matter=m.id) ORDER BY v.id",
            (reception, staff),
        )
    )


def _check_reader(by: Staff) -> None:
    policy.require_role(by, policy.WORKING_ROLES, "查看接访安排", "see the reception days")


# --- planning ---------------------------------------------------------------------------------------------------------


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
        leader=host(register, rule.leader),
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

    Raises:
        InputError, RuleError: as for `add_day`; the day has begun, has ended or was cancelled.
    """
    policy.require_role(by, rules.PLANNERS, "调整接访日", "change reception days")
    row = row_of(register, reception)
    require_state(row, "planned")
    _check_names(changes, _FIELDS | {"on", "leader"})
    columns = {
        {"on": "on_date", **_COLUMNS}.get(name, name): value.isoformat() if isinstance(value, date) else value
        for name, value in changes.items()
    }
    _check_fits(register, {**row, **columns}, but=reception)
    moved = {name for name, value in columns.items() if row[name] != value}
    if moved & _ANNOUNCED and row["notice"]:
        columns["notice"] = None
    with register.act("change_reception", by=by, at=at) as act:
        act.set("reception_day", reception, **columns)


def cancel_day(register: Register, reception: int, reason: str, *, by: Staff, at: datetime) -> None:
    """Cancel a planned day.

    Raises:
        MissingPartError: No reason.
        RuleError: The day has begun or ended, or somebody is booked on it.
    """
    policy.require_role(by, rules.PLANNERS, "取消接访日", "cancel reception days")
    row = row_of(register, reception)
    require_state(row, "planned")
    _require_reason(reason, "取消接访日", "to cancel a reception day")
    booked = register.row(
        f"SELECT count(*) FROM reception_visit WHERE reception=? AND removed IS NULL AND state IN {LIVE}", (reception,)
    )
    if booked and booked[0]:
        raise errors.RuleError(
            f"{row['on_date']} 的接访日还有 {booked[0]} 件预约或者候访，请先改约、取消预约或者指定替代领导"
            f"（{rules.DUTY[0]}；产品规则）。",
            f"{booked[0]} visits stand on the reception day of {row['on_date']}: move or withdraw them, or name a"
            f" substitute ({rules.DUTY[1]}; project rule).",
        )
    with register.act("cancel_reception", by=by, at=at) as act:
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
    row = row_of(register, reception)
    require_state(row, "planned", "open")
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
    barred = barred_visits(register, reception, staff, by)
    if barred:
        name = register.staff()[staff].name
        raise errors.RuleError(
            f"{name}不得接访 {'、'.join(barred)}（被检举、被投诉或者须回避）：请另行指定（{BARRED[0]}）。",
            f"{name} must not receive {', '.join(barred)} (complained of, or recused): name another one ({BARRED[1]}).",
        )
    with register.act("substitute_leader", by=by, at=at) as act:
        act.set("reception_day", reception, substitute=staff, substitute_reason=reason.strip(), substituted_on=act.on)


def set_portfolio(register: Register, staff: int, text: str, *, by: Staff, at: datetime) -> None:
    """Say what a leader is in charge of."""
    policy.require_role(by, rules.PLANNERS, "填写分管工作", "say what a leader is in charge of")
    known = register.staff().get(staff)
    if known is None or not known.roles & rules.HOSTS:
        raise errors.InputError("staff", f"不是在职的局领导：{staff}。", f"This is not the chief or a deputy: {staff}.")
    with register.act("set_portfolio", by=by, at=at) as act:
        act.set("staff", staff, portfolio=text.strip())


def require_state(row: Mapping[str, Any], *states: str) -> None:
    """Refuse what is not open on a day in its state.

    Raises:
        RuleError: names the day, its state and those that it would have to be in.
    """
    if row["state"] in states:
        return

    def word(state: str, language: errors.Language) -> str:
        return codes.word("reception_state", state, language)

    raise errors.RuleError(
        f"{row['on_date']} 的接访日现在是“{word(row['state'], 'zh')}”：须在"
        f"“{'、'.join(word(state, 'zh') for state in states)}”时办理（产品规则）。",
        f"The reception day of {row['on_date']} is “{word(row['state'], 'en')}”: this is done while it is"
        f" {' or '.join(word(state, 'en').lower() for state in states)} (project rule).",
    )


def require_not_barred(register: Register, matter: int, staff: int) -> None:
    """Refuse that a leader receives a matter in which they are complained of or from which they step aside.

    Only asked for somebody who sees the matter: nobody else comes to know of it by this sentence.

    Raises:
        RuleError: names the leader and the article.
    """
    if staff not in projections.barred(register.connection, matter):
        return
    name = host(register, staff).name
    raise errors.RuleError(
        f"{name}是本事项被检举、投诉的人（单位）或者须回避，不得接访：请安排另一位领导的接访日（{BARRED[0]}）。",
        f"{name} is complained of in this matter, or steps aside from it, and must not receive it: take the day of"
        f" another leader ({BARRED[1]}).",
    )


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
    taken = register.row(
        "SELECT 1 FROM reception_day WHERE on_date=? AND state<>'cancelled' AND id<>?"
        " AND coalesce(substitute, leader)=? AND from_time<? AND to_time>? LIMIT 1",
        (row["on_date"], but, row["leader"], end, begin),
    )
    if taken:
        raise errors.InputError(
            "on",
            f"{host(register, row['leader']).name} {on} 的这段时间已有接访安排。",
            f"{host(register, row['leader']).name} receives already on {on} at that time.",
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
