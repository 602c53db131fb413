"""How one line of a matter's life looks: its day, what it was, how it stands, what belongs to it, and its papers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from models import column_words
from models.errors import Message
from models.records import DocumentLine, MatterFile
from ui.context import Context
from ui.parts.layout import Wrapping, column, line, row
from ui.parts.text import button, chip, due_tone, label, picture
from ui.tokens import Tone
from ui.words import day, days_left, language, said_of, t

DAY_WIDTH = 86
"""Pixels at 100 % of the column of days: 2026-03-02 and some air."""


class Ways(NamedTuple):
    """Where the links of a page lead."""

    document: Callable[[DocumentLine], None]
    matter: Callable[[int], None]


class Status(NamedTuple):
    """How a thing stands: words with their tone; `meaning` is the icon where the tone has none."""

    words: str
    tone: Tone = "quiet"
    meaning: str = ""


def block(title: str, context: Context, meaning: str, count: int | None = None) -> tuple[QWidget, Any]:
    """Return a titled block and its column."""
    made, inside, head = headed(title, context, meaning, count)
    head.addStretch(1)
    return made, inside


def headed(title: str, context: Context, meaning: str, count: int | None = None) -> tuple[QWidget, Any, Any]:
    """Return a titled block, its column, and the row of its head for a button at its end."""
    look = context.look
    made = QWidget()
    inside = column(made, look, 2)
    head = row(None, look, 2)
    head.addWidget(picture(meaning, look, look.colours.third, 18))
    head.addWidget(label(title, "strong"))
    if count is not None:
        head.addWidget(label(str(count), "small"))
    inside.addLayout(head)
    made.setAccessibleName(title)
    return made, inside, head


def entry(
    context: Context,
    on: str,
    title: str,
    status: Status | None = None,
    lines: Sequence[str] = (),
    links: Sequence[tuple[str, Callable[[], object]]] = (),
) -> QWidget:
    """Return one line of a ledger: the day at the left, what it was beside it, then what belongs to it."""
    look = context.look
    made = QWidget()
    across = row(made, look, 2)
    when = label(on, "small", copy=True)
    when.setFixedWidth(look.size(DAY_WIDTH))
    across.addWidget(when, 0, Qt.AlignmentFlag.AlignTop)
    down = column(None, look, 0)
    down.setSpacing(look.space(1) // 2)
    head = row(None, look, 2)
    head.addWidget(label(title, wrap=True, copy=True), 1)
    if status is not None:
        head.addWidget(chip(status.words, look, status.tone, status.meaning), 0, Qt.AlignmentFlag.AlignTop)
    down.addLayout(head)
    if told := "\n".join(words for words in lines if words):  # one widget: a page may hold a hundred lines
        down.addWidget(label(told, "second", wrap=True, copy=True))
    if links:
        flow = Wrapping(look, 1)
        for words, opened in links:
            flow.add(button(words, opened, "quiet", picture_of="document", look=look))
        down.addWidget(flow)
    across.addLayout(down, 1)
    made.setAccessibleName(said_of(on, title, status.words if status else "", *lines))
    return made


def ledger(title: str, context: Context, meaning: str, entries: Sequence[QWidget]) -> QWidget | None:
    """Return a block of entries with hairlines between them; None when there are none."""
    if not entries:
        return None
    made, inside = block(title, context, meaning, len(entries))
    for at, one in enumerate(entries):
        if at:
            inside.addWidget(line())
        inside.addWidget(one)
    return made


def due_status(due_on: object, today: date) -> Status | None:
    """Return how far a last day is, in its tone; None when there is no day."""
    if not due_on:
        return None
    last = due_on if isinstance(due_on, date) else date.fromisoformat(str(due_on))
    tone = due_tone(last, today)
    return Status(days_left((last - today).days), tone, "clock" if tone == "quiet" else "")


def pair(name: str, value: object) -> str:
    """Return a name with its value, '' when there is no value."""
    return t("join.pair", name=name, value=value) if value not in (None, "") else ""


def of(table: str, row_of: dict[str, Any], column_name: str) -> str:
    """Return a column of a row with its name, '' when it is empty."""
    return pair(column_words.column_word(table, column_name, language()), said(table, row_of, column_name))


def said(table: str, row_of: dict[str, Any], column_name: str) -> str:
    """Return what a column of a row says to people; '' when it is empty."""
    return column_words.said_value(table, column_name, row_of.get(column_name), language())


def document_words(document: DocumentLine) -> str:
    """Return the title (or the kind) of a document with its number."""
    return "  ".join(part for part in (document_title(document), document.number) if part)


def document_title(document: DocumentLine) -> str:
    """Return the title as printed on a letter of ours; of what came in the kind, which speaks both languages."""
    kind = column_words.document_word(document.kind, language())
    return kind if document.state == "incoming" else document.title or kind


def links(file: MatterFile, ways: Ways, *ids: object) -> list[tuple[str, Callable[[], object]]]:
    """Return a link to each of these documents that the matter has."""
    known = {document.id: document for document in file.documents}
    wanted = dict.fromkeys(known[one] for one in ids if isinstance(one, int) and one in known)
    return [(document_words(one), partial(ways.document, one)) for one in wanted]


def joined(*parts: str) -> str:
    """Join the parts of one line; empty ones are left out."""
    return t("join.clauses").join(part for part in parts if part)


def with_article(reason: Message, article: Message) -> str:
    """Return a sentence with its article in brackets, in the language spoken; either may be empty."""
    words, source = str(reason).strip(), str(article).strip()
    if not words or not source:
        return words or source
    return t("join.article", words=words.rstrip(t("join.stops")), article=source)


def until(name: str, on: object) -> str:
    """Return a name with a day, '' without a day."""
    return pair(name, day(str(on))) if on else ""
