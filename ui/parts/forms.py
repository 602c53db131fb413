"""Small sheets of a screen: fields with their names, one button that goes on, and what the register refused.

Ctrl+Enter goes on from any field (`screen.likely`); what the register says no to stands at its field, or on top.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QFrame, QLineEdit, QWidget

from models.errors import InputError, MissingPartError, RegisterError
from ui.context import Context
from ui.parts.fields import Choice, DateField, Field, LongText, Segments
from ui.parts.sheet import Sheet
from ui.parts.text import button, label, notice
from ui.port import DeskPort
from ui.words import sentence, t


class FormSheet(Sheet):
    """A few fields and one thing that is done with them.

    Args:
        context: Of the window.
        title: What it is.
        go: Words of the button.
        take: Runs on the worker with the desk and the values of the fields; what it raises is shown here.
        done: Takes its answer, after the sheet has closed.
    """

    def __init__(
        self,
        context: Context,
        title: str,
        go: str,
        take: Callable[[DeskPort, dict[str, Any]], Any],
        done: Callable[[Any], object],
        *,
        words: str = "",
        danger: bool = False,
        width: int = 460,
    ) -> None:
        super().__init__(context, title, width=width)
        self._take, self._done = take, done
        self.fields: dict[str, QWidget] = {}
        self._holders: dict[str, Field] = {}
        self._required: set[str] = set()
        self._refusal: QFrame | None = None
        if words:
            self.body.addWidget(label(words, "second", wrap=True))
        self.go = button(go, self.take, "danger" if danger else "primary")
        self.foot.addWidget(self.go)
        self.foot.addWidget(button(t("sheet.cancel"), self.close_sheet))
        self.foot.addStretch(1)

    def add(self, name: str, words: str, widget: QWidget, *, required: bool = False, hint: str = "") -> QWidget:
        """Add a field under its name; returns its widget."""
        self.fields[name] = widget
        if required:
            self._required.add(name)
        held = Field(words if required else t("act.optional", words=words), widget, self.context.look, hint=hint)
        widget.setAccessibleName(words)
        self._holders[name] = held
        self.body.addWidget(held)
        return widget

    def show_field(self, name: str, *, shown: bool) -> None:
        """Show or hide a field; a hidden one is neither required nor given."""
        self._holders[name].setVisible(shown)

    def values(self) -> dict[str, Any]:
        """Return what the fields that are shown hold; empty ones are left out."""
        found = {name: value_of(widget) for name, widget in self.fields.items() if not self._holders[name].isHidden()}
        return {name: value for name, value in found.items() if value not in (None, "")}

    def take(self) -> None:
        """Do it, once all that is required is there."""
        values = self.values()
        for name, holder in self._holders.items():
            widget = self.fields[name]
            wrong = ""
            if isinstance(widget, DateField) and widget.text().strip() and widget.day is None:
                wrong = t("field.date_wrong")
            elif name in self._required and not holder.isHidden() and name not in values:
                wrong = t("act.required")
            holder.doubt(wrong, "late")
            if wrong:
                widget.setFocus()
                return
        self.go.setEnabled(False)
        self.context.ask(lambda desk: self._take(desk, values), self._taken, self.refuse, owner=self)

    def _taken(self, answer: Any) -> None:
        self.close_sheet()
        self._done(answer)
        self.context.register_changed.emit()

    def refuse(self, error: RegisterError) -> None:
        """Show why the register said no, at its field where it names one."""
        self.go.setEnabled(True)
        if self._refusal is not None:
            self._refusal.hide()
            self._refusal.deleteLater()
            self._refusal = None
        field = field_of(error)
        if field in self._holders:
            self._holders[field].doubt(sentence(error), "late")
            self.fields[field].setFocus()
            return
        self._refusal = notice(sentence(error), self.context.look, "late")
        self.body.insertWidget(0, self._refusal)


def value_of(widget: QWidget) -> Any:
    """Return what a field holds: a day, a chosen value, or text."""
    if isinstance(widget, DateField):
        return widget.day
    if isinstance(widget, (Choice, Segments)):
        return widget.value
    if isinstance(widget, (QLineEdit, LongText)):
        return widget.text().strip()
    raise TypeError(type(widget).__name__)


def field_of(error: RegisterError) -> str:
    """Return the field that an error is about, '' for none."""
    if isinstance(error, InputError):
        return error.field
    return error.parts[0] if isinstance(error, MissingPartError) and error.parts else ""
