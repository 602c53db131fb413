"""Matters picked in the list: how many, all of the filter, and what can be done with them. Stands at the foot."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from ui.context import Context
from ui.parts.layout import Wrapping, row
from ui.parts.text import button, label
from ui.words import t


class PickBar(QFrame):
    """The bar at the foot of the list while matters are being picked."""

    all_wanted = Signal()
    none_wanted = Signal()
    bulk_wanted = Signal()
    export_wanted = Signal()

    def __init__(self, context: Context) -> None:
        super().__init__()
        look = context.look
        self.setProperty("kind", "bar")
        self.setAccessibleName(t("pick.bar"))
        across = row(self, look, 3)
        across.setContentsMargins(look.space(5), look.space(2), look.space(5), look.space(2))
        self.count = label("", "strong")
        across.addWidget(self.count)
        flow = Wrapping(look, 2)
        self.all_button = button("", self.all_wanted.emit, "quiet")
        self.none_button = button(t("pick.none"), self.none_wanted.emit, "quiet")
        self.export_button = button(t("pick.export"), self.export_wanted.emit, picture_of="save", look=look)
        self.bulk_button = button(t("pick.bulk"), self.bulk_wanted.emit, "primary")
        for made in (self.all_button, self.none_button, self.export_button, self.bulk_button):
            flow.add(made)
        across.addWidget(flow, 1)
        self.hide()

    def show_count(self, picked: int, whole: int | None, *, shown: bool) -> None:
        """Say how many are picked, and how many the filter leaves (None: not known)."""
        self.setVisible(shown)
        words = t("pick.count", count=f"{picked:,}")
        self.count.setText(words)
        self.count.setAccessibleName(words)
        every = t("pick.all", count=f"{whole:,}") if whole is not None else t("pick.all_hits")
        self.all_button.setText(every)
        self.all_button.setAccessibleName(every)
        for made in (self.export_button, self.bulk_button):
            made.setEnabled(picked > 0)

    def buttons(self) -> tuple[QWidget, ...]:
        """Return the buttons in their order."""
        return (self.all_button, self.none_button, self.export_button, self.bulk_button)
