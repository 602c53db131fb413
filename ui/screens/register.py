"""The register as a list: keyset pages behind an item model, filters above, search as it is typed, keys J and K.

At a window of 1500 px and more the matter chosen stands beside the list; on a smaller one it takes over on Enter.
Several matters are picked with space, Shift or Ctrl+A; what is done with them stands in a bar at the foot.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    Qt,
)
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter, QStackedLayout, QWidget

from models.records import Filters, Page
from ui.context import Context
from ui.parts.fields import Choice, DateField, code_choice
from ui.parts.layout import Wrapping, column, row
from ui.parts.matter_table import COLUMNS, MatterModel, MatterTable
from ui.parts.text import button, empty, label
from ui.port import DeskPort
from ui.screens.base import Screen
from ui.screens.register_export import export_list
from ui.screens.register_pick import PickBar
from ui.timers import after_pause
from ui.words import t
from ui.worker import Job

PAGE = 200
HITS = 50
GATHER = 1000
"""Lines read at a time to pick them all."""
AHEAD = 120
"""Rows before the end at which the next page is fetched."""
SIDE_BY_SIDE_FROM = 1500


class RegisterScreen(Screen):
    """The list with its filters and, when there is room, the matter beside it."""

    name = "register"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        look = context.look
        self.text = ""
        self._stale = True
        outer = column(self, look, 0)
        self._filter_bar = self._make_filters()
        outer.addWidget(self._filter_bar)
        self.indexing = label("", "second", wrap=True)
        self.indexing.setContentsMargins(look.space(5), 0, look.space(5), look.space(2))
        self.indexing.hide()
        outer.addWidget(self.indexing)
        self.model = MatterModel(look)
        self.model.more_wanted.connect(self._fetch_after)
        self.table = MatterTable(look)
        self.table.setModel(self.model)
        self.table.opened.connect(self._open)
        self.table.picked.connect(lambda at, on: self.model.pick(at, on=on))
        self.table.all_wanted.connect(self.pick_all)
        self.model.picked_changed.connect(self._show_picked)
        self.order, self.descending = "received", True
        self.table.horizontalHeader().sectionClicked.connect(self._order_by)
        self.table.selectionModel().currentRowChanged.connect(self._moved)
        holder = QWidget()
        self._stack = QStackedLayout(holder)
        self._stack.addWidget(self.table)
        self._stack.addWidget(
            empty(
                t("register.empty"),
                t("register.empty_advice"),
                look,
                action=button(t("register.clear"), self.clear_filters),
            )
        )
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(holder)
        outer.addWidget(self.split, 1)
        self.bar = PickBar(context)
        self.bar.all_wanted.connect(self.pick_all)
        self.bar.none_wanted.connect(self.unpick)
        self.bar.export_wanted.connect(self.export_picked)
        self.bar.bulk_wanted.connect(self.bulk)
        outer.addWidget(self.bar)
        self._whole: int | None = None
        self._beside: Any = None
        self._beside_timer = after_pause(self, 120, self._show_beside)
        context.register_changed.connect(self._mark_stale)

    def _make_filters(self) -> QWidget:
        look = self.context.look
        bar = QWidget()
        across = row(bar, look, 3)
        across.setContentsMargins(look.space(5), look.space(2), look.space(5), look.space(2))
        flow = Wrapping(look, 2)
        self.state = code_choice("state", none=t("filter.any_state"))
        self.category = code_choice("category", none=t("filter.any_category"))
        self.channel = code_choice("channel", none=t("filter.any_channel"))
        self.unit = Choice(self.context.units, none=t("filter.any_unit"))
        self.late = button(t("filter.late"), None, "segment", picture_of="late", look=look)
        self.open_only = button(t("filter.open"), None, "segment")
        self.received_from = DateField(look)
        self.received_to = DateField(look)
        for field, words in ((self.received_from, t("filter.from")), (self.received_to, t("filter.to"))):
            field.setPlaceholderText(words)
            field.setAccessibleName(words)
            field.setProperty("kind", "filter")
            field.setMaximumWidth(look.size(150))
            field.changed.connect(self._fetch)
        for choice, words in (
            (self.state, t("filter.state")),
            (self.category, t("filter.category")),
            (self.channel, t("filter.channel")),
            (self.unit, t("filter.unit")),
        ):
            choice.setAccessibleName(words)
            choice.setProperty("kind", "filter")
            choice.setMaximumWidth(look.size(240))
            choice.setMinimumContentsLength(max(8, len(choice.itemText(0))))
            choice.currentIndexChanged.connect(lambda _at: self._fetch())
        for pressed in (self.late, self.open_only):
            pressed.setCheckable(True)
            pressed.toggled.connect(lambda _on: self._fetch())
        for widget in (
            self.open_only,
            self.late,
            self.state,
            self.category,
            self.channel,
            self.unit,
            self.received_from,
            self.received_to,
        ):
            flow.add(widget)
        across.addWidget(flow, 1)
        self.count = label("", "second")
        self.count.setAccessibleName(t("register.count_name"))
        across.addWidget(self.count, 0, Qt.AlignmentFlag.AlignVCenter)
        self.pick_button = button(t("pick.begin"), self.begin_picking, "quiet")
        self.pick_button.setToolTip(t("pick.begin_tip"))
        self.pick_button.setAccessibleDescription(t("pick.begin_tip"))
        self.export_button = button(t("export.list"), self.export_all, "quiet")
        for made in (self.pick_button, self.export_button):
            across.addWidget(made, 0, Qt.AlignmentFlag.AlignVCenter)
        return bar

    @property
    def filters(self) -> Filters:
        """Return the filters as they stand."""

        def chosen(choice: Choice) -> tuple[str, ...]:
            return (str(choice.value),) if choice.value is not None else ()

        unit = self.unit.value
        return Filters(
            states=chosen(self.state),
            categories=chosen(self.category),
            channels=chosen(self.channel),
            unit=unit if isinstance(unit, int) else None,
            received_from=self.received_from.day,
            received_to=self.received_to.day,
            late=self.late.isChecked(),
            open_only=self.open_only.isChecked(),
        )

    def set_filters(self, filters: Filters) -> None:
        """Show other filters."""
        widgets = (
            self.state,
            self.category,
            self.channel,
            self.unit,
            self.late,
            self.open_only,
            self.received_from,
            self.received_to,
        )
        for widget in widgets:
            widget.blockSignals(True)
        self.state.set_value(filters.states[0] if filters.states else None)
        self.category.set_value(filters.categories[0] if filters.categories else None)
        self.channel.set_value(filters.channels[0] if filters.channels else None)
        self.unit.set_value(filters.unit)
        self.late.setChecked(filters.late)
        self.open_only.setChecked(filters.open_only)
        self.received_from.set_day(filters.received_from)
        self.received_to.set_day(filters.received_to)
        for widget in widgets:
            widget.blockSignals(False)
        self._fetch()

    def clear_filters(self) -> None:
        """Show everything again."""
        self.set_filters(Filters())

    def set_search(self, text: str) -> None:
        """Search for a text, or show the register again when it is empty."""
        if text.strip() != self.text:
            self.text = text.strip()
            self._fetch()

    def enter(self) -> None:
        """Fetch the first page when something has changed."""
        if self.unit.count() != len(self.context.units) + 1:
            self.unit.blockSignals(True)
            self.unit.clear()
            self.unit.addItem(t("filter.any_unit"), None)
            for number, words in self.context.units:
                self.unit.addItem(words, number)
            self.unit.blockSignals(False)
        if self._stale:
            self._fetch()
        self.take_focus()

    def take_focus(self) -> None:
        """Put the focus on the list."""
        if self.model.rowCount() and not self.table.currentIndex().isValid():
            self.table.setCurrentIndex(self.model.index(0, 0))
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark_stale(self) -> None:
        self._stale = True
        if self.isVisible():
            self._fetch()

    def _fetch(self) -> None:
        self._stale = False
        text, filters, order, descending = self.text, self.filters, self.order, self.descending
        if text:
            self.context.ask(lambda desk: desk.search(text, filters, None, HITS), self._first, owner=self, key="page")
        else:
            self.context.ask(
                lambda desk: desk.page(filters, None, PAGE, order, descending), self._first, owner=self, key="page"
            )
            self.context.ask(lambda desk: desk.count(filters), self._count, owner=self, key="count")

    def _order_by(self, section: int) -> None:
        """Order by a column; the same one again turns the order round. Hits of a search stay newest first."""
        name = COLUMNS[section]
        self.descending = not self.descending if name == self.order else name in ("received", "number")
        self.order = name
        header = self.table.horizontalHeader()
        header.setSortIndicator(
            section, Qt.SortOrder.DescendingOrder if self.descending else Qt.SortOrder.AscendingOrder
        )
        header.setSortIndicatorShown(True)
        self._fetch()

    def _fetch_after(self, after: Any) -> None:
        text, filters, order, descending = self.text, self.filters, self.order, self.descending
        if text:
            self.context.ask(
                lambda desk: desk.search(text, filters, after, HITS), self.model.append, owner=self, key="page"
            )
        else:
            self.context.ask(
                lambda desk: desk.page(filters, after, PAGE, order, descending),
                self.model.append,
                owner=self,
                key="page",
            )

    def _first(self, page: Page) -> None:
        chosen = self.table.currentIndex()
        before = self.model.line(chosen.row()).id if chosen.isValid() else None
        self.model.replace(page)
        self.table.fit()
        self._stack.setCurrentIndex(0 if page.lines else 1)
        self.indexing.setVisible(page.indexed is not None)
        if page.indexed is not None:
            done, whole = page.indexed
            self.indexing.setText(t("register.indexing", done=f"{done:,}", whole=f"{whole:,}"))
        if self.text:
            self._count(
                page.total if page.total is not None else len(page.lines),
                known=page.total is not None or page.after is None,
            )
        if page.lines:
            at = next((at for at, one in enumerate(page.lines) if one.id == before), 0)
            self.table.selectionModel().setCurrentIndex(
                self.model.index(at, 0),
                QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows,
            )

    def _count(self, count: int, *, known: bool = True) -> None:
        self._whole = count if known else None
        self._show_picked()
        words = t("register.count", count=f"{count:,}") if known else t("register.count_more", count=f"{count:,}")
        self.count.setText(words)

    # Picking several, and what is done with them.

    def begin_picking(self) -> None:
        """Show the boxes, with the row at hand picked."""
        at = self.table.currentIndex().row()
        if self.model.picking:
            self.unpick()
        elif at >= 0:
            self.model.pick(at, on=True)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def unpick(self) -> None:
        """Pick nothing."""
        self.model.unpick_all()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def back(self) -> bool:
        """Leave the picking."""
        picking = self.model.picking
        if picking:
            self.unpick()
        return picking

    def _show_picked(self) -> None:
        self.bar.show_count(len(self.model.picked), self._whole, shown=self.model.picking)
        # In large type there is no room for both bars; what is picked is picked of the filter as it stands.
        self._filter_bar.setVisible(not (self.model.picking and self.context.look.large))

    def pick_all(self) -> None:
        """Pick every matter of the filter or of the search, also those that are not fetched yet."""
        text, filters, whole = self.text, self.filters, self._whole or 0

        def gather(desk: DeskPort, job: Job) -> dict[int, int] | None:
            found: dict[int, int] = {}
            after: Any = None
            while not job.cancelled:
                page = desk.search(text, filters, after, GATHER) if text else desk.page(filters, after, GATHER)
                found.update((one.id, one.place) for one in page.lines)
                job.progress(len(found), whole)
                after = page.after
                if after is None:
                    return found
            return None

        self.context.work(
            gather, lambda found: self.model.pick_all(found or {}), owner=self, key="pick-all", label="work.picking"
        )

    def export_all(self) -> None:
        """Write the list as it is filtered to a file."""
        export_list(self, self.context, self.filters, self.text, None, self._whole)

    def export_picked(self) -> None:
        """Write the picked matters to a file."""
        places = list(self.model.picked.values())
        export_list(self, self.context, Filters(), "", places, len(places))

    def bulk(self) -> None:
        """Take one act on all that are picked."""
        from ui.screens.register_bulk import BulkSheet

        if self.model.picked:
            sheet = BulkSheet(self.context, tuple(self.model.picked))
            sheet.taken.connect(self.model.unpick_all)
            self.context.sheet_wanted.emit(sheet)

    def _moved(self, current: QModelIndex, _before: QModelIndex) -> None:
        if (
            current.isValid()
            and current.row() > self.model.rowCount() - AHEAD
            and self.model.canFetchMore(QModelIndex())
        ):
            self.model.fetchMore(QModelIndex())
        if self._beside is not None and self._beside.isVisible():
            self._beside_timer.start()

    def _open(self, at: int) -> None:
        self.context.matter_wanted.emit(self.model.line(at).id, "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the matter beside the list when there is room for both."""
        super().resizeEvent(event)
        wide = self.width() >= self.context.look.size(SIDE_BY_SIDE_FROM)
        if wide and self._beside is None:
            from ui.screens.matter.screen import MatterScreen

            self._beside = MatterScreen(self.context, beside=True)
            self.split.addWidget(self._beside)
            self.split.setSizes([self.width() * 55 // 100, self.width() * 45 // 100])
            self._beside_timer.start()
        if self._beside is not None:
            self._beside.setVisible(wide)

    def _show_beside(self) -> None:
        index = self.table.currentIndex()
        if self._beside is not None and index.isValid():
            self._beside.open(self.model.line(index.row()).id, "")
            self._beside.enter_quietly()
