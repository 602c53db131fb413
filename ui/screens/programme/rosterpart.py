"""The roster of a programme: leader in charge and liaison officer with their office telephones, for the city."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from models import codes
from ui import law
from ui.parts.fields import text_line
from ui.parts.forms import FormSheet
from ui.parts.layout import Wrapping, column, line, row
from ui.parts.text import button, chip, label
from ui.port import DeskPort
from ui.words import day, said_of, t

if TYPE_CHECKING:
    from models.programme.records import LiaisonLine, Progress
    from ui.context import Context
    from ui.screens.programme.screen import ProgrammeScreen


class RosterPart:
    """The page of the roster: who is named for this programme, else for the bureau as a whole."""

    def __init__(self, screen: ProgrammeScreen) -> None:
        self._screen, self._context = screen, screen.context
        self.found: tuple[LiaisonLine, ...] = ()

    def open(self, _found: Progress) -> None:
        """Fetch who is named."""
        key = self._screen.programme
        if key is None:
            return
        self._context.ask(
            lambda desk: (desk.programmes.roster(key), desk.programmes.roster(None)),
            lambda found: self._show(*found),
            self._screen.refused,
            owner=self._screen,
            key="roster",
        )

    def _show(self, own: tuple[LiaisonLine, ...], office: tuple[LiaisonLine, ...]) -> None:
        screen, look = self._screen, self._context.look
        if not screen.is_at("roster"):
            return
        screen.empty_lines()
        body = screen.body
        body.addWidget(label(t("roster.words"), "small", wrap=True))
        named = {one.duty: one for one in office} | {one.duty: one for one in own}
        self.found = tuple(named[duty] for duty in codes.codes("liaison_duty") if duty in named)
        for at, duty in enumerate(codes.codes("liaison_duty")):
            if at:
                body.addWidget(line())
            body.addWidget(self._entry(duty, named.get(duty)))
        flow = Wrapping(look, 2)
        self.print_button = button(t("roster.print"), self._print, "quiet", picture_of="document", look=look)
        flow.add(self.print_button)
        body.addWidget(flow)

    def _entry(self, duty: str, one: LiaisonLine | None) -> QWidget:
        look, programme = self._context.look, self._screen.found
        made = QWidget()
        across = row(made, look, 3)
        across.setContentsMargins(look.space(2), look.space(2), look.space(2), look.space(2))
        texts = column(None, look, 0)
        texts.addWidget(label(law.code("liaison_duty", duty), "label"))
        parts = [t("roster.nobody")]
        if one is not None:
            parts = [
                "  ".join(part for part in (one.name, one.post) if part),
                one.phone,
                t("roster.since", day=day(one.from_on)),
            ]
            texts.addWidget(label(parts[0], "strong", wrap=True, copy=True))
            texts.addWidget(label(parts[1], "second", wrap=True, copy=True))
            texts.addWidget(label(parts[2], "small", wrap=True))
        else:
            texts.addWidget(label(parts[0], "second", wrap=True))
        across.addLayout(texts, 1)
        if one is None:
            across.addWidget(chip(t("roster.missing"), look, "soon"))
        elif one.programme is None:
            across.addWidget(chip(t("roster.office"), look))
        if self._screen.keeps and programme is not None and programme.programme.state != "closed":
            words = t("roster.name") if one is None else t("roster.change")
            go = button(words, partial(self._name, duty, one))
            go.setAccessibleName(said_of(words, law.code("liaison_duty", duty)))
            across.addWidget(go)
        made.setAccessibleName(said_of(law.code("liaison_duty", duty), *parts))
        return made

    def _name(self, duty: str, one: LiaisonLine | None) -> None:
        key = self._screen.programme
        if key is not None:
            self._context.sheet_wanted.emit(LiaisonSheet(self._context, key, duty, one))

    def _print(self) -> None:
        from ui.screens.programme.papers import show_roster

        if self._screen.found is not None:
            show_roster(self._context, self._screen, self._screen.found.programme)


class LiaisonSheet(FormSheet):
    """Who is named from today; the one before ends."""

    def __init__(self, context: Context, key: str, duty: str, one: LiaisonLine | None) -> None:
        self._key, self._duty = key, duty
        super().__init__(
            context, law.code("liaison_duty", duty), t("roster.name"), self._save, lambda _row: None,
            words=t("roster.name_words"),
        )  # fmt: skip
        self.add("name", t("roster.person"), text_line(one.name if one else ""), required=True)
        self.add("post", t("roster.post"), text_line(one.post if one else ""))
        self.add("phone", t("roster.phone"), text_line(one.phone if one else ""), required=True)
        self.finish_body()

    def _save(self, desk: DeskPort, values: dict[str, Any]) -> int:
        return desk.programmes.set_liaison(
            self._duty, values["name"], values["phone"], post=values.get("post", ""), programme=self._key
        )
