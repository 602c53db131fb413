"""Sheets about one reception day of the plan: add or change it, cancel it, name the substitute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from ui import law
from ui.context import Context
from ui.parts.fields import Choice, DateField, LongText, code_choice, text_line
from ui.parts.forms import FormSheet
from ui.parts.text import label, notice
from ui.port import DeskPort
from ui.screens.reception.rules import BEGIN, END, said_host
from ui.words import day, t

if TYPE_CHECKING:
    from models.reception.records import Host, ReceptionDay

OUT_FORMS = ("going_out", "invited", "video")
"""Forms in which a leader or a delegate goes to, or invites, the petitioner of one matter."""


class DaySheet(FormSheet):
    """A day that is added by hand, or changed. Only what was changed is written."""

    def __init__(
        self,
        context: Context,
        leaders: Sequence[Host],
        changed: ReceptionDay | None,
        done: Callable[[Any], object],
        *,
        on: date | None = None,
        forms: Sequence[str] = ("fixed",),
    ) -> None:
        self._before = changed
        out = forms != ("fixed",)
        title = t("reception.day_change") if changed else t("reception.out_new") if out else t("reception.day_new")
        super().__init__(context, title, t("reception.save"), self._save, done)
        look = context.look
        if changed is not None and changed.notice is not None:
            self.body.addWidget(notice(t("reception.day_announced", day=day(changed.notice_on)), look, "soon"))
        if out:
            self.body.addWidget(label(t("reception.out_words"), "second", wrap=True))
        if changed is None and len(forms) > 1:
            self.add("form", t("reception.form"), code_choice("reception", only=forms), required=True)
        self._form = forms[0]
        self.add("on", t("reception.day"), DateField(look, changed.on if changed else on, ahead=True), required=True)
        people: list[tuple[object, str]] = [(one.id, said_host(one)) for one in leaders]
        if out:
            known = {one.id for one in leaders}
            people += [(one.id, one.name) for one in context.staff if one.id not in known]
        leader = Choice(people, value=changed.leader.id if changed else None)
        self.add("leader", t("reception.out_host") if out else t("reception.leader"), leader, required=True)
        self.add("begin", t("reception.from"), text_line(changed.begin if changed else BEGIN), required=True)
        self.add("end", t("reception.to"), text_line(changed.end if changed else END), required=True)
        self.add("place", t("reception.place"), text_line(changed.place if changed else ""), required=True)
        self.add("phone", t("reception.phone"), text_line(changed.phone if changed else ""))
        beside = LongText(look, changed.beside if changed else "", lines=1, most=4)
        self.add("beside", t("reception.beside"), beside, hint=t("reception.beside_hint"))
        self.finish_body()

    def _save(self, desk: DeskPort, values: dict[str, Any]) -> int:
        before = self._before
        if before is None:
            more = {name: str(value) for name, value in values.items() if name not in ("on", "leader")}
            more.setdefault("form", self._form)
            return desk.reception.add_day(values["on"], values["leader"], **more)
        given = {"phone": "", "beside": "", **values}
        known = {name: before.leader.id if name == "leader" else getattr(before, name) for name in given}
        changes = {name: value for name, value in given.items() if value != known[name]}
        if changes:
            desk.reception.change_day(before.id, **changes)
        return before.id


class CancelSheet(FormSheet):
    """A day is cancelled, with its reason."""

    def __init__(self, context: Context, cancelled: ReceptionDay, done: Callable[[Any], object]) -> None:
        super().__init__(
            context,
            t("reception.day_cancel_of", day=day(cancelled.on)),
            t("reception.day_cancel"),
            lambda desk, values: desk.reception.cancel_day(cancelled.id, values.get("reason", "")),
            done,
            words=t("reception.day_cancel_words"),
            danger=True,
        )
        self.add("reason", t("reception.reason"), LongText(context.look, lines=2), required=True)
        self.finish_body()


class SubstituteSheet(FormSheet):
    """Who receives in place of the absent leader, and why."""

    def __init__(
        self, context: Context, planned: ReceptionDay, leaders: Sequence[Host], done: Callable[[Any], object]
    ) -> None:
        super().__init__(
            context,
            t("reception.substitute_of", name=planned.leader.name),
            t("reception.substitute_name"),
            lambda desk, values: desk.reception.substitute(planned.id, values["staff"], values.get("reason", "")),
            done,
            words=t("reception.substitute_words"),
        )
        self.add("staff", t("reception.substitute"), substitutes(planned, leaders), required=True)
        self.add("reason", t("reception.absent_why"), LongText(context.look, lines=2), required=True)
        self.finish_body()


def substitutes(planned: ReceptionDay, leaders: Sequence[Host]) -> Choice:
    """Return the choice of who may stand in: a leader, never the absent one."""
    return Choice(
        [(one.id, said_host(one)) for one in leaders if one.id != planned.leader.id],
        value=planned.substitute.id if planned.substitute else None,
        none=t("act.choose"),
    )


def said_day(planned: ReceptionDay) -> str:
    """Return the day, its weekday and its hours."""
    return t(
        "reception.day_line",
        day=day(planned.on),
        weekday=t(f"weekday.d{planned.on.isoweekday()}"),
        hours=f"{planned.begin}—{planned.end}",
    )


def said_who(planned: ReceptionDay) -> str:
    """Return who receives, and in whose place."""
    if planned.substitute is None:
        return said_host(planned.leader)
    return t("reception.in_place", host=said_host(planned.substitute), leader=planned.leader.name)


def form_word(planned: ReceptionDay) -> str:
    """Return the form of a day."""
    return law.code("reception", planned.form)
