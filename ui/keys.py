"""The one table of actions: name, keys, where it holds. Menus, shortcuts and the sheet on F1 are made from it.

A shortcut without Ctrl, Alt or a function key is not in this table's window scope: a list handles J and K by itself, so
that no letter is ever taken from a text field or an input method.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

Scope = Literal["window", "list", "form", "matter", "letter"]


@dataclass(frozen=True, slots=True)
class Action:
    """One action. `keys` in Qt's portable spelling; its words are `keys.<name>`."""

    name: str
    keys: tuple[str, ...]
    scope: Scope


ACTIONS: tuple[Action, ...] = (
    Action("new_visit", ("Ctrl+N",), "window"),
    Action("new_letter", ("Ctrl+Shift+N",), "window"),
    Action("search", ("Ctrl+K", "Ctrl+F"), "window"),
    Action("lock", ("Ctrl+L",), "window"),
    Action("keys", ("F1",), "window"),
    Action("refresh", ("F5",), "window"),
    Action("back", ("Esc",), "window"),
    Action("rail", tuple(f"Alt+{place}" for place in range(1, 10)), "window"),
    Action("larger", ("Ctrl+=",), "window"),
    Action("smaller", ("Ctrl+-",), "window"),
    Action("down", ("J", "Down"), "list"),
    Action("up", ("K", "Up"), "list"),
    Action("open", ("Return",), "list"),
    Action("save", ("Ctrl+S",), "form"),
    Action("add_person", ("Ctrl+Shift+P",), "form"),
    Action("add_claim", ("Ctrl+Shift+C",), "form"),
    Action("add_accused", ("Ctrl+Shift+B",), "form"),
    Action("add_paper", ("Ctrl+Shift+A",), "form"),
    Action("received_only", ("Ctrl+Shift+R",), "form"),
    Action("likely_act", ("Ctrl+Return",), "matter"),
    Action("acts", ("Ctrl+J",), "matter"),
    Action("print", ("Ctrl+P",), "letter"),
    Action("save_as", ("Ctrl+Shift+S",), "letter"),
)

BY_NAME: dict[str, Action] = {action.name: action for action in ACTIONS}


def bind(owner: QWidget, name: str, what: Callable[[], object]) -> None:
    """Let the keys of an action do `what` while `owner` is seen."""
    for key in BY_NAME[name].keys:
        bind_key(owner, key, what)


def bind_key(owner: QWidget, key: str, what: Callable[[], object]) -> None:
    """Let one key do `what` while `owner` is seen."""
    made = QShortcut(QKeySequence(key), owner)
    made.activated.connect(lambda: what())


def way_of(event: QKeyEvent) -> int:
    """Return where a key goes in a list: 1 for J and Down, -1 for K and Up, 0 for any other."""
    ways: dict[int, int] = {Qt.Key.Key_J: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_K: -1, Qt.Key.Key_Up: -1}
    return ways.get(event.key(), 0)


def shown(key: str) -> str:
    """Return a key as printed on it: `Return` is Enter."""
    return key.replace("Return", "Enter")
