"""The unit's wording of letters: what counts, what a new version would say, tried on an invented matter at once.

Left the kinds, in the middle the texts of a version with what each must hold, right the page as it would print and what
would keep such letters from being issued. A version is saved, approved by somebody else from a day on, and withdrawn;
it is never changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QListWidget, QListWidgetItem, QWidget

from models.errors import InputError, RegisterError
from ui.context import Context
from ui.parts.fields import Choice, Field, LongText, Segments
from ui.parts.layout import Page, Wrapping, clear, column, foot, row
from ui.parts.text import button, chip, empty, label, notice
from ui.port import DeskPort
from ui.screens.base import Screen, today
from ui.screens.settings_versions import DifferenceSheet, VersionDaySheet
from ui.timers import after_pause
from ui.words import both, day, sentence, t

if TYPE_CHECKING:
    from models.letters import Wording
    from models.records import LetterPreview
    from models.templates import Version

PREVIEW_MS = 350
SIDE_BY_SIDE_FROM = 1080
WRITERS = frozenset({"PU", "LEG", "KEEPER"})
APPROVERS = frozenset({"LEG", "DL", "CH"})
RULES = {"2022": "REG-2022", "2005": "SC-431"}
PARTS = {"2022": "texts", "2005": "texts_2005"}


@dataclass(slots=True)
class Shown:
    """The kind that is looked at, as the worker told it."""

    kind: str
    families: tuple[str, ...]
    shipped: Wording
    wording: Wording
    """The version looked at."""
    number: int
    """Its number, 0 for what ships."""
    counts: int
    """Number of the version that counts today."""
    versions: tuple[Version, ...]
    family: str = "2022"
    typed: dict[tuple[str, str], str] = field(default_factory=dict)
    """What was changed: (regulation, text) to its words."""

    def text(self, family: str, name: str) -> str:
        """Return a text as it stands, with what was typed."""
        return self.typed.get((family, name), self.wording.texts[family].get(name, ""))  # type: ignore[index]  # one of the two

    def shared(self, name: str) -> bool:
        """Return whether both regulations say a text with the same words."""
        return self.shipped.texts["2022"].get(name) == self.shipped.texts["2005"].get(name)

    def texts(self) -> dict[str, dict[str, str]]:
        """Return all texts as `save_wording` takes them."""
        return {
            part: {name: self.text(family, name) for name in self.wording.texts[family]}  # type: ignore[index]  # one of the two
            for family, part in PARTS.items()
            if family in self.families
        }


class WordingScreen(Screen):
    """Kinds, texts, page."""

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        look = context.look
        self.shown: Shown | None = None
        self.texts: dict[str, LongText] = {}
        self.fields: dict[str, Field] = {}
        self.editing = False
        self._pane: Any = None
        outer = column(self, look, 0)
        head = row(None, look, 3)
        head.setContentsMargins(look.space(5), look.space(3), look.space(5), look.space(2))
        head.addWidget(label(t("wording.title"), "page"), 1)
        self.view = Segments(
            [("kinds", t("wording.kinds"), ""), ("texts", t("wording.texts"), ""), ("page", t("wording.page"), "")],
            look,
            "kinds",
            t("wording.title"),
        )
        self.view.chosen.connect(lambda _view: self._place())
        head.addWidget(button(t("queue.back"), self._leave_screen, "quiet", picture_of="back", look=look))
        outer.addLayout(head)
        turn = row(None, look, 0)
        turn.setContentsMargins(look.space(5), 0, look.space(5), look.space(1))
        turn.addWidget(self.view, 1)
        outer.addLayout(turn)
        self.kinds = QListWidget()
        self.kinds.setAccessibleName(t("wording.kinds"))
        self.kinds.setContentsMargins(look.space(4), 0, 0, 0)
        self.kinds.currentItemChanged.connect(lambda _now, _before: self._chosen())
        self._middle = Page(look, margin=5, gap=3)
        self._right = QWidget()
        self._right_column = column(self._right, look, 2)
        self._findings = column(None, look, 1)
        self._findings.setContentsMargins(look.space(3), look.space(2), look.space(3), 0)
        self._right_column.addLayout(self._findings)
        self._beside = QWidget()
        self._across = row(self._beside, look, 0)
        for part, share in ((self.kinds, 2), (self._middle, 5), (self._right, 5)):
            self._across.addWidget(part, share)
        outer.addWidget(self._beside, 1)
        self._bar, self._bar_row = foot(look)
        outer.addWidget(self._bar)
        self._timer = after_pause(self, PREVIEW_MS, self.preview)

    def enter(self) -> None:
        """List the kinds when first shown."""
        if self.kinds.count():
            self.kinds.setFocus()
            return

        def fetch(_desk: DeskPort) -> list[tuple[str, str]]:
            from models.letters.kinds import kinds

            return [(one.code, both(one.name_zh, one.name_en)) for one in kinds() if one.code != "receipt_roll"]

        def show(found: list[tuple[str, str]]) -> None:
            for code, words in found:
                item = QListWidgetItem(words)
                item.setData(Qt.ItemDataRole.UserRole, code)
                item.setToolTip(words)
                item.setSizeHint(QSize(0, self.context.look.size(32)))
                self.kinds.addItem(item)
            self.kinds.setCurrentRow(0)
            self.kinds.setFocus()

        self._place()
        self.context.ask(fetch, show, owner=self, key="wording-kinds")

    def back(self) -> bool:
        """Leave the editing, then the screen."""
        if self.editing:
            self.cancel()
            return True
        return False

    def _leave_screen(self) -> None:
        if not self.back():
            self.context.back_wanted.emit()

    # What is looked at.

    def _chosen(self) -> None:
        item = self.kinds.currentItem()
        if item is not None and not self.editing:
            self.open(str(item.data(Qt.ItemDataRole.UserRole)))

    def open(self, kind: str, number: int | None = None) -> None:
        """Show a version of a kind: the one that counts when none is named."""

        def fetch(desk: DeskPort) -> Shown:
            from models.letters.kinds import kind_of

            counting = desk.wording_of(kind)
            shipped = desk.wording_of(kind, 0)
            counts = counting.version if counting.id != shipped.id else 0
            families = tuple(family for family in ("2022", "2005") if family in kind_of(kind).families)
            seen = counts if number is None else number
            return Shown(
                kind=kind,
                families=families,
                shipped=shipped,
                wording=desk.wording_of(kind, seen),
                number=seen,
                counts=counts,
                versions=desk.wordings(kind),
                family=families[0],
            )

        self.context.ask(fetch, self._show, self._failed, owner=self, key="wording")

    def _show(self, found: Shown) -> None:
        if self.shown is not None and self.shown.kind == found.kind and self.shown.family in found.families:
            found.family = self.shown.family
        self.shown, self.editing = found, False
        self._make()
        self.preview()

    def _failed(self, error: RegisterError) -> None:
        clear(self._middle.body)
        self._middle.body.addWidget(notice(sentence(error), self.context.look, "late"))
        self._middle.body.addStretch(1)

    def _make(self) -> None:
        """Make the middle and the bar for what is looked at."""
        shown, look, body = self.shown, self.context.look, self._middle.body
        clear(body)
        clear(self._bar_row)
        self.texts, self.fields = {}, {}
        if shown is None:
            return
        body.addWidget(label(self._kind_words(), "section", wrap=True))
        self._versions(shown)
        if len(shown.families) > 1:
            self.regulation = Segments(
                [(family, t(f"wording.family_{family}"), "") for family in shown.families],
                look,
                shown.family,
                t("wording.family"),
            )
            self.regulation.chosen.connect(lambda family: self._turn(str(family)))
            body.addWidget(self.regulation)
        for name in shown.wording.texts[shown.family]:  # type: ignore[index]  # one of the two
            self._text(shown, name)
        if not self.texts:
            body.addWidget(empty(t("wording.none"), t("wording.none_advice"), look))
        body.addStretch(1)
        self._make_bar(shown)

    def _kind_words(self) -> str:
        item = self.kinds.currentItem()
        return item.text() if item is not None else ""

    def _versions(self, shown: Shown) -> None:
        look = self.context.look
        flow = Wrapping(look, 2)
        choices = [(0, t("wording.shipped"))] + [
            (one.version, t("wording.version", number=one.version, state=self._state(shown, one)))
            for one in shown.versions
        ]
        self.version = Choice(choices, value=shown.number)
        self.version.setAccessibleName(t("wording.which"))
        self.version.setMinimumContentsLength(22)
        self.version.setEnabled(not self.editing)
        self.version.currentIndexChanged.connect(lambda _at: self.open(shown.kind, int(str(self.version.value))))
        flow.add(self.version)
        if shown.number == shown.counts:
            flow.add(chip(t("wording.counts"), look, "done"))
        self._middle.body.addWidget(flow)
        own = self._own(shown)
        if own is not None:
            author = self.context.staff_name(own.written_by) or t("wording.unknown")
            words = t("wording.written", author=author)
            if own.approved_by is not None:
                leader = self.context.staff_name(own.approved_by)
                words = t("wording.approved", written=words, leader=leader, day=day(own.from_on))
            if own.ended_on is not None:
                words = t("wording.ended", words=words, day=day(own.ended_on))
            self._middle.body.addWidget(label(words, "small", wrap=True))

    def _state(self, shown: Shown, one: Version) -> str:
        if one.ended_on is not None and one.ended_on <= today():
            return t("wording.state_ended")
        if one.approved_by is None:
            return t("wording.state_saved")
        return t("wording.state_counts") if one.version == shown.counts else t("wording.state_approved")

    def _own(self, shown: Shown) -> Version | None:
        return next((one for one in shown.versions if one.version == shown.number), None)

    def _text(self, shown: Shown, name: str) -> None:
        look = self.context.look
        widget = LongText(look, shown.text(shown.family, name), lines=1, most=10)
        widget.setReadOnly(not self.editing)
        hints = []
        must = shown.shipped.must.get(name, ())
        phrases = shown.shipped.phrases.get(name, ())
        if must:
            hints.append(t("wording.must", names=" ".join(f"{{{one}}}" for one in must)))
        if phrases:
            hints.append(t("wording.phrases", words=t("join.list").join(phrases)))
        if self.editing and len(shown.families) > 1 and shown.shared(name):
            hints.append(t("wording.shared"))
        made = Field(t("wording.name", name=t(f"text.{name}")), widget, look, hint="  ".join(hints))
        widget.textChanged.connect(lambda: self._typed(name))
        self.texts[name], self.fields[name] = widget, made
        self._middle.body.addWidget(made)

    def _turn(self, family: str) -> None:
        if self.shown is not None and family != self.shown.family:
            self.shown.family = family
            self._make()
            self.preview()

    def _make_bar(self, shown: Shown) -> None:
        roles = self.context.roles
        add, look = self._bar_row.addWidget, self.context.look
        if self.editing:
            self.save_button = button(t("wording.save"), self.save, "primary")
            self.save_button.setEnabled(bool(shown.typed))
            add(self.save_button)
            add(button(t("sheet.cancel"), self.cancel))
            self.holders = label(t("wording.placeholders", names=self._placeholders(shown)), "small", wrap=True)
            add(self.holders, 1)
            return
        if roles & WRITERS:
            add(button(t("wording.edit"), self.edit, picture_of="draft", look=look))
        own = self._own(shown)
        if own is not None and own.approved_by is None and roles & APPROVERS:
            person = self.context.person
            mine = person is not None and own.written_by == person.id
            self.approve_button = button(t("wording.approve"), self.approve, "primary")
            self.approve_button.setEnabled(not mine)
            add(self.approve_button)
            if mine:
                add(label(t("wording.not_own"), "small", wrap=True), 1)
        if own is not None and own.approved_by is not None and own.ended_on is None and roles & APPROVERS:
            add(button(t("wording.withdraw"), self.withdraw))
        if shown.versions:
            add(button(t("wording.compare"), self.compare, "quiet"))
        self._bar_row.addStretch(1)

    def _placeholders(self, shown: Shown) -> str:
        from models.letters.wording import placeholders

        found: dict[str, None] = {}
        for text in shown.shipped.texts[shown.family].values():  # type: ignore[index]  # one of the two
            found.update(dict.fromkeys(placeholders(text)))
        return " ".join(f"{{{name}}}" for name in found)

    # Editing.

    def edit(self) -> None:
        """Begin a new version from the one looked at."""
        self.editing = True
        self.kinds.setEnabled(False)
        self._make()
        if not self._wide:
            self.view.set_value("texts")
        if self.texts:
            next(iter(self.texts.values())).setFocus()

    def cancel(self) -> None:
        """Leave the editing; what was typed is gone."""
        self.editing = False
        self.kinds.setEnabled(True)
        if self.shown is not None:
            self.shown.typed.clear()
        self._make()
        self.preview()
        self.kinds.setFocus()

    def _typed(self, name: str) -> None:
        shown = self.shown
        if shown is None or not self.editing:
            return
        words = self.texts[name].text().strip()
        families = shown.families if shown.shared(name) else (shown.family,)
        for family in families:
            if words == shown.wording.texts[family].get(name):  # type: ignore[index]  # one of the two
                shown.typed.pop((family, name), None)
            else:
                shown.typed[family, name] = words
        self.fields[name].doubt(fault_of(shown.shipped, shown.family, name, words), "late")
        self.save_button.setEnabled(bool(shown.typed) and not any(one.doubted for one in self.fields.values()))
        self._timer.start()

    def preview(self) -> None:
        """Show the page as it would print, and what would keep such letters from being issued."""
        shown = self.shown
        if shown is None or any(one.doubted for one in self.fields.values()):
            return
        kind, texts, rules = shown.kind, shown.texts(), RULES[shown.family]
        self.context.ask(
            lambda desk: desk.preview_wording(kind, texts, rules),
            self._show_page,
            self._refused,
            owner=self,
            key="wording-page",
        )

    def _show_page(self, found: LetterPreview) -> None:
        if self._pane is None:
            from ui.parts.pdf import PdfPane

            self._pane = PdfPane(self.context.look)
            self._right_column.addWidget(self._pane, 1)
        self._pane.show_bytes(found.pdf)
        clear(self._findings)
        self._findings.addWidget(label(t("wording.invented"), "small", wrap=True))
        for _code, zh, en in found.missing:
            self._findings.addWidget(notice(both(zh, en), self.context.look, "late"))

    def _refused(self, error: RegisterError) -> None:
        clear(self._findings)
        self._findings.addWidget(notice(sentence(error), self.context.look, "late"))

    def save(self) -> None:
        """Save what was typed as a new version, not yet in force."""
        shown = self.shown
        if shown is None or not shown.typed:
            return
        kind, texts = shown.kind, shown.texts()
        self.save_button.setEnabled(False)

        def saved(number: int) -> None:
            self.editing = False
            self.kinds.setEnabled(True)
            self.context.told.emit(t("wording.saved", number=number), "done")
            self.open(kind, number)

        def refused(error: RegisterError) -> None:
            self.save_button.setEnabled(True)
            self._refused(error)
            self.context.told.emit(sentence(error), "late")

        self.context.ask(lambda desk: desk.save_wording(kind, texts), saved, refused, owner=self)

    # Versions.

    def approve(self) -> None:
        """Put the version in force from a day on."""
        self._with_day("approve", lambda desk, kind, number, on: desk.approve_wording(kind, number, on))

    def withdraw(self) -> None:
        """End the version from a day on."""
        self._with_day("withdraw", lambda desk, kind, number, on: desk.withdraw_wording(kind, number, on))

    def _with_day(self, what: str, take: Any) -> None:
        shown = self.shown
        if shown is not None:
            sheet = VersionDaySheet(self.context, what, shown.kind, shown.number, take)
            sheet.taken.connect(lambda: self.open(shown.kind, shown.number))
            self.context.sheet_wanted.emit(sheet)

    def compare(self) -> None:
        """Show what two versions say differently."""
        shown = self.shown
        if shown is not None:
            numbers = [0, *(one.version for one in shown.versions)]
            before = shown.counts if shown.number != shown.counts else max(0, shown.number - 1)
            self.context.sheet_wanted.emit(DifferenceSheet(self.context, shown.kind, numbers, before, shown.number))

    # Three columns where there is room, else one of them at a time.

    @property
    def _wide(self) -> bool:
        return self.width() >= self.context.look.size(SIDE_BY_SIDE_FROM)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show all three columns where there is room."""
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        focused = QApplication.focusWidget()
        self.view.setVisible(not self._wide)
        for name, part in (("kinds", self.kinds), ("texts", self._middle), ("page", self._right)):
            part.setVisible(self._wide or self.view.value == name)
        if focused is not None and self.isAncestorOf(focused) and not focused.isVisible():
            next(one for one in self.view.buttons() if one.isChecked()).setFocus()


def fault_of(shipped: Wording, family: str, name: str, words: str) -> str:
    """Return what is wrong with one text while it is typed, '' when nothing is."""
    from models.letters.wording import check

    texts: Mapping[Any, Mapping[str, str]] = {family: {name: words}}
    try:
        check(replace(shipped, texts=texts))
    except InputError as error:  # which template and text it is stands at the field
        said = sentence(error).partition(t("join.colon"))[2]
        return said[:1].upper() + said[1:]
    return "" if words else t("wording.empty")
