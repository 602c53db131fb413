"""The menu of a field: how it came to be what it is, and putting it right when it is a registered fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QMenu, QToolButton, QWidget

from models import column_words
from ui.context import Context
from ui.parts.text import icon_button
from ui.words import t


class FieldOf(NamedTuple):
    """One field of a registered row, with its words."""

    table: str
    row: int
    column: str
    words: str


class Hooks(NamedTuple):
    """What the menu of a field does; `amend` is None when nothing may be put right by this person now."""

    history: Callable[[FieldOf], None]
    amend: Callable[[FieldOf], None] | None


def amendable(field: FieldOf) -> bool:
    """Return whether a field holds a registered fact that may be put right."""
    return field.column in column_words.amendable(field.table)


def menu_of(fields: Sequence[FieldOf], hooks: Hooks, owner: QWidget) -> QMenu:
    """Return the menu of one field, or of several with their words."""
    menu = QMenu(owner)
    menu.aboutToHide.connect(menu.deleteLater)
    if len(fields) == 1:
        menu.addAction(t("correct.history_of", field=fields[0].words), partial(hooks.history, fields[0]))
        if hooks.amend is not None and amendable(fields[0]):
            menu.addAction(t("correct.amend_of", field=fields[0].words), partial(hooks.amend, fields[0]))
        return menu
    for field in fields:
        menu.addAction(t("correct.history_of", field=field.words), partial(hooks.history, field))
    right = [field for field in fields if amendable(field)] if hooks.amend is not None else []
    if right:
        menu.addSeparator()
    for field in right:
        if hooks.amend is not None:
            menu.addAction(t("correct.amend_of", field=field.words), partial(hooks.amend, field))
    return menu


def with_menu(words: QLabel, fields: Sequence[FieldOf], hooks: Hooks) -> None:
    """Give shown words the menu of their fields, by the right button or the menu key; marked words are copied there."""
    if not fields:
        return

    def show(place: QPoint) -> None:
        menu = menu_of(fields, hooks, words)
        if words.hasSelectedText():
            menu.addSeparator()
            menu.addAction(t("matter.copy"), lambda: QGuiApplication.clipboard().setText(words.selectedText()))
        menu.popup(words.mapToGlobal(place))

    words.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
    words.customContextMenuRequested.connect(show)


def fields_button(name: str, fields: Sequence[FieldOf], context: Context, hooks: Hooks) -> QToolButton:
    """Return a small clock that opens the menu of these fields."""
    made = icon_button(t("correct.fields", name=name), "story", context.look)
    made.clicked.connect(lambda: menu_of(fields, hooks, made).popup(made.mapToGlobal(QPoint(0, made.height()))))
    return made
