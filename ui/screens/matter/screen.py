"""The page of a matter: number, title, state, the next clock; then what was said and what is to be done."""

from __future__ import annotations

import mimetypes
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFileDialog, QMenu, QWidget
from shiboken6 import isValid

from models.clocks import ClockState
from models.errors import InputError, MissingPartError, RegisterError
from models.records import AttachmentDraft, AttachmentLine, ClosedAct, DocumentLine, MatterFile, OpenAct, PaperDraft
from ui import law
from ui.context import Context
from ui.keys import bind
from ui.parts.layout import Page, Wrapping, box, clear, column, row
from ui.parts.text import button, chip, empty, icon_button, label, notice
from ui.screens.base import LettersOfAct, Screen, today
from ui.screens.matter import blocks
from ui.screens.matter.sheets import ActSheet, ClockSheet, LetterKindsSheet, WhyNotSheet
from ui.screens.newitem.papers import PaperSheet
from ui.words import both, sentence, t

TWO_COLUMNS_FROM = 860
"""Width at 100 % from which clocks and people stand beside what was said."""
ACTS_SHOWN = 4


class MatterScreen(Screen):
    """One matter, alone or beside the register's list."""

    name = "matter"

    def __init__(self, context: Context, *, beside: bool = False) -> None:
        super().__init__()
        self.context = context
        self._beside = beside
        self.matter: int | None = None
        self.file: MatterFile | None = None
        self.closed: tuple[ClosedAct, ...] = ()
        self._wanted_act = ""
        self._acted = False
        self._whole_story = False
        self._columns = 0
        self._sheet: ActSheet | None = None
        self._undone: tuple[int, str, dict[str, Any]] | None = None
        """The act whose letter is being checked, with its inputs: coming back before it is issued shows them again."""
        look = context.look
        outer = column(self, look, 0)
        self._page = Page(look, width=1240, margin=6, gap=4)
        outer.addWidget(self._page, 1)
        self._bar = box("bar")
        self._bar_row = row(self._bar, look, 2)
        self._bar_row.setContentsMargins(look.space(6), look.space(2), look.space(6), look.space(2))
        self._bar.hide()
        outer.addWidget(self._bar)
        if not beside:
            bind(self, "likely_act", self.take_likely)
        context.register_changed.connect(self._changed)

    def open(self, matter: int, act: str) -> None:
        """Choose the matter; `enter` fetches it."""
        if matter != self.matter:
            self.file = None
            self._whole_story = False
            clear(self._page.body)
            self._bar.hide()
        self.matter, self._wanted_act = matter, act

    def enter(self) -> None:
        """Fetch the matter and take the focus."""
        self._fetch(focus=True)

    def enter_quietly(self) -> None:
        """Fetch the matter and leave the focus in the list."""
        self._fetch(focus=False)

    def _changed(self) -> None:
        self._undone = None
        if self.isVisible() and self.matter is not None:
            self._fetch(focus=self._acted)
        self._acted = False

    def _fetch(self, *, focus: bool) -> None:
        matter = self.matter
        if matter is None:
            return

        def found(answer: tuple[MatterFile, tuple[ClosedAct, ...]]) -> None:
            if self.matter == matter:
                self._show(*answer, focus=focus)

        def fetch(desk: Any) -> tuple[MatterFile, tuple[ClosedAct, ...]]:
            file = desk.matter(matter)
            return file, desk.open_acts(matter)[1] if file.sight == "full" else ()

        self.context.ask(fetch, found, self._failed, owner=self, key=f"matter-{id(self)}")

    def _failed(self, error: RegisterError) -> None:
        clear(self._page.body)
        self._bar.hide()
        self._page.body.addWidget(
            empty(
                t("matter.not_open"),
                sentence(error),
                self.context.look,
                meaning="sealed",
                action=button(t("matter.back"), self.context.back_wanted.emit),
            )
        )

    # The page.

    def _show(self, file: MatterFile, closed: tuple[ClosedAct, ...], *, focus: bool) -> None:
        place = self._page.verticalScrollBar().value() if self.file is not None and self.file.id == file.id else 0
        self.file, self.closed = file, closed
        look, body = self.context.look, self._page.body
        clear(body)
        body.addWidget(self._head(file))
        self._columns = self._columns_wanted()
        if file.sight != "full":
            body.addWidget(notice(t("sealed.words"), look, "quiet"))
            body.addWidget(blocks.clocks(file, self.context, today(), self._explain))
        else:
            left, right = self._blocks(file)
            if self._columns == 2:
                across = row(None, look, 6)
                for part, share in ((left, 3), (right, 2)):
                    down = column(None, look, 5)
                    for widget in part:
                        down.addWidget(widget)
                    down.addStretch(1)
                    across.addLayout(down, share)
                body.addLayout(across)
            else:
                for widget in (*right[:1], *left, *right[1:]):
                    body.addWidget(widget)
        body.addStretch(1)
        self._acts(file)
        self._page.verticalScrollBar().setValue(place)
        if focus:
            self._take_focus()
        wanted = self._wanted_act
        typed: dict[str, Any] = {}
        if self._undone is not None and self._undone[0] == file.id and focus:
            _matter, wanted, typed = self._undone
        self._wanted_act, self._undone = "", None
        act = next((one for one in file.next_acts if one.name == wanted), None)
        if act is not None:
            self.begin_act(act, typed)

    def _head(self, file: MatterFile) -> QWidget:
        look = self.context.look
        made = QWidget()
        inside = column(made, look, 2)
        top = row(None, look, 2)
        if not self._beside:
            top.addWidget(icon_button(t("matter.back"), "back", look, self.context.back_wanted.emit))
        top.addWidget(label(file.number, "second", copy=True))
        top.addStretch(1)
        inside.addLayout(top)
        title = str(file.matter.get("title") or "") if file.sight == "full" else t("sealed.title")
        inside.addWidget(label(title, "page", wrap=True, copy=True))
        chips = Wrapping(look, 2)
        chips.add(chip(law.code("state", file.matter["state"]), look, law.state_tone(file.matter["state"])))
        if file.sight == "full" and file.matter.get("category"):
            chips.add(chip(law.code("category", file.matter["category"]), look))
        running = [state for state in file.clocks if state.running]
        for state in running[:1]:
            words, tone = blocks.clock_words(state, today())
            chips.add(
                chip(
                    f"{law.clock(state.clock, str(file.matter.get('rules') or ''))}  {words}",
                    look,
                    tone,
                    "clock" if tone == "quiet" else "",
                )
            )
        for flag in (
            "sealed",
            "confidential",
            "joint",
            "anonymous",
            "group_visit",
            "major",
            "supervised",
            "simplified",
        ):
            if file.matter.get(flag):
                chips.add(
                    chip(
                        t(f"matter.flag_{flag}"), look, "quiet", "sealed" if flag in ("sealed", "confidential") else ""
                    )
                )
        if len(file.items) > 1:
            chips.add(chip(t("matter.items", count=len(file.items)), look, "quiet", "same"))
        inside.addWidget(chips)
        return made

    def _blocks(self, file: MatterFile) -> tuple[list[QWidget], list[QWidget]]:
        context = self.context
        left = [
            blocks.said(file, context),
            blocks.claims(file, context),
            blocks.answers(file, context),
            blocks.story(file, context, self._turn_story, whole=self._whole_story, show_whole=self._show_whole_story),
        ]
        right = [
            blocks.clocks(file, context, today(), self._explain),
            blocks.people(file, context),
            blocks.accused(file, context),
            blocks.documents(file, context, self._open_document, self._choose_letter),
            blocks.papers(file, context, self._open_paper, self._add_paper),
            blocks.particulars(file, context),
        ]
        return [one for one in left if one is not None], [one for one in right if one is not None]

    def _acts(self, file: MatterFile) -> None:
        look = self.context.look
        clear(self._bar_row)
        flow = Wrapping(look, 2)
        for at, act in enumerate(file.next_acts[:ACTS_SHOWN]):
            made = button(law.act(act.name), partial(self.begin_act, act), "primary" if at == 0 else "")
            if at == 0:
                made.setToolTip("Ctrl+Enter")
            flow.add(made)
        if len(file.next_acts) > ACTS_SHOWN:
            more = button(t("act.more", count=len(file.next_acts) - ACTS_SHOWN), None)
            menu = QMenu(more)
            for act in file.next_acts[ACTS_SHOWN:]:
                menu.addAction(law.act(act.name), partial(self.begin_act, act))
            more.setMenu(menu)
            flow.add(more)
        if not file.next_acts:
            flow.add(label(t("act.none_open"), "second"))
        self._bar_row.addWidget(flow, 1)
        if self.closed:
            why = button(
                t("act.why_not"),
                lambda: self.context.sheet_wanted.emit(WhyNotSheet(self.context, self.closed)),
                "quiet",
            )
            self._bar_row.addWidget(why)
        self._bar.setVisible(file.sight == "full")

    def _take_focus(self) -> None:
        for child in self._bar.findChildren(QWidget):
            if child.property("kind") == "primary":
                child.setFocus()
                return
        self._page.setFocus()

    # Acts.

    def take_likely(self) -> None:
        """Begin the likeliest lawful act; in its sheet, go on with it."""
        if self._sheet is not None and isValid(self._sheet) and self._sheet.isVisible():
            self._sheet.go.click()
        elif self.file is not None and self.file.next_acts:
            self.begin_act(self.file.next_acts[0])

    def begin_act(self, act: OpenAct, typed: dict[str, Any] | None = None) -> None:
        """Ask for the inputs of an act."""
        if self.file is None:
            return
        self._sheet = ActSheet(self.context, act, self.file, typed)
        self._sheet.ready.connect(self._act_ready)
        self.context.sheet_wanted.emit(self._sheet)

    def _act_ready(self, act: OpenAct, inputs: dict[str, Any], papers: tuple[PaperDraft, ...]) -> None:
        matter, sheet = self.matter, self._sheet
        if matter is None or sheet is None:
            return
        if kinds := sheet.letters():
            self._undone = (matter, act.name, inputs)
            rules = str(self.file.matter.get("rules") or law.NEWEST) if self.file is not None else law.NEWEST
            self.context.act_letter_wanted.emit(matter, LettersOfAct(act, inputs, papers, kinds, rules))
            return

        def done(_seq: int) -> None:
            if sheet is self._sheet and sheet is not None:
                sheet.close_sheet()
                self._sheet = None
            self.context.told.emit(t("act.done", act=law.act(act.name)), "done")
            self._acted = True
            self.context.register_changed.emit()

        def refused(error: RegisterError) -> None:
            field = (
                error.field
                if isinstance(error, InputError)
                else error.parts[0]
                if isinstance(error, MissingPartError) and error.parts
                else ""
            )
            if sheet is not None and sheet is self._sheet:
                sheet.refuse(sentence(error), field)
            else:
                self.context.told.emit(sentence(error), "late")

        self.context.ask(
            lambda desk: desk.perform(matter, act.name, inputs, at=datetime.now(UTC), papers=papers),
            done,
            refused,
            owner=self,
        )

    def _choose_letter(self) -> None:
        from models.letters.kinds import kinds

        matter = self.matter
        sheet = LetterKindsSheet(self.context, {one.code: both(one.name_zh, one.name_en) for one in kinds()})
        sheet.chosen.connect(lambda kind: self.context.letter_wanted.emit(matter, kind))
        self.context.sheet_wanted.emit(sheet)

    # Clocks, papers, documents, story.

    def _explain(self, state: ClockState) -> None:
        rules = str(self.file.matter.get("rules") or "") if self.file else ""
        self.context.sheet_wanted.emit(ClockSheet(self.context, state, rules))

    def _open_document(self, document: DocumentLine) -> None:
        self.context.document_wanted.emit(self.matter, document)

    def _open_paper(self, paper: AttachmentLine) -> None:
        def show(data: bytes) -> None:
            shown = AttachmentDraft(name=paper.name, media_type=paper.media_type, data=data)
            self.context.sheet_wanted.emit(PaperSheet(self.context, shown))

        self.context.ask(lambda desk: desk.attachment_bytes(paper.id), show, owner=self)

    def _add_paper(self) -> None:
        names, _kind = QFileDialog.getOpenFileNames(self, t("paper.choose"))
        matter = self.matter
        if not names or matter is None:
            return

        def attach(desk: Any, job: Any) -> int:
            for at, name in enumerate(names):
                if job.cancelled:
                    return at
                path = Path(name)
                kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
                desk.attach(
                    matter, AttachmentDraft(name=path.name, media_type=kind, data=path.read_bytes()), datetime.now(UTC)
                )
                job.progress(at + 1, len(names))
            return len(names)

        self.context.work(attach, lambda _count: self.context.register_changed.emit(), owner=self, label="work.attach")

    def _turn_story(self) -> None:
        preferences = self.context.preferences
        preferences.story_newest_first = not preferences.story_newest_first
        preferences.save()
        if self.file is not None:
            self._show(self.file, self.closed, focus=False)

    def _show_whole_story(self) -> None:
        self._whole_story = True
        if self.file is not None:
            self._show(self.file, self.closed, focus=False)

    def _columns_wanted(self) -> int:
        return 2 if self.width() >= self.context.look.size(TWO_COLUMNS_FROM) else 1

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Set out in one column or two."""
        super().resizeEvent(event)
        if self.file is not None and self._columns_wanted() != self._columns:
            self._show(self.file, self.closed, focus=False)
