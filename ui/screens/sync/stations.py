"""The workstations of the county: who writes, inviting another one, retiring one, who gives out the numbers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QFileDialog, QLineEdit, QWidget

from models.device import CITY
from ui.context import Context
from ui.parts.fields import LongText, text_line
from ui.parts.forms import FormSheet
from ui.parts.layout import Wrapping, column, line, row
from ui.parts.text import button, chip, label, notice
from ui.port import DeskPort
from ui.screens.lines import LinesScreen
from ui.services import Outcome, Stations
from ui.words import day, moment, said_of, t

if TYPE_CHECKING:
    from models.gaps import Account
    from models.stations import Workstation


class StationsPart(LinesScreen):
    """The workstations, and the account of the numbers below them."""

    name = "sync-stations"

    def __init__(self, context: Context) -> None:
        super().__init__(context, 880)
        self.buttons: dict[str, QWidget] = {}
        context.register_changed.connect(self._changed)

    def enter(self) -> None:
        """Fetch them."""
        ask = self.context.services.stations
        if ask is not None:
            self.context.ask(ask, self._show, self._failed, owner=self, key="stations")

    @property
    def _keeps(self) -> bool:
        return "KEEPER" in self.context.roles

    def _show(self, found: Stations) -> None:
        self._empty_page()
        self.buttons = {}
        body = self._page.body
        invite = button(t("stations.invite"), self.invite, "primary", picture_of="new", look=self.context.look)
        invite.setVisible(self._keeps and self.context.services.invite is not None)
        self.buttons["invite"] = invite
        self._head(t("stations.title"), t("stations.words"), invite)
        for one in found.workstations:
            body.addWidget(line())
            body.addWidget(self._station(one))
        if found.accounts:
            body.addWidget(line())
            body.addWidget(label(t("stations.numbers"), "section"))
            body.addWidget(label(t("stations.numbers_words"), "small", wrap=True))
            for account in found.accounts:
                body.addWidget(self._account(account))
        body.addStretch(1)

    def _station(self, one: Workstation) -> QWidget:
        look = self.context.look
        made = QWidget()
        across = row(made, look, 3)
        texts = column(None, look, 1)
        head = t("stations.name", number=one.number, name=one.name)
        texts.addWidget(label(head, "strong", wrap=True))
        last = moment(one.last_at)
        texts.addWidget(label(t("stations.entries", count=f"{one.entries:,}", last=last), "small", wrap=True))
        chips = Wrapping(look, 1)
        for key, tone in (("here", "accent"), ("lead", "quiet")):
            if getattr(one, key) and one.retired_on is None:
                chips.add(chip(t(f"stations.{key}"), look, "accent" if tone == "accent" else "quiet"))
        if one.retired_on is not None:
            chips.add(chip(t("stations.retired", day=day(one.retired_on), reason=one.retired), look, "quiet"))
        texts.addWidget(chips)
        if one.after:
            texts.addWidget(notice(t("stations.after", count=one.after), look, "late"))
        if one.doubled:
            texts.addWidget(notice(t("stations.doubled"), look, "late"))
        across.addLayout(texts, 1)
        if self._keeps and one.retired_on is None and one.number != CITY:
            ways = column(None, look, 1)
            if not one.lead:
                lead = button(t("stations.make_lead"), partial(self.lead, one), "quiet")
                lead.setAccessibleName(said_of(t("stations.make_lead"), head))
                ways.addWidget(lead)
            if not one.here:
                retire = button(t("stations.retire"), partial(self.retire, one), "quiet")
                retire.setAccessibleName(said_of(t("stations.retire"), head))
                self.buttons[f"retire {one.number}"] = retire
                ways.addWidget(retire)
            across.addLayout(ways)
        made.setAccessibleName(said_of(head, t("stations.entries", count=one.entries, last=last)))
        return made

    def _account(self, account: Account) -> QWidget:
        from models import gaps  # not before numbers are looked at
        from models.errors import spoken

        look = self.context.look
        made = QWidget()
        texts = column(made, look, 0)
        series = gaps.series_word(account.series, spoken())
        head = t("stations.series", series=series, year=account.year, used=account.used)
        texts.addWidget(label(head, "strong" if account.missing else "", wrap=True))
        for one in account.ranges:
            if one.kind != "used":
                words = t("stations.range", first=one.first, last=one.last, words=str(gaps.words(one)))
                texts.addWidget(label(words, "small", wrap=True))
        if account.missing:
            texts.addWidget(notice(t("stations.missing"), look, "late"))
        return made

    # What the keeper does.

    def invite(self) -> None:
        """Ask for number, name and the file of the invitation."""
        service = self.context.services.invite
        if service is not None:
            self.context.sheet_wanted.emit(InviteSheet(self.context, service, self._told))

    def retire(self, one: Workstation) -> None:
        """Ask for the reason."""
        service = self.context.services.retire
        if service is not None:
            self.context.sheet_wanted.emit(RetireSheet(self.context, one, service, self._told))

    def lead(self, one: Workstation) -> None:
        """Let it give out the numbers."""
        service = self.context.services.lead
        if service is not None:
            self.context.ask(lambda desk: service(desk, one.number), self._led, self._failed, owner=self)

    def _led(self, outcome: Outcome) -> None:
        self._told(outcome)
        self.context.register_changed.emit()

    def _told(self, outcome: Outcome) -> None:
        self.context.told.emit(outcome.words, "done" if outcome.good else "late")


class InviteSheet(FormSheet):
    """Number and name of a new workstation, and where its invitation is written."""

    def __init__(
        self,
        context: Context,
        service: Callable[[DeskPort, int, str, Path], Outcome],
        done: Callable[[Any], object],
    ) -> None:
        super().__init__(
            context, t("stations.invite"), t("stations.invite_go"), self._invite, done, words=t("stations.invite_words")
        )
        self._service = service
        self.add("device", t("stations.number"), text_line("2"), required=True, hint=t("stations.number_hint"))
        self.add("name", t("stations.name_of"), text_line(), required=True)
        self.path: QLineEdit = text_line()
        self.add("path", t("stations.file"), self.path, required=True, hint=t("stations.file_hint"))
        self.body.addWidget(button(t("stations.choose"), self._choose, "quiet"))
        self.finish_body()

    def _choose(self) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(self, t("stations.file"), t("stations.file_name"))
        if chosen:
            self.path.setText(chosen)

    def _invite(self, desk: DeskPort, values: dict[str, Any]) -> Outcome:
        number = values["device"]
        return self._service(desk, int(number) if number.isdecimal() else 0, values["name"], Path(values["path"]))


class RetireSheet(FormSheet):
    """Why a workstation is taken out of use."""

    def __init__(
        self,
        context: Context,
        one: Workstation,
        service: Callable[[DeskPort, int, str], Outcome],
        done: Callable[[Any], object],
    ) -> None:
        super().__init__(
            context,
            t("stations.retire_of", number=one.number, name=one.name),
            t("stations.retire"),
            lambda desk, values: service(desk, one.number, values["reason"]),
            done,
            words=t("stations.retire_words", entries=f"{one.entries:,}", last=moment(one.last_at)),
            danger=True,
        )
        self.add("reason", t("stations.reason"), LongText(context.look, lines=2), required=True)
        self.finish_body()
