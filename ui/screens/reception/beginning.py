"""The two ends of a reception day, asked in the page: is the leader there, or who stands in; and the sealing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QWidget

from models.errors import RegisterError
from ui.context import Context
from ui.parts.fields import Choice, Field, text_line
from ui.parts.forms import field_of
from ui.parts.layout import Wrapping, box, column
from ui.parts.sheet import Sheet
from ui.parts.text import button, label, notice
from ui.port import DeskPort
from ui.screens.reception.dayforms import substitutes
from ui.screens.reception.rules import said_host
from ui.words import sentence, t

if TYPE_CHECKING:
    from models.reception.records import Docket, Host, ReceptionDay


class BeginCard(QFrame):
    """Begin with the leader of the plan, or with a named substitute; a reception never begins without either."""

    def __init__(
        self, context: Context, planned: ReceptionDay, leaders: Sequence[Host], done: Callable[[], object]
    ) -> None:
        super().__init__()
        self.setProperty("kind", "card")
        self.context, self._planned, self._done = context, planned, done
        look = context.look
        inside = column(self, look, 3, 4)
        named = planned.substitute
        words = (
            t("reception.begin_with", name=said_host(named), leader=planned.leader.name)
            if named is not None
            else t("reception.is_there", name=said_host(planned.leader))
        )
        self.setAccessibleName(words)
        inside.addWidget(label(words, "section", wrap=True))
        if named is not None:
            inside.addWidget(label(planned.substitute_reason, "second", wrap=True))
        if planned.barred:
            matters = t("join.list").join(planned.barred)
            inside.addWidget(notice(t("reception.barred", matters=matters), look, "late"))
        across = Wrapping(look, 2)
        key = "reception.begin" if named is not None else "reception.begin_present"
        self.present = button(t(key), lambda: self._begin(present=named is None), "primary")
        across.add(self.present)
        self.absent: QWidget | None = None
        if named is None:
            self.absent = button(t("reception.begin_absent"), self._ask_substitute)
            across.add(self.absent)
        inside.addWidget(across)
        self._form = QWidget()
        fields = column(self._form, look, 3)
        fields.addWidget(label(t("reception.substitute_words"), "second", wrap=True))
        self.substitute: Choice = substitutes(planned, leaders)
        self.reason = text_line()
        self._fields = {
            "staff": Field(t("reception.substitute"), self.substitute, look),
            "reason": Field(t("reception.absent_why"), self.reason, look),
        }
        for one in self._fields.values():
            one.setMaximumWidth(look.size(520))
            fields.addWidget(one)
        self.go = button(t("reception.substitute_begin"), self._begin_substituted, "primary")
        self.reason.returnPressed.connect(self._begin_substituted)
        fields.addWidget(self.go, 0, Qt.AlignmentFlag.AlignLeft)
        self._form.hide()
        inside.addWidget(self._form)
        self._refusal = column(None, look, 1)
        inside.addLayout(self._refusal)
        self._told: QFrame | None = None

    def likely(self) -> None:
        """Begin as the page stands."""
        if self._form.isHidden():
            self.present.click()
        else:
            self.go.click()

    def _ask_substitute(self) -> None:
        self._form.show()
        self.substitute.setFocus()

    def _begin(self, *, present: bool) -> None:
        day = self._planned.id
        self._ask(lambda desk: desk.reception.begin(day, present=present))

    def _begin_substituted(self) -> None:
        staff, reason, day = self.substitute.value, self.reason.text().strip(), self._planned.id
        for name, missing in (("staff", staff is None), ("reason", not reason)):
            self._fields[name].doubt(t("act.required") if missing else "", "late")
        if not isinstance(staff, int) or not reason:
            (self.substitute if staff is None else self.reason).setFocus()
            return

        def take(desk: DeskPort) -> None:
            desk.reception.substitute(day, staff, reason)
            desk.reception.begin(day, present=False)

        self._ask(take)

    def _ask(self, take: Callable[[DeskPort], None]) -> None:
        self.context.ask(take, lambda _none: self._begun(), self._refused, owner=self)

    def _begun(self) -> None:
        self._done()
        self.context.register_changed.emit()

    def _refused(self, error: RegisterError) -> None:
        field = self._fields.get(field_of(error))
        if field is not None and not self._form.isHidden():
            field.doubt(sentence(error), "late")
            return
        if self._told is not None:
            self._told.hide()
        self._told = notice(sentence(error), self.context.look, "late")
        self._refusal.addWidget(self._told)


class CloseSheet(Sheet):
    """End the day and seal its docket: it cannot be undone, so the default is to go on receiving."""

    def __init__(self, context: Context, docket: Docket, take: Callable[[], Any]) -> None:
        super().__init__(context, t("reception.close_title"))
        look = context.look
        counts = docket.day.counts
        received = sum(one.people or 1 for one in docket.lines if one.state == "received")
        self.body.addWidget(
            label(t("reception.close_count", matters=counts.get("received", 0), people=received), "strong", wrap=True)
        )
        if counts.get("left"):
            self.body.addWidget(label(t("reception.close_left", count=counts["left"]), wrap=True))
        if counts.get("booked"):
            self.body.addWidget(notice(t("reception.close_booked", count=counts["booked"]), look, "soon"))
        self.body.addWidget(label(t("reception.close_words"), "second", wrap=True))
        self.finish_body()
        self.keep = button(t("reception.close_not_yet"), self.close_sheet)
        self.seal = button(t("reception.close"), self._go, "danger")
        self.foot.addWidget(self.keep)
        self.foot.addStretch(1)
        self.foot.addWidget(self.seal)
        self._take = take

    def _go(self) -> None:
        self.close_sheet()
        self._take()

    def first_field(self) -> QWidget:
        """Put the focus on going on."""
        return self.keep


def points_card(context: Context, docket: Docket) -> QFrame:
    """Return why the day cannot be closed yet, line by line."""
    made = box("card")
    look = context.look
    inside = column(made, look, 2, 4)
    inside.addWidget(label(t("reception.cannot_close", count=len(docket.open_points)), "section", wrap=True))
    for point in docket.open_points:
        inside.addWidget(notice(str(point), look, "late"))
    made.setAccessibleName(t("reception.cannot_close", count=len(docket.open_points)))
    return made
