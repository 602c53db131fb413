"""What a figure means: how it is counted, by which text, in which version, and of what it was made in this period."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QLabel

from ui.context import Context
from ui.parts.layout import column
from ui.parts.sheet import Sheet
from ui.parts.text import button, label
from ui.screens.reports.tiles import changes_of
from ui.words import day, t

if TYPE_CHECKING:
    from collections.abc import Callable

    from models.figures.records import Figure, Report


class MeaningSheet(Sheet):
    """The sheet behind F1 on a figure."""

    def __init__(
        self, context: Context, report: Report, figure: Figure, show_list: Callable[[], object] | None = None
    ) -> None:
        from models.figures import wording
        from models.figures.indicators import indicator

        meant = indicator(figure.code)
        super().__init__(context, str(meant.name), width=520)
        self._pair(t("reports.value"), wording.text(figure, with_base=True))
        changes = changes_of(report, figure.code) if figure.code in report.figures else ""
        if changes:
            self._pair(t("reports.compared"), changes)
        self._pair(t("reports.how"), str(meant.formula))
        self._pair(t("reports.version"), str(figure.version))
        self._pair(t("reports.source"), str(meant.source))
        if meant.kind in ("rate", "product"):
            from models.figures.report import SMALL

            self._pair(t("reports.guard"), t("reports.guard_words", count=SMALL))
        period = report.period
        self._pair(
            t("reports.period"),
            t("reports.until", first=day(period.from_on), last=day(period.to_on), on=day(report.as_of)),
        )
        self.finish_body()
        if show_list is not None:

            def go() -> None:
                self.close_sheet()
                show_list()

            self.foot.addWidget(button(t("reports.show_list"), go, "primary"))
        self.foot.addWidget(button(t("sheet.close"), self.close_sheet))
        self.foot.addStretch(1)

    def _pair(self, name: str, value: str) -> QLabel:
        pair = column(None, self.context.look, 0)
        pair.addWidget(label(name, "label"))
        said = label(value, wrap=True, copy=True)
        pair.addWidget(said)
        self.body.addLayout(pair)
        return said
