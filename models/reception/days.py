"""The reception days as they stand: who receives, what was announced, which matters the host must not receive.

Counts and numbers ask the policy: a matter that somebody may not know of is in none of them (REG-2022 Art. 30).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from models import codes, errors, policy, projections
from models.reception import rules
from models.reception.records import Host, ReceptionDay

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
