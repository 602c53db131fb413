"""The state of the sync: what is sent, what waits, how old it is, and the ways: the line, a folder, a stick."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QFileDialog, QWidget

from models.errors import RegisterError
from models.records import SyncState
from ui.context import Context
from ui.parts.layout import Page, Wrapping, box, clear, column, line, row
from ui.parts.text import button, chip, label, notice
from ui.port import DeskPort
from ui.screens.base import Screen
from ui.services import Aside, Outcome
from ui.words import age, moment, sentence, t

if TYPE_CHECKING:
    from sync.filestate import OnTheWay


class StatePart(Screen):
    """The state of the outbox and the ways out."""

    name = "sync-state"

    def __init__(self, context: Context) -> None:
        super().__init__()
        self.context = context
        self.state: SyncState | None = None
        self.buttons: dict[str, QWidget] = {}
        outer = column(self, context.look, 0)
        self._page = Page(context.look, width=760, margin=6, gap=4)
        outer.addWidget(self._page)
        context.register_changed.connect(self._changed)
        context.called_off.connect(self._enable)

    def enter(self) -> None:
        """Fetch the state."""
        self.context.ask(lambda desk: desk.sync_state(), self._show, owner=self, key="sync-screen")

    def _changed(self) -> None:
        if self.isVisible():
            self.enter()

    def _show(self, state: SyncState) -> None:
        self.state = state
        look, body, services = self.context.look, self._page.body, self.context.services
        clear(body)
        body.addWidget(label(t("sync.title"), "page"))
        body.addWidget(label(self._sentence(state), "second", wrap=True))
        card = box("card")
        inside = row(card, look, 6, 5)
        for words, value in (
            (t("sync.unsent"), f"{state.unsent:,}"),
            (
                t("sync.oldest"),
                age(state.oldest_unsent_at, datetime.now(UTC)) if state.unsent and state.oldest_unsent_at else "-",
            ),
            (t("sync.last"), moment(state.last_receipt_at)),
        ):
            pair = column(None, look, 0)
            pair.addWidget(label(words, "label"))
            pair.addWidget(label(value, "section", wrap=True))
            inside.addLayout(pair, 1)
        body.addWidget(card)
        if state.must_fetch:
            body.addWidget(notice(t("sync.must_fetch"), look, "late"))
        if state.agreed is not None and state.held is not None:
            agrees = state.agreed == state.held
            words = t("sync.agrees", agreed=f"{state.agreed:,}", held=f"{state.held:,}")
            chips = Wrapping(look, 2)
            chips.add(chip(words, look, "done" if agrees else "soon"))
            body.addWidget(chips)
        if state.trouble:
            body.addWidget(notice(state.trouble, look, "late"))
        if state.enrolled:
            body.addWidget(label(self._next(), "small", wrap=True))
        self._files = column(None, look, 0)
        body.addLayout(self._files)
        if services.files is not None:
            self.context.ask(services.files, self._show_files, lambda _error: None, owner=self, key="sync-files")
        self.buttons = {}
        if services.send_now is not None and state.enrolled:
            self._way("send", t("sync.send"), t("sync.send_words"), "send", self.send_now, primary=True)
        self._sticks(state)
        if services.agreement is not None and state.enrolled:
            self._way("agreement", t("sync.compare"), t("sync.compare_words"), "doubt", self.compare)
        if services.enrol is not None:
            self._way(
                "enrol",
                t("sync.enrol"),
                t("sync.enrol_words"),
                "key",
                self.enrol,
                primary=not (state.enrolled or state.must_fetch),
            )
        self._enable()
        body.addStretch(1)

    def _sticks(self, state: SyncState) -> None:
        """Offer sticks: to the city, and between the county's own workstations where there is no hub."""
        services = self.context.services
        if not (state.enrolled or state.shared):
            return
        whom = "siblings" if not state.enrolled else "both" if state.shared else "words"
        if services.write_folder is not None:
            self._way("write", t("sync.write"), t(f"sync.write_{whom}"), "stick", self.write_folder)
        if services.read_folder is not None:
            fetches = state.must_fetch and not state.enrolled
            self._way("read", t("sync.read"), t(f"sync.read_{whom}"), "folder", self.read_folder, primary=fetches)
        if services.alone is not None and state.must_fetch and "KEEPER" in self.context.roles:
            self._way("alone", t("sync.alone"), t("sync.alone_words"), "doubt", self.alone)

    def _sentence(self, state: SyncState) -> str:
        if not state.enrolled:
            return t("light.none") if state.must_fetch else t("sync.not_enrolled")
        if state.unsent == 0:
            return t("sync.all_sent", hub=state.hub)
        return t("sync.some_unsent", hub=state.hub, count=f"{state.unsent:,}")

    def _show_files(self, found: OnTheWay) -> None:
        """Say what papers and scans are on their way; they follow the records and delay none."""
        clear(self._files)
        parts = [t("sync.files_up", count=found.up, size=f"{found.up_bytes / 1e6:,.1f}")] if found.up else []
        parts += [t("sync.files_down", count=found.down)] if found.down else []
        if parts:
            self._files.addWidget(label(t("join.clauses").join(parts), "small", wrap=True))
        if found.damaged:
            self._files.addWidget(notice(t("sync.files_damaged", count=found.damaged), self.context.look, "late"))

    def _next(self) -> str:
        """Return when a round begins by itself."""
        then = self.context.next_round
        return t("sync.next", time=then.astimezone().strftime("%H:%M")) if then else t("sync.by_hand")

    def _way(
        self, name: str, title: str, words: str, meaning: str, what: Callable[[], None], *, primary: bool = False
    ) -> None:
        look = self.context.look
        self._page.body.addWidget(line())
        across = row(None, look, 4)
        texts = column(None, look, 0)
        texts.addWidget(label(title, "strong"))
        texts.addWidget(label(words, "second", wrap=True))
        across.addLayout(texts, 1)
        made = button(title, what, "primary" if primary else "", picture_of=meaning, look=look)
        self.buttons[name] = made
        across.addWidget(made)
        self._page.body.addLayout(across)

    def _run(self, task: Callable[[DeskPort, Aside], Outcome], label_key: str) -> None:
        if self._busy:
            return

        def ended() -> None:
            self.context.round = None
            self.context.register_changed.emit()

        def done(outcome: Outcome) -> None:
            self.context.told.emit(outcome.words, "done" if outcome.good else "late")
            ended()

        def failed(error: RegisterError) -> None:
            self.context.told.emit(sentence(error), "late")
            ended()

        self.context.round = self.context.aside(task, done, failed, owner=self.context, label=label_key)
        self._enable()

    @property
    def _busy(self) -> bool:
        job = self.context.round
        return job is not None and not job.cancelled

    def _enable(self) -> None:
        """Let one round be under way at a time."""
        for made in self.buttons.values():
            made.setEnabled(not self._busy)

    def send_now(self) -> None:
        """One round with the hub by network."""
        send = self.context.services.send_now
        if send is not None:
            self._run(send, "work.send")

    def compare(self) -> None:
        """Compare with the hub table by month, and show the outcome as the paper that it prints."""
        compare = self.context.services.agreement
        if compare is None or self._busy:
            return

        def done(paper: bytes | None) -> None:
            self.context.round = None
            self._enable()
            if paper is None:
                self.context.told.emit(t("sync.compare_none"), "soon")
                return
            from ui.parts.paper import PaperSheet  # with its viewer, when a paper is looked at

            self.context.sheet_wanted.emit(PaperSheet(self.context, t("sync.compare"), paper, frozen=True))

        def failed(error: RegisterError) -> None:
            self.context.round = None
            self._enable()
            self.context.told.emit(sentence(error), "late")

        self.context.round = self.context.aside(compare, done, failed, owner=self, label="work.compare")
        self._enable()

    def write_folder(self) -> None:
        """Write batches to a folder or stick that the person names."""
        write = self.context.services.write_folder
        folder = QFileDialog.getExistingDirectory(self, t("sync.write")) if write is not None else ""
        if folder and write is not None:
            self._run(lambda desk, aside: write(desk, Path(folder), aside), "work.write")

    def read_folder(self) -> None:
        """Read receipts from a folder or stick that the person names."""
        read = self.context.services.read_folder
        folder = QFileDialog.getExistingDirectory(self, t("sync.read")) if read is not None else ""
        if folder and read is not None:
            self._run(lambda desk, aside: read(desk, Path(folder), aside), "work.read")

    def alone(self) -> None:
        """Ask the keeper why there is nobody to fetch from."""
        from ui.screens.sync.alone import AloneSheet  # seldom needed

        service = self.context.services.alone
        if service is not None:
            self.context.sheet_wanted.emit(AloneSheet(self.context, service))

    def enrol(self) -> None:
        """Read the hub's enrolment file and write the answer to it."""
        enrol = self.context.services.enrol
        if enrol is None:
            return
        source, _kind = QFileDialog.getOpenFileName(self, t("sync.enrol"))
        if not source:
            return
        answer, _kind = QFileDialog.getSaveFileName(
            self, t("sync.enrol_answer"), str(Path(source).with_suffix(".answer"))
        )
        if answer:
            self._run(lambda desk, aside: enrol(desk, Path(source), Path(answer), aside), "work.enrol")
