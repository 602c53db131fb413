"""What all tables have in common: whole rows without a grid, J and K, and columns that fold away for want of room."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from ui.keys import way_of
from ui.tokens import Look

ROW_HEIGHT = 34
"""Pixels at 100 %."""


def dress(table: QTableView, look: Look, name: str, *, wrap: bool = False) -> None:
    """Let a table look and be chosen in as all do; with `wrap` its rows may be higher than one line."""
    table.setAccessibleName(name)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    table.setShowGrid(False)
    table.setWordWrap(wrap)
    table.setTabKeyNavigation(False)
    table.verticalHeader().hide()
    if not wrap:
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.verticalHeader().setDefaultSectionSize(look.size(ROW_HEIGHT))
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)


def step_row(table: QTableView, event: QKeyEvent) -> bool:
    """Go to the next row with J, to the one before with K; False when the key means something else."""
    if event.key() not in (Qt.Key.Key_J, Qt.Key.Key_K) or event.modifiers() != Qt.KeyboardModifier.NoModifier:
        return False
    to = table.currentIndex().row() + way_of(event)
    if 0 <= to < table.model().rowCount():
        table.setCurrentIndex(table.model().index(to, 0))
    return True


def fit_columns(
    table: QTableView,
    look: Look,
    columns: Sequence[str],
    wants: Mapping[str, int],
    folding: Sequence[str],
    *,
    room: int,
    least: int,
) -> None:
    """Give the title what the other columns leave; fold columns away when there is no room for them.

    Args:
        table: The table.
        look: All widths are pixels at 100 %.
        columns: All columns in their order; one is `title`.
        wants: Widths of the others.
        folding: Columns that may be folded away, the first to go first.
        room: Width below which the title does not go while there is a column to fold.
        least: Width that the title has in any case.
    """
    width, shown = table.viewport().width(), {name: look.size(want) for name, want in wants.items()}
    for name in folding:
        if sum(shown.values()) > width - look.size(room):
            del shown[name]
    for at, name in enumerate(columns):
        if name == "title":
            table.setColumnWidth(at, max(width - sum(shown.values()), look.size(least)))
        else:
            table.setColumnHidden(at, name not in shown)
            table.setColumnWidth(at, look.size(wants[name]))
