"""The sheet of screening: beside each field what the rules suggest, with its reason and article; one press fills it.

Nothing is filled by itself: the person decides (`models.routing`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from models import routing as rules
from models.errors import Message
from models.records import MatterFile, OpenAct
from ui import law
from ui.context import Context
from ui.parts.fields import Choice
from ui.parts.layout import Wrapping, column, line
from ui.parts.text import button, chip, label
from ui.screens.matter.entries import with_article
from ui.screens.matter.sheets import ActSheet
from ui.words import said_of, t

if TYPE_CHECKING:
    from models.routing import Routing, Suggestion

OFFERED = 2
"""Suggestions shown for one field: the first and the next."""
WIDTH = 560


class ScreenSheet(ActSheet):
    """The inputs of screening; `suggest` puts the suggestions in their places when they have come."""

    wide = WIDTH

    def __init__(self, context: Context, act: OpenAct, file: MatterFile, typed: dict[str, Any] | None = None) -> None:
        super().__init__(context, act, file, typed)
        self.offers: dict[str, list[QWidget]] = {}
        self._waiting = label(t("suggest.waiting"), "small")
        self._beside = QWidget()
        self._beside_column = column(self._beside, context.look, 2)
        self._beside_column.addWidget(self._waiting)
        self.body.insertWidget(self.body.count() - 1, self._beside)

    def suggest(self, found: Routing) -> None:
        """Show the suggestions; the fields stay as they are."""
        self._waiting.hide()
        self._offer("category", found.classes)
        if found.purpose and "purpose" in self.inputs:
            word = law.code("purpose", found.purpose)
            self._put("purpose", self._one("purpose", found.purpose, word, ""))
        self._offer("exit", found.exits)
        if found.police:
            first = found.inside.departments[0]
            word = law.code("police", found.police)
            self._put("police", self._one("police", found.police, word, with_article(first.reason, first.article)))
        self._tell(found)

    def _offer(self, name: str, offered: Sequence[Suggestion]) -> None:
        for one in offered[:OFFERED]:
            words = with_article(one.reason, one.article)
            self._put(name, self._one(name, one.value, law.code(name, one.value), words))

    def _one(self, name: str, value: str, word: str, why: str) -> QWidget:
        """Return a suggestion: its word as a button that fills the field, then why and by which article."""
        look = self.context.look
        made = QWidget()
        down = column(made, look, 0)
        press = button(
            t("suggest.one", words=word), partial(self._fill, name, value), "quiet", picture_of="doubt", look=look
        )
        press.setAccessibleName(said_of(t("suggest.one", words=word), why))
        top = Wrapping(look, 1)
        top.add(press)
        down.addWidget(top)
        if why:
            down.addWidget(label(why, "small", wrap=True, copy=True))
        self.offers.setdefault(name, []).append(press)
        return made

    def _put(self, name: str, widget: QWidget) -> None:
        holder = self._fields.get(name)
        below = holder.layout() if holder is not None else None
        if below is not None:
            below.addWidget(widget)

    def _fill(self, name: str, value: str) -> None:
        field = self.inputs.get(name)
        if isinstance(field, Choice):
            field.set_value(value)
            field.setFocus()

    def _tell(self, found: Routing) -> None:
        """Tell what follows from the suggestion: organ, department, units, level, routes, simplified, the next act."""
        sections: list[tuple[str, list[tuple[str, str]]]] = []
        organ = found.organs[0]
        if organ.value != "own":
            sections.append(
                (
                    t("suggest.organ"),
                    [(str(rules.organs()[organ.value]), with_article(organ.reason, organ.article))],
                )
            )
        else:
            units = [one for one in (found.inside.lead, *found.inside.assisting) if one is not None]
            lines = [
                (
                    t("suggest.lead" if at == 0 else "suggest.assists", unit=one.name),
                    with_article(one.reason, one.article),
                )
                for at, one in enumerate(units)
            ]
            if not lines:
                first = found.inside.departments[0]
                lines = [(str(rules.department_word(first.value)), with_article(first.reason, first.article))]
            lines += [("", str(one)) for one in (found.inside.co_ordination, *found.inside.left_out) if one is not None]
            sections.append((t("suggest.department"), lines))
        if found.grounds:
            sections.append(
                (
                    t("suggest.grounds"),
                    [
                        (law.code("refusal_ground", one.value), with_article(one.reason, one.article))
                        for one in found.grounds
                    ],
                )
            )
        if found.places:
            sections.append((t("suggest.place"), [("", with_article(one.reason, one.article)) for one in found.places]))
        if found.routes:
            sections.append(
                (
                    t("suggest.routes"),
                    [(str(one.name), with_article(one.text, one.article)) for one in found.routes],
                )
            )
        for title, lines in sections:
            self._section(title, lines)
        self._simplified(found)
        self._section(t("suggest.next"), [(law.act(found.act.act), with_article(found.act.reason, found.act.article))])

    def _section(self, title: str, lines: Sequence[tuple[str, str]]) -> None:
        self._beside_column.addWidget(line())
        self._beside_column.addWidget(label(title, "label"))
        for head, words in lines:
            if head:
                self._beside_column.addWidget(label(head, wrap=True, copy=True))
            if words:
                self._beside_column.addWidget(label(words, "small", wrap=True, copy=True))

    def _simplified(self, found: Routing) -> None:
        look, simple = self.context.look, found.simplified
        self._section(t("suggest.simplified"), [])
        top = Wrapping(look, 1)
        top.add(
            chip(t("suggest.simple_fits"), look, "done")
            if simple.fits
            else chip(t("suggest.simple_not"), look, "quiet", "waiting")
        )
        self._beside_column.addWidget(top)
        against = [one for one in simple.conditions if not one.holds]
        words = Message("".join(one.reason.zh for one in against), " ".join(one.reason.en for one in against))
        told = label(with_article(words, simple.article), "small", wrap=True, copy=True)
        self._beside_column.addWidget(told)
