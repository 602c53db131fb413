"""The parts of a report: by unit, channel, purpose, content, form, timeliness, initial or repeat, as a table with bars.

The cell at hand opens its own list: arrows go to a part and to one of its figures, Enter opens, F1 tells the formula.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from ui.context import Context
from ui.parts.fields import Segments
from ui.parts.grids import SHARE, BarDelegate, FullTable
from ui.parts.layout import clear, column
from ui.parts.text import label
from ui.words import t

if TYPE_CHECKING:
    from models.figures.records import Figure, Group

CODES = ("received", "accepted", "answered", "closed", "open_at_end", "late", "notice_rate", "answer_rate")
"""Figures of each part."""
WIDTH = 100

OpenPart = Callable[[str, "Group", "Figure"], object]
"""Takes the dimension, the part and its figure."""


class GroupsPart(QWidget):
    """One dimension at a time."""

    def __init__(
        self,
        context: Context,
        names: Mapping[str, str],
        parts: Mapping[str, Sequence[Group]],
        codes: Sequence[str],
        opened: OpenPart,
        asked: Callable[[Figure], object],
        *,
        whole: Mapping[str, Figure] | None = None,
    ) -> None:
        """Show parts by dimension.

        Args:
            context: The window's context.
            names: Words of the dimensions, in their order.
            parts: The parts of each.
            codes: Figures that are shown of each part; bars are drawn for counts.
            opened: Opens a list.
            asked: Tells what a figure means.
            whole: The figures of the whole, for a last row.
        """
        super().__init__()
        self.context, self._names, self._parts, self._codes = context, names, parts, tuple(codes)
        self._opened, self._asked, self._whole = opened, asked, whole
        look = context.look
        inside = column(self, look, 2)
        self.dimension = Segments([(name, words, "") for name, words in names.items()], look, name=t("reports.groups"))
        self.dimension.chosen.connect(lambda _name: self._show())
        inside.addWidget(self.dimension)
        self._place = column(None, look, 1)
        inside.addLayout(self._place)
        self.table: FullTable | None = None
        self._shown: list[Group] = []
        self._show()

    def _show(self) -> None:
        from models.figures import wording
        from models.figures.indicators import indicator

        clear(self._place)
        look, name = self.context.look, str(self.dimension.value)
        self._shown = [
            part
            for part in self._parts.get(name, ())
            if any(part.figures[code].numerator or part.figures[code].denominator for code in self._codes)
        ]
        if not self._shown:
            self.table = None
            self._place.addWidget(label(t("reports.no_parts"), "second", wrap=True))
            return
        totals = self._whole is not None
        heads = [self._names[name], *(str(indicator(code).name) for code in self._codes)]
        rows = len(self._shown) + (1 if totals else 0)
        self.table = table = FullTable(
            look, t("reports.by", name=self._names[name]), heads, rows, by_cell=True, numbers=range(1, len(heads))
        )
        table.setItemDelegate(BarDelegate(look, table))
        for at, part in enumerate(self._shown):
            table.put(at, 0, str(part.words))
            for across, code in enumerate(self._codes, 1):
                figure = part.figures[code]
                late = code == "late" and bool(figure.numerator)
                cell = table.put(at, across, _written(figure), tone="late" if late else None)
                cell.setToolTip(wording.text(figure, with_base=True))
                largest = max((one.figures[code].numerator for one in self._shown), default=0)
                if indicator(code).kind == "count" and largest:
                    cell.setData(SHARE, figure.numerator / largest)
        if self._whole is not None:
            last = len(self._shown)
            table.put(last, 0, t("reports.whole"), strong=True)
            for across, code in enumerate(self._codes, 1):
                table.put(last, across, _written(self._whole[code]), strong=True)
        table.opened.connect(self._open)
        table.asked.connect(self._ask)
        table.fit([0, *[WIDTH] * len(self._codes)], least=160)
        self._place.addWidget(table)

    def _at(self, row: int, across: int) -> tuple[Group, Figure] | None:
        if not 0 <= row < len(self._shown):
            return None
        code = self._codes[max(across, 1) - 1]
        return self._shown[row], self._shown[row].figures[code]

    def _open(self, row: int, across: int) -> None:
        found = self._at(row, across)
        if found is not None:
            self._opened(str(self.dimension.value), *found)

    def _ask(self, row: int, across: int) -> None:
        found = self._at(min(row, len(self._shown) - 1), across)
        if found is not None:
            self._asked(found[1])


def _written(figure: Figure) -> str:
    """Return a figure without its unit: that stands in the head."""
    from models.figures import wording

    return wording.number(figure)
