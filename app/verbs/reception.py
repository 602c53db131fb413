"""Verb on reception days: plan, public notice, docket, board, brief, begin, call, close, and what leaders promised.

What belongs to a matter (book_reception, arrive, receive, instruct, prove_instruction ...) is taken with `act`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import click
import orjson

from app.common import Options, choose, day, open_desk, tell, verb
from app.verbs.reception_words import (
    brief_data,
    brief_text,
    day_data,
    day_text,
    docket_data,
    docket_text,
    promise_text,
)
from models import door, errors
from models.desk import Desk
from models.reception.desk import Receptions
from models.reception.records import Docket, Promise, ReceptionDay, VisitLine

LOOK_AHEAD_DAYS = 62
"""Days that are listed when no period is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What was asked: the desk, the reception days, and the options as typed."""

    options: Options
    desk: Desk
    which: str
    given: dict[str, Any]

    @property
    def receptions(self) -> Receptions:
        return self.desk.reception

    def text(self, name: str) -> str:
        return str(self.given.get(name) or "")


@click.command("reception")
@click.argument("action", default="list", type=click.Choice(
    ["list", "rules", "charge", "plan", "add", "change", "cancel", "substitute", "notice", "begin", "board", "call",
     "putback", "brief", "docket", "close", "promises"]))  # fmt: skip
@click.argument("which", default="")
@click.option("--month", default="", help="Month, YYYY-MM: for list, plan and notice.")
@click.option("--from", "frm", default=None, help="First day of a period, YYYY-MM-DD.")
@click.option("--to", "to", default=None, help="Last day of a period, YYYY-MM-DD.")
@click.option("--leader", default="", help="Login of the leader: who receives, who stands in, who is in charge of it.")
@click.option("--form", default="", help="fixed, invited, going_out or video.")
@click.option("--time", "time", default="", help="Begin and end, e.g. 09:00-11:30.")
@click.option("--place", default="", help="Where.")
@click.option("--phone", default="", help="Telephone for appointments.")
@click.option("--beside", default="", help="Who sits beside the leader.")
@click.option("--on", "on", default=None, help="Another day for a day that is changed, YYYY-MM-DD.")
@click.option("--reason", default="", help="Why a day is cancelled or a leader absent; for charge: what it is.")
@click.option("--absent", is_flag=True, help="For begin: the leader of the plan is absent.")
@click.option("--turn", default=0, type=click.IntRange(0), help="Number in the queue: for call, putback and brief.")
@click.option("--file", "file", type=click.Path(path_type=Path), default=None, help="For rules: JSON list of rules.")
@click.option("--preview", is_flag=True, help="For plan and notice: nothing is written.")
@click.option("--out", type=click.Path(path_type=Path), default=None, help="Where the PDF goes: notice, brief, docket.")
@verb
def reception(options: Options, action: str, which: str, **given: Any) -> None:
    """The chief's reception day: reception ACTION [DAY] ...; DAY is YYYY-MM-DD (with --leader where two receive)."""
    desk = open_desk(options)
    try:
        _ACTIONS[action](_Asked(options=options, desk=desk, which=which, given=given))
    finally:
        desk.close()


# --- plan -------------------------------------------------------------------------------------------------------------


def _list(asked: _Asked) -> None:
    frm, to = _period(asked)
    found = asked.receptions.days(frm, to)
    tell(
        asked.options,
        {"from": frm, "to": to, "days": [day_data(one) for one in found]},
        "\n".join(day_text(one) for one in found) or choose("没有接访安排", "no reception is planned"),
    )


def _rules(asked: _Asked) -> None:
    path: Path | None = asked.given["file"]
    if path is not None:
        try:
            asked.receptions.set_rules(orjson.loads(path.read_bytes()))
        except (OSError, ValueError):
            raise errors.InputError(
                "file",
                f"读不到接访规则，或者不是 JSON：{path}。",
                f"The rules cannot be read, or are not JSON: {path}.",
            ) from None
    found = asked.receptions.rules()
    tell(
        asked.options,
        {"rules": [{**asdict(one), "words": one.words} for one in found]},
        "\n".join(f"{one.words!s}  {one.begin}—{one.end}  {one.place}" for one in found)
        or choose("还没有设定接访规则", "no rule is set"),
    )


def _charge(asked: _Asked) -> None:
    asked.receptions.portfolio(_leader(asked), asked.text("reason"))
    found = asked.receptions.leaders()
    tell(asked.options, {"leaders": found}, "\n".join(f"{one.name}  {one.post}  {one.portfolio}" for one in found))


def _plan(asked: _Asked) -> None:
    proposals = asked.receptions.propose(*_period(asked))
    planned = () if asked.given["preview"] else asked.receptions.plan_days(proposals)
    found = [
        {"on": one.on, "nominal_on": one.nominal_on, "moved": one.moved, "leader": one.leader.name, "rule": one.words}
        for one in proposals
    ]
    text = "\n".join(
        f"{one.on}  {one.leader.name}  {one.words!s}"
        + (choose(f"  （{one.nominal_on} 休息，顺延）", f"  ({one.nominal_on} is a rest day)") if one.moved else "")
        for one in proposals
    )
    tell(asked.options, {"planned": list(planned), "days": found}, text or choose("没有新的日子", "no new day"))


def _add(asked: _Asked) -> None:
    on = day(asked.which, "day")
    if on is None:
        raise click.UsageError("reception add DAY --leader LOGIN --time 09:00-11:30 --place PLACE")
    made = asked.receptions.add_day(on, _leader(asked), **_fields(asked))
    _tell_day(asked, made)


def _change(asked: _Asked) -> None:
    found = _day(asked, by_leader=False)
    changes: dict[str, Any] = {**_fields(asked)}
    if asked.given["on"]:
        changes["on"] = day(asked.given["on"], "on")
    if asked.text("leader"):
        changes["leader"] = _leader(asked)
    asked.receptions.change_day(found.id, **changes)
    _tell_day(asked, found.id)


def _cancel(asked: _Asked) -> None:
    found = _day(asked)
    asked.receptions.cancel_day(found.id, asked.text("reason"))
    _tell_day(asked, found.id)


def _substitute(asked: _Asked) -> None:
    found = _day(asked, by_leader=False)
    asked.receptions.substitute(found.id, _leader(asked), asked.text("reason"))
    _tell_day(asked, found.id)


def _notice(asked: _Asked) -> None:
    from models.sheets import issue

    frm, to = _period(asked)
    planned, document = asked.receptions.notice_plan(frm, to), None
    if asked.given["preview"]:
        pdf = issue.preview(asked.desk.register, asked.receptions.notice_sheet(frm, to), asked.desk.on)
    else:
        document = asked.receptions.issue_notice(frm, to)
        pdf = issue.pdf_of(asked.desk.register, document, asked.desk.person)
    _write(asked, pdf)
    late = "\n".join(str(message) for message in planned.late)
    result = {
        "document": document,
        "days": [one.on for one in planned.days],
        "due_on": planned.due_on,
        "late": planned.late,
        "out": asked.given["out"],
    }
    tell(asked.options, result, late or choose("按期公示", "in time"))


# --- the day ----------------------------------------------------------------------------------------------------------


def _begin(asked: _Asked) -> None:
    found = _day(asked)
    asked.receptions.begin(found.id, present=not asked.given["absent"])
    _tell_day(asked, found.id)


def _board(asked: _Asked) -> None:
    board = asked.receptions.board(_day(asked).id)
    waiting = " ".join(map(str, board.waiting))
    text = choose(
        f"正在接访 {board.now or '—'} 号，候访 {board.count} 号：{waiting}",
        f"now {board.now or '-'}; {board.count} waiting: {waiting}",
    )
    if board.counters:
        text += "\n" + " · ".join(f"{one.first}–{one.last} {one.name}" for one in board.counters)
    tell(asked.options, {**asdict(board), "count": board.count}, text)


def _call(asked: _Asked) -> None:
    found = _day(asked)
    turn = asked.given["turn"]
    called = asked.receptions.call(_visit(asked, found).id) if turn else asked.receptions.call_next(found.id)
    tell(asked.options, called, choose(f"请 {called.turn} 号", f"number {called.turn}, please"))


def _putback(asked: _Asked) -> None:
    visit = _visit(asked, _day(asked))
    asked.receptions.put_back(visit.id)
    tell(asked.options, {"visit": visit.id, "turn": visit.turn}, choose("已退回候访", "put back"))


def _brief(asked: _Asked) -> None:
    from models.sheets import pdf

    found = _day(asked)
    visits = [_visit(asked, found)] if asked.given["turn"] else [
        line for line in asked.receptions.docket(found.id).lines if line.sight == "full" and line.state in _STILL
    ]  # fmt: skip
    briefs = [asked.receptions.brief(visit.id) for visit in visits]
    if asked.given["out"] and visits:
        _write(asked, pdf.to_pdf(asked.receptions.brief_sheet([visit.id for visit in visits])))
    text = "\n\n".join(brief_text(one) for one in briefs) or choose("没有来访事项", "no visit")
    tell(
        asked.options,
        {"day": found.on, "briefs": [brief_data(one) for one in briefs], "out": asked.given["out"]},
        text,
    )


def _docket(asked: _Asked) -> None:
    from models.sheets import issue

    docket = asked.receptions.docket(_day(asked).id)
    if docket.document is not None:
        pdf = issue.pdf_of(asked.desk.register, docket.document, asked.desk.person) if asked.given["out"] else b""
    else:
        sheet = asked.receptions.docket_sheet(docket.day.id)
        pdf = issue.preview(asked.desk.register, sheet, asked.desk.on) if asked.given["out"] else b""
    _write(asked, pdf)
    _tell_docket(asked, docket)


def _close(asked: _Asked) -> None:
    from models.sheets import issue

    docket = asked.receptions.close(_day(asked).id)
    assert docket.document is not None  # noqa: S101  a closed day has its paper
    if asked.given["out"]:
        _write(asked, issue.pdf_of(asked.desk.register, docket.document, asked.desk.person))
    _tell_docket(asked, docket)


def _promises(asked: _Asked) -> None:
    found = asked.receptions.promises(asked.desk.find(asked.which)) if asked.which else _open_promises(asked.receptions)
    tell(
        asked.options,
        {"total": len(found), "promises": found},
        "\n".join(map(promise_text, found)) or choose("没有", "none"),
    )


def _open_promises(receptions: Receptions) -> tuple[Promise, ...]:
    """Return every instruction that is not proved, page after page."""
    found, after = receptions.open_promises()
    while after is not None:
        page, after = receptions.open_promises(after)
        found += page
    return found


# --- finding and telling ----------------------------------------------------------------------------------------------

_STILL = ("booked", "waiting", "called")


def _period(asked: _Asked) -> tuple[date, date]:
    month = asked.text("month")
    if month:
        first = day(f"{month}-01", "month")
        assert first is not None  # noqa: S101  a text was given
        return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    frm = day(asked.given["frm"], "from") or asked.desk.on
    return frm, day(asked.given["to"], "to") or frm + timedelta(days=LOOK_AHEAD_DAYS)


def _day(asked: _Asked, *, by_leader: bool = True) -> ReceptionDay:
    """Return the reception day that is meant: by its date (today when none is given) or its number."""
    if asked.which.isdecimal():
        return asked.receptions.day(int(asked.which))
    on = day(asked.which, "day") or asked.desk.on
    found = [one for one in asked.receptions.days(on, on) if one.state != "cancelled"]
    if by_leader and asked.text("leader"):
        leader = _leader(asked)
        found = [one for one in found if leader in (one.leader.id, one.host.id)]
    if len(found) == 1:
        return found[0]
    names = "、".join(f"{one.id} {one.host.name} {one.begin}" for one in found)
    if not found:
        raise errors.InputError("day", f"{on} 没有接访安排。", f"No reception is planned on {on}.")
    raise errors.InputError(
        "day",
        f"{on} 有几场接访，请用编号指明：{names}。",
        f"There are several receptions on {on}: name one by its number: {names}.",
    )


def _visit(asked: _Asked, found: ReceptionDay) -> VisitLine:
    turn = asked.given["turn"]
    lines = [line for line in asked.receptions.docket(found.id).lines if line.turn == turn]
    if len(lines) == 1:
        return lines[0]
    if lines:  # two workstations that were apart gave it twice (docs/decisions/0013)
        twice = "、".join(line.number for line in lines)
        raise errors.InputError(
            "turn",
            f"{turn} 号发了 {len(lines)} 次（{twice}）：请撤销其中一件的领号，重新领号。",
            f"Number {turn} was given {len(lines)} times ({twice}): reverse the number of one and give it another.",
        )
    raise errors.InputError("turn", f"没有 {turn} 号。", f"There is no number {turn}.")


def _leader(asked: _Asked) -> int:
    login = asked.text("leader")
    for staff in asked.desk.register.staff().values():
        if login in (staff.login, staff.name):
            return staff.id
    raise errors.InputError(
        "leader",
        f"人员目录中没有“{login}”，请用 --leader 写登录名。",
        f"Nobody is “{login}”: give a login by --leader.",
    )


def _fields(asked: _Asked) -> dict[str, str]:
    found = {name: asked.text(name) for name in ("form", "place", "phone", "beside") if asked.text(name)}
    if asked.text("time"):
        found["begin"], _, found["end"] = asked.text("time").partition("-")
    return found


def _write(asked: _Asked, pdf: bytes) -> None:
    if asked.given["out"]:
        door.write_file(asked.given["out"], pdf)


def _tell_day(asked: _Asked, found: int) -> None:
    one = asked.receptions.day(found)
    tell(asked.options, day_data(one), day_text(one))


def _tell_docket(asked: _Asked, docket: Docket) -> None:
    tell(asked.options, {**docket_data(docket), "out": asked.given["out"]}, lambda: docket_text(docket))


_ACTIONS: dict[str, Callable[[_Asked], None]] = {
    "list": _list,
    "rules": _rules,
    "charge": _charge,
    "plan": _plan,
    "add": _add,
    "change": _change,
    "cancel": _cancel,
    "substitute": _substitute,
    "notice": _notice,
    "begin": _begin,
    "board": _board,
    "call": _call,
    "putback": _putback,
    "brief": _brief,
    "docket": _docket,
    "close": _close,
    "promises": _promises,
}
COMMANDS = (reception,)
