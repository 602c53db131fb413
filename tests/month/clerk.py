"""Somebody at the window: unlocks, fills in the form of a new item, the sheet of an act and its letters.

Everything is found by its public name: a field by its accessible name, an input by the name that the table of acts
gives it, a button as the screen hands it out.
"""

from __future__ import annotations

import time
from datetime import date, datetime
from pathlib import Path
from typing import Any

from PySide6.QtWidgets import QApplication, QCheckBox, QLabel, QLineEdit, QWidget

from models.records import AttachmentDraft, ClosedAct, InputField, MatterFile
from tests.month.bureau import PASSPHRASE, SCAN, Bureau
from ui.parts.fields import Choice, DateField, LongText
from ui.screens.letter import LetterScreen
from ui.screens.matter.incoming import PaperInput
from ui.screens.matter.screen import MatterScreen
from ui.screens.matter.sheets import ActSheet, Choices
from ui.screens.newitem.form import ItemForm
from ui.screens.newitem.papers import Papers
from ui.screens.newitem.screen import NewItemScreen
from ui.start import Window
from ui.words import t

WAIT_MS = 15_000
TOLD_S = 1.0
"""Seconds after which what is told instead of a page is why there is none."""
QUIET_ROUNDS = 3
"""Looks without a job, one after the other, after which the window is at rest."""


class Clerk:
    """Whoever sits at the window of a bureau."""

    def __init__(self, qtbot: Any, window: Window, bureau: Bureau) -> None:
        self.bot, self.window, self.bureau = qtbot, window, bureau
        self.login = ""
        self.matter = 0
        self._seen: datetime | None = None
        """Instant for which the page was fetched: another day opens other acts."""

    # --- who sits there

    def sit(self, login: str) -> None:
        """Let somebody unlock the window; who sat there locks it first."""
        if login == self.login:
            return
        if self.window.frame is not None:
            self.window.frame.lock_wanted.emit()
            self.settle()
        self.window.unlock.login.setText(login)
        self.window.unlock.passphrase.setText(PASSPHRASE)
        self.window.unlock.open.click()
        self.bot.waitUntil(lambda: self.window.frame is not None, timeout=WAIT_MS)
        self.settle()
        self.login = login

    def settle(self) -> None:
        """Wait until the worker has nothing left and its answers are shown."""
        worker, quiet, until = self.window.context.worker, 0, time.monotonic() + WAIT_MS / 1000
        while quiet < QUIET_ROUNDS:
            assert time.monotonic() < until, "the worker does not come to rest"
            QApplication.processEvents()
            quiet = 0 if worker.busy else quiet + 1
            time.sleep(0.002)

    def screen(self, name: str) -> Any:
        """Return a screen of the frame."""
        assert self.window.frame is not None
        return self.window.frame._screens[name]

    # --- what comes in

    def register(self, item: dict[str, Any], *, repeat: bool = False) -> None:
        """Register an item by the form; the matter is the one of this test."""
        assert self.window.frame is not None
        self.window.frame.open_new(item["channel"])
        page: NewItemScreen = self.screen("new")
        form = page.form
        assert form is not None
        self._fill_form(form, item)
        if repeat:
            form.set_repeat_of(self.matter)
        page.register_button.click()
        self.bot.waitUntil(lambda: page.registered is not None, timeout=WAIT_MS)
        assert page.registered is not None
        self.matter = page.registered.registered.matter
        self.settle()

    def _fill_form(self, form: ItemForm, item: dict[str, Any]) -> None:
        form.received_on.set_day(item["day"])
        form.received_at.setText("")
        form.title.setText(item.get("title", ""))
        form.statement.setText(item.get("text", ""))
        for place, claim in enumerate(item.get("claims", ())):
            (form.claims.texts[0] if place == 0 else form.claims.add("")).setText(claim)
        if item.get("names"):
            card = form.people.cards[0]
            card.name.setText(item["names"][0])
            card.phone.setText(item.get("phone", ""))
            card.address.setText(item.get("address", ""))
        form.people.anonymous.setChecked(item.get("anonymous", False))
        form.people.unclear.setChecked(item.get("address_unclear", False))
        if item.get("people"):
            form.people.count.setText(str(item["people"]))
        for name in item.get("accused", ()):
            form.accused.more.click()
            form.accused.rows[-1].kind.set_value("person")
            form.accused.rows[-1].name.setText(name)
        if item.get("purpose"):
            form.purpose.setCurrentText(item["purpose"])
        if item.get("source"):
            form.source.set_value(item["source"])
            form.source_name.setText(item["source_name"])
            form.source_number.setText(item["source_number"])
            form.transferred_on.set_day(item["transferred_on"])

    # --- the page of a matter

    def open_matter(self) -> MatterScreen:
        """Open the page of the matter."""
        frame = self.window.frame
        assert frame is not None
        page = frame._screens.get("matter")
        stale = self._seen != self.bureau.now
        shown = isinstance(page, MatterScreen) and frame.stack.currentWidget() is page and page.file is not None
        if not shown or stale:
            self._seen = self.bureau.now
            frame.open_matter(self.matter)
            self.settle()
            page = self.screen("matter")
        assert isinstance(page, MatterScreen)
        return page

    def file(self) -> MatterFile:
        """Return what the page shows."""
        found = self.open_matter().file
        assert found is not None
        return found

    def closed(self, act: str) -> ClosedAct | None:
        """Return why an act is not open for who sits there; None when it is."""
        return next((one for one in self.open_matter().closed if one.name == act), None)

    def begin(self, act: str) -> ActSheet:
        """Open the sheet of an act."""
        page = self.open_matter()
        assert page.file is not None
        found = next((one for one in page.file.next_acts if one.name == act), None)
        assert found is not None, self.closed(act)
        page.begin_act(found)
        self.settle()
        sheet = self.sheet()
        assert isinstance(sheet, ActSheet)
        return sheet

    def sheet(self) -> QWidget | None:
        """Return the sheet that is shown."""
        assert self.window.frame is not None
        found: QWidget | None = self.window.frame.sheets.sheet
        return found

    def fill(self, sheet: ActSheet, inputs: dict[str, Any], papers: tuple[dict[str, Any], ...]) -> None:
        """Fill in a sheet: its inputs, and the papers that come in with the act."""
        fields = {field.name: field for field in sheet.act.inputs}
        for name, value in inputs.items():
            self._put(sheet.inputs[name], fields[name], value)
        today = self.bureau.now.astimezone().date()
        on = sheet.inputs.get("on")
        if isinstance(on, DateField) and "on" not in inputs:
            on.set_day(today)
        asked = {paper.kind for paper in sheet.papers}
        for given in papers:
            if given["kind"] not in asked and "" not in asked:
                sheet.more_paper.click()
        waiting = [paper for paper in sheet.papers if named(paper, DateField, t("incoming.received")) is not None]
        for given in papers:
            paper = next(one for one in waiting if one.kind in (given["kind"], ""))
            waiting.remove(paper)
            self._hand_in(paper, given, today)

    def _hand_in(self, paper: PaperInput, given: dict[str, Any], today: date) -> None:
        if not paper.kind:
            _named(paper, Choice, t("incoming.kind")).set_value(given["kind"])
        _named(paper, DateField, t("incoming.received")).set_day(today)
        _named(paper, DateField, t("incoming.dated")).set_day(given.get("dated_on", today))
        _named(paper, QLineEdit, t("incoming.organ")).setText(given.get("organ", ""))
        _named(paper, QLineEdit, t("incoming.number")).setText(given.get("number", ""))
        _named(paper, Papers, t("incoming.scan")).take(
            AttachmentDraft(name="扫描件.png", media_type="image/png", data=SCAN)
        )

    def _put(self, widget: QWidget, field: InputField, value: Any) -> None:
        if field.kind == "claims":
            self._decide(widget, value)
        elif isinstance(widget, Choices):
            widget.set_value(value)
        elif isinstance(widget, DateField):
            widget.set_day(value)
        elif isinstance(widget, Choice):
            wanted = self._chosen(field, value)
            widget.set_value(wanted)
            assert widget.value == wanted, (field.name, value)
        elif isinstance(widget, QCheckBox):
            widget.setChecked(bool(value))
        else:
            assert isinstance(widget, (QLineEdit, LongText)), (field.name, type(widget))
            widget.setText(str(value))

    def _chosen(self, field: InputField, value: Any) -> Any:
        """Return the value of a choice: people by their login, units by their short name, letters by their number."""
        if field.kind == "staff":
            return next(one.id for one in self.window.context.staff if one.login == value)
        if field.kind == "unit":
            name = next(one["name"] for one in self.bureau.wanted["units"] if one["short"] == value)
            return next(number for number, known in self.window.context.units if known == name)
        if field.kind == "person":
            return next(one["id"] for one in self.file().people if one["name"] == value)
        if field.kind == "document":
            return next(one.id for one in self.file().documents if value in (one.number, str(one.id)))
        return value

    def _decide(self, widget: QWidget, decided: dict[str, Any]) -> None:
        rows = zip(widget.findChildren(Choice), widget.findChildren(LongText), strict=True)
        for place, (decision, grounds) in enumerate(rows, start=1):
            given = decided.get(str(place))
            if given is not None:
                decision.set_value(given["decision"] if isinstance(given, dict) else given)
                grounds.setText(given.get("grounds", "") if isinstance(given, dict) else "")

    def take(self, sheet: ActSheet, letter: dict[str, str]) -> str:
        """Go on from a filled sheet, through its letters if there are any; returns why when it was refused."""
        letters = sheet.letters()
        self._seen = None
        sheet.go.click()
        self.settle()
        if self.sheet() is sheet:
            return words_of(sheet)
        return self._issue(letter) if letters else ""

    def compose(self, kind: str, typed: dict[str, str]) -> str:
        """Issue a letter that belongs to no act; returns what was told if it was refused."""
        assert self.window.frame is not None
        self.window.frame.open_letter(self.matter, kind)
        return self._issue(typed)

    def _issue(self, typed: dict[str, str]) -> str:
        page: LetterScreen = self.screen("letter")
        if refusal := self._laid_out(page):
            return refusal
        waiting = dict(typed)
        for kind in page.kinds:
            if kind != page.kind and waiting:
                page.tabs[kind].click()
                self._laid_out(page)
            for name in [name for name in waiting if name in page.fields]:
                _write(page.fields[name], waiting.pop(name))
        assert not waiting, f"no letter has these fields: {sorted(waiting)}"
        if typed:
            page.preview()
            self._laid_out(page)
        assert self.window.frame is not None
        if not page.issue_button.isEnabled():
            return words_of(page)
        page.issue_button.click()
        self.settle()
        if page.document is None and self.window.frame.stack.currentWidget() is page:
            return str(self.window.frame.told.words.text())
        return ""

    def _laid_out(self, page: LetterScreen) -> str:
        """Wait until the page of the letter, and what the others miss, is there; returns why it cannot be laid out."""
        assert self.window.frame is not None
        told = self.window.frame.told
        self.settle()
        begun = time.monotonic()
        while set(page.gaps) != set(page.kinds):
            waited = time.monotonic() - begun
            if told.isVisible() and waited > TOLD_S:
                return str(told.words.text())
            assert waited < WAIT_MS / 1000, "the letter is not laid out"
            self.settle()
        return ""


def named(inside: QWidget, kind: type[Any], words: str) -> Any:
    """Return the widget of a kind with an accessible name, or None."""
    return next((one for one in inside.findChildren(kind) if one.accessibleName() == words), None)


def _named(inside: QWidget, kind: type[Any], words: str) -> Any:
    found = named(inside, kind, words)
    assert found is not None, words
    return found


def _write(widget: QWidget, words: str) -> None:
    if isinstance(widget, Choice):
        widget.set_value(words)
    elif isinstance(widget, DateField):
        widget.set_day(date.fromisoformat(words))
    elif isinstance(widget, (QLineEdit, LongText)):
        widget.setText(words)


def words_of(widget: QWidget) -> str:
    """Return what stands on a widget."""
    return "\n".join(one.text() for one in widget.findChildren(QLabel) if one.isVisibleTo(widget))


def home(folder: Path) -> Path:
    """Return a folder of its own below another."""
    made = folder / "window"
    made.mkdir()
    return made
