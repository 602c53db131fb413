"""All people of a matter on one sheet, found by typing: thousands of signatories in a list that paints what is seen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QSortFilterProxyModel, QStringListModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QListView

from ui import law
from ui.context import Context
from ui.parts.fields import text_line
from ui.parts.sheet import Sheet
from ui.parts.text import button, label
from ui.words import t


def person_words(at: int, person: dict[str, Any]) -> str:
    """Return one person as a line: order, name, part, and what is known to reach them."""
    known = [person.get(name) for name in ("phone", "id_number", "address")]
    return "  ".join(
        str(part)
        for part in (
            f"{at}.",
            person.get("name") or t("matter.unnamed"),
            law.code("person_role", person["role"]),
            *known,
        )
        if part
    )


class PeopleSheet(Sheet):
    """The people of a matter, in the order of registration."""

    def __init__(self, context: Context, people: Sequence[dict[str, Any]]) -> None:
        super().__init__(context, t("matter.people"), width=640)
        self._total = len(people)
        self.search = text_line(placeholder=t("matter.find_person"))
        self.search.setAccessibleName(t("matter.find_person"))
        self.body.addWidget(self.search)
        self._count = label("", "small")
        self.body.addWidget(self._count)
        self._lines = QStringListModel([person_words(at, one) for at, one in enumerate(people, start=1)], self)
        self.found = QSortFilterProxyModel(self)
        self.found.setSourceModel(self._lines)
        self.found.setFilterCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.list = QListView()
        self.list.setModel(self.found)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setAccessibleName(t("matter.people"))
        self.list.setMinimumHeight(context.look.size(360))
        self.body.addWidget(self.list, 1)
        self.search.textChanged.connect(self._filter)
        self._tell()
        self.foot.addWidget(button(t("sheet.close"), self.close_sheet, "primary"))
        self.foot.addStretch(1)

    def _filter(self, typed: str) -> None:
        self.found.setFilterFixedString(typed.strip())
        self._tell()

    def _tell(self) -> None:
        shown = self.found.rowCount()
        self._count.setText(
            t("matter.people_all", count=self._total)
            if shown == self._total
            else t("matter.people_count", shown=shown, count=self._total)
        )
